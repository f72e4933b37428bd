//! What would become of history under another scoring model.

use std::time::Duration;

use serde_json::{Value, json};
use vigila::app::rescoring::{add_scores, compare};
use vigila::clock;
use vigila::jobs::Runner;
use vigila_core::domain::Scope;

use crate::support::{TestApp, TestPerson, address, saying, visit};

const PREVIEW: &str = "/api/v1/scoring-models/preview";

/// Two centres: one with dirty rooms, one with blocked exits.
async fn stage() -> (TestApp, TestPerson) {
    let app = TestApp::with_small_checklists().await;
    let manager = app.manager("BT").await;
    for (code, item) in [("BT-0001", "AL-02"), ("BT-0002", "AL-11")] {
        app.facility(code).await;
        manager.submitted(&saying(visit(code), item, "no")).await;
    }
    (app, manager)
}

/// The model of the trial, where blocked exits do not knock out and hygiene weighs more.
async fn milder(manager: &TestPerson) -> Value {
    let path = "/api/v1/scoring-models/TRIAL/versions/1.0.0";
    let mut model = manager.member(path, "").await;
    model["scoring"]["version"] = json!("2.0.0");
    model["knock_outs"] = json!({"except": ["AL-11"]});
    model["dimension_weights"] = json!({"HYGIENE": 3.0});
    model
}

async fn finished(manager: &TestPerson, location: &str) -> Value {
    for _ in 0..200 {
        let shown = manager.member(location, "").await;
        if shown["finished_at"] != json!(null) {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the preview does not end");
}

#[tokio::test]
async fn a_manager_sees_who_would_change_band_and_why() {
    let (app, manager) = stage().await;
    let runner = Runner::start(app.app.clone()).unwrap();
    let model = milder(&manager).await;

    let asked = manager.post(PREVIEW, &json!({"model": model})).await;

    assert_eq!(asked.status(), 202);
    let location = asked.header("location").to_owned();
    let shown = finished(&manager, &location).await;
    runner.stop().await;
    assert_eq!(
        (&shown["state"], &shown["done"], &shown["total"]),
        (&json!("done"), &json!(2), &json!(2))
    );
    let result = &shown["result"];
    assert_eq!(result["proposed"]["version"], "2.0.0");
    assert_eq!((&result["visits"]["total"], &result["centres"]["total"]), (&json!(2), &json!(2)));
    let moved = result["moved"].as_array().unwrap();
    let exits = moved.iter().find(|moved| moved["facility"] == "BT-0002").unwrap();
    assert_eq!((&exits["from"], &exits["rule_before"]), (&json!("critical"), &json!("knock_out")));
    assert_ne!(exits["to"], "critical");
    // Nothing was stored: what the centre shows is as before.
    let card = manager.member("/api/v1/facilities/BT-0002/scorecard", "").await;
    assert_eq!(card["band"], "critical");
    // It is its owner's alone.
    let other = app.manager("BT").await;
    assert_eq!(other.get(&location).await.status(), 404);
}

#[tokio::test]
async fn a_model_that_cannot_be_used_is_refused_with_every_place() {
    let (app, manager) = stage().await;
    let mut model = milder(&manager).await;
    model["bands"]["good"] = json!(500);
    model["colour"] = json!("red");
    let refused = manager.post(PREVIEW, &json!({"model": model})).await;
    let faults = refused.faults();
    assert_eq!(refused.status(), 422);
    assert!(faults.contains(&"/model/bands/good bad-format".to_owned()), "{faults:?}");
    assert!(faults.contains(&"/model/colour bad-format".to_owned()), "{faults:?}");
    let model = milder(&manager).await;
    for (body, fault) in [
        (json!({"model": model, "territories": ["BA"]}), "/territories/0 unknown-territory"),
        (json!({"model": model, "territories": "BT"}), "/territories wrong-type"),
        (json!({"territories": ["BT"]}), "/model required"),
        (json!({"model": model, "name": 1}), "/name unknown-field"),
    ] {
        let refused = manager.post(PREVIEW, &body).await;
        assert_eq!((refused.status(), refused.faults()), (422, vec![fault.to_owned()]));
    }
    let model = json!({"model": model});
    for _ in 0..5 {
        assert_eq!(manager.post(PREVIEW, &model).await.status(), 202);
    }
    let many = manager.post(PREVIEW, &model).await;
    assert_eq!((many.status(), many.header("retry-after")), (429, "30"));
    drop(app);
}

#[tokio::test]
async fn scores_are_added_once_and_the_published_ones_stay_shown() {
    let (app, manager) = stage().await;
    let value = milder(&manager).await;
    let document = serde_json::from_value(value.clone()).unwrap();
    let now = clock::now();
    let model = app.app.library.publish_model(&document, &value, now).await.unwrap();
    let id = manager.submitted(&saying(visit("BT-0001"), "AL-11", "no")).await;
    let before = manager.member(&format!("{}/score", address(id)), "").await;
    let quiet = || -> vigila::app::rescoring::Progress { std::sync::Arc::new(|_, _| ()) };

    let compared = compare(&app.app, model.clone(), &Scope::All, quiet(), now).await.unwrap();
    let first = add_scores(&app.app, &model, &Scope::All, quiet(), now).await.unwrap();
    let second = add_scores(&app.app, &model, &Scope::All, quiet(), now).await.unwrap();

    assert_eq!((compared.visits.total, first, second), (3, 3, 0));
    assert_eq!(manager.member(&format!("{}/score", address(id)), "").await, before);
    let listed = manager.member("/api/v1/scoring-models", "/items").await;
    let versions: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["version"].clone(), row["in_force"].clone()))
        .collect();
    assert_eq!(versions, [(json!("2.0.0"), json!(false)), (json!("1.0.0"), json!(true))]);
}
