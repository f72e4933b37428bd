//! Drawing the picture of a centre from its visits: what does not change with the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::Band;
use vigila_core::domain::{Facility, FacilityId, FacilityKind, InspectionId, Instant};
use vigila_core::scoring::{self, Applied, Card, Model, Repeats, Spoken, Standing, Visit, Watched};

use super::{CriticalItem, Found, Residents, Scorecard};
use crate::app::inspections::checklist;
use crate::app::{App, Error, Published};
use crate::store::findings::SettledItem;
use crate::store::inspections::VisitRow;
use crate::store::published;

/// The checklists that visits were made with.
#[derive(Debug, Clone, Default)]
pub struct Instruments(BTreeMap<ChecklistRef, Arc<Published>>);

impl Instruments {
    /// Finds these checklists.
    ///
    /// # Errors
    /// [`Error::Internal`] where one is gone.
    pub async fn load<'a>(
        app: &App,
        wanted: impl IntoIterator<Item = &'a ChecklistRef>,
    ) -> Result<Self, Error> {
        let mut found = BTreeMap::new();
        for reference in wanted {
            if !found.contains_key(reference) {
                let published = checklist(app, reference).await?;
                let published =
                    published.ok_or_else(|| Error::Internal("a checklist is gone".into()))?;
                found.insert(reference.clone(), published);
            }
        }
        Ok(Self(found))
    }

    /// All that were ever published.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(app: &App) -> Result<Self, Error> {
        let names = app.db.read(|conn| published::names(conn, published::Kind::Checklist)).await?;
        let names = names.into_iter().map(|(code, version)| ChecklistRef { code, version });
        Self::load(app, &names.collect::<Vec<_>>()).await
    }

    /// One of them.
    #[must_use]
    pub fn of(&self, reference: &ChecklistRef) -> Option<&Published> {
        self.0.get(reference).map(Arc::as_ref)
    }

    /// Each of them.
    pub fn each(&self) -> impl Iterator<Item = &Published> {
        self.0.values().map(Arc::as_ref)
    }

    /// A model laid over each of them.
    #[must_use]
    pub fn under<'a>(&'a self, model: &'a Model) -> Laid<'a> {
        let each = self.0.values().map(|published| Applied::new(model, &published.instrument));
        let mut by_code: BTreeMap<String, Vec<Applied<'a>>> = BTreeMap::new();
        for applied in each {
            by_code.entry(applied.instrument.reference.code.clone()).or_default().push(applied);
        }
        let watched = by_code.iter().map(|(code, versions)| (code.clone(), Watched::new(versions)));
        Laid { watched: watched.collect(), by_code }
    }
}

/// A model laid over checklists.
pub struct Laid<'a> {
    by_code: BTreeMap<String, Vec<Applied<'a>>>,
    /// Their critical items, by code.
    pub watched: BTreeMap<String, Watched>,
}

impl Laid<'_> {
    /// The model over one checklist.
    #[must_use]
    pub fn of(&self, reference: &ChecklistRef) -> Option<&Applied<'_>> {
        let versions = self.by_code.get(&reference.code)?;
        versions.iter().find(|a| a.instrument.reference.version == reference.version)
    }
}

/// The base of a checklist.
#[derive(Debug, Clone)]
pub struct BaseVisit {
    pub checklist: ChecklistRef,
    pub inspection: InspectionId,
    pub ended_at: Instant,
    pub kind: Kind,
    pub photos_missing: i32,
    pub overall: Option<f64>,
    pub coverage: Option<f64>,
    pub band_by_points: Band,
}

/// The picture of a centre, apart from what the clock and its own record say.
#[derive(Debug, Clone)]
pub struct Drawing {
    pub kind: FacilityKind,
    pub band: Band,
    pub bases: Vec<BaseVisit>,
    pub main: Option<usize>,
    pub critical_now: Vec<CriticalItem>,
    pub photos_owed: i64,
    /// When the oldest of the visits that owe photos was received.
    pub owed_since: Option<Instant>,
    pub last_visit: Option<Instant>,
    /// As the latest visit that knows says.
    pub residents: Residents,
    /// Since when the oldest of the critical items that are failed now is.
    pub oldest_critical: Option<Instant>,
    /// Items that failed in the last two visits that looked at them.
    pub repeated_failures: usize,
}

impl Drawing {
    /// Draws a centre of this kind from the visits that count, given from the earliest, and the
    /// items of which the office settled a finding.
    pub fn new(
        model: &Model,
        instruments: &Instruments,
        kind: FacilityKind,
        past: (&[VisitRow], &[SettledItem]),
    ) -> Result<Self, Error> {
        Self::laid(&instruments.under(model), model, kind, past)
    }

    fn laid(
        laid: &Laid<'_>,
        model: &Model,
        kind: FacilityKind,
        (visits, settled): (&[VisitRow], &[SettledItem]),
    ) -> Result<Self, Error> {
        let mut past = Past::default();
        for row in visits {
            past.see(laid, row)?;
        }
        for item in settled {
            past.settle(item);
        }
        let Past { standing, .. } = &past;
        let main_of_kind = model.main_checklists.get(&kind).map(String::as_str);
        let card: Card<'_, &VisitRow> = standing.card(main_of_kind, &laid.watched);
        let critical = card.critical_now.iter().map(|failed| CriticalItem {
            item: failed.item.to_owned(),
            checklist: failed.what.checklist.clone(),
            inspection: failed.visit.id,
            observed_at: failed.visit.ended_at,
        });
        Ok(Self {
            kind,
            band: card.band,
            main: card.main,
            critical_now: critical.collect(),
            bases: card.bases.iter().map(|base| BaseVisit::of(base.what)).collect(),
            photos_owed: visits.iter().map(|row| i64::from(row.photos_missing)).sum(),
            owed_since: visits
                .iter()
                .filter(|row| row.photos_missing > 0)
                .map(|row| row.received_at)
                .min(),
            last_visit: past.last_visit,
            oldest_critical: past.oldest(laid, &card),
            repeated_failures: past.repeats.values().map(Repeats::count).sum(),
            residents: visits
                .iter()
                .fold(Residents::default(), |earlier, row| Residents::of(&row.facts).or(earlier)),
        })
    }

    /// The base that speaks for the centre.
    pub fn main_base(&self) -> Option<&BaseVisit> {
        self.main.map(|main| &self.bases[main])
    }

    /// The picture of `facility` at an instant.
    pub fn card(&self, model: &Model, facility: Facility, found: Found, now: Instant) -> Scorecard {
        let stale_after = f64::from(model.document.stale_after_days);
        let base = self.main_base();
        Scorecard {
            as_of: now,
            band: self.band,
            overall: base.and_then(|base| base.overall),
            coverage: base.and_then(|base| base.coverage),
            stale: base.is_some_and(|base| now.days_since(base.ended_at) > stale_after),
            main_checklist: base.map(|base| base.checklist.code.clone()),
            critical_now: self.critical_now.clone(),
            photos_owed: self.photos_owed,
            last_visit: self.last_visit,
            oldest_critical: self.oldest_critical,
            repeated_failures: self.repeated_failures,
            band_by_points: base.map(|base| base.band_by_points),
            residents: self.residents.or(Residents::of(&facility.facts)),
            facility,
            found,
        }
    }
}

impl BaseVisit {
    fn of(row: &VisitRow) -> Self {
        Self {
            checklist: row.checklist.clone(),
            inspection: row.id,
            ended_at: row.ended_at,
            kind: row.kind,
            photos_missing: row.photos_missing,
            overall: row.overall,
            coverage: row.coverage,
            band_by_points: row.band_by_points,
        }
    }
}

/// What the visits of a centre come to, seen from the earliest.
#[derive(Default)]
pub struct Past<'a> {
    standing: Standing<&'a VisitRow>,
    repeats: BTreeMap<&'a str, Repeats>,
    /// By checklist, for each watched item, since when it fails.
    failing: BTreeMap<&'a str, Vec<Option<Instant>>>,
    last_visit: Option<Instant>,
}

/// Where a centre stands, in the few values that are followed day by day.
#[derive(Debug, Clone, Copy)]
pub struct Standpoint {
    pub band: Band,
    /// The visit that speaks for the centre.
    pub base: Option<InspectionId>,
    pub overall: Option<f64>,
    pub coverage: Option<f64>,
    /// How many critical items are failed.
    pub critical: usize,
    pub last_visit: Option<Instant>,
}

impl<'a> Past<'a> {
    /// Where the visits seen so far leave a centre.
    pub fn stands(&self, laid: &Laid<'_>, main_of_kind: Option<&str>) -> Standpoint {
        let card: Card<'_, &VisitRow> = self.standing.card(main_of_kind, &laid.watched);
        let base = card.main().map(|base| *base.what);
        Standpoint {
            band: card.band,
            base: base.map(|base| base.id),
            overall: base.and_then(|base| base.overall),
            coverage: base.and_then(|base| base.coverage),
            critical: card.critical_now.len(),
            last_visit: self.last_visit,
        }
    }

    /// The office settled a finding. Visits must be seen before.
    pub fn settle(&mut self, item: &SettledItem) {
        self.standing.settle(&item.checklist, &item.item, item.at);
    }

    /// Takes in a visit.
    pub fn see(&mut self, laid: &Laid<'_>, row: &'a VisitRow) -> Result<(), Error> {
        let gone = || Error::Internal("a checklist is gone".into());
        let applied = laid.of(&row.checklist).ok_or_else(gone)?;
        let code = row.checklist.code.as_str();
        let watched = laid.watched.get(code).ok_or_else(gone)?;
        let answered = scoring::decode(&row.scored).map_err(|e| Error::Internal(e.to_string()))?;
        let states = applied.states(&answered, &row.facts);
        let says = watched.says(applied, &states, &answered, &row.facts);
        let visit = Visit {
            id: row.id,
            ended_at: row.ended_at,
            received_at: row.received_at,
            band_by_points: row.band_by_points,
            coverage: row.coverage,
        };
        self.standing.see((code, &row.checklist.version), &visit, &says, &row);
        self.last_visit = self.last_visit.max(Some(row.ended_at));
        self.repeats.entry(code).or_default().see(applied, &states);
        let failing = self.failing.entry(code).or_insert_with(|| vec![None; says.len()]);
        for (since, spoken) in failing.iter_mut().zip(&says) {
            match spoken {
                Spoken::Failed => *since = since.or(Some(row.ended_at)),
                Spoken::InOrder => *since = None,
                Spoken::Nothing => {}
            }
        }
        Ok(())
    }

    /// Since when the oldest of the critical items that are failed now is.
    fn oldest(&self, laid: &Laid<'_>, card: &Card<'_, &VisitRow>) -> Option<Instant> {
        let since = card.critical_now.iter().filter_map(|failed| {
            let code = failed.what.checklist.code.as_str();
            let mut items = laid.watched.get(code)?.items().iter();
            let place = items.position(|item| item == failed.item)?;
            *self.failing.get(code)?.get(place)?
        });
        since.min()
    }
}

/// A centre to be drawn.
#[derive(Debug)]
pub struct Centre {
    /// Which.
    pub id: FacilityId,
    /// Its kind.
    pub kind: FacilityKind,
    /// Its visits that count, from the earliest.
    pub visits: Vec<VisitRow>,
    /// The items of which the office settled a finding.
    pub settled: Vec<SettledItem>,
}

/// Several centres.
pub type Centres = Vec<Centre>;

/// Draws several centres at once, on a thread that may take its time.
pub async fn draw(
    app: &App,
    centres: Centres,
    now: Instant,
) -> Result<Vec<(FacilityId, Drawing)>, Error> {
    // A set, because a chain of closures across an await would keep the future from other
    // threads; and of many visits the checklists are few.
    let visits = centres.iter().flat_map(|centre| &centre.visits);
    let wanted: BTreeSet<&ChecklistRef> = visits.map(|row| &row.checklist).collect();
    let instruments = Instruments::load(app, wanted).await?;
    let library = app.library.clone();
    let work = tokio::task::spawn_blocking(move || {
        let model = library.model(now);
        let laid = instruments.under(model);
        let each = centres.into_iter();
        each.map(|centre| {
            let past = (&centre.visits[..], &centre.settled[..]);
            Ok((centre.id, Drawing::laid(&laid, model, centre.kind, past)?))
        })
        .collect()
    });
    work.await.map_err(|e| Error::Internal(e.to_string()))?
}
