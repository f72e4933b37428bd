//! Corrections: a visit that takes the place of another.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;
use vigila_core::domain::{Contract, FactValue};

use crate::support::{
    TestApp, TestPerson, address, hash, photo, photo_address, saying, showing, visit, with, without,
};

const CARD: &str = "/api/v1/facilities/BT-0001/scorecard";

/// A visit of BT-0001 that corrects another.
fn correction(of: Uuid) -> Value {
    with(saying(visit("BT-0001"), "AL-02", "partial"), "/corrects", json!(of))
}

async fn superseded(who: &TestPerson, id: Uuid) -> Value {
    who.member(&address(id), "/superseded_by").await
}

#[tokio::test]
async fn a_correction_takes_the_place_of_what_it_corrects() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let wrong = saying(visit("BT-0001"), "AL-11", "no");
    let first = monitor.submitted(&wrong).await;
    assert_eq!(monitor.member(CARD, "/band").await, "critical");

    let second = monitor.submitted(&correction(first)).await;

    assert_eq!(superseded(&monitor, first).await, json!(second));
    assert_eq!(superseded(&monitor, second).await, json!(null));
    assert_eq!(monitor.member(&address(second), "/corrects").await, json!(first));
    assert_eq!(monitor.member(&address(first), "/content").await, wrong, "it stays readable");
    let card = monitor.member(CARD, "").await;
    assert_eq!((&card["band"], &card["critical_now"]), (&json!("adequate"), &json!([])));
    assert_eq!(card["checklists"][0]["inspection_id"], json!(second));

    // A correction of the correction, and one more of the first: the last received counts.
    let third = monitor.submitted(&correction(second)).await;
    let again = saying(correction(first), "AL-13", 30);
    let fourth = monitor.submitted(&again).await;
    for older in [first, second, third] {
        assert_eq!(superseded(&monitor, older).await, json!(fourth));
    }
    assert_eq!(superseded(&monitor, fourth).await, json!(null));
    let bases = monitor.member(CARD, "/checklists/0/inspection_id").await;
    assert_eq!(bases, json!(fourth));
    let rows = monitor.get("/api/v1/inspections").await.json()["items"].clone();
    let rows = rows.as_array().unwrap().iter();
    let counting: Vec<_> = rows.filter(|row| row["superseded_by"].is_null()).collect();
    assert_eq!(counting.len(), 1);
    assert_eq!(counting[0]["inspection_id"], json!(fourth));
    let repeat = monitor.submit(first, &wrong).await;
    assert_eq!(repeat.status(), 200, "what was corrected is still recognised");
}

#[tokio::test]
async fn what_may_not_be_corrected_is_refused() {
    let app = TestApp::with_small_checklists().await;
    for code in ["BT-0001", "BT-0002", "BA-0001"] {
        app.facility(code).await;
    }
    let (monitor, other) = (app.monitor("BT").await, app.monitor("BT BA").await);
    let own = monitor.submitted(&visit("BT-0001")).await;
    let elsewhere = other.submitted(&visit("BA-0001")).await;
    let newer = with(correction(own), "/checklist/version", json!("1.1.0"));
    let mut beta = with(correction(own), "/checklist/code", json!("BETA"));
    beta["answers"] = json!([{"item": "BE-01", "value": "yes"}]);
    let itself = Uuid::now_v7();
    let refused = [
        ("what does not exist", &monitor, correction(Uuid::now_v7())),
        ("another's", &other, correction(own)),
        ("of another centre", &monitor, with(correction(own), "/facility", json!("BT-0002"))),
        ("of another checklist", &monitor, beta),
        ("of another territory", &monitor, correction(elsewhere)),
        ("of another territory, a manager", &app.manager("BT").await, correction(elsewhere)),
    ];
    for (what, who, sent) in refused {
        let answer = who.submit(Uuid::now_v7(), &sent).await;
        let told = (answer.status(), answer.faults());
        assert_eq!(told, (422, vec!["/corrects cannot-correct".to_owned()]), "{what}");
    }
    let answer = monitor.submit(itself, &correction(itself)).await;
    assert_eq!(answer.faults(), ["/corrects cannot-correct"], "itself");
    assert_eq!(superseded(&monitor, own).await, json!(null));
    let manager = app.manager("BT").await;
    let by_manager = manager.submitted(&correction(own)).await;
    assert_eq!(superseded(&monitor, own).await, json!(by_manager));
    let own_again = monitor.submitted(&newer).await;
    assert_eq!(superseded(&manager, by_manager).await, json!(own_again), "another version does");
}

#[tokio::test]
async fn the_facts_stay_those_of_the_day_but_for_what_its_own_answers_count() {
    let app = TestApp::with_small_checklists().await;
    let facility = app
        .facility_with("BT-0001", |f| {
            f.authorised_places = Some(40);
            f.facts.insert("beds".into(), FactValue::Number(38.0));
        })
        .await;
    let contract = |hours: f64| Contract {
        cig: None,
        starts_on: "2024-01-01".parse().unwrap(),
        ends_on: None,
        parameters: [("medical_hours".to_owned(), FactValue::Number(hours))].into(),
    };
    app.contract(&facility, contract(12.0)).await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let first = monitor.submitted(&visit("BT-0001")).await;
    let frozen = json!({"beds": 20.0, "capacity": 40.0, "contract.medical_hours": 12.0});
    assert_eq!(monitor.member(&address(first), "/facts").await, frozen);

    app.contract(&facility, contract(6.0)).await;
    let path = "/api/v1/facilities/BT-0001";
    let etag = manager.get(path).await.header("etag").to_owned();
    let change = json!({"authorised_places": 10, "facts": {"beds": 10}});
    assert_eq!(manager.patch(path, &etag, &change).await.status(), 200);

    let silent = saying(correction(first), "AL-01", "not_observed");
    let silent = monitor.submitted(&silent).await;
    assert_eq!(monitor.member(&address(silent), "/facts").await, frozen, "as frozen");
    let counted = monitor.submitted(&saying(correction(first), "AL-01", 30)).await;
    let recounted = json!({"beds": 30.0, "capacity": 40.0, "contract.medical_hours": 12.0});
    assert_eq!(monitor.member(&address(counted), "/facts").await, recounted);
    // More than 25 beds: AL-12 is due in the last one, and `na` leaves it out.
    let due = saying(saying(correction(first), "AL-01", 30), "AL-12", "no");
    let due = monitor.submitted(&due).await;
    let score = monitor.get(&format!("{}/score", address(due))).await.json();
    assert_eq!(score["knocked_out_by"], json!(["AL-12"]));
}

#[tokio::test]
async fn of_corrections_that_race_one_counts() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let first = monitor.submitted(&visit("BT-0001")).await;
    let mut racing = JoinSet::new();
    for number in 0..6 {
        let (who, sent) = (monitor.clone(), saying(correction(first), "AL-01", number));
        racing.spawn(async move { who.submitted(&sent).await });
    }
    let racing = racing.join_all().await;
    let mut received = Vec::new();
    for id in racing {
        let shown = monitor.get(&address(id)).await.json();
        let at = shown["received_at"].as_str().unwrap().to_owned();
        received.push((at, id, shown["superseded_by"].clone()));
    }
    received.sort_by_key(|(at, id, _)| (at.clone(), *id));
    let (_, last, by) = received.pop().unwrap();
    assert_eq!(by, json!(null), "the one received last counts");
    assert!(received.iter().all(|(_, _, by)| *by == json!(last)), "{last}: {received:?}");
    assert_eq!(superseded(&monitor, first).await, json!(last));
    assert_eq!(monitor.member(CARD, "/checklists/0/inspection_id").await, json!(last));
}

#[tokio::test]
async fn a_photo_that_is_held_is_not_owed_again() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let (held, owed) = (photo(0), photo(1));
    let first = monitor.submitted(&showing(visit("BT-0001"), "AL-11", &[&held, &owed])).await;
    assert_eq!(monitor.send_photo(first, &held).await.status(), 201);
    let sent = showing(correction(first), "AL-11", &[&held, &owed]);
    let id = Uuid::now_v7();

    let answer = monitor.submit(id, &sent).await;

    assert_eq!(answer.status(), 201, "{}", answer.text());
    assert_eq!(answer.json()["missing_photos"], json!([hash(&owed)]));
    let shown = monitor.get(&photo_address(id, &held)).await;
    assert_eq!((shown.status(), shown.header("content-type")), (200, "image/jpeg"));
    let path = format!("{}?rendition=original&reason=prova", photo_address(id, &held));
    assert_eq!(manager.get(&path).await.bytes(), held);
    assert_eq!(monitor.send_photo(id, &held).await.status(), 200);
    // The phone sends the other under the id that it knew first: both have it.
    assert_eq!(monitor.send_photo(first, &owed).await.status(), 201);
    for one in [first, id] {
        assert_eq!(monitor.member(&address(one), "/state").await, "complete");
        assert_eq!(monitor.get(&photo_address(one, &owed)).await.status(), 200);
    }
    assert_eq!(monitor.member(CARD, "/photos_owed").await, 0);
    // Another family's photo is owed, though the service holds the same bytes.
    let stranger = monitor.submitted(&showing(visit("BT-0001"), "AL-11", &[&held])).await;
    assert_eq!(monitor.member(&address(stranger), "/state").await, "awaiting_photos");
    assert_eq!(monitor.get(&photo_address(stranger, &held)).await.status(), 404);
}

#[tokio::test]
async fn a_photo_that_a_correction_leaves_out_is_owed_by_nobody_that_counts() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let sent = showing(visit("BT-0001"), "AL-11", &[&photo(0)]);
    let first = monitor.submitted(&sent).await;
    assert_eq!(monitor.member(CARD, "/photos_owed").await, 1);
    let second = monitor.submitted(&without(correction(first), "/device")).await;
    assert_eq!(monitor.member(CARD, "/photos_owed").await, 0);
    let ask = monitor.ask(Method::PUT, &photo_address(second, &photo(0)));
    assert_eq!(ask.body("image/jpeg", photo(0)).send().await.status(), 404, "it lists none");
    assert_eq!(monitor.send_photo(first, &photo(0)).await.status(), 201, "its sender may pay");
}
