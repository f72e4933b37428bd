//! The linter on structure: keys, values, translations, codes, whole files.

use vigila_core::checklist::{Finding, Level, SourceFile, read_file_set};

use crate::linting::{Break, S, check, error, listed};
use crate::small_set::{CHECKLIST, folder};

const UNKNOWN_KEYS: &[Break] = &[
    error(
        S,
        ("    max: 500\n", "    max: 500\n    colour: red\n"),
        "colour: red",
        Some("SM-01"),
        "unknown key `colour`",
    ),
    error(
        S,
        ("  respondent: inspector", "  respondent: inspector\n  author: x"),
        "author: x",
        None,
        "unknown key `author`",
    ),
    error(
        S,
        ("  dimension: HYGIENE\n", "  dimension: HYGIENE\n  wieght: 2\n"),
        "wieght: 2",
        None,
        "unknown key `wieght`",
    ),
    error(
        "facts.yaml",
        ("  unit: beds\n", "  unit: beds\n  max: 3\n"),
        "max: 3",
        None,
        "unknown key `max`",
    ),
    error(
        "scoring.yaml",
        ("stale_after_days: 365", "stale_after_days: 365\nstale: 1"),
        "stale: 1",
        None,
        "unknown key `stale`",
    ),
    error(
        "standards.yaml",
        ("  numbers: any\n", "  numbers: any\n  isbn: x\n"),
        "isbn: x",
        None,
        "unknown key `isbn`",
    ),
];

#[test]
fn unknown_keys_are_found() {
    check(UNKNOWN_KEYS);
}

const MISSING_KEYS_AND_WRONG_VALUES: &[Break] = &[
    error(S, ("    critical: true\n", ""), "code: SM-03", Some("SM-03"), "missing key `critical`"),
    error(
        S,
        ("    critical: true\n", "    critical: maybe\n"),
        "critical: maybe",
        Some("SM-03"),
        "maybe",
    ),
    error(
        S,
        ("    photo: required\n", "    photo: always\n"),
        "photo: always",
        Some("SM-03"),
        "always",
    ),
    error(S, ("  version: \"1.0.0\"", "  version: \"1.0\""), "version: \"1.0\"", None, "1.0"),
    error(S, ("  version: \"1.0.0\"", "  version: 1.0"), "version: 1.0", None, "string"),
    error(S, ("      score: 1\n", "      score: 1.5\n"), "score: 1.5", None, "1.5"),
    error(
        "scoring.yaml",
        ("coverage_minimum: 0.8", "coverage_minimum: 80"),
        "coverage_minimum: 80",
        None,
        "80",
    ),
    error(
        "scoring.yaml",
        ("aggregation: arithmetic", "aggregation: median"),
        "aggregation: median",
        None,
        "median",
    ),
];

#[test]
fn missing_keys_and_wrong_values_are_found() {
    check(MISSING_KEYS_AND_WRONG_VALUES);
}

const MISSING_TRANSLATIONS: &[Break] = &[
    error(
        S,
        ("      en: The exits are free\n", ""),
        "question: # third",
        Some("SM-03"),
        "missing translation `en`",
    ),
    error(
        S,
        ("      it: Le uscite sono libere", "      it: \"\""),
        "it: \"\"",
        Some("SM-03"),
        "missing translation",
    ),
    error(S, ("    it: Giudizio", "    it: \"\""), "it: \"\"", None, "missing translation"),
    error(S, ("    en: Things\n", ""), "photo_policy:", None, "missing translation `en`"),
    error(S, ("    en: Things", "    en: \"\""), "en: \"\"", None, "missing translation"),
    error(S, ("      en: Bad\n", ""), "- value: bad", None, "missing translation `en`"),
    error(S, ("  - it\n  - en\n", "  - it\n"), "languages:", None, "`en` is missing"),
    error("facts.yaml", ("    en: Beds\n", ""), "  title:", None, "missing translation `en`"),
];

#[test]
fn missing_translations_are_found() {
    check(MISSING_TRANSLATIONS);
}

const DUPLICATE_AND_REUSED_CODES: &[Break] = &[
    error(
        S,
        ("  - code: SM-06", "  - code: SM-04 # again"),
        "SM-04 # again",
        Some("SM-04"),
        "SM-04 stands twice",
    ),
    error(
        S,
        ("    - value: bad", "    - value: good # again"),
        "good # again",
        None,
        "good stands twice",
    ),
    error(S, ("    - value: bad", "    - value: na"), "value: na", None, "`na`"),
    error(
        "facts.yaml",
        (
            "  origin: facility\n",
            "  origin: facility\n- {code: beds, type: boolean, title: {it: L, en: B}, origin: visit}\n",
        ),
        "{code: beds",
        None,
        "beds stands twice",
    ),
    error(
        "standards.yaml",
        (
            "  numbers: any\n",
            "  numbers: any\n- {id: OWN, title: {it: P, en: P}, legal_status: own, numbers: any}\n",
        ),
        "{id: OWN",
        None,
        "OWN stands twice",
    ),
];

#[test]
fn duplicate_and_reused_codes_are_found() {
    check(DUPLICATE_AND_REUSED_CODES);
    let section = format!(
        "{CHECKLIST}{}",
        "- code: A # again\n  title: {it: B, en: B}\n  dimension: HYGIENE\n  items:\n  - {code: SM-07, question: {it: Pulito, en: Clean}, answer_type: yes_no_na, source: [OWN], weight_class: C, critical: false, photo: none}\n"
    );
    let (_, findings) = read_file_set(&folder(S, &section));
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert_eq!(findings[0].line, CHECKLIST.lines().count() + 1);
    assert!(findings[0].to_string().contains("section A stands twice"));
}

fn beside(change: impl Fn(&str) -> String) -> Vec<Finding> {
    let mut files = folder("", "");
    files.push(SourceFile { name: "two.yaml".into(), text: change(CHECKLIST) });
    read_file_set(&files).1
}

#[test]
fn codes_are_reused_by_versions_of_one_checklist_only() {
    let next = beside(|text| text.replace("1.0.0", "1.1.0"));
    assert_eq!(next, [], "another version of the same checklist keeps its codes");
    let twice = beside(str::to_owned);
    assert_eq!(twice.len(), 1, "{}", listed(&twice));
    assert!(
        twice[0].to_string().contains("two.yaml:4: error: SMALL 1.0.0 stands in two files"),
        "{}",
        twice[0]
    );
    let other = beside(|text| text.replace("code: SMALL", "code: OTHER"));
    assert_eq!(other.len(), 6, "{}", listed(&other));
    assert!(
        other.iter().all(|f| f.file == "two.yaml" && f.level == Level::Error && f.item.is_some())
    );
    assert!(other[0].to_string().contains("SM-01 is used by SMALL"), "{}", other[0]);
    let meaning = beside(|text| {
        text.replace("1.0.0", "1.1.0").replace("answer_type: yes_no_na", "answer_type: text")
    });
    assert_eq!(
        meaning.len(),
        1,
        "a code that asks for another kind of answer:{}",
        listed(&meaning)
    );
    assert_eq!(meaning[0].item.as_deref(), Some("SM-03"));
}

#[test]
fn files_that_are_no_yaml_or_no_known_kind_are_found() {
    let twice = CHECKLIST
        .replace("  respondent: inspector\n", "  respondent: inspector\n  respondent: guest\n");
    let line = twice.lines().position(|line| line.contains("guest")).unwrap() + 1;
    let findings = read_file_set(&folder(S, &twice)).1;
    let of_it: Vec<_> = findings.iter().filter(|f| f.file == S).collect();
    assert_eq!(of_it.len(), 1, "a repeated key:{}", listed(&findings));
    assert_eq!((of_it[0].line, of_it[0].level), (line, Level::Error), "{}", of_it[0]);
    let cut = CHECKLIST.replace("title: Proposta", "title: [Proposta");
    let findings = read_file_set(&folder(S, &cut)).1;
    let of_it: Vec<_> = findings.iter().filter(|f| f.file == S).collect();
    assert_eq!(of_it.len(), 1, "{}", listed(&findings));
    let line = cut.lines().position(|line| line.contains("[Proposta")).unwrap() + 1;
    assert!((line..=line + 1).contains(&of_it[0].line), "{}", of_it[0]);
    assert!(of_it[0].to_string().contains("not YAML"), "{}", of_it[0]);
    let mut files = folder("", "");
    files.push(SourceFile { name: "notes.yaml".into(), text: "some: thing\n".into() });
    let findings = read_file_set(&files).1;
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert!(
        findings[0].to_string().starts_with("notes.yaml:1: error: neither a checklist"),
        "{}",
        findings[0]
    );
    for missing in ["facts.yaml", "standards.yaml", "scoring.yaml"] {
        let mut files = folder("", "");
        files.retain(|file| file.name != missing);
        let findings = read_file_set(&files).1;
        assert_eq!(findings.len(), 1, "{}", listed(&findings));
        assert!(
            findings[0]
                .to_string()
                .starts_with(&format!("{missing}:1: error: the file is missing"))
        );
    }
}
