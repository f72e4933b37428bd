//! Visits as phones send them, to the checklists of `tests/api/trial`, and photos.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use vigila::clock;
use vigila_core::domain::Sha256;

use super::{Answer, TestApp, TestPerson};

/// When the visits of [`visit`] end.
pub const ENDED: &str = "2024-05-14T10:30:00.000Z";

/// A whole visit with ALFA in which all is well, and everything that there may be is there.
pub fn visit(facility: &str) -> Value {
    json!({
        "facility": facility, "checklist": {"code": "ALFA", "version": "1.0.0"},
        "kind": "unannounced", "started_at": "2024-05-14T08:00:00.000Z", "ended_at": ENDED,
        "device": "telefono di prova",
        "answers": [
            {"item": "AL-01", "value": 20, "note": "due camere chiuse"},
            {"item": "AL-02", "value": "yes"},
            {"item": "AL-03", "value": "good"},
            {"item": "AL-11", "value": "yes", "observed_at": "2024-05-14T09:00:00.000Z"},
            {"item": "AL-12", "value": "na", "reason": "non soggetta"},
            {"item": "AL-13", "value": 20.5},
            {"item": "AL-21", "value": "yes"},
            {"item": "AL-22", "value": ["it", "ar"]},
            {"item": "AL-23", "value": "niente da segnalare"},
            {"item": "AL-24", "value": 40}
        ]
    })
}

/// A visit of that kind with ALFA which ended then and says only this.
pub fn short(facility: &str, kind: &str, ended: &str, answers: &[(&str, &str)]) -> Value {
    let answers = answers.iter().map(|(item, value)| json!({"item": item, "value": value}));
    let mut short = visit(facility);
    short["kind"] = json!(kind);
    short["answers"] = answers.collect();
    at(short, ended)
}

/// The visit, made at another time.
pub fn at(mut visit: Value, ended: &str) -> Value {
    visit["started_at"] = json!(ended);
    visit["ended_at"] = json!(ended);
    for answer in visit["answers"].as_array_mut().unwrap() {
        answer.as_object_mut().unwrap().remove("observed_at");
    }
    visit
}

/// The visit with another value of one member.
pub fn with(mut visit: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match visit.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    visit
}

/// The visit without one member.
pub fn without(mut visit: Value, pointer: &str) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    visit.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    visit
}

/// The visit with another answer to an item.
pub fn saying(mut visit: Value, item: &str, value: impl Into<Value>) -> Value {
    *answer(&mut visit, item) = json!({"item": item, "value": value.into()});
    visit
}

/// The visit that lists these photos and names them at an item.
pub fn showing(mut visit: Value, item: &str, photos: &[&[u8]]) -> Value {
    answer(&mut visit, item)["photos"] = photos.iter().map(|bytes| hash(bytes)).collect();
    let listed = photos.iter().map(|bytes| json!({"sha256": hash(bytes), "bytes": bytes.len()}));
    visit["photos"] = listed.collect();
    visit
}

fn answer<'a>(visit: &'a mut Value, item: &str) -> &'a mut Value {
    let answers = visit["answers"].as_array_mut().unwrap();
    answers.iter_mut().find(|answer| answer["item"] == item).unwrap()
}

/// So many days before now, as the API writes it.
pub fn days_ago(days: i64) -> String {
    clock::now().plus_days(-days).to_string()
}

/// The name of a photo with these bytes.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::of(bytes).to_string()
}

/// A picture of the repository, by its path.
pub fn picture(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A real photo, of a number from 0 to 4.
pub fn photo(number: usize) -> Vec<u8> {
    let names = ["bedroom-tidy", "canteen-table", "kitchen-worktop", "notice-board"];
    let names = [&names[..], &["shower-cubicle"]].concat();
    picture(&format!("sample/photos/{}.jpg", names[number]))
}

/// The address of a visit.
pub fn address(id: Uuid) -> String {
    format!("/api/v1/inspections/{id}")
}

/// The address of a photo.
pub fn photo_address(id: Uuid, bytes: &[u8]) -> String {
    format!("{}/photos/{}", address(id), hash(bytes))
}

impl TestApp {
    /// Starts one with the checklists of `tests/api/trial`.
    pub async fn with_small_checklists() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/trial");
        Self::start_with(|settings| settings.checklists = Some(folder.to_owned())).await
    }
}

impl TestPerson {
    /// Sends a visit.
    pub async fn submit(&self, id: Uuid, visit: &Value) -> Answer {
        self.put(&address(id), visit).await
    }

    /// Sends a new visit, which must be taken; gives its id.
    pub async fn submitted(&self, visit: &Value) -> Uuid {
        let id = Uuid::now_v7();
        let answer = self.submit(id, visit).await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
        id
    }

    /// Sends a photo.
    pub async fn send_photo(&self, id: Uuid, bytes: &[u8]) -> Answer {
        let ask = self.ask(Method::PUT, &photo_address(id, bytes));
        ask.body("application/octet-stream", bytes).send().await
    }

    /// A member of an answer that must be 200.
    pub async fn member(&self, path: &str, pointer: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}: {}", answer.text());
        answer.json().pointer(pointer).unwrap_or_else(|| panic!("{path} {pointer}")).clone()
    }
}
