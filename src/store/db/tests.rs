use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, mpsc};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;

use super::*;
use crate::store::schema::sign_in_failures::dsl as t;
use crate::store::testing::{Place, on_each};
use crate::store::types::Time;

fn insert(conn: &mut Conn, subject: &str) -> QueryResult<usize> {
    let at = Time::new(chrono::DateTime::UNIX_EPOCH);
    diesel::insert_into(t::sign_in_failures)
        .values((t::subject.eq(subject), t::failures.eq(0), t::last_at.eq(at)))
        .execute(conn)
}

fn subjects(conn: &mut Conn) -> QueryResult<Vec<String>> {
    t::sign_in_failures.select(t::subject).order(t::subject).load(conn)
}

/// Holds the writer with the row `first` until told to go on, so that what is asked for in
/// between shares the next batch.
async fn hold(db: &Db) -> (tokio::task::JoinHandle<Result<usize, Error>>, mpsc::Sender<()>) {
    let (began, begun) = tokio::sync::oneshot::channel();
    let (go_on, wait) = mpsc::channel::<()>();
    let (mut began, db) = (Some(began), db.clone());
    let first = tokio::spawn(async move {
        db.write(move |c| {
            if let Some(began) = began.take() {
                began.send(()).unwrap();
            }
            wait.recv().unwrap();
            insert(c, "first")
        })
        .await
    });
    begun.await.unwrap();
    (first, go_on)
}

/// Read, then write: what loses updates where transactions are not what they seem.
fn add_one(conn: &mut Conn) -> QueryResult<i32> {
    let before: i32 = t::sign_in_failures.find("a").select(t::failures).first(conn)?;
    std::thread::sleep(Duration::from_micros(200));
    diesel::update(t::sign_in_failures.find("a")).set(t::failures.eq(before + 1)).execute(conn)?;
    Ok(before + 1)
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_among_eight_at_once() {
    on_each(async |db| {
        db.write(|c| insert(c, "a")).await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut done = 0;
                    for _ in 0..25 {
                        match db.write(add_one).await {
                            Ok(_) => done += 1,
                            Err(Error::Busy) => {}
                            Err(other) => panic!("{other:?}"),
                        }
                    }
                    done
                })
            })
            .collect();
        let mut acknowledged = 0;
        for task in tasks {
            acknowledged += task.await.unwrap();
        }
        let counted: i32 =
            db.read(|c| t::sign_in_failures.select(t::failures).first(c)).await.unwrap();
        assert_eq!(acknowledged, counted);
        assert!(acknowledged > 25, "{acknowledged} of 200");
        assert!(!db.is_sqlite() || acknowledged == 200);
    })
    .await;
}

#[tokio::test]
async fn an_error_and_a_panic_leave_their_neighbours_alone() {
    on_each(async |db| {
        let (first, go_on) = hold(&db).await;
        let good = db.write(|c| insert(c, "good"));
        let bad = db.write(|c| {
            insert(c, "bad")?;
            insert(c, "bad")
        });
        let ugly = db.write(|c| {
            insert(c, "ugly")?;
            if subjects(c)?.contains(&"ugly".to_owned()) {
                panic!("on purpose");
            }
            Ok(0)
        });
        let last = db.write(|c| insert(c, "last"));
        let all_wait = async { go_on.send(()).unwrap() };
        let (good, bad, ugly, last, ()) = tokio::join!(good, bad, ugly, last, all_wait);
        assert!(matches!(bad, Err(Error::Query(_))), "{bad:?}");
        assert!(matches!(ugly, Err(Error::Panicked)), "{ugly:?}");
        assert_eq!((good.unwrap(), last.unwrap(), first.await.unwrap().unwrap()), (1, 1, 1));
        assert_eq!(db.read(subjects).await.unwrap(), ["first", "good", "last"]);
        assert!(db.is_healthy().await);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_could_not_be_serialized_runs_again() {
    let Some(place) = Place::postgres() else { return };
    let db = place.open();
    db.write(|c| insert(c, "a")).await.unwrap();
    let (runs, both_have_read) = (Arc::new(AtomicU32::new(0)), Arc::new(Barrier::new(2)));
    let work = || {
        let (runs, both_have_read) = (Arc::clone(&runs), Arc::clone(&both_have_read));
        move |conn: &mut Conn| {
            let before: i32 = t::sign_in_failures.find("a").select(t::failures).first(conn)?;
            if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                both_have_read.wait();
            }
            let row = diesel::update(t::sign_in_failures.find("a"));
            row.set(t::failures.eq(before + 1)).execute(conn)
        }
    };
    let (one, other) = tokio::join!(db.write(work()), db.write(work()));
    assert_eq!((one.unwrap(), other.unwrap()), (1, 1));
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    let counted: i32 = db.read(|c| t::sign_in_failures.select(t::failures).first(c)).await.unwrap();
    assert_eq!(counted, 2);
}

#[tokio::test]
async fn work_that_swallows_an_error_is_found_out() {
    let Some(place) = Place::postgres() else { return };
    let db = place.open();
    let swallowed = db.write(|c| {
        insert(c, "a")?;
        Ok(insert(c, "a").is_ok())
    });
    assert!(matches!(swallowed.await, Err(Error::Query(_))));
}

#[tokio::test]
async fn a_full_disk_fails_the_batch_and_the_next_one_succeeds() {
    let place = Place::sqlite();
    let db = place.open();
    let (first, go_on) = hold(&db).await;
    let good = db.write(|c| insert(c, "good"));
    let full = db.write(|c| {
        c.batch_execute("PRAGMA max_page_count = 1")?;
        insert(c, &"x".repeat(1_000_000))
    });
    let all_wait = async { go_on.send(()).unwrap() };
    let (good, full, ()) = tokio::join!(good, full, all_wait);
    assert_eq!(first.await.unwrap().unwrap(), 1);
    for failed in [good, full] {
        let Err(Error::Unavailable(cause)) = failed else { panic!("{failed:?}") };
        assert!(cause.contains("full"), "{cause}");
    }
    assert_eq!(db.write(|c| insert(c, "later")).await.unwrap(), 1);
    assert_eq!(db.read(subjects).await.unwrap(), ["first", "later"]);
}

#[tokio::test]
async fn a_write_waits_for_another_process() {
    let place = Place::sqlite();
    let db = place.open();
    let mut other = diesel::SqliteConnection::establish(place.file().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let ends = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        other.batch_execute("COMMIT").unwrap();
    });
    assert_eq!(db.write(|c| insert(c, "a")).await.unwrap(), 1);
    ends.join().unwrap();
}

#[tokio::test]
async fn too_many_at_once_are_told_so() {
    for place in Place::all() {
        place.open();
        let wait = Duration::from_millis(500);
        let options = Options { wait, connections: 1, queue: 1, batch: 1, told: None };
        let db = Db::open(&place.url(), options).unwrap();

        let (writer, go_on) = hold(&db).await;
        let waits = tokio::spawn({
            let db = db.clone();
            async move { db.write(|c| insert(c, "waits")).await }
        });
        tokio::task::yield_now().await;
        let crowded = db.write(|c| insert(c, "crowded")).await;
        assert!(matches!(crowded, Err(Error::Busy)), "{crowded:?}");
        // On SQLite it has a place in the queue; on PostgreSQL it waits for a connection, and
        // not for ever. Its end is awaited before the connection is free: both at once would
        // be a race.
        if db.is_sqlite() {
            go_on.send(()).unwrap();
            assert!(waits.await.unwrap().is_ok());
        } else {
            let waited = waits.await.unwrap();
            assert!(matches!(waited, Err(Error::Busy)), "{waited:?}");
            go_on.send(()).unwrap();
        }
        assert_eq!(writer.await.unwrap().unwrap(), 1);

        let (go_on, wait) = mpsc::channel::<()>();
        let reader = db.read(move |_| {
            wait.recv().unwrap();
            Ok(())
        });
        let crowded = async {
            let crowded = db.read(subjects).await;
            go_on.send(()).unwrap();
            crowded
        };
        let (reader, crowded) = tokio::join!(reader, crowded);
        assert!(matches!(crowded, Err(Error::Busy)), "{crowded:?}");
        assert!(reader.is_ok());
    }
}

#[tokio::test]
async fn a_read_cannot_write() {
    on_each(async |db| {
        let refused = db.read(|c| insert(c, "a")).await;
        assert!(matches!(refused, Err(Error::Query(_))), "{refused:?}");
        assert_eq!(db.read(subjects).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_write_is_durable_by_the_settings_of_its_connection() {
    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        synchronous: i32,
    }
    let db = Place::sqlite();
    let db = (db.open(), db);
    let found = db.0.write(|c| sql_query("PRAGMA synchronous").get_result::<Setting>(c));
    assert_eq!(found.await.unwrap().synchronous, 2, "FULL");
}

#[tokio::test]
async fn a_shutdown_finishes_what_waits_and_refuses_the_rest() {
    for place in Place::all() {
        let db = place.open();
        let slow = |c: &mut Conn| {
            std::thread::sleep(Duration::from_millis(100));
            insert(c, "a")
        };
        let (waiting, ()) = tokio::join!(db.write(slow), db.shutdown());
        assert_eq!(waiting.unwrap(), 1);
        assert!(matches!(db.write(|c| insert(c, "b")).await, Err(Error::Unavailable(_))));
        assert!(matches!(db.read(subjects).await, Err(Error::Unavailable(_))));
        if let Place::Sqlite(folder) = &place {
            let log = std::fs::metadata(folder.path().join("vigila.db-wal"));
            assert_eq!(log.map_or(0, |log| log.len()), 0);
        }
    }
}

#[tokio::test]
async fn audit_events_only_grow() {
    on_each(async |db| {
        let at = Time::new(chrono::DateTime::UNIX_EPOCH);
        db.write(move |c| {
            use crate::store::schema::audit_events::dsl as a;
            let id = crate::store::types::Id(uuid::Uuid::nil());
            diesel::insert_into(a::audit_events)
                .values((
                    a::id.eq(id),
                    a::at.eq(at),
                    a::action.eq("x"),
                    a::subject.eq(""),
                    a::detail.eq("{}"),
                ))
                .execute(c)
        })
        .await
        .unwrap();
        for tampering in ["UPDATE audit_events SET action = 'y'", "DELETE FROM audit_events"] {
            let refused = db.write(|c| c.batch_execute(tampering)).await;
            let Err(Error::Query(cause)) = refused else { panic!("{tampering}: {refused:?}") };
            assert!(cause.to_string().contains("audit_events only grows"), "{cause}");
        }
    })
    .await;
}
