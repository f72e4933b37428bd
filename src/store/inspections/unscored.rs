//! The inspections that lack a score by a model: what scoring history again works through.
//! Those that were corrected are among them, since they stay readable.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;
use vigila_core::documents::score::ModelVersion;
use vigila_core::domain::{FacilityId, Instant, Scope};

use super::history::{PastVisit, Row};
use super::texts::shown_content;
use super::{Query, within};
use crate::store::schema::{facilities, inspections, scores};
use crate::store::scores::{self as kept, NewScore};
use crate::store::types::Id;
use crate::store::{Conn, changes};

/// Which inspections, and what they lack.
#[derive(Debug, Clone)]
pub struct Unscored {
    /// Of these territories.
    pub scope: Scope,
    /// A score by this model.
    pub model: ModelVersion,
    /// With indicators, of whatever version of their set: those of a visit stay as they were
    /// first made.
    pub with_indicators: bool,
}

fn lacking<'a>(wanted: &Unscored) -> Query<'a> {
    let whatever = (!wanted.with_indicators).into_sql::<Bool>();
    let scored = scores::table
        .filter(scores::inspection_id.eq(inspections::id))
        .filter(scores::model_code.eq(wanted.model.code.clone()))
        .filter(scores::model_version.eq(wanted.model.version.clone()))
        .filter(scores::indicators.is_not_null().or(whatever));
    within(&wanted.scope).filter(not(exists(scored)))
}

/// How many there are.
///
/// # Errors
/// Those of the database.
pub fn count_unscored(conn: &mut Conn, wanted: &Unscored) -> QueryResult<i64> {
    lacking(wanted).count().get_result(conn)
}

/// Those whose id is behind `after`, with their content, by id, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn unscored(
    conn: &mut Conn,
    wanted: &Unscored,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<(PastVisit, String)>> {
    let mut query = lacking(wanted).order(inspections::id).limit(limit);
    if let Some(after) = after {
        query = query.filter(inspections::id.gt(Id(after)));
    }
    let rows: Vec<(Row, String)> = query.select((Row::as_select(), shown_content())).load(conn)?;
    rows.into_iter().map(|(row, content)| Ok((row.read()?, content))).collect()
}

/// Keeps scores that were made again, each with its centre.
///
/// # Errors
/// Those of the database.
pub fn add_scores(
    conn: &mut Conn,
    made: &[(FacilityId, NewScore)],
    now: Instant,
) -> QueryResult<()> {
    let mut centres: Vec<FacilityId> = made.iter().map(|(facility, _)| *facility).collect();
    centres.sort_unstable();
    centres.dedup();
    for (_, score) in made {
        // One that is there already was added meanwhile, by another process.
        let _ = kept::add(conn, score)?;
    }
    for facility in centres {
        let facility = Id(facility.0);
        let territory: String =
            facilities::table.find(facility).select(facilities::territory).first(conn)?;
        changes::note(conn, facility, &territory, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::inspections::testing::{Visits, only, published, score};
    use crate::store::testing::{at, on_each};

    #[tokio::test]
    async fn what_lacks_a_score_is_found_until_it_has_one() {
        on_each(async |db| {
            let visits = Visits::new(&db).await;
            let corrected = visits.add("CAS-COLL", 100).await;
            let correction = visits.add_all(&visits.correction(corrected, 900), &[]).await;
            let mut ids = [corrected, correction];
            ids.sort_unstable();
            let wanted = |version: &str, with_indicators: bool| Unscored {
                scope: only(&["BT"]),
                model: ModelVersion { version: version.to_owned(), ..published() },
                with_indicators,
            };
            for (lacking, expected) in [
                (wanted("1.0.0", false), 0),
                (wanted("2.0.0", false), 2),
                (wanted("1.0.0", true), 2),
                (Unscored { scope: only(&["BA"]), ..wanted("2.0.0", false) }, 0),
            ] {
                let asked = lacking.clone();
                let count = db.read(move |c| count_unscored(c, &asked)).await.unwrap();
                assert_eq!(count, expected, "{lacking:?}");
            }
            let asked = wanted("2.0.0", false);
            let first = db.read(move |c| unscored(c, &asked, None, 1)).await.unwrap();
            assert_eq!(first[0].0.id, ids[0]);
            let (after, asked) = (Some(ids[0].0), wanted("2.0.0", false));
            let second = db.read(move |c| unscored(c, &asked, after, 9)).await.unwrap();
            assert_eq!(second.iter().map(|(v, _)| v.id).collect::<Vec<_>>(), [ids[1]]);
            let model = wanted("2.0.0", false).model;
            let made: Vec<_> = ids
                .iter()
                .map(|id| (visits.facility.id, NewScore { model: model.clone(), ..score(*id) }))
                .collect();
            for _ in 0..2 {
                let made = made.clone();
                db.write(move |c| add_scores(c, &made, at(5000))).await.unwrap();
            }
            let asked = wanted("2.0.0", false);
            assert_eq!(db.read(move |c| count_unscored(c, &asked)).await.unwrap(), 0);
            let noted = db.read(|c| changes::since(c, at(5000))).await.unwrap();
            assert_eq!(noted.len(), 2, "one for each time");
        })
        .await;
    }
}
