//! The scoring model in force, told to the database: its views show scores by it and cannot
//! ask the library. One row. Which model that is, the library says.

use diesel::prelude::*;
use vigila_core::documents::score::ModelVersion;

use super::Conn;
use super::schema::shown_model;

/// The number of the only row.
const ONLY: i32 = 1;

/// Notes the model in force.
///
/// # Errors
/// Those of the database.
pub fn keep(conn: &mut Conn, model: &ModelVersion) -> QueryResult<()> {
    let noted = (shown_model::code.eq(&model.code), shown_model::version.eq(&model.version));
    if diesel::update(shown_model::table.find(ONLY)).set(noted).execute(conn)? == 0 {
        let row = (shown_model::id.eq(ONLY), noted.0, noted.1);
        diesel::insert_into(shown_model::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Whether this is the model that is noted.
///
/// # Errors
/// Those of the database.
pub fn is_kept(conn: &mut Conn, model: &ModelVersion) -> QueryResult<bool> {
    let same = shown_model::table
        .find(ONLY)
        .filter(shown_model::code.eq(&model.code))
        .filter(shown_model::version.eq(&model.version));
    Ok(same.select(shown_model::id).first::<i32>(conn).optional()?.is_some())
}

#[cfg(test)]
mod tests {
    use diesel::sql_query;
    use diesel::sql_types::{Double, Nullable};
    use uuid::Uuid;
    use vigila_core::documents::score::ModelVersion;

    use super::*;
    use crate::store::Db;
    use crate::store::inspections::testing::{Visits, published, score};
    use crate::store::scores::{self, Score};
    use crate::store::testing::{at, on_each};

    #[derive(QueryableByName)]
    struct Shown {
        #[diesel(sql_type = Nullable<Double>)]
        overall: Option<f64>,
    }

    fn model(version: &str) -> ModelVersion {
        ModelVersion { version: version.to_owned(), ..published() }
    }

    async fn shown(db: &Db) -> Vec<Option<f64>> {
        let asked = "SELECT overall FROM quality_inspections";
        let rows = db.read(move |c| sql_query(asked).load::<Shown>(c)).await.unwrap();
        rows.into_iter().map(|row| row.overall).collect()
    }

    #[tokio::test]
    async fn the_views_show_what_the_service_shows() {
        on_each(async |db| {
            let visits = Visits::new(&db).await;
            let id = visits.add("CAS-COLL", 100).await;
            for (number, version) in [(5, "1.1.0"), (3, "1.2.0")] {
                let by_another = Score {
                    id: Uuid::now_v7(),
                    model: model(version),
                    overall: Some(f64::from(number)),
                    computed_at: at(number.into()),
                    ..score(id)
                };
                let added = db.write(move |c| scores::add(c, &by_another)).await.unwrap();
                assert_eq!(added, crate::store::Insert::Done);
            }
            assert_eq!(shown(&db).await, [Some(5.0)], "without a model, the last one");
            for version in ["1.0.0", "1.2.0", "1.1.0", "1.1.0", "2.0.0"] {
                let wanted = model(version);
                let (kept, asked) = (wanted.clone(), wanted.clone());
                db.write(move |c| keep(c, &wanted)).await.unwrap();
                assert!(db.read(move |c| is_kept(c, &kept)).await.unwrap());
                assert!(!db.read(|c| is_kept(c, &model("9.9.9"))).await.unwrap());
                let served = db.read(move |c| scores::shown_of(c, id, &asked)).await.unwrap();
                assert_eq!(shown(&db).await, [served.unwrap().overall], "{version}");
            }
        })
        .await;
    }

    #[derive(QueryableByName)]
    struct Plan {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }

    #[test]
    fn a_province_and_a_centre_are_read_by_index() {
        use crate::store::connection::{Address, Purpose};
        let place = crate::store::testing::Place::sqlite();
        place.open();
        let address = Address::parse(&place.url()).unwrap();
        let mut conn = address.connect(Purpose::Reading).unwrap();
        for view in ["quality_inspections", "quality_dimensions", "quality_indicators"] {
            for (of, index) in [
                ("territory = 'BT'", "inspections_territory (territory=? AND ended_at>?)"),
                ("facility = 'BT-0001'", "(facility_id=? AND ended_at>?)"),
            ] {
                let asked = format!(
                    "EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE {of} AND ended_at >= '2025'"
                );
                let plan: Vec<Plan> = sql_query(asked).load(&mut conn).unwrap();
                let plan: Vec<_> = plan.into_iter().map(|step| step.detail).collect();
                assert!(plan.iter().any(|step| step.contains(index)), "{view}: {plan:#?}");
                let scans = plan.iter().filter(|step| step.starts_with("SCAN"));
                let scans: Vec<_> = scans.filter(|step| !step.starts_with("SCAN v ")).collect();
                assert_eq!(scans, ["SCAN shown_model"; 2], "{view}");
            }
        }
    }
}
