//! The pictures of centres that were drawn before, shown again until a write changes one. A
//! process that starts takes them from the table of standings, and draws only what changed
//! since.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::Mutex;
use vigila_core::documents::score::{Band, DimensionScore, IndicatorValue};
use vigila_core::domain::{Facility, FacilityId, FacilityKind, Instant, Scope};

use super::drawing::{Centre, Centres, Drawing, draw};
use super::kept;
use super::{Found, Scorecard, observed_times, shown_scores};
use crate::app::feed::Feed;
use crate::app::{App, Error};
use crate::store::facilities::{self, FacilityFilter, Label};
use crate::store::findings::LiveFinding;
use crate::store::inspections as stored;
use crate::store::standings::{self, Mark};
use crate::store::{Conn, QueryResult, changes, findings};

/// How many centres are drawn at once: a country's visits would not fit the memory, and
/// others wait meanwhile.
const AT_ONCE: usize = 300;

/// What was drawn before.
#[derive(Default)]
pub struct Remembered {
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub pictures: HashMap<FacilityId, Arc<Picture>>,
    /// How they were drawn; none before the first look.
    pub drawn_by: Option<String>,
    pub feed: Feed,
    /// What the table has otherwise than this process, as far as this process changed it.
    pub unkept: HashSet<FacilityId>,
    /// The generation of the table that this builds on; 0 where there is none.
    pub generation: i64,
    /// Whether this builds on none of the table's pictures.
    pub wipe: bool,
    /// The active centres, as of a state of all.
    labels: Option<(facilities::State, Arc<[Label]>)>,
}

/// What is said of a centre that does not change with the clock.
#[derive(Debug, Clone)]
pub struct Picture {
    pub(super) drawing: Drawing,
    pub(super) found: Found,
    pub(super) findings: Vec<LiveFinding>,
}

impl Picture {
    /// The band.
    #[must_use]
    pub fn band(&self) -> Band {
        self.drawing.band
    }

    /// 0-100, of the main checklist's base.
    #[must_use]
    pub fn overall(&self) -> Option<f64> {
        self.drawing.main_base()?.overall
    }

    /// 0-1, of the main checklist's base.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        self.drawing.main_base()?.coverage
    }

    /// How many critical items are failed now.
    #[must_use]
    pub fn critical_count(&self) -> usize {
        self.drawing.critical_now.len()
    }

    /// When the centre was last seen.
    #[must_use]
    pub fn last_visit(&self) -> Option<Instant> {
        self.drawing.last_visit
    }

    /// Photos still to come of visits that count.
    #[must_use]
    pub fn photos_owed(&self) -> i64 {
        self.drawing.photos_owed
    }

    /// When the oldest of the visits that owe photos was received.
    #[must_use]
    pub fn owed_since(&self) -> Option<Instant> {
        self.drawing.owed_since
    }

    /// Its live findings, the oldest first.
    #[must_use]
    pub fn findings(&self) -> &[LiveFinding] {
        &self.findings
    }

    /// Dimensions of the main checklist's base.
    #[must_use]
    pub fn dimensions(&self) -> &[DimensionScore] {
        &self.found.dimensions
    }

    /// Indicators of the bases.
    #[must_use]
    pub fn indicators(&self) -> &[IndicatorValue] {
        &self.found.indicators
    }
}

/// Places among the active centres, each with the picture of that centre.
pub type Shown = Vec<(usize, Arc<Picture>)>;

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
        let asked = scope.clone();
        let look = state.look(app, now, move |conn| {
            let filter = FacilityFilter { q: None, kind, active: Some(true) };
            let all = usize::from(u16::MAX);
            Ok(facilities::list(conn, &asked, &filter, None, all)?.items)
        });
        let centres = look.await?;
        let named = |facility: &Facility| (facility.id, facility.kind);
        while state.draw_some(app, centres.iter().map(named), now).await? {}
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

    /// All active centres by code, and the picture of each with its place among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pictures(&self, app: &App, now: Instant) -> Result<(Arc<[Label]>, Shown), Error> {
        loop {
            let mut state = self.state.lock().await;
            let labels = state.look_at_all(app, now).await?;
            // What is drawn at a first start takes long: others have their turn meanwhile.
            if state.draw_some(app, named(&labels), now).await? {
                continue;
            }
            let each = labels.iter().enumerate();
            let shown = each
                .filter_map(|(place, label)| Some((place, state.pictures.get(&label.id)?.clone())));
            let shown = shown.collect();
            return Ok((labels, shown));
        }
    }
}

/// What is asked to know which of these are drawn.
pub(super) fn named(labels: &[Label]) -> impl Iterator<Item = (FacilityId, FacilityKind)> {
    labels.iter().map(|label| (label.id, label.kind))
}

impl State {
    /// What is remembered at a start: what the table holds, if it was drawn as this process
    /// would and no change since can have been forgotten.
    async fn begin(app: &App, drawn_by: String, now: Instant) -> Result<Self, Error> {
        let hand = drawn_by.clone();
        let read = app.db.read(move |conn| {
            let Some(mark) = standings::mark(conn)? else { return Ok(None) };
            let usable = mark.drawn_by == hand && !Feed::since(mark.at).is_too_old(now);
            let pictures = if usable { Some(standings::pictures(conn)?) } else { None };
            Ok(Some((mark, pictures)))
        });
        let (drawn_by, empty) = (Some(drawn_by), Self::default());
        match read.await? {
            None => Ok(Self { drawn_by, wipe: true, ..empty }),
            Some((Mark { generation, .. }, None)) => {
                Ok(Self { drawn_by, wipe: true, generation, ..empty })
            }
            Some((Mark { generation, at, .. }, Some(rows))) => {
                let pictures = kept::read_all(rows).await?;
                Ok(Self { drawn_by, generation, pictures, feed: Feed::since(at), ..empty })
            }
        }
    }

    /// Forgets what changed, and answers what was asked of the same state of the database.
    pub async fn look<T: Send + 'static>(
        &mut self,
        app: &App,
        now: Instant,
        mut ask: impl FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        let drawn_by = kept::drawn_by(&app.library.model(now).version);
        if self.feed.is_too_old(now) || self.drawn_by.as_ref() != Some(&drawn_by) {
            let labels = self.labels.take();
            *self = Self { labels, ..Self::begin(app, drawn_by, now).await? };
        }
        let from = self.feed.from(now);
        let read = app.db.read(move |conn| Ok((ask(conn)?, changes::since(conn, from)?)));
        let (answer, changed) = read.await?;
        for change in self.feed.heed(&changed, now) {
            self.pictures.remove(&change.facility);
            self.unkept.insert(change.facility);
        }
        Ok(answer)
    }

    /// The same, of all active centres.
    pub async fn look_at_all(&mut self, app: &App, now: Instant) -> Result<Arc<[Label]>, Error> {
        let known = self.labels.as_ref().map(|(state, _)| *state);
        let read = self.look(app, now, move |conn| facilities::labels_since(conn, known)).await?;
        if let Some((state, labels)) = read {
            self.labels = Some((state, labels.into()));
        }
        Ok(self.labels.as_ref().map(|(_, labels)| labels.clone()).unwrap_or_default())
    }

    /// Draws some of the centres that have no picture; whether there may be more.
    pub async fn draw_some(
        &mut self,
        app: &App,
        centres: impl Iterator<Item = (FacilityId, FacilityKind)>,
        now: Instant,
    ) -> Result<bool, Error> {
        let is_missing = |(id, kind): &(FacilityId, FacilityKind)| {
            self.pictures.get(id).is_none_or(|picture| picture.drawing.kind != *kind)
        };
        let some: Vec<_> = centres.filter(is_missing).take(AT_ONCE).collect();
        if some.is_empty() {
            return Ok(false);
        }
        let drawn = draw_anew(app, &some, now).await?;
        self.unkept.extend(some.iter().map(|(id, _)| *id));
        self.pictures.extend(drawn.into_iter().map(|(id, picture)| (id, Arc::new(picture))));
        Ok(some.len() == AT_ONCE)
    }
}

/// The pictures of these centres, from all their visits.
pub(super) async fn draw_anew(
    app: &App,
    some: &[(FacilityId, FacilityKind)],
    now: Instant,
) -> Result<Vec<(FacilityId, Picture)>, Error> {
    let visits = visits_of(app, some, now).await?;
    let mut drawn = draw(app, visits, now).await?;
    let items = drawn.iter_mut().flat_map(|(_, drawing)| &mut drawing.critical_now);
    observed_times(app, items).await?;
    let bases = drawn.iter().flat_map(|(_, drawing)| &drawing.bases);
    let bases: Vec<_> = bases.map(|base| base.inspection).collect();
    let scores = shown_scores(app, &bases, now).await?;
    let mut findings = findings_of(app, some).await?;
    let pictures = drawn.into_iter().map(|(id, drawing)| {
        let found = Found::of(&drawing, &scores);
        (id, Picture { drawing, found, findings: findings.remove(&id).unwrap_or_default() })
    });
    Ok(pictures.collect())
}

async fn findings_of(
    app: &App,
    some: &[(FacilityId, FacilityKind)],
) -> Result<HashMap<FacilityId, Vec<LiveFinding>>, Error> {
    let ids: Vec<FacilityId> = some.iter().map(|(id, _)| *id).collect();
    let mut by_centre: HashMap<FacilityId, Vec<_>> = HashMap::new();
    for (facility, finding) in app.db.read(move |conn| findings::live_of(conn, &ids)).await? {
        by_centre.entry(facility).or_default().push(finding);
    }
    Ok(by_centre)
}

async fn visits_of(
    app: &App,
    missing: &[(FacilityId, FacilityKind)],
    now: Instant,
) -> Result<Centres, Error> {
    let published = app.library.model(now).version.clone();
    let ids: Vec<FacilityId> = missing.iter().map(|(id, _)| *id).collect();
    let read = app.db.read(move |conn| {
        let visits = stored::of_facilities(conn, &ids, &published)?;
        Ok((visits, findings::settled_items(conn, &ids)?))
    });
    let (visits, mended) = read.await?;
    let mut by_centre: HashMap<FacilityId, (Vec<_>, Vec<_>)> = HashMap::new();
    for (facility, visit) in visits {
        by_centre.entry(facility).or_default().0.push(visit);
    }
    for item in mended {
        by_centre.entry(item.facility).or_default().1.push(item);
    }
    let each = missing.iter().map(|(id, kind)| {
        let (visits, settled) = by_centre.remove(id).unwrap_or_default();
        Centre { id: *id, kind: *kind, visits, settled }
    });
    Ok(each.collect())
}
