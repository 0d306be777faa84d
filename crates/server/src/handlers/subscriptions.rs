//! Subscriptions, and what is created of a partner's offer.

use std::sync::Arc;

use api::{QuantityRequest, SubscriptionQuery, routes};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use rules::{RelationshipId, SubscriptionId};
use service::{Caller, Context, TokenHash, Write, csv, offers, subscriptions};

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Id, Json, NoOptions, SignedIn, Version};

/// `GET /api/subscriptions`
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
) -> Result<Response> {
    let query = SubscriptionQuery::parse(uri.query().unwrap_or_default())?;
    let page = app.read_much_as(&token, |store, caller, now| {
        subscriptions::list(store, caller, &query, now)
    })?;
    Ok(answer::page(&app, page))
}

/// `GET /api/subscriptions/export`
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
) -> Result<Response> {
    let asked = SubscriptionQuery::parse(uri.query().unwrap_or_default())?;
    // Whatever page was looked at, a file holds all of them.
    let query = SubscriptionQuery { top: u32::MAX, skip: api::SkipToken::default(), ..asked };
    let file = app.read_much_as(&token, |store, caller, now| {
        let page = subscriptions::list(store, caller, &query, now)?;
        Ok(csv::subscriptions(&page.value))
    })?;
    Ok(answer::csv("subscriptions", file))
}

/// `GET /api/subscriptions/{id}`
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    _: NoOptions,
    headers: HeaderMap,
) -> Result<Response> {
    let found =
        app.read_as(&token, |store, caller, now| subscriptions::get(store, caller, id, now))?;
    Ok(answer::of_one(&headers, &found.etag.to_string(), &found))
}

/// `GET /api/subscriptions/{id}/history`
pub(crate) async fn history(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    _: NoOptions,
) -> Result<Response> {
    let page =
        app.read_as(&token, |store, caller, now| subscriptions::history(store, caller, id, now))?;
    Ok(answer::page(&app, page))
}

/// `PATCH /api/subscriptions/{id}`
pub(crate) async fn change_quantity(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    Version(version): Version,
    _: NoOptions,
    Json(request): Json<QuantityRequest>,
) -> Result<Response> {
    let quantity = request.parse()?;
    manage(&app, token, move |store, context, caller| {
        subscriptions::change_quantity(store, context, caller, id, version, quantity)
    })
    .await
}

/// `POST /api/subscriptions/{id}/suspend`
pub(crate) async fn suspend(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    manage(&app, token, move |store, context, caller| {
        subscriptions::suspend(store, context, caller, id, version)
    })
    .await
}

/// `POST /api/subscriptions/{id}/reactivate`
pub(crate) async fn reactivate(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    manage(&app, token, move |store, context, caller| {
        subscriptions::reactivate(store, context, caller, id, version)
    })
    .await
}

/// `POST /api/subscriptions/{id}/cancel`
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    manage(&app, token, move |store, context, caller| {
        subscriptions::cancel(store, context, caller, id, version)
    })
    .await
}

/// Changes a subscription, and answers with what it is then.
async fn manage(
    app: &App,
    token: TokenHash,
    work: impl FnMut(&mut dyn Write, &mut Context, &Caller) -> service::Result<api::Subscription>
    + Send
    + 'static,
) -> Result<Response> {
    let changed = app.write_as(token, work).await?;
    Ok(answer::versioned(changed.etag, &changed))
}

/// `POST /api/relationships/{id}/createFromOffer`
pub(crate) async fn create_from_offer(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<RelationshipId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let created = app
        .write_as(token, move |store, context, caller| {
            offers::create(store, context, caller, id, version)
        })
        .await?;
    let path = routes::of_subscription(routes::SUBSCRIPTION, created.id);
    Ok(answer::created(&app, created.etag, &path, &created))
}
