//! What scorecards, trends and metrics read: the visits that count, each with its newest
//! score. What they add up to is for the scoring to say.

#[cfg(test)]
mod tests;

use diesel::prelude::*;
use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::{Band, ModelVersion};
use vigila_core::domain::{FacilityId, Facts, InspectionId, Instant};

use super::texts::shown_content;
use crate::store::Conn;
use crate::store::json::facts_from_text;
use crate::store::outcome::unreadable;
use crate::store::schema::{facilities, inspections, score_dimensions, scores};
use crate::store::scores::{band, is_shown};
use crate::store::types::{Id, Time};

/// A visit that counts, with its shown score.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitRow {
    /// The inspection.
    pub id: InspectionId,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// Why and how it was made.
    pub kind: Kind,
    /// When it ended.
    pub ended_at: Instant,
    /// When it was received.
    pub received_at: Instant,
    /// How many photos are still to come.
    pub photos_missing: i32,
    /// The facts as they stood for it.
    pub facts: Facts,
    /// The answers in their compact form.
    pub scored: Vec<u8>,
    /// 0-100.
    pub overall: Option<f64>,
    /// 0-1.
    pub coverage: Option<f64>,
    /// The band without knock-outs.
    pub band_by_points: Band,
}

#[derive(Queryable)]
struct Row {
    id: Id,
    facility: Id,
    checklist: (String, String),
    kind: String,
    ended_at: Time,
    received_at: Time,
    photos_missing: i32,
    facts: String,
    scored: Vec<u8>,
    overall: Option<f64>,
    coverage: Option<f64>,
    band_by_points: String,
}

impl Row {
    fn read(self) -> QueryResult<(FacilityId, VisitRow)> {
        let (code, version) = self.checklist;
        let visit = VisitRow {
            id: InspectionId(self.id.0),
            checklist: ChecklistRef { code, version },
            kind: self.kind.parse().map_err(unreadable)?,
            ended_at: self.ended_at.into(),
            received_at: self.received_at.into(),
            photos_missing: self.photos_missing,
            facts: facts_from_text(&self.facts)?,
            scored: self.scored,
            overall: self.overall,
            coverage: self.coverage,
            band_by_points: band(&self.band_by_points)?,
        };
        Ok((FacilityId(self.facility.0), visit))
    }
}

/// The question that both forms of the visits ask; each adds of which centres.
macro_rules! counting {
    ($published:expr) => {
        inspections::table
            .inner_join(facilities::table)
            .inner_join(scores::table)
            .filter(inspections::superseded_by.is_null())
            .filter(is_shown($published))
            .select((
                inspections::id,
                inspections::facility_id,
                (inspections::checklist_code, inspections::checklist_version),
                inspections::kind,
                inspections::ended_at,
                inspections::received_at,
                inspections::photos_missing,
                inspections::facts,
                inspections::scored,
                scores::overall,
                scores::coverage,
                scores::band_by_points,
            ))
    };
}

/// The visits of a centre that count, from the earliest (by end, receipt, id).
///
/// # Errors
/// Those of the database.
pub fn of_facility(
    conn: &mut Conn,
    facility: FacilityId,
    published: &ModelVersion,
) -> QueryResult<Vec<VisitRow>> {
    let rows = counting!(published)
        .filter(inspections::facility_id.eq(Id(facility.0)))
        .load::<Row>(conn)?;
    Ok(in_order(rows)?.into_iter().map(|(_, visit)| visit).collect())
}

/// The visits that count of these centres, centre by centre, each from the earliest. A few
/// hundred centres at most: each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn of_facilities(
    conn: &mut Conn,
    centres: &[FacilityId],
    published: &ModelVersion,
) -> QueryResult<Vec<(FacilityId, VisitRow)>> {
    let ids: Vec<Id> = centres.iter().map(|id| Id(id.0)).collect();
    in_order(counting!(published).filter(inspections::facility_id.eq_any(ids)).load::<Row>(conn)?)
}

/// By centre, then from the earliest. SQLite would sort whole rows, documents and all, and
/// take as long for it as for the rest.
fn in_order(rows: Vec<Row>) -> QueryResult<Vec<(FacilityId, VisitRow)>> {
    let visits = rows.into_iter().map(Row::read);
    let mut visits = visits.collect::<QueryResult<Vec<_>>>()?;
    visits.sort_by_key(|(facility, v)| (*facility, v.ended_at, v.received_at, v.id));
    Ok(visits)
}

/// A dimension of a visit that has a score, 0-100.
pub type ShownDimension = (InspectionId, String, f64);

/// The dimensions of the visits that count of these centres, from the scores that are shown; in
/// no order. A few hundred centres at most: each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn shown_dimensions(
    conn: &mut Conn,
    centres: &[FacilityId],
    published: &ModelVersion,
) -> QueryResult<Vec<ShownDimension>> {
    let ids: Vec<Id> = centres.iter().map(|id| Id(id.0)).collect();
    let rows: Vec<(Id, String, f64)> = inspections::table
        .inner_join(scores::table.inner_join(score_dimensions::table))
        .filter(inspections::superseded_by.is_null())
        .filter(inspections::facility_id.eq_any(ids))
        .filter(is_shown(published))
        .filter(score_dimensions::score.is_not_null())
        .select((
            inspections::id,
            score_dimensions::dimension,
            score_dimensions::score.assume_not_null(),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, code, score)| (InspectionId(id.0), code, score)).collect())
}

/// The scores of these inspections that are shown, as JSON, in no order. A few hundred ids at
/// most: each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn shown_scores(
    conn: &mut Conn,
    ids: &[InspectionId],
    published: &ModelVersion,
) -> QueryResult<Vec<(InspectionId, String)>> {
    let ids: Vec<Id> = ids.iter().map(|id| Id(id.0)).collect();
    let rows: Vec<(Id, String)> = scores::table
        .filter(scores::inspection_id.eq_any(ids))
        .filter(is_shown(published))
        .select((scores::inspection_id, scores::document))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, document)| (InspectionId(id.0), document)).collect())
}

/// The contents of these inspections as they are shown, as canonical JSON, in no order. A few hundred ids at
/// most: each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn contents(conn: &mut Conn, ids: &[InspectionId]) -> QueryResult<Vec<(InspectionId, String)>> {
    let ids: Vec<Id> = ids.iter().map(|id| Id(id.0)).collect();
    let rows: Vec<(Id, String)> = inspections::table
        .filter(inspections::id.eq_any(ids))
        .select((inspections::id, shown_content()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, content)| (InspectionId(id.0), content)).collect())
}

/// A visit as a trend sees it, with its shown score.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    /// The inspection.
    pub id: InspectionId,
    /// When it ended.
    pub ended_at: Instant,
    /// Why and how it was made.
    pub kind: Kind,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// The model of the score.
    pub model: ModelVersion,
    /// 0-100.
    pub overall: Option<f64>,
    /// The band without knock-outs.
    pub band_by_points: Band,
    /// The facts as they stood for it.
    pub facts: Facts,
    /// The answers in their compact form.
    pub scored: Vec<u8>,
}

#[derive(Queryable)]
struct PointRow {
    id: Id,
    ended_at: Time,
    kind: String,
    checklist: (String, String),
    model: (String, String, String),
    overall: Option<f64>,
    band_by_points: String,
    facts: String,
    scored: Vec<u8>,
}

impl PointRow {
    fn read(self) -> QueryResult<TrendPoint> {
        let ((code, version), model) = (self.checklist, self.model);
        Ok(TrendPoint {
            id: InspectionId(self.id.0),
            ended_at: self.ended_at.into(),
            kind: self.kind.parse().map_err(unreadable)?,
            checklist: ChecklistRef { code, version },
            model: ModelVersion { code: model.0, version: model.1, digest: model.2 },
            overall: self.overall,
            band_by_points: band(&self.band_by_points)?,
            facts: facts_from_text(&self.facts)?,
            scored: self.scored,
        })
    }
}

/// The visits of a centre with one checklist that count and ended at `from` or later and
/// before `until`, from the earliest (by end, receipt, id).
///
/// # Errors
/// Those of the database.
pub fn trend_points(
    conn: &mut Conn,
    facility: FacilityId,
    checklist_code: &str,
    published: &ModelVersion,
    from: Option<Instant>,
    until: Option<Instant>,
) -> QueryResult<Vec<TrendPoint>> {
    let mut query = inspections::table
        .inner_join(scores::table)
        .filter(inspections::superseded_by.is_null())
        .filter(is_shown(published))
        .filter(inspections::facility_id.eq(Id(facility.0)))
        .filter(inspections::checklist_code.eq(checklist_code))
        .order((inspections::ended_at, inspections::received_at, inspections::id))
        .select((
            inspections::id,
            inspections::ended_at,
            inspections::kind,
            (inspections::checklist_code, inspections::checklist_version),
            (scores::model_code, scores::model_version, scores::model_digest),
            scores::overall,
            scores::band_by_points,
            inspections::facts,
            inspections::scored,
        ))
        .into_boxed();
    if let Some(from) = from {
        query = query.filter(inspections::ended_at.ge(Time::from(from)));
    }
    if let Some(until) = until {
        query = query.filter(inspections::ended_at.lt(Time::from(until)));
    }
    query.load::<PointRow>(conn)?.into_iter().map(PointRow::read).collect()
}
