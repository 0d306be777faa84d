//! The permission matrix, compared with golden files, and properties of all permissions.
//!
//! The golden files list who may do what in every state, so that a changed rule is visible
//! in review. Write them again with `UPDATE_GOLDEN=1 cargo test -p rules`.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseError;
use rules::{
    AccountKind, Actor, AdminRole, AgreementDocument, AgreementToAccept, BillingAccountId,
    Capability, CapabilityStatus, Cloud, Currency, DAY, DisplayName, DocumentHash, DomainName,
    ENQUIRY_LIFETIME, EmailAddress, EndedBy, Enquiry, EnquiryAction, EnquiryChange, EnquiryContent,
    EnquiryFacts, EnquiryId, EnquiryState, EnquiryStatus, EnquiryToSend, HOUR, INVITATION_LIFETIME,
    Invitation, InvitationAction, InvitationChange, InvitationContent, InvitationFacts,
    InvitationId, InvitationState, InvitationStatus, Language, Member, Money, NewInvitation, Note,
    Offer, OfferKind, Order, OrderFacts, OrganizationAction, OrganizationFacts, OrganizationId,
    OrganizationKind, OrganizationSize, PartnerAccount, PartnerOfRecord, PartnerType,
    PastPartnerOfRecord, ProductId, RESEND_PAUSE, Refusal, Rejection, Relationship,
    RelationshipAction, RelationshipChange, RelationshipFacts, RelationshipId, RelationshipState,
    RelationshipStatus, RoleGrant, Subject, Subscription, SubscriptionAction, SubscriptionChange,
    SubscriptionFacts, SubscriptionId, SubscriptionState, SubscriptionStatus, TRIAL_LENGTH, Term,
    Timestamp, UserId, UserRole, VersionedSubject, allowed_actions, check, check_version,
    ensure_recipient_in_domain,
};
use strum::VariantArray;

const NOW: Timestamp = Timestamp::from_milliseconds(1_800_000_000_000);

fn organization(number: u128) -> OrganizationId {
    OrganizationId::new(Timestamp::from_milliseconds(0), number)
}

fn customer() -> OrganizationId {
    organization(1)
}

fn partner() -> OrganizationId {
    organization(2)
}

fn any_user() -> UserId {
    UserId::new(NOW, 7)
}

/// anyone who may ask: each role in the organization that is concerned, and those
/// who have nothing to do with it.
fn actors(cloud: Cloud) -> Vec<(String, Actor)> {
    let other_cloud = if cloud == Cloud::Worldwide { Cloud::Germany } else { Cloud::Worldwide };
    let mut actors = vec![("visitor".to_owned(), Actor::Visitor)];
    for role in UserRole::ALL {
        let own = match role.kind() {
            OrganizationKind::Customer => customer(),
            OrganizationKind::Partner => partner(),
        };
        actors.push((role.to_string(), member(own, *role, cloud)));
    }
    let admin = UserRole::GlobalAdministrator;
    actors.push(("other customer's administrator".into(), member(organization(3), admin, cloud)));
    actors.push((
        "administrator in another cloud".into(),
        member(organization(4), admin, other_cloud),
    ));
    let Actor::Member(agent) = member(partner(), UserRole::AdminAgent, other_cloud) else {
        unreachable!("a member")
    };
    actors.push(("adminAgent without this cloud".into(), Actor::Member(agent)));
    actors.push((
        "other partner's agent".into(),
        member(organization(5), UserRole::AdminAgent, cloud),
    ));
    actors
}

fn member(organization: OrganizationId, role: UserRole, cloud: Cloud) -> Actor {
    Actor::Member(Member {
        user: any_user(),
        organization,
        kind: role.kind(),
        clouds: vec![cloud],
        roles: vec![role],
    })
}

fn invitation(kind: PartnerType, cloud: Cloud, state: InvitationState) -> InvitationFacts {
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

fn invitation_states() -> Vec<InvitationState> {
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
fn particular_invitations(cloud: Cloud) -> Vec<(&'static str, InvitationFacts)> {
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
fn content(invitation: &Invitation) -> InvitationContent {
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

/// A subject that tests change at its current version.
trait ApplyNow<C>: VersionedSubject + Clone {
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

fn enquiry(cloud: Cloud, state: EnquiryState) -> EnquiryFacts {
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

fn enquiry_states() -> Vec<EnquiryState> {
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

fn relationship(
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

fn offer() -> Offer {
    Offer {
        kind: OfferKind::Trial,
        product: DisplayName::parse("Office 365").expect("a name"),
        quantity: 25,
    }
}

/// An account of this partner that works in one cloud.
fn account(partner: OrganizationId, id: &str, kind: AccountKind, cloud: Cloud) -> PartnerAccount {
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
fn accounts(cloud: Cloud) -> Vec<PartnerAccount> {
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
struct Seller {
    sells: bool,
    agreement_accepted: bool,
}

fn subscription(
    cloud: Cloud,
    state: SubscriptionState,
    seller: Option<Seller>,
    partner_of_record: Option<PartnerOfRecord>,
) -> SubscriptionFacts {
    let record = Subscription {
        id: SubscriptionId::new(NOW, 1),
        customer: customer(),
        cloud,
        product: None,
        product_name: DisplayName::parse("Office 365 E3").expect("a name"),
        quantity: 25,
        term: Term::Year,
        unit_price: Some(Money { amount: 2_350, currency: Currency::Eur }),
        billing_account: BillingAccountId::new(NOW, 1),
        seller: seller.map(|_| partner()),
        offer_of: None,
        state,
        partner_of_record,
        created: NOW.plus(-40 * DAY),
        created_by: any_user(),
        created_by_organization: customer(),
        version: 1,
    };
    SubscriptionFacts {
        record,
        seller_sells: seller.is_some_and(|seller| seller.sells),
        agreement_accepted: seller.is_some_and(|seller| seller.agreement_accepted),
    }
}

fn record(partner: OrganizationId) -> PartnerOfRecord {
    PartnerOfRecord {
        partner_id: "4391507".parse().expect("a Partner ID"),
        partner,
        since: NOW.plus(-20 * DAY),
        set_by: any_user(),
    }
}

fn subscription_states() -> Vec<(&'static str, SubscriptionState)> {
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
fn sellers() -> Vec<(&'static str, Option<Seller>)> {
    let seller = |sells, agreement_accepted| Some(Seller { sells, agreement_accepted });
    vec![
        ("bought from Microsoft", None),
        ("sold by the partner", seller(true, true)),
        ("sold by the partner, agreement not accepted", seller(true, false)),
        ("sold by a partner that left", seller(false, true)),
    ]
}

/// Possible partners of record.
fn records() -> Vec<(&'static str, Option<PartnerOfRecord>)> {
    vec![
        ("no partner of record", None),
        ("the partner of record", Some(record(partner()))),
        ("the other partner of record", Some(record(organization(5)))),
    ]
}

/// Writes a line for each actor, with the result of every action.
fn rows<S: Subject>(table: &mut String, subject: &S, cloud: Cloud)
where
    S::Action: std::fmt::Display,
{
    for (name, actor) in actors(cloud) {
        let answers: Vec<String> = S::Action::VARIANTS
            .iter()
            .map(|action| match check(&actor, subject, *action, NOW) {
                Ok(()) => format!("{action} YES"),
                Err(refusal) => format!("{action} {refusal}"),
            })
            .collect();
        writeln!(table, "  {name:<32} {}", answers.join(" | ")).expect("a String takes everything");
    }
}

fn compare(name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/access").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "UPDATE_GOLDEN is set in CI, where the golden files are compared and never written"
        );
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, table).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (is, was)) in table.lines().zip(golden.lines()).enumerate() {
        assert_eq!(
            is,
            was,
            "{name}, line {}: a rule changed. If it should, write it again with UPDATE_GOLDEN=1.",
            line + 1
        );
    }
    assert_eq!(table.lines().count(), golden.lines().count(), "{name} has another number of lines");
}

#[test]
fn the_matrix_of_relationships_is_as_reviewed() {
    let ended = RelationshipState::Ended { at: NOW, by: EndedBy::Customer, user: any_user() };
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for kind in PartnerType::ALL {
            for (label, state, roles) in [
                ("active, with its roles", RelationshipState::Active, true),
                ("active, without roles", RelationshipState::Active, false),
                ("ended", ended, false),
            ] {
                writeln!(table, "{cloud}, {kind}, {label}").expect("a String takes everything");
                rows(&mut table, &relationship(*kind, *cloud, state, roles), *cloud);
            }
            writeln!(table, "{cloud}, {kind}, active, with a subscription")
                .expect("a String takes everything");
            let standing = relationship(*kind, *cloud, RelationshipState::Active, true);
            let selling = RelationshipFacts { active_subscriptions: 1, ..standing.clone() };
            rows(&mut table, &selling, *cloud);
            writeln!(table, "{cloud}, {kind}, active, with the agreement and an offer")
                .expect("a String takes everything");
            let offering =
                RelationshipFacts { agreement_accepted: true, offer: Some(offer()), ..standing };
            rows(&mut table, &offering, *cloud);
        }
    }
    compare("relationships.txt", &table);
}

#[test]
fn the_matrix_of_subscriptions_is_as_reviewed() {
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for (state_label, state) in subscription_states() {
            for (seller_label, seller) in sellers() {
                for (record_label, partner_of_record) in records() {
                    writeln!(table, "{cloud}, {state_label}, {seller_label}, {record_label}")
                        .expect("a String takes everything");
                    let one = subscription(*cloud, state, seller, partner_of_record);
                    rows(&mut table, &one, *cloud);
                }
            }
        }
    }
    compare("subscriptions.txt", &table);
}

#[test]
fn the_matrix_of_invitations_is_as_reviewed() {
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for kind in PartnerType::ALL {
            for state in invitation_states() {
                let invitation = invitation(*kind, *cloud, state);
                writeln!(table, "{cloud}, {kind}, {}", invitation.record.status(NOW))
                    .expect("a String takes everything");
                rows(&mut table, &invitation, *cloud);
            }
        }
    }
    for cloud in Cloud::ALL {
        for (label, invitation) in particular_invitations(*cloud) {
            writeln!(table, "{cloud}, {}, {label}", invitation.record.partner_type)
                .expect("a String takes everything");
            rows(&mut table, &invitation, *cloud);
        }
    }
    compare("invitations.txt", &table);
}

#[test]
fn the_matrix_of_enquiries_is_as_reviewed() {
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for state in enquiry_states() {
            let read = matches!(state, EnquiryState::Read { .. });
            let enquiry = enquiry(*cloud, state);
            let status = enquiry.record.status(NOW);
            let label =
                if read && status == EnquiryStatus::Expired { ", after reading" } else { "" };
            writeln!(table, "{cloud}, {status}{label}").expect("a String takes everything");
            rows(&mut table, &enquiry, *cloud);
        }
    }
    compare("enquiries.txt", &table);
}

#[test]
fn the_matrix_of_organizations_is_as_reviewed() {
    let mut table = String::new();
    for cloud in Cloud::ALL {
        for (id, kind) in
            [(customer(), OrganizationKind::Customer), (partner(), OrganizationKind::Partner)]
        {
            for (accepted, current) in
                [(None, None), (None, Some(1)), (Some(1), Some(1)), (Some(1), Some(2))]
            {
                let facts = OrganizationFacts {
                    id,
                    kind,
                    cloud: *cloud,
                    accepted_agreement: accepted,
                    current_agreement: current,
                };
                writeln!(
                    table,
                    "{cloud}, {kind}, agreement accepted {accepted:?}, current {current:?}"
                )
                .expect("a String takes everything");
                rows(&mut table, &facts, *cloud);
            }
        }
    }
    compare("organizations.txt", &table);
}

#[test]
fn every_refusal_can_happen_or_depends_on_input() {
    let mut seen: Vec<Refusal> = Vec::new();
    for name in [
        "relationships.txt",
        "invitations.txt",
        "organizations.txt",
        "enquiries.txt",
        "subscriptions.txt",
    ] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/access").join(name);
        let golden = std::fs::read_to_string(path).unwrap_or_default();
        seen.extend(golden.split_whitespace().filter_map(|word| word.parse::<Refusal>().ok()));
    }
    // These depend on what the user enters as well; the tests of changes get them. Whether a
    // Partner ID exists is a question to the store.
    let elsewhere = [
        Refusal::AgreementNotAcknowledged,
        Refusal::AgreementChanged,
        Refusal::RecipientNotOfCustomer,
        Refusal::PartnerIdNotFound,
        Refusal::PartnerIdIsGlobalAccount,
        Refusal::PartnerOfRecordUnchanged,
        Refusal::PriceChanged,
    ];
    for refusal in Refusal::ALL {
        assert!(seen.contains(refusal) || elsewhere.contains(refusal), "{refusal} is never given");
    }
}

#[test]
fn what_a_partner_can_do_now_depends_on_its_type_roles_and_the_agreement() {
    let statuses = |kind, roles: &[AdminRole], agreement_accepted| {
        let mut one = relationship(kind, Cloud::Worldwide, RelationshipState::Active, true);
        one.record.grants.retain(|grant| roles.contains(&grant.role));
        one.agreement_accepted = agreement_accepted;
        one.capabilities(NOW)
    };
    let global = [AdminRole::GlobalAdministrator];
    for kind in PartnerType::ALL {
        let capabilities = statuses(*kind, &global, true);
        let of_type: Vec<_> = capabilities.iter().map(|(capability, _)| *capability).collect();
        assert_eq!(of_type, kind.capabilities());
        assert!(capabilities.iter().all(|(_, status)| *status == CapabilityStatus::Available));
    }
    let kind = PartnerType::ResellerAndDelegatedAdministrator;
    assert_eq!(
        statuses(kind, &[AdminRole::HelpdeskAdministrator], false),
        [
            (Capability::SellProducts, CapabilityStatus::Available),
            (Capability::ManageSubscriptions, CapabilityStatus::AgreementMissing),
            (Capability::ManageUsers, CapabilityStatus::RoleMissing),
            (Capability::ManageLicenses, CapabilityStatus::RoleMissing),
            (Capability::ResetPasswords, CapabilityStatus::Available),
            (Capability::HandleSupport, CapabilityStatus::Available),
        ]
    );
    let without = statuses(PartnerType::Advisor, &[], true);
    assert!(without.iter().all(|(_, status)| *status == CapabilityStatus::RoleMissing));
    let user = any_user();
    let ended = RelationshipState::Ended { at: NOW, by: EndedBy::Partner, user };
    assert!(relationship(kind, Cloud::Worldwide, ended, true).capabilities(NOW).is_empty());
}

#[test]
fn only_an_active_relationship_of_a_type_that_resells_sells() {
    let (at, by, user) = (NOW, EndedBy::Partner, any_user());
    for kind in PartnerType::ALL {
        let sells = |state| relationship(*kind, Cloud::Worldwide, state, true).record.sells();
        assert_eq!(sells(RelationshipState::Active), kind.resells());
        assert!(!sells(RelationshipState::Ended { at, by, user }));
    }
}

fn organization_facts(kind: OrganizationKind, cloud: Cloud) -> OrganizationFacts {
    let id = match kind {
        OrganizationKind::Customer => customer(),
        OrganizationKind::Partner => partner(),
    };
    OrganizationFacts { id, kind, cloud, accepted_agreement: None, current_agreement: Some(2) }
}

fn order(partner: Option<PartnerAccount>) -> Order {
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

#[test]
fn an_order_creates_a_subscription_of_the_customer() {
    let cloud = Cloud::Worldwide;
    let admin = member(customer(), UserRole::BillingAdministrator, cloud);
    let from_microsoft =
        OrderFacts::FromMicrosoft(organization_facts(OrganizationKind::Customer, cloud));
    let accounts = accounts(cloud);
    let placed = |place: Option<usize>| {
        from_microsoft.place(&admin, order(place.map(|place| accounts[place].clone())), NOW)
    };
    let expected = Subscription {
        product: Some(ProductId::new(NOW, 1)),
        created: NOW,
        ..subscription(cloud, SubscriptionState::Active, None, None).record
    };
    assert_eq!(placed(None), Ok(expected.clone()));
    let named = PartnerOfRecord { since: NOW, ..record(partner()) };
    let with_partner = Subscription { partner_of_record: Some(named), ..expected.clone() };
    assert_eq!(placed(Some(0)), Ok(with_partner));
    assert_eq!(placed(Some(3)), Err(Refusal::PartnerIdIsGlobalAccount));
    assert_eq!(placed(Some(4)), Err(Refusal::PartnerNotInCloud));

    let agent = member(partner(), UserRole::AdminAgent, cloud);
    let selling = relationship(PartnerType::Reseller, cloud, RelationshipState::Active, true);
    let selling = RelationshipFacts { agreement_accepted: true, ..selling };
    let from_reseller = OrderFacts::FromReseller(selling);
    let sold =
        Subscription { seller: Some(partner()), created_by_organization: partner(), ..expected };
    assert_eq!(from_reseller.place(&agent, order(None), NOW), Ok(sold));
    let other = order(Some(accounts[0].clone()));
    let refused = Err(Refusal::CustomerSetsPartnerOfRecord);
    assert_eq!(from_reseller.place(&agent, other, NOW), refused);
}

#[test]
fn an_order_at_a_price_that_was_not_shown_is_refused() {
    let cloud = Cloud::Germany;
    let admin = member(customer(), UserRole::GlobalAdministrator, cloud);
    let facts = OrderFacts::FromMicrosoft(organization_facts(OrganizationKind::Customer, cloud));
    for shown_price in [
        Money { amount: 2_349, currency: Currency::Eur },
        Money { amount: 2_350, currency: Currency::Usd },
    ] {
        let order = Order { shown_price, ..order(None) };
        assert_eq!(facts.place(&admin, order, NOW), Err(Refusal::PriceChanged));
    }
}

#[test]
fn the_agreement_is_accepted_as_it_was_shown() {
    let facts = organization_facts(OrganizationKind::Customer, Cloud::Worldwide);
    let hash = |digit: &str| DocumentHash::parse(&digit.repeat(64)).expect("a hash");
    let document = |cloud, version| AgreementDocument {
        cloud,
        language: Language::English,
        version,
        title: DisplayName::parse("Agreement").expect("a title"),
        body: String::new(),
        hash: hash("a"),
        added: NOW,
    };
    let current = || Some(document(Cloud::Worldwide, 2));
    let confirmation = |acknowledged| AgreementToAccept { hash: hash("a"), acknowledged };
    let confirm = |facts: &OrganizationFacts, confirmation: &AgreementToAccept, shown| {
        facts.ensure_agreement_confirmed(confirmation, shown)
    };
    assert_eq!(confirm(&facts, &confirmation(true), current()), Ok(document(Cloud::Worldwide, 2)));
    let refused = confirm(&facts, &confirmation(false), current());
    assert_eq!(refused, Err(Refusal::AgreementNotAcknowledged));
    for shown in [None, Some(document(Cloud::Worldwide, 1)), Some(document(Cloud::Germany, 2))] {
        let refused = confirm(&facts, &confirmation(true), shown);
        assert_eq!(refused, Err(Refusal::AgreementChanged));
    }
    let other = AgreementToAccept { hash: hash("b"), acknowledged: true };
    assert_eq!(confirm(&facts, &other, current()), Err(Refusal::AgreementChanged));
    let without = OrganizationFacts { current_agreement: None, ..facts };
    let refused = confirm(&without, &confirmation(true), current());
    assert_eq!(refused, Err(Refusal::AgreementUnavailable));
}

#[test]
fn an_enquiry_is_sent_to_a_partner_in_the_customers_cloud() {
    let cloud = Cloud::Germany;
    let admin = member(customer(), UserRole::BillingAdministrator, cloud);
    let reader = member(customer(), UserRole::GlobalReader, cloud);
    let expected = enquiry(cloud, EnquiryState::Sent { expires: NOW.plus(ENQUIRY_LIFETIME) });
    let Enquiry { country, city, size, needs, contact_name, contact_email, contact_phone, .. } =
        expected.record.clone();
    let content =
        EnquiryContent { country, city, size, needs, contact_name, contact_email, contact_phone };
    let new = EnquiryToSend {
        id: expected.record.id,
        customer: organization_facts(OrganizationKind::Customer, cloud),
        customer_domain: DomainName::parse("customer.example").expect("a domain"),
        partner: partner(),
        partner_clouds: vec![Cloud::Worldwide, cloud],
        content,
    };
    let send = |actor, new: &EnquiryToSend| EnquiryFacts::send(actor, new.clone(), NOW);
    assert_eq!(send(&admin, &new), Ok(expected));
    assert_eq!(send(&reader, &new), Err(Refusal::BillingAdministratorRequired));
    let elsewhere = EnquiryToSend { partner_clouds: vec![Cloud::Worldwide], ..new.clone() };
    assert_eq!(send(&admin, &elsewhere), Err(Refusal::PartnerNotInCloud));
    let mut stranger = new;
    stranger.content.contact_email = "anna@other.example".parse().expect("an address");
    assert_eq!(send(&admin, &stranger), Err(Refusal::RecipientNotOfCustomer));
}

#[test]
fn removing_roles_and_deleting_are_two_permissions() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let may = |kind, action| {
        check(
            &admin,
            &relationship(kind, Cloud::Worldwide, RelationshipState::Active, true),
            action,
            NOW,
        )
        .is_ok()
    };
    let table: Vec<_> = PartnerType::ALL
        .iter()
        .map(|kind| {
            (
                *kind,
                may(*kind, RelationshipAction::RemoveAdminRoles),
                may(*kind, RelationshipAction::Delete),
            )
        })
        .collect();
    assert_eq!(
        table,
        [
            (PartnerType::Reseller, false, false),
            (PartnerType::DelegatedAdministrator, true, true),
            (PartnerType::ResellerAndDelegatedAdministrator, true, false),
            (PartnerType::Partner, false, false),
            (PartnerType::Advisor, true, true),
            (PartnerType::Mpsa, false, false),
            (PartnerType::OemPc, false, false),
            (PartnerType::Lob, false, false),
        ]
    );
}

#[test]
fn a_reseller_that_administers_becomes_a_reseller_and_a_bare_administrator_stays() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    for (kind, left) in [
        (PartnerType::ResellerAndDelegatedAdministrator, PartnerType::Reseller),
        (PartnerType::DelegatedAdministrator, PartnerType::DelegatedAdministrator),
        (PartnerType::Advisor, PartnerType::Advisor),
    ] {
        let before = relationship(kind, Cloud::Worldwide, RelationshipState::Active, true);
        let after =
            before.apply_now(&admin, RelationshipChange::RemoveAdminRoles, NOW).expect("allowed");
        let after = after.record;
        assert_eq!(
            (after.partner_type, after.roles(NOW), after.state),
            (left, vec![], RelationshipState::Active)
        );
    }
}

#[test]
fn a_draft_that_was_withdrawn_stays_the_partners_own() {
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let view = |one: &InvitationFacts| check(&admin, one, InvitationAction::View, NOW);
    let draft = invitation(PartnerType::Lob, Cloud::Worldwide, InvitationState::Draft);
    let sent = draft.apply_now(&agent, InvitationChange::Send, NOW).expect("allowed");
    let withdraw = |one: InvitationFacts| {
        one.apply_now(&agent, InvitationChange::Withdraw, NOW).expect("allowed")
    };
    assert_eq!(view(&withdraw(draft)), Err(Refusal::InvitationNotSent));
    assert_eq!(view(&withdraw(sent)), Ok(()));
}

#[test]
fn an_invitation_is_sent_again_after_a_day_with_90_more_days() {
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    let draft = invitation(PartnerType::Reseller, Cloud::Worldwide, InvitationState::Draft);
    assert_eq!(draft.record.resendable_from(), None);
    let sent = draft.apply_now(&agent, InvitationChange::Send, NOW).expect("allowed");
    let from = NOW.plus(RESEND_PAUSE);
    assert_eq!(sent.record.resendable_from(), Some(from));
    let resend = |one: &InvitationFacts, now| one.apply_now(&agent, InvitationChange::Resend, now);
    assert_eq!(resend(&sent, from.plus(-1)), Err(Refusal::InvitationSentRecently));
    let again = resend(&sent, from).expect("allowed");
    let expires = from.plus(INVITATION_LIFETIME);
    assert_eq!(again.record.state, InvitationState::Sent { at: NOW, expires, resent: Some(from) });
    assert_eq!(again.record.resendable_from(), Some(from.plus(RESEND_PAUSE)));
    assert_eq!(resend(&again, from), Err(Refusal::InvitationSentRecently));
    assert_eq!(resend(&again, expires), Err(Refusal::InvitationExpired));
}

#[test]
fn a_sales_agent_writes_and_an_admin_agent_sends() {
    let sales = member(partner(), UserRole::SalesAgent, Cloud::Worldwide);
    let draft = invitation(PartnerType::Reseller, Cloud::Worldwide, InvitationState::Draft);
    let allowed = allowed_actions(&sales, &draft, NOW);
    assert_eq!(allowed, [InvitationAction::View, InvitationAction::Edit]);
    let edit = InvitationChange::Edit(content(&draft.record));
    let mut edited = draft.apply_now(&sales, edit, NOW).expect("allowed");
    assert_eq!(edited.record.version, 2);
    edited.record.version = 1;
    assert_eq!(edited, draft);
}

#[test]
fn a_code_encodes_the_random_bits_without_ambiguous_characters() {
    let code = |random| {
        let one = invitation(PartnerType::Lob, Cloud::Worldwide, InvitationState::Draft);
        Invitation { id: InvitationId::new(NOW, random), ..one.record }.code()
    };
    assert_eq!(code(0), "0000-0000");
    assert_eq!(code(1), "0000-0001");
    assert_eq!(code(31), "0000-000Z");
    assert_eq!(code(0xff_ffff_ffff), "ZZZZ-ZZZZ");
    assert_eq!(code(0b10011_00111_10111_01111_00010_01001_10100_01101), "K7QF-29MD");
}

#[test]
fn mail_goes_to_the_customers_own_domain_or_a_part_of_it() {
    let fits = |address, domain| {
        let address = EmailAddress::parse(address).expect("an address");
        ensure_recipient_in_domain(&address, &DomainName::parse(domain).expect("a domain"))
    };
    for address in ["anna@contoso.example", "Anna@CONTOSO.example", "anna@nl.contoso.example"] {
        assert_eq!(fits(address, "contoso.example"), Ok(()), "{address}");
    }
    for address in [
        "anna@fabrikam.example",
        "anna@xcontoso.example",
        "anna@contoso.example.fabrikam.example",
        "contoso.example@fabrikam.example",
        "anna@contoso.exampl",
        // Latin letters of which one is Cyrillic, as a mail server writes them.
        "anna@xn--contos-sbh.example",
    ] {
        assert_eq!(
            fits(address, "contoso.example"),
            Err(Refusal::RecipientNotOfCustomer),
            "{address}"
        );
    }
    assert!(fits("anna@contoso.example", "nl.contoso.example").is_err());
}

#[test]
fn the_content_of_a_draft_is_checked_when_it_is_saved() {
    let sales = |cloud| member(partner(), UserRole::SalesAgent, cloud);
    for cloud in Cloud::ALL {
        let plain = invitation(PartnerType::Reseller, *cloud, InvitationState::Draft);
        let saved = |change: fn(&mut InvitationContent)| {
            let mut content = content(&plain.record);
            change(&mut content);
            let edited =
                plain.apply_now(&sales(*cloud), InvitationChange::Edit(content.clone()), NOW);
            let new = NewInvitation {
                id: plain.record.id,
                customer: customer(),
                cloud: *cloud,
                customer_domain: plain.customer_domain.clone(),
                enquiry: None,
                content,
            };
            let drafted = InvitationFacts::draft(&sales(*cloud), new, NOW);
            let mut expected = edited.clone();
            if let Ok(expected) = &mut expected {
                expected.record.version = 1;
            }
            assert_eq!(drafted, expected);
            edited
        };
        let only_in_21vianet =
            if *cloud == Cloud::Vianet21 { Ok(()) } else { Err(Refusal::OfferOnlyIn21Vianet) };
        let outcome = |change| saved(change).map(drop);
        assert_eq!(outcome(|content| content.offer = Some(offer())), only_in_21vianet);
        assert_eq!(
            outcome(|content| content.terms = Some(Note::parse("Thirty days.").expect("a note"))),
            only_in_21vianet
        );
        assert_eq!(
            outcome(|content| content.ask_for_admin_roles = true),
            Err(Refusal::RolesNotForType)
        );
        assert_eq!(
            outcome(|content| {
                content.recipient =
                    Some(EmailAddress::parse("anna@other.example").expect("an address"));
            }),
            Err(Refusal::RecipientNotOfCustomer)
        );
        for (partner_type, asks, roles) in [
            (PartnerType::Advisor, true, 2),
            (PartnerType::Advisor, false, 0),
            (PartnerType::DelegatedAdministrator, false, 2),
            (PartnerType::Lob, false, 0),
        ] {
            let mut content = content(&plain.record);
            (content.partner_type, content.ask_for_admin_roles) = (partner_type, asks);
            let edit = InvitationChange::Edit(content);
            let edited = plain.apply_now(&sales(*cloud), edit, NOW).expect("allowed").record;
            assert_eq!((edited.partner_type, edited.admin_roles.len()), (partner_type, roles));
        }
    }
}

#[test]
fn a_quantity_of_licenses_is_a_whole_number_within_reason() {
    assert_eq!(Offer::parse_quantity(" 25 "), Ok(25));
    assert_eq!(Offer::parse_quantity("10000"), Ok(10_000));
    assert_eq!(Offer::parse_quantity(" "), Err(rules::FieldError::Empty));
    for wrong in ["0", "-1", "10001", "1.5", "99999999999999", "ten", "1e3", "１"] {
        let error = rules::FieldError::NotAQuantity { max: 10_000 };
        assert_eq!(Offer::parse_quantity(wrong), Err(error), "{wrong}");
    }
}

#[test]
fn an_enquiry_keeps_its_first_reader_and_is_answered_once() {
    let agent = member(partner(), UserRole::SalesAgent, Cloud::Worldwide);
    let expires = NOW.plus(ENQUIRY_LIFETIME);
    let sent = enquiry(Cloud::Worldwide, EnquiryState::Sent { expires });
    let read = sent.apply_now(&agent, EnquiryChange::Read, NOW).expect("allowed");
    assert_eq!(read.record.state, EnquiryState::Read { at: NOW, by: any_user(), expires });
    assert_eq!(read.record.version, 2);
    let later = NOW.plus(DAY);
    assert_eq!(read.apply_now(&agent, EnquiryChange::Read, later).as_ref(), Ok(&read));
    let reason = Note::parse("No people").expect("a note");
    let decline = EnquiryChange::Decline(reason.clone());
    let declined = read.apply_now(&agent, decline.clone(), later).expect("allowed");
    assert_eq!(declined.record.state, EnquiryState::Declined { at: later, by: any_user(), reason });
    let invitation = InvitationId::new(NOW, 5);
    let answer = EnquiryChange::Answer(invitation);
    assert_eq!(declined.apply_now(&agent, answer.clone(), later), Err(Refusal::EnquiryDeclined));
    let answered = read.apply_now(&agent, answer.clone(), later).expect("allowed");
    assert_eq!(
        answered.record.state,
        EnquiryState::Invited { at: later, by: any_user(), invitation }
    );
    assert_eq!(answered.apply_now(&agent, decline, later), Err(Refusal::EnquiryAnswered));
    assert_eq!(read.apply_now(&agent, answer, expires), Err(Refusal::EnquiryExpired));
}

#[test]
fn a_partner_ends_any_relationship_but_not_a_reseller_that_has_subscriptions() {
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    for kind in PartnerType::ALL {
        let standing = relationship(*kind, Cloud::Worldwide, RelationshipState::Active, true);
        let selling = RelationshipFacts { active_subscriptions: 3, ..standing.clone() };
        let ended = standing.apply_now(&agent, RelationshipChange::End, NOW).expect("allowed");
        let ended = ended.record;
        assert_eq!(
            ended.state,
            RelationshipState::Ended { at: NOW, by: EndedBy::Partner, user: any_user() }
        );
        // It keeps its grants, so that its past can be shown.
        assert_eq!(ended.grants.len(), kind.admin_roles().len());
        assert!(ended.roles(NOW).is_empty() && ended.ends(NOW).is_none());
        let refused = check(&agent, &selling, RelationshipAction::End, NOW);
        let expected = if kind.resells() { Err(Refusal::SubscriptionsActive) } else { Ok(()) };
        assert_eq!(refused, expected, "{kind}");
    }
}

#[test]
fn what_a_partner_offered_is_created_once_and_its_roles_stay() {
    let admin = member(customer(), UserRole::BillingAdministrator, Cloud::Vianet21);
    let kind = PartnerType::ResellerAndDelegatedAdministrator;
    let standing = relationship(kind, Cloud::Vianet21, RelationshipState::Active, true);
    let offering = RelationshipFacts { offer: Some(offer()), ..standing.clone() };
    let create = RelationshipChange::CreateFromOffer;
    let after = offering.apply_now(&admin, create, NOW).expect("allowed");
    let record = Relationship { version: 2, ..standing.record.clone() };
    assert_eq!(after, RelationshipFacts { record, ..standing });
    assert_eq!(after.apply_now(&admin, create, NOW), Err(Refusal::NoOffer));
}

#[test]
fn each_account_that_can_not_be_a_partner_of_record_says_why() {
    for cloud in Cloud::ALL {
        let answers: Vec<_> = accounts(*cloud)
            .iter()
            .map(|account| account.ensure_eligible_as_partner_of_record(*cloud))
            .collect();
        assert_eq!(
            answers,
            [
                Ok(()),
                Ok(()),
                Ok(()),
                Err(Refusal::PartnerIdIsGlobalAccount),
                Err(Refusal::PartnerNotInCloud),
            ]
        );
    }
}

#[test]
fn a_partner_of_record_is_added_changed_and_removed() {
    let admin = member(customer(), UserRole::BillingAdministrator, Cloud::Germany);
    let plain = subscription(Cloud::Germany, SubscriptionState::Active, None, None);
    let accounts = accounts(Cloud::Germany);
    let set = |one: &SubscriptionFacts, place: usize, now| {
        let change = SubscriptionChange::SetPartnerOfRecord(&accounts[place]);
        one.apply_now(&admin, change, now)
    };
    let (one, tenure) = set(&plain, 0, NOW).expect("allowed");
    assert_eq!(tenure, None);
    let first = one.record.partner_of_record.clone().expect("a partner of record");
    assert_eq!((first.partner_id.as_str(), first.since), ("4391507", NOW));
    assert_eq!(set(&one, 0, NOW), Err(Refusal::PartnerOfRecordUnchanged));
    assert_eq!(set(&one, 3, NOW), Err(Refusal::PartnerIdIsGlobalAccount));
    assert_eq!(set(&one, 4, NOW), Err(Refusal::PartnerNotInCloud));
    let (two, tenure) = set(&one, 2, NOW.plus(DAY)).expect("allowed");
    let tenure = tenure.expect("a time that is over");
    assert_eq!((tenure.record, tenure.until, tenure.number), (first, NOW.plus(DAY), 3));
    let remove = SubscriptionChange::RemovePartnerOfRecord;
    let later = NOW.plus(2 * DAY);
    let (none, tenure) = two.apply_now(&admin, remove, later).expect("allowed");
    assert_eq!(
        tenure.map(|tenure| (tenure.record.partner, tenure.number)),
        Some((organization(5), 4))
    );
    let record = Subscription { version: 4, ..plain.record.clone() };
    assert_eq!(none, SubscriptionFacts { record, ..plain });
    assert_eq!(none.apply_now(&admin, remove, later), Err(Refusal::NoPartnerOfRecord));
}

#[test]
fn a_partner_does_not_see_other_partners_of_a_subscription() {
    let selling = Seller { sells: true, agreement_accepted: true };
    let left = Seller { sells: false, ..selling };
    let other = organization(5);
    for (seller, advisor, viewer, sees_seller, sees_record, sees_price) in [
        (Some(selling), Some(other), customer(), true, true, true),
        (Some(left), Some(other), customer(), true, true, true),
        (Some(selling), Some(other), partner(), true, false, true),
        (Some(selling), Some(partner()), partner(), true, true, true),
        (Some(left), Some(partner()), partner(), true, true, false),
        (Some(selling), Some(other), other, false, true, false),
        (None, Some(partner()), partner(), false, true, false),
    ] {
        let state = SubscriptionState::Active;
        let mut one = subscription(Cloud::Worldwide, state, seller, advisor.map(record));
        one.record.created_by_organization = partner();
        let redacted = one.clone().redacted_for(viewer);
        let seen = redacted.record.clone();
        assert_eq!(
            (seen.seller.is_some(), seen.partner_of_record.is_some(), seen.unit_price.is_some()),
            (sees_seller, sees_record, sees_price),
            "{one:?} {viewer}"
        );
        let creator = if viewer == other { customer() } else { partner() };
        assert_eq!(seen.created_by_organization, creator);
        if viewer == customer() {
            assert_eq!(redacted, one);
        }
    }
}

#[test]
fn a_subscription_is_suspended_reactivated_and_canceled() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let plain = subscription(Cloud::Worldwide, SubscriptionState::Active, None, None);
    let apply = |one: &SubscriptionFacts, change| {
        one.apply_now(&admin, change, NOW).map(|(after, _)| after)
    };
    let more = apply(&plain, SubscriptionChange::Quantity(40)).expect("allowed");
    assert_eq!(more.record.cost().map(|cost| cost.amount), Some(94_000));
    let suspended = apply(&more, SubscriptionChange::Suspend).expect("allowed");
    assert_eq!(suspended.record.state, SubscriptionState::Suspended { at: NOW, by: any_user() });
    let quantity = SubscriptionChange::Quantity(1);
    assert_eq!(apply(&suspended, quantity), Err(Refusal::SubscriptionSuspended));
    let again = apply(&suspended, SubscriptionChange::Reactivate).expect("allowed");
    let record = Subscription { version: 4, ..more.record.clone() };
    assert_eq!(again, SubscriptionFacts { record, ..more });
    let ended = apply(&again, SubscriptionChange::Cancel).expect("allowed");
    assert_eq!(ended.record.state, SubscriptionState::Ended { at: NOW, by: any_user() });
    for change in subscription_changes(&accounts(Cloud::Worldwide)[0], 1) {
        assert_eq!(apply(&ended, change), Err(Refusal::SubscriptionEnded));
    }
}

#[test]
fn an_active_subscription_renews_and_a_trial_ends() {
    let dates = |state| {
        let one = subscription(Cloud::Worldwide, state, None, None).record;
        (one.renews(NOW), one.ends())
    };
    let created = NOW.plus(-40 * DAY);
    assert_eq!(dates(SubscriptionState::Active), (Some(Term::Year.after(created, 1)), None));
    let ends = created.plus(TRIAL_LENGTH);
    let trial = SubscriptionState::Trial { ends };
    assert_eq!(dates(trial), (None, Some(ends)));
    assert_eq!(trial.status(ends.plus(-1)), SubscriptionStatus::Trial);
    assert_eq!(trial.status(ends), SubscriptionStatus::Ended);
    let (at, by) = (NOW, any_user());
    assert_eq!(dates(SubscriptionState::Suspended { at, by }), (None, None));
    assert_eq!(dates(SubscriptionState::Ended { at, by }), (None, None));
}

#[test]
fn giving_up_roles_has_the_same_result_as_removing_them() {
    let admin = member(customer(), UserRole::GlobalAdministrator, Cloud::Worldwide);
    let agent = member(partner(), UserRole::AdminAgent, Cloud::Worldwide);
    for kind in PartnerType::ALL {
        for roles in [true, false] {
            let one = relationship(*kind, Cloud::Worldwide, RelationshipState::Active, roles);
            let removed = one.apply_now(&admin, RelationshipChange::RemoveAdminRoles, NOW);
            let given_up = one.apply_now(&agent, RelationshipChange::GiveUpAdminRoles, NOW);
            assert_eq!(removed, given_up, "{kind}");
        }
    }
}

#[test]
fn a_role_that_ended_is_not_held_and_one_that_ends_later_is() {
    let mut one =
        relationship(PartnerType::Advisor, Cloud::Worldwide, RelationshipState::Active, true)
            .record;
    one.grants[0].ends = Some(NOW);
    one.grants[1].ends = Some(NOW.plus(1));
    assert_eq!(one.roles(NOW), [AdminRole::HelpdeskAdministrator]);
    assert_eq!(one.ends(NOW), Some(NOW.plus(1)));
    assert!(one.roles(NOW.plus(1)).is_empty());
}

fn any_actor() -> impl Strategy<Value = Actor> {
    let asking =
        (select(UserRole::ALL.to_vec()), select(Cloud::ALL.to_vec()), 1..6_u128, any::<bool>());
    prop_oneof![
        1 => Just(Actor::Visitor),
        9 => asking.prop_map(|(role, cloud, number, fits)| {
            let own = match role.kind() { OrganizationKind::Customer => customer(), OrganizationKind::Partner => partner() };
            member(if fits { own } else { organization(number) }, role, cloud)
        }),
    ]
}

fn any_invitation() -> impl Strategy<Value = InvitationFacts> {
    let usual = (
        select(PartnerType::ALL.to_vec()),
        select(Cloud::ALL.to_vec()),
        select(invitation_states()),
    )
        .prop_map(|(kind, cloud, state)| invitation(kind, cloud, state));
    let particular = select(Cloud::ALL.to_vec()).prop_flat_map(|cloud| {
        let invitations = particular_invitations(cloud).into_iter();
        select(invitations.map(|(_, invitation)| invitation).collect::<Vec<_>>())
    });
    prop_oneof![3 => usual, 1 => particular]
}

fn any_enquiry() -> impl Strategy<Value = EnquiryFacts> {
    (select(Cloud::ALL.to_vec()), select(enquiry_states()))
        .prop_map(|(cloud, state)| enquiry(cloud, state))
}

fn any_relationship() -> impl Strategy<Value = RelationshipFacts> {
    let facts = (any::<bool>(), any::<bool>(), 0..2_u32, any::<bool>(), any::<bool>());
    (select(PartnerType::ALL.to_vec()), select(Cloud::ALL.to_vec()), facts).prop_map(
        |(kind, cloud, (roles, ended, active_subscriptions, agreement_accepted, offering))| {
            let by = EndedBy::Partner;
            let state = if ended {
                RelationshipState::Ended { at: NOW, by, user: any_user() }
            } else {
                RelationshipState::Active
            };
            RelationshipFacts {
                record: relationship(kind, cloud, state, roles).record,
                active_subscriptions,
                agreement_accepted,
                offer: offering.then(offer),
            }
        },
    )
}

fn any_subscription() -> impl Strategy<Value = SubscriptionFacts> {
    (
        select(Cloud::ALL.to_vec()),
        select(subscription_states()),
        select(sellers()),
        select(records()),
    )
        .prop_map(|(cloud, (_, state), (_, seller), (_, partner_of_record))| {
            subscription(cloud, state, seller, partner_of_record)
        })
}

fn subscription_changes(account: &PartnerAccount, quantity: u32) -> Vec<SubscriptionChange<'_>> {
    vec![
        SubscriptionChange::SetPartnerOfRecord(account),
        SubscriptionChange::RemovePartnerOfRecord,
        SubscriptionChange::Quantity(quantity),
        SubscriptionChange::Suspend,
        SubscriptionChange::Reactivate,
        SubscriptionChange::Cancel,
    ]
}

const RELATIONSHIP_CHANGES: [RelationshipChange; 5] = [
    RelationshipChange::RemoveAdminRoles,
    RelationshipChange::Delete,
    RelationshipChange::GiveUpAdminRoles,
    RelationshipChange::End,
    RelationshipChange::CreateFromOffer,
];

fn invitation_changes(invitation: &Invitation) -> Vec<InvitationChange> {
    vec![
        InvitationChange::Accept,
        InvitationChange::Cancel(None),
        InvitationChange::Edit(InvitationContent {
            terms: None,
            offer: None,
            ..content(invitation)
        }),
        InvitationChange::Send,
        InvitationChange::Resend,
        InvitationChange::Withdraw,
    ]
}

fn enquiry_changes() -> Vec<EnquiryChange> {
    vec![
        EnquiryChange::Read,
        EnquiryChange::Decline(Note::parse("No").expect("a note")),
        EnquiryChange::Answer(InvitationId::new(NOW, 3)),
    ]
}

/// Checks for every action that the refusal of the permission wins over a stale version, and the
/// stale version over the state.
fn ensure_order<S: VersionedSubject>(actor: &Actor, subject: &S) -> Result<(), TestCaseError> {
    for action in S::Action::VARIANTS {
        let permission = subject.permission(actor, *action);
        let state = subject.state(*action, NOW);
        let at = |version| check_version(actor, subject, *action, version, NOW);
        let (current, stale) = match (permission, state) {
            (Err(refusal), _) => {
                (Err(Rejection::Refused(refusal)), Err(Rejection::Refused(refusal)))
            }
            (Ok(()), Err(refusal)) => {
                (Err(Rejection::Refused(refusal)), Err(Rejection::VersionMismatch))
            }
            (Ok(()), Ok(())) => (Ok(()), Err(Rejection::VersionMismatch)),
        };
        prop_assert_eq!(at(subject.version()), current);
        prop_assert_eq!(at(subject.version() - 1), stale);
        prop_assert_eq!(at(subject.version() + 1), stale);
        prop_assert_eq!(check(actor, subject, *action, NOW), permission.and(state));
    }
    Ok(())
}

/// Checks that a change at a stale version is refused as [`check_version`] says.
fn ensure_stale_is_refused<S: ApplyNow<C>, C>(
    actor: &Actor,
    subject: &S,
    change: C,
    action: S::Action,
) -> Result<(), TestCaseError> {
    let stale = subject.version() - 1;
    let expected = check_version(actor, subject, action, stale, NOW);
    prop_assert!(expected.is_err());
    prop_assert_eq!(subject.clone().apply_version(actor, change, stale, NOW).map(drop), expected);
    Ok(())
}

proptest! {
    #[test]
    fn the_permission_wins_over_a_stale_version_and_that_over_the_state(
        actor in any_actor(), invitation in any_invitation(), relationship in any_relationship(),
        enquiry in any_enquiry(), subscription in any_subscription(), place in 0..5_usize,
    ) {
        ensure_order(&actor, &invitation)?;
        ensure_order(&actor, &relationship)?;
        ensure_order(&actor, &enquiry)?;
        ensure_order(&actor, &subscription)?;
        for change in invitation_changes(&invitation.record) {
            let action = change.action();
            ensure_stale_is_refused(&actor, &invitation, change, action)?;
        }
        for change in RELATIONSHIP_CHANGES {
            ensure_stale_is_refused(&actor, &relationship, change, change.action())?;
        }
        for change in enquiry_changes() {
            let action = change.action();
            ensure_stale_is_refused(&actor, &enquiry, change, action)?;
        }
        let account = accounts(subscription.record.cloud).swap_remove(place);
        for change in subscription_changes(&account, 7) {
            let action = change.action(&subscription);
            ensure_stale_is_refused(&actor, &subscription, change, action)?;
        }
    }

    #[test]
    fn apply_succeeds_exactly_when_check_does(
        actor in any_actor(), one in any_invitation(), other in any_relationship(), asked in any_enquiry(),
    ) {
        for change in invitation_changes(&one.record) {
            let allowed = check(&actor, &one, change.action(), NOW);
            prop_assert_eq!(one.apply_now(&actor, change, NOW).map(drop), allowed);
        }
        for change in RELATIONSHIP_CHANGES {
            let allowed = check(&actor, &other, change.action(), NOW);
            prop_assert_eq!(other.apply_now(&actor, change, NOW).map(drop), allowed);
        }
        for change in enquiry_changes() {
            let allowed = check(&actor, &asked, change.action(), NOW);
            prop_assert_eq!(asked.apply_now(&actor, change, NOW).map(drop), allowed);
        }
    }

    #[test]
    fn a_change_of_a_subscription_succeeds_exactly_when_check_and_the_account_allow_it(
        actor in any_actor(), one in any_subscription(), place in 0..5_usize, quantity in 1..=Offer::QUANTITY_MAX,
    ) {
        let named = accounts(one.record.cloud).swap_remove(place);
        for change in subscription_changes(&named, quantity) {
            let mut allowed = check(&actor, &one, change.action(&one), NOW);
            if let (SubscriptionChange::SetPartnerOfRecord(named), Ok(())) = (change, allowed) {
                allowed = named.ensure_eligible_as_partner_of_record(one.record.cloud);
                let same = one.record.partner_of_record.as_ref().is_some_and(|old| old.partner_id == named.partner_id);
                if allowed.is_ok() && same {
                    allowed = Err(Refusal::PartnerOfRecordUnchanged);
                }
            }
            let applied = one.apply_now(&actor, change, NOW);
            prop_assert_eq!(applied.clone().map(drop), allowed);
            let Ok((after, tenure)) = applied else { continue };
            let (one, after) = (&one.record, after.record);
            prop_assert_eq!(after.version, one.version + 1);
            let replaced = one.partner_of_record.clone().filter(|_| after.partner_of_record != one.partner_of_record);
            let expected = replaced.map(|record| PastPartnerOfRecord {
                customer: customer(), subscription: one.id, number: after.version, record, until: NOW, ended_by: any_user(),
            });
            prop_assert_eq!(tenure, expected);
        }
    }

    #[test]
    fn a_partner_never_changes_a_partner_of_record_whatever_its_roles(
        one in any_subscription(), roles in prop::collection::vec(select(UserRole::ALL.to_vec()), 0..6), own in 2..6_u128, place in 0..5_usize,
    ) {
        let actor = Actor::Member(Member {
            user: any_user(), organization: organization(own), kind: OrganizationKind::Partner, clouds: Cloud::ALL.to_vec(), roles,
        });
        let named = accounts(one.record.cloud).swap_remove(place);
        for change in subscription_changes(&named, 1) {
            if let Ok((after, tenure)) = one.apply_now(&actor, change, NOW) {
                prop_assert_eq!(&after.record.partner_of_record, &one.record.partner_of_record);
                prop_assert_eq!(tenure, None);
            }
        }
        let facts = OrganizationFacts { id: organization(own), kind: OrganizationKind::Partner, cloud: one.record.cloud, accepted_agreement: None, current_agreement: None };
        for action in [OrganizationAction::NamePartnerAtPurchase, OrganizationAction::CheckPartnerId, OrganizationAction::ChangePartnersOfRecord] {
            prop_assert_eq!(check(&actor, &facts, action, NOW), Err(Refusal::CustomerSetsPartnerOfRecord));
        }
    }

    #[test]
    fn the_history_of_a_subscription_has_no_gap_and_it_has_one_partner_of_record_at_most(
        cloud in select(Cloud::ALL.to_vec()), present: bool,
        steps in prop::collection::vec((any_actor(), 0..5_usize, 0..6_usize, 1..10_i64), 1..30),
    ) {
        let mut one = subscription(cloud, SubscriptionState::Active, None, present.then(|| record(partner())));
        let mut now = NOW;
        let mut tenures: Vec<PastPartnerOfRecord> = Vec::new();
        for (actor, place, change, days) in steps {
            now = now.plus(days * DAY);
            let named = accounts(cloud).swap_remove(place);
            let change = subscription_changes(&named, 7).swap_remove(change);
            let over = one.record.status(now) == SubscriptionStatus::Ended;
            if let Ok((after, tenure)) = one.apply_now(&actor, change, now) {
                prop_assert!(!over);
                if let (Some(tenure), Some(after)) = (&tenure, &after.record.partner_of_record) {
                    prop_assert_eq!(tenure.until, after.since);
                }
                tenures.extend(tenure);
                one = after;
            }
        }
        for pair in tenures.windows(2) {
            prop_assert!(pair[0].number < pair[1].number);
            prop_assert!(pair[0].until <= pair[1].record.since);
            prop_assert!(pair[1].record.since < pair[1].until);
        }
        if let (Some(last), Some(record)) = (tenures.last(), &one.record.partner_of_record) {
            prop_assert!(last.until <= record.since);
        }
        if cloud == Cloud::Vianet21 && !present {
            prop_assert_eq!(one.record.partner_of_record, None);
        }
    }

    #[test]
    fn an_answered_enquiry_is_answered_for_good(
        one in any_enquiry(),
        steps in prop::collection::vec((any_actor(), select(enquiry_changes()), 0..10_i64), 1..20),
    ) {
        let mut one = one;
        let mut now = NOW;
        for (actor, change, days) in steps {
            now = now.plus(days * DAY);
            let before = one.clone();
            let open = matches!(before.record.status(now), EnquiryStatus::Sent | EnquiryStatus::Read);
            if let Ok(changed) = one.apply_now(&actor, change, now) {
                prop_assert!(open);
                prop_assert_eq!(changed.record.version - before.record.version, i64::from(changed != before));
                one = changed;
            } else {
                prop_assert_eq!(&one, &before);
            }
        }
    }

    #[test]
    fn an_ended_relationship_stays_ended_and_roles_never_come_back(
        kind in select(PartnerType::ALL.to_vec()), cloud in select(Cloud::ALL.to_vec()), roles: bool,
        steps in prop::collection::vec((any_actor(), select(RELATIONSHIP_CHANGES.to_vec())), 1..20),
    ) {
        let mut one = relationship(kind, cloud, RelationshipState::Active, roles);
        for (actor, change) in steps {
            let (status, held) = (one.record.status(), one.record.roles(NOW).len());
            if let Ok(changed) = one.apply_now(&actor, change, NOW) {
                one = changed;
            }
            prop_assert!(status == RelationshipStatus::Active || one.record.status() == RelationshipStatus::Ended);
            prop_assert!(one.record.roles(NOW).len() <= held);
            prop_assert!(one.record.status() == RelationshipStatus::Active || one.record.roles(NOW).is_empty());
        }
    }

    #[test]
    fn every_code_consists_of_unambiguous_letters_and_digits(random: u128) {
        let one = invitation(PartnerType::Lob, Cloud::Worldwide, InvitationState::Draft);
        let code = Invitation { id: InvitationId::new(NOW, random), ..one.record }.code();
        prop_assert_eq!(code.len(), 9);
        prop_assert_eq!(code.find('-'), Some(4));
        prop_assert!(code.chars().all(|one| one == '-' || one.is_ascii_digit() || one.is_ascii_uppercase()));
        prop_assert!(!code.contains(['I', 'L', 'O', 'U']));
    }

    #[test]
    fn what_is_allowed_is_what_check_allows(actor in any_actor(), one in any_invitation()) {
        let allowed = allowed_actions(&actor, &one, NOW);
        for action in InvitationAction::ALL {
            prop_assert_eq!(allowed.contains(action), check(&actor, &one, *action, NOW).is_ok());
        }
    }

    #[test]
    fn an_answered_invitation_is_answered_for_good(
        one in any_invitation(),
        steps in prop::collection::vec((any_actor(), 0..6_usize, 0..100_i64), 1..20),
    ) {
        let mut one = one;
        let mut now = NOW;
        let mut answers = u32::from(matches!(one.record.status(now), InvitationStatus::Accepted | InvitationStatus::Canceled | InvitationStatus::Withdrawn));
        for (actor, place, days) in steps {
            now = now.plus(days * DAY);
            let before = one.record.status(now);
            let change = invitation_changes(&one.record).swap_remove(place);
            if let Ok(changed) = one.apply_now(&actor, change, now) {
                if changed.record.state != one.record.state {
                    prop_assert_eq!(changed.record.version, one.record.version + 1);
                    if changed.record.status(now) != InvitationStatus::Sent { answers += 1; }
                }
                one = changed;
            } else {
                prop_assert_eq!(one.record.status(now), before);
            }
        }
        prop_assert!(answers <= 1);
    }

    #[test]
    fn a_visitor_and_a_stranger_may_do_nothing(one in any_invitation(), cloud in select(Cloud::ALL.to_vec()), role in select(UserRole::ALL.to_vec())) {
        let stranger = member(organization(9), role, cloud);
        prop_assert!(allowed_actions(&Actor::Visitor, &one, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &one, NOW).is_empty());
        for state in enquiry_states() {
            let asked = enquiry(cloud, state);
            prop_assert!(allowed_actions(&Actor::Visitor, &asked, NOW).is_empty());
            prop_assert!(allowed_actions(&stranger, &asked, NOW).is_empty());
        }
        let standing = relationship(PartnerType::Reseller, cloud, RelationshipState::Active, true);
        prop_assert!(allowed_actions(&Actor::Visitor, &standing, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &standing, NOW).is_empty());
        for (_, seller) in sellers() {
            let used = subscription(cloud, SubscriptionState::Active, seller, None);
            prop_assert!(allowed_actions(&Actor::Visitor, &used, NOW).is_empty());
            prop_assert!(allowed_actions(&stranger, &used, NOW).is_empty());
        }
        let facts = OrganizationFacts { id: customer(), kind: OrganizationKind::Customer, cloud, accepted_agreement: None, current_agreement: Some(1) };
        prop_assert!(allowed_actions(&Actor::Visitor, &facts, NOW).is_empty());
        prop_assert!(allowed_actions(&stranger, &facts, NOW).is_empty());
    }

    #[test]
    fn a_role_of_the_other_kind_of_organization_allows_nothing(one in any_invitation(), used in any_subscription(), role in select(UserRole::ALL.to_vec())) {
        let kind = match role.kind() { OrganizationKind::Customer => OrganizationKind::Partner, OrganizationKind::Partner => OrganizationKind::Customer };
        let organization = match kind { OrganizationKind::Customer => customer(), OrganizationKind::Partner => partner() };
        let confused = Actor::Member(Member { user: any_user(), organization, kind, clouds: Cloud::ALL.to_vec(), roles: vec![role] });
        for action in InvitationAction::ALL.iter().filter(|action| **action != InvitationAction::View) {
            prop_assert!(check(&confused, &one, *action, NOW).is_err());
        }
        let standing = relationship(PartnerType::Reseller, Cloud::Worldwide, RelationshipState::Active, true);
        for action in RelationshipAction::ALL.iter().filter(|action| **action != RelationshipAction::View) {
            prop_assert!(check(&confused, &standing, *action, NOW).is_err());
        }
        for action in SubscriptionAction::ALL.iter().filter(|action| **action != SubscriptionAction::View) {
            prop_assert!(check(&confused, &used, *action, NOW).is_err());
        }
        let asked = enquiry(Cloud::Worldwide, EnquiryState::Sent { expires: NOW.plus(DAY) });
        for action in [EnquiryAction::Read, EnquiryAction::Decline, EnquiryAction::Answer] {
            prop_assert!(check(&confused, &asked, action, NOW).is_err());
        }
    }

    #[test]
    fn only_global_administrators_accept_invitations(one in any_invitation(), role in select(UserRole::ALL.to_vec())) {
        let actor = member(customer(), role, one.record.cloud);
        if check(&actor, &one, InvitationAction::Accept, NOW).is_ok() {
            prop_assert_eq!(role, UserRole::GlobalAdministrator);
            prop_assert_eq!(one.record.status(NOW), InvitationStatus::Sent);
        }
    }

    #[test]
    fn accepting_gives_exactly_what_was_asked_for_and_never_takes_away(
        one in any_invitation(), standing in prop::option::of((select(PartnerType::ALL.to_vec()), any::<bool>())),
    ) {
        let one = one.record;
        let standing = standing.map(|(kind, roles)| relationship(kind, one.cloud, RelationshipState::Active, roles).record);
        let joined = standing.clone().filter(|standing| standing.merges(&one));
        let after = Relationship::from_invitation(&one, joined.clone(), RelationshipId::new(NOW, 99), NOW);
        for role in &one.admin_roles { prop_assert!(after.roles(NOW).contains(role)); }
        if let Some(before) = joined {
            prop_assert_eq!(after.id, before.id);
            prop_assert_eq!(after.version, before.version + 1);
            for role in before.roles(NOW) {
                prop_assert!(after.roles(NOW).contains(&role));
            }
            for capability in before.partner_type.capabilities() {
                prop_assert!(after.partner_type.capabilities().contains(capability));
            }
        } else {
            prop_assert_eq!(after.partner_type, one.partner_type);
            prop_assert_eq!(after.roles(NOW), one.admin_roles.clone());
        }
        let mut held = after.roles(NOW);
        held.dedup();
        prop_assert_eq!(held, after.roles(NOW));
    }
}
