//! Who does work that never ends, such as chaining the audit trail: one process at a time,
//! until its lease runs out. A lease keeps others from work in vain; it does not keep the data
//! right, because clocks differ and a process may be slow: what must not happen twice, each
//! write says itself.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::Instant;

use super::Conn;
use super::connection::each;
use super::schema::leases;
use super::types::{Id, Time};

/// Takes or keeps a lease until `until`; false where somebody else holds it.
///
/// # Errors
/// Those of the database.
pub fn take(
    conn: &mut Conn,
    name: &str,
    holder: Uuid,
    now: Instant,
    until: Instant,
) -> QueryResult<bool> {
    let held = (leases::holder.eq(Id(holder)), leases::until.eq(Time::from(until)));
    let own_or_free = leases::holder.eq(Id(holder)).or(leases::until.lt(Time::from(now)));
    let free = leases::table.find(name).filter(own_or_free);
    if diesel::update(free).set(held).execute(conn)? > 0 {
        return Ok(true);
    }
    let row = (leases::name.eq(name), held.0, held.1);
    let made = each!(conn, |c| diesel::insert_into(leases::table)
        .values(row)
        .on_conflict(leases::name)
        .do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Lets go of what a process holds: another may go on at once.
///
/// # Errors
/// Those of the database.
pub fn let_go(conn: &mut Conn, holder: Uuid) -> QueryResult<()> {
    let held = leases::table.filter(leases::holder.eq(Id(holder)));
    diesel::delete(held).execute(conn).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{at, on_each};

    #[tokio::test]
    async fn a_lease_has_one_holder_until_it_runs_out() {
        on_each(async |db| {
            let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
            let take = async |name: &'static str, who, from| {
                db.write(move |c| take(c, name, who, at(from), at(from + 10))).await.unwrap()
            };
            assert!(take("seal", one, 0).await);
            assert!(!take("seal", two, 5).await);
            assert!(take("sweep", two, 5).await, "another name is another lease");
            assert!(take("seal", one, 8).await, "its holder keeps it");
            assert!(!take("seal", two, 18).await);
            assert!(take("seal", two, 19).await, "it ran out");
            assert!(!take("seal", one, 20).await);
            db.write(move |c| let_go(c, two)).await.unwrap();
            assert!(take("seal", one, 21).await);
            assert!(take("sweep", one, 21).await);
        })
        .await;
    }

    #[tokio::test]
    async fn of_many_at_once_one_gets_it() {
        on_each(async |db| {
            let tries: Vec<_> = (0..8)
                .map(|_| {
                    let (db, who) = (db.clone(), Uuid::now_v7());
                    let run = async move {
                        db.write(move |c| super::take(c, "seal", who, at(0), at(10))).await
                    };
                    tokio::spawn(run)
                })
                .collect();
            let mut got = 0;
            for one in tries {
                got += usize::from(one.await.unwrap().unwrap());
            }
            assert_eq!(got, 1);
        })
        .await;
    }
}
