//! The outbox: mail waits here until the mail server takes it, or is read here
//! where there is none.

use api::{MailStatus, Page};
use mail::MailMessage;
use rules::{
    DisplayName, EmailAddress, InvitationId, InvitationStatus, Language, MINUTE, MailId,
    OrganizationAction, OrganizationId, Timestamp, check,
};

use crate::agreements::facts;
use crate::model::Mail;
use crate::{Caller, Context, Read, Result, Write, view};

/// How many mails a list shows at the most.
const LISTED: u32 = 100;
/// After how many failures a mail is given up: with the pauses below that is four days.
/// Attempts are counted and not days, so that mail which was kept for want of a mail
/// server has all of its time once there is one.
const ATTEMPTS: u32 = 100;

/// Whom a mail goes to, and about what.
pub(crate) struct Letter<'a> {
    /// The organization that it is for.
    pub(crate) organization: OrganizationId,
    /// The invitation whose link it holds.
    pub(crate) invitation: Option<InvitationId>,
    /// The address.
    pub(crate) to: EmailAddress,
    /// The name of whom it goes to.
    pub(crate) to_name: &'a DisplayName,
    /// Its language.
    pub(crate) language: Language,
}

/// Puts a mail in the outbox, to be sent at once.
pub(crate) fn put(
    store: &mut dyn Write,
    context: &mut Context,
    letter: Letter<'_>,
    rendered: MailMessage,
) -> Result<()> {
    store.insert_mail(&Mail {
        id: MailId::new(context.now, context.id_bits()),
        organization: letter.organization,
        invitation: letter.invitation,
        to: letter.to,
        to_name: letter.to_name.clone(),
        language: letter.language,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        created: context.now,
        status: MailStatus::Waiting,
        attempts: 0,
        next: context.now,
        last_error: None,
    })?;
    Ok(())
}

/// The mails for the caller's organization.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<Page<api::Mail>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewOutbox, now)?;
    listed(store, Some(caller.organization.id))
}

/// Every mail of a server that holds sample data alone, where the outbox stands in
/// for everybody's mailbox. The server must not call it otherwise.
///
/// # Errors
/// The store's.
pub fn list_of_demo(store: &mut dyn Read) -> Result<Page<api::Mail>> {
    listed(store, None)
}

fn listed(store: &mut dyn Read, of: Option<rules::OrganizationId>) -> Result<Page<api::Mail>> {
    let mails = store.mails(of, LISTED)?;
    Ok(Page { value: mails.into_iter().map(view::mail).collect(), next_link: None, count: None })
}

/// The mails that are to be sent now.
///
/// # Errors
/// The store's.
pub fn due(store: &mut dyn Read, now: Timestamp, limit: u32) -> Result<Vec<Mail>> {
    Ok(store.due_mails(now, limit)?)
}

/// Whether a mail that was due is still to be sent: it waits, and so does the invitation
/// whose link it holds. Asked right before the mail server gets it.
///
/// # Errors
/// The store's.
pub fn is_wanted(store: &mut dyn Read, id: MailId, now: Timestamp) -> Result<bool> {
    let Some(mail) = store.mail(id)?.filter(|mail| mail.status == MailStatus::Waiting) else {
        return Ok(false);
    };
    let Some(invitation) = mail.invitation else {
        return Ok(true);
    };
    // The mail of an invitation is for its customer.
    let invitation = store.invitation(mail.organization, invitation)?;
    Ok(invitation.is_some_and(|invitation| invitation.status(now) == InvitationStatus::Sent))
}

/// Notes that a mail is not sent any more. One that the mail server has already stays sent.
///
/// Its text stays: an outbox without a mail server is where it is read, by people who may
/// see its invitation as well, and the link lets nobody in any more.
///
/// # Errors
/// The store's.
pub fn superseded(store: &mut dyn Write, id: MailId, now: Timestamp) -> Result<()> {
    if let Some(mut mail) = store.mail(id)?.filter(|mail| mail.status == MailStatus::Waiting) {
        mail.status = MailStatus::Superseded;
        mail.next = now;
        store.update_mail(&mail)?;
    }
    Ok(())
}

/// The same of every mail of an invitation that gets another link, or waits no more.
pub(crate) fn supersede(
    store: &mut dyn Write,
    invitation: InvitationId,
    now: Timestamp,
) -> Result<()> {
    for mail in store.waiting_mails(invitation)? {
        superseded(store, mail.id, now)?;
    }
    Ok(())
}

/// Notes that the mail server took a mail, and forgets its text, which may hold a link.
///
/// # Errors
/// The store's.
pub fn sent(store: &mut dyn Write, id: MailId, now: Timestamp) -> Result<()> {
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

/// Notes that sending a mail failed. It is tried again after 1, 2, 4, … minutes, at
/// the most hourly, a hundred times; a refusal for good ends it at once.
///
/// # Errors
/// The store's.
pub fn failed(
    store: &mut dyn Write,
    id: MailId,
    reason: &str,
    for_good: bool,
    now: Timestamp,
) -> Result<()> {
    if let Some(mut mail) = store.mail(id)? {
        let pause = MINUTE << mail.attempts.min(6);
        mail.attempts += 1;
        mail.last_error = Some(reason.chars().take(500).collect());
        // Its link may have died while the mail server had it.
        if mail.status == MailStatus::Waiting {
            mail.next = now.plus(pause.min(60 * MINUTE));
            if for_good || mail.attempts >= ATTEMPTS {
                mail.status = MailStatus::Failed;
                mail.next = now;
            }
        }
        store.update_mail(&mail)?;
    }
    Ok(())
}
