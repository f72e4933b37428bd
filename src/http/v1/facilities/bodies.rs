//! The bodies that add and change centres, for the OpenAPI document: they are read by
//! `read.rs`, which tells every fault, and not by serde.
#![expect(dead_code, reason = "read by utoipa alone")]

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::wire::{Amount, AmountOrNull, KindName, ManagingBody};

/// A centre to be added.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "BT-0007", "name": "Centro di esempio", "kind": "cas_collective",
    "territory": "BT", "municipality": "Andria", "authorised_places": 40,
    "contract": {"starts_on": "2026-01-01", "parameters": {"medical_hours": 12}},
    "facts": {"beds": 38}
}))]
pub struct NewFacility {
    /// Its code, for good; in use nowhere.
    #[schema(pattern = "^[A-Z0-9][A-Z0-9-]{1,31}$")]
    code: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Its kind.
    kind: KindName,
    /// The code of the province, for good; one of the person's.
    #[schema(pattern = "^[A-Z]{2}$")]
    territory: String,
    /// Its municipality.
    #[schema(min_length = 1, max_length = 120)]
    municipality: String,
    /// The ISTAT code of its municipality.
    #[schema(nullable = false, pattern = "^[0-9]{6}$")]
    istat_code: Option<String>,
    /// Degrees north; with `longitude` or not at all.
    #[schema(nullable = false, minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees east; with `latitude` or not at all.
    #[schema(nullable = false, minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// Authorised places.
    #[schema(nullable = false, minimum = 0, maximum = 100_000)]
    authorised_places: Option<i32>,
    /// Who runs it.
    #[schema(nullable = false)]
    managing_body: Option<ManagingBody>,
    /// Its contract.
    #[schema(nullable = false)]
    contract: Option<NewContract>,
    /// What is true of it, as `checklists/facts.yaml` declares.
    #[schema(nullable = false)]
    facts: Option<BTreeMap<String, Amount>>,
    /// Whether it takes visits; true where it is not told.
    #[schema(nullable = false)]
    active: Option<bool>,
}

/// A contract to be added.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContract {
    /// Its tender code.
    #[schema(nullable = false, min_length = 1, max_length = 32)]
    cig: Option<String>,
    /// Its first day.
    #[schema(format = Date)]
    starts_on: String,
    /// Its last day, not before the first.
    #[schema(nullable = false, format = Date)]
    ends_on: Option<String>,
    /// What was agreed, by name (`^[a-z][a-z0-9_]{0,63}$`).
    #[schema(nullable = false)]
    parameters: Option<BTreeMap<String, Amount>>,
}

/// What changes of a centre. Null removes what is optional.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"authorised_places": 44, "facts": {"beds": 42, "minors_present": null}}))]
pub struct FacilityPatch {
    /// Never changes: only the value that it has is taken.
    #[schema(nullable = false, format = Uuid)]
    id: Option<String>,
    /// Never changes: only the value that it has is taken.
    #[schema(nullable = false)]
    code: Option<String>,
    /// Never changes: only the value that it has is taken.
    #[schema(nullable = false)]
    territory: Option<String>,
    /// Its name.
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Its kind.
    #[schema(nullable = false)]
    kind: Option<KindName>,
    /// Its municipality.
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    municipality: Option<String>,
    /// The ISTAT code of its municipality.
    #[schema(pattern = "^[0-9]{6}$")]
    istat_code: Option<String>,
    /// Degrees north; there with `longitude` or not at all.
    #[schema(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees east; there with `latitude` or not at all.
    #[schema(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// Authorised places.
    #[schema(minimum = 0, maximum = 100_000)]
    authorised_places: Option<i32>,
    /// Who runs it.
    managing_body: Option<ManagingBodyPatch>,
    /// A contract to be added or changed; null removes the one in force.
    contract: Option<ContractPatch>,
    /// Facts that change; null removes one, or all.
    facts: Option<BTreeMap<String, AmountOrNull>>,
    /// Whether it takes visits; null is true.
    active: Option<bool>,
}

/// What changes of who runs a centre.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagingBodyPatch {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Its tax code.
    #[schema(min_length = 1, max_length = 32)]
    tax_code: Option<String>,
    /// Its certified mail address.
    #[schema(min_length = 3, max_length = 254)]
    pec: Option<String>,
}

/// What changes of the contract that begins on a day; without the day, of the one in force.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractPatch {
    /// Its tender code.
    #[schema(min_length = 1, max_length = 32)]
    cig: Option<String>,
    /// The day that tells it from the others.
    #[schema(nullable = false, format = Date)]
    starts_on: Option<String>,
    /// Its last day, not before the first.
    #[schema(format = Date)]
    ends_on: Option<String>,
    /// What was agreed, by name; null removes one, or all.
    parameters: Option<BTreeMap<String, AmountOrNull>>,
}
