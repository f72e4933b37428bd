//! `vigila verify`, offline and in the store.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;
use vigila::app::receipts::Keys;
use vigila::app::stored::{Checked, Wrong, check_store};
use vigila::clock;

use super::{keys, unchanging, world};
use crate::support::{Service, TestApp, TestPerson, address, hash, photo, showing, visit};

/// A visit with a photo that came and one that did not, and all that was answered, as files.
struct Case {
    service: Service,
    folder: tempfile::TempDir,
    receipt: Value,
    shown: Value,
    photos: [Vec<u8>; 2],
}

impl Case {
    async fn new() -> Self {
        let service = Service::new(&[]).await;
        let (_running, monitor, _) = service.start_with_people().await;
        let photos = [photo(0), photo(1)];
        let (id, sent) =
            (Uuid::now_v7(), showing(visit("BT-0001"), "AL-02", &[&photos[0], &photos[1]]));
        let receipt = monitor.submit(id, &sent).await.json();
        assert_eq!(monitor.send_photo(id, &photos[0]).await.status(), 201);
        let shown = monitor.get(&address(id)).await.json();
        let case = Self { service, folder: tempfile::tempdir().unwrap(), receipt, shown, photos };
        case.file("receipt-keys.json", &keys(&monitor).await);
        case.file("content.json", &sent);
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, value: &Value) -> String {
        // With blanks, as people's tools write it.
        std::fs::write(self.path(name), serde_json::to_string_pretty(value).unwrap()).unwrap();
        self.path(name).display().to_string()
    }

    fn photo(&self, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(self.path("photos")).unwrap();
        std::fs::write(self.path("photos").join(name), bytes).unwrap();
    }

    /// The exit code and all that was said.
    fn verify(&self, receipt: &Value, more: &[&str]) -> (i32, String) {
        let file = self.file("receipt.json", receipt);
        let (code, out, err) = self.service.run(&[&["verify", &file], more].concat());
        (code, out + &err)
    }
}

/// The value with another text at a pointer: one character differs.
fn bent(value: &Value, pointer: &str) -> Value {
    let mut bent = value.clone();
    let member = bent.pointer_mut(pointer).unwrap();
    let mut text = member.as_str().unwrap().to_owned();
    // Behind the `=` of base64 and the `Z` of an instant nothing may stand.
    let place = text.len() - 4;
    let other = if &text[place..=place] == "1" { "2" } else { "1" };
    text.replace_range(place..=place, other);
    *member = json!(text);
    bent
}

#[tokio::test]
async fn a_receipt_is_sound_or_says_what_is_not() {
    let case = Case::new().await;
    let (code, said) = case.verify(&case.receipt, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("ok    receipt of inspection") && said.contains("none was given"),
        "{said}"
    );
    let content = case.path("content.json").display().to_string();
    let (code, said) = case.verify(&case.receipt, &["--content", &content]);
    assert!(code == 0 && said.contains("ok    content: is what was received"), "{said}");
    for member in ["digest", "inspection_id", "received_at", "signature"] {
        let (code, said) = case.verify(&bent(&case.receipt, &format!("/{member}")), &[]);
        assert!(code == 1 && said.contains("WRONG receipt of"), "{member}: {said}");
    }
    let (code, said) = case.verify(&bent(&case.receipt, "/key_id"), &[]);
    assert!(code == 1 && said.contains("not among those of"), "{said}");
    let mut other: Value = serde_json::from_slice(&std::fs::read(&content).unwrap()).unwrap();
    other["answers"][1]["value"] = json!("no");
    let other = case.file("other.json", &other);
    let (code, said) = case.verify(&case.receipt, &["--content", &other]);
    assert!(code == 1 && said.contains("WRONG content: is not what was received"), "{said}");
    let (code, said) = case.verify(&case.receipt, &["--content", &other, "--json"]);
    let json: Value = serde_json::from_str(&said[..=said.rfind('}').unwrap()]).unwrap();
    assert_eq!(
        (code, &json["sound"], &json["findings"][1]["sound"]),
        (1, &json!(false), &json!(false))
    );
    let mut unsigned = case.receipt.clone();
    unsigned.as_object_mut().unwrap().remove("signature");
    let (code, said) = case.verify(&unsigned, &[]);
    assert!(code == 1 && said.contains("it has no signature; ask the service"), "{said}");
}

#[tokio::test]
async fn an_answer_has_its_content_and_the_receipts_of_its_photos() {
    let case = Case::new().await;
    let (code, said) = case.verify(&case.shown, &[]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("ok ").count(), 3, "{said}");
    let (code, said) = case.verify(&bent(&case.shown, "/photo_receipts/0/received_at"), &[]);
    assert!(code == 1 && said.contains("WRONG receipt of photo"), "{said}");
    let mut changed = case.shown.clone();
    changed["content"]["device"] = json!("altro");
    let (code, said) = case.verify(&changed, &[]);
    assert!(code == 1 && said.contains("WRONG content"), "{said}");
    changed["redacted"] = json!(["/device"]);
    let (code, said) = case.verify(&changed, &[]);
    assert!(code == 1 && said.contains("redacted, so it cannot be compared"), "{said}");
    let content = case.path("content.json").display().to_string();
    assert_eq!(case.verify(&changed, &["--content", &content]).0, 0);
    let wrapped =
        json!({"inspection_id": case.shown["inspection_id"], "content": case.shown["content"]});
    let wrapped = case.file("sealed.json", &wrapped);
    assert_eq!(case.verify(&changed, &["--content", &wrapped]).0, 0);
    let single = {
        let mut single = case.shown["photo_receipts"][0].clone();
        single["inspection_id"] = case.shown["inspection_id"].clone();
        single
    };
    case.photo("any name.jpg", &case.photos[0]);
    let folder = case.path("photos").display().to_string();
    let (code, said) = case.verify(&single, &["--photos", &folder]);
    assert!(code == 0 && said.contains("there: any name.jpg"), "{said}");
}

#[tokio::test]
async fn photos_are_there_missing_or_altered() {
    let case = Case::new().await;
    let folder = case.path("photos").display().to_string();
    case.photo("notes.txt", b"nothing of the visit");
    let listed = |bytes: &[u8]| format!("{}.jpg", hash(bytes));
    let (code, said) = case.verify(&case.shown, &["--photos", &folder]);
    assert!(code == 1 && said.matches("missing in").count() == 1, "{said}");
    assert!(said.contains("had not come to the office") && !said.contains("notes"), "{said}");
    case.photo("DSC_1.JPG", &case.photos[0]);
    let (code, said) = case.verify(&case.shown, &["--photos", &folder]);
    assert!(code == 0 && said.contains("there: DSC_1.JPG"), "{said}");
    let mut bytes = case.photos[1].clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    case.photo(&listed(&case.photos[1]), &bytes);
    let (code, said) = case.verify(&case.shown, &["--photos", &folder]);
    assert!(code == 1 && said.contains("altered:"), "{said}");
    case.photo(&listed(&case.photos[1]), &case.photos[1]);
    assert_eq!(case.verify(&case.shown, &["--photos", &folder]).0, 0);
    let (code, said) = case.verify(&case.receipt, &["--photos", &folder]);
    assert!(code == 1 && said.contains("--content"), "{said}");
    let content = case.path("content.json").display().to_string();
    let (code, said) = case.verify(&case.receipt, &["--photos", &folder, "--content", &content]);
    assert_eq!(code, 0, "{said}");
    let nowhere = case.path("nowhere").display().to_string();
    assert_eq!(case.verify(&case.shown, &["--photos", &nowhere]).0, 1);
}

#[tokio::test]
async fn keys_come_from_a_file_or_the_database() {
    let case = Case::new().await;
    let beside = case.path("receipt-keys.json");
    let named = case.path("named.json");
    std::fs::rename(&beside, &named).unwrap();
    let named = named.display().to_string();
    assert_eq!(case.verify(&case.receipt, &["--keys", &named]).0, 0);
    let (code, said) = case.verify(&case.receipt, &[]);
    assert!(code == 0 && said.contains("ok "), "from the database: {said}");
    let away = ["--database-url", "sqlite://nowhere.db"];
    let (code, said) = case.verify(&case.receipt, &away);
    assert!(code == 1 && said.contains("api/v1/receipt-keys"), "{said}");
    assert!(!Path::new("nowhere.db").exists());
    // A key that is not what its name says, and one that was retired before.
    let mut keys: Value = serde_json::from_slice(&std::fs::read(&named).unwrap()).unwrap();
    keys["items"][0]["retired_at"] = json!("2020-01-01T00:00:00.000Z");
    let retired = case.file("retired.json", &keys);
    let (code, said) = case.verify(&case.receipt, &["--keys", &retired]);
    assert!(code == 1 && said.contains("after it had been retired"), "{said}");
    keys["items"][0]["key_id"] = json!("0123456789abcdef");
    let false_name = case.file("false.json", &keys);
    let (code, said) = case.verify(&case.receipt, &["--keys", &false_name]);
    assert!(code == 1 && said.contains("not what its key_id says"), "{said}");
    assert_eq!(case.service.run(&["receipts", "rotate"]).0, 0);
    let (code, said) = case.verify(&case.receipt, &[]);
    assert!(code == 0 && said.contains("(retired since "), "{said}");
}

async fn checked(app: &TestApp) -> (Checked, Vec<(String, Wrong)>) {
    let mut told = Vec::new();
    let checked = check_store(&app.app, |id, wrong| told.push((id.to_string(), wrong))).await;
    (checked.unwrap(), told)
}

async fn three_visits(monitor: &TestPerson) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(monitor.submitted(&visit("BT-0001")).await);
    }
    ids.sort();
    ids
}

#[tokio::test]
async fn the_store_is_checked_visit_by_visit() {
    let (app, monitor) = world().await;
    let ids = three_visits(&monitor).await;
    let all = Checked { inspections: 3, signed: 3, wrong: 0 };
    assert_eq!(checked(&app).await, (all, vec![]));
    Keys::of(app.app.db.clone()).rotate(clock::now()).await.unwrap();
    assert_eq!(checked(&app).await, (all, vec![]), "old keys still check");
    let which = if app.app.db.is_sqlite() {
        format!("x'{}'", ids[1].simple())
    } else {
        format!("'{}'", ids[1])
    };
    let blob = if app.app.db.is_sqlite() { "x'01'" } else { "'\\x01'" };
    let table = [
        ("inspections", "content", "'{}'".to_owned(), "id", vec![Wrong::Digest, Wrong::Content]),
        (
            "inspections",
            "content",
            "replace(content, 'due camere', 'tre camere')".to_owned(),
            "id",
            vec![Wrong::Digest],
        ),
        (
            "inspections",
            "content",
            "replace(content, '\"value\":40', '\"value\":41')".to_owned(),
            "id",
            vec![Wrong::Digest, Wrong::CompactForm],
        ),
        ("inspections", "scored", blob.to_owned(), "id", vec![Wrong::CompactForm]),
        ("inspections", "checklist_version", "'9.9.9'".to_owned(), "id", vec![Wrong::Checklist]),
        (
            "inspections",
            "received_at",
            "(SELECT max(created_at) FROM receipt_keys)".to_owned(),
            "id",
            vec![Wrong::Signature],
        ),
        ("receipts", "signature", "'AAAA'".to_owned(), "inspection_id", vec![Wrong::Signature]),
        (
            "receipts",
            "key_id",
            "'0123456789abcdef'".to_owned(),
            "inspection_id",
            vec![Wrong::UnknownKey],
        ),
    ];
    for (table, column, value, key, expected) in table {
        let tamper = format!(
            "CREATE TABLE kept AS SELECT {column} AS was FROM {table} WHERE {key} = {which};
             UPDATE {table} SET {column} = {value} WHERE {key} = {which}"
        );
        app.app.db.write(move |conn| conn.batch_execute(&tamper)).await.unwrap();
        let told = expected.iter().map(|wrong| (ids[1].to_string(), *wrong)).collect::<Vec<_>>();
        assert_eq!(checked(&app).await, (Checked { wrong: 1, ..all }, told), "{column} {value}");
        let back = format!(
            "UPDATE {table} SET {column} = (SELECT was FROM kept) WHERE {key} = {which};
             DROP TABLE kept"
        );
        app.app.db.write(move |conn| conn.batch_execute(&back)).await.unwrap();
    }
    assert_eq!(checked(&app).await, (all, vec![]));
}

#[tokio::test]
async fn what_was_redacted_is_checked_and_what_was_erased_is_not_digested() {
    let (app, monitor) = world().await;
    let (manager, admin) = (app.manager("BT").await, app.admin().await);
    let ids = three_visits(&monitor).await;
    let place = "/answers/0/note";
    let redaction = json!({"pointer": place, "reason": "nome di un ospite"});
    for id in &ids[..2] {
        let answer = manager.post(&format!("{}/redactions", address(*id)), &redaction).await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
    }
    let order = format!("{}/content?pointer={place}&reason=ordine+7", address(ids[1]));
    let answer = admin.delete(&order).await;
    assert!(answer.status() < 300, "{}", answer.text());
    let all = Checked { inspections: 3, signed: 3, wrong: 0 };
    assert_eq!(checked(&app).await, (all, vec![]));
    // The sealed content is looked at, not the one that is shown.
    let tamper = "UPDATE inspections SET content = replace(content, 'niente da', 'molto da')";
    app.app.db.write(move |conn| conn.batch_execute(tamper)).await.unwrap();
    let (checked, told) = checked(&app).await;
    assert_eq!(checked.wrong, 2, "of what an order erased nothing is left to compare: {told:?}");
    assert!(told.iter().all(|(id, wrong)| *wrong == Wrong::Digest && *id != ids[1].to_string()));
}

#[tokio::test]
async fn the_command_checks_the_store_beside_a_running_service() {
    let service = Service::new(&[]).await;
    let (_running, monitor, _) = service.start_with_people().await;
    let receipt = monitor.submit(Uuid::now_v7(), &visit("BT-0001")).await.json();
    assert_eq!(unchanging(&receipt).len(), 5);
    let (code, out, err) = service.run(&["verify"]);
    assert_eq!(
        (code, out.as_str()),
        (0, "1 inspections checked, 1 with a signed receipt, 0 that do not fit\n"),
        "{err}"
    );
    let (code, out, _) = service.run(&["verify", "--json"]);
    assert_eq!(
        (code, serde_json::from_str::<Value>(&out).unwrap()["sound"].clone()),
        (0, json!(true))
    );
    assert_eq!(service.run(&["verify", "--photos", "x"]).0, 2, "photos of which receipt?");
}
