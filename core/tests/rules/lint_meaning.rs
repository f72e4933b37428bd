//! The linter on what the structure cannot say: facts, thresholds, options, standards, wording.

use vigila_core::checklist::{Level, read_file_set};

use crate::linting::{Break, S, check, error, listed, warning};
use crate::small_set::{CHECKLIST, folder, text_of};

const CONDITIONS_AND_FACTS: &[Break] = &[
    error(
        S,
        ("applies_when: beds > 25", "applies_when: bedz > 25"),
        "bedz",
        Some("SM-03"),
        "`bedz` is not declared",
    ),
    error(
        S,
        ("applies_when: beds > 25", "applies_when: beds => 25"),
        "beds =>",
        Some("SM-03"),
        "FACT OP NUMBER",
    ),
    error(
        S,
        ("applies_when: beds > 25", "applies_when: beds > 25 and lift"),
        "and lift",
        Some("SM-03"),
        "FACT OP NUMBER",
    ),
    error(
        S,
        ("    - beds\n", "    - bedz\n"),
        "    feeds:",
        Some("SM-01"),
        "`bedz` is not declared",
    ),
    error(
        S,
        ("    - beds\n", "    - beds\n    - lifts\n"),
        "    feeds:",
        Some("SM-01"),
        "`lifts` is not declared",
    ),
    error(
        S,
        ("    - beds\n", "    - contract.medical_hours\n"),
        "    feeds:",
        Some("SM-01"),
        "contract",
    ),
    error(
        S,
        (
            "    feeds:\n    - beds",
            "    applies_when: contract.medical_hours\n    feeds:\n    - beds",
        ),
        "    feeds:",
        Some("SM-01"),
        "condition",
    ),
    error(
        S,
        ("    photo: on_fail\n", "    photo: on_fail\n    feeds: [beds]\n"),
        "feeds: [beds]",
        Some("SM-02"),
        "not a number",
    ),
    error(
        "facts.yaml",
        ("  origin: contract", "  origin: visit"),
        "origin: visit",
        None,
        "does not fit its name",
    ),
];

#[test]
fn conditions_and_facts_are_found() {
    check(CONDITIONS_AND_FACTS);
    // A name that begins with IND- is an indicator: it is not a fact, and a condition is free to stand by it.
    let text =
        CHECKLIST.replace("photo: required\n", "photo: required\n    feeds: [IND-FIRE-01]\n");
    assert_eq!(read_file_set(&folder(S, &text)).1, []);
}

const NUMBERS_AND_THRESHOLDS: &[Break] = &[
    error(S, ("    unit: celsius\n", ""), "code: SM-04", Some("SM-04"), "without unit"),
    error(
        S,
        ("      partial: 40\n", "      partial: 41\n"),
        "scoring: # hours",
        Some("SM-06"),
        "wrong order",
    ),
    error(
        S,
        (
            "direction: higher_is_better\n      full: 40\n      partial: 40",
            "direction: lower_is_better\n      full: 40\n      partial: 39",
        ),
        "scoring: # hours",
        Some("SM-06"),
        "wrong order",
    ),
    error(
        S,
        ("partial: [16, 24]", "partial: [19, 24]"),
        "scoring: # temperature",
        Some("SM-04"),
        "wrong order",
    ),
    error(
        S,
        ("partial: [16, 24]", "partial: [16, 21]"),
        "scoring: # temperature",
        Some("SM-04"),
        "wrong order",
    ),
    error(
        S,
        ("full: [18, 22]", "full: [22, 18]"),
        "scoring: # temperature",
        Some("SM-04"),
        "wrong order",
    ),
    error(
        S,
        ("partial: [16, 24]", "partial: 16"),
        "scoring: # temperature",
        Some("SM-04"),
        "two limits",
    ),
    error(
        S,
        ("      partial: 40\n", "      partial: [30, 40]\n"),
        "scoring: # hours",
        Some("SM-06"),
        "one limit",
    ),
    error(S, ("    min: 0\n", "    min: 501\n"), "min: 501", Some("SM-01"), "above"),
    error("scoring.yaml", ("  good: 90", "  good: 70"), "bands:", None, "wrong order"),
    error("scoring.yaml", ("  \"no\": 0", "  \"no\": 0.6"), "answer_values:", None, "worse answer"),
    error("scoring.yaml", ("  HYGIENE: 2", "  HYGIENE: 0"), "HYGIENE: 0", None, "weighs nothing"),
    error("scoring.yaml", ("  HYGIENE: 2", "  HYGENE: 2"), "HYGENE: 2", None, "HYGENE"),
];

#[test]
fn numbers_and_thresholds_are_found() {
    check(NUMBERS_AND_THRESHOLDS);
    let (_, findings) =
        read_file_set(&folder("facts.yaml", &text_of("facts.yaml").replace("  unit: hours\n", "")));
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert!(
        findings[0]
            .to_string()
            .contains("facts.yaml:11: error: the number contract.medical_hours has no unit"),
        "{}",
        findings[0]
    );
    for (old, new) in
        [("partial: [16, 24]", "partial: [18, 22]"), ("full: [18, 22]", "full: [20, 20]")]
    {
        let (_, findings) = read_file_set(&folder(S, &CHECKLIST.replace(old, new)));
        assert_eq!(findings, [], "equal thresholds are fine: {new}");
    }
}

const CHOICES_AND_KEYS_OF_OTHER_ANSWER_TYPES: &[Break] = &[
    error(
        S,
        ("    option_set: quality\n", "    option_set: nicety\n"),
        "option_set: nicety",
        Some("SM-05"),
        "nicety",
    ),
    error(S, ("    option_set: quality\n", ""), "code: SM-05", Some("SM-05"), "without options"),
    error(
        S,
        (
            "    option_set: quality\n",
            "    option_set: quality\n    options: [{value: a, it: a, en: a}]\n",
        ),
        "option_set: quality",
        Some("SM-05"),
        "both",
    ),
    error(
        S,
        ("    answer_type: yes_no_na\n", "    answer_type: yes_no_na\n    unit: persons\n"),
        "unit: persons",
        Some("SM-03"),
        "`unit`",
    ),
    error(
        S,
        ("    answer_type: yes_no_na\n", "    answer_type: yes_no_na\n    multiple: true\n"),
        "multiple: true",
        Some("SM-03"),
        "`multiple`",
    ),
    error(
        S,
        ("    option_set: quality\n", "    option_set: quality\n    min: 3\n"),
        "min: 3",
        Some("SM-05"),
        "`min`",
    ),
    error(S, ("  - cas_collective", "  - hotel"), "- hotel", None, "hotel"),
    error(
        "scoring.yaml",
        ("  cas_collective: SMALL", "  hotel: SMALL"),
        "hotel: SMALL",
        None,
        "hotel",
    ),
    error(
        "scoring.yaml",
        ("  cas_collective: SMALL", "  cas_collective: LARGE"),
        "LARGE",
        None,
        "LARGE",
    ),
];

#[test]
fn choices_and_keys_of_other_answer_types_are_found() {
    check(CHOICES_AND_KEYS_OF_OTHER_ANSWER_TYPES);
    let (_, findings) =
        read_file_set(&folder(S, &CHECKLIST.replace("anonymous: false", "anonymous: true")));
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert!(findings[0].file == "scoring.yaml" && findings[0].to_string().contains("anonymous"));
}

const STANDARDS_THAT_ARE_NOT_LISTED: &[Break] = &[
    error(
        S,
        ("    - \"EUAA2016:1\"", "    - \"EUAA2016:9.9\""),
        "EUAA2016:9.9",
        Some("SM-02"),
        "EUAA2016:9.9 is not listed",
    ),
    error(
        S,
        ("    - \"EUAA2016:1\"", "    - \"LAW:1\""),
        "LAW:1",
        Some("SM-02"),
        "LAW:1 is not listed",
    ),
    error(S, ("  - id: OWN", "  - id: LAW"), "- id: LAW", None, "LAW"),
];

#[test]
fn standards_that_are_not_listed_are_found() {
    check(STANDARDS_THAT_ARE_NOT_LISTED);
    let cited = CHECKLIST.replace("    - \"EUAA2016:1\"", "    - \"OWN:whatever\"");
    assert_eq!(read_file_set(&folder(S, &cited)).1, [], "any number of a set that takes any");
}

const LOOK_AGAIN: &[Break] = &[
    warning(
        ("answer_type: yes_no_na", "answer_type: yes_partial_no_na # here"),
        "# here",
        Some("SM-03"),
        "critical item with a `partial`",
    ),
    warning(
        (
            "- code: SM-02\n    question:",
            "- code: SM-02\n    question: {it: Locali non sporchi, en: Rooms not dirty}\n    help:",
        ),
        "question: {it: Locali",
        Some("SM-02"),
        "negative",
    ),
];

#[test]
fn what_a_writer_should_look_at_again_is_a_warning() {
    check(LOOK_AGAIN);
    for (it, en, says) in [
        ("I locali non sono sporchi", "The rooms are not dirty", "negative"),
        ("Le stanze sono pulite e/o asciutte", "The rooms are clean and/or dry", "two questions"),
        (
            "Le stanze sono pulite; le docce lo sono",
            "Rooms are clean; showers are",
            "two questions",
        ),
    ] {
        let text = CHECKLIST.replace("I locali sono puliti", it).replace("The rooms are clean", en);
        let line = text.lines().position(|line| line.contains(it)).unwrap();
        let (_, findings) = read_file_set(&folder(S, &text));
        assert_eq!(findings.len(), 1, "{it}:{}", listed(&findings));
        assert_eq!(
            (findings[0].line, findings[0].level),
            (line, Level::Warning),
            "{}",
            findings[0]
        );
        assert_eq!(findings[0].item.as_deref(), Some("SM-02"));
        assert!(findings[0].to_string().contains(says), "{}", findings[0]);
    }
    let more = |count: usize| {
        let items: String = (7..=count).map(|n| format!("  - {{code: SM-{n:02}, question: {{it: Pulito, en: Clean}}, answer_type: yes_no_na, source: [OWN], weight_class: C, critical: false, photo: none}}\n")).collect();
        read_file_set(&folder(S, &format!("{CHECKLIST}{items}"))).1
    };
    assert_eq!(more(70), []);
    let findings = more(71);
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert_eq!((findings[0].line, findings[0].level), (2, Level::Warning), "{}", findings[0]);
    assert!(findings[0].to_string().contains("71 items"), "{}", findings[0]);
}
