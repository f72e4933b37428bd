//! What scoring models and previews look like on the wire.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vigila_core::documents::comparison::Comparison;
use vigila_core::documents::model;
use vigila_core::documents::score::ModelVersion;

use crate::app::PublishedModel;
use crate::app::previews::Preview;
use crate::http::paging::Links;

/// A version of a scoring model.
#[derive(Serialize, ToSchema)]
#[schema(as = ScoringModel)]
pub struct ModelShown {
    /// Its code.
    code: String,
    /// Its version.
    version: String,
    /// SHA-256 of its canonical document.
    digest: String,
    /// When it was first loaded.
    #[schema(format = DateTime)]
    published_at: String,
    /// The civil day from which it is the published model; null: from the beginning.
    #[schema(format = Date)]
    published_from: Option<String>,
    /// Whether scorecards show its scores now.
    in_force: bool,
}

/// A page of scoring models.
#[derive(Serialize, ToSchema)]
#[schema(as = ScoringModelList)]
pub struct ModelList {
    /// The versions.
    pub items: Vec<ModelShown>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

impl ModelList {
    /// A page, one of which may be in force.
    pub fn of(rows: &[PublishedModel], in_force: &ModelVersion, links: Links) -> Self {
        let shown = |row: &PublishedModel| ModelShown {
            code: row.code.clone(),
            version: row.version.clone(),
            digest: row.digest.clone(),
            published_at: row.published_at.to_string(),
            published_from: row.published_from.clone(),
            in_force: (&row.code, &row.version) == (&in_force.code, &in_force.version),
        };
        Self { items: rows.iter().map(shown).collect(), links }
    }
}

/// What is asked of a preview.
#[derive(ToSchema)]
#[schema(as = NewScoringPreview)]
#[expect(dead_code, reason = "described by utoipa, read from the JSON itself")]
pub struct NewPreview {
    /// The model to try, in the structure of `scoring.yaml`.
    model: model::Document,
    /// Some of the person's territories, by code; all of them where none is named.
    territories: Option<Vec<String>>,
}

/// How far a preview is, and what came out.
#[derive(Serialize, ToSchema)]
#[schema(as = ScoringPreview)]
pub struct PreviewShown {
    /// Its id.
    preview_id: Uuid,
    /// `waiting`, `running`, `done` or `failed`.
    state: String,
    /// Visits done.
    #[schema(format = Int64)]
    done: i64,
    /// Visits in all; 0 until it is known.
    #[schema(format = Int64)]
    total: i64,
    /// When it was asked.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it ended; null while it has not.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// What came out; null until it is done.
    result: Option<Comparison>,
}

impl From<Preview> for PreviewShown {
    fn from(preview: Preview) -> Self {
        Self {
            preview_id: preview.id,
            state: preview.state.to_owned(),
            done: preview.done,
            total: preview.total,
            created_at: preview.created_at.to_string(),
            finished_at: preview.finished_at.map(|at| at.to_string()),
            result: preview.result,
        }
    }
}
