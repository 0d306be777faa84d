//! Invitations: drafting and sending them, looking them up, answering them.

use api::{
    AcceptedInvitation, ActivityTarget, AgreementToAccept, AuditAction, CustomerRef,
    DraftInvitation, ErrorCode, FieldProblem, Page, Problem, RenderedMail, TargetKind, routes,
};
use mail::{InvitationMail, MailMessage, OfferLine};
use rules::{
    AdminRole, EnquiryAction, EnquiryChange, EnquiryId, FieldError, INVITATION_LIFETIME,
    Invitation, InvitationAction, InvitationId, InvitationState, Language, Note,
    OrganizationAction, OrganizationKind, Refusal, Relationship, RelationshipId, Timestamp, check,
    ensure_recipient_in_domain,
};

use crate::agreements::{self, facts};
use crate::audit::{self, Event};
use crate::model::Organization;
use crate::outbox::{self, Letter};
use crate::{Caller, Context, Error, Read, Result, TokenHash, Write, enquiries, limits, view};

/// How many invitations one partner can send to one customer within 24 hours, those that
/// are sent again among them: more than anybody needs, and too few to be a nuisance.
pub const DAILY_LIMIT: usize = 20;

/// Drafts an invitation in the name of the caller's organization: to a customer that is
/// named by its ID or its domain, or to the one whose enquiry is answered.
///
/// # Errors
/// A refusal, a wrong field where there is no such customer, not found where there is no
/// such enquiry, or the store's.
pub fn draft(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    draft: DraftInvitation,
) -> Result<api::Invitation> {
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::DraftInvitation, context.now)?;
    let customer = addressed(store, caller, &draft)?;
    answers(store, caller, &customer, draft.enquiry, context.now)?;
    let blank = Invitation {
        id: InvitationId::new(context.now, context.id_bits()),
        customer: customer.id,
        cloud: customer.cloud(),
        partner: caller.organization.id,
        partner_type: draft.partner_type,
        admin_roles: Vec::new(),
        recipient: None,
        recipient_name: None,
        language: draft.language,
        message: None,
        enquiry: None,
        terms: None,
        offer: None,
        created: context.now,
        created_by: caller.user.id,
        state: InvitationState::Draft,
        version: 1,
    };
    let invitation = written(blank, draft)?;
    store.insert_invitation(&invitation)?;
    // A draft concerns the partner alone: the customer hears of it when it is sent.
    note(
        store,
        context,
        caller,
        &invitation,
        AuditAction::InvitationDrafted,
        &[caller.organization.id],
    )?;
    view::invitation(store, &invitation, context.now)
}

/// Changes a draft. It is saved as one types, so the log does not mention each change:
/// what was sent in the end is in it.
///
/// # Errors
/// A refusal, a wrong field where the draft would go to another customer, or answer
/// another enquiry, than it was written for, a version mismatch, not found, or the store's.
pub fn edit(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    draft: DraftInvitation,
) -> Result<api::Invitation> {
    let invitation = changed(store, context, caller, id, version, InvitationAction::Edit, None)?;
    let customer = addressed(store, caller, &draft)?;
    if customer.id != invitation.customer {
        return Err(wrong("customer", FieldError::NotAnOption));
    }
    // The enquiry stays too. One that ran out meanwhile stops the sending, not the writing.
    let enquiry = invitation.enquiry;
    if draft.enquiry.is_some() && draft.enquiry != enquiry {
        return Err(wrong("enquiry", FieldError::NotAnOption));
    }
    let invitation = written(invitation, DraftInvitation { enquiry, ..draft })?;
    store.update_invitation(&invitation, None)?;
    view::invitation(store, &invitation, context.now)
}

fn wrong(field: &'static str, error: FieldError) -> Error {
    vec![FieldProblem { field, error }].into()
}

/// The customer that a draft is addressed to, if this partner may write to it there.
fn addressed(
    store: &mut dyn Read,
    caller: &Caller,
    draft: &DraftInvitation,
) -> Result<Organization> {
    let found = match &draft.customer {
        CustomerRef::Id(id) => store.organization(*id)?,
        CustomerRef::Domain(domain) => store.organization_by_domain(domain)?,
    };
    let customer = found
        .filter(|organization| organization.kind == OrganizationKind::Customer)
        .ok_or_else(|| wrong("customer", FieldError::UnknownOrganization))?;
    if !caller.organization.clouds.contains(&customer.cloud()) {
        return Err(Refusal::PartnerNotInCloud.into());
    }
    if let Some(recipient) = &draft.recipient {
        ensure_recipient_in_domain(recipient, &customer.domain)?;
    }
    Ok(customer)
}

/// Refuses a draft that answers an enquiry of somebody else, or one that can't be
/// answered any more.
fn answers(
    store: &mut dyn Read,
    caller: &Caller,
    customer: &Organization,
    enquiry: Option<EnquiryId>,
    now: Timestamp,
) -> Result<()> {
    let Some(id) = enquiry else {
        return Ok(());
    };
    let enquiry = store.enquiry(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &enquiry, EnquiryAction::Answer, now)?;
    if enquiry.customer == customer.id {
        Ok(())
    } else {
        Err(wrong("customer", FieldError::NotAnOption))
    }
}

/// The invitation with what was typed, if its parts go together.
fn written(invitation: Invitation, draft: DraftInvitation) -> Result<Invitation> {
    let kind = draft.partner_type;
    if draft.ask_for_admin_roles && kind.admin_roles().is_empty() {
        return Err(Refusal::RolesNotForType.into());
    }
    let asks = draft.ask_for_admin_roles || kind.always_requests_roles();
    let invitation = Invitation {
        partner_type: kind,
        admin_roles: if asks { kind.admin_roles().to_vec() } else { Vec::new() },
        recipient: draft.recipient,
        recipient_name: draft.recipient_name,
        language: draft.language,
        message: draft.message,
        enquiry: draft.enquiry,
        terms: draft.terms,
        offer: draft.offer,
        ..invitation
    };
    invitation.ensure_consistent()?;
    Ok(invitation)
}

/// Sends a draft: gives it a link whose token is kept as a hash alone, puts the mail in
/// the outbox, and answers the enquiry that it came from.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn send(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
) -> Result<api::Invitation> {
    let invitation = changed(store, context, caller, id, version, InvitationAction::Send, None)?;
    if let Some(id) = invitation.enquiry {
        let enquiry = store.enquiry(invitation.partner, id)?.ok_or(Error::NOT_FOUND)?;
        let answer = EnquiryChange::Answer(invitation.id);
        match enquiry.apply(&caller.actor(), answer, context.now) {
            Ok(enquiry) => {
                store.update_enquiry(&enquiry)?;
                enquiries::note(store, context, caller, &enquiry, AuditAction::EnquiryAnswered)?;
            }
            // The enquiry's time ran out while the draft was written. The invitation can
            // be sent all the same; it does not answer the enquiry any more.
            Err(Refusal::EnquiryExpired) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    dispatch(store, context, caller, &invitation)?;
    note_both(store, context, caller, &invitation, AuditAction::InvitationSent)?;
    view::invitation(store, &invitation, context.now)
}

/// Sends an invitation that waits once more, with a new link and 90 more days. The link
/// of the mail before leads nowhere from then on.
///
/// # Errors
/// A refusal, which says how long to wait where that is all ([`Error::NotYet`]), a
/// version mismatch, not found, or the store's.
pub fn resend(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
) -> Result<api::Invitation> {
    let invitation =
        match changed(store, context, caller, id, version, InvitationAction::Resend, None) {
            Err(Error::Problem(Problem::Refused(refusal)))
                if refusal == Refusal::InvitationSentRecently =>
            {
                let waits = store.invitation(caller.organization.id, id)?;
                let from = waits.and_then(|waits| waits.resendable_from()).unwrap_or(context.now);
                return Err(Error::not_yet(refusal, context.now, from));
            }
            other => other?,
        };
    dispatch(store, context, caller, &invitation)?;
    note_both(store, context, caller, &invitation, AuditAction::InvitationResent)?;
    view::invitation(store, &invitation, context.now)
}

/// Gives an invitation a new link and puts its mail in the outbox.
fn dispatch(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    invitation: &Invitation,
) -> Result<()> {
    let customer = view::named_organization(store, invitation.customer)?;
    let (Some(to), Some(to_name)) = (&invitation.recipient, &invitation.recipient_name) else {
        return Err(Refusal::InvitationIncomplete.into());
    };
    // The domain is asked again: it may have been another when the draft was written.
    ensure_recipient_in_domain(to, &customer.domain)?;
    within_limit(store, invitation, context.now)?;
    let token = context.token();
    store.update_invitation(invitation, Some(&token.hash()))?;
    outbox::supersede(store, invitation.id, context.now)?;
    let link = format!("{}{}#{}", context.public_url, routes::INVITATION_PAGE, token.expose());
    let language = invitation.language;
    let rendered =
        render(invitation, language, &caller.organization, &customer, &link, context.now)?;
    let letter = Letter {
        organization: customer.id,
        invitation: Some(invitation.id),
        to: to.clone(),
        to_name,
        language,
    };
    outbox::put(store, context, letter, rendered)
}

/// Refuses more mails of one partner to one customer than a day has room for, whatever
/// became of the invitations: withdrawing one and writing another is no way round.
fn within_limit(store: &mut dyn Read, invitation: &Invitation, now: Timestamp) -> Result<()> {
    let mut sent = Vec::new();
    for other in store.invitations(invitation.partner)? {
        if other.customer != invitation.customer {
            continue;
        }
        match other.state {
            InvitationState::Draft => {}
            InvitationState::Sent { at, resent, .. } => sent.extend([Some(at), resent]),
            InvitationState::Accepted { sent: at, .. }
            | InvitationState::Canceled { sent: at, .. }
            | InvitationState::Withdrawn { sent: at, .. } => sent.push(at),
        }
    }
    limits::in_a_day(sent.into_iter().flatten().collect(), 1, DAILY_LIMIT, now)
}

/// The invitation's mail in this language.
fn render(
    invitation: &Invitation,
    language: Language,
    partner: &Organization,
    customer: &Organization,
    link: &str,
    now: Timestamp,
) -> Result<MailMessage> {
    let asking = view::partner(partner)?;
    Ok(mail::render_invitation(&InvitationMail {
        language,
        // A draft that doesn't name anybody yet greets the organization.
        recipient_name: invitation.recipient_name.as_ref().unwrap_or(&customer.name),
        customer_name: &customer.name,
        cloud: invitation.cloud,
        partner_name: &asking.name,
        partner_domain: &asking.domain,
        partner_id: &asking.partner_id,
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

/// What stands for the token in a preview: as long as one, and no invitation's.
const NO_TOKEN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The invitation's mail as it would be sent now, for the partner's people who write
/// invitations. Its link leads nowhere.
///
/// # Errors
/// A refusal, not found, or the store's.
pub fn mail(
    store: &mut dyn Read,
    caller: &Caller,
    id: InvitationId,
    language: Option<Language>,
    public_url: &str,
    now: Timestamp,
) -> Result<RenderedMail> {
    let invitation = store.invitation(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    visible(caller, &invitation, now)?;
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::DraftInvitation, now)?;
    let customer = view::named_organization(store, invitation.customer)?;
    let link = format!("{public_url}{}#{NO_TOKEN}", routes::INVITATION_PAGE);
    let language = language.unwrap_or(invitation.language);
    let rendered = render(&invitation, language, &caller.organization, &customer, &link, now)?;
    Ok(RenderedMail { subject: rendered.subject, text: rendered.text, html: rendered.html })
}

/// Takes an invitation back.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn withdraw(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
) -> Result<api::Invitation> {
    let invitation =
        changed(store, context, caller, id, version, InvitationAction::Withdraw, None)?;
    end(store, context, &invitation)?;
    let action = AuditAction::InvitationWithdrawn;
    if invitation.state.never_sent() {
        note(store, context, caller, &invitation, action, &[invitation.partner])?;
    } else {
        note_both(store, context, caller, &invitation, action)?;
    }
    view::invitation(store, &invitation, context.now)
}

/// Cancels an invitation on the customer's side.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn cancel(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    reason: Option<Note>,
) -> Result<api::Invitation> {
    let invitation =
        changed(store, context, caller, id, version, InvitationAction::Cancel, reason)?;
    end(store, context, &invitation)?;
    note_both(store, context, caller, &invitation, AuditAction::InvitationCanceled)?;
    view::invitation(store, &invitation, context.now)
}

/// Accepts an invitation with the agreement, and authorizes the partner: one
/// relationship, one record of the agreement, or nothing of both.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn accept(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    agreement: &AgreementToAccept,
) -> Result<AcceptedInvitation> {
    let invitation = changed(store, context, caller, id, version, InvitationAction::Accept, None)?;
    let organization = facts(store, &caller.organization)?;
    agreements::record(store, context, caller, &organization, agreement, Some(invitation.id))?;
    end(store, context, &invitation)?;
    note_both(store, context, caller, &invitation, AuditAction::InvitationAccepted)?;

    let standing = store
        .relationships(invitation.customer)?
        .into_iter()
        .find(|relationship| relationship.merges(&invitation));
    let joins = standing.is_some();
    let new = RelationshipId::new(context.now, context.id_bits());
    let relationship = Relationship::from_invitation(&invitation, standing, new, context.now);
    let action = if joins {
        store.update_relationship(&relationship)?;
        AuditAction::RelationshipChanged
    } else {
        store.insert_relationship(&relationship)?;
        AuditAction::RelationshipCreated
    };
    crate::relationships::note(store, context, caller, &relationship, action)?;
    Ok(AcceptedInvitation {
        invitation: view::invitation(store, &invitation, context.now)?,
        relationship: relationship.id,
    })
}

/// Saves an invitation that waits no more. Mail that leads to it has nothing to offer now.
fn end(store: &mut dyn Write, context: &Context, invitation: &Invitation) -> Result<()> {
    store.update_invitation(invitation, None)?;
    outbox::supersede(store, invitation.id, context.now)
}

/// Loads an invitation of the caller's organization and applies an action to it.
fn changed(
    store: &mut dyn Read,
    context: &Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    action: InvitationAction,
    reason: Option<Note>,
) -> Result<Invitation> {
    let invitation = store.invitation(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    visible(caller, &invitation, context.now)?;
    let held = invitation.version;
    // What the rules say comes first: "withdrawn" tells more than "changed meanwhile".
    let changed = invitation.apply(&caller.actor(), action, reason, context.now)?;
    if held == version {
        Ok(changed)
    } else {
        Err(Error::Problem(ErrorCode::VersionMismatch.into()))
    }
}

/// The invitation whose link has this token.
///
/// # Errors
/// Not found for an unknown token; a refusal that tells another organization nothing
/// but that it is meant for another; or the store's.
pub fn look_up(
    store: &mut dyn Read,
    caller: &Caller,
    token: &TokenHash,
    now: Timestamp,
) -> Result<api::Invitation> {
    let invitation = store.invitation_by_token(token)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &invitation, InvitationAction::View, now)?;
    view::invitation(store, &invitation, now)
}

/// The invitation of this id.
///
/// # Errors
/// Not found, or the store's.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: InvitationId,
    now: Timestamp,
) -> Result<api::Invitation> {
    let invitation = store.invitation(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    visible(caller, &invitation, now)?;
    view::invitation(store, &invitation, now)
}

/// The invitations to or from the caller's organization, the newest first.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Page<api::Invitation>> {
    let organization = facts(store, &caller.organization)?;
    let actor = caller.actor();
    check(&actor, &organization, OrganizationAction::ViewRelationships, now)?;
    let mut value = Vec::new();
    for invitation in store.invitations(caller.organization.id)? {
        if check(&actor, &invitation, InvitationAction::View, now).is_ok() {
            value.push(view::invitation(store, &invitation, now)?);
        }
    }
    Ok(Page { value, next_link: None, count: None })
}

/// Not found for what the caller may not even know of, such as a partner's draft.
fn visible(caller: &Caller, invitation: &Invitation, now: Timestamp) -> Result<()> {
    check(&caller.actor(), invitation, InvitationAction::View, now).map_err(|_| Error::NOT_FOUND)
}

fn note_both(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    invitation: &Invitation,
    action: AuditAction,
) -> Result<()> {
    let both = [invitation.customer, invitation.partner];
    note(store, context, caller, invitation, action, &both)
}

/// Writes to the logs of these organizations; each sees the other side's name.
fn note(
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
            name: view::named_organization(store, other)?.name.to_string(),
        };
        audit::append(
            store,
            context,
            *organization,
            Event {
                actor: audit::actor(&caller.user, &caller.organization),
                action,
                target,
                details: details.clone(),
            },
        )?;
    }
    Ok(())
}

/// Roles as the log writes them: names apart by a comma.
pub(crate) fn role_names(roles: &[AdminRole]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(",")
}
