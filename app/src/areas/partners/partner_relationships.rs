//! Settings > Partner relationships: the organization's partners, and the invitations that
//! wait for an answer.

use leptos::prelude::*;

use crate::{
    features::relationship_list::RelationshipList,
    t,
    ui::PageTitle,
    view::{View, view},
};

/// The page.
#[component]
pub fn PartnerRelationships(
    /// The path of this page, under which the partners' pages are.
    base: &'static str,
) -> View {
    view! {
        <PageTitle title=t::shell::partner_relationships intro=t::partner_relationships::intro />
        <RelationshipList base=base />
    }
}
