//! Delivery of mail from the outbox to the mail server.
//!
//! No mail is lost: a mail is marked as sent only after the mail server has accepted it. No
//! mail is sent twice, except in one case that SMTP leaves open: the program ends after the
//! mail server has accepted a mail and before it is marked as sent. The mail is then sent
//! again byte for byte, with the same Message-ID, so that the duplicate can be recognized
//! (RFC 5322, section 3.6.4).
//!
//! This module sends each SMTP command itself, because both the timeout and the reaction to a
//! shutdown depend on the progress: before the message data, giving up is harmless; after it,
//! giving up early causes duplicates (RFC 5321, section 4.5.3.2.6).

use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use rules::{HOUR, MailId};
use service::{Result, model, outbox};
use store::Database;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::config::{Encryption, SmtpUrl};
use crate::world;

/// Interval at which the outbox is checked. New mail is delivered without waiting for it.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// Number of mails that are loaded at a time.
const BATCH_SIZE: u32 = 20;
/// Number of mails that are loaded after the start of the program.
const FIRST_BATCH_SIZE: u32 = 200;

/// Timeouts of a conversation with the mail server.
#[derive(Clone, Copy)]
struct SmtpTimeouts {
    /// For a connection to one of the addresses of the server.
    connect: Duration,
    /// For everything before the message data, including the connection, authentication,
    /// sender and recipient.
    envelope: Duration,
    /// For the message data and the reply to it: ten minutes (RFC 5321, section 4.5.3.2.6).
    data: Duration,
    /// For the message data and the reply to it after the program was asked to stop.
    data_on_shutdown: Duration,
    /// For the end of the conversation.
    quit: Duration,
}

const SMTP_TIMEOUTS: SmtpTimeouts = SmtpTimeouts {
    connect: Duration::from_secs(15),
    envelope: Duration::from_mins(1),
    data: Duration::from_mins(10),
    data_on_shutdown: Duration::from_secs(20),
    quit: Duration::from_secs(1),
};

/// Completes when the program is asked to stop.
async fn stopped(stop: &watch::Receiver<bool>) {
    // An error means that the sender is gone, which also ends the program.
    let _ = stop.clone().wait_for(|stop| *stop).await;
}

/// Encryption of the connection to the mail server.
enum ConnectionSecurity {
    /// TLS from the start of the connection.
    Tls(TlsParameters),
    /// TLS by the command STARTTLS.
    StartTls(TlsParameters),
    /// No encryption.
    Plain,
}

/// Sends mail from the outbox to the mail server.
pub(crate) struct Delivery {
    server: SmtpUrl,
    security: ConnectionSecurity,
    /// Name of this machine in the SMTP greeting.
    client_id: ClientId,
    from: Mailbox,
    timeouts: SmtpTimeouts,
}

impl Delivery {
    /// Checks the configuration. Does not connect yet.
    pub(crate) fn new(server: SmtpUrl, from: Mailbox) -> anyhow::Result<Self> {
        if !AsRef::<str>::as_ref(&from.email).is_ascii() {
            bail!(
                "the sender's address ({}) must be ASCII, since not every mail server accepts \
                 others. Write the domain in its xn-- form",
                from.email
            );
        }
        let tls = || {
            TlsParameters::new(server.host.clone())
                .context("no TLS is possible with the mail server")
        };
        let security = match server.encryption {
            Encryption::ImplicitTls => ConnectionSecurity::Tls(tls()?),
            Encryption::StartTls => ConnectionSecurity::StartTls(tls()?),
            Encryption::None => ConnectionSecurity::Plain,
        };
        Ok(Self { server, security, client_id: ClientId::default(), from, timeouts: SMTP_TIMEOUTS })
    }

    /// Delivers mail until asked to stop. Errors are logged.
    pub(crate) async fn run(self, database: Database, stop: watch::Receiver<bool>) {
        // After a start, mail that waits for its next attempt is tried at once: the operator
        // may have fixed the cause, such as a wrong password.
        let mut lookahead = 2 * HOUR;
        while !*stop.borrow() {
            if let Err(failure) = self.deliver_due(&database, lookahead, &stop).await {
                tracing::error!(?failure, "delivery of due mail stopped");
            }
            lookahead = 0;
            tokio::select! {
                () = database.mail_queued() => {}
                () = sleep(POLL_INTERVAL) => {}
                () = stopped(&stop) => {}
            }
        }
    }

    /// Sends all mail that is due within `lookahead` milliseconds, one after the other. Stops
    /// when the mail server fails.
    async fn deliver_due(
        &self,
        database: &Database,
        lookahead: i64,
        stop: &watch::Receiver<bool>,
    ) -> Result<()> {
        let due = |ahead, limit| {
            database.read(|store| outbox::due(store, world::now().plus(ahead), limit))
        };
        let mut mails =
            if lookahead > 0 { due(lookahead, FIRST_BATCH_SIZE)? } else { due(0, BATCH_SIZE)? };
        while !mails.is_empty() {
            for mail in mails {
                let is_wanted =
                    || database.read(|store| outbox::is_wanted(store, mail.id, world::now()));
                match self.send(&mail, &is_wanted, stop).await {
                    Ok(connection) => {
                        mark_sent(database, mail.id, stop).await;
                        self.quit(connection).await;
                    }
                    Err(NotSent::Stopping) => return Ok(()),
                    Err(NotSent::Store(failure)) => return Err(failure),
                    Err(NotSent::Unwanted) => mark_superseded(database, mail.id).await?,
                    Err(NotSent::Server(cause)) => {
                        mark_failed(database, mail.id, cause, false).await?;
                        // The other mails would fail too, so they stay due. This one waits
                        // longer, in case it is the cause of the failure.
                        return Ok(());
                    }
                    Err(NotSent::Mail { cause, is_final }) => {
                        mark_failed(database, mail.id, cause, is_final).await?;
                    }
                }
            }
            mails = due(0, BATCH_SIZE)?;
        }
        Ok(())
    }

    /// Sends a mail. `Ok` means that the mail server has accepted it. `is_wanted` is asked as
    /// late as possible, because everything before may take long.
    async fn send(
        &self,
        mail: &model::OutboxMail,
        is_wanted: &(dyn Fn() -> Result<bool> + Sync),
        stop: &watch::Receiver<bool>,
    ) -> std::result::Result<AsyncSmtpConnection, NotSent> {
        let message = message(&self.from, mail)?;
        let to = mail.to.as_str().parse()?;
        let mut connection = tokio::select! {
            started = timeout(self.timeouts.envelope, self.start(to, is_wanted)) => started
                .map_err(|_| NotSent::Server("the mail server did not answer in time".to_owned()))??,
            () = stopped(stop) => return Err(NotSent::Stopping),
        };
        // From here on, the mail server may accept the mail at any time.
        let shutdown = async {
            stopped(stop).await;
            sleep(self.timeouts.data_on_shutdown).await;
        };
        tokio::select! {
            reply = timeout(self.timeouts.data, connection.message(&message)) => match reply {
                Ok(Ok(_)) => Ok(connection),
                Ok(Err(error)) => {
                    // A permanent refusal at this point is about the message: most servers
                    // answer 554 to suspected spam.
                    let refused = NotSent::from_reply(&error, |code| matches!(code, 550..=556));
                    self.quit(connection).await;
                    Err(refused)
                }
                Err(_) => Err(NotSent::Server(
                    "the mail server did not say in time whether it accepted the mail".to_owned(),
                )),
            },
            () = shutdown => Err(NotSent::Stopping),
        }
    }

    /// Connects and sends all commands before the message data.
    async fn start(
        &self,
        to: Address,
        is_wanted: &(dyn Fn() -> Result<bool> + Sync),
    ) -> std::result::Result<AsyncSmtpConnection, NotSent> {
        let server = |error: smtp::Error| NotSent::Server(causes(&error));
        let mut connection = self.connect().await.map_err(server)?;
        // The sender is the same for all mails, so a refusal concerns the server.
        let from = Some(self.from.email.clone());
        connection.command(Mail::new(from, Vec::new())).await.map_err(server)?;
        let mut reply = connection.command(Rcpt::new(to, Vec::new())).await;
        if reply.is_ok() {
            let reason = match is_wanted() {
                Ok(true) => None,
                Ok(false) => Some(NotSent::Unwanted),
                Err(failure) => Some(NotSent::Store(failure)),
            };
            if let Some(reason) = reason {
                self.quit(connection).await;
                return Err(reason);
            }
            reply = connection.command(Data).await;
        }
        if let Err(error) = reply {
            let refused =
                NotSent::from_reply(&error, |code| matches!(code, 550 | 551 | 553 | 555 | 556));
            self.quit(connection).await;
            return Err(refused);
        }
        Ok(connection)
    }

    /// Connects with the configured encryption, and authenticates if there are credentials.
    async fn connect(&self) -> std::result::Result<AsyncSmtpConnection, smtp::Error> {
        let wrapped = match &self.security {
            ConnectionSecurity::Tls(tls) => Some(tls.clone()),
            ConnectionSecurity::StartTls(_) | ConnectionSecurity::Plain => None,
        };
        let address = (self.server.host.as_str(), self.server.port);
        let connect_timeout = Some(self.timeouts.connect);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            address,
            connect_timeout,
            &self.client_id,
            wrapped,
            None,
        )
        .await?;
        if let ConnectionSecurity::StartTls(tls) = &self.security {
            connection.starttls(tls.clone(), &self.client_id).await?;
        }
        if let Some((user, password)) = &self.server.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }

    /// Ends the conversation. The result does not matter.
    async fn quit(&self, mut connection: AsyncSmtpConnection) {
        let _ = timeout(self.timeouts.quit, connection.quit()).await;
    }
}

/// Reason why a mail was not sent.
#[derive(Debug)]
enum NotSent {
    /// The mail server is unreachable, or does not accept mail from this program.
    Server(String),
    /// The mail server does not accept this mail.
    Mail {
        cause: String,
        /// Whether further attempts are useless.
        is_final: bool,
    },
    /// The program was asked to stop.
    Stopping,
    /// The mail is no longer wanted.
    Unwanted,
    /// The store failed when asked whether the mail is still wanted.
    Store(service::Error),
}

impl NotSent {
    /// Classifies the reply to the recipient or to the message data. Some permanent replies
    /// are about this mail, and final. Others, such as a missing authentication (530), are
    /// about the server, and can be fixed by the operator.
    fn from_reply(error: &smtp::Error, is_final: fn(u16) -> bool) -> Self {
        let cause = causes(error);
        match error.status().map(u16::from) {
            None | Some(421) => Self::Server(cause),
            Some(code) => Self::Mail { cause, is_final: is_final(code) },
        }
    }
}

impl<E: std::error::Error> From<E> for NotSent {
    /// Converts an error in building the message, which no further attempt can fix.
    fn from(error: E) -> Self {
        Self::Mail { cause: causes(&error), is_final: true }
    }
}

/// Marks a mail as sent. Retries until that succeeds, and thereby holds back all other mail:
/// otherwise this mail would be sent again and again.
async fn mark_sent(database: &Database, id: MailId, stop: &watch::Receiver<bool>) {
    while let Err(failure) =
        database.write(move |store| outbox::mark_sent(store, id, world::now())).await
    {
        tracing::error!(mail = %id, ?failure, "a mail was sent, but can't be marked as sent yet");
        tokio::select! {
            () = sleep(POLL_INTERVAL) => {}
            () = stopped(stop) => return,
        }
    }
    tracing::info!(mail = %id, "a mail was sent");
}

async fn mark_superseded(database: &Database, id: MailId) -> Result<()> {
    tracing::info!(mail = %id, "a mail is no longer wanted");
    database.write(move |store| outbox::mark_superseded(store, id, world::now())).await
}

async fn mark_failed(database: &Database, id: MailId, cause: String, is_final: bool) -> Result<()> {
    tracing::warn!(mail = %id, is_final, cause, "a mail was not sent");
    database
        .write(move |store| outbox::mark_failed(store, id, &cause, is_final, world::now()))
        .await
}

/// Returns an error with its causes, on one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    one_line(&text)
}

/// Replaces characters that would end a header or a line of the log.
fn one_line(text: &str) -> String {
    let is_line_end =
        |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    text.replace(is_line_end, " ")
}

/// Returns a mail as an ASCII message, which all mail servers accept. The same mail always
/// gives the same bytes, so that duplicates after a crash can be recognized. The date is that
/// of the entry in the outbox.
///
/// Names and addresses can't contain line ends, because their parsers refuse them. They are
/// replaced here again, because a header decides where a mail goes.
fn message(from: &Mailbox, mail: &model::OutboxMail) -> std::result::Result<Vec<u8>, NotSent> {
    let to: Address = mail.to.as_str().parse()?;
    let header = |name, value: &str| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    let created = u64::try_from(mail.created.milliseconds()).unwrap_or_default();
    // No encoding of the parts produces these two characters in a row, except for plain ASCII,
    // and its author does not know the id.
    let boundary = format!("=_{}", mail.id);
    let message = Message::builder()
        .date(UNIX_EPOCH + Duration::from_millis(created))
        .from(from.clone())
        .to(Mailbox::new(Some(one_line(mail.to_name.as_str())), to))
        .subject(one_line(&mail.subject))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", mail.language.as_str()))
        .multipart(
            MultiPart::alternative()
                .boundary(boundary)
                .singlepart(SinglePart::plain(mail.text.clone()))
                .singlepart(SinglePart::html(mail.html.clone())),
        )?;
    Ok(message.formatted())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use api::MailStatus;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use rules::{DisplayName, EmailAddress, Language, OrganizationId, Timestamp};

    use super::*;

    fn mail() -> model::OutboxMail {
        let moment = Timestamp::from_milliseconds(1_700_000_000_000);
        model::OutboxMail {
            id: MailId::new(moment, 1),
            organization: OrganizationId::new(moment, 2),
            invitation: None,
            to: "anna@brightwater.example".parse().unwrap(),
            to_name: "Änna, \"de\" Vries".parse().unwrap(),
            language: Language::Chinese,
            subject: "云帆 请求 Brightwater 接受合作伙伴关系".to_owned(),
            text: "您好".to_owned(),
            html: "<p>您好</p>".to_owned(),
            created: moment,
            status: MailStatus::Waiting,
            attempts: 0,
            next: moment,
            last_error: None,
        }
    }

    fn formatted(mail: &model::OutboxMail) -> String {
        let from = "Accord <no-reply@accord.example>".parse().unwrap();
        String::from_utf8(message(&from, mail).unwrap()).unwrap()
    }

    /// The headers, each on one line (RFC 5322, section 2.2.3).
    fn headers(written: &str) -> Vec<(String, String)> {
        let (head, _) = written.split_once("\r\n\r\n").unwrap();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", "\t");
        let header = |line: &str| {
            let (name, value) =
                line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}"));
            (name.to_owned(), value.to_owned())
        };
        unfolded.split("\r\n").map(header).collect()
    }

    fn header(written: &str, name: &str) -> String {
        let mut found = headers(written).into_iter().filter(|(own, _)| own == name);
        let (_, value) = found.next().unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(found.next(), None, "{name} stands once");
        value
    }

    /// The text of a header that holds encoded words (RFC 2047).
    fn decoded(value: &str) -> String {
        let mut bytes = Vec::new();
        let mut after_word = false;
        for part in value.split(' ') {
            let word = part.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
            // White space between two encoded words belongs to neither.
            let between_words = after_word && word.is_some();
            if !bytes.is_empty() && !between_words {
                bytes.push(b' ');
            }
            match word {
                Some(word) => bytes.extend(STANDARD.decode(word).unwrap()),
                None => bytes.extend(part.bytes()),
            }
            after_word = word.is_some();
        }
        String::from_utf8(bytes).unwrap()
    }

    /// The names of the headers that every mail has, in their order.
    const NAMES: [&str; 9] = [
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ];

    fn assert_headers_are_ours(written: &str) {
        let mut names: Vec<_> = headers(written).into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        let mut own = NAMES;
        own.sort_unstable();
        assert_eq!(names, own, "{written}");
    }

    #[test]
    fn a_mail_has_all_headers() {
        let mail = mail();
        let written = formatted(&mail);
        assert_headers_are_ours(&written);
        for (name, value) in [
            ("Date", "Tue, 14 Nov 2023 22:13:20 +0000"),
            ("From", "Accord <no-reply@accord.example>"),
            ("Message-ID", &format!("<{}@accord.example>", mail.id)),
            ("Auto-Submitted", "auto-generated"),
            ("Content-Language", "zh-CN"),
            ("MIME-Version", "1.0"),
            ("Content-Type", &format!("multipart/alternative; boundary=\"=_{}\"", mail.id)),
        ] {
            assert_eq!(header(&written, name), value, "{name}");
        }
        assert_eq!(decoded(&header(&written, "Subject")), mail.subject);
        let to = header(&written, "To");
        assert!(to.ends_with(" <anna@brightwater.example>"), "{to}");
        assert_eq!(decoded(to.split(" <").next().unwrap()).trim_matches('"'), "Änna, \"de\" Vries");
        let plain = written.find("Content-Type: text/plain; charset=utf-8").unwrap();
        let html = written.find("Content-Type: text/html; charset=utf-8").unwrap();
        assert!(plain < html, "the part that is preferred comes last (RFC 2046, 5.1.4)");
    }

    #[test]
    fn the_same_mail_is_the_same_bytes_each_time() {
        assert_eq!(formatted(&mail()), formatted(&mail()));
    }

    #[test]
    fn line_ends_can_not_add_headers() {
        for end in ["\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\u{85}", "\u{2028}", "\0", "\u{b}"] {
            let attack = format!("Hello{end}Bcc: everybody@evil.example{end}<b>x</b>");
            // No parser accepts it…
            assert!(attack.parse::<DisplayName>().is_err(), "{end:?}");
            assert!(format!("a{end}@b.example").parse::<EmailAddress>().is_err(), "{end:?}");
            // …and the subject, which has no parser, becomes one line.
            let mail = model::OutboxMail { subject: attack, ..mail() };
            let written = formatted(&mail);
            assert_headers_are_ours(&written);
            let subject = decoded(&header(&written, "Subject"));
            assert!(subject.starts_with("Hello "), "{subject:?}");
            assert!(!subject.chars().any(char::is_control), "{subject:?}");
        }
    }

    #[test]
    fn names_that_look_like_addresses_or_encoded_words_stay_names() {
        for name in [
            "everybody@evil.example",
            "Anna <x@evil.example>",
            "a, b; group: c@d.example;",
            "\"quoted\\\"",
            "=?utf-8?q?=0D=0ABcc:?= x",
            "(comment)",
        ] {
            let mail = model::OutboxMail {
                to_name: name.parse().unwrap(),
                subject: name.to_owned(),
                ..mail()
            };
            let written = formatted(&mail);
            assert_headers_are_ours(&written);
            let to = header(&written, "To");
            let (display, address) = to.rsplit_once(" <").unwrap();
            assert_eq!(address, "anna@brightwater.example>", "{to}");
            let quoted = display.starts_with('"') && display.ends_with('"');
            assert!(quoted || display.starts_with("=?utf-8?b?"), "{to}");
        }
    }

    #[test]
    fn long_fields_are_folded_to_valid_line_lengths() {
        let label = "x".repeat(57);
        let domain = format!("{label}.{label}.{label}.example");
        let mail = model::OutboxMail {
            to: format!("{}@{domain}", "y".repeat(64)).parse().unwrap(),
            to_name: "\u{1f3eb}字é".repeat(40).parse().unwrap(),
            subject: "字 é\u{1f3eb}".repeat(37),
            text: "字".repeat(5_000),
            html: "x".repeat(5_000),
            ..mail()
        };
        let written = formatted(&mail);
        assert_headers_are_ours(&written);
        assert!(written.is_ascii());
        assert_eq!(decoded(&header(&written, "Subject")), mail.subject);
        assert!(header(&written, "To").ends_with(&format!("<{}>", mail.to)));
        let (head, body) = written.split_once("\r\n\r\n").unwrap();
        for line in head.split("\r\n").filter(|line| !line.contains(&label)) {
            assert!(line.len() <= 78, "{line}");
        }
        for line in head.split("\r\n").chain(body.split("\r\n")) {
            assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{line}");
        }
    }

    #[test]
    fn control_characters_of_a_mail_server_stay_out_of_the_log() {
        let error = std::io::Error::other("no\r\nlevel=error\u{2028}x");
        assert_eq!(causes(&error), "no  level=error x");
    }

    /// Replies of a mail server at each step. After `None`, it no longer replies.
    #[derive(Clone, Copy)]
    struct Script {
        greeting: Option<&'static str>,
        sender: Option<&'static str>,
        recipient: Option<&'static str>,
        text: Option<&'static str>,
    }

    const ACCEPTS: Script = Script {
        greeting: Some("220 test"),
        sender: Some("250 ok"),
        recipient: Some("250 ok"),
        text: Some("250 taken"),
    };

    /// Runs a mail server for one conversation. Calls `silent` when it stops replying.
    fn follow(
        listener: &TcpListener,
        script: Script,
        silent: impl FnOnce(),
    ) -> std::io::Result<()> {
        let (stream, _) = listener.accept()?;
        let mut writer = stream.try_clone()?;
        let mut lines = BufReader::new(stream).lines();
        let mut answer = script.greeting;
        loop {
            let Some(words) = answer else {
                // No reply until the client disconnects.
                silent();
                return lines.try_for_each(|line| line.map(|_| ()));
            };
            writer.write_all(format!("{words}\r\n").as_bytes())?;
            let Some(line) = lines.next().transpose()? else { return Ok(()) };
            answer = match line.get(..4).unwrap_or_default() {
                "MAIL" => script.sender,
                "RCPT" => script.recipient,
                "DATA" => {
                    writer.write_all(b"354 go on\r\n")?;
                    while lines.next().transpose()?.is_some_and(|line| line != ".") {}
                    script.text
                }
                _ => Some("250 ok"),
            };
        }
    }

    /// Sends a mail to a mail server with this script. With `stops`, the program is asked to
    /// stop when the mail server no longer replies.
    async fn outcome(
        script: Script,
        timeouts: SmtpTimeouts,
        stops: bool,
    ) -> std::result::Result<(), NotSent> {
        let (stopping, stop) = watch::channel(false);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let silent = || {
                stopping.send_replace(stops);
            };
            follow(&listener, script, silent)
        });
        let from = "no-reply@accord.example".parse().unwrap();
        let delivery = Delivery { timeouts, ..Delivery::new(url.parse().unwrap(), from).unwrap() };
        let outcome = delivery.send(&mail(), &|| Ok(true), &stop).await.map(|_| ());
        // The connection is closed in any case; otherwise this would wait forever.
        let _ = server.join().unwrap();
        outcome
    }

    #[tokio::test]
    async fn the_reply_decides_which_mail_waits() {
        let at = |sender, recipient, text| Script {
            sender: Some(sender),
            recipient: Some(recipient),
            text: Some(text),
            ..ACCEPTS
        };
        assert!(outcome(ACCEPTS, SMTP_TIMEOUTS, false).await.is_ok());
        // The sender is the same for every mail.
        for sender in ["450 later", "550 5.7.1 not you", "421 closing", "530 sign in"] {
            let found = outcome(at(sender, "250 ok", "250 ok"), SMTP_TIMEOUTS, false).await;
            assert!(matches!(found, Err(NotSent::Server(_))), "{sender}: {found:?}");
        }
        for (recipient, text, final_) in [
            ("450 4.2.0 greylisted", "250 ok", false),
            ("550 5.1.1 no such user", "250 ok", true),
            ("554 5.7.1 relay access denied", "250 ok", false),
            ("530 5.7.0 sign in", "250 ok", false),
            ("250 ok", "451 4.3.0 later", false),
            ("250 ok", "452 4.2.2 full", false),
            ("250 ok", "554 5.6.0 spam", true),
            ("250 ok", "552 5.3.4 too big", true),
        ] {
            let found = outcome(at("250 ok", recipient, text), SMTP_TIMEOUTS, false).await;
            assert!(
                matches!(found, Err(NotSent::Mail { is_final, .. }) if is_final == final_),
                "{recipient}, {text}: {found:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_mail_server_that_hangs_runs_into_a_timeout() {
        let brief = Duration::from_millis(100);
        let short = SmtpTimeouts { envelope: brief, data: brief, ..SMTP_TIMEOUTS };
        for script in [
            Script { greeting: None, ..ACCEPTS },
            Script { sender: None, ..ACCEPTS },
            Script { recipient: None, ..ACCEPTS },
            Script { text: None, ..ACCEPTS },
        ] {
            let found = outcome(script, short, false).await;
            assert!(matches!(found, Err(NotSent::Server(_))), "{found:?}");
        }
    }

    #[tokio::test]
    async fn stopping_does_not_wait_for_a_mail_server_that_hangs() {
        let short = SmtpTimeouts { data_on_shutdown: Duration::from_millis(100), ..SMTP_TIMEOUTS };
        for script in [
            Script { greeting: None, ..ACCEPTS },
            Script { sender: None, ..ACCEPTS },
            Script { text: None, ..ACCEPTS },
        ] {
            let found = outcome(script, short, true).await;
            assert!(matches!(found, Err(NotSent::Stopping)), "{found:?}");
        }
    }
}
