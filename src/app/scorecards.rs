//! Scorecards: the picture of a centre from its visits (contract, section 3, step 11). One
//! centre is drawn anew whenever it is asked for; the pictures of a territory are remembered
//! until a write changes them.

mod drawing;
mod keeping;
mod kept;
mod remembered;

use std::collections::HashMap;

use serde_json::Value;
use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::{Band, DimensionScore, IndicatorValue, Score};
use vigila_core::domain::{
    Facility, FacilityKind, FacilityRef, Facts, InspectionId, Instant, Scope, Territory,
};
use vigila_core::scoring::History;

pub use self::drawing::Instruments;
use self::drawing::{BaseVisit, Drawing};
pub(super) use self::drawing::{Laid, Past, Standpoint};
pub use self::keeping::keep_standings;
pub use self::remembered::{Picture, Remembered, Shown};
use super::{Actor, App, Error};
use crate::store::inspections as stored;
use crate::store::{facilities, findings};

/// The picture of one centre.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// The centre.
    pub facility: Facility,
    /// When it was drawn.
    pub as_of: Instant,
    /// The band.
    pub band: Band,
    /// 0-100, of the main checklist's base.
    pub overall: Option<f64>,
    /// 0-1, of the main checklist's base.
    pub coverage: Option<f64>,
    /// Whether the base is older than the model allows.
    pub stale: bool,
    /// The checklist that speaks for the centre.
    pub main_checklist: Option<String>,
    /// Critical items that are failed now.
    pub critical_now: Vec<CriticalItem>,
    /// Photos still to come of visits that count.
    pub photos_owed: i64,
    /// When the centre was last seen.
    pub last_visit: Option<Instant>,
    /// The band of the main checklist's base, knock-outs aside; none before the first visit.
    pub band_by_points: Option<Band>,
    /// Who lives there, as last known.
    pub residents: Residents,
    /// Since when the oldest of the critical items that are failed now is.
    pub oldest_critical: Option<Instant>,
    /// Items that failed in the last two visits that looked at them.
    pub repeated_failures: usize,
    /// What the bases found.
    pub found: Found,
}

/// Who lives in a centre, as far as its facts say.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Residents {
    /// Guests (`guests_present`).
    pub guests: Option<f64>,
    /// Minors (`minors_present`); a plain yes is 1.
    pub minors: Option<f64>,
}

impl Residents {
    /// What these facts say.
    fn of(facts: &Facts) -> Self {
        let number = |code: &str| facts.get(code).map(|value| value.number());
        Self { guests: number("guests_present"), minors: number("minors_present") }
    }

    /// What these say, and where they say nothing what others do.
    fn or(self, others: Self) -> Self {
        let Self { guests, minors } = self;
        Self { guests: guests.or(others.guests), minors: minors.or(others.minors) }
    }
}

/// What the bases of a centre found, without its explanation.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Dimensions of the main checklist's base, in the checklist's order.
    pub dimensions: Vec<DimensionScore>,
    /// Indicators: the main checklist's, then those that only other checklists give.
    pub indicators: Vec<IndicatorValue>,
}

impl Scorecard {
    /// What the visits of the centre together say, for the indicators of its history.
    #[must_use]
    pub fn history(&self) -> History {
        #[expect(clippy::cast_precision_loss, reason = "a handful of items")]
        let count = |number: usize| Some(number as f64).filter(|_| self.last_visit.is_some());
        let days = |since: Instant| self.as_of.days_since(since).max(0.0);
        History {
            days_since_last_visit: self.last_visit.map(days),
            critical_open: count(self.critical_now.len()),
            oldest_critical_days: self.oldest_critical.map(days).or(count(0)),
            repeated_failures: count(self.repeated_failures),
        }
    }

    /// What territories' lists are ordered by: the worst band first, then the longest unseen,
    /// then the code.
    #[must_use]
    pub fn rank(&self) -> (Band, Option<Instant>, String) {
        (self.band, self.last_visit, self.facility.code.to_string())
    }
}

/// A critical item that is failed now.
#[derive(Debug, Clone)]
pub struct CriticalItem {
    /// The item.
    pub item: String,
    /// Its checklist.
    pub checklist: ChecklistRef,
    /// The visit that says so.
    pub inspection: InspectionId,
    /// When it was observed.
    pub observed_at: Instant,
}

/// The picture of one centre with what each checklist says.
#[derive(Debug, Clone)]
pub struct FacilityScorecard {
    /// The picture.
    pub card: Scorecard,
    /// The base of each checklist, by code.
    pub checklists: Vec<ChecklistCard>,
    /// The indicators of the centre's history.
    pub indicators: Vec<IndicatorValue>,
}

impl FacilityScorecard {
    /// The base that speaks for the centre.
    #[must_use]
    pub fn main(&self) -> Option<&ChecklistCard> {
        let main = self.card.main_checklist.as_ref()?;
        self.checklists.iter().find(|part| part.checklist.code == *main)
    }
}

/// What one checklist says of a centre.
#[derive(Debug, Clone)]
pub struct ChecklistCard {
    /// The checklist.
    pub checklist: ChecklistRef,
    /// The visit it stands on.
    pub inspection: InspectionId,
    /// When that visit ended.
    pub ended_at: Instant,
    /// What kind of visit it was.
    pub kind: Kind,
    /// How many photos of it are still to come.
    pub photos_missing: i32,
    /// Its score.
    pub score: Score,
}

/// The scorecard of a centre.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories.
pub async fn facility_scorecard(
    app: &App,
    actor: &Actor,
    which: FacilityRef,
    now: Instant,
) -> Result<FacilityScorecard, Error> {
    let scope = actor.scope.clone();
    let published = app.library.model(now).version.clone();
    let read = app.db.read(move |conn| {
        let Some(facility) = facilities::find(conn, &scope, &which)? else { return Ok(None) };
        let visits = stored::of_facility(conn, facility.id, &published)?;
        let settled = findings::settled_items(conn, &[facility.id])?;
        Ok(Some((facility, visits, settled)))
    });
    let (facility, visits, settled) = read.await?.ok_or(Error::NotFound)?;
    let instruments = Instruments::load(app, visits.iter().map(|v| &v.checklist)).await?;
    let past = (&visits[..], &settled[..]);
    let mut drawing = Drawing::new(app.library.model(now), &instruments, facility.kind, past)?;
    let bases: Vec<_> = drawing.bases.iter().map(|base| base.inspection).collect();
    let scores = shown_scores(app, &bases, now).await?;
    observed_times(app, drawing.critical_now.iter_mut()).await?;
    let found = Found::of(&drawing, &scores);
    let checklists = drawing.bases.iter().map(|base| {
        let score = scores.get(&base.inspection).cloned();
        Ok(ChecklistCard {
            checklist: base.checklist.clone(),
            inspection: base.inspection,
            ended_at: base.ended_at,
            kind: base.kind,
            photos_missing: base.photos_missing,
            score: score.ok_or_else(|| Error::Internal("a base without its score".into()))?,
        })
    });
    let checklists = checklists.collect::<Result<_, Error>>()?;
    let card = drawing.card(app.library.model(now), facility, found, now);
    let indicators = app.library.indicators().map(|all| all.of_history(&card.history()));
    Ok(FacilityScorecard { card, checklists, indicators: indicators.unwrap_or_default() })
}

impl Found {
    fn of(drawing: &Drawing, scores: &HashMap<InspectionId, Score>) -> Self {
        let score = |base: &BaseVisit| scores.get(&base.inspection);
        let main = drawing.main_base().and_then(score);
        let mut found = Self {
            dimensions: main.map(|main| main.dimensions.clone()).unwrap_or_default(),
            indicators: main.map(|main| main.indicators.clone()).unwrap_or_default(),
        };
        for value in drawing.bases.iter().filter_map(score).flat_map(|score| &score.indicators) {
            if found.indicators.iter().all(|known| known.code != value.code) {
                found.indicators.push(value.clone());
            }
        }
        found
    }
}

/// The scorecards of every active centre of a territory, the worst first.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories.
pub async fn territory_scorecards(
    app: &App,
    actor: &Actor,
    territory: Territory,
    kind: Option<FacilityKind>,
    now: Instant,
) -> Result<Vec<Scorecard>, Error> {
    if !actor.scope.holds(territory) {
        return Err(Error::NotFound);
    }
    let scope = actor.scope.narrowed_to(territory);
    let mut cards = scorecards_within(app, &scope, kind, now).await?;
    cards.sort_by_cached_key(Scorecard::rank);
    Ok(cards)
}

/// The scorecards of every active centre within a scope, in no order that counts.
///
/// # Errors
/// When the database fails.
pub async fn scorecards_within(
    app: &App,
    scope: &Scope,
    kind: Option<FacilityKind>,
    now: Instant,
) -> Result<Vec<Scorecard>, Error> {
    app.remembered.scorecards(app, scope, kind, now).await
}

/// The scores shown of these visits.
pub(super) async fn shown_scores(
    app: &App,
    ids: &[InspectionId],
    now: Instant,
) -> Result<HashMap<InspectionId, Score>, Error> {
    let mut scores = HashMap::new();
    for some in ids.chunks(200) {
        let (some, published) = (some.to_vec(), app.library.model(now).version.clone());
        let read = app.db.read(move |conn| stored::shown_scores(conn, &some, &published)).await?;
        for (id, text) in read {
            let score = serde_json::from_str(&text).map_err(|e| Error::Internal(e.to_string()))?;
            scores.insert(id, score);
        }
    }
    Ok(scores)
}

/// The answers' own times, where they have one: only the contents know them, and only those
/// of visits that failed a critical item are read.
async fn observed_times<'a>(
    app: &App,
    items: impl Iterator<Item = &'a mut CriticalItem>,
) -> Result<(), Error> {
    let mut items: Vec<&mut CriticalItem> = items.collect();
    let mut wanted: Vec<_> = items.iter().map(|item| item.inspection).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut contents: HashMap<InspectionId, Value> = HashMap::new();
    for some in wanted.chunks(200) {
        let some = some.to_vec();
        let read = app.db.read(move |conn| stored::contents(conn, &some)).await?;
        for (id, text) in read {
            let value = serde_json::from_str(&text).map_err(|e| Error::Internal(e.to_string()))?;
            contents.insert(id, value);
        }
    }
    for item in &mut items {
        let content = contents.get(&item.inspection);
        if let Some(at) = content.and_then(|content| observed_at(content, &item.item)) {
            item.observed_at = at;
        }
    }
    Ok(())
}

fn observed_at(content: &Value, item: &str) -> Option<Instant> {
    let mut answers = content.get("answers")?.as_array()?.iter();
    let answer = answers.find(|answer| answer.get("item").and_then(Value::as_str) == Some(item))?;
    answer.get("observed_at")?.as_str()?.parse().ok()
}
