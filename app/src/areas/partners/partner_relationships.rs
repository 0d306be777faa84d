//! Settings > Partner relationships: the organization's partners, and the invitations that
//! wait for an answer.

use leptos::prelude::*;

use crate::{
    features::relationship_list::RelationshipList,
    route::Route,
    t,
    ui::PageTitle,
    view::{View, view},
};

/// The page.
#[component]
pub fn PartnerRelationships() -> View {
    view! {
        <PageTitle title=t::shell::partner_relationships intro=t::partner_relationships::intro />
        <RelationshipList list=Route::PartnerRelationships details=Route::Partner />
    }
}
