//! The pages, one folder for each area of the admin center. A page is named as in the admin
//! center.
//!
//! An area uses `features` and `ui`, and never another area.

pub mod account;
pub mod audit;
pub mod billing;
pub mod desk;
pub mod partners;
pub mod preview;
