//! The same picture elsewhere: found within the territories of who asks, whatever was done to
//! the file, and named where the other visit may be seen.

use serde_json::{Value, json};
use uuid::Uuid;

use super::exif::Camera;
use super::{HONEST, codes, flag, items, path, sent, showing_here, stage};
use crate::support::{TestPerson, hash, photo, photo_address, with};

/// The photo after a compression: what the server shows of it.
async fn compressed(who: &TestPerson, id: Uuid, bytes: &[u8], rendition: &str) -> Vec<u8> {
    let path = format!("{}?rendition={rendition}", photo_address(id, bytes));
    who.get(&path).await.bytes().to_vec()
}

/// Inspections, centres and hashes of the copies that a flag names.
fn named(flag: &Value) -> Vec<(Uuid, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let each = flag["copies"].as_array().unwrap().iter().map(|copy| {
        let id = text(&copy["inspection_id"]).parse().unwrap();
        (id, text(&copy["facility"]), text(&copy["sha256"]))
    });
    each.collect()
}

#[tokio::test]
async fn the_same_picture_in_another_centre_is_found_whatever_was_done_to_the_file() {
    let (app, monitor) = stage().await;
    app.facility("BT-0002").await;
    let bytes = HONEST.wrote(&photo(0));
    let first = sent(&monitor, &showing_here("BT-0001", &[&bytes]), &[&bytes]).await;
    let other = HONEST.wrote(&photo(1));
    let again = compressed(&monitor, first, &bytes, "display").await;
    let small = compressed(&monitor, first, &bytes, "thumbnail").await;
    let photos = [&bytes[..], &again, &small, &other];
    let second = sent(&monitor, &showing_here("BT-0002", &photos), &photos).await;

    let items = items(&monitor, second).await;

    let same = flag(&items[0], "same-bytes-elsewhere");
    assert_eq!(named(same), [(first, "BT-0001".to_owned(), hash(&bytes))]);
    assert_eq!(same["copies"][0]["distance"], json!(null));
    assert_eq!((&same["copies_unnamed"], &same["copies_more"]), (&json!(0), &json!(false)));
    assert_eq!(same["reason"], "The same file is in another visit too.");
    for item in &items[1..3] {
        let near = flag(item, "near-copy-elsewhere");
        assert_eq!(named(near), [(first, "BT-0001".to_owned(), hash(&bytes))]);
        assert!(near["copies"][0]["distance"].as_u64().unwrap() <= 10);
        assert_eq!(near["copies"][0]["started_at"], "2024-05-14T08:00:00.000Z");
        // The three copies in this visit are a question of their own.
        let here = flag(item, "near-copy-in-visit");
        assert_eq!(named(here).len(), 2);
        assert!(named(here).iter().all(|(id, ..)| *id == second));
    }
    assert_eq!(codes(&items[3]), [""; 0]);
    // Seen from the first visit it is the same.
    let from_there = super::items(&monitor, first).await.remove(0);
    let same = flag(&from_there, "same-bytes-elsewhere");
    assert_eq!(named(same), [(second, "BT-0002".to_owned(), hash(&bytes))]);
    assert_eq!(named(flag(&from_there, "near-copy-elsewhere")).len(), 2);
}

#[tokio::test]
async fn corrections_of_a_visit_are_no_copies_of_it() {
    let (_app, monitor) = stage().await;
    let bytes = HONEST.wrote(&photo(0));
    let first = sent(&monitor, &showing_here("BT-0001", &[&bytes]), &[&bytes]).await;
    let again = compressed(&monitor, first, &bytes, "display").await;
    let correction = with(showing_here("BT-0001", &[&bytes]), "/corrects", json!(first));
    let second = monitor.submitted(&correction).await;
    let another = with(showing_here("BT-0001", &[&again]), "/corrects", json!(second));
    let third = sent(&monitor, &another, &[&again]).await;

    for id in [first, second] {
        let item = items(&monitor, id).await.remove(0);
        assert_eq!(codes(&item), [""; 0], "{item}");
        assert_eq!((&item["state"], &item["examined"]), (&json!("stored"), &json!(true)));
    }
    let item = items(&monitor, third).await.remove(0);
    assert_eq!(codes(&item), ["no-exif"], "{item}");
}

#[tokio::test]
async fn of_an_erased_photo_nothing_is_told_but_what_was_said_of_it() {
    let (app, monitor) = stage().await;
    app.facility("BT-0002").await;
    let bytes = HONEST.wrote(&photo(0));
    let first = sent(&monitor, &showing_here("BT-0001", &[&bytes]), &[&bytes]).await;
    let second = sent(&monitor, &showing_here("BT-0002", &[&bytes]), &[&bytes]).await;
    let admin = app.admin().await;
    let order = format!("{}?reason=ordine", photo_address(first, &bytes));

    assert_eq!(admin.delete(&order).await.status(), 200);

    let item = items(&admin, first).await.remove(0);
    assert_eq!((&item["state"], &item["examined"]), (&json!("erased"), &json!(false)));
    assert_eq!((&item["picture"], &item["received"]), (&json!(null), &json!(null)));
    assert_eq!(item["flags"], json!([]));
    let item = items(&admin, second).await.remove(0);
    assert_eq!(codes(&item), [""; 0], "nobody finds it any more: {item}");
}

#[tokio::test]
async fn what_lies_in_other_territories_is_never_shown() {
    let (app, monitor) = stage().await;
    app.facility("BA-0001").await;
    let theirs = app.monitor("BA").await;
    let bytes = HONEST.wrote(&photo(0));
    let there = sent(&theirs, &showing_here("BA-0001", &[&bytes]), &[&bytes]).await;
    let again = Camera { make: Some("Altra"), ..HONEST }.wrote(&photo(0));
    let photos = [&bytes[..], &again];
    let here = sent(&monitor, &showing_here("BT-0001", &photos), &photos).await;

    for who in [app.manager("BT").await, app.viewer("BT").await, monitor] {
        let answer = who.get(&path(here)).await;
        let items = answer.json()["items"].clone();
        assert_eq!(codes(&items[0]), ["near-copy-in-visit"], "{}", who.name);
        assert_eq!(codes(&items[1]), ["near-copy-in-visit"], "{}", who.name);
        for secret in [there.to_string(), "BA-0001".to_owned()] {
            assert!(!answer.text().contains(&secret), "{} learns of {secret}", who.name);
        }
    }
    for who in [app.manager("BT BA").await, app.admin().await] {
        let items = items(&who, here).await;
        let same = flag(&items[0], "same-bytes-elsewhere");
        assert_eq!(named(same), [(there, "BA-0001".to_owned(), hash(&bytes))], "{}", who.name);
        let near = flag(&items[1], "near-copy-elsewhere");
        assert_eq!(named(near), [(there, "BA-0001".to_owned(), hash(&bytes))], "{}", who.name);
    }
}

#[tokio::test]
async fn a_monitor_learns_that_there_is_one_and_not_where() {
    let (app, monitor) = stage().await;
    app.facility("BT-0002").await;
    let colleague = app.monitor("BT").await;
    let bytes = HONEST.wrote(&photo(0));
    let hidden = sent(&colleague, &showing_here("BT-0002", &[&bytes]), &[&bytes]).await;
    // A later visit takes its place among those that a monitor sees.
    let later = with(showing_here("BT-0002", &[]), "/ended_at", json!("2024-05-15T10:30:00.000Z"));
    colleague.submitted(&later).await;
    let again = compressed(&colleague, hidden, &bytes, "display").await;
    let photos = [&bytes[..], &again];
    let own = sent(&monitor, &showing_here("BT-0001", &photos), &photos).await;

    let answer = monitor.get(&path(own)).await;

    let items = answer.json()["items"].clone();
    for (item, code) in [(&items[0], "same-bytes-elsewhere"), (&items[1], "near-copy-elsewhere")] {
        let flag = flag(item, code);
        assert_eq!((named(flag), &flag["copies_unnamed"]), (vec![], &json!(1)));
        let reason = flag["reason"].as_str().unwrap();
        assert!(reason.ends_with("is for those to see who may see these visits."), "{reason}");
    }
    for secret in [hidden.to_string(), "BT-0002".to_owned()] {
        assert!(!answer.text().contains(&secret), "{secret}");
    }
    for who in [app.manager("BT").await, colleague] {
        let visible = who.get(&path(hidden)).await;
        assert_eq!(visible.status(), 200);
    }
    let manager = app.manager("BT").await;
    let items = super::items(&manager, own).await;
    let same = flag(&items[0], "same-bytes-elsewhere");
    assert_eq!(named(same), [(hidden, "BT-0002".to_owned(), hash(&bytes))]);
}
