//! Mail that goes out over SMTP, to a mail server of the test's own that can be told to
//! behave badly.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::*;

/// How long a test waits for what has to come.
const SOON: Duration = Duration::from_mins(1);

/// What the mail server does in one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conduct {
    /// Takes the mail.
    Take,
    /// Closes the connection instead of greeting.
    Close,
    /// Greets, and never says anything again.
    Hang,
    /// Asks to come back later when it hears for whom the mail is.
    RecipientLater,
    /// Thinks, when it hears for whom the mail is, until the test lets it go on.
    RecipientHeld,
    /// The same, and then asks to come back later.
    RecipientHeldThenLater,
    /// Closes the connection in the middle of the text.
    CloseInText,
    /// Gets the whole text, and asks to come back later.
    TextLater,
}

/// A mail server.
struct MailServer {
    address: SocketAddr,
    state: Arc<State>,
    /// What it did in each conversation that had a mail.
    events: Receiver<Conduct>,
}

struct State {
    /// What it does in the conversations to come; afterwards it takes every mail.
    conducts: Mutex<VecDeque<Conduct>>,
    /// The mails that it took.
    taken: Mutex<Vec<String>>,
    /// Where it waits for the test.
    held: Barrier,
}

impl MailServer {
    fn start(conducts: &[Conduct]) -> Self {
        Self::on(&TcpListener::bind("127.0.0.1:0").expect("a port"), conducts)
    }

    fn on(listener: &TcpListener, conducts: &[Conduct]) -> Self {
        let address = listener.local_addr().expect("an address");
        let listener = listener.try_clone().expect("the same");
        let state = Arc::new(State {
            conducts: Mutex::new(conducts.iter().copied().collect()),
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

    /// The mails that it took so far.
    fn taken(&self) -> Vec<String> {
        self.state.taken.lock().expect("nobody panicked").clone()
    }

    /// Lets the conversation go on that it held up.
    fn go_on(&self) {
        self.state.held.wait();
    }

    /// Whether it has done all that it was told to do.
    fn is_done(&self) -> bool {
        self.state.conducts.lock().expect("nobody panicked").is_empty()
    }
}

/// A server that sends its mail to a mail server, with a partner and a customer of its
/// own: the sample data has mails already.
struct Office {
    server: Server,
    partner: Client,
    customer: String,
}

impl Office {
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

    /// The partner sends an invitation, which puts a mail in the outbox.
    fn invite(&mut self) -> Value {
        let sent = self.partner.invite(&self.customer, "lob", false);
        assert_eq!(sent["status"], "sent");
        sent
    }

    /// The partner takes an invitation back.
    fn withdraw(&mut self, invitation: &Value) {
        let path = format!("/api/invitations/{}/withdraw", id(invitation));
        self.partner.change(&path, etag(invitation), &json!({})).ok();
    }

    /// What became of the mail of an invitation.
    fn became_of(&self, invitation: &Value) -> Noted {
        let about = |mail: &Noted| mail.invitation.as_deref() == Some(id(invitation));
        self.outbox().into_iter().find(about).expect("its mail")
    }

    /// The whole outbox. It is read from the database: asking for it again and again
    /// would fill the log.
    fn outbox(&self) -> Vec<Noted> {
        let database = self.database();
        let statement =
            database.prepare("SELECT id, invitation, status, attempts, body_text FROM mail");
        let mut statement = statement.expect("mails");
        let noted = |row: &rusqlite::Row<'_>| {
            Ok(Noted {
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

    /// Changes the database, as an operator or a full disk could.
    fn execute(&self, sql: &str) {
        self.database().execute_batch(sql).expect(sql);
    }

    /// Lets the time go by until mail that waits is tried again.
    fn time_goes_by(&self) {
        self.execute(
            "UPDATE mail SET next_attempt = 0 WHERE status = 'waiting' AND next_attempt > 0",
        );
    }

    /// Waits until the outbox is like this.
    #[track_caller]
    fn wait_until(&self, what: &str, is_so: impl Fn(&[Noted]) -> bool) {
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

    /// Every mail of the outbox was taken once, and no other.
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

/// A mail as the outbox holds it.
#[derive(Debug)]
struct Noted {
    id: String,
    invitation: Option<String>,
    status: String,
    attempts: u32,
    text: String,
}

fn all_sent(mails: &[Noted]) -> bool {
    mails.iter().all(|mail| mail.status == "sent")
}

fn one_was_tried(mails: &[Noted]) -> bool {
    mails.iter().any(|mail| mail.attempts > 0)
}

/// The conversation of RFC 5321, as far as a client needs it.
fn talk(stream: TcpStream, state: &State, events: &Sender<Conduct>) -> std::io::Result<()> {
    let conduct = state.conducts.lock().expect("nobody panicked").pop_front();
    let conduct = conduct.unwrap_or(Conduct::Take);
    // A test that is over listens to nobody any more.
    let tell = || {
        let _ = events.send(conduct);
    };
    if conduct == Conduct::Close {
        tell();
        return Ok(());
    }
    let mut writer = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    writer.write_all(b"220 test\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer: &[u8] = match (verb.as_str(), conduct) {
            ("EHLO", Conduct::Hang) => {
                tell();
                return lines.try_for_each(|line| line.map(drop));
            }
            ("EHLO", _) => b"250-test\r\n250 8BITMIME\r\n",
            ("RCPT", Conduct::RecipientHeld | Conduct::RecipientHeldThenLater) => {
                tell();
                state.held.wait();
                if conduct == Conduct::RecipientHeld {
                    b"250 ok\r\n"
                } else {
                    b"450 4.2.0 later\r\n"
                }
            }
            ("RCPT", Conduct::RecipientLater) => {
                tell();
                b"450 4.2.0 later\r\n"
            }
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n")?;
                let mut mail = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    mail.push_str(&line);
                    mail.push('\n');
                    if conduct == Conduct::CloseInText && mail.len() > 2_000 {
                        tell();
                        return Ok(());
                    }
                }
                let answer: &[u8] = if conduct == Conduct::Take {
                    state.taken.lock().expect("nobody panicked").push(mail);
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

/// From here on, nothing that happens to a mail can be noted, as on a full disk.
const NO_NOTE: &str = "CREATE TRIGGER no_note BEFORE UPDATE ON mail
    BEGIN SELECT RAISE(ABORT, 'no note'); END";
const NOTES_AGAIN: &str = "DROP TRIGGER no_note";
const NOT_NOTED: &str = "a mail was sent, which can't be noted yet";

#[test]
fn an_invitation_goes_out_as_text_and_html_and_its_text_is_then_forgotten() {
    let mail_server = MailServer::start(&[]);
    let mut office = Office::open(mail_server.address);
    office.invite();
    office.wait_until("the mail is noted as sent", all_sent);
    assert_eq!(office.outbox()[0].text, "", "noted as sent, the outbox holds no link any more");
    office.assert_once(&mail_server);
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
fn without_a_mail_server_that_answers_mail_waits_and_requests_go_on() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let mut office = Office::open(gone);
    office.invite();
    office.wait_until("the mail was tried", one_was_tried);
    // Requests go on.
    office.invite();
    for mail in office.outbox() {
        assert_eq!(mail.status, "waiting");
        assert_ne!(mail.text, "");
    }
}

#[test]
fn every_mail_goes_out_exactly_once_whatever_the_mail_server_does_first() {
    // Down at first.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let mut office = Office::open(address);
    for _ in 0..3 {
        office.invite();
    }
    office.wait_until("a mail was tried", one_was_tried);

    // Then it is there, and does what a mail server may do to a client.
    let bad = [
        Conduct::Close,
        Conduct::RecipientLater,
        Conduct::CloseInText,
        Conduct::TextLater,
        Conduct::CloseInText,
        Conduct::Close,
    ];
    let listener = TcpListener::bind(address).expect("the same port");
    let mail_server = MailServer::on(&listener, &bad);
    let deadline = Instant::now() + 2 * SOON;
    while !(mail_server.is_done() && all_sent(&office.outbox())) {
        assert!(Instant::now() < deadline, "not everything was sent: {:#?}", office.outbox());
        let logged = office.server.log().len();
        office.time_goes_by();
        if mail_server.events.try_iter().any(|conduct| conduct != Conduct::Take) {
            // A new mail wakes the delivery, which by itself looks every few seconds.
            office.invite();
        }
        office.server.wait_for_more_log(logged);
    }
    assert!(mail_server.taken().len() > 3);
    office.assert_once(&mail_server);
}

#[test]
fn killed_between_the_mail_server_s_yes_and_its_note_it_sends_the_same_mail_again_and_only_it() {
    let mail_server = MailServer::start(&[]);
    let mut office = Office::open(mail_server.address);
    office.invite();
    office.wait_until("the first mail is sent", all_sent);

    // The mail server says yes, the note that it did can't be written, and the power fails.
    office.execute(NO_NOTE);
    for _ in 0..3 {
        office.invite();
    }
    office.server.wait_for_log(NOT_NOTED);
    office.server.kill();
    let taken = mail_server.taken();
    assert_eq!(taken.len(), 2, "while it is not noted, neither it nor another is sent");

    // It is not lost: it goes out again, and whoever got it twice can tell.
    office.execute(NOTES_AGAIN);
    office.server.start_again();
    office.wait_until("every mail is noted as sent", all_sent);
    let taken = mail_server.taken();
    assert_eq!(taken[1], taken[2], "the same mail, byte for byte");
    let mut ids: Vec<_> = taken.iter().map(|mail| message_id(mail)).collect();
    ids.dedup();
    assert_eq!((taken.len(), ids.len()), (5, 4), "no other went out twice");
}

#[test]
fn a_mail_whose_note_can_t_be_written_for_a_while_goes_out_once() {
    let mail_server = MailServer::start(&[]);
    let mut office = Office::open(mail_server.address);
    office.execute(NO_NOTE);
    for _ in 0..3 {
        office.invite();
    }
    office.server.wait_for_log(NOT_NOTED);
    office.execute(NOTES_AGAIN);
    office.wait_until("every mail is noted as sent", all_sent);
    office.assert_once(&mail_server);
}

#[test]
fn killed_while_the_mail_server_hangs_it_sends_every_mail_once() {
    let mail_server = MailServer::start(&[Conduct::Hang]);
    let mut office = Office::open(mail_server.address);
    for _ in 0..3 {
        office.invite();
    }
    assert_eq!(mail_server.events.recv_timeout(SOON), Ok(Conduct::Hang));
    office.server.kill();
    assert!(mail_server.taken().is_empty());
    office.server.start_again();
    office.wait_until("every mail is sent", all_sent);
    office.assert_once(&mail_server);
}

/// The invitations' mails that were taken, by Message-ID; none is there twice.
#[track_caller]
fn assert_taken(office: &Office, mail_server: &MailServer, invitations: &[&Value]) {
    let of = |invitation| format!("<{}@accord.example>", office.became_of(invitation).id);
    let mut wanted: Vec<String> = invitations.iter().map(|invitation| of(invitation)).collect();
    wanted.sort_unstable();
    let mut taken: Vec<String> = mail_server.taken().iter().map(|mail| message_id(mail)).collect();
    taken.sort_unstable();
    assert_eq!(taken, wanted);
}

#[test]
fn a_mail_that_waits_when_its_link_dies_is_not_sent_any_more() {
    // Down at first.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let mut office = Office::open(address);
    let [withdrawn, resent, expired, wanted] = std::array::from_fn(|_| office.invite());
    office.withdraw(&withdrawn);
    assert_eq!(office.became_of(&withdrawn).status, "superseded");
    // A day passes for one of them, and 90 for another, which nobody does anything with.
    let ago = |field: &str, invitation: &Value| {
        let sql = "UPDATE invitation SET state = json_set(state, '$.FIELD', \
                   '2020-01-01T00:00:00.000Z') WHERE id = 'ID'";
        office.execute(&sql.replace("FIELD", field).replace("ID", id(invitation)));
    };
    ago("at", &resent);
    ago("expires", &expired);
    let path = format!("/api/invitations/{}/resend", id(&resent));
    let first = office.became_of(&resent);
    office.partner.change(&path, etag(&resent), &json!({})).ok();

    // Then it is there.
    let listener = TcpListener::bind(address).expect("the same port");
    let mail_server = MailServer::on(&listener, &[]);
    office.time_goes_by();
    // A new mail wakes the delivery.
    let last = office.invite();
    office.wait_until("no mail waits", |mails| {
        // What was tried while it was down may have been noted only now.
        office.time_goes_by();
        mails.iter().all(|mail| mail.status != "waiting")
    });
    let now = office.outbox();
    let again = now.iter().find(|mail| mail.invitation == first.invitation && mail.id != first.id);
    let again = again.expect("the mail with the new link");
    assert_eq!(again.status, "sent");
    for (id, status) in [
        (&office.became_of(&withdrawn).id, "superseded"),
        (&first.id, "superseded"),
        (&office.became_of(&expired).id, "superseded"),
        (&office.became_of(&wanted).id, "sent"),
        (&office.became_of(&last).id, "sent"),
    ] {
        let mail = now.iter().find(|mail| mail.id == *id).expect("the mail");
        assert_eq!(mail.status, status, "{mail:?}");
        assert_eq!(mail.text.is_empty(), status == "sent", "{mail:?}");
    }
    assert_eq!(mail_server.taken().len(), 3);
}

#[test]
fn withdrawn_while_the_mail_server_thinks_it_is_not_sent() {
    for (conduct, tried) in [(Conduct::RecipientHeld, 0), (Conduct::RecipientHeldThenLater, 1)] {
        let mail_server = MailServer::start(&[conduct]);
        let mut office = Office::open(mail_server.address);
        let first = office.invite();
        assert_eq!(mail_server.events.recv_timeout(SOON), Ok(conduct));
        // These are behind it, and one of them is withdrawn too.
        let [second, third] = std::array::from_fn(|_| office.invite());
        office.withdraw(&first);
        office.withdraw(&second);
        mail_server.go_on();
        office
            .wait_until("no mail waits", |mails| mails.iter().all(|mail| mail.status != "waiting"));
        // Nothing is on its way either.
        let last = office.invite();
        office.wait_until("the last mail is sent", |mails| {
            mails.iter().filter(|mail| mail.status == "sent").count() == 2
        });
        for gone in [&first, &second] {
            assert_eq!(office.became_of(gone).status, "superseded");
        }
        assert_eq!(office.became_of(&first).attempts, tried);
        assert_taken(&office, &mail_server, &[&third, &last]);
    }
}
