//! The audit trail: read by admins, chained by whoever holds the lease, and checked. What is
//! done below the triggers, as somebody with the database in hand could, is found.

mod tampered;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;
use uuid::Uuid;
use vigila::app::audit::{Noted, Sound, Trail, Verdict, seal};
use vigila::clock;
use vigila::store::audit::{self, AuditEvent};

use crate::support::{PASSWORD, Service, TestApp, photo, photo_address, showing, visit};

async fn sealed(app: &TestApp) -> usize {
    seal(&app.app.db, Uuid::now_v7(), clock::now).await.unwrap()
}

async fn verified(app: &TestApp, noted: Noted) -> Verdict {
    Trail::of(app.app.db.clone()).verify(&noted, clock::now()).await.unwrap()
}

/// Some events, as if people had done something.
async fn events(app: &TestApp, count: usize) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for number in 0..count {
        let event = AuditEvent {
            id: Uuid::now_v7(),
            at: clock::now(),
            actor: None,
            action: "facility_changed".to_owned(),
            subject: format!("centre-{number}"),
            detail: r#"{"changed":["name"]}"#.to_owned(),
        };
        ids.push(event.id);
        app.app.db.write(move |conn| audit::append(conn, &event)).await.unwrap();
    }
    ids
}

#[tokio::test]
async fn what_is_done_is_listed_newest_first_with_its_place_in_the_chain() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (admin, monitor, manager) =
        (app.admin().await, app.monitor("BT").await, app.manager("BT").await);
    let bytes = photo(0);
    let id = monitor.submitted(&showing(visit("BT-0001"), "AL-02", &[&bytes])).await;
    assert_eq!(monitor.send_photo(id, &bytes).await.status(), 201);
    let seen = format!("{}?rendition=original&reason=ricorso", photo_address(id, &bytes));
    assert_eq!(manager.get(&seen).await.status(), 200);
    assert_eq!(sealed(&app).await, 1);
    let wrong = json!({"username": manager.name, "password": "not the pass phrase"});
    assert_eq!(app.nobody().post("/api/v1/sessions", &wrong).await.status(), 401);
    let nobody = json!({"username": "nobody-1", "password": "not the pass phrase"});
    assert_eq!(app.nobody().post("/api/v1/sessions", &nobody).await.status(), 401);
    let right = json!({"username": manager.name, "password": PASSWORD});
    assert_eq!(app.nobody().post("/api/v1/sessions", &right).await.status(), 201);

    let listed = admin.get("/api/v1/audit").await;
    assert_eq!(
        listed.column("action"),
        ["signed_in", "sign_in_failed", "sign_in_failed", "original_seen"]
    );
    let whose = manager.id.to_string();
    let subject = format!("{id}/{}", crate::support::hash(&bytes));
    assert_eq!(listed.column("subject"), [&whose, "unknown", &whose, &subject]);
    let rows = listed.json()["items"].as_array().unwrap().clone();
    assert_eq!((&rows[0]["actor"], &rows[1]["actor"]), (&json!(whose), &json!(null)));
    assert_eq!(rows[0].get("position"), None, "it waits");
    assert_eq!(
        (&rows[3]["position"], &rows[3]["detail"]),
        (&json!(1), &json!({"reason": "ricorso"}))
    );
    assert_eq!(rows[3]["hash"].as_str().unwrap().len(), 64);
    let told = listed.text();
    assert!(!told.contains("nobody-1") && !told.contains(&manager.name), "ids only: {told}");
}

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = events(&app, 7).await;
    sealed(&app).await;
    let mut seen = Vec::new();
    let mut next = Some("/api/v1/audit?limit=3&action=facility_changed".to_owned());
    while let Some(page) = next {
        let answer = admin.get(&page).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        seen.extend(answer.column("id"));
        next = answer.next();
    }
    let expected: Vec<_> = ids.iter().rev().map(Uuid::to_string).collect();
    assert_eq!(seen, expected);
    let count = async |query: &str| {
        let answer = admin.get(&format!("/api/v1/audit?{query}")).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        answer.column("id").len()
    };
    let days = |n| clock::now().plus_days(n).to_string()[..10].to_owned();
    assert_eq!(count("subject=centre-3").await, 1);
    assert_eq!(count(&format!("actor={}", admin.id)).await, 0);
    assert_eq!(count("action=signed_in").await, 0);
    // The civil day of the office may be another than that of UTC: a day to each side.
    assert_eq!(count(&format!("from={}&to={}", days(-1), days(1))).await, 7);
    assert_eq!(count(&format!("to={}", days(-2))).await, 0);
    assert_eq!(count(&format!("from={}", days(2))).await, 0);
    let refused = admin.get("/api/v1/audit?action=x&actor=y&from=z&cursor=q&what=1").await;
    let mut faults = refused.faults();
    faults.sort();
    let expected = [
        "action not-an-option",
        "actor not-a-uuid",
        "cursor bad-cursor",
        "from not-a-day",
        "what unknown-parameter",
    ];
    assert_eq!(faults, expected);
}

#[tokio::test]
async fn many_sealers_and_writers_at_once_make_one_chain() {
    let app = TestApp::start().await;
    let writers = (0..6).map(|_| {
        let db = app.app.db.clone();
        tokio::spawn(async move {
            for number in 0..40 {
                let event = AuditEvent {
                    id: Uuid::now_v7(),
                    at: clock::now(),
                    actor: None,
                    action: "facility_changed".to_owned(),
                    subject: number.to_string(),
                    detail: "{}".to_owned(),
                };
                db.write(move |conn| audit::append(conn, &event)).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    // Each believes that the others' leases ran out long ago.
    let steps = Arc::new(AtomicI64::new(0));
    let sealers = (0..4).map(|_| {
        let (db, steps) = (app.app.db.clone(), Arc::clone(&steps));
        tokio::spawn(async move {
            let holder = Uuid::now_v7();
            let mut sealed = 0;
            for _ in 0..60 {
                let clock =
                    || clock::now().plus_seconds(100 * steps.fetch_add(1, Ordering::Relaxed));
                sealed += seal(&db, holder, clock).await.unwrap();
                tokio::task::yield_now().await;
            }
            sealed
        })
    });
    let sealers: Vec<_> = sealers.collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut count = 0;
    for sealer in sealers {
        count += sealer.await.unwrap();
    }
    let late = |steps: i64| clock::now().plus_seconds(100 * (steps + 1));
    count +=
        seal(&app.app.db, Uuid::now_v7(), || late(steps.load(Ordering::Relaxed))).await.unwrap();
    assert_eq!(count, 240);
    let sound = verified(&app, Noted::default()).await.unwrap();
    assert_eq!((sound.count, sound.waiting), (240, 0));
}

#[tokio::test]
async fn a_sealer_leaves_alone_what_another_holds() {
    let app = TestApp::start().await;
    events(&app, 3).await;
    let other = Uuid::now_v7();
    let now = clock::now();
    let held = app.app.db.write(move |conn| {
        vigila::store::leases::take(conn, "audit-seal", other, now, now.plus_seconds(60))
    });
    assert!(held.await.unwrap());
    assert_eq!(sealed(&app).await, 0);
    let later = || clock::now().plus_seconds(61);
    assert_eq!(seal(&app.app.db, Uuid::now_v7(), later).await.unwrap(), 3, "it ran out");
}

#[tokio::test]
async fn a_running_service_chains_within_seconds_and_the_command_says_so() {
    let service = Service::new(&[]).await;
    let verify = |more: &[&str]| service.run(&[&["audit", "verify"], more].concat());
    let (_running, _, manager) = service.start_with_people().await;
    let begun = std::time::Instant::now();
    let head = loop {
        let (code, out, err) = verify(&[]);
        assert_eq!(code, 0, "{err}");
        if out.starts_with("sound: 5 events are chained\nhead 5 ") {
            break out.trim().rsplit(' ').next().unwrap().to_owned();
        }
        assert!(begun.elapsed().as_secs() < 20, "{out}");
    };
    // Grown meanwhile: what was noted is still in it.
    let again = manager.patch("/api/v1/facilities/BT-0001", "*", &json!({"active": false})).await;
    assert!([200, 412].contains(&again.status()), "{}", again.text());
    assert_eq!(verify(&["--head", &head]).0, 0);
    assert_eq!(verify(&["--head", &head, "--position", "5"]).0, 0);
    let (code, out, err) = verify(&["--head", &head, "--position", "4"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("at position 4, event ") && err.contains("noted"), "{err}");
    let (code, _, err) = verify(&["--head", &"ab".repeat(32)]);
    assert!(code == 1 && err.contains("cut off"), "{err}");
    assert_eq!(verify(&["--head", "nonsense"]).0, 2);
}

#[tokio::test]
async fn a_trail_without_events_is_sound() {
    let app = TestApp::start().await;
    let Sound { count, head, waiting } = verified(&app, Noted::default()).await.unwrap();
    assert_eq!((count, waiting, BTreeSet::from_iter(head.chars())), (0, 0, ['0'].into()));
}
