//! Phones that send the same photo at once, and a photo that comes while its visit is corrected.

use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{absent, debts, listed};
use crate::support::{TestApp, address, hash, photo, photo_address, saying, showing, visit, with};

#[tokio::test]
async fn of_twelve_phones_with_one_photo_one_brings_it() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let id = listed(&monitor, &[&photo(0), &photo(1)]).await;
    let mut sending = JoinSet::new();
    for _ in 0..12 {
        let who = monitor.clone();
        sending.spawn(async move { who.send_photo(id, &photo(0)).await });
    }
    let answers = sending.join_all().await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [[200; 11].as_slice(), &[201]].concat());
    assert!(answers.iter().all(|answer| answer.bytes() == answers[0].bytes()), "one truth");
    let owed = (json!("awaiting_photos"), json!([hash(&photo(1))]), json!([]));
    assert_eq!(debts(&monitor, id).await, owed);
    let card = monitor.member("/api/v1/facilities/BT-0001/scorecard", "/photos_owed").await;
    assert_eq!(card, 1, "it was counted once");
}

#[tokio::test]
async fn a_photo_that_comes_while_its_visit_is_corrected_is_owed_by_neither() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    for number in 0..5 {
        let bytes = [photo(0), vec![number]].concat();
        let first = listed(&monitor, &[&bytes]).await;
        let sent = showing(saying(visit("BT-0001"), "AL-02", "no"), "AL-11", &[&bytes]);
        let (id, sent) = (Uuid::now_v7(), with(sent, "/corrects", json!(first)));
        let mut racing = JoinSet::new();
        let (who, photo) = (monitor.clone(), bytes.clone());
        racing.spawn(async move { who.send_photo(first, &photo).await });
        let who = monitor.clone();
        racing.spawn(async move { who.submit(id, &sent).await });
        for answer in racing.join_all().await {
            assert_eq!(answer.status(), 201, "{}", answer.text());
        }
        for one in [first, id] {
            assert_eq!(monitor.member(&address(one), "/missing_photos").await, json!([]));
            assert_eq!(monitor.get(&photo_address(one, &bytes)).await.status(), 200);
        }
    }
    let card = monitor.member("/api/v1/facilities/BT-0001/scorecard", "/photos_owed").await;
    assert_eq!(card, 0);
}

#[tokio::test]
async fn a_photo_that_comes_while_it_is_said_to_be_absent_is_there() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    for number in 0..5 {
        let bytes = [photo(0), vec![number]].concat();
        let id = listed(&monitor, &[&bytes, &photo(1)]).await;
        let mut racing = JoinSet::new();
        let (who, photo_sent) = (monitor.clone(), bytes.clone());
        racing.spawn(async move { who.send_photo(id, &photo_sent).await });
        let (who, lost) = (monitor.clone(), bytes.clone());
        racing.spawn(async move { absent(&who, id, &lost, "telefono smarrito").await });
        for answer in racing.join_all().await {
            assert!([200, 201].contains(&answer.status()), "{}", answer.text());
        }
        let owed = (json!("awaiting_photos"), json!([hash(&photo(1))]), json!([]));
        assert_eq!(debts(&monitor, id).await, owed);
        // Counted down once: the list, which goes by the count, says that one is owed.
        let rows = monitor.get("/api/v1/inspections?state=complete").await;
        assert_eq!(rows.column("state"), [""; 0]);
    }
}
