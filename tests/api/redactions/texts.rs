//! Texts that must not be seen, in a visit and in its corrections.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, TestPerson, address, photo, saying, showing, visit, with};

const NAME: &str = "Pinca Pallina della camera 3";

/// A visit with a name wherever one can be written.
fn naming() -> Value {
    let visit = showing(visit("BT-0001"), "AL-02", &[&photo(0)]);
    let visit = with(visit, "/answers/0/note", json!(NAME));
    let visit = with(visit, "/answers/4/reason", json!(format!("non vuole: {NAME}")));
    let visit = with(visit, "/photos/0/caption", json!("il letto di Pinca"));
    with(visit, "/answers/8/value", json!("parlato con Pinca"))
}

const PLACES: [&str; 4] =
    ["/answers/0/note", "/answers/4/reason", "/answers/8/value", "/photos/0/caption"];

async fn world() -> (TestApp, TestPerson, TestPerson) {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    (app, monitor, manager)
}

async fn redact(who: &TestPerson, id: Uuid, pointer: &str) -> crate::support::Answer {
    let body = json!({"pointer": pointer, "reason": "nome di un ospite"});
    who.post(&format!("{}/redactions", address(id)), &body).await
}

#[tokio::test]
async fn a_redacted_text_is_shown_nowhere_and_nothing_else_changes() {
    let (app, monitor, manager) = world().await;
    let id = Uuid::now_v7();
    let receipt = monitor.submit(id, &naming()).await.json();
    let before = monitor.get(&address(id)).await.json();
    assert_eq!(before["redacted"], json!([]));
    let score = manager.get(&format!("{}/score", address(id))).await.json();

    for place in PLACES {
        let answer = redact(&manager, id, place).await;
        assert_eq!(answer.status(), 201, "{place}: {}", answer.text());
    }

    let shown = monitor.get(&address(id)).await;
    assert!(!shown.text().contains("Pinca"), "{}", shown.text());
    let mut wanted = before.clone();
    for place in PLACES {
        *wanted["content"].pointer_mut(place).unwrap() = json!("[redacted]");
    }
    wanted["redacted"] = json!(PLACES);
    assert_eq!(shown.json(), wanted, "digest, receipt and state stay");
    assert_eq!(manager.get(&format!("{}/score", address(id))).await.json(), score);
    let repeat = monitor.submit(id, &naming()).await;
    assert_eq!((repeat.status(), repeat.json()), (200, receipt));
    let other = monitor.submit(id, &shown.json()["content"]).await;
    assert_eq!(other.status(), 409, "what is shown is other content than what was sent");

    // Sealed: for who states a reason, and on record.
    let sealed = format!("{}/content", address(id));
    assert_eq!(manager.get(&sealed).await.faults(), ["reason reason-required"]);
    assert_eq!(monitor.get(&format!("{sealed}?reason=x")).await.status(), 403);
    let whole = manager.get(&format!("{sealed}?reason=ricorso")).await.json();
    assert_eq!((&whole["content"], &whole["digest"]), (&naming(), &before["digest"]));
    assert_eq!((&whole["redacted"], &whole["erased"]), (&json!(PLACES), &json!([])));
    let seen = app.audit().await.into_iter().find(|event| event.action == "content_seen").unwrap();
    assert_eq!((seen.subject, seen.detail), (id.to_string(), r#"{"reason":"ricorso"}"#.into()));
    let listed = manager.get(&format!("{}/redactions", address(id))).await;
    assert_eq!(listed.column("pointer").len(), 4);
}

#[tokio::test]
async fn what_nobody_wrote_freely_is_not_redacted() {
    let (app, monitor, manager) = world().await;
    let id = monitor.submitted(&naming()).await;
    let places = [
        "/answers/1/value",
        "/answers/9/value",
        "/answers/0",
        "",
        "/facility",
        "/answers/99/note",
        "/kind",
    ];
    for place in &places[..] {
        let fault =
            if place.is_empty() { "/pointer bad-length" } else { "/pointer not-a-free-text" };
        assert_eq!(redact(&manager, id, place).await.faults(), [fault], "{place}");
    }
    assert_eq!(redact(&monitor, id, PLACES[0]).await.status(), 403);
    assert_eq!(redact(&app.manager("FG").await, id, PLACES[0]).await.status(), 404);
    let first = redact(&manager, id, "/device").await.json();
    let again = redact(&manager, id, "/device").await;
    assert_eq!((again.status(), again.json()), (201, first), "the first one stays");
    assert_eq!(monitor.member(&address(id), "/content/device").await, "[redacted]");
}

#[tokio::test]
async fn corrections_that_repeat_a_text_do_not_show_it_either() {
    let (_app, monitor, manager) = world().await;
    let first = monitor.submitted(&naming()).await;
    let correction = with(saying(naming(), "AL-11", "no"), "/corrects", json!(first));
    let second = monitor.submitted(&correction).await;

    // Asked of the correction, it holds for what was corrected, and for what corrects it later.
    assert_eq!(redact(&manager, second, "/answers/0/note").await.status(), 201);
    let later = with(saying(naming(), "AL-13", 30), "/corrects", json!(second));
    let third = monitor.submitted(&later).await;

    for id in [first, second, third] {
        let shown = manager.get(&address(id)).await.json();
        assert_eq!(shown["content"]["answers"][0]["note"], "[redacted]");
        assert_eq!(shown["redacted"], json!(["/answers/0/note"]));
        assert_eq!(shown["content"]["photos"][0]["caption"], "il letto di Pinca");
    }
    assert_eq!(monitor.submit(third, &later).await.status(), 200);

    // A visit of its own with the same words is another matter.
    let other = monitor.submitted(&naming()).await;
    assert_eq!(monitor.member(&address(other), "/redacted").await, json!([]));
}

#[tokio::test]
async fn an_order_erases_a_text_for_good() {
    let (app, monitor, manager) = world().await;
    let id = Uuid::now_v7();
    let receipt = monitor.submit(id, &naming()).await.json();
    assert_eq!(redact(&manager, id, PLACES[0]).await.status(), 201);
    let admin = app.admin().await;
    let erase = |place: &str| format!("{}/content?pointer={place}&reason=ordine+7", address(id));
    assert_eq!(manager.delete(&erase(PLACES[0])).await.status(), 403);
    assert_eq!(
        admin.delete(&format!("{}/content?pointer=/kind&reason=x", address(id))).await.faults(),
        ["pointer not-a-free-text"]
    );

    // One that was redacted before, and one that was not.
    for place in &PLACES[..2] {
        let answer = admin.delete(&erase(place)).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        assert_eq!(answer.json()["erasure"]["reason"], "ordine 7");
        assert_eq!(admin.delete(&erase(place)).await.json(), answer.json(), "a repeat");
    }

    let sealed = manager.get(&format!("{}/content?reason=ricorso", address(id))).await;
    assert!(!sealed.text().contains(NAME), "{}", sealed.text());
    assert_eq!(sealed.json()["erased"], json!(PLACES[..2]));
    assert_eq!(sealed.json()["content"]["photos"][0]["caption"], "il letto di Pinca");
    let repeat = monitor.submit(id, &naming()).await;
    assert_eq!((repeat.status(), repeat.json()), (200, receipt), "what was sent is still known");
    let correction = with(naming(), "/corrects", json!(id));
    let later = monitor.submitted(&correction).await;
    let sealed = manager.get(&format!("{}/content?reason=ricorso", address(later))).await;
    assert!(!sealed.text().contains(NAME), "a correction does not bring it back");
    assert_eq!(sealed.json()["erased"], json!(PLACES[..2]));
    assert_eq!(monitor.submit(later, &correction).await.status(), 200);
    assert_eq!(app.audited().await.iter().filter(|a| *a == "text_erased").count(), 2);
}
