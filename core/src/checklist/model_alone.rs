//! A scoring model by itself, as JSON from outside: what a manager tries before it is a file.

use serde::Deserialize;
use serde_json::Value;

use super::companion_rules::scoring;
use super::file::Mend;
use super::schema::structure_faults;
use super::set::FileKind;
use crate::documents::{Pointer, model};

/// Reads a scoring model, which need not be a file. What it names in checklists is not looked
/// for: a name of nothing changes nothing.
///
/// # Errors
/// Every fault with its place.
pub fn read_model(value: &Value) -> Result<model::Document, Vec<(Pointer, Mend)>> {
    let mut faults = structure_faults(FileKind::Scoring, value);
    if !faults.is_empty() {
        return Err(faults);
    }
    let document = model::Document::deserialize(value).map_err(|error| {
        let what = Mend { fault: error.to_string(), mend: "write a value that fits".into() };
        vec![(Pointer::root(), what)]
    })?;
    scoring(&document, &mut |at, fault, mend| {
        faults.push((at.clone(), Mend { fault, mend: mend.to_owned() }));
    });
    if faults.is_empty() { Ok(document) } else { Err(faults) }
}
