//! Subjects and actors that the tests use.

use rules::{
    AccountKind, Actor, AdminRole, BillingAccountId, Cloud, Currency, DAY, DisplayName, DomainName,
    ENQUIRY_LIFETIME, EmailAddress, EndedBy, Enquiry, EnquiryChange, EnquiryFacts, EnquiryId,
    EnquiryState, HOUR, Invitation, InvitationChange, InvitationContent, InvitationFacts,
    InvitationId, InvitationState, Language, Member, Money, NewSubscription, Note, Offer,
    OfferKind, Order, OrderFacts, OrganizationFacts, OrganizationId, OrganizationKind,
    OrganizationSize, PartnerAccount, PartnerOfRecord, PartnerType, PastPartnerOfRecord, ProductId,
    Refusal, Rejection, Relationship, RelationshipChange, RelationshipFacts, RelationshipId,
    RelationshipState, RoleGrant, Subscription, SubscriptionChange, SubscriptionFacts,
    SubscriptionId, SubscriptionState, Term, Timestamp, UserId, UserRole, VersionedSubject,
};

pub(crate) const NOW: Timestamp = Timestamp::from_milliseconds(1_800_000_000_000);

pub(crate) fn organization(number: u128) -> OrganizationId {
    OrganizationId::new(Timestamp::from_milliseconds(0), number)
}

pub(crate) fn customer() -> OrganizationId {
    organization(1)
}

pub(crate) fn partner() -> OrganizationId {
    organization(2)
}

pub(crate) fn any_user() -> UserId {
    UserId::new(NOW, 7)
}

pub(crate) fn member(organization: OrganizationId, role: UserRole, cloud: Cloud) -> Actor {
    Actor::Member(Member {
        user: any_user(),
        organization,
        kind: role.kind(),
        clouds: vec![cloud],
        roles: vec![role],
    })
}

pub(crate) fn invitation(
    kind: PartnerType,
    cloud: Cloud,
    state: InvitationState,
) -> InvitationFacts {
    let record = Invitation {
        id: InvitationId::new(NOW, 1),
        customer: customer(),
        cloud,
        partner: partner(),
        partner_type: kind,
        admin_roles: kind.admin_roles().to_vec(),
        recipient: EmailAddress::parse_optional("anna@customer.example").expect("an address"),
        recipient_name: DisplayName::parse_optional("Anna").expect("a name"),
        language: Language::English,
        message: None,
        enquiry: None,
        terms: None,
        offer: None,
        created: NOW,
        created_by: any_user(),
        state,
        version: 1,
    };
    let customer_domain = DomainName::parse("customer.example").expect("a domain");
    InvitationFacts { record, customer_domain }
}

pub(crate) fn invitation_states() -> Vec<InvitationState> {
    let at = NOW.plus(-DAY);
    let by = any_user();
    vec![
        InvitationState::Draft,
        InvitationState::Sent { at, expires: NOW.plus(DAY), resent: None },
        InvitationState::Accepted { at, by, sent: Some(at) },
        InvitationState::Canceled { at, by, reason: None, sent: Some(at) },
        InvitationState::Withdrawn { at, by, sent: Some(at) },
        InvitationState::Sent { at: NOW.plus(-90 * DAY), expires: NOW, resent: None },
    ]
}

/// Invitations with further details that permissions depend on, besides type and state.
pub(crate) fn particular_invitations(cloud: Cloud) -> Vec<(&'static str, InvitationFacts)> {
    let reseller = |state| invitation(PartnerType::Reseller, cloud, state);
    let draft = |change: fn(&mut Invitation)| {
        let mut draft = reseller(InvitationState::Draft);
        change(&mut draft.record);
        draft
    };
    let sent = |at, resent| reseller(InvitationState::Sent { at, expires: NOW.plus(DAY), resent });
    let week_ago = NOW.plus(-7 * DAY);
    let hour_ago = NOW.plus(-HOUR);
    vec![
        ("draft without a recipient", draft(|one| one.recipient = None)),
        ("draft without a recipient's name", draft(|one| one.recipient_name = None)),
        ("draft with an offer", draft(|one| one.offer = Some(offer()))),
        (
            "draft with terms",
            draft(|one| one.terms = Some(Note::parse("Thirty days.").expect("a note"))),
        ),
        (
            "draft with roles that its type can't hold",
            draft(|one| one.admin_roles = AdminRole::ALL.to_vec()),
        ),
        ("sent an hour ago", sent(hour_ago, None)),
        ("sent again an hour ago", sent(week_ago, Some(hour_ago))),
        ("sent again a day ago", sent(week_ago, Some(NOW.plus(-DAY)))),
    ]
}

/// The content that the invitation has.
pub(crate) fn content(invitation: &Invitation) -> InvitationContent {
    InvitationContent {
        partner_type: invitation.partner_type,
        ask_for_admin_roles: !invitation.admin_roles.is_empty(),
        recipient: invitation.recipient.clone(),
        recipient_name: invitation.recipient_name.clone(),
        language: invitation.language,
        message: invitation.message.clone(),
        terms: invitation.terms.clone(),
        offer: invitation.offer.clone(),
    }
}

pub(crate) fn enquiry(cloud: Cloud, state: EnquiryState) -> EnquiryFacts {
    let record = Enquiry {
        id: EnquiryId::new(NOW, 1),
        customer: customer(),
        cloud,
        partner: partner(),
        country: "NL".parse().expect("a country"),
        city: None,
        size: OrganizationSize::From10To50,
        needs: Note::parse("Moving to the cloud").expect("a note"),
        contact_name: DisplayName::parse("Anna").expect("a name"),
        contact_email: EmailAddress::parse("anna@customer.example").expect("an address"),
        contact_phone: None,
        created: NOW,
        created_by: any_user(),
        state,
        version: 1,
    };
    EnquiryFacts { record }
}

pub(crate) fn enquiry_states() -> Vec<EnquiryState> {
    let at = NOW.plus(-DAY);
    let by = any_user();
    let expires = at.plus(ENQUIRY_LIFETIME);
    let reason = Note::parse("No people").expect("a note");
    vec![
        EnquiryState::Sent { expires },
        EnquiryState::Read { at, by, expires },
        EnquiryState::Declined { at, by, reason },
        EnquiryState::Invited { at, by, invitation: InvitationId::new(NOW, 1) },
        EnquiryState::Sent { expires: NOW },
        EnquiryState::Read { at, by, expires: NOW },
    ]
}

pub(crate) fn relationship(
    kind: PartnerType,
    cloud: Cloud,
    state: RelationshipState,
    roles: bool,
) -> RelationshipFacts {
    let grant = |role: &AdminRole| RoleGrant { role: *role, since: NOW, ends: None };
    let record = Relationship {
        id: RelationshipId::new(NOW, 1),
        customer: customer(),
        cloud,
        partner: partner(),
        partner_type: kind,
        grants: if roles { kind.admin_roles().iter().map(grant).collect() } else { Vec::new() },
        since: NOW,
        invitation: None,
        state,
        version: 1,
    };
    RelationshipFacts { record, active_subscriptions: 0, agreement_accepted: false, offer: None }
}

pub(crate) fn offer() -> Offer {
    Offer {
        kind: OfferKind::Trial,
        product: DisplayName::parse("Office 365").expect("a name"),
        quantity: 25,
    }
}

/// An account of this partner that works in one cloud.
pub(crate) fn account(
    partner: OrganizationId,
    id: &str,
    kind: AccountKind,
    cloud: Cloud,
) -> PartnerAccount {
    PartnerAccount {
        partner_id: id.parse().expect("a Partner ID"),
        partner,
        kind,
        name: DisplayName::parse("Partner, Utrecht").expect("a name"),
        country: "NL".parse().expect("a country"),
        city: None,
        clouds: vec![cloud],
    }
}

/// Accounts that could be named: the partner's, another of the same partner, that of
/// another partner, a whole company, and one that works in other clouds alone.
pub(crate) fn accounts(cloud: Cloud) -> Vec<PartnerAccount> {
    let others = Cloud::ALL.iter().copied().filter(|other| *other != cloud).collect();
    let location = |of, id| account(of, id, AccountKind::Location, cloud);
    vec![
        location(partner(), "4391507"),
        location(partner(), "4391511"),
        location(organization(5), "2719390"),
        account(partner(), "4391500", AccountKind::Global, cloud),
        PartnerAccount { clouds: others, ..location(organization(6), "6021440") },
    ]
}

/// Reseller that sold a subscription, and the facts about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seller {
    pub(crate) sells: bool,
    pub(crate) agreement_accepted: bool,
}

pub(crate) fn subscription(
    cloud: Cloud,
    state: SubscriptionState,
    seller: Option<Seller>,
    partner_of_record: Option<PartnerOfRecord>,
) -> SubscriptionFacts {
    let record = Subscription {
        unit_price: Some(Money { amount: 2_350, currency: Currency::Eur }),
        seller: seller.map(|_| partner()),
        state,
        partner_of_record,
        ..Subscription::new(NewSubscription {
            id: SubscriptionId::new(NOW, 1),
            customer: customer(),
            cloud,
            product_name: DisplayName::parse("Office 365 E3").expect("a name"),
            quantity: 25,
            term: Term::Year,
            billing_account: BillingAccountId::new(NOW, 1),
            created: NOW.plus(-40 * DAY),
            created_by: any_user(),
            created_by_organization: customer(),
        })
    };
    SubscriptionFacts {
        record,
        seller_sells: seller.is_some_and(|seller| seller.sells),
        agreement_accepted: seller.is_some_and(|seller| seller.agreement_accepted),
    }
}

pub(crate) fn record(partner: OrganizationId) -> PartnerOfRecord {
    PartnerOfRecord {
        partner_id: "4391507".parse().expect("a Partner ID"),
        partner,
        since: NOW.plus(-20 * DAY),
        set_by: any_user(),
    }
}

pub(crate) fn subscription_states() -> Vec<(&'static str, SubscriptionState)> {
    let (at, by) = (NOW.plus(-DAY), any_user());
    vec![
        ("trial", SubscriptionState::Trial { ends: NOW.plus(1) }),
        ("active", SubscriptionState::Active),
        ("suspended", SubscriptionState::Suspended { at, by }),
        ("ended", SubscriptionState::Ended { at, by }),
        ("trial that is over", SubscriptionState::Trial { ends: NOW }),
    ]
}

/// Possible sellers of a subscription: Microsoft, or a reseller in each state.
pub(crate) fn sellers() -> Vec<(&'static str, Option<Seller>)> {
    let seller = |sells, agreement_accepted| Some(Seller { sells, agreement_accepted });
    vec![
        ("Microsoft", None),
        ("the partner", seller(true, true)),
        ("the partner without the agreement", seller(true, false)),
        ("the partner before it left", seller(false, true)),
    ]
}

/// Possible partners of record.
pub(crate) fn records() -> Vec<(&'static str, Option<PartnerOfRecord>)> {
    vec![
        ("none", None),
        ("the partner", Some(record(partner()))),
        ("another partner", Some(record(organization(5)))),
    ]
}

pub(crate) fn organization_facts(kind: OrganizationKind, cloud: Cloud) -> OrganizationFacts {
    let id = match kind {
        OrganizationKind::Customer => customer(),
        OrganizationKind::Partner => partner(),
    };
    OrganizationFacts { id, kind, cloud, accepted_agreement: None, current_agreement: Some(2) }
}

pub(crate) fn order(partner: Option<PartnerAccount>) -> Order {
    let price = Money { amount: 2_350, currency: Currency::Eur };
    Order {
        subscription: SubscriptionId::new(NOW, 1),
        product: ProductId::new(NOW, 1),
        product_name: DisplayName::parse("Office 365 E3").expect("a name"),
        quantity: 25,
        term: Term::Year,
        shown_price: price,
        catalog_price: price,
        billing_account: BillingAccountId::new(NOW, 1),
        partner,
    }
}

pub(crate) fn subscription_changes(
    account: &PartnerAccount,
    quantity: u32,
) -> Vec<SubscriptionChange<'_>> {
    vec![
        SubscriptionChange::SetPartnerOfRecord(account),
        SubscriptionChange::RemovePartnerOfRecord,
        SubscriptionChange::Quantity(quantity),
        SubscriptionChange::Suspend,
        SubscriptionChange::Reactivate,
        SubscriptionChange::Cancel,
    ]
}

pub(crate) fn invitation_changes(invitation: &Invitation) -> Vec<InvitationChange> {
    vec![
        InvitationChange::Accept,
        InvitationChange::Cancel(None),
        InvitationChange::Edit(InvitationContent {
            ask_for_admin_roles: false,
            terms: None,
            offer: None,
            ..content(invitation)
        }),
        InvitationChange::Send,
        InvitationChange::Resend,
        InvitationChange::Withdraw,
    ]
}

pub(crate) fn enquiry_changes() -> Vec<EnquiryChange> {
    vec![
        EnquiryChange::Read,
        EnquiryChange::Decline(Note::parse("No").expect("a note")),
        EnquiryChange::Answer(InvitationId::new(NOW, 3)),
    ]
}

/// A subject that tests change at its current version.
pub(crate) trait ApplyNow<C>: VersionedSubject + Clone {
    type Changed;

    fn apply_version(
        self,
        actor: &Actor,
        change: C,
        version: i64,
        now: Timestamp,
    ) -> Result<Self::Changed, Rejection>;

    fn apply_now(
        &self,
        actor: &Actor,
        change: C,
        now: Timestamp,
    ) -> Result<Self::Changed, Refusal> {
        let changed = self.clone().apply_version(actor, change, self.version(), now);
        changed.map_err(|rejection| match rejection {
            Rejection::Refused(refusal) => refusal,
            Rejection::VersionMismatch => panic!("the version is current"),
        })
    }
}

macro_rules! apply_now {
    ($subject:ty, $change:ty, $changed:ty) => {
        impl ApplyNow<$change> for $subject {
            type Changed = $changed;

            fn apply_version(
                self,
                actor: &Actor,
                change: $change,
                version: i64,
                now: Timestamp,
            ) -> Result<Self::Changed, Rejection> {
                self.apply(actor, change, version, now)
            }
        }
    };
}

apply_now!(RelationshipFacts, RelationshipChange, Self);
apply_now!(InvitationFacts, InvitationChange, Self);
apply_now!(EnquiryFacts, EnquiryChange, Self);
apply_now!(SubscriptionFacts, SubscriptionChange<'_>, (Self, Option<PastPartnerOfRecord>));

/// The ways in which a customer can buy.
pub(crate) fn order_sources(cloud: Cloud) -> Vec<(&'static str, OrderFacts)> {
    let through = |kind, state, agreement_accepted| {
        let facts = relationship(kind, cloud, state, true);
        OrderFacts::FromReseller(RelationshipFacts { agreement_accepted, ..facts })
    };
    let active = RelationshipState::Active;
    let ended = RelationshipState::Ended { at: NOW, by: EndedBy::Partner, user: any_user() };
    let customer = organization_facts(OrganizationKind::Customer, cloud);
    vec![
        ("Microsoft", OrderFacts::FromMicrosoft(customer)),
        ("a reseller", through(PartnerType::Reseller, active, true)),
        ("a reseller without the agreement", through(PartnerType::Reseller, active, false)),
        ("a former reseller", through(PartnerType::Reseller, ended, true)),
        ("an advisor", through(PartnerType::Advisor, active, true)),
    ]
}
