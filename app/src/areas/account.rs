//! Signing in, and the pages that begin from there.

use crate::{
    route::Route,
    view::{View, view},
};

pub mod attention;
pub mod home;
pub mod not_found;
pub mod partner_home;
pub mod sign_in;

/// Returns the page of a route of this area.
#[expect(clippy::wildcard_enum_match_arm, reason = "other areas have the other routes")]
pub fn page(route: Route) -> View {
    match route {
        Route::Home => view! { <home::Home /> },
        _ => view! { <not_found::NotFound /> },
    }
}
