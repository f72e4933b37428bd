//! The linter on `indicators.yaml`: names, units, denominators, limits, sources.

use vigila_core::checklist::{Finding, Level, SourceFile, read_file_set, read_file_set_beside};

use crate::linting::{Break, S, check, error, listed};
use crate::small_set::{CHECKLIST, INDICATORS, folder};
use crate::support::{SHIPPED, SHIPPED_FILES};

const I: &str = "indicators.yaml";

const fn wrong(
    change: (&'static str, &'static str),
    line: &'static str,
    indicator: &'static str,
    says: &'static str,
) -> Break {
    error(I, change, line, Some(indicator), says)
}

#[test]
fn the_small_indicators_have_no_fault_and_a_folder_may_do_without() {
    let (set, findings) = read_file_set(&folder(I, INDICATORS));
    assert_eq!(findings, [], "{}", listed(&findings));
    assert_eq!(set.indicators.unwrap().document.definitions.len(), 6);
    let (set, findings) = read_file_set(&folder("", ""));
    assert_eq!((set.indicators.is_none(), findings), (true, Vec::new()));
}

#[test]
fn names_that_nobody_declared_are_found() {
    check(&[
        wrong(("{item: SM-01}", "{item: SM-99}"), "SM-99", "IND-ANY-01", "no checklist has"),
        wrong(("[SM-02, SM-03]", "[SM-02, SM-93]"), "SM-93", "IND-SHA-01", "no checklist has"),
        wrong(
            ("denominator: {fact: contract.medical_hours}", "denominator: {fact: hours}"),
            "{fact: hours}",
            "IND-HOU-01",
            "`hours` is not declared",
        ),
        wrong(("\"EUAA2016:1\"", "\"EUAA2016:9\""), "EUAA2016:9", "IND-HOU-01", "not listed"),
    ]);
    let text = INDICATORS.replace("code: IND-DAY-01", "code: IND-SHA-01");
    let (_, findings) = read_file_set(&folder(I, &text));
    let [twice] = &findings[..] else { panic!("{}", listed(&findings)) };
    let second = text.lines().collect::<Vec<_>>();
    let second = second.iter().rposition(|line| line.contains("IND-SHA-01")).unwrap() + 1;
    assert_eq!((twice.line, twice.item.as_deref()), (second, Some("IND-SHA-01")));
    assert!(twice.to_string().contains("stands twice"), "{twice}");
}

#[test]
fn items_that_do_not_fit_their_operator_are_found() {
    check(&[
        wrong(("{item: SM-01}", "{item: SM-02}"), "item: SM-02", "IND-ANY-01", "not a number"),
        wrong(("[SM-02, SM-05]", "[SM-02, SM-01]"), "SM-01]", "IND-SHA-01", "not scored"),
        wrong(("[SM-02, SM-05]", "[SM-02, SM-02]"), "SM-02, SM-02", "IND-SHA-01", "stands twice"),
    ]);
}

#[test]
fn units_that_do_not_fit_are_found() {
    check(&[
        wrong(("  unit: beds", "  unit: hours"), "value: {item: SM-01}", "IND-ANY-01", "gives bed"),
        wrong(
            ("value: {item: SM-01}", "value: {compliance: SM-02}"),
            "SM-02}",
            "IND-ANY-01",
            "gives count, not beds",
        ),
        wrong(
            (
                "{sum: [{item: SM-06}, {fact: contract.medical_hours}]}",
                "{sum: [{item: SM-06}, {fact: beds}]}",
            ),
            "{fact: beds}",
            "IND-DAY-01",
            "bed beside hour",
        ),
        wrong(("{number: 40}", "{item: SM-01}"), "smallest", "IND-RAN-01", "bed beside"),
        wrong(("  unit: days", "  unit: count"), "history:", "IND-HIS-01", "gives day"),
    ]);
    let text = INDICATORS.replace("numerator: {item: SM-06}", "numerator: {fact: beds}");
    let (_, findings) = read_file_set(&folder(I, &text));
    let [unlike] = &findings[..] else { panic!("{}", listed(&findings)) };
    let line = text.lines().position(|line| line == "- code: IND-HOU-01").unwrap() + 1;
    assert_eq!((unlike.line, unlike.item.as_deref()), (line + 5, Some("IND-HOU-01")));
    assert!(unlike.to_string().contains("unlike units, bed/hour"), "{unlike}");
}

#[test]
fn denominators_that_can_be_empty_are_found() {
    check(&[
        wrong(
            ("  may_be_empty: true # share\n", ""),
            "denominator: {observed",
            "IND-SHA-01",
            "zero or missing",
        ),
        wrong(("{number: 28}", "{number: 0}"), "number: 0", "IND-DAY-01", "zero in every visit"),
        wrong(("{number: 28}", "{number: -28}"), "number: -28", "IND-DAY-01", "zero or missing"),
        wrong(
            ("{number: 28}", "{product: [{number: 0}, {compliance: SM-02}]}"),
            "product:",
            "IND-DAY-01",
            "zero in every visit",
        ),
        wrong(
            ("{number: 28}", "{difference: [{compliance: SM-02}, {compliance: SM-02}]}"),
            "difference:",
            "IND-DAY-01",
            "zero in every visit",
        ),
        wrong(
            ("{observed: [SM-02, SM-05]}", "{observed: []}"),
            "observed: []",
            "IND-SHA-01",
            "less than 1",
        ),
    ]);
    let text = INDICATORS.replace("  may_be_empty: true\n", "");
    let (_, findings) = read_file_set(&folder(I, &text));
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    // What is surely above zero needs no word of its author.
    for sure in
        ["{largest: [{number: 1}, {compliance: SM-02}]}", "{sum: [{number: 2}, {number: 0}]}"]
    {
        let text = INDICATORS.replace("{number: 28}", sure);
        let (_, findings) = read_file_set(&folder(I, &text));
        assert_eq!(findings, [], "{sure}: {}", listed(&findings));
    }
    // An item whose least number is above zero as well; one that may be zero does not.
    let by_beds = INDICATORS
        .replace("{number: 28}", "{item: SM-01}")
        .replace("  unit: hours\n", "  unit: hours_per_bed\n");
    for (min, expected) in [("min: 1", 0), ("min: 0", 1)] {
        let mut files = folder(I, &by_beds);
        let small = files.iter_mut().find(|file| file.name == S).unwrap();
        small.text = CHECKLIST.replace("min: 0", min);
        let (_, findings) = read_file_set(&files);
        assert_eq!(findings.len(), expected, "{min}: {}", listed(&findings));
    }
}

#[test]
fn limits_and_shapes_that_do_not_fit_are_found() {
    check(&[
        wrong(("  fair: 20\n", "  fair: 9\n"), "fair: 9", "IND-ANY-01", "wrong order"),
        wrong(("fair: 80 # hours", "fair: 101"), "fair: 101", "IND-HOU-01", "wrong order"),
        wrong(("[16, 24]", "[19, 24]"), "[19, 24]", "IND-RAN-01", "wrong order"),
        wrong(("[18, 22]", "[22, 18]"), "[22, 18]", "IND-RAN-01", "limits of `good`"),
        wrong(("  fair: 20\n", "  fair: [9, 20]\n"), "[9, 20]", "IND-ANY-01", "one limit"),
        wrong(("[16, 24]", "16"), "fair: 16", "IND-RAN-01", "two limits"),
        wrong(("  good: 10\n", ""), "fair: 20", "IND-ANY-01", "without `good`"),
        wrong(
            ("  good: 100\n  fair: 80 # hours\n", ""),
            "critical: true # hours",
            "IND-HOU-01",
            "never poor",
        ),
        wrong(
            ("  value: {item: SM-01}\n", ""),
            "code: IND-ANY-01",
            "IND-ANY-01",
            "neither a single value nor a quotient",
        ),
        wrong(
            ("  denominator: {number: 28}\n", ""),
            "code: IND-DAY-01",
            "IND-DAY-01",
            "neither a single value nor a quotient",
        ),
        wrong(
            (
                "{history: days_since_last_visit}",
                "{product: [{history: oldest_critical_days}, {compliance: SM-02}]}",
            ),
            "code: IND-HIS-01",
            "IND-HIS-01",
            "mixes",
        ),
    ]);
}

#[test]
fn a_formula_that_is_none_is_named_where_it_is() {
    check(&[
        wrong(("{number: 40}", "{root: 40}"), "{root: 40}", "IND-RAN-01", "unknown key `root`"),
        wrong(("{number: 28}", "{}"), "denominator: {}", "IND-DAY-01", "less than 1"),
        wrong(
            ("{number: 28}", "{number: 28, item: SM-01}"),
            "number: 28",
            "IND-DAY-01",
            "more than 1",
        ),
        wrong(("days_since_last_visit", "days"), "{history: days}", "IND-HIS-01", "days"),
        wrong(("code: IND-DAY-01", "code: IND-DAYS-1"), "DAYS-1", "IND-DAYS-1", "IND-DAYS-1"),
    ]);
}

#[test]
fn an_item_that_feeds_an_indicator_nobody_defined_is_warned_of() {
    let mut files = folder(I, INDICATORS);
    let small = |files: &mut Vec<SourceFile>, text: String| {
        files.iter_mut().find(|file| file.name == S).unwrap().text = text;
    };
    let text = CHECKLIST.replace("IND-ANY-01", "IND-ANY-02");
    small(&mut files, text.clone());
    let (_, findings) = read_file_set(&files);
    let [finding] = &findings[..] else { panic!("{}", listed(&findings)) };
    assert_eq!(finding.level, Level::Warning);
    let line = text.lines().position(|line| line.contains("IND-ANY-02")).unwrap() + 1;
    assert_eq!((finding.line, finding.item.as_deref()), (line, Some("SM-01")));
    // An anonymous checklist waits for its own channel: it may feed what nobody defined, and
    // no formula may read it.
    small(&mut files, text.replace("anonymous: false", "anonymous: true"));
    let (_, findings) = read_file_set(&files);
    assert!(findings.iter().all(|f| f.to_string().contains("anonymous")), "{}", listed(&findings));
    assert!(findings.iter().any(|f| f.to_string().contains("SM-01 is asked anonymously")));
    // What a file that cannot be read would have held is not missed a second time.
    small(&mut files, "checklist: [".into());
    let (_, findings) = read_file_set(&files);
    assert!(findings.iter().all(|f| f.file != I), "{}", listed(&findings));
}

#[test]
fn the_example_of_the_operating_guide_has_no_fault() {
    let guide = include_str!("../../../docs/operating.md");
    let (_, after) = guide.split_once("**Indicators.**").unwrap();
    let (_, block) = after.split_once("```yaml\n").unwrap();
    let (example, _) = block.split_once("```").unwrap();
    let mut files = SHIPPED_FILES.clone();
    let indicators = files.iter_mut().find(|file| file.name == I).unwrap();
    indicators.text.push_str(example);
    let (set, findings) = read_file_set(&files);
    assert_eq!(findings, SHIPPED.1, "{}", listed(&findings));
    let last = set.indicators.unwrap().document.definitions.pop().unwrap();
    assert_eq!(last.code, "IND-HOU-09");
}

#[test]
fn items_of_a_published_checklist_whose_file_is_gone_are_known() {
    let (whole, _) = read_file_set(&folder(I, INDICATORS));
    let published: Vec<_> = whole.checklists.into_iter().map(|loaded| loaded.document).collect();
    let mut files = folder(I, INDICATORS);
    let small = files.iter_mut().find(|file| file.name == S).unwrap();
    small.text = small.text.replace("SM-0", "OTHER-0").replace("code: SMALL", "code: OTHER");
    files.iter_mut().for_each(|file| file.text = file.text.replace(": SMALL\n", ": OTHER\n"));
    let about = |findings: &[Finding]| findings.iter().filter(|f| f.file == I).count();
    assert!(about(&read_file_set(&files).1) >= 6);
    let (_, findings) = read_file_set_beside(&files, published);
    assert_eq!(about(&findings), 0, "{}", listed(&findings));
}
