//! The pictures of centres that were drawn before, shown again until a write changes one.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Mutex;
use vigila_core::documents::score::ModelVersion;
use vigila_core::domain::{Facility, FacilityId, FacilityKind, Instant, Scope};

use super::drawing::{Centres, Drawing, draw};
use super::{Found, Scorecard, observed_times, shown_scores};
use crate::app::feed::Feed;
use crate::app::{App, Error};
use crate::store::changes;
use crate::store::facilities::{self, FacilityFilter};
use crate::store::inspections as stored;

/// How many centres are drawn at once: a country's visits would not fit the memory.
const AT_ONCE: usize = 300;

/// What was drawn before.
#[derive(Default)]
pub struct Remembered {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pictures: HashMap<FacilityId, Arc<Picture>>,
    /// Whose scores they show.
    model: Option<ModelVersion>,
    feed: Feed,
}

struct Picture {
    drawing: Drawing,
    found: Found,
}

impl Remembered {
    /// The scorecards of the active centres within a scope, in no order that counts.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn scorecards(
        &self,
        app: &App,
        scope: &Scope,
        kind: Option<FacilityKind>,
        now: Instant,
    ) -> Result<Vec<Scorecard>, Error> {
        // One at a time: two that draw the same centres at once would do the work twice.
        let mut state = self.state.lock().await;
        state.forget_old(app, now);
        let asked = scope.clone();
        let from = state.feed.from(now);
        let read = app.db.read(move |conn| {
            let filter = FacilityFilter { q: None, kind, active: Some(true) };
            let all = usize::from(u16::MAX);
            let centres = facilities::list(conn, &asked, &filter, None, all)?.items;
            Ok((centres, changes::since(conn, from)?))
        });
        let (centres, changed) = read.await?;
        for change in state.feed.heed(&changed, now) {
            state.pictures.remove(&change.facility);
        }
        state.draw_missing(app, &centres, now).await?;
        let pictures: Vec<_> = centres
            .into_iter()
            .filter_map(|facility| Some((state.pictures.get(&facility.id)?.clone(), facility)))
            .collect();
        drop(state);
        let model = app.library.model(now);
        let cards = pictures.into_iter().map(|(picture, facility)| {
            picture.drawing.card(model, facility, picture.found.clone(), now)
        });
        Ok(cards.collect())
    }
}

impl State {
    fn forget_old(&mut self, app: &App, now: Instant) {
        let published = &app.library.model(now).version;
        if self.feed.is_too_old(now) || self.model.as_ref() != Some(published) {
            *self = Self { model: Some(published.clone()), ..Self::default() };
        }
    }

    async fn draw_missing(
        &mut self,
        app: &App,
        centres: &[Facility],
        now: Instant,
    ) -> Result<(), Error> {
        let known = |facility: &Facility| {
            let picture = self.pictures.get(&facility.id);
            picture.is_some_and(|picture| picture.drawing.kind == facility.kind)
        };
        let missing: Vec<_> = centres.iter().filter(|facility| !known(facility)).collect();
        for some in missing.chunks(AT_ONCE) {
            self.draw(app, some, now).await?;
        }
        Ok(())
    }

    async fn draw(&mut self, app: &App, some: &[&Facility], now: Instant) -> Result<(), Error> {
        let visits = visits_of(app, some, now).await?;
        let mut drawn = draw(app, visits, now).await?;
        let items = drawn.iter_mut().flat_map(|(_, drawing)| &mut drawing.critical_now);
        observed_times(app, items).await?;
        let bases = drawn.iter().flat_map(|(_, drawing)| &drawing.bases);
        let bases: Vec<_> = bases.map(|base| base.inspection).collect();
        let scores = shown_scores(app, &bases, now).await?;
        for (id, drawing) in drawn {
            let found = Found::of(&drawing, &scores);
            self.pictures.insert(id, Arc::new(Picture { drawing, found }));
        }
        Ok(())
    }
}

async fn visits_of(app: &App, missing: &[&Facility], now: Instant) -> Result<Centres, Error> {
    let published = app.library.model(now).version.clone();
    let ids: Vec<FacilityId> = missing.iter().map(|facility| facility.id).collect();
    let read = app.db.read(move |conn| stored::of_facilities(conn, &ids, &published));
    let mut by_centre: HashMap<FacilityId, Vec<_>> = HashMap::new();
    for (facility, visit) in read.await? {
        by_centre.entry(facility).or_default().push(visit);
    }
    let each = missing.iter().map(|facility| {
        let visits = by_centre.remove(&facility.id).unwrap_or_default();
        (facility.id, facility.kind, visits)
    });
    Ok(each.collect())
}
