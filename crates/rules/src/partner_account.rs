//! The accounts of partners, by their Microsoft Partner IDs.

use strum::{VariantArray, VariantNames};

use crate::{Cloud, CountryCode, DisplayName, OrganizationId, PartnerId, Refusal, string_enum};

/// What a Microsoft Partner ID stands for; both kinds are of the same space of numbers
/// (domain section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum AccountKind {
    /// A whole company.
    Global,
    /// One location of it: what can be a partner of record.
    Location,
}

string_enum!(AccountKind);

/// One Microsoft Partner ID of a partner, and the account that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerAccount {
    /// The ID.
    pub partner_id: PartnerId,
    /// The partner.
    pub partner: OrganizationId,
    /// A whole company or one of its locations.
    pub kind: AccountKind,
    /// The account's name.
    pub name: DisplayName,
    /// The country or region where it is.
    pub country: CountryCode,
    /// The city where it is.
    pub city: Option<DisplayName>,
    /// The clouds in which the partner works.
    pub clouds: Vec<Cloud>,
}

impl PartnerAccount {
    /// Whether it can be the partner of record of a subscription in this cloud.
    ///
    /// # Errors
    /// [`Refusal::PartnerIdIsGlobalAccount`], [`Refusal::PartnerNotInCloud`].
    pub fn may_be_partner_of_record(&self, cloud: Cloud) -> Result<(), Refusal> {
        if self.kind == AccountKind::Global {
            Err(Refusal::PartnerIdIsGlobalAccount)
        } else if self.clouds.contains(&cloud) {
            Ok(())
        } else {
            Err(Refusal::PartnerNotInCloud)
        }
    }
}
