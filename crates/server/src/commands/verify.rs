//! `accord verify`

use std::process::ExitCode;

use anyhow::Result;
use service::verify_chain;
use store::Database;

/// Checks every organisation's log.
pub(super) fn run(url: &str) -> Result<ExitCode> {
    let database = Database::open_existing(url)?;
    let checked = database.read(|store| {
        let mut checked = Vec::new();
        for organisation in store.organisations()? {
            let outcome = verify_chain(store, organisation.id)?;
            checked.push((organisation, outcome));
        }
        Ok(checked)
    });
    database.close();
    let mut code = ExitCode::SUCCESS;
    let checked = checked.map_err(super::words)?;
    if checked.is_empty() {
        eprintln!("There are no organisations yet.");
    }
    for (organisation, outcome) in checked {
        let name = &organisation.name;
        match outcome {
            Ok((entries, hash)) => println!("{}\t{name}\t{entries}\t{hash}", organisation.id),
            Err(broken) => {
                code = ExitCode::FAILURE;
                eprintln!(
                    "The log of {name} ({}) is broken at entry {}: {}.",
                    broken.organisation, broken.sequence, broken.reason
                );
            }
        }
    }
    Ok(code)
}
