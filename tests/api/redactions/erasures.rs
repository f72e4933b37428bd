//! Photos that an order erases: gone from the store, refused when they come again.

use serde_json::json;
use uuid::Uuid;

use super::{redactions, sent, shown};
use crate::support::{TestPerson, address, hash, photo, photo_address, showing, visit, with};

async fn erase(who: &TestPerson, id: Uuid, bytes: &[u8]) -> crate::support::Answer {
    who.delete(&format!("{}?reason=ordine+12", photo_address(id, bytes))).await
}

/// How many files lie in the photo store.
fn files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn an_order_erases_a_photo_in_every_visit_of_the_centre() {
    let bytes = photo(0);
    let (app, monitor, manager, id) = shown(&bytes).await;
    app.facility("BT-0002").await;
    let second = sent(&monitor, "BT-0001", &bytes).await;
    let elsewhere = sent(&monitor, "BT-0002", &bytes).await;
    let owed = monitor.submitted(&showing(visit("BT-0001"), "AL-02", &[&bytes, &photo(1)])).await;
    assert_eq!(files(app.photos()), 9);
    let admin = app.admin().await;
    assert_eq!(erase(&manager, id, &bytes).await.status(), 403);
    let unsaid = admin.delete(&photo_address(id, &bytes)).await;
    assert_eq!(unsaid.faults(), ["reason reason-required"]);

    let answer = erase(&admin, id, &bytes).await;

    assert_eq!(answer.status(), 200, "{}", answer.text());
    let tombstone = answer.json();
    assert_eq!(
        (&tombstone["sha256"], &tombstone["reason"]),
        (&json!(hash(&bytes)), &json!("ordine 12"))
    );
    assert_eq!(files(app.photos()), 3, "that of the other centre is another's evidence");
    for visit in [id, second, owed] {
        let gone = monitor.get(&photo_address(visit, &bytes)).await;
        assert_eq!((gone.status(), gone.problem()), (410, "gone".to_owned()));
        let original = format!("{}?rendition=original&reason=x", photo_address(visit, &bytes));
        assert_eq!(manager.get(&original).await.status(), 410);
        assert_eq!(monitor.send_photo(visit, &bytes).await.status(), 410, "a phone's later retry");
        let shown = monitor.get(&address(visit)).await.json();
        assert_eq!(shown["erased_photos"], json!([tombstone]));
        let debts = (&shown["missing_photos"], &shown["absent_photos"], &shown["state"]);
        let missing = if visit == owed { json!([hash(&photo(1))]) } else { json!([]) };
        let state = if visit == owed { "awaiting_photos" } else { "complete" };
        assert_eq!(debts, (&missing, &json!([]), &json!(state)));
    }
    assert_eq!(files(app.photos()), 3, "nothing is stored");
    assert_eq!(monitor.get(&photo_address(elsewhere, &bytes)).await.status(), 200);
    let again = erase(&admin, second, &bytes).await;
    assert_eq!((again.status(), again.json()), (200, tombstone.clone()));

    // A visit sent later that lists it owes nothing for it, and a correction neither.
    let listing = showing(visit("BT-0001"), "AL-02", &[&bytes]);
    let later = monitor.submitted(&listing).await;
    let correction = monitor.submitted(&with(listing, "/corrects", json!(id))).await;
    for visit in [later, correction] {
        let shown = monitor.get(&address(visit)).await.json();
        assert_eq!(
            (&shown["state"], &shown["erased_photos"]),
            (&json!("complete"), &json!([tombstone]))
        );
        assert_eq!(monitor.send_photo(visit, &bytes).await.status(), 410);
    }
    let area = json!({"rectangles": [{"x": 0, "y": 0, "width": 9, "height": 9}], "reason": "x"});
    assert_eq!(manager.post(&redactions(id, &bytes), &area).await.status(), 410);
    let absence = format!("{}/absence", photo_address(later, &bytes));
    let said = monitor.put(&absence, &json!({"reason": "perso"})).await;
    assert_eq!(said.status(), 410, "{}", said.text());
    assert_eq!(monitor.member("/api/v1/facilities/BT-0001/scorecard", "/photos_owed").await, 1);
    assert_eq!(app.audited().await.iter().filter(|a| *a == "photo_erased").count(), 1);
}

#[tokio::test]
async fn a_photo_that_comes_while_it_is_erased_is_not_kept() {
    let bytes = photo(4);
    let (app, monitor, _manager, id) = shown(&photo(0)).await;
    let owed = monitor.submitted(&showing(visit("BT-0001"), "AL-02", &[&bytes])).await;
    let admin = app.admin().await;
    let (sent, erased) =
        tokio::join!(monitor.send_photo(owed, &bytes), erase(&admin, owed, &bytes));
    assert_eq!(erased.status(), 200, "{}", erased.text());
    assert!([201, 410].contains(&sent.status()), "{}", sent.text());
    assert_eq!(monitor.get(&photo_address(owed, &bytes)).await.status(), 410);
    assert_eq!(monitor.member(&address(owed), "/state").await, "complete");
    assert_eq!(files(app.photos()), 3, "only the other photo's");
    assert_eq!(monitor.get(&photo_address(id, &photo(0))).await.status(), 200);
}
