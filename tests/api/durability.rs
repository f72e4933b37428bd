//! What a phone was told has arrived is there after the program was killed in the middle of
//! a burst.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;
use vigila_core::documents::json::{canonical, digest};

use crate::support::{
    Answer, Service, TestPerson, address, photo, photo_address, saying, showing, visit,
};

/// Phones that send at once.
const PHONES: usize = 8;
/// How often it is killed.
const ROUNDS: usize = 3;

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    visits: Vec<(Uuid, Value, Answer)>,
    photos: Vec<(Uuid, Vec<u8>)>,
}

#[tokio::test]
async fn what_was_acknowledged_outlives_a_kill_in_a_burst() {
    let service = Service::new(&[]).await;
    let (mut running, monitor, manager) = service.start_with_people().await;
    let told = Arc::new(Mutex::new(Acknowledged::default()));
    let mut sent = 0;
    for round in 0..ROUNDS {
        let count = Arc::new(AtomicUsize::new(0));
        let phones = (0..PHONES).map(|phone| {
            let (who, told, count) = (monitor.clone(), Arc::clone(&told), Arc::clone(&count));
            tokio::spawn(async move { burst(&who, round * 100 + phone, &told, &count).await })
        });
        let phones: Vec<_> = phones.collect();
        // Some visits in and at least one photo, at a moment that nobody chose.
        let chance = Uuid::new_v4().as_u128();
        let wanted = 5 + usize::try_from(chance % 20).unwrap();
        let no_photo = || told.lock().unwrap().photos.is_empty();
        while count.load(Ordering::Relaxed) < wanted || no_photo() {
            assert!(phones.iter().any(|phone| !phone.is_finished()), "every phone gave up");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(u64::try_from(chance >> 100).unwrap() % 20_000))
            .await;
        running.kill();
        for phone in phones {
            phone.await.unwrap();
        }
        running = service.start();
        let told = told.lock().unwrap();
        assert!(told.visits.len() > sent, "round {round} took visits");
        sent = told.visits.len();
    }
    let told = Arc::try_unwrap(told).ok().unwrap().into_inner().unwrap();
    assert!(!told.photos.is_empty());
    for (id, content, receipt) in &told.visits {
        is_there(&monitor, *id, content, receipt).await;
    }
    for (id, bytes) in &told.photos {
        let path = photo_address(*id, bytes);
        assert_eq!(monitor.member(&address(*id), "/missing_photos").await, json!([]), "{path}");
        let original = manager.get(&format!("{path}?rendition=original&reason=prova")).await;
        assert_eq!((original.status(), original.bytes()), (200, &bytes[..]), "{path}");
        for rendition in ["thumbnail", "display"] {
            let shown = monitor.get(&format!("{path}?rendition={rendition}")).await;
            assert_eq!((shown.status(), shown.header("content-type")), (200, "image/jpeg"));
        }
    }
}

/// A phone that sends visits with a photo each until nobody answers any more.
async fn burst(
    who: &TestPerson,
    phone: usize,
    told: &Mutex<Acknowledged>,
    count: &AtomicUsize,
) -> Option<()> {
    for number in 0.. {
        // Every photo is another one: what lies behind its end is kept too.
        let bytes = [photo(number % 5), format!("{phone}/{number}").into_bytes()].concat();
        let content =
            saying(visit("BT-0001"), "AL-23", format!("telefono {phone}, visita {number}"));
        let content = showing(content, "AL-11", &[&bytes]);
        let id = Uuid::now_v7();
        let put = who.ask(reqwest::Method::PUT, &address(id)).json(&content);
        let receipt = put.try_send().await.ok()?;
        assert_eq!(receipt.status(), 201, "{}", receipt.text());
        told.lock().unwrap().visits.push((id, content, receipt));
        count.fetch_add(1, Ordering::Relaxed);
        let put = who.ask(reqwest::Method::PUT, &photo_address(id, &bytes));
        let taken = put.body("image/jpeg", bytes.clone()).try_send().await.ok()?;
        assert_eq!(taken.status(), 201, "{}", taken.text());
        told.lock().unwrap().photos.push((id, bytes));
    }
    None
}

async fn is_there(who: &TestPerson, id: Uuid, content: &Value, receipt: &Answer) {
    let shown = who.get(&address(id)).await;
    assert_eq!(shown.status(), 200, "{id} was acknowledged and is gone");
    assert_eq!(shown.json()["content"], *content);
    assert_eq!(shown.json()["digest"], digest(&canonical(content)));
    let again = who.submit(id, content).await;
    assert_eq!(again.status(), 200);
    for member in ["inspection_id", "digest", "received_at", "key_id", "signature", "score"] {
        assert_eq!(again.json()[member], receipt.json()[member], "{member}");
    }
    let owed = again.json()["missing_photos"].clone();
    assert!(owed == json!([]) || owed == content["answers"][3]["photos"], "{owed}");
}
