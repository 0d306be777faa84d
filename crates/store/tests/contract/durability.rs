//! Guarantees of the database on disk: success means that the change is on disk, jobs in a group
//! do not affect each other, and changes are invisible before the commit.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use service::{Error, Read, StoreError, Write};

use crate::content::everything;
use crate::engines::{Engine, OnDisk};
use crate::samples::{audit, customer, mail, organization_id};

type Answer = service::Result<usize>;
type Writing = Pin<Box<dyn Future<Output = Answer> + Send>>;

fn count(store: &mut dyn Read) -> service::Result<usize> {
    Ok(store.organizations()?.len())
}

/// Queues work by polling its future once.
fn queued(engine: &OnDisk, work: impl FnMut(&mut dyn Write) -> Answer + Send + 'static) -> Writing {
    let mut writing: Writing = Box::pin(engine.database().write(work));
    assert!(still_waits(&mut writing));
    writing
}

fn still_waits(writing: &mut Writing) -> bool {
    writing.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

fn finish(mut writing: Writing) -> Answer {
    struct Unpark(thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match writing.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => thread::park(),
        }
    }
}

/// Work that signals when it runs, and then waits to be released. Jobs that are queued in the
/// meantime become one group.
fn gate(number: u128) -> (impl FnMut(&mut dyn Write) -> Answer + Send, Receiver<()>, Sender<()>) {
    let (running, runs) = channel();
    let (release, released) = channel();
    let released = Mutex::new(released);
    let work = move |store: &mut dyn Write| {
        store.insert_organization(&customer(number))?;
        running.send(()).unwrap();
        released.lock().unwrap().recv().unwrap();
        count(store)
    };
    (work, runs, release)
}

fn insert(number: u128) -> impl FnMut(&mut dyn Write) -> Answer + Send {
    move |store| {
        store.insert_organization(&customer(number))?;
        count(store)
    }
}

fn is_engine_error(answer: &Answer) -> bool {
    matches!(answer, Err(Error::Store(StoreError::Engine(_))))
}

#[test]
fn sixty_four_writers_at_once_are_all_on_disk() {
    let engine = OnDisk::empty();
    let barrier = Arc::new(Barrier::new(64));
    let writers: Vec<_> = (0..64)
        .map(|number| {
            let (engine, barrier) = (engine.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                engine.write(insert(number)).unwrap();
                // After the answer, a read sees the change.
                let seen =
                    engine.read(|store| Ok(store.organization(organization_id(number))?)).unwrap();
                assert_eq!(seen, Some(customer(number)));
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    // Copies the open files, as a crash would leave them.
    let copy = tempfile::tempdir().unwrap();
    for name in ["accord.db", "accord.db-wal"] {
        let from = engine.path().with_file_name(name);
        if from.exists() {
            std::fs::copy(&from, copy.path().join(name)).unwrap();
        }
    }
    let crashed = store::Database::open(copy.path().join("accord.db").to_str().unwrap()).unwrap();
    assert_eq!(crashed.read(count).unwrap(), 64);
    assert_eq!(engine.reopened().read(count).unwrap(), 64);
}

#[test]
fn nothing_is_seen_or_answered_before_the_group_is_committed() {
    let engine = OnDisk::empty();
    let (work, runs, release) = gate(0);
    let first = queued(&engine, work);
    runs.recv().unwrap();
    // These wait for the first job and become a group, whose last job is held back.
    let mut group: Vec<_> = (1..20).map(|n| queued(&engine, insert(n))).collect();
    let (work, last_runs, release_last) = gate(20);
    let last = queued(&engine, work);
    assert_eq!(engine.read(count).unwrap(), 0);
    release.send(()).unwrap();
    assert_eq!(finish(first).unwrap(), 1);
    assert_eq!(engine.read(count).unwrap(), 1);
    last_runs.recv().unwrap();
    // Nineteen jobs have run in the transaction of the last one, which is not committed yet.
    assert!(group.iter_mut().all(still_waits));
    assert_eq!(engine.read(count).unwrap(), 1);
    release_last.send(()).unwrap();
    assert_eq!(finish(last).unwrap(), 21);
    for (place, writing) in (2..).zip(group) {
        assert_eq!(finish(writing).unwrap(), place);
    }
    assert_eq!(engine.read(count).unwrap(), 21);
}

#[test]
fn a_panic_or_a_refusal_does_not_affect_other_jobs() {
    let engine = OnDisk::empty();
    let (work, runs, release) = gate(0);
    let first = queued(&engine, work);
    runs.recv().unwrap();
    let before = queued(&engine, insert(1));
    let panicking = queued(&engine, |store| {
        store.insert_organization(&customer(2))?;
        panic!("on purpose, in a group");
    });
    let refused = queued(&engine, |store| {
        store.insert_organization(&customer(3))?;
        Err(Error::NOT_FOUND)
    });
    let duplicate = queued(&engine, insert(1));
    let after = queued(&engine, insert(4));
    release.send(()).unwrap();
    assert_eq!(finish(first).unwrap(), 1);
    assert_eq!(finish(before).unwrap(), 2);
    assert!(is_engine_error(&finish(panicking)));
    assert!(matches!(finish(refused), Err(Error::Problem(_))));
    assert!(matches!(finish(duplicate), Err(Error::Store(StoreError::Duplicate(_)))));
    assert_eq!(finish(after).unwrap(), 3);
    assert_eq!(engine.write(insert(5)).unwrap(), 4);
    let engine = engine.reopened();
    let kept = engine
        .read(|store| {
            let kept = store.organizations()?;
            Ok(kept.into_iter().map(|one| one.id()).collect::<Vec<_>>())
        })
        .unwrap();
    assert_eq!(kept, [0, 1, 4, 5].map(organization_id));
}

/// Adds triggers that make SQLite fail like a full disk does.
fn sabotage(engine: &OnDisk) {
    rusqlite::Connection::open(engine.path())
        .unwrap()
        .execute_batch(
            "CREATE TABLE nowhere (id TEXT REFERENCES organization (id)
                 DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER fail_the_commit AFTER INSERT ON organization
                 WHEN NEW.domain = 'o66.example' BEGIN
                 INSERT INTO nowhere VALUES ('nobody');
             END;
             CREATE TRIGGER lose_the_transaction AFTER INSERT ON organization
                 WHEN NEW.domain = 'o77.example' BEGIN
                 SELECT RAISE(ROLLBACK, 'lost on purpose');
             END;",
        )
        .unwrap();
}

#[test]
fn a_failed_commit_fails_the_whole_group() {
    let engine = OnDisk::empty();
    sabotage(&engine);
    let (work, runs, release) = gate(0);
    let first = queued(&engine, work);
    runs.recv().unwrap();
    let group = [
        queued(&engine, insert(1)),
        queued(&engine, insert(66)),
        queued(&engine, |_| Err(Error::NOT_FOUND)),
    ];
    release.send(()).unwrap();
    assert_eq!(finish(first).unwrap(), 1);
    for writing in group {
        assert!(is_engine_error(&finish(writing)));
    }
    assert_eq!(engine.read(count).unwrap(), 1);
    assert_eq!(engine.write(insert(2)).unwrap(), 2);
}

fn insert_mail(organization: u128, number: u128) -> impl FnMut(&mut dyn Write) -> Answer + Send {
    move |store| {
        store.insert_mail(&mail(organization, number))?;
        count(store)
    }
}

/// Returns whether a task that waits for queued mail would wake now.
fn is_woken(engine: &OnDisk) -> bool {
    let waiting = std::pin::pin!(engine.database().mail_queued());
    waiting.poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[test]
fn committed_mail_wakes_delivery_once() {
    let engine = OnDisk::empty();
    engine.write(insert(1)).unwrap();
    assert!(!is_woken(&engine), "no mail");
    engine.write(insert_mail(1, 1)).unwrap();
    assert!(is_woken(&engine));
    assert!(!is_woken(&engine), "already woken");
    engine.write(insert_mail(1, 2)).unwrap();
    engine.write(insert_mail(1, 3)).unwrap();
    assert!(is_woken(&engine));
    assert!(!is_woken(&engine), "one wake-up for all that is in the outbox");
    engine
        .write(|store| {
            store.update_mail(&mail(1, 1))?;
            Ok(())
        })
        .unwrap();
    assert!(!is_woken(&engine), "delivery's own notes do not wake it");
}

#[test]
fn mail_wakes_delivery_only_after_the_commit() {
    let engine = OnDisk::empty();
    engine.write(insert(1)).unwrap();
    let (mut work, runs, release) = gate(2);
    let writing = queued(&engine, move |store| {
        store.insert_mail(&mail(1, 1))?;
        work(store)
    });
    runs.recv().unwrap();
    assert!(!is_woken(&engine));
    release.send(()).unwrap();
    finish(writing).unwrap();
    assert!(is_woken(&engine));
}

#[test]
fn mail_that_is_rolled_back_wakes_nothing() {
    let engine = OnDisk::empty();
    sabotage(&engine);
    engine.write(insert(1)).unwrap();
    let refused = engine.write(|store| -> Answer {
        store.insert_mail(&mail(1, 1))?;
        Err(Error::NOT_FOUND)
    });
    assert!(matches!(refused, Err(Error::Problem(_))));
    let panicked = engine.write(|store| -> Answer {
        store.insert_mail(&mail(1, 1))?;
        panic!("on purpose, with mail in the outbox");
    });
    assert!(is_engine_error(&panicked));
    for domain_that_fails in [66, 77] {
        let failed = engine.write(move |store| {
            store.insert_mail(&mail(1, 1))?;
            store.insert_organization(&customer(domain_that_fails))?;
            count(store)
        });
        assert!(is_engine_error(&failed), "{domain_that_fails}");
    }
    assert!(!is_woken(&engine));
}

#[test]
fn only_the_job_that_lost_the_transaction_fails() {
    let engine = OnDisk::empty();
    sabotage(&engine);
    let (work, runs, release) = gate(0);
    let first = queued(&engine, work);
    runs.recv().unwrap();
    let before = queued(&engine, insert(1));
    let losing = queued(&engine, insert(77));
    let after = queued(&engine, insert(2));
    release.send(()).unwrap();
    assert_eq!(finish(first).unwrap(), 1);
    assert_eq!(finish(before).unwrap(), 2);
    assert!(is_engine_error(&finish(losing)));
    assert_eq!(finish(after).unwrap(), 3);
    assert_eq!(engine.reopened().read(count).unwrap(), 3);
}

#[test]
fn closing_waits_for_what_is_queued_and_refuses_what_comes_after() {
    let engine = OnDisk::empty();
    let (work, runs, release) = gate(0);
    let first = queued(&engine, work);
    runs.recv().unwrap();
    let queued: Vec<_> = (1..10).map(|n| queued(&engine, insert(n))).collect();
    let database = engine.database().clone();
    let closing = thread::spawn(move || database.close());
    release.send(()).unwrap();
    closing.join().unwrap();
    assert_eq!(finish(first).unwrap(), 1);
    for writing in queued {
        assert!(finish(writing).is_ok());
    }
    assert!(is_engine_error(&engine.write(insert(99))));
    assert!(is_engine_error(&engine.read(count)));
    assert!(!engine.path().with_file_name("accord.db-wal").exists(), "the log is folded in");
    assert_eq!(engine.reopened().read(count).unwrap(), 10);
}

#[test]
fn dropping_the_last_handle_closes() {
    let engine = OnDisk::empty();
    engine.write(insert(1)).unwrap();
    let path = engine.path();
    let inside = engine.database().clone();
    // The writer drops a handle that a job holds, and must not wait for itself.
    engine
        .database()
        .write_blocking(move |store| {
            let _ = &inside;
            store.insert_organization(&customer(2))?;
            Ok(())
        })
        .unwrap();
    let engine = engine.reopened();
    assert_eq!(engine.read(count).unwrap(), 2);
    drop(engine);
    assert!(!path.exists(), "the folder went with the last handle");
}

#[test]
fn work_that_waits_for_the_writer_inside_the_writer_is_refused() {
    let engine = OnDisk::empty();
    let database = engine.database().clone();
    let answer = engine.write(move |_| database.write_blocking(insert(1)));
    assert!(is_engine_error(&answer));
}

#[test]
fn a_read_is_of_one_moment_and_survives_a_panic() {
    let engine = OnDisk::empty();
    engine.write(insert(1)).unwrap();
    let seen = engine
        .read(|store| {
            let before = everything(store)?;
            engine.write(insert(2))?;
            Ok((before == everything(store)?, count(store)?))
        })
        .unwrap();
    assert_eq!(seen, (true, 1));
    assert_eq!(engine.read(count).unwrap(), 2);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = engine.read(|store| -> service::Result<()> {
            count(store)?;
            panic!("on purpose, while reading");
        });
    }));
    assert!(panicked.is_err());
    engine.write(insert(3)).unwrap();
    assert_eq!(engine.read(count).unwrap(), 3);
}

#[test]
fn a_damaged_row_is_an_error_that_names_its_column() {
    let engine = OnDisk::empty();
    engine.write(insert(1)).unwrap();
    engine
        .write(|store| {
            store.append_audit(&audit(1, 1, "a"))?;
            Ok(())
        })
        .unwrap();
    let file = rusqlite::Connection::open(engine.path()).unwrap();
    for (statement, column) in [
        ("UPDATE organization SET kind = 'neither'", "kind"),
        ("UPDATE organization SET kind = 'customer', clouds = '['", "clouds"),
        ("UPDATE organization SET clouds = '[]', created = -1", "created"),
    ] {
        file.execute(statement, []).unwrap();
        let error = engine.read(count).unwrap_err().to_string();
        assert!(error.contains(&format!("the column {column} ")), "{error}");
    }
}
