//! Visits: sent, recognised, refused, listed, shown.

mod listed;
mod refused;
mod repeated;

use serde_json::json;
use uuid::Uuid;
use vigila_core::documents::json::{canonical, digest};
use vigila_core::domain::{Contract, FactValue};

use crate::support::{TestApp, address, hash, photo, saying, showing, visit, with, without};

#[tokio::test]
async fn a_new_visit_is_given_a_receipt() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let sent = saying(saying(visit("BT-0001"), "AL-02", "partial"), "AL-13", 24);
    let sent = showing(sent, "AL-02", &[&photo(0), &photo(1)]);
    let id = Uuid::now_v7();

    let answer = monitor.submit(id, &sent).await;

    assert_eq!(answer.status(), 201, "{}", answer.text());
    let receipt = answer.json();
    assert_eq!(receipt["inspection_id"], json!(id));
    assert_eq!(receipt["digest"], digest(&canonical(&sent)));
    assert_eq!(receipt["missing_photos"], json!([hash(&photo(0)), hash(&photo(1))]));
    insta::assert_json_snapshot!(with(answer.told(), "/missing_photos", json!("two")));
}

#[tokio::test]
async fn what_was_sent_is_shown_as_it_was_sent() {
    let app = TestApp::with_small_checklists().await;
    let facility = app
        .facility_with("BT-0001", |f| {
            f.authorised_places = Some(40);
            f.facts.insert("beds".into(), FactValue::Number(38.0));
            f.facts.insert("special_needs_mobility".into(), FactValue::Flag(true));
        })
        .await;
    let contract = |starts_on: &str, hours: f64| Contract {
        cig: None,
        starts_on: starts_on.parse().unwrap(),
        ends_on: None,
        parameters: [("medical_hours".to_owned(), FactValue::Number(hours))].into(),
    };
    app.contract(&facility, contract("2024-01-01", 12.0)).await;
    app.contract(&facility, contract("2024-05-15", 6.0)).await;
    let monitor = app.monitor("BT").await;
    let sent = showing(visit(&facility.id.to_string()), "AL-11", &[&photo(0)]);

    let id = monitor.submitted(&sent).await;

    let answer = app.viewer("BT").await.get(&address(id)).await;
    assert_eq!(answer.status(), 200);
    let shown = answer.json();
    assert_eq!(shown["content"], sent);
    assert_eq!(shown["digest"], digest(&canonical(&sent)));
    assert_eq!(shown["received_by"], json!(monitor.id.0));
    assert_eq!(shown["state"], "awaiting_photos");
    assert_eq!(shown["missing_photos"], json!([hash(&photo(0))]));
    assert_eq!(shown["absent_photos"], json!([]));
    assert_eq!((&shown["corrects"], &shown["superseded_by"]), (&json!(null), &json!(null)));
    // The beds are those that the visit counted, the contract that of its day.
    let frozen = json!({"beds": 20.0, "capacity": 40.0, "contract.medical_hours": 12.0,
        "special_needs_mobility": true});
    assert_eq!(shown["facts"], frozen);
}

#[tokio::test]
async fn a_score_is_shown_with_what_it_was_made_of() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let sent = saying(saying(visit("BT-0001"), "AL-11", "no"), "AL-03", "fair");
    let sent = saying(saying(sent, "AL-21", "not_observed"), "AL-22", json!(["fr"]));

    let id = monitor.submitted(&sent).await;

    let score = monitor.get(&format!("{}/score", address(id))).await;
    insta::assert_json_snapshot!(score.told());
    // The receipt has the same score, without its arithmetic.
    let mut shown = score.json();
    assert!(shown.as_object_mut().unwrap().remove("explanation").is_some());
    assert_eq!(shown, monitor.submit(id, &sent).await.json()["score"]);
}

#[tokio::test]
async fn what_the_contract_takes_on_purpose_is_taken() {
    let app = TestApp::with_small_checklists().await;
    app.facility_with("BT-0001", |f| f.kind = "sai".parse().unwrap()).await;
    let monitor = app.monitor("BT").await;
    let fine = visit("BT-0001");
    // 20 beds: AL-12 does not apply, and failing it costs nothing.
    let unasked = saying(fine.clone(), "AL-12", "no");
    let plain = |item: &str, value| json!({"item": item, "value": value});
    let unseen = json!([plain("AL-01", "not_observed"), plain("AL-22", "not_observed")]);
    let table = [
        ("an answer that the condition does not ask for", unasked.clone()),
        ("a photo where none is asked", showing(fine.clone(), "AL-21", &[&photo(0)])),
        (
            "a photo that no answer names",
            with(showing(fine.clone(), "AL-21", &[&photo(0)]), "/answers/6", plain("AL-21", "yes")),
        ),
        ("no answers at all", with(fine.clone(), "/answers", json!([]))),
        ("nothing seen, whatever the type", with(fine.clone(), "/answers", unseen)),
        ("no device", without(fine.clone(), "/device")),
        ("ended when it began", with(fine.clone(), "/ended_at", fine["started_at"].clone())),
        ("years ago", with(fine.clone(), "/started_at", json!("1999-01-01T00:00:00Z"))),
        ("six decimals", with(fine.clone(), "/ended_at", json!("2024-05-14T10:30:00.123456Z"))),
        (
            "an empty caption",
            with(showing(fine.clone(), "AL-02", &[&photo(0)]), "/photos/0/caption", json!("")),
        ),
        ("text beyond the plane", with(fine, "/device", json!("\u{1F4F1} \u{FFFE}"))),
    ];
    for (what, sent) in table {
        let id = Uuid::now_v7();
        let answer = monitor.submit(id, &sent).await;
        assert_eq!(answer.status(), 201, "{what}: {}", answer.text());
        assert_eq!(monitor.member(&address(id), "/content").await, sent, "{what}");
    }
    let id = monitor.submitted(&with(unasked, "/device", json!("other"))).await;
    let score = monitor.get(&format!("{}/score", address(id))).await.json();
    assert_eq!((&score["overall"], &score["band"]), (&json!(100.0), &json!("good")));
}

#[tokio::test]
async fn the_receipt_names_evidence_that_is_due() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let due = async |sent| {
        let answer = monitor.submit(Uuid::now_v7(), &sent).await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
        answer.json()["evidence_due"].clone()
    };
    let fine = visit("BT-0001");
    assert_eq!(due(fine.clone()).await, json!(["AL-11"]), "always");
    let failed = saying(fine.clone(), "AL-02", "no");
    assert_eq!(due(failed).await, json!(["AL-02", "AL-11"]), "and on failure");
    let shown = showing(fine.clone(), "AL-11", &[&photo(0)]);
    assert_eq!(due(shown).await, json!([]), "a photo that is still to come is evidence");
    let unseen = saying(fine, "AL-11", "not_observed");
    assert_eq!(due(unseen).await, json!([]), "of what was not seen there is none");
}
