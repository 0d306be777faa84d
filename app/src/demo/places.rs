//! Places that the bar offers: every page that a person has, with ids of the demo data.

use std::cmp::Reverse;

use api::{List, ListQuery, OutboxQuery, Page, ProductFilter, ProductQuery};
use rules::{
    Cloud, EnquiryStatus, OrganizationKind, RelationshipId, SubscriptionStatus, Timestamp,
};
use service::{
    Caller, Error, Read, Result, enquiries, invitations, outbox, products, relationships,
    subscriptions,
};

use crate::{route::Route, t, words};

/// A page that the bar offers, such as a list or the page of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Name in the list.
    pub(super) label: String,
    /// Path and query.
    pub(super) path: String,
}

fn place(label: String, path: impl Into<String>) -> Place {
    Place { label, path: path.into() }
}

/// Joins the name of a page and the name of what it shows.
fn of(page: &str, what: &str) -> String {
    format!("{page}: {what}")
}

/// Returns every page that the person has.
pub(super) fn of_person(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<Place>> {
    let mut places = vec![place(t::shell::home(), Route::Home)];
    match caller.organization.kind() {
        OrganizationKind::Customer => customer(store, caller, now, &mut places)?,
        OrganizationKind::Partner => partner(store, caller, now, &mut places)?,
    }
    places.extend([
        place(t::shell::what_can_a_partner_do(), Route::WhatCanAPartnerDo),
        place(t::shell::activity(), Route::Activity),
        place(t::shell::outbox(), Route::Outbox),
    ]);
    let newest = outbox::list_for_demo(store, &OutboxQuery::default(), now)?
        .value
        .into_iter()
        .max_by_key(|mail| mail.created);
    places.extend(newest.map(|mail| {
        place(of(&t::shell::outbox(), &mail.subject), format!("{}?mail={}", Route::Outbox, mail.id))
    }));
    places.push(place(t::shell::not_found(), Route::NotFound));
    Ok(places)
}

fn customer(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
    places: &mut Vec<Place>,
) -> Result<()> {
    for one in newest_invitations(store, caller, now)? {
        let what = format!("{} ({})", one.partner.name, words::invitation_status(one.status));
        let page = of(&t::partner_invitation::title(), &what);
        places.push(place(page, Route::PartnerInvitation(Some(one.id))));
    }
    let country = caller.organization.country();
    places.extend([
        place(t::find_a_partner::title(), Route::FindAPartner),
        place(
            of(&t::find_a_partner::title(), country.as_str()),
            format!("{}?country={country}", Route::FindAPartner),
        ),
        place(t::find_a_partner::contact_title(), Route::ContactPartners),
        place(t::shell::my_requests(), Route::MyRequests),
    ]);
    places.push(place(t::shell::purchase_services(), Route::Purchase));
    if let Some(product) = first_product(store, caller, None, now)? {
        let page = of(&t::checkout::title(), product.name.as_str());
        places.push(place(page, Route::Checkout(Some(product.id))));
    }
    let worldwide = caller.organization.cloud() == Cloud::Worldwide;
    let list = if worldwide { t::subscription::title_worldwide } else { t::subscription::title };
    places.push(place(list(), Route::Subscriptions));
    for one in newest_subscriptions(store, caller, now)? {
        let page = subscription(&one, one.product_name.as_str());
        if worldwide && one.status == SubscriptionStatus::Active {
            let tab = of(&page, &t::subscription_details::tab_partner());
            places.push(place(tab, Route::SubscriptionPartner(Some(one.id))));
        }
        places.push(place(page, Route::Subscription(Some(one.id))));
    }
    places.extend([
        place(t::import_partners::title(), Route::ImportPartners),
        place(t::shell::billing_accounts(), Route::BillingAccounts),
        place(
            of(&t::shell::billing_accounts(), &t::shell::partner_relationships()),
            Route::BillingRelationships,
        ),
        place(t::agreement::title(), Route::Agreement),
        place(t::shell::partner_relationships(), Route::PartnerRelationships),
    ]);
    for (index, one) in each_relationship(store, caller, now)?.iter().enumerate() {
        let kind = words::partner_type(one.relationship_type);
        let what = format!("{} ({kind})", one.partner.name);
        // The page of a partner is below two lists.
        let details = if index == 0 { Route::BillingPartner } else { Route::Partner };
        places.push(place(of(&t::partner_details::title(), &what), details(Some(one.id))));
    }
    Ok(())
}

fn partner(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
    places: &mut Vec<Place>,
) -> Result<()> {
    let mut asked = allowed(enquiries::list(store, caller, &all(), now))?;
    // The newest of each status.
    asked.sort_by_key(|one| (one.status, Reverse(one.created)));
    asked.dedup_by_key(|one| one.status);
    let answerable = asked.iter().find(|one| one.status == EnquiryStatus::Read).map(|one| one.id);
    places.push(place(t::shell::enquiries(), Route::Enquiries));
    for one in asked {
        let what = format!("{} ({})", one.customer_name, words::enquiry_status(one.status));
        places.push(place(of(&t::enquiries::title(), &what), Route::Enquiry(Some(one.id))));
    }
    places.push(place(t::shell::invitations(), Route::Invitations));
    places.push(place(t::invitations::new(), Route::NewInvitation));
    places.extend(answerable.map(|id| {
        let page = of(&t::invitations::new(), &t::enquiries::title());
        place(page, format!("{}?enquiry={id}", Route::NewInvitation))
    }));
    for one in newest_invitations(store, caller, now)? {
        let what = format!("{} ({})", one.customer_name, words::invitation_status(one.status));
        let (preview, details) =
            (Route::InvitationPreview(Some(one.id)), Route::Invitation(Some(one.id)));
        places.push(place(of(&t::preview::title(), &what), preview));
        places.push(place(of(&t::invitations::title(), &what), details));
    }
    places.push(place(t::shell::customers(), Route::Customers));
    let held = each_relationship(store, caller, now)?;
    for one in &held {
        let kind = words::partner_type(one.relationship_type);
        let what = format!("{} ({kind})", one.customer_name);
        let id = Some(one.id);
        if one.relationship_type.resells() {
            if let Some(product) = first_product(store, caller, Some(one.id), now)? {
                let what = format!("{}, {}", one.customer_name, product.name);
                let page = of(&t::checkout::title(), &what);
                places.push(place(page, Route::CustomerCheckout(id, Some(product.id))));
            }
            places.push(place(
                of(&t::shell::purchase_services(), &what),
                Route::CustomerPurchase(id),
            ));
        }
        places.push(place(of(&t::shell::customers(), &what), Route::Customer(id)));
    }
    for one in newest_subscriptions(store, caller, now)? {
        // Its page is below the customer's page, which requires a relationship.
        let Some(with) = held.iter().find(|with| with.customer == one.customer) else { continue };
        let what = format!("{}, {}", one.customer_name, one.product_name);
        let page = Route::of_subscription(Some(with.id), one.id);
        places.push(place(subscription(&one, &what), page));
    }
    places.push(place(t::shell::profile(), Route::Profile));
    Ok(())
}

/// Returns the newest invitation of each status.
fn newest_invitations(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<api::InvitationResource>> {
    let mut found = allowed(invitations::list(store, caller, &all(), now))?;
    found.sort_by_key(|one| (one.status, Reverse(one.created)));
    found.dedup_by_key(|one| one.status);
    Ok(found)
}

/// Returns the first product that can be bought, for the person's organization or for the
/// customer of a relationship.
fn first_product(
    store: &mut dyn Read,
    caller: &Caller,
    relationship: Option<RelationshipId>,
    now: Timestamp,
) -> Result<Option<api::ProductResource>> {
    let query = ProductQuery { filter: ProductFilter { relationship }, ..ProductQuery::default() };
    Ok(allowed(products::list(store, caller, &query, now))?.into_iter().next())
}

/// Returns the name of a subscription's page.
fn subscription(one: &api::SubscriptionResource, what: &str) -> String {
    let status = words::subscription_status(one.status);
    of(&t::subscription_details::title(), &format!("{what} ({status})"))
}

/// Returns the newest subscription of each status, with and without a partner of record.
fn newest_subscriptions(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<api::SubscriptionResource>> {
    let mut found = allowed(subscriptions::list(store, caller, &all(), now))?;
    let kind = |one: &api::SubscriptionResource| (one.status, one.partner_of_record.is_some());
    found.sort_by_key(|one| (kind(one), Reverse(one.created)));
    found.dedup_by_key(|one| kind(one));
    Ok(found)
}

fn each_relationship(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<api::RelationshipResource>> {
    allowed(relationships::list(store, caller, &all(), now))
}

/// Returns the query of a whole list, as far as it fits on a page.
fn all<L: List>() -> ListQuery<L> {
    ListQuery { top: ListQuery::<L>::TOP_MAX, ..ListQuery::default() }
}

/// Returns the entries of a list; none where the person may not see it.
fn allowed<T>(list: Result<Page<T>>) -> Result<Vec<T>> {
    match list {
        Ok(page) => Ok(page.value),
        Err(Error::Problem(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
