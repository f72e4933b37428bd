//! A centre read from JSON, with every fault and its place. The same reader serves a new
//! centre, one that a patch was merged into, and a row of an import.

use std::collections::BTreeMap;

use serde_json::Value;
use vigila_core::documents::companions::FactKind;
use vigila_core::documents::{FaultCode, Faults, Object, Pointer, read};
use vigila_core::domain::{
    Contract, Facility, FacilityCode, FacilityId, FacilityKind, FactValue, Facts, ManagingBody,
    Scope, Territory,
};

use crate::app::Library;

/// Most authorised places.
const MOST_PLACES: f64 = 100_000.0;
/// Most parameters of a contract.
const MOST_PARAMETERS: usize = 100;

/// What a reader must know beside the text.
pub struct Ground<'a> {
    /// Which facts there are.
    pub library: &'a Library,
    /// Where the sender may keep centres.
    pub scope: &'a Scope,
    /// The id of the centre, new or present.
    pub id: FacilityId,
    /// The revision that was read; 1 of a new one.
    pub revision: i64,
    /// Facts that are there already. They stay, whatever `facts.yaml` says today.
    pub present: &'a Facts,
}

/// Reads a centre and, where it is told, a contract of it.
pub fn facility(
    value: &Value,
    at: &Pointer,
    ground: &Ground<'_>,
    faults: &mut Faults,
) -> Option<(Facility, Option<Contract>)> {
    let mut object = Object::new(value, at, faults)?;
    let code = object.required("code", faults, |v, at, f| {
        read::parsed::<FacilityCode>(v, at, f, FaultCode::BadFormat, &["BT-0007"])
    });
    let name = object.required("name", faults, |v, at, f| text(v, at, f, (1, 200)));
    let kind = object.required("kind", faults, |v, at, f| {
        let names: Vec<_> = FacilityKind::ALL.iter().map(|kind| kind.as_str()).collect();
        read::parsed::<FacilityKind>(v, at, f, FaultCode::NotAnOption, &names)
    });
    let territory = object.required("territory", faults, |v, at, f| {
        let code = FaultCode::UnknownTerritory;
        let territory = read::parsed::<Territory>(v, at, f, code, &[])?;
        if !ground.scope.holds(territory) {
            f.add(at, code);
        }
        Some(territory)
    });
    let municipality = object.required("municipality", faults, |v, at, f| text(v, at, f, (1, 120)));
    let istat_code = object.optional("istat_code", faults, istat_code);
    let (latitude, longitude) = position(&mut object, faults);
    let authorised_places = object.optional("authorised_places", faults, places);
    let body = object.optional("managing_body", faults, managing_body);
    let contract = object.optional("contract", faults, contract);
    let facts = object.optional("facts", faults, |v, at, f| facts(v, at, f, ground));
    let active = object.optional("active", faults, read::flag);
    object.end(faults);
    let facility = Facility {
        id: ground.id,
        code: code?,
        name: name?,
        kind: kind?,
        territory: territory?,
        municipality: municipality?,
        istat_code,
        latitude,
        longitude,
        authorised_places,
        managing_body: body.filter(|body| *body != ManagingBody::default()),
        facts: facts.unwrap_or_default(),
        active: active.unwrap_or(true),
        revision: ground.revision,
    };
    Some((facility, contract))
}

/// A text of so many characters that is not all blanks.
fn text(
    value: &Value,
    at: &Pointer,
    faults: &mut Faults,
    (least, most): (usize, usize),
) -> Option<String> {
    let text = read::text(value, at, faults)?;
    let length = text.chars().count();
    if length < least || length > most || text.trim().is_empty() {
        faults.with(at, FaultCode::BadLength, vec![least.to_string(), most.to_string()]);
        return None;
    }
    Some(text)
}

fn istat_code(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<String> {
    let text = read::text(value, at, faults)?;
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text);
    }
    faults.with(at, FaultCode::BadFormat, vec!["110001".to_owned()]);
    None
}

/// Both or none: half a place is a slip.
fn position(object: &mut Object<'_>, faults: &mut Faults) -> (Option<f64>, Option<f64>) {
    let bounds = [("latitude", 90.0), ("longitude", 180.0)];
    let [latitude, longitude] = bounds.map(|(key, most)| {
        object.optional(key, faults, |v, at, f| read::number_within(v, at, f, (-most, most)))
    });
    match (object.has("latitude"), object.has("longitude")) {
        (true, false) => faults.add(&object.at("longitude"), FaultCode::Required),
        (false, true) => faults.add(&object.at("latitude"), FaultCode::Required),
        _ => {}
    }
    (latitude, longitude)
}

#[expect(clippy::cast_possible_truncation, reason = "a whole number up to 100,000")]
fn places(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<i32> {
    let places = read::number_within(value, at, faults, (0.0, MOST_PLACES))?;
    if places.fract() != 0.0 {
        faults.add(at, FaultCode::NotAnInteger);
        return None;
    }
    Some(places as i32)
}

fn managing_body(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<ManagingBody> {
    let mut object = Object::new(value, at, faults)?;
    let name = object.optional("name", faults, |v, at, f| text(v, at, f, (1, 200)));
    let tax_code = object.optional("tax_code", faults, |v, at, f| text(v, at, f, (1, 32)));
    let pec = object.optional("pec", faults, |v, at, f| text(v, at, f, (3, 254)));
    object.end(faults);
    Some(ManagingBody { name, tax_code, pec })
}

fn contract(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Contract> {
    let mut object = Object::new(value, at, faults)?;
    let cig = object.optional("cig", faults, |v, at, f| text(v, at, f, (1, 32)));
    let starts_on = object.required("starts_on", faults, read::day);
    let ends_on = object.optional("ends_on", faults, read::day);
    let parameters = object.optional("parameters", faults, parameters);
    let end_at = object.at("ends_on");
    object.end(faults);
    let starts_on = starts_on?;
    if ends_on.is_some_and(|end| end < starts_on) {
        let bounds = vec![starts_on.to_string(), "9999-12-31".to_owned()];
        faults.with(&end_at, FaultCode::OutOfRange, bounds);
    }
    Some(Contract { cig, starts_on, ends_on, parameters: parameters.unwrap_or_default() })
}

fn parameters(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Facts> {
    let Value::Object(map) = value else {
        faults.with(at, FaultCode::WrongType, vec!["object".to_owned()]);
        return None;
    };
    if map.len() > MOST_PARAMETERS {
        faults.with(at, FaultCode::BadLength, vec!["0".to_owned(), MOST_PARAMETERS.to_string()]);
    }
    let mut read = BTreeMap::new();
    for (name, value) in map {
        let place = at.key(name);
        if !is_parameter_name(name) {
            faults.with(&place, FaultCode::BadFormat, vec!["medical_hours".to_owned()]);
        }
        if let Some(value) = amount(value, &place, faults, None) {
            read.insert(name.clone(), value);
        }
    }
    Some(read)
}

/// `^[a-z][a-z0-9_]{0,63}$`.
fn is_parameter_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    name.len() <= 64
        && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && name.bytes().all(plain)
}

fn facts(value: &Value, at: &Pointer, faults: &mut Faults, ground: &Ground<'_>) -> Option<Facts> {
    let Value::Object(map) = value else {
        faults.with(at, FaultCode::WrongType, vec!["object".to_owned()]);
        return None;
    };
    let mut read = BTreeMap::new();
    for (code, value) in map {
        let place = at.key(code);
        let kind = ground.library.facility_fact(code);
        let kept = ground.present.get(code).copied().filter(|fact| is_same(*fact, value));
        let fact = match (kept, kind) {
            (Some(kept), _) => Some(kept),
            (None, None) => {
                faults.with(&place, FaultCode::UnknownFact, vec![code.clone()]);
                None
            }
            (None, kind) => amount(value, &place, faults, kind),
        };
        read.extend(fact.map(|fact| (code.clone(), fact)));
    }
    Some(read)
}

fn is_same(fact: FactValue, value: &Value) -> bool {
    match fact {
        FactValue::Flag(flag) => value.as_bool() == Some(flag),
        FactValue::Number(number) => value.as_f64() == Some(number),
    }
}

/// A number, or yes or no, or whichever of the two is asked.
fn amount(
    value: &Value,
    at: &Pointer,
    faults: &mut Faults,
    kind: Option<FactKind>,
) -> Option<FactValue> {
    match (kind, value) {
        (Some(FactKind::Number), _) => read::number(value, at, faults).map(FactValue::Number),
        (Some(FactKind::Boolean), _) => read::flag(value, at, faults).map(FactValue::Flag),
        (None, Value::Bool(flag)) => Some(FactValue::Flag(*flag)),
        (None, Value::Number(_)) => read::number(value, at, faults).map(FactValue::Number),
        (None, _) => {
            faults.with(at, FaultCode::WrongType, vec!["number, boolean".to_owned()]);
            None
        }
    }
}
