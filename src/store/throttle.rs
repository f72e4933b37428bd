//! Failed sign-ins in a row, by account and by address. What a subject is called, and how
//! long it is held up, others decide.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Text};
use vigila_core::domain::Instant;

use super::Conn;
use super::schema::sign_in_failures;
use super::types::{Time, sql};

/// How often a subject failed in a row, and when for the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How often in a row; at least 1.
    pub count: i32,
    /// When for the last time.
    pub last_at: Instant,
}

#[derive(Queryable, QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    failures: i32,
    #[diesel(sql_type = sql::Instant)]
    last_at: Time,
}

impl From<Row> for Failures {
    fn from(row: Row) -> Self {
        Self { count: row.failures, last_at: row.last_at.into() }
    }
}

/// One statement for both: the builder has `on_conflict` on each database only, and no
/// `CASE` that both infer.
const RECORD: &str = "
    INSERT INTO sign_in_failures (subject, failures, last_at) VALUES ($1, 1, $2)
    ON CONFLICT (subject) DO UPDATE SET
        failures = CASE WHEN sign_in_failures.last_at < $3 THEN 1
            ELSE sign_in_failures.failures + 1 END,
        last_at = excluded.last_at
    RETURNING failures, last_at";

/// Counts one more failure of `subject` at `now`, beginning anew when its last one was
/// before `forget_before`.
///
/// # Errors
/// Those of the database.
pub fn record_failure(
    conn: &mut Conn,
    subject: &str,
    now: Instant,
    forget_before: Instant,
) -> QueryResult<Failures> {
    let row: Row = sql_query(RECORD)
        .bind::<Text, _>(subject)
        .bind::<sql::Instant, _>(Time::from(now))
        .bind::<sql::Instant, _>(Time::from(forget_before))
        .get_result(conn)?;
    Ok(row.into())
}

/// The failures of `subject`, if there were any since its last success.
///
/// # Errors
/// Those of the database.
pub fn look_up(conn: &mut Conn, subject: &str) -> QueryResult<Option<Failures>> {
    let row = sign_in_failures::table
        .find(subject)
        .select((sign_in_failures::failures, sign_in_failures::last_at))
        .first::<Row>(conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Takes back `count` failures of `subject`; where none is left it is forgotten.
///
/// # Errors
/// Those of the database.
pub fn take_back(conn: &mut Conn, subject: &str, count: i32) -> QueryResult<()> {
    let none = sign_in_failures::table.find(subject).filter(sign_in_failures::failures.le(count));
    diesel::delete(none).execute(conn)?;
    let left = sign_in_failures::failures - count;
    let found = sign_in_failures::table.find(subject);
    diesel::update(found).set(sign_in_failures::failures.eq(left)).execute(conn)?;
    Ok(())
}

/// Forgets the failures of `subject`: it succeeded.
///
/// # Errors
/// Those of the database.
pub fn reset(conn: &mut Conn, subject: &str) -> QueryResult<()> {
    diesel::delete(sign_in_failures::table.find(subject)).execute(conn)?;
    Ok(())
}

/// Forgets whoever failed last before `then`; tells how many.
///
/// # Errors
/// Those of the database.
pub fn purge(conn: &mut Conn, then: Instant) -> QueryResult<usize> {
    let old = sign_in_failures::table.filter(sign_in_failures::last_at.lt(Time::from(then)));
    diesel::delete(old).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{at, on_each};

    #[tokio::test]
    async fn failures_count_up_until_success_or_long_silence() {
        on_each(async |db| {
            db.write(|c| {
                assert_eq!(look_up(c, "a")?, None);
                for count in 1..=3 {
                    let second = i64::from(count);
                    let failures = record_failure(c, "a", at(second), at(second - 60))?;
                    assert_eq!(failures, Failures { count, last_at: at(second) });
                }
                assert_eq!(record_failure(c, "b", at(4), at(-60))?.count, 1);
                assert_eq!(look_up(c, "a")?, Some(Failures { count: 3, last_at: at(3) }));
                assert_eq!(record_failure(c, "a", at(100), at(40))?.count, 1, "silent since 3");
                reset(c, "a")?;
                assert_eq!(look_up(c, "a")?, None);
                take_back(c, "b", 5)?;
                assert_eq!(look_up(c, "b")?, None);
                record_failure(c, "b", at(4), at(-60))?;
                assert_eq!(record_failure(c, "b", at(4), at(-60))?.count, 2);
                take_back(c, "b", 1)?;
                assert_eq!(look_up(c, "b")?, Some(Failures { count: 1, last_at: at(4) }));
                assert_eq!((purge(c, at(4))?, purge(c, at(5))?), (0, 1));
                Ok(())
            })
            .await
            .unwrap();
        })
        .await;
    }
}
