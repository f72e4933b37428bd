//! What trends look like on the wire.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vigila_core::documents::score::{Band, ChecklistVersion, ModelVersion};
use vigila_core::documents::trend::Verdict;
use vigila_core::scoring::local_level::{Change, Level, Variances};

use crate::app::trends::{
    BandShare, Break, Joined, KindTrend, LevelPoint, Month, Percentile, Point, Series,
    TerritoryTrend, Trend,
};
use crate::http::v1::wire::checklist;

/// One measure of a centre over time.
#[derive(Serialize, ToSchema)]
#[schema(as = Trend)]
pub struct TrendShown {
    /// The measure.
    measure: String,
    /// The unit of its values: `points`, or that of the indicator.
    unit: String,
    /// The code of the checklist; null where the centre was never visited.
    checklist: Option<String>,
    /// Series of kinds of visit that may be compared.
    series: Vec<TrendSeries>,
    /// How much single visits scatter and how fast centres drift, estimated over the series of
    /// this checklist in the territory; null where the centre was never visited.
    variances: Option<TrendVariances>,
    /// Where the centre stands among those of its kind in the territory; null under five of
    /// them, and where its present base is of another checklist or has no value.
    percentile: Option<TrendPercentile>,
    /// Where the checklist or the model changed.
    breaks: Vec<TrendBreak>,
}

/// Visits that may be compared.
#[derive(Serialize, ToSchema)]
pub struct TrendSeries {
    /// Their kinds.
    kinds: Vec<String>,
    /// One point a visit, from the earliest.
    points: Vec<TrendPoint>,
    /// The smoothed level at each point that counts, with its 90 % interval.
    level: Vec<TrendLevel>,
    /// Whether the level changed.
    change: TrendChange,
    /// What the level is made over where the checklist or the model changed within the series;
    /// null where it did not.
    joined: Option<TrendJoined>,
}

/// How much single visits scatter and how fast centres drift.
#[derive(Serialize, ToSchema)]
pub struct TrendVariances {
    /// Variance of single visits around the level, in the square of the unit.
    noise: f64,
    /// Variance by which a level moves in a day, in the square of the unit.
    drift_per_day: f64,
    /// Whether they were estimated; else they are documented defaults.
    estimated: bool,
    /// How many steps from visit to visit there were to estimate from.
    #[schema(format = Int64)]
    steps: u64,
}

/// The level at a visit.
#[derive(Serialize, ToSchema)]
pub struct TrendLevel {
    /// When the visit ended.
    #[schema(format = DateTime)]
    at: String,
    /// The level.
    value: f64,
    /// The lower end of its 90 % interval, not clipped.
    low: f64,
    /// The upper end.
    high: f64,
}

/// The level at the last visit against a year before, or the first visit where that is less.
#[derive(Serialize, ToSchema)]
pub struct TrendChange {
    /// What may be said.
    verdict: Verdict,
    /// Now less then; null under three visits.
    difference: Option<f64>,
    /// The lower end of its 90 % interval; null under three visits.
    low: Option<f64>,
    /// The upper end; null under three visits.
    high: Option<f64>,
    /// Days between the two.
    over_days: f64,
}

/// What a series is compared over across a break.
#[derive(Serialize, ToSchema)]
pub struct TrendJoined {
    /// How many items all versions ask.
    #[schema(format = Int64)]
    shared_items: u64,
    /// The versions in the series.
    versions: Vec<TrendJoinedVersion>,
}

/// A version of the checklist in a joined series.
#[derive(Serialize, ToSchema)]
pub struct TrendJoinedVersion {
    /// The checklist.
    checklist: ChecklistVersion,
    /// How many items it asks.
    #[schema(format = Int64)]
    items: u64,
}

/// Where a centre stands among those of its kind.
#[derive(Serialize, ToSchema)]
pub struct TrendPercentile {
    /// 0-100: how many of the others are worse, equal ones counted by half.
    #[schema(minimum = 0, maximum = 100)]
    value: f64,
    /// How many centres are compared, this one included.
    #[schema(format = Int64)]
    among: u64,
    /// Their kind.
    kind: String,
}

/// One visit.
#[derive(Serialize, ToSchema)]
pub struct TrendPoint {
    /// The visit.
    inspection_id: Uuid,
    /// When it ended.
    #[schema(format = DateTime)]
    at: String,
    /// The measure; null where it has no value.
    value: Option<f64>,
    /// What the level is made from in a joined series: the measure under the published model,
    /// over the items that all versions ask; absent in others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    compared: Option<f64>,
    /// Why and how the visit was made.
    kind: String,
    /// Whether enough was observed for it to count.
    counted: bool,
    /// The checklist.
    checklist: ChecklistVersion,
    /// The model of the score.
    model: ModelVersion,
}

/// A change of checklist or model.
#[derive(Serialize, ToSchema)]
pub struct TrendBreak {
    /// The first visit after it.
    #[schema(format = DateTime)]
    at: String,
    /// What changed.
    what: String,
}

/// What is asked of a trend.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct TrendParams {
    /// `overall`, `dimension:CODE` or `indicator:CODE`; `overall` where none is asked.
    measure: Option<String>,
    /// A checklist, by code; the centre's main one where none is asked.
    checklist: Option<String>,
    /// First day of `ended_at`.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day of `ended_at`.
    #[param(format = Date)]
    to: Option<String>,
}

impl From<Trend> for TrendShown {
    fn from(trend: Trend) -> Self {
        Self {
            measure: trend.measure.to_string(),
            unit: trend.scale.unit,
            checklist: trend.checklist,
            series: trend.series.into_iter().map(Into::into).collect(),
            variances: trend.variances.map(Into::into),
            percentile: trend.percentile.map(Into::into),
            breaks: trend.breaks.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Series> for TrendSeries {
    fn from(series: Series) -> Self {
        Self {
            kinds: series.kinds.iter().map(ToString::to_string).collect(),
            points: series.points.into_iter().map(Into::into).collect(),
            level: series.level.into_iter().map(Into::into).collect(),
            change: series.change.into(),
            joined: series.joined.map(Into::into),
        }
    }
}

impl From<Variances> for TrendVariances {
    fn from(found: Variances) -> Self {
        let Variances { noise, drift_per_day, estimated, steps } = found;
        Self { noise, drift_per_day, estimated, steps: steps as u64 }
    }
}

impl From<LevelPoint> for TrendLevel {
    fn from(point: LevelPoint) -> Self {
        let Level { value, low, high, .. } = point.level;
        Self { at: point.at.to_string(), value, low, high }
    }
}

impl From<Change> for TrendChange {
    fn from(change: Change) -> Self {
        let Change { verdict, difference, low, high, over_days } = change;
        Self { verdict, difference, low, high, over_days }
    }
}

impl From<Joined> for TrendJoined {
    fn from(joined: Joined) -> Self {
        let versions = joined.versions.iter().map(|(reference, items)| TrendJoinedVersion {
            checklist: checklist(reference),
            items: *items as u64,
        });
        Self { shared_items: joined.shared_items as u64, versions: versions.collect() }
    }
}

impl From<Percentile> for TrendPercentile {
    fn from(found: Percentile) -> Self {
        let Percentile { value, among, kind } = found;
        Self { value, among: among as u64, kind: kind.as_str().to_owned() }
    }
}

impl From<Point> for TrendPoint {
    fn from(point: Point) -> Self {
        Self {
            inspection_id: point.inspection.0,
            at: point.at.to_string(),
            value: point.value,
            compared: point.compared,
            kind: point.kind.to_string(),
            counted: point.counted,
            checklist: checklist(&point.checklist),
            model: point.model,
        }
    }
}

impl From<Break> for TrendBreak {
    fn from(change: Break) -> Self {
        Self { at: change.at.to_string(), what: change.what }
    }
}

/// One measure of the centres of a territory, kind by kind.
#[derive(Serialize, ToSchema)]
#[schema(as = TerritoryTrend)]
pub struct TerritoryTrendShown {
    /// The code of the province.
    territory: String,
    /// The measure.
    measure: String,
    /// The unit of its values: `points`, or that of the indicator.
    unit: String,
    /// The model under which all visits were scored for this.
    model: ModelVersion,
    /// Each kind of which an active centre was visited.
    kinds: Vec<KindTrendShown>,
}

/// The centres of one kind over time.
#[derive(Serialize, ToSchema)]
#[schema(as = KindTrend)]
pub struct KindTrendShown {
    /// The kind.
    kind: String,
    /// Each month from the first visit to the present one.
    months: Vec<MonthShown>,
}

/// How the centres of a kind stood at the end of a month, or stand now in the present one.
#[derive(Serialize, ToSchema)]
#[schema(as = TrendMonth)]
pub struct MonthShown {
    /// Its first day.
    #[schema(format = Date)]
    month: String,
    /// How many active centres had been visited by then.
    #[schema(format = Int64)]
    centres: u64,
    /// The lower quartile of the measure, by linear interpolation; null without any value.
    lower_quartile: Option<f64>,
    /// The median.
    median: Option<f64>,
    /// The upper quartile.
    upper_quartile: Option<f64>,
    /// How many stood in each band, from the worst; bands without a centre are left out.
    bands: Vec<BandShareShown>,
}

/// How many centres stood in a band.
#[derive(Serialize, ToSchema)]
#[schema(as = BandShare)]
pub struct BandShareShown {
    /// The band.
    band: Band,
    /// How many centres.
    #[schema(format = Int64)]
    centres: u64,
    /// Their share of those visited, 0-1.
    #[schema(minimum = 0, maximum = 1)]
    share: f64,
}

/// What is asked of a territory's trend.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct TerritoryTrendParams {
    /// `overall`, `dimension:CODE` or `indicator:CODE`; `overall` where none is asked.
    measure: Option<String>,
    /// A kind of centre; all of them where none is asked.
    kind: Option<String>,
}

impl From<TerritoryTrend> for TerritoryTrendShown {
    fn from(trend: TerritoryTrend) -> Self {
        Self {
            territory: trend.territory.code().to_owned(),
            measure: trend.measure.to_string(),
            unit: trend.scale.unit,
            model: trend.model,
            kinds: trend.kinds.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<KindTrend> for KindTrendShown {
    fn from(trend: KindTrend) -> Self {
        Self {
            kind: trend.kind.as_str().to_owned(),
            months: trend.months.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Month> for MonthShown {
    fn from(month: Month) -> Self {
        let band = |share: &BandShare| BandShareShown {
            band: share.band,
            centres: share.centres as u64,
            share: share.share,
        };
        let quartile = |which: usize| month.quartiles.map(|quartiles| quartiles[which]);
        Self {
            month: month.month.to_string(),
            centres: month.centres as u64,
            lower_quartile: quartile(0),
            median: quartile(1),
            upper_quartile: quartile(2),
            bands: month.bands.iter().map(band).collect(),
        }
    }
}
