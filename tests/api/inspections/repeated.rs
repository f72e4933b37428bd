//! The same id again: the same content is recognised for ever, other content never replaces it.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{
    Answer, TestApp, TestPerson, address, photo, saying, showing, visit, with, without,
};

async fn send_text(who: &TestPerson, id: Uuid, text: &str) -> Answer {
    who.ask(Method::PUT, &address(id)).body("application/json", text).send().await
}

/// The same JSON with the members of every object the other way round and blanks between.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let members = map.iter().rev();
            let members = members.map(|(key, value)| format!("\n {key:?} : {}", reversed(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(list) => {
            format!("[{}]", list.iter().map(reversed).collect::<Vec<_>>().join(" , "))
        }
        plain => plain.to_string(),
    }
}

async fn close(app: &TestApp, code: &str) {
    let manager = app.manager("BT").await;
    let path = format!("/api/v1/facilities/{code}");
    let etag = manager.get(&path).await.header("etag").to_owned();
    let answer = manager.patch(&path, &etag, &json!({"active": false})).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
}

#[tokio::test]
async fn the_same_content_again_gives_the_same_receipt() {
    let mut app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let (id, sent) = (Uuid::now_v7(), showing(visit("BT-0001"), "AL-11", &[&photo(0)]));
    let first = monitor.submit(id, &sent).await;
    assert_eq!(first.status(), 201, "{}", first.text());
    let again = |answer: Answer, what: &str| {
        assert_eq!((answer.status(), answer.text()), (200, first.text()), "{what}");
    };

    again(monitor.submit(id, &sent).await, "at once");
    again(send_text(&monitor, id, &reversed(&sent)).await, "in another order");
    let numbers = sent.to_string().replace("20.5", "2050e-2").replace(":40", ":40.0");
    assert!(numbers.contains("2050e-2") && numbers.contains(":40.0"), "{numbers}");
    again(send_text(&monitor, id, &numbers).await, "with numbers written otherwise");
    let escaped = sent.to_string().replace("niente", "n\\u0069ente");
    again(send_text(&monitor, id, &escaped).await, "with an escape");
    let capitals = format!("/api/v1/inspections/{}", id.to_string().to_uppercase());
    again(monitor.put(&capitals, &sent).await, "under the id in capitals");
    close(&app, "BT-0001").await;
    again(monitor.submit(id, &sent).await, "after the centre closed");
    app.restart_with(|settings| settings.checklists = None).await;
    again(monitor.submit(id, &sent).await, "after a restart without the checklist's file");
}

#[tokio::test]
async fn the_part_of_a_receipt_that_tells_the_present_changes() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let (id, sent) = (Uuid::now_v7(), showing(visit("BT-0001"), "AL-11", &[&photo(0)]));
    let first = monitor.submit(id, &sent).await.json();
    assert_eq!(first["state"], "awaiting_photos");

    assert_eq!(monitor.send_photo(id, &photo(0)).await.status(), 201);

    let now = monitor.submit(id, &sent).await.json();
    assert_eq!((&now["state"], &now["missing_photos"]), (&json!("complete"), &json!([])));
    for member in
        ["inspection_id", "digest", "received_at", "key_id", "signature", "score", "evidence_due"]
    {
        assert_eq!(now[member], first[member], "{member}");
    }
}

#[tokio::test]
async fn other_content_under_an_id_is_refused_valid_or_not() {
    let app = TestApp::with_small_checklists().await;
    let facility = app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let sent = visit("BT-0001");
    let id = monitor.submitted(&sent).await;
    let instead = |pointer: &str, value: Value| with(sent.clone(), pointer, value);
    let table = [
        ("another note", instead("/answers/0/note", json!("altra"))),
        ("the centre by its id", instead("/facility", json!(facility.id.to_string()))),
        ("the same instant without decimals", instead("/ended_at", json!("2024-05-14T10:30:00Z"))),
        ("no device", without(sent.clone(), "/device")),
        ("an empty list of photos more", instead("/photos", json!([]))),
        ("an unknown field", instead("/colour", json!("red"))),
        ("no such item", instead("/answers/0/item", json!("AL-99"))),
        ("no such centre", instead("/facility", json!("BT-9999"))),
        ("U+0000", instead("/device", json!("\0"))),
        ("nothing that is a visit", json!([])),
    ];
    for (what, other) in table {
        let answer = monitor.submit(id, &other).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (409, "other-content"), "{what}");
    }
    assert_eq!(monitor.member(&address(id), "/content").await, sent, "what is stored stays");
    // 2^53 + 1 is bent to 2^53 on its way into the canonical form.
    let exact = instead("/answers/9/value", json!(9_007_199_254_740_992_u64));
    let bent = exact.to_string().replace("740992", "740993");
    let id = monitor.submitted(&exact).await;
    assert_eq!(send_text(&monitor, id, &bent).await.status(), 409);
}

#[tokio::test]
async fn others_are_recognised_where_they_may_submit() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let sent = visit("BT-0001");
    let id = monitor.submitted(&sent).await;
    let (colleague, manager) = (app.monitor("BT BA").await, app.manager("BT").await);
    for other in [&colleague, &manager] {
        assert_eq!(other.submit(id, &sent).await.status(), 200, "{}", other.name);
    }
    let stranger = app.monitor("BA FG").await;
    let answer = stranger.submit(id, &sent).await;
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.faults(), ["/facility unknown-facility"]);
    let as_new = stranger.submit(Uuid::now_v7(), &sent).await;
    assert_eq!((as_new.told(), as_new.status()), (answer.told(), 422), "as if it were new");
    for other in [app.viewer("BT").await, app.admin().await, app.scraper("BT").await] {
        assert_eq!(other.submit(id, &sent).await.status(), 403, "{}", other.name);
    }
    assert_eq!(app.nobody().submit(id, &sent).await.status(), 401);
}

/// Twelve phones of three monitors send at once, each what `sent` makes for its number.
async fn twelve_at_once(app: &TestApp, id: Uuid, sent: impl Fn(usize) -> Value) -> Vec<Answer> {
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(app.monitor("BT").await);
    }
    let mut sending = JoinSet::new();
    for number in 0..12 {
        let (who, visit) = (people[number % 3].clone(), sent(number));
        sending.spawn(async move { who.submit(id, &visit).await });
    }
    sending.join_all().await
}

#[tokio::test]
async fn twelve_phones_with_one_visit_get_one_receipt() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    for _ in 0..3 {
        let id = Uuid::now_v7();
        let sent = showing(visit("BT-0001"), "AL-11", &[&photo(0)]);
        let answers = twelve_at_once(&app, id, |_| sent.clone()).await;

        let mut statuses: Vec<_> = answers.iter().map(Answer::status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [[200; 11].as_slice(), &[201]].concat());
        assert!(answers.iter().all(|answer| answer.bytes() == answers[0].bytes()));
    }
    let manager = app.manager("BT").await;
    let listed = manager.get("/api/v1/inspections").await;
    assert_eq!(listed.column("state").len(), 3);
}

#[tokio::test]
async fn of_twelve_phones_with_different_visits_one_is_taken() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let id = Uuid::now_v7();
    let content = |number: usize| saying(visit("BT-0001"), "AL-01", number);

    let answers = twelve_at_once(&app, id, content).await;

    let (taken, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status() == 201);
    assert_eq!((taken.len(), refused.len()), (1, 11));
    assert!(refused.iter().all(|a| a.status() == 409 && a.problem() == "other-content"));
    let shown = app.manager("BT").await.get(&address(id)).await.json();
    assert_eq!(shown["digest"], taken[0].json()["digest"]);
    assert!((0..12).any(|number| shown["content"] == content(number)));
}
