//! A checklist ready for use: items in one row, conditions read, options found.

use std::collections::HashMap;

use super::Condition;
use crate::documents::checklist::{
    AnswerType, Choice, Document, NumberScoring, PhotoRule, WeightClass,
};
use crate::documents::inspection::ChecklistRef;

/// The document cannot be used, though its structure is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnInstrument {
    /// A condition that cannot be read.
    #[error("item {item}: {source}")]
    Condition {
        /// The item.
        item: String,
        /// Why.
        source: super::NotACondition,
    },
    /// A choice without options.
    #[error("item {item} is a choice without options")]
    NoOptions {
        /// The item.
        item: String,
    },
}

/// What an answer to an item may be, and how it counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Yes, no, and perhaps a half.
    Compliance {
        /// Whether `partial` is possible.
        half: bool,
    },
    /// A number.
    Number {
        /// The least possible.
        min: Option<f64>,
        /// The largest possible.
        max: Option<f64>,
        /// Whether it is whole.
        integer: bool,
        /// How it is scored, if at all.
        scoring: Option<NumberScoring>,
    },
    /// One option, or several.
    Choice {
        /// The options.
        options: Vec<Choice>,
        /// Whether several may be chosen.
        multiple: bool,
    },
    /// Free text.
    Text,
}

impl Kind {
    /// Whether any answer could be scored (contract, section 3, step 1): text items, and
    /// number items without `scoring`, never are.
    #[must_use]
    pub fn is_scored(&self) -> bool {
        !matches!(self, Self::Text | Self::Number { scoring: None, .. })
    }
}

/// An item ready for use.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its code.
    pub code: String,
    /// The index of its section.
    pub section: usize,
    /// The index of its dimension in [`Instrument::dimensions`].
    pub dimension: usize,
    /// Its weight class.
    pub weight_class: WeightClass,
    /// Whether it is critical.
    pub critical: bool,
    /// Whether it asks for a photo.
    pub photo: PhotoRule,
    /// What an answer may be.
    pub kind: Kind,
    /// When it applies.
    pub condition: Option<Condition>,
    /// The facts that a number answered to it feeds.
    pub feeds: Vec<String>,
}

/// A checklist ready for use.
#[derive(Debug, Clone)]
pub struct Instrument {
    /// Which it is.
    pub reference: ChecklistRef,
    /// Whether it takes inspections.
    pub anonymous: bool,
    /// Dimensions in the file's order.
    pub dimensions: Vec<String>,
    /// How many sections it has.
    pub sections: usize,
    /// Its items in the file's order.
    pub items: Vec<Item>,
    /// The document it was made of.
    pub document: Document,
    by_code: HashMap<String, usize>,
}

impl Instrument {
    /// Makes a document ready for use.
    ///
    /// # Errors
    /// [`NotAnInstrument`] where a condition cannot be read or a choice has no options.
    pub fn new(document: Document) -> Result<Self, NotAnInstrument> {
        let mut dimensions: Vec<String> = Vec::new();
        let mut items = Vec::new();
        for (index, section) in document.sections.iter().enumerate() {
            let known = dimensions.iter().position(|code| *code == section.dimension);
            let dimension = known.unwrap_or_else(|| {
                dimensions.push(section.dimension.clone());
                dimensions.len() - 1
            });
            for item in &section.items {
                items.push(ready(&document, item, index, dimension)?);
            }
        }
        let each = items.iter().enumerate();
        let by_code =
            each.map(|(index, item): (usize, &Item)| (item.code.clone(), index)).collect();
        Ok(Self {
            reference: ChecklistRef {
                code: document.checklist.code.clone(),
                version: document.checklist.version.clone(),
            },
            anonymous: document.checklist.anonymous,
            dimensions,
            sections: document.sections.len(),
            items,
            by_code,
            document,
        })
    }

    /// The index of an item.
    #[must_use]
    pub fn index_of(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }
}

fn ready(
    document: &Document,
    item: &crate::documents::checklist::Item,
    section: usize,
    dimension: usize,
) -> Result<Item, NotAnInstrument> {
    let condition = item.applies_when.as_deref().map(str::parse).transpose();
    let condition = condition
        .map_err(|source| NotAnInstrument::Condition { item: item.code.clone(), source })?;
    let kind = match item.answer_type {
        AnswerType::YesPartialNoNa => Kind::Compliance { half: true },
        AnswerType::YesNoNa => Kind::Compliance { half: false },
        AnswerType::Text => Kind::Text,
        AnswerType::Number => Kind::Number {
            min: item.min,
            max: item.max,
            integer: item.integer.unwrap_or(false),
            scoring: item.scoring.clone(),
        },
        AnswerType::Choice => {
            let shared = item.option_set.as_ref().and_then(|name| document.option_sets.get(name));
            let options = item.options.clone().or_else(|| shared.map(|set| set.options.clone()));
            Kind::Choice {
                options: options
                    .ok_or_else(|| NotAnInstrument::NoOptions { item: item.code.clone() })?,
                multiple: item.multiple.unwrap_or(false),
            }
        }
    };
    let feeds = item.feeds.iter().filter(|name| !name.starts_with("IND-")).cloned().collect();
    Ok(Item {
        code: item.code.clone(),
        section,
        dimension,
        weight_class: item.weight_class,
        critical: item.critical,
        photo: item.photo,
        kind,
        condition,
        feeds,
    })
}
