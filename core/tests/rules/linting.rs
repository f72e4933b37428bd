//! What `checklists check` finds: a small folder broken in one place gives that finding and no
//! other, with its file, line and item; the shipped folder gives no error.

use serde_json::json;
use vigila_core::checklist::{FileKind, Finding, Level, read_file_set, schema_of, schema_text};

use crate::small_set::{folder, text_of};
use crate::support::{INSTRUMENTS, SHIPPED};

/// One break: in `file` the text `old` becomes `new`; the finding stands on the line of the
/// broken file that holds `line`, is the item's, and its sentence holds `says`.
pub struct Break {
    file: &'static str,
    old: &'static str,
    new: &'static str,
    line: &'static str,
    item: Option<&'static str>,
    level: Level,
    says: &'static str,
}

pub const fn error(
    file: &'static str,
    (old, new): (&'static str, &'static str),
    line: &'static str,
    item: Option<&'static str>,
    says: &'static str,
) -> Break {
    Break { file, old, new, line, item, level: Level::Error, says }
}

pub const fn warning(
    (old, new): (&'static str, &'static str),
    line: &'static str,
    item: Option<&'static str>,
    says: &'static str,
) -> Break {
    Break { file: "small.yaml", old, new, line, item, level: Level::Warning, says }
}

pub const S: &str = "small.yaml";

pub fn listed(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("\n  {finding}")).collect()
}

fn broken(one: &Break) -> String {
    let text = text_of(one.file);
    assert_eq!(text.matches(one.old).count(), 1, "{} is not unique", one.old);
    text.replace(one.old, one.new)
}

pub fn check(all: &[Break]) {
    for one in all {
        let text = broken(one);
        let holding = text.lines().position(|line| line.contains(one.line));
        let line = holding.unwrap_or_else(|| panic!("no line {}", one.line)) + 1;
        let (_, findings) = read_file_set(&folder(one.file, &text));
        let [finding] = &findings[..] else {
            panic!("{} -> {}: not one finding:{}", one.old, one.new, listed(&findings));
        };
        assert_eq!(finding.file, one.file, "{finding}");
        assert_eq!(finding.line, line, "{finding}");
        assert_eq!(finding.item.as_deref(), one.item, "{finding}");
        assert_eq!(finding.level, one.level, "{finding}");
        assert!(finding.to_string().contains(one.says), "{finding}: does not say {}", one.says);
        assert!(!finding.what.mend.is_empty(), "{finding}");
    }
}

#[test]
fn the_small_folder_has_no_fault() {
    let (set, findings) = read_file_set(&folder("", ""));
    assert_eq!(findings, [], "{}", listed(&findings));
    assert_eq!(set.checklists.len(), 1);
}

#[test]
fn the_shipped_folder_has_no_error() {
    let errors = SHIPPED.1.iter().filter(|finding| finding.level == Level::Error).count();
    assert_eq!(errors, 0, "{}", listed(&SHIPPED.1));
    let mut codes: Vec<_> = INSTRUMENTS.iter().map(|i| i.reference.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes.len(), 6, "{codes:?}");
}

#[test]
fn every_shipped_file_validates_against_its_checked_in_form() {
    let valid = |kind: FileKind, value: &serde_json::Value| {
        let validator = jsonschema::validator_for(&schema_of(kind)).unwrap();
        let faults: Vec<_> = validator.iter_errors(value).map(|e| e.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{kind:?}");
    };
    let set = &SHIPPED.0;
    set.checklists.iter().for_each(|c| valid(FileKind::Checklist, &c.file.value));
    set.scoring.iter().for_each(|s| valid(FileKind::Scoring, &s.file.value));
    valid(FileKind::Indicators, &set.indicators.as_ref().unwrap().file.value);
    valid(FileKind::Facts, &set.facts.as_ref().unwrap().file.value);
    valid(FileKind::Standards, &set.standards.as_ref().unwrap().file.value);
    valid(FileKind::Planning, &set.planning.as_ref().unwrap().file.value);
    valid(FileKind::Evidence, &set.evidence.as_ref().unwrap().file.value);
    for (kind, name) in FileKind::ALL {
        let text = schema_text(kind);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            schema_of(kind),
            "{name}"
        );
        jsonschema::meta::validate(&schema_of(kind)).unwrap();
        assert!(jsonschema::validator_for(&schema_of(kind)).unwrap().validate(&json!({})).is_err());
    }
}

#[test]
fn a_document_reads_back_from_the_json_it_is_served_as() {
    for loaded in &SHIPPED.0.checklists {
        let served = serde_json::to_value(&loaded.document).unwrap();
        let again: vigila_core::documents::checklist::Document =
            serde_json::from_value(served).unwrap();
        assert_eq!(again, loaded.document);
    }
}
