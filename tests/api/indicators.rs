//! Indicators: published with their set, in the score of each new visit, never changed after.

use serde_json::{Value, json};

use crate::support::{TestApp, TestPerson, address};

/// A quick check of fires and fridges in which a fixture of four is broken.
fn quick_check() -> Value {
    json!({
        "facility": "BT-0001", "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
        "kind": "unannounced",
        "started_at": "2024-05-14T08:00:00Z", "ended_at": "2024-05-14T09:00:00Z",
        "answers": [
            {"item": "FH-A01", "value": 30}, {"item": "FH-A02", "value": "no"},
            {"item": "FH-D01", "value": 3}, {"item": "FH-D08", "value": 12},
            {"item": "FH-C01", "value": 4},
        ],
    })
}

async fn indicator(monitor: &TestPerson, visit: uuid::Uuid, code: &str) -> Value {
    let score = monitor.get(&format!("{}/score", address(visit))).await.json();
    let all = score["indicators"].as_array().unwrap();
    all.iter().find(|one| one["code"] == code).cloned().unwrap_or(Value::Null)
}

#[tokio::test]
async fn a_score_holds_the_indicators_that_its_checklist_can_give() {
    let folder = tempfile::tempdir().unwrap();
    for file in vigila::app::shipped_files() {
        std::fs::write(folder.path().join(file.name), file.text).unwrap();
    }
    let name = folder.path().display().to_string();
    let mut app = TestApp::start_with(|settings| settings.checklists = Some(name)).await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;

    let first = monitor.submitted(&quick_check()).await;

    let broken = json!({
        "code": "IND-HYG-04", "value": 25.0, "numerator": 3.0, "denominator": 12.0,
        "level": "poor", "critical": false,
        "inputs": [
            {"kind": "item", "code": "FH-D01", "value": 3.0},
            {"kind": "fact", "code": "toilets_total", "value": 12.0},
        ],
    });
    assert_eq!(indicator(&monitor, first, "IND-HYG-04").await, broken);
    let title = indicator(&monitor, first, "IND-SAF-01").await;
    assert_eq!((&title["value"], &title["critical"]), (&json!(0.0), &json!(true)));
    // Not answered: listed without a value. Another checklist's, or the history's: not listed.
    let days = indicator(&monitor, first, "IND-SAF-02").await;
    assert_eq!((&days["value"], &days["level"]), (&Value::Null, &Value::Null));
    for absent in ["IND-HYG-01", "IND-FRQ-01"] {
        assert_eq!(indicator(&monitor, first, absent).await, Value::Null, "{absent}");
    }

    let file = folder.path().join("indicators.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let milder = text.replace("version: \"1.0.0\"", "version: \"1.1.0\"");
    let (before, after) = milder.split_once("- code: IND-HYG-04").unwrap();
    let after = after.replacen("fair: 10", "fair: 30", 1);
    std::fs::write(&file, format!("{before}- code: IND-HYG-04{after}")).unwrap();
    app.restart().await;

    let second = monitor.submitted(&quick_check()).await;
    assert_eq!(indicator(&monitor, second, "IND-HYG-04").await["level"], "fair");
    assert_eq!(indicator(&monitor, first, "IND-HYG-04").await, broken);

    std::fs::remove_file(&file).unwrap();
    app.restart().await;
    let third = monitor.submitted(&quick_check()).await;
    let score = monitor.get(&format!("{}/score", address(third))).await.json();
    assert_eq!(score["indicators"], json!([]));
    let without = monitor.get(&format!("{}/score", address(first))).await.json();
    assert_eq!((&score["overall"], &score["band"]), (&without["overall"], &without["band"]));
}

#[tokio::test]
async fn a_centre_shows_its_history_and_warns_and_a_territory_divides_sums() {
    let app = TestApp::start().await;
    let manager = app.manager("BT").await;
    // Three of 12 toilets are broken in one centre, 7 of 8 in the other.
    for (code, broken, all) in [("BT-0001", 3, 12), ("BT-0002", 7, 8)] {
        app.facility(code).await;
        let mut visit = quick_check();
        visit["facility"] = json!(code);
        visit["answers"][2]["value"] = json!(broken);
        visit["answers"][3]["value"] = json!(all);
        manager.submitted(&visit).await;
    }

    let card = manager.member("/api/v1/facilities/BT-0001/scorecard", "").await;

    let named = |list: &Value, key: &str, code: &str| -> Value {
        let all = list.as_array().unwrap();
        all.iter().find(|one| one[key] == code).cloned().unwrap_or(Value::Null)
    };
    let warned = named(&card["warnings"], "indicator", "IND-SAF-01");
    assert_eq!(warned["inspection_id"], card["checklists"][0]["inspection_id"]);
    let days = named(&card["indicators"], "code", "IND-FRQ-01");
    assert!(days["value"].as_f64().unwrap() > 365.0);
    assert_eq!(days["level"], "poor");

    let path = "/api/v1/territories/BT/indicators";
    let all = manager.member(path, "/indicators").await;
    let toilets = named(&all, "code", "IND-HYG-04");
    // 10 of 20, not the mean of 25 % and 87.5 %.
    assert_eq!((&toilets["value"], &toilets["centres"]), (&json!(50.0), &json!(2)));
    assert_eq!((&toilets["poor"], &toilets["unit"]), (&json!(2), &json!("percent")));
    let without = named(&all, "code", "IND-HYG-01");
    assert_eq!((&without["value"], &without["centres"]), (&Value::Null, &json!(0)));
    let of_kind = manager.member(&format!("{path}?kind=sai"), "/indicators").await;
    assert_eq!(named(&of_kind, "code", "IND-HYG-04")["centres"], 0);
}

#[tokio::test]
async fn an_item_that_fails_twice_in_a_row_is_repeated() {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let manager = app.manager("BT").await;
    let repeated = async || {
        let card = manager.member("/api/v1/facilities/BT-0001/scorecard", "/indicators").await;
        let all = card.as_array().unwrap().clone();
        let of = |code: &str| all.iter().find(|one| one["code"] == code).unwrap()["value"].clone();
        (of("IND-NCO-03"), of("IND-CRI-01"))
    };
    assert_eq!(repeated().await, (Value::Null, Value::Null), "nobody was there yet");
    for (day, answer, expected) in
        [("01", "no", (0.0, 1.0)), ("02", "no", (1.0, 1.0)), ("03", "yes", (0.0, 0.0))]
    {
        let mut visit = quick_check();
        visit["started_at"] = json!(format!("2024-06-{day}T08:00:00Z"));
        visit["ended_at"] = json!(format!("2024-06-{day}T09:00:00Z"));
        visit["answers"] = json!([
            {"item": "FH-A01", "value": 30}, {"item": "FH-A02", "value": answer}
        ]);
        manager.submitted(&visit).await;
        let (times, critical) = repeated().await;
        assert_eq!(
            (times.as_f64(), critical.as_f64()),
            (Some(expected.0), Some(expected.1)),
            "{day}"
        );
    }
}
