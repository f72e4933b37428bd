//! What the order of visits looks like on the wire.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use vigila_core::documents::planning::ReasonCode;
use vigila_core::scoring::Reason;

use crate::app::next_visits::NextVisit;
use crate::http::paging::Links;
use crate::http::v1::wire::FacilityBrief;

/// A centre with how urgent a visit to it is.
#[derive(Serialize, ToSchema)]
#[schema(as = NextVisit)]
pub struct NextVisitShown {
    /// The centre.
    facility: FacilityBrief,
    /// The sum of the points of its reasons.
    #[schema(minimum = 0)]
    total: f64,
    /// When its last visit ended; null where there was none.
    #[schema(format = DateTime)]
    last_visit: Option<String>,
    /// The reasons that give points, in the plan's order.
    reasons: Vec<VisitReason>,
}

/// One reason to visit a centre.
#[derive(Serialize, ToSchema)]
pub struct VisitReason {
    /// Which.
    code: ReasonCode,
    /// What it gives.
    #[schema(minimum = 0)]
    points: f64,
    /// What was measured, where something was: days, items, a share, points of score, persons.
    value: Option<f64>,
    /// What it was held against, in the same unit.
    limit: Option<f64>,
}

/// A page of centres to visit.
#[derive(Serialize, ToSchema)]
pub struct NextVisitList {
    /// The centres, the most urgent first.
    pub items: Vec<NextVisitShown>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Which part of the list is asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `PageRequest`")]
pub struct NextVisitParams {
    /// Most rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i32>,
    /// Where the page begins: from the last page's `next`.
    cursor: Option<String>,
}

impl From<NextVisit> for NextVisitShown {
    fn from(visit: NextVisit) -> Self {
        Self {
            facility: FacilityBrief::from(&visit.facility),
            total: visit.priority.total,
            last_visit: visit.last_visit.map(|at| at.to_string()),
            reasons: visit.priority.reasons.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Reason> for VisitReason {
    fn from(reason: Reason) -> Self {
        let Reason { code, points, value, limit } = reason;
        Self { code, points, value, limit }
    }
}
