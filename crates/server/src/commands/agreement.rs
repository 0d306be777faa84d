//! `accord agreement`

use anyhow::{Context as _, Result, anyhow, bail};
use service::agreements::{self, NewAgreementDocument};
use store::Database;

use crate::cli::AddAgreement;

/// Maximum size of a document in bytes.
const BYTES_MAX: usize = 1024 * 1024;

/// `accord agreement add`
pub(super) fn add(add: AddAgreement) -> Result<()> {
    let file = add.file.display();
    let bytes = std::fs::read(&add.file).with_context(|| format!("{file} can't be read"))?;
    if bytes.len() > BYTES_MAX {
        bail!("{file} is larger than 1 MiB; nothing was added");
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        anyhow!("{file} is not UTF-8; save it as UTF-8 and try again. Nothing was added")
    })?;
    // Line ends are unified, so that the same text has the same hash.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let body = text.trim();
    if body.is_empty() {
        bail!("{file} is empty; nothing was added");
    }
    let new = NewAgreementDocument {
        cloud: add.cloud,
        language: add.language,
        version: add.version,
        title: add.title,
        body: body.to_owned(),
    };
    let database = Database::open(&add.database.database)?;
    let context = super::context()?;
    let added = database
        .write_blocking(move |store| agreements::add_document(store, &context, new.clone()));
    database.close();
    let document = added.map_err(|error| anyhow!(agreements::explain_add_error(&error)))?;
    println!("{}", document.hash);
    Ok(())
}
