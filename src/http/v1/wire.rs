//! Words that several resources share.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::documents::score::ChecklistVersion;
use vigila_core::domain::{Facility, FacilityCode, FacilityId, FacilityKind, Territory};

/// A centre in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacilityBrief {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its territory.
    pub territory: String,
}

impl FacilityBrief {
    /// Of these parts.
    pub fn new(
        (id, code): (FacilityId, &FacilityCode),
        name: &str,
        kind: FacilityKind,
        territory: Territory,
    ) -> Self {
        Self {
            id: id.0,
            code: code.to_string(),
            name: name.to_owned(),
            kind: kind.to_string(),
            territory: territory.to_string(),
        }
    }
}

impl From<&Facility> for FacilityBrief {
    fn from(facility: &Facility) -> Self {
        let named = (facility.id, &facility.code);
        Self::new(named, &facility.name, facility.kind, facility.territory)
    }
}

/// A checklist by code and version.
pub fn checklist(reference: &ChecklistRef) -> ChecklistVersion {
    ChecklistVersion { code: reference.code.clone(), version: reference.version.clone() }
}

/// Whether photos of a visit are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhotoDebt {
    /// At least one is still to come.
    AwaitingPhotos,
    /// None is.
    Complete,
}

impl PhotoDebt {
    /// With so many still to come.
    pub fn of(missing: i32) -> Self {
        if missing > 0 { Self::AwaitingPhotos } else { Self::Complete }
    }
}

/// Null is no value: read as one, it would be taken for an absent member.
pub fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}
