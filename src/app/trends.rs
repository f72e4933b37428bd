//! Trends: one measure of a centre over time, of one checklist, announced and remote visits
//! apart from the others; its level beneath the chance of single visits (a state-space model,
//! ADR 18), and whether it changed.

mod joined;
mod measure;
mod pools;
mod territory;

use std::collections::HashMap;

use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::{Band, ModelVersion, Score};
use vigila_core::domain::{
    Day, FacilityId, FacilityKind, FacilityRef, InspectionId, Instant, Scope, Territory,
};
use vigila_core::scoring::local_level::{
    Better, Change, Level, Observation, Variances, change, smooth,
};

pub use self::joined::Joined;
pub use self::measure::{Measure, NotAMeasure, Scale};
use self::pools::day;
pub use self::pools::{CentreLevel, Pools};
pub use self::territory::{BandShare, KindTrend, Month, TerritoryTrend, territory_trends};
use super::scorecards::{
    FacilityScorecard, Scorecard, facility_scorecard, scorecards_within, shown_scores,
};
use super::{Actor, App, Error};
use crate::store::inspections::{self as stored, TrendPoint};

/// The kinds of visit that may be compared with each other.
pub const KINDS_APART: [&[Kind]; 3] =
    [&[Kind::Unannounced, Kind::FollowUp, Kind::Complaint], &[Kind::Announced], &[Kind::Remote]];

/// A measure of a centre over time.
#[derive(Debug, Clone)]
pub struct Trend {
    /// The measure.
    pub measure: Measure,
    /// How its values are read.
    pub scale: Scale,
    /// The checklist; none where the centre was never visited.
    pub checklist: Option<String>,
    /// Series of kinds that may be compared.
    pub series: Vec<Series>,
    /// How much single visits scatter and centres drift, over the territory.
    pub variances: Option<Variances>,
    /// Where the centre stands among those of its kind.
    pub percentile: Option<Percentile>,
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
    /// The level at each point that counts.
    pub level: Vec<LevelPoint>,
    /// Whether it changed.
    pub change: Change,
    /// What is compared across a break; none where there is none.
    pub joined: Option<Joined>,
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
    /// What the level is made from, where the series is joined across a break: the measure
    /// under the published model, over the items that all its versions ask.
    pub compared: Option<f64>,
    /// Its kind.
    pub kind: Kind,
    /// Whether enough was observed for it to count.
    pub counted: bool,
    /// The checklist.
    pub checklist: ChecklistRef,
    /// The model.
    pub model: ModelVersion,
}

/// The level at a visit.
#[derive(Debug, Clone, Copy)]
pub struct LevelPoint {
    /// When the visit ended.
    pub at: Instant,
    /// The level and its interval.
    pub level: Level,
}

/// Where a centre stands among those of its kind.
#[derive(Debug, Clone, Copy)]
pub struct Percentile {
    /// 0-100: how many of the others are worse, equal ones counted by half.
    pub value: f64,
    /// How many centres are compared, this one included.
    pub among: usize,
    /// Their kind.
    pub kind: FacilityKind,
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
    let shown = facility_scorecard(app, actor, question.facility.clone(), now).await?;
    let mut trend = Trend {
        scale: question.measure.scale(app),
        measure: question.measure.clone(),
        checklist: question.checklist.clone().or_else(|| shown.card.main_checklist.clone()),
        series: Vec::new(),
        variances: None,
        percentile: None,
        breaks: Vec::new(),
    };
    let Some(code) = trend.checklist.clone() else { return Ok(trend) };
    let rows = visits(app, &shown, &question, &code, now).await?;
    if rows.is_empty() {
        return Ok(trend);
    }
    let scores = match &trend.measure {
        Measure::Overall => HashMap::new(),
        _ => shown_scores(app, &rows.iter().map(|row| row.id).collect::<Vec<_>>(), now).await?,
    };
    let points: Vec<Point> = rows.iter().map(|row| point(row, &trend.measure, &scores)).collect();
    let territory = shown.card.facility.territory;
    let pool = app.pools.get(app, territory, (&code, &trend.measure), now).await?;
    for kinds in KINDS_APART {
        let of_kinds = rows.iter().zip(&points).filter(|(row, _)| kinds.contains(&row.kind));
        let (rows, points): (Vec<&TrendPoint>, Vec<Point>) =
            of_kinds.map(|(row, point)| (row, point.clone())).unzip();
        if !points.is_empty() {
            let (points, joined) = joined::join(app, &trend.measure, &rows, points, now).await?;
            trend.series.push(series(kinds, points, joined, &pool.variances, trend.scale.better));
        }
    }
    trend.variances = Some(pool.variances);
    trend.percentile = percentile(app, &shown.card, &trend, now).await?;
    trend.breaks = breaks(&rows);
    Ok(trend)
}

async fn visits(
    app: &App,
    shown: &FacilityScorecard,
    question: &Question,
    checklist: &str,
    now: Instant,
) -> Result<Vec<TrendPoint>, Error> {
    let from = question.from.map(|day| Instant::start_of(day, app.zone));
    // The day after the last; the end of the calendar has none, and nothing after it.
    let until = question.to.and_then(|day| day.succ_opt());
    let until = until.map(|day| Instant::start_of(day, app.zone));
    let (id, asked) = (shown.card.facility.id, checklist.to_owned());
    let published = app.library.model(now).version.clone();
    let read =
        app.db.read(move |conn| stored::trend_points(conn, id, &asked, &published, from, until));
    Ok(read.await?)
}

fn point(row: &TrendPoint, measure: &Measure, scores: &HashMap<InspectionId, Score>) -> Point {
    let value = match measure {
        Measure::Overall => row.overall,
        other => scores.get(&row.id).and_then(|score| other.of_score(score)),
    };
    Point {
        inspection: row.id,
        at: row.ended_at,
        counted: value.is_some() && row.band_by_points != Band::NotEnoughData,
        value,
        compared: None,
        kind: row.kind,
        checklist: row.checklist.clone(),
        model: row.model.clone(),
    }
}

fn series(
    kinds: &'static [Kind],
    points: Vec<Point>,
    joined: Option<Joined>,
    variances: &Variances,
    better: Better,
) -> Series {
    let counted = points.iter().filter(|point| point.counted);
    let seen: Vec<(Instant, Observation)> = counted
        .filter_map(|point| {
            let value = point.compared.or(point.value)?;
            Some((point.at, Observation { day: day(point.at), value }))
        })
        .collect();
    let observations: Vec<Observation> = seen.iter().map(|(_, seen)| *seen).collect();
    let levels = smooth(&observations, variances);
    let level = seen.iter().zip(levels).map(|((at, _), level)| LevelPoint { at: *at, level });
    Series {
        kinds,
        level: level.collect(),
        change: change(&observations, variances, better),
        points,
        joined,
    }
}

/// Fewest centres among which one has a place.
const FEWEST_PEERS: usize = 5;

async fn percentile(
    app: &App,
    card: &Scorecard,
    trend: &Trend,
    now: Instant,
) -> Result<Option<Percentile>, Error> {
    let kind = card.facility.kind;
    let scope = Scope::Only([card.facility.territory].into());
    let cards = scorecards_within(app, &scope, Some(kind), now).await?;
    let same = |peer: &&Scorecard| peer.main_checklist == trend.checklist;
    let peers: Vec<(FacilityId, f64)> = cards
        .iter()
        .filter(same)
        .filter_map(|peer| Some((peer.facility.id, trend.measure.of_card(peer)?)))
        .collect();
    let own = peers.iter().find(|(id, _)| *id == card.facility.id).map(|(_, value)| *value);
    let Some(own) = own.filter(|_| peers.len() >= FEWEST_PEERS) else { return Ok(None) };
    let others = peers.iter().filter(|(id, _)| *id != card.facility.id);
    let worse: f64 = others.map(|(_, value)| worse(trend.scale.better, *value, own)).sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of centres")]
    let share = 100.0 * worse / (peers.len() - 1) as f64;
    Ok(Some(Percentile { value: share, among: peers.len(), kind }))
}

/// 1 where `other` is worse than `own`, one half where they are equal, else 0.
fn worse(better: Better, other: f64, own: f64) -> f64 {
    let off = |value: f64| match better {
        Better::Higher => -value,
        Better::Lower => value,
        Better::Within(from, to) => (from - value).max(value - to).max(0.0),
    };
    match off(other).total_cmp(&off(own)) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    }
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

/// The level now of every active centre of a territory, by its main checklist's visits
/// without notice.
///
/// # Errors
/// When the database fails.
pub async fn levels_within(
    app: &App,
    territory: Territory,
    now: Instant,
) -> Result<HashMap<FacilityId, CentreLevel>, Error> {
    let scope = Scope::Only([territory].into());
    let cards = scorecards_within(app, &scope, None, now).await?;
    let scale = Measure::Overall.scale(app);
    let mut levels = HashMap::new();
    for card in &cards {
        let Some(code) = &card.main_checklist else { continue };
        let pool = app.pools.get(app, territory, (code, &Measure::Overall), now).await?;
        if let Some(level) = pool.level_of(card.facility.id, &scale) {
            levels.insert(card.facility.id, level);
        }
    }
    Ok(levels)
}
