//! A scoring model ready for use.

use std::collections::BTreeMap;

use crate::checklist::Item;
pub(super) use crate::checklist::TOLERANCE;
use crate::documents::checklist::WeightClass;
use crate::documents::model::{Aggregation, Document};
use crate::documents::score::{Band, ModelVersion};
use crate::documents::semver;
use crate::domain::{Day, FacilityKind, parse_day};

/// A document that cannot be used, though its structure is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAModel {
    /// It names a kind of centre that is none.
    #[error("unknown kind of centre {0} in main_checklists")]
    UnknownKind(String),
    /// Its first day is none.
    #[error("published_from: {0} is no day")]
    NoDay(String),
}

/// A scoring model ready for use.
#[derive(Debug, Clone)]
pub struct Model {
    /// Which it is.
    pub version: ModelVersion,
    /// The civil day from which it is the published model; none: from the beginning.
    pub published_from: Option<Day>,
    /// The main checklist of each kind of centre.
    pub main_checklists: BTreeMap<FacilityKind, String>,
    /// Its numbers.
    pub document: Document,
}

impl Model {
    /// Makes a document ready for use; `digest` is that of its canonical JSON.
    ///
    /// # Errors
    /// [`NotAModel`] where it names an unknown kind of centre or a day that is none.
    pub fn new(document: Document, digest: &str) -> Result<Self, NotAModel> {
        let mains = document.main_checklists.iter();
        let mains = mains.map(|(kind, code)| {
            let read = kind.parse().map_err(|_| NotAModel::UnknownKind(kind.clone()))?;
            Ok((read, code.clone()))
        });
        let first = document.scoring.published_from.as_deref();
        let first = first.map(|day| parse_day(day).ok_or_else(|| NotAModel::NoDay(day.to_owned())));
        Ok(Self {
            published_from: first.transpose()?,
            main_checklists: mains.collect::<Result<_, NotAModel>>()?,
            version: ModelVersion {
                code: document.scoring.code.clone(),
                version: document.scoring.version.clone(),
                digest: digest.to_owned(),
            },
            document,
        })
    }

    /// Whether a failure of this item knocks the visit out.
    #[must_use]
    pub fn knocks_out(&self, item: &Item) -> bool {
        let names = |list: &[String]| list.contains(&item.code);
        let rules = &self.document.knock_outs;
        (item.critical && !names(&rules.except)) || names(&rules.also)
    }

    /// The weight of a class.
    #[must_use]
    pub fn weight(&self, class: WeightClass) -> f64 {
        let weights = &self.document.weight_classes;
        match class {
            WeightClass::A => weights.a,
            WeightClass::B => weights.b,
            WeightClass::C => weights.c,
            WeightClass::I => weights.i,
        }
    }

    /// The weight of a dimension in the overall.
    #[must_use]
    pub fn dimension_weight(&self, dimension: &str) -> f64 {
        self.document.dimension_weights.get(dimension).copied().unwrap_or(1.0)
    }

    /// Whether dimensions are joined by the geometric mean.
    #[must_use]
    pub fn is_geometric(&self) -> bool {
        self.document.aggregation == Aggregation::Geometric
    }

    /// The band of an overall, dimensions and coverage aside.
    #[must_use]
    pub fn band_of(&self, overall: f64) -> Band {
        let limits = &self.document.bands;
        let at_least = |limit: f64| overall >= limit - TOLERANCE;
        if at_least(limits.good) {
            Band::Good
        } else if at_least(limits.adequate) {
            Band::Adequate
        } else if at_least(limits.to_improve) {
            Band::ToImprove
        } else {
            Band::Insufficient
        }
    }
}

/// The model in force on a day: of those whose first day has come the one with the latest;
/// of several from the same day the newest version.
#[must_use]
pub fn in_force<'a, M: AsRef<Model> + 'a>(
    models: impl IntoIterator<Item = &'a M>,
    day: Day,
) -> Option<&'a M> {
    let begun = models.into_iter().filter(|m| m.as_ref().published_from.is_none_or(|d| d <= day));
    begun.max_by_key(|model| {
        let model = model.as_ref();
        (model.published_from, semver(&model.version.version), model.version.code.clone())
    })
}
