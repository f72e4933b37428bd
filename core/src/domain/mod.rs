//! The words of the field as types that cannot hold a bad value: parsed once, at the edge,
//! and never checked again. Knows no document, no checklist, no storage.

mod facility;
mod facts;
mod ids;
mod instant;
mod person;
mod territory;

pub use facility::{
    Contract, Facility, FacilityCode, FacilityKind, FacilityRef, ManagingBody, NotAFacilityCode,
    UnknownFacilityKind,
};
pub use facts::{FactValue, Facts};
pub use ids::{FacilityId, InspectionId, NotASha256, NotAnId, PersonId, Sha256};
pub use instant::{Day, Instant, NotAnInstant, Zone, parse_day};
pub use person::{NotAUsername, Role, UnknownRole, Username};
pub use territory::{Scope, Territory, UnknownTerritory};
