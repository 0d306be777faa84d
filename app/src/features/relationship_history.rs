//! The history of a relationship.

use api::{ActivityEntry, RelationshipResource, routes};
use leptos::prelude::*;

use crate::{
    features::{
        activity_entry,
        paging::{LoadMoreButton, PagedList},
    },
    intl,
    load::LoadState,
    session, t,
    ui::{ErrorState, Skeleton, Timeline, TimelineItem},
    view::{CollectView, View, view},
    words,
};

/// Renders the history of the relationship.
pub fn history_view(history: PagedList<ActivityEntry>) -> View {
    let own = session::current().with_untracked(|session| session.organization.id);
    let view = move || match history.load() {
        LoadState::Loading => view! { <Skeleton lines=3 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState
                reason=move || failure.text()
                on_retry=move |()| history.pages.loader.retry()
            />
        },
        LoadState::Ready(entries) if entries.is_empty() => {
            view! { <p class="muted">{t::relationship::no_history}</p> }
        }
        LoadState::Ready(entries) => {
            let items = entries.iter().map(|entry| history_item(entry, own)).collect_view();
            view! { <Timeline>{items}</Timeline> }
        }
    };
    view! {
        {view}
        <LoadMoreButton pages=history.pages />
    }
}

/// Fetches the history of the relationship.
pub fn fetch_history(current: Memo<Option<RelationshipResource>>) -> PagedList<ActivityEntry> {
    PagedList::new(
        |entry| activity_entry::row_id(entry.sequence),
        move || {
            let id = current.read_untracked().as_ref()?.id;
            Some(routes::of_relationship(routes::RELATIONSHIP_HISTORY, id))
        },
    )
}

fn history_item(entry: &ActivityEntry, own: rules::OrganizationId) -> View {
    let (sequence, action, at) = (entry.sequence, entry.action, entry.at.milliseconds());
    let icon = activity_entry::entry_icon(action, entry.target.kind);
    let details = activity_entry::details_view(entry.details.clone());
    let entry = entry.clone();
    let by = move || t::relationship::by(&activity_entry::actor_name(&entry, own));
    view! {
        <TimelineItem
            id=activity_entry::row_id(sequence)
            icon=icon
            title=move || words::audit_action(action)
            time=move || intl::date_time(at)
        >
            <span class="muted">{by}</span>
            {details}
        </TimelineItem>
    }
}
