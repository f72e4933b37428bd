//! Trends: one measure of a centre over time, of one checklist, announced and remote visits
//! apart from the others.

use std::fmt;
use std::str::FromStr;

use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::{Band, ModelVersion, Score};
use vigila_core::domain::{Day, FacilityRef, InspectionId, Instant};

use super::scorecards::facility_scorecard;
use super::{Actor, App, Error};
use crate::store::inspections::{self as stored, TrendPoint};

/// What is followed over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// The overall score.
    Overall,
    /// The score of a dimension.
    Dimension(String),
    /// The value of an indicator.
    Indicator(String),
}

/// Not a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a measure is overall, dimension:CODE or indicator:CODE")]
pub struct NotAMeasure;

impl FromStr for Measure {
    type Err = NotAMeasure;
    fn from_str(text: &str) -> Result<Self, NotAMeasure> {
        let code = |code: &str| (!code.is_empty()).then(|| code.to_owned()).ok_or(NotAMeasure);
        match text.split_once(':') {
            None if text == "overall" => Ok(Self::Overall),
            Some(("dimension", rest)) => code(rest).map(Self::Dimension),
            Some(("indicator", rest)) => code(rest).map(Self::Indicator),
            _ => Err(NotAMeasure),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overall => f.write_str("overall"),
            Self::Dimension(code) => write!(f, "dimension:{code}"),
            Self::Indicator(code) => write!(f, "indicator:{code}"),
        }
    }
}

/// The kinds of visit that may be compared with each other.
pub const KINDS_APART: [&[Kind]; 3] =
    [&[Kind::Unannounced, Kind::FollowUp, Kind::Complaint], &[Kind::Announced], &[Kind::Remote]];

/// A measure of a centre over time.
#[derive(Debug, Clone)]
pub struct Trend {
    /// The measure.
    pub measure: Measure,
    /// The checklist; none where the centre was never visited.
    pub checklist: Option<String>,
    /// Series of kinds that may be compared.
    pub series: Vec<Series>,
    /// Where the checklist or the model changed.
    pub breaks: Vec<Break>,
}

/// Visits that may be compared.
#[derive(Debug, Clone)]
pub struct Series {
    /// Their kinds.
    pub kinds: &'static [Kind],
    /// One point a visit, from the earliest.
    pub points: Vec<Point>,
}

/// One visit in a series.
#[derive(Debug, Clone)]
pub struct Point {
    /// The visit.
    pub inspection: InspectionId,
    /// When it ended.
    pub at: Instant,
    /// The measure; none where it has no value.
    pub value: Option<f64>,
    /// Its kind.
    pub kind: Kind,
    /// Whether enough was observed for it to count.
    pub counted: bool,
    /// The checklist.
    pub checklist: ChecklistRef,
    /// The model.
    pub model: ModelVersion,
}

/// A change of checklist or model.
#[derive(Debug, Clone)]
pub struct Break {
    /// The first visit after it.
    pub at: Instant,
    /// What changed, such as `checklist CAS-COLL 1.1.0`.
    pub what: String,
}

/// What is asked of a trend.
pub struct Question {
    /// The centre.
    pub facility: FacilityRef,
    /// The measure.
    pub measure: Measure,
    /// The checklist; the centre's main one where none is named.
    pub checklist: Option<String>,
    /// First day of `ended_at`.
    pub from: Option<Day>,
    /// Last day of `ended_at`.
    pub to: Option<Day>,
}

/// A measure of a centre over time.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories.
pub async fn facility_trends(
    app: &App,
    actor: &Actor,
    question: Question,
    now: Instant,
) -> Result<Trend, Error> {
    let card = facility_scorecard(app, actor, question.facility, now).await?.card;
    let checklist = question.checklist.or(card.main_checklist);
    let Some(code) = checklist else {
        return Ok(Trend {
            measure: question.measure,
            checklist: None,
            series: Vec::new(),
            breaks: Vec::new(),
        });
    };
    let from = question.from.map(|day| Instant::start_of(day, app.zone));
    // The day after the last; the end of the calendar has none, and nothing after it.
    let until = question.to.and_then(|day| day.succ_opt());
    let until = until.map(|day| Instant::start_of(day, app.zone));
    let (id, asked) = (card.facility.id, code.clone());
    let published = app.library.model(now).version.clone();
    let read =
        app.db.read(move |conn| stored::trend_points(conn, id, &asked, &published, from, until));
    let rows = read.await?;
    let points = rows.iter().map(|row| point(row, &question.measure));
    let points = points.collect::<Result<Vec<_>, Error>>()?;
    let series = KINDS_APART.into_iter().map(|kinds| {
        let points = points.iter().filter(|point| kinds.contains(&point.kind));
        Series { kinds, points: points.cloned().collect() }
    });
    Ok(Trend {
        series: series.filter(|series| !series.points.is_empty()).collect(),
        breaks: breaks(&rows),
        measure: question.measure,
        checklist: Some(code),
    })
}

fn point(row: &TrendPoint, measure: &Measure) -> Result<Point, Error> {
    let score: Score =
        serde_json::from_str(&row.document).map_err(|e| Error::Internal(e.to_string()))?;
    let value = match measure {
        Measure::Overall => score.overall,
        Measure::Dimension(code) => {
            score.dimensions.iter().find(|d| d.code == *code).and_then(|d| d.score)
        }
        Measure::Indicator(code) => {
            score.indicators.iter().find(|i| i.code == *code).and_then(|i| i.value)
        }
    };
    Ok(Point {
        inspection: row.id,
        at: row.ended_at,
        counted: value.is_some() && row.band_by_points != Band::NotEnoughData,
        value,
        kind: row.kind,
        checklist: row.checklist.clone(),
        model: row.model.clone(),
    })
}

fn breaks(rows: &[TrendPoint]) -> Vec<Break> {
    let mut found = Vec::new();
    for pair in rows.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        if before.checklist != after.checklist {
            let what = format!("checklist {} {}", after.checklist.code, after.checklist.version);
            found.push(Break { at: after.ended_at, what });
        }
        if before.model != after.model {
            let what = format!("model {} {}", after.model.code, after.model.version);
            found.push(Break { at: after.ended_at, what });
        }
    }
    found
}
