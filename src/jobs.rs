//! Work without a request. Each process has one runner: it takes what waits in the database,
//! holds it by a lease, and lets go of it when it stops, so that another may go on. What a
//! job does, `app` knows.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;
use vigila_core::domain::{Instant, Scope};

use crate::app::previews::run_preview;
use crate::app::rescoring::{Progress, add_scores, ask_for_missing_scores, model_of_request};
use crate::app::{App, Error};
use crate::clock;
use crate::store::changes;
use crate::store::jobs::{self, Job, Kind, State};

/// How often a runner looks for work that nobody told it of.
const LOOK: Duration = Duration::from_secs(2);
/// How often it says that it still works.
const TELL: Duration = Duration::from_secs(1);
/// How long a lease holds without a word.
const LEASE_SECONDS: i64 = 60;
/// How often what is old is swept, and whether scores are missing is asked.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);
/// How long changes are kept: longer than any process remembers what it drew.
const CHANGES_DAYS: i64 = 1;
/// How long the results of jobs are kept.
const RESULTS_DAYS: i64 = 30;

/// The runner of this process, on a thread of its own.
pub struct Runner {
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Runner {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(app: App) -> std::io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let running = std::thread::Builder::new()
            .name("jobs".to_owned())
            .spawn(move || runtime.block_on(run(app, stopped)))?;
        Ok(Self { stop, running })
    }

    /// Stops it; what it worked on waits for another.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let running = self.running;
        let _ = tokio::task::spawn_blocking(move || running.join()).await;
    }
}

async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let holder = Uuid::now_v7();
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => {}
        () = work(&app, holder) => {}
    }
    if let Err(error) = app.db.write(move |conn| jobs::let_go(conn, holder)).await {
        tracing::warn!(%error, "jobs stay held until their lease runs out");
    }
}

async fn work(app: &App, holder: Uuid) {
    let mut housekeeping = tokio::time::interval(HOUSEKEEPING);
    loop {
        tokio::select! {
            () = app.work_asked.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = housekeeping.tick() => said("housekeeping", keep_house(app).await),
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

fn said(what: &str, outcome: Result<(), Error>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, what, "failed, and is tried again");
    }
}

async fn keep_house(app: &App) -> Result<(), Error> {
    let now = clock::now();
    let swept = app.db.write(move |conn| {
        changes::sweep(conn, now.plus_days(-CHANGES_DAYS))?;
        jobs::sweep(conn, now.plus_days(-RESULTS_DAYS))
    });
    swept.await?;
    ask_for_missing_scores(app, now).await
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
