//! The writer thread of a SQLite database, and the queue to it.
//!
//! The writer takes all queued jobs as a group, runs each job in its own savepoint within
//! one transaction, and answers after the commit, so that many jobs share one fsync.
//!
//! A refused job is answered after the commit too, because the reason for the refusal may
//! be a change of another job in the same group.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use service::{Error, StoreError, Write};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::sql::Transaction;
use crate::sqlite::{SqliteError, execute};

/// Number of jobs that async callers can have in the queue before further ones wait.
const QUEUE_CAPACITY: usize = 1_024;
/// Makes what readers keep in memory invalid.
const COUNT_COMMIT: &str = "UPDATE commit_count SET commits = commits + 1 WHERE id = 1";
/// Largest number of jobs in one commit.
const MAX_GROUP_SIZE: usize = 256;

/// A unit of work that runs in a transaction and is answered after the commit.
trait WriteJob: Send {
    /// Runs the work and keeps its result. Returns whether the changes are to be kept. A
    /// job runs again if the transaction was lost because of another job.
    fn run(&mut self, store: &mut dyn Write) -> bool;
    /// Sends the kept result to the caller.
    fn answer(self: Box<Self>);
    /// Tells the caller that the store failed.
    fn fail(self: Box<Self>, cause: String);
}

/// Work of a caller, and the channel for its result.
struct CallerJob<T, W> {
    work: W,
    result: Option<service::Result<T>>,
    answer: oneshot::Sender<service::Result<T>>,
}

impl<T, W> WriteJob for CallerJob<T, W>
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
            // The caller may have dropped its future, which is fine.
            let _ = self.answer.send(result);
        }
    }

    fn fail(self: Box<Self>, cause: String) {
        let _ = self.answer.send(Err(Error::Store(StoreError::Engine(cause))));
    }
}

/// A job with its place in the queue, which becomes free when the writer takes the job.
struct QueuedJob {
    job: Box<dyn WriteJob>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// The sending half of the queue to the writer thread.
///
/// The capacity is a semaphore beside an unbounded channel, rather than a bounded channel:
/// a bounded sender would have to be cloned by each waiting caller, and the channel stays
/// open for as long as one of these clones exists.
pub(crate) struct WriteQueue {
    capacity: Arc<Semaphore>,
    /// `None` once the queue is closed.
    jobs: Mutex<Option<mpsc::UnboundedSender<QueuedJob>>>,
}

/// The receiving half of a [`WriteQueue`].
pub(crate) struct WriteQueueReceiver(mpsc::UnboundedReceiver<QueuedJob>);

/// Creates the queue to a writer thread.
pub(crate) fn write_queue() -> (WriteQueue, WriteQueueReceiver) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let queue = WriteQueue {
        capacity: Arc::new(Semaphore::new(QUEUE_CAPACITY)),
        jobs: Mutex::new(Some(sender)),
    };
    (queue, WriteQueueReceiver(receiver))
}

impl WriteQueue {
    /// Queues work once there is room, and waits until it is committed.
    pub(crate) async fn write<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.capacity).acquire_owned().await.map_err(|_| closed())?;
        let answer = self.push(work, Some(permit))?;
        answer.await.unwrap_or_else(|_| Err(no_answer()))
    }

    /// Queues work and blocks until it is committed. The capacity does not apply: a thread
    /// that blocks has only one job in the queue.
    pub(crate) fn write_blocking<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        let answer = self.push(work, None)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(no_answer()))
    }

    fn push<T, W>(
        &self,
        work: W,
        permit: Option<OwnedSemaphorePermit>,
    ) -> service::Result<oneshot::Receiver<service::Result<T>>>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(CallerJob { work, result: None, answer });
        let queued = QueuedJob { job, _permit: permit };
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.as_ref().and_then(|jobs| jobs.send(queued).ok()).ok_or_else(closed)?;
        Ok(answered)
    }

    /// Refuses further jobs. The writer ends when it has done those in the queue.
    pub(crate) fn close(&self) {
        self.capacity.close();
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl WriteQueueReceiver {
    /// Waits for jobs and takes up to [`MAX_GROUP_SIZE`] of them. Returns `None` once the
    /// queue is closed and empty.
    fn next_group(&mut self) -> Option<VecDeque<Box<dyn WriteJob>>> {
        let mut group = Vec::new();
        match self.0.blocking_recv_many(&mut group, MAX_GROUP_SIZE) {
            0 => None,
            _ => Some(group.into_iter().map(|queued| queued.job).collect()),
        }
    }
}

fn closed() -> Error {
    Error::Store(StoreError::Engine("the database was closed".to_owned()))
}

fn no_answer() -> Error {
    Error::Store(StoreError::Engine("the writer ended before it answered".to_owned()))
}

/// A job that has run and waits for the commit.
struct FinishedJob {
    job: Box<dyn WriteJob>,
    outcome: JobOutcome,
}

/// Outcome of a job, apart from the result that the job keeps itself.
struct JobOutcome {
    /// Reason for a failure answer in place of the job's own result.
    failure: Option<String>,
    /// Whether the job changed a row and its changes were kept.
    has_changes: bool,
    /// Whether the job put mail into the outbox and its changes were kept.
    has_queued_mail: bool,
}

/// Runs jobs until the queue is closed and empty, then checkpoints the write-ahead log.
/// Notifies `mail_queued` after each commit that put mail into the outbox.
pub(crate) fn run_writer(
    connection: Connection,
    mut queue: WriteQueueReceiver,
    mail_queued: &Notify,
) {
    while let Some(jobs) = queue.next_group() {
        write_group(&connection, jobs, mail_queued);
    }
    // Not needed for durability: the next start would do it.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
    let _ = connection.close();
}

/// Runs and answers each of these jobs.
fn write_group(
    connection: &Connection,
    mut waiting: VecDeque<Box<dyn WriteJob>>,
    mail_queued: &Notify,
) {
    while !waiting.is_empty() {
        if let Err(error) = execute(connection, "BEGIN IMMEDIATE") {
            // No job has run, and a later attempt would fail in the same way.
            for job in waiting.drain(..) {
                answer(job, Some(error.to_string()));
            }
            return;
        }
        let mut finished = Vec::with_capacity(waiting.len());
        if let Err((job, cause)) = run_jobs(connection, &mut waiting, &mut finished) {
            // The changes of all jobs are lost with the transaction. The job that caused
            // it gets the error; the others run again without it.
            roll_back(connection);
            answer(job, Some(cause));
            for FinishedJob { job, .. } in finished.into_iter().rev() {
                waiting.push_front(job);
            }
            continue;
        }
        let has_changes = finished.iter().any(|finished| finished.outcome.has_changes);
        let commit_failure = commit(connection, has_changes).err().map(|error| {
            roll_back(connection);
            error.to_string()
        });
        let has_queued_mail = finished.iter().any(|finished| finished.outcome.has_queued_mail);
        if commit_failure.is_none() && has_queued_mail {
            mail_queued.notify_one();
        }
        for FinishedJob { job, outcome } in finished {
            answer(job, commit_failure.clone().or(outcome.failure));
        }
    }
}

/// Runs the jobs in the open transaction. The error holds the job that lost the
/// transaction, and the cause: SQLite rolls back by itself when the disk is full, for
/// example.
fn run_jobs(
    connection: &Connection,
    waiting: &mut VecDeque<Box<dyn WriteJob>>,
    finished: &mut Vec<FinishedJob>,
) -> Result<(), (Box<dyn WriteJob>, String)> {
    while let Some(mut job) = waiting.pop_front() {
        match run_job(connection, job.as_mut()) {
            Ok(outcome) => finished.push(FinishedJob { job, outcome }),
            Err(error) => return Err((job, error.to_string())),
        }
    }
    Ok(())
}

/// Runs a job in its own savepoint.
fn run_job(connection: &Connection, job: &mut dyn WriteJob) -> Result<JobOutcome, SqliteError> {
    execute(connection, "SAVEPOINT job")?;
    let changes_before = connection.total_changes();
    let mut transaction = Transaction::new(connection);
    let ran = catch_unwind(AssertUnwindSafe(|| job.run(&mut transaction)));
    let is_kept = matches!(ran, Ok(true));
    let has_queued_mail = is_kept && transaction.has_queued_mail();
    let has_changes = is_kept && connection.total_changes() != changes_before;
    // The changes of a job that panicked are rolled back like those of a refused one.
    if !is_kept {
        execute(connection, "ROLLBACK TO job")?;
    }
    execute(connection, "RELEASE job")?;
    let failure = ran.is_err().then(|| "the work panicked; nothing of it was kept".to_owned());
    Ok(JobOutcome { failure, has_changes, has_queued_mail })
}

/// Commits, and counts the commit unless nothing has changed: a commit without changes is not
/// written to disk.
fn commit(connection: &Connection, has_changes: bool) -> Result<(), SqliteError> {
    if has_changes {
        execute(connection, COUNT_COMMIT)?;
    }
    execute(connection, "COMMIT")
}

/// Ends a transaction that can't be committed, unless SQLite has ended it already.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        // If this fails as well, the next BEGIN fails and reports why.
        let _ = execute(connection, "ROLLBACK");
    }
}

/// Answers a job with its result, or with a failure. This drops what the job holds, and a
/// panic while dropping must not end the writer.
fn answer(job: Box<dyn WriteJob>, failure: Option<String>) {
    let _ = catch_unwind(AssertUnwindSafe(|| match failure {
        Some(cause) => job.fail(cause),
        None => job.answer(),
    }));
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_full_queue_makes_callers_wait_and_loses_nothing() {
        let (queue, mut receiver) = write_queue();
        let mut waiting: Vec<_> =
            (0..QUEUE_CAPACITY + 2).map(|_| Box::pin(queue.write(|_| Ok(())))).collect();
        for writing in &mut waiting {
            assert!(poll_once(writing.as_mut()).is_pending());
        }
        let mut taken = 0;
        while taken < QUEUE_CAPACITY {
            let group = receiver.next_group().unwrap();
            assert!(group.len() <= MAX_GROUP_SIZE);
            taken += group.len();
        }
        assert_eq!(taken, QUEUE_CAPACITY, "the last two wait for room");
        for writing in &mut waiting[QUEUE_CAPACITY..] {
            assert!(poll_once(writing.as_mut()).is_pending());
        }
        assert_eq!(receiver.next_group().unwrap().len(), 2);
    }

    #[test]
    fn a_closed_queue_hands_out_its_jobs_and_takes_no_more() {
        let (queue, mut receiver) = write_queue();
        let mut queued = pin!(queue.write(|_| Ok(())));
        assert!(poll_once(queued.as_mut()).is_pending());
        queue.close();
        assert!(matches!(poll_once(pin!(queue.write(|_| Ok(())))), Poll::Ready(Err(_))));
        assert!(queue.write_blocking(|_| Ok(())).is_err());
        assert_eq!(receiver.next_group().unwrap().len(), 1);
        assert!(receiver.next_group().is_none());
        assert!(matches!(poll_once(queued), Poll::Ready(Err(_))), "its job was dropped");
    }

    #[test]
    fn callers_of_a_writer_that_is_gone_get_an_error() {
        let (queue, receiver) = write_queue();
        let mut waiting: Vec<_> =
            (0..=QUEUE_CAPACITY).map(|_| Box::pin(queue.write(|_| Ok(())))).collect();
        for writing in &mut waiting {
            assert!(poll_once(writing.as_mut()).is_pending());
        }
        drop(receiver);
        for writing in waiting {
            assert!(matches!(poll_once(pin!(writing)), Poll::Ready(Err(_))));
        }
    }
}
