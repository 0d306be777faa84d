//! A database that an earlier version of the program made is opened, brought up to date,
//! and keeps what it holds.

use std::path::Path;

use rules::{
    AccountKind, BillingAccount, Cloud, CountryCode, Currency, Invitation, PartnerAccount,
    Subscription,
};
use rusqlite::{Connection, params};
use service::model::PartnerSearch;
use store::{Database, OpenError};

use crate::content::everything;
use crate::engines::{Engine, OnDisk};
use crate::samples::{
    HASH, acceptance, audit, customer, document, enquiry, invitation, invitation_id, mail, moment,
    organization_id, partner, partner_id, partner_of_record, product, profile, relationship,
    session, subscription, tenure, token, user,
};

/// The SHA-256 that databases have recorded of the first migration since it was published.
const FIRST: &str = "10feb5fd0c73dc058a13fa44886f464d8a7bb6aa338db9f7c95df6253150801e";

/// The same of the second.
const SECOND: &str = "c7b68244d022284fd850514c1e2f45773d6ad1a02b692d18f78f87632876a65c";

/// Applies a migration as SQLite reads it.
fn apply(file: &Connection, text: &str) {
    let statements = text.replace("/* sqlite:", "").replace("*/", "").replace("BIGINT", "INTEGER");
    file.execute_batch(&statements).unwrap();
}

/// A database as the first migration alone made it, with a row in every table.
fn first_version(path: &Path) {
    let file = Connection::open(path).unwrap();
    apply(&file, include_str!("../../migrations/0001_begin.sql"));
    file.execute_batch(
        "CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
         checksum TEXT NOT NULL, applied INTEGER NOT NULL) STRICT",
    )
    .unwrap();
    file.execute("INSERT INTO migration VALUES (1, 'begin', ?1, 5)", [FIRST]).unwrap();

    let id = |number| organization_id(number).to_string();
    for (number, kind, clouds, facts) in [
        (1, "customer", "[\"worldwide\"]", None),
        (
            2,
            "partner",
            "[\"germany\",\"worldwide\"]",
            Some(
                "{\"partnerId\":\"4391507\",\"email\":\"hello@partner.example\",\
                 \"phone\":\"+31 20 555 0142\",\"address\":\"Keizersgracht 401\\nAmsterdam\"}",
            ),
        ),
    ] {
        file.execute(
            "INSERT INTO organization VALUES (?1, ?2, 'Harbour Bakery', ?3, 'IE', ?4, 5, ?5)",
            params![id(number), kind, format!("o{number}.example"), clouds, facts],
        )
        .unwrap();
    }
    let account = user(1, 1);
    file.execute(
        "INSERT INTO account VALUES (?1, ?2, 'u1@o1.example', 'Anna de Vries', '$argon2id$…', \
         '[\"globalAdministrator\",\"globalReader\"]', 'zh-CN', 6)",
        params![id(1), account.id.to_string()],
    )
    .unwrap();
    file.execute(
        "INSERT INTO session VALUES (?1, ?2, ?3, 7, 100)",
        params![token(3).as_str(), id(1), account.id.to_string()],
    )
    .unwrap();
    file.execute("INSERT INTO sign_in_failure VALUES ('u1@o1.example', 2, 8)", []).unwrap();
    file.execute(
        "INSERT INTO agreement_document VALUES ('worldwide', 1, 'en', \
         'Microsoft Customer Agreement', ?1, ?2, 8)",
        params!["# One\n\nTwo", HASH],
    )
    .unwrap();
    let accepted = acceptance(1, 1, 1);
    file.execute(
        "INSERT INTO agreement_acceptance VALUES (?1, ?2, 1, 'nl', ?3, 9, ?4, 'Anna de Vries', \
         NULL)",
        params![id(1), accepted.id.to_string(), HASH, accepted.by.to_string()],
    )
    .unwrap();
    let invited = invitation(1, 2, 5);
    file.execute(
        "INSERT INTO invitation VALUES (?1, ?2, 'worldwide', ?3, 'advisor', \
         '[\"globalAdministrator\",\"helpdeskAdministrator\"]', 'anna@brightwater.example', \
         'Anna de Vries', 'de', ?4, 10, ?5, '{\"status\":\"sent\",\
         \"at\":\"1970-01-01T00:00:00.020Z\",\"expires\":\"1970-01-01T00:00:00.030Z\"}', 2, ?6)",
        params![
            id(1),
            invited.id.to_string(),
            id(2),
            "Hello\n\"Anna\"",
            invited.created_by.to_string(),
            token(4).as_str()
        ],
    )
    .unwrap();
    let related = relationship(1, 2, 1);
    file.execute(
        "INSERT INTO relationship VALUES (?1, ?2, 'worldwide', ?3, 'delegatedAdministrator', ?4, \
         11, NULL, '{\"status\":\"active\"}', 1)",
        params![
            id(1),
            related.id.to_string(),
            id(2),
            serde_json::to_string(&related.grants).unwrap()
        ],
    )
    .unwrap();
    let entry = audit(1, 1, "a");
    file.execute(
        "INSERT INTO audit VALUES (?1, 1, 'a', ?2, ?3)",
        params![id(1), entry.content, entry.hash],
    )
    .unwrap();
    let waiting = mail(1, 4);
    file.execute(
        "INSERT INTO mail VALUES (?1, ?2, 'anna@brightwater.example', 'Anna de Vries', 'en', \
         'An invitation', ?3, ?4, 13, 'waiting', 0, 14, NULL)",
        params![id(1), waiting.id.to_string(), waiting.text, waiting.html],
    )
    .unwrap();
}

/// A database as the first two migrations made it, with a row in every table.
fn second_version(path: &Path) {
    first_version(path);
    let file = Connection::open(path).unwrap();
    apply(&file, include_str!("../../migrations/0002_enquiries_and_profiles.sql"));
    file.execute("INSERT INTO migration VALUES (2, 'enquiries_and_profiles', ?1, 6)", [SECOND])
        .unwrap();
    let id = |number| organization_id(number).to_string();
    let asked = enquiry(1, 2, 5);
    file.execute(
        "INSERT INTO enquiry VALUES (?1, ?2, 'worldwide', ?3, 'IE', NULL, '10to50', ?4, \
         'Anna de Vries', 'anna@brightwater.example', NULL, 15, ?5, \
         '{\"status\":\"sent\",\"expires\":\"1970-01-01T00:00:00.016Z\"}', 1)",
        params![
            id(1),
            asked.id.to_string(),
            id(2),
            asked.needs.as_str(),
            asked.created_by.to_string()
        ],
    )
    .unwrap();
    let listed = profile(2);
    file.execute(
        "INSERT INTO partner_profile VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, 1)",
        params![
            id(2),
            listed.description.as_ref().map(rules::Description::as_str),
            serde_json::to_string(&listed.locations).unwrap(),
            serde_json::to_string(&listed.services).unwrap(),
            serde_json::to_string(&listed.industries).unwrap(),
            serde_json::to_string(&listed.sizes).unwrap(),
            serde_json::to_string(&listed.countries).unwrap(),
        ],
    )
    .unwrap();
    file.execute(
        "INSERT INTO partner_search (rowid, terms) \
         VALUES (1, '0bakery 0harbour in-NL-utrecht serves-germany-NL')",
        [],
    )
    .unwrap();
}

/// The billing account that a customer from before gets.
fn given_account(customer: u128, currency: Currency) -> BillingAccount {
    BillingAccount {
        id: organization_id(customer).to_string().parse().unwrap(),
        organization: organization_id(customer),
        name: "Harbour Bakery".parse().unwrap(),
        currency,
        created: moment(5),
    }
}

/// What the Partner ID of a partner from before stands for.
fn given_location(partner: u128, number: u128) -> PartnerAccount {
    PartnerAccount {
        partner_id: partner_id(number),
        partner: organization_id(partner),
        kind: AccountKind::Location,
        name: "Harbour Bakery".parse().unwrap(),
        country: "IE".parse().unwrap(),
        city: None,
        clouds: vec![Cloud::Germany, Cloud::Worldwide],
    }
}

/// The invitation of the first version, as it is read now.
fn invited() -> Invitation {
    Invitation {
        state: rules::InvitationState::Sent { at: moment(20), expires: moment(30), resent: None },
        version: 2,
        ..invitation(1, 2, 5)
    }
}

#[test]
fn a_database_of_the_first_version_keeps_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accord.db");
    first_version(&path);
    let url = path.to_str().unwrap();

    // A command that only reads leaves it as it is.
    let error = Database::open_existing(url).unwrap_err();
    assert!(matches!(error, OpenError::Older { .. }), "{error:?}");

    let database = Database::open(url).unwrap();
    let content = database.read(|store| Ok(everything(store)?)).unwrap();

    // The same rows, written by this version into a database of its own.
    let other = OnDisk::empty();
    other
        .write(|store| {
            store.insert_organization(&customer(1))?;
            store.insert_organization(&partner(2))?;
            store.insert_billing_account(&given_account(1, Currency::Eur))?;
            store.insert_partner_account(&given_location(2, 4_391_507))?;
            store.insert_user(&user(1, 1))?;
            store.insert_session(&session(1, 1, 3))?;
            let failures = service::model::SignInFailures { count: 2, last: moment(8) };
            store.set_sign_in_failures(&user(1, 1).email, Some(failures))?;
            let (cloud, language) = (rules::Cloud::Worldwide, rules::Language::English);
            store.insert_agreement_document(&document(cloud, 1, language))?;
            store.insert_acceptance(&acceptance(1, 1, 1))?;
            store.insert_invitation(&Invitation { version: 1, ..invited() })?;
            store.update_invitation(&invited(), Some(&token(4)))?;
            store.insert_relationship(&relationship(1, 2, 1))?;
            store.append_audit(&audit(1, 1, "a"))?;
            store.insert_mail(&mail(1, 4))?;
            Ok(())
        })
        .unwrap();
    assert_eq!(content, other.read(|store| Ok(everything(store)?)).unwrap());
    let (kept, linked) = database
        .read(|store| Ok((store.session(&token(3))?, store.invitation_by_token(&token(4))?)))
        .unwrap();
    assert_eq!((kept, linked), (Some(session(1, 1, 3)), Some(invited())));

    // And it takes what is new.
    database
        .write_blocking(|store| {
            let mut changed = invited();
            changed.version = 3;
            changed.enquiry = Some(enquiry(1, 2, 6).id);
            changed.terms = invitation(1, 2, 6).terms;
            changed.offer = invitation(1, 2, 6).offer;
            store.update_invitation(&changed, None)?;
            assert_eq!(store.invitation(changed.partner, invitation_id(5))?, Some(changed));
            store.insert_enquiry(&enquiry(1, 2, 6))?;
            store.set_profile(&profile(2))?;
            let search = PartnerSearch {
                cloud: rules::Cloud::Germany,
                country: "NL".parse().unwrap(),
                city: Some("utrecht".to_owned()),
                size: None,
                words: vec!["harbour".to_owned(), "mai".to_owned()],
            };
            assert_eq!(store.search_partners(&search, None, 9)?.len(), 1);
            Ok(())
        })
        .unwrap();
    let content = database.read(|store| Ok(everything(store)?)).unwrap();
    database.close();
    let again = Database::open_existing(url).unwrap();
    assert_eq!(again.read(|store| Ok(everything(store)?)).unwrap(), content);
}

#[test]
fn a_database_of_the_second_version_keeps_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accord.db");
    second_version(&path);
    let url = path.to_str().unwrap();
    let database = Database::open(url).unwrap();
    let search = PartnerSearch {
        cloud: Cloud::Germany,
        country: "NL".parse().unwrap(),
        city: Some("Utrecht".to_owned()),
        size: None,
        words: vec!["harbour".to_owned()],
    };
    database
        .read(|store| {
            let (customer, partner) = (organization_id(1), organization_id(2));
            assert_eq!(store.invitations(customer)?, [invited()]);
            assert_eq!(store.relationships(partner)?, [relationship(1, 2, 1)]);
            assert_eq!(store.enquiries(partner)?, [enquiry(1, 2, 5)]);
            assert_eq!(store.profile(partner)?, Some(profile(2)));
            assert_eq!(store.search_partners(&search, None, 9)?.len(), 1);
            assert_eq!(store.mails(Some(customer), 9)?, [mail(1, 4)]);
            assert_eq!(store.billing_accounts(customer)?, [given_account(1, Currency::Eur)]);
            assert_eq!(store.billing_accounts(partner)?, []);
            let location = given_location(2, 4_391_507);
            assert_eq!(store.partner_account(&location.partner_id)?.as_ref(), Some(&location));
            assert_eq!(store.partner_accounts(partner)?, [location]);
            assert_eq!(store.partner_accounts(customer)?, []);
            Ok(())
        })
        .unwrap();

    // And it takes what is new.
    let bought = || Subscription {
        billing_account: given_account(1, Currency::Eur).id,
        partner_of_record: Some(partner_of_record(2, 4_391_507)),
        ..subscription(1, 2)
    };
    database
        .write_blocking(move |store| {
            store.insert_product(&product(1))?;
            store.insert_subscription(&bought())?;
            store.insert_tenure(&tenure(1, 2, 2))?;
            Ok(())
        })
        .unwrap();
    let content = database.read(|store| Ok(everything(store)?)).unwrap();
    database.close();
    let again = Database::open_existing(url).unwrap();
    assert_eq!(again.read(|store| Ok(everything(store)?)).unwrap(), content);
    let listed = again.read(|store| Ok(store.subscriptions(organization_id(2))?)).unwrap();
    assert_eq!(listed, [bought()]);
}

#[test]
fn customers_from_before_pay_in_the_currency_of_their_country() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accord.db");
    second_version(&path);
    let letters = || 'A'..='Z';
    let countries: Vec<CountryCode> = letters()
        .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
        .filter_map(|code| CountryCode::parse(&code).ok())
        .collect();
    let file = Connection::open(&path).unwrap();
    for (number, country) in (100..).zip(&countries) {
        file.execute(
            "INSERT INTO organization VALUES (?1, 'customer', 'Harbour Bakery', ?2, ?3, \
             '[\"worldwide\"]', 5, NULL)",
            params![
                organization_id(number).to_string(),
                format!("o{number}.example"),
                country.as_str()
            ],
        )
        .unwrap();
    }
    let database = Database::open(path.to_str().unwrap()).unwrap();
    for (number, country) in (100..).zip(&countries) {
        let accounts =
            database.read(|store| Ok(store.billing_accounts(organization_id(number))?)).unwrap();
        let expected = given_account(number, Currency::of_country(country));
        assert_eq!(accounts, [expected], "{country}");
    }
    for currency in Currency::ALL {
        assert!(countries.iter().any(|country| Currency::of_country(country) == *currency));
    }
}

#[test]
fn a_partner_id_that_two_had_before_stays_with_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accord.db");
    second_version(&path);
    let file = Connection::open(&path).unwrap();
    for (number, partner_id) in [(4, "17"), (3, "4391507"), (5, "4391507")] {
        file.execute(
            "INSERT INTO organization VALUES (?1, 'partner', 'Harbour Bakery', ?2, 'IE', \
             '[\"germany\",\"worldwide\"]', 5, ?3)",
            params![
                organization_id(number).to_string(),
                format!("o{number}.example"),
                format!("{{\"partnerId\":\"{partner_id}\",\"email\":\"a@b.example\"}}")
            ],
        )
        .unwrap();
    }
    drop(file);
    let database = Database::open(path.to_str().unwrap()).unwrap();
    let accounts = |number| {
        database.read(|store| Ok(store.partner_accounts(organization_id(number))?)).unwrap()
    };
    assert_eq!(accounts(2), [given_location(2, 4_391_507)]);
    assert_eq!(accounts(3), []);
    assert_eq!(accounts(4), [given_location(4, 17)]);
    assert_eq!(accounts(5), []);
}
