//! `accord organization`

use anyhow::{Result, bail};
use service::Error;
use service::StoreError;
use service::model::{PartnerClouds, PartnerFacts};
use service::organizations::{self, NewOrganization, NewOrganizationKind};
use store::Database;

use crate::cli::CreateOrganization;

/// `accord organization create`
pub(super) fn create(create: CreateOrganization) -> Result<()> {
    let domain = create.domain.clone();
    let [cloud, more @ ..] = create.cloud.as_slice() else {
        bail!("an organization needs a cloud; name one with --cloud");
    };
    let kind = match create.partner_id.zip(create.email) {
        Some((partner_id, email)) => NewOrganizationKind::Partner {
            clouds: PartnerClouds::new(*cloud, more.iter().copied()),
            facts: PartnerFacts { partner_id, email, phone: create.phone, address: create.address },
        },
        None if more.iter().any(|other| other != cloud) => bail!(
            "a customer lives in one cloud, and several were named; name one, or make it a \
             partner with --partner-id"
        ),
        None => NewOrganizationKind::Customer { cloud: *cloud },
    };
    let new =
        NewOrganization { name: create.name, domain: create.domain, country: create.country, kind };
    let database = Database::open(&create.database.database)?;
    let context = super::context()?;
    let created = database.write_blocking(move |store| {
        organizations::create(store, &mut context.clone(), new.clone())
    });
    database.close();
    match created {
        Ok(organization) => println!("{}", organization.id()),
        Err(Error::Store(StoreError::Duplicate(what))) => bail!(
            "{what} already belongs to an organization; nothing was created for {domain}. Use \
             that organization, or another domain or Partner ID"
        ),
        Err(error) => return Err(super::words(error)),
    }
    Ok(())
}
