//! Keeping the table of standings: one process at a time writes the pictures that changed, so
//! that whoever starts shows at once what was shown before.

use std::sync::Arc;

use uuid::Uuid;
use vigila_core::domain::{FacilityId, Instant};

use super::kept;
use super::remembered::{Picture, Remembered, State, named};
use crate::app::{App, Error};
use crate::store::standings::{self, Keep, Mark};
use crate::store::{leases, standings::keep};

/// How long one process keeps the table without a word before another may.
const LEASE_SECONDS: i64 = 60;
/// How many pictures are written at once: others write meanwhile.
const TOGETHER: usize = 300;
/// How old the mark of an unchanged table becomes: a start reads the changes since.
const MARK_SECONDS: f64 = 60.0;

/// What is to be written, as of one look.
struct Step {
    generation: i64,
    wipe: bool,
    at: Instant,
    drawn_by: String,
    pictures: Vec<(FacilityId, Option<Arc<Picture>>)>,
    /// Whether centres are left that have no picture.
    more: bool,
}

/// Brings the table up to date, if no other process does.
///
/// # Errors
/// When the database fails.
pub async fn keep_standings(
    app: &App,
    holder: Uuid,
    clock: impl Fn() -> Instant,
) -> Result<(), Error> {
    loop {
        let now = clock();
        let until = now.plus_seconds(LEASE_SECONDS);
        let taken = app.db.write(move |conn| leases::take(conn, "standing", holder, now, until));
        if !taken.await? {
            return Ok(());
        }
        let Some(step) = app.remembered.next_step(app, now).await? else { return Ok(()) };
        if !write(app, &step).await? || !step.more {
            return Ok(());
        }
    }
}

/// Writes pictures piece by piece; false where somebody else wrote meanwhile.
async fn write(app: &App, step: &Step) -> Result<bool, Error> {
    let pieces = step.pictures.len().div_ceil(TOGETHER).max(1);
    for piece in 0..pieces {
        let of = step.pictures.iter().skip(piece * TOGETHER).take(TOGETHER);
        let texts =
            of.map(|(id, picture)| Ok((*id, picture.as_deref().map(kept::write).transpose()?)));
        let wipe = step.wipe && piece == 0;
        let write = Keep {
            generation: step.generation + i64::try_from(piece).unwrap_or(i64::MAX),
            // The mark moves with the last piece; without earlier pictures there is nothing
            // in the table that it would be wrong of.
            at: (wipe || piece + 1 == pieces).then_some(step.at),
            drawn_by: step.drawn_by.clone(),
            wipe,
            pictures: texts.collect::<Result<_, Error>>()?,
        };
        if !app.db.write(move |conn| keep(conn, &write)).await? {
            return Ok(false);
        }
    }
    let reached = step.generation + i64::try_from(pieces).unwrap_or(i64::MAX);
    app.remembered.state.lock().await.note_kept(step, reached);
    Ok(true)
}

impl Remembered {
    /// What the table lacks; none where it lacks nothing.
    async fn next_step(&self, app: &App, now: Instant) -> Result<Option<Step>, Error> {
        let mut state = self.state.lock().await;
        let mut mark = state.look(app, now, standings::mark).await?;
        if mark.as_ref().map_or(0, |mark| mark.generation) != state.generation {
            // Another process wrote: what this one would add to is gone.
            *state = State::default();
            mark = state.look(app, now, standings::mark).await?;
        }
        let labels = state.look_at_all(app, now).await?;
        let more = state.draw_some(app, named(&labels), now).await?;
        Ok(state.step(mark, more, now))
    }
}

impl State {
    fn step(&self, mark: Option<Mark>, more: bool, now: Instant) -> Option<Step> {
        let is_fresh = mark.is_some_and(|mark| now.seconds_since(mark.at) < MARK_SECONDS);
        if self.unkept.is_empty() && !self.wipe && is_fresh {
            return None;
        }
        let pictures = self.unkept.iter().map(|id| (*id, self.pictures.get(id).cloned()));
        Some(Step {
            generation: self.generation,
            wipe: self.wipe,
            at: self.feed.looked_at()?,
            drawn_by: self.drawn_by.clone()?,
            pictures: pictures.collect(),
            more,
        })
    }

    /// The table holds a step. What was drawn anew meanwhile, it does not.
    fn note_kept(&mut self, step: &Step, reached: i64) {
        if self.generation != step.generation || self.drawn_by.as_ref() != Some(&step.drawn_by) {
            return;
        }
        (self.generation, self.wipe) = (reached, false);
        for (id, picture) in &step.pictures {
            let same = match (self.pictures.get(id), picture) {
                (Some(now), Some(then)) => Arc::ptr_eq(now, then),
                (None, None) => true,
                _ => false,
            };
            if same {
                self.unkept.remove(id);
            }
        }
    }
}
