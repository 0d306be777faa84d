//! Components that know the domain and that pages of several areas use.

pub mod activity_entry;
pub mod agreement_acceptance;
pub mod agreement_document;
pub mod agreement_hint;
pub mod consequences;
pub mod create_from_offer;
pub mod enquiry_list;
pub mod guards;
pub mod invitation_content;
pub mod list_place;
pub mod listing;
pub mod offer;
pub mod paging;
pub mod partner_id_field;
pub mod plan_report;
pub mod preview_state;
pub mod relationship_actions;
pub mod relationship_history;
pub mod relationship_list;
pub mod resource;
pub mod roles;
pub mod subscription;
pub mod subscription_card;
