//! `planning.yaml`: how often each kind of centre should be visited, and what makes a visit
//! more urgent. The numbers are an office's own choice, and stand nowhere else.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checklist::Bilingual;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this structure: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: i32,
    /// Which plan this is.
    pub planning: Header,
    /// Days after which the next visit is due.
    pub interval_days: Intervals,
    /// What gives points, in the order in which reasons are told.
    pub points: Vec<Rule>,
}

/// Which plan this is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its permanent code.
    #[schemars(regex(pattern = r"^[A-Z0-9][A-Z0-9-]{1,31}$"))]
    pub code: String,
    /// Semantic version.
    #[schemars(regex(pattern = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"))]
    pub version: String,
    /// Its name.
    pub title: Bilingual,
}

/// Days from a visit to the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intervals {
    /// Of kinds of centre not named below.
    #[schemars(range(min = 1.0))]
    pub default: f64,
    /// By kind of centre.
    #[serde(default)]
    pub kinds: BTreeMap<String, f64>,
}

/// What one reason gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The reason.
    pub reason: ReasonCode,
    /// Points, 0 or more: once, or for each unit where the reason counts something.
    #[schemars(range(min = 0.0))]
    pub points: f64,
    /// The most it gives, where the reason counts something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    pub at_most: Option<f64>,
    /// From where on it gives points, where the reason has a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    pub limit: Option<f64>,
}

/// Why a centre should be visited soon.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = VisitReasonCode)]
pub enum ReasonCode {
    /// The interval of its kind has passed: points per interval beyond it.
    Overdue,
    /// No visit yet.
    NeverInspected,
    /// Critical items failed now: points each.
    OpenCritical,
    /// Its band by points is `insufficient`.
    Insufficient,
    /// Its best visit saw too little for a band.
    NotEnoughData,
    /// Its trend is said to be worsening.
    Worsening,
    /// Coverage below the limit, 0 to 1.
    LowCoverage,
    /// Half the width of its level's interval is above the limit, in points of score.
    WideUncertainty,
    /// Guests above the limit: points each.
    ManyGuests,
    /// Minors are there.
    MinorsPresent,
}

impl ReasonCode {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::Overdue,
        Self::NeverInspected,
        Self::OpenCritical,
        Self::Insufficient,
        Self::NotEnoughData,
        Self::Worsening,
        Self::LowCoverage,
        Self::WideUncertainty,
        Self::ManyGuests,
        Self::MinorsPresent,
    ];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::NeverInspected => "never_inspected",
            Self::OpenCritical => "open_critical",
            Self::Insufficient => "insufficient",
            Self::NotEnoughData => "not_enough_data",
            Self::Worsening => "worsening",
            Self::LowCoverage => "low_coverage",
            Self::WideUncertainty => "wide_uncertainty",
            Self::ManyGuests => "many_guests",
            Self::MinorsPresent => "minors_present",
        }
    }

    /// Whether it gives points for each unit, and so needs `at_most`.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Overdue | Self::OpenCritical | Self::ManyGuests)
    }

    /// Whether it needs a `limit`. (That of `overdue` is the interval of the kind.)
    #[must_use]
    pub fn has_limit(self) -> bool {
        matches!(self, Self::LowCoverage | Self::WideUncertainty | Self::ManyGuests)
    }
}
