//! Centres changed by merge patch.

use reqwest::Method;
use serde_json::json;
use vigila_core::domain::FactValue;

use super::{PATH, with};
use crate::support::TestApp;

#[tokio::test]
async fn a_change_names_the_version_that_was_read() {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let etag = manager.get(&path).await.header("etag").to_owned();
    let kind = "application/merge-patch+json";

    let blind = manager.ask(Method::PATCH, &path).body(kind, r#"{"name":"A"}"#).send().await;
    assert_eq!((blind.status(), blind.problem().as_str()), (428, "precondition-required"));
    let first = manager.patch(&path, &etag, &json!({"name": "Casa A"})).await;
    assert_eq!((first.status(), first.json()["name"].as_str()), (200, Some("Casa A")));
    assert_ne!(first.header("etag"), etag);
    let late = manager.patch(&path, &etag, &json!({"name": "Casa B"})).await;
    assert_eq!((late.status(), late.problem().as_str()), (412, "stale"));
    let weak = format!("W/{}", first.header("etag"));
    assert_eq!(manager.patch(&path, &weak, &json!({"name": "Casa C"})).await.status(), 412);
    let any = manager.patch(&path, "*", &json!({"name": "Casa D"})).await;
    assert_eq!(any.status(), 200);
    let one_of = format!("\"other\", {}", any.header("etag"));
    assert_eq!(manager.patch(&path, &one_of, &json!({"name": "Casa E"})).await.status(), 200);
    let json = manager.ask(Method::PATCH, &path).header("if-match", "*").json(&json!({}));
    assert_eq!(json.send().await.status(), 415);
    assert_eq!(app.audited().await, ["facility_changed"; 3]);
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_told_that_it_is_late() {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let (a, b) = (json!({"name": "Casa A"}), json!({"name": "Casa B"}));
    let (a, b) = tokio::join!(manager.patch(&path, "\"1\"", &a), manager.patch(&path, "\"1\"", &b));
    let mut statuses = [a.status(), b.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn a_change_that_changes_nothing_leaves_no_trace() {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let before = manager.get(&path).await;
    for patch in [json!({}), before.json()] {
        let answer = manager.patch(&path, before.header("etag"), &patch).await;
        assert_eq!((answer.status(), answer.json()), (200, before.json()));
        assert_eq!(answer.header("etag"), before.header("etag"));
    }
    assert!(app.audited().await.is_empty());
}

#[tokio::test]
async fn what_a_change_does_not_name_stays_and_null_removes() {
    let app = TestApp::start().await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let body = with(
        "BT-0001",
        json!({
            "istat_code": "110001", "latitude": 41.5, "longitude": 16.5, "authorised_places": 40,
            "managing_body": {"name": "Ente di prova", "pec": "ente@pec.example.org"},
            "facts": {"beds": 38, "special_needs_mobility": true}
        }),
    );
    assert_eq!(manager.post(PATH, &body).await.status(), 201);

    let patch = json!({
        "istat_code": null, "authorised_places": 44, "active": false,
        "managing_body": {"pec": null, "tax_code": "1"},
        "facts": {"minors_present": 2, "special_needs_mobility": null}
    });
    let answer = manager.patch(&path, "*", &patch).await;

    assert_eq!(answer.status(), 200, "{}", answer.text());
    insta::assert_json_snapshot!(answer.told(), @r#"
    {
      "active": false,
      "authorised_places": 44,
      "code": "BT-0001",
      "contracts": [],
      "facts": {
        "beds": 38,
        "minors_present": 2
      },
      "id": "[id]",
      "kind": "cas_collective",
      "latitude": 41.5,
      "longitude": 16.5,
      "managing_body": {
        "name": "Ente di prova",
        "tax_code": "1"
      },
      "municipality": "Comune di prova",
      "name": "Centro di prova",
      "territory": "BT"
    }
    "#);
    let bare = json!({"managing_body": null, "facts": null, "latitude": null, "longitude": null,
        "authorised_places": null});
    let answer = manager.patch(&path, "*", &bare).await;
    assert_eq!(answer.status(), 200);
    for gone in ["managing_body", "latitude", "longitude", "authorised_places"] {
        assert_eq!(answer.json().get(gone), None, "{gone}");
    }
    assert_eq!(answer.json()["facts"], json!({}));
}

#[tokio::test]
async fn what_never_changes_is_refused_and_so_is_what_is_wrong() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |f| {
        f.facts.insert("beds".into(), FactValue::Number(3.0));
        // What facts.yaml declared once, and does no longer, stays until it is removed.
        f.facts.insert("of_old".into(), FactValue::Number(3.0));
    })
    .await;
    let (manager, path) = (app.manager("BT BA").await, format!("{PATH}/BT-0001"));
    let table = [
        (json!({"id": "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07"}), "/id immutable"),
        (json!({"code": "BT-0002"}), "/code immutable"),
        (json!({"code": null}), "/code immutable"),
        (json!({"territory": "BA"}), "/territory immutable"),
        (json!({"contracts": [{"starts_on": "2026-01-01"}]}), "/contracts immutable"),
        (json!({"name": null}), "/name required"),
        (json!({"colour": "red"}), "/colour unknown-field"),
        (json!({"colour": null}), "/colour unknown-field"),
        (json!({"managing_body": {"vat": null}}), "/managing_body/vat unknown-field"),
        (json!({"latitude": 41.2}), "/longitude required"),
        (json!({"contract": {"cig": "Z1"}}), "/contract/starts_on required"),
        (json!({"contract": 7}), "/contract wrong-type"),
        (json!({"facts": {"of_old": 4}}), "/facts/of_old unknown-fact"),
        (json!({"facts": 7}), "/facts wrong-type"),
        (json!({"name": "a\u{0}"}), "/name null-character"),
        (json!(["name"]), " wrong-type"),
    ];
    for (patch, fault) in table {
        let answer = manager.patch(&path, "*", &patch).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{patch}");
    }
    let removed = manager.patch(&path, "*", &json!({"facts": {"of_old": null}})).await;
    assert_eq!((removed.status(), removed.json()["facts"].clone()), (200, json!({"beds": 3})));
}

#[tokio::test]
async fn a_contract_is_known_by_the_day_it_begins() {
    let app = TestApp::start().await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let body = with(
        "BT-0001",
        json!({"contract": {"cig": "Z1", "starts_on": "2020-01-01",
        "ends_on": "2998-12-31", "parameters": {"medical_hours": 12, "mediation_hours": 40}}}),
    );
    assert_eq!(manager.post(PATH, &body).await.status(), 201);

    let in_force = json!({"contract": {"parameters": {"medical_hours": 16}}});
    let changed = manager.patch(&path, "*", &in_force).await.json();
    assert_eq!(
        changed["contract"],
        json!({"cig": "Z1", "starts_on": "2020-01-01",
        "ends_on": "2998-12-31", "parameters": {"medical_hours": 16, "mediation_hours": 40}})
    );

    let next =
        json!({"contract": {"starts_on": "2999-01-01", "parameters": {"medical_hours": 20}}});
    let added = manager.patch(&path, "*", &next).await;
    assert_eq!(added.status(), 200, "{}", added.text());
    assert_eq!(added.json()["contract"], changed["contract"], "today's stays in force");
    assert_eq!(added.json()["contracts"][1], next["contract"], "nothing is taken from the other");

    let since = json!({"contract": {"starts_on": "2021-01-01"}});
    let newer = manager.patch(&path, "*", &since).await;
    assert_eq!(newer.json()["contract"], json!({"starts_on": "2021-01-01", "parameters": {}}));
    assert_eq!(newer.header("etag"), "\"4.2021-01-01\"");

    let gone = manager.patch(&path, "*", &json!({"contract": null})).await.json();
    assert_eq!(gone["contract"], changed["contract"], "the one before is in force again");
    assert_eq!(gone["contracts"].as_array().unwrap().len(), 2);
}
