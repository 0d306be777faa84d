//! The frame in a partner's preview: the customer's page in a document of its own.

pub mod frame;
mod scene;
