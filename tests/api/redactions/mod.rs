//! What must not be seen: areas of photos and texts of visits, and what an order erases.

mod erasures;
mod pages;
mod texts;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    TestApp, TestPerson, address, hash, photo, photo_address, showing, visit, with,
};

fn redactions(id: Uuid, bytes: &[u8]) -> String {
    format!("{}/redactions", photo_address(id, bytes))
}

fn area(x: i32, y: i32, width: i32, height: i32) -> Value {
    json!({"rectangles": [{"x": x, "y": y, "width": width, "height": height}], "reason": "un volto"})
}

/// A centre with a visit that shows the photo, whose bytes came; its monitor and a manager.
async fn shown(bytes: &[u8]) -> (TestApp, TestPerson, TestPerson, Uuid) {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let id = sent(&monitor, "BT-0001", bytes).await;
    (app, monitor, manager, id)
}

/// A visit that shows the photo, whose bytes came.
async fn sent(monitor: &TestPerson, facility: &str, bytes: &[u8]) -> Uuid {
    let id = monitor.submitted(&showing(visit(facility), "AL-02", &[bytes])).await;
    let answer = monitor.send_photo(id, bytes).await;
    assert_eq!(answer.status(), 201, "{}", answer.text());
    id
}

/// How bright the middle of each quarter of a picture is: top left, top right, bottom left,
/// bottom right.
async fn quarters(who: &TestPerson, path: &str) -> [u8; 4] {
    let answer = who.get(path).await;
    assert_eq!(answer.status(), 200, "{path}: {}", answer.status());
    let picture = image_of(answer.bytes());
    let (width, height) = picture.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)]
        .map(|(x, y)| picture.get_pixel(width * x / 4, height * y / 4).0[0])
}

fn image_of(jpeg: &[u8]) -> image::GrayImage {
    image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).unwrap().to_luma8()
}

#[tokio::test]
async fn redacted_areas_are_filled_in_every_rendition_and_visit_of_the_centre() {
    let bytes = photo(0);
    let (app, monitor, manager, id) = shown(&bytes).await;
    let path = photo_address(id, &bytes);
    let before = quarters(&monitor, &path).await;
    assert!(before.iter().all(|value| *value > 40), "{before:?}");
    let etag = monitor.get(&path).await.header("etag").to_owned();

    // The upper left quarter of 1080 x 810.
    let answer = manager.post(&redactions(id, &bytes), &area(0, 0, 540, 405)).await;

    assert_eq!(answer.status(), 201, "{}", answer.text());
    assert_eq!(answer.json()["sha256"], json!(hash(&bytes)));
    let thumbnail = format!("{path}?rendition=thumbnail");
    for path in [&path, &thumbnail] {
        let after = quarters(&monitor, path).await;
        assert!(after[0] < 12, "{path}: {after:?}");
        for at in 1..4 {
            assert!(after[at].abs_diff(before[at]) < 25, "{path}: {before:?}, {after:?}");
        }
    }
    let shown = monitor.get(&path).await;
    assert_ne!(shown.header("etag"), etag, "what a browser keeps must not outlive it");
    assert_eq!(shown.header("cache-control"), "private, no-cache");
    // In another visit to the centre that has the same photo, sent later, and not elsewhere.
    let again = sent(&monitor, "BT-0001", &bytes).await;
    assert!(quarters(&monitor, &photo_address(again, &bytes)).await[0] < 12);
    app.facility("BT-0002").await;
    let elsewhere = sent(&monitor, "BT-0002", &bytes).await;
    assert_eq!(quarters(&monitor, &photo_address(elsewhere, &bytes)).await, before);

    // The original stays as it came, for who states a reason.
    let original = format!("{path}?rendition=original");
    assert_eq!(manager.get(&original).await.status(), 422);
    let sealed = manager.get(&format!("{original}&reason=ricorso")).await;
    assert_eq!((sealed.status(), sealed.bytes()), (200, &bytes[..]));
    assert_eq!(app.audited().await.iter().filter(|a| *a == "photo_redacted").count(), 1);
}

#[tokio::test]
async fn a_redaction_is_superseded_and_stays_listed() {
    let bytes = photo(1);
    let (_app, monitor, manager, id) = shown(&bytes).await;
    let (path, all) = (photo_address(id, &bytes), redactions(id, &bytes));
    let before = quarters(&monitor, &path).await;
    let wrong = manager.post(&all, &area(0, 0, 540, 405)).await.json();
    let wrong = wrong["redaction_id"].clone();

    let mut right = area(540, 405, 5_000, 5_000);
    right["supersedes"] = wrong.clone();
    let answer = manager.post(&all, &right).await;

    assert_eq!(answer.status(), 201, "{}", answer.text());
    let after = quarters(&monitor, &path).await;
    assert!(after[3] < 12 && after[0].abs_diff(before[0]) < 25, "{before:?}, {after:?}");
    let listed = manager.get(&all).await;
    let listed = listed.json()["items"].clone();
    assert_eq!(listed[0]["superseded_by"], answer.json()["redaction_id"]);
    assert_eq!(listed[1]["superseded_by"], json!(null));
    let again = manager.post(&all, &right).await;
    assert_eq!(again.faults(), ["/supersedes cannot-supersede"]);
    let first = manager.get(&format!("{all}?limit=1")).await;
    assert_eq!(first.column("reason"), ["un volto"]);
    let second = manager.get(&first.next().unwrap()).await;
    assert_eq!(
        (second.column("supersedes"), second.next()),
        (vec![wrong.as_str().unwrap().to_owned()], None)
    );

    // Taking it back altogether says so too.
    let none = json!({"rectangles": [], "reason": "era un cartello", "supersedes": answer.json()["redaction_id"]});
    assert_eq!(manager.post(&all, &none).await.status(), 201);
    assert_eq!(quarters(&monitor, &path).await, before);
}

#[tokio::test]
async fn a_redaction_that_says_nothing_is_refused() {
    let bytes = photo(2);
    let (app, monitor, manager, id) = shown(&bytes).await;
    let all = redactions(id, &bytes);
    let table = [
        (json!({"rectangles": [], "reason": "x"}), "/rectangles required"),
        (area(1080, 0, 1, 1), "/rectangles/0/x out-of-range"),
        (area(0, 810, 1, 1), "/rectangles/0/y out-of-range"),
        (area(-1, 0, 1, 1), "/rectangles/0/x out-of-range"),
        (area(0, 0, 0, 1), "/rectangles/0/width out-of-range"),
        (area(0, 0, 1, -4), "/rectangles/0/height out-of-range"),
        (with(area(0, 0, 1, 1), "/reason", json!("")), "/reason bad-length"),
        (with(area(0, 0, 1, 1), "/supersedes", json!(id)), "/supersedes cannot-supersede"),
        (with(area(0, 0, 1, 1), "/supersedes", json!(null)), "/supersedes wrong-type"),
        (with(area(0, 0, 1, 1), "/rectangles/0/x", json!(0.5)), "/rectangles/0/x wrong-type"),
    ];
    for (body, fault) in table {
        let answer = manager.post(&all, &body).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{body}");
    }
    assert_eq!(manager.get(&all).await.json()["items"], json!([]));
    assert_eq!(monitor.post(&all, &area(0, 0, 1, 1)).await.status(), 403);
    assert_eq!(app.manager("FG").await.post(&all, &area(0, 0, 1, 1)).await.status(), 404);
    let owed = monitor.submitted(&showing(visit("BT-0001"), "AL-02", &[&photo(3)])).await;
    let answer = manager.post(&redactions(owed, &photo(3)), &area(0, 0, 1, 1)).await;
    assert_eq!(answer.status(), 404, "it has not come, and has no size");
    assert_eq!(manager.get(&address(owed)).await.json()["erased_photos"], json!([]));
}
