//! Photos: taken, refused, shown, said to be absent, and a store or a disk that is away.

mod away;
mod races;
mod refused;
mod s3;
mod sweep;
mod taking;
mod uploads;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    Answer, TestApp, TestPerson, address, at, hash, photo, photo_address, picture, showing, visit,
};

/// Width and height of a JPEG, as its frame header says.
fn size(jpeg: &[u8]) -> (u16, u16) {
    let mut at = 2;
    loop {
        assert_eq!(jpeg[at], 0xff, "a marker at {at}");
        let number = |from: usize| u16::from_be_bytes([jpeg[from], jpeg[from + 1]]);
        match jpeg[at + 1] {
            0xc0..=0xc2 => return (number(at + 7), number(at + 5)),
            _ => at += 2 + usize::from(number(at + 2)),
        }
    }
}

/// The JPEG with EXIF that says to turn it a quarter clockwise, and who took it.
fn turned(jpeg: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"); // Orientation, one short, 6
    exif.extend(b"\x01\x3b\0\x02\0\0\0\x0d\0\0\0\x26\0\0\0\0"); // Artist, 13 bytes at 38
    exif.extend(b"photographer\0");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

/// A visit at `BT-0001` that shows these photos.
async fn listed(who: &TestPerson, photos: &[&[u8]]) -> Uuid {
    who.submitted(&showing(visit("BT-0001"), "AL-02", photos)).await
}

async fn absent(who: &TestPerson, id: Uuid, bytes: &[u8], reason: &str) -> Answer {
    let path = format!("{}/absence", photo_address(id, bytes));
    who.put(&path, &json!({"reason": reason})).await
}

/// `state`, `missing_photos` and `absent_photos` of a visit.
async fn debts(who: &TestPerson, id: Uuid) -> (Value, Value, Value) {
    let shown = who.get(&address(id)).await.json();
    (shown["state"].clone(), shown["missing_photos"].clone(), shown["absent_photos"].clone())
}

#[tokio::test]
async fn a_photo_is_taken_and_shown() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let (first, second) = (photo(0), photo(1));
    let id = listed(&monitor, &[&first, &second]).await;

    let answer = monitor.send_photo(id, &first).await;

    assert_eq!(answer.status(), 201, "{}", answer.text());
    let taken = answer.json();
    assert_eq!((&taken["sha256"], &taken["bytes"]), (&json!(hash(&first)), &json!(first.len())));
    assert_eq!((&taken["width"], &taken["height"]), (&json!(1080), &json!(810)));
    assert_eq!((&taken["media_type"], &taken["damaged"]), (&json!("image/jpeg"), &json!(false)));
    let again = monitor.send_photo(id, &first).await;
    assert_eq!((again.status(), again.json()), (200, taken));
    let left = (json!("awaiting_photos"), json!([hash(&second)]), json!([]));
    assert_eq!(debts(&monitor, id).await, left);
    assert_eq!(monitor.send_photo(id, &second).await.status(), 201);
    assert_eq!(debts(&monitor, id).await, (json!("complete"), json!([]), json!([])));

    let path = photo_address(id, &first);
    let shown = monitor.get(&path).await;
    assert_eq!((shown.status(), shown.header("content-type")), (200, "image/jpeg"));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert_eq!(size(shown.bytes()), (1080, 810), "never enlarged");
    let display = monitor.get(&format!("{path}?rendition=display")).await;
    assert_eq!((display.bytes(), display.header("etag")), (shown.bytes(), shown.header("etag")));
    let thumbnail = monitor.get(&format!("{path}?rendition=thumbnail")).await;
    assert_eq!((thumbnail.status(), size(thumbnail.bytes())), (200, (320, 240)));
    assert_ne!(thumbnail.header("etag"), display.header("etag"));
}

#[tokio::test]
async fn who_has_a_rendition_is_not_sent_it_again() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let id = listed(&monitor, &[&photo(0)]).await;
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    let path = photo_address(id, &photo(0));
    let etag = monitor.get(&path).await.header("etag").to_owned();
    let ask = |tag: &str| monitor.ask(Method::GET, &path).header("if-none-match", tag).send();
    for tag in [etag.clone(), format!("\"other\", {etag}"), format!("W/{etag}"), "*".into()] {
        let answer = ask(&tag).await;
        assert_eq!((answer.status(), answer.bytes().len()), (304, 0), "{tag}");
        assert_eq!(answer.header("etag"), etag);
    }
    assert_eq!(ask("\"other\"").await.status(), 200);
}

#[tokio::test]
async fn renditions_are_upright_and_say_nothing_of_the_camera() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let sent = turned(&photo(2));
    assert!(holds(&sent, "Exif") && holds(&sent, "photographer"));
    let id = listed(&monitor, &[&sent]).await;

    let taken = monitor.send_photo(id, &sent).await.json();

    assert_eq!((&taken["width"], &taken["height"]), (&json!(810), &json!(1080)));
    let path = photo_address(id, &sent);
    for (rendition, expected) in [("display", (810, 1080)), ("thumbnail", (240, 320))] {
        let shown = monitor.get(&format!("{path}?rendition={rendition}")).await;
        assert_eq!((shown.status(), size(shown.bytes())), (200, expected), "{rendition}");
        for trace in ["Exif", "photographer", "http://ns.adobe.com"] {
            assert!(!holds(shown.bytes(), trace), "{rendition} holds {trace}");
        }
    }
    let original = manager.get(&format!("{path}?rendition=original&reason=reclamo")).await;
    assert_eq!(original.bytes(), sent, "the original is as it came");
}

#[tokio::test]
async fn every_format_that_is_taken_is_shown_as_jpeg() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let table = [
        ("jpeg-420-progressive.jpg", "image/jpeg"),
        ("jpeg-grey.jpg", "image/jpeg"),
        ("jpeg-cmyk-adobe.jpg", "image/jpeg"),
        ("mpo.jpg", "image/jpeg"),
        ("png-rgba-16-interlaced.png", "image/png"),
        ("png-palette-1.png", "image/png"),
        ("apng.png", "image/png"),
        ("webp-lossy.webp", "image/webp"),
        ("webp-animated.webp", "image/webp"),
    ];
    let read = |name: &str| picture(&format!("core/tests/pictures/{name}"));
    let mut photos: Vec<_> = table.iter().map(|(name, _)| read(name)).collect();
    // Without its end: what can be seen of it is taken, and marked.
    photos.push(photo(3)[..30_000].to_vec());
    let id = listed(&monitor, &photos.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
    let expected = table.into_iter().chain([("a JPEG that is cut", "image/jpeg")]);
    for ((name, kind), bytes) in expected.zip(&photos) {
        let taken = monitor.send_photo(id, bytes).await;
        assert_eq!(taken.status(), 201, "{name}: {}", taken.text());
        assert_eq!(taken.json()["media_type"], kind, "{name}");
        assert_eq!(taken.json()["damaged"], json!(name == "a JPEG that is cut"), "{name}");
        let path = photo_address(id, bytes);
        for rendition in ["thumbnail", "display"] {
            let shown = monitor.get(&format!("{path}?rendition={rendition}")).await;
            assert_eq!((shown.status(), shown.header("content-type")), (200, "image/jpeg"));
        }
        let original = manager.get(&format!("{path}?rendition=original&reason=prova")).await;
        assert_eq!((original.bytes(), original.header("content-type")), (&bytes[..], kind));
    }
    assert_eq!(debts(&monitor, id).await.0, "complete");
}

#[tokio::test]
async fn an_original_is_shown_to_managers_who_say_why_and_that_is_on_record() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager, admin) =
        (app.monitor("BT").await, app.manager("BT").await, app.admin().await);
    let id = listed(&monitor, &[&photo(0), &photo(1)]).await;
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    let path = format!("{}?rendition=original", photo_address(id, &photo(0)));
    for (query, fault) in [
        ("", "reason reason-required"),
        ("&reason=", "reason reason-required"),
        ("&reason=%20", "reason reason-required"),
    ] {
        let answer = manager.get(&format!("{path}{query}")).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
    for other in [&monitor, &app.viewer("BT").await] {
        assert_eq!(other.get(&format!("{path}&reason=prova")).await.status(), 403);
    }
    let elsewhere = app.manager("BA").await;
    assert_eq!(elsewhere.get(&format!("{path}&reason=prova")).await.status(), 404);
    let missing = format!("{}?rendition=original&reason=prova", photo_address(id, &photo(1)));
    assert_eq!(manager.get(&missing).await.status(), 404);
    assert_eq!(app.audited().await, [""; 0], "who saw nothing leaves no trace");

    let shown = manager.get(&format!("{path}&reason=reclamo%20dell%27ente")).await;

    assert_eq!((shown.status(), shown.bytes()), (200, &photo(0)[..]));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("content-disposition").starts_with("attachment; "));
    assert_eq!(admin.get(&format!("{path}&reason=x")).await.status(), 200);
    let audit = app.audit().await;
    assert_eq!(audit.len(), 2);
    assert_eq!((audit[0].action.as_str(), audit[0].actor), ("original_seen", Some(manager.id)));
    assert_eq!(audit[0].subject, format!("{id}/{}", hash(&photo(0))));
    let detail: Value = serde_json::from_str(&audit[0].detail).unwrap();
    assert_eq!(detail["reason"], "reclamo dell'ente");
    assert_eq!(audit[1].actor, Some(admin.id));
}

#[tokio::test]
async fn a_photo_that_cannot_come_is_no_longer_owed() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let (first, second) = (photo(0), photo(1));
    let mut sent = showing(visit("BT-0001"), "AL-11", &[&first]);
    sent["photos"].as_array_mut().unwrap().push(json!({"sha256": hash(&second), "bytes": 1}));
    let id = monitor.submitted(&sent).await;
    let due = async || monitor.submit(id, &sent).await.json()["evidence_due"].clone();
    assert_eq!(due().await, json!([]));

    let answer = absent(&monitor, id, &first, "telefono smarrito").await;

    assert_eq!(answer.status(), 200, "{}", answer.text());
    let left = (json!("awaiting_photos"), json!([hash(&second)]), json!([hash(&first)]));
    assert_eq!(debts(&monitor, id).await, left);
    assert_eq!(answer.json()["missing_photos"], left.1);
    assert_eq!(answer.json()["absent_photos"], left.2);
    assert_eq!(due().await, json!(["AL-11"]), "the evidence is due again");
    let again = absent(&monitor, id, &first, "un altro motivo").await;
    assert_eq!((again.status(), again.json()), (200, answer.json()));
    assert_eq!(monitor.get(&photo_address(id, &first)).await.status(), 404);
    assert_eq!(app.audited().await, ["photo_absent"], "once");

    let found = monitor.send_photo(id, &first).await;
    assert_eq!(found.status(), 201, "bytes that come later are taken: {}", found.text());
    let left = (json!("awaiting_photos"), json!([hash(&second)]), json!([]));
    assert_eq!(debts(&monitor, id).await, left);
    assert_eq!(due().await, json!([]));
    let too_late = absent(&monitor, id, &first, "tardi").await;
    assert_eq!((too_late.status(), &too_late.json()["absent_photos"]), (200, &json!([])));

    let path = format!("{}/absence", photo_address(id, &second));
    let asked = monitor.put(&format!("{path}?x=1"), &json!({"reason": "prova"})).await;
    assert_eq!(asked.faults(), ["x unknown-parameter"]);
    for body in [json!({}), json!({"reason": ""}), json!({"reason": 1})] {
        assert_eq!(monitor.put(&path, &body).await.status(), 422, "{body}");
    }
    assert_eq!(absent(&monitor, id, &photo(4), "non elencata").await.status(), 404);
}

#[tokio::test]
async fn photos_come_from_who_made_the_visit_and_from_managers() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, other) = (app.monitor("BT").await, app.monitor("BT").await);
    let sent = showing(visit("BT-0001"), "AL-02", &[&photo(0), &photo(1), &photo(2)]);
    let earlier = at(showing(visit("BT-0001"), "AL-02", &[&photo(3)]), "2024-01-01T10:00:00.000Z");
    let (id, earlier) = (monitor.submitted(&sent).await, monitor.submitted(&earlier).await);
    let stranger = app.monitor("BA").await;
    let table = [
        (&other, id, 403, "a colleague sees the latest visit, but it is not its own"),
        (&other, earlier, 404, "others' earlier visits it does not see"),
        (&stranger, id, 404, "of another territory"),
        (&app.manager("BA").await, id, 404, "a manager of another territory"),
        (&app.viewer("BT").await, id, 403, "who only reads"),
        (&app.admin().await, id, 403, "who keeps people"),
        (&app.nobody(), id, 401, "nobody"),
    ];
    for (who, id, status, why) in table {
        let bytes = if id == earlier { photo(3) } else { photo(0) };
        assert_eq!(who.send_photo(id, &bytes).await.status(), status, "{why}");
        assert_eq!(absent(who, id, &bytes, "prova").await.status(), status, "{why}");
    }
    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);
    assert_eq!(app.manager("BT").await.send_photo(id, &photo(1)).await.status(), 201);
    assert_eq!(monitor.send_photo(earlier, &photo(3)).await.status(), 201);
    let shown = [
        (&other, photo_address(id, &photo(0)), 200),
        (&other, photo_address(earlier, &photo(3)), 404),
        (&stranger, photo_address(id, &photo(0)), 404),
        (&monitor, photo_address(id, &photo(2)), 404),
        (&monitor, photo_address(id, &photo(4)), 404),
        (&monitor, format!("{}/photos/nonsense", address(id)), 404),
        (&monitor, format!("{}?rendition=huge", photo_address(id, &photo(0))), 422),
        (&monitor, format!("{}?colour=red", photo_address(id, &photo(0))), 422),
    ];
    for (who, path, status) in shown {
        assert_eq!(who.get(&path).await.status(), status, "{path}");
    }
}
