//! Published checklists: listed and found. Every reader may see all of them; none changes.

use std::sync::Arc;

use vigila_core::documents::inspection::ChecklistRef;

use super::inspections::checklist;
use super::{App, Error, Published};
use crate::store::Page;
use crate::store::published::{self, Kind};

/// Every published checklist, by code, the newest version first; those behind `after`, at
/// most so many.
///
/// # Errors
/// When the database fails, or holds a document that cannot be read.
pub async fn list_checklists(
    app: &App,
    after: Option<ChecklistRef>,
    limit: usize,
) -> Result<Page<Arc<Published>>, Error> {
    let found = app.db.read(move |conn| {
        let after = after.as_ref().map(|after| (after.code.as_str(), after.version.as_str()));
        published::page(conn, Kind::Checklist, after, limit)
    });
    let page = found.await?;
    let mut items = Vec::new();
    for row in page.items {
        let wanted = ChecklistRef { code: row.code, version: row.version };
        items.push(find_checklist(app, &wanted).await?);
    }
    Ok(Page { items, more: page.more })
}

/// A published checklist.
///
/// # Errors
/// [`Error::NotFound`] when there is none of this code and version.
pub async fn find_checklist(app: &App, wanted: &ChecklistRef) -> Result<Arc<Published>, Error> {
    checklist(app, wanted).await?.ok_or(Error::NotFound)
}
