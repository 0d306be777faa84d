//! Invitations: drafting and sending them, looking them up, answering them.

use api::{
    AcceptedInvitation, ActivityTarget, AgreementToAccept, AuditAction, DraftInvitation, ErrorCode,
    MailStatus, Page, TargetKind, routes,
};
use mail::InvitationMail;
use rules::{
    AdminRole, Invitation, InvitationAction, InvitationId, InvitationState, MailId, Note,
    OrganisationAction, OrganisationKind, Refusal, Relationship, RelationshipId, Timestamp, check,
};

use crate::agreements::{self, facts};
use crate::audit::{self, Event};
use crate::model::{Mail, Organisation};
use crate::{Caller, Context, Error, Read, Result, TokenHash, Write, view};

/// Drafts an invitation in the name of the caller's organisation.
///
/// # Errors
/// A refusal, not found where the customer is not, or the store's.
pub fn draft(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    draft: DraftInvitation,
) -> Result<api::Invitation> {
    let partner = facts(store, &caller.organisation)?;
    check(&caller.actor(), &partner, OrganisationAction::DraftInvitation, context.now)?;
    let customer = store
        .organisation(draft.customer)?
        .filter(|organisation| organisation.kind == OrganisationKind::Customer)
        .ok_or(Error::NOT_FOUND)?;
    if !caller.organisation.clouds.contains(&customer.cloud()) {
        return Err(Refusal::PartnerNotInCloud.into());
    }
    let kind = draft.partner_type;
    if draft.ask_for_admin_roles && kind.admin_roles().is_empty() {
        return Err(Refusal::RolesNotForType.into());
    }
    let asks = draft.ask_for_admin_roles || kind.always_asks_for_roles();
    let invitation = Invitation {
        id: InvitationId::new(context.now, context.id_bits()),
        customer: customer.id,
        cloud: customer.cloud(),
        partner: caller.organisation.id,
        partner_type: kind,
        admin_roles: if asks { kind.admin_roles().to_vec() } else { Vec::new() },
        recipient: draft.recipient,
        recipient_name: draft.recipient_name,
        language: draft.language,
        message: draft.message,
        created: context.now,
        created_by: caller.user.id,
        state: InvitationState::Draft,
        version: 1,
    };
    store.insert_invitation(&invitation)?;
    // A draft concerns the partner alone: the customer hears of it when it is sent.
    note(
        store,
        context,
        caller,
        &invitation,
        AuditAction::InvitationDrafted,
        &[caller.organisation.id],
    )?;
    view::invitation(store, &invitation, context.now)
}

/// Sends a draft: gives it a link whose token is kept as a hash alone, and puts the
/// mail in the outbox.
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
    let customer = view::named_organisation(store, invitation.customer)?;
    let token = context.token();
    store.update_invitation(&invitation, Some(&token.hash()))?;
    let link = format!("{}{}#{}", context.public_url, routes::INVITATION_PAGE, token.expose());
    let mail = write_mail(context, &invitation, &caller.organisation, &customer, &link)?;
    store.insert_mail(&mail)?;
    note_both(store, context, caller, &invitation, AuditAction::InvitationSent)?;
    view::invitation(store, &invitation, context.now)
}

/// The invitation's mail, as it waits in the outbox.
fn write_mail(
    context: &mut Context,
    invitation: &Invitation,
    partner: &Organisation,
    customer: &Organisation,
    link: &str,
) -> Result<Mail> {
    let asking = view::partner(partner)?;
    let rendered = mail::invitation(&InvitationMail {
        language: invitation.language,
        recipient_name: &invitation.recipient_name,
        customer_name: &customer.name,
        partner_name: &asking.name,
        partner_domain: &asking.domain,
        partner_id: &asking.partner_id,
        partner_type: invitation.partner_type,
        admin_roles: &invitation.admin_roles,
        message: invitation.message.as_ref(),
        link,
        expires: invitation.expires().unwrap_or(context.now),
    });
    Ok(Mail {
        id: MailId::new(context.now, context.id_bits()),
        organisation: customer.id,
        to: invitation.recipient.clone(),
        to_name: invitation.recipient_name.clone(),
        language: invitation.language,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        created: context.now,
        status: MailStatus::Waiting,
        attempts: 0,
        next: context.now,
        last_error: None,
    })
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
    store.update_invitation(&invitation, None)?;
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
    store.update_invitation(&invitation, None)?;
    note_both(store, context, caller, &invitation, AuditAction::InvitationCancelled)?;
    view::invitation(store, &invitation, context.now)
}

/// Accepts an invitation with the agreement, and authorises the partner: one
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
    let organisation = facts(store, &caller.organisation)?;
    agreements::record(store, context, caller, &organisation, agreement, Some(invitation.id))?;
    store.update_invitation(&invitation, None)?;
    note_both(store, context, caller, &invitation, AuditAction::InvitationAccepted)?;

    let standing = store
        .relationships(invitation.customer)?
        .into_iter()
        .find(|relationship| relationship.joins(&invitation));
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

/// Loads an invitation of the caller's organisation and applies an action to it.
fn changed(
    store: &mut dyn Read,
    context: &Context,
    caller: &Caller,
    id: InvitationId,
    version: i64,
    action: InvitationAction,
    reason: Option<Note>,
) -> Result<Invitation> {
    let invitation = store.invitation(caller.organisation.id, id)?.ok_or(Error::NOT_FOUND)?;
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
/// Not found for an unknown token; a refusal that tells another organisation nothing
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
    let invitation = store.invitation(caller.organisation.id, id)?.ok_or(Error::NOT_FOUND)?;
    visible(caller, &invitation, now)?;
    view::invitation(store, &invitation, now)
}

/// The invitations to or from the caller's organisation, the newest first.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Page<api::Invitation>> {
    let organisation = facts(store, &caller.organisation)?;
    let actor = caller.actor();
    check(&actor, &organisation, OrganisationAction::ViewRelationships, now)?;
    let mut value = Vec::new();
    for invitation in store.invitations(caller.organisation.id)? {
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

/// Writes to the logs of these organisations; each sees the other side's name.
fn note(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    invitation: &Invitation,
    action: AuditAction,
    organisations: &[rules::OrganisationId],
) -> Result<()> {
    let mut details = audit::details([
        ("relationshipType", invitation.partner_type.to_string()),
        ("adminRoles", role_names(&invitation.admin_roles)),
        ("recipient", invitation.recipient.to_string()),
    ]);
    if let InvitationState::Cancelled { reason: Some(reason), .. } = &invitation.state {
        details.insert("reason".to_owned(), reason.to_string());
    }
    for organisation in organisations {
        let other = if *organisation == invitation.customer {
            invitation.partner
        } else {
            invitation.customer
        };
        let target = ActivityTarget {
            kind: TargetKind::Invitation,
            id: invitation.id.to_string(),
            name: view::named_organisation(store, other)?.name.to_string(),
        };
        audit::append(
            store,
            context,
            *organisation,
            Event {
                actor: audit::actor(&caller.user, &caller.organisation),
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
