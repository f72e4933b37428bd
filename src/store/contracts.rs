//! The dated agreements of a centre. Which centre may be seen is asked in `facilities.rs`
//! first; in here it is only named.

use std::collections::BTreeMap;

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{Contract, Day, FacilityId};

use super::Conn;
use super::connection::each;
use super::json::{facts_from_text, facts_to_text};
use super::schema::contracts;
use super::types::{Date, Id};

#[derive(Queryable, Insertable)]
#[diesel(table_name = contracts, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    facility_id: Id,
    starts_on: Date,
    ends_on: Option<Date>,
    cig: Option<String>,
    parameters: String,
}

impl Row {
    fn read(self) -> QueryResult<Contract> {
        Ok(Contract {
            cig: self.cig,
            starts_on: self.starts_on.0,
            ends_on: self.ends_on.map(|day| day.0),
            parameters: facts_from_text(&self.parameters)?,
        })
    }
}

/// Keeps a contract: in place of the one of this centre that starts on the same day, else
/// as another one, which then has `id`.
///
/// # Errors
/// Those of the database; a centre that is not there among them.
pub fn upsert(
    conn: &mut Conn,
    facility: FacilityId,
    id: Uuid,
    contract: &Contract,
) -> QueryResult<()> {
    let row = Row {
        id: Id(id),
        facility_id: Id(facility.0),
        starts_on: Date(contract.starts_on),
        ends_on: contract.ends_on.map(Date),
        cig: contract.cig.clone(),
        parameters: facts_to_text(&contract.parameters),
    };
    each!(conn, |c| diesel::insert_into(contracts::table)
        .values(&row)
        .on_conflict((contracts::facility_id, contracts::starts_on))
        .do_update()
        .set((
            contracts::ends_on.eq(row.ends_on),
            contracts::cig.eq(&row.cig),
            contracts::parameters.eq(&row.parameters),
        ))
        .execute(c))?;
    Ok(())
}

/// All contracts of a centre, the oldest first.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Conn, facility: FacilityId) -> QueryResult<Vec<Contract>> {
    let rows = contracts::table
        .filter(contracts::facility_id.eq(Id(facility.0)))
        .order(contracts::starts_on)
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// The same of each of these centres that has any: one question for a whole page.
///
/// # Errors
/// Those of the database.
pub fn list_of(
    conn: &mut Conn,
    facilities: &[FacilityId],
) -> QueryResult<BTreeMap<FacilityId, Vec<Contract>>> {
    let ids: Vec<Id> = facilities.iter().map(|id| Id(id.0)).collect();
    let rows = contracts::table
        .filter(contracts::facility_id.eq_any(ids))
        .order(contracts::starts_on)
        .load::<Row>(conn)?;
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for row in rows {
        all.entry(FacilityId(row.facility_id.0)).or_default().push(row.read()?);
    }
    Ok(all)
}

/// Removes the contract of a centre that begins on this day. False when there was none.
///
/// # Errors
/// Those of the database.
pub fn remove(conn: &mut Conn, facility: FacilityId, starts_on: Day) -> QueryResult<bool> {
    let which = contracts::table
        .filter(contracts::facility_id.eq(Id(facility.0)))
        .filter(contracts::starts_on.eq(Date(starts_on)));
    Ok(diesel::delete(which).execute(conn)? > 0)
}

/// The contract in force on a day, both of its ends included; of several, the one that
/// began last.
///
/// # Errors
/// Those of the database.
pub fn in_force(conn: &mut Conn, facility: FacilityId, day: Day) -> QueryResult<Option<Contract>> {
    Ok(in_force_of(conn, &[facility], day)?.remove(&facility))
}

/// The same of each of these centres that has one: one question for a whole page.
///
/// # Errors
/// Those of the database.
pub fn in_force_of(
    conn: &mut Conn,
    facilities: &[FacilityId],
    day: Day,
) -> QueryResult<BTreeMap<FacilityId, Contract>> {
    let ids: Vec<Id> = facilities.iter().map(|id| Id(id.0)).collect();
    let rows = contracts::table
        .filter(contracts::facility_id.eq_any(ids))
        .filter(contracts::starts_on.le(Date(day)))
        .filter(contracts::ends_on.is_null().or(contracts::ends_on.ge(Date(day))))
        .order(contracts::starts_on)
        .load::<Row>(conn)?;
    // In this order the one that began last is put in last.
    rows.into_iter().map(|row| Ok((FacilityId(row.facility_id.0), row.read()?))).collect()
}

#[cfg(test)]
mod tests {
    use vigila_core::domain::FactValue;

    use super::*;
    use crate::store::testing::{at, facility, on_each};

    fn contract(starts_on: &str, ends_on: Option<&str>, hours: f64) -> Contract {
        Contract {
            cig: Some("Z00".to_owned()),
            starts_on: starts_on.parse().unwrap(),
            ends_on: ends_on.map(|day| day.parse().unwrap()),
            parameters: [("medical_hours".to_owned(), FactValue::Number(hours))].into(),
        }
    }

    #[tokio::test]
    async fn the_contract_of_a_day_is_the_one_that_began_last() {
        on_each(async |db| {
            let (one, other) = (facility("BT-0001"), facility("BT-0002"));
            let (id, other_id) = (one.id, other.id);
            let all = [
                contract("2024-01-01", Some("2024-12-31"), 8.0),
                contract("2025-01-01", None, 12.0),
                contract("2025-06-01", Some("2025-06-30"), 16.0),
            ];
            let kept = all.clone();
            db.write(move |c| {
                for facility in [&one, &other] {
                    let done = crate::store::facilities::insert(c, facility, at(0))?;
                    assert_eq!(done, crate::store::Insert::Done);
                }
                for contract in kept.iter().rev() {
                    upsert(c, one.id, Uuid::now_v7(), contract)?;
                }
                upsert(c, other.id, Uuid::now_v7(), &kept[0])
            })
            .await
            .unwrap();
            let listed = db.read(move |c| list(c, id)).await.unwrap();
            assert_eq!(listed, all);
            let both = db.read(move |c| list_of(c, &[id, other_id])).await.unwrap();
            assert_eq!(both, [(id, all.to_vec()), (other_id, vec![all[0].clone()])].into());
            for day in [
                "2023-12-31",
                "2024-01-01",
                "2024-12-31",
                "2025-01-01",
                "2025-06-01",
                "2025-06-30",
                "2025-07-01",
            ] {
                let day: Day = day.parse().unwrap();
                let found = db.read(move |c| in_force(c, id, day)).await.unwrap();
                assert_eq!(found.as_ref(), Contract::in_force(&all, day), "{day}");
            }
            let day = "2024-05-05".parse().unwrap();
            let both = db.read(move |c| in_force_of(c, &[id, other_id], day)).await.unwrap();
            assert_eq!(both, [(id, all[0].clone()), (other_id, all[0].clone())].into());
        })
        .await;
    }

    #[tokio::test]
    async fn a_contract_takes_the_place_of_one_of_the_same_day_or_goes() {
        on_each(async |db| {
            let one = facility("BT-0001");
            let changed =
                Contract { cig: None, ..contract("2025-01-01", Some("2025-12-31"), 20.0) };
            let expected = vec![changed.clone()];
            let listed = db
                .write(move |c| {
                    let done = crate::store::facilities::insert(c, &one, at(0))?;
                    assert_eq!(done, crate::store::Insert::Done);
                    upsert(c, one.id, Uuid::now_v7(), &contract("2025-01-01", None, 12.0))?;
                    upsert(c, one.id, Uuid::now_v7(), &changed)?;
                    upsert(c, one.id, Uuid::now_v7(), &contract("2026-01-01", None, 1.0))?;
                    let day = "2026-01-01".parse().unwrap();
                    assert!(remove(c, one.id, day)? && !remove(c, one.id, day)?);
                    list(c, one.id)
                })
                .await
                .unwrap();
            assert_eq!(listed, expected);
        })
        .await;
    }
}
