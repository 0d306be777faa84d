//! Confirmed changes survive a crash.

use std::sync::mpsc;

use crate::support::*;

#[test]
fn everything_that_was_confirmed_survives_a_crash() {
    let mut server = Server::demo();
    let customer = server.sign_in(ANNA).organization();
    let mut mara = server.sign_in(MARA);
    let mut confirmed = Vec::new();
    for _ in 0..3 {
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let (mut client, customer, sender) = (mara.clone(), &customer, sender.clone());
                scope.spawn(move || {
                    let body = draft(customer, "advisor", true).to_string();
                    let headers = [("Content-Type", "application/json")];
                    // Ends when the server is killed: a broken connection confirms nothing.
                    while let Ok(answer) =
                        client.try_send("POST", "/api/invitations", &headers, Some(body.as_bytes()))
                    {
                        if answer.status != 201 {
                            break;
                        }
                        sender.send(id(&answer.json()).to_owned()).expect("the test listens");
                    }
                });
            }
            confirmed.extend(receiver.iter().take(40));
            server.kill();
        });
        drop(sender);
        // Some were confirmed while the server was being killed.
        confirmed.extend(receiver);
        server.start_again();
    }
    assert!(confirmed.len() >= 120);
    for invitation in &confirmed {
        mara.get(&format!("/api/invitations/{invitation}")).ok();
    }
    let verified = server.command(&["verify"], "");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
