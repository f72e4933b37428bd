//! The next visit: the centres of a territory in the order in which they should be visited,
//! each with its reasons.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use vigila_core::domain::FactValue;

use crate::support::{TestApp, TestPerson, at, days_ago, saying, visit};

const PATH: &str = "/api/v1/territories/BT/next-visits";

/// Answers that fail all that fails without knocking out.
const ALL_BAD: [(&str, &str); 3] = [("AL-02", "no"), ("AL-03", "bad"), ("AL-21", "no")];

struct Stage {
    app: TestApp,
    monitor: TestPerson,
}

impl Stage {
    async fn new() -> Self {
        let app = TestApp::with_small_checklists().await;
        let monitor = app.monitor("BT").await;
        Self { app, monitor }
    }

    /// A whole visit with ALFA so many days ago that says this besides.
    async fn visit(&self, centre: &str, days: i64, said: &[(&str, &str)]) {
        let whole = at(visit(centre), &days_ago(days));
        let sent = said.iter().fold(whole, |visit, (item, value)| saying(visit, item, *value));
        self.monitor.submitted(&sent).await;
    }

    async fn rows(&self) -> Vec<Value> {
        rows(&self.monitor, PATH).await
    }
}

async fn rows(who: &TestPerson, path: &str) -> Vec<Value> {
    who.member(path, "/items").await.as_array().unwrap().clone()
}

fn code(row: &Value) -> &str {
    row["facility"]["code"].as_str().unwrap()
}

fn row<'a>(rows: &'a [Value], centre: &str) -> &'a Value {
    rows.iter().find(|row| code(row) == centre).unwrap_or_else(|| panic!("no {centre}"))
}

/// The reasons of a centre as `CODE POINTS VALUE LIMIT`, rounded: time goes on in a test.
fn reasons(rows: &[Value], centre: &str) -> Vec<String> {
    let told = |number: &Value| number.as_f64().map_or("-".to_owned(), |n| format!("{n:.2}"));
    let reasons = row(rows, centre)["reasons"].as_array().unwrap().iter();
    let each = reasons.map(|reason| {
        let numbers = ["points", "value", "limit"].map(|member| told(&reason[member]));
        format!("{} {}", reason["code"].as_str().unwrap(), numbers.join(" "))
    });
    each.collect()
}

/// The same, without how well the level is known: of one visit that is little, and the
/// trends' own tests say how little.
fn plain_reasons(rows: &[Value], centre: &str) -> Vec<String> {
    let all = reasons(rows, centre).into_iter();
    all.filter(|reason| !reason.starts_with("wide_uncertainty")).collect()
}

#[tokio::test]
async fn each_reason_is_told_with_what_was_measured() {
    let stage = Stage::new().await;
    for number in 1..=7 {
        stage.app.facility(&format!("BT-000{number}")).await;
    }
    stage.visit("BT-0002", 5, &[]).await;
    stage.visit("BT-0003", 270, &[]).await;
    stage.visit("BT-0004", 5, &[("AL-11", "no")]).await;
    stage.visit("BT-0005", 5, &ALL_BAD).await;
    let unseen = [("AL-21", "not_observed"), ("AL-24", "not_observed")];
    stage.visit("BT-0006", 5, &unseen).await;
    for (days, said) in [(420, &[][..]), (400, &[]), (380, &[]), (30, &ALL_BAD), (20, &ALL_BAD)] {
        stage.visit("BT-0007", days, said).await;
    }

    let rows = stage.rows().await;

    assert_eq!(reasons(&rows, "BT-0001"), ["never_inspected 90.00 - -"]);
    assert_eq!(row(&rows, "BT-0001")["last_visit"], Value::Null);
    assert_eq!(plain_reasons(&rows, "BT-0002"), [""; 0]);
    assert_eq!(plain_reasons(&rows, "BT-0003"), ["overdue 15.00 270.00 180.00"]);
    assert_eq!(plain_reasons(&rows, "BT-0004"), ["open_critical 40.00 1.00 0.00"]);
    assert_eq!(plain_reasons(&rows, "BT-0005"), ["insufficient 30.00 - -"]);
    let thin = ["not_enough_data 20.00 - -", "low_coverage 10.00 0.80 0.90"];
    assert_eq!(plain_reasons(&rows, "BT-0006"), thin);
    let worse = ["insufficient 30.00 - -", "worsening 30.00 - -"];
    assert_eq!(plain_reasons(&rows, "BT-0007"), worse);
    for row in &rows {
        let points = row["reasons"].as_array().unwrap().iter().map(|r| r["points"].as_f64());
        assert_eq!(row["total"].as_f64(), Some(points.map(Option::unwrap).sum()), "{row}");
    }
    assert_eq!(code(&rows[0]), "BT-0001");
    let totals: Vec<_> = rows.iter().map(|row| row["total"].as_f64().unwrap()).collect();
    assert!(totals.is_sorted_by(|one, next| one >= next), "{totals:?}");
}

#[tokio::test]
async fn who_lives_there_counts_as_last_counted() {
    let stage = TestApp::start().await;
    let facts = |guests: f64, minors: f64| {
        let facts = [("guests_present", guests), ("minors_present", minors)];
        facts.map(|(code, number)| (code.to_owned(), FactValue::Number(number))).into()
    };
    stage.facility_with("BT-0001", |f| f.facts = facts(80.0, 3.0)).await;
    stage.facility_with("BT-0002", |f| f.facts = facts(80.0, 3.0)).await;
    stage.facility("BT-0003").await;
    let monitor = stage.monitor("BT").await;
    let counted = |days: i64, guests: i64, minors: i64| {
        json!({"facility": "BT-0002", "checklist": {"code": "CAS-COLL", "version": "1.0.0"},
            "kind": "unannounced", "started_at": days_ago(days), "ended_at": days_ago(days),
            "answers": [{"item": "CAS-A02", "value": guests}, {"item": "CAS-A05", "value": minors}]})
    };
    let told = async || {
        let rows = rows(&monitor, PATH).await;
        ["BT-0001", "BT-0002", "BT-0003"].map(|centre| {
            let all = reasons(&rows, centre).into_iter();
            all.filter(|reason| reason.contains("guests") || reason.contains("minors"))
                .collect::<Vec<_>>()
        })
    };
    let own = ["many_guests 3.00 80.00 50.00", "minors_present 10.00 3.00 0.00"].map(String::from);
    let none: Vec<String> = Vec::new();
    assert_eq!(told().await, [own.to_vec(), own.to_vec(), none.clone()]);
    monitor.submitted(&counted(10, 120, 0)).await;
    let counted_more = vec!["many_guests 7.00 120.00 50.00".to_owned()];
    assert_eq!(told().await, [own.to_vec(), counted_more.clone(), none.clone()]);
    monitor.submitted(&counted(20, 300, 9)).await;
    assert_eq!(told().await, [own.to_vec(), counted_more, none], "what was counted last");
}

#[tokio::test]
async fn the_list_has_every_active_centre_once_and_pages_keep_its_order() {
    let stage = Stage::new().await;
    for number in 10..17 {
        stage.app.facility(&format!("BT-00{number}")).await;
    }
    stage.app.facility_with("BT-0009", |f| f.active = false).await;
    stage.app.facility("BA-0001").await;
    stage.visit("BT-0010", 9, &[]).await;
    stage.visit("BT-0011", 9, &[("AL-11", "no")]).await;
    stage.visit("BT-0012", 300, &[]).await;
    stage.visit("BT-0013", 200, &[]).await;
    stage.visit("BT-0016", 30, &[]).await;

    let whole = stage.rows().await;

    let codes: Vec<_> = whole.iter().map(code).collect();
    // Those never seen by code; of two in the same good order the longest unseen.
    let expected = ["BT-0014", "BT-0015", "BT-0011", "BT-0012", "BT-0013", "BT-0016", "BT-0010"];
    assert_eq!(codes, expected);
    for limit in [1, 2, 3, 200] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("{PATH}?limit={limit}")));
        while let Some(page) = next {
            let answer = stage.monitor.get(&page).await;
            assert_eq!(answer.status(), 200, "{page}");
            next = answer.next();
            seen.extend(answer.json()["items"].as_array().unwrap().clone());
        }
        assert_eq!(seen.iter().map(code).collect::<Vec<_>>(), expected, "{limit} a page");
    }
}

#[tokio::test]
async fn a_page_goes_on_from_where_it_was_though_a_centre_was_visited_meanwhile() {
    let stage = Stage::new().await;
    for number in 1..=4 {
        stage.app.facility(&format!("BT-000{number}")).await;
    }
    let first = stage.monitor.get(&format!("{PATH}?limit=2")).await;
    let seen = first.json()["items"].clone();
    assert_eq!(
        seen.as_array().unwrap().iter().map(code).collect::<Vec<_>>(),
        ["BT-0001", "BT-0002"]
    );
    stage.visit("BT-0001", 1, &[]).await;
    let rest = rows(&stage.monitor, &first.next().unwrap()).await;
    assert_eq!(rest.iter().map(code).collect::<Vec<_>>(), ["BT-0003", "BT-0004"]);
}

#[tokio::test]
async fn an_office_has_a_plan_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let trial = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/trial"));
    for entry in fs::read_dir(trial).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let plan = "schema_version: 1\nplanning:\n  code: OURS\n  version: 1.0.0\n  title: { it: Nostro, en: Ours }\n\
        interval_days: { default: 10, kinds: { hotspot: 5 } }\npoints:\n\
        - { reason: never_inspected, points: 1 }\n- { reason: overdue, points: 2, at_most: 8 }\n";
    fs::write(folder.path().join("planning.yaml"), plan).unwrap();
    let path = folder.path().display().to_string();
    let app = TestApp::start_with(|settings| settings.checklists = Some(path)).await;
    let stage = Stage { monitor: app.monitor("BT").await, app };
    for code in ["BT-0001", "BT-0002", "BT-0003"] {
        stage.app.facility(code).await;
    }
    stage.visit("BT-0002", 30, &[("AL-11", "no")]).await;
    stage.visit("BT-0003", 300, &[]).await;
    let rows = stage.rows().await;
    let table = [
        ("BT-0003", "overdue 8.00 300.00 10.00"),
        ("BT-0002", "overdue 4.00 30.00 10.00"),
        ("BT-0001", "never_inspected 1.00 - -"),
    ];
    for (row, (centre, reason)) in rows.iter().zip(table) {
        assert_eq!((code(row), reasons(&rows, centre)), (centre, vec![reason.to_owned()]));
    }
}

#[tokio::test]
async fn who_reads_centres_may_ask_and_learns_of_nobody() {
    let stage = Stage::new().await;
    stage.app.facility("BT-0001").await;
    stage.visit("BT-0001", 5, &[("AL-11", "no")]).await;
    let app = &stage.app;
    let (manager, viewer) = (app.manager("BT").await, app.viewer("BT").await);
    let table = [
        (stage.monitor.clone(), "", 200),
        (manager.clone(), "", 200),
        (viewer.clone(), "", 200),
        (app.admin().await, "", 200),
        (app.scraper("BT").await, "", 403),
        (app.nobody(), "", 401),
        (app.viewer("BA").await, "", 404),
        (viewer.clone(), "?limit=0", 422),
        (viewer.clone(), "?limit=201", 422),
        (viewer.clone(), "?cursor=x", 422),
        (viewer.clone(), "?kind=sai", 422),
    ];
    for (who, query, status) in table {
        let answer = who.get(&format!("{PATH}{query}")).await;
        assert_eq!(answer.status(), status, "{query} as {}", who.name);
    }
    assert_eq!(viewer.get("/api/v1/territories/XX/next-visits").await.status(), 404);
    let text = viewer.get(PATH).await.text().to_owned();
    assert!(text.contains("open_critical"), "{text}");
    for person in [&stage.monitor, &manager, &viewer] {
        for secret in [person.name.clone(), person.id.0.to_string()] {
            assert!(!text.contains(&secret), "{secret} is in {text}");
        }
    }
}
