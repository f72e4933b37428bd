//! `scoring.yaml`: the one place where the numbers of scoring live.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checklist::{Bilingual, WeightClass};
use super::finding::Severity;
use super::score::Band;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScoringModelDocument)]
pub struct Document {
    /// The version of this structure: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: i32,
    /// Which model this is.
    pub scoring: Header,
    /// The weight of each class, 0 or more.
    pub weight_classes: WeightClasses,
    /// What each compliance is worth, 0 to 1.
    pub answer_values: AnswerValues,
    /// How dimensions make the overall.
    pub aggregation: Aggregation,
    /// The weight of each dimension in the overall, above 0; one not named weighs 1.
    #[serde(default)]
    pub dimension_weights: BTreeMap<String, f64>,
    /// The least share of due weight that must be observed, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub coverage_minimum: f64,
    /// The least overall of each band, 0 to 100.
    pub bands: BandLimits,
    /// The floor under every dimension.
    pub dimension_floor: DimensionFloor,
    /// Which items knock a visit out beside those that their checklist calls critical.
    #[serde(default, skip_serializing_if = "KnockOuts::is_empty")]
    pub knock_outs: KnockOuts,
    /// What opens a finding, and how grave it is.
    #[serde(default, skip_serializing_if = "FindingRules::are_usual")]
    pub findings: FindingRules,
    /// Days after which a base is stale.
    #[schemars(range(min = 1))]
    pub stale_after_days: i32,
    /// The main checklist of each kind of centre.
    pub main_checklists: BTreeMap<String, String>,
}

/// Which model this is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScoringModelHeader)]
pub struct Header {
    /// Its permanent code.
    #[schemars(regex(pattern = r"^[A-Z0-9][A-Z0-9-]{1,31}$"))]
    pub code: String,
    /// Semantic version; what was published under one never changes.
    #[schemars(regex(pattern = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"))]
    pub version: String,
    /// Its name.
    pub title: Bilingual,
    /// The civil day from which it is the published model, `YYYY-MM-DD`; without one, from the
    /// beginning. Of several whose day has come the one with the latest day is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub published_from: Option<String>,
}

/// How a model departs from what the checklists call critical.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnockOuts {
    /// Items that knock out although their checklist does not call them critical.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Items that do not knock out although their checklist calls them critical.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

impl KnockOuts {
    /// Whether the checklists alone decide.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.also.is_empty() && self.except.is_empty()
    }
}

/// What opens a finding, and how grave it is. A due item worth 0 always opens one; where it
/// knocks the visit out, a critical one. A model that says nothing has the usual rules, and is
/// the same document as one that writes them out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingRules {
    /// The weight classes of which an answer worth less than 1 opens a finding too.
    pub partial: Vec<WeightClass>,
    /// How grave the failure of an item is that does not knock the visit out.
    pub severities: Severities,
}

impl Default for FindingRules {
    fn default() -> Self {
        Self { partial: vec![WeightClass::A], severities: Severities::default() }
    }
}

impl FindingRules {
    /// Whether they are those of a model that says nothing.
    #[must_use]
    pub fn are_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// How grave a failure is, by weight class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Severities {
    /// Heavy.
    #[serde(rename = "A")]
    pub a: Severity,
    /// Middle.
    #[serde(rename = "B")]
    pub b: Severity,
    /// Light.
    #[serde(rename = "C")]
    pub c: Severity,
}

impl Default for Severities {
    fn default() -> Self {
        Self { a: Severity::Major, b: Severity::Minor, c: Severity::Minor }
    }
}

/// The weight of each class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightClasses {
    /// Heavy.
    #[serde(rename = "A")]
    #[schemars(range(min = 0.0))]
    pub a: f64,
    /// Middle.
    #[serde(rename = "B")]
    #[schemars(range(min = 0.0))]
    pub b: f64,
    /// Light.
    #[serde(rename = "C")]
    #[schemars(range(min = 0.0))]
    pub c: f64,
    /// For information.
    #[serde(rename = "I")]
    #[schemars(range(min = 0.0))]
    pub i: f64,
}

/// What each compliance is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerValues {
    /// Conforme.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub yes: f64,
    /// Parzialmente conforme.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub partial: f64,
    /// Non conforme.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub no: f64,
}

/// How dimensions make the overall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// Weighted arithmetic mean.
    Arithmetic,
    /// Weighted geometric mean, which punishes unevenness.
    Geometric,
}

/// The least overall of each band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BandLimits {
    /// Buono.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub good: f64,
    /// Adeguato.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub adequate: f64,
    /// Da migliorare.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub to_improve: f64,
}

/// The floor under every dimension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionFloor {
    /// A dimension below this many points caps the band.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub below: f64,
    /// The best band then possible.
    pub cap: Band,
}
