//! Reading inspections: the contract's table of what is refused, with every fault at once and
//! its pointer.

use serde_json::{Value, json};
use vigila_core::checklist::{Instrument, check_answers};
use vigila_core::documents::{FaultCode, Faults, inspection, json as text};

use crate::support::{checklist_of, now};

pub const PHOTO: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const OTHER: &str = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4f72b9807785afee48bb";

fn instrument() -> Instrument {
    let item = |code: &str, kind: &str, more: Value| {
        let mut item = json!({"code": code, "question": {"it": "?", "en": "?"}, "answer_type": kind,
            "source": ["OWN"], "weight_class": "A", "critical": false, "photo": "none"});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let options =
        json!([{"value": "a", "it": "a", "en": "a"}, {"value": "b", "it": "b", "en": "b"}]);
    Instrument::new(checklist_of(json!([{
        "code": "A", "title": {"it": "A", "en": "A"}, "dimension": "ANY", "items": [
            item("HALF", "yes_partial_no_na", json!({})),
            item("CLEAR", "yes_no_na", json!({})),
            item("WHOLE", "number", json!({"min": 0, "max": 10, "integer": true})),
            item("FREE", "number", json!({})),
            item("ONE", "choice", json!({"options": options})),
            item("MANY", "choice", json!({"options": options, "multiple": true})),
            item("WORDS", "text", json!({})),
        ],
    }])))
    .unwrap()
}

pub fn valid() -> Value {
    json!({
        "facility": "BT-0007", "checklist": {"code": "DEMO", "version": "1.0.0"},
        "kind": "unannounced", "started_at": "2026-03-04T09:00:00Z",
        "ended_at": "2026-03-04T11:00:00Z", "device": "phone",
        "corrects": "0195a1b2-0000-7000-8000-000000000001",
        "answers": [
            {"item": "HALF", "value": "partial", "note": "n", "observed_at": "2026-03-04T10:00:00Z"},
            {"item": "CLEAR", "value": "na", "reason": "no kitchen"},
            {"item": "WHOLE", "value": 10, "photos": [PHOTO]},
            {"item": "FREE", "value": -4.5},
            {"item": "ONE", "value": "a"},
            {"item": "MANY", "value": ["b", "a"]},
            {"item": "WORDS", "value": "free words"},
        ],
        "photos": [{"sha256": PHOTO, "bytes": 1, "taken_at": "2026-03-04T10:00:00Z",
            "latitude": 90, "longitude": -180, "caption": "c"}],
    })
}

/// Every fault of a body, as `/answers` and the submission read it.
pub fn faults_of(body: &str) -> Vec<(String, &'static str)> {
    let value = text::parse(body.as_bytes()).unwrap();
    let mut faults = Faults::default();
    text::check_storable(body.as_bytes(), &value, &mut faults);
    if let Some(read) = inspection::parse(&value, now(), &mut faults) {
        check_answers(&instrument(), &read.answers, &mut faults);
    }
    let mut found: Vec<_> = faults
        .into_vec()
        .into_iter()
        .map(|fault| (fault.pointer.as_str().to_owned(), fault.code.as_str()))
        .collect();
    found.sort();
    found
}

fn with(pointer: &str, value: Value) -> Value {
    let mut content = valid();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match content.pointer_mut(parent).unwrap() {
        Value::Object(map) => {
            map.insert(key.to_owned(), value);
        }
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        other => panic!("{other}"),
    }
    content
}

fn without(pointer: &str) -> Value {
    let mut content = valid();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    content.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).expect(pointer);
    content
}

fn refused(content: &Value, expected: &[(&str, &str)]) {
    let found = faults_of(&content.to_string());
    let mut expected: Vec<_> =
        expected.iter().map(|(at, code)| ((*at).to_owned(), *code)).collect();
    expected.sort();
    assert_eq!(found, expected, "{content}");
}

#[test]
fn a_valid_content_has_no_fault() {
    refused(&valid(), &[]);
    for optional in ["/device", "/corrects", "/answers/0/note", "/answers/0/observed_at"] {
        refused(&without(optional), &[]);
    }
    for optional in ["taken_at", "latitude", "longitude", "caption"] {
        refused(&without(&format!("/photos/0/{optional}")), &[]);
    }
    for kind in ["announced", "unannounced", "follow_up", "complaint", "remote"] {
        refused(&with("/kind", json!(kind)), &[]);
    }
    // `na` and `not_observed` are possible on every item.
    for index in 0..7 {
        let item = valid()["answers"][index]["item"].clone();
        let at = format!("/answers/{index}");
        refused(&with(&at, json!({"item": item, "value": "not_observed"})), &[]);
        refused(&with(&at, json!({"item": item, "value": "na", "reason": "r"})), &[]);
        refused(
            &with(&at, json!({"item": item, "value": "na"})),
            &[(&format!("{at}/reason"), "reason-required")],
        );
    }
}

#[test]
fn what_must_be_there_is_missed_and_null_is_no_value() {
    for key in ["facility", "checklist", "kind", "started_at", "ended_at", "answers"] {
        let at = format!("/{key}");
        refused(&without(&at), &[(&at, "required")]);
        refused(&with(&at, Value::Null), &[(&at, "wrong-type")]);
    }
    let inner = [
        "/checklist/code",
        "/checklist/version",
        "/answers/0/item",
        "/answers/0/value",
        "/photos/0/bytes",
    ];
    for at in inner {
        refused(&without(at), &[(at, "required")]);
        refused(&with(at, Value::Null), &[(at, "wrong-type")]);
    }
    let optional = [
        "/device",
        "/corrects",
        "/answers/0/note",
        "/answers/0/reason",
        "/answers/0/observed_at",
        "/answers/0/photos",
        "/photos/0/taken_at",
        "/photos/0/latitude",
        "/photos/0/longitude",
        "/photos/0/caption",
    ];
    for at in optional {
        refused(&with(at, Value::Null), &[(at, "wrong-type")]);
    }
    // The answer that names the photo does not get a second fault for the one mistake.
    let mut content = without("/photos/0/sha256");
    content["answers"][2]["photos"] = json!([]);
    refused(&content, &[("/photos/0/sha256", "required")]);
}

/// A place of the valid content, what stands there instead (JSON), and the faults of it.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const TABLE: &[Row] = &[
    ("/answers/-", r#"{"item": "NOPE", "value": "yes"}"#, &[("/answers/7/item", "unknown-item")]),
    ("/answers/-", r#"{"item": "HALF", "value": "yes"}"#, &[("/answers/7/item", "duplicate")]),
    ("/more", "1", &[("/more", "unknown-field")]),
    ("/a~1b", "1", &[("/a~01b", "unknown-field")]),
    ("/checklist/digest", "1", &[("/checklist/digest", "unknown-field")]),
    ("/answers/0/score", "1", &[("/answers/0/score", "unknown-field")]),
    ("/photos/0/mime", "1", &[("/photos/0/mime", "unknown-field")]),
    ("/facility", "7", &[("/facility", "wrong-type")]),
    ("/checklist", r#""DEMO""#, &[("/checklist", "wrong-type")]),
    ("/answers", "{}", &[("/answers", "wrong-type")]),
    ("/answers/3", r#""yes""#, &[("/answers/3", "wrong-type")]),
    ("/answers/0/value", "true", &[("/answers/0/value", "wrong-type")]),
    ("/answers/0/value", "{}", &[("/answers/0/value", "wrong-type")]),
    ("/answers/0/value", "1", &[("/answers/0/value", "wrong-type")]),
    ("/answers/0/value", r#"["yes"]"#, &[("/answers/0/value", "wrong-type")]),
    ("/answers/0/value", r#""Yes""#, &[("/answers/0/value", "not-an-option")]),
    ("/answers/1/value", r#""partial""#, &[("/answers/1/value", "not-an-option")]),
    ("/answers/2/value", r#""10""#, &[("/answers/2/value", "wrong-type")]),
    (
        "/answers/2/value",
        "10.5",
        &[("/answers/2/value", "not-an-integer"), ("/answers/2/value", "out-of-range")],
    ),
    ("/answers/2/value", "2.5", &[("/answers/2/value", "not-an-integer")]),
    ("/answers/2/value", "11", &[("/answers/2/value", "out-of-range")]),
    ("/answers/2/value", "-1", &[("/answers/2/value", "out-of-range")]),
    ("/answers/2/value", "10.0", &[]),
    ("/answers/3/value", "1e300", &[]),
    ("/answers/3/value", "9007199254740992", &[]),
    ("/answers/3/value", "9007199254740993", &[("/answers/3/value", "inexact-integer")]),
    ("/answers/3/value", "-9007199254740993", &[("/answers/3/value", "inexact-integer")]),
    ("/answers/4/value", r#""c""#, &[("/answers/4/value", "not-an-option")]),
    ("/answers/4/value", r#"["a"]"#, &[("/answers/4/value", "wrong-type")]),
    ("/answers/5/value", r#""a""#, &[("/answers/5/value", "wrong-type")]),
    ("/answers/5/value", "[]", &[("/answers/5/value", "bad-length")]),
    ("/answers/5/value", r#"["a", "a"]"#, &[("/answers/5/value/1", "duplicate")]),
    ("/answers/5/value", r#"["a", "c"]"#, &[("/answers/5/value/1", "not-an-option")]),
    ("/answers/5/value", "[1]", &[("/answers/5/value/0", "wrong-type")]),
    (
        "/answers/5/value",
        r#"[1, "c", "a", "a"]"#,
        &[
            ("/answers/5/value/0", "wrong-type"),
            ("/answers/5/value/1", "not-an-option"),
            ("/answers/5/value/3", "duplicate"),
        ],
    ),
    ("/answers/6/value", "5", &[("/answers/6/value", "wrong-type")]),
    ("/answers/1/reason", r#""  ""#, &[("/answers/1/reason", "reason-required")]),
    ("/answers/1/reason", "5", &[("/answers/1/reason", "wrong-type")]),
    ("/answers/0/photos", r#"["ABC"]"#, &[("/answers/0/photos/0", "not-a-sha256")]),
    ("/photos/-", r#"{"sha256": "x", "bytes": 2}"#, &[("/photos/1/sha256", "not-a-sha256")]),
    ("/photos/0/bytes", "0", &[("/photos/0/bytes", "out-of-range")]),
    ("/photos/0/bytes", "1.5", &[("/photos/0/bytes", "not-an-integer")]),
    ("/photos/0/bytes", r#""1""#, &[("/photos/0/bytes", "wrong-type")]),
    ("/photos/0/latitude", "90.1", &[("/photos/0/latitude", "out-of-range")]),
    ("/photos/0/longitude", "-180.1", &[("/photos/0/longitude", "out-of-range")]),
    ("/device", r#""a\u0000b""#, &[("/device", "null-character")]),
    ("/answers/6/value", r#""\u0000""#, &[("/answers/6/value", "null-character")]),
    ("/kind", r#""visit""#, &[("/kind", "not-an-option")]),
    ("/started_at", r#""2026-03-04T11:00:00.001Z""#, &[("/ended_at", "ended-before-started")]),
    ("/started_at", r#""2026-03-04T11:00:00Z""#, &[]),
    ("/ended_at", r#""2026-03-05T12:00:00Z""#, &[]),
    ("/ended_at", r#""2026-03-05T12:00:00.001Z""#, &[("/ended_at", "in-the-future")]),
    ("/started_at", r#""2026-03-04T10:00:00+01:00""#, &[("/started_at", "not-utc")]),
    ("/started_at", r#""yesterday""#, &[("/started_at", "not-an-instant")]),
    ("/started_at", r#""2026-03-04T09:00é:0Z""#, &[("/started_at", "not-an-instant")]),
    ("/corrects", r#""0195a1b2000070008000000000000001""#, &[("/corrects", "not-a-uuid")]),
];

#[test]
fn each_row_of_the_contracts_table() {
    for (at, value, expected) in TABLE {
        refused(&with(at, serde_json::from_str(value).unwrap()), expected);
    }
    refused(&without("/answers/1/reason"), &[("/answers/1/reason", "reason-required")]);
    for body in ["[]", "1", "null", r#""x""#] {
        refused(&serde_json::from_str(body).unwrap(), &[("", "wrong-type")]);
    }
}

#[test]
fn photos_are_listed_once_and_named_as_listed() {
    let at = "/answers/0/photos";
    refused(&with(at, json!([PHOTO])), &[]);
    refused(&with(at, json!([PHOTO, OTHER])), &[("/answers/0/photos/1", "photo-not-listed")]);
    let shouted = json!([PHOTO.to_uppercase()]);
    refused(&with(at, shouted), &[("/answers/0/photos/0", "not-a-sha256")]);
    let again = json!({"sha256": PHOTO, "bytes": 2});
    refused(&with("/photos/-", again), &[("/photos/1/sha256", "duplicate")]);
}

#[test]
fn integers_of_any_length_and_texts_of_any_form_are_told_from_their_text() {
    let body = valid().to_string().replace("-4.5", "123456789012345678901234567890");
    assert_eq!(faults_of(&body), [("/answers/3/value".to_owned(), "inexact-integer")]);
    let body = valid().to_string().replace("-4.5", "1.0e30");
    assert_eq!(faults_of(&body), []);
    let body = valid().to_string().replace("\"phone\"", "\"pho\\u0000ne\"");
    assert_eq!(faults_of(&body), [("/device".to_owned(), "null-character")]);
}

#[test]
fn all_faults_come_at_once() {
    let content = json!({
        "facility": 1, "kind": "visit", "started_at": "x", "ended_at": "2030-01-01T00:00:00Z",
        "checklist": {"code": "DEMO"}, "colour": "red",
        "answers": [
            {"item": "HALF", "value": "na"},
            {"value": 1},
            {"item": "FREE", "value": null, "photos": [OTHER]},
            "x",
        ],
        "photos": [{"sha256": PHOTO, "bytes": 0}, {"sha256": PHOTO}],
    });
    refused(
        &content,
        &[
            ("/answers/0/reason", "reason-required"),
            ("/answers/1/item", "required"),
            ("/answers/2/photos/0", "photo-not-listed"),
            ("/answers/2/value", "wrong-type"),
            ("/answers/3", "wrong-type"),
            ("/checklist/version", "required"),
            ("/colour", "unknown-field"),
            ("/ended_at", "in-the-future"),
            ("/facility", "wrong-type"),
            ("/kind", "not-an-option"),
            ("/photos/0/bytes", "out-of-range"),
            ("/photos/1/bytes", "required"),
            ("/photos/1/sha256", "duplicate"),
            ("/started_at", "not-an-instant"),
        ],
    );
    // With the form in order, every answer is held against the checklist at once.
    let mut content = valid();
    content["answers"] = json!([
        {"item": "HALF", "value": "yes"},
        {"item": "WHOLE", "value": 99},
        {"item": "HALF", "value": "perhaps"},
        {"item": "NOPE", "value": 1},
        {"item": "NOPE", "value": 1},
        {"item": "MANY", "value": ["z"]},
    ]);
    refused(
        &content,
        &[
            ("/answers/1/value", "out-of-range"),
            ("/answers/2/item", "duplicate"),
            ("/answers/2/value", "not-an-option"),
            ("/answers/3/item", "unknown-item"),
            ("/answers/4/item", "duplicate"),
            ("/answers/4/item", "unknown-item"),
            ("/answers/5/value/0", "not-an-option"),
        ],
    );
}

#[test]
fn an_answer_whose_item_cannot_be_read_does_not_shift_the_others() {
    let mut content = valid();
    content["answers"] = json!([{"value": "yes"}, {"item": "WHOLE", "value": 99}]);
    let value = text::parse(content.to_string().as_bytes()).unwrap();
    let mut faults = Faults::default();
    let read = inspection::parse(&value, now(), &mut faults).unwrap();
    assert_eq!(read.answers[0].index, 1);
    check_answers(&instrument(), &read.answers, &mut faults);
    let codes: Vec<_> =
        faults.into_vec().into_iter().map(|f| (f.pointer.to_string(), f.code)).collect();
    assert_eq!(
        codes,
        [
            ("/answers/0/item".to_owned(), FaultCode::Required),
            ("/answers/1/value".to_owned(), FaultCode::OutOfRange),
        ]
    );
}

#[test]
fn malformed_bodies_are_told_with_their_place() {
    let table = [
        ("{\n\"a\": 1,\n\"a\": 2}", 3),
        ("{\"a\": \"\\ud800\"}", 1),
        ("{\"a\": \"\\udc00\\ud800\"}", 1),
        ("{\"a\": 1,}", 1),
        ("{\"a\": 01}", 1),
        ("{\"a\": NaN}", 1),
        ("{\"a\": 1e999}", 1),
        ("{} x", 1),
    ];
    for (body, line) in table {
        assert_eq!(text::parse(body.as_bytes()).unwrap_err().line, line, "{body}");
    }
    assert!(text::parse(b"\"\xff\"").is_err());
    assert!(text::parse("[".repeat(100_000).as_bytes()).is_err());
}
