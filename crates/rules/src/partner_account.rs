//! Accounts of partners. Each has a Microsoft Partner ID.

use strum::{VariantArray, VariantNames};

use crate::{Cloud, CountryCode, DisplayName, OrganizationId, PartnerId, Refusal, string_enum};

/// Kind of account that a Microsoft Partner ID identifies. Both kinds share one number range.
/// See docs/domain.md, Microsoft Partner ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum AccountKind {
    /// Account of a whole company.
    Global,
    /// Account of one location. Only such an account can be a partner of record.
    Location,
}

string_enum!(AccountKind);

/// Account of a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerAccount {
    /// Partner ID of the account.
    pub partner_id: PartnerId,
    /// Partner that owns the account.
    pub partner: OrganizationId,
    /// Company or location.
    pub kind: AccountKind,
    /// Name of the account.
    pub name: DisplayName,
    /// Country or region of the account.
    pub country: CountryCode,
    /// City of the account.
    pub city: Option<DisplayName>,
    /// Clouds in which the partner works.
    pub clouds: Vec<Cloud>,
}

impl PartnerAccount {
    /// Checks that the account can be the partner of record of a subscription in this cloud.
    ///
    /// # Errors
    /// [`Refusal::PartnerIdIsGlobalAccount`], [`Refusal::PartnerNotInCloud`].
    pub fn ensure_eligible_as_partner_of_record(&self, cloud: Cloud) -> Result<(), Refusal> {
        if self.kind == AccountKind::Global {
            Err(Refusal::PartnerIdIsGlobalAccount)
        } else if self.clouds.contains(&cloud) {
            Ok(())
        } else {
            Err(Refusal::PartnerNotInCloud)
        }
    }
}

/// Reasons why a Partner ID cannot be a partner of record.
pub const UNUSABLE_PARTNER_ID: &[Refusal] =
    &[Refusal::PartnerIdNotFound, Refusal::PartnerIdIsGlobalAccount, Refusal::PartnerNotInCloud];
