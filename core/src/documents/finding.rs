//! The words of findings as they are stored and sent.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How grave a non-conformity is; the gravest last.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingSeverity)]
pub enum Severity {
    /// Lieve.
    Minor,
    /// Grave.
    Major,
    /// Critica: the item knocks the visit out.
    Critical,
}

/// Where the office's dealing with a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingState)]
pub enum FindingState {
    /// Aperta: as the visit left it.
    Open,
    /// Prescritta: the managing body has an order with a deadline.
    Prescribed,
    /// Azione presentata: the managing body says that it was mended.
    ActionSubmitted,
    /// Contestata: formal charges were made, or the managing body objects.
    Contested,
    /// Verificata: the office found it mended.
    Verified,
    /// Chiusa: nothing is left to do.
    Closed,
    /// Annullata: it should not have been opened.
    Void,
}

/// The text is none of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a word of findings")]
pub struct NotAWord;

impl Severity {
    /// All of them, the gravest last.
    pub const ALL: [Self; 3] = [Self::Minor, Self::Major, Self::Critical];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}

impl FindingState {
    /// All of them, in the order of their course.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Prescribed,
        Self::ActionSubmitted,
        Self::Contested,
        Self::Verified,
        Self::Closed,
        Self::Void,
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Prescribed => "prescribed",
            Self::ActionSubmitted => "action_submitted",
            Self::Contested => "contested",
            Self::Verified => "verified",
            Self::Closed => "closed",
            Self::Void => "void",
        }
    }
}

macro_rules! word {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl FromStr for $name {
            type Err = NotAWord;
            fn from_str(text: &str) -> Result<Self, NotAWord> {
                Self::ALL.into_iter().find(|word| word.as_str() == text).ok_or(NotAWord)
            }
        }
    };
}

word!(Severity);
word!(FindingState);
