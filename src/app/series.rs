//! Visits as flat rows of one measure, for those who draw charts of them, and what the views of
//! the database must be told for the same purpose. Whose territories they are has been asked.

use vigila_core::documents::inspection::Kind;
use vigila_core::documents::score::{Band, Score};
use vigila_core::domain::{Day, FacilityRef, InspectionId, Instant, Territory};

use super::trends::Measure;
use super::{Actor, App, Error};
use crate::store::series::{self, Asked, Got, SeriesFilter, SeriesRow, Wanted};
use crate::store::{Page, facilities, shown_model};

/// How many whole scores are read at once.
const PIECE: usize = 1_000;

/// What is asked of a series.
#[derive(Debug, Clone)]
pub struct Question {
    /// The measure.
    pub measure: Measure,
    /// Of this territory.
    pub territory: Option<Territory>,
    /// Of this centre.
    pub facility: Option<FacilityRef>,
    /// With this checklist, of any version.
    pub checklist: Option<String>,
    /// First day of `ended_at`.
    pub from: Option<Day>,
    /// Last day of `ended_at`.
    pub to: Option<Day>,
    /// Those behind this visit.
    pub after: Option<(Instant, InspectionId)>,
    /// At most so many.
    pub limit: usize,
}

/// The measure in one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
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
    /// The measure.
    pub value: f64,
    /// The band of the visit.
    pub band: Band,
}

/// The visits that count and in which the measure has a value, from the earliest.
///
/// # Errors
/// When the database fails.
pub async fn list_series(
    app: &App,
    actor: &Actor,
    question: Question,
    now: Instant,
) -> Result<Page<Point>, Error> {
    let nothing = Page { items: Vec::new(), more: false };
    let Some(mut asked) = asked(app, actor, &question, now).await? else { return Ok(nothing) };
    let (wanted, piece) = match &question.measure {
        Measure::Overall => (Wanted::Overall, question.limit),
        Measure::Dimension(code) => (Wanted::Dimension(code.clone()), question.limit),
        Measure::Indicator(_) => (Wanted::Document, PIECE),
    };
    let mut points = Vec::new();
    loop {
        let (this, wanted) = (asked.clone(), wanted.clone());
        let page = app.db.read(move |conn| series::list(conn, &this, &wanted, piece)).await?;
        asked.after = page.items.last().map(|row| (row.ended_at, row.id));
        for row in page.items {
            points.extend(point(row, &question.measure)?);
        }
        if points.len() >= question.limit || !page.more {
            let more = page.more || points.len() > question.limit;
            points.truncate(question.limit);
            return Ok(Page { items: points, more });
        }
    }
}

/// What is asked of the database; nothing where the centre is not the actor's.
async fn asked(
    app: &App,
    actor: &Actor,
    question: &Question,
    now: Instant,
) -> Result<Option<Asked>, Error> {
    let scope = match question.territory {
        Some(territory) => actor.scope.narrowed_to(territory),
        None => actor.scope.clone(),
    };
    let mut filter = SeriesFilter {
        facility: None,
        checklist: question.checklist.clone(),
        from: question.from.map(|day| Instant::start_of(day, app.zone)),
        // The day after the last; the end of the calendar has none, and nothing after it.
        until: question.to.and_then(|day| day.succ_opt()).map(|d| Instant::start_of(d, app.zone)),
    };
    if let Some(which) = question.facility.clone() {
        let within = scope.clone();
        let found = app.db.read(move |conn| facilities::find(conn, &within, &which)).await?;
        let Some(found) = found else { return Ok(None) };
        filter.facility = Some(found.id);
    }
    let published = app.library.model(now).version.clone();
    Ok(Some(Asked { scope, filter, published, after: question.after }))
}

fn point(row: SeriesRow, measure: &Measure) -> Result<Option<Point>, Error> {
    let value = match (row.got, measure) {
        (Got::Score(value), _) => Some(value),
        (Got::Document(text), measure) => {
            let score: Result<Score, _> = serde_json::from_str(&text);
            measure.of_score(&score.map_err(|e| Error::Internal(e.to_string()))?)
        }
    };
    Ok(value.map(|value| Point {
        id: row.id,
        ended_at: row.ended_at,
        facility: row.facility,
        name: row.name,
        territory: row.territory,
        checklist: row.checklist,
        kind: row.kind,
        value,
        band: row.band,
    }))
}

/// Tells the views of the database which model is in force.
///
/// # Errors
/// When the database fails.
pub async fn keep_shown_model(app: &App, now: Instant) -> Result<(), Error> {
    let model = app.library.model(now).version.clone();
    let asked = model.clone();
    if !app.db.read(move |conn| shown_model::is_kept(conn, &asked)).await? {
        app.db.write(move |conn| shown_model::keep(conn, &model)).await?;
    }
    Ok(())
}
