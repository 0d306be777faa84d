//! Creating the trial or the subscription that came with a partner's invitation: the last
//! step where 21Vianet operates the cloud (docs/domain.md, Clouds).

use api::{ErrorCode, RelationshipResource, SubscriptionResource, routes};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rules::{OfferKind, RelationshipAction, RelationshipId, check};

use super::{desk::ResourceState, partner_invitation::OfferTerms, subscriptions};
use crate::{
    client::{self, Failure},
    intl,
    load::{Loader, spawn},
    session, t,
    ui::{
        Button, ButtonKind, Card, EmptyState, Icon, Intent, LinkButton, MessageBar,
        focus_title_if_lost, toast,
    },
    view::{IntoView, View, view},
    words,
};

/// Length of a trial, in days.
const TRIAL_DAYS: i64 = rules::TRIAL_LENGTH / rules::DAY;

/// A relationship's offer, with the button that creates the trial or the subscription. Empty if
/// there is no offer.
#[component]
pub fn CreateFromOffer(
    /// The relationship.
    relationship: Loader<Option<RelationshipResource>>,
) -> View {
    let current = Memo::new(move |_| relationship.with(|load| load.ready().cloned().flatten()));
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Failure>);
    let session = session::current();
    let refused = Signal::derive(move || {
        let actor = session.read().actor();
        let facts = current.read().as_ref().map(RelationshipResource::facts)?;
        let action = RelationshipAction::CreateFromOffer;
        check(&actor, &facts, action, intl::now()).err().map(words::refusal)
    });
    let navigate = use_navigate();
    let create = Callback::new(move |()| {
        let Some(current_relationship) = current.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let navigate = navigate.clone();
        spawn(async move {
            let route = routes::of_relationship_action(
                RelationshipAction::CreateFromOffer,
                current_relationship.id,
            );
            let answer =
                client::post::<SubscriptionResource>(&route, &(), Some(current_relationship.etag))
                    .await;
            let page_left = busy.try_set(false).is_some();
            match answer {
                Ok(created) => {
                    let text = t::create_from_offer::created;
                    let text = untrack(|| text(created.product_name.as_str()));
                    toast(Intent::Success, text);
                    if !page_left {
                        let page = format!("{}/{}", subscriptions::PATH, created.id);
                        navigate(&page, NavigateOptions::default());
                    }
                }
                Err(failure) if page_left => toast(Intent::Error, untrack(|| failure.text())),
                Err(failure) => {
                    if failure.is(ErrorCode::VersionMismatch) {
                        relationship.reload();
                    }
                    failed.set(Some(failure));
                }
            }
        });
    });
    let offer = move || {
        let current = current.get()?;
        let offer = current.offer.clone()?;
        let kind = offer.kind;
        let partner = current.partner.name.to_string();
        let explanation = move || match kind {
            OfferKind::Trial => {
                let days = usize::try_from(TRIAL_DAYS).unwrap_or_default();
                t::create_from_offer::trial_means(days)
            }
            OfferKind::Purchase => t::create_from_offer::purchase_means(),
        };
        let label: fn() -> String = match kind {
            OfferKind::Trial => t::create_from_offer::create_trial,
            OfferKind::Purchase => t::create_from_offer::create_subscription,
        };
        Some(view! {
            <div class="stack">
                <OfferTerms offer=offer />
                <p>{explanation}</p>
                <p>{move || t::create_from_offer::partner_of_record(&partner)}</p>
                <div>
                    <Button
                        label=label
                        kind=ButtonKind::Primary
                        icon=Icon::Cart
                        busy=busy
                        disabled_reason=refused
                        on_press=create
                    />
                </div>
            </div>
        })
    };
    let failure = move || {
        failed.get().map(|failure| {
            view! { <MessageBar intent=Intent::Error>{move || failure.text()}</MessageBar> }
        })
    };
    view! {
        {offer}
        {failure}
    }
}

/// The step after accepting an invitation that came with an offer.
#[component]
pub fn OfferStep(
    /// The relationship that the invitation created or changed.
    relationship: RelationshipId,
    /// Path of the list of partners, for users who create it later.
    partners_path: &'static str,
) -> View {
    // The pressed button is gone, and the focus with it.
    focus_title_if_lost();
    let loaded = Loader::new(move || async move {
        let route = routes::of_relationship(routes::RELATIONSHIP, relationship);
        client::get::<RelationshipResource>(&route).await.map(Some)
    });
    let state = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let has_offer = Memo::new(move |_| {
        loaded.with(|load| {
            load.ready().and_then(Option::as_ref).is_some_and(|one| one.offer.is_some())
        })
    });
    let content = move || {
        let back = t::partner_invitation::partners;
        let placeholder = state.get().placeholder(partners_path, back, move || loaded.retry());
        placeholder.unwrap_or_else(|| {
            if has_offer.get() {
                return view! {
                    <Card title=t::partner_details::offer>
                        <CreateFromOffer relationship=loaded />
                    </Card>
                    <div>
                        <LinkButton href=partners_path label=t::create_from_offer::later />
                    </div>
                    <p class="muted">{t::create_from_offer::later_hint}</p>
                };
            }
            view! {
                <Card>
                    <EmptyState icon=Icon::CheckCircle title=t::create_from_offer::nothing_waits>
                        <LinkButton href=partners_path label=back kind=ButtonKind::Primary />
                    </EmptyState>
                </Card>
            }
        })
    };
    view! { <div class="stack">{content}</div> }.into_view()
}
