//! The three clouds.

use crate::names;
use serde::{Deserialize, Serialize};

/// Where an organization lives. Nothing crosses clouds: an invitation, a
/// relationship and an agreement belong to exactly one (docs/domain.md, Clouds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Cloud {
    /// The worldwide cloud.
    Worldwide,
    /// The cloud in Germany.
    Germany,
    /// The cloud in China that 21Vianet operates.
    Vianet21,
}

names!(Cloud {
    Worldwide => "worldwide",
    Germany => "germany",
    Vianet21 => "21vianet",
});
