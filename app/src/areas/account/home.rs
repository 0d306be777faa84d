//! Home: what needs attention. For customers these are invitations, the agreement and their
//! partners' admin roles. The home page of partners is in `partner_home`.

use api::{
    AgreementState, EnquiryFilter, EnquiryQuery, EnquiryResource, InvitationFilter,
    InvitationQuery, InvitationResource, Page, RelationshipField, RelationshipFilter,
    RelationshipQuery, RelationshipResource, SortOrder, routes,
};
use leptos::prelude::*;
use rules::{
    AdminRole, DAY, EnquiryState, EnquiryStatus, InvitationStatus, Offer, OrganizationAction,
    OrganizationKind, RelationshipStatus, Timestamp, check,
};
use stylers_macro::style;

use crate::{
    areas::account::{
        attention::{AttentionCard, AttentionCount, AttentionRow, CARD_ROWS},
        partner_home::PartnerHome,
    },
    client::{self, Failure},
    features::{offer::offer_line, roles::RoleNames},
    intl::{self, days_until},
    load::{LoadState, Loader},
    route::Route,
    session, t,
    ui::{Card, ErrorState, Icon, Intent, Link, LinkButton, MessageBar, PageTitle, Skeleton},
    view::{CollectView, IntoView, View, view},
    words,
};

/// Time before its end from which a role is listed as ending soon, in milliseconds.
const ENDING_SOON: i64 = 30 * DAY;
/// Time for which a declined enquiry is shown, in milliseconds.
const DECLINED_SHOWN: i64 = 14 * DAY;

/// Data of a customer's home page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CustomerOverview {
    /// Active relationships, those with admin roles first.
    relationships: Vec<RelationshipResource>,
    /// Invitations that wait for an answer.
    invitations: Page<InvitationResource>,
    /// Enquiries that providers answered, newest first.
    enquiries: Vec<EnquiryResource>,
}

/// Fetches the data of a customer's home page.
async fn fetch_overview() -> Result<CustomerOverview, Failure> {
    // Partners with admin roles come first.
    let query = RelationshipQuery {
        filter: RelationshipFilter {
            status: vec![RelationshipStatus::Active],
            ..RelationshipFilter::default()
        },
        order: SortOrder::ascending(RelationshipField::AdminRoles),
        ..RelationshipQuery::default()
    };
    let path = format!("{}?{query}", routes::RELATIONSHIPS);
    let relationships: Page<RelationshipResource> = client::get(&path).await?;
    let query = InvitationQuery {
        filter: InvitationFilter {
            status: vec![InvitationStatus::Sent],
            ..InvitationFilter::default()
        },
        count: true,
        ..InvitationQuery::default()
    };
    let path = format!("{}?{query}", routes::INVITATIONS);
    let invitations: Page<InvitationResource> = client::get(&path).await?;
    let query = EnquiryQuery {
        filter: EnquiryFilter {
            status: vec![EnquiryStatus::Declined, EnquiryStatus::Invited],
            ..EnquiryFilter::default()
        },
        ..EnquiryQuery::default()
    };
    let path = format!("{}?{query}", routes::ENQUIRIES);
    let enquiries: Page<EnquiryResource> = client::get(&path).await?;
    Ok(CustomerOverview {
        relationships: relationships.value,
        invitations,
        enquiries: enquiries.value,
    })
}

/// The page, for `/`.
#[component]
pub fn Home() -> View {
    let session = session::current();
    let kind = session.read_untracked().organization.kind;
    let greeting = move || {
        let session = session.read();
        let (name, organization) = (session.user.name.as_str(), session.organization.name.as_str());
        match session.organization.kind {
            OrganizationKind::Customer => t::home::greeting(name, organization),
            OrganizationKind::Partner => t::home::greeting_partner(name, organization),
        }
    };
    let content = match kind {
        OrganizationKind::Customer => customer_home(),
        OrganizationKind::Partner => PartnerHome(),
    };
    let search = (kind == OrganizationKind::Customer).then(|| {
        view! {
            <LinkButton
                href=Route::FindAPartner
                label=t::shell::find_a_partner
                icon=Icon::Search
            />
        }
    });
    view! {
        <PageTitle title=t::shell::home intro=greeting>{search}</PageTitle>
        {content}
    }
}

/// Loads and shows a customer's home page.
fn customer_home() -> View {
    let overview = Loader::new(fetch_overview);
    // A memo, so that a refresh without changes doesn't render the page again.
    let state = Memo::new(move |_| overview.get());
    let content = move || match state.get() {
        LoadState::Loading => view! { <Skeleton lines=8 /> },
        LoadState::Failed(failure) => {
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
        LoadState::Ready(overview) => view! { <CustomerHome overview=overview /> },
    };
    content.into_view()
}

/// Returns the partners with admin roles, those with Global Administrator first.
fn partners_with_roles(relationships: &[RelationshipResource]) -> Vec<&RelationshipResource> {
    let mut partners: Vec<_> =
        relationships.iter().filter(|one| !one.admin_roles.is_empty()).collect();
    crate::sort::order_by(&mut partners, |one| {
        let is_global =
            one.admin_roles.iter().any(|grant| grant.role == AdminRole::GlobalAdministrator);
        (!is_global, one.partner.name.as_str().to_ascii_lowercase())
    });
    partners
}

/// Returns the relationships with roles that end soon, with the time, earliest first.
fn ending_soon(
    relationships: &[RelationshipResource],
    now: Timestamp,
) -> Vec<(&RelationshipResource, Timestamp)> {
    let mut ending: Vec<_> = relationships
        .iter()
        .filter_map(|one| Some((one, one.ends.filter(|ends| *ends <= now.plus(ENDING_SOON))?)))
        .collect();
    crate::sort::order_by(&mut ending, |(_, ends)| *ends);
    ending
}

/// Returns the partners that can't act because the agreement is not accepted.
fn without_agreement(relationships: &[RelationshipResource]) -> Vec<&RelationshipResource> {
    relationships.iter().filter(|one| one.agreement == AgreementState::NotAccepted).collect()
}

/// Returns the enquiries with an answer that the customer may not have seen: recently declined,
/// or answered with an invitation that is still open. Newest first.
fn answered_enquiries(overview: &CustomerOverview, now: Timestamp) -> Vec<&EnquiryResource> {
    let is_open = |id| {
        let invitation = overview.invitations.value.iter().find(|one| one.id == id);
        invitation.is_some_and(|one| one.state.status(now) == InvitationStatus::Sent)
    };
    overview
        .enquiries
        .iter()
        .filter(|one| match one.state {
            EnquiryState::Declined { at, .. } => now < at.plus(DECLINED_SHOWN),
            EnquiryState::Invited { invitation, .. } => is_open(invitation),
            EnquiryState::Sent { .. } | EnquiryState::Read { .. } => false,
        })
        .collect()
}

/// Returns the relationships with an accepted offer that is not created yet.
fn accepted_offers(relationships: &[RelationshipResource]) -> Vec<(&RelationshipResource, &Offer)> {
    relationships.iter().filter_map(|one| Some((one, one.offer.as_ref()?))).collect()
}

/// A customer's home page.
#[component]
fn CustomerHome(overview: CustomerOverview) -> View {
    let scope = style! {
        .attention {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr));
            align-items: start;
            gap: var(--space-4);
        }
    };
    let now = intl::now();
    let invitations = &overview.invitations;
    let without = without_agreement(&overview.relationships);
    let partners_with_roles = partners_with_roles(&overview.relationships);
    let ending_soon = ending_soon(&overview.relationships, now);
    let answered = answered_enquiries(&overview, now);
    let offers = accepted_offers(&overview.relationships);
    let is_empty = invitations.value.is_empty()
        && without.is_empty()
        && partners_with_roles.is_empty()
        && ending_soon.is_empty()
        && answered.is_empty()
        && offers.is_empty();
    let nothing_to_do = is_empty.then(|| {
        view! { <MessageBar intent=Intent::Success>{t::home::calm}</MessageBar> }
    });
    let invitation_rows = invitations.value.iter().take(CARD_ROWS as usize);
    let invitation_rows = invitation_rows.map(|one| invitation_row(one, now)).collect_view();
    let role_rows = partners_with_roles.iter().take(CARD_ROWS as usize);
    let role_rows = role_rows.map(|one| role_row(one)).collect_view();
    let ending_rows = ending_soon.iter().take(CARD_ROWS as usize);
    let ending_rows = ending_rows.map(|(one, ends)| ending_row(one, *ends, now)).collect_view();
    let agreement = (!without.is_empty()).then(|| agreement_card(&without));
    let requests = requests_card(&answered);
    let offers = (!offers.is_empty()).then(|| offers_card(&offers));
    let open_invitations = AttentionCount::from_page(invitations);
    let partners_with_roles = AttentionCount::exactly(partners_with_roles.len());
    let ending_soon = AttentionCount::exactly(ending_soon.len());
    view! { class = scope,
        <div class="stack">
            {nothing_to_do}
            <div class="attention">
                <AttentionCard
                    icon=Icon::Mail
                    title=t::home::waiting
                    count=open_invitations
                    empty=t::home::no_waiting
                    href=Route::PartnerRelationships
                    link=t::home::all_partners
                >
                    {invitation_rows}
                </AttentionCard>
                {requests}
                {offers}
                {agreement}
                <AttentionCard
                    icon=Icon::Key
                    title=t::home::holders
                    count=partners_with_roles
                    empty=t::home::no_holders
                    href=format!("{}?sort=adminRoles", Route::PartnerRelationships)
                    link=t::home::all_holders
                >
                    {role_rows}
                </AttentionCard>
                <AttentionCard
                    icon=Icon::Clock
                    title=t::home::ending
                    count=ending_soon
                    empty=t::home::no_ending
                    href=format!("{}?sort=ends", Route::PartnerRelationships)
                    link=t::home::all_ending
                >
                    {ending_rows}
                </AttentionCard>
            </div>
        </div>
    }
}

fn invitation_row(invitation: &InvitationResource, now: Timestamp) -> View {
    let href = Route::PartnerInvitation(Some(invitation.id));
    let kind = invitation.relationship_type;
    let expires = invitation.state.expires().unwrap_or(now).milliseconds();
    let about = move || t::home::invitation(days_until(expires), &words::partner_type(kind));
    let name = invitation.partner.name.to_string();
    let action = row_link(href, t::home::review, t::home::review_of, &name);
    view! { <AttentionRow title=name.into_view() about=about.into_view() action=action.into_view() /> }
}

/// Shows the link of a row. Screen readers hear whom it is about, too.
fn row_link(href: Route, label: fn() -> String, of: fn(&str) -> String, name: &str) -> View {
    let name = name.to_owned();
    view! {
        <Link href=href class="button secondary">
            {label}
            <span class="visually-hidden">" " {move || of(&name)}</span>
        </Link>
    }
}

/// Shows a link to a partner's page.
fn partner_link(relationship: &RelationshipResource) -> View {
    let href = Route::Partner(Some(relationship.id));
    let name = relationship.partner.name.to_string();
    view! { <Link href=href>{name}</Link> }
}

fn role_row(relationship: &RelationshipResource) -> View {
    let roles = relationship.admin_roles.iter().map(|grant| grant.role).collect();
    let about = view! { <RoleNames roles=roles /> };
    view! { <AttentionRow title=partner_link(relationship) about=about.into_view() /> }
}

fn ending_row(relationship: &RelationshipResource, ends: Timestamp, now: Timestamp) -> View {
    let roles: Vec<_> = relationship
        .admin_roles
        .iter()
        .filter(|grant| grant.ends.is_some_and(|end| end <= now.plus(ENDING_SOON)))
        .map(|grant| grant.role)
        .collect();
    let ends = ends.milliseconds();
    let about = move || {
        let roles: Vec<_> = roles.iter().copied().map(words::admin_role).collect();
        let relative = intl::relative(ends, now.milliseconds());
        t::home::ends(&intl::date(ends), &intl::list(&roles), &relative)
    };
    view! { <AttentionRow title=partner_link(relationship) about=about.into_view() /> }
}

/// Shows the answered enquiries, with a link to the list of enquiries or to the search.
fn requests_card(answered: &[&EnquiryResource]) -> View {
    let rows = answered.iter().take(CARD_ROWS as usize).map(|one| request_row(one)).collect_view();
    let (href, link): (_, fn() -> String) = match answered {
        [] => (Route::FindAPartner, t::shell::find_a_partner),
        _ => (Route::MyRequests, t::home::all_requests),
    };
    view! {
        <AttentionCard
            icon=Icon::Send
            title=t::home::answered
            count=AttentionCount::exactly(answered.len())
            empty=t::home::no_answered
            href=href
            link=link
        >
            {rows}
        </AttentionCard>
    }
}

fn request_row(enquiry: &EnquiryResource) -> View {
    let name = enquiry.partner.name.to_string();
    let status = enquiry.state.status(intl::now());
    let at = match enquiry.state {
        EnquiryState::Declined { at, .. }
        | EnquiryState::Invited { at, .. }
        | EnquiryState::Read { at, .. } => at,
        EnquiryState::Sent { .. } => enquiry.created,
    };
    let at = at.milliseconds();
    let about = move || {
        let date = intl::date(at);
        if status == EnquiryStatus::Declined {
            t::home::request_declined(&date)
        } else {
            t::home::request_invited(&date)
        }
    };
    let href = if let EnquiryState::Invited { invitation, .. } = enquiry.state {
        Route::PartnerInvitation(Some(invitation))
    } else {
        Route::MyRequests
    };
    let action = row_link(href, t::home::see, t::home::answer_of, &name);
    view! { <AttentionRow title=name.into_view() about=about.into_view() action=action.into_view() /> }
}

/// Shows the accepted offers that are not created yet.
fn offers_card(offers: &[(&RelationshipResource, &Offer)]) -> View {
    let rows = offers
        .iter()
        .take(CARD_ROWS as usize)
        .map(|(relationship, offer)| {
            let offer = (*offer).clone();
            let about = move || offer_line(&offer);
            let href = Route::Partner(Some(relationship.id));
            let name = relationship.partner.name.as_str();
            let action = row_link(href, t::home::create, t::home::create_of, name);
            let title = partner_link(relationship);
            view! { <AttentionRow title=title about=about.into_view() action=action.into_view() /> }
        })
        .collect_view();
    view! {
        <AttentionCard
            icon=Icon::Cart
            title=t::home::offers
            count=AttentionCount::exactly(offers.len())
            empty=t::home::no_offers
            href=Route::PartnerRelationships
            link=t::home::all_partners
        >
            {rows}
        </AttentionCard>
    }
}

/// Shows the partners that wait for the agreement, with a link to accept it.
fn agreement_card(without: &[&RelationshipResource]) -> View {
    let names: Vec<_> = without.iter().map(|one| one.partner.name.to_string()).collect();
    let text = move || t::home::agreement(&intl::list(&names));
    let session = session::current();
    let refused = move || {
        let session = session.read();
        let facts = session.organization.facts();
        let now = intl::now();
        let refusal =
            check(&session.actor(), &facts, OrganizationAction::AcceptAgreement, now).err()?;
        Some(view! { <p class="muted">{move || words::refusal(refusal)}</p> })
    };
    view! {
        <Card title=t::home::agreement_title>
            <div class="stack">
                <MessageBar intent=Intent::Warning>{text}</MessageBar>
                {refused}
                <div>
                    <LinkButton
                        href=Route::Agreement
                        label=t::home::accept_agreement
                        icon=Icon::Document
                    />
                </div>
            </div>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use api::{ETag, Partner};
    use rules::{
        Cloud, EnquiryId, InvitationId, OfferKind, OrganizationId, OrganizationSize, PartnerType,
        RelationshipId, RelationshipState, RoleGrant, UserId,
    };

    use super::*;

    const NOW: Timestamp = Timestamp::from_milliseconds(100 * DAY);

    fn parse<T: std::str::FromStr>(text: &str) -> T
    where
        T::Err: std::fmt::Debug,
    {
        text.parse().expect("a value")
    }

    /// Returns a relationship with a partner of this name and these roles.
    fn relationship(
        name: &str,
        roles: &[AdminRole],
        ends: Option<Timestamp>,
    ) -> RelationshipResource {
        RelationshipResource {
            id: RelationshipId::new(NOW, 1),
            etag: ETag(1),
            customer: OrganizationId::new(NOW, 1),
            customer_name: parse("Brightwater"),
            cloud: Cloud::Worldwide,
            partner: Partner {
                id: OrganizationId::new(NOW, 2),
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
            offer: None,
            active_subscriptions: 0,
        }
    }

    fn names<'a>(
        relationships: impl IntoIterator<Item = &'a RelationshipResource>,
    ) -> Vec<&'a str> {
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
        assert_eq!(names(partners_with_roles(&all)), ["cedar", "Willow", "Aspen"]);
    }

    #[test]
    fn roles_that_end_within_thirty_days_are_listed() {
        let role = [AdminRole::HelpdeskAdministrator];
        let all = [
            relationship("Later", &role, Some(NOW.plus(ENDING_SOON + 1))),
            relationship("Last", &role, Some(NOW.plus(ENDING_SOON))),
            relationship("Never", &role, None),
            relationship("First", &role, Some(NOW.plus(DAY))),
        ];
        let soon = ending_soon(&all, NOW);
        assert_eq!(names(soon.iter().map(|(one, _)| *one)), ["First", "Last"]);
    }

    #[test]
    fn only_partners_that_need_the_agreement_wait_for_it() {
        let mut needs = relationship("Needs", &[], None);
        needs.agreement = AgreementState::NotAccepted;
        let all = [relationship("Other", &[], None), needs];
        assert_eq!(names(without_agreement(&all)), ["Needs"]);
    }

    /// Returns an enquiry to a partner of this name.
    fn enquiry(name: &str, state: EnquiryState) -> EnquiryResource {
        EnquiryResource {
            id: EnquiryId::new(NOW, 1),
            etag: ETag(1),
            customer: OrganizationId::new(NOW, 1),
            customer_name: parse("Brightwater"),
            partner: relationship(name, &[], None).partner,
            cloud: Cloud::Worldwide,
            country: parse("NL"),
            city: None,
            size: OrganizationSize::From51To250,
            needs: parse("Help."),
            contact_name: parse("Anna de Vries"),
            contact_email: parse("anna@brightwater.example"),
            contact_phone: None,
            created: NOW,
            created_by: UserId::new(NOW, 1),
            created_by_name: parse("Anna de Vries"),
            status: state.status(NOW),
            state,
        }
    }

    #[test]
    fn recent_and_open_answers_are_shown() {
        let by = UserId::new(NOW, 2);
        let reason = || parse("No room.");
        let invitation = InvitationId::new(NOW, 1);
        let overview = CustomerOverview {
            relationships: Vec::new(),
            // The invitation of the answered enquiry is no longer open.
            invitations: Page { value: Vec::new(), next_link: None, count: Some(0) },
            enquiries: vec![
                enquiry("Waits", EnquiryState::Sent { expires: NOW.plus(DAY) }),
                enquiry("Now", EnquiryState::Declined { at: NOW, by, reason: reason() }),
                enquiry(
                    "Long ago",
                    EnquiryState::Declined { at: NOW.plus(-DECLINED_SHOWN), by, reason: reason() },
                ),
                enquiry("Answered", EnquiryState::Invited { at: NOW, by, invitation }),
            ],
        };
        let names: Vec<_> = answered_enquiries(&overview, NOW)
            .iter()
            .map(|one| one.partner.name.as_str())
            .collect();
        assert_eq!(names, ["Now"]);
    }

    #[test]
    fn accepted_offers_are_shown() {
        let mut with = relationship("With", &[], None);
        with.offer =
            Some(Offer { kind: OfferKind::Trial, product: parse("Office 365 E3"), quantity: 25 });
        let all = [relationship("Without", &[], None), with];
        assert_eq!(names(accepted_offers(&all).iter().map(|(one, _)| *one)), ["With"]);
    }
}
