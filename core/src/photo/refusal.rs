//! Why a photo is not taken. Knows no HTTP and no language of the reader: whoever answers
//! the phone decides on the status and on the sentence, from the variant.

/// Why the bytes are not accepted as a photo. The contract's table of accepted and refused
/// pictures is the source of each variant; `Display` is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// HEIC, HEIF or AVIF: what some phones write unless told to write JPEG.
    #[error("a HEIC, HEIF or AVIF picture")]
    Heic,
    /// Neither JPEG nor PNG nor WebP, judged by the first bytes alone.
    #[error("not a JPEG, PNG or WebP picture but {found}")]
    UnsupportedType {
        /// What the first bytes look like: a short name such as `GIF`, or `unknown`.
        found: &'static str,
    },
    /// More than [`super::MAX_BYTES`].
    #[error("{bytes} bytes, more than {} are not taken", super::MAX_BYTES)]
    TooLarge {
        /// How many bytes came.
        bytes: u64,
    },
    /// More than [`super::MAX_PIXELS`].
    #[error("{width} x {height} pixels, more than {} are not taken", super::MAX_PIXELS)]
    TooManyPixels {
        /// Pixels across, as stored.
        width: u32,
        /// Pixels down, as stored.
        height: u32,
    },
    /// Within the limit of pixels, but of a kind whose decoder needs more than
    /// [`super::MAX_MEMORY`] for this size (very large progressive JPEG or lossless WebP).
    #[error("{width} x {height} pixels of this kind would need {needed} bytes of memory")]
    TooMuchMemory {
        /// Pixels across, as stored.
        width: u32,
        /// Pixels down, as stored.
        height: u32,
        /// Bytes that decoding would take at its peak.
        needed: u64,
    },
    /// A JPEG of more than [`super::MAX_SCANS`] scans.
    #[error("a JPEG of more than {} scans", super::MAX_SCANS)]
    TooManyScans,
    /// A JPEG of more than [`super::MAX_SEGMENTS`] segments.
    #[error("a JPEG of more than {} segments", super::MAX_SEGMENTS)]
    TooManySegments,
    /// Of an accepted type, but nothing can be made of it.
    #[error("the picture cannot be read: {reason}")]
    Unreadable {
        /// What is wrong, in English, for the log.
        reason: String,
    },
}

impl Refusal {
    /// The name of the refusal for machines, in kebab-case. It never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Heic => "heic",
            Self::UnsupportedType { .. } => "unsupported-type",
            Self::TooLarge { .. } => "too-large",
            Self::TooManyPixels { .. } => "too-many-pixels",
            Self::TooMuchMemory { .. } => "too-much-memory",
            Self::TooManyScans => "too-many-scans",
            Self::TooManySegments => "too-many-segments",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    pub(super) fn unreadable(reason: impl Into<String>) -> Self {
        Self::Unreadable { reason: reason.into() }
    }
}
