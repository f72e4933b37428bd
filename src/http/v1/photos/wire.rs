//! What photos look like on the wire.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;
use vigila_core::domain::InspectionId;
use vigila_core::proof::receipt::Proof;

use crate::app::inspections::in_state;
use crate::app::photos::{PhotoState, StoredPhoto};
use crate::http::v1::wire::PhotoDebt;

/// A photo that was received.
#[derive(Serialize, ToSchema)]
pub struct PhotoReceived {
    /// The inspection.
    inspection_id: Uuid,
    /// The SHA-256 of its bytes.
    sha256: String,
    /// What its bytes are.
    media_type: String,
    /// Its size.
    bytes: i64,
    /// Upright, in pixels.
    width: i32,
    /// Upright, in pixels.
    height: i32,
    /// Whether part of it could not be read.
    damaged: bool,
    /// When it was received.
    #[schema(format = DateTime)]
    received_at: String,
    /// The key that signed inspection, hash and time of receipt.
    key_id: String,
    /// The Ed25519 signature, in base64.
    signature: String,
}

impl PhotoReceived {
    /// On the wire.
    pub fn of(photo: &StoredPhoto, proof: Option<Proof>) -> Option<Self> {
        let proof = proof?;
        let held = photo.held.as_ref()?;
        Some(Self {
            inspection_id: photo.inspection.0,
            sha256: photo.sha256.to_string(),
            media_type: held.media_type.clone(),
            bytes: held.bytes,
            width: held.width,
            height: held.height,
            damaged: held.damaged,
            received_at: held.received_at.to_string(),
            key_id: proof.key_id,
            signature: proof.signature,
        })
    }
}

/// Why a photo cannot come.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "telefono smarrito"}))]
pub struct AbsenceReason {
    /// Why.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// The photos of an inspection that have not come.
#[derive(Serialize, ToSchema)]
pub struct PhotoDebts {
    /// The inspection.
    inspection_id: Uuid,
    /// Whether photos are still to come.
    state: PhotoDebt,
    /// Those still to come.
    missing_photos: Vec<String>,
    /// Those that cannot come.
    absent_photos: Vec<String>,
}

impl PhotoDebts {
    /// On the wire.
    pub fn of(id: InspectionId, photos: &[StoredPhoto]) -> Self {
        let names = |state| in_state(photos, state).iter().map(ToString::to_string).collect();
        let missing: Vec<String> = names(PhotoState::Missing);
        Self {
            inspection_id: id.0,
            state: if missing.is_empty() { PhotoDebt::Complete } else { PhotoDebt::AwaitingPhotos },
            missing_photos: missing,
            absent_photos: names(PhotoState::Absent),
        }
    }
}

/// Which rendition is asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct RenditionParams {
    /// The longest side is 320 px for `thumbnail` and 1,600 px for `display`.
    #[param(inline)]
    rendition: Option<RenditionName>,
    /// Why the original is asked for; put on record.
    reason: Option<String>,
}

/// The renditions.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case", default = "display")]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub enum RenditionName {
    /// Small.
    Thumbnail,
    /// Large.
    Display,
    /// As received.
    Original,
}
