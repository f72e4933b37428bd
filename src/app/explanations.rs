//! Why a score is what it is: the arithmetic, made again from what was stored, under the model
//! that made the score.

use std::sync::Arc;

use vigila_core::documents::explanation::Explanation;
use vigila_core::documents::score::Score;
use vigila_core::domain::{InspectionId, Instant};
use vigila_core::scoring::{self, Applied, Model, Scored};

use super::inspections::{checklist, content_of, find_visible, read_score};
use super::{Actor, App, Error};
use crate::store::scores;

/// A score with its arithmetic.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The score that is shown.
    pub score: Score,
    /// How it came about.
    pub explanation: Explanation,
    /// The model that made it.
    pub model: Arc<Model>,
}

/// The score of a visit that is shown, explained.
///
/// # Errors
/// As [`inspection`](super::inspections::inspection).
pub async fn explained_score(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    now: Instant,
) -> Result<Explained, Error> {
    let actor = actor.clone();
    let published = app.library.model(now).version.clone();
    let read = app.db.read(move |conn| {
        let Some(stored) = find_visible(conn, &actor, id)? else { return Ok(None) };
        let score = scores::shown_of(conn, stored.id, &published)?;
        Ok(Some((stored, score)))
    });
    let (stored, score) = read.await?.ok_or(Error::NotFound)?;
    let score = read_score(score.as_ref())?;
    let gone = |what: &str| Error::Internal(format!("the {what} of {id} cannot be read"));
    let model = app.library.model_of(&score.model).await?;
    let model = model.ok_or_else(|| gone("model"))?;
    let published = checklist(app, &stored.checklist).await?;
    let published = published.ok_or_else(|| gone("checklist"))?;
    let visit = content_of(&stored)?;
    let answered = scoring::decode(&stored.scored).map_err(|_| gone("compact form"))?;
    let scored = Scored {
        instrument: &published.instrument,
        answered: &answered,
        answers: &visit.answers,
        facts: &stored.facts,
    };
    let explanation = scoring::explain(&Applied::new(&model, &published.instrument), &scored);
    Ok(Explained { score, explanation, model })
}
