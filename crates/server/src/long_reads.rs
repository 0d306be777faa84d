//! Threads for reads whose duration grows with the number of rows, so that the threads that
//! serve requests never wait for one.
//!
//! The queue is bounded for new reads, for each organization and in total. A read that continues
//! a response, such as the next part of an export, always gets a place: each response has one
//! such read at most, and while they wait, nothing new is let in. Organizations take turns, and
//! each has one read running at a time, so that the exports of one do not hold up those of
//! another. A read takes a connection of the database when it runs, not while it waits.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::{io, thread};

use api::{ErrorCode, Problem};
use http_api::{ApiError, LongReadAdmission};
use rules::OrganizationId;
use store::Database;
use tokio::sync::oneshot;

/// Fewest threads: with two, a long read of one organization leaves a thread for the others.
const MIN_THREADS: usize = 2;
/// Reads of one organization that may wait.
const MAX_WAITING_OF_ONE: usize = 16;
/// Reads that may wait in total.
const MAX_WAITING: usize = 256;
/// Seconds after which a client is asked to try again.
const RETRY_AFTER: u32 = 2;
/// Niceness of the threads, the highest there is, so that requests are served first where both
/// need a core.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 19;

/// A queued read.
type Job = Box<dyn FnOnce(&Database) + Send>;

/// The queue of long reads, and the threads that run them. The threads end when it is dropped
/// and all queued reads have run.
pub(crate) struct LongReads {
    queue: Arc<JobQueue>,
}

impl LongReads {
    /// Starts the threads.
    pub(crate) fn start(database: &Database) -> io::Result<Self> {
        let queue = Arc::new(JobQueue::default());
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for number in 0..(cores / 2).max(MIN_THREADS) {
            let (queue, database) = (Arc::clone(&queue), database.clone());
            thread::Builder::new().name(format!("long-read-{number}")).spawn(move || {
                lower_priority();
                while let Some((organization, job)) = queue.next() {
                    job(&database);
                    queue.finish(organization);
                }
            })?;
        }
        Ok(Self { queue })
    }

    /// Runs `work` when it is the organization's turn, and returns its result. Work whose
    /// future was dropped before its turn does not run.
    ///
    /// # Errors
    /// [`ErrorCode::Unavailable`] if the read is new and too many are waiting.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        admission: LongReadAdmission,
        work: impl FnOnce(&Database) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |database| {
            if !sender.is_closed() {
                let _ = sender.send(catch_unwind(AssertUnwindSafe(|| work(database))));
            }
        });
        if !self.queue.push(organization, admission, job) {
            let code = ErrorCode::Unavailable;
            return Err(Problem::Other { code, retry_after: Some(RETRY_AFTER) }.into());
        }
        match receiver.await {
            Ok(Ok(result)) => Ok(result),
            // Continues here, where the panic is logged with the request and answered.
            Ok(Err(panic)) => resume_unwind(panic),
            Err(error) => Err(ApiError::internal(&error)),
        }
    }
}

impl Drop for LongReads {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Lowers the priority of the calling thread. Elsewhere than on Linux, the call would change
/// that of the whole process.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(cause = %error, "the priority of long reads can't be lowered");
    }
}

/// Jobs by organization.
#[derive(Default)]
struct JobQueue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    waiting: HashMap<OrganizationId, VecDeque<Job>>,
    /// Organizations with waiting jobs, the one whose turn is next first.
    turns: VecDeque<OrganizationId>,
    running: HashSet<OrganizationId>,
    count: usize,
    closed: bool,
}

impl JobQueue {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        // Jobs run outside of the lock, so no panic leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a job. Returns false if the queue is closed, or full for a new job.
    fn push(&self, organization: OrganizationId, admission: LongReadAdmission, job: Job) -> bool {
        let mut state = self.lock();
        let jobs = state.waiting.get(&organization).map_or(0, VecDeque::len);
        let is_full = state.count >= MAX_WAITING || jobs >= MAX_WAITING_OF_ONE;
        if state.closed || (is_full && admission == LongReadAdmission::New) {
            return false;
        }
        state.waiting.entry(organization).or_default().push_back(job);
        if jobs == 0 {
            state.turns.push_back(organization);
        }
        state.count += 1;
        drop(state);
        self.changed.notify_one();
        true
    }

    /// Waits for a job of an organization that has none running. `None` once the queue is
    /// closed and empty.
    fn next(&self) -> Option<(OrganizationId, Job)> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.take_next() {
                return Some(job);
            }
            if state.closed && state.count == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the organization's next job run.
    fn finish(&self, organization: OrganizationId) {
        self.lock().running.remove(&organization);
        self.changed.notify_all();
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

impl QueueState {
    fn take_next(&mut self) -> Option<(OrganizationId, Job)> {
        let place = self.turns.iter().position(|next| !self.running.contains(next))?;
        let organization = self.turns.remove(place)?;
        let jobs = self.waiting.get_mut(&organization)?;
        let job = jobs.pop_front()?;
        if jobs.is_empty() {
            self.waiting.remove(&organization);
        } else {
            self.turns.push_back(organization);
        }
        self.running.insert(organization);
        self.count -= 1;
        Some((organization, job))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use rules::Timestamp;

    use super::*;

    fn organization(number: u128) -> OrganizationId {
        OrganizationId::new(Timestamp::from_milliseconds(1), number)
    }

    fn job() -> Job {
        Box::new(|_| ())
    }

    #[test]
    fn organizations_take_turns_and_have_one_running_job_each() {
        let queue = JobQueue::default();
        let (first, second) = (organization(1), organization(2));
        for _ in 0..3 {
            assert!(queue.push(first, LongReadAdmission::New, job()));
        }
        assert!(queue.push(second, LongReadAdmission::New, job()));
        let next = || queue.lock().take_next().map(|(organization, _)| organization);
        assert_eq!(next(), Some(first));
        assert_eq!(next(), Some(second));
        assert_eq!(next(), None, "both have a running job");
        queue.finish(first);
        assert_eq!(next(), Some(first));
        queue.finish(first);
        queue.finish(second);
        assert!(queue.push(second, LongReadAdmission::New, job()));
        assert_eq!(next(), Some(first));
        assert_eq!(next(), Some(second));
    }

    #[test]
    fn one_organization_cannot_fill_the_queue() {
        let queue = JobQueue::default();
        for _ in 0..MAX_WAITING_OF_ONE {
            assert!(queue.push(organization(1), LongReadAdmission::New, job()));
        }
        assert!(!queue.push(organization(1), LongReadAdmission::New, job()));
        assert!(queue.push(organization(2), LongReadAdmission::New, job()));
        queue.close();
        assert!(!queue.push(organization(3), LongReadAdmission::New, job()));
    }

    #[test]
    fn what_continues_a_response_is_never_refused() {
        let queue = JobQueue::default();
        while queue.push(organization(1), LongReadAdmission::New, job()) {}
        assert!(queue.push(organization(1), LongReadAdmission::Continued, job()));
        for number in 2.. {
            if !queue.push(organization(number), LongReadAdmission::New, job()) {
                break;
            }
        }
        assert!(queue.push(organization(1), LongReadAdmission::Continued, job()));
        assert!(!queue.push(organization(1), LongReadAdmission::New, job()));
        queue.close();
        assert!(!queue.push(organization(1), LongReadAdmission::Continued, job()));
    }

    #[test]
    fn the_queue_is_bounded() {
        let queue = JobQueue::default();
        for number in 0..MAX_WAITING as u128 {
            assert!(queue.push(organization(number), LongReadAdmission::New, job()));
        }
        assert!(!queue.push(organization(MAX_WAITING as u128), LongReadAdmission::New, job()));
    }

    #[tokio::test]
    async fn work_runs_on_another_thread_and_a_panic_reaches_the_caller() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.sqlite");
        let database = Database::open(path.to_str().unwrap()).unwrap();
        let reads = Arc::new(LongReads::start(&database).unwrap());
        let (started, wait) = mpsc::channel::<()>();
        // Blocks its thread until the other organization's read has run.
        let blocked =
            reads.run(organization(1), LongReadAdmission::New, move |_| wait.recv().is_ok());
        let name = reads.run(organization(2), LongReadAdmission::New, |_| {
            thread::current().name().map(str::to_owned)
        });
        let other = async {
            let name = name.await;
            started.send(()).unwrap();
            name
        };
        let (blocked, name) = tokio::join!(blocked, other);
        assert!(blocked.unwrap());
        assert!(name.unwrap().unwrap().starts_with("long-read-"));
        let panicking = {
            let reads = Arc::clone(&reads);
            tokio::spawn(async move {
                reads.run(organization(1), LongReadAdmission::New, |_| panic!("for the test")).await
            })
        };
        assert!(panicking.await.unwrap_err().is_panic());
        assert_eq!(reads.run(organization(1), LongReadAdmission::New, |_| 7).await.unwrap(), 7);
    }
}
