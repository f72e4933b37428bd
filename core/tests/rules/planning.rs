//! The linter on `planning.yaml`, which a folder may leave out.

use vigila_core::checklist::read_file_set;
use vigila_core::documents::planning::{Document, ReasonCode};
use vigila_core::domain::FacilityKind;
use vigila_core::scoring::{NotAPlan, Plan};

use crate::linting::{Break, check, error, listed};
use crate::small_set::folder;
use crate::support::SHIPPED;

pub const PLANNING: &str = r#"schema_version: 1
planning:
  code: PLAN
  version: "1.0.0"
  title:
    it: Programma
    en: Plan
interval_days:
  default: 100
  kinds:
    hotspot: 50
points:
- reason: open_critical
  points: 40
  at_most: 80
- reason: low_coverage
  points: 10
  limit: 0.9
- reason: worsening
  points: 7
"#;

const FAULTS: &[Break] = &[
    of(("version: \"1.0.0\"", "version: 1"), "  version: 1", "string"),
    of(("    en: Plan\n", ""), "title:", "missing translation `en`"),
    of(("  default: 100", "  default: 0"), "default: 0", "0"),
    of(("  default: 100\n", ""), "interval_days:", "missing key `default`"),
    of(("    hotspot: 50", "    hotspt: 50"), "hotspt", "unknown kind of centre `hotspt`"),
    of(("    hotspot: 50", "    hotspot: 0"), "hotspot: 0", "an interval of 0 days"),
    of(("reason: worsening", "reason: weather"), "reason: weather", "weather"),
    of(("  points: 7", "  points: -7"), "points: -7", "-7"),
    of(("  points: 7", "  points: 7\n  per: 1"), "per: 1", "unknown key `per`"),
    of(("  points: 7", "  points: 7\n  limit: 3"), "limit: 3", "worsening takes no `limit`"),
    of(("  points: 7", "  points: 7\n  at_most: 9"), "at_most: 9", "worsening takes no `at_most`"),
    of(("  at_most: 80\n", ""), "reason: open_critical", "open_critical has no `at_most`"),
    of(("  limit: 0.9\n", ""), "reason: low_coverage", "low_coverage has no `limit`"),
    of(("  limit: 0.9", "  limit: 90"), "limit: 90", "a limit of coverage above 1"),
    of(
        ("- reason: worsening\n", "- reason: low_coverage # again\n  limit: 0.5\n"),
        "# again",
        "the reason low_coverage stands twice",
    ),
];

const fn of(change: (&'static str, &'static str), line: &'static str, says: &'static str) -> Break {
    error("planning.yaml", change, line, None, says)
}

#[test]
fn faults_of_a_plan_are_found() {
    check(FAULTS);
}

#[test]
fn a_folder_may_have_no_plan_and_not_two() {
    let mut files = folder("", "");
    files.retain(|file| file.name != "planning.yaml");
    let (set, findings) = read_file_set(&files);
    assert_eq!(findings, [], "{}", listed(&findings));
    assert!(set.planning.is_none());

    let mut files = folder("", "");
    let mut second = files.iter().find(|file| file.name == "planning.yaml").unwrap().clone();
    second.name = "planning2.yaml".into();
    files.push(second);
    let (_, findings) = read_file_set(&files);
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert!(findings[0].to_string().starts_with("planning2.yaml:1: error: planning.yaml is such"));
}

#[test]
fn the_shipped_plan_can_be_used_and_knows_every_reason() {
    let document = SHIPPED.0.planning.as_ref().unwrap().document.clone();
    let mut named: Vec<_> = document.points.iter().map(|rule| rule.reason).collect();
    named.sort_unstable();
    assert_eq!(named, ReasonCode::ALL);
    let served = serde_json::to_value(&document).unwrap();
    for (rule, served) in document.points.iter().zip(served["points"].as_array().unwrap()) {
        assert_eq!(served["reason"], rule.reason.as_str());
    }
    assert_eq!(serde_json::from_value::<Document>(served).unwrap(), document);
    let plan = Plan::new(document).unwrap();
    assert!((plan.interval_days(FacilityKind::CasCollective) - 180.0).abs() < 1e-9);
    assert!((plan.interval_days(FacilityKind::Hotspot) - 90.0).abs() < 1e-9);
}

#[test]
fn a_plan_with_impossible_intervals_is_refused() {
    let document = SHIPPED.0.planning.as_ref().unwrap().document.clone();
    let changed = |kind: &str, days: f64| {
        let mut document = document.clone();
        document.interval_days.kinds.insert(kind.into(), days);
        Plan::new(document).unwrap_err()
    };
    assert_eq!(changed("castle", 9.0), NotAPlan::Kind("castle".into()));
    assert_eq!(changed("cpa", 0.0), NotAPlan::Interval("cpa".into()));
    assert_eq!(changed("cpa", f64::NAN), NotAPlan::Interval("cpa".into()));
    let mut document = document.clone();
    document.interval_days.default = -1.0;
    assert_eq!(Plan::new(document).unwrap_err(), NotAPlan::Interval("default".into()));
}
