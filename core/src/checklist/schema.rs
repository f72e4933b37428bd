//! JSON Schemas of the files, made from the Rust types: for editors, and for the structural
//! half of the linter.

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::file::{Finding, Level, Mend, Parsed};
use super::set::FileKind;
use crate::documents::{Pointer, checklist, companions, evidence, indicators, model, planning};

/// The JSON Schema (draft 2020-12) of one kind of file.
#[must_use]
pub fn schema_of(kind: FileKind) -> Value {
    match kind {
        FileKind::Checklist => schemars::schema_for!(checklist::Document).to_value(),
        FileKind::Facts => schemars::schema_for!(companions::FactsDocument).to_value(),
        FileKind::Standards => schemars::schema_for!(companions::StandardsDocument).to_value(),
        FileKind::Scoring => schemars::schema_for!(model::Document).to_value(),
        FileKind::Planning => schemars::schema_for!(planning::Document).to_value(),
        FileKind::Evidence => schemars::schema_for!(evidence::Document).to_value(),
        FileKind::Indicators => schemars::schema_for!(indicators::Document).to_value(),
    }
}

/// The same as text, as it is checked in.
#[must_use]
pub fn schema_text(kind: FileKind) -> String {
    format!("{:#}\n", schema_of(kind))
}

/// Every place where a file does not have the structure of its kind.
pub(super) fn check_structure(kind: FileKind, file: &Parsed, findings: &mut Vec<Finding>) {
    for (at, what) in structure_faults(kind, &file.value) {
        findings.push(file.finding(&at, Level::Error, what));
    }
}

/// Every place where a value does not have the structure of a kind of file.
pub(super) fn structure_faults(kind: FileKind, value: &Value) -> Vec<(Pointer, Mend)> {
    #[expect(clippy::expect_used, reason = "the schemas are made from our types, and tested")]
    let validator: Validator = jsonschema::validator_for(&schema_of(kind)).expect("a valid schema");
    let faults = validator.iter_errors(value).flat_map(|error| {
        let at = Pointer::from(error.instance_path().as_str());
        explain(&at, error.kind(), &error.to_string())
    });
    faults.collect()
}

fn explain(at: &Pointer, kind: &ValidationErrorKind, sentence: &str) -> Vec<(Pointer, Mend)> {
    let mend = |fault: String, mend: &str| Mend { fault, mend: mend.to_owned() };
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|key| {
                (at.key(key), mend(format!("unknown key `{key}`"), "correct its name or remove it"))
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let fault = match key {
                "it" | "en" => format!("missing translation `{key}`"),
                _ => format!("missing key `{key}`"),
            };
            vec![(at.clone(), mend(fault, "add it"))]
        }
        ValidationErrorKind::MinLength { .. }
            if at.as_str().ends_with("/it") || at.as_str().ends_with("/en") =>
        {
            vec![(at.clone(), mend("missing translation: the text is empty".into(), "write it"))]
        }
        _ => vec![(at.clone(), mend(sentence.to_owned(), "write a value that fits"))],
    }
}
