//! What `/metrics` shows: the state of quality as of now, the same in every process, and what
//! this process counts. Knows no HTTP; how gauges are written, `metrics` knows.

mod centres;
mod findings;
mod process;

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Mutex;
use vigila_core::domain::{Instant, Scope, Territory};

use self::centres::Centre;
pub use self::centres::seconds;
use self::process::Sizes;
use super::{App, Error};
use crate::metrics::text::Text;

/// What the gauges are shown by, and what of them was looked at before.
#[derive(Default)]
pub struct Gauges {
    indicators: Indicators,
    /// How long the last text was: the next has room from the beginning.
    length: AtomicUsize,
    sizes: Mutex<Option<Sizes>>,
}

/// The indicators whose values are shown: codes, or `all` of them.
#[derive(Debug, Clone, Default)]
pub struct Indicators(Vec<String>);

impl Indicators {
    /// Whether any is shown.
    fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether this one is.
    fn shows(&self, code: &str) -> bool {
        self.0.iter().any(|shown| shown == "all" || shown == code)
    }
}

impl Gauges {
    /// Gauges that show the values of these indicators: codes, or `all` for every one.
    #[must_use]
    pub fn new(indicators: Vec<String>) -> Self {
        Self { indicators: Indicators(indicators), ..Self::default() }
    }
}

/// Everything within a scope, in Prometheus' text format 0.0.4.
///
/// # Errors
/// When the database fails.
pub async fn exposition(app: &App, scope: &Scope, now: Instant) -> Result<String, Error> {
    let (labels, shown) = app.remembered.pictures(app, now).await?;
    process::look(app, now).await?;
    let (app, scope) = (app.clone(), scope.clone());
    // Off the server's threads: of a country these are some tens of milliseconds.
    let work = tokio::task::spawn_blocking(move || {
        let within = shown.iter().filter(|(place, _)| scope.holds(labels[*place].territory));
        let centres: Vec<Centre<'_>> =
            within.map(|(place, picture)| Centre::new(&labels[*place], picture)).collect();
        let gauges = &app.gauges;
        let mut text = Text::with_room(gauges.length.load(Ordering::Relaxed));
        let today = now.day(app.zone);
        centres::write(&mut text, &centres, &gauges.indicators, (now, today));
        let mut text = text.finish();
        let is_seen = |code: &str| {
            code.parse().map_or(scope == Scope::All, |territory: Territory| scope.holds(territory))
        };
        let written = app.metrics.write(&mut text, is_seen);
        written.map_err(|e| Error::Internal(e.to_string()))?;
        // A little more, so that a longer name does not make all of it move.
        gauges.length.store(text.len() + text.len() / 64 + 1024, Ordering::Relaxed);
        Ok(text)
    });
    work.await.map_err(|e| Error::Internal(e.to_string()))?
}
