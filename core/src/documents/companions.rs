//! What the checklists lean on: `facts.yaml` and `standards.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::checklist::Bilingual;

/// `facts.yaml`: every fact that a condition may name or an item may feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactsDocument {
    /// The version of this structure: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: i32,
    /// The facts.
    pub facts: Vec<FactDeclaration>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactDeclaration {
    /// Its name; those of a contract begin with `contract.`.
    #[schemars(regex(pattern = r"^(contract\.)?[a-z][a-z0-9_]*$"))]
    pub code: String,
    /// Whether it is a number or a yes and no.
    #[serde(rename = "type")]
    pub kind: FactKind,
    /// The unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it is.
    pub title: Bilingual,
    /// Where it comes from.
    pub origin: FactOrigin,
}

/// The type of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// A number in a unit.
    Number,
    /// Yes or no.
    Boolean,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactOrigin {
    /// Kept with the centre.
    Facility,
    /// A parameter of the contract in force.
    Contract,
    /// Found in a visit.
    Visit,
}

/// `standards.yaml`: the standards that items cite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardsDocument {
    /// The version of this structure: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: i32,
    /// The sets.
    pub sets: Vec<StandardSet>,
}

/// One set of standards: a law, a decree, a guidance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardSet {
    /// Its id, the part of a citation before the colon.
    #[schemars(regex(pattern = r"^[A-Z][A-Z0-9]*$"))]
    pub id: String,
    /// Its title.
    pub title: Bilingual,
    /// Which edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Year of the edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it binds.
    pub legal_status: LegalStatus,
    /// Its numbers that items may cite.
    pub numbers: Numbers,
}

/// What a set of standards binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalStatus {
    /// Law.
    Binding,
    /// Guidance.
    Guidance,
    /// Agreed by contract.
    Contract,
    /// A proposal of this project.
    Own,
}

/// The numbers of a set that items may cite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Numbers {
    /// Whatever stands after the colon, and nothing as well.
    Any(AnyNumber),
    /// These only.
    Listed(Vec<StandardNumber>),
}

/// The word `any`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnyNumber {
    /// Any number.
    Any,
}

/// One standard of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardNumber {
    /// The part of a citation after the colon.
    pub number: String,
    /// What it asks, in our words.
    pub title: Bilingual,
}
