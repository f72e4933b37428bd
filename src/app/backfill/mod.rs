//! The past as Prometheus would have scraped it, a sample a day, for `promtool tsdb
//! create-blocks-from openmetrics`. Each value is that of the scorecard as it would have been
//! drawn at the end of that day from the visits which had ended by then and count today, by the
//! same rules and the same stored scores. Only what changes is held in memory; the samples are
//! made while they are written.

mod centre;
mod moments;
mod steps;
mod text;

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::try_join;
use serde_json::Value;
use vigila_core::domain::{Day, Facility, FacilityId, Instant, Scope};
use vigila_core::scoring::Model;

use self::centre::{CentreHistory, Rules, Seen};
use self::moments::Moments;
use super::audit::Event;
use super::scorecards::Instruments;
use super::{App, Error};
use crate::store::facilities::{self, FacilityFilter};
use crate::store::findings::{self, SettledItem, StoredFinding};
use crate::store::inspections::{self as stored, VisitRow};
use crate::store::{Conn, QueryResult, audit};

/// Hours up to now of which no sample is written: Prometheus holds them in its head, and what
/// it is given must not overlap that.
pub const HEAD_HOURS: i64 = 3;

/// Of how many centres the visits are read at once.
const AT_ONCE: usize = 100;

/// What is asked of the past.
#[derive(Debug, Clone)]
pub struct Question {
    /// Within these territories.
    pub scope: Scope,
    /// The first day.
    pub from: Day,
    /// The last day at most.
    pub to: Day,
    /// How many days from one sample to the next.
    pub step: u32,
}

/// More days than a series may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no more than 65,535 samples a series: ask for fewer days, or with a larger --step")]
pub struct TooManyDays;

/// The past of all centres that were asked for.
pub struct History {
    moments: Moments,
    centres: Vec<CentreHistory>,
}

impl History {
    /// How many centres it is of, active or not.
    #[must_use]
    pub fn centres(&self) -> usize {
        self.centres.len()
    }

    /// How many days are left out because they end within [`HEAD_HOURS`] or later.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.moments.left_out()
    }
}

/// Why there is no past to tell.
#[derive(Debug, thiserror::Error)]
pub enum NoHistory {
    /// What was asked is too much.
    #[error(transparent)]
    TooMany(#[from] TooManyDays),
    /// It could not be read.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Reads the past, some centres at a time.
///
/// # Errors
/// [`NoHistory`].
pub async fn gather(app: &App, question: Question, now: Instant) -> Result<History, NoHistory> {
    let head = now.plus_seconds(-HEAD_HOURS * 3600);
    let moments = Arc::new(Moments::new(&question, app.zone, head)?);
    let scope = question.scope;
    let all = app.db.read(move |conn| {
        let filter = FacilityFilter::default();
        Ok(facilities::list(conn, &scope, &filter, None, usize::from(u16::MAX))?.items)
    });
    let all = all.await.map_err(Error::from)?;
    let model = app.library.model(now).clone();
    let mut ahead = all.chunks(AT_ONCE).map(<[Facility]>::to_vec);
    let mut centres = Vec::with_capacity(all.len());
    let mut read = read_next(app, ahead.next(), &model).await?;
    while let Some(piece) = read.take() {
        let walking = walk(app, piece, model.clone(), moments.clone());
        let (next, walked) = try_join(read_next(app, ahead.next(), &model), walking).await?;
        centres.extend(walked);
        read = next;
    }
    let moments = Arc::try_unwrap(moments).unwrap_or_else(|shared| (*shared).clone());
    Ok(History { moments, centres })
}

/// What the database says of some centres, at one moment.
struct Piece {
    centres: Vec<Facility>,
    visits: Vec<(FacilityId, VisitRow)>,
    dimensions: Vec<stored::ShownDimension>,
    created: Vec<(FacilityId, Instant)>,
    /// When it was switched whether a centre takes visits.
    switched: Vec<(FacilityId, Instant)>,
    settled: Vec<SettledItem>,
    findings: Vec<StoredFinding>,
}

async fn read_next(
    app: &App,
    centres: Option<Vec<Facility>>,
    model: &Model,
) -> Result<Option<Piece>, Error> {
    let Some(centres) = centres else { return Ok(None) };
    let published = model.version.clone();
    let read = app.db.read(move |conn| {
        let ids: Vec<_> = centres.iter().map(|centre| centre.id).collect();
        Ok(Piece {
            visits: stored::of_facilities(conn, &ids, &published)?,
            dimensions: stored::shown_dimensions(conn, &ids, &published)?,
            created: facilities::created(conn, &ids)?,
            switched: switched(conn, &ids)?,
            settled: findings::settled_items(conn, &ids)?,
            findings: findings::of_facilities(conn, &ids)?,
            centres: centres.clone(),
        })
    });
    Ok(Some(read.await?))
}

/// When centres were closed or opened again, as the audit trail has it. An import does not say
/// whom it closed.
fn switched(conn: &mut Conn, ids: &[FacilityId]) -> QueryResult<Vec<(FacilityId, Instant)>> {
    let subjects: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let events = audit::of_subjects(conn, Event::FacilityChanged.name(), &subjects)?;
    let is_switch = |detail: &str| {
        let detail: Value = serde_json::from_str(detail).unwrap_or_default();
        let changed = detail["changed"].as_array();
        changed.is_some_and(|changed| changed.iter().any(|member| member == "active"))
    };
    let switches = events.into_iter().filter(|event| is_switch(&event.detail));
    Ok(switches.filter_map(|event| Some((event.subject.parse().ok()?, event.at))).collect())
}

/// Goes through the visits of some centres, on a thread that may take its time.
async fn walk(
    app: &App,
    piece: Piece,
    model: Arc<Model>,
    moments: Arc<Moments>,
) -> Result<Vec<CentreHistory>, Error> {
    let wanted = piece.visits.iter().map(|(_, visit)| &visit.checklist);
    let instruments = Instruments::load(app, wanted).await?;
    let work = tokio::task::spawn_blocking(move || {
        let laid = instruments.under(&model);
        let dimensions = centre::by_visit(piece.dimensions);
        let mut of_centre: HashMap<FacilityId, Seen> = HashMap::new();
        for (centre, visit) in piece.visits {
            of_centre.entry(centre).or_default().visits.push(visit);
        }
        for (centre, at) in piece.created {
            of_centre.entry(centre).or_default().created = Some(at);
        }
        for (centre, at) in piece.switched {
            of_centre.entry(centre).or_default().switched.push(at);
        }
        for item in piece.settled {
            of_centre.entry(item.facility).or_default().settled.push(item);
        }
        for finding in piece.findings {
            of_centre.entry(finding.facility).or_default().findings.push(finding);
        }
        let each = piece.centres.into_iter().map(|facility| {
            let seen = of_centre.remove(&facility.id).unwrap_or_default();
            let main = model.main_checklists.get(&facility.kind).map(String::as_str);
            let rules = Rules { laid: &laid, dimensions: &dimensions, main };
            CentreHistory::new(&facility, &seen, &rules, &moments)
        });
        each.collect()
    });
    work.await.map_err(|e| Error::Internal(e.to_string()))?
}
