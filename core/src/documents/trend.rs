//! What is said of a measure over time. Knows the words only: when which of them is said is the
//! scoring's to decide.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a measure has changed within a year, as far as the visits can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TrendVerdict)]
pub enum Verdict {
    /// Better, beyond what chance explains.
    Improving,
    /// Worse, beyond what chance explains.
    Worsening,
    /// Chance alone may explain the difference.
    NoClearChange,
    /// Under three visits: nothing is said.
    TooFewVisits,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 4] =
        [Self::Improving, Self::Worsening, Self::NoClearChange, Self::TooFewVisits];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Improving => "improving",
            Self::Worsening => "worsening",
            Self::NoClearChange => "no_clear_change",
            Self::TooFewVisits => "too_few_visits",
        }
    }
}
