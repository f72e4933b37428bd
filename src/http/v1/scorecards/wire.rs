//! What scorecards look like on the wire.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vigila_core::documents::score::{Band, ChecklistVersion, IndicatorValue, Score};

use crate::app::scorecards::{ChecklistCard, CriticalItem, FacilityScorecard, Scorecard};
use crate::http::paging::Links;
use crate::http::v1::wire::{FacilityBrief, PhotoDebt, checklist};

/// How a centre stands.
#[derive(Serialize, ToSchema)]
pub struct ScorecardBrief {
    /// The centre.
    facility: FacilityBrief,
    /// When this was drawn.
    #[schema(format = DateTime)]
    as_of: String,
    /// The band.
    band: Band,
    /// 0-100, of the main checklist's base.
    #[schema(minimum = 0, maximum = 100)]
    overall: Option<f64>,
    /// 0-1, of the main checklist's base.
    #[schema(minimum = 0, maximum = 1)]
    coverage: Option<f64>,
    /// Whether the base is older than the model allows.
    stale: bool,
    /// The code of the checklist that speaks for the centre.
    main_checklist: Option<String>,
    /// Critical items that are failed now.
    critical_now: Vec<CriticalNow>,
    /// Photos still to come.
    photos_owed: i64,
}

/// How a centre stands, with what each checklist says.
#[derive(Serialize, ToSchema)]
#[schema(as = Scorecard)]
pub struct ScorecardShown {
    #[serde(flatten)]
    brief: ScorecardBrief,
    /// The base of each checklist that was used, by code; empty where none was.
    checklists: Vec<ChecklistPart>,
    /// The indicators of the centre's history; those of a visit stand in its score.
    indicators: Vec<IndicatorValue>,
    /// Critical indicators that are poor. They change nothing else here.
    warnings: Vec<IndicatorWarning>,
}

/// A critical indicator that is poor.
#[derive(Serialize, ToSchema)]
pub struct IndicatorWarning {
    /// The indicator.
    indicator: String,
    /// Its value.
    value: Option<f64>,
    /// The visit that says so; null for an indicator of the history.
    inspection_id: Option<Uuid>,
}

/// A critical item that is failed now.
#[derive(Serialize, ToSchema)]
pub struct CriticalNow {
    /// The item.
    item: String,
    /// Its checklist.
    checklist: ChecklistVersion,
    /// The visit that says so.
    inspection_id: Uuid,
    /// When it was observed.
    #[schema(format = DateTime)]
    observed_at: String,
}

/// What one checklist says of a centre.
#[derive(Serialize, ToSchema)]
pub struct ChecklistPart {
    /// The checklist.
    checklist: ChecklistVersion,
    /// The visit it stands on.
    inspection_id: Uuid,
    /// When that visit ended.
    #[schema(format = DateTime)]
    ended_at: String,
    /// Why and how it was made.
    kind: String,
    /// Whether photos of it are still to come.
    state: PhotoDebt,
    /// Its score.
    score: Score,
}

/// A page of scorecards.
#[derive(Serialize, ToSchema)]
pub struct ScorecardList {
    /// The scorecards.
    pub items: Vec<ScorecardBrief>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Which scorecards are asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct TerritoryParams {
    /// A kind of centre.
    kind: Option<String>,
    /// Most rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i32>,
    /// Where the page begins: from the last page's `next`.
    cursor: Option<String>,
}

impl From<&CriticalItem> for CriticalNow {
    fn from(critical: &CriticalItem) -> Self {
        Self {
            item: critical.item.clone(),
            checklist: checklist(&critical.checklist),
            inspection_id: critical.inspection.0,
            observed_at: critical.observed_at.to_string(),
        }
    }
}

impl From<ChecklistCard> for ChecklistPart {
    fn from(card: ChecklistCard) -> Self {
        Self {
            checklist: checklist(&card.checklist),
            inspection_id: card.inspection.0,
            ended_at: card.ended_at.to_string(),
            kind: card.kind.to_string(),
            state: PhotoDebt::of(card.photos_missing),
            score: card.score,
        }
    }
}

impl From<Scorecard> for ScorecardBrief {
    fn from(card: Scorecard) -> Self {
        Self {
            facility: FacilityBrief::from(&card.facility),
            as_of: card.as_of.to_string(),
            band: card.band,
            overall: card.overall,
            coverage: card.coverage,
            stale: card.stale,
            main_checklist: card.main_checklist,
            critical_now: card.critical_now.iter().map(Into::into).collect(),
            photos_owed: card.photos_owed,
        }
    }
}

impl From<FacilityScorecard> for ScorecardShown {
    fn from(shown: FacilityScorecard) -> Self {
        let of_visits = shown.checklists.iter().flat_map(|part| {
            let each = part.score.indicators.iter();
            each.map(move |value| (value, Some(part.inspection.0)))
        });
        let of_history = shown.indicators.iter().map(|value| (value, None));
        let poor = of_visits.chain(of_history).filter(|(value, _)| value.critical);
        let warnings = poor.map(|(value, inspection_id)| IndicatorWarning {
            indicator: value.code.clone(),
            value: value.value,
            inspection_id,
        });
        Self {
            warnings: warnings.collect(),
            indicators: shown.indicators,
            brief: ScorecardBrief::from(shown.card),
            checklists: shown.checklists.into_iter().map(Into::into).collect(),
        }
    }
}
