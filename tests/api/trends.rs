//! Trends: a measure of a centre over time.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, TestPerson, at, saying, short, visit, with};

const PATH: &str = "/api/v1/facilities/BT-0001/trends";

async fn stage() -> (TestApp, TestPerson) {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let manager = app.manager("BT").await;
    (app, manager)
}

async fn made(who: &TestPerson, kind: &str, ended: &str, rooms: &str) -> Uuid {
    let visit = saying(at(visit("BT-0001"), ended), "AL-02", rooms);
    who.submitted(&with(visit, "/kind", json!(kind))).await
}

async fn series(who: &TestPerson, query: &str) -> Vec<Value> {
    let list = who.member(&format!("{PATH}?{query}"), "/series").await;
    list.as_array().unwrap().clone()
}

/// The visits of every series.
async fn visits(who: &TestPerson, query: &str) -> Vec<Vec<Value>> {
    let all = series(who, query).await;
    let points = |series: &Value| {
        let points = series["points"].as_array().unwrap();
        points.iter().map(|point| point["inspection_id"].clone()).collect()
    };
    all.iter().map(points).collect()
}

#[tokio::test]
async fn a_centre_without_visits_has_a_trend_without_series() {
    let (app, manager) = stage().await;
    let answer = manager.get(PATH).await;
    assert_eq!((answer.status(), &answer.json()["series"]), (200, &json!([])));
    assert_eq!(
        (&answer.json()["measure"], &answer.json()["breaks"]),
        (&json!("overall"), &json!([]))
    );
    let viewer = app.viewer("BA").await;
    assert_eq!(viewer.get(PATH).await.status(), 404);
    let table = [
        ("measure=score", "measure not-an-option"),
        ("measure=dimension:", "measure not-an-option"),
        ("from=2024-02-30", "from not-a-day"),
        ("to=now", "to not-a-day"),
        ("colour=red", "colour unknown-parameter"),
    ];
    for (query, fault) in table {
        let answer = manager.get(&format!("{PATH}?{query}")).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
}

#[tokio::test]
async fn kinds_that_may_not_be_compared_are_series_apart() {
    let (_app, manager) = stage().await;
    let a = made(&manager, "unannounced", "2024-01-01T10:00:00.000Z", "yes").await;
    let d = made(&manager, "complaint", "2024-04-01T10:00:00.000Z", "partial").await;
    let b = made(&manager, "announced", "2024-02-01T10:00:00.000Z", "yes").await;
    let c = made(&manager, "follow_up", "2024-03-01T10:00:00.000Z", "no").await;
    let e = made(&manager, "remote", "2024-05-01T10:00:00.000Z", "yes").await;

    let all = series(&manager, "").await;

    let kinds: Vec<_> = all.iter().map(|series| series["kinds"].clone()).collect();
    let together = json!(["unannounced", "follow_up", "complaint"]);
    assert_eq!(kinds, [together, json!(["announced"]), json!(["remote"])]);
    let expected = [vec![json!(a), json!(c), json!(d)], vec![json!(b)], vec![json!(e)]];
    assert_eq!(visits(&manager, "").await, expected);
    let last = &all[0]["points"][2];
    assert_eq!(
        (&last["at"], &last["kind"]),
        (&json!("2024-04-01T10:00:00.000Z"), &json!("complaint"))
    );
    assert_eq!((&last["counted"], &last["checklist"]["version"]), (&json!(true), &json!("1.0.0")));
    assert_eq!(last["model"]["code"], "TRIAL");
    let hygiene = series(&manager, "measure=dimension:HYGIENE").await;
    let values: Vec<_> = hygiene[0]["points"].as_array().unwrap().iter().collect();
    let values: Vec<_> = values.iter().map(|point| point["value"].as_f64().unwrap()).collect();
    assert_eq!(values, [100.0, 37.5, 68.75]);
    let unknown = series(&manager, "measure=dimension:SPORT").await;
    assert_eq!(unknown[0]["points"][0]["value"], json!(null));
    let indicator = manager.get(&format!("{PATH}?measure=indicator:IND-HYG-01")).await;
    assert_eq!(
        (indicator.status(), &indicator.json()["measure"]),
        (200, &json!("indicator:IND-HYG-01"))
    );
}

#[tokio::test]
async fn a_visit_that_saw_too_little_does_not_count() {
    let (_app, manager) = stage().await;
    made(&manager, "unannounced", "2024-01-01T10:00:00.000Z", "yes").await;
    let answers = [("AL-02", "yes")];
    let little = short("BT-0001", "follow_up", "2024-02-01T10:00:00.000Z", &answers);
    manager.submitted(&little).await;
    // A knock-out takes nothing from what was seen.
    let blocked = saying(at(visit("BT-0001"), "2024-03-01T10:00:00.000Z"), "AL-11", "no");
    manager.submitted(&blocked).await;
    let all = series(&manager, "").await;
    let points = all[0]["points"].as_array().unwrap();
    let counted: Vec<_> = points.iter().map(|point| &point["counted"]).collect();
    assert_eq!(counted, [&json!(true), &json!(false), &json!(true)]);
    assert_eq!(points[1]["value"], 100.0, "it has a value all the same");
}

#[tokio::test]
async fn days_begin_at_midnight_in_italy() {
    let (_app, manager) = stage().await;
    // The 27th of October 2024 has 25 hours in Italy: from 22:00Z to 23:00Z.
    let moments = ["26T21:59:59.999Z", "26T22:00:00.000Z", "27T22:59:59.999Z", "27T23:00:00.000Z"];
    let mut made_at = Vec::new();
    for moment in moments {
        let ended = format!("2024-10-{moment}");
        made_at.push(json!(made(&manager, "unannounced", &ended, "yes").await));
    }
    let table = [
        ("from=2024-10-27&to=2024-10-27", 1..3),
        ("to=2024-10-26", 0..1),
        ("from=2024-10-28", 3..4),
        ("from=2024-10-26&to=2024-10-28", 0..4),
    ];
    for (query, range) in table {
        assert_eq!(visits(&manager, query).await, [made_at[range].to_vec()], "{query}");
    }
    let none: [Vec<Value>; 0] = [];
    assert_eq!(visits(&manager, "from=2024-10-29").await, none);
    assert_eq!(visits(&manager, "from=2024-10-28&to=2024-10-26").await, none);
}

#[tokio::test]
async fn a_trend_is_of_one_checklist_and_says_where_it_changed() {
    let (_app, manager) = stage().await;
    let first = made(&manager, "unannounced", "2024-01-01T10:00:00.000Z", "yes").await;
    let next = at(visit("BT-0001"), "2024-02-01T10:00:00.000Z");
    let next = manager.submitted(&with(next, "/checklist/version", json!("1.1.0"))).await;
    let answers = [("BE-01", "yes"), ("BE-02", "yes")];
    let beta = short("BT-0001", "unannounced", "2024-03-01T10:00:00.000Z", &answers);
    let beta = manager.submitted(&with(beta, "/checklist/code", json!("BETA"))).await;

    let trend = manager.member(PATH, "").await;

    assert_eq!(trend["checklist"], "ALFA", "the centre's main one");
    let at = "2024-02-01T10:00:00.000Z";
    assert_eq!(trend["breaks"], json!([{"at": at, "what": "checklist ALFA 1.1.0"}]));
    assert_eq!(visits(&manager, "").await, [vec![json!(first), json!(next)]]);
    assert_eq!(visits(&manager, "checklist=BETA").await, [vec![json!(beta)]]);
    assert_eq!(series(&manager, "checklist=GAMMA").await, [json!(null); 0]);
    // What was corrected has left; what corrects it stands in its place.
    let correction = with(at_same(&manager, first).await, "/answers/1/value", json!("no"));
    let correction = manager.submitted(&with(correction, "/corrects", json!(first))).await;
    assert_eq!(visits(&manager, "").await, [vec![json!(correction), json!(next)]]);
}

/// The content of a visit, to be corrected.
async fn at_same(who: &TestPerson, id: Uuid) -> Value {
    who.member(&crate::support::address(id), "/content").await
}

/// The numbers of a member over a list.
fn numbers(list: &Value, member: &str) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|one| one[member].as_f64().unwrap()).collect()
}

#[tokio::test]
async fn a_level_is_told_with_its_interval_and_a_clear_fall_is_called_worsening() {
    let (_app, manager) = stage().await;
    let none = manager.member(PATH, "").await;
    assert_eq!((&none["variances"], &none["series"]), (&json!(null), &json!([])));
    made(&manager, "unannounced", "2024-01-01T10:00:00.000Z", "yes").await;
    made(&manager, "unannounced", "2024-04-01T10:00:00.000Z", "yes").await;
    let two = series(&manager, "").await;
    let change = &two[0]["change"];
    assert_eq!((&change["verdict"], &change["low"]), (&json!("too_few_visits"), &json!(null)));
    assert_eq!(change["over_days"], 91.0);
    made(&manager, "unannounced", "2024-07-01T10:00:00.000Z", "yes").await;
    for month in ["2025-01", "2025-04", "2025-07"] {
        made(&manager, "unannounced", &format!("{month}-01T10:00:00.000Z"), "no").await;
    }
    let trend = manager.member(PATH, "").await;

    // One centre has few steps: the documented defaults are used, and said to be none of ours.
    let variances = &trend["variances"];
    assert_eq!((&variances["noise"], &variances["estimated"]), (&json!(25.0), &json!(false)));
    assert_eq!(variances["steps"], 5);
    let series = &trend["series"][0];
    let (points, level) = (&series["points"], &series["level"]);
    let at = |list: &Value| -> Vec<Value> {
        list.as_array().unwrap().iter().map(|one| one["at"].clone()).collect()
    };
    assert_eq!(at(points), at(level));
    let (low, value, high) =
        (numbers(level, "low"), numbers(level, "value"), numbers(level, "high"));
    for index in 0..6 {
        let half = (high[index] - low[index]) / 2.0;
        assert!(half > 0.0 && half < 1.6449 * 5.0, "narrower than one visit alone: {half}");
        assert!((value[index] - f64::midpoint(low[index], high[index])).abs() < 1e-9);
    }
    assert_eq!(series["change"]["verdict"], "worsening");
    assert!(series["change"]["high"].as_f64().unwrap() < 0.0);
    assert_eq!(series["change"]["over_days"], 365.0);
    assert_eq!((&series["joined"], &trend["percentile"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn across_a_new_version_only_what_both_ask_is_compared() {
    let (_app, manager) = stage().await;
    for month in ["2024-01", "2024-04"] {
        made(&manager, "unannounced", &format!("{month}-01T10:00:00.000Z"), "partial").await;
    }
    let next = saying(at(visit("BT-0001"), "2024-07-01T10:00:00.000Z"), "AL-02", "partial");
    manager.submitted(&with(next, "/checklist/version", json!("1.1.0"))).await;

    let series = &series(&manager, "").await[0];

    let joined = &series["joined"];
    let items = numbers(&joined["versions"], "items");
    assert!(joined["shared_items"].as_f64().unwrap() <= items[0].min(items[1]));
    let compared = numbers(&series["points"], "compared");
    assert!((compared[0] - compared[2]).abs() < 1e-9, "the same answers to the same questions");
    let level = numbers(&series["level"], "value");
    assert!(level.iter().all(|level| (level - compared[0]).abs() < 1e-9));
}

#[tokio::test]
async fn a_centre_has_a_place_among_those_of_its_kind_in_its_territory() {
    let (app, manager) = stage().await;
    for (code, rooms) in
        [("BT-0002", "no"), ("BT-0003", "partial"), ("BT-0004", "yes"), ("BT-0005", "yes")]
    {
        app.facility(code).await;
        let visit = saying(at(visit(code), "2024-05-01T10:00:00.000Z"), "AL-02", rooms);
        manager.submitted(&visit).await;
    }
    made(&manager, "unannounced", "2024-05-02T10:00:00.000Z", "yes").await;
    let trend = manager.member(PATH, "").await;
    // Two of four others are worse, two are equal and count by half.
    let expected = json!({"value": 75.0, "among": 5, "kind": "cas_collective"});
    assert_eq!(trend["percentile"], expected);

    // What is remembered of the territory follows the next visit.
    let better = saying(at(visit("BT-0002"), "2024-06-01T10:00:00.000Z"), "AL-02", "yes");
    manager.submitted(&better).await;
    let trend = manager.member(PATH, "").await;
    assert_eq!(trend["percentile"]["value"], 62.5);
}

#[tokio::test]
async fn a_territory_is_told_month_by_month_and_kind_by_kind() {
    let (app, manager) = stage().await;
    app.facility("BT-0002").await;
    made(&manager, "unannounced", "2024-01-31T22:30:00.000Z", "yes").await;
    let other = saying(at(visit("BT-0002"), "2024-02-10T10:00:00.000Z"), "AL-11", "no");
    manager.submitted(&other).await;

    let trend = manager.member("/api/v1/territories/BT/trends", "").await;

    assert_eq!(trend["kinds"].as_array().unwrap().len(), 1);
    let kind = &trend["kinds"][0];
    assert_eq!(kind["kind"], "cas_collective");
    let months = kind["months"].as_array().unwrap();
    assert_eq!((&months[0]["month"], &months[0]["centres"]), (&json!("2024-01-01"), &json!(1)));
    assert_eq!(months[0]["bands"], json!([{"band": "good", "centres": 1, "share": 1.0}]));
    assert_eq!(months[1]["centres"], 2);
    let bands: Vec<_> =
        months[1]["bands"].as_array().unwrap().iter().map(|b| b["band"].clone()).collect();
    assert_eq!(bands, [json!("critical"), json!("good")]);
    let median = months[1]["median"].as_f64().unwrap();
    let quartiles = (months[1]["lower_quartile"].as_f64(), months[1]["upper_quartile"].as_f64());
    assert!(quartiles.0 < Some(median) && Some(median) < quartiles.1);
    let last = months.last().unwrap();
    assert_eq!(last["bands"], months[1]["bands"], "a picture stands until the next visit");
    let none = manager.member("/api/v1/territories/BT/trends?kind=sai", "/kinds").await;
    assert_eq!(none, json!([]));
    let hygiene = "/api/v1/territories/BT/trends?measure=dimension:HYGIENE";
    assert_eq!(manager.member(hygiene, "/unit").await, "points");
    let viewer = app.viewer("BA").await;
    assert_eq!(viewer.get("/api/v1/territories/BT/trends").await.status(), 404);
}
