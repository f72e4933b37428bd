//! A flag: which question a photo raises, and the values that it rests on.

use crate::documents::evidence::FlagCode;
use crate::domain::{FacilityCode, InspectionId, Instant, Sha256};

/// One question that a photo raises.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Which.
    pub code: FlagCode,
    /// What it rests on.
    pub basis: Basis,
}

/// What a flag rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Basis {
    /// That it is so, and nothing more.
    Plain,
    /// Seconds, below 0 where before, against those that are no flag.
    Seconds {
        /// Measured.
        value: f64,
        /// The most that is no flag, either way.
        limit: f64,
    },
    /// The same, against the time of an answer.
    Answer {
        /// The item that was answered.
        item: String,
        /// Measured.
        value: f64,
        /// The most that is no flag, either way.
        limit: f64,
    },
    /// Metres, against those that are no flag: the office's limit and what the camera says
    /// it may be off by.
    Metres {
        /// Measured.
        value: f64,
        /// The most that is no flag.
        limit: f64,
    },
    /// A measure of the picture, against what is no flag.
    Picture {
        /// Measured.
        value: f64,
        /// Where the flag begins.
        limit: f64,
    },
    /// What signed it.
    Software(String),
    /// Where else it lies.
    Copies(Copies),
}

/// Where else a picture lies.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Copies {
    /// Those that the reader may see, the nearest first.
    pub named: Vec<Copy>,
    /// How many beyond these were found: not all are named, and not all may be seen.
    pub unnamed: usize,
    /// Whether there may be more that were not counted.
    pub more: bool,
}

impl Copies {
    /// How many were found.
    #[must_use]
    pub fn count(&self) -> usize {
        self.named.len() + self.unnamed
    }

    /// Whether none was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

/// A picture that is the same, or looks the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// The inspection under whose id it came.
    pub inspection: InspectionId,
    /// When that visit began.
    pub started_at: Instant,
    /// Its centre.
    pub facility: FacilityCode,
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// In how many bits of 64 the fingerprints differ; none where the bytes are the same.
    pub bits: Option<u32>,
}
