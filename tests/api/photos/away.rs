//! A photo store that is away: the phone is told to try again, and nothing is recorded.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{debts, listed};
use crate::support::{TestApp, address, hash, photo, photo_address};

#[tokio::test]
async fn a_photo_store_that_is_away_is_said_and_nothing_is_recorded() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let id = listed(&monitor, &[&photo(0), &photo(1)]).await;
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    // A file where the folder was: also a test that runs as root cannot write there.
    let aside = app.photos().with_extension("aside");
    fs::rename(app.photos(), &aside).unwrap();
    fs::write(app.photos(), "").unwrap();

    let answer = monitor.send_photo(id, &photo(1)).await;

    assert_eq!((answer.status(), answer.problem().as_str()), (503, "unavailable"));
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let told = answer.text();
    assert!(!told.contains(app.photos().to_str().unwrap()) && !told.contains("os error"), "{told}");
    let owed = (json!("awaiting_photos"), json!([hash(&photo(1))]), json!([]));
    assert_eq!(debts(&monitor, id).await, owed);
    let shown = monitor.get(&photo_address(id, &photo(0))).await;
    assert_eq!((shown.status(), shown.header("retry-after").is_empty()), (503, false));
    let again = monitor.send_photo(id, &photo(0)).await;
    assert_eq!(again.status(), 200, "a repeat needs no store");
    assert_eq!(monitor.get(&address(id)).await.status(), 200);
    let fresh = crate::support::visit("BT-0001");
    manager.submitted(&fresh).await;

    fs::remove_file(app.photos()).unwrap();
    fs::rename(&aside, app.photos()).unwrap();
    assert_eq!(monitor.send_photo(id, &photo(1)).await.status(), 201);
    assert_eq!(debts(&monitor, id).await.0, "complete");
    assert_eq!(monitor.get(&photo_address(id, &photo(0))).await.status(), 200);
}

/// Long enough for a slow machine, short enough for a phone to wait for.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn an_s3_store_that_is_away_is_said_before_the_phone_gives_up() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let service = crate::support::Service::new(&[
        ("VIGILA_PHOTOS_URL", "s3://photos/away".to_owned()),
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
    ])
    .await;
    let (_running, monitor, _) = service.start_with_people().await;
    let id = listed(&monitor, &[&photo(0)]).await;

    let began = Instant::now();
    let answer = monitor.send_photo(id, &photo(0)).await;

    assert_eq!((answer.status(), answer.problem().as_str()), (503, "unavailable"));
    assert!(!answer.header("retry-after").is_empty());
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");
}
