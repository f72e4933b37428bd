//! Standing work: what a process does again and again for as long as it runs. Each piece has
//! its own rhythm, so that a long one does not hold up the others; a new one is a line in
//! [`STANDING`].

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::{ended, said};
use crate::app::evidence::examine_earlier;
use crate::app::photos::sweep_orphans;
use crate::app::rescoring::ask_for_missing_scores;
use crate::app::scorecards::keep_standings;
use crate::app::series::keep_shown_model;
use crate::app::uploads::sweep_uploads;
use crate::app::{App, Error, audit, findings, receipts, redactions};
use crate::clock;
use crate::store::{changes, jobs, leases};

/// How long changes are kept: longer than any process remembers what it drew.
const CHANGES_DAYS: i64 = 1;
/// How long the results of jobs are kept.
const RESULTS_DAYS: i64 = 30;

/// How long one process sweeps before another may.
const SWEEP_SECONDS: i64 = 1800;

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// A piece of standing work.
struct Standing {
    /// In a few words, for the log.
    what: &'static str,
    /// In metrics.
    code: &'static str,
    /// Seconds from one time to the next; the first is at the start.
    every: u64,
    /// Whether it is done once more when the process stops.
    at_the_end: bool,
    /// Does it, for the process that this id names in leases.
    work: for<'a> fn(&'a App, Uuid) -> Done<'a>,
}

/// All of it.
const STANDING: &[Standing] = &[
    Standing {
        what: "keeping the table of standings",
        code: "keep_standings",
        every: 5,
        at_the_end: true,
        work: |a, h| Box::pin(keep_standings(a, h, clock::now)),
    },
    Standing {
        what: "sealing the audit trail",
        code: "seal_audit",
        every: 2,
        at_the_end: true,
        work: |a, h| Box::pin(seal(a, h)),
    },
    Standing {
        code: "findings",
        what: "working out findings that a process left behind",
        every: 2,
        at_the_end: false,
        work: |a, _| Box::pin(findings::settle_all(a, clock::now())),
    },
    Standing {
        what: "removing what orders erased",
        code: "remove_erased",
        every: 60,
        at_the_end: false,
        work: |a, _| Box::pin(async { redactions::remove_doomed(a, None).await.map(|_| ()) }),
    },
    Standing {
        what: "examining photos that came before facts were kept",
        code: "examine_photos",
        every: 3600,
        at_the_end: false,
        work: |a, h| Box::pin(examine(a, h)),
    },
    Standing {
        what: "signing receipts from before",
        code: "sign_receipts",
        every: 3600,
        at_the_end: false,
        work: |a, _| Box::pin(sign(a)),
    },
    Standing {
        what: "telling the views which model is in force",
        code: "tell_model",
        every: 60,
        at_the_end: false,
        work: |a, _| Box::pin(keep_shown_model(a, clock::now())),
    },
    Standing {
        what: "housekeeping",
        code: "housekeeping",
        every: 3600,
        at_the_end: false,
        work: |a, _| Box::pin(keep_house(a)),
    },
    Standing {
        what: "sweeping the photo store",
        code: "sweep_photos",
        every: 3600,
        at_the_end: false,
        work: |a, h| Box::pin(sweep(a, h)),
    },
];

/// Does all of it for ever.
pub(super) async fn work(app: &App, holder: Uuid) {
    join_all(STANDING.iter().map(|standing| repeat(standing, app, holder))).await;
}

/// Once more, what is left at the end of a process.
pub(super) async fn last_round(app: &App, holder: Uuid) {
    for standing in STANDING.iter().filter(|standing| standing.at_the_end) {
        do_once(standing, app, holder).await;
    }
}

async fn do_once(standing: &Standing, app: &App, holder: Uuid) {
    let outcome = (standing.work)(app, holder).await;
    ended(app, standing.code, outcome.is_ok());
    said(standing.what, outcome);
}

async fn repeat(standing: &Standing, app: &App, holder: Uuid) {
    app.metrics.expect_job(standing.code);
    let mut rhythm = tokio::time::interval(Duration::from_secs(standing.every));
    rhythm.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rhythm.tick().await;
        do_once(standing, app, holder).await;
    }
}

async fn seal(app: &App, holder: Uuid) -> Result<(), Error> {
    audit::seal(&app.db, holder, clock::now).await.map(|_| ())
}

async fn examine(app: &App, holder: Uuid) -> Result<(), Error> {
    let examined = examine_earlier(app, holder, clock::now).await?;
    if examined > 0 {
        tracing::info!(examined, "photos that came before facts were kept were examined");
    }
    Ok(())
}

async fn sign(app: &App) -> Result<(), Error> {
    receipts::sign_unsigned(&app.db, clock::now()).await.map(|_| ())
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

/// By one process at a time. Should its lease run out meanwhile, two search for the same.
async fn sweep(app: &App, holder: Uuid) -> Result<(), Error> {
    let now = clock::now();
    let until = now.plus_seconds(SWEEP_SECONDS);
    let taken = app.db.write(move |conn| leases::take(conn, "sweep", holder, now, until));
    if taken.await? {
        sweep_uploads(app, now).await?;
        sweep_orphans(app, now).await?;
    }
    Ok(())
}
