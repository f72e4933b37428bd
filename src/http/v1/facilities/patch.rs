//! A JSON merge patch (RFC 7396) onto a centre: what is not named stays, null removes. A
//! contract is merged onto the one that begins on the day it names, or begins anew.

use serde_json::{Map, Value};
use vigila_core::documents::{FaultCode, Faults, Pointer};
use vigila_core::domain::Scope;

use super::read::{self, Ground};
use super::wire;
use crate::app::Library;
use crate::app::facilities::{ContractChange, Draft, FacilityView};

/// Members that a patch may name, but only with the value that they have.
const FOR_GOOD: [&str; 4] = ["id", "code", "territory", "contracts"];

/// Members that a patch may set to null, by the object they are in. What is not null the
/// reader looks at.
const MEMBERS: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            "name",
            "kind",
            "municipality",
            "istat_code",
            "latitude",
            "longitude",
            "authorised_places",
            "managing_body",
            "contract",
            "facts",
            "active",
        ],
    ),
    ("managing_body", &["name", "tax_code", "pec"]),
    ("contract", &["cig", "starts_on", "ends_on", "parameters"]),
];

/// The centre that `patch`, which stands at `at`, makes of `present`.
pub fn patched(
    present: &FacilityView,
    patch: &Value,
    at: &Pointer,
    (library, scope): (&Library, &Scope),
    faults: &mut Faults,
) -> Option<Draft> {
    let Value::Object(patch) = patch else {
        faults.with(at, FaultCode::WrongType, vec!["object".to_owned()]);
        return None;
    };
    let mut whole = serde_json::to_value(wire::Facility::from(present)).unwrap_or_default();
    let mut patch = patch.clone();
    for name in FOR_GOOD {
        if patch.remove(name).is_some_and(|value| value != whole[name]) {
            faults.add(&at.key(name), FaultCode::Immutable);
        }
    }
    refuse_unknown_nulls(&patch, at, faults);
    let mut change = ContractChange::Keep;
    let contract = patch.remove("contract");
    if contract == Some(Value::Null) {
        let in_force = present.contract().map(|contract| contract.starts_on);
        change = in_force.map_or(ContractChange::Keep, ContractChange::Remove);
    }
    merge(&mut whole, &Value::Object(patch));
    if let Value::Object(whole) = &mut whole {
        whole.retain(|name, _| !["id", "contract", "contracts"].contains(&name.as_str()));
        let contract = contract.filter(|contract| !contract.is_null());
        whole.extend(contract.map(|given| ("contract".to_owned(), rebased(present, given))));
    }
    let ground = Ground {
        library,
        scope,
        id: present.facility.id,
        revision: present.facility.revision,
        present: &present.facility.facts,
    };
    let (facility, contract) = read::facility(&whole, at, &ground, faults)?;
    if let Some(contract) = contract.filter(|contract| !present.contracts.contains(contract)) {
        change = ContractChange::Put(contract);
    }
    Some(Draft { facility, contract: change })
}

/// A contract of a patch, merged onto the contract that it speaks of: the one that begins on
/// the day it names, where there is one; without such a day, the one in force.
fn rebased(present: &FacilityView, given: Value) -> Value {
    let Value::Object(members) = &given else { return given };
    let base = match members.get("starts_on") {
        None => present.contract(),
        Some(day) => present
            .contracts
            .iter()
            .find(|contract| day.as_str() == Some(&contract.starts_on.to_string())),
    };
    let base = base.and_then(|base| serde_json::to_value(wire::Contract::from(base)).ok());
    let mut merged = base.unwrap_or_else(|| Value::Object(Map::new()));
    merge(&mut merged, &given);
    merged
}

/// RFC 7396, section 2.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(target) = target {
        for (name, value) in patch {
            if value.is_null() {
                target.remove(name);
            } else {
                merge(target.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
    }
}

/// Merging forgets nulls, and with them a member that does not exist.
fn refuse_unknown_nulls(patch: &Map<String, Value>, at: &Pointer, faults: &mut Faults) {
    for (parent, known) in MEMBERS {
        let (members, place) = match parent {
            "" => (Some(patch), at.clone()),
            _ => (patch.get(parent).and_then(Value::as_object), at.key(parent)),
        };
        for (name, value) in members.into_iter().flatten() {
            if value.is_null() && !known.contains(&name.as_str()) {
                faults.add(&place.key(name), FaultCode::UnknownField);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn merging_is_that_of_rfc_7396_appendix_a() {
        let table = [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"b"}), json!(["c"]), json!(["c"])),
            (json!({"a":"foo"}), json!(null), json!(null)),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ];
        for (mut target, patch, expected) in table {
            merge(&mut target, &patch);
            assert_eq!(target, expected, "{patch}");
        }
    }
}
