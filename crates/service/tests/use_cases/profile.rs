//! The profile that customers find a partner by.

use api::{AuditAction, NewProfile, PartnerQuery, ProfileResource};
use rules::OrganizationSize;
use service::{Result, partners, profile};

use crate::world::*;

/// Returns a listed profile for the Netherlands.
fn listed() -> NewProfile {
    NewProfile {
        listed: true,
        description: Some("Migrations for bakeries.".parse().unwrap()),
        locations: Vec::new(),
        services: Vec::new(),
        industries: Vec::new(),
        sizes: vec![OrganizationSize::From1To9],
        countries: vec!["NL".parse().unwrap()],
    }
}

fn set(world: &World, who: &str, version: i64, new: NewProfile) -> Result<ProfileResource> {
    world.attempt(who, |store, context, caller| profile::set(store, context, caller, version, new))
}

fn get(world: &World, who: &str) -> Result<ProfileResource> {
    let (caller, now) = (world.person(who), world.now());
    world.read(|store| profile::get(store, &caller, now))
}

/// Returns the names of the partners that a user finds.
fn found(world: &World, who: &str, query: &str) -> Result<Vec<String>> {
    let (caller, now) = (world.person(who), world.now());
    let query = PartnerQuery::parse(query).unwrap();
    let page = world.read(|store| partners::list(store, &caller, &query, now))?;
    Ok(page.value.iter().map(|found| found.partner.name.to_string()).collect())
}

#[test]
fn before_the_first_change_a_profile_is_empty_and_unlisted() {
    let world = World::new();
    let empty = get(&world, HUGO).unwrap();
    assert_eq!((empty.etag.0, empty.listed), (0, false));
    assert!(empty.description.is_none() && empty.countries.is_empty());
    assert!(found(&world, ADA, "").unwrap().is_empty());
}

#[test]
fn a_listed_profile_is_found_until_it_is_unlisted() {
    let world = World::new();
    let first = set(&world, MARA, 0, listed()).unwrap();
    assert_eq!((first.etag.0, first.listed), (1, true));
    assert_eq!(get(&world, SAM).unwrap(), first);
    assert_eq!(found(&world, ADA, "$search=bakeries").unwrap(), ["Meridian Cloud"]);
    assert_eq!(found(&world, RITA, "$filter=size eq '1to9'").unwrap(), ["Meridian Cloud"]);
    for other in ["$search=schools", "$filter=size eq '10to50'", "$filter=country eq 'BE'"] {
        assert!(found(&world, ADA, other).unwrap().is_empty(), "{other}");
    }
    assert!(found(&world, LI, "$filter=country eq 'NL'").unwrap().is_empty(), "another cloud");
    set(&world, MARA, 1, NewProfile { listed: false, ..listed() }).unwrap();
    assert!(found(&world, ADA, "").unwrap().is_empty());
}

#[test]
fn each_change_is_logged_and_an_outdated_version_changes_nothing() {
    let world = World::new();
    set(&world, MARA, 0, listed()).unwrap();
    let outdated = NewProfile { description: None, ..listed() };
    for version in [-1, 0, 2] {
        let error = set(&world, MARA, version, outdated.clone()).unwrap_err();
        assert_eq!(code(&error), "versionMismatch");
    }
    assert!(get(&world, MARA).unwrap().description.is_some());
    assert_eq!(world.logged(MARA, AuditAction::ProfileChanged), 1);
    assert_eq!(get(&world, KIM).unwrap().etag.0, 0, "each partner has a profile of its own");
}

#[test]
fn admin_agents_edit_and_customers_do_not_even_see_it() {
    let world = World::new();
    for who in [SAM, HUGO] {
        assert_eq!(code(&set(&world, who, 0, listed()).unwrap_err()), "adminAgentRequired");
        // The permission comes before the version.
        assert_eq!(code(&set(&world, who, 7, listed()).unwrap_err()), "adminAgentRequired");
    }
    for who in [ADA, BILL, RITA] {
        assert_eq!(code(&get(&world, who).unwrap_err()), "partnerOnly");
        assert_eq!(code(&set(&world, who, 0, listed()).unwrap_err()), "partnerOnly");
    }
    assert_eq!(code(&found(&world, MARA, "").unwrap_err()), "customerOnly");
    assert_eq!(world.logged(MARA, AuditAction::ProfileChanged), 0);
}
