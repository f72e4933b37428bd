//! What is refused, with every fault and its place.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use vigila::clock;

use crate::support::{Answer, TestApp, TestPerson, address, hash, showing, visit, with, without};

async fn send(who: &TestPerson, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    who.ask(Method::PUT, &address(Uuid::now_v7())).body(kind, body).send().await
}

/// A visit with one thing wrong, and the faults that it gets.
type Row = (Value, Vec<&'static str>);

fn whole() -> Value {
    showing(visit("BT-0001"), "AL-02", &[b"1", b"2"])
}

fn row(pointer: &str, value: Value, faults: &[&'static str]) -> Row {
    (with(whole(), pointer, value), faults.to_vec())
}

/// Every row of `table` is refused with its faults, and stores nothing.
async fn refuses(app: &TestApp, who: &TestPerson, table: Vec<Row>) {
    for (sent, expected) in table {
        let answer = who.submit(Uuid::now_v7(), &sent).await;
        assert_eq!((answer.status(), answer.faults()), (422, owned(&expected)), "{sent}");
        let errors = answer.json()["errors"].clone();
        let mut told = errors.as_array().unwrap().iter();
        assert!(told.all(|error| error["detail"].as_str().unwrap().len() > 10), "{errors}");
    }
    let stored = app.manager("BT BA").await.get("/api/v1/inspections").await;
    assert_eq!(stored.column("state"), [""; 0], "nothing is stored");
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_place_that_does_not_do_is_named() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    app.facility_with("BT-0002", |f| f.active = false).await;
    app.facility("BA-0001").await;
    let monitor = app.monitor("BT").await;
    let unknown = &["/facility unknown-facility"];
    let table = vec![
        row("/facility", json!("BT-9999"), unknown),
        row("/facility", json!("BA-0001"), unknown),
        row("/facility", json!(Uuid::now_v7()), unknown),
        row("/facility", json!("no code of any centre"), unknown),
        row("/facility", json!(""), unknown),
        row("/facility", json!(7), &["/facility wrong-type"]),
        row("/facility", json!("BT-0002"), &["/facility inactive-facility"]),
        row("/checklist/version", json!("9.0.0"), &["/checklist unknown-checklist"]),
        row("/checklist/code", json!("GAMMA"), &["/checklist unknown-checklist"]),
        row("/checklist", json!({"code": "ALFA"}), &["/checklist/version required"]),
        row("/checklist", json!("ALFA"), &["/checklist wrong-type"]),
        row("/corrects", json!(Uuid::now_v7()), &["/corrects cannot-correct"]),
        row("/corrects", json!("7"), &["/corrects not-a-uuid"]),
    ];
    refuses(&app, &monitor, table).await;
    let mut anonymous = visit("BT-0001");
    anonymous["checklist"]["code"] = json!("VOICE");
    anonymous["answers"] = json!([{"item": "VO-01", "value": "yes"}]);
    refuses(&app, &monitor, vec![(anonymous, vec!["/checklist anonymous-checklist"])]).await;
}

#[tokio::test]
async fn a_member_that_does_not_do_is_named() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let one = |pointer: &str, value: Value, code: &str| -> Row {
        let fault = format!("{pointer} {code}").leak();
        (with(whole(), pointer, value), vec![fault])
    };
    let mut table = vec![
        one("/kind", json!("surprise"), "not-an-option"),
        one("/kind", json!(null), "wrong-type"),
        one("/device", json!(null), "wrong-type"),
        one("/colour", json!("red"), "unknown-field"),
        one("/checklist/digest", json!("x"), "unknown-field"),
        one("/answers/0/score", json!(1), "unknown-field"),
        one("/photos/0/name", json!("x"), "unknown-field"),
        one("/started_at", json!("2024-05-14T10:00:00+02:00"), "not-utc"),
        one("/started_at", json!("2024-05-14"), "not-an-instant"),
        one("/started_at", json!("2024-02-30T10:00:00Z"), "not-an-instant"),
        row("/started_at", json!("2024-05-14T10:30:00.001Z"), &["/ended_at ended-before-started"]),
        one("/ended_at", json!(clock::now().plus_days(2).to_string()), "in-the-future"),
        one("/answers/0/observed_at", json!("soon"), "not-an-instant"),
        one("/answers", json!({}), "wrong-type"),
        one("/answers/0", json!("AL-01"), "wrong-type"),
        one("/device", json!("a\0b"), "null-character"),
        one("/answers/0/note", json!("\0"), "null-character"),
        one("/photos/0/bytes", json!(0), "out-of-range"),
        one("/photos/0/bytes", json!(1.5), "not-an-integer"),
        one("/photos/0/bytes", json!("1"), "wrong-type"),
        one("/photos/0/latitude", json!(90.1), "out-of-range"),
        one("/photos/0/longitude", json!(-181), "out-of-range"),
        row(
            "/photos/1/sha256",
            json!(hash(b"1")),
            &["/photos/1/sha256 duplicate", "/answers/1/photos/1 photo-not-listed"],
        ),
        one("/answers/1/photos/0", json!(hash(b"3")), "photo-not-listed"),
        one("/answers/1/photos/0", json!(hash(b"1").to_uppercase()), "not-a-sha256"),
        (json!([]), vec![" wrong-type"]),
        (json!("BT-0001"), vec![" wrong-type"]),
    ];
    let required = ["facility", "checklist", "kind", "started_at", "ended_at", "answers"];
    let required = required.into_iter().chain(["answers/0/item", "answers/0/value"]);
    for member in required.chain(["photos/0/bytes"]) {
        let fault = format!("/{member} required").leak();
        table.push((without(whole(), &format!("/{member}")), vec![fault]));
    }
    refuses(&app, &monitor, table).await;
}

#[tokio::test]
async fn an_answer_that_does_not_do_is_named() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let value = |index: usize, value: Value, fault: &str| -> Row {
        let pointer = format!("/answers/{index}/value");
        (with(whole(), &pointer, value), vec![format!("/answers/{index}/value{fault}").leak()])
    };
    let na = |item: &str| json!({"item": item, "value": "na"});
    let table = vec![
        row("/answers/0/item", json!("AL-99"), &["/answers/0/item unknown-item"]),
        row("/answers/0/item", json!("BE-01"), &["/answers/0/item unknown-item"]),
        row(
            "/answers/2/item",
            json!("AL-21"),
            &["/answers/2/value not-an-option", "/answers/6/item duplicate"],
        ),
        value(0, json!(-1), " out-of-range"),
        value(0, json!(501), " out-of-range"),
        value(0, json!(1.5), " not-an-integer"),
        value(0, json!("20"), " wrong-type"),
        value(0, json!(true), " wrong-type"),
        value(5, json!(60.001), " out-of-range"),
        value(9, json!(9_007_199_254_740_993_u64), " inexact-integer"),
        value(9, json!(-9_007_199_254_740_993_i64), " inexact-integer"),
        value(1, json!("maybe"), " not-an-option"),
        value(1, json!(1), " wrong-type"),
        value(1, json!(null), " wrong-type"),
        value(3, json!("partial"), " not-an-option"),
        value(2, json!("perfect"), " not-an-option"),
        value(2, json!(["good"]), " wrong-type"),
        value(7, json!("it"), " wrong-type"),
        value(7, json!([]), " bad-length"),
        value(7, json!(["it", "it"]), "/1 duplicate"),
        value(7, json!(["it", "de"]), "/1 not-an-option"),
        value(7, json!(["it", 7]), "/1 wrong-type"),
        value(8, json!(7), " wrong-type"),
        row("/answers/4", na("AL-12"), &["/answers/4/reason reason-required"]),
        row("/answers/4/reason", json!("  "), &["/answers/4/reason reason-required"]),
        row("/answers/4/reason", json!(null), &["/answers/4/reason wrong-type"]),
        row("/answers/0", na("AL-01"), &["/answers/0/reason reason-required"]),
    ];
    refuses(&app, &monitor, table).await;
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let app = TestApp::with_small_checklists().await;
    let monitor = app.monitor("BT").await;
    let mut sent = visit("BT-0404");
    sent["kind"] = json!("surprise");
    sent["started_at"] = json!("2024-05-14T12:00:00.000Z");
    sent["note"] = json!("\0");
    sent["answers"] = json!([
        {"item": "AL-01", "value": 999, "colour": "red"},
        {"item": "AL-99", "value": "yes"},
        {"item": "AL-02", "value": "na", "photos": [hash(b"1"), "x"]},
        {"item": "AL-02"},
        {"value": 1, "item": "AL-03"},
        7
    ]);
    sent["photos"] = json!([{"sha256": hash(b"2"), "bytes": -1}, {"bytes": 1}]);
    sent["corrects"] = json!(Uuid::now_v7());

    let answer = monitor.submit(Uuid::now_v7(), &sent).await;

    assert_eq!(answer.status(), 422);
    let mut faults = answer.faults();
    faults.sort();
    insta::assert_debug_snapshot!(faults);
    let ask = monitor.ask(Method::PUT, &address(Uuid::now_v7())).header("accept-language", "it");
    let italian = ask.json(&sent).send().await;
    assert_eq!(italian.faults().len(), faults.len());
    assert_eq!(italian.json()["title"], "Contenuto non valido");
}

#[tokio::test]
async fn a_body_made_of_faults_gets_no_endless_answer() {
    let app = TestApp::with_small_checklists().await;
    let monitor = app.monitor("BT").await;
    let body = format!("{{\"answers\":[{}{{}}]}}", "{},".repeat(600_000));
    let answer = send(&monitor, "application/json", body).await;
    assert_eq!((answer.status(), answer.faults().len()), (422, 10_000));
    assert!(answer.bytes().len() < 2_000_000, "{} bytes", answer.bytes().len());
}

#[tokio::test]
async fn an_id_that_is_none_is_named() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let plain = Uuid::now_v7().simple().to_string();
    for id in ["7", plain.as_str(), "BT-0001", "{0190a000-0000-7000-8000-000000000000}"] {
        let answer = monitor.put(&format!("/api/v1/inspections/{id}"), &visit("BT-0001")).await;
        assert_eq!((answer.status(), answer.faults()), (422, owned(&["inspection_id not-a-uuid"])));
        assert_eq!(monitor.get(&format!("/api/v1/inspections/{id}")).await.status(), 404);
    }
    let asked = format!("{}?draft=1", address(Uuid::now_v7()));
    let answer = monitor.put(&asked, &visit("BT-0001")).await;
    assert_eq!((answer.status(), answer.faults()), (422, owned(&["draft unknown-parameter"])));
}

#[tokio::test]
async fn a_body_that_is_no_json_is_malformed() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let text = visit("BT-0001").to_string();
    let replaced = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    let item = "\"item\":\"AL-02\"";
    let table = [
        ("cut", text.as_bytes()[..text.len() - 1].to_vec()),
        ("empty", Vec::new()),
        ("something behind it", format!("{text} 7").into_bytes()),
        ("a key twice", replaced("{\"answers\"", "{\"kind\":\"remote\",\"answers\"")),
        ("a key twice further in", replaced(item, &format!("{item},{item}"))),
        ("a lone surrogate", replaced("telefono", "\\ud83d")),
        ("no number", replaced("20.5", "NaN")),
        ("a number beyond all", replaced("20.5", "1e999")),
        ("no UTF-8", replaced("telefono", "x").into_iter().chain(*b"\xff").collect()),
        ("too deep", [b"[".repeat(5000), b"]".repeat(5000)].concat()),
    ];
    for (what, body) in table {
        let answer = send(&monitor, "application/json", body).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (400, "malformed-json"), "{what}");
    }
}

#[tokio::test]
async fn a_body_of_another_type_or_too_large_is_refused() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let text = visit("BT-0001").to_string();
    let others = ["text/plain", "application/jsonl", "application/json; charset=latin1"];
    for kind in others {
        let answer = send(&monitor, kind, text.clone()).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (415, "unsupported-media-type"));
    }
    let untyped = monitor.ask(Method::PUT, &address(Uuid::now_v7()));
    assert_eq!(untyped.send().await.status(), 415);
    let filled = |bytes: usize| format!("{text}{}", " ".repeat(bytes - text.len()));
    let answer = send(&monitor, "application/json; charset=UTF-8", filled(2 << 20)).await;
    assert_eq!(answer.status(), 201, "exactly 2 MiB are taken: {}", answer.text());
    for bytes in [(2 << 20) + 1, 40_000_000] {
        let answer = send(&monitor, "application/json", filled(bytes)).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (413, "body-too-large"));
    }
    // The connection is still good, or was closed in order.
    assert_eq!(send(&monitor, "application/json", text).await.status(), 201);
}
