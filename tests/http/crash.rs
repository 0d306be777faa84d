//! What was confirmed is there after a power cut.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::*;

#[test]
fn killed_in_the_middle_of_work_it_has_everything_that_it_confirmed() {
    let mut server = Server::demo();
    let customer = server.sign_in(ANNA).organization();
    let mara = server.sign_in(MARA);
    let confirmed = Mutex::new(Vec::new());
    let enough = AtomicBool::new(false);
    for round in 1..=3 {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let (mut client, customer, confirmed, enough) =
                    (mara.clone(), &customer, &confirmed, &enough);
                scope.spawn(move || {
                    let body = draft(customer, "advisor", true).to_string();
                    let headers = [("Content-Type", "application/json")];
                    // Until the server is gone: a connection that breaks confirms nothing.
                    while let Ok(answer) =
                        client.try_send("POST", "/api/invitations", &headers, Some(body.as_bytes()))
                    {
                        if answer.status != 201 {
                            break;
                        }
                        let mut confirmed = confirmed.lock().expect("nobody panicked");
                        confirmed.push(id(&answer.json()).to_owned());
                        if confirmed.len() >= round * 40 {
                            enough.store(true, Ordering::Release);
                        }
                    }
                });
            }
            while !enough.load(Ordering::Acquire) {
                std::thread::yield_now();
            }
            server.kill();
        });
        enough.store(false, Ordering::Release);
        server.start_again();
    }
    let confirmed = confirmed.into_inner().expect("nobody panicked");
    assert!(confirmed.len() >= 120);
    let mut mara = mara;
    for invitation in &confirmed {
        mara.get(&format!("/api/invitations/{invitation}")).ok();
    }
    let verified = server.command(&["verify"], "");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
