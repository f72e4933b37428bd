//! `vigila metrics backfill`: the past as Prometheus would have scraped it.

use std::collections::BTreeMap;

use serde_json::json;
use vigila::clock;
use vigila_core::domain::{Instant, Zone};

use crate::support::{Running, Service, TestPerson, at, saying, visit, with};

/// The families that are filled.
const FAMILIES: [&str; 6] = [
    "vigila_facility_score_ratio",
    "vigila_facility_dimension_score_ratio",
    "vigila_facility_coverage_ratio",
    "vigila_facility_band_info",
    "vigila_facility_last_inspection_timestamp_seconds",
    "vigila_facility_critical_items",
];

/// The samples of each series, by its name with labels in the order of their names.
type Samples = BTreeMap<String, Vec<(i64, f64)>>;

/// A name with its labels in order, and what stands behind.
fn sample(line: &str) -> (String, Vec<&str>) {
    let (series, rest) = line.split_once("} ").unwrap();
    let (name, labels) = series.split_once('{').unwrap();
    let mut labels: Vec<_> = labels.split(',').collect();
    labels.sort_unstable();
    (format!("{name}{{{}}}", labels.join(",")), rest.split(' ').collect())
}

/// Reads the text and holds it to the form: family by family, series by series, in time.
fn read(text: &str) -> Samples {
    let mut all = Samples::new();
    let (mut family, mut series) = (String::new(), String::new());
    let body = text.strip_suffix("# EOF\n").unwrap();
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            family = rest.split(' ').next().unwrap().to_owned();
            continue;
        }
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert_eq!(rest, format!("{family} gauge"));
            continue;
        }
        let (name, rest) = sample(line);
        assert!(name.starts_with(&format!("{family}{{")), "{name} stands in {family}");
        let [value, time] = rest[..] else { panic!("{line}") };
        let (value, time): (f64, i64) = (value.parse().unwrap(), time.parse().unwrap());
        assert!(name == series || !all.contains_key(&name), "{name} stands in two places");
        let known = all.entry(name.clone()).or_default();
        assert!(known.last().is_none_or(|(before, _)| *before < time), "{line}");
        known.push((time, value));
        series = name;
    }
    all
}

/// What `/metrics` says now of these families.
async fn live(who: &TestPerson) -> BTreeMap<String, f64> {
    let answer = who.get("/metrics").await;
    let text = answer.text();
    let lines = text
        .lines()
        .filter(|line| FAMILIES.iter().any(|family| line.starts_with(&format!("{family}{{"))));
    let each = lines.map(|line| {
        let (name, rest) = sample(line);
        (name, rest[0].parse().unwrap())
    });
    each.collect()
}

fn zone() -> Zone {
    "Europe/Rome".parse().unwrap()
}

/// Noon so many civil days ago: at any hour of the night the same days.
fn days_ago(days: u64) -> String {
    let today = clock::now().day(zone());
    format!("{}T12:00:00.000Z", today - chrono::Days::new(days))
}

fn day(text: &str) -> String {
    text.parse::<Instant>().unwrap().day(zone()).to_string()
}

/// The last second of the civil day of an instant.
fn end_of(text: &str) -> i64 {
    let day = text.parse::<Instant>().unwrap().day(zone());
    Instant::start_of(day.succ_opt().unwrap(), zone()).utc().timestamp() - 1
}

/// What the samples say of the centres then.
fn on(samples: &Samples, time: i64) -> BTreeMap<String, f64> {
    let of_centres = samples.iter().filter(|(name, _)| !name.starts_with("vigila_findings"));
    let each = of_centres.filter_map(|(name, all)| {
        let (_, value) = all.iter().find(|(at, _)| *at == time)?;
        Some((name.clone(), *value))
    });
    each.collect()
}

async fn stage() -> (Service, Running, TestPerson, TestPerson) {
    let service = Service::new(&[("VIGILA_METRICS_ALLOWED", "127.0.0.1".to_owned())]).await;
    let (running, _, manager) = service.start_with_people().await;
    let mut anybody = manager.clone();
    anybody.token = None;
    (service, running, manager, anybody)
}

#[tokio::test]
async fn each_day_is_as_the_scorecards_were_drawn_then() {
    let (service, _running, manager, anybody) = stage().await;
    let made = [
        (60, "AL-02", "yes", "unannounced"),
        (40, "AL-11", "no", "unannounced"),
        (30, "AL-02", "no", "announced"),
        (29, "AL-02", "partial", "unannounced"),
        (5, "AL-21", "no", "follow_up"),
    ];
    let mut then = Vec::new();
    for (days, item, value, kind) in made {
        let ended = days_ago(days);
        let one = with(saying(at(visit("BT-0001"), &ended), item, value), "/kind", json!(kind));
        let id = manager.submitted(&one).await;
        if days == 5 {
            let better = with(saying(one, "AL-21", "partial"), "/corrects", json!(id));
            manager.submitted(&better).await;
        }
        then.push((ended, live(&anybody).await));
    }
    let short = json!({
        "facility": "BT-0001", "checklist": {"code": "BETA", "version": "1.0.0"},
        "kind": "unannounced", "started_at": days_ago(3), "ended_at": days_ago(3),
        "answers": [{"item": "BE-01", "value": "yes"}],
    });
    manager.submitted(&short).await;
    then.push((days_ago(3), live(&anybody).await));

    let (from, to) = (day(&days_ago(61)), day(&days_ago(2)));
    let arguments = ["metrics", "backfill", "--from", &from, "--to", &to];
    let (code, text, told) = service.run(&arguments);

    assert_eq!(code, 0, "{told}");
    let samples = read(&text);
    for (ended, expected) in &then {
        assert_eq!(on(&samples, end_of(ended)), *expected, "{ended}");
    }
    // Nothing changed since, and before the first visit there was no centre.
    assert_eq!(on(&samples, end_of(&days_ago(2))), then[5].1);
    assert_eq!(on(&samples, end_of(&days_ago(41))), then[0].1);
    assert_eq!(on(&samples, end_of(&days_ago(61))), BTreeMap::new());
    let score = r#"vigila_facility_score_ratio{facility="BT-0001",territory="BT"}"#;
    assert_eq!(samples[score].len(), 59);
    assert!(told.contains("samples of") && !told.contains("left out"), "{told}");

    let file = tempfile::NamedTempFile::new().unwrap();
    let name = file.path().to_str().unwrap();
    let seldom = [&arguments[..], &["--step", "10", "--territory", "BT", "BA", "--out", name]];
    let (code, nothing, _) = service.run(&seldom.concat());
    assert_eq!((code, nothing.as_str()), (0, ""));
    let seldom = read(&std::fs::read_to_string(&file).unwrap());
    assert_eq!(seldom[score].len(), 5);
    assert!(seldom[score].iter().all(|one| samples[score].contains(one)));
    let (code, elsewhere, _) = service.run(&[&arguments[..], &["--territory", "BA"]].concat());
    assert_eq!((code, read(&elsewhere).len()), (0, 0));
}

#[tokio::test]
async fn what_is_too_young_is_left_out_and_wrong_days_are_wrong_usage() {
    let (service, _running, manager, anybody) = stage().await;
    manager.submitted(&at(visit("BT-0001"), &days_ago(2))).await;
    let before = live(&anybody).await;
    let centre = manager.get("/api/v1/facilities/BT-0001").await;
    let etag = centre.header("etag").to_owned();
    let closed =
        manager.patch("/api/v1/facilities/BT-0001", &etag, &json!({"active": false})).await;
    assert_eq!(closed.status(), 200, "{}", closed.text());

    let (from, to) = (day(&days_ago(3)), day(&clock::now().plus_days(2).to_string()));
    let (code, text, told) = service.run(&["metrics", "backfill", "--from", &from, "--to", &to]);

    assert_eq!(code, 0, "{told}");
    assert!(told.contains("are left out"), "{told}");
    let samples = read(&text);
    let latest = samples.values().flatten().map(|(time, _)| *time).max().unwrap();
    assert!(latest <= clock::now().plus_seconds(-3 * 3600).utc().timestamp());
    assert_eq!(on(&samples, end_of(&days_ago(2))), before, "it was closed today");
    assert_eq!(live(&anybody).await, BTreeMap::new());
    for wrong in [
        ["2025-01-02", "2025-01-01"],
        ["2025-02-30", "2025-03-01"],
        ["2025-1-1", "2025-03-01"],
        ["0001-01-01", "2025-03-01"],
    ] {
        let (code, _, told) =
            service.run(&["metrics", "backfill", "--from", wrong[0], "--to", wrong[1]]);
        assert_eq!(code, 2, "{wrong:?}: {told}");
    }
}
