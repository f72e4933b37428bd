//! Signing in and out.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, PASSWORD, TestApp, TestPerson};

async fn sign_in(from: &TestPerson, username: &str, password: &str) -> Answer {
    from.post("/api/v1/sessions", &json!({"username": username, "password": password})).await
}

#[tokio::test]
async fn a_name_and_its_password_are_given_a_token() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT BA").await;

    let answer = sign_in(&app.nobody(), &monitor.name, PASSWORD).await;

    assert_eq!(answer.status(), 201);
    insta::assert_json_snapshot!(answer.told(), @r#"
    {
      "expires_at": "[expires_at]",
      "person": {
        "id": "[id]",
        "role": "monitor",
        "territories": [
          "BA",
          "BT"
        ],
        "username": "monitor-1"
      },
      "token": "[token]"
    }
    "#);
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    let me = app.bearer(&token).get("/api/v1/me").await;
    assert_eq!((me.status(), me.json()), (200, answer.json()["person"].clone()));
    let kept = app.app.db.read({
        let hash = vigila_core::documents::json::digest(&token);
        move |conn| vigila::store::sessions::find(conn, &hash)
    });
    assert!(kept.await.unwrap().is_some(), "the token is kept as its hash");
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_read_alike() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;

    let wrong_password = sign_in(&app.nobody(), &monitor.name, "not the pass phrase").await;
    let wrong_name = sign_in(&app.nobody(), "nobody-of-that-name", PASSWORD).await;
    let no_name = sign_in(&app.nobody(), "NOT A NAME", PASSWORD).await;

    assert_eq!(wrong_password.status(), 401);
    insta::assert_json_snapshot!(wrong_password.told(), @r#"
    {
      "detail": "The name or the password is not right.",
      "instance": "[instance]",
      "status": 401,
      "title": "Wrong name or password",
      "type": "https://vigila.example.org/problems/wrong-credentials"
    }
    "#);
    assert_eq!(wrong_password.told(), wrong_name.told());
    assert_eq!(wrong_password.told(), no_name.told());
}

#[tokio::test]
async fn a_refusal_speaks_italian_to_who_asks_for_it() {
    let app = TestApp::start().await;
    let ask = app.nobody().ask(Method::POST, "/api/v1/sessions").header("accept-language", "it");
    let answer = ask.json(&json!({"username": "monitor-1", "password": "x"})).send().await;
    assert_eq!((answer.status(), answer.header("content-language")), (401, "it"));
    assert_eq!(answer.json()["detail"], "Il nome o la password non sono giusti.");
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_told_with_its_place() {
    let app = TestApp::start().await;
    let nobody = app.nobody();
    let path = "/api/v1/sessions";

    let empty = nobody.post(path, &json!({"username": "", "password": ""})).await;
    assert_eq!(empty.faults(), ["/password bad-length", "/username bad-length"]);
    let missing = nobody.post(path, &json!({"username": "monitor-1"})).await;
    assert_eq!(missing.faults(), ["/password required"]);
    let unknown = json!({"username": "monitor-1", "password": "x", "colour": "red"});
    assert_eq!(nobody.post(path, &unknown).await.faults(), ["/colour unknown-field"]);
    let post = |kind, text: &str| nobody.ask(Method::POST, path).body(kind, text).send();
    let twice = post("application/json", r#"{"username":"a","username":"b"}"#).await;
    assert_eq!((twice.status(), twice.problem().as_str()), (400, "malformed-json"));
    let form = post("application/x-www-form-urlencoded", "username=a&password=b").await;
    assert_eq!((form.status(), form.problem().as_str()), (415, "unsupported-media-type"));
    let large = post("application/json", &" ".repeat(100_000)).await;
    assert_eq!((large.status(), large.problem().as_str()), (413, "body-too-large"));
}

#[tokio::test]
async fn ten_failures_in_a_row_slow_the_account_and_the_address_down() {
    let app = TestApp::start().await;
    let (monitor, other) = (app.monitor("BT").await, app.monitor("BT").await);

    for _ in 0..9 {
        assert_eq!(sign_in(&app.nobody(), &monitor.name, "wrong").await.status(), 401);
    }
    let before = sign_in(&app.nobody(), &monitor.name, PASSWORD).await;
    assert_eq!(before.status(), 201, "nine failures are forgiven");
    for _ in 0..10 {
        assert_eq!(sign_in(&app.nobody(), &monitor.name, "wrong").await.status(), 401);
    }

    let slowed = sign_in(&app.nobody(), &monitor.name, PASSWORD).await;
    assert_eq!((slowed.status(), slowed.problem().as_str()), (429, "too-many-requests"));
    let wait: u64 = slowed.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let from_the_same_address = sign_in(&app.nobody(), &other.name, PASSWORD).await;
    assert_eq!(from_the_same_address.status(), 429);
    assert_eq!(monitor.get("/api/v1/me").await.status(), 200, "who is in stays in");
    tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    assert_eq!(sign_in(&app.nobody(), &monitor.name, PASSWORD).await.status(), 201);
}

#[tokio::test]
async fn a_session_ends_thirty_days_after_its_last_use() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    assert_eq!(monitor.get("/api/v1/me").await.status(), 200);

    app.expire(&monitor).await;

    let answer = monitor.get("/api/v1/me").await;
    assert_eq!((answer.status(), answer.problem().as_str()), (401, "not-signed-in"));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn a_session_survives_a_restart() {
    let mut app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    app.restart().await;
    assert_eq!(monitor.get("/api/v1/me").await.json()["username"], monitor.name.as_str());
}

#[tokio::test]
async fn who_signs_out_is_out_and_others_stay() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    let second = sign_in(&app.nobody(), &monitor.name, PASSWORD).await;
    let second = app.bearer(second.json()["token"].as_str().unwrap());

    let answer = monitor.delete("/api/v1/sessions/current").await;

    assert_eq!((answer.status(), answer.bytes()), (204, &b""[..]));
    assert_eq!(monitor.get("/api/v1/me").await.status(), 401);
    assert_eq!(monitor.delete("/api/v1/sessions/current").await.status(), 401);
    assert_eq!(second.get("/api/v1/me").await.status(), 200, "the other phone stays in");
    assert_eq!(app.audited().await, ["signed_in", "signed_out"]);
}

#[tokio::test]
async fn a_disabled_person_is_out_from_the_next_request() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    assert_eq!(monitor.get("/api/v1/me").await.status(), 200);

    app.disable(&monitor).await;

    assert_eq!(monitor.get("/api/v1/me").await.status(), 401);
    let again = sign_in(&app.nobody(), &monitor.name, PASSWORD).await;
    assert_eq!((again.status(), again.problem().as_str()), (401, "wrong-credentials"));
}

#[tokio::test]
async fn the_cookie_of_the_pages_opens_no_api() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    let cookie = format!("vigila_session={}", monitor.token.as_deref().unwrap());
    let answer = app.nobody().ask(Method::GET, "/api/v1/me").header("cookie", &cookie).send().await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn only_a_bearer_token_counts() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    let token = monitor.token.as_deref().unwrap();
    let table = [
        (format!("Bearer {token}"), 200),
        (format!("bearer {token}"), 200),
        (format!("Bearer {token}x"), 401),
        (format!("Basic {token}"), 401),
        (token.to_owned(), 401),
        ("Bearer".to_owned(), 401),
        (String::new(), 401),
    ];
    for (header, status) in table {
        let ask = app.nobody().ask(Method::GET, "/api/v1/me").header("authorization", &header);
        assert_eq!(ask.send().await.status(), status, "{header}");
    }
}

#[tokio::test]
async fn every_answer_carries_its_date_and_request_id() {
    let app = TestApp::start().await;
    for path in ["/api/v1/status", "/api/v1/me", "/api/v1/nothing-here"] {
        let answer = app.nobody().get(path).await;
        assert!(answer.header("date").ends_with("GMT"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        if answer.status() >= 400 {
            assert_eq!(answer.json()["instance"], answer.header("x-request-id"));
        }
    }
}
