//! The partner of record of a subscription: its details and history, and adding, changing
//! and removing it as each cloud provides.

use api::{
    CheckedPartnerId, Page, PartnerIdRequest, PartnerOfRecordResource, PartnerPeriod,
    SubscriptionResource, routes,
};
use leptos::prelude::*;
use rules::{Cloud, Refusal, SubscriptionAction};
use stylers_macro::style;

use crate::{
    areas::billing::subscription_details::{
        change_dialog::{ChangeDialogState, PendingChange},
        context::SubscriptionContext,
    },
    client,
    features::{
        consequences::consequence_lists,
        partner_id_field::{PartnerCard, PartnerIdCheck, PartnerIdField, format_account_location},
    },
    intl,
    load::{LoadState, Loader},
    t,
    ui::{
        Badge, Button, ButtonKind, Card, ConfirmDialog, DescriptionItem, DescriptionList,
        ErrorState, Icon, Intent, Skeleton, Timeline, TimelineItem,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

/// The form to add a partner of record, or to change and remove it.
#[derive(Clone, Copy)]
pub(super) struct PartnerOfRecordForm {
    check: PartnerIdCheck,
    dialog: ChangeDialogState,
    /// Whether the form edits the existing one, so that an empty ID removes it.
    edits: bool,
}

/// The change that the form would make.
enum PartnerOfRecordChange {
    /// Set this partner of record.
    Set(CheckedPartnerId),
    /// Remove the partner of record.
    Remove,
}

impl PartnerOfRecordForm {
    /// Creates an empty form. Call this while the page is set up, not in an event handler.
    pub(super) fn new(context: SubscriptionContext, edits: bool) -> Self {
        let check = PartnerIdCheck::new("");
        let check = if edits { check.clearable() } else { check };
        Self { check, dialog: ChangeDialogState::new(context), edits }
    }

    /// Opens the dialog **Partner information** with the current partner of record.
    pub(super) fn show_dialog(self) {
        let current = self.dialog.context.current_untracked().and_then(|one| one.partner_of_record);
        let id = current.filter(|_| self.edits).map(|record| record.partner_id.to_string());
        self.check.reset(&id.unwrap_or_default());
        self.dialog.show();
    }

    /// Returns the reason why no partner of record can be set. Reactive.
    pub(super) fn refusal(self) -> Option<Refusal> {
        let context = self.dialog.context;
        let action = context.current.read().as_ref()?.facts().set_partner_action();
        context.refusal(action)
    }

    /// Returns the current partner of record. Reactive.
    fn record(self) -> Option<PartnerOfRecordResource> {
        self.dialog.context.current.read().as_ref()?.partner_of_record.clone()
    }

    /// Returns whether the ID was cleared, which removes the partner of record. Reactive.
    fn is_removal(self) -> bool {
        self.edits && self.check.is_empty()
    }

    /// Returns the change that the form would make, or the reason why it can't make one.
    /// Reactive.
    fn pending_change(self) -> Result<PartnerOfRecordChange, String> {
        if self.is_removal() {
            let refused = self.dialog.context.refusal(SubscriptionAction::RemovePartnerOfRecord);
            return refused
                .map_or(Ok(PartnerOfRecordChange::Remove), |refused| Err(words::refusal(refused)));
        }
        let typed = self.check.parsed();
        if typed.is_some() && typed == self.record().map(|record| record.partner_id) {
            return Err(words::refusal(Refusal::PartnerOfRecordUnchanged));
        }
        if let Some(refused) = self.refusal() {
            return Err(words::refusal(refused));
        }
        match (self.check.usable(), self.check.found()) {
            (Some(found), _) => Ok(PartnerOfRecordChange::Set(found)),
            (None, Some(_)) => Err(t::subscription_details::other_id()),
            (None, None) => Err(t::subscription_details::check_first()),
        }
    }

    /// Starts the change.
    fn start_change(self) {
        match untrack(|| self.pending_change()) {
            Ok(PartnerOfRecordChange::Set(found)) => {
                let partner = found.partner_name.to_string();
                let request = PartnerIdRequest { partner_id: found.partner_id.to_string() };
                self.dialog.start_change(
                    Some(self.check),
                    |subscription| send_partner_of_record(subscription, request),
                    move |after| {
                        t::subscription_details::added(&partner, after.product_name.as_str())
                    },
                );
            }
            Ok(PartnerOfRecordChange::Remove) => {
                self.dialog.start_change(None, send_removal, |after| {
                    t::subscription_details::removed(after.product_name.as_str())
                });
            }
            Err(_) => {}
        }
    }

    /// Returns the consequence of the change in a sentence. Reactive.
    fn consequence(self) -> Option<String> {
        let record = self.record();
        match (self.pending_change().ok()?, record) {
            (PartnerOfRecordChange::Remove, Some(record)) => {
                Some(t::subscription_details::cleared(record.partner_name.as_str()))
            }
            (PartnerOfRecordChange::Remove, None) => None,
            (PartnerOfRecordChange::Set(found), Some(record)) => {
                // For another location of the same partner, only one notification is sent.
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
            (PartnerOfRecordChange::Set(found), None) => {
                Some(t::subscription_details::becomes(found.partner_name.as_str()))
            }
        }
    }
}

/// Sends the request to set the partner of record.
fn send_partner_of_record(
    subscription: &SubscriptionResource,
    request: PartnerIdRequest,
) -> PendingChange {
    let route = routes::of_subscription(routes::PARTNER_OF_RECORD, subscription.id);
    let version = Some(subscription.etag);
    Box::pin(async move { client::put(&route, &request, version).await })
}

/// Sends the request to remove the partner of record.
fn send_removal(subscription: &SubscriptionResource) -> PendingChange {
    let route = routes::of_subscription(routes::PARTNER_OF_RECORD, subscription.id);
    let version = Some(subscription.etag);
    Box::pin(async move { client::delete_part(&route, version).await })
}

/// Renders the current partner of record with its actions, or the way to add one.
pub(super) fn partner_of_record_card(
    context: SubscriptionContext,
    adding: PartnerOfRecordForm,
    editing: PartnerOfRecordForm,
) -> View {
    // Memos, so that the focused element stays when something else changes.
    let record = Memo::new(move |_| editing.record());
    let known = Memo::new(move |_| record.read().is_some());
    let cloud = context.current.with_untracked(|one| one.as_ref().map(|one| one.cloud));
    let content = move || {
        if known.get() {
            current_view(record, editing)
        } else {
            no_partner_view(cloud.unwrap_or(Cloud::Worldwide), adding)
        }
    };
    view! { <Card title=t::subscription_details::partner_of_record>{content}</Card> }
}

fn current_view(
    record: Memo<Option<PartnerOfRecordResource>>,
    editing: PartnerOfRecordForm,
) -> View {
    let refused = Signal::derive(move || editing.refusal().map(words::refusal));
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
                    on_press=move |()| editing.show_dialog()
                />
            </div>
            {move || record.get().map(partner_details_view)}
        </div>
    }
}

/// Renders the details of the partner of record.
fn partner_details_view(record: PartnerOfRecordResource) -> View {
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

/// Renders the way to add a partner of record, which depends on the cloud.
fn no_partner_view(cloud: Cloud, adding: PartnerOfRecordForm) -> View {
    let how = match cloud {
        Cloud::Worldwide => add_form(adding),
        Cloud::Germany => {
            // The hint is shown only to users who can use it.
            let text = move || {
                adding.refusal().map_or_else(t::subscription_details::germany_hint, words::refusal)
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

/// Renders the field on the tab **Partner**. **Add** checks the ID first, and then asks for
/// confirmation with the partner's name.
fn add_form(adding: PartnerOfRecordForm) -> View {
    let refused = Memo::new(move |_| adding.refusal().map(words::refusal));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        adding.check.check_then(Callback::new(move |_| adding.dialog.show()));
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
    // The form is shown only to users who can submit it.
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

/// Renders the dialogs: **Partner information** to add, change and remove; and if the field
/// is on the page itself, the confirmation of the partner.
pub(super) fn dialogs(adding: PartnerOfRecordForm, editing: PartnerOfRecordForm) -> View {
    let cloud =
        adding.dialog.context.current.with_untracked(|one| one.as_ref().map(|one| one.cloud));
    let add = match cloud {
        Some(Cloud::Worldwide) => add_confirmation_dialog(adding),
        _ => partner_information_dialog(adding),
    };
    view! {
        {add}
        {partner_information_dialog(editing)}
    }
}

/// Renders the dialog **Partner information**: the ID, **Check ID** and **Submit**, or
/// **OK** once the ID is cleared.
fn partner_information_dialog(editing: PartnerOfRecordForm) -> View {
    let scope = style! {
        .outlook {
            display: flex;
            gap: var(--space-2);
            padding: var(--space-3) var(--space-4);
            border-radius: var(--radius-4);
            background-color: var(--surface-3);
        }
    };
    let label = move || {
        if editing.is_removal() {
            t::subscription_details::ok()
        } else {
            t::subscription_details::submit()
        }
    };
    let hint = move || {
        let clears = editing.edits && !editing.is_removal() && editing.pending_change().is_err();
        clears.then(|| view! { <p class="muted">{t::subscription_details::clear_hint}</p> })
    };
    let consequence = move || {
        editing.consequence().map(|text| {
            view! { class = scope, <p class="outlook">{Icon::Info} <span>{text}</span></p> }
        })
    };
    view! {
        <ConfirmDialog
            dialog=editing.dialog.dialog
            question=t::subscription_details::partner_information
            action=label
            kind=ButtonKind::Primary
            disabled_reason=Signal::derive(move || editing.pending_change().err())
            cancel=t::ui::cancel
            on_confirm=Callback::new(move |()| editing.start_change())
        >
            <PartnerIdField check=editing.check with_button=true />
            {editing.dialog.conflict_view()}
            <div aria-live="polite">{hint} {consequence}</div>
        </ConfirmDialog>
    }
}

/// Renders the confirmation before adding a partner of record whose ID was entered on the
/// page itself.
fn add_confirmation_dialog(adding: PartnerOfRecordForm) -> View {
    let name = move || {
        let found = adding.check.found();
        found.map(|found| found.partner_name.to_string()).unwrap_or_default()
    };
    let title = move || t::subscription_details::add_question(&name());
    let card = move || adding.check.found().map(|found| view! { <PartnerCard found=found /> });
    let means = move || {
        let product =
            adding.dialog.context.current.read().as_ref().map(|one| one.product_name.to_string());
        let name = name();
        let mut changes =
            vec![t::subscription_details::add_changes(&name, &product.unwrap_or_default())];
        changes.extend(adding.record().and_then(|_| adding.consequence()));
        consequence_lists(changes, vec![t::subscription_details::add_stays(&name)])
    };
    view! {
        <ConfirmDialog
            dialog=adding.dialog.dialog
            question=title
            action=t::subscription_details::add_button
            kind=ButtonKind::Primary
            disabled_reason=Signal::derive(move || adding.pending_change().err())
            cancel=t::ui::cancel
            on_confirm=Callback::new(move |()| adding.start_change())
        >
            {card}
            {adding.dialog.conflict_view()}
            {means}
        </ConfirmDialog>
    }
}

/// Renders the history of the partners of record.
pub(super) fn history_card(history: Loader<Page<PartnerPeriod>>) -> View {
    let content = move || match history.get() {
        LoadState::Loading => view! { <Skeleton lines=3 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState reason=move || failure.text() on_retry=move |()| history.retry() />
        },
        LoadState::Ready(page) if page.value.is_empty() => {
            view! { <p class="muted">{t::subscription_details::history_none}</p> }
        }
        LoadState::Ready(page) => {
            let periods = page.value.into_iter().map(period_item).collect_view();
            view! { <Timeline>{periods}</Timeline> }
        }
    };
    view! { <Card title=t::subscription_details::history>{content}</Card> }
}

fn period_item(period: PartnerPeriod) -> View {
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
