//! The commands of the `accord` program, one module each.

mod agreement;
mod organization;
mod partner_id;
mod product;
mod serve;
mod user;
mod verify;

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use rules::{DomainName, OrganizationId};
use service::model::Organization;
use service::{Context, Error, Read, StoreError};
use store::Database;

use crate::cli::{self, Accord, Command};
use crate::world;

/// Runs a command. Errors are meant for the operator to read.
pub(crate) fn run(accord: Accord) -> Result<ExitCode> {
    match accord.command {
        Command::Serve(serve) => serve::run(*serve)?,
        Command::Verify(database) => return verify::run(&database.database),
        Command::Organization(cli::OrganizationCommand::Create(create)) => {
            organization::create(*create)?;
        }
        Command::User(cli::UserCommand::Create(create)) => user::create(*create)?,
        Command::Agreement(cli::AgreementCommand::Add(add)) => agreement::add(*add)?,
        Command::Product(cli::ProductCommand::Add(add)) => product::add(*add)?,
        Command::Product(cli::ProductCommand::Prices(prices)) => product::prices(prices)?,
        Command::Product(cli::ProductCommand::List(database)) => product::list(&database.database)?,
        Command::PartnerId(cli::PartnerIds::Add(add)) => partner_id::add(*add)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens an existing database, so that a mistyped path does not create an empty one.
fn open(url: &str) -> Result<Database> {
    Database::open_existing(url)?.close();
    Ok(Database::open(url)?)
}

/// Finds an organization by its ID or domain.
fn named_organization(database: &Database, wanted: &str) -> Result<Organization> {
    let find = |store: &mut dyn Read| {
        if let Ok(id) = wanted.parse::<OrganizationId>() {
            return Ok(store.organization(id)?);
        }
        let Ok(domain) = DomainName::parse(wanted) else {
            return Ok(None);
        };
        Ok(store.organization_by_domain(&domain)?)
    };
    let found = database.read(find).map_err(words)?;
    found.ok_or_else(|| {
        anyhow!(
            "there is no organization with the ID or domain {wanted}; create it first with \
             `accord organization create`"
        )
    })
}

/// Returns the context of a command. Commands make no links, so it has no public address.
fn context() -> Result<Context> {
    Ok(world::context("")?)
}

/// Converts the error of a use case to a message for the operator.
pub(crate) fn words(problem: Error) -> anyhow::Error {
    match problem {
        Error::Problem(problem) => anyhow!(http_api::explain(&problem).1),
        Error::NotYet { refusal, .. } => anyhow!(http_api::explain(&refusal.into()).1),
        Error::Store(StoreError::Duplicate(what)) => anyhow!("{what} exists already"),
        Error::Store(error) => error.into(),
    }
}
