//! A score as it is stored and served: numbers in full precision, and what made them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The band of a visit or a centre (fascia), from the worst.
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
pub enum Band {
    /// A critical item failed.
    Critical,
    /// Below the lowest limit.
    Insufficient,
    /// Too little was observed.
    NotEnoughData,
    /// No visit yet.
    NeverInspected,
    /// Da migliorare.
    ToImprove,
    /// Adeguato.
    Adequate,
    /// Buono.
    Good,
}

impl Band {
    /// All bands, from the worst: the order of a territory's list.
    pub const ALL: [Self; 7] = [
        Self::Critical,
        Self::Insufficient,
        Self::NotEnoughData,
        Self::NeverInspected,
        Self::ToImprove,
        Self::Adequate,
        Self::Good,
    ];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Insufficient => "insufficient",
            Self::NotEnoughData => "not_enough_data",
            Self::NeverInspected => "never_inspected",
            Self::ToImprove => "to_improve",
            Self::Adequate => "adequate",
            Self::Good => "good",
        }
    }

    /// The band of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.as_str() == name)
    }
}

/// The score of an inspection under one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// 0-100; null where no dimension has a score.
    #[schema(minimum = 0, maximum = 100)]
    pub overall: Option<f64>,
    /// Share of due weight that was observed, 0-1; null where nothing was due.
    #[schema(minimum = 0, maximum = 1)]
    pub coverage: Option<f64>,
    /// The band.
    pub band: Band,
    /// What the band would be without knock-outs.
    pub band_by_points: Band,
    /// Per dimension, in the checklist's order.
    pub dimensions: Vec<DimensionScore>,
    /// Indicators with their inputs.
    pub indicators: Vec<IndicatorValue>,
    /// The critical items that failed.
    pub knocked_out_by: Vec<String>,
    /// The five items that cost the most points.
    pub costliest: Vec<CostlyItem>,
    /// The checklist that was answered.
    pub checklist: ChecklistVersion,
    /// The model that made the score.
    pub model: ModelVersion,
    /// When it was computed.
    #[schema(format = DateTime)]
    pub computed_at: String,
}

/// The score of one dimension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DimensionScore {
    /// Its code.
    pub code: String,
    /// 0-100; null where no item was observed.
    #[schema(minimum = 0, maximum = 100)]
    pub score: Option<f64>,
    /// Share of its due weight that was observed, 0-1.
    #[schema(minimum = 0, maximum = 1)]
    pub coverage: f64,
    /// Weight observed.
    pub observed_weight: f64,
    /// Weight due.
    pub due_weight: f64,
}

/// The value of an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IndicatorValue {
    /// Its code.
    pub code: String,
    /// Its value in its unit; null where an input is missing or zero divides.
    pub value: Option<f64>,
    /// What was divided; null for a single value, or where an input is missing.
    #[serde(default)]
    pub numerator: Option<f64>,
    /// What it was divided by; null for a single value, or where an input is missing.
    #[serde(default)]
    pub denominator: Option<f64>,
    /// How good that is; null without a value, or for an indicator without limits.
    pub level: Option<IndicatorLevel>,
    /// Whether this is a warning: it is poor, and that is critical.
    #[serde(default)]
    pub critical: bool,
    /// The answers and facts it was made of.
    pub inputs: Vec<IndicatorInput>,
}

/// How good the value of an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorLevel {
    /// Buono.
    Good,
    /// Discreto.
    Fair,
    /// Scarso.
    Poor,
}

impl IndicatorLevel {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Poor => "poor",
        }
    }
}

/// Something that the value of an indicator was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IndicatorInput {
    /// What it is.
    pub kind: InputKind,
    /// The fact, the item, the weight or the figure of the history.
    pub code: String,
    /// Its value; null where it is missing or does not count.
    pub value: Option<f64>,
}

/// What an input of an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IndicatorInputKind)]
pub enum InputKind {
    /// A fact of the centre, its contract or the visit.
    Fact,
    /// The number answered to an item.
    Item,
    /// What the answer to an item is worth, 0-1.
    Compliance,
    /// A weight of the whole visit.
    Weight,
    /// A figure of the visits of the centre.
    History,
}

/// An item and what it cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CostlyItem {
    /// The item.
    pub item: String,
    /// Points of the overall that it cost.
    pub points_lost: f64,
    /// The answer as sent.
    #[schema(value_type = AnswerValue)]
    pub answer: serde_json::Value,
    /// The photos named by the answer.
    pub photos: Vec<String>,
}

/// A compliance, an option or a text; a number; several options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnswerValue {
    /// A compliance, an option or a text.
    Text(String),
    /// A number in the item's unit.
    Number(f64),
    /// Several options.
    List(Vec<String>),
}

/// A checklist by code and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChecklistVersion {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: String,
}

/// A scoring model by code, version and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelVersion {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: String,
    /// The digest of its content.
    pub digest: String,
}
