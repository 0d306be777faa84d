//! `accord partner-id`

use anyhow::{Result, bail};
use service::organizations::{self, NewPartnerId};
use service::{Error, StoreError};

use crate::cli::AddPartnerId;

/// `accord partner-id add`
pub(super) fn add(add: AddPartnerId) -> Result<()> {
    let database = super::open(&add.database.database)?;
    let organization = super::named_organization(&database, &add.organization)?;
    if organization.partner().is_none() {
        bail!("{} is not a partner; nothing was added", organization.name());
    }
    let id = add.id.clone();
    let new = NewPartnerId {
        organization: organization.id(),
        partner_id: add.id,
        kind: add.kind,
        name: add.name,
        country: add.country,
        city: add.city,
    };
    let context = super::context()?;
    let added = database
        .write_blocking(move |store| organizations::add_partner_id(store, &context, new.clone()));
    database.close();
    match added {
        Ok(account) => println!("{}", account.partner_id),
        Err(Error::Store(StoreError::Duplicate(_))) => {
            bail!("the Partner ID {id} already belongs to a partner; nothing was added")
        }
        Err(error) => return Err(super::words(error)),
    }
    Ok(())
}
