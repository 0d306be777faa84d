//! The pages, one module each, named as the admin center names them.

use leptos::prelude::*;

use crate::{
    t,
    ui::{ButtonKind, EmptyState, Icon, LinkButton, PageTitle},
};

pub mod accept_agreement;
pub mod activity;
pub mod agreement_document;
pub mod billing_accounts;
pub mod home;
pub mod outbox;
pub mod paging;
pub mod partner_details;
pub mod partner_invitation;
pub mod partner_relationships;
pub mod roles;
pub mod sign_in;
pub mod what_can_a_partner_do;

pub use accept_agreement::AcceptAgreement;
pub use activity::Activity;
pub use billing_accounts::BillingAccounts;
pub use home::Home;
pub use outbox::Outbox;
pub use partner_details::PartnerDetails;
pub use partner_invitation::PartnerInvitation;
pub use partner_relationships::PartnerRelationships;
pub use sign_in::SignIn;
pub use what_can_a_partner_do::WhatCanAPartnerDo;

/// There is no page at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PageTitle title=t::shell::not_found />
        <EmptyState icon=Icon::Search title=t::shell::not_found_title hint=t::shell::not_found_hint>
            <LinkButton href="/" label=t::shell::go_home kind=ButtonKind::Primary />
        </EmptyState>
    }
}
