//! The customer's partners: finding one, accepting its invitation, and what it may do.

use crate::{
    route::Route,
    view::{View, view},
};

pub mod accept_agreement;
pub mod find_a_partner;
pub mod my_requests;
pub mod partner_details;
pub mod partner_invitation;
pub mod partner_relationships;
pub mod what_can_a_partner_do;

/// Returns the page of a route of this area.
#[expect(clippy::wildcard_enum_match_arm, reason = "other areas have the other routes")]
pub fn page(route: Route) -> View {
    match route {
        Route::FindAPartner | Route::ContactPartners => view! { <find_a_partner::FindAPartner /> },
        Route::MyRequests => view! { <my_requests::MyRequests /> },
        Route::Agreement => view! { <accept_agreement::AcceptAgreement /> },
        Route::PartnerRelationships => {
            view! { <partner_relationships::PartnerRelationships /> }
        }
        Route::Partner(_) | Route::BillingPartner(_) => {
            view! { <partner_details::PartnerDetails /> }
        }
        Route::PartnerInvitation(_) => view! { <partner_invitation::PartnerInvitation /> },
        Route::WhatCanAPartnerDo => view! { <what_can_a_partner_do::WhatCanAPartnerDo /> },
        _ => View::EMPTY,
    }
}
