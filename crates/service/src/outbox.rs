//! The outbox. Mail waits here until the mail server has accepted it. Without a mail server,
//! the mail is read here.

use api::{MailStatus, OutboxQuery, Page, routes};
use mail::MailMessage;
use rules::{
    DisplayName, EmailAddress, InvitationId, InvitationStatus, Language, MINUTE, MailId,
    OrganizationAction, OrganizationId, Timestamp, check,
};

use crate::lists::PageRequest;
use crate::model::OutboxMail;
use crate::organizations::facts;
use crate::{Caller, Context, Error, Read, Result, Write, lists, view};

/// Number of attempts to send a mail; with the delays between them, about four days. The
/// limit is not a period of time, so that mail that waited for a mail server to be
/// configured still gets all attempts.
const MAX_ATTEMPTS: u32 = 100;

/// Addressee and subject matter of a mail.
pub(crate) struct MailEnvelope<'a> {
    /// Organization of the recipient.
    pub(crate) organization: OrganizationId,
    /// Invitation whose link the mail contains.
    pub(crate) invitation: Option<InvitationId>,
    /// Address of the recipient.
    pub(crate) to: EmailAddress,
    /// Name of the recipient.
    pub(crate) to_name: &'a DisplayName,
    /// Language of the mail.
    pub(crate) language: Language,
}

/// Puts a mail into the outbox, due immediately.
pub(crate) fn queue_mail(
    store: &mut dyn Write,
    context: &mut Context,
    envelope: MailEnvelope<'_>,
    rendered: MailMessage,
) -> Result<()> {
    store.insert_mail(&new_mail(context, envelope, rendered))?;
    Ok(())
}

/// Returns a mail for the outbox, due immediately.
pub(crate) fn new_mail(
    context: &mut Context,
    envelope: MailEnvelope<'_>,
    rendered: MailMessage,
) -> OutboxMail {
    OutboxMail {
        id: MailId::new(context.now, context.id_bits()),
        organization: envelope.organization,
        invitation: envelope.invitation,
        to: envelope.to,
        to_name: envelope.to_name.clone(),
        language: envelope.language,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        created: context.now,
        status: MailStatus::Waiting,
        attempts: 0,
        next: context.now,
        last_error: None,
    }
}

/// Returns the mails to the caller's organization that match the query, newest first.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &OutboxQuery,
    now: Timestamp,
) -> Result<Page<api::MailResource>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewOutbox, now)?;
    list_mails(store, Some(caller.organization.id()), query, now)
}

/// Returns the mails of a demo server that match the query, newest first. There, the outbox
/// replaces the mailboxes of all users. Must not be called on any other server.
pub fn list_for_demo(
    store: &mut dyn Read,
    query: &OutboxQuery,
    now: Timestamp,
) -> Result<Page<api::MailResource>> {
    list_mails(store, None, query, now)
}

/// Returns a mail to the caller's organization.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: MailId,
    now: Timestamp,
) -> Result<api::MailResource> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewOutbox, now)?;
    let mail = store.mail(id)?.filter(|mail| mail.organization == caller.organization.id());
    mail.map(view::mail).ok_or(Error::NOT_FOUND)
}

/// Returns a mail of a demo server, as [`list_for_demo`].
pub fn get_for_demo(store: &mut dyn Read, id: MailId) -> Result<api::MailResource> {
    store.mail(id)?.map(view::mail).ok_or(Error::NOT_FOUND)
}

fn list_mails(
    store: &mut dyn Read,
    organization: Option<OrganizationId>,
    query: &OutboxQuery,
    now: Timestamp,
) -> Result<Page<api::MailResource>> {
    let load = |page: &PageRequest<'_, _>| store.outbox_page(organization, page);
    lists::load_page(query, routes::OUTBOX, now, load, |mail| Ok(view::mail(mail)))
}

/// Returns the mails that are due, at most `limit`.
pub fn due(store: &mut dyn Read, now: Timestamp, limit: u32) -> Result<Vec<OutboxMail>> {
    Ok(store.due_mails(now, limit)?)
}

/// Returns whether a mail that was due should still be sent: it is waiting, and so is the
/// invitation whose link it contains. Ask right before handing it to the mail server.
pub fn is_wanted(store: &mut dyn Read, id: MailId, now: Timestamp) -> Result<bool> {
    let Some(mail) = store.mail(id)?.filter(|mail| mail.status == MailStatus::Waiting) else {
        return Ok(false);
    };
    let Some(invitation) = mail.invitation else {
        return Ok(true);
    };
    // The recipient of an invitation is its customer.
    let invitation = store.invitation(mail.organization, invitation)?;
    Ok(invitation.is_some_and(|invitation| invitation.status(now) == InvitationStatus::Sent))
}

/// Marks a waiting mail as superseded, so that it is not sent. A mail that was already sent
/// stays so.
///
/// The text is kept: without a mail server, users read it in the outbox. They may see the
/// invitation as well, and the link no longer works.
pub fn mark_superseded(store: &mut dyn Write, id: MailId, now: Timestamp) -> Result<()> {
    if let Some(mut mail) = store.mail(id)?.filter(|mail| mail.status == MailStatus::Waiting) {
        mail.status = MailStatus::Superseded;
        mail.next = now;
        store.update_mail(&mail)?;
    }
    Ok(())
}

/// Marks all waiting mails of an invitation as superseded, after its link has changed or it
/// was answered.
pub(crate) fn supersede_invitation_mails(
    store: &mut dyn Write,
    invitation: InvitationId,
    now: Timestamp,
) -> Result<()> {
    for mail in store.waiting_mails(invitation)? {
        mark_superseded(store, mail.id, now)?;
    }
    Ok(())
}

/// Marks a mail as sent, and deletes its text, which may contain a link.
pub fn mark_sent(store: &mut dyn Write, id: MailId, now: Timestamp) -> Result<()> {
    if let Some(mut mail) = store.mail(id)? {
        mail.status = MailStatus::Sent;
        mail.attempts += 1;
        mail.next = now;
        mail.last_error = None;
        mail.text.clear();
        mail.html.clear();
        store.update_mail(&mail)?;
    }
    Ok(())
}

/// Records a failed attempt to send a mail. The next attempt is after 1, 2, 4, … minutes,
/// at most an hour; there are at most 100 attempts, and none after a final failure.
pub fn mark_failed(
    store: &mut dyn Write,
    id: MailId,
    reason: &str,
    is_final: bool,
    now: Timestamp,
) -> Result<()> {
    if let Some(mut mail) = store.mail(id)? {
        let delay = MINUTE << mail.attempts.min(6);
        mail.attempts += 1;
        mail.last_error = Some(reason.chars().take(500).collect());
        // It may have been superseded during the attempt.
        if mail.status == MailStatus::Waiting {
            mail.next = now.plus(delay.min(60 * MINUTE));
            if is_final || mail.attempts >= MAX_ATTEMPTS {
                mail.status = MailStatus::Failed;
                mail.next = now;
            }
        }
        store.update_mail(&mail)?;
    }
    Ok(())
}
