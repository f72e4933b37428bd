//! What would become of history under another scoring model: kept as the result of a job, and
//! served as it is kept.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::explanation::Rule;
use super::score::{Band, IndicatorLevel, ModelVersion};

/// Two models over the same visits, with the facts frozen at each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ModelComparison)]
pub struct Comparison {
    /// The published model.
    pub published: ModelVersion,
    /// The model that is tried.
    pub proposed: ModelVersion,
    /// The visits that count.
    pub visits: Distribution,
    /// The active centres that were ever visited, by the band of their scorecard.
    pub centres: Distribution,
    /// The centres whose band would change, by territory and code.
    pub moved: Vec<MovedCentre>,
    /// The indicators whose levels would change, by code.
    pub indicators: Vec<IndicatorShift>,
}

/// How many stand in each band under the two models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BandDistribution)]
pub struct Distribution {
    /// How many there are.
    #[schema(format = Int64)]
    pub total: u64,
    /// How many would change their band.
    #[schema(format = Int64)]
    pub changed: u64,
    /// How many stand in each band, from the worst; bands of nobody are left out.
    pub bands: Vec<BandCount>,
    /// How many would go from which band into which, and which rules decided.
    pub moves: Vec<Move>,
}

/// How many stand in a band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BandCount {
    /// The band.
    pub band: Band,
    /// Under the published model.
    #[schema(format = Int64)]
    pub before: u64,
    /// Under the model that is tried.
    #[schema(format = Int64)]
    pub after: u64,
}

/// How many would go from one band into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BandMove)]
pub struct Move {
    /// The band under the published model.
    pub from: Band,
    /// The rule that decided it.
    pub rule_before: Rule,
    /// The band under the model that is tried.
    pub to: Band,
    /// The rule that decided it.
    pub rule_after: Rule,
    /// How many.
    #[schema(format = Int64)]
    pub count: u64,
}

/// A centre whose band would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MovedCentre {
    /// The centre.
    #[schema(format = "uuid")]
    pub facility_id: String,
    /// Its code.
    pub facility: String,
    /// Its territory.
    pub territory: String,
    /// The band under the published model.
    pub from: Band,
    /// The rule that decided it.
    pub rule_before: Rule,
    /// The band under the model that is tried.
    pub to: Band,
    /// The rule that decided it.
    pub rule_after: Rule,
    /// The overall of its base under the published model, 0-100.
    pub overall_before: Option<f64>,
    /// The overall of its base under the model that is tried, 0-100.
    pub overall_after: Option<f64>,
    /// Critical items failed now, under the model that is tried.
    pub critical_after: Vec<String>,
    /// The visit that speaks for it under the model that is tried.
    #[schema(format = "uuid")]
    pub inspection_id: String,
}

/// How the levels of an indicator would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndicatorShift {
    /// The indicator.
    pub code: String,
    /// The level; null for visits without a value or a level.
    pub level: Option<IndicatorLevel>,
    /// How many visits have it under the published model.
    #[schema(format = Int64)]
    pub before: u64,
    /// How many under the model that is tried.
    #[schema(format = Int64)]
    pub after: u64,
}
