//! Findings in numbers: live ones, those past their deadline, those that wait for the office.

use std::collections::BTreeMap;

use serde_json::json;
use vigila::app::gauges::exposition;
use vigila_core::domain::Scope;

use super::Scrape;
use crate::support::{TestApp, at, days_ago, saying, short, visit};

#[tokio::test]
async fn findings_are_counted_by_severity_and_age_until_the_office_settles_them() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    app.facility("BT-0002").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let scraper = app.scraper("BT").await;
    let scrape = Scrape::by(&scraper).await;
    assert_eq!(scrape.value("findings_open", "severity=critical,territory=BT"), 0.0);
    assert_eq!(scrape.series("facility_findings_open"), BTreeMap::new());

    monitor.submitted(&saying(at(visit("BT-0001"), &days_ago(30)), "AL-11", "no")).await;
    monitor.submitted(&saying(at(visit("BT-0002"), &days_ago(1)), "AL-02", "no")).await;

    let scrape = Scrape::by(&scraper).await;
    for (family, severity, count) in [
        ("findings_open", "critical", 1.0),
        ("findings_open", "minor", 0.0),
        ("findings_overdue", "critical", 0.0),
        ("findings_closing_proposed", "critical", 0.0),
    ] {
        let value = scrape.value(family, &format!("severity={severity},territory=BT"));
        assert_eq!(value, count, "{family} {severity}");
    }
    // Two days were given for what is critical.
    let (another, later) = (app.another().await, vigila::clock::now().plus_days(8));
    let text = exposition(&another, &Scope::All, later).await.unwrap();
    let later = Scrape::read(&text);
    let overdue = later.series("findings_overdue");
    let of = |severity: &str| overdue[&format!("severity={severity},territory=BT")];
    assert_eq!(["minor", "major", "critical"].map(of), [0.0, 0.0, 1.0]);
    let open = scrape.series("findings_open");
    assert_eq!((open.len(), open.values().sum::<f64>()), (3, 2.0), "{open:?}");
    let ages = scrape.series("findings_by_age");
    assert_eq!((ages.len(), ages.values().sum::<f64>()), (12, 2.0), "{ages:?}");
    // What counts is when the office received the visit.
    assert_eq!(ages["age=up_to_2_days,severity=critical,territory=BT"], 1.0);
    let ages = later.series("findings_by_age");
    assert_eq!(ages["age=up_to_10_days,severity=critical,territory=BT"], 1.0);
    let centre = "facility=BT-0001,territory=BT";
    let of_centre = "facility=BT-0001,severity=critical,territory=BT";
    assert_eq!(scrape.value("facility_findings_open", of_centre), 1.0);
    let oldest = scrape.series("facility_oldest_critical_finding_timestamp_seconds");
    assert_eq!(oldest.keys().collect::<Vec<_>>(), [centre]);
    let now = vigila::app::gauges::seconds(vigila::clock::now());
    assert!((now - oldest[centre]).abs() < 60.0, "{oldest:?}");

    monitor.submitted(&short("BT-0001", "follow_up", &days_ago(20), &[("AL-11", "yes")])).await;
    let scrape = Scrape::by(&scraper).await;
    let critical = "severity=critical,territory=BT";
    for (family, count) in
        [("findings_open", 1.0), ("findings_overdue", 0.0), ("findings_closing_proposed", 1.0)]
    {
        assert_eq!(scrape.value(family, critical), count, "{family}");
    }
    let oldest = scrape.series("facility_oldest_critical_finding_timestamp_seconds");
    assert_eq!(oldest, BTreeMap::new(), "nobody is alarmed by what was mended");

    let listed = manager.get("/api/v1/findings?facility=BT-0001&severity=critical").await;
    let id = listed.column("id").remove(0);
    let path = format!("/api/v1/findings/{id}/moves");
    let moved = manager.post(&path, &json!({"to": "closed"})).await;
    assert!(matches!(moved.status(), 200 | 201), "{}", moved.text());
    let scrape = Scrape::by(&scraper).await;
    assert_eq!(scrape.value("findings_open", critical), 0.0);
    assert_eq!(scrape.value("findings_closing_proposed", critical), 0.0);
    assert!(!scrape.series("facility_findings_open").contains_key(of_centre));
}
