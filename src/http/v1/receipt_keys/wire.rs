//! What keys of receipts look like on the wire.

use serde::Serialize;
use utoipa::ToSchema;
use vigila_core::proof::receipt::ALGORITHM;

use crate::app::receipts::Key;

/// All keys.
#[derive(Serialize, ToSchema)]
pub struct ReceiptKeyList {
    /// The newest first.
    pub items: Vec<ReceiptKey>,
}

/// A key with which receipts are checked.
#[derive(Serialize, ToSchema)]
pub struct ReceiptKey {
    /// Its name: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes.
    #[schema(pattern = "^[0-9a-f]{16}$")]
    key_id: String,
    /// `Ed25519`.
    algorithm: &'static str,
    /// Its 32 bytes in base64.
    public_key: String,
    /// The same as openssl reads it.
    pem: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When another took over; absent of the one that signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    retired_at: Option<String>,
}

impl From<&Key> for ReceiptKey {
    fn from(key: &Key) -> Self {
        Self {
            key_id: key.public.id(),
            algorithm: ALGORITHM,
            public_key: key.public.base64(),
            pem: key.public.pem(),
            created_at: key.created_at.to_string(),
            retired_at: key.retired_at.map(|at| at.to_string()),
        }
    }
}
