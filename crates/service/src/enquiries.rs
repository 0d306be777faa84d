//! Enquiries: a customer describes what it needs to partners that it found, and each of
//! them reads, declines, or answers with an invitation.

use api::{
    ActivityTarget, AuditAction, ErrorCode, FieldProblem, NewEnquiry, Page, TargetKind, routes,
};
use mail::{EnquiryDeclinedMail, EnquiryReceivedMail};
use rules::{
    ENQUIRY_LIFETIME, Enquiry, EnquiryAction, EnquiryChange, EnquiryId, EnquiryState, FieldError,
    Language, Note, OrganizationAction, OrganizationId, OrganizationKind, Refusal, Timestamp,
    UserRole, check,
};

use crate::agreements::facts;
use crate::audit::{self, Event};
use crate::model::Organization;
use crate::outbox::{self, Letter};
use crate::{Caller, Context, Error, Read, Result, Write, limits, view};

/// How many enquiries an organization can send within 24 hours. It is far more than
/// anybody compares, and keeps a stolen account from writing to the whole directory.
pub const DAILY_LIMIT: usize = 30;

/// Sends an enquiry to each of the chosen partners: all of them, or none.
///
/// # Errors
/// A refusal; [`ErrorCode::TooManyAttempts`] over [`DAILY_LIMIT`], with the seconds to
/// wait; a wrong field where a partner is not one that can be found for that country;
/// or the store's.
pub fn send(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    new: &NewEnquiry,
) -> Result<Page<api::Enquiry>> {
    let customer = &caller.organization;
    let organization = facts(store, customer)?;
    check(&caller.actor(), &organization, OrganizationAction::SendEnquiry, context.now)?;
    // A partner that declines writes to this address: not to anybody's.
    rules::ensure_recipient_in_domain(&new.contact_email, &customer.domain)?;
    within_limit(store, customer.id, new.partners.len(), context.now)?;
    let mut sent = Vec::new();
    for partner in &new.partners {
        let partner = chosen(store, customer, *partner, new)?;
        let enquiry = Enquiry {
            id: EnquiryId::new(context.now, context.id_bits()),
            customer: customer.id,
            cloud: customer.cloud(),
            partner: partner.id,
            country: new.country.clone(),
            city: new.city.clone(),
            size: new.size,
            needs: new.needs.clone(),
            contact_name: new.contact_name.clone(),
            contact_email: new.contact_email.clone(),
            contact_phone: new.contact_phone.clone(),
            created: context.now,
            created_by: caller.user.id,
            state: EnquiryState::Sent { expires: context.now.plus(ENQUIRY_LIFETIME) },
            version: 1,
        };
        store.insert_enquiry(&enquiry)?;
        note(store, context, caller, &enquiry, AuditAction::EnquirySent)?;
        tell_partner(store, context, &enquiry, customer, &partner)?;
        sent.push(view::enquiry(store, &enquiry, context.now)?);
    }
    Ok(Page { value: sent, next_link: None, count: None })
}

/// Refuses more enquiries of one organization than a day has room for.
fn within_limit(
    store: &mut dyn Read,
    customer: OrganizationId,
    more: usize,
    now: Timestamp,
) -> Result<()> {
    let sent = store.enquiries(customer)?.iter().map(|enquiry| enquiry.created).collect();
    limits::in_a_day(sent, more, DAILY_LIMIT, now)
}

/// A partner that this customer can find and choose. One that doesn't want to be found
/// is answered like one that there isn't.
fn chosen(
    store: &mut dyn Read,
    customer: &Organization,
    partner: OrganizationId,
    new: &NewEnquiry,
) -> Result<Organization> {
    let wrong = |field, error| Error::from(vec![FieldProblem { field, error }]);
    let profile = store.profile(partner)?.filter(|profile| profile.listed);
    let organization =
        store.organization(partner)?.filter(|found| found.kind == OrganizationKind::Partner);
    let Some((profile, organization)) = profile.zip(organization) else {
        return Err(wrong("partners", FieldError::UnknownOrganization));
    };
    if !organization.clouds.contains(&customer.cloud()) {
        return Err(Refusal::PartnerNotInCloud.into());
    }
    if !profile.countries.contains(&new.country) {
        return Err(wrong("country", FieldError::NotAnOption));
    }
    Ok(organization)
}

/// Writes to the partner's contact address that somebody asks.
fn tell_partner(
    store: &mut dyn Write,
    context: &mut Context,
    enquiry: &Enquiry,
    customer: &Organization,
    partner: &Organization,
) -> Result<()> {
    let language = language_of(store, partner.id, UserRole::AdminAgent)?;
    let rendered = mail::render_enquiry_received(&EnquiryReceivedMail {
        language,
        partner_name: &partner.name,
        customer_name: &customer.name,
        contact_name: &enquiry.contact_name,
        needs: &enquiry.needs,
        link: &format!("{}{}/{}", context.public_url, routes::ENQUIRIES_PAGE, enquiry.id),
        expires: context.now.plus(ENQUIRY_LIFETIME),
    });
    let to = view::partner(partner)?.email;
    let letter =
        Letter { organization: partner.id, invitation: None, to, to_name: &partner.name, language };
    outbox::put(store, context, letter, rendered)
}

/// The language of the first of an organization's people who holds this role: what is
/// written to the organization as a whole is in it.
pub(crate) fn language_of(
    store: &mut dyn Read,
    organization: OrganizationId,
    role: UserRole,
) -> Result<Language> {
    let users = store.users(organization)?;
    let first = users.into_iter().find(|user| user.roles.contains(&role));
    Ok(first.map_or(Language::English, |user| user.language))
}

/// The enquiries to or from the caller's organization, the newest first.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<Page<api::Enquiry>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewEnquiries, now)?;
    let mut value = Vec::new();
    for enquiry in store.enquiries(caller.organization.id)? {
        value.push(view::enquiry(store, &enquiry, now)?);
    }
    Ok(Page { value, next_link: None, count: None })
}

/// The enquiry of this id. Looking at it does not tell the customer that it was read:
/// see [`read`].
///
/// # Errors
/// A refusal, not found, or the store's.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: EnquiryId,
    now: Timestamp,
) -> Result<api::Enquiry> {
    let enquiry = load(store, caller, id, now)?;
    view::enquiry(store, &enquiry, now)
}

fn load(store: &mut dyn Read, caller: &Caller, id: EnquiryId, now: Timestamp) -> Result<Enquiry> {
    let enquiry = store.enquiry(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &enquiry, EnquiryAction::View, now)?;
    Ok(enquiry)
}

/// Notes that somebody at the partner read the enquiry. Reading it again changes
/// nothing: the first stays the one who read it.
///
/// # Errors
/// A refusal, not found, or the store's.
pub fn read(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: EnquiryId,
) -> Result<api::Enquiry> {
    let before = load(store, caller, id, context.now)?;
    let held = before.version;
    let enquiry = before.apply(&caller.actor(), EnquiryChange::Read, context.now)?;
    if enquiry.version != held {
        store.update_enquiry(&enquiry)?;
        note(store, context, caller, &enquiry, AuditAction::EnquiryRead)?;
    }
    view::enquiry(store, &enquiry, context.now)
}

/// Declines an enquiry, and tells the customer's contact person why.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn decline(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: EnquiryId,
    version: i64,
    reason: &Note,
) -> Result<api::Enquiry> {
    let before = load(store, caller, id, context.now)?;
    let held = before.version;
    let change = EnquiryChange::Decline(reason.clone());
    let enquiry = before.apply(&caller.actor(), change, context.now)?;
    if held != version {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    store.update_enquiry(&enquiry)?;
    note(store, context, caller, &enquiry, AuditAction::EnquiryDeclined)?;
    let customer = view::named_organization(store, enquiry.customer)?;
    let writer = store.user(enquiry.customer, enquiry.created_by)?;
    let language = writer.map_or(Language::English, |user| user.language);
    let rendered = mail::render_enquiry_declined(&EnquiryDeclinedMail {
        language,
        recipient_name: &enquiry.contact_name,
        customer_name: &customer.name,
        partner_name: &caller.organization.name,
        reason,
        link: &format!("{}{}", context.public_url, routes::PARTNERS_PAGE),
    });
    let letter = Letter {
        organization: customer.id,
        invitation: None,
        to: enquiry.contact_email.clone(),
        to_name: &enquiry.contact_name,
        language,
    };
    outbox::put(store, context, letter, rendered)?;
    view::enquiry(store, &enquiry, context.now)
}

/// Writes to the logs of both sides; each sees the other side's name.
pub(crate) fn note(
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
            name: view::named_organization(store, other)?.name.to_string(),
        };
        let event = Event {
            actor: audit::actor(&caller.user, &caller.organization),
            action,
            target,
            details: details.clone(),
        };
        audit::append(store, context, organization, event)?;
    }
    Ok(())
}
