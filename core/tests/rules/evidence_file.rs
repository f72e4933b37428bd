//! The linter on `evidence.yaml`, which a folder may leave out.

use vigila_core::checklist::read_file_set;
use vigila_core::documents::evidence::{Document, FlagCode};
use vigila_core::evidence::Rules;

use crate::linting::{Break, check, error, listed};
use crate::small_set::folder;
use crate::support::SHIPPED;

pub const EVIDENCE: &str = r#"schema_version: 1
evidence:
  code: EVIDENCE
  version: "1.0.0"
  title:
    it: Foto
    en: Photos
times:
  visit_minutes: 10
  answer_minutes: 30
  clock_minutes: 2
places:
  centre_metres: 100
  between_metres: 50
copies:
  bits: 8
pictures:
  blurred_below: 5
  dark_below: 20
  bright_above: 240
editors:
- GIMP
- Canva
not_raised:
- no-exif
- damaged
"#;

const FAULTS: &[Break] = &[
    of(("version: \"1.0.0\"", "version: 1"), "  version: 1", "string"),
    of(("    en: Photos\n", ""), "title:", "missing translation `en`"),
    of(("  visit_minutes: 10", "  visit_minutes: -1"), "visit_minutes: -1", "-1"),
    of(("  clock_minutes: 2\n", ""), "times:", "missing key `clock_minutes`"),
    of(("  clock_minutes: 2", "  clock_minutes: 2\n  days: 1"), "days: 1", "unknown key `days`"),
    of(("  between_metres: 50", "  between_metres: near"), "between_metres: near", "near"),
    of(("  bits: 8", "  bits: 12"), "bits: 12", "12"),
    of(("  bits: 8", "  bits: 1.5"), "bits: 1.5", "1.5"),
    of(("dark_below: 20", "dark_below: 256"), "dark_below: 256", "256"),
    of(("dark_below: 20", "dark_below: 240"), "dark_below: 240", "every picture is too dark"),
    of(("- Canva", "- gimp"), "- gimp", "the editor gimp stands twice"),
    of(("- Canva", "- \"...\""), "...", "the editor `...` has neither letter nor digit"),
    of(("- Canva", "- \" Canva\""), "Canva", "blanks around the editor ` Canva`"),
    of(("- damaged", "- ugly"), "- ugly", "ugly"),
    of(("- damaged", "- no-exif # again"), "# again", "the flag no-exif stands twice"),
];

const fn of(change: (&'static str, &'static str), line: &'static str, says: &'static str) -> Break {
    error("evidence.yaml", change, line, None, says)
}

#[test]
fn faults_of_the_rules_of_evidence_are_found() {
    check(FAULTS);
}

#[test]
fn a_folder_may_have_no_rules_of_evidence_and_not_two() {
    let mut files = folder("", "");
    files.retain(|file| file.name != "evidence.yaml");
    let (set, findings) = read_file_set(&files);
    assert_eq!(findings, [], "{}", listed(&findings));
    assert!(set.evidence.is_none());

    let mut files = folder("", "");
    let mut second = files.iter().find(|file| file.name == "evidence.yaml").unwrap().clone();
    second.name = "evidence2.yaml".into();
    files.push(second);
    let (_, findings) = read_file_set(&files);
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert!(findings[0].to_string().starts_with("evidence2.yaml:1: error: evidence.yaml is such"));
}

#[test]
fn the_shipped_rules_can_be_used_and_raise_every_flag() {
    let document = SHIPPED.0.evidence.as_ref().unwrap().document.clone();
    assert_eq!(document.not_raised, []);
    let served = serde_json::to_value(&document).unwrap();
    assert_eq!(serde_json::from_value::<Document>(served).unwrap(), document);
    Rules::new(document).unwrap();
}

#[test]
fn a_flag_is_called_the_same_in_the_file_and_on_the_wire() {
    for code in FlagCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        assert_eq!(code.to_string(), code.as_str());
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(code.as_str().chars().all(plain), "{code}");
    }
    assert!(FlagCode::ALL.is_sorted(), "flags are told in the order in which they are declared");
}

#[test]
fn rules_that_leave_no_picture_are_refused() {
    let document = SHIPPED.0.evidence.as_ref().unwrap().document.clone();
    for (dark, bright) in [(100.0, 100.0), (101.0, 100.0), (f64::NAN, 100.0)] {
        let mut document = document.clone();
        (document.pictures.dark_below, document.pictures.bright_above) = (dark, bright);
        assert!(Rules::new(document).is_err(), "{dark} {bright}");
    }
}
