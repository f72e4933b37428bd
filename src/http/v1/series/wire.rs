//! What a series looks like on the wire.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use vigila_core::documents::score::Band;

use crate::app::series::Point;
use crate::http::paging::Links;

/// Visits as flat rows of one measure.
#[derive(Serialize, ToSchema)]
pub struct SeriesList {
    /// Rows, the earliest first.
    pub items: Vec<SeriesPoint>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// The measure in one visit.
#[derive(Serialize, ToSchema)]
pub struct SeriesPoint {
    /// When the visit ended.
    #[schema(format = DateTime)]
    time: String,
    /// The centre's code.
    #[schema(example = "BT-0007")]
    facility: String,
    /// The centre's name.
    name: String,
    /// The centre's territory.
    #[schema(pattern = "^[A-Z]{2}$", example = "BT")]
    territory: String,
    /// The code of the checklist.
    #[schema(example = "CAS-COLL")]
    checklist: String,
    /// Why and how the visit was made.
    kind: &'static str,
    /// The measure, as it was asked for.
    #[schema(example = "overall")]
    measure: String,
    /// Its value: 0-100 of a score, in its unit of an indicator.
    value: f64,
    /// The band of the visit.
    band: Band,
}

impl SeriesPoint {
    /// On the wire.
    pub fn of(point: Point, measure: &str) -> Self {
        Self {
            time: point.ended_at.to_string(),
            facility: point.facility,
            name: point.name,
            territory: point.territory,
            checklist: point.checklist,
            kind: point.kind.as_str(),
            measure: measure.to_owned(),
            value: point.value,
            band: point.band,
        }
    }
}

/// What may be asked of a series.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters; `Query` reads them")]
pub struct SeriesParams {
    /// `overall` (where it is not told), `dimension:CODE` or `indicator:CODE`.
    #[param(pattern = "^(overall|dimension:.+|indicator:.+)$", example = "dimension:HYGIENE")]
    measure: Option<String>,
    /// Of this territory.
    #[param(pattern = "^[A-Z]{2}$", example = "BT")]
    territory: Option<String>,
    /// Of this centre, by code or id.
    #[param(example = "BT-0007")]
    facility: Option<String>,
    /// With this checklist, of any version.
    checklist: Option<String>,
    /// First day of `ended_at`.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day of `ended_at`.
    #[param(format = Date)]
    to: Option<String>,
    /// Where the page begins, as `_links.next` has it.
    cursor: Option<String>,
    /// Most rows of the page; 20,000 where it is not told.
    #[param(minimum = 1, maximum = 20000)]
    limit: Option<i32>,
}
