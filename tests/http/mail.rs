//! Sending mail by SMTP to a mail server of the test, which can be told to misbehave.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::*;

/// Timeout for an expected event.
const SOON: Duration = Duration::from_mins(1);

/// Behavior of the mail server in one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behavior {
    /// Accepts the mail.
    Take,
    /// Closes the connection instead of greeting.
    Close,
    /// Greets, and then hangs.
    Hang,
    /// Refuses the recipient temporarily.
    RecipientLater,
    /// Delays the answer to the recipient until the test calls `go_on`.
    RecipientHeld,
    /// The same, and then refuses the recipient temporarily.
    RecipientHeldThenLater,
    /// Closes the connection in the middle of the text.
    CloseInText,
    /// Refuses the mail temporarily after the whole text.
    TextLater,
}

/// A mail server for a test.
struct MailServer {
    address: SocketAddr,
    state: Arc<State>,
    /// The behavior in each conversation, once it has happened.
    events: Receiver<Behavior>,
}

struct State {
    /// The behavior in the next conversations; after those every mail is accepted.
    behaviors: Mutex<VecDeque<Behavior>>,
    /// The accepted mails.
    taken: Mutex<Vec<String>>,
    /// Holds back a delayed answer until the test releases it.
    held: Barrier,
}

impl MailServer {
    fn start(behaviors: &[Behavior]) -> Self {
        Self::on(&TcpListener::bind("127.0.0.1:0").expect("a port"), behaviors)
    }

    fn on(listener: &TcpListener, behaviors: &[Behavior]) -> Self {
        let address = listener.local_addr().expect("an address");
        let listener = listener.try_clone().expect("the same");
        let state = Arc::new(State {
            behaviors: Mutex::new(behaviors.iter().copied().collect()),
            taken: Mutex::default(),
            held: Barrier::new(2),
        });
        let (sender, events) = channel();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (state, sender) = (Arc::clone(&shared), sender.clone());
                std::thread::spawn(move || talk(stream, &state, &sender));
            }
        });
        Self { address, state, events }
    }

    /// Returns the accepted mails.
    fn taken(&self) -> Vec<String> {
        self.state.taken.lock().expect("no panic while it is held").clone()
    }

    /// Lets a delayed answer go on.
    fn go_on(&self) {
        self.state.held.wait();
    }

    /// Returns whether every given behavior has happened.
    fn is_done(&self) -> bool {
        self.state.behaviors.lock().expect("no panic while it is held").is_empty()
    }
}

/// A server that sends its mail to a mail server, with a partner and a customer. Demo data
/// can't be used, because it has mails already.
struct MailSetup {
    server: Server,
    partner: Client,
    customer: String,
}

impl MailSetup {
    fn open(mail_server: SocketAddr) -> Self {
        let smtp = format!("smtp://{mail_server}");
        let server =
            Server::start(&["--smtp", &smtp, "--mail-from", "Accord <accord@accord.example>"]);
        let partner = ("adminAgent", "roos@fabrikam.example");
        let customer = ("globalReader", "rosa@brightwater.example");
        let customer = server.create_organizations(partner, customer);
        let partner = server.sign_in("roos@fabrikam.example");
        Self { server, partner, customer }
    }

    /// Sends an invitation, which puts a mail into the outbox.
    fn invite(&mut self) -> Value {
        let sent = self.partner.invite(&self.customer, "lob", false);
        assert_eq!(sent["status"], "sent");
        sent
    }

    /// Withdraws an invitation.
    fn withdraw(&mut self, invitation: &Value) {
        let path = format!("/api/invitations/{}/withdraw", id(invitation));
        self.partner.change(&path, etag(invitation), &json!({})).ok();
    }

    /// Returns the mail of an invitation.
    fn mail_of(&self, invitation: &Value) -> OutboxMail {
        let about = |mail: &OutboxMail| mail.invitation.as_deref() == Some(id(invitation));
        self.outbox().into_iter().find(about).expect("its mail")
    }

    /// Returns the whole outbox, read from the database: requests would fill the log.
    fn outbox(&self) -> Vec<OutboxMail> {
        let database = self.database();
        let statement =
            database.prepare("SELECT id, invitation, status, attempts, body_text FROM mail");
        let mut statement = statement.expect("mails");
        let noted = |row: &rusqlite::Row<'_>| {
            Ok(OutboxMail {
                id: row.get(0)?,
                invitation: row.get(1)?,
                status: row.get(2)?,
                attempts: row.get(3)?,
                text: row.get(4)?,
            })
        };
        statement.query_map([], noted).expect("mails").map(|mail| mail.expect("a mail")).collect()
    }

    fn database(&self) -> rusqlite::Connection {
        let database = rusqlite::Connection::open(self.server.database()).expect("the database");
        database.busy_timeout(SOON).expect("a database that can be waited for");
        database
    }

    /// Changes the database directly.
    fn execute(&self, sql: &str) {
        self.database().execute_batch(sql).expect(sql);
    }

    /// Makes every queued mail due.
    fn make_mail_due(&self) {
        self.execute(
            "UPDATE mail SET next_attempt = 0 WHERE status = 'waiting' AND next_attempt > 0",
        );
    }

    /// Waits until a condition on the outbox is true.
    #[track_caller]
    fn wait_until(&self, what: &str, is_so: impl Fn(&[OutboxMail]) -> bool) {
        let deadline = Instant::now() + SOON;
        loop {
            let logged = self.server.log().len();
            let mails = self.outbox();
            if is_so(&mails) {
                return;
            }
            assert!(Instant::now() < deadline, "never came true: {what}\n{mails:#?}");
            self.server.wait_for_more_log(logged);
        }
    }

    /// Checks that every mail of the outbox was accepted once, and no other mail.
    #[track_caller]
    fn assert_once(&self, mail_server: &MailServer) {
        let mut noted: Vec<String> =
            self.outbox().iter().map(|mail| format!("<{}@accord.example>", mail.id)).collect();
        noted.sort_unstable();
        let mut taken: Vec<String> =
            mail_server.taken().iter().map(|mail| message_id(mail)).collect();
        taken.sort_unstable();
        assert_eq!(taken, noted);
    }
}

/// A mail in the outbox.
#[derive(Debug)]
struct OutboxMail {
    id: String,
    invitation: Option<String>,
    status: String,
    attempts: u32,
    text: String,
}

fn all_sent(mails: &[OutboxMail]) -> bool {
    mails.iter().all(|mail| mail.status == "sent")
}

fn one_was_tried(mails: &[OutboxMail]) -> bool {
    mails.iter().any(|mail| mail.attempts > 0)
}

/// Holds one SMTP conversation (RFC 5321), as far as Accord needs it.
fn talk(stream: TcpStream, state: &State, events: &Sender<Behavior>) -> std::io::Result<()> {
    let behavior = state.behaviors.lock().expect("no panic while it is held").pop_front();
    let behavior = behavior.unwrap_or(Behavior::Take);
    // The receiver is gone when the test has ended.
    let tell = || {
        let _ = events.send(behavior);
    };
    if behavior == Behavior::Close {
        tell();
        return Ok(());
    }
    let mut writer = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    writer.write_all(b"220 test\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer: &[u8] = match (verb.as_str(), behavior) {
            ("EHLO", Behavior::Hang) => {
                tell();
                return lines.try_for_each(|line| line.map(drop));
            }
            ("EHLO", _) => b"250-test\r\n250 8BITMIME\r\n",
            ("RCPT", Behavior::RecipientHeld | Behavior::RecipientHeldThenLater) => {
                tell();
                state.held.wait();
                if behavior == Behavior::RecipientHeld {
                    b"250 ok\r\n"
                } else {
                    b"450 4.2.0 later\r\n"
                }
            }
            ("RCPT", Behavior::RecipientLater) => {
                tell();
                b"450 4.2.0 later\r\n"
            }
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n")?;
                let mut mail = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    mail.push_str(&line);
                    mail.push('\n');
                    if behavior == Behavior::CloseInText && mail.len() > 2_000 {
                        tell();
                        return Ok(());
                    }
                }
                let answer: &[u8] = if behavior == Behavior::Take {
                    state.taken.lock().expect("no panic while it is held").push(mail);
                    b"250 taken\r\n"
                } else {
                    b"451 4.3.0 later\r\n"
                };
                tell();
                answer
            }
            ("QUIT", _) => return writer.write_all(b"221 bye\r\n"),
            _ => b"250 ok\r\n",
        };
        writer.write_all(answer)?;
    }
    Ok(())
}

fn message_id(mail: &str) -> String {
    let line = mail.lines().find_map(|line| line.strip_prefix("Message-ID: "));
    line.unwrap_or_else(|| panic!("no Message-ID: {mail}")).to_owned()
}

/// Makes every change of a mail's record fail, as on a full disk.
const FAIL_RECORDS: &str = "CREATE TRIGGER no_note BEFORE UPDATE ON mail
    BEGIN SELECT RAISE(ABORT, 'no note'); END";
const ALLOW_RECORDS: &str = "DROP TRIGGER no_note";
const NOT_RECORDED: &str = "a mail was sent, but can't be marked as sent yet";

#[test]
fn an_invitation_is_sent_as_text_and_html_and_its_text_is_then_deleted() {
    let mail_server = MailServer::start(&[]);
    let mut setup = MailSetup::open(mail_server.address);
    setup.invite();
    setup.wait_until("the mail is recorded as sent", all_sent);
    assert_eq!(setup.outbox()[0].text, "", "a sent mail has no link in the outbox");
    setup.assert_once(&mail_server);
    let mail = format!("\n{}", mail_server.taken()[0]);
    for part in [
        "\nFrom: Accord <accord@accord.example>\n",
        "\nTo: Somebody <somebody@brightwater.example>\n",
        "\nSubject: Fabrikam asks Brightwater to accept a partner relationship\n",
        "\nMessage-ID: <",
        "\nAuto-Submitted: auto-generated\n",
        "\nContent-Language: en\n",
        "\nMIME-Version: 1.0\n",
        "\nContent-Type: multipart/alternative;",
        "\nContent-Type: text/plain; charset=utf-8\n",
        "\nContent-Type: text/html; charset=utf-8\n",
    ] {
        assert!(mail.contains(part), "{part}\n{mail}");
    }
}

#[test]
fn requests_succeed_while_the_mail_server_is_down() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let mut setup = MailSetup::open(gone);
    setup.invite();
    setup.wait_until("the mail was tried", one_was_tried);
    // Requests go on.
    setup.invite();
    for mail in setup.outbox() {
        assert_eq!(mail.status, "waiting");
        assert_ne!(mail.text, "");
    }
}

#[test]
fn every_mail_is_sent_exactly_once_after_failures_of_the_mail_server() {
    // The mail server is down at first.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let mut setup = MailSetup::open(address);
    for _ in 0..3 {
        setup.invite();
    }
    setup.wait_until("a mail was tried", one_was_tried);

    // Then it runs, and fails in every way that a client has to expect.
    let bad = [
        Behavior::Close,
        Behavior::RecipientLater,
        Behavior::CloseInText,
        Behavior::TextLater,
        Behavior::CloseInText,
        Behavior::Close,
    ];
    let listener = TcpListener::bind(address).expect("the same port");
    let mail_server = MailServer::on(&listener, &bad);
    let deadline = Instant::now() + 2 * SOON;
    while !(mail_server.is_done() && all_sent(&setup.outbox())) {
        assert!(Instant::now() < deadline, "not everything was sent: {:#?}", setup.outbox());
        let logged = setup.server.log().len();
        setup.make_mail_due();
        if mail_server.events.try_iter().any(|behavior| behavior != Behavior::Take) {
            // A new mail wakes the delivery, which otherwise looks every few seconds.
            setup.invite();
        }
        setup.server.wait_for_more_log(logged);
    }
    assert!(mail_server.taken().len() > 3);
    setup.assert_once(&mail_server);
}

#[test]
fn after_a_crash_only_the_mail_that_was_not_recorded_as_sent_is_sent_again() {
    let mail_server = MailServer::start(&[]);
    let mut setup = MailSetup::open(mail_server.address);
    setup.invite();
    setup.wait_until("the first mail is sent", all_sent);

    // The mail server accepts a mail, which can't be recorded, and the server is killed.
    setup.execute(FAIL_RECORDS);
    for _ in 0..3 {
        setup.invite();
    }
    setup.server.wait_for_log(NOT_RECORDED);
    setup.server.kill();
    let taken = mail_server.taken();
    assert_eq!(taken.len(), 2, "nothing is sent before it is recorded");

    // The mail is sent again, with the same Message-ID, so that the recipient can tell.
    setup.execute(ALLOW_RECORDS);
    setup.server.start_again();
    setup.wait_until("every mail is recorded as sent", all_sent);
    let taken = mail_server.taken();
    assert_eq!(taken[1], taken[2], "the same mail, byte for byte");
    let mut ids: Vec<_> = taken.iter().map(|mail| message_id(mail)).collect();
    ids.dedup();
    assert_eq!((taken.len(), ids.len()), (5, 4), "no other mail was sent twice");
}

#[test]
fn a_mail_that_cannot_be_recorded_as_sent_for_a_while_is_sent_once() {
    let mail_server = MailServer::start(&[]);
    let mut setup = MailSetup::open(mail_server.address);
    setup.execute(FAIL_RECORDS);
    for _ in 0..3 {
        setup.invite();
    }
    setup.server.wait_for_log(NOT_RECORDED);
    setup.execute(ALLOW_RECORDS);
    setup.wait_until("every mail is recorded as sent", all_sent);
    setup.assert_once(&mail_server);
}

#[test]
fn after_a_crash_during_a_hanging_conversation_every_mail_is_sent_once() {
    let mail_server = MailServer::start(&[Behavior::Hang]);
    let mut setup = MailSetup::open(mail_server.address);
    for _ in 0..3 {
        setup.invite();
    }
    assert_eq!(mail_server.events.recv_timeout(SOON), Ok(Behavior::Hang));
    setup.server.kill();
    assert!(mail_server.taken().is_empty());
    setup.server.start_again();
    setup.wait_until("every mail is sent", all_sent);
    setup.assert_once(&mail_server);
}

/// Checks that the mails of these invitations were accepted once, and no other mail.
#[track_caller]
fn assert_taken(setup: &MailSetup, mail_server: &MailServer, invitations: &[&Value]) {
    let of = |invitation| format!("<{}@accord.example>", setup.mail_of(invitation).id);
    let mut wanted: Vec<String> = invitations.iter().map(|invitation| of(invitation)).collect();
    wanted.sort_unstable();
    let mut taken: Vec<String> = mail_server.taken().iter().map(|mail| message_id(mail)).collect();
    taken.sort_unstable();
    assert_eq!(taken, wanted);
}

#[test]
fn a_queued_mail_with_a_dead_link_is_not_sent() {
    // The mail server is down at first.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let mut setup = MailSetup::open(address);
    let [withdrawn, resent, expired, wanted] = std::array::from_fn(|_| setup.invite());
    setup.withdraw(&withdrawn);
    assert_eq!(setup.mail_of(&withdrawn).status, "superseded");
    // One of them was sent more than a day ago, and another has expired.
    let ago = |field: &str, invitation: &Value| {
        // The year 2020.
        let sql = "UPDATE invitation SET state = json_set(state, '$.FIELD', 1577836800000) \
                   WHERE id = 'ID'";
        setup.execute(&sql.replace("FIELD", field).replace("ID", id(invitation)));
    };
    ago("at", &resent);
    ago("expires", &expired);
    let path = format!("/api/invitations/{}/resend", id(&resent));
    let first = setup.mail_of(&resent);
    setup.partner.change(&path, etag(&resent), &json!({})).ok();

    // Then it runs.
    let listener = TcpListener::bind(address).expect("the same port");
    let mail_server = MailServer::on(&listener, &[]);
    setup.make_mail_due();
    // A new mail wakes the delivery.
    let last = setup.invite();
    setup.wait_until("no mail is queued", |mails| {
        // A failure from the time before may have been recorded only now.
        setup.make_mail_due();
        mails.iter().all(|mail| mail.status != "waiting")
    });
    let now = setup.outbox();
    let again = now.iter().find(|mail| mail.invitation == first.invitation && mail.id != first.id);
    let again = again.expect("the mail with the new link");
    assert_eq!(again.status, "sent");
    for (id, status) in [
        (&setup.mail_of(&withdrawn).id, "superseded"),
        (&first.id, "superseded"),
        (&setup.mail_of(&expired).id, "superseded"),
        (&setup.mail_of(&wanted).id, "sent"),
        (&setup.mail_of(&last).id, "sent"),
    ] {
        let mail = now.iter().find(|mail| mail.id == *id).expect("the mail");
        assert_eq!(mail.status, status, "{mail:?}");
        assert_eq!(mail.text.is_empty(), status == "sent", "{mail:?}");
    }
    assert_eq!(mail_server.taken().len(), 3);
}

#[test]
fn a_mail_withdrawn_during_the_conversation_is_not_sent() {
    for (behavior, tried) in [(Behavior::RecipientHeld, 0), (Behavior::RecipientHeldThenLater, 1)] {
        let mail_server = MailServer::start(&[behavior]);
        let mut setup = MailSetup::open(mail_server.address);
        let first = setup.invite();
        assert_eq!(mail_server.events.recv_timeout(SOON), Ok(behavior));
        // These are queued behind it, and one of them is withdrawn too.
        let [second, third] = std::array::from_fn(|_| setup.invite());
        setup.withdraw(&first);
        setup.withdraw(&second);
        mail_server.go_on();
        setup.wait_until("no mail is queued", |mails| {
            mails.iter().all(|mail| mail.status != "waiting")
        });
        // Nothing else is being sent either.
        let last = setup.invite();
        setup.wait_until("the last mail is sent", |mails| {
            mails.iter().filter(|mail| mail.status == "sent").count() == 2
        });
        for gone in [&first, &second] {
            assert_eq!(setup.mail_of(gone).status, "superseded");
        }
        assert_eq!(setup.mail_of(&first).attempts, tried);
        assert_taken(&setup, &mail_server, &[&third, &last]);
    }
}
