//! The series of one measure of all centres of a territory, and how much such series scatter
//! and drift: one centre alone has too few visits to tell. Remembered until a visit changes
//! them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use vigila_core::documents::score::{Band, ModelVersion};
use vigila_core::domain::{FacilityId, InspectionId, Instant, Scope, Territory};
use vigila_core::scoring::local_level::{Change, Observation, Variances, change, estimate, smooth};

use super::{KINDS_APART, Measure, Scale};
use crate::app::feed::Feed;
use crate::app::history::fold;
use crate::app::{App, Error};
use crate::store::changes;
use crate::store::inspections::Stretch;

/// Most pools that are remembered: enough for the main checklists of every territory.
const MOST: usize = 600;

/// The series of a measure in a territory.
#[derive(Debug)]
pub struct Pool {
    /// What they scatter and drift, estimated over all of them.
    pub variances: Variances,
    /// Each from the earliest, by centre and by which of [`KINDS_APART`].
    pub series: HashMap<(FacilityId, usize), Vec<Observation>>,
}

/// What the visits of a centre say of its level now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CentreLevel {
    /// Whether it is clearly worse than a year before.
    pub worsening: bool,
    /// Half the width of the 90 % interval of the level at the last visit.
    pub half_width: f64,
}

impl Pool {
    /// The level of a centre by its visits without notice; none where it has none.
    #[must_use]
    pub fn level_of(&self, facility: FacilityId, scale: &Scale) -> Option<CentreLevel> {
        let series = self.series.get(&(facility, 0))?;
        let last = smooth(series, &self.variances).pop()?;
        let Change { verdict, .. } = change(series, &self.variances, scale.better);
        Some(CentreLevel {
            worsening: verdict == vigila_core::documents::trend::Verdict::Worsening,
            half_width: (last.high - last.low) / 2.0,
        })
    }
}

type Key = (Territory, String, Measure);

/// The pools that were made before.
#[derive(Default)]
pub struct Pools {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    feed: Feed,
    model: Option<ModelVersion>,
    known: HashMap<Key, Arc<Pool>>,
    /// How many changes were heeded.
    generation: u64,
}

impl Pools {
    /// The pool of a measure in a territory.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(
        &self,
        app: &App,
        territory: Territory,
        (checklist, measure): (&str, &Measure),
        now: Instant,
    ) -> Result<Arc<Pool>, Error> {
        let from = self.look(|state| state.feed.from(now));
        let changed = app.db.read(move |conn| changes::since(conn, from)).await?;
        let key: Key = (territory, checklist.to_owned(), measure.clone());
        let published = &app.library.model(now).version;
        let known = self.look(|state| {
            if state.feed.is_too_old(now) || state.model.as_ref() != Some(published) {
                *state = State { model: Some(published.clone()), ..State::default() };
            }
            for change in state.feed.heed(&changed, now) {
                state.known.retain(|(territory, ..), _| *territory != change.territory);
                state.generation += 1;
            }
            (state.known.get(&key).cloned(), state.generation)
        });
        let (known, generation) = known;
        if let Some(known) = known {
            return Ok(known);
        }
        let pool = Arc::new(read(app, territory, (checklist, measure), now).await?);
        self.look(|state| {
            if state.known.len() >= MOST {
                state.known.clear();
            }
            // A change that somebody heeded meanwhile may be missing in what was read.
            if state.generation == generation {
                state.known.insert(key, pool.clone());
            }
        });
        Ok(pool)
    }

    fn look<T>(&self, at: impl FnOnce(&mut State) -> T) -> T {
        at(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

type Dated = ((Instant, Instant, InspectionId), f64);

async fn read(
    app: &App,
    territory: Territory,
    (checklist, measure): (&str, &Measure),
    now: Instant,
) -> Result<Pool, Error> {
    let scope = Scope::Only([territory].into());
    let stretch = Stretch { checklist: Some(checklist.to_owned()), ..Stretch::all(scope) };
    let wanted = measure.clone();
    let empty: HashMap<(FacilityId, usize), Vec<Dated>> = HashMap::new();
    let model = app.library.model(now);
    let dated = fold(app, model, stretch, empty, move |all, again| {
        let visit = again.visit;
        let counted = again.judged.ruling.by_points != Band::NotEnoughData;
        let group = KINDS_APART.iter().position(|kinds| kinds.contains(&visit.kind));
        let value = wanted.again(&again).filter(|_| counted);
        if let (Some(group), Some(value)) = (group, value) {
            let at = (visit.ended_at, visit.received_at, visit.id);
            all.entry((visit.facility, group)).or_default().push((at, value));
        }
        Ok(())
    });
    let width = measure.scale(app).width;
    let series: HashMap<_, _> =
        dated.await?.into_iter().map(|(key, visits)| (key, in_time(visits))).collect();
    // In an order of its own, so that the same visits give the same bits.
    let mut keys: Vec<_> = series.keys().copied().collect();
    keys.sort_unstable();
    let pooled: Vec<&[Observation]> = keys.iter().map(|key| series[key].as_slice()).collect();
    Ok(Pool { variances: estimate(&pooled, width), series })
}

fn in_time(mut visits: Vec<Dated>) -> Vec<Observation> {
    visits.sort_by_key(|(at, _)| *at);
    let each = visits.into_iter();
    each.map(|((ended_at, ..), value)| Observation { day: day(ended_at), value }).collect()
}

/// Fractional days since 1970.
#[expect(clippy::cast_precision_loss, reason = "microseconds of centuries fit 2^53")]
pub fn day(at: Instant) -> f64 {
    at.utc().timestamp_micros() as f64 / 86_400e6
}
