//! Components that know the domain and that pages of several areas use.

pub mod agreement_document;
pub mod create_from_offer;
pub mod desk;
pub mod list_place;
pub mod listing;
pub mod paging;
pub mod partner_id_field;
pub mod plan_report;
pub mod roles;
pub mod subscription_card;
