//! Visits as flat rows of one measure, for those who draw charts of them. Which measure that
//! is and what a score holds, others know; the text of a score is given as it is stored.

use diesel::prelude::*;
use vigila_core::documents::inspection::Kind;
use vigila_core::documents::score::{Band, ModelVersion};
use vigila_core::domain::{FacilityId, InspectionId, Instant, Scope};

use super::inspections::codes;
use super::outcome::{one_more, unreadable};
use super::schema::{facilities, inspections, score_dimensions, scores};
use super::scores::{band, is_shown};
use super::types::{Id, Time};
use super::{Conn, Page};

/// Which visits, within a scope; without any of these, all that count.
#[derive(Debug, Clone, Default)]
pub struct SeriesFilter {
    /// Of this centre.
    pub facility: Option<FacilityId>,
    /// With this checklist, of any version.
    pub checklist: Option<String>,
    /// Ended then or later.
    pub from: Option<Instant>,
    /// Ended before.
    pub until: Option<Instant>,
}

/// What of its score is wanted.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// The overall score: visits that have one.
    Overall,
    /// The score of this dimension: visits that have one.
    Dimension(String),
    /// The whole score as JSON: every visit.
    Document,
}

/// What was wanted of a visit.
#[derive(Debug, Clone, PartialEq)]
pub enum Got {
    /// A score, 0-100.
    Score(f64),
    /// The score as JSON.
    Document(String),
}

/// A visit in a series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesRow {
    /// The inspection.
    pub id: InspectionId,
    /// When it ended.
    pub ended_at: Instant,
    /// The centre's code.
    pub facility: String,
    /// The centre's name.
    pub name: String,
    /// The centre's territory.
    pub territory: String,
    /// The code of the checklist.
    pub checklist: String,
    /// Why and how the visit was made.
    pub kind: Kind,
    /// The band of the score that is shown.
    pub band: Band,
    /// What was wanted.
    pub got: Got,
}

type Columns = (Id, Time, String, String, String, String, String, String);

fn row(columns: Columns, got: Got) -> QueryResult<SeriesRow> {
    let (id, ended_at, facility, name, territory, checklist, kind, shown) = columns;
    Ok(SeriesRow {
        id: InspectionId(id.0),
        ended_at: ended_at.into(),
        facility,
        name,
        territory,
        checklist,
        kind: kind.parse().map_err(unreadable)?,
        band: band(&shown)?,
        got,
    })
}

/// The columns of every row, and one more.
macro_rules! columns {
    ($last:expr) => {
        (
            (
                inspections::id,
                inspections::ended_at,
                facilities::code,
                facilities::name,
                inspections::territory,
                inspections::checklist_code,
                inspections::kind,
                scores::band,
            ),
            $last,
        )
    };
}

/// The question that all forms of a series ask, in the order of the list. `$source` is what is
/// joined to the visits that count and their shown scores.
macro_rules! series {
    ($source:expr, $last:expr, $asked:expr, $limit:expr) => {{
        let Asked { scope, filter, published, after } = $asked;
        let mut query = $source
            .filter(inspections::superseded_by.is_null())
            .filter(is_shown(published))
            .order((inspections::ended_at, inspections::id))
            .limit($limit)
            .select(columns!($last))
            .into_boxed();
        match codes(scope).as_deref() {
            None => {}
            // Of one territory both databases read the list in its order, by the index.
            Some(&[code]) => query = query.filter(inspections::territory.eq(code)),
            Some(codes) => query = query.filter(inspections::territory.eq_any(codes.to_vec())),
        }
        if let Some(facility) = filter.facility {
            query = query.filter(inspections::facility_id.eq(Id(facility.0)));
        }
        if let Some(checklist) = &filter.checklist {
            query = query.filter(inspections::checklist_code.eq(checklist));
        }
        if let Some(from) = filter.from {
            query = query.filter(inspections::ended_at.ge(Time::from(from)));
        }
        if let Some(until) = filter.until {
            query = query.filter(inspections::ended_at.lt(Time::from(until)));
        }
        if let Some((ended_at, id)) = after {
            let ended_at = Time::from(*ended_at);
            let same = inspections::ended_at.eq(ended_at).and(inspections::id.gt(Id(id.0)));
            // The first half alone would do; the second lets an index be used.
            query = query.filter(inspections::ended_at.ge(ended_at));
            query = query.filter(inspections::ended_at.gt(ended_at).or(same));
        }
        query
    }};
}

/// What is asked of a series.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Within these territories.
    pub scope: Scope,
    /// Of these visits.
    pub filter: SeriesFilter,
    /// The published model.
    pub published: ModelVersion,
    /// Those behind this one.
    pub after: Option<(Instant, InspectionId)>,
}

/// The visits of a series that count, those that ended first before the others, then by id;
/// `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut Conn,
    asked: &Asked,
    wanted: &Wanted,
    limit: usize,
) -> QueryResult<Page<SeriesRow>> {
    let visits = inspections::table.inner_join(facilities::table);
    let most = one_more(limit);
    let rows: QueryResult<Vec<SeriesRow>> = match wanted {
        Wanted::Overall => {
            let overall = scores::overall.assume_not_null();
            series!(visits.inner_join(scores::table), overall, asked, most)
                .filter(scores::overall.is_not_null())
                .load::<(Columns, f64)>(conn)?
                .into_iter()
                .map(|(columns, value)| row(columns, Got::Score(value)))
                .collect()
        }
        Wanted::Dimension(code) => {
            let scored = scores::table.inner_join(score_dimensions::table);
            let value = score_dimensions::score.assume_not_null();
            series!(visits.inner_join(scored), value, asked, most)
                .filter(score_dimensions::dimension.eq(code))
                .filter(score_dimensions::score.is_not_null())
                .load::<(Columns, f64)>(conn)?
                .into_iter()
                .map(|(columns, value)| row(columns, Got::Score(value)))
                .collect()
        }
        Wanted::Document => {
            series!(visits.inner_join(scores::table), scores::document, asked, most)
                .load::<(Columns, String)>(conn)?
                .into_iter()
                .map(|(columns, text)| row(columns, Got::Document(text)))
                .collect()
        }
    };
    Ok(Page::of(rows?, limit))
}
