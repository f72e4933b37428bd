//! Work without a request. Each process has one runner: it takes what waits in the database,
//! holds it by a lease, and lets go of it when it stops, so that another may go on; and it does
//! the standing work, which never ends. What a piece of work does, `app` knows.

mod asked;
mod standing;

use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use crate::app::gauges::seconds;
use crate::app::{App, Error};
use crate::clock;
use crate::store::{jobs, leases};

/// How long the last round of the standing work may take when the process stops.
const LAST_ROUND: Duration = Duration::from_secs(5);

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
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
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
        () = asked::work(&app, holder) => {}
        () = standing::work(&app, holder) => {}
    }
    // What the last requests left behind need not wait for the next start.
    let _ = tokio::time::timeout(LAST_ROUND, standing::last_round(&app, holder)).await;
    let freed = app.db.write(move |conn| {
        jobs::let_go(conn, holder)?;
        leases::let_go(conn, holder)
    });
    if let Err(error) = freed.await {
        tracing::warn!(%error, "work stays held until its lease runs out");
    }
}

/// Counts a piece of work that ended.
fn ended(app: &App, job: &str, well: bool) {
    app.metrics.job_ended(job, well.then(|| seconds(clock::now())));
}

fn said(what: &str, outcome: Result<(), Error>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, what, "failed, and is tried again");
    }
}
