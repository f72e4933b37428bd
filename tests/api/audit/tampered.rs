//! What somebody with the database in hand could do, below the triggers.

use diesel::connection::SimpleConnection;
use uuid::Uuid;
use vigila::app::audit::{Misfit, Noted, Trail, What};
use vigila::clock;

use super::{events, sealed, verified};
use crate::support::TestApp;

/// Does this to the database without its triggers.
async fn tamper(app: &TestApp, statements: String) {
    let lift = if app.app.db.is_sqlite() {
        [
            "audit_events_never_change",
            "audit_events_never_go",
            "audit_events_never_replaced",
            "audit_events_wait",
            "audit_chain_never_changes",
            "audit_chain_never_goes",
            "audit_chain_never_replaced",
        ]
        .map(|trigger| format!("DROP TRIGGER IF EXISTS {trigger};"))
        .concat()
    } else {
        "ALTER TABLE audit_events DISABLE TRIGGER ALL; ALTER TABLE audit_chain DISABLE TRIGGER ALL;"
            .to_owned()
    };
    let all = format!("{lift}{statements}");
    app.app.db.write(move |conn| conn.batch_execute(&all)).await.unwrap();
}

/// An id as the database writes it.
fn id(app: &TestApp, id: Uuid) -> String {
    if app.app.db.is_sqlite() { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
}

/// Twenty events, all chained; the ids.
async fn world() -> (TestApp, Vec<Uuid>) {
    let app = TestApp::start().await;
    let ids = events(&app, 20).await;
    assert_eq!(sealed(&app).await, 20);
    assert_eq!(verified(&app, Noted::default()).await.unwrap().count, 20);
    (app, ids)
}

async fn misfit(app: &TestApp, noted: Noted) -> Misfit {
    verified(app, noted).await.unwrap_err()
}

fn at(position: i64, ids: &[Uuid], what: What) -> Misfit {
    let event = usize::try_from(position - 1).unwrap();
    Misfit { position: Some(position), event: Some(ids[event]), what }
}

#[tokio::test]
async fn the_triggers_refuse() {
    let (app, _) = world().await;
    let mut tries = vec![
        "UPDATE audit_events SET action = 'x'",
        "DELETE FROM audit_events",
        "UPDATE audit_chain SET hash = 'x'",
        "DELETE FROM audit_chain WHERE position = 20",
    ];
    if app.app.db.is_sqlite() {
        tries.push("INSERT OR REPLACE INTO audit_chain SELECT position, event_id, previous, 'x' FROM audit_chain WHERE position = 20");
        tries.push("INSERT OR REPLACE INTO audit_events SELECT id, at, actor_id, 'x', subject, detail FROM audit_events");
    } else {
        tries.push("TRUNCATE audit_chain");
        tries.push("TRUNCATE audit_events");
    }
    for statement in tries {
        let refused = app.app.db.write(move |conn| conn.batch_execute(statement)).await;
        let told = format!("{:?}", refused.as_ref().err());
        assert!(told.contains("only grows"), "{statement}: {told}");
    }
    verified(&app, Noted::default()).await.unwrap();
}

#[tokio::test]
async fn every_column_of_an_event_counts() {
    let (app, ids) = world().await;
    for change in [
        "at = (SELECT max(at) FROM audit_events)",
        "actor_id = id",
        "action = 'signed_in'",
        "subject = 'centre-8'",
        "detail = '{\"changed\": [\"name\"]}'",
    ] {
        let seventh = id(&app, ids[6]);
        let kept = format!("CREATE TABLE kept AS SELECT * FROM audit_events WHERE id = {seventh};");
        tamper(&app, format!("{kept}UPDATE audit_events SET {change} WHERE id = {seventh}")).await;
        assert_eq!(
            misfit(&app, Noted::default()).await,
            at(7, &ids, What::EventChanged),
            "{change}"
        );
        let back = format!(
            "DELETE FROM audit_events WHERE id = {seventh};
            INSERT INTO audit_events SELECT * FROM kept; DROP TABLE kept"
        );
        tamper(&app, back).await;
        verified(&app, Noted::default()).await.unwrap();
    }
}

#[tokio::test]
async fn rows_that_are_gone_or_swapped_are_named() {
    let (app, ids) = world().await;
    let fifth = id(&app, ids[4]);
    tamper(&app, format!("DELETE FROM audit_events WHERE id = {fifth}")).await;
    assert_eq!(misfit(&app, Noted::default()).await, at(5, &ids, What::EventGone));

    let (app, ids) = world().await;
    tamper(&app, "DELETE FROM audit_chain WHERE position = 5".to_owned()).await;
    let gone = Misfit { position: Some(5), event: None, what: What::LinkGone };
    assert_eq!(misfit(&app, Noted::default()).await, gone);
    tamper(&app, "UPDATE audit_chain SET position = position - 1 WHERE position = 6".to_owned())
        .await;
    let moved = Misfit { event: Some(ids[5]), what: What::LinkChanged, ..gone };
    assert_eq!(misfit(&app, Noted::default()).await, moved);

    let (app, ids) = world().await;
    let swap = |a: usize, b: usize, temporary: &str| {
        format!(
            "UPDATE audit_chain SET event_id = {temporary} WHERE position = {a};
         UPDATE audit_chain SET event_id = {} WHERE position = {b};
         UPDATE audit_chain SET event_id = {} WHERE position = {a};",
            id(&app, ids[a - 1]),
            id(&app, ids[b - 1])
        )
    };
    tamper(&app, swap(8, 9, &id(&app, Uuid::nil()))).await;
    let swapped = Misfit { event: Some(ids[8]), ..at(8, &ids, What::EventChanged) };
    assert_eq!(misfit(&app, Noted::default()).await, swapped);
}

#[tokio::test]
async fn a_changed_link_is_told_from_a_changed_event() {
    for (column, what, position) in
        [("hash", What::LinkChanged, 3), ("previous", What::LinkChanged, 3)]
    {
        let (app, ids) = world().await;
        let other = "ab".repeat(32);
        tamper(&app, format!("UPDATE audit_chain SET {column} = '{other}' WHERE position = 3"))
            .await;
        assert_eq!(misfit(&app, Noted::default()).await, at(position, &ids, what), "{column}");
    }
}

#[tokio::test]
async fn a_tail_that_was_cut_off_is_missed_by_whoever_noted_the_head() {
    let (app, ids) = world().await;
    let head = Some(verified(&app, Noted::default()).await.unwrap().head);
    let last = id(&app, ids[19]);
    tamper(
        &app,
        format!(
            "DELETE FROM audit_chain WHERE position = 20;
        DELETE FROM audit_events WHERE id = {last}"
        ),
    )
    .await;
    let shorter = verified(&app, Noted::default()).await.unwrap();
    assert_eq!(shorter.count, 19, "nothing in the database tells");
    let cut = |position| Misfit { position, event: None, what: What::EndGone };
    assert_eq!(misfit(&app, Noted { head: head.clone(), position: None }).await, cut(None));
    assert_eq!(misfit(&app, Noted { head, position: Some(20) }).await, cut(Some(20)));
    let position = Noted { head: None, position: Some(20) };
    assert_eq!(misfit(&app, position).await, cut(Some(20)));
    let noted = Noted { head: Some(shorter.head), position: Some(19) };
    verified(&app, noted).await.unwrap();
}

#[tokio::test]
async fn what_never_gets_into_the_chain_is_found() {
    let (app, ids) = world().await;
    let last = id(&app, ids[19]);
    // The link is gone with the tail of the chain; the event stays.
    tamper(&app, "DELETE FROM audit_chain WHERE position = 20".to_owned()).await;
    let loose = Misfit { position: None, event: Some(ids[19]), what: What::Unchained };
    assert_eq!(misfit(&app, Noted::default()).await, loose);
    tamper(
        &app,
        format!(
            "DELETE FROM audit_events WHERE id = {last};
        INSERT INTO audit_pending (event_id) VALUES ({last})"
        ),
    )
    .await;
    let gone = Misfit { what: What::WaitingGone, ..loose };
    assert_eq!(misfit(&app, Noted::default()).await, gone);
}

#[tokio::test]
async fn what_waits_for_an_hour_is_told() {
    let app = TestApp::start().await;
    let ids = events(&app, 1).await;
    let trail = Trail::of(app.app.db.clone());
    let sound = trail.verify(&Noted::default(), clock::now()).await.unwrap().unwrap();
    assert_eq!((sound.count, sound.waiting), (0, 1));
    let later = clock::now().plus_seconds(3700);
    let told = trail.verify(&Noted::default(), later).await.unwrap().unwrap_err();
    assert!(matches!(told.what, What::WaitsLong(_)) && told.event == Some(ids[0]), "{told}");
}
