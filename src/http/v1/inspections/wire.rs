//! What an inspection looks like on the wire.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vigila_core::documents::explanation::Explanation;
use vigila_core::documents::score::{Band, ChecklistVersion, Score};
use vigila_core::domain::{FactValue, Sha256};

use super::content::{Content, VisitKind};
use crate::app::explanations::Explained;
use crate::app::inspections::{
    self as app, InspectionRow, InspectionView, StoredReceipt, in_state,
};
use crate::app::photos::PhotoState;
use crate::http::paging::Links;
use crate::http::problem::{Code, Problem};
use crate::http::v1::erasures::PhotoErased;
use crate::http::v1::wire::{FacilityBrief, PhotoDebt, checklist};

/// Proof that an inspection was received, and what is still to do.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    /// The inspection.
    inspection_id: Uuid,
    /// SHA-256 of its canonical content (RFC 8785).
    digest: String,
    /// When it was received.
    #[schema(format = DateTime)]
    received_at: String,
    /// The key that signed the three above.
    key_id: String,
    /// The Ed25519 signature, in base64.
    signature: String,
    /// Whether photos are still to come.
    state: PhotoDebt,
    /// The photos still to come.
    missing_photos: Vec<String>,
    /// Items whose evidence the checklist demands and the visit lacks.
    evidence_due: Vec<String>,
    /// Its score.
    score: Score,
}

pub fn hashes(photos: &[Sha256]) -> Vec<String> {
    photos.iter().map(Sha256::to_string).collect()
}

fn debt(missing: &[Sha256]) -> PhotoDebt {
    if missing.is_empty() { PhotoDebt::Complete } else { PhotoDebt::AwaitingPhotos }
}

impl From<app::Receipt> for Receipt {
    fn from(receipt: app::Receipt) -> Self {
        Self {
            inspection_id: receipt.id.0,
            digest: receipt.digest,
            received_at: receipt.received_at.to_string(),
            key_id: receipt.proof.key_id,
            signature: receipt.proof.signature,
            state: debt(&receipt.missing_photos),
            missing_photos: hashes(&receipt.missing_photos),
            evidence_due: receipt.evidence_due,
            score: receipt.score,
        }
    }
}

/// Which inspections are asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct ListParams {
    /// A centre, by id or code.
    facility: Option<String>,
    /// A territory.
    territory: Option<String>,
    /// A checklist, by code.
    checklist: Option<String>,
    /// A kind of visit.
    #[param(inline)]
    kind: Option<VisitKind>,
    /// First day of `ended_at`.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day of `ended_at`.
    #[param(format = Date)]
    to: Option<String>,
    /// Whether photos are still to come.
    #[param(inline)]
    state: Option<PhotoDebt>,
    /// Most rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i32>,
    /// Where the page begins: from the last page's `next`.
    cursor: Option<String>,
}

/// A page of inspections.
#[derive(Serialize, ToSchema)]
pub struct InspectionList {
    /// The rows.
    pub items: Vec<InspectionBrief>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// An inspection in short.
#[derive(Serialize, ToSchema)]
pub struct InspectionBrief {
    /// Its id.
    inspection_id: Uuid,
    /// The centre.
    facility: FacilityBrief,
    /// The checklist.
    checklist: ChecklistVersion,
    /// Why and how the visit was made.
    kind: String,
    /// When the monitors came.
    #[schema(format = DateTime)]
    started_at: String,
    /// When they left.
    #[schema(format = DateTime)]
    ended_at: String,
    /// Whether photos are still to come.
    state: PhotoDebt,
    /// Its overall score.
    overall: Option<f64>,
    /// Its band.
    band: Band,
    /// The correction that counts in its place.
    superseded_by: Option<Uuid>,
}

impl From<&InspectionRow> for InspectionBrief {
    fn from(row: &InspectionRow) -> Self {
        let named = (row.facility, &row.facility_code);
        Self {
            inspection_id: row.id.0,
            facility: FacilityBrief::new(
                named,
                &row.facility_name,
                row.facility_kind,
                row.territory,
            ),
            checklist: checklist(&row.checklist),
            kind: row.kind.to_string(),
            started_at: row.started_at.to_string(),
            ended_at: row.ended_at.to_string(),
            state: PhotoDebt::of(row.photos_missing),
            overall: row.overall,
            band: row.band,
            superseded_by: row.superseded_by.map(|id| id.0),
        }
    }
}

/// An inspection, as it was sent and as things stand.
#[derive(Serialize, ToSchema)]
#[schema(as = Inspection)]
pub struct InspectionShown {
    /// Its id.
    inspection_id: Uuid,
    /// What was sent; `[redacted]` stands in place of texts that are not shown.
    #[schema(value_type = Content)]
    content: Value,
    /// Where `content` has a text that is not shown, as JSON pointers.
    redacted: Vec<String>,
    /// SHA-256 of the canonical content as it was sent.
    digest: String,
    /// When it was received.
    #[schema(format = DateTime)]
    received_at: String,
    /// The key that signed id, digest and time of receipt.
    key_id: String,
    /// The Ed25519 signature, in base64.
    signature: String,
    /// The person who sent it.
    received_by: Uuid,
    /// Whether photos are still to come.
    state: PhotoDebt,
    /// The photos still to come.
    missing_photos: Vec<String>,
    /// The photos that cannot come.
    absent_photos: Vec<String>,
    /// The photos that orders erased.
    erased_photos: Vec<PhotoErased>,
    /// The inspection that this one corrects.
    corrects: Option<Uuid>,
    /// The correction that counts in its place.
    superseded_by: Option<Uuid>,
    /// The facts as they were frozen at receipt.
    facts: BTreeMap<String, Fact>,
    /// The signed receipts of the photos that came, by hash.
    photo_receipts: Vec<PhotoReceipt>,
}

/// Proof that a photo was received.
#[derive(Serialize, ToSchema)]
pub struct PhotoReceipt {
    /// The SHA-256 of its bytes.
    sha256: String,
    /// When it was received.
    #[schema(format = DateTime)]
    received_at: String,
    /// The key that signed these and the inspection's id.
    key_id: String,
    /// The Ed25519 signature, in base64.
    signature: String,
}

impl PhotoReceipt {
    fn of(receipt: StoredReceipt) -> Option<Self> {
        Some(Self {
            sha256: receipt.photo?.to_string(),
            received_at: receipt.received_at.to_string(),
            key_id: receipt.proof.key_id,
            signature: receipt.proof.signature,
        })
    }
}

/// The value of a fact.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Fact {
    /// A quantity.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

impl From<FactValue> for Fact {
    fn from(value: FactValue) -> Self {
        match value {
            FactValue::Number(number) => Self::Number(number),
            FactValue::Flag(flag) => Self::Flag(flag),
        }
    }
}

impl InspectionShown {
    /// On the wire.
    pub fn of(view: InspectionView) -> Result<Self, Problem> {
        let stored = view.stored;
        let content = serde_json::from_str(&stored.content).map_err(|error| {
            tracing::error!(inspection = %stored.id, %error, "stored content does not read");
            Problem::new(Code::Internal)
        })?;
        let missing = in_state(&view.photos, PhotoState::Missing);
        let facts = stored.facts.into_iter().map(|(name, value)| (name, value.into()));
        Ok(Self {
            inspection_id: stored.id.0,
            content,
            redacted: stored.redacted,
            digest: stored.digest,
            received_at: stored.received_at.to_string(),
            key_id: view.proof.key_id,
            signature: view.proof.signature,
            received_by: stored.received_by.0,
            state: debt(&missing),
            missing_photos: hashes(&missing),
            absent_photos: hashes(&in_state(&view.photos, PhotoState::Absent)),
            erased_photos: view.erasures.iter().map(PhotoErased::from).collect(),
            corrects: stored.corrects.map(|id| id.0),
            superseded_by: stored.superseded_by.map(|id| id.0),
            facts: facts.collect(),
            photo_receipts: view.photo_receipts.into_iter().filter_map(PhotoReceipt::of).collect(),
        })
    }
}

/// A score with its arithmetic.
#[derive(Serialize, ToSchema)]
pub struct ExplainedScore {
    #[serde(flatten)]
    score: Score,
    /// How the score came about.
    explanation: Explanation,
}

impl From<Explained> for ExplainedScore {
    fn from(explained: Explained) -> Self {
        Self { score: explained.score, explanation: explained.explanation }
    }
}
