//! Pages about one resource.

use crate::{
    client::Failure,
    load::LoadState,
    route::Route,
    t,
    ui::{Card, EmptyState, ErrorState, Icon, LinkButton, Skeleton},
    view::{View, view},
};

/// State of the resource that a page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceState {
    /// The resource is being fetched.
    Loading,
    /// The resource doesn't exist, or the user may not know that it does.
    NotFound,
    /// The request failed.
    Failed(Failure),
    /// The resource is loaded.
    Ready,
}

impl ResourceState {
    /// Converts the state of a fetch. `None` means that the page's address names no resource.
    pub fn from_load<T>(load: &LoadState<Option<T>>) -> Self {
        match load {
            LoadState::Loading => Self::Loading,
            LoadState::Ready(None) => Self::NotFound,
            LoadState::Ready(Some(_)) => Self::Ready,
            LoadState::Failed(failure) if failure.is(api::ErrorCode::NotFound) => Self::NotFound,
            LoadState::Failed(failure) => Self::Failed(failure.clone()),
        }
    }

    /// Returns what to show instead of the resource, or `None` when it is loaded.
    pub fn placeholder(
        self,
        list: Route,
        label: fn() -> String,
        retry: impl Fn() + Send + Sync + 'static,
    ) -> Option<View> {
        Some(match self {
            Self::Ready => return None,
            Self::Loading => view! { <Skeleton lines=8 /> },
            Self::NotFound => view! {
                <Card>
                    <EmptyState
                        icon=Icon::Search
                        title=t::resource::not_found
                        hint=t::resource::not_found_hint
                    >
                        <LinkButton href=list label=label />
                    </EmptyState>
                </Card>
            },
            Self::Failed(failure) => view! {
                <ErrorState reason=move || failure.text() on_retry=move |()| retry() />
            },
        })
    }
}
