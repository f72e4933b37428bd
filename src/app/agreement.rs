//! How far the inspectors of a territory agree, from its double visits. Nothing that leaves
//! this module says who made a visit.

use std::collections::HashMap;

use vigila_core::documents::score::ModelVersion;
use vigila_core::domain::{InspectionId, Instant, Scope, Territory};
use vigila_core::scoring::{
    self, Agreement, DoubleVisit, Judgements, VisitBy, double_visits, judgements,
};

use super::scorecards::Instruments;
use super::{Actor, App, Error};
use crate::store::inspections::{self as stored, PastAnswers, PastVisit, Stretch};

/// Visits of history that are read at once.
const PIECE: usize = 10_000;

/// How far the inspectors of a territory agree.
#[derive(Debug, Clone)]
pub struct TerritoryAgreement {
    /// The territory.
    pub territory: Territory,
    /// The model that says what an answer is worth.
    pub model: ModelVersion,
    /// What may be shown of it.
    pub agreement: Agreement,
}

/// How far the inspectors of a territory agree, under the model in force.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories.
pub async fn territory_agreement(
    app: &App,
    actor: &Actor,
    territory: Territory,
    now: Instant,
) -> Result<TerritoryAgreement, Error> {
    if !actor.scope.holds(territory) {
        return Err(Error::NotFound);
    }
    let pairs = pairs_within(app, actor.scope.narrowed_to(territory)).await?;
    let answers = answers_of(app, pairs.iter().flatten().map(|visit| visit.id)).await?;
    let instruments = Instruments::load(app, answers.iter().map(|a| &a.checklist)).await?;
    let library = app.library.clone();
    let work = tokio::task::spawn_blocking(move || {
        let model = library.model(now);
        let mut said = HashMap::new();
        for one in &answers {
            said.insert(one.id, judged(model, &instruments, one)?);
        }
        let agreement = scoring::agreement(&joined(&pairs, &said));
        Ok(TerritoryAgreement { territory, model: model.version.clone(), agreement })
    });
    work.await.map_err(|e| Error::Internal(e.to_string()))?
}

/// The double visits within a scope. Only what finding them asks is kept of all others.
async fn pairs_within(app: &App, scope: Scope) -> Result<Vec<[VisitBy; 2]>, Error> {
    let (mut visits, mut stretch) = (Vec::new(), Stretch::all(scope));
    loop {
        let part = stretch.clone();
        let limit = i64::try_from(PIECE).unwrap_or(i64::MAX);
        let piece = app.db.read(move |conn| stored::history(conn, &part, limit)).await?;
        let is_last = piece.len() < PIECE;
        stretch.after = piece.last().map(|visit| visit.id.0);
        visits.extend(piece.into_iter().map(visit_by));
        if is_last {
            break;
        }
    }
    let pairs = tokio::task::spawn_blocking(move || {
        let pairs = double_visits(&visits).into_iter();
        pairs.map(|pair| pair.map(VisitBy::clone)).collect()
    });
    pairs.await.map_err(|e| Error::Internal(e.to_string()))
}

fn visit_by(visit: PastVisit) -> VisitBy {
    VisitBy {
        id: visit.id,
        facility: visit.facility,
        checklist: visit.checklist.code,
        person: visit.received_by,
        ended_at: visit.ended_at,
        received_at: visit.received_at,
    }
}

async fn answers_of(
    app: &App,
    ids: impl Iterator<Item = InspectionId>,
) -> Result<Vec<PastAnswers>, Error> {
    let ids: Vec<_> = ids.collect();
    let mut answers = Vec::new();
    for some in ids.chunks(200) {
        let some = some.to_vec();
        answers.extend(app.db.read(move |conn| stored::past_answers(conn, &some)).await?);
    }
    Ok(answers)
}

fn judged(
    model: &scoring::Model,
    instruments: &Instruments,
    answers: &PastAnswers,
) -> Result<Judgements, Error> {
    let published = instruments.of(&answers.checklist);
    let published = published.ok_or_else(|| Error::Internal("a checklist is gone".into()))?;
    let answered = scoring::decode(&answers.scored).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(judgements(model, &published.instrument, &answered, &answers.facts))
}

/// The pairs of which both visits still counted when their answers were read.
fn joined<'a>(
    pairs: &'a [[VisitBy; 2]],
    said: &HashMap<InspectionId, Judgements>,
) -> Vec<DoubleVisit<'a>> {
    let each = pairs.iter().filter_map(|[first, second]| {
        let judgements = [said.get(&first.id)?.clone(), said.get(&second.id)?.clone()];
        Some(DoubleVisit { visits: [first, second], judgements })
    });
    each.collect()
}
