//! The outbox: mail waits here until the mail server takes it, or is read here
//! where there is none.

use api::{MailStatus, Page};
use mail::Rendered;
use rules::{
    DisplayName, EmailAddress, Language, MINUTE, MailId, OrganisationAction, OrganisationId,
    Timestamp, check,
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

/// Whom a mail goes to.
pub(crate) struct Letter<'a> {
    /// The organisation that it is for.
    pub(crate) organisation: OrganisationId,
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
    rendered: Rendered,
) -> Result<()> {
    store.insert_mail(&Mail {
        id: MailId::new(context.now, context.id_bits()),
        organisation: letter.organisation,
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

/// The mails for the caller's organisation.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<Page<api::Mail>> {
    let organisation = facts(store, &caller.organisation)?;
    check(&caller.actor(), &organisation, OrganisationAction::ViewOutbox, now)?;
    listed(store, Some(caller.organisation.id))
}

/// Every mail of a server that holds sample data alone, where the outbox stands in
/// for everybody's mailbox. The server must not call it otherwise.
///
/// # Errors
/// The store's.
pub fn list_of_demo(store: &mut dyn Read) -> Result<Page<api::Mail>> {
    listed(store, None)
}

fn listed(store: &mut dyn Read, of: Option<rules::OrganisationId>) -> Result<Page<api::Mail>> {
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
        mail.next = now.plus(pause.min(60 * MINUTE));
        if for_good || mail.attempts >= ATTEMPTS {
            mail.status = MailStatus::Failed;
            mail.next = now;
        }
        store.update_mail(&mail)?;
    }
    Ok(())
}
