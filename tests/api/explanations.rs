//! Why a score is what it is.

use serde_json::{Value, json};

use crate::support::{TestApp, address, saying, visit, with};

fn item<'a>(explanation: &'a Value, code: &str) -> &'a Value {
    let dimensions = explanation["dimensions"].as_array().unwrap();
    let mut items = dimensions.iter().flat_map(|d| d["items"].as_array().unwrap());
    items.find(|item| item["item"] == code).unwrap()
}

#[tokio::test]
async fn a_score_shows_its_arithmetic_and_what_would_lift_it() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let visit = saying(saying(visit("BT-0001"), "AL-11", "no"), "AL-02", "partial");
    let id = monitor.submitted(&visit).await;

    let score = monitor.member(&format!("{}/score", address(id)), "").await;

    let explanation = &score["explanation"];
    let parts = explanation["overall"]["parts"].as_array().unwrap();
    let sum: f64 = parts
        .iter()
        .map(|part| part["share"].as_f64().unwrap() * part["score"].as_f64().unwrap())
        .sum();
    assert!((sum - score["overall"].as_f64().unwrap()).abs() < 1e-9);
    let rooms = item(explanation, "AL-02");
    assert_eq!((&rooms["answer"], &rooms["value"]), (&json!("partial"), &json!(0.5)));
    assert_eq!((&rooms["standing"], &rooms["weight"]), (&json!("observed"), &json!(5.0)));
    assert_eq!(item(explanation, "AL-12")["standing"], "condition_false");
    assert_eq!(explanation["band"]["rule"], "knock_out");
    assert_eq!(explanation["band"]["knocked_out_by"], json!(["AL-11"]));
    assert_eq!(explanation["lift"]["mend"][0]["item"], "AL-11");
    assert_ne!(explanation["lift"]["band"], "critical");
    let lost: Vec<_> = score["costliest"].as_array().unwrap().clone();
    for costly in &lost {
        let item = item(explanation, costly["item"].as_str().unwrap());
        assert_eq!(item["points_lost"], costly["points_lost"]);
    }
}

#[tokio::test]
async fn a_new_model_is_shown_from_its_day_and_old_scores_stay() {
    let mut app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let id = monitor.submitted(&saying(visit("BT-0001"), "AL-02", "partial")).await;
    let score = format!("{}/score", address(id));
    let before = monitor.member(&score, "").await;

    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/trial")).unwrap()
    {
        let file = file.unwrap().path();
        std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    let model = std::fs::read_to_string(folder.path().join("scoring.yaml")).unwrap();
    let next = |version: &str, from: &str| {
        let model = model.replace(
            "version: \"1.0.0\"",
            &format!("version: \"{version}\"\n  published_from: \"{from}\""),
        );
        let model = model.replace("\"partial\": 0.5", "\"partial\": 0.25");
        std::fs::write(folder.path().join(format!("scoring-{version}.yaml")), model).unwrap();
    };
    next("2.0.0", "2020-01-01");
    next("3.0.0", "2999-01-01");
    let path = folder.path().display().to_string();
    app.restart_with(|settings| settings.checklists = Some(path)).await;

    // Nothing was scored again yet: what is shown says by which model it is.
    let shown = monitor.member(&score, "").await;
    assert_eq!(shown["model"], before["model"]);
    let id = monitor
        .submitted(&with(saying(visit("BT-0001"), "AL-02", "partial"), "/device", json!("altro")))
        .await;
    let newer = monitor.member(&format!("{}/score", address(id)), "").await;
    assert_eq!(newer["model"]["version"], "2.0.0");
    assert!(newer["overall"].as_f64() < before["overall"].as_f64());
    assert_eq!(monitor.member(&score, "").await["overall"], before["overall"]);
}
