//! A partner's page: who it is, what it may do, what was done, and taking that away.

use api::{
    ActivityEntry, AgreementState, ErrorCode, Page, Partner, PartnerFilter, Relationship, Session,
    Subscription, SubscriptionQuery, encode_component, routes,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{
    AdminRole, Capability, EndedBy, PartnerType, Refusal, RelationshipAction, RelationshipId,
    RelationshipState, RelationshipStatus, RoleGrant, check,
};
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    intl,
    load::{LoadState, Loader, spawn},
    pages::{
        activity, billing_accounts, create_from_offer::CreateFromOffer, desk::ResourceState,
        partner_relationships, subscription_card::SubscriptionCard, subscriptions,
        what_can_a_partner_do,
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

/// What the partner may do now that its type and its admin roles would let it do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ability {
    /// It can.
    Now,
    /// Not until the organization accepts the agreement.
    LacksAgreement,
    /// Not without an admin role.
    LacksRole,
}

/// Whether the partner can do this now, for relationships that stand.
fn ability(relationship: &Relationship, capability: Capability) -> Ability {
    let held = |role| relationship.admin_roles.iter().any(|grant| grant.role == role);
    let has_role = match capability {
        Capability::ManageUsers | Capability::ManageLicenses => {
            held(AdminRole::GlobalAdministrator)
        }
        Capability::ResetPasswords | Capability::HandleSupport => {
            !relationship.admin_roles.is_empty()
        }
        Capability::SellProducts
        | Capability::ManageSubscriptions
        | Capability::WorkWithServices
        | Capability::SeeMpsaPurchases
        | Capability::UploadDeviceIds
        | Capability::ManageLobApps => true,
    };
    let agreed = capability != Capability::ManageSubscriptions
        || relationship.agreement != AgreementState::NotAccepted;
    match (has_role, agreed) {
        (false, _) => Ability::LacksRole,
        (true, false) => Ability::LacksAgreement,
        (true, true) => Ability::Now,
    }
}

/// What the partner may do at this moment, in a sentence or two.
fn summary(relationship: &Relationship) -> String {
    let name = relationship.partner.name.as_str();
    if relationship.status == RelationshipStatus::Ended {
        return t::partner_details::summary_ended(name);
    }
    let kind = relationship.relationship_type;
    let highest = relationship.admin_roles.iter().map(|grant| grant.role).min();
    let blocked = relationship.agreement == AgreementState::NotAccepted;
    let sentence = match (highest, kind.resells(), blocked) {
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

/// The page.
#[component]
pub fn PartnerDetails(
    /// The path of the list that the partner is on.
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
                    client::get::<Relationship>(&route).await.map(Some)
                }
                // An address that holds no id is of nothing.
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
    let list = Crumb::new(t::shell::partner_relationships, base);
    match base.strip_suffix("/partner-relationships") {
        Some(above) if above.starts_with("/billing") => {
            vec![Crumb::new(t::shell::billing_accounts, above), list]
        }
        _ => vec![list],
    }
}

/// An action with the relationship that is asked about first.
#[derive(Clone, Copy)]
pub struct Asked {
    action: RelationshipAction,
    loaded: Loader<Option<Relationship>>,
    session: Signal<Session>,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
    /// What is done after it succeeded.
    done: Callback<()>,
}

impl Asked {
    /// Nothing is asked yet. Called where the page is made.
    pub(super) fn new(
        action: RelationshipAction,
        loaded: Loader<Option<Relationship>>,
        done: Callback<()>,
    ) -> Self {
        let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
        let failed = RwSignal::new(None);
        // Looked up here, because a press of a button has no context.
        Self { action, loaded, session: session::current(), open, busy, failed, done }
    }

    /// Why it can't be done, for beside a button. Reactive.
    pub(super) fn refused(self) -> Option<String> {
        let actor = self.session.read().actor();
        self.loaded.with(|load| {
            let relationship = load.ready()?.as_ref()?;
            check(&actor, &relationship.facts(), self.action, intl::now()).err().map(words::refusal)
        })
    }

    /// Asks.
    pub(super) fn ask(self) {
        self.failed.set(None);
        self.open.set(true);
    }

    /// Does it, and keeps the dialog open with the reason where that fails.
    fn act(self) {
        let current = untrack(|| self.loaded.with(|load| load.ready().cloned().flatten()));
        let Some(relationship) = current.filter(|_| !self.busy.get_untracked()) else { return };
        self.busy.set(true);
        self.failed.set(None);
        spawn(async move {
            let answer = request(self.action, &relationship).await;
            match answer {
                Ok(changed) => {
                    toast(Intent::Success, untrack(|| done(self.action, &relationship)));
                    if self.busy.try_set(false).is_some() {
                        return;
                    }
                    self.open.set(false);
                    if changed.is_some() {
                        self.loaded.set(changed);
                    }
                    self.done.run(());
                }
                Err(failure) => self.fail(&failure, &relationship).await,
            }
        });
    }

    async fn fail(self, failure: &Failure, relationship: &Relationship) {
        if failure.is(ErrorCode::VersionMismatch) {
            // What is asked about has changed, so it is shown as it is now before it
            // is asked again. Where that fails too, trying again tells.
            let route = routes::of_relationship(routes::RELATIONSHIP, relationship.id);
            if let Ok(latest) = client::get::<Relationship>(&route).await {
                self.loaded.set(Some(latest));
            }
        }
        let text = untrack(|| failure.text());
        if self.busy.try_set(false).is_some() || !self.open.get_untracked() {
            // Nobody sees the dialog any more.
            toast(Intent::Error, text);
        } else {
            self.failed.set(Some(text));
        }
    }
}

/// What was done, for whoever did it.
fn done(action: RelationshipAction, relationship: &Relationship) -> String {
    let partner = relationship.partner.name.as_str();
    let customer = relationship.customer_name.as_str();
    match action {
        RelationshipAction::View
        | RelationshipAction::Order
        | RelationshipAction::CreateFromOffer
        | RelationshipAction::RemoveAdminRoles => t::partner_details::removed(partner),
        RelationshipAction::Delete => t::partner_details::deleted(partner),
        RelationshipAction::GiveUpAdminRoles => t::customers::given_up(customer),
        RelationshipAction::End => t::customers::ended(customer),
    }
}

/// Asks the server. What is left after it is in the answer, but for what is deleted.
async fn request(
    action: RelationshipAction,
    relationship: &Relationship,
) -> Result<Option<Relationship>, Failure> {
    let version = Some(relationship.etag);
    let route = match action {
        RelationshipAction::Delete => {
            let route = routes::of_relationship(routes::RELATIONSHIP, relationship.id);
            return client::delete(&route, version).await.map(|()| None);
        }
        RelationshipAction::End => routes::END_RELATIONSHIP,
        RelationshipAction::GiveUpAdminRoles => routes::GIVE_UP_ADMIN_ROLES,
        // The others are not asked about here: nothing is taken away by them.
        RelationshipAction::View
        | RelationshipAction::Order
        | RelationshipAction::CreateFromOffer
        | RelationshipAction::RemoveAdminRoles => routes::REMOVE_ADMIN_ROLES,
    };
    let route = routes::of_relationship(route, relationship.id);
    client::post(&route, &(), version).await.map(Some)
}

/// Everything about a partner that was found.
#[component]
fn Details(
    base: &'static str,
    loaded: Loader<Option<Relationship>>,
    current: Memo<Option<Relationship>>,
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
    let history = Loader::new(move || {
        let id = current.with_untracked(|relationship| relationship.as_ref().map(|one| one.id));
        async move {
            match id {
                Some(id) => {
                    client::get(&routes::of_relationship(routes::RELATIONSHIP_HISTORY, id)).await
                }
                None => Ok(Page { value: Vec::new(), next_link: None, count: None }),
            }
        }
    });
    let navigate = use_navigate();
    let after_removal = Callback::new(move |()| history.reload());
    let after_deletion = Callback::new(move |()| navigate(base, NavigateOptions::default()));
    let removal = Asked::new(RelationshipAction::RemoveAdminRoles, loaded, after_removal);
    let deletion = Asked::new(RelationshipAction::Delete, loaded, after_deletion);

    let of = move |section: fn(&Relationship) -> View| move || current.read().as_ref().map(section);
    view! { class = scope,
        <p class="lead">{move || current.read().as_ref().map(summary)}</p>
        <div class="actions">
            <Button
                label=t::partner_details::remove
                icon=Icon::Key
                disabled_reason=Signal::derive(move || removal.refused())
                on_press=move |()| removal.ask()
            />
            <Button
                label=t::partner_details::delete
                icon=Icon::Delete
                disabled_reason=Signal::derive(move || deletion.refused())
                on_press=move |()| deletion.ask()
            />
        </div>
        {offer(loaded, current)}
        {of(instead)}
        <div class="columns">
            <div class="column wide">
                <Card title=t::partner_details::admin_roles>{of(admin_roles)}</Card>
                {of(abilities)}
                <Card title=t::partner_details::history>{history_view(history)}</Card>
            </div>
            <div class="column">
                {current.get_untracked().map(|one| subscriptions_of(&one.partner))}
                <Card title=t::partner_details::relationship>{of(about)}</Card>
                <Card title=t::partner_details::agreement>{of(agreement)}</Card>
                <Card title=t::partner_details::contact>{of(contact)}</Card>
            </div>
        </div>
        <Confirmation
            asked=removal
            question=about_partner(current, t::partner_details::remove_question)
            action=t::partner_details::remove
            kind=ButtonKind::Primary
            alert=false
        >
            {of(removal_view)}
        </Confirmation>
        <Confirmation
            asked=deletion
            question=about_partner(current, t::partner_details::delete_question)
            action=t::partner_details::delete
            kind=ButtonKind::Danger
            alert=true
        >
            {of(deletion_view)}
        </Confirmation>
    }
}

/// A text that names the partner.
fn about_partner(current: Memo<Option<Relationship>>, text: fn(&str) -> String) -> Text {
    Text::from(move || {
        current
            .read()
            .as_ref()
            .map(|relationship| text(relationship.partner.name.as_str()))
            .unwrap_or_default()
    })
}

/// Asks whether it should be done, and says what happened where it could not.
#[component]
pub fn Confirmation(
    /// What is asked about.
    asked: Asked,
    /// The question.
    question: Text,
    /// What it does, as a verb.
    #[prop(into)]
    action: Text,
    /// How the button that does it looks.
    kind: ButtonKind,
    /// Whether something is lost by it.
    alert: bool,
    /// What will and will not change.
    children: SlotFn,
) -> View {
    let actions = move || {
        let action = action.clone();
        view! {
            <Button
                label=action
                kind=kind
                busy=asked.busy
                disabled_reason=Signal::derive(move || asked.refused())
                on_press=move |()| asked.act()
            />
            <Button
                label=t::partner_details::cancel
                on_press=move |()| asked.open.set(false)
            />
        }
    };
    let failed = move || {
        asked
            .failed
            .get()
            .map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    view! {
        <Dialog open=asked.open title=question alert=alert actions=actions>
            <div class="stack">{children.run()} {failed}</div>
        </Dialog>
    }
}

/// What changes, and what stays.
pub(super) fn consequences(changes: Vec<String>, stays: Vec<String>) -> View {
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

/// The names of the roles that the partner holds.
pub(super) fn held_roles(relationship: &Relationship) -> String {
    let names: Vec<_> =
        relationship.admin_roles.iter().map(|grant| words::admin_role(grant.role)).collect();
    intl::list(&names)
}

fn removal_view(relationship: &Relationship) -> View {
    let name = relationship.partner.name.as_str();
    let left = relationship.relationship_type.without_admin_roles();
    let mut changes = Vec::new();
    if !relationship.admin_roles.is_empty() {
        changes.push(t::partner_details::remove_changes_lost(name, &held_roles(relationship)));
    }
    changes.push(t::partner_details::remove_changes_may(name));
    let mut stays = vec![t::partner_details::remove_stays_listed(name, &words::partner_type(left))];
    if left.resells() {
        stays.push(match relationship.agreement {
            AgreementState::NotAccepted => t::partner_details::remove_stays_sell(name),
            _ => t::partner_details::remove_stays_order(name),
        });
    }
    stays.push(t::partner_details::remove_stays_data());
    stays.push(t::partner_details::remove_stays_made(name));
    consequences(changes, stays)
}

fn deletion_view(relationship: &Relationship) -> View {
    let name = relationship.partner.name.as_str();
    let mut changes = vec![t::partner_details::delete_changes_ends(name)];
    if !relationship.admin_roles.is_empty() {
        changes.push(t::partner_details::delete_changes_roles(name, &held_roles(relationship)));
    }
    changes.push(t::partner_details::delete_changes_may(name));
    let stays = vec![
        t::partner_details::delete_stays_data(),
        t::partner_details::delete_stays_history(name),
        t::partner_details::delete_stays_made(name),
    ];
    consequences(changes, stays)
}

/// What to do where the relationship can't be deleted from this side: the partner is asked.
fn instead(relationship: &Relationship) -> View {
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

/// A link that opens a mail that is written already (RFC 6068).
fn mailto(to: &str, subject: &str, body: &str) -> String {
    let to = encode_component(to).replace("%40", "@");
    let body = body.replace('\n', "\r\n");
    format!("mailto:{to}?subject={}&body={}", encode_component(subject), encode_component(&body))
}

fn admin_roles(relationship: &Relationship) -> View {
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
        let text = match relationship.relationship_type {
            PartnerType::Partner => words::refusal(Refusal::RolesHeldByAccount),
            _ => t::partner_details::no_roles(relationship.partner.name.as_str()),
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
                    <p class="grant-when">{held(grant)}</p>
                </div>
            </li>
        }
    };
    let grants = relationship.admin_roles.iter().map(grant).collect_view();
    view! { class = scope, <ul class="grants">{grants}</ul> }
}

/// From when until when a role is held.
pub(super) fn held(grant: &RoleGrant) -> String {
    let since = t::partner_details::since_on(&intl::date(grant.since.milliseconds()));
    let ends = grant.ends.map_or_else(t::partner_details::no_end, |ends| {
        let when = intl::relative(ends.milliseconds(), intl::now().milliseconds());
        let date = format!("{} ({when})", intl::date(ends.milliseconds()));
        t::partner_details::ends_on(&date)
    });
    format!("{since} · {ends}")
}

fn abilities(relationship: &Relationship) -> View {
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
    let line = |text: String, ability: Ability| {
        let why = match ability {
            Ability::Now => None,
            Ability::LacksAgreement => Some(t::partner_details::missing_agreement()),
            Ability::LacksRole => Some(t::partner_details::missing_role()),
        };
        let missing = why.is_some();
        let icon = if missing { Icon::Circle } else { Icon::CheckCircle };
        let said = if missing {
            t::partner_details::can_not_do_now()
        } else {
            t::partner_details::can_do_now()
        };
        view! { class = scope,
            <li class="ability" class:missing=missing>
                <span class="ability-icon">{icon}</span>
                <span>
                    <span class="visually-hidden">{said} ": "</span>
                    {text}
                    {why.map(|why| view! { class = scope, <span class="ability-why">{why}</span> })}
                </span>
            </li>
        }
    };
    let own = relationship.relationship_type.capabilities().iter().map(|capability| {
        let text = match capability {
            Capability::ManageSubscriptions => t::partner_details::may_manage_subscriptions(),
            other => words::capability(*other),
        };
        line(text, ability(relationship, *capability))
    });
    // The type says what the partner is for; a Global administrator can do far more.
    let powerful =
        relationship.admin_roles.iter().any(|grant| grant.role == AdminRole::GlobalAdministrator);
    let more = powerful.then(|| line(t::partner_details::may_everything(), Ability::Now));
    let lines = own.chain(more).collect_view();
    view! { class = scope,
        <section class="card">
            <h2 class="card-title">{t::partner_details::can_do}</h2>
            <ul class="abilities">{lines}</ul>
        </section>
    }
}

/// What was accepted with the invitation and waits to be created (21Vianet).
fn offer(loaded: Loader<Option<Relationship>>, current: Memo<Option<Relationship>>) -> View {
    let scope = style! {
        .waiting-offer {
            max-width: 76ch;
            margin-top: var(--space-4);
        }
    };
    let waits = Memo::new(move |_| {
        let current = current.read();
        let stands = |one: &&Relationship| one.status == RelationshipStatus::Active;
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

/// The subscriptions that have this partner as their partner of record.
fn subscriptions_of(partner: &Partner) -> View {
    let (id, name) = (partner.id, partner.name.to_string());
    let empty = {
        let name = name.clone();
        move || t::partner_details::no_subscriptions(&name)
    };
    // The partner has an ID for each of its locations, so it is searched for by its name.
    let query = SubscriptionQuery {
        search: name.clone(),
        partner: Some(PartnerFilter::Any),
        top: 300,
        ..SubscriptionQuery::default()
    };
    let route = format!("{}?{query}", routes::SUBSCRIPTIONS);
    let subscriptions = Loader::new(move || {
        let route = route.clone();
        async move {
            let mut page: Page<Subscription> = client::get(&route).await?;
            page.value.retain(|one| {
                one.partner_of_record.as_ref().is_some_and(|record| record.partner == id)
            });
            Ok(page)
        }
    });
    let all = format!("{}?search={}&partner=any", subscriptions::PATH, encode_component(&name));
    let some = Memo::new(move |_| {
        subscriptions.with(|load| load.ready().is_some_and(|page| !page.value.is_empty()))
    });
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

fn about(relationship: &Relationship) -> View {
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

fn agreement(relationship: &Relationship) -> View {
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

fn contact(relationship: &Relationship) -> View {
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

/// What was done with the relationship.
pub(super) fn history_view(history: Loader<Page<ActivityEntry>>) -> View {
    let own = session::current().with_untracked(|session| session.organization.id);
    let view = move || match history.get() {
        LoadState::Loading => view! { <Skeleton lines=3 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState
                reason=move || failure.text()
                on_retry=move |()| history.retry()
            />
        },
        LoadState::Ready(page) if page.value.is_empty() => {
            view! { <p class="muted">{t::partner_details::no_history}</p> }
        }
        LoadState::Ready(page) => {
            let items = page.value.iter().map(|entry| history_item(entry, own)).collect_view();
            view! { <Timeline>{items}</Timeline> }
        }
    };
    view.into_view()
}

fn history_item(entry: &ActivityEntry, own: rules::OrganizationId) -> View {
    let (action, at) = (entry.action, entry.at.milliseconds());
    let details = activity::details_view(entry.details.clone());
    let entry = entry.clone();
    let by = move || t::partner_details::by(&activity::actor_name(&entry, own));
    view! {
        <TimelineItem
            icon=activity::action_icon(action)
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
    use api::ETag;
    use rules::{Cloud, OrganizationId, Timestamp};

    use super::*;

    fn relationship(
        kind: PartnerType,
        roles: &[AdminRole],
        agreement: AgreementState,
    ) -> Relationship {
        let now = Timestamp::from_milliseconds(1_700_000_000_000);
        let grants = roles.iter().map(|role| RoleGrant { role: *role, since: now, ends: None });
        Relationship {
            id: RelationshipId::new(now, 1),
            etag: ETag(1),
            customer: OrganizationId::new(now, 2),
            customer_name: "Brightwater".parse().unwrap(),
            cloud: Cloud::Worldwide,
            partner: Partner {
                id: OrganizationId::new(now, 3),
                name: "Fabrikam".parse().unwrap(),
                partner_id: "4021337".parse().unwrap(),
                domain: "fabrikam.example".parse().unwrap(),
                country: "NL".parse().unwrap(),
                partner_since: now,
                email: "info@fabrikam.example".parse().unwrap(),
                phone: None,
                address: None,
            },
            relationship_type: kind,
            admin_roles: grants.collect(),
            agreement,
            since: now,
            ends: None,
            status: RelationshipStatus::Active,
            state: RelationshipState::Active,
            invitation: None,
            offer: None,
            active_subscriptions: 0,
        }
    }

    #[test]
    fn what_needs_a_role_can_be_done_with_it_alone() {
        let kind = PartnerType::DelegatedAdministrator;
        let state = AgreementState::NotNeeded;
        let none = relationship(kind, &[], state);
        let helpdesk = relationship(kind, &[AdminRole::HelpdeskAdministrator], state);
        let global = relationship(kind, &[AdminRole::GlobalAdministrator], state);
        for capability in kind.capabilities() {
            assert_eq!(ability(&none, *capability), Ability::LacksRole);
            assert_eq!(ability(&global, *capability), Ability::Now);
        }
        assert_eq!(ability(&helpdesk, Capability::ResetPasswords), Ability::Now);
        assert_eq!(ability(&helpdesk, Capability::ManageUsers), Ability::LacksRole);
    }

    #[test]
    fn a_reseller_orders_nothing_without_the_agreement() {
        let without = relationship(PartnerType::Reseller, &[], AgreementState::NotAccepted);
        let with = relationship(PartnerType::Reseller, &[], AgreementState::Accepted);
        let order = Capability::ManageSubscriptions;
        assert_eq!(ability(&without, order), Ability::LacksAgreement);
        assert_eq!(ability(&with, order), Ability::Now);
        assert_eq!(ability(&without, Capability::SellProducts), Ability::Now);
    }

    #[test]
    fn a_mail_is_written_so_that_every_program_reads_it() {
        let link = mailto("a+b@c.example", "Hello & goodbye", "One\nTwo? 100%");
        assert_eq!(
            link,
            "mailto:a%2Bb@c.example?subject=Hello%20%26%20goodbye&body=One%0D%0ATwo%3F%20100%25"
        );
    }
}
