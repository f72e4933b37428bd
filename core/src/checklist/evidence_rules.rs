//! What the structure of `evidence.yaml` cannot say: limits that leave nothing between them,
//! names twice or empty.

use std::collections::BTreeSet;

use crate::documents::Pointer;
use crate::documents::evidence::Document;

/// Where, what is wrong, and what mends it.
type Note<'a> = dyn FnMut(&Pointer, String, &str) + 'a;

/// Checks the rules of evidence.
pub(super) fn check(document: &Document, note: &mut Note<'_>) {
    let pictures = &document.pictures;
    if pictures.dark_below >= pictures.bright_above {
        let fault = "every picture is too dark or too bright".to_owned();
        let at = Pointer::root().key("pictures").key("dark_below");
        note(&at, fault, "let it lie below bright_above");
    }
    let mut names = BTreeSet::new();
    for (index, name) in document.editors.iter().enumerate() {
        let at = Pointer::root().key("editors").index(index);
        if !name.chars().any(char::is_alphanumeric) {
            let fault = format!("the editor `{name}` has neither letter nor digit");
            note(&at, fault, "write its name or remove it");
        } else if name.trim() != name {
            note(&at, format!("blanks around the editor `{name}`"), "remove them");
        } else if !names.insert(name.to_lowercase()) {
            note(&at, format!("the editor {name} stands twice"), "remove one");
        }
    }
    let mut codes = BTreeSet::new();
    for (index, code) in document.not_raised.iter().enumerate() {
        if !codes.insert(code) {
            let at = Pointer::root().key("not_raised").index(index);
            note(&at, format!("the flag {code} stands twice"), "remove one");
        }
    }
}
