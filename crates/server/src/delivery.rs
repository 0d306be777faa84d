//! Delivery: takes mail out of the outbox to the mail server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use rules::MailId;
use service::{model, outbox};
use tokio::sync::watch;

use crate::app::App;
use crate::config::SmtpUrl;
use crate::error::Result;
use crate::world;

/// How often the outbox is looked at, beside right after something was put there.
const PAUSE: Duration = Duration::from_secs(5);
/// How long the mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many mails are taken at a time.
const AT_A_TIME: u32 = 20;

/// The way to the mail server.
pub(crate) struct Delivery {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Delivery {
    /// Prepares; speaks to nobody yet.
    pub(crate) fn new(smtp: &SmtpUrl, from: Mailbox) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp.as_str())
            .context("the address of the mail server can't be used")?
            .timeout(Some(PATIENCE))
            .build();
        Ok(Self { transport, from })
    }

    /// Delivers until asked to stop. Nothing that fails here reaches a request.
    pub(crate) async fn run(self, app: Arc<App>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(failure) = self.round(&app, &stop).await {
                // Its cause is in the log already.
                tracing::debug!(?failure, "a round of delivery was not finished");
            }
            tokio::select! {
                () = app.mail_waits.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Sends what is due, one mail after the other. One that was begun is finished, so
    /// that it is not sent twice for want of the note that it was sent.
    async fn round(&self, app: &App, stop: &watch::Receiver<bool>) -> Result<()> {
        loop {
            let due = app.read(|store| outbox::due(store, world::now(), AT_A_TIME))?;
            if due.is_empty() {
                return Ok(());
            }
            for mail in due {
                if *stop.borrow() {
                    return Ok(());
                }
                let id = mail.id;
                match self.send(&mail).await {
                    Ok(()) => {
                        app.write(move |store, context| outbox::sent(store, id, context.now))
                            .await?;
                        tracing::info!(mail = %id, "a mail was sent");
                    }
                    Err(refused) => note(app, id, refused).await?,
                }
            }
        }
    }

    async fn send(&self, mail: &model::Mail) -> std::result::Result<(), NotSent> {
        let message = message(&self.from, mail)?;
        self.transport
            .send(message)
            .await
            .map(|_| ())
            .map_err(|error| NotSent { for_good: is_about_the_mail(&error), cause: causes(&error) })
    }
}

/// Why a mail was not sent.
#[derive(Debug)]
struct NotSent {
    cause: String,
    /// Whether trying again is of no use.
    for_good: bool,
}

impl<E: std::error::Error> From<E> for NotSent {
    /// A mail that can't even be written is never sent.
    fn from(error: E) -> Self {
        Self { cause: causes(&error), for_good: true }
    }
}

async fn note(app: &App, id: MailId, refused: NotSent) -> Result<()> {
    let NotSent { cause, for_good } = refused;
    tracing::warn!(mail = %id, for_good, cause, "a mail was not sent");
    app.write(move |store, context| outbox::failed(store, id, &cause, for_good, context.now)).await
}

/// An error with what caused it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Whether the mail server refused this very mail for good. Other permanent answers,
/// such as that our password is wrong (535) or that it takes no mail at all (554, 521),
/// are about the server and pass when somebody mends it, so those mails stay.
fn is_about_the_mail(error: &smtp::Error) -> bool {
    error.status().is_some_and(|status| matches!(u16::from(status), 550..=553 | 555 | 556))
}

/// A mail as it is sent. Its id is made of the outbox's, so that whoever gets it twice,
/// after a crash between sending and noting, can tell that it is the same.
fn message(from: &Mailbox, mail: &model::Mail) -> std::result::Result<Message, NotSent> {
    let to: Address = mail.to.as_str().parse()?;
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(mail.to_name.to_string()), to))
        .subject(&mail.subject)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use api::MailStatus;
    use rules::{Language, OrganisationId, Timestamp};

    use super::*;

    #[test]
    fn a_mail_says_who_to_whom_and_that_a_program_wrote_it() {
        let moment = Timestamp::from_milliseconds(1_700_000_000_000);
        let mail = model::Mail {
            id: MailId::new(moment, 1),
            organisation: OrganisationId::new(moment, 2),
            to: "anna@brightwater.example".parse().unwrap(),
            to_name: "Änna, \"de\" Vries".parse().unwrap(),
            language: Language::Dutch,
            subject: "Uitnödiging".to_owned(),
            text: "Hallo".to_owned(),
            html: "<p>Hallo</p>".to_owned(),
            created: moment,
            status: MailStatus::Waiting,
            attempts: 0,
            next: moment,
            last_error: None,
        };
        let from = "Accord <no-reply@accord.example>".parse().unwrap();
        let written = String::from_utf8(message(&from, &mail).unwrap().formatted()).unwrap();
        for part in [
            "From: Accord <no-reply@accord.example>\r\n",
            &format!("Message-ID: <{}@accord.example>\r\n", mail.id),
            "Auto-Submitted: auto-generated\r\n",
            "Date: ",
            "multipart/alternative",
            "<anna@brightwater.example>",
            "=?utf-8?",
        ] {
            assert!(written.contains(part), "{part}\n{written}");
        }
    }
}
