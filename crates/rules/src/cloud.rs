//! The three clouds.

use strum::{VariantArray, VariantNames};

use crate::string_enum;

/// Where an organization lives. Nothing crosses clouds: an invitation, a
/// relationship and an agreement belong to exactly one (domain section 1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum Cloud {
    /// The worldwide cloud.
    Worldwide,
    /// The cloud in Germany.
    Germany,
    /// The cloud in China that 21Vianet operates.
    #[strum(serialize = "21vianet")]
    Vianet21,
}

string_enum!(Cloud);
