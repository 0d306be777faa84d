//! The catalog of products, and billing accounts.

use api::{ProductQuery, ProductResource};
use rules::{Cloud, Currency, Money, PartnerType, Price, ProductId, Term};
use service::products::{self, NewProduct};
use service::{Result, relationships};

use crate::world::*;

fn add(world: &World, cloud: Cloud, name: &str, prices: &[(Term, Currency)]) -> Result<ProductId> {
    let new = NewProduct {
        cloud,
        name: name.parse().unwrap(),
        description: "A product.".parse().unwrap(),
        prices: prices.iter().map(|(term, currency)| cost(*term, *currency)).collect(),
    };
    world.write(|store, context| products::add(store, context, new))
}

fn cost(term: Term, currency: Currency) -> Price {
    Price { term, unit: Money { amount: 500, currency } }
}

fn list(world: &World, who: &str, query: &str) -> Result<Vec<ProductResource>> {
    let (caller, now) = (world.person(who), world.now());
    let query = ProductQuery::parse(query).unwrap();
    Ok(world.read(|store| products::list(store, &caller, &query, now))?.value)
}

fn names(products: &[ProductResource]) -> Vec<&str> {
    products.iter().map(|product| product.name.as_str()).collect()
}

#[test]
fn customers_see_what_is_sold_in_their_cloud_and_currency() {
    let world = World::new();
    let (month, year) = (Term::Month, Term::Year);
    let both = [(month, Currency::Eur), (year, Currency::Eur), (month, Currency::Usd)];
    add(&world, Cloud::Worldwide, "Both", &both).unwrap();
    add(&world, Cloud::Worldwide, "Dollars", &[(month, Currency::Usd)]).unwrap();
    add(&world, Cloud::Worldwide, "Unsold", &[]).unwrap();
    add(&world, Cloud::Vianet21, "Chinese", &[(month, Currency::Cny)]).unwrap();
    for who in [ADA, BILL, RITA] {
        let sold = list(&world, who, "").unwrap();
        assert_eq!(names(&sold), ["Both"]);
        assert_eq!(sold[0].prices, [cost(month, Currency::Eur), cost(year, Currency::Eur)]);
    }
    assert_eq!(names(&list(&world, LI, "").unwrap()), ["Chinese"]);
}

#[test]
fn partners_see_the_products_of_their_clouds_or_of_a_customer() {
    let world = World::new();
    add(&world, Cloud::Worldwide, "Dollars", &[(Term::Month, Currency::Usd)]).unwrap();
    add(&world, Cloud::Worldwide, "Euros", &[(Term::Month, Currency::Eur)]).unwrap();
    add(&world, Cloud::Vianet21, "Chinese", &[(Term::Month, Currency::Cny)]).unwrap();
    assert_eq!(names(&list(&world, HUGO, "").unwrap()), ["Dollars", "Euros"]);
    assert_eq!(names(&list(&world, WANG, "").unwrap()), ["Chinese"]);
    let relationship = world.relate(MARA, ADA, PartnerType::Reseller);
    let of_customer = format!("$filter=relationship eq '{relationship}'");
    assert_eq!(names(&list(&world, MARA, &of_customer).unwrap()), ["Euros"]);
    for stranger in [KIM, OLGA] {
        let error = list(&world, stranger, &of_customer).unwrap_err();
        assert_eq!(code(&error), "notFound", "{stranger}");
    }
    let (caller, now) = (world.person(KIM), world.now());
    let same = world.read(|store| relationships::get(store, &caller, relationship, now));
    assert_eq!(code(&same.unwrap_err()), "notFound");
}

#[test]
fn a_product_without_prices_is_no_longer_sold_and_stays_in_the_catalog() {
    let world = World::new();
    let id = add(&world, Cloud::Worldwide, "Old", &[(Term::Month, Currency::Eur)]).unwrap();
    world.write(|store, _| products::set_prices(store, id, Vec::new())).unwrap();
    assert!(list(&world, ADA, "").unwrap().is_empty());
    let catalog = world.read(|store| products::catalog(store)).unwrap();
    assert_eq!(
        catalog.iter().map(|product| (product.id, product.version)).collect::<Vec<_>>(),
        [(id, 2)]
    );
    let new = vec![cost(Term::Year, Currency::Eur)];
    world.write(|store, _| products::set_prices(store, id, new.clone())).unwrap();
    assert_eq!(list(&world, ADA, "").unwrap()[0].prices, new);
}

#[test]
fn a_term_and_currency_has_one_price() {
    let world = World::new();
    let twice = [(Term::Month, Currency::Eur), (Term::Month, Currency::Eur)];
    let error = add(&world, Cloud::Worldwide, "Twice", &twice).unwrap_err();
    assert_eq!(code(&error), "invalidFields");
    let id = add(&world, Cloud::Worldwide, "Once", &twice[..1]).unwrap();
    let prices: Vec<Price> = twice.iter().map(|(term, unit)| cost(*term, *unit)).collect();
    let error = world.write(|store, _| products::set_prices(store, id, prices)).unwrap_err();
    assert_eq!(code(&error), "invalidFields");
    assert_eq!(list(&world, ADA, "").unwrap()[0].prices.len(), 1);
    let unknown = "01890000-0000-7000-8000-000000000001".parse().unwrap();
    let error = world.write(|store, _| products::set_prices(store, unknown, Vec::new()));
    assert_eq!(code(&error.unwrap_err()), "notFound");
}

#[test]
fn a_customer_has_one_billing_account_and_partners_see_none() {
    let world = World::new();
    let accounts = |who: &str| {
        let (caller, now) = (world.person(who), world.now());
        world.read(|store| products::billing_accounts(store, &caller, now))
    };
    for (who, currency) in [(ADA, Currency::Eur), (RITA, Currency::Eur), (LI, Currency::Cny)] {
        let accounts = accounts(who).unwrap().value;
        let currencies: Vec<_> = accounts.iter().map(|account| account.currency).collect();
        assert_eq!(currencies, [currency], "{who}");
    }
    assert_eq!(code(&accounts(MARA).unwrap_err()), "customerOnly");
}
