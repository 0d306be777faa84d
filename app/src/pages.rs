//! The pages and the parts that several pages share. A page is named as in the admin
//! center.

use leptos::prelude::*;

use crate::{
    t,
    ui::{ButtonKind, EmptyState, Icon, LinkButton, PageTitle},
    view::{View, view},
};

pub mod accept_agreement;
pub mod activity;
pub mod agreement_document;
pub mod billing_accounts;
pub mod checkout;
pub mod compose;
pub mod create_from_offer;
pub mod customers;
pub mod desk;
pub mod enquiries;
pub mod enquiry_details;
pub mod find_a_partner;
pub mod home;
pub mod import_partners;
pub mod invitation_details;
pub mod invitations;
pub mod list_place;
pub mod listing;
pub mod my_requests;
pub mod outbox;
pub mod paging;
pub mod partner_details;
pub mod partner_home;
pub mod partner_id_field;
pub mod partner_invitation;
pub mod partner_relationships;
pub mod plan_report;
pub mod preview;
pub mod profile;
pub mod purchase_services;
pub mod roles;
pub mod sign_in;
pub mod subscription_card;
pub mod subscription_details;
pub mod subscriptions;
pub mod what_can_a_partner_do;

pub use accept_agreement::AcceptAgreement;
pub use activity::Activity;
pub use billing_accounts::BillingAccounts;
pub use checkout::Checkout;
pub use customers::{CustomerDetails, Customers};
pub use enquiries::Enquiries;
pub use enquiry_details::EnquiryDetails;
pub use find_a_partner::FindAPartner;
pub use home::Home;
pub use import_partners::ImportPartners;
pub use invitation_details::InvitationDetails;
pub use invitations::Invitations;
pub use my_requests::MyRequests;
pub use outbox::Outbox;
pub use partner_details::PartnerDetails;
pub use partner_invitation::PartnerInvitation;
pub use partner_relationships::PartnerRelationships;
pub use preview::{Preview, PreviewFrame};
pub use profile::PartnerProfile;
pub use purchase_services::PurchaseServices;
pub use sign_in::SignIn;
pub use subscription_details::SubscriptionDetails;
pub use subscriptions::Subscriptions;
pub use what_can_a_partner_do::WhatCanAPartnerDo;

/// The page for an unknown address.
#[component]
pub fn NotFound() -> View {
    view! {
        <PageTitle title=t::shell::not_found />
        <EmptyState icon=Icon::Search title=t::shell::not_found_title hint=t::shell::not_found_hint>
            <LinkButton href="/" label=t::shell::go_home kind=ButtonKind::Primary />
        </EmptyState>
    }
}

/// Sorts a short list by a key, stably. Insertion sort: `slice::sort_by_key` would add
/// kilobytes of wasm for each element type.
fn order_by<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && key(&items[at]) < key(&items[at - 1]) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}
