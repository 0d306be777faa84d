//! The commands.

mod agreement;
mod organisation;
mod serve;
mod user;
mod verify;

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use service::{Context, Error, StoreError};

use crate::cli::{self, Accord, Command};
use crate::{error, world};

/// Runs a command.
///
/// # Errors
/// What went wrong, for the operator to read.
pub(crate) fn run(accord: Accord) -> Result<ExitCode> {
    match accord.command {
        Command::Serve(serve) => serve::run(*serve)?,
        Command::Verify(database) => return verify::run(&database.database),
        Command::Organisation(cli::Organisation::Create(create)) => organisation::create(*create)?,
        Command::User(cli::User::Create(create)) => user::create(*create)?,
        Command::Agreement(cli::Agreement::Add(add)) => agreement::add(*add)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The context of a command. No link is made in one, so it knows no public address.
fn context() -> Result<Context> {
    Ok(world::context("")?)
}

/// What went wrong in a use case, for the operator.
fn words(problem: Error) -> anyhow::Error {
    match problem {
        Error::Problem(problem) => anyhow!(error::explain(&problem).1),
        Error::NotYet { refusal, .. } => anyhow!(error::explain(&refusal.into()).1),
        Error::Store(StoreError::Duplicate(what)) => anyhow!("{what} exists already"),
        Error::Store(error) => error.into(),
    }
}
