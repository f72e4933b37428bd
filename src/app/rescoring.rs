//! Scoring all history again under another model, with the facts frozen at each visit: what
//! would become of it, and adding the scores. A score that is stored never changes; others are
//! added beside it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::try_join_all;
use uuid::Uuid;
use vigila_core::documents::comparison::Comparison;
use vigila_core::documents::{Faults, inspection};
use vigila_core::domain::{Instant, Scope};
use vigila_core::scoring::{self, Model, Revisited, Scored, View, Visit, WhatIf};

use super::history::{in_pieces, read};
use super::scorecards::Instruments;
use super::submissions::score_row;
use super::{App, Error};
use crate::store::facilities::{self, FacilityFilter};
use crate::store::findings;
use crate::store::inspections::{self as stored, PastVisit, Stretch, Unscored};
use crate::store::jobs::{self, Kind};
use crate::store::scores::NewScore;

/// Told how many of how many are done.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// Into how many stretches history is cut for each worker, so that all end about together.
const STRETCHES: u128 = 16;

/// How many scores are added in one transaction.
const BATCH: i64 = 200;

/// What would become of history within a scope under another model than the one in force.
///
/// # Errors
/// When the database fails.
pub async fn compare(
    app: &App,
    proposed: Arc<Model>,
    scope: &Scope,
    progress: Progress,
    now: Instant,
) -> Result<Comparison, Error> {
    let asked = scope.clone();
    let (total, ends) = app.db.read(move |conn| stored::extent(conn, &asked)).await?;
    let total = u64::try_from(total).unwrap_or(0);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let open = Arc::new(Mutex::new(stretches(scope, ends, workers)));
    let models = [app.library.model(now).clone(), proposed];
    let instruments = Arc::new(Instruments::all(app).await?);
    let done = Arc::new(AtomicU64::new(0));
    let tell = move |count: usize| {
        let before = done.fetch_add(count as u64, Ordering::Relaxed);
        progress(before + count as u64, total);
    };
    let tell = Arc::new(tell);
    let work = (0..workers).map(|_| {
        let (open, models, instruments, tell) =
            (open.clone(), models.clone(), instruments.clone(), tell.clone());
        async move {
            let mut heap = WhatIf::default();
            loop {
                let next = open.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some(stretch) = next else { return Ok::<_, Error>(heap) };
                let (models, tell) = (models.clone(), tell.clone());
                let see = move |heap: &mut WhatIf, known: &Instruments, piece: &[PastVisit]| {
                    see_piece(&models, known, piece, heap).map(|()| tell(piece.len()))
                };
                heap = in_pieces(app, &instruments, stretch, heap, see).await?;
            }
        }
    });
    let heaps = try_join_all(work).await?;
    told(app, scope, &models, &instruments, heaps).await
}

fn stretches(scope: &Scope, ends: Option<(Uuid, Uuid)>, workers: usize) -> VecDeque<Stretch> {
    let Some((first, last)) = ends else { return VecDeque::new() };
    let (first, last) = (first.as_u128(), last.as_u128());
    let count = STRETCHES * workers as u128;
    let step = (last - first) / count + 1;
    let each = (0..count).map(|number| {
        let until = first.saturating_add(step.saturating_mul(number + 1)).min(last);
        let after = number.checked_sub(1).map(|n| first.saturating_add(step.saturating_mul(n + 1)));
        Stretch {
            after: after.map(Uuid::from_u128),
            until: Some(Uuid::from_u128(until)),
            ..Stretch::all(scope.clone())
        }
    });
    each.collect()
}

fn see_piece(
    models: &[Arc<Model>; 2],
    instruments: &Instruments,
    piece: &[PastVisit],
    heap: &mut WhatIf,
) -> Result<(), Error> {
    let laid = [instruments.under(&models[0]), instruments.under(&models[1])];
    for past in piece {
        let view = |which: usize| -> Option<View<'_>> {
            let applied = laid[which].of(&past.checklist)?;
            Some(View { applied, watched: laid[which].watched.get(&past.checklist.code)? })
        };
        let (Some(before), Some(after)) = (view(0), view(1)) else { continue };
        let (answered, facts) = read(past)?;
        let published = instruments.of(&past.checklist);
        let visit = Visit {
            id: past.id,
            ended_at: past.ended_at,
            received_at: past.received_at,
            band_by_points: vigila_core::documents::score::Band::NotEnoughData,
            coverage: None,
        };
        let revisited = Revisited {
            facility: past.facility,
            visit,
            answered: &answered,
            facts: &facts,
            indicators: published.and_then(|published| published.indicators.as_ref()),
        };
        heap.see([before, after], &revisited);
    }
    Ok(())
}

async fn told(
    app: &App,
    scope: &Scope,
    models: &[Arc<Model>; 2],
    instruments: &Instruments,
    heaps: Vec<WhatIf>,
) -> Result<Comparison, Error> {
    let scope = scope.clone();
    let read = app.db.read(move |conn| {
        let filter = FacilityFilter { active: Some(true), ..FacilityFilter::default() };
        let all = facilities::list(conn, &scope, &filter, None, usize::from(u16::MAX))?.items;
        Ok((all, findings::settled_within(conn, &scope)?))
    });
    let (centres, settled) = read.await?;
    let mut whole = WhatIf::default();
    heaps.into_iter().for_each(|heap| whole.join(heap));
    for mended in &settled {
        whole.settle(mended.facility, (&mended.checklist, &mended.item), mended.at);
    }
    let [before, after] = [&models[0], &models[1]];
    let watched = [instruments.under(before).watched, instruments.under(after).watched];
    Ok(whole.told([before, after], [&watched[0], &watched[1]], &centres))
}

/// Asks for the scores that visits lack under the models of the folder that are in force or
/// still to come: then a model is whole on its day, and what was received before there were
/// indicators gets them.
///
/// # Errors
/// When the database fails.
pub async fn ask_for_missing_scores(app: &App, now: Instant) -> Result<(), Error> {
    let today = now.day(app.zone);
    let to_come = |model: &&Arc<Model>| model.published_from.is_some_and(|day| day > today);
    let in_force = app.library.model(now);
    for model in app.library.models().iter().filter(to_come).chain([in_force]) {
        let lacking = Unscored {
            scope: Scope::All,
            model: model.version.clone(),
            with_indicators: app.library.indicators().is_some(),
        };
        let request = format!("{} {}", model.version.code, model.version.version);
        let any = app.db.read(move |conn| stored::unscored(conn, &lacking, None, 1)).await?;
        if any.is_empty() {
            continue;
        }
        let asked = app.db.write(move |conn| {
            if jobs::is_open(conn, Kind::Rescore, &request)? {
                return Ok(());
            }
            jobs::add(conn, (Uuid::now_v7(), Kind::Rescore), None, &request, now)
        });
        asked.await?;
    }
    Ok(())
}

/// The model of the folder that a job of [`ask_for_missing_scores`] names.
#[must_use]
pub fn model_of_request(app: &App, request: &str) -> Option<Arc<Model>> {
    let name = |model: &Model| format!("{} {}", model.version.code, model.version.version);
    app.library.models().iter().find(|model| name(model) == request).cloned()
}

/// Adds the scores that the visits within a scope lack under a model, and says how many. What was added stays when it is interrupted, and is not
/// done again.
///
/// # Errors
/// When the database fails.
pub async fn add_scores(
    app: &App,
    model: &Arc<Model>,
    scope: &Scope,
    progress: Progress,
    now: Instant,
) -> Result<u64, Error> {
    let lacking = Unscored {
        scope: scope.clone(),
        model: model.version.clone(),
        with_indicators: app.library.indicators().is_some(),
    };
    let asked = lacking.clone();
    let total = app.db.read(move |conn| stored::count_unscored(conn, &asked)).await?;
    let total = u64::try_from(total).unwrap_or(0);
    let (mut added, mut after) = (0, None);
    loop {
        let asked = lacking.clone();
        let read = app.db.read(move |conn| stored::unscored(conn, &asked, after, BATCH)).await?;
        let Some(last) = read.last() else { return Ok(added) };
        after = Some(last.0.id.0);
        let instruments = Instruments::load(app, read.iter().map(|(v, _)| &v.checklist)).await?;
        let model = model.clone();
        let work = tokio::task::spawn_blocking(move || {
            let rows = read.iter().map(|(past, content)| {
                let score = score_again(&model, &instruments, past, content, now)?;
                Ok((past.facility, score))
            });
            rows.collect::<Result<Vec<_>, Error>>()
        });
        let rows = work.await.map_err(|e| Error::Internal(e.to_string()))??;
        let count = rows.len() as u64;
        app.db.write(move |conn| stored::add_scores(conn, &rows, now)).await?;
        added += count;
        progress(added, total.max(added));
    }
}

fn score_again(
    model: &Model,
    instruments: &Instruments,
    past: &PastVisit,
    content: &str,
    now: Instant,
) -> Result<NewScore, Error> {
    let unreadable = |what: &str| Error::Internal(format!("{what} of {} cannot be read", past.id));
    let published = instruments.of(&past.checklist).ok_or_else(|| unreadable("the checklist"))?;
    let value = serde_json::from_str(content).map_err(|_| unreadable("the content"))?;
    // It was whole when it was received, and is not judged again by today's clock.
    let visit = inspection::parse(&value, past.received_at, &mut Faults::default());
    let visit = visit.ok_or_else(|| unreadable("the content"))?;
    let (answered, facts) = read(past)?;
    let instrument = &published.instrument;
    let scored = Scored { instrument, answered: &answered, answers: &visit.answers, facts: &facts };
    let outcome = scoring::score(model, published.indicators.as_ref(), &scored, now);
    score_row(past.id, published, &outcome, now)
}
