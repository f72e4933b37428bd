//! Whether what is kept of visits holds together: the content is what its digest says, the
//! compact form is what the content says, the receipt is signed. Reads in pieces, changes
//! nothing, and works beside a running service.

use std::collections::HashMap;
use std::fmt;

use vigila_core::checklist::check_answers;
use vigila_core::documents::{Faults, inspection, json};
use vigila_core::domain::InspectionId;
use vigila_core::proof::receipt::{PublicKey, Received, Statement, written};
use vigila_core::scoring;

use super::receipts::Keys;
use super::{App, Error};
use crate::store::inspections::StoredInspection;
use crate::store::receipts::{self, Sealed, StoredReceipt};

/// Inspections that are read at once. One has 2 MiB at most, and a hundredth of that as a rule.
const PAGE: usize = 50;

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The content does not have the digest that was acknowledged.
    Digest,
    /// The content cannot be read as an inspection.
    Content,
    /// The checklist that it answers is not in the database.
    Checklist,
    /// The compact form of the answers is not what the content says.
    CompactForm,
    /// The receipt is signed by a key that is not in the database.
    UnknownKey,
    /// The signature of the receipt does not fit digest and time of receipt.
    Signature,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digest => "the content is not what was acknowledged: its digest is another",
            Self::Content => "the content cannot be read as an inspection",
            Self::Checklist => "the checklist that it answers is gone",
            Self::CompactForm => "the compact form of the answers is not what the content says",
            Self::UnknownKey => "its receipt is signed by a key that is gone",
            Self::Signature => "the signature of its receipt does not fit",
        })
    }
}

/// How many were looked at, and of how many something does not fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// All.
    pub inspections: u64,
    /// Those with a signed receipt; the others get theirs from a running service.
    pub signed: u64,
    /// Those of which something does not fit.
    pub wrong: u64,
}

/// Checks every inspection; `told` hears of each that does not fit.
///
/// # Errors
/// When the database fails.
pub async fn check_store(
    app: &App,
    mut told: impl FnMut(InspectionId, Wrong),
) -> Result<Checked, Error> {
    let keys = Keys::of(app.db.clone()).all().await?;
    let keys: HashMap<_, _> = keys.into_iter().map(|key| (key.public.id(), key.public)).collect();
    let (mut checked, mut after) = (Checked::default(), None);
    loop {
        let page = app.db.read(move |conn| receipts::sealed_inspections(conn, after, PAGE));
        let page = page.await?;
        let Some(last) = page.last() else { return Ok(checked) };
        after = Some(last.stored.id);
        for one in &page {
            let (stored, receipt) = (&one.stored, one.receipt.as_ref());
            let mut wrong = content_of(app, one).await?;
            wrong.extend(receipt.and_then(|receipt| signature_of(stored, receipt, &keys)));
            checked.inspections += 1;
            checked.signed += u64::from(receipt.is_some());
            checked.wrong += u64::from(!wrong.is_empty());
            wrong.into_iter().for_each(|wrong| told(stored.id, wrong));
        }
    }
}

async fn content_of(app: &App, sealed: &Sealed) -> Result<Vec<Wrong>, Error> {
    let (stored, mut wrong) = (&sealed.stored, Vec::new());
    // What an order erased can no longer be digested; the rest can still be read.
    if !sealed.is_erased && json::digest(&sealed.content) != stored.digest {
        wrong.push(Wrong::Digest);
    }
    let value = json::parse(sealed.content.as_bytes()).ok();
    // It was whole when it was received, and is not judged again by today's clock.
    let mut ignored = Faults::default();
    let visit = value.and_then(|v| inspection::parse(&v, stored.received_at, &mut ignored));
    let Some(visit) = visit else {
        wrong.push(Wrong::Content);
        return Ok(wrong);
    };
    let Some(published) = super::inspections::checklist(app, &stored.checklist).await? else {
        wrong.push(Wrong::Checklist);
        return Ok(wrong);
    };
    let answered = check_answers(&published.instrument, &visit.answers, &mut ignored);
    if scoring::encode(&answered) != stored.scored {
        wrong.push(Wrong::CompactForm);
    }
    Ok(wrong)
}

fn signature_of(
    stored: &StoredInspection,
    receipt: &StoredReceipt,
    keys: &HashMap<String, PublicKey>,
) -> Option<Wrong> {
    let Some(key) = keys.get(&receipt.proof.key_id) else { return Some(Wrong::UnknownKey) };
    let received = Received::Inspection { digest: &stored.digest };
    let at = written(stored.received_at);
    let statement = Statement { inspection: stored.id, received, at: &at };
    let fits = key.signed(&statement, &receipt.proof.signature);
    (!fits).then_some(Wrong::Signature)
}
