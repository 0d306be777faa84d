//! The three clouds. See docs/domain.md, Clouds.

use strum::{VariantArray, VariantNames};

use crate::string_enum;

/// Cloud of an organization. Invitations, relationships and agreements belong to exactly one
/// cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum Cloud {
    /// Worldwide cloud.
    Worldwide,
    /// Cloud in Germany.
    Germany,
    /// Cloud in China, operated by 21Vianet.
    #[strum(serialize = "21vianet")]
    Vianet21,
}

string_enum!(Cloud);

impl Cloud {
    /// Returns true if invitations in this cloud can have terms and an offer of the partner.
    /// There, the first partner of record of a subscription comes with such an offer.
    #[must_use]
    pub const fn has_offers(self) -> bool {
        match self {
            Self::Worldwide | Self::Germany => false,
            Self::Vianet21 => true,
        }
    }
}
