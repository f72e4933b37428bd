//! The JSON that is kept as text in columns: facts, territories, the managing body. These
//! are the store's own forms and reach nobody else, so they have no version.

use std::collections::BTreeSet;

use diesel::result::QueryResult;
use serde_json::{Map, Number, Value};
use vigila_core::domain::{FactValue, Facts, ManagingBody, Territory};

use super::outcome::unreadable;

/// A column that does not hold what it should.
#[derive(Debug, thiserror::Error)]
#[error("a column holds JSON of another form than {0}")]
struct NotOfTheForm(&'static str);

fn read<T: serde::de::DeserializeOwned>(text: &str) -> QueryResult<T> {
    serde_json::from_str(text).map_err(unreadable)
}

pub(super) fn facts_to_text(facts: &Facts) -> String {
    let pairs = facts.iter().filter_map(|(name, value)| {
        let value = match value {
            FactValue::Flag(flag) => Value::Bool(*flag),
            // The type promises finite numbers; JSON has no others.
            FactValue::Number(number) => Value::Number(Number::from_f64(*number)?),
        };
        Some((name.clone(), value))
    });
    Value::Object(pairs.collect()).to_string()
}

pub(super) fn facts_from_text(text: &str) -> QueryResult<Facts> {
    let object: Map<String, Value> = read(text)?;
    let facts = object.into_iter().map(|(name, value)| {
        let value = match value {
            Value::Bool(flag) => Some(FactValue::Flag(flag)),
            Value::Number(number) => number.as_f64().map(FactValue::Number),
            _ => None,
        };
        value.map(|value| (name, value)).ok_or_else(|| unreadable(NotOfTheForm("facts")))
    });
    facts.collect()
}

pub(super) fn territories_to_text(territories: &BTreeSet<Territory>) -> String {
    Value::from_iter(territories.iter().map(|territory| territory.code())).to_string()
}

pub(super) fn territories_from_text(text: &str) -> QueryResult<BTreeSet<Territory>> {
    let codes: Vec<String> = read(text)?;
    codes.iter().map(|code| code.parse().map_err(unreadable)).collect()
}

pub(super) fn body_to_text(body: &ManagingBody) -> String {
    let ManagingBody { name, tax_code, pec } = body;
    let fields = [("name", name), ("tax_code", tax_code), ("pec", pec)];
    let pairs = fields.into_iter().filter_map(|(key, value)| {
        value.as_ref().map(|value| (key.to_owned(), Value::String(value.clone())))
    });
    Value::Object(pairs.collect()).to_string()
}

pub(super) fn body_from_text(text: &str) -> QueryResult<ManagingBody> {
    let mut object: Map<String, Value> = read(text)?;
    let mut field = |key: &str| match object.remove(key) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(unreadable(NotOfTheForm("a managing body"))),
    };
    Ok(ManagingBody { name: field("name")?, tax_code: field("tax_code")?, pec: field("pec")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let facts: Facts = [
            ("beds".to_owned(), FactValue::Number(40.0)),
            ("share".to_owned(), FactValue::Number(0.1 + 0.2)),
            ("minors_present".to_owned(), FactValue::Flag(false)),
        ]
        .into();
        assert_eq!(facts_from_text(&facts_to_text(&facts)).unwrap(), facts);
        let territories: BTreeSet<Territory> =
            ["BT", "BA"].map(|code| code.parse().unwrap()).into();
        assert_eq!(territories_to_text(&territories), r#"["BA","BT"]"#);
        assert_eq!(territories_from_text(r#"["BA","BT"]"#).unwrap(), territories);
        let body = ManagingBody { pec: Some("a@b".to_owned()), ..ManagingBody::default() };
        assert_eq!(body_from_text(&body_to_text(&body)).unwrap(), body);
    }

    #[test]
    fn another_form_is_an_error() {
        assert!(facts_from_text(r#"{"beds": "40"}"#).is_err());
        assert!(facts_from_text("[]").is_err());
        assert!(territories_from_text(r#"["XX"]"#).is_err());
        assert!(body_from_text(r#"{"name": 1}"#).is_err());
    }
}
