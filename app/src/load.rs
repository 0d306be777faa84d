//! Fetching what a page shows.
//!
//! Smaller than resources and suspense, and closer to what pages need: what was
//! shown stays while it is fetched anew, an answer that comes too late is dropped,
//! and a failure is a state like any other.

use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::{prelude::*, task::spawn_local};

use crate::client::Failure;

/// How it stands with something that is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadState<T> {
    /// It is on its way for the first time.
    Loading,
    /// There it is. It may be on its way anew.
    Ready(T),
    /// It could not be had.
    Failed(Failure),
}

impl<T> LoadState<T> {
    /// What was fetched, if it was.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// A request under way, of any type: it ends in what shows the answer.
type Request = Pin<Box<dyn Future<Output = Box<dyn FnOnce()>>>>;

/// Makes a request now, and again whenever `turn` or a signal that `request` reads
/// changes. It knows no type of answer, so that its code is in the wasm once.
fn engine(turn: RwSignal<u32>, request: impl Fn() -> Request + 'static) {
    let request: Box<dyn Fn() -> Request> = Box::new(request);
    // Counts the requests, so that an earlier one that answers later is dropped.
    let latest = StoredValue::new(0_u64);
    effect(move || {
        turn.track();
        let number = latest.get_value() + 1;
        latest.set_value(number);
        let request = request();
        spawn(async move {
            let show = request.await;
            // The page may be gone by now, and its signals with it.
            if latest.try_get_value() == Some(number) {
                show();
            }
        });
    });
}

/// Runs something that waits. Whatever it is, the code around it is the same.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    spawn_local(task);
}

/// Does something now, and again whenever a signal that it reads changes. Whatever it
/// is, the code around it is the same.
pub fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(move |_| run());
}

fn erased<T: Send + Sync + 'static>(load: LoadState<T>) -> Arc<dyn Any + Send + Sync> {
    Arc::new(load)
}

/// Something that is fetched, and can be fetched anew.
pub struct Loader<T: Send + Sync + 'static> {
    /// A `LoadState<T>`. Its type is not told, so that the code of signals is in the wasm
    /// once for everything that is fetched.
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
    /// Fetches now, and again whenever a signal that `fetch` reads before its first
    /// wait changes.
    pub fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        let state = RwSignal::new(erased(LoadState::<T>::Loading));
        let turn = RwSignal::new(0);
        engine(turn, move || {
            let request = fetch();
            Box::pin(async move {
                let answer = request.await;
                let show: Box<dyn FnOnce()> = Box::new(move || {
                    let _ = state.try_set(erased(match answer {
                        Ok(value) => LoadState::Ready(value),
                        Err(failure) => LoadState::Failed(failure),
                    }));
                });
                show
            })
        });
        Self { state, turn, of: PhantomData }
    }

    /// How it stands. Reactive.
    pub fn get(&self) -> LoadState<T> {
        self.with(LoadState::clone)
    }

    /// Looks at it without a copy. Reactive.
    pub fn with<R>(&self, look: impl FnOnce(&LoadState<T>) -> R) -> R {
        look(self.state.get().downcast_ref().unwrap_or(&LoadState::Loading))
    }

    /// Puts a newer value in its place, such as the answer to a change.
    pub fn set(&self, value: T) {
        let _ = self.state.try_set(erased(LoadState::Ready(value)));
    }

    /// Fetches anew; what is shown stays until the answer is here.
    pub fn reload(&self) {
        let _ = self.turn.try_update(|turn| *turn += 1);
    }

    /// Fetches anew after a failure, showing that it is on its way.
    pub fn retry(&self) {
        let _ = self.state.try_set(erased(LoadState::<T>::Loading));
        self.reload();
    }
}
