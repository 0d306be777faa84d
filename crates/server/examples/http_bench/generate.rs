//! Makes databases of any size, through the public interface of the store.
//!
//! Organizations and accounts that sign in are created by the use cases. The many rows are
//! written as the store takes them, in large transactions; the audit log's hashes are computed
//! as the service does, so that `accord verify` accepts the result.

use std::time::Instant;

use api::{AuditAction, TargetKind};
use rules::{
    AdminRole, BillingAccountId, Cloud, DAY, DisplayName, Enquiry, EnquiryId, EnquiryState, HOUR,
    Invitation, InvitationId, InvitationState, Language, NewSubscription, OrganizationId,
    OrganizationSize, PartnerType, ProductId, Relationship, RelationshipId, RelationshipState,
    RoleGrant, Subscription, SubscriptionId, Term, Timestamp, UserId, UserRole,
};
use serde_json::{Value, json};
use service::model::{AuditRecord, Organization, PartnerClouds, PartnerFacts, PasswordHash, User};
use service::organizations::{self, NewOrganization, NewOrganizationKind, NewUser};
use service::{Context, StoreError, Write};
use store::Database;

use crate::Anything;

/// Rows in one transaction.
const BATCH: u32 = 5_000;
/// Email address of the large partner's user.
pub(crate) const PARTNER_USER: &str = "agent@large-partner.example";
/// Email address of the large customer's user.
pub(crate) const CUSTOMER_USER: &str = "admin@large-customer.example";

/// Numbers of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataSize {
    /// Customers of the partner, each with a relationship.
    pub(crate) customers: u32,
    /// Subscriptions of the customer.
    pub(crate) subscriptions: u32,
    /// Invitations of the partner.
    pub(crate) invitations: u32,
    /// Enquiries to the partner.
    pub(crate) enquiries: u32,
    /// Entries in the customer's audit log.
    pub(crate) audit_entries: u32,
}

/// As much as the lists of the demo data show, on full pages.
pub(crate) const SMALL: DataSize = DataSize {
    customers: 60,
    subscriptions: 60,
    invitations: 60,
    enquiries: 60,
    audit_entries: 200,
};

/// A large partner and a large customer.
pub(crate) const LARGE: DataSize = DataSize {
    customers: 50_000,
    subscriptions: 50_000,
    invitations: 100_000,
    enquiries: 20_000,
    audit_entries: 1_000_000,
};

/// Enough rows to try the comparison itself.
pub(crate) const QUICK: DataSize = DataSize {
    customers: 500,
    subscriptions: 500,
    invitations: 1_000,
    enquiries: 200,
    audit_entries: 10_000,
};

/// What the rows have in common.
#[derive(Clone)]
struct Origin {
    now: Timestamp,
    /// Number of customers of the partner.
    customers: u32,
    partner: Organization,
    agent: User,
    customer: Organization,
    administrator: User,
    billing_account: BillingAccountId,
    product: ProductId,
}

/// Adds rows of this size to a database with demo data.
pub(crate) fn fill(database: &Database, now: Timestamp, size: DataSize) -> Anything<()> {
    let begin = Instant::now();
    let origin = add_organizations(database, now, size.customers)?;
    for (count, add) in [
        (size.customers, add_customer as fn(&mut dyn Write, &Origin, u32) -> service::Result<()>),
        (size.subscriptions, add_subscription),
        (size.invitations, add_invitation),
        (size.enquiries, add_enquiry),
    ] {
        for first in (0..count).step_by(BATCH as usize) {
            let origin = origin.clone();
            database.write_blocking(move |store| {
                (first..count.min(first + BATCH)).try_for_each(|number| add(store, &origin, number))
            })?;
        }
    }
    for first in (0..size.audit_entries).step_by(BATCH as usize) {
        let origin = origin.clone();
        let last = size.audit_entries.min(first + BATCH);
        database.write_blocking(move |store| add_audit_entries(store, &origin, first..last))?;
    }
    println!("generated {size:?} in {:.0?}", begin.elapsed());
    Ok(())
}

fn wrong(error: &impl std::fmt::Debug) -> service::Error {
    StoreError::Engine(format!("the sample is wrong: {error:?}")).into()
}

fn parse<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> service::Result<T> {
    text.parse().map_err(|error| wrong(&error))
}

fn add_organizations(database: &Database, now: Timestamp, customers: u32) -> Anything<Origin> {
    let context = Context::new(now, "http://127.0.0.1", [9; 32]);
    Ok(database.write_blocking(move |store| {
        let context = &mut context.clone();
        let password = store
            .user_by_email(&parse("anna@brightwater.example")?)?
            .ok_or_else(|| wrong(&"there is no demo data"))?
            .password;
        let partner = organizations::create(
            store,
            context,
            NewOrganization {
                name: parse("Large Partner")?,
                domain: parse("large-partner.example")?,
                country: parse("NL")?,
                kind: NewOrganizationKind::Partner {
                    clouds: PartnerClouds::new(Cloud::Worldwide, []),
                    facts: PartnerFacts {
                        partner_id: parse("7000001")?,
                        email: parse("hello@large-partner.example")?,
                        phone: None,
                        address: None,
                    },
                },
            },
        )?;
        let customer = organizations::create(
            store,
            context,
            NewOrganization {
                name: parse("Large Customer")?,
                domain: parse("large-customer.example")?,
                country: parse("NL")?,
                kind: NewOrganizationKind::Customer { cloud: Cloud::Worldwide },
            },
        )?;
        let mut add_user = |organization, email: &str, role, password: PasswordHash| {
            let new = NewUser {
                organization,
                email: parse(email)?,
                name: parse("Robin Example")?,
                password,
                roles: vec![role],
                language: Language::English,
            };
            organizations::create_user(store, context, new)
        };
        let agent = add_user(partner.id(), PARTNER_USER, UserRole::AdminAgent, password.clone())?;
        let role = UserRole::GlobalAdministrator;
        let administrator = add_user(customer.id(), CUSTOMER_USER, role, password)?;
        let account = store.billing_accounts(customer.id())?.pop();
        let product = store.products(Cloud::Worldwide)?.pop();
        Ok(Origin {
            now,
            customers,
            billing_account: account.ok_or_else(|| wrong(&"no billing account"))?.id,
            product: product.ok_or_else(|| wrong(&"no product"))?.id,
            partner,
            agent,
            customer,
            administrator,
        })
    })?)
}

/// Spreads times over the last years, so that no order is that of the ids alone.
fn time(origin: &Origin, number: u32, least_days: i64) -> Timestamp {
    let scattered = i64::from(number.wrapping_mul(2_654_435_761) >> 8) % (700 * 24);
    origin.now.plus(-least_days * DAY - scattered * HOUR)
}

fn customer_id(origin: &Origin, number: u32) -> OrganizationId {
    OrganizationId::new(origin.now.plus(-900 * DAY), u128::from(number) << 32 | 1)
}

/// Returns a name whose first word is rare once, and whose second word is in every name.
fn name(number: u32) -> service::Result<DisplayName> {
    const FIRST: [&str; 8] =
        ["Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Linden", "Willow"];
    let first = if number == 17 { "Quagga" } else { FIRST[(number * 5 % 8) as usize] };
    parse(&format!("{first} Trading {number:06}"))
}

/// Adds an organization that is a customer of the partner.
fn add_customer(store: &mut dyn Write, origin: &Origin, number: u32) -> service::Result<()> {
    let id = customer_id(origin, number);
    store.insert_organization(&Organization::Customer {
        id,
        name: name(number)?,
        domain: parse(&format!("c{number}.example"))?,
        country: parse("NL")?,
        created: origin.now.plus(-900 * DAY),
        cloud: Cloud::Worldwide,
    })?;
    add_relationship(store, id, origin.partner.id(), number, time(origin, number, 3))
}

/// Adds an active relationship.
pub(crate) fn add_relationship(
    store: &mut dyn Write,
    customer: OrganizationId,
    partner: OrganizationId,
    number: u32,
    since: Timestamp,
) -> service::Result<()> {
    let roles: &[AdminRole] = if number.is_multiple_of(3) { &[] } else { AdminRole::ALL };
    let grant = |role: &AdminRole| RoleGrant { role: *role, since, ends: None };
    Ok(store.insert_relationship(&Relationship {
        id: RelationshipId::new(since, u128::from(number) << 32 | 2),
        customer,
        cloud: Cloud::Worldwide,
        partner,
        partner_type: PartnerType::DelegatedAdministrator,
        grants: roles.iter().map(grant).collect(),
        since,
        invitation: None,
        state: RelationshipState::Active,
        version: 1,
    })?)
}

fn add_subscription(store: &mut dyn Write, origin: &Origin, number: u32) -> service::Result<()> {
    let created = time(origin, number, 3);
    Ok(store.insert_subscription(&Subscription {
        product: Some(origin.product),
        ..Subscription::new(NewSubscription {
            id: SubscriptionId::new(created, u128::from(number) << 32 | 3),
            customer: origin.customer.id(),
            cloud: Cloud::Worldwide,
            product_name: name(number)?,
            quantity: 1 + number % 300,
            term: if number.is_multiple_of(2) { Term::Month } else { Term::Year },
            billing_account: origin.billing_account,
            created,
            created_by: origin.administrator.id,
            created_by_organization: origin.customer.id(),
        })
    })?)
}

fn add_invitation(store: &mut dyn Write, origin: &Origin, number: u32) -> service::Result<()> {
    let created = time(origin, number, 100);
    let sent = created.plus(HOUR);
    let by = UserId::new(created, 1);
    let customer = customer_id(origin, number % origin.customers);
    Ok(store.insert_invitation(&Invitation {
        id: InvitationId::new(created, u128::from(number) << 32 | 4),
        customer,
        cloud: Cloud::Worldwide,
        partner: origin.partner.id(),
        partner_type: PartnerType::Advisor,
        admin_roles: Vec::new(),
        recipient: Some(parse(&format!("admin@c{}.example", number % origin.customers))?),
        recipient_name: Some(parse("Kim Example")?),
        language: Language::English,
        message: Some(parse("We look forward to working with you.")?),
        enquiry: None,
        terms: None,
        offer: None,
        created,
        created_by: origin.agent.id,
        state: match number % 4 {
            0 => InvitationState::Accepted { at: sent.plus(DAY), by, sent: Some(sent) },
            1 => {
                InvitationState::Canceled { at: sent.plus(DAY), by, reason: None, sent: Some(sent) }
            }
            // These have expired.
            _ => InvitationState::Sent { at: sent, expires: sent.plus(90 * DAY), resent: None },
        },
        version: 3,
    })?)
}

fn add_enquiry(store: &mut dyn Write, origin: &Origin, number: u32) -> service::Result<()> {
    let created = time(origin, number, 20);
    let by = origin.agent.id;
    Ok(store.insert_enquiry(&Enquiry {
        id: EnquiryId::new(created, u128::from(number) << 32 | 5),
        customer: customer_id(origin, number),
        cloud: Cloud::Worldwide,
        partner: origin.partner.id(),
        country: parse("NL")?,
        city: None,
        size: OrganizationSize::From10To50,
        needs: parse("We look for help with moving our mail to the cloud.")?,
        contact_name: parse("Kim Example")?,
        contact_email: parse(&format!("admin@c{number}.example"))?,
        contact_phone: None,
        created,
        created_by: UserId::new(created, 1),
        state: match number % 2 {
            0 => EnquiryState::Sent { expires: created.plus(14 * DAY) },
            _ => EnquiryState::Declined {
                at: created.plus(DAY),
                by,
                reason: parse("We are fully booked.")?,
            },
        },
        version: 1,
    })?)
}

fn add_audit_entries(
    store: &mut dyn Write,
    origin: &Origin,
    numbers: std::ops::Range<u32>,
) -> service::Result<()> {
    // The latest entry, written by the service, is the model of the generated ones.
    let organization = origin.customer.id();
    let head = store.audit_head(organization)?.ok_or_else(|| wrong(&"no entry"))?;
    let mut content: Value = serde_json::from_str(&head.content).map_err(|error| wrong(&error))?;
    let (mut sequence, mut previous) = (head.sequence, head.hash);
    for number in numbers {
        sequence += 1;
        let target = SubscriptionId::new(time(origin, number, 3), u128::from(number) << 32 | 3);
        let target = target.to_string();
        content["sequence"] = sequence.into();
        content["at"] = origin.now.plus(-DAY + i64::from(number)).to_string().into();
        content["actor"]["user"] = origin.administrator.id.to_string().into();
        content["actor"]["name"] = origin.administrator.name.as_str().into();
        content["actor"]["organization"] = organization.to_string().into();
        content["actor"]["organizationName"] = origin.customer.name().as_str().into();
        content["action"] = AuditAction::QuantityChanged.as_str().into();
        content["target"]["kind"] = TargetKind::Subscription.as_str().into();
        content["target"]["id"] = target.as_str().into();
        content["target"]["name"] = name(number)?.as_str().into();
        content["details"] = json!({"quantity": "7", "formerQuantity": "6"});
        let content = content.to_string();
        let hash = service::entry_hash(&previous, &content);
        previous.clone_from(&hash);
        store.append_audit(&AuditRecord { organization, sequence, target, content, hash })?;
    }
    Ok(())
}
