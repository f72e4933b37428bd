//! `indicators.yaml`: what is counted and divided beside the scores. A formula is data with a
//! small set of operators, so that it can be checked before it is used, shown as it is, and
//! made into closures once. What the names in it mean is `checklist`'s to say, what it comes
//! to is `scoring`'s.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::checklist::{Bilingual, Direction, Limits};

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this structure: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: i32,
    /// Which set of indicators this is.
    pub indicators: Header,
    /// The indicators, in the order in which they are shown.
    pub definitions: Vec<Definition>,
}

/// Which set of indicators this is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its permanent code.
    #[schemars(regex(pattern = r"^[A-Z0-9][A-Z0-9-]{1,31}$"))]
    pub code: String,
    /// Semantic version; what was published under one never changes.
    #[schemars(regex(pattern = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"))]
    pub version: String,
    /// Its name.
    pub title: Bilingual,
}

/// One indicator: a single `value`, or `numerator` over `denominator`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Stable for ever, never reused.
    #[schemars(regex(pattern = r"^IND-[A-Z]{3}-[0-9]{2}$"))]
    pub code: String,
    /// Its name.
    pub title: Bilingual,
    /// The dimension of quality that it speaks of; not only those of checklists.
    #[schemars(regex(pattern = r"^[A-Z][A-Z_]*$"))]
    pub dimension: String,
    /// The unit of its value. `percent`: 100 times a quotient of like units; else that of the
    /// formula, where `persons` over `fixtures` is `persons_per_fixture`. `count` has no
    /// dimension.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub unit: String,
    /// A single value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Expression")]
    pub value: Option<Expression>,
    /// What is divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Expression")]
    pub numerator: Option<Expression>,
    /// What it is divided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Expression")]
    pub denominator: Option<Expression>,
    /// The value in checklists that cannot give the quotient, because they ask for it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Expression")]
    pub otherwise: Option<Expression>,
    /// Whether its author has seen that the denominator is zero or missing in some visits,
    /// which then have no value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub may_be_empty: bool,
    /// Which numbers are better.
    pub direction: Direction,
    /// The limit of `good`; without it the indicator has no level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Limits")]
    pub good: Option<Limits>,
    /// The limit of `fair`; without it what is not good is poor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Limits")]
    pub fair: Option<Limits>,
    /// Whether `poor` is a critical warning.
    #[serde(default, skip_serializing_if = "is_false")]
    pub critical: bool,
    /// The standards it comes from, as `SET:NUMBER`.
    #[schemars(length(min = 1))]
    pub source: Vec<String>,
    /// How to read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Bilingual")]
    pub note: Option<Bilingual>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Definition {
    /// Its expressions, each with its key in the file.
    pub fn expressions(&self) -> impl Iterator<Item = (&'static str, &Expression)> {
        let each = [
            ("value", &self.value),
            ("numerator", &self.numerator),
            ("denominator", &self.denominator),
            ("otherwise", &self.otherwise),
        ];
        each.into_iter().filter_map(|(key, part)| Some((key, part.as_ref()?)))
    }

    /// Whether its value is a quotient of like units times 100.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        self.unit == "percent"
    }

    /// Whether it speaks of the visits of a centre and not of one visit.
    #[must_use]
    pub fn is_history(&self) -> bool {
        self.expressions().any(|(_, part)| part.any(&|e| matches!(e, Expression::History(_))))
    }
}

/// A formula: a map of one key, the operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// The value of a fact; yes is 1, no is 0.
    Fact(String),
    /// The number answered to an item whose condition holds.
    Item(String),
    /// What the answer to an item is worth, 0 to 1, when it is due and observed.
    Compliance(String),
    /// A number.
    Number(f64),
    /// All added.
    Sum(Vec<Expression>),
    /// All multiplied.
    Product(Vec<Expression>),
    /// The first less all others.
    Difference(Vec<Expression>),
    /// The smallest of all.
    Smallest(Vec<Expression>),
    /// The largest of all.
    Largest(Vec<Expression>),
    /// The first that has a value; what a checklist cannot give is passed over.
    FirstOf(Vec<Expression>),
    /// What the answers to those of these items that are due and observed are worth together.
    Passed(Vec<String>),
    /// How many of these items are due and observed and worth nothing. No value where some
    /// are due and none was observed; 0 where none is due.
    Failed(Vec<String>),
    /// How many of these items are due and observed.
    Observed(Vec<String>),
    /// A weight of the whole visit.
    Weight(Weight),
    /// What is known of the visits of a centre.
    History(History),
}

/// A weight of the whole visit, over all scored items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Weight times what the answers were worth.
    Earned,
    /// Weight of what was observed.
    Observed,
    /// Weight of what was due.
    Due,
}

impl Weight {
    /// Its name in a formula.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::Observed => "observed",
            Self::Due => "due",
        }
    }
}

/// What is known of the visits of a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// Days since the last visit ended.
    DaysSinceLastVisit,
    /// Critical items that are failed now.
    CriticalOpen,
    /// Days since the oldest of those was first found; 0 where there is none.
    OldestCriticalDays,
    /// Items that failed in the last two visits with one checklist.
    RepeatedFailures,
}

impl History {
    /// Its name in a formula.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DaysSinceLastVisit => "days_since_last_visit",
            Self::CriticalOpen => "critical_open",
            Self::OldestCriticalDays => "oldest_critical_days",
            Self::RepeatedFailures => "repeated_failures",
        }
    }
}

impl Expression {
    /// Its operator.
    #[must_use]
    pub fn operator(&self) -> &'static str {
        match self {
            Self::Fact(_) => "fact",
            Self::Item(_) => "item",
            Self::Compliance(_) => "compliance",
            Self::Number(_) => "number",
            Self::Sum(_) => "sum",
            Self::Product(_) => "product",
            Self::Difference(_) => "difference",
            Self::Smallest(_) => "smallest",
            Self::Largest(_) => "largest",
            Self::FirstOf(_) => "first_of",
            Self::Passed(_) => "passed",
            Self::Failed(_) => "failed",
            Self::Observed(_) => "observed",
            Self::Weight(_) => "weight",
            Self::History(_) => "history",
        }
    }

    /// The expressions it is made of.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Sum(all)
            | Self::Product(all)
            | Self::Difference(all)
            | Self::Smallest(all)
            | Self::Largest(all)
            | Self::FirstOf(all) => all,
            _ => &[],
        }
    }

    /// Whether it, or a part of it at any depth, is such.
    pub fn any(&self, is_such: &dyn Fn(&Self) -> bool) -> bool {
        is_such(self) || self.parts().iter().any(|part| part.any(is_such))
    }
}

// The same structure with every operator as a key of its own: its schema lets a fault be
// named at the key where it is, and not at the whole formula.
/// A formula: a map of one key, the operator.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
#[schemars(deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
struct OneOperator {
    /// The value of a fact; yes is 1, no is 0.
    fact: String,
    /// The number answered to an item.
    item: String,
    /// What the answer to an item is worth, 0 to 1, when it is due and observed.
    compliance: String,
    /// A number.
    number: f64,
    /// All added.
    #[schemars(length(min = 1))]
    sum: Vec<Expression>,
    /// All multiplied.
    #[schemars(length(min = 1))]
    product: Vec<Expression>,
    /// The first less all others.
    #[schemars(length(min = 2))]
    difference: Vec<Expression>,
    /// The smallest of all.
    #[schemars(length(min = 1))]
    smallest: Vec<Expression>,
    /// The largest of all.
    #[schemars(length(min = 1))]
    largest: Vec<Expression>,
    /// The first that has a value; what a checklist cannot give is passed over.
    #[schemars(length(min = 1))]
    first_of: Vec<Expression>,
    /// What the answers to those of these items that are due and observed are worth together.
    #[schemars(length(min = 1))]
    passed: Vec<String>,
    /// How many of these items are due and observed and worth nothing.
    #[schemars(length(min = 1))]
    failed: Vec<String>,
    /// How many of these items are due and observed.
    #[schemars(length(min = 1))]
    observed: Vec<String>,
    /// A weight of the whole visit.
    weight: Weight,
    /// What is known of the visits of a centre.
    history: History,
}

impl JsonSchema for Expression {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = OneOperator::json_schema(generator);
        schema.remove("required");
        schema
    }
}
