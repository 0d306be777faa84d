//! The partner's desk: enquiries, invitations, customers and its profile.

use crate::{
    features::guards::partner_only,
    route::Route,
    view::{View, view},
};

pub mod compose;
pub mod customers;
pub mod enquiries;
pub mod enquiry_details;
pub mod invitation_actions;
pub mod invitation_details;
pub mod invitation_parts;
pub mod invitations;
pub mod preview;
pub mod profile;

/// Returns the page of a route of this area.
#[expect(clippy::wildcard_enum_match_arm, reason = "other areas have the other routes")]
pub fn page(route: Route) -> View {
    partner_only(|| match route {
        Route::Enquiries => view! { <enquiries::Enquiries /> },
        Route::Enquiry(_) => view! { <enquiry_details::EnquiryDetails /> },
        Route::Invitations => view! { <invitations::Invitations /> },
        Route::NewInvitation | Route::Invitation(_) => {
            view! { <invitation_details::InvitationDetails /> }
        }
        Route::InvitationPreview(_) => view! { <preview::Preview /> },
        Route::Customers => view! { <customers::Customers /> },
        Route::Customer(_) => view! { <customers::CustomerDetails /> },
        Route::Profile => view! { <profile::PartnerProfile /> },
        _ => View::EMPTY,
    })
}
