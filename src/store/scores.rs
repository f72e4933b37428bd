//! The scores of inspections: one row for each model and each state of its inputs, with its
//! dimensions in rows of their own. Scores come computed; which inspection may be seen is
//! asked in `inspections.rs` first.

use diesel::dsl::sql;
use diesel::expression::{AsExpression, SqlLiteral, UncheckedBind};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use uuid::Uuid;
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::documents::score::{Band, DimensionScore, ModelVersion};
use vigila_core::domain::{InspectionId, Instant};

use super::Conn;
use super::connection::each;
use super::outcome::{Insert, unreadable};
use super::schema::{score_dimensions, scores};
use super::types::{Id, Time};

/// A score with what it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Its id.
    pub id: Uuid,
    /// What it is the score of.
    pub inspection: InspectionId,
    /// The model that made it.
    pub model: ModelVersion,
    /// The checklist that was answered.
    pub checklist: ChecklistRef,
    /// SHA-256 of answers and facts as they went in, in hexadecimal.
    pub inputs_digest: String,
    /// 0-100; none where no dimension has a score.
    pub overall: Option<f64>,
    /// 0-1; none where nothing was due.
    pub coverage: Option<f64>,
    /// The band.
    pub band: Band,
    /// The band without knock-outs.
    pub band_by_points: Band,
    /// In the checklist's order.
    pub dimensions: Vec<DimensionScore>,
    /// The whole score as JSON, as it is served.
    pub document: String,
    /// When it was computed.
    pub computed_at: Instant,
    /// The set of indicators in it, as `CODE VERSION`; none where it has none.
    pub indicators: Option<String>,
}

/// A score to be kept.
pub type NewScore = Score;

/// A score that is kept.
pub type StoredScore = Score;

/// The text names no band.
#[derive(Debug, thiserror::Error)]
#[error("a row holds a band that does not exist")]
struct UnknownBand;

pub(super) fn band(text: &str) -> QueryResult<Band> {
    Band::from_name(text).ok_or_else(|| unreadable(UnknownBand))
}

type Bound<Q> = UncheckedBind<Q, <String as AsExpression<Text>>::Expression>;

/// A condition on `scores` with two bound texts.
pub(super) type IsShown = SqlLiteral<Bool, Bound<SqlLiteral<Bool, Bound<SqlLiteral<Bool>>>>>;

/// True of the score of an inspection that is shown: the one by the published model, and of
/// several by one model, or where there is none by it, the one computed last, its id
/// deciding between equals.
pub(super) fn is_shown(published: &ModelVersion) -> IsShown {
    let name = format!("{} {}", published.code, published.version);
    let text = "NOT EXISTS (SELECT 1 FROM scores AS other
        WHERE other.inspection_id = scores.inspection_id
        AND (other.model_code || ' ' || other.model_version = ";
    let than = ", other.computed_at, other.id)
        > (scores.model_code || ' ' || scores.model_version = ";
    let end = ", scores.computed_at, scores.id))";
    sql::<Bool>(text).bind::<Text, _>(name.clone()).sql(than).bind::<Text, _>(name).sql(end)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = scores, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    inspection_id: Id,
    model_code: String,
    model_version: String,
    model_digest: String,
    checklist_code: String,
    checklist_version: String,
    inputs_digest: String,
    overall: Option<f64>,
    coverage: Option<f64>,
    band: String,
    band_by_points: String,
    computed_at: Time,
    document: String,
    indicators: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = score_dimensions, treat_none_as_default_value = false)]
struct DimensionRow {
    score_id: Id,
    dimension: String,
    position: i32,
    score: Option<f64>,
    coverage: f64,
    observed_weight: f64,
    due_weight: f64,
}

impl Row {
    fn of(score: &Score) -> Self {
        Self {
            id: Id(score.id),
            inspection_id: Id(score.inspection.0),
            model_code: score.model.code.clone(),
            model_version: score.model.version.clone(),
            model_digest: score.model.digest.clone(),
            checklist_code: score.checklist.code.clone(),
            checklist_version: score.checklist.version.clone(),
            inputs_digest: score.inputs_digest.clone(),
            overall: score.overall,
            coverage: score.coverage,
            band: score.band.as_str().to_owned(),
            band_by_points: score.band_by_points.as_str().to_owned(),
            document: score.document.clone(),
            computed_at: score.computed_at.into(),
            indicators: score.indicators.clone(),
        }
    }

    fn read(self, dimensions: Vec<DimensionRow>) -> QueryResult<Score> {
        let dimensions = dimensions.into_iter().map(|row| DimensionScore {
            code: row.dimension,
            score: row.score,
            coverage: row.coverage,
            observed_weight: row.observed_weight,
            due_weight: row.due_weight,
        });
        Ok(Score {
            id: self.id.0,
            inspection: InspectionId(self.inspection_id.0),
            model: ModelVersion {
                code: self.model_code,
                version: self.model_version,
                digest: self.model_digest,
            },
            checklist: ChecklistRef { code: self.checklist_code, version: self.checklist_version },
            inputs_digest: self.inputs_digest,
            overall: self.overall,
            coverage: self.coverage,
            band: band(&self.band)?,
            band_by_points: band(&self.band_by_points)?,
            dimensions: dimensions.collect(),
            document: self.document,
            computed_at: self.computed_at.into(),
            indicators: self.indicators,
        })
    }
}

/// Keeps a score, unless the inspection has one by the same model from the same inputs.
///
/// # Errors
/// Those of the database; an inspection that is not there among them.
pub fn add(conn: &mut Conn, score: &NewScore) -> QueryResult<Insert> {
    let row = Row::of(score);
    let rows = each!(conn, |c| diesel::insert_into(scores::table)
        .values(&row)
        .on_conflict((
            scores::inspection_id,
            scores::model_code,
            scores::model_version,
            scores::inputs_digest,
        ))
        .do_nothing()
        .execute(c))?;
    if rows == 0 {
        return Ok(Insert::Taken);
    }
    let dimensions: Vec<DimensionRow> = (0..)
        .zip(&score.dimensions)
        .map(|(position, dimension)| DimensionRow {
            score_id: row.id,
            dimension: dimension.code.clone(),
            position,
            score: dimension.score,
            coverage: dimension.coverage,
            observed_weight: dimension.observed_weight,
            due_weight: dimension.due_weight,
        })
        .collect();
    each!(conn, |c| diesel::insert_into(score_dimensions::table).values(&dimensions).execute(c))?;
    Ok(Insert::Done)
}

/// The score of an inspection that is shown while `published` is the published model.
///
/// # Errors
/// Those of the database.
pub fn shown_of(
    conn: &mut Conn,
    inspection: InspectionId,
    published: &ModelVersion,
) -> QueryResult<Option<StoredScore>> {
    let row = scores::table
        .filter(scores::inspection_id.eq(Id(inspection.0)))
        .filter(is_shown(published))
        .first::<Row>(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let dimensions = score_dimensions::table
        .filter(score_dimensions::score_id.eq(row.id))
        .order(score_dimensions::position)
        .load::<DimensionRow>(conn)?;
    row.read(dimensions).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::inspections::testing::{Visits, published, score};
    use crate::store::testing::{at, on_each};

    fn model(version: &str) -> ModelVersion {
        ModelVersion { version: version.to_owned(), ..published() }
    }

    #[tokio::test]
    async fn the_score_by_the_published_model_is_shown_and_a_repeat_adds_none() {
        on_each(async |db| {
            let visits = Visits::new(&db).await;
            let id = visits.add("CAS-COLL", 100).await;
            let other = visits.add("CAS-COLL", 200).await;
            let first = db.read(move |c| shown_of(c, id, &published())).await.unwrap().unwrap();
            assert_eq!(first, Score { id: first.id, ..score(id) });
            let later = Score {
                id: Uuid::now_v7(),
                model: model("1.1.0"),
                overall: None,
                coverage: None,
                band: Band::NotEnoughData,
                band_by_points: Band::NotEnoughData,
                dimensions: Vec::new(),
                computed_at: at(5),
                ..first.clone()
            };
            let same = Score { id: Uuid::now_v7(), computed_at: at(500), ..later.clone() };
            for (score, outcome) in [(later.clone(), Insert::Done), (same, Insert::Taken)] {
                assert_eq!(db.write(move |c| add(c, &score)).await.unwrap(), outcome);
            }
            for (wanted, shown) in [
                ("1.0.0", &first),
                ("1.1.0", &later),
                // Nothing is by this one, so the last is shown, which says whose it is.
                ("2.0.0", &later),
            ] {
                let found = db.read(move |c| shown_of(c, id, &model(wanted))).await.unwrap();
                assert_eq!(found.as_ref(), Some(shown), "{wanted}");
            }
            let of_other = db.read(move |c| shown_of(c, other, &model("1.1.0"))).await.unwrap();
            assert_eq!(of_other.unwrap().inspection, other);
            let nobody = InspectionId(Uuid::nil());
            let none = db.read(move |c| shown_of(c, nobody, &published())).await.unwrap();
            assert_eq!(none, None);
        })
        .await;
    }

    #[tokio::test]
    async fn of_scores_computed_at_once_the_id_decides_everywhere() {
        on_each(async |db| {
            let visits = Visits::new(&db).await;
            let id = visits.add("CAS-COLL", 100).await;
            let low = Score { inputs_digest: "low".to_owned(), id: Uuid::nil(), ..score(id) };
            let high = Score {
                inputs_digest: "high".to_owned(),
                id: Uuid::max(),
                overall: Some(12.5),
                ..score(id)
            };
            let (shown, row) = db
                .write(move |c| {
                    assert_eq!(add(c, &high)?, Insert::Done);
                    assert_eq!(add(c, &low)?, Insert::Done);
                    let overall =
                        scores::table.filter(is_shown(&published())).select(scores::overall);
                    Ok((shown_of(c, id, &published())?, overall.load::<Option<f64>>(c)?))
                })
                .await
                .unwrap();
            assert_eq!(shown.unwrap().id, Uuid::max());
            assert_eq!(row, [Some(12.5)]);
        })
        .await;
    }
}
