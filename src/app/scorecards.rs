//! Scorecards: the picture of a centre from its visits (contract, section 3, step 11).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value;
use vigila_core::checklist::Answered;
use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::{Band, Score};
use vigila_core::domain::{
    Facility, FacilityId, FacilityKind, FacilityRef, Facts, InspectionId, Instant, Scope, Territory,
};
use vigila_core::scoring::{self, Model, Spoken, Visit};

use super::inspections::checklist;
use super::{Actor, App, Error, Published};
use crate::store::facilities::{self, FacilityFilter};
use crate::store::inspections::{self as stored, VisitRow};
use vigila_core::documents::semver;

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
    /// The base of each checklist, by code.
    pub checklists: Vec<ChecklistCard>,
}

impl Scorecard {
    /// The base that speaks for the centre.
    #[must_use]
    pub fn main(&self) -> Option<&ChecklistCard> {
        let main = self.main_checklist.as_ref()?;
        self.checklists.iter().find(|card| card.checklist.code == *main)
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
    /// Whether photos of it are still to come.
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
) -> Result<Scorecard, Error> {
    let scope = actor.scope.clone();
    let published = app.library.model(now).version.clone();
    let read = app.db.read(move |conn| {
        let Some(facility) = facilities::find(conn, &scope, &which)? else { return Ok(None) };
        let visits = stored::of_facility(conn, facility.id, &published)?;
        Ok(Some((facility, visits)))
    });
    let (facility, visits) = read.await?.ok_or(Error::NotFound)?;
    let cards = draw(app, vec![(facility, visits)], now).await?;
    cards.into_iter().next().ok_or(Error::NotFound)
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
    cards.sort_by_key(Scorecard::rank);
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
    let scope = scope.clone();
    let published = app.library.model(now).version.clone();
    let read = app.db.read(move |conn| {
        let filter = FacilityFilter { q: None, kind, active: Some(true) };
        let centres = facilities::list(conn, &scope, &filter, None, usize::from(u16::MAX))?.items;
        Ok((centres, stored::of_facilities(conn, &scope, &published)?))
    });
    let (centres, visits) = read.await?;
    let mut by_centre: HashMap<FacilityId, Vec<VisitRow>> = HashMap::new();
    for (facility, visit) in visits {
        by_centre.entry(facility).or_default().push(visit);
    }
    let each = centres.into_iter().map(|facility| {
        let visits = by_centre.remove(&facility.id).unwrap_or_default();
        (facility, visits)
    });
    draw(app, each.collect(), now).await
}

type Instruments = HashMap<ChecklistRef, Arc<Published>>;

async fn draw(
    app: &App,
    centres: Vec<(Facility, Vec<VisitRow>)>,
    now: Instant,
) -> Result<Vec<Scorecard>, Error> {
    let mut instruments = Instruments::new();
    for visit in centres.iter().flat_map(|(_, visits)| visits) {
        if !instruments.contains_key(&visit.checklist) {
            let found = checklist(app, &visit.checklist).await?;
            let found = found.ok_or_else(|| Error::Internal("a checklist is gone".into()))?;
            instruments.insert(visit.checklist.clone(), found);
        }
    }
    let model = app.library.model(now);
    let cards = centres.into_iter().map(|(facility, rows)| {
        Drawing { model, instruments: &instruments, facility, rows, now }.scorecard()
    });
    let mut cards = cards.collect::<Result<Vec<_>, _>>()?;
    observed_times(app, &mut cards).await?;
    Ok(cards)
}

struct Drawing<'a> {
    model: &'a Model,
    instruments: &'a Instruments,
    facility: Facility,
    rows: Vec<VisitRow>,
    now: Instant,
}

/// A visit with what it says, by item.
struct Speaking<'a> {
    row: &'a VisitRow,
    answered: Answered,
}

impl Drawing<'_> {
    fn scorecard(&self) -> Result<Scorecard, Error> {
        let visits: Vec<Visit> = self.rows.iter().map(as_visit).collect();
        let mut by_code: BTreeMap<String, Vec<&Visit>> = BTreeMap::new();
        for visit in &visits {
            by_code.entry(visit.checklist.clone()).or_default().push(visit);
        }
        let bases: BTreeMap<String, _> = by_code
            .iter()
            .filter_map(|(code, visits)| {
                let base = scoring::choose_base(visits.iter().copied())?;
                Some((code.clone(), base))
            })
            .collect();
        let main_of_kind = self.model.main_checklists.get(&self.facility.kind);
        let main = scoring::main_checklist(&bases, main_of_kind.map(String::as_str));
        let main_base = main.and_then(|code| bases.get(code)).map(|base| base.visit);
        let mut critical_now = Vec::new();
        for (code, visits) in &by_code {
            critical_now.extend(self.critical_of(code, visits)?);
        }
        let checklists = bases.values().map(|base| self.card(base.visit.id));
        let checklists = checklists.collect::<Result<Vec<_>, Error>>()?;
        let band = match main_base {
            _ if !critical_now.is_empty() => Band::Critical,
            Some(base) => base.band_by_points,
            None => Band::NeverInspected,
        };
        let overall = |row: &VisitRow| row.overall;
        let base_row = main_base.and_then(|base| self.row(base.id));
        let stale_after = f64::from(self.model.document.stale_after_days);
        Ok(Scorecard {
            as_of: self.now,
            band,
            overall: base_row.and_then(overall),
            coverage: base_row.and_then(|row| row.coverage),
            stale: main_base.is_some_and(|base| self.now.days_since(base.ended_at) > stale_after),
            main_checklist: main.map(str::to_owned),
            critical_now,
            photos_owed: self.rows.iter().map(|row| i64::from(row.photos_missing)).sum(),
            last_visit: self.rows.iter().map(|row| row.ended_at).max(),
            checklists,
            facility: self.facility.clone(),
        })
    }

    fn row(&self, id: InspectionId) -> Option<&VisitRow> {
        self.rows.iter().find(|row| row.id == id)
    }

    fn card(&self, id: InspectionId) -> Result<ChecklistCard, Error> {
        let row = self.row(id).ok_or_else(|| Error::Internal("a base without its visit".into()))?;
        let score = serde_json::from_str(&row.document);
        Ok(ChecklistCard {
            checklist: row.checklist.clone(),
            inspection: row.id,
            ended_at: row.ended_at,
            kind: row.kind,
            photos_missing: row.photos_missing,
            score: score.map_err(|e| Error::Internal(e.to_string()))?,
        })
    }

    /// The critical items of the newest version used here that are failed now.
    fn critical_of(&self, code: &str, visits: &[&Visit]) -> Result<Vec<CriticalItem>, Error> {
        let rows: Vec<&VisitRow> = self.rows.iter().filter(|r| r.checklist.code == code).collect();
        let newest = rows.iter().map(|row| &row.checklist).max_by_key(|c| semver(&c.version));
        let Some(newest) = newest.and_then(|wanted| self.instruments.get(wanted)) else {
            return Ok(Vec::new());
        };
        let critical = newest.instrument.items.iter().filter(|item| item.critical);
        let critical: Vec<String> = critical.map(|item| item.code.clone()).collect();
        let mut speaking = HashMap::new();
        for row in rows {
            let answered = scoring::decode(&row.scored);
            let answered = answered.map_err(|e| Error::Internal(e.to_string()))?;
            speaking.insert(row.id, Speaking { row, answered });
        }
        let says = |visit: &Visit, item: &str| self.says(speaking.get(&visit.id), item);
        let failed = scoring::critical_now(visits, &critical, says);
        let each = failed.into_iter().filter_map(|failed| {
            let row = speaking.get(&failed.inspection)?.row;
            Some(CriticalItem {
                item: failed.item,
                checklist: row.checklist.clone(),
                inspection: row.id,
                observed_at: row.ended_at,
            })
        });
        Ok(each.collect())
    }

    fn says(&self, speaking: Option<&Speaking<'_>>, item: &str) -> Spoken {
        let Some(Speaking { row, answered }) = speaking else { return Spoken::Nothing };
        let Some(published) = self.instruments.get(&row.checklist) else { return Spoken::Nothing };
        let instrument = &published.instrument;
        let Some(index) = instrument.index_of(item) else { return Spoken::Nothing };
        let verdict = answered.get(index).and_then(Option::as_ref);
        let facts: &Facts = &row.facts;
        Spoken::of(self.model, &instrument.items[index], verdict, facts)
    }
}

fn as_visit(row: &VisitRow) -> Visit {
    Visit {
        id: row.id,
        checklist: row.checklist.code.clone(),
        ended_at: row.ended_at,
        received_at: row.received_at,
        band_by_points: row.band_by_points,
        coverage: row.coverage,
    }
}

/// The answers' own times, where they have one: only the contents know them, and only those
/// of visits that failed a critical item are read.
async fn observed_times(app: &App, cards: &mut [Scorecard]) -> Result<(), Error> {
    let mut wanted: Vec<_> =
        cards.iter().flat_map(|card| &card.critical_now).map(|item| item.inspection).collect();
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
    for item in cards.iter_mut().flat_map(|card| &mut card.critical_now) {
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
