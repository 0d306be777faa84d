//! Invitations: drafting, sending, listing and answering them.

use api::{
    AcceptedInvitation, ActivityTarget, AuditAction, CustomerRef, DraftInvitation, FieldProblem,
    InvitationQuery, Page, Problem, RenderedMail, TargetKind, routes,
};
use mail::{InvitationMail, MailMessage, OfferLine};
use rules::bounds;
use rules::{
    AdminRole, AgreementToAccept, DAY, EnquiryAction, EnquiryChange, EnquiryFacts, EnquiryId,
    FieldError, INVITATION_LIFETIME, Invitation, InvitationAction, InvitationChange,
    InvitationFacts, InvitationId, InvitationState, Language, NewInvitation, Note,
    OrganizationAction, OrganizationKind, Refusal, Rejection, Relationship, RelationshipId,
    Timestamp, check, check_version,
};

use crate::agreements;
use crate::audit::{self, AuditEvent};
use crate::lists::{InvitationRow, ListOwner, PageRequest, RestrictedRows};
use crate::model::Organization;
use crate::organizations::facts;
use crate::outbox::{self, MailEnvelope};
use crate::{
    Caller, Context, Error, Read, Result, TokenHash, Write, enquiries, limits, lists, view,
};

/// Drafts an invitation from the caller's organization to a customer, which is given by its id
/// or domain. The draft can answer an enquiry of that customer.
///
/// # Errors
/// An invalid field if there is no such customer; not found if there is no such enquiry.
pub fn draft(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    draft: DraftInvitation,
) -> Result<api::InvitationResource> {
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::DraftInvitation, context.now)?;
    let customer = find_addressee(store, &draft)?;
    check_enquiry(store, caller, &customer, draft.enquiry, context.now)?;
    let bound = bounds::DRAFTS_OF_USER;
    let (partner, user) = (caller.organization.id(), caller.user.id);
    limits::ensure_room(bound, store.has_drafts(partner, user, bound.full_from(1))?)?;
    let new = NewInvitation {
        id: InvitationId::new(context.now, context.id_bits()),
        customer: customer.id(),
        cloud: customer.cloud(),
        customer_domain: customer.domain().clone(),
        enquiry: draft.enquiry,
        content: draft.content,
    };
    let invitation = InvitationFacts::draft(&caller.actor(), new, context.now)?.record;
    store.insert_invitation(&invitation)?;
    // Only the log of the partner: the customer must not learn of a draft.
    write_audit_entries(
        store,
        context,
        caller,
        &invitation,
        AuditAction::InvitationDrafted,
        &[caller.organization.id()],
    )?;
    get(store, caller, invitation.id, context.now)
}

/// Changes a draft. The page saves drafts while the user types, so the log does not contain
/// these changes, but only the invitation that is sent.
///
/// # Errors
/// An invalid field if the customer or the enquiry would change.
pub fn edit(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    draft: DraftInvitation,
) -> Result<api::InvitationResource> {
    let actor = caller.actor();
    let before = load(store, caller, id, context.now)?;
    check_version(&actor, &before, InvitationAction::Edit, version, context.now)?;
    if find_addressee(store, &draft)?.id() != before.record.customer {
        return Err(invalid_field("customer", FieldError::NotAnOption));
    }
    // The enquiry can't change either. If it has expired, the draft can still be edited.
    if draft.enquiry.is_some() && draft.enquiry != before.record.enquiry {
        return Err(invalid_field("enquiry", FieldError::NotAnOption));
    }
    let edit = InvitationChange::Edit(draft.content);
    let invitation = before.apply(&actor, edit, version, context.now)?.record;
    store.update_invitation(&invitation, None)?;
    get(store, caller, invitation.id, context.now)
}

fn invalid_field(field: &'static str, error: FieldError) -> Error {
    vec![FieldProblem { field, error }].into()
}

/// Returns the customer that a draft is addressed to.
fn find_addressee(store: &mut dyn Read, draft: &DraftInvitation) -> Result<Organization> {
    let found = match &draft.customer {
        CustomerRef::Id(id) => store.organization(*id)?,
        CustomerRef::Domain(domain) => store.organization_by_domain(domain)?,
    };
    found
        .filter(|organization| organization.kind() == OrganizationKind::Customer)
        .ok_or_else(|| invalid_field("customer", FieldError::UnknownOrganization))
}

/// Checks that a draft answers an open enquiry of the same customer, if it answers one.
fn check_enquiry(
    store: &mut dyn Read,
    caller: &Caller,
    customer: &Organization,
    enquiry: Option<EnquiryId>,
    now: Timestamp,
) -> Result<()> {
    let Some(id) = enquiry else {
        return Ok(());
    };
    let record = store.enquiry(caller.organization.id(), id)?.ok_or(Error::NOT_FOUND)?;
    let enquiry = EnquiryFacts { record };
    check(&caller.actor(), &enquiry, EnquiryAction::Answer, now)?;
    if enquiry.record.customer == customer.id() {
        Ok(())
    } else {
        Err(invalid_field("customer", FieldError::NotAnOption))
    }
}

/// Sends a draft: creates a link, of whose token only the hash is stored, puts the mail into
/// the outbox, and answers the enquiry that the draft belongs to.
pub fn send(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
) -> Result<api::InvitationResource> {
    let invitation = load_and_apply(store, context, caller, id, version, InvitationChange::Send)?;
    if let Some(id) = invitation.enquiry {
        let record = store.enquiry(invitation.partner, id)?.ok_or(Error::NOT_FOUND)?;
        let enquiry = EnquiryFacts { record };
        let answer = EnquiryChange::Answer(invitation.id);
        let current = enquiry.record.version;
        match enquiry.apply(&caller.actor(), answer, current, context.now) {
            Ok(EnquiryFacts { record: enquiry }) => {
                store.update_enquiry(&enquiry)?;
                enquiries::write_audit_entries(
                    store,
                    context,
                    caller,
                    &enquiry,
                    AuditAction::EnquiryAnswered,
                )?;
            }
            // The enquiry has expired since the draft was created. The invitation can still
            // be sent, but no longer answers the enquiry.
            Err(Rejection::Refused(Refusal::EnquiryExpired)) => {}
            Err(rejection) => return Err(rejection.into()),
        }
    }
    ensure_may_wait(store, &invitation, context.now)?;
    send_mail(store, context, caller, &invitation)?;
    audit_both_sides(store, context, caller, &invitation, AuditAction::InvitationSent)?;
    get(store, caller, invitation.id, context.now)
}

/// Sends an open invitation again, with a new link and another 90 days. The previous link
/// stops working.
///
/// # Errors
/// [`Error::NotYet`] if the invitation was sent too recently.
pub fn resend(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
) -> Result<api::InvitationResource> {
    let invitation =
        match load_and_apply(store, context, caller, id, version, InvitationChange::Resend) {
            Err(Error::Problem(Problem::Refused(refusal)))
                if refusal == Refusal::InvitationSentRecently =>
            {
                let current = store.invitation(caller.organization.id(), id)?;
                let from =
                    current.and_then(|current| current.resendable_from()).unwrap_or(context.now);
                return Err(Error::not_yet(refusal, context.now, from));
            }
            other => other?,
        };
    send_mail(store, context, caller, &invitation)?;
    audit_both_sides(store, context, caller, &invitation, AuditAction::InvitationResent)?;
    get(store, caller, invitation.id, context.now)
}

/// Creates a new link for an invitation, and puts its mail into the outbox.
fn send_mail(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    invitation: &Invitation,
) -> Result<()> {
    let customer = view::existing_organization(store, invitation.customer)?;
    let (Some(to), Some(to_name)) = (&invitation.recipient, &invitation.recipient_name) else {
        return Err(Refusal::InvitationIncomplete.into());
    };
    ensure_may_mail(store, invitation, context.now)?;
    let token = context.token();
    store.update_invitation(invitation, Some(&token.hash()))?;
    outbox::supersede_invitation_mails(store, invitation.id, context.now)?;
    let link = format!("{}{}#{}", context.public_url, routes::INVITATION_PAGE, token.expose());
    let language = invitation.language;
    let rendered =
        render(invitation, language, &caller.organization, &customer, &link, context.now)?;
    let envelope = MailEnvelope {
        organization: customer.id(),
        invitation: Some(invitation.id),
        to: to.clone(),
        to_name,
        language,
    };
    outbox::queue_mail(store, context, envelope, rendered)
}

/// Checks the bounds on mails with invitations. Answered and withdrawn invitations count too, so
/// that withdrawing does not get around the bounds.
fn ensure_may_mail(store: &mut dyn Read, invitation: &Invitation, now: Timestamp) -> Result<()> {
    let Invitation { partner, customer, .. } = *invitation;
    let after = now.plus(-DAY);
    let bound = bounds::INVITATIONS_TO_CUSTOMER;
    let decided_at = store.invitation_mailed(partner, Some(customer), after, bound.full_from(1))?;
    limits::ensure_daily_room(bound, decided_at, now)?;
    let bound = bounds::INVITATIONS_OF_PARTNER;
    let decided_at = store.invitation_mailed(partner, None, after, bound.full_from(1))?;
    limits::ensure_daily_room(bound, decided_at, now)
}

/// Checks the bound on invitations that wait for one customer's answer.
fn ensure_may_wait(store: &mut dyn Read, invitation: &Invitation, now: Timestamp) -> Result<()> {
    let bound = bounds::INVITATIONS_WAITING_AT_CUSTOMER;
    let Invitation { partner, customer, .. } = *invitation;
    let is_full = store.has_waiting_invitations(partner, customer, now, bound.full_from(1))?;
    limits::ensure_room(bound, is_full)
}

/// Renders the mail of an invitation.
fn render(
    invitation: &Invitation,
    language: Language,
    partner: &Organization,
    customer: &Organization,
    link: &str,
    now: Timestamp,
) -> Result<MailMessage> {
    let partner = view::partner(partner)?;
    Ok(mail::render_invitation(&InvitationMail {
        language,
        // The preview of a draft without a recipient addresses the organization.
        recipient_name: invitation.recipient_name.as_ref().unwrap_or(customer.name()),
        customer_name: customer.name(),
        cloud: invitation.cloud,
        partner_name: &partner.name,
        partner_domain: &partner.domain,
        partner_id: &partner.partner_id,
        partner_type: invitation.partner_type,
        admin_roles: &invitation.admin_roles,
        message: invitation.message.as_ref(),
        code: &invitation.code(),
        terms: invitation.terms.as_ref(),
        offer: invitation.offer.as_ref().map(|offer| OfferLine {
            kind: offer.kind,
            product: &offer.product,
            quantity: offer.quantity,
        }),
        link,
        expires: invitation.expires().unwrap_or_else(|| now.plus(INVITATION_LIFETIME)),
    }))
}

/// Token in the link of a preview. It has the length of a token, and belongs to no invitation.
const PREVIEW_TOKEN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Returns a preview of the mail of an invitation, for users of the partner who may draft
/// invitations. Its link does not work.
pub fn mail(
    store: &mut dyn Read,
    caller: &Caller,
    id: InvitationId,
    language: Option<Language>,
    public_url: &str,
    now: Timestamp,
) -> Result<RenderedMail> {
    let invitation = load(store, caller, id, now)?.record;
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::DraftInvitation, now)?;
    let customer = view::existing_organization(store, invitation.customer)?;
    let link = format!("{public_url}{}#{PREVIEW_TOKEN}", routes::INVITATION_PAGE);
    let language = language.unwrap_or(invitation.language);
    let rendered = render(&invitation, language, &caller.organization, &customer, &link, now)?;
    Ok(RenderedMail { subject: rendered.subject, text: rendered.text, html: rendered.html })
}

/// Withdraws an invitation on the partner's side.
pub fn withdraw(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
) -> Result<api::InvitationResource> {
    let invitation =
        load_and_apply(store, context, caller, id, version, InvitationChange::Withdraw)?;
    save_answered(store, context, &invitation)?;
    let action = AuditAction::InvitationWithdrawn;
    if invitation.state.never_sent() {
        write_audit_entries(store, context, caller, &invitation, action, &[invitation.partner])?;
    } else {
        audit_both_sides(store, context, caller, &invitation, action)?;
    }
    get(store, caller, invitation.id, context.now)
}

/// Cancels an invitation on the customer's side.
pub fn cancel(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    reason: Option<Note>,
) -> Result<api::InvitationResource> {
    let invitation =
        load_and_apply(store, context, caller, id, version, InvitationChange::Cancel(reason))?;
    save_answered(store, context, &invitation)?;
    audit_both_sides(store, context, caller, &invitation, AuditAction::InvitationCanceled)?;
    get(store, caller, invitation.id, context.now)
}

/// Accepts an invitation together with the agreement. This creates or changes the relationship
/// with the partner, and records the acceptance of the agreement.
pub fn accept(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    agreement: &AgreementToAccept,
) -> Result<AcceptedInvitation> {
    let invitation = load_and_apply(store, context, caller, id, version, InvitationChange::Accept)?;
    let organization = facts(store, &caller.organization)?;
    agreements::record_acceptance(
        store,
        context,
        caller,
        &organization,
        agreement,
        Some(invitation.id),
    )?;
    save_answered(store, context, &invitation)?;
    audit_both_sides(store, context, caller, &invitation, AuditAction::InvitationAccepted)?;

    let existing = store
        .relationships_between(invitation.customer, invitation.partner)?
        .into_iter()
        .find(|relationship| relationship.merges(&invitation));
    let is_change = existing.is_some();
    let new = RelationshipId::new(context.now, context.id_bits());
    let relationship = Relationship::from_invitation(&invitation, existing, new, context.now);
    let action = if is_change {
        store.update_relationship(&relationship)?;
        AuditAction::RelationshipChanged
    } else {
        store.insert_relationship(&relationship)?;
        AuditAction::RelationshipCreated
    };
    crate::relationships::write_audit_entries(store, context, caller, &relationship, action)?;
    Ok(AcceptedInvitation {
        invitation: get(store, caller, invitation.id, context.now)?,
        relationship: relationship.id,
    })
}

/// Saves an invitation that is no longer open, and supersedes its waiting mails.
fn save_answered(store: &mut dyn Write, context: &Context, invitation: &Invitation) -> Result<()> {
    store.update_invitation(invitation, None)?;
    outbox::supersede_invitation_mails(store, invitation.id, context.now)
}

/// Loads an invitation of the caller's organization, and applies a change to it.
fn load_and_apply(
    store: &mut dyn Read,
    context: &Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    change: InvitationChange,
) -> Result<Invitation> {
    let before = load(store, caller, id, context.now)?;
    Ok(before.apply(&caller.actor(), change, version, context.now)?.record)
}

/// Returns the invitation whose link contains this token.
///
/// # Errors
/// Not found for an unknown token; a refusal without details if the invitation is for another
/// organization.
pub fn find_by_token(
    store: &mut dyn Read,
    caller: &Caller,
    token: &TokenHash,
    now: Timestamp,
) -> Result<api::InvitationResource> {
    let invitation = store.invitation_by_token(token)?.ok_or(Error::NOT_FOUND)?;
    let customer = view::existing_organization(store, invitation.customer)?;
    let customer_domain = customer.domain().clone();
    let invitation = InvitationFacts { record: invitation, customer_domain };
    check(&caller.actor(), &invitation, InvitationAction::View, now)?;
    get(store, caller, invitation.record.id, now)
}

/// Returns an invitation.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: InvitationId,
    now: Timestamp,
) -> Result<api::InvitationResource> {
    view::invitation(&load_row(store, caller, id, now)?, now)
}

/// Returns the invitations to or from the caller's organization that match the query.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &InvitationQuery,
    now: Timestamp,
) -> Result<Page<api::InvitationResource>> {
    let organization = facts(store, &caller.organization)?;
    let actor = caller.actor();
    check(&actor, &organization, OrganizationAction::ViewRelationships, now)?;
    // Only those who can write a draft see it.
    let restricted = match check(&actor, &organization, OrganizationAction::DraftInvitation, now) {
        Ok(()) => RestrictedRows::Shown,
        Err(_) => RestrictedRows::Hidden,
    };
    let owner = ListOwner::of(caller);
    let load = |page: &PageRequest<'_, _>| store.invitation_page(owner, restricted, page);
    lists::load_page(query, routes::INVITATIONS, now, load, |row| view::invitation(&row, now))
}

/// Loads the facts about an invitation that the caller may see.
fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: InvitationId,
    now: Timestamp,
) -> Result<InvitationFacts> {
    Ok(load_row(store, caller, id, now)?.facts)
}

/// Loads an invitation that the caller may see. Anything else is not found, such as a partner's
/// draft for the customer.
fn load_row(
    store: &mut dyn Read,
    caller: &Caller,
    id: InvitationId,
    now: Timestamp,
) -> Result<InvitationRow> {
    let row = store.invitation_row(caller.organization.id(), id)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &row.facts, InvitationAction::View, now)
        .map_err(|_| Error::NOT_FOUND)?;
    Ok(row)
}

fn audit_both_sides(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    invitation: &Invitation,
    action: AuditAction,
) -> Result<()> {
    let both = [invitation.customer, invitation.partner];
    write_audit_entries(store, context, caller, invitation, action, &both)
}

/// Appends to the logs of these organizations. Each entry has the name of the other side.
fn write_audit_entries(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    invitation: &Invitation,
    action: AuditAction,
    organizations: &[rules::OrganizationId],
) -> Result<()> {
    let mut details = audit::details([
        ("relationshipType", invitation.partner_type.to_string()),
        ("adminRoles", role_names(&invitation.admin_roles)),
    ]);
    if let Some(recipient) = &invitation.recipient {
        details.insert("recipient".to_owned(), recipient.to_string());
    }
    if let InvitationState::Canceled { reason: Some(reason), .. } = &invitation.state {
        details.insert("reason".to_owned(), reason.to_string());
    }
    for organization in organizations {
        let other = if *organization == invitation.customer {
            invitation.partner
        } else {
            invitation.customer
        };
        let target = ActivityTarget {
            kind: TargetKind::Invitation,
            id: invitation.id.to_string(),
            name: view::existing_organization(store, other)?.name().to_string(),
        };
        audit::append(
            store,
            context,
            *organization,
            AuditEvent {
                actor: audit::actor(&caller.user, &caller.organization),
                action,
                target,
                details: details.clone(),
            },
        )?;
    }
    Ok(())
}

/// Returns the names of roles for the log, separated by commas.
pub(crate) fn role_names(roles: &[AdminRole]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(",")
}
