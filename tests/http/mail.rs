//! Mail that goes out over SMTP, to a server of the test's own.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::support::*;

/// A mail server that takes what it is given.
fn mail_server() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let sender = sender.clone();
            std::thread::spawn(move || talk(stream, &sender));
        }
    });
    (address, receiver)
}

/// The conversation of RFC 5321, as far as a client needs it.
fn talk(stream: TcpStream, sender: &Sender<String>) -> std::io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    writer.write_all(b"220 test\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let answer: &[u8] =
            match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
                "EHLO" => b"250-test\r\n250 8BITMIME\r\n",
                "DATA" => {
                    writer.write_all(b"354 go on\r\n")?;
                    let mut mail = String::new();
                    for line in lines.by_ref() {
                        let line = line?;
                        if line == "." {
                            break;
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    let _ = sender.send(mail);
                    b"250 taken\r\n"
                }
                "QUIT" => {
                    writer.write_all(b"221 bye\r\n")?;
                    return Ok(());
                }
                _ => b"250 ok\r\n",
            };
        writer.write_all(answer)?;
    }
    Ok(())
}

#[test]
fn an_invitation_goes_out_as_text_and_html_and_its_text_is_then_forgotten() {
    let (address, mails) = mail_server();
    let server = Server::start(&[
        "--demo",
        "--smtp",
        &format!("smtp://{address}"),
        "--mail-from",
        "accord@accord.example",
    ]);
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(GRACE).organisation();
    let sent = mara.invite(&customer, "lob", false);
    let mail = loop {
        let mail = mails.recv_timeout(Duration::from_mins(1)).expect("the mail arrives");
        if mail.contains("somebody@brightwater.example") {
            break mail;
        }
    };
    assert!(
        mail.contains("multipart/alternative")
            && mail.contains("text/plain")
            && mail.contains("text/html")
    );
    assert!(
        mail.contains("Message-ID:")
            && mail.contains("From:")
            && mail.contains("accord@accord.example")
    );
    assert_eq!(sent["status"], "sent");
    // Noted as sent, the outbox holds no link any more.
    let mut visitor = server.visitor();
    let deadline = std::time::Instant::now() + Duration::from_mins(1);
    loop {
        let outbox = visitor.get("/api/outbox").json();
        let noted = outbox["value"].as_array().expect("mails").iter().any(|mail| {
            mail["to"] == "somebody@brightwater.example"
                && mail["status"] == "sent"
                && mail["text"] == ""
        });
        if noted {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "the mail is noted as sent");
        std::thread::yield_now();
    }
}

#[test]
fn without_a_mail_server_that_answers_mail_waits_and_requests_go_on() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let server = Server::start(&[
        "--demo",
        "--smtp",
        &format!("smtp://{gone}"),
        "--mail-from",
        "accord@accord.example",
    ]);
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(GRACE).organisation();
    mara.invite(&customer, "lob", false);
    let mut visitor = server.visitor();
    loop {
        let outbox = visitor.get("/api/outbox").json();
        let mail = outbox["value"]
            .as_array()
            .expect("mails")
            .iter()
            .find(|mail| mail["to"] == "somebody@brightwater.example")
            .expect("the mail")
            .clone();
        assert_eq!(mail["status"], "waiting");
        if mail["attempts"].as_u64() > Some(0) {
            assert!(mail["nextOrSent"].is_string(), "it says when it is tried again");
            break;
        }
        std::thread::yield_now();
    }
}
