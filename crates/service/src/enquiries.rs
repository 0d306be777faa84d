//! Enquiries: a customer describes its needs to partners, and each partner reads and declines
//! the enquiry, or answers it with an invitation.

use api::{
    ActivityTarget, AuditAction, EnquiryQuery, FieldProblem, NewEnquiry, Page, TargetKind, routes,
};
use mail::{EnquiryDeclinedMail, EnquiryReceivedMail};
use rules::bounds;
use rules::{
    ENQUIRY_LIFETIME, Enquiry, EnquiryAction, EnquiryChange, EnquiryFacts, EnquiryId, EnquiryState,
    EnquiryToSend, FieldError, Language, Note, OrganizationAction, OrganizationId,
    OrganizationKind, Profile, Timestamp, UserRole, check,
};

use crate::audit::{self, AuditEvent};
use crate::lists::{EnquiryRow, ListOwner, PageRequest};
use crate::model::Organization;
use crate::organizations::facts;
use crate::outbox::{self, MailEnvelope};
use crate::{Caller, Context, Error, Read, Result, Write, limits, lists, view};

/// Sends an enquiry to each of the chosen partners: to all of them, or to none.
///
/// # Errors
/// The refusals of [`bounds::ENQUIRIES_OF_CUSTOMER`] and [`bounds::ENQUIRIES_WAITING`]; an invalid
/// field if a partner is not listed for that country.
pub fn send(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    new: &NewEnquiry,
) -> Result<Page<api::EnquiryResource>> {
    let customer = &caller.organization;
    let organization = facts(store, customer)?;
    check(&caller.actor(), &organization, OrganizationAction::SendEnquiry, context.now)?;
    ensure_may_send(store, customer.id(), new.partners.len(), context.now)?;
    let mut sent = Vec::new();
    for partner in &new.partners {
        let (profile, partner) = find_listed_partner(store, *partner)?;
        let to_send = EnquiryToSend {
            id: EnquiryId::new(context.now, context.id_bits()),
            customer: organization,
            customer_domain: customer.domain().clone(),
            partner: partner.id(),
            partner_clouds: partner.clouds().to_vec(),
            content: new.content.clone(),
        };
        let enquiry = EnquiryFacts::send(&caller.actor(), to_send, context.now)?.record;
        if !profile.countries.contains(&new.content.country) {
            return Err(invalid_field("country", FieldError::NotAnOption));
        }
        store.insert_enquiry(&enquiry)?;
        write_audit_entries(store, context, caller, &enquiry, AuditAction::EnquirySent)?;
        notify_partner(store, context, &enquiry, customer, &partner)?;
        sent.push(get(store, caller, enquiry.id, context.now)?);
    }
    Ok(Page { value: sent, next_link: None, count: None })
}

/// Checks the bounds on enquiries from one organization.
fn ensure_may_send(
    store: &mut dyn Read,
    customer: OrganizationId,
    more: usize,
    now: Timestamp,
) -> Result<()> {
    let more = u32::try_from(more).unwrap_or(u32::MAX);
    let bound = bounds::ENQUIRIES_OF_CUSTOMER;
    let decided_at = store.enquiry_sent(customer, bound.full_from(more))?;
    limits::ensure_daily_room(bound, decided_at, now)?;
    let bound = bounds::ENQUIRIES_WAITING;
    let is_full = store.has_waiting_enquiries(customer, now, bound.full_from(more))?;
    limits::ensure_room(bound, is_full)
}

fn invalid_field(field: &'static str, error: FieldError) -> Error {
    vec![FieldProblem { field, error }].into()
}

/// Returns a partner that the customer can find in the directory, with its profile. The answer
/// for an unlisted partner is the same as for one that does not exist.
fn find_listed_partner(
    store: &mut dyn Read,
    partner: OrganizationId,
) -> Result<(Profile, Organization)> {
    let profile = store.profile(partner)?.filter(|profile| profile.listed);
    let organization =
        store.organization(partner)?.filter(|found| found.kind() == OrganizationKind::Partner);
    profile
        .zip(organization)
        .ok_or_else(|| invalid_field("partners", FieldError::UnknownOrganization))
}

/// Sends a mail about a new enquiry to the partner's contact address.
fn notify_partner(
    store: &mut dyn Write,
    context: &mut Context,
    enquiry: &Enquiry,
    customer: &Organization,
    partner: &Organization,
) -> Result<()> {
    let language = organization_language(store, partner.id(), UserRole::AdminAgent)?;
    let rendered = mail::render_enquiry_received(&EnquiryReceivedMail {
        language,
        partner_name: partner.name(),
        customer_name: customer.name(),
        contact_name: &enquiry.contact_name,
        needs: &enquiry.needs,
        link: &format!("{}{}/{}", context.public_url, routes::ENQUIRIES_PAGE, enquiry.id),
        expires: context.now.plus(ENQUIRY_LIFETIME),
    });
    let to = view::partner(partner)?.email;
    let envelope = MailEnvelope {
        organization: partner.id(),
        invitation: None,
        to,
        to_name: partner.name(),
        language,
    };
    outbox::queue_mail(store, context, envelope, rendered)
}

/// Returns the language for mails to an organization as a whole: that of its first user with
/// this role.
pub(crate) fn organization_language(
    store: &mut dyn Read,
    organization: OrganizationId,
    role: UserRole,
) -> Result<Language> {
    let first = store.users_with_role(organization, role, 1)?.into_iter().next();
    Ok(first.map_or(Language::English, |user| user.language))
}

/// Returns the enquiries to or from the caller's organization that match the query.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &EnquiryQuery,
    now: Timestamp,
) -> Result<Page<api::EnquiryResource>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewEnquiries, now)?;
    let owner = ListOwner::of(caller);
    let load = |page: &PageRequest<'_, _>| store.enquiry_page(owner, page);
    lists::load_page(query, routes::ENQUIRIES, now, load, |row| view::enquiry(row, now))
}

/// Returns an enquiry. This does not mark it as read; see [`mark_read`].
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: EnquiryId,
    now: Timestamp,
) -> Result<api::EnquiryResource> {
    view::enquiry(load_row(store, caller, id, now)?, now)
}

fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: EnquiryId,
    now: Timestamp,
) -> Result<EnquiryFacts> {
    Ok(load_row(store, caller, id, now)?.facts)
}

fn load_row(
    store: &mut dyn Read,
    caller: &Caller,
    id: EnquiryId,
    now: Timestamp,
) -> Result<EnquiryRow> {
    let row = store.enquiry_row(caller.organization.id(), id)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &row.facts, EnquiryAction::View, now)?;
    Ok(row)
}

/// Marks an enquiry as read by the caller. Does nothing if a user of the partner has read it
/// already.
pub fn mark_read(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: EnquiryId,
) -> Result<api::EnquiryResource> {
    let before = load(store, caller, id, context.now)?;
    let current = before.record.version;
    let read = before.apply(&caller.actor(), EnquiryChange::Read, current, context.now)?;
    let enquiry = read.record;
    if enquiry.version != current {
        store.update_enquiry(&enquiry)?;
        write_audit_entries(store, context, caller, &enquiry, AuditAction::EnquiryRead)?;
    }
    get(store, caller, enquiry.id, context.now)
}

/// Declines an enquiry, and sends the reason to the customer's contact person.
pub fn decline(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: EnquiryId,
    version: i64,
    reason: &Note,
) -> Result<api::EnquiryResource> {
    let before = load(store, caller, id, context.now)?;
    let change = EnquiryChange::Decline(reason.clone());
    let enquiry = before.apply(&caller.actor(), change, version, context.now)?.record;
    store.update_enquiry(&enquiry)?;
    write_audit_entries(store, context, caller, &enquiry, AuditAction::EnquiryDeclined)?;
    let customer = view::existing_organization(store, enquiry.customer)?;
    let author = store.user(enquiry.customer, enquiry.created_by)?;
    let language = author.map_or(Language::English, |user| user.language);
    let rendered = mail::render_enquiry_declined(&EnquiryDeclinedMail {
        language,
        recipient_name: &enquiry.contact_name,
        customer_name: customer.name(),
        partner_name: caller.organization.name(),
        reason,
        link: &format!("{}{}", context.public_url, routes::PARTNERS_PAGE),
    });
    let envelope = MailEnvelope {
        organization: customer.id(),
        invitation: None,
        to: enquiry.contact_email.clone(),
        to_name: &enquiry.contact_name,
        language,
    };
    outbox::queue_mail(store, context, envelope, rendered)?;
    get(store, caller, enquiry.id, context.now)
}

/// Appends to the logs of both sides. Each entry has the name of the other side.
pub(crate) fn write_audit_entries(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    enquiry: &Enquiry,
    action: AuditAction,
) -> Result<()> {
    let mut details = audit::details([
        ("country", enquiry.country.to_string()),
        ("size", enquiry.size.to_string()),
    ]);
    if let EnquiryState::Declined { reason, .. } = &enquiry.state {
        details.insert("reason".to_owned(), reason.to_string());
    }
    for (organization, other) in
        [(enquiry.customer, enquiry.partner), (enquiry.partner, enquiry.customer)]
    {
        let target = ActivityTarget {
            kind: TargetKind::Enquiry,
            id: enquiry.id.to_string(),
            name: view::existing_organization(store, other)?.name().to_string(),
        };
        let event = AuditEvent {
            actor: audit::actor(&caller.user, &caller.organization),
            action,
            target,
            details: details.clone(),
        };
        audit::append(store, context, organization, event)?;
    }
    Ok(())
}
