//! Photos on a real S3 server that is killed, slow, cut off or refuses: the phone gets 503 and
//! succeeds later, nothing is recorded that is not stored, and what is stored is known.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{debts, listed, size};
use crate::support::{Link, Proxy, S3, Service, TestPerson, photo, photo_address};

/// Photos that differ from each other, with some weight.
fn photos(number: u8) -> Vec<Vec<u8>> {
    let each = |last| {
        let mut bytes = photo(usize::from(last % 5));
        bytes.resize(400_000, last);
        bytes
    };
    (0..number).map(each).collect()
}

async fn listed_all(who: &TestPerson, photos: &[Vec<u8>]) -> Uuid {
    listed(who, &photos.iter().map(Vec::as_slice).collect::<Vec<_>>()).await
}

/// The photo can be seen in every form, and the original is as it was sent.
async fn is_there(manager: &TestPerson, id: Uuid, bytes: &[u8]) {
    let path = photo_address(id, bytes);
    for rendition in ["display", "thumbnail"] {
        let shown = manager.get(&format!("{path}?rendition={rendition}")).await;
        assert_eq!(shown.status(), 200, "{}", shown.text());
    }
    let original = manager.get(&format!("{path}?rendition=original&reason=prova")).await;
    assert_eq!((original.status(), original.bytes()), (200, bytes));
}

#[tokio::test]
async fn photos_make_the_round_trip() {
    let Some(s3) = S3::start().await else { return };
    let service = Service::new(&S3::settings(s3.endpoint())).await;
    let (_running, monitor, manager) = service.start_with_people().await;
    let id = listed(&monitor, &[&photo(0)]).await;
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 200);
    assert_eq!(debts(&monitor, id).await.0, "complete");
    let path = photo_address(id, &photo(0));
    for (rendition, expected) in [("display", (1080, 810)), ("thumbnail", (320, 240))] {
        let shown = monitor.get(&format!("{path}?rendition={rendition}")).await;
        assert_eq!((shown.status(), size(shown.bytes())), (200, expected));
    }
    is_there(&manager, id, &photo(0)).await;
    assert_eq!(s3.files().len(), 3, "{:?}", s3.files());
}

#[tokio::test]
async fn a_store_that_is_killed_in_the_middle_loses_nothing_that_was_acknowledged() {
    let Some(mut s3) = S3::start().await else { return };
    let service = Service::new(&S3::settings(s3.endpoint())).await;
    let (_running, monitor, manager) = service.start_with_people().await;
    let photos = photos(12);
    let id = listed_all(&monitor, &photos).await;
    let mut sending = JoinSet::new();
    for bytes in photos.clone() {
        let who = monitor.clone();
        sending.spawn(async move { (who.send_photo(id, &bytes).await, bytes) });
    }
    // Killed once something is there and before everything is.
    while s3.files().len() < 4 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    s3.kill();
    let mut acknowledged = BTreeSet::new();
    for (answer, bytes) in sending.join_all().await {
        match answer.status() {
            201 => drop(acknowledged.insert(bytes)),
            status => {
                assert_eq!((status, answer.problem().as_str()), (503, "unavailable"));
                assert!(!answer.header("retry-after").is_empty());
            }
        }
    }
    assert!(acknowledged.len() < photos.len(), "it was killed too late to tell anything");
    let owed: Vec<_> = photos.iter().filter(|bytes| !acknowledged.contains(*bytes)).collect();
    let missing = debts(&monitor, id).await.1;
    assert_eq!(missing.as_array().unwrap().len(), owed.len(), "recorded is what was stored");

    s3.start_again().await;

    for bytes in &photos {
        let expected = if acknowledged.contains(bytes) { 200 } else { 201 };
        assert_eq!(monitor.send_photo(id, bytes).await.status(), expected);
        is_there(&manager, id, bytes).await;
    }
    assert_eq!(debts(&monitor, id).await.0, "complete");
    // What the killed store holds without a row is where the search for leftovers finds it.
    for (key, _) in s3.files() {
        let parts: Vec<_> = key.split('/').collect();
        assert!(parts.len() == 7 && parts[3] == id.to_string(), "{key}");
    }
}

#[tokio::test]
async fn a_slow_or_broken_way_to_the_store_is_said_and_the_retry_is_taken() {
    let Some(s3) = S3::start().await else { return };
    let proxy = Proxy::to(s3.port()).await;
    let service = Service::new(&S3::settings(proxy.address())).await;
    let (_running, monitor, manager) = service.start_with_people().await;
    let photos = photos(4);
    let id = listed_all(&monitor, &photos).await;

    proxy.becomes(Link::Late(Duration::from_millis(20)));
    assert_eq!(monitor.send_photo(id, &photos[0]).await.status(), 201, "slow is not broken");
    for (link, bytes) in [(Link::Refusing, &photos[1]), (Link::CutAfter(150_000), &photos[2])] {
        proxy.becomes(link);
        let answer = monitor.send_photo(id, bytes).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (503, "unavailable"), "{link:?}");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(monitor.get(&photo_address(id, bytes)).await.status(), 404, "not recorded");
        proxy.becomes(Link::Good);
        assert_eq!(monitor.send_photo(id, bytes).await.status(), 201, "{link:?}");
    }
    for bytes in &photos[..3] {
        is_there(&manager, id, bytes).await;
    }
    assert_eq!(debts(&monitor, id).await.0, json!("awaiting_photos"));
}

#[tokio::test]
async fn wrong_credentials_are_said_in_the_log_and_the_phone_keeps_its_photo() {
    let Some(s3) = S3::start().await else { return };
    for wrong in ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"] {
        let mut settings = S3::settings(s3.endpoint());
        settings.push((wrong, "another".to_owned()));
        let service = Service::new(&settings).await;
        let (_running, monitor, _) = service.start_with_people().await;
        let id = listed(&monitor, &[&photo(0)]).await;
        let answer = monitor.send_photo(id, &photo(0)).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (503, "unavailable"), "{wrong}");
        assert!(!answer.text().contains("AWS"), "{}", answer.text());
        let log = service.log();
        assert!(log.contains("the photo store refuses: set AWS_ACCESS_KEY_ID"), "{log}");
        assert!(!log.contains(crate::support::SECRET), "{log}");
        assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");
    }
    assert_eq!(s3.files(), []);
}
