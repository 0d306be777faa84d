//! Generates the functions of the mails' texts from `app/locales/`.

use std::{env, fs, path::Path, process::ExitCode};

use messages::Catalog;
use rules::Language;

const LOCALES: &str = "../../app/locales";

/// The files of the page whose labels the mails show by name. `mail.json` can name a
/// label of any file.
const PAGE_AREAS: [&str; 7] =
    ["enquiries", "offer", "partner_invitation", "shell", "subscription", "ui", "words"];

fn main() -> ExitCode {
    messages::finish_build_script(generate())
}

fn generate() -> Result<(), String> {
    let folder = Path::new(LOCALES);
    let catalog = Catalog::read(folder)?;
    let languages: Vec<(String, &str)> =
        Language::ALL.iter().map(|language| (format!("{language:?}"), language.as_str())).collect();
    let code = catalog.mail_functions(&languages, &PAGE_AREAS)?;
    let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    fs::write(Path::new(&out).join("texts.rs"), code).map_err(|error| error.to_string())?;
    // Only after success: a script that fails runs again anyway.
    for file in catalog.mail_sources(folder, &PAGE_AREAS) {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    Ok(())
}
