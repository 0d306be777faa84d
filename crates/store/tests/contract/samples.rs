//! Sample rows. The same number gives the same row.

use api::MailStatus;
use rules::{
    AcceptanceId, AccountKind, AdminRole, AgreementAcceptance, AgreementDocument, BillingAccount,
    BillingAccountId, Cloud, Currency, DisplayName, DomainName, Enquiry, EnquiryId, EnquiryState,
    Industry, Invitation, InvitationId, InvitationState, Language, Location, MailId, Money, Note,
    Offer, OfferKind, OrderRequestId, OrganizationId, OrganizationSize, PartnerAccount, PartnerId,
    PartnerOfRecord, PartnerType, PastPartnerOfRecord, PhoneNumber, Price, Product, ProductId,
    Profile, Relationship, RelationshipId, RelationshipState, RoleGrant, Service, Subscription,
    SubscriptionId, SubscriptionState, Term, Timestamp, UserId, UserRole,
};
use service::TokenHash;
use service::model::{
    AuditRecord, Organization, OutboxMail, PartnerChange, PartnerChangeBlock, PartnerClouds,
    PartnerFacts, PasswordHash, PlacedOrder, Session, User,
};

pub(crate) const HASH: &str = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9";

pub(crate) fn moment(milliseconds: i64) -> Timestamp {
    Timestamp::from_milliseconds(milliseconds)
}

macro_rules! ids {
    ($($name:ident: $id:ident),+ $(,)?) => {$(
        pub(crate) fn $name(number: u128) -> $id {
            $id::new(moment(1_000), number)
        }
    )+};
}

ids!(
    organization_id: OrganizationId,
    user_id: UserId,
    acceptance_id: AcceptanceId,
    enquiry_id: EnquiryId,
    invitation_id: InvitationId,
    relationship_id: RelationshipId,
    mail_id: MailId,
    product_id: ProductId,
    billing_account_id: BillingAccountId,
    subscription_id: SubscriptionId,
    request_id: OrderRequestId,
);

pub(crate) fn token(number: u128) -> TokenHash {
    TokenHash::of(&number.to_string())
}

pub(crate) fn customer(number: u128) -> Organization {
    Organization::Customer {
        id: organization_id(number),
        name: "Harbour Bakery".parse().unwrap(),
        domain: format!("o{number}.example").parse().unwrap(),
        country: "IE".parse().unwrap(),
        created: moment(5),
        cloud: Cloud::Worldwide,
    }
}

pub(crate) fn partner(number: u128) -> Organization {
    partner_with(number, "Harbour Bakery", &[Cloud::Germany, Cloud::Worldwide])
}

/// The organization with another name.
pub(crate) fn renamed(mut organization: Organization, new: DisplayName) -> Organization {
    match &mut organization {
        Organization::Customer { name, .. } | Organization::Partner { name, .. } => *name = new,
    }
    organization
}

/// The organization with another domain.
pub(crate) fn moved(mut organization: Organization, new: DomainName) -> Organization {
    match &mut organization {
        Organization::Customer { domain, .. } | Organization::Partner { domain, .. } => {
            *domain = new;
        }
    }
    organization
}

/// A partner with this name that works in these clouds, at least one.
pub(crate) fn partner_with(number: u128, name: &str, clouds: &[Cloud]) -> Organization {
    Organization::Partner {
        id: organization_id(number),
        name: name.parse().unwrap(),
        domain: format!("o{number}.example").parse().unwrap(),
        country: "IE".parse().unwrap(),
        created: moment(5),
        clouds: PartnerClouds::new(clouds[0], clouds.iter().copied()),
        facts: PartnerFacts {
            partner_id: "4391507".parse().unwrap(),
            email: "hello@partner.example".parse().unwrap(),
            phone: Some("+31 20 555 0142".parse().unwrap()),
            address: Some("Keizersgracht 401\nAmsterdam".parse().unwrap()),
        },
    }
}

pub(crate) fn user(organization: u128, number: u128) -> User {
    User {
        id: user_id(number),
        organization: organization_id(organization),
        email: format!("u{number}@o{organization}.example").parse().unwrap(),
        name: "Anna de Vries".parse().unwrap(),
        password: PasswordHash("$argon2id$…".to_owned()),
        roles: vec![UserRole::GlobalAdministrator, UserRole::GlobalReader],
        language: Language::Chinese,
        created: moment(6),
    }
}

pub(crate) fn session(organization: u128, user: u128, number: u128) -> Session {
    Session {
        token: token(number),
        user: user_id(user),
        organization: organization_id(organization),
        created: moment(7),
        expires: moment(100),
    }
}

pub(crate) fn document(cloud: Cloud, version: u32, language: Language) -> AgreementDocument {
    AgreementDocument {
        cloud,
        language,
        version,
        title: "Microsoft Customer Agreement".parse().unwrap(),
        body: "# One\n\nTwo".to_owned(),
        hash: HASH.parse().unwrap(),
        added: moment(8),
    }
}

pub(crate) fn acceptance(organization: u128, number: u128, version: u32) -> AgreementAcceptance {
    AgreementAcceptance {
        id: acceptance_id(number),
        organization: organization_id(organization),
        version,
        language: Language::Dutch,
        hash: HASH.parse().unwrap(),
        at: moment(9),
        by: user_id(1),
        by_name: "Anna de Vries".parse().unwrap(),
        invitation: number.is_multiple_of(2).then(|| invitation_id(number)),
    }
}

pub(crate) fn invitation(customer: u128, partner: u128, number: u128) -> Invitation {
    Invitation {
        id: invitation_id(number),
        customer: organization_id(customer),
        cloud: Cloud::Worldwide,
        partner: organization_id(partner),
        partner_type: PartnerType::Advisor,
        admin_roles: AdminRole::ALL.to_vec(),
        // A draft may have no recipient yet.
        recipient: (number != 7).then(|| "anna@brightwater.example".parse().unwrap()),
        recipient_name: (number != 7).then(|| "Anna de Vries".parse().unwrap()),
        language: Language::German,
        message: Note::parse_optional("Hello\n\"Anna\"").unwrap(),
        enquiry: number.is_multiple_of(2).then(|| enquiry_id(number)),
        terms: number.is_multiple_of(2).then(|| "Net 30 days.\n翠河".parse().unwrap()),
        offer: number.is_multiple_of(2).then(|| Offer {
            kind: OfferKind::Trial,
            product: "Office 365 \"E3\"".parse().unwrap(),
            quantity: 25,
        }),
        created: moment(10),
        created_by: user_id(2),
        state: InvitationState::Draft,
        version: 1,
    }
}

pub(crate) fn enquiry(customer: u128, partner: u128, number: u128) -> Enquiry {
    Enquiry {
        id: enquiry_id(number),
        customer: organization_id(customer),
        cloud: Cloud::Worldwide,
        partner: organization_id(partner),
        country: "IE".parse().unwrap(),
        city: number.is_multiple_of(2).then(|| "Baile Átha Cliath".parse().unwrap()),
        size: OrganizationSize::From10To50,
        needs: "Move our mail.\nBefore \"June\".".parse().unwrap(),
        contact_name: "Anna de Vries".parse().unwrap(),
        contact_email: "anna@brightwater.example".parse().unwrap(),
        contact_phone: PhoneNumber::parse_optional(if number.is_multiple_of(2) {
            "+353 (0)1 555.0142"
        } else {
            ""
        })
        .unwrap(),
        created: moment(15),
        created_by: user_id(1),
        state: EnquiryState::Sent { expires: moment(16) },
        version: 1,
    }
}

pub(crate) fn profile(partner: u128) -> Profile {
    Profile {
        partner: organization_id(partner),
        description: Some("We move mail.\nAnd \"files\".".parse().unwrap()),
        locations: vec![
            Location { country: "NL".parse().unwrap(), city: Some("Utrecht".parse().unwrap()) },
            Location { country: "BE".parse().unwrap(), city: None },
        ],
        services: vec![Service::ManagedServices, Service::Licensing],
        industries: vec![Industry::Healthcare],
        sizes: vec![OrganizationSize::From1To9, OrganizationSize::From10To50],
        countries: vec!["NL".parse().unwrap(), "IE".parse().unwrap()],
        listed: true,
        version: 1,
    }
}

pub(crate) fn relationship(customer: u128, partner: u128, number: u128) -> Relationship {
    Relationship {
        id: relationship_id(number),
        customer: organization_id(customer),
        cloud: Cloud::Worldwide,
        partner: organization_id(partner),
        partner_type: PartnerType::DelegatedAdministrator,
        grants: vec![
            RoleGrant { role: AdminRole::GlobalAdministrator, since: moment(11), ends: None },
            RoleGrant {
                role: AdminRole::HelpdeskAdministrator,
                since: moment(11),
                ends: Some(moment(12)),
            },
        ],
        since: moment(11),
        invitation: number.is_multiple_of(2).then(|| invitation_id(number)),
        state: RelationshipState::Active,
        version: 1,
    }
}

pub(crate) fn product(number: u128) -> Product {
    Product {
        id: product_id(number),
        cloud: Cloud::Worldwide,
        name: "Office 365 \"E3\"".parse().unwrap(),
        description: "Mail, files and meetings.\nFor everybody.".parse().unwrap(),
        prices: vec![
            Price { term: Term::Month, unit: Money { amount: 510, currency: Currency::Eur } },
            Price { term: Term::Year, unit: Money { amount: i64::MAX, currency: Currency::Cny } },
        ],
        version: 1,
    }
}

pub(crate) fn billing_account(organization: u128, number: u128) -> BillingAccount {
    BillingAccount {
        id: billing_account_id(number),
        organization: organization_id(organization),
        name: "Harbour Bakery".parse().unwrap(),
        currency: Currency::Gbp,
        created: moment(17),
    }
}

/// The Partner ID with the digits of this number.
pub(crate) fn partner_id(number: u128) -> PartnerId {
    number.to_string().parse().unwrap()
}

/// A partner account as it is read: with the clouds of [`partner`].
pub(crate) fn partner_account(partner: u128, number: u128) -> PartnerAccount {
    let even = number.is_multiple_of(2);
    PartnerAccount {
        partner_id: partner_id(number),
        partner: organization_id(partner),
        kind: if even { AccountKind::Location } else { AccountKind::Global },
        name: "Meridian \"München\"".parse().unwrap(),
        country: "DE".parse().unwrap(),
        city: even.then(|| "München".parse().unwrap()),
        clouds: vec![Cloud::Germany, Cloud::Worldwide],
    }
}

pub(crate) fn partner_of_record(partner: u128, number: u128) -> PartnerOfRecord {
    PartnerOfRecord {
        partner_id: partner_id(number),
        partner: organization_id(partner),
        since: moment(18),
        set_by: user_id(1),
    }
}

/// A subscription from the customer's billing account of the same number. An even one is
/// of product 1 and has a price; an odd one is a trial from the offer of the invitation of
/// its number.
pub(crate) fn subscription(customer: u128, number: u128) -> Subscription {
    let even = number.is_multiple_of(2);
    Subscription {
        id: subscription_id(number),
        customer: organization_id(customer),
        cloud: Cloud::Worldwide,
        product: even.then(|| product_id(1)),
        product_name: "Office 365 \"E3\"".parse().unwrap(),
        quantity: 25,
        term: if even { Term::Month } else { Term::Year },
        unit_price: even.then_some(Money { amount: 510, currency: Currency::Eur }),
        billing_account: billing_account_id(customer),
        seller: None,
        offer_of: (!even).then(|| invitation_id(number)),
        state: if even {
            SubscriptionState::Active
        } else {
            SubscriptionState::Trial { ends: moment(50) }
        },
        partner_of_record: None,
        created: moment(19),
        created_by: user_id(1),
        created_by_organization: organization_id(customer),
        version: 1,
    }
}

pub(crate) fn tenure(customer: u128, subscription: u128, number: i64) -> PastPartnerOfRecord {
    PastPartnerOfRecord {
        customer: organization_id(customer),
        subscription: subscription_id(subscription),
        number,
        record: partner_of_record(2, 4),
        until: moment(20),
        ended_by: user_id(2),
    }
}

pub(crate) fn pending_partner_changes(
    customer: u128,
    first: u128,
    sets: bool,
) -> PartnerChangeBlock {
    let change = |number, partner: bool| PartnerChange {
        subscription: subscription_id(number),
        partner: partner.then(|| (partner_id(4), organization_id(2))),
    };
    PartnerChangeBlock {
        customer: organization_id(customer),
        first: subscription_id(first),
        decided: moment(20),
        decided_by: user_id(2),
        changes: vec![change(first, sets), change(first + 1, !sets)],
    }
}

pub(crate) fn placed_order(
    organization: u128,
    request: u128,
    customer: u128,
    subscription: u128,
) -> PlacedOrder {
    PlacedOrder {
        organization: organization_id(organization),
        request: request_id(request),
        digest: HASH.to_owned(),
        customer: organization_id(customer),
        subscription: subscription_id(subscription),
        at: moment(21),
    }
}

pub(crate) fn audit(organization: u128, sequence: i64, target: &str) -> AuditRecord {
    AuditRecord {
        organization: organization_id(organization),
        sequence,
        target: target.to_owned(),
        content: format!("{{\"sequence\":{sequence}}}"),
        hash: HASH.to_owned(),
    }
}

pub(crate) fn mail(organization: u128, number: u128) -> OutboxMail {
    OutboxMail {
        id: mail_id(number),
        organization: organization_id(organization),
        invitation: number.is_multiple_of(3).then(|| invitation_id(number)),
        to: "anna@brightwater.example".parse().unwrap(),
        to_name: "Anna de Vries".parse().unwrap(),
        language: Language::English,
        subject: "An invitation".to_owned(),
        text: "Follow this link".to_owned(),
        html: "<p>Follow this link</p>".to_owned(),
        created: moment(13),
        status: MailStatus::Waiting,
        attempts: 0,
        next: moment(14),
        last_error: None,
    }
}
