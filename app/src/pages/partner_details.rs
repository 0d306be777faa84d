//! A partner's page: its details, its capabilities, the history of the relationship, and
//! the actions that end it.

use api::{
    ActivityEntry, AgreementState, ErrorCode, Partner, RelationshipResource, SessionResource,
    SubscriptionFilter, encode_component, routes,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{
    AdminRole, Capability, CapabilityStatus, EndedBy, PartnerType, Refusal, RelationshipAction,
    RelationshipId, RelationshipState, RelationshipStatus, RoleGrant, check,
};
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    intl,
    load::{LoadState, Loader, spawn},
    pages::{
        activity, billing_accounts,
        create_from_offer::CreateFromOffer,
        desk::ResourceState,
        list_place,
        listing::list_crumb,
        paging::{LoadMoreButton, PagedList},
        partner_relationships,
        subscription_card::{self, SubscriptionCard},
        subscriptions, what_can_a_partner_do,
    },
    session, t,
    text::Text,
    ui::{
        Badge, Breadcrumb, Button, ButtonKind, Card, Crumb, DescriptionItem, DescriptionList,
        Dialog, EmptyState, ErrorState, Icon, Intent, LinkButton, MessageBar, PageTitle, Skeleton,
        Timeline, TimelineItem, toast,
    },
    view::{CollectView, IntoView, SlotFn, View, view},
    words,
};

/// Returns a summary of what the partner can do now, in a sentence or two.
fn relationship_summary(relationship: &RelationshipResource) -> String {
    let name = relationship.partner.name.as_str();
    if relationship.status == RelationshipStatus::Ended {
        return t::partner_details::summary_ended(name);
    }
    let kind = relationship.relationship_type;
    let highest = relationship.admin_roles.iter().map(|grant| grant.role).min();
    let agreement_missing = relationship.agreement == AgreementState::NotAccepted;
    let sentence = match (highest, kind.resells(), agreement_missing) {
        (Some(AdminRole::GlobalAdministrator), false, _) => t::partner_details::summary_global,
        (Some(AdminRole::GlobalAdministrator), true, false) => {
            t::partner_details::summary_global_sells
        }
        (Some(AdminRole::GlobalAdministrator), true, true) => {
            t::partner_details::summary_global_blocked
        }
        (Some(AdminRole::HelpdeskAdministrator), false, _) => t::partner_details::summary_helpdesk,
        (Some(AdminRole::HelpdeskAdministrator), true, false) => {
            t::partner_details::summary_helpdesk_sells
        }
        (Some(AdminRole::HelpdeskAdministrator), true, true) => {
            t::partner_details::summary_helpdesk_blocked
        }
        (None, true, false) => t::partner_details::summary_sells,
        (None, true, true) => t::partner_details::summary_sells_blocked,
        (None, false, _) => match kind {
            PartnerType::Advisor => t::partner_details::summary_advisor,
            PartnerType::Partner => t::partner_details::summary_partner,
            PartnerType::Mpsa => t::partner_details::summary_mpsa,
            PartnerType::OemPc => t::partner_details::summary_oem_pc,
            PartnerType::Lob => t::partner_details::summary_lob,
            PartnerType::Reseller
            | PartnerType::DelegatedAdministrator
            | PartnerType::ResellerAndDelegatedAdministrator => t::partner_details::summary_none,
        },
    };
    sentence(name)
}

/// The page of a partner.
#[component]
pub fn PartnerDetails(
    /// The path of the list from which the partner was opened.
    base: &'static str,
) -> View {
    let path = use_location().pathname;
    let id = Memo::new(move |_| path.read().rsplit('/').next()?.parse::<RelationshipId>().ok());
    let loaded = Loader::new(move || {
        let id = id.get();
        async move {
            match id {
                Some(id) => {
                    let route = routes::of_relationship(routes::RELATIONSHIP, id);
                    client::get::<RelationshipResource>(&route).await.map(Some)
                }
                // There is nothing at an address without a valid id.
                None => Ok(None),
            }
        }
    });
    let current = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    let state = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let name = move || {
        current.read().as_ref().map_or_else(t::partner_details::title, |relationship| {
            relationship.partner.name.to_string()
        })
    };
    let badge = move || {
        let status = current.read().as_ref().map(|relationship| relationship.status);
        status.map(partner_relationships::status_badge)
    };
    let content = move || match state.get() {
        ResourceState::Loading => view! { <Skeleton /> },
        ResourceState::NotFound => view! {
            <EmptyState
                icon=Icon::Search
                title=t::partner_details::not_found
                hint=t::partner_details::not_found_hint
            >
                <LinkButton
                    href=base
                    label=t::partner_details::back
                    kind=ButtonKind::Primary
                />
            </EmptyState>
        },
        ResourceState::Failed(failure) => view! {
            <ErrorState reason=move || failure.text() on_retry=move |()| loaded.retry() />
        },
        ResourceState::Ready => view! { <Details base=base loaded=loaded current=current /> },
    };
    view! {
        <Breadcrumb crumbs=crumbs(base) current=name />
        <PageTitle title=name>{badge}</PageTitle>
        {content}
    }
}

fn crumbs(base: &'static str) -> Vec<Crumb> {
    let list = list_crumb(t::shell::partner_relationships, base);
    match base.strip_suffix("/partner-relationships") {
        Some(above) if above.starts_with("/billing") => {
            vec![Crumb::new(t::shell::billing_accounts, above), list]
        }
        _ => vec![list],
    }
}

/// An action that takes something away, and therefore needs confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationshipCommand {
    /// Customer: remove the partner's admin roles.
    RemoveAdminRoles,
    /// Customer: delete the partner.
    Delete,
    /// Partner: give up its admin roles.
    GiveUpAdminRoles,
    /// Partner: end the relationship.
    End,
}

impl RelationshipCommand {
    fn action(self) -> RelationshipAction {
        match self {
            Self::RemoveAdminRoles => RelationshipAction::RemoveAdminRoles,
            Self::Delete => RelationshipAction::Delete,
            Self::GiveUpAdminRoles => RelationshipAction::GiveUpAdminRoles,
            Self::End => RelationshipAction::End,
        }
    }

    /// Returns the message after the action succeeded.
    fn success_text(self, relationship: &RelationshipResource) -> String {
        let partner = relationship.partner.name.as_str();
        let customer = relationship.customer_name.as_str();
        match self {
            Self::RemoveAdminRoles => t::partner_details::removed(partner),
            Self::Delete => t::partner_details::deleted(partner),
            Self::GiveUpAdminRoles => t::customers::given_up(customer),
            Self::End => t::customers::ended(customer),
        }
    }

    /// Sends the action to the server. Returns the changed relationship, or `None` if it was
    /// deleted.
    async fn send(
        self,
        relationship: &RelationshipResource,
    ) -> Result<Option<RelationshipResource>, Failure> {
        let version = Some(relationship.etag);
        if self == Self::Delete {
            let route = routes::of_relationship(routes::RELATIONSHIP, relationship.id);
            return client::delete(&route, version).await.map(|()| None);
        }
        let route = routes::of_relationship_action(self.action(), relationship.id);
        client::post(&route, &(), version).await.map(Some)
    }
}

/// The state of a dialog that confirms and runs an action on a relationship.
#[derive(Clone, Copy)]
pub struct ConfirmDialogState {
    command: RelationshipCommand,
    loaded: Loader<Option<RelationshipResource>>,
    session: Signal<SessionResource>,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
    /// Called after the action succeeded.
    on_success: Callback<()>,
}

impl ConfirmDialogState {
    /// Creates a closed dialog. Call this while the page is set up, not in an event
    /// handler.
    pub(super) fn new(
        command: RelationshipCommand,
        loaded: Loader<Option<RelationshipResource>>,
        on_success: Callback<()>,
    ) -> Self {
        let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
        let failed = RwSignal::new(None);
        // Event handlers have no context, so the session is looked up here.
        Self { command, loaded, session: session::current(), open, busy, failed, on_success }
    }

    /// Returns the reason why the action is not allowed. Reactive.
    pub(super) fn refusal_text(self) -> Option<String> {
        let actor = self.session.read().actor();
        self.loaded.with(|load| {
            let relationship = load.ready()?.as_ref()?;
            let action = self.command.action();
            check(&actor, &relationship.facts(), action, intl::now()).err().map(words::refusal)
        })
    }

    /// Opens the dialog.
    pub(super) fn show(self) {
        self.failed.set(None);
        self.open.set(true);
    }

    /// Runs the action. If it fails, the dialog stays open and shows the reason.
    fn run_action(self) {
        let current = untrack(|| self.loaded.with(|load| load.ready().cloned().flatten()));
        let Some(relationship) = current.filter(|_| !self.busy.get_untracked()) else { return };
        self.busy.set(true);
        self.failed.set(None);
        spawn(async move {
            let answer = self.command.send(&relationship).await;
            match answer {
                Ok(changed) => {
                    toast(Intent::Success, untrack(|| self.command.success_text(&relationship)));
                    if self.busy.try_set(false).is_some() {
                        return;
                    }
                    self.open.set(false);
                    if changed.is_some() {
                        self.loaded.set(changed);
                    }
                    self.on_success.run(());
                }
                Err(failure) => self.show_failure(&failure, &relationship).await,
            }
        });
    }

    async fn show_failure(self, failure: &Failure, relationship: &RelationshipResource) {
        if failure.is(ErrorCode::VersionMismatch) {
            // The relationship has changed, so the new state is shown before the user
            // confirms again. If this request fails too, the next attempt reports it.
            let route = routes::of_relationship(routes::RELATIONSHIP, relationship.id);
            if let Ok(latest) = client::get::<RelationshipResource>(&route).await {
                self.loaded.set(Some(latest));
            }
        }
        let text = untrack(|| failure.text());
        if self.busy.try_set(false).is_some() || !self.open.get_untracked() {
            // The dialog is no longer visible.
            toast(Intent::Error, text);
        } else {
            self.failed.set(Some(text));
        }
    }
}

/// The content of the page once the partner is loaded.
#[component]
fn Details(
    base: &'static str,
    loaded: Loader<Option<RelationshipResource>>,
    current: Memo<Option<RelationshipResource>>,
) -> View {
    let scope = style! {
        .lead {
            max-width: 76ch;
            margin: 0 0 var(--space-4);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        .actions {
            display: flex;
            flex-wrap: wrap;
            align-items: start;
            gap: var(--space-3) var(--space-4);
        }
        .columns {
            display: flex;
            flex-wrap: wrap;
            align-items: start;
            gap: var(--space-4);
            margin-top: var(--space-6);
        }
        .column {
            display: grid;
            flex: 1 1 300px;
            gap: var(--space-4);
            min-width: 0;
        }
        .column.wide {
            flex: 2 1 420px;
        }
    };
    let history = fetch_history(current);
    let navigate = use_navigate();
    let after_removal = Callback::new(move |()| history.pages.loader.reload());
    let after_deletion = Callback::new(move |()| {
        navigate(&list_place::last_address(base), NavigateOptions::default());
    });
    let removal =
        ConfirmDialogState::new(RelationshipCommand::RemoveAdminRoles, loaded, after_removal);
    let deletion = ConfirmDialogState::new(RelationshipCommand::Delete, loaded, after_deletion);

    let of = move |section: fn(&RelationshipResource) -> View| {
        move || current.read().as_ref().map(section)
    };
    view! { class = scope,
        <p class="lead">{move || current.read().as_ref().map(relationship_summary)}</p>
        <div class="actions">
            <Button
                label=t::partner_details::remove
                icon=Icon::Key
                disabled_reason=Signal::derive(move || removal.refusal_text())
                on_press=move |()| removal.show()
            />
            <Button
                label=t::partner_details::delete
                icon=Icon::Delete
                disabled_reason=Signal::derive(move || deletion.refusal_text())
                on_press=move |()| deletion.show()
            />
        </div>
        {pending_offer_view(loaded, current)}
        {of(ask_partner_to_end)}
        <div class="columns">
            <div class="column wide">
                <Card title=t::partner_details::admin_roles>{of(admin_roles_view)}</Card>
                {of(capabilities_card)}
                <Card title=t::partner_details::history>{history_view(history)}</Card>
            </div>
            <div class="column">
                {current.get_untracked().map(|one| subscriptions_of(&one.partner))}
                <Card title=t::partner_details::relationship>{of(relationship_view)}</Card>
                <Card title=t::partner_details::agreement>{of(agreement_view)}</Card>
                <Card title=t::partner_details::contact>{of(contact_view)}</Card>
            </div>
        </div>
        <ConfirmDialog
            dialog=removal
            question=about_partner(current, t::partner_details::remove_question)
            action=t::partner_details::remove
            kind=ButtonKind::Primary
            alert=false
        >
            {of(removal_view)}
        </ConfirmDialog>
        <ConfirmDialog
            dialog=deletion
            question=about_partner(current, t::partner_details::delete_question)
            action=t::partner_details::delete
            kind=ButtonKind::Danger
            alert=true
        >
            {of(deletion_view)}
        </ConfirmDialog>
    }
}

/// Returns a reactive text with the partner's name.
fn about_partner(current: Memo<Option<RelationshipResource>>, text: fn(&str) -> String) -> Text {
    Text::from(move || {
        current
            .read()
            .as_ref()
            .map(|relationship| text(relationship.partner.name.as_str()))
            .unwrap_or_default()
    })
}

/// A dialog that asks for confirmation and shows why the action failed.
#[component]
pub fn ConfirmDialog(
    /// The state of the dialog.
    dialog: ConfirmDialogState,
    /// The question.
    question: Text,
    /// The action, as a verb.
    #[prop(into)]
    action: Text,
    /// The kind of the confirming button.
    kind: ButtonKind,
    /// Whether something will be lost.
    alert: bool,
    /// Consequences: what will and will not change.
    children: SlotFn,
) -> View {
    let actions = move || {
        let action = action.clone();
        view! {
            <Button
                label=action
                kind=kind
                busy=dialog.busy
                disabled_reason=Signal::derive(move || dialog.refusal_text())
                on_press=move |()| dialog.run_action()
            />
            <Button
                label=t::partner_details::cancel
                on_press=move |()| dialog.open.set(false)
            />
        }
    };
    let failed = move || {
        dialog
            .failed
            .get()
            .map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    view! {
        <Dialog open=dialog.open title=question alert=alert actions=actions>
            <div class="stack">{children.run()} {failed}</div>
        </Dialog>
    }
}

/// Renders the consequences of an action: what changes, and what stays.
pub(super) fn consequence_lists(changes: Vec<String>, stays: Vec<String>) -> View {
    let scope = style! {
        .consequences {
            display: grid;
            gap: var(--space-4);
        }
        .consequences h3 {
            margin: 0 0 var(--space-1);
            font-size: var(--size-body);
            line-height: var(--line-body);
        }
        .consequences ul {
            margin: 0;
            padding-left: var(--space-5);
        }
    };
    let list = |lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! { class = scope, <ul>{lines}</ul> }
    };
    view! { class = scope,
        <div class="consequences">
            <div>
                <h3>{t::partner_details::changes}</h3>
                {list(changes)}
            </div>
            <div>
                <h3>{t::partner_details::stays}</h3>
                {list(stays)}
            </div>
        </div>
    }
}

/// Returns the names of the partner's admin roles.
pub(super) fn admin_role_names(relationship: &RelationshipResource) -> String {
    let names: Vec<_> =
        relationship.admin_roles.iter().map(|grant| words::admin_role(grant.role)).collect();
    intl::list(&names)
}

fn removal_view(relationship: &RelationshipResource) -> View {
    let name = relationship.partner.name.as_str();
    let left = relationship.relationship_type.without_admin_roles();
    let mut changes = Vec::new();
    if !relationship.admin_roles.is_empty() {
        changes
            .push(t::partner_details::remove_changes_lost(name, &admin_role_names(relationship)));
    }
    changes.push(t::partner_details::remove_changes_may(name));
    let mut stays = vec![t::partner_details::remove_stays_listed(name, &words::partner_type(left))];
    if left.resells() {
        stays.push(match relationship.agreement {
            AgreementState::NotAccepted => t::partner_details::remove_stays_sell(name),
            AgreementState::Accepted | AgreementState::NotNeeded => {
                t::partner_details::remove_stays_order(name)
            }
        });
    }
    stays.push(t::partner_details::remove_stays_data());
    stays.push(t::partner_details::remove_stays_made(name));
    consequence_lists(changes, stays)
}

fn deletion_view(relationship: &RelationshipResource) -> View {
    let name = relationship.partner.name.as_str();
    let mut changes = vec![t::partner_details::delete_changes_ends(name)];
    if !relationship.admin_roles.is_empty() {
        changes
            .push(t::partner_details::delete_changes_roles(name, &admin_role_names(relationship)));
    }
    changes.push(t::partner_details::delete_changes_may(name));
    let stays = vec![
        t::partner_details::delete_stays_data(),
        t::partner_details::delete_stays_history(name),
        t::partner_details::delete_stays_made(name),
    ];
    consequence_lists(changes, stays)
}

/// Renders a hint if the customer can't delete the relationship: how to ask the partner to
/// end it.
fn ask_partner_to_end(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .instead {
            max-width: 76ch;
            margin-top: var(--space-4);
        }
        .instead p {
            margin: var(--space-1) 0 var(--space-3);
        }
    };
    let actor = session::actor();
    let refused =
        check(&actor, &relationship.facts(), RelationshipAction::Delete, intl::now()).err();
    let name = relationship.partner.name.to_string();
    let text = match refused {
        Some(Refusal::ResellerEndsRelationship) => t::partner_details::end_reseller,
        Some(Refusal::PartnerEndsRelationship) => t::partner_details::end_partner,
        _ => return ().into_view(),
    };
    if relationship.status == RelationshipStatus::Ended {
        return ().into_view();
    }
    let session = session::current();
    let session = session.read();
    let organization = &session.organization;
    let body = t::partner_details::end_body(
        &organization.id.to_string(),
        session.user.name.as_str(),
        organization.name.as_str(),
        &words::partner_type(relationship.relationship_type),
    );
    let subject = t::partner_details::end_subject(organization.name.as_str());
    let href = mailto(relationship.partner.email.as_str(), &subject, &body);
    view! { class = scope,
        <section class="card instead">
            <h2 class="card-title">{t::partner_details::end_title}</h2>
            <p>{text(&name)}</p>
            <a class="button secondary" href=href>
                {Icon::Mail}
                {t::partner_details::end_ask(&name)}
            </a>
        </section>
    }
}

/// Returns a `mailto:` link with subject and body (RFC 6068).
fn mailto(to: &str, subject: &str, body: &str) -> String {
    let to = encode_component(to).replace("%40", "@");
    let body = body.replace('\n', "\r\n");
    format!("mailto:{to}?subject={}&body={}", encode_component(subject), encode_component(&body))
}

fn admin_roles_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .grants {
            display: grid;
            gap: var(--space-4);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .grant {
            display: grid;
            grid-template-columns: 20px 1fr;
            gap: 0 var(--space-3);
        }
        .grant-icon {
            display: flex;
            color: var(--text-2);
        }
        .grant-icon.powerful {
            color: var(--warning-text);
        }
        .grant p {
            margin: 0;
        }
        .grant-when {
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    if relationship.admin_roles.is_empty() {
        let text = if relationship.relationship_type == PartnerType::Partner {
            words::refusal(Refusal::RolesHeldByAccount)
        } else {
            t::partner_details::no_roles(relationship.partner.name.as_str())
        };
        return view! { <p>{text}</p> };
    }
    let grant = |grant: &RoleGrant| {
        let role = grant.role;
        let powerful = role == AdminRole::GlobalAdministrator;
        let icon = if powerful { Icon::Warning } else { Icon::Key };
        view! { class = scope,
            <li class="grant">
                <span class="grant-icon" class:powerful=powerful>
                    {icon}
                </span>
                <div>
                    <p>
                        <strong>{words::admin_role(role)}</strong>
                    </p>
                    <p>{words::admin_role_description(role)}</p>
                    <p class="grant-when">{grant_period(grant)}</p>
                </div>
            </li>
        }
    };
    let grants = relationship.admin_roles.iter().map(grant).collect_view();
    view! { class = scope, <ul class="grants">{grants}</ul> }
}

/// Returns the start and the end of a role, in words.
pub(super) fn grant_period(grant: &RoleGrant) -> String {
    let since = t::partner_details::since_on(&intl::date(grant.since.milliseconds()));
    let ends = grant.ends.map_or_else(t::partner_details::no_end, |ends| {
        let when = intl::relative(ends.milliseconds(), intl::now().milliseconds());
        let date = format!("{} ({when})", intl::date(ends.milliseconds()));
        t::partner_details::ends_on(&date)
    });
    format!("{since} · {ends}")
}

fn capabilities_card(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .abilities {
            display: grid;
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .ability {
            display: grid;
            grid-template-columns: 20px 1fr;
            gap: 0 var(--space-3);
        }
        .ability-icon {
            display: flex;
            color: var(--success-text);
        }
        .ability.missing {
            color: var(--text-2);
        }
        .ability.missing .ability-icon {
            color: var(--text-2);
        }
        .ability-why {
            display: block;
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    if relationship.status == RelationshipStatus::Ended {
        return ().into_view();
    }
    let line = |text: String, ability: CapabilityStatus| {
        let why = match ability {
            CapabilityStatus::Available => None,
            CapabilityStatus::AgreementMissing => Some(t::partner_details::missing_agreement()),
            CapabilityStatus::RoleMissing => Some(t::partner_details::missing_role()),
        };
        let missing = why.is_some();
        let icon = if missing { Icon::Circle } else { Icon::CheckCircle };
        let status_text = if missing {
            t::partner_details::can_not_do_now()
        } else {
            t::partner_details::can_do_now()
        };
        view! { class = scope,
            <li class="ability" class:missing=missing>
                <span class="ability-icon">{icon}</span>
                <span>
                    <span class="visually-hidden">{status_text} ": "</span>
                    {text}
                    {why.map(|why| view! { class = scope, <span class="ability-why">{why}</span> })}
                </span>
            </li>
        }
    };
    let capabilities = relationship.facts().capabilities(intl::now()).into_iter();
    let own = capabilities.map(|(capability, status)| {
        let text = if capability == Capability::ManageSubscriptions {
            t::partner_details::may_manage_subscriptions()
        } else {
            words::capability(capability)
        };
        line(text, status)
    });
    // The type defines the partner's purpose; a Global administrator can do far more.
    let powerful =
        relationship.admin_roles.iter().any(|grant| grant.role == AdminRole::GlobalAdministrator);
    let more =
        powerful.then(|| line(t::partner_details::may_everything(), CapabilityStatus::Available));
    let lines = own.chain(more).collect_view();
    view! { class = scope,
        <section class="card">
            <h2 class="card-title">{t::partner_details::can_do}</h2>
            <ul class="abilities">{lines}</ul>
        </section>
    }
}

/// Renders the offer that was accepted with the invitation and can now be created
/// (21Vianet).
fn pending_offer_view(
    loaded: Loader<Option<RelationshipResource>>,
    current: Memo<Option<RelationshipResource>>,
) -> View {
    let scope = style! {
        .waiting-offer {
            max-width: 76ch;
            margin-top: var(--space-4);
        }
    };
    let waits = Memo::new(move |_| {
        let current = current.read();
        let stands = |one: &&RelationshipResource| one.status == RelationshipStatus::Active;
        current.as_ref().filter(stands).is_some_and(|one| one.offer.is_some())
    });
    let view = move || {
        waits.get().then(|| {
            view! { class = scope,
                <div class="waiting-offer">
                    <Card title=t::partner_details::offer>
                        <div class="stack">
                            <div>
                                <Badge
                                    label=t::partner_details::offer_waiting
                                    intent=Intent::Info
                                />
                            </div>
                            <CreateFromOffer relationship=loaded />
                        </div>
                    </Card>
                </div>
            }
        })
    };
    view.into_view()
}

/// Renders the subscriptions with this partner as partner of record.
fn subscriptions_of(partner: &Partner) -> View {
    let (id, name) = (partner.id, partner.name.to_string());
    let empty = {
        let name = name.clone();
        move || t::partner_details::no_subscriptions(&name)
    };
    // A partner has an ID for each of its locations.
    let subscriptions = subscription_card::fetch(SubscriptionFilter {
        partner_of_record: Some(id),
        ..SubscriptionFilter::default()
    });
    let all = format!("{}?search={}&partner=any", subscriptions::PATH, encode_component(&name));
    let some =
        Memo::new(move |_| subscriptions.pages.count().is_some_and(|count| count.loaded() > 0));
    let foot = move || {
        let all = all.clone();
        let link = move |all| view! { <a href=all>{t::partner_details::all_subscriptions}</a> };
        move || some.get().then(|| link(all.clone()))
    };
    view! {
        <SubscriptionCard
            title=t::partner_details::subscriptions
            subscriptions=subscriptions
            base=subscriptions::PATH
            empty=empty
            foot=foot
        />
    }
}

fn relationship_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .about-note {
            display: block;
            margin-bottom: var(--space-1);
            color: var(--text-2);
        }
    };
    let kind = relationship.relationship_type;
    let since = relationship.since.milliseconds();
    let end = match relationship.state {
        RelationshipState::Ended { at, by, .. } => {
            let by = match by {
                EndedBy::Customer => t::partner_details::ended_by_customer,
                EndedBy::Partner => t::partner_details::ended_by_partner,
            };
            view! { class = scope,
                <DescriptionItem label=t::partner_details::ended_on>
                    {move || intl::date(at.milliseconds())}
                    <span class="about-note">{by}</span>
                </DescriptionItem>
            }
        }
        RelationshipState::Active => match relationship.ends {
            Some(ends) => view! {
                <DescriptionItem label=t::partner_details::ends>
                    {move || intl::date(ends.milliseconds())}
                </DescriptionItem>
            },
            None => ().into_view(),
        },
    };
    view! { class = scope,
        <DescriptionList>
            <DescriptionItem label=t::partner_details::relationship_type>
                {move || words::partner_type(kind)}
                <span class="about-note">
                    {move || words::partner_type_description(kind)}
                </span>
                <a href=what_can_a_partner_do::type_explanation_url(kind)>{t::partner_details::what_can}</a>
            </DescriptionItem>
            <DescriptionItem label=t::partner_details::since>{move || intl::date(since)}</DescriptionItem>
            {end}
        </DescriptionList>
    }
}

fn agreement_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .agreed {
            display: grid;
            justify-items: start;
            gap: var(--space-3);
        }
        .agreed p {
            margin: 0;
        }
    };
    let state = relationship.agreement;
    let name = relationship.partner.name.as_str();
    match state {
        AgreementState::Accepted => {
            let accepted = session::current().read().organization.agreement.clone();
            let accepted = accepted.map(billing_accounts::acceptance_text);
            view! { class = scope,
                <div class="agreed">
                    <Badge label=move || words::agreement_state(state) intent=Intent::Success />
                    <p>{accepted}</p>
                </div>
            }
        }
        AgreementState::NotAccepted => view! { class = scope,
            <div class="agreed">
                <Badge label=move || words::agreement_state(state) intent=Intent::Warning />
                <p>{t::partner_details::agreement_needed(name)}</p>
                <LinkButton
                    href=billing_accounts::AGREEMENT_PATH
                    label=t::partner_details::accept_agreement
                />
            </div>
        },
        AgreementState::NotNeeded => view! { class = scope,
            <div class="agreed">
                <p class="muted">{t::partner_details::agreement_not_needed}</p>
            </div>
        },
    }
}

fn contact_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .lines {
            white-space: pre-line;
        }
    };
    let partner = &relationship.partner;
    let email = partner.email.to_string();
    let mail = format!("mailto:{}", encode_component(&email).replace("%40", "@"));
    let phone = partner.phone.as_ref().map(|phone| {
        let phone = phone.to_string();
        let call: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! {
            <DescriptionItem label=t::partner_details::phone>
                <a href=format!("tel:{call}")>{phone}</a>
            </DescriptionItem>
        }
    });
    let address = partner.address.as_ref().map(|address| {
        let address = address.to_string();
        view! { class = scope,
            <DescriptionItem label=t::partner_details::address>
                <span class="lines">{address}</span>
            </DescriptionItem>
        }
    });
    let id = partner.partner_id.to_string();
    let domain = partner.domain.to_string();
    let country = partner.country.clone();
    let country = move || intl::country(country.as_str());
    let since = partner.partner_since.milliseconds();
    let since = move || intl::date(since);
    view! {
        <DescriptionList>
            <DescriptionItem label=t::partner_details::email>
                <a href=mail>{email}</a>
            </DescriptionItem>
            {phone}
            {address}
            <DescriptionItem label=t::partner_details::country>{country}</DescriptionItem>
            <DescriptionItem label=t::partner_details::domain>{domain}</DescriptionItem>
            <DescriptionItem label=t::partner_details::partner_id>{id}</DescriptionItem>
            <DescriptionItem label=t::partner_details::partner_since>{since}</DescriptionItem>
        </DescriptionList>
    }
}

/// Renders the history of the relationship.
pub(super) fn history_view(history: PagedList<ActivityEntry>) -> View {
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
            view! { <p class="muted">{t::partner_details::no_history}</p> }
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
pub(super) fn fetch_history(
    current: Memo<Option<RelationshipResource>>,
) -> PagedList<ActivityEntry> {
    PagedList::new(
        |entry| activity::row_id(entry.sequence),
        move || {
            let id = current.read_untracked().as_ref()?.id;
            Some(routes::of_relationship(routes::RELATIONSHIP_HISTORY, id))
        },
    )
}

fn history_item(entry: &ActivityEntry, own: rules::OrganizationId) -> View {
    let (sequence, action, at) = (entry.sequence, entry.action, entry.at.milliseconds());
    let icon = activity::entry_icon(action, entry.target.kind);
    let details = activity::details_view(entry.details.clone());
    let entry = entry.clone();
    let by = move || t::partner_details::by(&activity::actor_name(&entry, own));
    view! {
        <TimelineItem
            id=activity::row_id(sequence)
            icon=icon
            title=move || words::audit_action(action)
            time=move || intl::date_time(at)
        >
            <span class="muted">{by}</span>
            {details}
        </TimelineItem>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailto_link_is_percent_encoded() {
        let link = mailto("a+b@c.example", "Hello & goodbye", "One\nTwo? 100%");
        assert_eq!(
            link,
            "mailto:a%2Bb@c.example?subject=Hello%20%26%20goodbye&body=One%0D%0ATwo%3F%20100%25"
        );
    }
}
