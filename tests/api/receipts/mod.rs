//! Receipts that prove: signed at receipt, the same for ever, checked with openssl alone.

mod verified;

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;
use vigila::app::receipts::{Keys, current_key, sign_unsigned};
use vigila::clock;

use crate::support::{Service, TestApp, TestPerson, address, hash, photo, showing, visit};

/// A member that is a text.
fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}"))
}

/// What openssl says of a receipt, knowing only what docs/receipts.md says.
fn openssl_finds_it_sound(receipt: &Value, signed: &str, keys: &Value) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let keys = keys["items"].as_array().unwrap();
    let key = keys.iter().find(|key| key["key_id"] == receipt["key_id"]).unwrap();
    let pem = file("key.pem", text(key, "pem").as_bytes());
    let message = file("signed.json", signed.as_bytes());
    let signature = STANDARD.decode(text(receipt, "signature")).unwrap();
    let signature = file("signature.bin", &signature);
    let said = Command::new("openssl")
        .args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"])
        .args([&pem, Path::new("-in"), &message, Path::new("-sigfile"), &signature])
        .output()
        .unwrap();
    said.status.success()
}

fn statement(receipt: &Value) -> String {
    format!(
        r#"{{"digest":"{}","inspection_id":"{}","received_at":"{}","type":"vigila-receipt-v1"}}"#,
        text(receipt, "digest"),
        text(receipt, "inspection_id"),
        text(receipt, "received_at")
    )
}

fn photo_statement(inspection: &str, receipt: &Value) -> String {
    format!(
        r#"{{"inspection_id":"{inspection}","received_at":"{}","sha256":"{}","type":"vigila-photo-receipt-v1"}}"#,
        text(receipt, "received_at"),
        text(receipt, "sha256")
    )
}

/// What never changes of a receipt.
fn unchanging(receipt: &Value) -> Vec<String> {
    let members = ["inspection_id", "digest", "received_at", "key_id", "signature"];
    members.iter().map(|member| text(receipt, member).to_owned()).collect()
}

async fn keys(who: &TestPerson) -> Value {
    let answer = who.get("/api/v1/receipt-keys").await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    answer.json()
}

async fn world() -> (TestApp, TestPerson) {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    (app, monitor)
}

#[tokio::test]
async fn openssl_alone_finds_a_receipt_sound_and_a_changed_one_not() {
    let (app, monitor) = world().await;
    let (id, bytes) = (Uuid::now_v7(), photo(0));
    let receipt = monitor.submit(id, &showing(visit("BT-0001"), "AL-02", &[&bytes])).await.json();
    let keys = keys(&app.nobody()).await;
    let signed = statement(&receipt);
    assert!(openssl_finds_it_sound(&receipt, &signed, &keys));
    for (from, to) in [("2", "3"), ("vigila-receipt-v1", "vigila-receipt-v2"), ("\"", "\" ")] {
        let changed = signed.replacen(from, to, 1);
        assert_ne!(changed, signed);
        assert!(!openssl_finds_it_sound(&receipt, &changed, &keys), "{changed}");
    }
    let came = monitor.send_photo(id, &bytes).await;
    assert_eq!(came.status(), 201);
    let came = came.json();
    assert!(openssl_finds_it_sound(&came, &photo_statement(&id.to_string(), &came), &keys));
    assert_eq!(monitor.send_photo(id, &bytes).await.json(), came);
    let shown = monitor.get(&address(id)).await.json();
    assert_eq!(unchanging(&shown), unchanging(&receipt));
    let receipts = json!([{
        "sha256": hash(&bytes), "received_at": came["received_at"], "key_id": came["key_id"],
        "signature": came["signature"]
    }]);
    assert_eq!(shown["photo_receipts"], receipts);
}

#[tokio::test]
async fn a_receipt_is_the_same_for_ever_also_after_a_rotation() {
    let (app, monitor) = world().await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let before = monitor.submit(first, &visit("BT-0001")).await.json();
    let rotated = Keys::of(app.app.db.clone()).rotate(clock::now()).await.unwrap();
    assert_ne!(before["key_id"], rotated);
    let after = monitor.submit(second, &visit("BT-0001")).await.json();
    assert_eq!(after["key_id"], rotated, "the next one, in a running service");
    assert_eq!(
        unchanging(&monitor.submit(first, &visit("BT-0001")).await.json()),
        unchanging(&before)
    );
    assert_eq!(unchanging(&monitor.get(&address(first)).await.json()), unchanging(&before));
    let keys = keys(&app.nobody()).await;
    let told: Vec<_> = keys["items"].as_array().unwrap().iter().collect();
    assert_eq!((told[0]["key_id"].clone(), told[0].get("retired_at")), (json!(rotated), None));
    assert_eq!(told[1]["key_id"], before["key_id"]);
    assert!(told[1]["retired_at"].is_string() && told.len() == 2);
    assert!(
        told.iter().all(|key| key.as_object().unwrap().keys().all(|name| !name.contains("secret")))
    );
    for receipt in [&before, &after] {
        assert!(openssl_finds_it_sound(receipt, &statement(receipt), &keys));
    }
    let audited = app.audit().await;
    let last = audited.last().unwrap();
    assert_eq!((last.action.as_str(), &last.subject), ("receipt_key_rotated", &rotated));
    assert_eq!(last.detail, format!(r#"{{"retired":"{}"}}"#, text(&before, "key_id")));
}

#[tokio::test]
async fn visits_from_before_get_one_receipt_whoever_asks_first() {
    let (app, monitor) = world().await;
    let bytes = photo(0);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(monitor.submitted(&showing(visit("BT-0001"), "AL-02", &[&bytes])).await);
    }
    assert_eq!(monitor.send_photo(ids[0], &bytes).await.status(), 201);
    app.app.db.write(|conn| conn.batch_execute("DELETE FROM receipts")).await.unwrap();
    // A rotation between: the one that is kept first stays.
    let asks = (0..8).map(|number| {
        let (who, db, id) = (monitor.clone(), app.app.db.clone(), ids[0]);
        tokio::spawn(async move {
            if number == 4 {
                Keys::of(db).rotate(clock::now()).await.unwrap();
            }
            let shown = who.get(&address(id)).await.json();
            (unchanging(&shown), shown["photo_receipts"].clone())
        })
    });
    let asks: Vec<_> = asks.collect();
    let mut told = Vec::new();
    for ask in asks {
        told.push(ask.await.unwrap());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1.as_array().unwrap().len(), 1);
    assert_eq!(sign_unsigned(&app.app.db, clock::now()).await.unwrap(), 2);
    assert_eq!(sign_unsigned(&app.app.db, clock::now()).await.unwrap(), 0);
    let again = monitor.submit(ids[1], &showing(visit("BT-0001"), "AL-02", &[&bytes])).await;
    let (again, keys) = (again.json(), keys(&app.nobody()).await);
    assert!(openssl_finds_it_sound(&again, &statement(&again), &keys));
}

#[tokio::test]
async fn processes_that_start_at_once_agree_on_one_key() {
    let app = TestApp::start().await;
    app.app.db.write(|conn| conn.batch_execute("DELETE FROM receipt_keys")).await.unwrap();
    let starts = (0..8).map(|_| {
        let db = app.app.db.clone();
        tokio::spawn(async move { current_key(&db, clock::now()).await.unwrap().public().id() })
    });
    let starts: Vec<_> = starts.collect();
    let mut told = Vec::new();
    for start in starts {
        told.push(start.await.unwrap());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(keys(&app.nobody()).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_command_rotates_beside_a_running_service() {
    let service = Service::new(&[]).await;
    let (_running, monitor, _) = service.start_with_people().await;
    let before = monitor.submit(Uuid::now_v7(), &visit("BT-0001")).await.json();
    let (code, out, err) = service.run(&["receipts", "rotate"]);
    assert_eq!(code, 0, "{err}");
    let after = monitor.submit(Uuid::now_v7(), &visit("BT-0001")).await.json();
    assert_eq!(text(&after, "key_id"), out.trim());
    assert_ne!(after["key_id"], before["key_id"]);
    let (code, out, err) = service.run(&["receipts", "keys"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), keys(&monitor).await);
}
