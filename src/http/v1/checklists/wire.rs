//! What the operations on checklists answer.

use serde::Serialize;
use utoipa::ToSchema;
use vigila_core::documents::checklist::Bilingual;

use crate::app::Published;
use crate::http::paging::Links;

/// A version of a checklist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "FIRE-HYG", "version": "1.0.0",
    "title": {"it": "Controllo rapido antincendio e igiene", "en": "Fire and hygiene quick check"},
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "published_at": "2026-03-04T10:15:00.000Z"
}))]
pub struct ChecklistVersion {
    /// The permanent code of the checklist.
    #[schema(pattern = "^[A-Z0-9][A-Z0-9-]{1,31}$")]
    pub code: String,
    /// Its version; what was published under one never changes.
    #[schema(pattern = "^[0-9]+\\.[0-9]+\\.[0-9]+$")]
    pub version: String,
    /// Its name.
    pub title: Bilingual,
    /// SHA-256 of the canonical document (RFC 8785), in hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// When it was first published here.
    #[schema(format = DateTime)]
    pub published_at: String,
}

/// A page of versions of checklists.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistList {
    /// The versions, by code, the newest first.
    pub items: Vec<ChecklistVersion>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

impl From<&Published> for ChecklistVersion {
    fn from(published: &Published) -> Self {
        let reference = &published.instrument.reference;
        Self {
            code: reference.code.clone(),
            version: reference.version.clone(),
            title: published.instrument.document.checklist.title.clone(),
            digest: published.digest.clone(),
            published_at: published.published_at.to_string(),
        }
    }
}
