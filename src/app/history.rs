//! History, read again: every visit that counts, scored under a model from its compact form
//! and the facts frozen with it. What is made of the visits is the asker's.

use std::sync::Arc;

use vigila_core::checklist::Answered;
use vigila_core::domain::Facts;
use vigila_core::scoring::{self, Applied, Judged, Model, Watched};

use super::scorecards::Instruments;
use super::{App, Error, Published};
use crate::store::inspections::{PastVisit, Stretch, history};

/// How many visits are read at once.
const PIECE: i64 = 2_000;

/// A visit of the past under a model.
pub struct Again<'a> {
    /// What is kept of it.
    pub visit: &'a PastVisit,
    /// Its checklist.
    pub published: &'a Published,
    /// The model over its checklist.
    pub applied: &'a Applied<'a>,
    /// The critical items of its checklist.
    pub watched: &'a Watched,
    /// Its answers.
    pub answered: &'a Answered,
    /// The facts frozen with it.
    pub facts: &'a Facts,
    /// What it adds up to.
    pub judged: Judged,
}

/// Goes through a stretch of history by id, and folds every visit into `state`.
///
/// # Errors
/// When the database fails, or holds what cannot be read.
pub async fn fold<T, F>(
    app: &App,
    model: &Arc<Model>,
    stretch: Stretch,
    state: T,
    step: F,
) -> Result<T, Error>
where
    T: Send + 'static,
    F: Fn(&mut T, Again<'_>) -> Result<(), Error> + Send + Sync + 'static,
{
    let instruments = Arc::new(Instruments::all(app).await?);
    let model = model.clone();
    let work = move |state: &mut T, instruments: &Instruments, piece: &[PastVisit]| {
        fold_piece(&model, instruments, piece, state, &step)
    };
    in_pieces(app, &instruments, stretch, state, work).await
}

/// Goes through a stretch of history by id, some visits at a time, on a thread that may take
/// its time. The checklists are all versions at once: what is watched must be the same from
/// the first visit to the last.
///
/// # Errors
/// When the database fails, or `work` does.
pub async fn in_pieces<T, F>(
    app: &App,
    instruments: &Arc<Instruments>,
    mut stretch: Stretch,
    mut state: T,
    work: F,
) -> Result<T, Error>
where
    T: Send + 'static,
    F: Fn(&mut T, &Instruments, &[PastVisit]) -> Result<(), Error> + Send + Sync + 'static,
{
    let work = Arc::new(work);
    loop {
        let asked = stretch.clone();
        let piece = app.db.read(move |conn| history(conn, &asked, PIECE)).await?;
        let Some(last) = piece.last() else { return Ok(state) };
        stretch.after = Some(last.id.0);
        let (work, instruments) = (work.clone(), instruments.clone());
        let done = tokio::task::spawn_blocking(move || {
            work(&mut state, &instruments, &piece).map(|()| state)
        });
        state = done.await.map_err(|e| Error::Internal(e.to_string()))??;
    }
}

/// The answers and facts of a visit, read.
///
/// # Errors
/// [`Error::Internal`] where they cannot be.
pub fn read(visit: &PastVisit) -> Result<(Answered, Facts), Error> {
    let answered = scoring::decode(&visit.scored).map_err(|e| Error::Internal(e.to_string()))?;
    let facts = visit.facts().map_err(|e| Error::Internal(e.to_string()))?;
    Ok((answered, facts))
}

fn fold_piece<T>(
    model: &Model,
    instruments: &Instruments,
    piece: &[PastVisit],
    state: &mut T,
    step: &impl Fn(&mut T, Again<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let laid = instruments.under(model);
    for visit in piece {
        let (Some(applied), Some(published), Some(watched)) = (
            laid.of(&visit.checklist),
            instruments.of(&visit.checklist),
            laid.watched.get(&visit.checklist.code),
        ) else {
            // Its checklist was published after this began, so the visit came after it, too.
            continue;
        };
        let (answered, facts) = read(visit)?;
        let judged = applied.judge(&answered, &facts);
        let again = Again {
            visit,
            published,
            applied,
            watched,
            answered: &answered,
            facts: &facts,
            judged,
        };
        step(state, again)?;
    }
    Ok(())
}
