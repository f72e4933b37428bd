//! The list of visits: filters, order, pages, and what of it a monitor sees.

use serde_json::json;
use uuid::Uuid;

use crate::support::{TestApp, TestPerson, address, at, photo, saying, showing, visit, with};

const PATH: &str = "/api/v1/inspections";

async fn ids(who: &TestPerson, query: &str) -> Vec<String> {
    let answer = who.get(&format!("{PATH}?{query}")).await;
    assert_eq!(answer.status(), 200, "{query}: {}", answer.text());
    answer.column("inspection_id")
}

fn texts(ids: &[Uuid]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// A whole visit of a kind that ended then.
async fn made(who: &TestPerson, facility: &str, kind: &str, ended: &str) -> Uuid {
    who.submitted(&with(at(visit(facility), ended), "/kind", json!(kind))).await
}

async fn beta(who: &TestPerson, facility: &str, ended: &str) -> Uuid {
    let mut visit = at(visit(facility), ended);
    visit["checklist"]["code"] = json!("BETA");
    visit["answers"] =
        json!([{"item": "BE-01", "value": "yes"}, {"item": "BE-02", "value": "yes"}]);
    who.submitted(&visit).await
}

#[tokio::test]
async fn visits_are_listed_by_every_filter() {
    let app = TestApp::with_small_checklists().await;
    let first = app.facility("BT-0001").await;
    for code in ["BT-0002", "BA-0001", "FG-0001"] {
        app.facility(code).await;
    }
    let manager = app.manager("BT BA").await;
    let a = made(&manager, "BT-0001", "unannounced", "2024-01-10T10:00:00.000Z").await;
    let b = made(&manager, "BT-0002", "announced", "2024-01-12T10:00:00.000Z").await;
    let c = beta(&manager, "BA-0001", "2024-01-11T10:00:00.000Z").await;
    let owing = showing(at(visit("BT-0001"), "2024-01-09T10:00:00.000Z"), "AL-11", &[&photo(0)]);
    let d = manager.submitted(&owing).await;
    let elsewhere = app.monitor("FG").await;
    made(&elsewhere, "FG-0001", "remote", "2024-01-13T10:00:00.000Z").await;
    let by_id = format!("facility={}", first.id);
    let table: [(&str, &[Uuid]); 18] = [
        ("", &[b, c, a, d]),
        ("facility=BT-0001", &[a, d]),
        (&by_id, &[a, d]),
        ("facility=FG-0001", &[]),
        ("facility=BT-9999", &[]),
        ("territory=BT", &[b, a, d]),
        ("territory=FG", &[]),
        ("checklist=BETA", &[c]),
        ("checklist=GAMMA", &[]),
        ("kind=announced", &[b]),
        ("state=awaiting_photos", &[d]),
        ("state=complete", &[b, c, a]),
        ("from=2024-01-10&to=2024-01-11", &[c, a]),
        ("territory=BT&kind=unannounced&state=complete", &[a]),
        ("from=2024-01-12&to=2024-01-10", &[]),
        ("from=0001-01-01&to=9999-12-31", &[b, c, a, d]),
        ("from=9999-12-31", &[]),
        ("to=0001-01-01", &[]),
    ];
    for (query, expected) in table {
        assert_eq!(ids(&manager, query).await, texts(expected), "{query}");
    }
    let rows = manager.get(&format!("{PATH}?state=awaiting_photos")).await;
    insta::assert_json_snapshot!(rows.told());
}

#[tokio::test]
async fn a_day_is_one_of_the_timezone() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let manager = app.manager("BT").await;
    // The 31st of March 2024 has 23 hours in Italy: from 23:00Z to 22:00Z.
    let before = made(&manager, "BT-0001", "remote", "2024-03-30T22:59:59.999Z").await;
    let first = made(&manager, "BT-0001", "remote", "2024-03-30T23:00:00.000Z").await;
    let last = made(&manager, "BT-0001", "remote", "2024-03-31T21:59:59.999Z").await;
    let after = made(&manager, "BT-0001", "remote", "2024-03-31T22:00:00.000Z").await;
    assert_eq!(ids(&manager, "from=2024-03-31&to=2024-03-31").await, texts(&[last, first]));
    assert_eq!(ids(&manager, "to=2024-03-30").await, texts(&[before]));
    assert_eq!(ids(&manager, "from=2024-04-01").await, texts(&[after]));
}

#[tokio::test]
async fn parameters_that_do_not_do_are_named() {
    let app = TestApp::with_small_checklists().await;
    let monitor = app.monitor("BT").await;
    let table = [
        ("colour=red", "colour unknown-parameter"),
        ("kind=surprise", "kind not-an-option"),
        ("state=open", "state not-an-option"),
        ("territory=XX", "territory unknown-territory"),
        ("from=2024-02-30", "from not-a-day"),
        ("to=yesterday", "to not-a-day"),
        ("facility=not%20a%20code", "facility bad-format"),
        ("limit=0", "limit out-of-range"),
        ("limit=201", "limit out-of-range"),
        ("limit=many", "limit out-of-range"),
        ("cursor=x", "cursor bad-cursor"),
        ("cursor=WyJhIiwiYiJd", "cursor bad-cursor"),
        ("kind=remote&kind=remote", "kind duplicate"),
        ("checklist=%00", "checklist null-character"),
    ];
    for (query, fault) in table {
        let answer = monitor.get(&format!("{PATH}?{query}")).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
    let all = monitor.get(&format!("{PATH}?colour=red&kind=x&limit=0")).await;
    assert_eq!(all.faults().len(), 3, "{}", all.text());
}

#[tokio::test]
async fn pages_skip_and_double_no_row_while_others_arrive() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let manager = app.manager("BT").await;
    // Five of them ended at one instant, so that the ids must order them.
    let mut there = Vec::new();
    for minute in [0, 1, 1, 1, 1, 1, 2, 3] {
        let ended = format!("2024-01-10T10:0{minute}:00.000Z");
        there.push(made(&manager, "BT-0001", "announced", &ended).await);
    }
    there.reverse();
    let (mut read, mut pages) = (Vec::new(), 0);
    let mut next = Some(format!("{PATH}?kind=announced&limit=3"));
    while let Some(path) = next {
        let page = manager.get(&path).await;
        assert!(page.column("inspection_id").len() <= 3);
        read.extend(page.column("inspection_id"));
        next = page.next();
        pages += 1;
        for ended in ["2024-01-10T09:00:00.000Z", "2024-01-10T10:09:00.000Z"] {
            made(&manager, "BT-0001", "remote", ended).await;
        }
        if pages < 3 {
            made(&manager, "BT-0001", "announced", "2024-01-10T10:09:00.000Z").await;
        }
    }
    assert_eq!(read, texts(&there), "what was there stands there once, in its order");
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn a_monitor_sees_its_own_and_the_latest() {
    let app = TestApp::with_small_checklists().await;
    for code in ["BT-0001", "BT-0002", "BA-0001"] {
        app.facility(code).await;
    }
    let (one, other) = (app.monitor("BT").await, app.monitor("BT BA").await);
    let own = made(&one, "BT-0001", "remote", "2024-01-01T10:00:00.000Z").await;
    let earlier = made(&other, "BT-0001", "remote", "2024-01-02T10:00:00.000Z").await;
    let latest = made(&other, "BT-0001", "remote", "2024-01-03T10:00:00.000Z").await;
    let short = beta(&other, "BT-0001", "2024-01-01T09:00:00.000Z").await;
    let second = made(&other, "BT-0002", "remote", "2024-01-04T10:00:00.000Z").await;
    let elsewhere = made(&other, "BA-0001", "remote", "2024-01-05T10:00:00.000Z").await;

    assert_eq!(ids(&one, "").await, texts(&[second, latest, own, short]));
    assert_eq!(ids(&other, "").await, texts(&[elsewhere, second, latest, earlier, short]));
    let all = texts(&[elsewhere, second, latest, earlier, own, short]);
    assert_eq!(ids(&app.viewer("BT BA").await, "").await, all);
    assert_eq!(ids(&app.admin().await, "").await, all);
    assert_eq!(ids(&app.manager("BA").await, "").await, texts(&[elsewhere]));
    for (id, status) in [(own, 200), (latest, 200), (short, 200), (earlier, 404), (elsewhere, 404)]
    {
        assert_eq!(one.get(&address(id)).await.status(), status);
        assert_eq!(one.get(&format!("{}/score", address(id))).await.status(), status);
    }
    assert_eq!(one.get(&address(Uuid::now_v7())).await.status(), 404);

    // A correction of the latest takes its place, and what it corrects is no longer shown.
    let correction = at(saying(visit("BT-0001"), "AL-02", "no"), "2024-01-03T10:00:00.000Z");
    let correction = with(correction, "/kind", json!("remote"));
    let correction = other.submitted(&with(correction, "/corrects", json!(latest))).await;
    assert_eq!(ids(&one, "").await, texts(&[second, correction, own, short]));
    assert_eq!(one.get(&address(latest)).await.status(), 404);
    assert_eq!(other.get(&address(latest)).await.status(), 200);
}
