//! `accord organization`

use anyhow::{Result, bail};
use service::Error;
use service::StoreError;
use service::model::PartnerFacts;
use service::organizations::{self, NewOrganization};
use store::Database;

use crate::cli::CreateOrganization;

/// `accord organization create`
pub(super) fn create(create: CreateOrganization) -> Result<()> {
    let domain = create.domain.clone();
    let partner = create.partner_id.zip(create.email).map(|(partner_id, email)| PartnerFacts {
        partner_id,
        email,
        phone: create.phone,
        address: create.address,
    });
    let (Some(cloud), more_clouds) = (create.cloud.first().copied(), create.cloud.iter().skip(1))
    else {
        bail!("an organization needs a cloud; name one with --cloud");
    };
    if partner.is_none() && create.cloud.iter().any(|other| *other != cloud) {
        bail!(
            "a customer lives in one cloud, and several were named; name one, or make it a \
             partner with --partner-id"
        );
    }
    let new = NewOrganization {
        name: create.name,
        domain: create.domain,
        country: create.country,
        cloud,
        more_clouds: more_clouds.copied().collect(),
        partner,
    };
    let database = Database::open(&create.database.database)?;
    let context = super::context()?;
    let created = database.write_blocking(move |store| {
        organizations::create(store, &mut context.clone(), new.clone())
    });
    database.close();
    match created {
        Ok(organization) => println!("{}", organization.id),
        Err(Error::Store(StoreError::Duplicate(what))) => bail!(
            "{what} already belongs to an organization; nothing was created for {domain}. Use \
             that organization, or another domain or Partner ID"
        ),
        Err(error) => return Err(super::words(error)),
    }
    Ok(())
}
