//! Who may ask what: every operation of the OpenAPI document, each role, and what lies outside
//! a person's territories. An operation that is not in the table fails the test, so nobody
//! adds one without saying who may.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use vigila::store::findings::{self, Change, Owed, StoredFinding};
use vigila::store::uploads::{self, Upload};
use vigila_core::documents::finding::Severity;
use vigila_core::domain::Role;
use vigila_core::findings::{Basis, Entry, Visit};

use crate::support::{Answer, PASSWORD, TestApp, TestPerson};

use Role::{Admin, Manager, Monitor, Scraper, Viewer};

/// Who may.
#[derive(Clone, Copy)]
enum Who {
    /// Everybody, signed in or not.
    Everybody,
    /// These roles.
    Only(&'static [Role]),
}

/// What the path names.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    /// Nothing that lies in a territory.
    Nothing,
    /// A centre, a visit or a territory: 404 to whom it is not theirs.
    Within,
}

use Names::{Nothing, Within};
use Who::{Everybody, Only};

const SIGNED_IN: Who = Only(&[Monitor, Manager, Viewer, Admin, Scraper]);
const READERS: Who = Only(&[Monitor, Manager, Viewer, Admin]);
const OVERSEERS: Who = Only(&[Manager, Viewer, Admin]);
const SUBMITTERS: Who = Only(&[Monitor, Manager]);
const MANAGERS: Who = Only(&[Manager]);
const KEEPERS: Who = Only(&[Manager, Admin]);
const ADMINS: Who = Only(&[Admin]);

/// A body with its media type.
type Sent = Option<(&'static str, &'static str)>;

/// Every operation: its id, who may, what its path names, and a body that is read without
/// fault as far as who may ask is concerned.
const TABLE: &[(&str, Who, Names, Sent)] = &[
    ("show_status", Everybody, Nothing, None),
    ("list_receipt_keys", Everybody, Nothing, None),
    ("create_session", Everybody, Nothing, Some((JSON, "{}"))),
    ("end_current_session", SIGNED_IN, Nothing, None),
    ("show_me", SIGNED_IN, Nothing, None),
    ("list_territories", SIGNED_IN, Nothing, None),
    ("list_audit_events", ADMINS, Nothing, None),
    ("list_people", ADMINS, Nothing, None),
    ("create_person", ADMINS, Nothing, Some((JSON, "{}"))),
    ("change_person", ADMINS, Nothing, Some(("application/merge-patch+json", "{}"))),
    ("end_sessions", ADMINS, Nothing, None),
    ("list_checklists", READERS, Nothing, None),
    ("show_checklist", READERS, Nothing, None),
    ("list_facilities", READERS, Nothing, None),
    ("create_facility", KEEPERS, Nothing, Some((JSON, "{}"))),
    ("import_facilities", KEEPERS, Nothing, Some(("text/csv", ""))),
    ("show_facility", READERS, Within, None),
    ("change_facility", KEEPERS, Within, Some(("application/merge-patch+json", "{}"))),
    ("show_facility_scorecard", READERS, Within, None),
    ("show_facility_trends", READERS, Within, None),
    ("list_series", READERS, Nothing, None),
    ("list_territory_scorecards", READERS, Within, None),
    ("show_territory_indicators", READERS, Within, None),
    ("list_scoring_models", READERS, Nothing, None),
    ("show_scoring_model", READERS, Nothing, None),
    ("request_scoring_preview", MANAGERS, Nothing, Some((JSON, "{}"))),
    ("show_scoring_preview", MANAGERS, Nothing, None),
    ("show_territory_agreement", OVERSEERS, Within, None),
    ("show_territory_trends", READERS, Within, None),
    ("list_next_visits", READERS, Within, None),
    ("list_inspections", READERS, Nothing, None),
    // Its path names what is to be; the centre is in the body, and answers 422 there.
    ("submit_inspection", SUBMITTERS, Nothing, Some((JSON, "{}"))),
    ("show_inspection", READERS, Within, None),
    ("show_inspection_score", READERS, Within, None),
    ("show_inspection_evidence", READERS, Within, None),
    ("list_findings", READERS, Nothing, None),
    ("show_finding", READERS, Within, None),
    ("move_finding", MANAGERS, Within, Some((JSON, r#"{"to":"prescribed"}"#))),
    ("show_photo", READERS, Within, None),
    ("add_photo", SUBMITTERS, Within, Some(("image/jpeg", "no picture"))),
    ("create_upload", SUBMITTERS, Within, None),
    ("show_upload", SUBMITTERS, Within, None),
    ("continue_upload", SUBMITTERS, Within, Some(("application/offset+octet-stream", ""))),
    ("end_upload", SUBMITTERS, Within, None),
    ("declare_photo_absent", SUBMITTERS, Within, Some((JSON, r#"{"reason":"lost"}"#))),
    ("redact_photo", KEEPERS, Within, Some((JSON, r#"{"rectangles":[],"reason":"a face"}"#))),
    ("list_photo_redactions", OVERSEERS, Within, None),
    ("redact_text", KEEPERS, Within, Some((JSON, r#"{"pointer":"/device","reason":"a name"}"#))),
    ("list_text_redactions", OVERSEERS, Within, None),
    ("show_sealed_content", KEEPERS, Within, None),
    ("erase_photo", ADMINS, Within, None),
    ("erase_text", ADMINS, Within, None),
];

const JSON: &str = "application/json";
const VISIT: &str = "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07";
const UPLOAD: &str = "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a10";
const FINDING: &str = "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a11";
const PHOTO: &str = "00000000000000000000000000000000000000000000000000000000000000aa";

struct Operation {
    id: String,
    method: Method,
    path: String,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(vigila::http::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().filter(|(_, operation)| operation.is_object()).map(
            move |(method, operation)| Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: format!(
                    "/api/v1{}{}",
                    filled(path.trim_start_matches("/api/v1")),
                    asked(operation["operationId"].as_str().unwrap())
                ),
            },
        )
    });
    each.collect()
}

/// The query that an operation must have.
fn asked(id: &str) -> &'static str {
    match id {
        "show_sealed_content" | "erase_photo" => "?reason=test",
        "erase_text" => "?reason=test&pointer=/device",
        _ => "",
    }
}

/// A path with the things that there are in the test.
fn filled(path: &str) -> String {
    let table = [
        ("{facility_id}", "BT-0001"),
        ("{inspection_id}", VISIT),
        ("{sha256}", PHOTO),
        ("{upload_id}", UPLOAD),
        ("{finding_id}", FINDING),
        ("{territory_code}", "BT"),
        ("{code}", "FIRE-HYG"),
        ("{version}", "1.0.0"),
        ("{person_id}", "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a08"),
        ("{preview_id}", "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a09"),
    ];
    let path = table.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{'), "{path}: say in this table what its parameter names");
    path
}

/// A centre and a visit of Barletta-Andria-Trani, with a photo that is owed, and the monitor
/// who made it.
async fn world() -> (TestApp, TestPerson) {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let visit = json!({
        "facility": "BT-0001", "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
        "kind": "announced", "started_at": "2026-03-04T09:00:00.000Z",
        "ended_at": "2026-03-04T10:00:00.000Z", "answers": [], "device": "phone",
        "photos": [{"sha256": PHOTO, "bytes": 1}]
    });
    let monitor = app.monitor("BT").await;
    let answer = monitor.put(&format!("/api/v1/inspections/{VISIT}"), &visit).await;
    assert_eq!(answer.status(), 201, "{}", answer.text());
    let now = vigila::clock::now();
    let upload = Upload {
        id: UPLOAD.parse().unwrap(),
        inspection: VISIT.parse().unwrap(),
        sha256: PHOTO.parse().unwrap(),
        person: monitor.id,
        bytes: 2,
        received: 0,
        created_at: now,
        expires_at: now.plus_days(1),
    };
    app.app.db.write(move |conn| uploads::insert(conn, &upload)).await.unwrap();
    finding(&app).await;
    (app, monitor)
}

/// A finding of the visit, with an id that the table knows.
async fn finding(app: &TestApp) {
    let now = vigila::clock::now();
    let facility = app.stored_facility("BT-0001").await.unwrap();
    let visit = Visit { ended_at: now, received_at: now, id: VISIT.parse().unwrap() };
    let basis = Basis {
        severity: Severity::Major,
        opened_by: visit.id,
        opened_at: now,
        due_on: now.day(app.app.zone),
        failures: 1,
        failed_by: visit,
        passed_by: None,
    };
    let entry = Entry {
        id: FINDING.parse().unwrap(),
        item: "FQ-A01".to_owned(),
        settled_at: None,
        basis,
        withdrawn: false,
    };
    let place = (facility.id, facility.territory);
    let opened = Change::Opened(StoredFinding::opened(entry, place, "FIRE-HYG"));
    let paid = app.app.db.write(move |conn| {
        // The visit's own debt was paid when it was taken in.
        let owed = Owed { facility: place.0, territory: place.1, revision: 1, visits: vec![] };
        findings::pay(conn, &owed, std::slice::from_ref(&opened), None, now)
    });
    assert!(paid.await.unwrap());
}

/// Somebody of this role with a session of its own, because one of the operations ends it.
/// A monitor is the one who made the visit: of others' it may not do all.
async fn somebody(app: &TestApp, role: Role, monitor: &TestPerson) -> TestPerson {
    if role != Monitor {
        return app.person(role, "BT").await;
    }
    let credentials = json!({"username": monitor.name, "password": PASSWORD});
    let session = app.nobody().post("/api/v1/sessions", &credentials).await;
    app.bearer(session.json()["token"].as_str().unwrap())
}

async fn ask(who: &TestPerson, operation: &Operation, body: Sent) -> Answer {
    let ask = who.ask(operation.method.clone(), &operation.path).header("if-match", "*");
    match body {
        Some((kind, text)) => ask.body(kind, text).send().await,
        None => ask.send().await,
    }
}

#[test]
fn the_table_has_every_operation_once() {
    let ids: Vec<_> = TABLE.iter().map(|row| row.0.to_owned()).collect();
    let set: BTreeSet<_> = ids.iter().cloned().collect();
    assert_eq!(set.len(), ids.len(), "an operation stands twice in TABLE of authorization.rs");
    let there: BTreeSet<_> = operations().into_iter().map(|operation| operation.id).collect();
    let missing: Vec<_> = there.difference(&set).collect();
    assert!(missing.is_empty(), "say in TABLE of authorization.rs who may: {missing:?}");
    let gone: Vec<_> = set.difference(&there).collect();
    assert!(gone.is_empty(), "take out of TABLE of authorization.rs: {gone:?}");
}

fn row(operation: &Operation) -> (Who, Names, Sent) {
    let row = TABLE.iter().find(|row| row.0 == operation.id);
    row.map(|(_, who, names, body)| (*who, *names, *body)).unwrap()
}

#[tokio::test]
async fn nobody_is_told_to_sign_in_before_anything_else() {
    let (app, _) = world().await;
    let (nobody, stranger) = (app.nobody(), app.bearer("a token that nobody was given"));
    for operation in operations() {
        let (who, _, body) = row(&operation);
        for asker in [&nobody, &stranger] {
            // Not even a body that cannot be read is looked at.
            for body in [body, Some(("text/plain", "nonsense"))] {
                let answer = ask(asker, &operation, body).await;
                match who {
                    Everybody => assert_ne!(answer.problem_or_none(), "not-signed-in"),
                    Only(_) => {
                        let found = (answer.status(), answer.problem_or_none());
                        assert_eq!(found, (401, "not-signed-in".to_owned()), "{}", operation.id);
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn each_role_may_what_the_table_says_and_no_more() {
    let (app, monitor) = world().await;
    for role in Role::ALL {
        for operation in operations() {
            let (who, _, body) = row(&operation);
            let Only(roles) = who else { continue };
            let person = somebody(&app, role, &monitor).await;
            let answer = ask(&person, &operation, body).await;
            let told = format!("{} as {role}: {}", operation.id, answer.status());
            if roles.contains(&role) {
                assert!(![401, 403].contains(&answer.status()), "{told}");
                assert!(answer.status() < 500, "{told}");
            } else {
                assert_eq!(answer.problem_or_none(), "forbidden", "{told}");
                let nonsense = ask(&person, &operation, Some(("text/plain", "nonsense"))).await;
                assert_eq!(nonsense.status(), 403, "{told}, before its body is looked at");
            }
        }
    }
}

#[tokio::test]
async fn what_lies_outside_a_persons_territories_is_not_there() {
    let (app, _) = world().await;
    for operation in operations() {
        let (who, names, body) = row(&operation);
        let (Only(roles), Within) = (who, names) else { continue };
        // An admin has every territory.
        for role in roles.iter().filter(|role| **role != Admin) {
            let inside = ask(&app.person(*role, "BT").await, &operation, body).await;
            let stranger = app.person(*role, "FG BA").await;
            let outside = ask(&stranger, &operation, body).await;
            let told = format!("{} as {role}", operation.id);
            assert_eq!(outside.problem_or_none(), "not-found", "{told}: {}", outside.text());
            let same = |answer: &Answer| -> Value { answer.told() };
            let elsewhere = Operation {
                id: operation.id.clone(),
                method: operation.method.clone(),
                path: operation
                    .path
                    .replace("BT-0001", "BT-9999")
                    .replace(VISIT, "01995f1e-0a10-7c53-9a3b-0d6c2f1f7aff")
                    .replace(FINDING, "01995f1e-0a10-7c53-9a3b-0d6c2f1f7aff")
                    .replace("/territories/BT", "/territories/XX"),
            };
            let absent = ask(&stranger, &elsewhere, body).await;
            assert_eq!(same(&outside), same(&absent), "{told}: it reads as if it were not there");
            let waits_for_its_bytes = ["show_photo", "redact_photo"].contains(&&*operation.id);
            assert!(inside.status() != 404 || waits_for_its_bytes, "{told}: {}", inside.text());
        }
    }
}
