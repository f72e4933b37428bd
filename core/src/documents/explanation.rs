//! The arithmetic of a score as data: enough to work it out again by hand. It is made when it
//! is asked for, from what was stored, and is not stored itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::model::Aggregation;
use super::score::{AnswerValue, Band};

/// The rule that decided a band, in the order in which they are asked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = BandRule)]
pub enum Rule {
    /// A critical item failed.
    KnockOut,
    /// Nothing was due or nothing was observed.
    NothingScored,
    /// Less than the least coverage was observed.
    Coverage,
    /// A section with due items has none that was observed.
    UnseenSection,
    /// A dimension below the floor capped the band.
    DimensionFloor,
    /// The overall alone.
    Points,
}

impl Rule {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KnockOut => "knock_out",
            Self::NothingScored => "nothing_scored",
            Self::Coverage => "coverage",
            Self::UnseenSection => "unseen_section",
            Self::DimensionFloor => "dimension_floor",
            Self::Points => "points",
        }
    }
}

/// How a score came about.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ScoreExplanation)]
pub struct Explanation {
    /// From the dimensions to the overall.
    pub overall: OverallParts,
    /// From the items to each dimension, in the checklist's order.
    pub dimensions: Vec<DimensionParts>,
    /// From the overall to the band.
    pub band: BandReason,
    /// What would lift the band; null for the best one, or where nothing asked would.
    pub lift: Option<Lift>,
}

/// From the dimensions to the overall.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverallParts {
    /// How dimensions are joined: `arithmetic` adds `share * score`, `geometric` multiplies
    /// `score ^ share`.
    pub aggregation: Aggregation,
    /// The dimensions that have a score.
    pub parts: Vec<OverallPart>,
}

/// A dimension in the overall.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverallPart {
    /// The dimension.
    pub dimension: String,
    /// Its score, 0-100.
    pub score: f64,
    /// Its weight in the model.
    pub weight: f64,
    /// Its weight over that of all dimensions with a score, 0-1.
    pub share: f64,
}

/// From the items to a dimension.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DimensionParts {
    /// The dimension.
    pub code: String,
    /// 0-100: 100 times earned over observed weight; null where nothing was observed.
    pub score: Option<f64>,
    /// Sum of weight times value over what was observed.
    pub earned_weight: f64,
    /// Sum of weight over what was observed.
    pub observed_weight: f64,
    /// Sum of weight over what was due.
    pub due_weight: f64,
    /// Its items that can have a score, in the checklist's order.
    pub items: Vec<ItemParts>,
}

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemStanding {
    /// It counts with its value.
    Observed,
    /// It is due, and nobody looked.
    NotObserved,
    /// Its condition is false.
    ConditionFalse,
    /// It was answered `na`, or with an option that has no score.
    NotScored,
}

/// An item of a dimension.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ItemParts {
    /// The item.
    pub item: String,
    /// Where it stands.
    pub standing: ItemStanding,
    /// Its weight.
    pub weight: f64,
    /// What the answer is worth, 0-1; null where it was not observed or does not count.
    pub value: Option<f64>,
    /// Its points of the dimension's 100; null as `value`.
    pub points: Option<f64>,
    /// Points of the overall that it cost; null as `value`.
    pub points_lost: Option<f64>,
    /// Whether a failure of it knocks the visit out.
    pub critical: bool,
    /// The answer as sent; null where there is none.
    #[schema(value_type = Option<AnswerValue>)]
    pub answer: Value,
    /// The photos named by the answer.
    pub photos: Vec<String>,
}

/// From the overall to the band.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BandReason {
    /// The rule that decided the band.
    pub rule: Rule,
    /// The rule that decided the band without knock-outs.
    pub rule_by_points: Rule,
    /// Critical items that failed.
    pub knocked_out_by: Vec<String>,
    /// Sections, by code, with due items of which none was observed.
    pub unseen_sections: Vec<String>,
    /// Dimensions below the floor.
    pub below_floor: Vec<String>,
    /// The least coverage of the model, 0-1.
    pub coverage_minimum: f64,
    /// The floor of the model under every dimension, 0-100.
    pub floor: f64,
}

/// What would lift the band.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ScoreLift)]
pub struct Lift {
    /// The band it would then be; null where that depends on what is found.
    pub band: Option<Band>,
    /// The overall it would then be; null as `band`.
    pub overall: Option<f64>,
    /// Items that would have to be in order, in the order of the way.
    pub mend: Vec<LiftItem>,
    /// Items that would have to be looked at.
    pub observe: Vec<String>,
}

/// An item to be set right.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LiftItem {
    /// The item.
    pub item: String,
    /// Points of the overall that this would add, after those before it.
    pub points: f64,
}
