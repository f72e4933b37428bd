//! Three column types that diesel has on one database only, given to both: ids, instants
//! and days. PostgreSQL keeps them in its native columns; SQLite keeps 16 bytes, and text
//! of a fixed width in one time zone, so that the order of the text is the order of time
//! for whoever reads the file, with whatever tool. Knows no table.

use std::io::Write;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sqlite::{Sqlite, SqliteValue};
use uuid::Uuid;
use vigila_core::domain::Instant;

use super::connection::MultiBackend;

/// The column types, as `schema.rs` names them.
pub(super) mod sql {
    /// `uuid`, or 16 bytes.
    #[derive(
        Debug, Clone, Copy, Default, diesel::sql_types::SqlType, diesel::query_builder::QueryId,
    )]
    #[diesel(postgres_type(name = "uuid"), sqlite_type(name = "Binary"))]
    pub struct Guid;

    /// `timestamptz`, or the text `YYYY-MM-DD HH:MM:SS.ffffff` in UTC.
    #[derive(
        Debug, Clone, Copy, Default, diesel::sql_types::SqlType, diesel::query_builder::QueryId,
    )]
    #[diesel(postgres_type(name = "timestamptz"), sqlite_type(name = "Text"))]
    pub struct Instant;

    /// `date`, or the text `YYYY-MM-DD`.
    #[derive(
        Debug, Clone, Copy, Default, diesel::sql_types::SqlType, diesel::query_builder::QueryId,
    )]
    #[diesel(postgres_type(name = "date"), sqlite_type(name = "Text"))]
    pub struct Day;
}

/// An id in a row. A newtype, because `AsExpression` of a type of another crate would
/// collide with diesel's blanket implementation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Guid)]
pub(super) struct Id(pub Uuid);

/// An instant in a row, in whole microseconds: what PostgreSQL keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Instant)]
pub(super) struct Time(DateTime<Utc>);

/// A civil day in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Day)]
pub(super) struct Date(pub NaiveDate);

impl Time {
    /// This instant without what is finer than a microsecond.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }
}

impl From<Instant> for Time {
    fn from(at: Instant) -> Self {
        Self::new(at.utc())
    }
}

impl From<Time> for Instant {
    fn from(at: Time) -> Self {
        Self::new(at.0)
    }
}

/// What a type needs to be bound and read through the connection that is either database:
/// it has the metadata of both, and hands the value to the one that is there.
macro_rules! on_both {
    ($rust:ty, $sql:ty) => {
        impl diesel::sql_types::HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }

        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }

        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(
                bytes: <MultiBackend as Backend>::RawValue<'_>,
            ) -> deserialize::Result<Self> {
                bytes.from_sql::<Self, $sql>()
            }
        }
    };
}

on_both!(Id, sql::Guid);
on_both!(Time, sql::Instant);
on_both!(Date, sql::Day);

impl ToSql<sql::Guid, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Guid, Pg> for Id {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(value.as_bytes())?))
    }
}

impl ToSql<sql::Guid, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Guid, Sqlite> for Id {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(value.read_blob())?))
    }
}

/// 2000-01-01T00:00:00Z in seconds since 1970: where PostgreSQL's clock begins.
const POSTGRES_EPOCH: i64 = 946_684_800;

impl ToSql<sql::Instant, Pg> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let since_epoch = self.0.timestamp_micros() - POSTGRES_EPOCH * 1_000_000;
        out.write_all(&since_epoch.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Instant, Pg> for Time {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let since_epoch = i64::from_be_bytes(value.as_bytes().try_into()?);
        since_epoch
            .checked_add(POSTGRES_EPOCH * 1_000_000)
            .and_then(DateTime::from_timestamp_micros)
            .map(Self)
            .ok_or_else(|| "an instant outside what the program can represent".into())
    }
}

const INSTANT: &str = "%F %T%.6f";

impl ToSql<sql::Instant, Sqlite> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        // Other years have a sign or a fifth digit, and would sort where they do not belong.
        if !(0..=9999).contains(&self.0.year()) {
            return Err("an instant outside the years 0 to 9999".into());
        }
        out.set_value(self.0.format(INSTANT).to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Instant, Sqlite> for Time {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(NaiveDateTime::parse_from_str(value.read_text(), INSTANT)?.and_utc()))
    }
}

fn postgres_day_zero() -> NaiveDate {
    DateTime::UNIX_EPOCH.date_naive() + chrono::Days::new((POSTGRES_EPOCH / 86_400).unsigned_abs())
}

impl ToSql<sql::Day, Pg> for Date {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let days = (self.0 - postgres_day_zero()).num_days();
        out.write_all(&i32::try_from(days)?.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Day, Pg> for Date {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let days = i32::from_be_bytes(value.as_bytes().try_into()?);
        postgres_day_zero()
            .checked_add_signed(chrono::Duration::days(days.into()))
            .map(Self)
            .ok_or_else(|| "a day outside what the program can represent".into())
    }
}

impl ToSql<sql::Day, Sqlite> for Date {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.format("%F").to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Day, Sqlite> for Date {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(NaiveDate::parse_from_str(value.read_text(), "%F")?))
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_query;

    use super::*;
    use crate::store::Conn;
    use crate::store::testing::on_each;

    #[derive(Debug, PartialEq, QueryableByName)]
    struct Row {
        #[diesel(sql_type = sql::Guid)]
        id: Id,
        #[diesel(sql_type = sql::Instant)]
        at: Time,
        #[diesel(sql_type = sql::Day)]
        day: Date,
    }

    fn time(text: &str) -> Time {
        Time::new(text.parse().unwrap())
    }

    #[tokio::test]
    async fn what_is_bound_is_what_is_read() {
        on_each(async |db| {
            let days = ["1969-12-31", "1999-12-31", "2000-01-01", "2026-03-04", "9999-12-31"];
            for day in days {
                let row = Row {
                    id: Id(Uuid::now_v7()),
                    at: time(&format!("{day}T23:59:59.999999Z")),
                    day: Date(day.parse().unwrap()),
                };
                let (id, at, day) = (row.id, row.at, row.day);
                let read = db.read(move |c: &mut Conn| {
                    sql_query("SELECT $1 AS id, $2 AS at, $3 AS day")
                        .bind::<sql::Guid, _>(id)
                        .bind::<sql::Instant, _>(at)
                        .bind::<sql::Day, _>(day)
                        .get_result::<Row>(c)
                });
                assert_eq!(read.await.unwrap(), row);
            }
        })
        .await;
    }

    #[tokio::test]
    async fn the_database_itself_reads_the_same_day_and_instant() {
        #[derive(QueryableByName)]
        struct Same {
            #[diesel(sql_type = diesel::sql_types::Bool)]
            same: bool,
        }
        on_each(async |db| {
            let (at, day) = (time("2026-03-04T10:15:00.1Z"), Date("2026-03-04".parse().unwrap()));
            let asked = if db.is_sqlite() {
                "SELECT $1 = '2026-03-04 10:15:00.100000' AND $2 = '2026-03-04' AS same"
            } else {
                "SELECT $1 = timestamptz '2026-03-04 10:15:00.1Z' AND $2 = date '2026-03-04' AS same"
            };
            let read = db.read(move |c: &mut Conn| {
                sql_query(asked)
                    .bind::<sql::Instant, _>(at)
                    .bind::<sql::Day, _>(day)
                    .get_result::<Same>(c)
            });
            assert!(read.await.unwrap().same);
        })
        .await;
    }

    #[tokio::test]
    async fn instants_are_ordered_in_the_database_as_in_time() {
        use crate::store::schema::sign_in_failures::dsl as t;
        let ascending = ["00", "00.000001", "00.09", "00.1", "00.100001", "00.45", "00.5", "01"];
        on_each(async |db| {
            db.write(move |c| {
                for second in ascending.iter().rev() {
                    let at = time(&format!("2026-03-04T10:15:{second}Z"));
                    diesel::insert_into(t::sign_in_failures)
                        .values((t::subject.eq(second), t::failures.eq(1), t::last_at.eq(at)))
                        .execute(c)?;
                }
                Ok(())
            })
            .await
            .unwrap();
            let half = time("2026-03-04T10:15:00.45Z");
            let (all, later) = db
                .read(move |c| {
                    let rows = t::sign_in_failures.select(t::subject);
                    let all = rows.order(t::last_at).load::<String>(c)?;
                    let later =
                        rows.filter(t::last_at.gt(half)).order(t::last_at).load::<String>(c)?;
                    Ok((all, later))
                })
                .await
                .unwrap();
            assert_eq!(all, ascending);
            assert_eq!(later, ["00.5", "01"]);
        })
        .await;
    }

    #[test]
    fn what_is_finer_than_a_microsecond_is_cut() {
        assert_eq!(time("2026-03-04T10:15:00.1234567Z"), time("2026-03-04T10:15:00.123456Z"));
    }
}
