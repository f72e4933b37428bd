//! What photos tell beside what was said of them: facts side by side, and questions with what
//! they rest on.

mod copies;
mod earlier;
mod exif;
mod pages;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use uuid::Uuid;

use self::exif::{Camera, with_block};
use crate::support::{
    TestApp, TestPerson, address, hash, photo, photo_address, showing, visit, with,
};

/// Where the centre of these stories lies.
const CENTRE: (f64, f64) = (41.2279, 16.295);

/// What an honest phone writes during [`visit`], which is in summer.
const HONEST: Camera<'_> = Camera {
    taken: Some("2024:05:14 11:02:00"),
    offset: Some("+02:00"),
    place: Some((41.2280, 16.2951)),
    accuracy: Some(5),
    make: Some("Prova"),
    software: Some("15.2"),
};

/// An app with a centre of which the place is known, and its monitor.
async fn stage() -> (TestApp, TestPerson) {
    let app = TestApp::with_small_checklists().await;
    app.facility_with("BT-0001", |centre| {
        (centre.latitude, centre.longitude) = (Some(CENTRE.0), Some(CENTRE.1));
    })
    .await;
    let monitor = app.monitor("BT").await;
    (app, monitor)
}

/// A visit that shows these photos at AL-11, observed at 09:00 UTC.
fn showing_here(facility: &str, photos: &[&[u8]]) -> Value {
    showing(visit(facility), "AL-11", photos)
}

/// The visit, sent with its photos.
async fn sent(who: &TestPerson, visit: &Value, photos: &[&[u8]]) -> Uuid {
    let id = who.submitted(visit).await;
    for bytes in photos {
        let answer = who.send_photo(id, bytes).await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
    }
    id
}

fn path(id: Uuid) -> String {
    format!("{}/evidence", address(id))
}

/// The photos of a visit, as somebody sees what they tell.
async fn items(who: &TestPerson, id: Uuid) -> Vec<Value> {
    who.member(&path(id), "/items").await.as_array().unwrap().clone()
}

fn codes(item: &Value) -> Vec<&str> {
    let flags = item["flags"].as_array().unwrap().iter();
    flags.map(|flag| flag["code"].as_str().unwrap()).collect()
}

fn flag<'a>(item: &'a Value, code: &str) -> &'a Value {
    let mut flags = item["flags"].as_array().unwrap().iter();
    flags.find(|flag| flag["code"] == code).unwrap_or_else(|| panic!("no {code} in {item}"))
}

fn near(value: &Value, expected: f64, within: f64) {
    let number = value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
    assert!((number - expected).abs() <= within, "{number} instead of {expected}");
}

#[tokio::test]
async fn an_honest_photo_raises_no_question_and_tells_its_facts() {
    let (_app, monitor) = stage().await;
    let bytes = HONEST.wrote(&photo(0));
    let mut sent_visit = showing_here("BT-0001", &[&bytes]);
    let listed = &mut sent_visit["photos"][0];
    listed["taken_at"] = json!("2024-05-14T09:02:10.000Z");
    (listed["latitude"], listed["longitude"]) = (json!(41.2279), json!(16.2952));
    listed["caption"] = json!("Camera 3");
    let id = sent(&monitor, &sent_visit, &[&bytes]).await;

    let report = monitor.member(&path(id), "").await;

    assert_eq!(report["inspection_id"], json!(id));
    assert_eq!(report["facility"]["code"], "BT-0001");
    assert_eq!(report["facility_position"], json!({"latitude": CENTRE.0, "longitude": CENTRE.1}));
    assert_eq!(report["started_at"], "2024-05-14T08:00:00.000Z");
    assert_eq!(report["ended_at"], "2024-05-14T10:30:00.000Z");
    assert_eq!(report["rules"], json!({"code": "VIGILA-EVIDENCE", "version": "1.0.0"}));
    assert_eq!(report["_links"], json!({}));
    let item = &report["items"][0];
    assert_eq!(item["flags"], json!([]), "{item}");
    assert_eq!((&item["sha256"], &item["state"]), (&json!(hash(&bytes)), &json!("stored")));
    assert_eq!(item["examined"], true);
    let declared = json!({"taken_at": "2024-05-14T09:02:10.000Z", "latitude": 41.2279,
        "longitude": 16.2952, "bytes": bytes.len()});
    assert_eq!(item["declared"], declared, "the caption is not a fact of this kind");
    let received = &item["received"];
    assert_eq!((&received["bytes"], &received["damaged"]), (&json!(bytes.len()), &json!(false)));
    assert_eq!((&received["width"], &received["height"]), (&json!(1080), &json!(810)));
    let picture = &item["picture"];
    let taken = json!({"local": "2024-05-14T11:02:00", "offset_seconds": 7200,
        "readings": ["2024-05-14T09:02:00.000Z"]});
    assert_eq!((&picture["exif"], &picture["taken"]), (&json!(true), &taken));
    assert_eq!((&picture["make"], &picture["model"]), (&json!("Prova"), &json!(null)));
    assert_eq!((&picture["software"], &picture["accuracy_metres"]), (&json!("15.2"), &json!(5.0)));
    near(&picture["position"]["latitude"], 41.228, 1e-6);
    near(&picture["brightness"], 150.4, 1.0);
    let answers = json!([{"item": "AL-11", "observed_at": "2024-05-14T09:00:00.000Z",
        "camera_seconds": 120.0}]);
    assert_eq!(item["answers"], answers);
    let apart = &item["differences"];
    assert_eq!(apart["camera_from_visit_seconds"], 0.0);
    assert_eq!(apart["camera_from_declared_seconds"], -10.0);
    assert_eq!(apart["declared_from_visit_seconds"], 0.0);
    assert!(apart["camera_from_receipt_seconds"].as_f64().unwrap() < 0.0);
    near(&apart["camera_from_centre_metres"], 13.9, 0.5);
    near(&apart["declared_from_centre_metres"], 16.7, 0.5);
    near(&apart["between_positions_metres"], 13.9, 0.5);
}

#[tokio::test]
async fn a_photo_of_last_month_from_elsewhere_is_asked_about_with_reasons() {
    let (_app, monitor) = stage().await;
    let camera = Camera {
        taken: Some("2024:04:12 11:02:00"),
        place: Some((41.1171, 16.8719)),
        software: Some("Adobe Photoshop 25.1 (Windows)"),
        ..HONEST
    };
    let bytes = camera.wrote(&photo(1));
    let mut sent_visit = showing_here("BT-0001", &[&bytes]);
    let listed = &mut sent_visit["photos"][0];
    listed["taken_at"] = json!("2024-05-14T09:02:10.000Z");
    (listed["latitude"], listed["longitude"]) = (json!(CENTRE.0), json!(CENTRE.1));
    let id = sent(&monitor, &sent_visit, &[&bytes]).await;

    let item = items(&monitor, id).await.remove(0);

    let expected = [
        "taken-outside-visit",
        "taken-far-from-answer",
        "clock-differs",
        "far-from-centre",
        "positions-differ",
        "edited",
    ];
    assert_eq!(codes(&item), expected);
    let outside = json!({
        "code": "taken-outside-visit",
        "reason": "By the camera's clock it was taken 31 days before the visit began (tolerance 15 min).",
        "value": -2_761_080.0 + 86_400.0, "limit": 900.0, "unit": "seconds",
        "item": null, "software": null
    });
    let told = flag(&item, "taken-outside-visit");
    assert_eq!((&told["limit"], &told["unit"]), (&outside["limit"], &outside["unit"]));
    // From 12 April 09:02 to 14 May 08:00.
    assert_eq!(told["value"], -(31.0 * 86_400.0 + 22.0 * 3_600.0 + 58.0 * 60.0));
    assert_eq!(told["reason"], outside["reason"]);
    assert_eq!(flag(&item, "taken-far-from-answer")["item"], "AL-11");
    let far = flag(&item, "far-from-centre");
    assert_eq!((&far["limit"], &far["unit"]), (&json!(305.0), &json!("metres")));
    near(&far["value"], 49_800.0, 500.0);
    assert_eq!(flag(&item, "edited")["software"], "Adobe Photoshop 25.1 (Windows)");

    let asked = monitor.ask(reqwest::Method::GET, &path(id)).header("accept-language", "it");
    let answer = asked.send().await;
    assert_eq!(
        (answer.header("content-language"), answer.header("vary")),
        ("it", "Accept-Language")
    );
    let flags = &answer.json()["items"][0]["flags"];
    assert_eq!(
        flags[0]["reason"],
        "Secondo la fotocamera è stata scattata 31 giorni prima dell'inizio della visita (tolleranza 15 min)."
    );
}

#[tokio::test]
async fn a_clock_without_zone_is_read_on_the_clocks_of_the_office() {
    let (_app, monitor) = stage().await;
    let fits = Camera { offset: None, ..HONEST }.wrote(&photo(0));
    let in_utc = Camera { offset: None, taken: Some("2024:05:14 07:02:00"), ..HONEST };
    let does_not = in_utc.wrote(&photo(1));
    let photos = [&fits[..], &does_not];
    let id = sent(&monitor, &showing_here("BT-0001", &photos), &photos).await;

    let items = items(&monitor, id).await;

    assert_eq!(codes(&items[0]), [""; 0]);
    let taken = &items[0]["picture"]["taken"];
    assert_eq!(taken["offset_seconds"], json!(null));
    assert_eq!(taken["readings"], json!(["2024-05-14T09:02:00.000Z"]));
    assert_eq!(codes(&items[1]), ["taken-outside-visit", "taken-far-from-answer"]);
}

#[tokio::test]
async fn positions_that_are_none_or_vague_and_pictures_of_no_use_are_said() {
    let (_app, monitor) = stage().await;
    let zero = Camera { place: Some((0.0, 0.0)), accuracy: None, ..HONEST }.wrote(&photo(0));
    let vague = Camera { accuracy: None, ..HONEST }.wrote(&photo(1));
    let whole = HONEST.wrote(&photo(2));
    let cut = whole[..whole.len() * 2 / 3].to_vec();
    let photos = [&zero[..], &vague, &cut];
    let mut sent_visit = showing_here("BT-0001", &photos);
    (sent_visit["photos"][1]["latitude"], sent_visit["photos"][1]["longitude"]) =
        (json!(0), json!(0.0));
    let id = sent(&monitor, &sent_visit, &photos).await;

    let items = items(&monitor, id).await;

    assert_eq!(codes(&items[0]), ["position-zero"]);
    assert_eq!(items[0]["differences"]["camera_from_centre_metres"], json!(null));
    assert_eq!(codes(&items[1]), ["declared-position-zero", "position-without-accuracy"]);
    assert_eq!(codes(&items[2]), ["damaged"]);
    assert_eq!(items[2]["received"]["damaged"], true);
}

#[tokio::test]
async fn broken_exif_and_none_cost_nothing_and_are_told_apart() {
    let (_app, monitor) = stage().await;
    let none = photo(0);
    // Directories that point at themselves and beyond.
    let looping = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0";
    let looping = with_block(&photo(1), looping);
    let nonsense = with_block(&photo(2), b"Exif\0\0nothing of the kind");
    let odd = Camera { taken: Some("0000:00:00 00:00:00"), place: None, ..HONEST };
    let odd = odd.wrote(&photo(3));
    let photos = [&none[..], &looping, &nonsense, &odd];
    let id = sent(&monitor, &showing_here("BT-0001", &photos), &photos).await;

    let items = items(&monitor, id).await;

    assert_eq!(codes(&items[0]), ["no-exif"]);
    assert_eq!(items[0]["picture"]["exif"], false);
    assert_eq!(codes(&items[1]), [""; 0]);
    assert_eq!(items[1]["picture"]["exif"], true);
    assert_eq!(codes(&items[2]), ["no-exif"]);
    assert_eq!(codes(&items[3]), [""; 0], "no time is no contradiction");
    for item in &items {
        assert_eq!((&item["examined"], &item["picture"]["taken"]), (&json!(true), &json!(null)));
    }
}

#[tokio::test]
async fn photos_that_did_not_come_are_listed_with_what_was_said_of_them() {
    let (_app, monitor) = stage().await;
    let photos = [photo(0), photo(1)];
    let mut sent_visit = showing_here("BT-0001", &[&photos[0], &photos[1]]);
    sent_visit["photos"][0]["taken_at"] = json!("2024-05-13T09:00:00.000Z");
    (sent_visit["photos"][0]["latitude"], sent_visit["photos"][0]["longitude"]) =
        (json!(41.1171), json!(16.8719));
    let id = monitor.submitted(&sent_visit).await;
    let absence = format!("{}/absence", photo_address(id, &photos[1]));
    assert_eq!(monitor.put(&absence, &json!({"reason": "perso"})).await.status(), 200);

    let items = items(&monitor, id).await;

    assert_eq!(codes(&items[0]), ["declared-outside-visit", "declared-far-from-centre"]);
    let state = |item: &Value| (item["state"].clone(), item["examined"].clone());
    assert_eq!(state(&items[0]), (json!("missing"), json!(false)));
    assert_eq!(state(&items[1]), (json!("absent"), json!(false)));
    assert_eq!(items[1]["flags"], json!([]));
    for item in &items {
        assert_eq!((&item["received"], &item["picture"]), (&json!(null), &json!(null)));
    }
}

#[tokio::test]
async fn photos_come_in_pages_in_the_order_listed() {
    let (_app, monitor) = stage().await;
    let photos: Vec<_> = (0..5).map(photo).collect();
    let photos: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let id = monitor.submitted(&showing_here("BT-0001", &photos)).await;
    let mut next = Some(format!("{}?limit=2", path(id)));
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(address) = next {
        let answer = monitor.get(&address).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        seen.extend(answer.column("sha256"));
        next = answer.next();
        pages += 1;
    }
    let listed: Vec<_> = photos.iter().map(|bytes| hash(bytes)).collect();
    assert_eq!((seen, pages), (listed, 3));
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=WyJ4Il0", "cursor"),
        ("sort=1", "sort"),
    ] {
        let answer = monitor.get(&format!("{}?{query}", path(id))).await;
        assert_eq!(answer.status(), 422, "{query}");
        assert_eq!(answer.json()["errors"][0]["parameter"], parameter);
    }
    let without = monitor.submitted(&visit("BT-0001")).await;
    assert_eq!(monitor.member(&path(without), "/items").await, json!([]));
}

#[tokio::test]
async fn an_office_has_limits_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let trial = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/trial"));
    for entry in fs::read_dir(trial).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let rules = "schema_version: 1\nevidence: { code: OURS, version: 2.0.0, title: { it: Nostre, en: Ours } }\n\
        times: { visit_minutes: 0, answer_minutes: 1, clock_minutes: 0 }\n\
        places: { centre_metres: 1, between_metres: 0 }\ncopies: { bits: 0 }\n\
        pictures: { blurred_below: 10000, dark_below: 1, bright_above: 100 }\n\
        editors: [Prova]\nnot_raised: [too-bright]\n";
    fs::write(folder.path().join("evidence.yaml"), rules).unwrap();
    let folder = folder.path().display().to_string();
    let app = TestApp::start_with(|settings| settings.checklists = Some(folder)).await;
    app.facility_with("BT-0001", |centre| {
        (centre.latitude, centre.longitude) = (Some(CENTRE.0), Some(CENTRE.1));
    })
    .await;
    let monitor = app.monitor("BT").await;
    let bytes = Camera { software: Some("Prova 3"), ..HONEST }.wrote(&photo(0));
    let id = sent(&monitor, &showing_here("BT-0001", &[&bytes]), &[&bytes]).await;

    let report = monitor.member(&path(id), "").await;

    assert_eq!(report["rules"], json!({"code": "OURS", "version": "2.0.0"}));
    let expected = ["taken-far-from-answer", "far-from-centre", "edited", "blurred"];
    assert_eq!(codes(&report["items"][0]), expected);
}

#[tokio::test]
async fn who_sees_the_visit_sees_what_its_photos_tell() {
    let (app, monitor) = stage().await;
    let bytes = HONEST.wrote(&photo(0));
    let id = sent(&monitor, &showing_here("BT-0001", &[&bytes]), &[&bytes]).await;
    let latest = with(showing_here("BT-0001", &[]), "/ended_at", json!("2024-05-15T10:30:00.000Z"));
    monitor.submitted(&latest).await;
    let table = [
        (monitor.clone(), 200),
        (app.monitor("BT").await, 404),
        (app.manager("BT").await, 200),
        (app.viewer("BT").await, 200),
        (app.admin().await, 200),
        (app.manager("BA").await, 404),
        (app.scraper("BT").await, 403),
        (app.nobody(), 401),
    ];
    for (who, status) in table {
        assert_eq!(who.get(&path(id)).await.status(), status, "{}", who.name);
    }
    for odd in ["/api/v1/inspections/x/evidence", &path(Uuid::now_v7())] {
        assert_eq!(monitor.get(odd).await.status(), 404, "{odd}");
    }
}
