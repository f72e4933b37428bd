//! Scoring models of the library: published with the folder or by a command, found again for
//! ever.

use std::sync::Arc;

use serde_json::Value;
use vigila_core::checklist::FileSet;
use vigila_core::documents::model;
use vigila_core::documents::score::ModelVersion;
use vigila_core::domain::Instant;
use vigila_core::scoring::Model;

use super::{Library, LibraryError, publish};
use crate::store::published::{self, Kind};
use crate::store::{Db, Page};

/// A published model, as a list names it.
#[derive(Debug, Clone)]
pub struct PublishedModel {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its canonical form.
    pub digest: String,
    /// When it was first loaded.
    pub published_at: Instant,
    /// The day from which it is the published one, as written.
    pub published_from: Option<String>,
}

impl Library {
    /// A published model, also one whose file is gone.
    ///
    /// # Errors
    /// [`LibraryError::Database`], [`LibraryError::Unreadable`].
    pub async fn model_of(
        &self,
        wanted: &ModelVersion,
    ) -> Result<Option<Arc<Model>>, LibraryError> {
        let is_it = |model: &&Arc<Model>| model.version == *wanted;
        if let Some(loaded) = self.models.iter().find(is_it) {
            return Ok(Some(loaded.clone()));
        }
        let ModelVersion { code, version, .. } = wanted.clone();
        let row =
            self.db.read(move |conn| published::find(conn, Kind::Scoring, &code, &version)).await?;
        let unreadable = |e: &dyn std::fmt::Display| LibraryError::Unreadable(e.to_string());
        let Some(row) = row else { return Ok(None) };
        let document = serde_json::from_str(&row.document).map_err(|e| unreadable(&e))?;
        let model = Model::new(document, &row.digest).map_err(|e| unreadable(&e))?;
        Ok(Some(Arc::new(model)))
    }

    /// The published models, by code, the newest version first: those behind the code and
    /// version `after`, `limit` of them at most.
    ///
    /// # Errors
    /// [`LibraryError::Database`], [`LibraryError::Unreadable`].
    pub async fn published_models(
        &self,
        after: Option<(String, String)>,
        limit: usize,
    ) -> Result<Page<PublishedModel>, LibraryError> {
        let read = self.db.read(move |conn| {
            let after = after.as_ref().map(|(code, version)| (code.as_str(), version.as_str()));
            published::page(conn, Kind::Scoring, after, limit)
        });
        let Page { items, more } = read.await?;
        let each = items.into_iter().map(|row| {
            let document: Value = serde_json::from_str(&row.document)
                .map_err(|e| LibraryError::Unreadable(e.to_string()))?;
            let from = document.pointer("/scoring/published_from").and_then(Value::as_str);
            Ok(PublishedModel {
                published_from: from.map(str::to_owned),
                code: row.code,
                version: row.version,
                digest: row.digest,
                published_at: row.published_at,
            })
        });
        Ok(Page { items: each.collect::<Result<_, LibraryError>>()?, more })
    }

    /// The document of a published model, as JSON text.
    ///
    /// # Errors
    /// [`LibraryError::Database`].
    pub async fn model_text(
        &self,
        code: &str,
        version: &str,
    ) -> Result<Option<String>, LibraryError> {
        let (code, version) = (code.to_owned(), version.to_owned());
        let row =
            self.db.read(move |conn| published::find(conn, Kind::Scoring, &code, &version)).await?;
        Ok(row.map(|row| row.document))
    }

    /// Publishes a model that is no file of the folder, so that scores by it can be named.
    ///
    /// # Errors
    /// [`LibraryError::Changed`] where other content is published under its code and version.
    pub async fn publish_model(
        &self,
        document: &model::Document,
        value: &Value,
        now: Instant,
    ) -> Result<Arc<Model>, LibraryError> {
        let header = &document.scoring;
        let row =
            publish(&self.db, Kind::Scoring, &header.code, &header.version, value, now).await?;
        let model = Model::new(document.clone(), &row.digest);
        Ok(Arc::new(model.map_err(|e| LibraryError::Unreadable(e.to_string()))?))
    }
}

/// Publishes the models of a folder.
pub(super) async fn publish_models(
    db: &Db,
    set: &FileSet,
    now: Instant,
) -> Result<Vec<Arc<Model>>, LibraryError> {
    let mut models = Vec::new();
    for loaded in &set.scoring {
        let header = &loaded.document.scoring;
        let value = &loaded.file.value;
        let row = publish(db, Kind::Scoring, &header.code, &header.version, value, now).await?;
        let model = Model::new(loaded.document.clone(), &row.digest);
        models.push(Arc::new(model.map_err(|e| LibraryError::Unreadable(e.to_string()))?));
    }
    Ok(models)
}
