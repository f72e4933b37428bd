//! Taking visits in: whole or not at all. What was taken is recognised for ever, and never
//! changes.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;
use vigila_core::checklist::{Answered, check_answers};
use vigila_core::documents::inspection::{self, Draft, Inspection};
use vigila_core::documents::{FaultCode, Faults, Pointer, json};
use vigila_core::domain::{Contract, Facility, FacilityRef, Facts, InspectionId, Instant, Role};
use vigila_core::proof::receipt::SecretKey;
use vigila_core::scoring::{self, Compiled, Scored};

use super::inspections::{Receipt, checklist, in_state, receipt_of};
use super::texts::hashed_texts;
use super::{Actor, App, Error, Published, findings, receipts};
use crate::store::inspections::{HashedText, Inserted, NewInspection, StoredInspection};
use crate::store::photos::{NewPhoto, PhotoState};
use crate::store::receipts::StoredKey;
use crate::store::scores::NewScore;
use crate::store::{contracts, facilities, inspections, photos, receipts as receipt_rows};

/// What became of a visit that was sent. Both are a success.
pub enum Submitted {
    /// It was new.
    Accepted(Receipt),
    /// It was here already.
    AlreadyHere(Receipt),
}

/// Takes a visit in. `text` is the body that `value` was read from.
///
/// # Errors
/// [`Error::OtherContent`] when other content is stored under the id, valid or not;
/// [`Error::Faults`] with every fault of a new one.
pub async fn submit_inspection(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    (text, value): (&[u8], &Value),
    now: Instant,
) -> Result<Submitted, Error> {
    let mut count = Outcome { territory: None, kind: None };
    let done = take_in(app, actor, id, (text, value), now, &mut count).await;
    let outcome = match &done {
        Ok(Submitted::Accepted(_)) => "accepted",
        Ok(Submitted::AlreadyHere(_)) => "repeated",
        Err(Error::OtherContent) => "conflict",
        Err(_) => "refused",
    };
    let territory = count.territory.unwrap_or("none");
    let kind = count.kind.unwrap_or("none");
    app.metrics.inspections.with_label_values(&[territory, kind, outcome]).inc();
    done
}

/// What the counter of submissions is told of one.
struct Outcome {
    territory: Option<&'static str>,
    kind: Option<&'static str>,
}

async fn take_in(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    (text, value): (&[u8], &Value),
    now: Instant,
    count: &mut Outcome,
) -> Result<Submitted, Error> {
    let mut faults = Faults::default();
    json::check_storable(text, value, &mut faults);
    // A number that is bent on its way into the canonical form makes the content another.
    let storable = faults.is_empty();
    let content = json::canonical(value);
    let digest = json::digest(&content);
    let known = look_up(app, actor, id, value).await?;
    if let Some(stored) = known.existing {
        count.territory = Some(stored.territory.code());
        count.kind = Some(stored.kind.as_str());
        return recognise(app, actor, *stored, (storable, &digest), now).await;
    }
    let draft = inspection::draft(value, now, &mut faults);
    let kind = draft.as_ref().and_then(Draft::kind);
    count.kind = kind.map(inspection::Kind::as_str);
    count.territory = known.facility.as_ref().map(|(facility, _)| facility.territory.code());
    let published = check_place(app, draft.as_ref(), &known, &mut faults).await?;
    let answered = match (&published, draft.as_ref().and_then(|d| d.answers.as_ref())) {
        (Some(published), Some(answers)) => {
            check_answers(&published.instrument, answers, &mut faults)
        }
        _ => Answered::default(),
    };
    if let Some(draft) = &draft {
        check_correction(actor, draft, &known, &mut faults);
    }
    faults.none().map_err(Error::Faults)?;
    let visit = draft.and_then(Draft::whole);
    let (Some(visit), Some(published), Some((facility, contracts))) =
        (visit, published, known.facility)
    else {
        return Err(Error::Internal("a visit without faults that is not whole".into()));
    };
    let new = New {
        id,
        visit: &visit,
        published: &published,
        answered: &answered,
        facts: frozen_facts(app, &visit, (&facility, &contracts), known.corrected.as_deref()),
        content: (content, digest),
        facility: &facility,
        // Of a correction alone: only a family has texts that may have been redacted.
        free_texts: match visit.corrects {
            Some(_) => hashed_texts(value, &published.instrument),
            None => Vec::new(),
        },
        key: receipts::key_or_made(&app.db, known.key, now).await?,
    };
    keep(app, actor, new, now).await
}

/// What the database knows of a submission before anything of it is checked.
struct Known {
    existing: Option<Box<StoredInspection>>,
    facility: Option<(Facility, Vec<Contract>)>,
    corrected: Option<Box<StoredInspection>>,
    /// What signs its receipt, if it is new.
    key: Option<StoredKey>,
}

async fn look_up(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    value: &Value,
) -> Result<Known, Error> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let which: Option<FacilityRef> = text("facility").and_then(|text| text.parse().ok());
    let corrects: Option<InspectionId> = text("corrects").and_then(|text| text.parse().ok());
    let scope = actor.scope.clone();
    let read = app.db.read(move |conn| {
        let existing = inspections::find_any(conn, id)?.map(Box::new);
        if existing.is_some() {
            return Ok(Known { existing, facility: None, corrected: None, key: None });
        }
        let facility = match &which {
            Some(which) => facilities::find(conn, &scope, which)?,
            None => None,
        };
        let facility = match facility {
            Some(facility) => {
                let contracts = contracts::list(conn, facility.id)?;
                Some((facility, contracts))
            }
            None => None,
        };
        let corrected = match corrects {
            Some(id) => inspections::find(conn, &scope, id)?.map(Box::new),
            None => None,
        };
        let key = receipt_rows::current_key(conn)?;
        Ok(Known { existing: None, facility, corrected, key })
    });
    Ok(read.await?)
}

/// An id that is known: the same content again is a success for its sender and for whoever
/// may submit there; for anyone else it reads as if it were new.
async fn recognise(
    app: &App,
    actor: &Actor,
    stored: StoredInspection,
    (storable, digest): (bool, &str),
    now: Instant,
) -> Result<Submitted, Error> {
    if !storable || stored.digest != digest {
        return Err(Error::OtherContent);
    }
    if stored.received_by != actor.id && !actor.may_submit_in(stored.territory) {
        return Err(Error::fault("/facility", FaultCode::UnknownFacility));
    }
    Ok(Submitted::AlreadyHere(receipt_of(app, &stored, now).await?))
}

async fn check_place(
    app: &App,
    draft: Option<&Draft>,
    known: &Known,
    faults: &mut Faults,
) -> Result<Option<Arc<Published>>, Error> {
    let Some(draft) = draft else { return Ok(None) };
    let at = Pointer::root();
    if draft.facility.is_some() {
        match &known.facility {
            None => faults.add(&at.key("facility"), FaultCode::UnknownFacility),
            Some((facility, _)) if !facility.active => {
                faults.add(&at.key("facility"), FaultCode::InactiveFacility);
            }
            Some(_) => {}
        }
    }
    let Some(wanted) = &draft.checklist else { return Ok(None) };
    let published = checklist(app, wanted).await?;
    match &published {
        None => faults.add(&at.key("checklist"), FaultCode::UnknownChecklist),
        Some(found) if found.instrument.anonymous => {
            faults.add(&at.key("checklist"), FaultCode::AnonymousChecklist);
        }
        Some(_) => {}
    }
    Ok(published)
}

fn check_correction(actor: &Actor, draft: &Draft, known: &Known, faults: &mut Faults) {
    if draft.corrects().is_none() {
        return;
    }
    let allowed = known.corrected.as_ref().is_some_and(|corrected| {
        let own = corrected.received_by == actor.id || actor.role == Role::Manager;
        let same_place = known.facility.as_ref().is_some_and(|(f, _)| f.id == corrected.facility);
        let same_checklist =
            draft.checklist.as_ref().is_some_and(|c| c.code == corrected.checklist.code);
        own && same_place && same_checklist
    });
    if !allowed {
        faults.add(&Pointer::root().key("corrects"), FaultCode::CannotCorrect);
    }
}

/// The facts before the visit's own numbers: of the centre on the day of the visit, or those
/// frozen with what it corrects.
fn frozen_facts(
    app: &App,
    visit: &Inspection,
    (facility, contracts): (&Facility, &[Contract]),
    corrected: Option<&StoredInspection>,
) -> Facts {
    match corrected {
        Some(corrected) => corrected.facts.clone(),
        None => scoring::from_centre(facility, contracts, visit.started_at.day(app.zone)),
    }
}

/// A new visit, checked.
struct New<'a> {
    id: InspectionId,
    visit: &'a Inspection,
    published: &'a Published,
    answered: &'a Answered,
    facts: Facts,
    content: (String, String),
    facility: &'a Facility,
    free_texts: Vec<HashedText>,
    key: SecretKey,
}

async fn keep(app: &App, actor: &Actor, new: New<'_>, now: Instant) -> Result<Submitted, Error> {
    let instrument = &new.published.instrument;
    let facts = scoring::at_visit(&new.facts, instrument, new.answered);
    let scored =
        Scored { instrument, answered: new.answered, answers: &new.visit.answers, facts: &facts };
    let indicators = new.published.indicators.as_ref();
    let outcome = scoring::score(app.library.model(now), indicators, &scored, now);
    let evidence_due = scoring::evidence_due(app.library.model(now), &scored, &[]);
    let score = score_row(new.id, new.published, &outcome, now)?;
    let row = NewInspection {
        id: new.id,
        facility: new.facility.id,
        territory: new.facility.territory,
        checklist: new.visit.checklist.clone(),
        kind: new.visit.kind,
        started_at: new.visit.started_at,
        ended_at: new.visit.ended_at,
        day: new.visit.started_at.day(app.zone),
        content: new.content.0,
        digest: new.content.1,
        received_at: now,
        received_by: actor.id,
        scored: scoring::encode(new.answered),
        corrects: new.visit.corrects,
        free_texts: new.free_texts,
        facts,
    };
    let listed = new.visit.photos.iter();
    let listed: Vec<_> =
        listed.map(|p| NewPhoto { sha256: p.sha256.clone(), declared_bytes: p.bytes }).collect();
    let digest = row.digest.clone();
    let signed = receipts::sign(&new.key, new.id, &digest, now);
    let proof = signed.proof.clone();
    let inserted = app.db.write(move |conn| {
        let inserted = inspections::insert(conn, &row, &listed, &score)?;
        if inserted == Inserted::New {
            receipt_rows::keep(conn, std::slice::from_ref(&signed))?;
        }
        let photos = photos::of_inspection(conn, row.id)?;
        Ok((inserted, photos))
    });
    match inserted.await? {
        (Inserted::New, photos) => {
            // The visit is kept, and with it the debt: what fails here is done a little later.
            if let Err(error) = findings::settle(app, new.facility.id, now).await {
                tracing::warn!(%error, "findings are worked out later");
            }
            Ok(Submitted::Accepted(Receipt {
                id: new.id,
                digest,
                received_at: now,
                proof,
                missing_photos: in_state(&photos, PhotoState::Missing),
                evidence_due,
                score: outcome.score,
            }))
        }
        (Inserted::Found(stored), _) => recognise(app, actor, *stored, (true, &digest), now).await,
    }
}

/// The row of a score of a visit with a checklist.
pub(super) fn score_row(
    inspection: InspectionId,
    published: &Published,
    outcome: &scoring::Outcome,
    now: Instant,
) -> Result<NewScore, Error> {
    let score = &outcome.score;
    Ok(NewScore {
        id: Uuid::now_v7(),
        inspection,
        model: score.model.clone(),
        checklist: published.instrument.reference.clone(),
        inputs_digest: outcome.inputs_digest.clone(),
        overall: score.overall,
        coverage: score.coverage,
        band: score.band,
        band_by_points: score.band_by_points,
        dimensions: score.dimensions.clone(),
        document: serde_json::to_string(score).map_err(|e| Error::Internal(e.to_string()))?,
        computed_at: now,
        indicators: published.indicators.as_ref().map(Compiled::name),
    })
}
