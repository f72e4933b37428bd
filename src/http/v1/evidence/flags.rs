//! What the questions that a photo raises look like on the wire.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vigila_core::documents::evidence::FlagCode;
use vigila_core::evidence::{Basis, Copy, Flag};

use crate::messages::Lang;
use crate::messages::evidence::reason;

/// One question that a photo raises.
#[derive(Serialize, ToSchema)]
pub struct EvidenceFlag {
    /// Which.
    code: FlagCode,
    /// Why, in a sentence.
    reason: String,
    /// What was measured, where something was.
    value: Option<f64>,
    /// What it was held against, in the same unit.
    limit: Option<f64>,
    /// The unit of both: `seconds` (below 0: before), `metres`, `sharpness` or `brightness`.
    unit: Option<EvidenceUnit>,
    /// The answer it is about.
    item: Option<String>,
    /// The program that signed it.
    software: Option<String>,
    /// Where else it lies: the nearest first, ten at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    copies: Option<Vec<EvidenceCopy>>,
    /// How many copies were found beyond these: not all are named, and those in visits that
    /// who asks may not see never are.
    #[serde(skip_serializing_if = "Option::is_none")]
    copies_unnamed: Option<usize>,
    /// Whether there may be more copies than were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    copies_more: Option<bool>,
}

/// The unit of what was measured.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceUnit {
    /// Seconds.
    Seconds,
    /// Metres.
    Metres,
    /// The measure of sharpness.
    Sharpness,
    /// Mean brightness, 0 to 255.
    Brightness,
}

/// A picture that is the same, or looks the same.
#[derive(Serialize, ToSchema)]
pub struct EvidenceCopy {
    /// The inspection under whose id it came.
    inspection_id: Uuid,
    /// When that visit began.
    #[schema(format = DateTime)]
    started_at: String,
    /// The code of its centre.
    facility: String,
    /// The SHA-256 of its bytes.
    sha256: String,
    /// In how many bits of 64 the fingerprints differ; null where the bytes are the same.
    #[schema(minimum = 0, maximum = 64)]
    distance: Option<u32>,
}

impl EvidenceFlag {
    /// On the wire.
    pub fn of(flag: &Flag, lang: Lang) -> Self {
        let mut shown = Self {
            code: flag.code,
            reason: reason(flag, lang),
            value: None,
            limit: None,
            unit: None,
            item: None,
            software: None,
            copies: None,
            copies_unnamed: None,
            copies_more: None,
        };
        let mut measured = |value: f64, limit: f64, unit: EvidenceUnit| {
            (shown.value, shown.limit, shown.unit) = (Some(value), Some(limit), Some(unit));
        };
        match &flag.basis {
            Basis::Plain => {}
            Basis::Seconds { value, limit } => measured(*value, *limit, EvidenceUnit::Seconds),
            Basis::Answer { item, value, limit } => {
                measured(*value, *limit, EvidenceUnit::Seconds);
                shown.item = Some(item.clone());
            }
            Basis::Metres { value, limit } => measured(*value, *limit, EvidenceUnit::Metres),
            Basis::Picture { value, limit } => {
                let blurred = flag.code == FlagCode::Blurred;
                let unit = if blurred { EvidenceUnit::Sharpness } else { EvidenceUnit::Brightness };
                measured(*value, *limit, unit);
            }
            Basis::Software(software) => shown.software = Some(software.clone()),
            Basis::Copies(copies) => {
                shown.copies = Some(copies.named.iter().map(Into::into).collect());
                shown.copies_unnamed = Some(copies.unnamed);
                shown.copies_more = Some(copies.more);
            }
        }
        shown
    }
}

impl From<&Copy> for EvidenceCopy {
    fn from(copy: &Copy) -> Self {
        Self {
            inspection_id: copy.inspection.0,
            started_at: copy.started_at.to_string(),
            facility: copy.facility.to_string(),
            sha256: copy.sha256.to_string(),
            distance: copy.bits,
        }
    }
}
