//! Data that a page fetches from the server.
//!
//! A small replacement for Leptos's resources and suspense. The value that is shown stays
//! in place during a refresh, an answer to an outdated request is dropped, and a failure is
//! a state like any other.

use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::{prelude::*, task::spawn_local};

use crate::client::Failure;

/// State of a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadState<T> {
    /// The first request is in progress.
    Loading,
    /// Loaded; a refresh may be in progress.
    Ready(T),
    /// The request failed.
    Failed(Failure),
}

impl<T> LoadState<T> {
    /// Returns the value if it is loaded.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// A running request with its answer type erased. It resolves to a closure that stores the
/// answer.
type ErasedRequest = Pin<Box<dyn Future<Output = Box<dyn FnOnce()>>>>;

/// Runs `request` now, and again whenever `turn` or a signal that `request` reads changes.
/// The answer type is erased so that this code is in the wasm only once.
fn run_requests(turn: RwSignal<u32>, request: impl Fn() -> ErasedRequest + 'static) {
    let request: Box<dyn Fn() -> ErasedRequest> = Box::new(request);
    // Numbers the requests, so that a late answer to an earlier one is dropped.
    let latest = StoredValue::new(0_u64);
    effect(move || {
        turn.track();
        let number = latest.get_value() + 1;
        latest.set_value(number);
        let request = request();
        spawn(async move {
            let show = request.await;
            // The page may have been closed, and its signals disposed.
            if latest.try_get_value() == Some(number) {
                show();
            }
        });
    });
}

/// Spawns a future on the browser's event loop. The future is boxed, so that the code
/// around it is in the wasm only once.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    spawn_local(task);
}

/// Runs `run` now, and again whenever a signal that it reads changes. The closure is boxed,
/// so that the code around it is in the wasm only once.
pub fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(move |_| run());
}

fn erase<T: Send + Sync + 'static>(load: LoadState<T>) -> Arc<dyn Any + Send + Sync> {
    Arc::new(load)
}

/// A fetched value that can be fetched again.
pub struct Loader<T: Send + Sync + 'static> {
    /// A `LoadState<T>`. The type is erased, so that the code of signals is in the wasm
    /// only once for all fetched types.
    state: RwSignal<Arc<dyn Any + Send + Sync>>,
    turn: RwSignal<u32>,
    of: PhantomData<T>,
}

impl<T: Send + Sync + 'static> Clone for Loader<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loader<T> {}

impl<T: Clone + Send + Sync + 'static> Loader<T> {
    /// Fetches now, and again whenever a signal that `fetch` reads before its first `await`
    /// changes.
    pub fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        let state = RwSignal::new(erase(LoadState::<T>::Loading));
        let turn = RwSignal::new(0);
        run_requests(turn, move || {
            let request = fetch();
            Box::pin(async move {
                let answer = request.await;
                let show: Box<dyn FnOnce()> = Box::new(move || {
                    let _ = state.try_set(erase(match answer {
                        Ok(value) => LoadState::Ready(value),
                        Err(failure) => LoadState::Failed(failure),
                    }));
                });
                show
            })
        });
        Self { state, turn, of: PhantomData }
    }

    /// Returns the current state. Reactive.
    pub fn get(&self) -> LoadState<T> {
        self.with(LoadState::clone)
    }

    /// Calls `read` with the current state, without cloning it. Reactive.
    pub fn with<R>(&self, read: impl FnOnce(&LoadState<T>) -> R) -> R {
        read(self.state.get().downcast_ref().unwrap_or(&LoadState::Loading))
    }

    /// Replaces the value, for example with the answer to a change.
    pub fn set(&self, value: T) {
        let _ = self.state.try_set(erase(LoadState::Ready(value)));
    }

    /// Fetches again. The current value stays until the answer arrives.
    pub fn reload(&self) {
        let _ = self.turn.try_update(|turn| *turn += 1);
    }

    /// Fetches again after a failure, and shows the loading state meanwhile.
    pub fn retry(&self) {
        let _ = self.state.try_set(erase(LoadState::<T>::Loading));
        self.reload();
    }
}
