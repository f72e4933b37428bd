//! Bytes that are not taken: each with the answer that tells a phone what to do, and nothing
//! recorded.

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::{debts, listed};
use crate::support::{TestApp, address, hash, photo, photo_address, picture};

/// The JPEG with another width and height in its frame header.
fn resized(jpeg: &[u8], side: u16) -> Vec<u8> {
    let mut jpeg = jpeg.to_vec();
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&side.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&side.to_be_bytes());
    jpeg
}

#[tokio::test]
async fn what_is_no_photo_is_refused_and_stays_owed() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let read = |name: &str| picture(&format!("core/tests/pictures/{name}"));
    let png = read("png-rgb.png");
    let mut flipped = png.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and more".to_vec();
    let table = [
        ("HEIC", heic, 415, "heic-photo"),
        ("AVIF", read("avif.avif"), 415, "heic-photo"),
        ("GIF", read("gif.gif"), 415, "unsupported-photo"),
        ("text", b"a photo, honestly".to_vec(), 415, "unsupported-photo"),
        ("a byte", b"\xff".to_vec(), 415, "unsupported-photo"),
        ("a PNG that is cut", png[..png.len() / 2].to_vec(), 422, "unreadable-photo"),
        ("a PNG that fails its checksum", flipped, 422, "unreadable-photo"),
        ("a WebP that is cut", read("webp-lossy.webp")[..60].to_vec(), 422, "unreadable-photo"),
        ("the head of a JPEG", photo(0)[..100].to_vec(), 422, "unreadable-photo"),
        ("64 million pixels and more", resized(&photo(0), 9_000), 413, "too-many-pixels"),
    ];
    let photos: Vec<_> = table.iter().map(|(_, bytes, _, _)| bytes.as_slice()).collect();
    let id = listed(&monitor, &photos).await;
    for (what, bytes, status, problem) in &table {
        let answer = monitor.send_photo(id, bytes).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (*status, *problem), "{what}");
        assert!(answer.json()["detail"].as_str().unwrap().len() > 20, "{what}");
    }
    let owed: Vec<_> = photos.iter().map(|bytes| hash(bytes)).collect();
    assert_eq!(debts(&monitor, id).await, (json!("awaiting_photos"), json!(owed), json!([])));
    let ask = monitor.ask(Method::PUT, &photo_address(id, &table[0].1));
    let ask = ask.header("accept-language", "it").body("image/jpeg", table[0].1.clone());
    let heic = ask.send().await.json();
    let advice = heic["detail"].as_str().unwrap();
    assert!(advice.contains("Più compatibile") && advice.contains("Android"), "{advice}");
}

#[tokio::test]
async fn bytes_of_another_name_are_refused() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let id = listed(&monitor, &[&photo(0)]).await;
    let send = async |path: String, bytes: Vec<u8>| {
        let answer = monitor.ask(Method::PUT, &path).body("image/jpeg", bytes).send().await;
        (answer.status(), answer.problem())
    };
    let named = photo_address(id, &photo(0));
    assert_eq!(send(named.clone(), photo(1)).await, (422, "hash-mismatch".into()));
    assert_eq!(send(named.clone(), Vec::new()).await, (422, "hash-mismatch".into()));
    let unlisted = photo_address(id, &photo(1));
    assert_eq!(send(unlisted, photo(1)).await, (404, "not-found".into()));
    let unknown = photo_address(Uuid::now_v7(), &photo(0));
    assert_eq!(send(unknown, photo(0)).await, (404, "not-found".into()));
    let capitals = format!("{}/photos/{}", address(id), hash(&photo(0)).to_uppercase());
    assert_eq!(send(capitals, photo(0)).await, (404, "not-found".into()));
    assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    assert_eq!(send(named, photo(1)).await, (422, "hash-mismatch".into()), "even when it is there");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_answered_so_that_the_phone_sees_it() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let id = listed(&monitor, &[&photo(0)]).await;
    for bytes in [25_000_001, 26_000_000, 50_000_000] {
        let ask = monitor.ask(Method::PUT, &photo_address(id, &photo(0)));
        let answer = ask.body("image/jpeg", vec![0xff; bytes]).send().await;
        assert_eq!((answer.status(), answer.problem().as_str()), (413, "body-too-large"));
        assert!(answer.json()["detail"].as_str().unwrap().contains("25000000"));
    }
    let ask = monitor.ask(Method::PUT, &photo_address(id, &photo(0)));
    let most = ask.body("image/jpeg", vec![0xff; 25_000_000]).send().await;
    assert_eq!((most.status(), most.problem().as_str()), (422, "hash-mismatch"), "just the limit");
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
}
