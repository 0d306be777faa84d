//! What stored columns look like, compared with a file of texts that must be read forever.

use std::fmt::Debug;

use api::{AuditAction, MailStatus, TargetKind};
use rules::{
    AccountKind, AdminRole, Cloud, CountryCode, Currency, EndedBy, EnquiryState, EnquiryStatus,
    Industry, InvitationId, InvitationState, InvitationStatus, Language, Location, Money, Note,
    Offer, OfferKind, OrganizationId, OrganizationKind, OrganizationSize, PartnerType, Price,
    RelationshipState, RoleGrant, Service, SubscriptionId, SubscriptionState, Term, Timestamp,
    UserId, UserRole,
};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use service::model::{PartnerChange, PartnerFacts};
use service::stored::StoredName;

use crate::sql::columns::{FromColumns, ToColumns};

/// Texts of version 1 of the formats.
const VERSION_1: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/stored/columns-1.txt"));

/// Columns and the texts in them, one for each line.
#[derive(Default)]
struct StoredTexts(Vec<String>);

impl StoredTexts {
    /// Writes values to a column, and reads them again.
    fn add<T>(&mut self, column: &str, values: &[T])
    where
        T: ToColumns<1> + FromColumns<1> + PartialEq + Debug,
    {
        for value in values {
            let [output] = value.to_columns().unwrap();
            let stored = match &output {
                ToSqlOutput::Borrowed(stored) => *stored,
                ToSqlOutput::Owned(stored) => ValueRef::from(stored),
                _ => panic!("{column}: not a value of a column"),
            };
            let text = match Value::try_from(stored).unwrap() {
                Value::Integer(integer) => integer.to_string(),
                Value::Text(text) => text,
                other => panic!("{column}: {other:?}"),
            };
            self.0.push(format!("{column}: {text}"));
            match T::from_columns([stored]) {
                Ok(read) => assert_eq!(read, *value, "{column}: {text}"),
                Err(error) => panic!("{column}: {text}: {error:?}"),
            }
        }
    }
}

/// Returns the empty list, and a list of each value.
fn lists<T: Copy>(values: &[T]) -> Vec<Vec<T>> {
    std::iter::once(vec![]).chain(values.iter().map(|value| vec![*value])).collect()
}

/// Names of values that only derived columns hold.
fn names<T: StoredName + Copy + PartialEq + Debug>(values: &[T]) -> Vec<String> {
    let names: Vec<String> = values.iter().map(|value| value.stored_name().to_owned()).collect();
    for (name, value) in names.iter().zip(values) {
        assert_eq!(T::from_stored_name(name), Some(*value));
    }
    names
}

fn moment(milliseconds: i64) -> Timestamp {
    Timestamp::from_milliseconds(milliseconds)
}

fn user() -> UserId {
    UserId::new(moment(1), 1)
}

fn note(text: &str) -> Note {
    text.parse().unwrap()
}

fn country(code: &str) -> CountryCode {
    code.parse().unwrap()
}

/// What is stored today.
fn current() -> StoredTexts {
    let mut texts = StoredTexts::default();
    add_organizations(&mut texts);
    add_partner_rows(&mut texts);
    add_subscriptions(&mut texts);
    texts.add("mail.status", MailStatus::ALL);
    texts.add("audit.action", &names(AuditAction::ALL));
    texts.add("audit.target_kind", &names(TargetKind::ALL));
    texts
}

fn add_organizations(texts: &mut StoredTexts) {
    let user = user();
    texts.add("account.id", &[user]);
    texts.add("account.language", Language::ALL);
    texts.add("account.roles", &lists(UserRole::ALL));
    texts.add("account.created", &[moment(0), moment(253_402_300_799_999)]);

    texts.add("organization.kind", OrganizationKind::ALL);
    texts.add("organization.country", &[country("IE")]);
    texts.add("organization.clouds", &lists(Cloud::ALL));
    let facts = PartnerFacts {
        partner_id: "4711".parse().unwrap(),
        email: "hello@meridian.example".parse().unwrap(),
        phone: None,
        address: None,
    };
    let phone = Some("+353 1 555 0142".parse().unwrap());
    let address = Some(note("1 Quay \"Street\"\nDublin"));
    texts.add(
        "organization.partner_facts",
        &[facts.clone(), PartnerFacts { phone, address, ..facts }],
    );

    let city = Some("Baile Átha Cliath".parse().unwrap());
    let locations = vec![
        Location { country: country("NL"), city: None },
        Location { country: country("IE"), city },
    ];
    texts.add("partner_profile.locations", &[vec![], locations]);
    texts.add("partner_profile.services", &lists(Service::ALL));
    texts.add("partner_profile.industries", &lists(Industry::ALL));
    texts.add("partner_profile.sizes", &lists(OrganizationSize::ALL));
    texts.add("partner_profile.countries", &[vec![country("NL"), country("IE")]]);
    texts.add("partner_profile.listed", &[false, true]);
}

/// Adds invitations, relationships and enquiries.
fn add_partner_rows(texts: &mut StoredTexts) {
    let user = user();
    texts.add("invitation.cloud", Cloud::ALL);
    texts.add("invitation.partner_type", PartnerType::ALL);
    texts.add("invitation.admin_roles", &lists(AdminRole::ALL));
    for kind in OfferKind::ALL {
        let product = "Office 365 \"E3\"".parse().unwrap();
        texts.add("invitation.offer", &[Offer { kind: *kind, product, quantity: 25 }]);
    }
    texts.add("invitation.answer", &names(InvitationStatus::ALL));
    texts.add("invitation.state", &[InvitationState::Draft]);
    for some in [false, true] {
        let (resent, sent) = (some.then_some(moment(9)), some.then_some(moment(2)));
        let reason = some.then(|| note("Not \"now\".\nLater."));
        let (at, by) = (moment(3), user);
        texts.add(
            "invitation.state",
            &[
                InvitationState::Sent { at, expires: moment(4), resent },
                InvitationState::Accepted { at, by, sent },
                InvitationState::Canceled { at, by, reason, sent },
                InvitationState::Withdrawn { at, by, sent },
            ],
        );
    }

    let grant = RoleGrant { role: AdminRole::GlobalAdministrator, since: moment(3), ends: None };
    let role = AdminRole::HelpdeskAdministrator;
    texts.add(
        "relationship.grants",
        &[vec![], vec![grant, RoleGrant { role, since: moment(3), ends: Some(moment(5)) }]],
    );
    texts.add("relationship.state", &[RelationshipState::Active]);
    for by in EndedBy::ALL {
        let ended = RelationshipState::Ended { at: moment(3), by: *by, user };
        texts.add("relationship.state", &[ended]);
    }

    texts.add("enquiry.organization_size", OrganizationSize::ALL);
    texts.add("enquiry.answer", &names(EnquiryStatus::ALL));
    let (at, by) = (moment(3), user);
    texts.add(
        "enquiry.state",
        &[
            EnquiryState::Sent { expires: moment(4) },
            EnquiryState::Read { at, by, expires: moment(4) },
            EnquiryState::Declined { at, by, reason: note("No room.") },
            EnquiryState::Invited { at, by, invitation: InvitationId::new(moment(1), 2) },
        ],
    );
}

/// Adds products and subscriptions.
fn add_subscriptions(texts: &mut StoredTexts) {
    let (at, by) = (moment(3), user());
    texts.add("partner_account.kind", AccountKind::ALL);
    for (term, currency) in [(Term::Month, Currency::Eur), (Term::Year, Currency::Cny)] {
        let price = Price { term, unit: Money { amount: i64::MAX, currency } };
        texts.add("product.prices", &[vec![price]]);
    }

    texts.add("subscription.term", Term::ALL);
    texts.add("subscription.currency", Currency::ALL);
    texts.add(
        "subscription.state",
        &[
            SubscriptionState::Trial { ends: moment(4) },
            SubscriptionState::Active,
            SubscriptionState::Suspended { at, by },
            SubscriptionState::Ended { at, by },
        ],
    );
    let subscription = SubscriptionId::new(moment(1), 3);
    let partner = Some(("4711".parse().unwrap(), OrganizationId::new(moment(1), 4)));
    let changes = vec![
        PartnerChange { subscription, partner: None },
        PartnerChange { subscription, partner },
    ];
    texts.add("pending_partner_changes.changes", &[changes]);
}

#[test]
fn stored_texts_of_version_1_are_read_and_written_as_ever() {
    let current = current().0.join("\n") + "\n";
    let (known, written): (Vec<&str>, Vec<&str>) =
        (VERSION_1.lines().collect(), current.lines().collect());
    let missing: Vec<_> = known.iter().filter(|line| !written.contains(line)).collect();
    assert!(
        missing.is_empty(),
        "these texts are in databases, and are no longer written so; a new format needs a new \
         version: {missing:#?}"
    );
    let new: Vec<_> = written.iter().filter(|line| !known.contains(line)).collect();
    assert!(new.is_empty(), "add new values to columns-1.txt: {new:#?}");
}
