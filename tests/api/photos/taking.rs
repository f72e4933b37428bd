//! Photos on their way in: on disk, without a name, and in memory only when there is some.

use std::fs;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use reqwest::Method;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{debts, listed};
use crate::support::{TestApp, photo, photo_address};

/// A photo of so many bytes: what comes after the end of a JPEG is taken with it.
fn large(number: usize, bytes: usize) -> Vec<u8> {
    let mut photo = photo(number);
    photo.resize(bytes, 0x5a);
    photo
}

/// How many files of the spool are open in this process.
fn spooled(app: &TestApp) -> usize {
    let open = fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| {
        let target = fs::read_link(entry.unwrap().path()).ok()?;
        target.starts_with(app.spool()).then_some(())
    });
    open.count()
}

#[tokio::test]
async fn photos_that_come_slowly_wait_on_disk_and_hold_no_memory() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let photos: Vec<_> = (0..5).map(|number| large(number, 1_000_000)).collect();
    let id = listed(&monitor, &photos.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
    // All but the last byte of each is sent; none may keep the others from being taken.
    let mut sending = JoinSet::new();
    let mut ends = Vec::new();
    for bytes in &photos {
        let (end, mut more) = mpsc::channel::<Bytes>(2);
        let (most, last) = bytes.split_at(bytes.len() - 1);
        end.send(Bytes::copy_from_slice(most)).await.unwrap();
        ends.push((end, Bytes::copy_from_slice(last)));
        let pieces = stream::poll_fn(move |context| more.poll_recv(context).map(|b| b.map(Ok)));
        let ask = monitor.ask(Method::PUT, &photo_address(id, bytes));
        sending.spawn(ask.pieces(pieces).send());
    }
    // The server is this process: its open files are seen, though they have no name.
    while spooled(&app) < photos.len() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let full = app.app.photos.exhaust();
    assert!(full.is_ok(), "what is still coming holds a share of the memory");
    drop(full);
    assert_eq!(fs::read_dir(app.spool()).unwrap().count(), 0, "files without a name");

    for (end, last) in ends {
        end.send(last).await.unwrap();
    }

    for answer in sending.join_all().await {
        assert_eq!(answer.status(), 201, "{}", answer.text());
    }
    assert_eq!(spooled(&app), 0, "they are gone when nobody reads them any more");
    assert_eq!(debts(&monitor, id).await.0, "complete");
    let manager = app.manager("BT").await;
    let path = format!("{}?rendition=original&reason=prova", photo_address(id, &photos[3]));
    assert_eq!(manager.get(&path).await.bytes(), photos[3]);
}

#[tokio::test]
async fn when_memory_is_used_up_the_phone_is_told_to_come_again_and_is_then_served() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let id = listed(&monitor, &[&photo(0), &photo(1)]).await;
    let all = app.app.photos.exhaust().unwrap();

    let answer = monitor.send_photo(id, &photo(0)).await;

    assert_eq!((answer.status(), answer.problem().as_str()), (503, "unavailable"));
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");

    // Who comes while memory is short waits for it, and is served when there is some.
    let (who, bytes) = (monitor.clone(), photo(1));
    let waiting = tokio::spawn(async move { who.send_photo(id, &bytes).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(all);
    assert_eq!(waiting.await.unwrap().status(), 201);
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201, "the retry");
    assert_eq!(debts(&monitor, id).await.0, "complete");
}

#[tokio::test]
async fn a_disk_that_fails_is_said_and_the_retry_is_taken() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let bytes = large(0, 300_000);
    let id = listed(&monitor, &[&bytes]).await;
    // No file can be made in a folder that is gone, whoever runs the test.
    fs::remove_dir(app.spool()).unwrap();

    let answer = monitor.send_photo(id, &bytes).await;

    assert_eq!((answer.status(), answer.problem().as_str()), (503, "unavailable"));
    assert!(!answer.header("retry-after").is_empty());
    assert!(!answer.text().contains("os error"), "{}", answer.text());
    assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");
    fs::create_dir(app.spool()).unwrap();
    assert_eq!(monitor.send_photo(id, &bytes).await.status(), 201);
}

#[tokio::test]
async fn a_photo_whose_link_dies_is_taken_when_it_is_sent_again() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let bytes = large(0, 2_000_000);
    let id = listed(&monitor, &[&bytes]).await;
    for part in [0, 1_000, 200_000, 1_999_999] {
        let half = Bytes::copy_from_slice(&bytes[..part]);
        let broken = [Ok(half), Err(std::io::Error::other("the link died"))];
        let ask = monitor.ask(Method::PUT, &photo_address(id, &bytes));
        let sent = ask.pieces(stream::iter(broken)).try_send().await;
        assert!(sent.is_err(), "{part}");
    }
    assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");
    assert_eq!(monitor.send_photo(id, &bytes).await.status(), 201);
}
