//! Signing in, and the pages that begin from there.

pub mod attention;
pub mod home;
pub mod not_found;
pub mod partner_home;
pub mod sign_in;
