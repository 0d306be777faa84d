//! Delivery: takes mail out of the outbox to the mail server.
//!
//! No mail is lost: it leaves the outbox when the mail server has said that it took it,
//! and not before. None goes out twice, but for one case that SMTP leaves open: the
//! program ends after the mail server took a mail and before that is noted. The mail then
//! goes out again, word for word and with the same Message-ID, by which whoever got it
//! twice can tell (RFC 5322, section 3.6.4).
//!
//! The conversation is led here, command by command, because two things depend on how far
//! it got: how long to wait, and whether to go away. Before the text, nothing is lost by
//! giving up; after it, giving up early is how mail gets sent twice (RFC 5321, section
//! 4.5.3.2.6).

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

/// How often the outbox is looked at, beside right after something was put there.
const PAUSE: Duration = Duration::from_secs(5);
/// How many mails are taken at a time.
const AT_A_TIME: u32 = 20;
/// The same, when the program has just started.
const AT_FIRST: u32 = 200;

/// How long the mail server may take.
#[derive(Clone, Copy)]
struct Patience {
    /// To be reached at one of its addresses.
    reached: Duration,
    /// To sign us in and to take sender and recipient.
    begun: Duration,
    /// To take the text and to say so: ten minutes (RFC 5321, section 4.5.3.2.6).
    taken: Duration,
    /// The same, once the program is to end.
    ending: Duration,
    /// To say good-bye.
    left: Duration,
}

const PATIENCE: Patience = Patience {
    reached: Duration::from_secs(15),
    begun: Duration::from_mins(1),
    taken: Duration::from_mins(10),
    ending: Duration::from_secs(20),
    left: Duration::from_secs(1),
};

/// Resolves when the program is to end.
async fn stopped(stop: &watch::Receiver<bool>) {
    // An error is that nobody can ask any more, which comes to the same.
    let _ = stop.clone().wait_for(|stop| *stop).await;
}

/// How what is said stays between us and the mail server.
enum Line {
    FromTheStart(TlsParameters),
    StartTls(TlsParameters),
    Plain,
}

/// The way to the mail server.
pub(crate) struct Delivery {
    server: SmtpUrl,
    line: Line,
    /// How this machine calls itself.
    hello: ClientId,
    from: Mailbox,
    patience: Patience,
}

impl Delivery {
    /// Prepares; speaks to nobody yet.
    pub(crate) fn new(server: SmtpUrl, from: Mailbox) -> anyhow::Result<Self> {
        if !AsRef::<str>::as_ref(&from.email).is_ascii() {
            bail!(
                "the sender's address ({}) must be of ASCII alone, since not every mail server \
                 takes another. Write the domain in its xn-- form",
                from.email
            );
        }
        let tls = || {
            TlsParameters::new(server.host.clone())
                .context("no TLS is possible with the mail server")
        };
        let line = match server.encryption {
            Encryption::ImplicitTls => Line::FromTheStart(tls()?),
            Encryption::StartTls => Line::StartTls(tls()?),
            Encryption::None => Line::Plain,
        };
        Ok(Self { server, line, hello: ClientId::default(), from, patience: PATIENCE })
    }

    /// Delivers until asked to stop. Nothing that fails here reaches a request.
    pub(crate) async fn run(self, database: Database, stop: watch::Receiver<bool>) {
        // Whoever starts the program may have mended what mail waits for, such as a wrong
        // password, so at first no mail waits for its time.
        let mut ahead = 2 * HOUR;
        while !*stop.borrow() {
            if let Err(failure) = self.round(&database, ahead, &stop).await {
                tracing::error!(?failure, "a round of delivery was not finished");
            }
            ahead = 0;
            tokio::select! {
                () = database.mail_queued() => {}
                () = sleep(PAUSE) => {}
                () = stopped(&stop) => {}
            }
        }
    }

    /// Sends what is due, and at first what will be so many milliseconds ahead: one mail
    /// after the other, until the mail server takes no more.
    async fn round(
        &self,
        database: &Database,
        ahead: i64,
        stop: &watch::Receiver<bool>,
    ) -> Result<()> {
        let due = |ahead, limit| {
            database.read(|store| outbox::due(store, world::now().plus(ahead), limit))
        };
        let mut mails = if ahead > 0 { due(ahead, AT_FIRST)? } else { due(0, AT_A_TIME)? };
        while !mails.is_empty() {
            for mail in mails {
                let is_wanted =
                    || database.read(|store| outbox::is_wanted(store, mail.id, world::now()));
                match self.send(&mail, &is_wanted, stop).await {
                    Ok(connection) => {
                        note_sent(database, mail.id, stop).await;
                        self.leave(connection).await;
                    }
                    Err(NotSent::Stopping) => return Ok(()),
                    Err(NotSent::Unread(failure)) => return Err(failure),
                    Err(NotSent::Unwanted) => note_superseded(database, mail.id).await?,
                    Err(NotSent::Server(cause)) => {
                        note_failed(database, mail.id, cause, false).await?;
                        // The others would fare the same. They are tried in a later round;
                        // this one waits for longer, in case that it is what the mail
                        // server stumbles over.
                        return Ok(());
                    }
                    Err(NotSent::Mail { cause, for_good }) => {
                        note_failed(database, mail.id, cause, for_good).await?;
                    }
                }
            }
            mails = due(0, AT_A_TIME)?;
        }
        Ok(())
    }

    /// Hands a mail over. When this is `Ok`, the mail server has said that it took it.
    /// Whether the mail is still wanted is asked as late as can be, after what may take
    /// long: the mail may have waited behind others, and the mail server thinks.
    async fn send(
        &self,
        mail: &model::Mail,
        is_wanted: &(dyn Fn() -> Result<bool> + Sync),
        stop: &watch::Receiver<bool>,
    ) -> std::result::Result<AsyncSmtpConnection, NotSent> {
        let message = message(&self.from, mail)?;
        let to = mail.to.as_str().parse()?;
        let mut connection = tokio::select! {
            begun = timeout(self.patience.begun, self.begin(to, is_wanted)) => begun
                .map_err(|_| NotSent::Server("the mail server did not answer in time".to_owned()))??,
            () = stopped(stop) => return Err(NotSent::Stopping),
        };
        // From here on the mail server may take the mail at any moment.
        let ending = async {
            stopped(stop).await;
            sleep(self.patience.ending).await;
        };
        tokio::select! {
            taken = timeout(self.patience.taken, connection.message(&message)) => match taken {
                Ok(Ok(_)) => Ok(connection),
                Ok(Err(error)) => {
                    // After the text a refusal is about it: 554 is what most answer to what
                    // they take for spam.
                    let refused = NotSent::of(&error, |code| matches!(code, 550..=556));
                    self.leave(connection).await;
                    Err(refused)
                }
                Err(_) => Err(NotSent::Server(
                    "the mail server got the mail and did not say whether it took it".to_owned(),
                )),
            },
            () = ending => Err(NotSent::Stopping),
        }
    }

    /// Leads the conversation up to where the text is sent.
    async fn begin(
        &self,
        to: Address,
        is_wanted: &(dyn Fn() -> Result<bool> + Sync),
    ) -> std::result::Result<AsyncSmtpConnection, NotSent> {
        let server = |error: smtp::Error| NotSent::Server(causes(&error));
        let mut connection = self.connect().await.map_err(server)?;
        // What is said of the sender is said of every mail.
        let from = Some(self.from.email.clone());
        connection.command(Mail::new(from, Vec::new())).await.map_err(server)?;
        let mut answer = connection.command(Rcpt::new(to, Vec::new())).await;
        if answer.is_ok() {
            let stays = match is_wanted() {
                Ok(true) => None,
                Ok(false) => Some(NotSent::Unwanted),
                Err(failure) => Some(NotSent::Unread(failure)),
            };
            if let Some(stays) = stays {
                self.leave(connection).await;
                return Err(stays);
            }
            answer = connection.command(Data).await;
        }
        if let Err(error) = answer {
            let refused = NotSent::of(&error, |code| matches!(code, 550 | 551 | 553 | 555 | 556));
            self.leave(connection).await;
            return Err(refused);
        }
        Ok(connection)
    }

    /// Connects, encrypted where that is to be, and signs in where that is asked for.
    async fn connect(&self) -> std::result::Result<AsyncSmtpConnection, smtp::Error> {
        let wrapped = match &self.line {
            Line::FromTheStart(tls) => Some(tls.clone()),
            Line::StartTls(_) | Line::Plain => None,
        };
        let address = (self.server.host.as_str(), self.server.port);
        let reached = Some(self.patience.reached);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, reached, &self.hello, wrapped, None)
                .await?;
        if let Line::StartTls(tls) = &self.line {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some((user, password)) = &self.server.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }

    /// Says good-bye, which nothing depends on any more.
    async fn leave(&self, mut connection: AsyncSmtpConnection) {
        let _ = timeout(self.patience.left, connection.quit()).await;
    }
}

/// Why a mail was not sent.
#[derive(Debug)]
enum NotSent {
    /// The mail server takes no mail, or none from us, or was lost on the way.
    Server(String),
    /// It does not take this very mail.
    Mail {
        cause: String,
        /// Whether trying again is of no use.
        for_good: bool,
    },
    /// The program is to end.
    Stopping,
    /// It is not to be sent any more.
    Unwanted,
    /// Whether it is can't be read.
    Unread(service::Error),
}

impl NotSent {
    /// What an answer to recipient or text says. Some permanent answers are about this
    /// mail: they are final. Others, such as that signing in is needed (530), are about the
    /// server and pass when somebody mends it.
    fn of(error: &smtp::Error, is_final: fn(u16) -> bool) -> Self {
        let cause = causes(error);
        match error.status().map(u16::from) {
            None | Some(421) => Self::Server(cause),
            Some(code) => Self::Mail { cause, for_good: is_final(code) },
        }
    }
}

impl<E: std::error::Error> From<E> for NotSent {
    /// A mail that can't even be written is never sent.
    fn from(error: E) -> Self {
        Self::Mail { cause: causes(&error), for_good: true }
    }
}

/// Notes that a mail is on its way. While that can't be written down, nothing else is
/// sent: the mail would go out again, and again.
async fn note_sent(database: &Database, id: MailId, stop: &watch::Receiver<bool>) {
    while let Err(failure) =
        database.write(move |store| outbox::sent(store, id, world::now())).await
    {
        tracing::error!(mail = %id, ?failure, "a mail was sent, which can't be noted yet");
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = stopped(stop) => return,
        }
    }
    tracing::info!(mail = %id, "a mail was sent");
}

async fn note_superseded(database: &Database, id: MailId) -> Result<()> {
    tracing::info!(mail = %id, "a mail is not sent any more");
    database.write(move |store| outbox::superseded(store, id, world::now())).await
}

async fn note_failed(database: &Database, id: MailId, cause: String, for_good: bool) -> Result<()> {
    tracing::warn!(mail = %id, for_good, cause, "a mail was not sent");
    database.write(move |store| outbox::failed(store, id, &cause, for_good, world::now())).await
}

/// An error with what caused it, on one line.
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

/// A text without what would end a header, or a line of the log.
fn one_line(text: &str) -> String {
    let ends =
        |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    text.replace(ends, " ")
}

/// A mail as it is sent, in ASCII alone, so that every mail server can take it as it is.
/// The same mail is the same bytes each time: whoever gets it twice, after a crash between
/// sending and noting, can tell. Its date is when it was put in the outbox.
///
/// Names and addresses can't hold the end of a line, since their parsers refuse it. It is
/// taken out here once more, because what stands in a header decides where mail goes.
fn message(from: &Mailbox, mail: &model::Mail) -> std::result::Result<Vec<u8>, NotSent> {
    let to: Address = mail.to.as_str().parse()?;
    let header = |name, value: &str| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    let created = u64::try_from(mail.created.milliseconds()).unwrap_or_default();
    // No encoding of the parts can hold these two signs in a row, but for plain ASCII,
    // whose author does not know the id.
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

    fn mail() -> model::Mail {
        let moment = Timestamp::from_milliseconds(1_700_000_000_000);
        model::Mail {
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

    fn written(mail: &model::Mail) -> String {
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
    fn a_mail_says_who_to_whom_when_in_which_language_and_that_a_program_wrote_it() {
        let mail = mail();
        let written = written(&mail);
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
        assert_eq!(written(&mail()), written(&mail()));
    }

    #[test]
    fn header_injection_leaves_the_headers_as_they_are() {
        for end in ["\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\u{85}", "\u{2028}", "\0", "\u{b}"] {
            let attack = format!("Hello{end}Bcc: everybody@evil.example{end}<b>x</b>");
            // No parser lets it in…
            assert!(attack.parse::<DisplayName>().is_err(), "{end:?}");
            assert!(format!("a{end}@b.example").parse::<EmailAddress>().is_err(), "{end:?}");
            // …and the subject, which no parser has seen, passes as one line.
            let mail = model::Mail { subject: attack, ..mail() };
            let written = written(&mail);
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
            let mail =
                model::Mail { to_name: name.parse().unwrap(), subject: name.to_owned(), ..mail() };
            let written = written(&mail);
            assert_headers_are_ours(&written);
            let to = header(&written, "To");
            let (display, address) = to.rsplit_once(" <").unwrap();
            assert_eq!(address, "anna@brightwater.example>", "{to}");
            let quoted = display.starts_with('"') && display.ends_with('"');
            assert!(quoted || display.starts_with("=?utf-8?b?"), "{to}");
        }
    }

    #[test]
    fn over_long_fields_are_folded_and_no_line_is_too_long_for_a_mail_server() {
        let label = "x".repeat(57);
        let domain = format!("{label}.{label}.{label}.example");
        let mail = model::Mail {
            to: format!("{}@{domain}", "y".repeat(64)).parse().unwrap(),
            to_name: "\u{1f3eb}字é".repeat(40).parse().unwrap(),
            subject: "字 é\u{1f3eb}".repeat(37),
            text: "字".repeat(5_000),
            html: "x".repeat(5_000),
            ..mail()
        };
        let written = written(&mail);
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
    fn right_to_left_overrides_and_control_characters_of_a_mail_server_stay_out_of_the_log() {
        let error = std::io::Error::other("no\r\nlevel=error\u{2028}x");
        assert_eq!(causes(&error), "no  level=error x");
    }

    /// What a mail server says at each step, or that it says nothing from there on.
    #[derive(Clone, Copy)]
    struct Script {
        greeting: Option<&'static str>,
        sender: Option<&'static str>,
        recipient: Option<&'static str>,
        text: Option<&'static str>,
    }

    const USUAL: Script = Script {
        greeting: Some("220 test"),
        sender: Some("250 ok"),
        recipient: Some("250 ok"),
        text: Some("250 taken"),
    };

    /// A mail server that follows a script, for one conversation.
    /// Falling silent, it tells so.
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
                // Silent until the other side goes away.
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

    /// What comes of handing a mail to a mail server that follows this script, where the
    /// program is to end, or is not, once the mail server falls silent.
    async fn outcome(
        script: Script,
        patience: Patience,
        ends: bool,
    ) -> std::result::Result<(), NotSent> {
        let (stopping, stop) = watch::channel(false);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let silent = || {
                stopping.send_replace(ends);
            };
            follow(&listener, script, silent)
        });
        let from = "no-reply@accord.example".parse().unwrap();
        let delivery = Delivery { patience, ..Delivery::new(url.parse().unwrap(), from).unwrap() };
        let outcome = delivery.send(&mail(), &|| Ok(true), &stop).await.map(|_| ());
        // However it ended, the connection is closed by now; else this would wait forever.
        let _ = server.join().unwrap();
        outcome
    }

    #[tokio::test]
    async fn what_a_mail_server_answers_decides_who_waits() {
        let at = |sender, recipient, text| Script {
            sender: Some(sender),
            recipient: Some(recipient),
            text: Some(text),
            ..USUAL
        };
        assert!(outcome(USUAL, PATIENCE, false).await.is_ok());
        // The sender is the same for every mail.
        for sender in ["450 later", "550 5.7.1 not you", "421 closing", "530 sign in"] {
            let found = outcome(at(sender, "250 ok", "250 ok"), PATIENCE, false).await;
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
            let found = outcome(at("250 ok", recipient, text), PATIENCE, false).await;
            assert!(
                matches!(found, Err(NotSent::Mail { for_good, .. }) if for_good == final_),
                "{recipient}, {text}: {found:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_mail_server_that_hangs_is_not_waited_for_without_end() {
        let brief = Duration::from_millis(100);
        let impatient = Patience { begun: brief, taken: brief, ..PATIENCE };
        for script in [
            Script { greeting: None, ..USUAL },
            Script { sender: None, ..USUAL },
            Script { recipient: None, ..USUAL },
            Script { text: None, ..USUAL },
        ] {
            let found = outcome(script, impatient, false).await;
            assert!(matches!(found, Err(NotSent::Server(_))), "{found:?}");
        }
    }

    #[tokio::test]
    async fn a_program_that_is_to_end_leaves_a_mail_server_that_hangs() {
        let brief = Patience { ending: Duration::from_millis(100), ..PATIENCE };
        for script in [
            Script { greeting: None, ..USUAL },
            Script { sender: None, ..USUAL },
            Script { text: None, ..USUAL },
        ] {
            let found = outcome(script, brief, true).await;
            assert!(matches!(found, Err(NotSent::Stopping)), "{found:?}");
        }
    }
}
