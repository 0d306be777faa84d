//! The page's texts, generated from `locales/`; see [`crate::text`].

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
