//! The checklists that a page speaks of: their titles and questions in the page's language.

use std::collections::HashMap;
use std::sync::Arc;

use vigila_core::checklist::Item;
use vigila_core::documents::checklist::{Bilingual, Item as ItemText};
use vigila_core::documents::inspection::ChecklistRef;

use super::error::PageError;
use crate::app::{App, Published};
use crate::messages::Lang;

/// Some checklists.
pub struct Instruments {
    lang: Lang,
    known: HashMap<ChecklistRef, Arc<Published>>,
}

/// The text of a language.
pub fn text(both: &Bilingual, lang: Lang) -> &str {
    lang.of(&both.it, &both.en)
}

impl Instruments {
    /// Finds these. One that is gone is left out: a page then shows codes.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn load(
        app: &App,
        lang: Lang,
        wanted: impl IntoIterator<Item = ChecklistRef>,
    ) -> Result<Self, PageError> {
        let mut known = HashMap::new();
        for reference in wanted {
            if known.contains_key(&reference) {
                continue;
            }
            if let Some(found) = app.library.checklist(&reference).await? {
                known.insert(reference, found);
            }
        }
        Ok(Self { lang, known })
    }

    /// One of them.
    pub fn get(&self, reference: &ChecklistRef) -> Option<&Published> {
        self.known.get(reference).map(Arc::as_ref)
    }

    /// The title of a checklist; its code where it is gone.
    pub fn title(&self, reference: &ChecklistRef) -> String {
        let found = self.get(reference).map(|published| {
            text(&published.instrument.document.checklist.title, self.lang).to_owned()
        });
        found.unwrap_or_else(|| reference.code.clone())
    }

    /// An item ready for use, and as the file has it.
    pub fn item(&self, reference: &ChecklistRef, code: &str) -> Option<(&Item, &ItemText)> {
        let instrument = &self.get(reference)?.instrument;
        let item = &instrument.items[instrument.index_of(code)?];
        let section = &instrument.document.sections[item.section];
        let text = section.items.iter().find(|text| text.code == code)?;
        Some((item, text))
    }

    /// What an item asks; its code where it is gone.
    pub fn question(&self, reference: &ChecklistRef, code: &str) -> String {
        let found = self.item(reference, code);
        found
            .map_or_else(|| code.to_owned(), |(_, item)| text(&item.question, self.lang).to_owned())
    }
}
