//! A scoring model ready for use.

use std::collections::BTreeMap;

pub(super) use crate::checklist::TOLERANCE;
use crate::documents::checklist::WeightClass;
use crate::documents::model::{Aggregation, Document};
use crate::documents::score::{Band, ModelVersion};
use crate::domain::FacilityKind;

/// A document that names a kind of centre that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of centre {0} in main_checklists")]
pub struct NotAModel(String);

/// A scoring model ready for use.
#[derive(Debug, Clone)]
pub struct Model {
    /// Which it is.
    pub version: ModelVersion,
    /// The main checklist of each kind of centre.
    pub main_checklists: BTreeMap<FacilityKind, String>,
    /// Its numbers.
    pub document: Document,
}

impl Model {
    /// Makes a document ready for use; `digest` is that of its canonical JSON.
    ///
    /// # Errors
    /// [`NotAModel`] where `main_checklists` names an unknown kind.
    pub fn new(document: Document, digest: &str) -> Result<Self, NotAModel> {
        let mains = document.main_checklists.iter();
        let mains = mains.map(|(kind, code)| {
            let read = kind.parse().map_err(|_| NotAModel(kind.clone()))?;
            Ok((read, code.clone()))
        });
        Ok(Self {
            main_checklists: mains.collect::<Result<_, NotAModel>>()?,
            version: ModelVersion {
                code: document.scoring.code.clone(),
                version: document.scoring.version.clone(),
                digest: digest.to_owned(),
            },
            document,
        })
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
