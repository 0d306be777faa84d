//! Home: what needs attention now. For a customer its invitations, its agreement and what
//! its partners may do; for a partner its invitations and its customers.

use api::{AgreementState, Invitation, Page, Relationship, RelationshipQuery, routes};
use leptos::prelude::*;
use rules::{
    AdminRole, DAY, InvitationAction, InvitationId, InvitationStatus, OrganisationAction,
    OrganisationKind, RelationshipStatus, Timestamp, check,
};
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    intl,
    load::{Load, Loaded, spawn},
    pages::{partner_invitation::days_until, roles::RoleNames},
    session, t,
    text::Text,
    ui::{
        Badge, Button, ButtonKind, Card, Cell, Column, Dialog, EmptyState, ErrorState, Icon,
        Intent, Link, LinkButton, MessageBar, NoValue, PageTitle, Skeleton, Table, toast,
    },
    view::{CollectView, IntoView, Slot, View, view},
    words,
};

/// Where the list of partners is.
const PARTNERS: &str = "/settings/partner-relationships";
/// How long before its end a role is said to end soon, in milliseconds.
const SOON: i64 = 30 * DAY;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Overview {
    /// The relationships that stand.
    relationships: Vec<Relationship>,
    /// The invitations, the newest first.
    invitations: Vec<Invitation>,
}

/// Fetches what the page shows.
async fn fetch() -> Result<Overview, Failure> {
    let query = RelationshipQuery {
        statuses: vec![RelationshipStatus::Active],
        top: 300,
        ..RelationshipQuery::default()
    };
    let path = format!("{}?{query}", routes::RELATIONSHIPS);
    let relationships: Page<Relationship> = client::get(&path).await?;
    let invitations: Page<Invitation> = client::get(routes::INVITATIONS).await?;
    Ok(Overview { relationships: relationships.value, invitations: invitations.value })
}

/// The first page.
#[component]
pub fn Home() -> View {
    let session = session::current();
    let overview = Loaded::new(fetch);
    let kind = session.read_untracked().organisation.kind;
    let greeting = move || {
        let session = session.read();
        let (name, organisation) = (session.user.name.as_str(), session.organisation.name.as_str());
        match session.organisation.kind {
            OrganisationKind::Customer => t::home::greeting(name, organisation),
            OrganisationKind::Partner => t::home::greeting_partner(name, organisation),
        }
    };
    // A memo, so that what is fetched anew without a change leaves the page as it is.
    let state = Memo::new(move |_| overview.get());
    let content = move || match state.get() {
        Load::Loading => view! { <Skeleton lines=8 /> },
        Load::Failed(failure) => {
            if failure.signed_out() {
                session::refresh();
            }
            view! {
                <ErrorState
                    reason=move || failure.text()
                    on_retry=move |()| overview.retry()
                />
            }
        }
        Load::Ready(found) => match kind {
            OrganisationKind::Customer => view! { <Customer overview=found /> },
            OrganisationKind::Partner => view! { <Partner overview=found again=overview /> },
        },
    };
    view! {
        <PageTitle title=t::shell::home intro=greeting />
        {content}
    }
}

/// The partners that hold admin roles, those with the most powerful one first.
fn holders(relationships: &[Relationship]) -> Vec<&Relationship> {
    let mut holders: Vec<_> =
        relationships.iter().filter(|one| !one.admin_roles.is_empty()).collect();
    super::order_by(&mut holders, |one| {
        let global =
            one.admin_roles.iter().any(|grant| grant.role == AdminRole::GlobalAdministrator);
        (!global, one.partner.name.as_str().to_ascii_lowercase())
    });
    holders
}

/// The relationships of which a role ends soon, the first to end first.
fn ending(relationships: &[Relationship], now: Timestamp) -> Vec<(&Relationship, Timestamp)> {
    let mut ending: Vec<_> = relationships
        .iter()
        .filter_map(|one| Some((one, one.ends.filter(|ends| *ends <= now.plus(SOON))?)))
        .collect();
    super::order_by(&mut ending, |(_, ends)| *ends);
    ending
}

/// The partners that can do nothing for want of the agreement.
fn without_agreement(relationships: &[Relationship]) -> Vec<&Relationship> {
    relationships.iter().filter(|one| one.agreement == AgreementState::NotAccepted).collect()
}

/// What an administrator sees.
#[component]
fn Customer(overview: Overview) -> View {
    let scope = style! {
        .attention {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr));
            align-items: start;
            gap: var(--space-4);
        }
    };
    let now = intl::now();
    let waiting: Vec<_> = overview
        .invitations
        .iter()
        .filter(|one| one.state.status(now) == InvitationStatus::Sent)
        .collect();
    let without = without_agreement(&overview.relationships);
    let holders = holders(&overview.relationships);
    let ending = ending(&overview.relationships, now);
    let calm = waiting.is_empty() && without.is_empty() && holders.is_empty() && ending.is_empty();
    let calm = calm.then(|| {
        view! { <MessageBar intent=Intent::Success>{t::home::calm}</MessageBar> }
    });
    let waiting_rows = waiting.iter().map(|one| invitation_row(one, now)).collect_view();
    let holder_rows = holders.iter().map(|one| holder_row(one)).collect_view();
    let ending_rows = ending.iter().map(|(one, ends)| ending_row(one, *ends, now)).collect_view();
    let agreement = (!without.is_empty()).then(|| agreement_card(&without));
    let (waiting, holders, ending) = (waiting.len(), holders.len(), ending.len());
    view! { class = scope,
        <div class="stack">
            {calm}
            <div class="attention">
                <Attention
                    icon=Icon::Mail
                    title=t::home::waiting
                    count=waiting
                    empty=t::home::no_waiting
                    href=PARTNERS
                    link=t::home::all_partners
                >
                    {waiting_rows}
                </Attention>
                {agreement}
                <Attention
                    icon=Icon::Key
                    title=t::home::holders
                    count=holders
                    empty=t::home::no_holders
                    href=format!("{PARTNERS}?sort=adminRoles")
                    link=t::home::all_holders
                >
                    {holder_rows}
                </Attention>
                <Attention
                    icon=Icon::Clock
                    title=t::home::ending
                    count=ending
                    empty=t::home::no_ending
                    href=format!("{PARTNERS}?sort=ends")
                    link=t::home::all_ending
                >
                    {ending_rows}
                </Attention>
            </div>
        </div>
    }
}

/// A card with things that need attention, or that there are none.
#[component]
fn Attention(
    icon: Icon,
    #[prop(into)] title: Text,
    count: usize,
    #[prop(into)] empty: Text,
    #[prop(into)] href: String,
    #[prop(into)] link: Text,
    children: Slot,
) -> View {
    let scope = style! {
        .attention-head {
            display: flex;
            align-items: center;
            gap: var(--space-2);
            margin-bottom: var(--space-3);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        .attention-mark {
            display: flex;
            color: var(--brand-text);
        }
        .attention-count {
            min-width: 24px;
            padding: 2px var(--space-2);
            border-radius: var(--radius-round);
            background-color: var(--brand-soft);
            color: var(--brand-text);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
            text-align: center;
        }
        .attention-empty {
            display: flex;
            gap: var(--space-2);
            margin: 0 0 var(--space-3);
            color: var(--text-2);
        }
        .attention-calm {
            display: flex;
            color: var(--success-text);
        }
        .attention-list {
            margin: 0 0 var(--space-3);
            padding: 0;
            list-style: none;
        }
    };
    let body = if count == 0 {
        view! { class = scope,
            <p class="attention-empty">
                <span class="attention-calm">{Icon::CheckCircle}</span>
                <span>{empty}</span>
            </p>
        }
    } else {
        view! { class = scope, <ul class="attention-list">{children.run()}</ul> }
    };
    let number = (count > 0).then(|| {
        view! { class = scope,
            <span class="attention-count">{move || intl::number(count)}</span>
        }
    });
    view! { class = scope,
        <Card>
            <h2 class="attention-head">
                <span class="attention-mark">{icon}</span>
                <span>{title}</span>
                {number}
            </h2>
            {body}
            <Link href=href>{link}</Link>
        </Card>
    }
}

/// One thing that needs attention: which, what about it, and what to do.
#[component]
fn Row(title: View, about: View, #[prop(optional)] action: Option<View>) -> View {
    let scope = style! {
        .attention-row {
            display: flex;
            align-items: center;
            gap: var(--space-3);
            padding: var(--space-2) 0;
            border-bottom: 1px solid var(--line);
        }
        .attention-what {
            flex: 1;
            min-width: 0;
            overflow-wrap: anywhere;
        }
        .attention-title {
            font-weight: 600;
        }
        .attention-about {
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    view! { class = scope,
        <li class="attention-row">
            <div class="attention-what">
                <div class="attention-title">{title}</div>
                <div class="attention-about">{about}</div>
            </div>
            {action}
        </li>
    }
}

fn invitation_row(invitation: &Invitation, now: Timestamp) -> View {
    let href = format!("{}/{}", routes::INVITATION_PAGE, invitation.id);
    let kind = invitation.relationship_type;
    let expires = match invitation.state {
        rules::InvitationState::Sent { expires, .. } => expires.milliseconds(),
        _ => now.milliseconds(),
    };
    let about = move || t::home::invitation(days_until(expires), &words::partner_type(kind));
    let name = invitation.partner.name.to_string();
    let of = {
        let name = name.clone();
        move || t::home::review_of(&name)
    };
    let action = view! {
        <Link href=href class="button secondary">
            {t::home::review}
            <span class="visually-hidden">" " {of}</span>
        </Link>
    };
    view! { <Row title=name.into_view() about=about.into_view() action=action.into_view() /> }
}

/// A link to a partner's page.
fn partner_link(relationship: &Relationship) -> View {
    let href = format!("{PARTNERS}/{}", relationship.id);
    let name = relationship.partner.name.to_string();
    view! { <Link href=href>{name}</Link> }
}

fn holder_row(relationship: &Relationship) -> View {
    let roles = relationship.admin_roles.iter().map(|grant| grant.role).collect();
    let about = view! { <RoleNames roles=roles /> };
    view! { <Row title=partner_link(relationship) about=about.into_view() /> }
}

fn ending_row(relationship: &Relationship, ends: Timestamp, now: Timestamp) -> View {
    let roles: Vec<_> = relationship
        .admin_roles
        .iter()
        .filter(|grant| grant.ends.is_some_and(|end| end <= now.plus(SOON)))
        .map(|grant| grant.role)
        .collect();
    let ends = ends.milliseconds();
    let about = move || {
        let roles: Vec<_> = roles.iter().copied().map(words::admin_role).collect();
        let when = intl::relative(ends, now.milliseconds());
        t::home::ends(&intl::date(ends), &intl::list(&roles), &when)
    };
    view! { <Row title=partner_link(relationship) about=about.into_view() /> }
}

/// That partners wait for the agreement, and the way to it.
fn agreement_card(without: &[&Relationship]) -> View {
    let names: Vec<_> = without.iter().map(|one| one.partner.name.to_string()).collect();
    let text = move || t::home::agreement(&intl::list(&names));
    let session = session::current();
    let refused = move || {
        let session = session.read();
        let facts = session.organisation.facts();
        let now = intl::now();
        let refusal =
            check(&session.actor(), &facts, OrganisationAction::AcceptAgreement, now).err()?;
        Some(view! { <p class="muted">{move || words::refusal(refusal)}</p> })
    };
    view! {
        <Card title=t::home::agreement_title>
            <div class="stack">
                <MessageBar intent=Intent::Warning>{text}</MessageBar>
                {refused}
                <div>
                    <LinkButton
                        href="/billing/accounts/agreement"
                        label=t::home::accept_agreement
                        icon=Icon::Document
                    />
                </div>
            </div>
        </Card>
    }
}

/// What a partner's people see.
#[component]
fn Partner(overview: Overview, again: Loaded<Overview>) -> View {
    let Overview { relationships, invitations } = overview;
    let chosen = RwSignal::new(None::<Invitation>);
    let asking = RwSignal::new(false);
    let none = invitations.is_empty();
    let invitations = if none {
        view! {
            <EmptyState
                icon=Icon::Send
                title=t::home::no_invitations
                hint=t::home::no_invitations_hint
            />
        }
    } else {
        view! {
            <Table
                caption=t::home::invitations
                columns=vec![
                    Column::new("customer", t::home::customer),
                    Column::new("type", t::home::kind),
                    Column::new("sent", t::home::sent),
                    Column::new("status", t::home::status),
                    Column::new("actions", t::home::actions),
                ]
            >
                // Made here, where the cells find their table.
                {invitations
                    .into_iter()
                    .map(|invitation| own_invitation(invitation, chosen, asking, again))
                    .collect_view()}
            </Table>
        }
    };
    let customers = customers(relationships);
    view! {
        <div class="stack">
            <Card title=t::home::invitations>{invitations}</Card>
            <Card title=t::home::customers>{customers}</Card>
        </div>
        <Withdraw open=asking invitation=chosen again=again />
    }
}

/// An invitation in the partner's own list.
fn own_invitation(
    invitation: Invitation,
    chosen: RwSignal<Option<Invitation>>,
    asking: RwSignal<bool>,
    again: Loaded<Overview>,
) -> View {
    let kind = invitation.relationship_type;
    let status = invitation.status;
    let sent = match &invitation.state {
        rules::InvitationState::Sent { at, .. } => Some(at.milliseconds()),
        _ => None,
    };
    // What was answered does not say any more when it was sent; then when it was answered.
    let since = sent.or_else(|| invitation.state.since(intl::now()).map(Timestamp::milliseconds));
    let when = match since {
        Some(at) => (move || intl::date(at)).into_view(),
        None => view! { <NoValue /> },
    };
    let href = format!("{}/{}", routes::INVITATION_PAGE, invitation.id);
    let name = invitation.customer_name.to_string();
    let actions = match status {
        InvitationStatus::Draft | InvitationStatus::Sent => {
            actions(invitation, chosen, asking, again)
        }
        _ => view! { <NoValue /> },
    };
    view! {
        <tr role="row">
            <Cell of="customer" header=true>
                <Link href=href>{name}</Link>
            </Cell>
            <Cell of="type">{move || words::partner_type(kind)}</Cell>
            <Cell of="sent">{when}</Cell>
            <Cell of="status">
                <Badge
                    label=move || words::invitation_status(status)
                    intent=invitation_intent(status)
                />
            </Cell>
            <Cell of="actions">{actions}</Cell>
        </tr>
    }
}

fn invitation_intent(status: InvitationStatus) -> Intent {
    match status {
        InvitationStatus::Sent => Intent::Info,
        InvitationStatus::Accepted => Intent::Success,
        InvitationStatus::Cancelled | InvitationStatus::Expired => Intent::Warning,
        InvitationStatus::Draft | InvitationStatus::Withdrawn => Intent::Neutral,
    }
}

/// What can be done with an invitation that waits, or why not.
fn actions(
    invitation: Invitation,
    chosen: RwSignal<Option<Invitation>>,
    asking: RwSignal<bool>,
    again: Loaded<Overview>,
) -> View {
    let facts = invitation.facts();
    let reason = |action| {
        let refusal = check(&session::actor(), &facts, action, intl::now()).err()?;
        Some(words::refusal(refusal))
    };
    let withdraw = reason(InvitationAction::Withdraw);
    let busy = RwSignal::new(false);
    let send = (invitation.status == InvitationStatus::Draft).then(|| {
        let reason = reason(InvitationAction::Send);
        let (id, etag) = (invitation.id, invitation.etag);
        let name = invitation.customer_name.to_string();
        let press = move |()| {
            let name = name.clone();
            busy.set(true);
            let done = move || t::home::sent_to(&name);
            change(routes::SEND_INVITATION, id, etag, busy, again, done);
        };
        view! {
            <Button label=t::home::send disabled_reason=reason busy=busy on_press=press />
        }
    });
    view! {
        <div class="row">
            {send}
            <Button
                label=t::home::withdraw
                disabled_reason=withdraw
                on_press=move |()| {
                    chosen.set(Some(invitation.clone()));
                    asking.set(true);
                }
            />
        </div>
    }
}

/// Changes an invitation, says how it went, and fetches the lists anew.
fn change(
    route: &'static str,
    id: InvitationId,
    etag: api::ETag,
    busy: RwSignal<bool>,
    again: Loaded<Overview>,
    done: impl Fn() -> String + 'static,
) {
    let path = routes::of_invitation(route, id);
    spawn(async move {
        let body = std::collections::BTreeMap::<String, String>::new();
        let answer = client::post::<Invitation>(&path, &body, Some(etag)).await;
        let _ = busy.try_set(false);
        match answer {
            Ok(_) => toast(Intent::Success, untrack(&done)),
            Err(failure) => {
                if failure.signed_out() {
                    session::refresh();
                }
                toast(Intent::Error, untrack(|| failure.text()));
            }
        }
        again.again();
    });
}

/// Asks before an invitation is withdrawn.
#[component]
fn Withdraw(
    open: RwSignal<bool>,
    invitation: RwSignal<Option<Invitation>>,
    again: Loaded<Overview>,
) -> View {
    let busy = RwSignal::new(false);
    let customer = move || {
        let invitation = invitation.read();
        invitation.as_ref().map(|one| one.customer_name.to_string()).unwrap_or_default()
    };
    let withdraw = move |()| {
        let Some(invitation) = invitation.get_untracked() else { return };
        let name = invitation.customer_name.to_string();
        busy.set(true);
        let done = move || t::home::withdrawn(&name);
        change(routes::WITHDRAW_INVITATION, invitation.id, invitation.etag, busy, again, done);
        open.set(false);
    };
    let actions = move || {
        view! {
            <Button
                label=t::home::withdraw
                kind=ButtonKind::Danger
                busy=busy
                on_press=withdraw
            />
            <Button label=t::home::keep on_press=move |()| open.set(false) />
        }
    };
    view! {
        <Dialog open=open title=t::home::withdraw_question actions=actions alert=true>
            <p>{move || t::home::withdraw_effect(&customer())}</p>
        </Dialog>
    }
}

/// The customers that a partner works with.
fn customers(relationships: Vec<Relationship>) -> View {
    if relationships.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::People
                title=t::home::no_customers
                hint=t::home::no_customers_hint
            />
        };
    }
    view! {
        <Table
            caption=t::home::customers
            columns=vec![
                Column::new("customer", t::home::customer),
                Column::new("type", t::home::kind),
                Column::new("roles", t::home::roles),
                Column::new("agreement", t::home::agreement_column),
                Column::new("since", t::home::since),
            ]
        >
            {relationships
                .into_iter()
                .map(|relationship| own_customer(&relationship))
                .collect_view()}
        </Table>
    }
}

/// A customer in the partner's own list.
fn own_customer(relationship: &Relationship) -> View {
    let name = relationship.customer_name.to_string();
    let kind = relationship.relationship_type;
    let roles = relationship.admin_roles.iter().map(|grant| grant.role).collect();
    let agreement = relationship.agreement;
    let since = relationship.since.milliseconds();
    view! {
        <tr role="row">
            <Cell of="customer" header=true>
                {name}
            </Cell>
            <Cell of="type">{move || words::partner_type(kind)}</Cell>
            <Cell of="roles">
                <RoleNames roles=roles />
            </Cell>
            <Cell of="agreement">{move || words::agreement_state(agreement)}</Cell>
            <Cell of="since">{move || intl::date(since)}</Cell>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use api::{ETag, Partner};
    use rules::{Cloud, OrganisationId, PartnerType, RelationshipId, RelationshipState, RoleGrant};

    use super::*;

    const NOW: Timestamp = Timestamp::from_milliseconds(100 * DAY);

    fn parse<T: std::str::FromStr>(text: &str) -> T
    where
        T::Err: std::fmt::Debug,
    {
        text.parse().expect("a value")
    }

    /// A relationship with a partner of this name that holds these roles.
    fn relationship(name: &str, roles: &[AdminRole], ends: Option<Timestamp>) -> Relationship {
        Relationship {
            id: RelationshipId::new(NOW, 1),
            etag: ETag(1),
            customer: OrganisationId::new(NOW, 1),
            customer_name: parse("Brightwater"),
            cloud: Cloud::Worldwide,
            partner: Partner {
                id: OrganisationId::new(NOW, 2),
                name: parse(name),
                partner_id: parse("1234567"),
                domain: parse("partner.example"),
                country: parse("NL"),
                partner_since: NOW,
                email: parse("hello@partner.example"),
                phone: None,
                address: None,
            },
            relationship_type: PartnerType::Advisor,
            admin_roles: roles
                .iter()
                .map(|role| RoleGrant { role: *role, since: NOW, ends })
                .collect(),
            agreement: AgreementState::NotNeeded,
            since: NOW,
            ends,
            status: RelationshipStatus::Active,
            state: RelationshipState::Active,
            invitation: None,
        }
    }

    fn names<'a>(relationships: impl IntoIterator<Item = &'a Relationship>) -> Vec<&'a str> {
        relationships.into_iter().map(|one| one.partner.name.as_str()).collect()
    }

    #[test]
    fn global_administrators_come_first() {
        let helpdesk = [AdminRole::HelpdeskAdministrator];
        let both = [AdminRole::HelpdeskAdministrator, AdminRole::GlobalAdministrator];
        let all = [
            relationship("Aspen", &helpdesk, None),
            relationship("Birch", &[], None),
            relationship("Willow", &both, None),
            relationship("cedar", &both, None),
        ];
        assert_eq!(names(holders(&all)), ["cedar", "Willow", "Aspen"]);
    }

    #[test]
    fn what_ends_within_thirty_days_ends_soon() {
        let role = [AdminRole::HelpdeskAdministrator];
        let all = [
            relationship("Later", &role, Some(NOW.plus(SOON + 1))),
            relationship("Last", &role, Some(NOW.plus(SOON))),
            relationship("Never", &role, None),
            relationship("First", &role, Some(NOW.plus(DAY))),
        ];
        let soon = ending(&all, NOW);
        assert_eq!(names(soon.iter().map(|(one, _)| *one)), ["First", "Last"]);
    }

    #[test]
    fn the_agreement_matters_to_partners_that_need_it() {
        let mut needs = relationship("Needs", &[], None);
        needs.agreement = AgreementState::NotAccepted;
        let all = [relationship("Other", &[], None), needs];
        assert_eq!(names(without_agreement(&all)), ["Needs"]);
    }
}
