//! Texts of visits that must not be seen, such as a note with somebody's name in it. They are
//! shown as redacted from then on, in the visit and in all corrections that repeat them; the
//! sealed content is for who states a reason, until an order erases the text for good. The
//! digest, the receipt and the score stay as they are.

use serde_json::Value;
use vigila_core::checklist::{Instrument, Kind};
use vigila_core::documents::FaultCode;
use vigila_core::documents::free_text::free_texts;
use vigila_core::domain::{InspectionId, Instant, Sha256};

use super::audit::{self, Event};
use super::inspections::{checklist, find_visible};
use super::{Actor, App, Error};
pub use vigila_core::documents::free_text::FreeText;

pub use crate::store::inspections::TextRedaction;
use crate::store::inspections::{
    self, Family, HashedText, Order, Redacted, Relative, StoredInspection,
};

/// How often it is tried again when a correction comes in between.
const TRIES: usize = 4;

/// The sealed content of a visit.
pub struct Sealed {
    /// The visit.
    pub id: InspectionId,
    /// What was sent, as canonical JSON, but for what an order erased.
    pub content: String,
    /// SHA-256 of what was sent.
    pub digest: String,
    /// The texts that are not shown to others.
    pub redactions: Vec<TextRedaction>,
}

/// What is wanted of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// That it is not shown.
    Redact,
    /// That it is gone.
    Erase,
}

/// The texts of a content that may be taken out of sight, by their hashes.
pub(super) fn hashed_texts(content: &Value, instrument: &Instrument) -> Vec<HashedText> {
    texts_of(content, instrument).iter().map(hashed).collect()
}

fn hashed(text: &FreeText) -> HashedText {
    let pointer = text.pointer.as_str().to_owned();
    HashedText { pointer, sha256: Sha256::of(text.text.as_bytes()) }
}

/// The texts of a content that may be taken out of sight.
fn texts_of(content: &Value, instrument: &Instrument) -> Vec<FreeText> {
    let is_text = |code: &str| {
        let item = instrument.index_of(code).and_then(|index| instrument.items.get(index));
        item.is_some_and(|item| matches!(item.kind, Kind::Text))
    };
    free_texts(content, &is_text)
}

/// Takes a text out of sight, or erases it, wherever the visit and its family have it.
///
/// # Errors
/// [`Error::Forbidden`] for roles that may not, [`Error::NotFound`] where the visit is out of
/// reach, a fault at `/pointer` where no freely written text stands there.
pub async fn redact_text(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    pointer: &str,
    (wish, reason): (Wish, &str),
    now: Instant,
) -> Result<TextRedaction, Error> {
    let allowed = match wish {
        Wish::Redact => actor.role.redacts(),
        Wish::Erase => actor.role.erases(),
    };
    if !allowed {
        return Err(Error::Forbidden);
    }
    let order = Order { reason: reason.to_owned(), at: now, by: actor.id };
    for _ in 0..TRIES {
        let (visit, family, known) = look_up(app, actor, id).await?;
        let known = known.into_iter().find(|known| known.pointer == pointer);
        if let Some(known) = known.filter(|k| wish == Wish::Redact || k.erased.is_some()) {
            return Ok(known);
        }
        let texts = same_texts(app, id, pointer, &family).await?;
        if let Some(done) = carry_out(app, &visit, pointer, texts, (wish, &order)).await? {
            return Ok(done);
        }
    }
    Err(Error::Busy)
}

async fn look_up(
    app: &App,
    actor: &Actor,
    id: InspectionId,
) -> Result<(StoredInspection, Family, Vec<TextRedaction>), Error> {
    let actor = actor.clone();
    let read = app.db.read(move |conn| {
        let Some(visit) = find_visible(conn, &actor, id)? else { return Ok(None) };
        let family = inspections::family(conn, visit.root)?;
        let known = inspections::of_texts(conn, id)?;
        Ok(Some((visit, family, known)))
    });
    read.await?.ok_or(Error::NotFound)
}

/// Of each of a family, the texts that say the same as the one that is named.
async fn same_texts(
    app: &App,
    id: InspectionId,
    pointer: &str,
    family: &Family,
) -> Result<Vec<(InspectionId, Vec<HashedText>)>, Error> {
    let mut texts = Vec::new();
    for relative in family {
        texts.push((relative.id, texts_of_relative(app, relative).await?));
    }
    let own = texts.iter().find(|(of, _)| *of == id).map_or(&[][..], |(_, own)| own);
    let named = own.iter().find(|text| text.pointer.as_str() == pointer);
    let Some(named) = named.map(|text| text.text.clone()) else {
        return Err(Error::fault("/pointer", FaultCode::NotAFreeText));
    };
    let same = texts.iter().map(|(of, texts)| {
        (*of, texts.iter().filter(|text| text.text == named).map(hashed).collect())
    });
    Ok(same.collect())
}

async fn texts_of_relative(app: &App, relative: &Relative) -> Result<Vec<FreeText>, Error> {
    let unreadable = |what| Error::Internal(format!("the {what} of {} is unreadable", relative.id));
    let published = checklist(app, &relative.checklist).await?;
    let published = published.ok_or_else(|| unreadable("checklist"))?;
    let content = serde_json::from_str(&relative.content).map_err(|_| unreadable("content"))?;
    Ok(texts_of(&content, &published.instrument))
}

/// The texts of a visit that may be redacted, as they are shown.
///
/// # Errors
/// When the database fails.
pub async fn redactable(app: &App, visit: &StoredInspection) -> Result<Vec<FreeText>, Error> {
    let relative = Relative {
        id: visit.id,
        checklist: visit.checklist.clone(),
        content: visit.content.clone(),
    };
    texts_of_relative(app, &relative).await
}

/// None where a correction came in between.
async fn carry_out(
    app: &App,
    visit: &StoredInspection,
    pointer: &str,
    texts: Vec<(InspectionId, Vec<HashedText>)>,
    (wish, order): (Wish, &Order),
) -> Result<Option<TextRedaction>, Error> {
    let (id, root, order) = (visit.id, visit.root, order.clone());
    let what = match wish {
        Wish::Redact => Event::TextRedacted,
        Wish::Erase => Event::TextErased,
    };
    let detail = serde_json::json!({ "pointer": pointer, "reason": order.reason });
    let event = audit::event(order.at, Some(order.by), what, &id.to_string(), detail);
    let write = app.db.write(move |conn| {
        let erase = wish == Wish::Erase;
        match inspections::redact_texts(conn, root, &texts, &order, erase)? {
            Redacted::FamilyGrew => Ok(None),
            Redacted::Done => {
                crate::store::audit::append(conn, &event)?;
                Ok(Some(inspections::of_texts(conn, id)?))
            }
        }
    });
    let Some(known) = write.await? else { return Ok(None) };
    let done = known.into_iter().find(|known| known.pointer == pointer);
    done.map(Some).ok_or_else(|| Error::Internal("a redaction that is not kept".into()))
}

/// The texts of a visit that are not shown, by id.
///
/// # Errors
/// [`Error::NotFound`] where the visit is out of reach.
pub async fn text_redactions(
    app: &App,
    actor: &Actor,
    id: InspectionId,
) -> Result<Vec<TextRedaction>, Error> {
    let actor = actor.clone();
    let read = app.db.read(move |conn| match find_visible(conn, &actor, id)? {
        Some(_) => inspections::of_texts(conn, id).map(Some),
        None => Ok(None),
    });
    let mut all = read.await?.ok_or(Error::NotFound)?;
    all.sort_unstable_by_key(|redaction| redaction.id);
    Ok(all)
}

/// The sealed content, for who states a reason; that it was seen is on record before it is
/// given.
///
/// # Errors
/// [`Error::Forbidden`] for roles that see no originals, [`Error::NotFound`] where the visit
/// is out of reach.
pub async fn sealed_content(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    reason: &str,
    now: Instant,
) -> Result<Sealed, Error> {
    if !actor.role.sees_originals() {
        return Err(Error::Forbidden);
    }
    let who = actor.clone();
    let detail = serde_json::json!({ "reason": reason });
    let event = audit::event(now, Some(actor.id), Event::ContentSeen, &id.to_string(), detail);
    let write = app.db.write(move |conn| {
        let Some(visit) = find_visible(conn, &who, id)? else { return Ok(None) };
        crate::store::audit::append(conn, &event)?;
        let content = inspections::sealed(conn, id)?;
        let redactions = inspections::of_texts(conn, id)?;
        Ok(Some(Sealed { id, content, digest: visit.digest, redactions }))
    });
    write.await?.ok_or(Error::NotFound)
}
