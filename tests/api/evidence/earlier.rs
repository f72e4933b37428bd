//! Photos that came before facts were kept: said not to be examined, and examined in the
//! background.

use serde_json::json;
use uuid::Uuid;
use vigila::app::evidence::examine_earlier;
use vigila::clock;
use vigila::store::{photo_facts, photos};
use vigila_core::domain::InspectionId;

use super::{HONEST, codes, items, sent, showing_here, stage};
use crate::support::{TestApp, photo};

/// Lets go of the facts of a visit's photos, as if they had come before there were any; gives
/// the keys of their originals.
async fn forget(app: &TestApp, id: Uuid) -> Vec<String> {
    let id = InspectionId(id);
    let held = app.app.db.read(move |conn| photos::of_inspection(conn, id)).await.unwrap();
    let keys = held.into_iter().filter_map(|photo| Some(photo.held?.original_key));
    let keys: Vec<String> = keys.collect();
    let gone = keys.clone();
    let count = app.app.db.write(move |conn| photo_facts::forget(conn, &gone)).await.unwrap();
    assert_eq!(count, keys.len());
    keys
}

#[tokio::test]
async fn what_came_before_facts_were_kept_is_examined_later() {
    let (app, monitor) = stage().await;
    let two = [HONEST.wrote(&photo(0)), photo(1)];
    let photos = [&two[0][..], &two[1]];
    let id = sent(&monitor, &showing_here("BT-0001", &photos), &photos).await;
    let before = items(&monitor, id).await;
    let keys = forget(&app, id).await;

    let unknown = items(&monitor, id).await;
    for item in &unknown {
        assert_eq!((&item["examined"], &item["picture"]), (&json!(false), &json!(null)));
        assert_eq!(item["state"], "stored");
        assert_eq!(codes(item), [""; 0]);
    }

    // One of them cannot be read: it is left, and holds up nobody.
    std::fs::remove_file(app.photos().join(&keys[0])).unwrap();
    let holder = Uuid::now_v7();
    assert_eq!(examine_earlier(&app.app, holder, clock::now).await.unwrap(), 1);
    let after = items(&monitor, id).await;
    assert_eq!(after[0], unknown[0]);
    assert_eq!(after[1], before[1]);
    assert_eq!(codes(&after[1]), ["no-exif"]);
    assert_eq!(examine_earlier(&app.app, holder, clock::now).await.unwrap(), 0);
}

#[tokio::test]
async fn one_process_examines_at_a_time() {
    let (app, monitor) = stage().await;
    let bytes = HONEST.wrote(&photo(0));
    let id = sent(&monitor, &showing_here("BT-0001", &[&bytes]), &[&bytes]).await;
    forget(&app, id).await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let (first, second) = tokio::join!(
        examine_earlier(&app.app, one, clock::now),
        examine_earlier(&app.app, two, clock::now),
    );
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(items(&monitor, id).await[0]["examined"], true);
}
