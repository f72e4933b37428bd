//! JSON as it comes in, and the one form in which it is compared and digested.
//!
//! `serde_json` merges repeated keys silently and bends integers that a double cannot hold:
//! both would make two different bodies the same content. So repeated keys are malformed
//! here, and inexact integers and U+0000 (which PostgreSQL cannot store) are faults.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{FaultCode, Faults, Pointer};

/// The largest integer that every double below it holds too: 2^53.
pub const MAX_EXACT_INTEGER: u64 = 1 << 53;

/// The body is no JSON (RFC 8259), or repeats a key, or holds a lone surrogate.
#[derive(Debug, thiserror::Error)]
#[error("line {line}, column {column}")]
pub struct Malformed {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// Reads JSON that repeats no key.
///
/// # Errors
/// [`Malformed`] with the place.
pub fn parse(bytes: &[u8]) -> Result<Value, Malformed> {
    let at = |e: &serde_json::Error| Malformed { line: e.line(), column: e.column() };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut reader).map_err(|e| at(&e))?;
    reader.end().map_err(|e| at(&e))?;
    Ok(value)
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("not finite"))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom("a key twice"));
            }
            let value = entries.next_value_seed(Self)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Notes every integer that a double cannot hold and every U+0000, wherever it stands.
/// `text` is what `value` was read from: an integer of twenty digits or more reaches
/// `value` as a double already, and only its text tells it from a number written as one.
pub fn check_storable(text: &[u8], value: &Value, faults: &mut Faults) {
    let huge = has_integer_of_20_digits(text);
    walk(value, &Pointer::root(), huge, faults);
}

fn walk(value: &Value, at: &Pointer, huge: bool, faults: &mut Faults) {
    match value {
        Value::Number(number) => {
            let beyond = match (number.as_u64(), number.as_i64()) {
                (Some(n), _) => n > MAX_EXACT_INTEGER,
                (None, Some(n)) => n.unsigned_abs() > MAX_EXACT_INTEGER,
                (None, None) => huge && number.as_f64().is_some_and(|n| n.abs() >= 9e18),
            };
            if beyond {
                faults.add(at, FaultCode::InexactInteger);
            }
        }
        Value::String(text) if text.contains('\0') => faults.add(at, FaultCode::NullCharacter),
        Value::Array(list) => {
            for (index, item) in list.iter().enumerate() {
                walk(item, &at.index(index), huge, faults);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                if key.contains('\0') {
                    faults.add(&at.key(key), FaultCode::NullCharacter);
                }
                walk(item, &at.key(key), huge, faults);
            }
        }
        _ => {}
    }
}

fn has_integer_of_20_digits(text: &[u8]) -> bool {
    let (mut in_string, mut escaped, mut digits) = (false, false, 0_u32);
    let mut fraction = false;
    for &byte in text.iter().chain(b" ") {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' | b'e' | b'E' | b'+' if digits > 0 => fraction = true,
            b'-' if fraction => {}
            _ => {
                if digits >= 19 && !fraction {
                    return true;
                }
                (digits, fraction) = (0, false);
                in_string = byte == b'"';
            }
        }
    }
    false
}

/// The canonical form (RFC 8785) of a JSON value.
///
/// # Panics
/// Never: a `Value` holds no number that the form cannot write.
#[must_use]
pub fn canonical(value: &Value) -> String {
    #[expect(
        clippy::expect_used,
        reason = "a serde_json::Value has string keys and finite numbers only"
    )]
    serde_json_canonicalizer::to_string(value).expect("a Value is canonicalised")
}

/// The SHA-256 of a canonical text, in hexadecimal.
#[must_use]
pub fn digest(canonical: &str) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(canonical.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_key_a_lone_surrogate_and_trailing_text_are_malformed() {
        for text in
            [r#"{"a":1,"a":2}"#, r#"{"b":{"a":1,"\u0061":2}}"#, r#""\ud800""#, "{} {}", "", "{"]
        {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(r#"{"a":{"b":1},"b":1}"#.as_bytes()).is_ok());
    }

    #[test]
    fn integers_are_exact_or_a_fault() {
        let table = [
            ("[9007199254740992]", true),
            ("[-9007199254740992]", true),
            ("[9007199254740993]", false),
            ("[-9007199254740993]", false),
            ("[99999999999999999999]", false),
            ("[1e20]", true),
            ("[100000000000000000000.0]", true),
            (r#"["99999999999999999999", 1e30]"#, true),
            (r#"["\"", 99999999999999999999]"#, false),
            ("[\"a\\u0000\"]", false),
        ];
        for (text, fits) in table {
            let mut faults = Faults::default();
            check_storable(text.as_bytes(), &parse(text.as_bytes()).unwrap(), &mut faults);
            assert_eq!(faults.is_empty(), fits, "{text}");
        }
    }

    #[test]
    fn the_canonical_form_is_that_of_rfc_8785() {
        let value = parse(br#"{"b":[56.0,1E30,4.50,-0.0,"\u20ac$\u000F"],"a":null}"#).unwrap();
        assert_eq!(canonical(&value), "{\"a\":null,\"b\":[56,1e+30,4.5,0,\"€$\\u000f\"]}");
    }
}
