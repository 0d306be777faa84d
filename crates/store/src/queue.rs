//! How work gets to the writer and its answer back: a bounded queue and a slot for one
//! answer. Both can be waited for by a future, whatever runs it, and by a thread.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// A queue with room for so many jobs; who comes when it is full waits.
pub(crate) struct Queue<J> {
    state: Mutex<State<J>>,
    filled: Condvar,
    room: usize,
}

struct State<J> {
    jobs: VecDeque<J>,
    closed: bool,
    /// Whoever found the queue full. All of them are woken when there is room again,
    /// so one that is gone by then takes nobody's turn.
    blocked: Vec<Waker>,
}

/// The queue takes nothing any more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closed;

impl<J> Queue<J> {
    pub(crate) fn new(room: usize) -> Self {
        Self {
            state: Mutex::new(State { jobs: VecDeque::new(), closed: false, blocked: Vec::new() }),
            filled: Condvar::new(),
            room,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        // Nothing that can panic happens between two changes of the state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job once there is room.
    pub(crate) async fn push(&self, job: J) -> Result<(), Closed> {
        let mut job = Some(job);
        poll_fn(|context| self.poll_push(&mut job, context)).await
    }

    fn poll_push(&self, job: &mut Option<J>, context: &Context<'_>) -> Poll<Result<(), Closed>> {
        let mut state = self.lock();
        if state.closed {
            return Poll::Ready(Err(Closed));
        }
        if state.jobs.len() >= self.room {
            state.blocked.push(context.waker().clone());
            return Poll::Pending;
        }
        state.jobs.extend(job.take());
        drop(state);
        self.filled.notify_one();
        Poll::Ready(Ok(()))
    }

    /// Waits for jobs and takes as many as there are, up to `most`. `None` once the
    /// queue is closed and everything in it was taken.
    pub(crate) fn take(&self, most: usize) -> Option<VecDeque<J>> {
        let mut state = self.lock();
        while state.jobs.is_empty() {
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let count = state.jobs.len().min(most);
        let taken = state.jobs.drain(..count).collect();
        let blocked = std::mem::take(&mut state.blocked);
        drop(state);
        blocked.into_iter().for_each(Waker::wake);
        Some(taken)
    }

    /// Takes nothing more. What is in the queue can still be taken out.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let blocked = std::mem::take(&mut state.blocked);
        drop(state);
        self.filled.notify_all();
        blocked.into_iter().for_each(Waker::wake);
    }

    /// Closes and throws away what is left, for a taker that can't go on.
    pub(crate) fn abandon(&self) {
        self.close();
        let left = std::mem::take(&mut self.lock().jobs);
        // Outside the lock: dropping a job wakes whoever waits for its answer.
        drop(left);
    }
}

/// A place for one answer.
struct Slot<T> {
    answer: Option<T>,
    /// Nobody will answer any more.
    abandoned: bool,
    waiting: Option<Waker>,
}

/// The end that answers, once. Dropping it without an answer says that there is none.
pub(crate) struct Answer<T>(Arc<Mutex<Slot<T>>>);

/// The end that waits for the answer.
pub(crate) struct Answered<T>(Arc<Mutex<Slot<T>>>);

/// Two ends of one answer.
pub(crate) fn answer<T>() -> (Answer<T>, Answered<T>) {
    let slot = Arc::new(Mutex::new(Slot { answer: None, abandoned: false, waiting: None }));
    (Answer(Arc::clone(&slot)), Answered(slot))
}

fn lock<T>(slot: &Mutex<Slot<T>>) -> MutexGuard<'_, Slot<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Answer<T> {
    /// Answers.
    pub(crate) fn send(self, answer: T) {
        lock(&self.0).answer = Some(answer);
        // Dropping it wakes whoever waits.
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        let mut slot = lock(&self.0);
        slot.abandoned = true;
        let waiting = slot.waiting.take();
        drop(slot);
        if let Some(waker) = waiting {
            waker.wake();
        }
    }
}

impl<T> Answered<T> {
    /// Waits for the answer; `None` where there will be none.
    pub(crate) async fn wait(self) -> Option<T> {
        poll_fn(|context| {
            let mut slot = lock(&self.0);
            if slot.abandoned {
                return Poll::Ready(slot.answer.take());
            }
            slot.waiting = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// Runs a future on the calling thread, which sleeps while there is nothing to do.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_makes_wait_and_loses_nothing() {
        let queue = Arc::new(Queue::new(2));
        let pushing: Vec<_> = (0..8)
            .map(|number| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || block_on(queue.push(number)))
            })
            .collect();
        let mut taken = Vec::new();
        while taken.len() < 8 {
            let group = queue.take(3).unwrap();
            assert!(group.len() <= 2, "{group:?}");
            taken.extend(group);
        }
        for pushing in pushing {
            assert_eq!(pushing.join().unwrap(), Ok(()));
        }
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_closed_queue_gives_what_it_holds_and_takes_nothing() {
        let queue = Queue::new(4);
        assert_eq!(block_on(queue.push(1)), Ok(()));
        queue.close();
        assert_eq!(block_on(queue.push(2)), Err(Closed));
        assert_eq!(queue.take(9), Some(VecDeque::from([1])));
        assert_eq!(queue.take(9), None);
    }

    #[test]
    fn an_answer_comes_or_is_known_not_to() {
        let (answering, answered) = answer();
        let waiting = thread::spawn(|| block_on(answered.wait()));
        answering.send(7);
        assert_eq!(waiting.join().unwrap(), Some(7));
        let (answering, answered) = answer::<i32>();
        drop(answering);
        assert_eq!(block_on(answered.wait()), None);
    }
}
