//! The audit log, and what the operator does.

use api::AuditAction;
use rules::{Cloud, Language, PartnerType, UserRole};
use service::organizations::{self, NewOrganization, NewOrganizationKind, NewUser};
use service::verify_chain;

use crate::world::*;

#[test]
fn every_log_is_an_unbroken_chain() {
    let world = World::new();
    world.relate(MARA, ADA, PartnerType::Advisor);
    for who in [ADA, OLGA, LI, MARA, KIM, WANG] {
        let organization = world.organization(who);
        let (entries, hash) =
            world.read(|store| verify_chain(store, organization)).unwrap().unwrap();
        assert_eq!(usize::try_from(entries).unwrap(), world.log(who).len(), "{who}");
        assert_eq!(hash.len(), 64);
    }
}

#[test]
fn an_entry_says_who_did_what() {
    let world = World::new();
    world.send(MARA, ADA, PartnerType::Advisor);
    let organization = world.organization(ADA);
    let records = world.read(|store| Ok(store.audit(organization, None, None, 1)?)).unwrap();
    let entry = records[0].entry().unwrap();
    assert_eq!(entry.action, AuditAction::InvitationSent);
    assert_eq!(entry.at, world.now());
    assert_eq!(entry.actor.organization_name.unwrap().as_str(), "Meridian Cloud");
    assert_eq!(entry.actor.name.unwrap().as_str(), "mara");
}

#[test]
fn creating_organizations_and_accounts_is_logged() {
    let world = World::new();
    let log = world.log(OLGA);
    assert_eq!(log.last(), Some(&AuditAction::OrganizationCreated));
    assert_eq!(log[log.len() - 2], AuditAction::UserCreated);
}

#[test]
fn domains_addresses_and_partner_ids_are_unique() {
    let world = World::new();
    let new = NewOrganization {
        name: "Another".parse().unwrap(),
        domain: "harbour.example".parse().unwrap(),
        country: "NL".parse().unwrap(),
        kind: NewOrganizationKind::Customer { cloud: Cloud::Worldwide },
    };
    let error = world.write(|store, context| organizations::create(store, context, new));
    assert!(error.unwrap_err().to_string().contains("domain"));
    let new = NewUser {
        organization: world.organization(OLGA),
        email: ADA.parse().unwrap(),
        name: "Ada".parse().unwrap(),
        password: password(),
        roles: vec![UserRole::GlobalAdministrator],
        language: Language::English,
    };
    let error = world.write(|store, context| organizations::create_user(store, context, new));
    assert!(error.unwrap_err().to_string().contains("address"));
    let new = organizations::NewPartnerId {
        organization: world.organization(KIM),
        partner_id: MERIDIAN_ID.parse().unwrap(),
        kind: rules::AccountKind::Location,
        name: "Kestrel North".parse().unwrap(),
        country: "BE".parse().unwrap(),
        city: None,
    };
    let error = world.write(|store, context| organizations::add_partner_id(store, context, new));
    assert!(error.unwrap_err().to_string().contains("Partner ID"));
}

#[test]
fn a_customer_gets_a_billing_account_and_no_partner_id() {
    let world = World::new();
    let customer = world.organization(ADA);
    let accounts = world.read(|store| Ok(store.billing_accounts(customer)?)).unwrap();
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].currency, rules::Currency::Eur);
    let new = organizations::NewPartnerId {
        organization: customer,
        partner_id: "3000001".parse().unwrap(),
        kind: rules::AccountKind::Location,
        name: "No partner".parse().unwrap(),
        country: "NL".parse().unwrap(),
        city: None,
    };
    let error = world.write(|store, context| organizations::add_partner_id(store, context, new));
    assert_eq!(code(&error.unwrap_err()), "notFound");
}
