//! The demo as a host of the HTTP API: the store in memory, and the time and randomness of the
//! moment at which the current request is made.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as TaskContext, Poll, Waker};

use http_api::{
    BoxFuture, Host, LongReadAdmission, MovableReadWork, PasswordCheck, ReadWork, Result,
    StoredPassword, WriteWork,
};
use rules::{OrganizationId, Timestamp};
use service::demo;
use service::model::PasswordHash;
use store::Memory;

use super::world::DemoMoment;

/// State of the host, shared with the demo's world.
#[derive(Debug)]
pub(super) struct DemoHostState {
    /// Store that requests read and write.
    pub(super) store: Memory,
    /// Moment of the current request.
    pub(super) moment: DemoMoment,
    /// Number of contexts that the current request was given.
    pub(super) contexts: u8,
}

/// A host whose state the demo's world sets before each request.
#[derive(Clone, Debug)]
pub(super) struct DemoHost(pub(super) Arc<Mutex<DemoHostState>>);

/// Returns the stand-in for the hash of the password that all demo accounts have. Nothing in
/// the demo is secret, and a real hash would take a second to compute.
pub(super) fn password() -> PasswordHash {
    PasswordHash("demo".to_owned())
}

impl DemoHost {
    /// Returns the state.
    pub(super) fn state(&self) -> MutexGuard<'_, DemoHostState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self) -> Memory {
        self.state().store.clone()
    }
}

impl Host for DemoHost {
    fn now(&self) -> Timestamp {
        self.state().moment.time()
    }

    fn random_seed(&self) -> Result<[u8; 32]> {
        let mut state = self.state();
        // Several contexts of one request must not create the same ids.
        state.contexts = state.contexts.wrapping_add(1);
        let mut seed = state.moment.seed;
        seed[0] ^= state.contexts;
        Ok(seed)
    }

    fn read(&self, work: ReadWork<'_>) -> service::Result<()> {
        self.store().read(|store| work(store))
    }

    fn read_long(
        &self,
        _: OrganizationId,
        _: LongReadAdmission,
        mut work: MovableReadWork,
    ) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { Ok(self.store().read(|store| work(store))?) })
    }

    fn write(&self, mut work: WriteWork) -> BoxFuture<'_, service::Result<()>> {
        Box::pin(async move { self.store().write(|store| work(store)) })
    }

    fn check_password<'a>(
        &'a self,
        typed: String,
        stored: StoredPassword<'a>,
    ) -> BoxFuture<'a, Result<PasswordCheck>> {
        Box::pin(async move {
            let matched = stored()?.filter(|hash| *hash == password() && typed == demo::PASSWORD);
            Ok(PasswordCheck { matched, turn: Box::new(()) })
        })
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        let finished = run(task);
        debug_assert!(finished.is_some(), "nothing in the demo waits");
    }
}

/// Polls a future to its end. `None` if it waits for an external event.
pub(super) fn run<T>(future: impl Future<Output = T>) -> Option<T> {
    /// More polls than any request takes: each layer may yield once.
    const MAX_POLLS: usize = 64;
    let mut future = pin!(future);
    let mut context = TaskContext::from_waker(Waker::noop());
    (0..MAX_POLLS).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    })
}
