//! Build-time access to the texts of the pages and the mails.
//!
//! The texts are in `app/locales/<language>/<area>.json`, one file for each page and
//! one, `mail.json`, for the mails. [`Catalog::read`] reads every language and checks
//! that each has the same messages with the same arguments as English. Three things are
//! generated from it:
//!
//! - the page's functions, one for each message (`app/build.rs`);
//! - the page's table of texts, one file for each language (`cargo xtask styles`);
//! - the functions of the mails, with the texts of every language in them
//!   (`crates/mail/build.rs`).
//!
//! The page gets nothing of `mail.json`. A mail can name a message of a page, so that
//! a label in a mail is the label on the page.

mod catalog;
mod mail;
mod message;
mod page;

use std::process::ExitCode;

pub use catalog::Catalog;

/// Ends a build script: reports every line of an error to cargo, which shows them and
/// stops the build.
#[must_use]
pub fn finish_build_script(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}
