//! The files of a checklists folder, read: what the linter and its rules look at together.

use serde_json::Value;

use super::file::Parsed;
use crate::documents::companions::Numbers;
use crate::documents::{Pointer, checklist, companions, evidence, indicators, model, planning};

/// The kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A checklist.
    Checklist,
    /// `facts.yaml`.
    Facts,
    /// `standards.yaml`.
    Standards,
    /// `scoring.yaml`.
    Scoring,
    /// `planning.yaml`.
    Planning,
    /// `evidence.yaml`.
    Evidence,
    /// `indicators.yaml`.
    Indicators,
}

impl FileKind {
    /// All kinds, with the name of their schema.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Checklist, "checklist"),
        (Self::Facts, "facts"),
        (Self::Standards, "standards"),
        (Self::Scoring, "scoring"),
        (Self::Planning, "planning"),
        (Self::Evidence, "evidence"),
        (Self::Indicators, "indicators"),
    ];

    pub(super) fn of(value: &Value) -> Option<Self> {
        let has = |key: &str| value.get(key).is_some();
        if has("checklist") || has("sections") {
            Some(Self::Checklist)
        } else if has("scoring") {
            Some(Self::Scoring)
        } else if has("planning") {
            Some(Self::Planning)
        } else if has("evidence") {
            Some(Self::Evidence)
        } else if has("indicators") {
            Some(Self::Indicators)
        } else if has("sets") {
            Some(Self::Standards)
        } else if has("facts") {
            Some(Self::Facts)
        } else {
            None
        }
    }
}

/// A file read into its type, with the JSON it was read from.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The file with its lines.
    pub file: Parsed,
    /// What it says.
    pub document: T,
}

/// The folder, read.
#[derive(Debug, Clone, Default)]
pub struct FileSet {
    /// Checklists that were published before; their files may be gone.
    pub published: Vec<checklist::Document>,
    /// The checklists.
    pub checklists: Vec<Loaded<checklist::Document>>,
    /// The facts.
    pub facts: Option<Loaded<companions::FactsDocument>>,
    /// The standards.
    pub standards: Option<Loaded<companions::StandardsDocument>>,
    /// The scoring models.
    pub scoring: Vec<Loaded<model::Document>>,
    /// The plan of visits, where the folder has one.
    pub planning: Option<Loaded<planning::Document>>,
    /// From where on something about a photo is worth a word, where the folder says it.
    pub evidence: Option<Loaded<evidence::Document>>,
    /// The indicators; a folder may do without.
    pub indicators: Option<Loaded<indicators::Document>>,
}

impl FileSet {
    /// Whether `standards.yaml`, where it could be read, lists a citation (`SET:NUMBER`).
    pub(super) fn lists(&self, citation: &str) -> bool {
        let Some(standards) = &self.standards else { return true };
        let (id, number) = citation.split_once(':').unwrap_or((citation, ""));
        let set = standards.document.sets.iter().find(|set| set.id == id);
        match set.map(|set| &set.numbers) {
            None => false,
            Some(Numbers::Any(_)) => true,
            Some(Numbers::Listed(numbers)) => {
                number.is_empty() || numbers.iter().any(|n| n.number == number)
            }
        }
    }
}

/// Every item of a checklist with its place.
pub(super) fn places(
    document: &checklist::Document,
) -> impl Iterator<Item = (Pointer, &checklist::Item)> {
    document.sections.iter().enumerate().flat_map(|(section, block)| {
        let at = Pointer::root().key("sections").index(section).key("items");
        block.items.iter().enumerate().map(move |(index, item)| (at.index(index), item))
    })
}
