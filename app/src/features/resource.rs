//! Pages about one resource.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::{
    client::{self, Failure},
    load::{LoadState, Loader},
    route::Route,
    t,
    text::Text,
    ui::{Breadcrumb, Card, Crumb, EmptyState, ErrorState, Icon, LinkButton, PageTitle, Skeleton},
    view::{IntoView, SlotFn, View, view},
};

/// What is said if there is no resource at an address.
#[derive(Clone, Copy)]
pub struct NotFoundTexts {
    /// The title.
    pub title: fn() -> String,
    /// A hint at the reason.
    pub hint: fn() -> String,
}

impl Default for NotFoundTexts {
    fn default() -> Self {
        Self { title: t::resource::not_found, hint: t::resource::not_found_hint }
    }
}

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
        self.placeholder_with(list, label, NotFoundTexts::default(), retry)
    }

    fn placeholder_with(
        self,
        list: Route,
        label: fn() -> String,
        NotFoundTexts { title, hint }: NotFoundTexts,
        retry: impl Fn() + Send + Sync + 'static,
    ) -> Option<View> {
        Some(match self {
            Self::Ready => return None,
            Self::Loading => view! { <Skeleton lines=8 /> },
            Self::NotFound => view! {
                <Card>
                    <EmptyState
                        icon=Icon::Search
                        title=title
                        hint=hint
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

/// The resource that the page's address names.
pub struct FetchedResource<T: Send + Sync + 'static> {
    /// The fetched resource; `None` if the address names none.
    pub loaded: Loader<Option<T>>,
    /// The resource as last fetched.
    pub current: Memo<Option<T>>,
    /// The state of the resource.
    pub state: Memo<ResourceState>,
}

impl<T: Send + Sync + 'static> Copy for FetchedResource<T> {}

impl<T: Send + Sync + 'static> Clone for FetchedResource<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + DeserializeOwned + PartialEq + Send + Sync + 'static> FetchedResource<T> {
    /// Fetches the resource at the address that `address` returns, which is reactive. Without one
    /// there is nothing at the page's address.
    pub fn fetch(address: impl Fn() -> Option<String> + 'static) -> Self {
        // Boxed, so that the code is in the wasm only once for each type of resource.
        let address: Box<dyn Fn() -> Option<String>> = Box::new(address);
        let loaded = Loader::new(move || fetch_optional(address()));
        let current = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
        let state = Memo::new(move |_| loaded.with(ResourceState::from_load));
        Self { loaded, current, state }
    }

    /// Returns a text about the resource, or another one until it is loaded. Reactive.
    pub fn text(self, missing: fn() -> String, text: fn(&T) -> String) -> String {
        self.current.read().as_ref().map_or_else(missing, text)
    }

    /// Returns a part of the page that shows the resource as last fetched. Reactive.
    pub fn part(self, part: fn(&T) -> View) -> View {
        (move || self.current.read().as_ref().map(part)).into_view()
    }
}

async fn fetch_optional<T: DeserializeOwned>(
    address: Option<String>,
) -> Result<Option<T>, Failure> {
    match address {
        Some(address) => client::get(&address).await.map(Some),
        None => Ok(None),
    }
}

/// The frame of a page about one resource: the links above it, its name and its status, and the
/// content, or what is shown instead of it.
#[component]
pub fn DetailsPage(
    /// The links to the pages above.
    crumbs: Vec<Crumb>,
    /// The name of the resource.
    #[prop(into)]
    name: Text,
    /// The status of the resource.
    badge: View,
    /// The state of the resource.
    state: Memo<ResourceState>,
    /// The list that leads out if nothing is found.
    list: Route,
    /// The text of the link to the list.
    list_label: fn() -> String,
    /// What is said if nothing is found, and a hint.
    #[prop(optional)]
    not_found: NotFoundTexts,
    /// Fetches the resource again.
    retry: Callback<()>,
    /// The content once the resource is loaded.
    children: SlotFn,
) -> View {
    let content = move || {
        let placeholder =
            state.get().placeholder_with(list, list_label, not_found, move || retry.run(()));
        placeholder.unwrap_or_else(|| children.run())
    };
    view! {
        <Breadcrumb crumbs=crumbs current=name.clone() />
        <PageTitle title=name>{badge}</PageTitle>
        {content}
    }
}
