//! What uploads look like on the wire.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::uploads::Upload;

/// A photo that comes in parts.
#[derive(Serialize, ToSchema)]
pub struct UploadState {
    /// Its id.
    upload_id: Uuid,
    /// The inspection that lists the photo.
    inspection_id: Uuid,
    /// The SHA-256 of the whole.
    sha256: String,
    /// How many bytes there are in all.
    #[schema(minimum = 1, maximum = 25_000_000)]
    bytes: i64,
    /// How many of them were received; all of them once the photo is there.
    #[schema(minimum = 0, maximum = 25_000_000)]
    received: i64,
    /// Until when it waits for more.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl UploadState {
    /// On the wire.
    pub fn of(upload: &Upload) -> Self {
        Self {
            upload_id: upload.id,
            inspection_id: upload.inspection.0,
            sha256: upload.sha256.to_string(),
            bytes: upload.bytes,
            received: upload.received,
            expires_at: upload.expires_at.to_string(),
        }
    }
}
