//! The one writer of a SQLite database. It takes whatever waits in the queue as a
//! group, runs each job in a savepoint of its own within one transaction, and answers
//! when the transaction is committed: one fsync for all of them.
//!
//! A job that is refused is answered after the commit too, since what it was refused
//! for may be something that another job of its group has only just done.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::Connection;
use service::{Error, StoreError, Write};
use tokio::sync::Notify;

use crate::queue::{Answer, Queue};
use crate::sql::Transaction;
use crate::sqlite::{Engine, control};

/// How many jobs wait at the most before whoever brings one more has to wait as well.
pub(crate) const ROOM: usize = 1_024;
/// How many jobs are committed at once at the most.
const GROUP: usize = 256;

/// Something to be done in a transaction and answered after it.
pub(crate) trait Job: Send {
    /// Does it and keeps the result. Says whether what it wrote is to be kept. It is
    /// done again where the transaction was lost for another job's reasons.
    fn run(&mut self, store: &mut dyn Write) -> bool;
    /// Answers with the result.
    fn answer(self: Box<Self>);
    /// Answers that the store failed.
    fn fail(self: Box<Self>, cause: String);
}

/// A use case with the place for its answer.
pub(crate) struct UseCase<T, W> {
    work: W,
    result: Option<service::Result<T>>,
    answer: Answer<service::Result<T>>,
}

impl<T, W> UseCase<T, W> {
    pub(crate) fn new(work: W, answer: Answer<service::Result<T>>) -> Self {
        Self { work, result: None, answer }
    }
}

impl<T, W> Job for UseCase<T, W>
where
    T: Send,
    W: FnMut(&mut dyn Write) -> service::Result<T> + Send,
{
    fn run(&mut self, store: &mut dyn Write) -> bool {
        let result = (self.work)(store);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            self.answer.send(result);
        }
    }

    fn fail(self: Box<Self>, cause: String) {
        self.answer.send(Err(Error::Store(StoreError::Engine(cause))));
    }
}

type Jobs = VecDeque<Box<dyn Job>>;

/// A job that was run and waits for the commit.
struct Ran {
    job: Box<dyn Job>,
    outcome: Outcome,
}

/// Result of running a job, apart from the answer that the job keeps itself.
struct Outcome {
    /// Reason for a failure answer in place of the job's own.
    failure: Option<String>,
    /// Whether the job put mail into the outbox and its changes were kept.
    has_queued_mail: bool,
}

/// Writes until the queue is closed and empty, then folds the log into the database.
/// Notifies `mail_queued` after each commit that put mail into the outbox.
pub(crate) fn run(connection: Connection, queue: &Arc<Queue<Box<dyn Job>>>, mail_queued: &Notify) {
    /// Sees to it that nobody waits for a writer that is gone, however it went.
    struct Gone<'a>(&'a Queue<Box<dyn Job>>);

    impl Drop for Gone<'_> {
        fn drop(&mut self) {
            self.0.abandon();
        }
    }

    let _gone = Gone(queue);
    while let Some(jobs) = queue.take(GROUP) {
        write_group(&connection, jobs, mail_queued);
    }
    // Not needed for durability: the next start does what is left undone here.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
    let _ = connection.close();
}

/// Runs and answers every one of these jobs.
fn write_group(connection: &Connection, mut waiting: Jobs, mail_queued: &Notify) {
    while !waiting.is_empty() {
        if let Err(error) = control(connection, "BEGIN IMMEDIATE") {
            // Nothing was run, and nothing else would be told to those that wait.
            for job in waiting.drain(..) {
                answer(job, Some(error.to_string()));
            }
            return;
        }
        let mut group = Vec::with_capacity(waiting.len());
        if let Err((job, cause)) = run_jobs(connection, &mut waiting, &mut group) {
            // The transaction is lost with all that was done in it. The job that lost
            // it hears of it; the others are run again without it.
            give_up(connection);
            answer(job, Some(cause));
            for ran in group.into_iter().rev() {
                waiting.push_front(ran.job);
            }
            continue;
        }
        let lost = control(connection, "COMMIT").err().map(|error| {
            give_up(connection);
            error.to_string()
        });
        if lost.is_none() && group.iter().any(|ran| ran.outcome.has_queued_mail) {
            mail_queued.notify_one();
        }
        for ran in group {
            answer(ran.job, lost.clone().or(ran.outcome.failure));
        }
    }
}

/// Runs the jobs in the transaction that was begun. An error is a job that lost the
/// transaction, and how: SQLite rolls it back by itself when the disk is full, for one.
fn run_jobs(
    connection: &Connection,
    waiting: &mut Jobs,
    group: &mut Vec<Ran>,
) -> Result<(), (Box<dyn Job>, String)> {
    while let Some(mut job) = waiting.pop_front() {
        match run_job(connection, job.as_mut()) {
            Ok(outcome) => group.push(Ran { job, outcome }),
            Err(error) => return Err((job, error.to_string())),
        }
    }
    Ok(())
}

/// Runs a job in its savepoint.
fn run_job(connection: &Connection, job: &mut dyn Job) -> Result<Outcome, crate::sqlite::Failure> {
    control(connection, "SAVEPOINT job")?;
    let mut engine = Engine::new(connection);
    let mut transaction = Transaction::new(&mut engine);
    let ran = catch_unwind(AssertUnwindSafe(|| job.run(&mut transaction)));
    let is_kept = matches!(ran, Ok(true));
    let has_queued_mail = is_kept && transaction.has_queued_mail();
    // The changes of a panicked job are rolled back like those of a refused one.
    if !is_kept {
        control(connection, "ROLLBACK TO job")?;
    }
    control(connection, "RELEASE job")?;
    let failure = ran.is_err().then(|| "the work panicked; nothing of it was kept".to_owned());
    Ok(Outcome { failure, has_queued_mail })
}

/// Ends a transaction that can't be committed, if it has not ended by itself.
fn give_up(connection: &Connection) {
    if !connection.is_autocommit() {
        // Should even this fail, the next BEGIN fails and says why.
        let _ = control(connection, "ROLLBACK");
    }
}

/// Answers a job with its result, or with a failure. What the job holds is dropped
/// here, and a panic in that must not end the writer either.
fn answer(job: Box<dyn Job>, failure: Option<String>) {
    let _ = catch_unwind(AssertUnwindSafe(|| match failure {
        Some(cause) => job.fail(cause),
        None => job.answer(),
    }));
}
