//! The partner of record of a subscription: who it is, adding, changing and removing it as
//! each cloud does, and who was it before.

use api::{
    CheckedPartnerId, Page, PartnerIdRequest, PartnerOfRecord, PartnerPeriod, Subscription, routes,
};
use leptos::prelude::*;
use rules::{Cloud, Refusal, SubscriptionAction};
use stylers_macro::style;

use super::{
    Here,
    asked::{Asked, Change},
};
use crate::{
    client, intl,
    load::{LoadState, Loader},
    pages::{
        partner_details::consequences,
        partner_id_field::{PartnerCard, PartnerIdCheck, PartnerIdField, format_account_location},
    },
    t,
    ui::{
        Badge, Button, ButtonKind, Card, DescriptionItem, DescriptionList, Dialog, ErrorState,
        Icon, Intent, Skeleton, Timeline, TimelineItem,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

/// A partner of record that is being added, or changed and removed.
#[derive(Clone, Copy)]
pub(super) struct Editing {
    check: PartnerIdCheck,
    asked: Asked,
    /// Whether there was one, so that an emptied ID removes it.
    edits: bool,
}

/// What would be done.
enum Wanted {
    /// It becomes the partner of record.
    Set(CheckedPartnerId),
    /// There is none any more.
    Remove,
}

impl Editing {
    /// Nothing is typed yet. Called where the page is made.
    pub(super) fn new(here: Here, edits: bool) -> Self {
        let check = PartnerIdCheck::new("");
        let check = if edits { check.clearable() } else { check };
        Self { check, asked: Asked::new(here), edits }
    }

    /// Opens the dialog **Partner information**, on the partner of record of now.
    pub(super) fn ask(self) {
        let current = self.asked.here.now().and_then(|one| one.partner_of_record);
        let id = current.filter(|_| self.edits).map(|record| record.partner_id.to_string());
        self.check.reset(&id.unwrap_or_default());
        self.asked.ask();
    }

    /// Why no partner of record can be added or changed, whichever it is. Reactive.
    pub(super) fn refused(self) -> Option<Refusal> {
        self.asked.here.refused(self.setting())
    }

    /// What setting a partner of record is, by whether there is one. Reactive.
    fn setting(self) -> SubscriptionAction {
        if self.record().is_some() {
            SubscriptionAction::ChangePartnerOfRecord
        } else {
            SubscriptionAction::AddPartnerOfRecord
        }
    }

    /// The partner of record of now. Reactive.
    fn record(self) -> Option<PartnerOfRecord> {
        self.asked.here.current.read().as_ref()?.partner_of_record.clone()
    }

    /// Whether the ID was emptied, and with that the partner of record is removed. Reactive.
    fn removes(self) -> bool {
        self.edits && self.check.is_empty()
    }

    /// What would be done, or why nothing can be. Reactive.
    fn wanted(self) -> Result<Wanted, String> {
        if self.removes() {
            let refused = self.asked.here.refused(SubscriptionAction::RemovePartnerOfRecord);
            return refused.map_or(Ok(Wanted::Remove), |refused| Err(words::refusal(refused)));
        }
        let typed = self.check.parsed();
        if typed.is_some() && typed == self.record().map(|record| record.partner_id) {
            return Err(words::refusal(Refusal::PartnerOfRecordUnchanged));
        }
        if let Some(refused) = self.refused() {
            return Err(words::refusal(refused));
        }
        match (self.check.usable(), self.check.found()) {
            (Some(found), _) => Ok(Wanted::Set(found)),
            (None, Some(_)) => Err(t::subscription_details::other_id()),
            (None, None) => Err(t::subscription_details::check_first()),
        }
    }

    /// Does it.
    fn act(self) {
        match untrack(|| self.wanted()) {
            Ok(Wanted::Set(found)) => {
                let partner = found.partner_name.to_string();
                let request = PartnerIdRequest { partner_id: found.partner_id.to_string() };
                self.asked.make(
                    Some(self.check),
                    |subscription| set(subscription, request),
                    move |after| {
                        t::subscription_details::added(&partner, after.product_name.as_str())
                    },
                );
            }
            Ok(Wanted::Remove) => self.asked.make(None, remove, |after| {
                t::subscription_details::removed(after.product_name.as_str())
            }),
            Err(_) => {}
        }
    }

    /// What happens when it is done, in a sentence. Reactive.
    fn consequence(self) -> Option<String> {
        let record = self.record();
        match (self.wanted().ok()?, record) {
            (Wanted::Remove, Some(record)) => {
                Some(t::subscription_details::cleared(record.partner_name.as_str()))
            }
            (Wanted::Remove, None) => None,
            (Wanted::Set(found), Some(record)) => {
                // Another location of the same partner is told once.
                let same = found.partner == record.partner;
                let text = if same {
                    t::subscription_details::replaces_location
                } else {
                    t::subscription_details::replaces
                };
                let (former, partner) = (record.partner_name.as_str(), found.partner_name.as_str());
                let (was, id) = (record.partner_id.to_string(), found.partner_id.to_string());
                Some(text(former, &id, partner, &was))
            }
            (Wanted::Set(found), None) => {
                Some(t::subscription_details::becomes(found.partner_name.as_str()))
            }
        }
    }
}

/// Asks the server to make this the partner of record.
fn set(subscription: &Subscription, request: PartnerIdRequest) -> Change {
    let route = routes::of_subscription(routes::PARTNER_OF_RECORD, subscription.id);
    let version = Some(subscription.etag);
    Box::pin(async move { client::put(&route, &request, version).await })
}

/// Asks the server to leave it without one.
fn remove(subscription: &Subscription) -> Change {
    let route = routes::of_subscription(routes::PARTNER_OF_RECORD, subscription.id);
    let version = Some(subscription.etag);
    Box::pin(async move { client::delete_part(&route, version).await })
}

/// The partner of record of now with what can be done about it, or how there comes to be one.
pub(super) fn record(here: Here, adding: Editing, editing: Editing) -> View {
    // Memos, so that what has the focus stays when something else changes.
    let record = Memo::new(move |_| editing.record());
    let known = Memo::new(move |_| record.read().is_some());
    let cloud = here.current.with_untracked(|one| one.as_ref().map(|one| one.cloud));
    let content = move || {
        if known.get() {
            of_now(record, editing)
        } else {
            none(cloud.unwrap_or(Cloud::Worldwide), adding)
        }
    };
    view! { <Card title=t::subscription_details::partner_of_record>{content}</Card> }
}

fn of_now(record: Memo<Option<PartnerOfRecord>>, editing: Editing) -> View {
    let refused = Signal::derive(move || editing.refused().map(words::refusal));
    let id = move || record.read().as_ref().map(|record| record.partner_id.to_string());
    view! {
        <div class="stack">
            <DescriptionList>
                <DescriptionItem label=t::subscription_details::partner_id>
                    <strong>{move || id().unwrap_or_default()}</strong>
                </DescriptionItem>
            </DescriptionList>
            <div>
                <Button
                    label=t::subscription_details::edit
                    icon=Icon::Edit
                    disabled_reason=refused
                    on_press=move |()| editing.ask()
                />
            </div>
            {move || record.get().map(who)}
        </div>
    }
}

/// Who it is, since when, and set by whom.
fn who(record: PartnerOfRecord) -> View {
    let name = record.partner_name.to_string();
    let account = record.account_name.to_string();
    let by = record.set_by_name.to_string();
    let since = record.since.milliseconds();
    let place = move || format_account_location(&record.country, record.city.as_ref());
    view! {
        <DescriptionList>
            <DescriptionItem label=t::partner_id_field::partner>{name}</DescriptionItem>
            <DescriptionItem label=t::partner_id_field::account>{account}</DescriptionItem>
            <DescriptionItem label=t::partner_id_field::location>{place}</DescriptionItem>
            <DescriptionItem label=t::subscription_details::since>{move || intl::date(since)}</DescriptionItem>
            <DescriptionItem label=t::subscription_details::set_by>{by}</DescriptionItem>
        </DescriptionList>
    }
}

/// How there comes to be one, which each cloud does in its own way.
fn none(cloud: Cloud, adding: Editing) -> View {
    let how = match cloud {
        Cloud::Worldwide => add_form(adding),
        Cloud::Germany => {
            // Nobody is led to what they can't choose.
            let text = move || {
                adding.refused().map_or_else(t::subscription_details::germany_hint, words::refusal)
            };
            view! { <p class="muted">{text}</p> }
        }
        Cloud::Vianet21 => {
            view! { <p class="muted">{t::subscription_details::vianet_hint}</p> }
        }
    };
    view! {
        <p>{t::subscription_details::none}</p>
        {how}
    }
}

/// The field on the tab **Partner**: **Add** checks the ID first, and then asks with the
/// partner's name.
fn add_form(adding: Editing) -> View {
    let refused = Memo::new(move |_| adding.refused().map(words::refusal));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        adding.check.check_then(Callback::new(move |_| adding.asked.ask()));
    };
    let button = move || {
        view! {
            <Button
                label=t::subscription_details::add_button
                kind=ButtonKind::Primary
                submit=true
                busy=Signal::derive(move || adding.check.busy())
                disabled_reason=refused
            />
        }
    };
    // Nobody fills in what they can't add.
    (move || {
        if refused.read().is_some() {
            return button();
        }
        view! {
            <form class="form" novalidate on:submit=add>
                <p class="muted">{t::subscription_details::intro}</p>
                <PartnerIdField check=adding.check />
                <div>{button()}</div>
            </form>
        }
    })
    .into_view()
}

/// The dialogs: **Partner information** to add, to change and to remove, and where the field
/// stands on the page itself, the question whether it is this partner.
pub(super) fn dialogs(adding: Editing, editing: Editing) -> View {
    let cloud = adding.asked.here.current.with_untracked(|one| one.as_ref().map(|one| one.cloud));
    let add = match cloud {
        Some(Cloud::Worldwide) => confirmation(adding),
        _ => information(adding),
    };
    view! {
        {add}
        {information(editing)}
    }
}

/// The button that does it, and the one that does not.
fn actions(editing: Editing, does: fn(Editing) -> String) -> View {
    view! {
        <Button
            label=move || does(editing)
            kind=ButtonKind::Primary
            busy=editing.asked.busy
            disabled_reason=Signal::derive(move || editing.wanted().err())
            on_press=move |()| editing.act()
        />
        <Button
            label=t::subscription_details::cancel
            on_press=move |()| editing.asked.open.set(false)
        />
    }
}

/// The dialog **Partner information**: the ID, **Check ID**, **Submit**; **OK** once the ID
/// was emptied.
fn information(editing: Editing) -> View {
    let scope = style! {
        .outlook {
            display: flex;
            gap: var(--space-2);
            padding: var(--space-3) var(--space-4);
            border-radius: var(--radius-4);
            background-color: var(--surface-3);
        }
    };
    let label = |editing: Editing| {
        if editing.removes() {
            t::subscription_details::ok()
        } else {
            t::subscription_details::submit()
        }
    };
    let hint = move || {
        let clears = editing.edits && !editing.removes() && editing.wanted().is_err();
        clears.then(|| view! { <p class="muted">{t::subscription_details::clear_hint}</p> })
    };
    let consequence = move || {
        editing.consequence().map(|text| {
            view! { class = scope, <p class="outlook">{Icon::Info} <span>{text}</span></p> }
        })
    };
    view! {
        <Dialog
            open=editing.asked.open
            title=t::subscription_details::partner_information
            actions=move || actions(editing, label)
        >
            <div class="stack">
                <PartnerIdField check=editing.check with_button=true />
                {editing.asked.outcome()}
                <div aria-live="polite">{hint} {consequence}</div>
            </div>
        </Dialog>
    }
}

/// The question before a partner of record is added whose ID was typed on the page itself.
fn confirmation(adding: Editing) -> View {
    let name = move || {
        let found = adding.check.found();
        found.map(|found| found.partner_name.to_string()).unwrap_or_default()
    };
    let title = move || t::subscription_details::add_question(&name());
    let card = move || adding.check.found().map(|found| view! { <PartnerCard found=found /> });
    let means = move || {
        let product =
            adding.asked.here.current.read().as_ref().map(|one| one.product_name.to_string());
        let name = name();
        let mut changes =
            vec![t::subscription_details::add_changes(&name, &product.unwrap_or_default())];
        changes.extend(adding.record().and_then(|_| adding.consequence()));
        consequences(changes, vec![t::subscription_details::add_stays(&name)])
    };
    let label = |_: Editing| t::subscription_details::add_button();
    view! {
        <Dialog
            open=adding.asked.open
            title=title
            actions=move || actions(adding, label)
        >
            <div class="stack">{card} {adding.asked.outcome()} {means}</div>
        </Dialog>
    }
}

/// Who was the partner of record, since when, until when, and set by whom.
pub(super) fn history(history: Loader<Page<PartnerPeriod>>) -> View {
    let content = move || match history.get() {
        LoadState::Loading => view! { <Skeleton lines=3 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState reason=move || failure.text() on_retry=move |()| history.retry() />
        },
        LoadState::Ready(page) if page.value.is_empty() => {
            view! { <p class="muted">{t::subscription_details::history_none}</p> }
        }
        LoadState::Ready(page) => {
            let periods = page.value.into_iter().map(period).collect_view();
            view! { <Timeline>{periods}</Timeline> }
        }
    };
    view! { <Card title=t::subscription_details::history>{content}</Card> }
}

fn period(period: PartnerPeriod) -> View {
    let scope = style! {
        .period-end {
            margin-top: var(--space-1);
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    let title = format!("{} ({})", period.partner_name, period.partner_id);
    let (since, by) = (period.since.milliseconds(), period.set_by.to_string());
    let from = move || t::subscription_details::set_by_on(&intl::date_time(since), &by);
    let until = period.until.zip(period.ended_by).map(|(until, by)| {
        let until = until.milliseconds();
        move || t::subscription_details::ended_by(&intl::date_time(until), by.as_str())
    });
    let end = match until {
        Some(until) => until.into_view(),
        None => {
            view! { <Badge label=t::subscription_details::history_now intent=Intent::Success /> }
        }
    };
    view! {
        <TimelineItem icon=Icon::Handshake title=title time=from>
            {view! { class = scope, <div class="period-end">{end}</div> }}
        </TimelineItem>
    }
}
