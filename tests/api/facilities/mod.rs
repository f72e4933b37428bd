//! Centres: what an office keeps of them, and who sees which.

use reqwest::Method;
use serde_json::{Value, json};
use vigila_core::domain::{Contract, FacilityKind};

use crate::support::{TestApp, TestPerson};

mod changes;
mod import;

const PATH: &str = "/api/v1/facilities";

fn small(code: &str) -> Value {
    json!({"code": code, "name": "Centro di prova", "kind": "cas_collective",
        "territory": &code[..2], "municipality": "Comune di prova"})
}

/// `small` with more members.
fn with(code: &str, more: Value) -> Value {
    let mut body = small(code);
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_centre_is_added_and_read_as_it_was_sent() {
    let app = TestApp::start().await;
    let manager = app.manager("BT").await;
    let body = with(
        "BT-0007",
        json!({
            "istat_code": "110001", "latitude": 41.2264, "longitude": 16.2976, "authorised_places": 40,
            "managing_body": {"name": "Ente di prova", "tax_code": "00000000000", "pec": "ente@pec.example.org"},
            "contract": {"cig": "Z000000000", "starts_on": "2020-01-01", "ends_on": "2999-12-31",
                "parameters": {"medical_hours": 12, "night_guard": true, "ratio": 0.5}},
            "facts": {"beds": 38, "special_needs_mobility": true}, "active": true
        }),
    );

    let answer = manager.post(PATH, &body).await;

    assert_eq!(answer.status(), 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("{PATH}/{id}"));
    assert_eq!(answer.header("etag"), "\"1.2020-01-01\"");
    let mut expected = body.clone();
    expected["id"] = json!(id);
    expected["contracts"] = json!([body["contract"]]);
    assert_eq!(answer.json(), expected);
    let viewer = app.viewer("BT").await;
    for name in [id.as_str(), "BT-0007"] {
        let read = viewer.get(&format!("{PATH}/{name}")).await;
        assert_eq!((read.status(), read.json()), (200, expected.clone()), "{name}");
        assert_eq!(read.header("etag"), answer.header("etag"));
    }
    assert_eq!(app.audited().await, ["facility_added"]);
}

#[tokio::test]
async fn what_a_centre_lacks_is_left_out() {
    let app = TestApp::start().await;
    let answer = app.manager("BT").await.post(PATH, &small("BT-0001")).await;
    assert_eq!((answer.status(), answer.header("etag")), (201, "\"1\""));
    insta::assert_json_snapshot!(answer.told(), @r#"
    {
      "active": true,
      "code": "BT-0001",
      "contracts": [],
      "facts": {},
      "id": "[id]",
      "kind": "cas_collective",
      "municipality": "Comune di prova",
      "name": "Centro di prova",
      "territory": "BT"
    }
    "#);
}

#[tokio::test]
async fn a_code_is_of_one_centre_only_wherever_it_lies() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |facility| facility.territory = "BA".parse().unwrap()).await;
    let answer = app.manager("BT").await.post(PATH, &small("BT-0001")).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (409, "code-in-use"));
}

#[tokio::test]
async fn a_manager_keeps_centres_of_its_own_territories_only() {
    let app = TestApp::start().await;
    let manager = app.manager("BT BA").await;
    assert_eq!(manager.post(PATH, &small("BA-0001")).await.status(), 201);
    for territory in ["FG", "XX", "bt", ""] {
        let answer = manager.post(PATH, &with("BT-0009", json!({"territory": territory}))).await;
        assert_eq!(answer.status(), 422);
        assert_eq!(answer.faults(), ["/territory unknown-territory"], "{territory}");
    }
    assert_eq!(app.admin().await.post(PATH, &small("FG-0001")).await.status(), 201);
}

#[tokio::test]
async fn every_fault_of_a_centre_is_told_with_its_place() {
    let app = TestApp::start().await;
    let manager = app.manager("BT").await;

    let empty = manager.post(PATH, &json!({})).await;
    assert_eq!(empty.status(), 422);
    let required = ["code", "name", "kind", "territory", "municipality"];
    assert_eq!(empty.faults(), required.map(|name| format!("/{name} required")));

    let table = [
        (json!({"code": "bt-1"}), "/code bad-format"),
        (json!({"code": 7}), "/code wrong-type"),
        (json!({"name": ""}), "/name bad-length"),
        (json!({"name": " \t"}), "/name bad-length"),
        (json!({"name": "x".repeat(201)}), "/name bad-length"),
        (json!({"name": null}), "/name wrong-type"),
        (json!({"name": "a\u{0}b"}), "/name null-character"),
        (json!({"kind": "villa"}), "/kind not-an-option"),
        (json!({"municipality": "x".repeat(121)}), "/municipality bad-length"),
        (json!({"istat_code": "12345"}), "/istat_code bad-format"),
        (json!({"latitude": 41.2}), "/longitude required"),
        (json!({"longitude": 16.2}), "/latitude required"),
        (json!({"latitude": 90.1, "longitude": 1}), "/latitude out-of-range"),
        (json!({"latitude": 1, "longitude": -180.5}), "/longitude out-of-range"),
        (json!({"authorised_places": -1}), "/authorised_places out-of-range"),
        (json!({"authorised_places": 100_001}), "/authorised_places out-of-range"),
        (json!({"authorised_places": 1.5}), "/authorised_places not-an-integer"),
        (json!({"managing_body": "Ente"}), "/managing_body wrong-type"),
        (json!({"managing_body": {"vat": "1"}}), "/managing_body/vat unknown-field"),
        (json!({"contract": {}}), "/contract/starts_on required"),
        (json!({"contract": {"starts_on": "2026-1-1"}}), "/contract/starts_on not-a-day"),
        (
            json!({"contract": {"starts_on": "2026-02-01", "ends_on": "2026-01-31"}}),
            "/contract/ends_on out-of-range",
        ),
        (
            json!({"contract": {"starts_on": "2026-01-01", "parameters": {"Medical": 1}}}),
            "/contract/parameters/Medical bad-format",
        ),
        (
            json!({"contract": {"starts_on": "2026-01-01", "parameters": {"medical": "12"}}}),
            "/contract/parameters/medical wrong-type",
        ),
        (json!({"facts": {"towers": 3}}), "/facts/towers unknown-fact"),
        (json!({"facts": {"capacity": 3}}), "/facts/capacity unknown-fact"),
        (json!({"facts": {"beds": true}}), "/facts/beds wrong-type"),
        (
            json!({"facts": {"special_needs_mobility": 1}}),
            "/facts/special_needs_mobility wrong-type",
        ),
        (json!({"facts": {"beds": 9_007_199_254_740_993_i64}}), "/facts/beds inexact-integer"),
        (json!({"active": "yes"}), "/active wrong-type"),
        (json!({"id": "x"}), "/id unknown-field"),
        (json!({"contracts": []}), "/contracts unknown-field"),
        (json!({"colour": null}), "/colour unknown-field"),
    ];
    for (more, fault) in table {
        let answer = manager.post(PATH, &with("BT-0001", more.clone())).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{more}");
    }
    assert_eq!(manager.post(PATH, &json!([])).await.faults(), [" wrong-type"]);
    assert_eq!(app.stored_facility("BT-0001").await, None);

    let post = |kind, text: String| manager.ask(Method::POST, PATH).body(kind, text).send();
    let text = small("BT-0001").to_string();
    assert_eq!(post("application/merge-patch+json", text.clone()).await.status(), 415);
    assert_eq!(post("application/json", text.replace('}', "")).await.status(), 400);
    assert_eq!(post("application/json", text + &" ".repeat(2 * 1024 * 1024)).await.status(), 413);
}

#[tokio::test]
async fn the_contract_in_force_is_shown_and_all_are_listed() {
    let app = TestApp::start().await;
    let facility = app.facility("BT-0001").await;
    for (starts_on, ends_on) in
        [("2001-01-01", Some("2001-12-31")), ("2002-01-01", None), ("2999-01-01", None)]
    {
        let contract = Contract {
            cig: None,
            starts_on: starts_on.parse().unwrap(),
            ends_on: ends_on.map(|day| day.parse().unwrap()),
            parameters: [].into(),
        };
        app.contract(&facility, contract).await;
    }
    let monitor = app.monitor("BT").await;
    for shown in [
        monitor.get(&format!("{PATH}/BT-0001")).await.json(),
        monitor.get(PATH).await.json()["items"][0].clone(),
    ] {
        assert_eq!(shown["contract"]["starts_on"], "2002-01-01");
        let all = shown["contracts"].as_array().unwrap();
        let days: Vec<_> = all.iter().map(|contract| contract["starts_on"].clone()).collect();
        assert_eq!(days, ["2001-01-01", "2002-01-01", "2999-01-01"]);
    }
}

#[tokio::test]
async fn a_list_has_the_centres_of_ones_territories_by_code() {
    let app = TestApp::start().await;
    for code in ["BT-0002", "FG-0001", "BA-0001", "BT-0001"] {
        app.facility(code).await;
    }
    let reads = async |who: &TestPerson, query: &str| {
        let answer = who.get(&format!("{PATH}{query}")).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        answer.column("code")
    };
    let monitor = app.monitor("BT BA").await;
    assert_eq!(reads(&monitor, "").await, ["BA-0001", "BT-0001", "BT-0002"]);
    assert_eq!(reads(&monitor, "?territory=BT").await, ["BT-0001", "BT-0002"]);
    assert_eq!(reads(&monitor, "?territory=FG").await, [""; 0]);
    let admin = app.admin().await;
    assert_eq!(reads(&admin, "").await, ["BA-0001", "BT-0001", "BT-0002", "FG-0001"]);
    for path in ["FG-0001", "nothing", "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07", "%00", "FG-9999"] {
        let answer = monitor.get(&format!("{PATH}/{path}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (404, "not-found"), "{path}");
    }
}

#[tokio::test]
async fn a_list_is_filtered() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |f| f.name = "Villa Prova".into()).await;
    app.facility_with("BT-0002", |f| f.kind = FacilityKind::Hotspot).await;
    app.facility_with("BT-0003", |f| {
        f.active = false;
        f.municipality = "Città Nuova".into();
    })
    .await;
    let viewer = app.viewer("BT").await;
    let table = [
        ("q=villa", vec!["BT-0001"]),
        ("q=CITT%C3%80", vec!["BT-0003"]),
        ("q=%25", vec![]),
        ("q=bt-000", vec!["BT-0001", "BT-0002", "BT-0003"]),
        ("kind=hotspot", vec!["BT-0002"]),
        ("active=false", vec!["BT-0003"]),
        ("active=true&kind=cas_collective", vec!["BT-0001"]),
    ];
    for (query, codes) in table {
        assert_eq!(viewer.get(&format!("{PATH}?{query}")).await.column("code"), codes, "{query}");
    }
    let faults = [
        ("kind=villa", "kind not-an-option"),
        ("active=1", "active not-an-option"),
        ("territory=XX", "territory unknown-territory"),
        ("q=", "q bad-length"),
        ("q=a%00", "q null-character"),
        ("limit=0", "limit out-of-range"),
        ("limit=201", "limit out-of-range"),
        ("limit=5&limit=6", "limit duplicate"),
        ("cursor=x", "cursor bad-cursor"),
        // ["a"], ["a","b"]: cursors of another list, or nobody's
        ("cursor=WyJhIl0", "cursor bad-cursor"),
        ("cursor=WyJhIiwiYiJd", "cursor bad-cursor"),
        ("colour=red", "colour unknown-parameter"),
    ];
    for (query, fault) in faults {
        let answer = viewer.get(&format!("{PATH}?{query}")).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
    let answer = viewer.get(&format!("{PATH}/BT-0001?colour=red")).await;
    assert_eq!(answer.faults(), ["colour unknown-parameter"]);
}

#[tokio::test]
async fn pages_lead_through_a_list_once() {
    let app = TestApp::start().await;
    for number in 1..=7 {
        app.facility(&format!("BT-{number:04}")).await;
    }
    app.facility_with("BT-0008", |f| f.kind = FacilityKind::Sai).await;
    let viewer = app.viewer("BT").await;
    let (mut seen, mut next) = (Vec::new(), Some(format!("{PATH}?limit=3&kind=cas_collective")));
    while let Some(path) = next {
        let page = viewer.get(&path).await;
        assert!(page.json()["items"].as_array().unwrap().len() <= 3);
        seen.extend(page.column("code"));
        if seen.len() == 3 {
            // Who comes in between, before or behind, is neither doubled nor moves others.
            app.facility("BT-0000").await;
        }
        next = page.next();
    }
    let expected: Vec<_> = (1..=7).map(|number| format!("BT-{number:04}")).collect();
    assert_eq!(seen, expected);
    let whole = viewer.get(&format!("{PATH}?limit=9")).await;
    assert_eq!((whole.column("code").len(), whole.json()["_links"].clone()), (9, json!({})));
}
