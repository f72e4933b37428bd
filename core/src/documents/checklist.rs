//! A checklist as its file holds it and as the API serves it: one versioned instrument,
//! Italian and English. The structure is checked by the JSON Schema made from these types;
//! what they mean is `checklist`'s to say.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Italian.
    #[schemars(length(min = 1))]
    pub it: String,
    /// English.
    #[schemars(length(min = 1))]
    pub en: String,
}

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Checklist)]
pub struct Document {
    /// The version of this structure: 1.
    #[schemars(range(min = 1, max = 1))]
    #[schema(minimum = 1, maximum = 1)]
    pub schema_version: i32,
    /// What the checklist is.
    pub checklist: Header,
    /// Lists of options that several items share, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub option_sets: BTreeMap<String, OptionSet>,
    /// Its sections, in the order of the visit.
    #[schemars(length(min = 1))]
    pub sections: Vec<Section>,
}

/// What the checklist is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistHeader)]
pub struct Header {
    /// Its permanent code, such as `CAS-COLL`.
    #[schemars(regex(pattern = r"^[A-Z0-9][A-Z0-9-]{1,31}$"))]
    pub code: String,
    /// Semantic version, such as `1.0.0`; what was published under one never changes.
    #[schemars(regex(pattern = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"))]
    pub version: String,
    /// Its name.
    pub title: Bilingual,
    /// What it is for.
    pub description: Bilingual,
    /// The kinds of centre it is offered for, in order; it refuses none.
    pub facility_kinds: Vec<String>,
    /// Who answers.
    pub respondent: Respondent,
    /// Whether answers carry no person; such a checklist takes no inspections.
    pub anonymous: bool,
    /// How long a visit with it takes.
    #[schemars(range(min = 1))]
    pub estimated_minutes: i32,
    /// Languages of its texts.
    pub languages: Vec<String>,
    /// Days to mend a failed item, per weight class and for critical ones.
    pub default_deadline_days: DeadlineDays,
    /// What may be photographed.
    pub photo_policy: PhotoPolicy,
    /// Fewest answers from which results are shown (anonymous checklists).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_respondents_to_show: Option<i32>,
    /// Only adults may be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adults_only: Option<bool>,
    /// No device id may be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_device_identifier: Option<bool>,
    /// No position may be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_geolocation: Option<bool>,
    /// Whether photos may be taken at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos_allowed: Option<bool>,
    /// What to do when somebody tells of danger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safeguarding: Option<Bilingual>,
    /// Where its items come from.
    pub sources: Vec<Source>,
}

/// Who answers a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChecklistRespondent)]
pub enum Respondent {
    /// The monitors.
    Inspector,
    /// The guests themselves.
    Guest,
}

/// Days to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistDeadlines)]
pub struct DeadlineDays {
    /// For critical items.
    pub critical: i32,
    /// For weight class A.
    #[serde(rename = "A")]
    pub a: i32,
    /// For weight class B.
    #[serde(rename = "B")]
    pub b: i32,
    /// For weight class C.
    #[serde(rename = "C")]
    pub c: i32,
}

/// What may be photographed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistPhotoPolicy)]
pub struct PhotoPolicy {
    /// The rules an item may carry.
    pub values: Vec<PhotoRule>,
    /// Italian.
    #[schemars(length(min = 1))]
    pub it: String,
    /// English.
    #[schemars(length(min = 1))]
    pub en: String,
}

/// Whether an item asks for a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChecklistPhotoRule)]
pub enum PhotoRule {
    /// Never.
    None,
    /// If the monitor likes.
    Optional,
    /// When the item fails.
    OnFail,
    /// Always.
    Required,
}

/// A source of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistSource)]
pub struct Source {
    /// The set's id in `standards.yaml`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How well it was checked.
    pub confidence: Confidence,
}

/// How well a source was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChecklistSourceConfidence)]
pub enum Confidence {
    /// Read.
    Found,
    /// Read in part.
    PartlyFound,
    /// To be checked against the text in force.
    ToVerify,
    /// A proposal of this project.
    OwnProposal,
}

/// A list of options that several items share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistOptionSet)]
pub struct OptionSet {
    /// Italian name.
    #[schemars(length(min = 1))]
    pub it: String,
    /// English name.
    #[schemars(length(min = 1))]
    pub en: String,
    /// The options.
    #[schemars(length(min = 1))]
    pub options: Vec<Choice>,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistOption)]
pub struct Choice {
    /// What is stored.
    #[schemars(length(min = 1))]
    pub value: String,
    /// Italian.
    #[schemars(length(min = 1))]
    pub it: String,
    /// English.
    #[schemars(length(min = 1))]
    pub en: String,
    /// From 0 to 1; an option without score makes the item unscored for that answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub score: Option<f64>,
}

/// A block of items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistSection)]
pub struct Section {
    /// Its code within the checklist.
    pub code: String,
    /// Its name.
    pub title: Bilingual,
    /// The dimension of quality that its items measure.
    #[schemars(regex(pattern = r"^[A-Z][A-Z_]*$"))]
    pub dimension: String,
    /// Its items.
    #[schemars(length(min = 1))]
    pub items: Vec<Item>,
}

/// One thing to check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistItem)]
pub struct Item {
    /// Stable for ever, never reused.
    #[schemars(regex(pattern = r"^[A-Z0-9][A-Z0-9-]{1,31}$"))]
    pub code: String,
    /// What is asked.
    pub question: Bilingual,
    /// What an answer is.
    pub answer_type: AnswerType,
    /// Whether several options may be chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple: Option<bool>,
    /// Whether a respondent may pass it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skippable: Option<bool>,
    /// The options of a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Choice>>,
    /// The name of the option set of a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option_set: Option<String>,
    /// The unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The least number possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The largest number possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Whether a number is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integer: Option<bool>,
    /// How a number is scored; without it, not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<NumberScoring>,
    /// The standards it comes from, as `SET:NUMBER`.
    #[schemars(length(min = 1))]
    pub source: Vec<String>,
    /// How much it weighs.
    pub weight_class: WeightClass,
    /// Whether its failure knocks the centre out of the good bands.
    pub critical: bool,
    /// Whether it asks for a photo.
    pub photo: PhotoRule,
    /// The facts and indicators (`IND-…`) that its answer feeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<String>,
    /// When it applies: `FACT` or `FACT OP NUMBER`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_when: Option<String>,
    /// How to check it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Bilingual>,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChecklistAnswerType)]
pub enum AnswerType {
    /// Compliance with a half.
    YesPartialNoNa,
    /// Compliance without a half.
    YesNoNa,
    /// A number in a unit.
    Number,
    /// One option, or several.
    Choice,
    /// Free text, never scored.
    Text,
}

/// The weight of an item; the numbers are in `scoring.yaml`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, ToSchema,
)]
#[schema(as = ChecklistWeightClass)]
pub enum WeightClass {
    /// Heavy.
    A,
    /// Middle.
    B,
    /// Light.
    C,
    /// For information, not scored.
    I,
}

/// How a number is scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChecklistNumberScoring)]
pub struct NumberScoring {
    /// Which numbers are better.
    pub direction: Direction,
    /// The limit of full marks; two limits for a range, both included.
    pub full: Limits,
    /// The limit of half marks; two limits for a range, both included.
    pub partial: Limits,
}

/// Which numbers are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChecklistDirection)]
pub enum Direction {
    /// At or above the limit.
    HigherIsBetter,
    /// At or below the limit.
    LowerIsBetter,
    /// Within the limits.
    Range,
}

/// One limit, or two for a range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(untagged)]
#[schema(as = ChecklistLimits)]
pub enum Limits {
    /// One limit.
    One(f64),
    /// The lower and the upper.
    Two([f64; 2]),
}
