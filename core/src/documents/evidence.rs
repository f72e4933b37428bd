//! `evidence.yaml`: from where on something about a photo is worth a word. The numbers and
//! names are an office's own choice, and stand nowhere else.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checklist::Bilingual;

/// The most bits in which two fingerprints may differ for the search of near copies, which is
/// exact up to there: of four bands of 16 bits at least one then differs in 2 bits at most.
pub const MOST_BITS: u32 = 11;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this structure: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: i32,
    /// Which rules these are.
    pub evidence: Header,
    /// How far times may lie apart.
    pub times: Times,
    /// How far places may lie apart.
    pub places: Places,
    /// How alike two photos are that count as near copies.
    pub copies: Copies,
    /// What a picture must be to be of use.
    pub pictures: Pictures,
    /// Names of programs that change pictures, as they sign in EXIF.
    pub editors: Vec<String>,
    /// Flags that are not raised here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_raised: Vec<FlagCode>,
}

/// Which rules these are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Their permanent code.
    #[schemars(regex(pattern = r"^[A-Z0-9][A-Z0-9-]{1,31}$"))]
    pub code: String,
    /// Semantic version.
    #[schemars(regex(pattern = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"))]
    pub version: String,
    /// Their name.
    pub title: Bilingual,
}

/// How far times may lie apart. Exactly so far is no flag.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// Minutes before the visit began or after it ended.
    #[schemars(range(min = 0.0))]
    pub visit_minutes: f64,
    /// Minutes between a photo and an answer that names it.
    #[schemars(range(min = 0.0))]
    pub answer_minutes: f64,
    /// Minutes between two clocks that should tell the same.
    #[schemars(range(min = 0.0))]
    pub clock_minutes: f64,
}

/// How far places may lie apart. Exactly so far is no flag.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Metres from the centre.
    #[schemars(range(min = 0.0))]
    pub centre_metres: f64,
    /// Metres between the position in the photo and the one that the phone declared.
    #[schemars(range(min = 0.0))]
    pub between_metres: f64,
}

/// How alike two photos are that count as near copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copies {
    /// The most bits of 64 in which their fingerprints differ; so many still count.
    #[schemars(range(min = 0, max = 11))]
    pub bits: u32,
}

/// What a picture must be to be of use. Exactly a limit is no flag.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pictures {
    /// Sharpness below which it counts as blurred.
    #[schemars(range(min = 0.0))]
    pub blurred_below: f64,
    /// Mean brightness, 0 to 255, below which it counts as too dark.
    #[schemars(range(min = 0.0, max = 255.0))]
    pub dark_below: f64,
    /// Mean brightness, 0 to 255, above which it counts as too bright.
    #[schemars(range(min = 0.0, max = 255.0))]
    pub bright_above: f64,
}

macro_rules! flags {
    ($($(#[$doc:meta])+ $name:ident = $code:literal,)+) => {
        /// What of a photo is worth a word. The codes are for good.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            JsonSchema, ToSchema,
        )]
        #[schema(as = EvidenceFlagCode, rename_all = "kebab-case")]
        #[serde(rename_all = "kebab-case")]
        pub enum FlagCode {
            $($(#[$doc])+ $name,)+
        }

        impl FlagCode {
            /// All codes, in the order in which flags are told.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

flags! {
    /// Taken before the visit began or after it ended, by the camera's clock.
    TakenOutsideVisit = "taken-outside-visit",
    /// Taken after the server received it, by the camera's clock.
    TakenAfterReceipt = "taken-after-receipt",
    /// Taken long before or after an answer that names it was observed.
    TakenFarFromAnswer = "taken-far-from-answer",
    /// The camera and the phone say different times.
    ClockDiffers = "clock-differs",
    /// The phone declares a time outside the visit.
    DeclaredOutsideVisit = "declared-outside-visit",
    /// Taken far from the centre, by the camera's position.
    FarFromCentre = "far-from-centre",
    /// The phone declares a position far from the centre.
    DeclaredFarFromCentre = "declared-far-from-centre",
    /// The camera and the phone say different places.
    PositionsDiffer = "positions-differ",
    /// The camera's position is 0, 0, which is none.
    PositionZero = "position-zero",
    /// The declared position is 0, 0, which is none.
    DeclaredPositionZero = "declared-position-zero",
    /// The camera's position does not say how exact it is.
    PositionWithoutAccuracy = "position-without-accuracy",
    /// The same bytes lie in another inspection.
    SameBytesElsewhere = "same-bytes-elsewhere",
    /// A picture that looks the same lies in another inspection.
    NearCopyElsewhere = "near-copy-elsewhere",
    /// A picture that looks the same lies in this inspection.
    NearCopyInVisit = "near-copy-in-visit",
    /// A program that changes pictures signed it.
    Edited = "edited",
    /// It has no EXIF at all.
    NoExif = "no-exif",
    /// A part of it is missing or broken.
    Damaged = "damaged",
    /// It is less sharp than a picture of use.
    Blurred = "blurred",
    /// It is darker than a picture of use.
    TooDark = "too-dark",
    /// It is brighter than a picture of use.
    TooBright = "too-bright",
}

impl fmt::Display for FlagCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
