//! Where the bar leads: every page that a person has, with ids of the sample data.

use std::cmp::Reverse;

use api::Page;
use rules::{EnquiryStatus, OrganisationKind, Timestamp};
use service::{Caller, Error, Read, Result, enquiries, invitations, outbox, relationships};

use crate::{t, words};

/// A page, or one thing that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What it is called.
    pub(super) label: String,
    /// Its address.
    pub(super) path: String,
}

fn place(label: String, path: impl Into<String>) -> Place {
    Place { label, path: path.into() }
}

/// A page with what it shows.
fn of(page: &str, what: &str) -> String {
    format!("{page}: {what}")
}

/// Every page of this person.
pub(super) fn of_person(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<Place>> {
    let mut places = vec![place(t::shell::home(), "/")];
    match caller.organisation.kind {
        OrganisationKind::Customer => customer(store, caller, now, &mut places)?,
        OrganisationKind::Partner => partner(store, caller, now, &mut places)?,
    }
    places.extend([
        place(t::shell::what_can_a_partner_do(), "/help/partners"),
        place(t::shell::activity(), "/activity"),
        place(t::shell::outbox(), "/outbox"),
    ]);
    let newest = outbox::list_of_demo(store)?.value.into_iter().max_by_key(|mail| mail.created);
    places.extend(newest.map(|mail| {
        place(of(&t::shell::outbox(), &mail.subject), format!("/outbox?mail={}", mail.id))
    }));
    places.push(place(t::shell::not_found(), "/no/such/page"));
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
        places.push(place(page, format!("/partner-invitation/{}", one.id)));
    }
    let country = &caller.organisation.country;
    places.extend([
        place(t::find_a_partner::title(), "/partners"),
        place(
            of(&t::find_a_partner::title(), country.as_str()),
            format!("/partners?country={country}"),
        ),
        place(t::find_a_partner::contact_title(), "/partners/contact"),
        place(t::shell::my_requests(), "/partners/requests"),
        place(t::shell::billing_accounts(), "/billing/accounts"),
        place(
            of(&t::shell::billing_accounts(), &t::shell::partner_relationships()),
            "/billing/accounts/partner-relationships",
        ),
        place(t::agreement::title(), "/billing/accounts/agreement"),
        place(t::shell::partner_relationships(), "/settings/partner-relationships"),
    ]);
    for (index, one) in each_relationship(store, caller, now)?.iter().enumerate() {
        let kind = words::partner_type(one.relationship_type);
        let what = format!("{} ({kind})", one.partner.name);
        // The page of a partner is below two lists.
        let list = if index == 0 { "/billing/accounts" } else { "/settings" };
        let path = format!("{list}/partner-relationships/{}", one.id);
        places.push(place(of(&t::partner_details::title(), &what), path));
    }
    Ok(())
}

fn partner(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
    places: &mut Vec<Place>,
) -> Result<()> {
    let mut asked = allowed(enquiries::list(store, caller, now))?;
    // The newest of each status.
    asked.sort_by_key(|one| (one.status, Reverse(one.created)));
    asked.dedup_by_key(|one| one.status);
    let answerable = asked.iter().find(|one| one.status == EnquiryStatus::Read).map(|one| one.id);
    places.push(place(t::shell::enquiries(), "/enquiries"));
    for one in asked {
        let what = format!("{} ({})", one.customer_name, words::enquiry_status(one.status));
        places.push(place(of(&t::enquiries::title(), &what), format!("/enquiries/{}", one.id)));
    }
    places.push(place(t::shell::invitations(), "/invitations"));
    places.push(place(t::invitations::new(), "/invitations/new"));
    places.extend(answerable.map(|id| {
        let page = of(&t::invitations::new(), &t::enquiries::title());
        place(page, format!("/invitations/new?enquiry={id}"))
    }));
    for one in newest_invitations(store, caller, now)? {
        let what = format!("{} ({})", one.customer_name, words::invitation_status(one.status));
        let path = format!("/invitations/{}", one.id);
        places.push(place(of(&t::preview::title(), &what), format!("{path}/preview")));
        places.push(place(of(&t::invitations::title(), &what), path));
    }
    places.push(place(t::shell::customers(), "/customers"));
    for one in each_relationship(store, caller, now)? {
        let kind = words::partner_type(one.relationship_type);
        let what = format!("{} ({kind})", one.customer_name);
        places.push(place(of(&t::shell::customers(), &what), format!("/customers/{}", one.id)));
    }
    places.push(place(t::shell::profile(), "/profile"));
    Ok(())
}

/// The invitations of this person: the newest of each status.
fn newest_invitations(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<api::Invitation>> {
    let mut found = allowed(invitations::list(store, caller, now))?;
    found.sort_by_key(|one| (one.status, Reverse(one.created)));
    found.dedup_by_key(|one| one.status);
    Ok(found)
}

fn each_relationship(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<api::Relationship>> {
    let query = api::RelationshipQuery { top: u32::MAX, ..api::RelationshipQuery::default() };
    allowed(relationships::list(store, caller, &query, now))
}

/// What a list holds; nothing where this person may not see it.
fn allowed<T>(list: Result<Page<T>>) -> Result<Vec<T>> {
    match list {
        Ok(page) => Ok(page.value),
        Err(Error::Problem(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
