//! Services: buying them, subscriptions, and billing accounts.

use crate::{
    features::guards::{customer_only, partner_only},
    route::Route,
    view::{View, view},
};

pub mod billing_accounts;
pub mod checkout;
pub mod import_partners;
pub mod purchase_services;
pub mod subscription_details;
pub mod subscriptions;

/// Returns the page of a route of this area.
#[expect(clippy::wildcard_enum_match_arm, reason = "other areas have the other routes")]
pub fn page(route: Route) -> View {
    match route {
        Route::Purchase | Route::CustomerPurchase(_) => {
            view! { <purchase_services::PurchaseServices /> }
        }
        Route::Checkout(_) | Route::CustomerCheckout(..) => view! { <checkout::Checkout /> },
        Route::Subscriptions => customer_only(|| view! { <subscriptions::Subscriptions /> }),
        Route::ImportPartners => customer_only(|| view! { <import_partners::ImportPartners /> }),
        Route::Subscription(_) | Route::SubscriptionPartner(_) => {
            customer_only(|| view! { <subscription_details::SubscriptionDetails /> })
        }
        Route::CustomerSubscription(..) => {
            partner_only(|| view! { <subscription_details::SubscriptionDetails /> })
        }
        Route::BillingAccounts | Route::BillingRelationships => {
            customer_only(|| view! { <billing_accounts::BillingAccounts /> })
        }
        _ => View::EMPTY,
    }
}
