//! The one collecting pattern in which untrusted JSON is read: each reader takes a value and
//! its place, notes what is wrong, and gives what it could read. Nothing stops at the first
//! fault, and a member that nobody asked for is a fault too.

use serde_json::{Map, Value};

use super::{FaultCode, Faults, Pointer};

/// A JSON object being read.
pub struct Object<'a> {
    map: &'a Map<String, Value>,
    at: Pointer,
    asked: Vec<&'static str>,
}

impl<'a> Object<'a> {
    /// Begins to read `value`, which must be an object.
    pub fn new(value: &'a Value, at: &Pointer, faults: &mut Faults) -> Option<Self> {
        let Value::Object(map) = value else {
            faults.with(at, FaultCode::WrongType, vec!["object".into()]);
            return None;
        };
        Some(Self { map, at: at.clone(), asked: Vec::new() })
    }

    /// The place of a member.
    #[must_use]
    pub fn at(&self, key: &str) -> Pointer {
        self.at.key(key)
    }

    /// A member that must be there.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        faults: &mut Faults,
        read: impl FnOnce(&'a Value, &Pointer, &mut Faults) -> Option<T>,
    ) -> Option<T> {
        if !self.map.contains_key(key) {
            faults.add(&self.at.key(key), FaultCode::Required);
        }
        self.optional(key, faults, read)
    }

    /// A member that may be there.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        faults: &mut Faults,
        read: impl FnOnce(&'a Value, &Pointer, &mut Faults) -> Option<T>,
    ) -> Option<T> {
        self.asked.push(key);
        let value = self.map.get(key)?;
        read(value, &self.at.key(key), faults)
    }

    /// Whether a member is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// Ends the reading: whatever was not asked for is unknown.
    pub fn end(self, faults: &mut Faults) {
        for key in self.map.keys().filter(|key| !self.asked.contains(&key.as_str())) {
            faults.add(&self.at.key(key), FaultCode::UnknownField);
        }
    }
}

/// Readers of single values.
pub mod read {
    use std::str::FromStr;

    use serde_json::Value;

    use super::{FaultCode, Faults, Pointer};
    use crate::documents::json::MAX_EXACT_INTEGER;
    use crate::domain::{Day, InspectionId, Instant, NotAnInstant, Sha256, parse_day};

    fn wrong<T>(at: &Pointer, faults: &mut Faults, asked: &str) -> Option<T> {
        faults.with(at, FaultCode::WrongType, vec![asked.to_owned()]);
        None
    }

    /// A text.
    pub fn text(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            _ => wrong(at, faults, "string"),
        }
    }

    /// A text that has a form.
    pub fn parsed<T: FromStr>(
        value: &Value,
        at: &Pointer,
        faults: &mut Faults,
        code: FaultCode,
        args: &[&str],
    ) -> Option<T> {
        let read = text(value, at, faults)?.parse().ok();
        if read.is_none() {
            faults.with(at, code, args.iter().map(ToString::to_string).collect());
        }
        read
    }

    /// A finite number.
    pub fn number(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<f64> {
        value.as_f64().or_else(|| wrong(at, faults, "number"))
    }

    /// A finite number within bounds, both included.
    pub fn number_within(
        value: &Value,
        at: &Pointer,
        faults: &mut Faults,
        (least, most): (f64, f64),
    ) -> Option<f64> {
        let read = number(value, at, faults)?;
        if read < least || read > most {
            faults.with(at, FaultCode::OutOfRange, vec![least.to_string(), most.to_string()]);
            return None;
        }
        Some(read)
    }

    /// A whole number from `least` to 2^53. `5.0` is 5: JSON knows one kind of number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "at most 2^53"
    )]
    pub fn integer(value: &Value, at: &Pointer, faults: &mut Faults, least: i64) -> Option<i64> {
        let read = number(value, at, faults)?;
        if read.fract() != 0.0 {
            faults.add(at, FaultCode::NotAnInteger);
            return None;
        }
        let most = MAX_EXACT_INTEGER as f64;
        number_within(value, at, faults, (least as f64, most)).map(|number| number as i64)
    }

    /// Yes or no.
    pub fn flag(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<bool> {
        value.as_bool().or_else(|| wrong(at, faults, "boolean"))
    }

    /// A list, each element read by `read`. Elements that cannot be read are left out; their
    /// faults are noted.
    pub fn list<'a, T>(
        value: &'a Value,
        at: &Pointer,
        faults: &mut Faults,
        mut read: impl FnMut(&'a Value, &Pointer, &mut Faults) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::Array(items) = value else {
            return wrong(at, faults, "array");
        };
        let each = items.iter().enumerate();
        Some(each.filter_map(|(index, item)| read(item, &at.index(index), faults)).collect())
    }

    /// An instant in UTC.
    pub fn instant(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Instant> {
        match text(value, at, faults)?.parse() {
            Ok(instant) => Some(instant),
            Err(NotAnInstant::NotUtc) => {
                faults.add(at, FaultCode::NotUtc);
                None
            }
            Err(NotAnInstant::Malformed) => {
                faults.add(at, FaultCode::NotAnInstant);
                None
            }
        }
    }

    /// A day such as `2026-03-04`.
    pub fn day(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Day> {
        let read = parse_day(&text(value, at, faults)?);
        if read.is_none() {
            faults.add(at, FaultCode::NotADay);
        }
        read
    }

    /// The id of an inspection.
    pub fn inspection_id(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<InspectionId> {
        parsed(value, at, faults, FaultCode::NotAUuid, &[])
    }

    /// The hash of a photo.
    pub fn sha256(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Sha256> {
        parsed(value, at, faults, FaultCode::NotASha256, &[])
    }
}
