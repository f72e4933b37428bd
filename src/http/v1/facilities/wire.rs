//! What the operations on centres send and answer.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;
use vigila_core::domain::{self, FacilityKind, FactValue, Facts};

use crate::app::facilities::{FacilityView, Imported};
use crate::http::paging::Links;

/// A centre. Optional members that it does not have are left out.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = example)]
pub struct Facility {
    /// Its permanent id.
    pub id: Uuid,
    /// Its permanent code.
    #[schema(pattern = "^[A-Z0-9][A-Z0-9-]{1,31}$", example = "BT-0007")]
    pub code: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Its kind.
    #[schema(value_type = KindName)]
    pub kind: &'static str,
    /// The code of the province whose Prefettura answers for it; for good.
    #[schema(pattern = "^[A-Z]{2}$", example = "BT")]
    pub territory: &'static str,
    /// Its municipality.
    #[schema(min_length = 1, max_length = 120)]
    pub municipality: String,
    /// The ISTAT code of its municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9]{6}$")]
    pub istat_code: Option<String>,
    /// Degrees north; there with `longitude` or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = -90, maximum = 90)]
    pub latitude: Option<f64>,
    /// Degrees east; there with `latitude` or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = -180, maximum = 180)]
    pub longitude: Option<f64>,
    /// Authorised places; the fact `capacity` of conditions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 100_000)]
    pub authorised_places: Option<i32>,
    /// Who runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub managing_body: Option<ManagingBody>,
    /// The contract in force today.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contract: Option<Contract>,
    /// All contracts, the oldest first.
    pub contracts: Vec<Contract>,
    /// What is true of it, as `checklists/facts.yaml` declares: numbers, yes or no.
    pub facts: BTreeMap<String, Amount>,
    /// Whether it takes visits.
    pub active: bool,
}

fn example() -> serde_json::Value {
    serde_json::from_str(include_str!("example.json")).unwrap_or_default()
}

/// Who runs a centre.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManagingBody {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Its tax code; no checksum is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 32)]
    pub tax_code: Option<String>,
    /// Its certified mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 3, max_length = 254)]
    pub pec: Option<String>,
}

/// An agreement with the managing body. The day it begins on tells it from the others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contract {
    /// Its tender code; no checksum is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 32)]
    pub cig: Option<String>,
    /// Its first day.
    #[schema(format = Date)]
    pub starts_on: String,
    /// Its last day; absent where it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = Date)]
    pub ends_on: Option<String>,
    /// What was agreed, by name (`^[a-z][a-z0-9_]{0,63}$`): the facts `contract.NAME`.
    pub parameters: BTreeMap<String, Amount>,
}

/// A number, or yes or no.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount(FactValue);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            FactValue::Flag(flag) => serializer.serialize_bool(flag),
            // 12 rather than 12.0: what was sent reads the same.
            FactValue::Number(number) => match whole(number) {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(number),
            },
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "below 2^53 a whole double is its integer")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

impl PartialSchema for Amount {
    fn schema() -> RefOr<Schema> {
        let types = SchemaType::Array(vec![Type::Number, Type::Boolean]);
        let schema = ObjectBuilder::new().schema_type(types);
        schema.description(Some("A number, or yes or no.")).into()
    }
}

impl ToSchema for Amount {}

/// A number, or yes or no, or null which removes it; for the OpenAPI document.
pub struct AmountOrNull;

impl PartialSchema for AmountOrNull {
    fn schema() -> RefOr<Schema> {
        let types = SchemaType::Array(vec![Type::Number, Type::Boolean, Type::Null]);
        let schema = ObjectBuilder::new().schema_type(types);
        schema.description(Some("A number, or yes or no; null removes it.")).into()
    }
}

impl ToSchema for AmountOrNull {}

/// The kinds of centre, for the OpenAPI document.
pub struct KindName;

impl PartialSchema for KindName {
    fn schema() -> RefOr<Schema> {
        let names = FacilityKind::ALL.iter().map(|kind| kind.as_str());
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
        schema.description(Some("A kind of centre.")).into()
    }
}

impl ToSchema for KindName {
    fn name() -> std::borrow::Cow<'static, str> {
        "FacilityKind".into()
    }
}

/// A page of centres.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacilityList {
    /// The centres, by code.
    pub items: Vec<Facility>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    /// How many centres were added.
    #[schema(value_type = i32, minimum = 0)]
    pub created: usize,
    /// How many were there.
    #[schema(value_type = i32, minimum = 0)]
    pub updated: usize,
    /// Row by row, in the order of the file.
    pub rows: Vec<ImportedRow>,
}

/// What an import did with a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRow {
    /// The code of the centre.
    pub code: String,
    /// Its id.
    pub id: Uuid,
    /// Whether it was added or was there.
    #[schema(value_type = RowOutcome)]
    pub outcome: &'static str,
}

/// What became of a row, for the OpenAPI document.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "read by utoipa alone")]
pub enum RowOutcome {
    /// The centre was added.
    Created,
    /// The centre was there and is now as the row says.
    Updated,
}

/// The word for what became of a row.
pub fn outcome(imported: Imported) -> &'static str {
    match imported {
        Imported::Created => "created",
        Imported::Updated => "updated",
    }
}

impl From<&FacilityView> for Facility {
    fn from(view: &FacilityView) -> Self {
        let facility = view.facility.clone();
        Self {
            id: facility.id.0,
            code: facility.code.to_string(),
            name: facility.name,
            kind: facility.kind.as_str(),
            territory: facility.territory.code(),
            municipality: facility.municipality,
            istat_code: facility.istat_code,
            latitude: facility.latitude,
            longitude: facility.longitude,
            authorised_places: facility.authorised_places,
            managing_body: facility.managing_body.map(|body| ManagingBody {
                name: body.name,
                tax_code: body.tax_code,
                pec: body.pec,
            }),
            contract: view.contract().map(Contract::from),
            contracts: view.contracts.iter().map(Contract::from).collect(),
            facts: amounts(&facility.facts),
            active: facility.active,
        }
    }
}

impl From<&domain::Contract> for Contract {
    fn from(contract: &domain::Contract) -> Self {
        Self {
            cig: contract.cig.clone(),
            starts_on: contract.starts_on.to_string(),
            ends_on: contract.ends_on.map(|day| day.to_string()),
            parameters: amounts(&contract.parameters),
        }
    }
}

fn amounts(facts: &Facts) -> BTreeMap<String, Amount> {
    facts.iter().map(|(name, value)| (name.clone(), Amount(*value))).collect()
}
