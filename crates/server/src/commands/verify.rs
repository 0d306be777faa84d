//! `accord verify`

use std::process::ExitCode;

use anyhow::Result;
use service::verify_chain;
use store::Database;

/// Checks every organization's log.
pub(super) fn run(url: &str) -> Result<ExitCode> {
    let database = Database::open_existing(url)?;
    let checked = database.read(|store| {
        let mut checked = Vec::new();
        for organization in store.organizations()? {
            let outcome = verify_chain(store, organization.id())?;
            checked.push((organization, outcome));
        }
        Ok(checked)
    });
    database.close();
    let mut code = ExitCode::SUCCESS;
    let checked = checked.map_err(super::words)?;
    if checked.is_empty() {
        eprintln!("There are no organizations yet.");
    }
    for (organization, outcome) in checked {
        let name = organization.name();
        match outcome {
            Ok((entries, hash)) => println!("{}\t{name}\t{entries}\t{hash}", organization.id()),
            Err(broken) => {
                code = ExitCode::FAILURE;
                eprintln!(
                    "The log of {name} ({}) is broken at entry {}: {}.",
                    broken.organization, broken.sequence, broken.reason
                );
            }
        }
    }
    Ok(code)
}
