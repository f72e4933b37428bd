//! Visits as flat rows of one measure.

use serde_json::{Value, json};

use crate::support::{TestApp, TestPerson, at, saying, visit, with};

const PATH: &str = "/api/v1/series";

async fn rows(who: &TestPerson, query: &str) -> Vec<Value> {
    who.member(&format!("{PATH}?{query}"), "/items").await.as_array().unwrap().clone()
}

/// What of each row is told apart here.
async fn told(who: &TestPerson, query: &str) -> Vec<(String, String, f64)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = rows(who, query).await;
    rows.iter()
        .map(|row| (text(row, "time"), text(row, "facility"), row["value"].as_f64().unwrap()))
        .collect()
}

fn row(day: &str, facility: &str, value: f64) -> (String, String, f64) {
    (format!("{day}T10:00:00.000Z"), facility.to_owned(), value)
}

/// Two centres of one territory and one of another; the first has a corrected visit.
async fn stage() -> (TestApp, TestPerson) {
    let app = TestApp::with_small_checklists().await;
    let manager = app.manager("BT BA").await;
    let visits = [
        ("BT-0001", "2024-02-01", "no"),
        ("BT-0001", "2024-01-01", "yes"),
        ("BT-0002", "2024-01-15", "partial"),
        ("BA-0001", "2024-01-20", "no"),
    ];
    for code in ["BT-0001", "BT-0002", "BA-0001"] {
        app.facility(code).await;
    }
    for (facility, day, rooms) in visits {
        let made = saying(at(visit(facility), &format!("{day}T10:00:00.000Z")), "AL-02", rooms);
        let id = manager.submitted(&made).await;
        if day == "2024-02-01" {
            let better = with(saying(made, "AL-02", "partial"), "/kind", json!("follow_up"));
            manager.submitted(&with(better, "/corrects", json!(id))).await;
        }
    }
    (app, manager)
}

#[tokio::test]
async fn visits_that_count_are_rows_from_the_earliest() {
    let (app, manager) = stage().await;

    let all = rows(&manager, "measure=dimension:HYGIENE").await;

    assert_eq!(all.len(), 4);
    let last = json!({
        "time": "2024-02-01T10:00:00.000Z", "facility": "BT-0001",
        "name": "Centro di prova BT-0001", "territory": "BT", "checklist": "ALFA",
        "kind": "follow_up", "measure": "dimension:HYGIENE", "value": 68.75, "band": "good",
    });
    assert_eq!((&all[3]["value"], &all[3]["kind"]), (&last["value"], &last["kind"]));
    let mut without_band = all[3].clone();
    without_band["band"] = last["band"].clone();
    assert_eq!(without_band, last);
    let hygiene = [
        row("2024-01-01", "BT-0001", 100.0),
        row("2024-01-15", "BT-0002", 68.75),
        row("2024-01-20", "BA-0001", 37.5),
        row("2024-02-01", "BT-0001", 68.75),
    ];
    let measure = "measure=dimension:HYGIENE";
    assert_eq!(told(&manager, measure).await, hygiene);
    let table = [
        ("territory=BT", vec![0, 1, 3]),
        ("facility=BT-0001", vec![0, 3]),
        ("facility=BT-9999", vec![]),
        ("territory=FG", vec![]),
        ("territory=BA&facility=BT-0001", vec![]),
        ("checklist=ALFA&from=2024-01-15&to=2024-01-20", vec![1, 2]),
        ("checklist=BETA", vec![]),
        ("from=2024-02-02", vec![]),
    ];
    for (query, expected) in table {
        let expected: Vec<_> = expected.into_iter().map(|index| hygiene[index].clone()).collect();
        assert_eq!(told(&manager, &format!("{measure}&{query}")).await, expected, "{query}");
    }
    assert_eq!(told(&manager, "measure=dimension:SPORT").await, []);
    let viewer = app.viewer("BA").await;
    assert_eq!(told(&viewer, measure).await, [hygiene[2].clone()]);
    let id = app.stored_facility("BT-0002").await.unwrap().id;
    assert_eq!(told(&manager, &format!("{measure}&facility={id}")).await, [hygiene[1].clone()]);
}

#[tokio::test]
async fn the_overall_is_what_the_visit_shows_and_pages_join() {
    let (_app, manager) = stage().await;
    let visits = manager.member("/api/v1/inspections", "/items").await;
    let mut shown: Vec<(String, f64)> = Vec::new();
    for visit in visits.as_array().unwrap().iter().filter(|v| v["superseded_by"].is_null()) {
        let ended = visit["ended_at"].as_str().unwrap().to_owned();
        shown.push((ended, visit["overall"].as_f64().unwrap()));
    }
    shown.reverse();
    let all = told(&manager, "").await;
    let values: Vec<_> = all.iter().map(|(time, _, value)| (time.clone(), *value)).collect();
    assert_eq!(values, shown);
    let (mut seen, mut next) = (Vec::new(), format!("{PATH}?limit=3&measure=overall"));
    let mut pages = 0;
    while !next.is_empty() {
        let page = manager.member(&next, "").await;
        for row in page["items"].as_array().unwrap() {
            seen.push((row["time"].as_str().unwrap().to_owned(), row["value"].as_f64().unwrap()));
        }
        next = page["_links"]["next"].as_str().unwrap_or_default().to_owned();
        pages += 1;
    }
    assert_eq!((seen, pages), (shown, 2));
    let table = [
        ("measure=score", "measure not-an-option"),
        ("measure=overall,dimension:HYGIENE", "measure not-an-option"),
        ("territory=XX", "territory unknown-territory"),
        ("facility=bt", "facility bad-format"),
        ("from=2024-02-30", "from not-a-day"),
        ("limit=20001", "limit out-of-range"),
        ("limit=0", "limit out-of-range"),
        ("cursor=x", "cursor bad-cursor"),
        ("kind=remote", "kind unknown-parameter"),
    ];
    for (query, fault) in table {
        let answer = manager.get(&format!("{PATH}?{query}")).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
}
