//! Jobs that somebody asked for, one after the other: each is held by a lease while it is
//! worked on, and says how far it is.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;
use vigila_core::domain::{Instant, Scope};

use super::{ended, said};
use crate::app::previews::run_preview;
use crate::app::rescoring::{Progress, add_scores, model_of_request};
use crate::app::{App, Error};
use crate::clock;
use crate::store::jobs::{self, Job, Kind, State};

/// How often a runner looks for work that nobody told it of.
const LOOK: Duration = Duration::from_secs(2);
/// How often it says that it still works.
const TELL: Duration = Duration::from_secs(1);
/// How long a lease holds without a word.
const LEASE_SECONDS: i64 = 60;

/// Takes jobs for ever.
pub(super) async fn work(app: &App, holder: Uuid) {
    for kind in [Kind::Preview, Kind::Rescore] {
        app.metrics.expect_job(kind.as_str());
    }
    loop {
        tokio::select! {
            () = app.work_asked.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
        loop {
            match take(app, holder).await {
                Ok(Some(job)) => said("a job", do_job(app, holder, job).await),
                Ok(None) => break,
                Err(error) => {
                    said("looking for jobs", Err(error));
                    break;
                }
            }
        }
    }
}

fn lease(now: Instant) -> Instant {
    now.plus_seconds(LEASE_SECONDS)
}

async fn take(app: &App, holder: Uuid) -> Result<Option<Job>, Error> {
    let now = clock::now();
    Ok(app.db.write(move |conn| jobs::take(conn, holder, now, lease(now))).await?)
}

/// Does a job, and says how far it is while it does. Another process that took it over, after
/// this one was silent for too long, goes on alone.
async fn do_job(app: &App, holder: Uuid, job: Job) -> Result<(), Error> {
    let reached = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
    let told = reached.clone();
    let progress: Progress = Arc::new(move |done, total| {
        told.0.store(done, Ordering::Relaxed);
        told.1.store(total, Ordering::Relaxed);
    });
    let held = (job.id, holder);
    let doing = result_of(app, &job, progress);
    let Some(outcome) = while_held(app, held, &reached, doing).await? else { return Ok(()) };
    ended(app, job.kind.as_str(), outcome.is_ok());
    let (state, text) = match outcome {
        Ok(text) => (State::Done, text),
        Err(error) => {
            tracing::error!(%error, job = %job.id, "a job failed for good");
            (State::Failed, "failed".to_owned())
        }
    };
    let now = clock::now();
    report(app, held, &reached).await?;
    app.db.write(move |conn| jobs::finish(conn, held, state, &text, now)).await?;
    Ok(())
}

type Reached = (AtomicU64, AtomicU64);

async fn while_held<T>(
    app: &App,
    held: (Uuid, Uuid),
    reached: &Reached,
    doing: impl Future<Output = T>,
) -> Result<Option<T>, Error> {
    tokio::pin!(doing);
    loop {
        tokio::select! {
            outcome = &mut doing => return Ok(Some(outcome)),
            () = tokio::time::sleep(TELL) => {
                if !report(app, held, reached).await? {
                    return Ok(None);
                }
            }
        }
    }
}

async fn report(app: &App, held: (Uuid, Uuid), reached: &Reached) -> Result<bool, Error> {
    let count =
        |number: &AtomicU64| i64::try_from(number.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
    let (steps, now) = ((count(&reached.0), count(&reached.1)), clock::now());
    Ok(app.db.write(move |conn| jobs::progress(conn, held, steps, lease(now))).await?)
}

async fn result_of(app: &App, job: &Job, progress: Progress) -> Result<String, Error> {
    let now = clock::now();
    match job.kind {
        Kind::Preview => run_preview(app, &job.request, progress, now).await,
        Kind::Rescore => {
            let Some(model) = model_of_request(app, &job.request) else {
                return Ok("the model is not loaded here".to_owned());
            };
            let added = add_scores(app, &model, &Scope::All, progress, now).await?;
            tracing::info!(added, model = %job.request, "scores were added");
            Ok(added.to_string())
        }
    }
}
