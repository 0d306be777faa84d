//! `accord user`

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use anyhow::{Context as _, Result, anyhow, bail};
use rules::NewPassword;
use service::organizations::{self, NewUser};
use service::{Error, StoreError};

use crate::cli::CreateUser;
use crate::{config, password};

/// `accord user create`
pub(super) fn create(create: CreateUser) -> Result<()> {
    let database = super::open(&create.database.database)?;
    let organization = super::named_organization(&database, &create.organization)?;
    let kind = organization.kind();
    if let Some(foreign) = create.role.iter().find(|role| role.kind() != kind) {
        let others: Vec<_> = rules::UserRole::ALL
            .iter()
            .filter(|role| role.kind() == kind)
            .map(|role| role.as_str())
            .collect();
        bail!(
            "{} is a {kind}, and {foreign} is not a role of a {kind}; nothing was created. \
             Choose from {}",
            organization.name(),
            others.join(", ")
        );
    }
    let password = read_password()?;
    let email = create.email.clone();
    let mut roles = create.role;
    roles.sort_unstable();
    roles.dedup();
    let new = NewUser {
        organization: organization.id(),
        email: create.email,
        name: create.name,
        password: password::hash(password.expose())?,
        roles,
        language: create.language,
    };
    let context = super::context()?;
    let created = database.write_blocking(move |store| {
        organizations::create_user(store, &mut context.clone(), new.clone())
    });
    database.close();
    match created {
        Ok(user) => println!("{}", user.id),
        Err(Error::Store(StoreError::Duplicate(_))) => {
            bail!("{email} already belongs to an account; nothing was created. Use another address")
        }
        Err(error) => return Err(super::words(error)),
    }
    Ok(())
}

/// Reads the password from the first line of standard input.
fn read_password() -> Result<NewPassword> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("Type the password (it is shown while you type), then Enter:");
    }
    let mut line = String::new();
    // Enough for the longest password of 256 characters; longer ones are refused below.
    input
        .lock()
        .take(4096)
        .read_line(&mut line)
        .context("the password can't be read from standard input, or is not UTF-8")?;
    let typed = line.trim_end_matches('\n').trim_end_matches('\r');
    NewPassword::parse(typed).map_err(|error| {
        anyhow!("the password can't be used: {}; nothing was created", config::explain(error))
    })
}
