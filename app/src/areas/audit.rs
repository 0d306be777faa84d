//! What happened: the audit log, and the mails that were sent.

use crate::{
    route::Route,
    view::{View, view},
};

pub mod activity;
pub mod outbox;

/// Returns the page of a route of this area.
#[expect(clippy::wildcard_enum_match_arm, reason = "other areas have the other routes")]
pub fn page(route: Route) -> View {
    match route {
        Route::Activity => view! { <activity::Activity /> },
        Route::Outbox => view! { <outbox::Outbox /> },
        _ => View::EMPTY,
    }
}
