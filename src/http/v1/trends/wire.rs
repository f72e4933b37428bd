//! What trends look like on the wire.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vigila_core::documents::score::{ChecklistVersion, ModelVersion};

use crate::app::trends::{Break, Measure, Point, Series, Trend};
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
        let unit = match trend.measure {
            Measure::Overall | Measure::Dimension(_) => "points",
            Measure::Indicator(_) => "value",
        };
        Self {
            measure: trend.measure.to_string(),
            unit: unit.to_owned(),
            checklist: trend.checklist,
            series: trend.series.into_iter().map(Into::into).collect(),
            breaks: trend.breaks.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Series> for TrendSeries {
    fn from(series: Series) -> Self {
        Self {
            kinds: series.kinds.iter().map(ToString::to_string).collect(),
            points: series.points.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Point> for TrendPoint {
    fn from(point: Point) -> Self {
        Self {
            inspection_id: point.inspection.0,
            at: point.at.to_string(),
            value: point.value,
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
