//! `/metrics` (contract, section 4): what Prometheus is shown, read by a parser that others
//! wrote.

mod findings;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use openmetrics_parser::prometheus::parse_prometheus;
use openmetrics_parser::{PrometheusType, PrometheusValue};
use serde_json::json;
use vigila_core::domain::{Facility, Scope};

use crate::support::{
    TestApp, TestPerson, at, days_ago, hash, photo, photo_address, saying, showing, visit,
};

/// Families by name: their type, and the value of each series by its labels.
struct Scrape(BTreeMap<String, (PrometheusType, BTreeMap<String, f64>)>);

impl Scrape {
    async fn by(person: &TestPerson) -> Self {
        let answer = person.get("/metrics").await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        let format = "text/plain; version=0.0.4; charset=utf-8";
        assert_eq!(answer.header("content-type"), format);
        Self::read(answer.text())
    }

    fn read(text: &str) -> Self {
        let read = parse_prometheus(text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let families = read.families.into_iter().map(|(name, family)| {
            assert!(family.help.ends_with('.') || family.help.contains(" ("), "{name}");
            let series = family.iter_samples().map(|sample| {
                let labels = sample.get_labelset().unwrap();
                let labels: BTreeMap<_, _> = labels.iter().collect();
                let labels = labels.iter().map(|(name, value)| format!("{name}={value}"));
                assert!(sample.timestamp.is_none(), "{name}");
                (labels.collect::<Vec<_>>().join(","), number(&sample.value))
            });
            let series = series.collect();
            (name, (family.family_type.clone(), series))
        });
        Self(families.collect())
    }

    /// The series of a family; none where it is not shown.
    fn series(&self, family: &str) -> BTreeMap<String, f64> {
        self.0
            .get(&format!("vigila_{family}"))
            .map(|(_, series)| series.clone())
            .unwrap_or_default()
    }

    fn value(&self, family: &str, labels: &str) -> f64 {
        let series = self.series(family);
        *series.get(labels).unwrap_or_else(|| panic!("{family}{{{labels}}}: {series:?}"))
    }
}

/// The number, or how many were observed.
#[expect(clippy::cast_precision_loss, reason = "counts of a test")]
fn number(value: &PrometheusValue) -> f64 {
    match value {
        PrometheusValue::Unknown(number) | PrometheusValue::Gauge(number) => number.as_f64(),
        PrometheusValue::Counter(counter) => counter.value.as_f64(),
        PrometheusValue::Histogram(histogram) => histogram.count.unwrap() as f64,
        PrometheusValue::Summary(_) => panic!("no summary is shown"),
    }
}

/// A change of a centre, as its manager makes it.
async fn change(app: &TestApp, code: &str, change: impl FnOnce(&mut Facility)) {
    let mut facility = app.stored_facility(code).await.unwrap();
    change(&mut facility);
    let now = vigila::clock::now();
    let done =
        app.app.db.write(move |conn| vigila::store::facilities::update(conn, &facility, now));
    assert!(matches!(done.await.unwrap(), vigila::store::Update::Done { .. }));
}

#[tokio::test]
async fn only_who_scrapes_is_shown_metrics() {
    let app = TestApp::with_small_checklists().await;
    let (scraper, admin) = (app.scraper("BT").await, app.admin().await);
    for (who, status) in [
        (&scraper, 200),
        (&admin, 200),
        (&app.manager("BT").await, 403),
        (&app.monitor("BT").await, 403),
        (&app.viewer("BT").await, 403),
        (&app.nobody(), 401),
    ] {
        assert_eq!(who.get("/metrics").await.status(), status);
    }
}

#[tokio::test]
async fn every_family_has_its_name_type_and_labels() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, admin) = (app.monitor("BT").await, app.admin().await);
    let blocked = saying(at(visit("BT-0001"), &days_ago(1)), "AL-11", "no");
    let sent = showing(blocked, "AL-02", &[&photo(0), &photo(1)]);
    let id = monitor.submitted(&sent).await;
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    app.app.metrics.job_ended("housekeeping", Some(1_778_754_600.0));
    let _ = Scrape::by(&admin).await;
    let scrape = Scrape::by(&admin).await;
    let shown = scrape.0.iter().map(|(name, (kind, series))| {
        let labels: BTreeSet<String> = series
            .keys()
            .flat_map(|labels| labels.split(',').map(|label| label.split('=').next().unwrap()))
            .map(ToOwned::to_owned)
            .collect();
        let labels: Vec<_> = labels.into_iter().collect();
        format!("{kind} {name}{{{}}}", labels.join(","))
    });
    let mut shown: Vec<_> = shown.collect();
    if !app.app.db.is_sqlite() {
        shown.push("histogram vigila_commit_batch_writes{}".to_owned());
    }
    shown.sort_by(|a, b| a.split(' ').next_back().cmp(&b.split(' ').next_back()));
    shown.dedup();
    insta::assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_next_scrape() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, scraper) = (app.monitor("BT").await, app.scraper("BT").await);
    let centre = "facility=BT-0001,territory=BT";

    let scrape = Scrape::by(&scraper).await;
    let band = |band: &str| BTreeMap::from([(format!("band={band},{centre}"), 1.0)]);
    assert_eq!(scrape.series("facility_band_info"), band("never_inspected"));
    assert_eq!(scrape.series("facility_score_ratio"), BTreeMap::new());
    assert_eq!(scrape.value("facility_critical_items", centre), 0.0);
    assert_eq!(scrape.value("photos_owed", "territory=BT"), 0.0);
    assert_eq!(scrape.series("photos_owed_oldest_timestamp_seconds"), BTreeMap::new());
    let kind = centre.replace(",territory", ",kind=cas_collective,territory");
    assert_eq!(scrape.value("facility_info", &kind), 1.0);

    let sent = saying(at(visit("BT-0001"), "2026-05-14T10:30:00.125Z"), "AL-02", "partial");
    let id = monitor.submitted(&showing(sent, "AL-11", &[&photo(0), &photo(1)])).await;
    let scrape = Scrape::by(&scraper).await;
    assert_eq!(scrape.series("facility_band_info"), band("adequate"));
    let overall = (68.75 + 100.0 + 100.0) / 3.0 / 100.0;
    assert!((scrape.value("facility_score_ratio", centre) - overall).abs() < 1e-12);
    assert_eq!(scrape.value("facility_coverage_ratio", centre), 1.0);
    let last = scrape.value("facility_last_inspection_timestamp_seconds", centre);
    assert_eq!(last, 1_778_754_600.125);
    let dimensions = scrape.series("facility_dimension_score_ratio");
    assert_eq!(dimensions.len(), 3, "{dimensions:?}");
    assert!(dimensions.values().any(|score| (score - 0.6875).abs() < 1e-12), "{dimensions:?}");
    assert_eq!(scrape.value("photos_owed", "territory=BT"), 2.0);
    let since = scrape.value("photos_owed_oldest_timestamp_seconds", "territory=BT");
    let now = vigila::app::gauges::seconds(vigila::clock::now());
    assert!((now - since).abs() < 60.0, "received {since}, now {now}");

    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    let absence = format!("{}/absence", photo_address(id, &photo(1)));
    assert_eq!(monitor.put(&absence, &json!({"reason": "telefono perso"})).await.status(), 200);
    let scrape = Scrape::by(&scraper).await;
    assert_eq!(scrape.value("photos_owed", "territory=BT"), 0.0, "{}", hash(&photo(0)));
    assert_eq!(scrape.series("photos_owed_oldest_timestamp_seconds"), BTreeMap::new());

    let blocked = saying(at(visit("BT-0001"), &days_ago(1)), "AL-11", "no");
    monitor.submitted(&blocked).await;
    let scrape = Scrape::by(&scraper).await;
    assert_eq!(scrape.series("facility_band_info"), band("critical"));
    assert_eq!(scrape.value("facility_critical_items", centre), 1.0);
}

#[tokio::test]
async fn a_closed_centre_ends_and_a_scraper_sees_its_territories() {
    let app = TestApp::with_small_checklists().await;
    for code in ["BT-0001", "BT-0002", "BA-0001"] {
        app.facility(code).await;
        let monitor = app.monitor(&code[..2]).await;
        monitor.submitted(&at(visit(code), &days_ago(1))).await;
    }
    let (admin, bt) = (app.admin().await, app.scraper("BT").await);
    let centres = |scrape: &Scrape| -> BTreeSet<String> {
        let all = scrape.0.values().flat_map(|(_, series)| series.keys());
        let labels = all.flat_map(|labels| labels.split(','));
        labels.filter_map(|label| label.strip_prefix("facility=")).map(ToOwned::to_owned).collect()
    };
    let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(centres(&Scrape::by(&admin).await), codes(&["BA-0001", "BT-0001", "BT-0002"]));
    let own = Scrape::by(&bt).await;
    assert_eq!(centres(&own), codes(&["BT-0001", "BT-0002"]));
    assert!(!own.series("inspections_total").is_empty());
    let foreign = own.0.values().flat_map(|(_, series)| series.keys());
    let foreign: Vec<_> = foreign.filter(|labels| labels.contains("territory=BA")).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let everywhere = Scrape::by(&admin).await;
    assert!(everywhere.series("inspections_total").keys().any(|l| l.contains("territory=BA")));

    change(&app, "BT-0002", |centre| centre.active = false).await;
    assert_eq!(centres(&Scrape::by(&bt).await), codes(&["BT-0001"]));
    change(&app, "BT-0002", |centre| centre.active = true).await;
    assert_eq!(centres(&Scrape::by(&bt).await), codes(&["BT-0001", "BT-0002"]));
    for code in ["BT-0001", "BT-0002"] {
        change(&app, code, |centre| centre.active = false).await;
    }
    let none = Scrape::by(&bt).await;
    assert_eq!(centres(&none), codes(&[]));
    assert_eq!(none.series("photos_owed"), BTreeMap::new());
}

#[tokio::test]
async fn a_process_counts_what_it_does() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, admin) = (app.monitor("BT").await, app.admin().await);
    let before = Scrape::by(&admin).await;
    assert_eq!(before.value("sign_in_failures_total", "reason=refused"), 0.0);
    for _ in 0..11 {
        let wrong = json!({"username": "nobody-1", "password": "not the password"});
        app.nobody().post("/api/v1/sessions", &wrong).await;
    }
    let sent = showing(at(visit("BT-0001"), &days_ago(1)), "AL-11", &[&photo(0)]);
    let id = monitor.submitted(&sent).await;
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);

    let scrape = Scrape::by(&admin).await;
    assert_eq!(scrape.value("sign_in_failures_total", "reason=refused"), 10.0);
    assert_eq!(scrape.value("sign_in_failures_total", "reason=slowed"), 1.0);
    let accepted = "kind=unannounced,outcome=accepted,territory=BT";
    assert_eq!(scrape.value("inspections_total", accepted), 1.0);
    let commits = scrape.value("commit_batch_writes", "");
    assert_eq!(commits > 10.0, app.app.db.is_sqlite(), "{commits}");
    assert!(scrape.value("database_size_bytes", "") > 10_000.0);
    assert!(scrape.value("database_connections_max", "") >= 1.0);
    let connections = scrape.series("database_connections");
    assert!(connections.values().sum::<f64>() >= 1.0, "{connections:?}");
    assert_eq!(scrape.value("photo_memory_used_bytes", ""), 0.0);
    assert_eq!(scrape.value("photo_memory_budget_bytes", ""), 768e6);
    assert_eq!(scrape.series("scoring_model_info").len(), 1);

    // Sizes may be half a minute old, and no older.
    assert_eq!(scrape.value("photo_store_bytes", ""), 0.0);
    let later = vigila::clock::now().plus_seconds(31);
    let text = vigila::app::gauges::exposition(&app.app, &Scope::All, later).await.unwrap();
    #[expect(clippy::cast_precision_loss, reason = "a photo")]
    let bytes = photo(0).len() as f64;
    assert_eq!(Scrape::read(&text).value("photo_store_bytes", ""), bytes);
}

#[tokio::test]
async fn indicators_are_shown_where_they_are_asked_for() {
    let mut app = TestApp::start().await;
    app.facility("BT-0001").await;
    let (monitor, admin) = (app.monitor("BT").await, app.admin().await);
    let check = json!({
        "facility": "BT-0001", "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
        "kind": "unannounced", "started_at": days_ago(1), "ended_at": days_ago(1),
        "answers": [
            {"item": "FH-A01", "value": 30}, {"item": "FH-A02", "value": "no"},
            {"item": "FH-D01", "value": 3}, {"item": "FH-D08", "value": 12},
        ],
    });
    monitor.submitted(&check).await;
    let shown = async |app: &TestApp| {
        let _ = app;
        Scrape::by(&admin).await.series("facility_indicator_value")
    };
    assert_eq!(shown(&app).await, BTreeMap::new(), "none unless asked for");
    let asks = |codes: &str| codes.split(',').map(ToOwned::to_owned).collect::<Vec<_>>();
    app.restart_with(|settings| settings.metrics_indicators = asks("IND-HYG-04,IND-HYG-01")).await;
    let one = ("facility=BT-0001,indicator=IND-HYG-04,territory=BT".to_owned(), 25.0);
    assert_eq!(shown(&app).await, BTreeMap::from([one]), "one without a value is left out");
    app.restart_with(|settings| settings.metrics_indicators = asks("all")).await;
    assert!(shown(&app).await.len() > 1);
    let mut settings = vigila::config::Settings::embedded(app.spool());
    settings.metrics_indicators = asks("IND-NO-99");
    let refused = vigila::server::build(&settings).await.err().unwrap().to_string();
    assert!(refused.contains("VIGILA_METRICS_INDICATORS: IND-NO-99"), "{refused}");
}
