//! What is wrong with a document, and where: a machine code, a JSON pointer (RFC 6901) and
//! the words a message needs. The sentences themselves are people's language and live in the
//! service's message catalogue.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The kinds of fault. The names are stable: phones say them in their own words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FaultCode { $($(#[$doc])* $variant),+ }

        impl FaultCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name on the wire, in kebab-case.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

codes! {
    /// A member that must be there is not.
    Required = "required",
    /// A member that this document does not have.
    UnknownField = "unknown-field",
    /// Another JSON type than asked; args: what is asked.
    WrongType = "wrong-type",
    /// An integer that a double cannot hold exactly (beyond ±2^53).
    InexactInteger = "inexact-integer",
    /// U+0000 in a text.
    NullCharacter = "null-character",
    /// An instant that is not RFC 3339.
    NotAnInstant = "not-an-instant",
    /// An instant with another offset than Z.
    NotUtc = "not-utc",
    /// Not a day such as 2026-03-04.
    NotADay = "not-a-day",
    /// Not a UUID of 36 characters.
    NotAUuid = "not-a-uuid",
    /// Not a SHA-256 in lower-case hexadecimal.
    NotASha256 = "not-a-sha256",
    /// Not one of the values possible; args: those possible.
    NotAnOption = "not-an-option",
    /// A number outside its range; args: the least, the most.
    OutOfRange = "out-of-range",
    /// A number with a fraction where a whole one is asked.
    NotAnInteger = "not-an-integer",
    /// A text too short or too long; args: the least, the most.
    BadLength = "bad-length",
    /// A text of another form than asked; args: the form.
    BadFormat = "bad-format",
    /// The same thing twice.
    Duplicate = "duplicate",
    /// An answer to an item that the checklist does not have; args: the item.
    UnknownItem = "unknown-item",
    /// `na` without a reason.
    ReasonRequired = "reason-required",
    /// A photo that an answer names and `photos` does not list.
    PhotoNotListed = "photo-not-listed",
    /// No text there that somebody wrote freely.
    NotAFreeText = "not-a-free-text",
    /// A redaction that is not of this photo, or was superseded before.
    CannotSupersede = "cannot-supersede",
    /// Ended before it started.
    EndedBeforeStarted = "ended-before-started",
    /// Ended more than a day in the future.
    InTheFuture = "in-the-future",
    /// A day before today.
    InThePast = "in-the-past",
    /// A deadline with another move than prescribing.
    OnlyWhenPrescribed = "only-when-prescribed",
    /// No such centre among those of the sender.
    UnknownFacility = "unknown-facility",
    /// The centre is closed.
    InactiveFacility = "inactive-facility",
    /// No such checklist version.
    UnknownChecklist = "unknown-checklist",
    /// An anonymous checklist takes no inspections.
    AnonymousChecklist = "anonymous-checklist",
    /// What a correction corrects cannot be corrected by the sender, or is of another centre or checklist.
    CannotCorrect = "cannot-correct",
    /// A province that is none, or another's.
    UnknownTerritory = "unknown-territory",
    /// A fact that `facts.yaml` does not declare for centres; args: the fact.
    UnknownFact = "unknown-fact",
    /// A member that never changes once set.
    Immutable = "immutable",
    /// A query parameter that the operation does not have.
    UnknownParameter = "unknown-parameter",
    /// A cursor that no page of this list gave.
    BadCursor = "bad-cursor",
    /// A row of a file that is not as long as its header.
    BadRow = "bad-row",
    /// A code that is in use.
    CodeInUse = "code-in-use",
    /// A password that is too easy to guess; args: the least length.
    WeakPassword = "weak-password",
    /// A change that would leave nobody who can keep people.
    LastAdmin = "last-admin",
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a JSON document, as RFC 6901 writes it; empty for the whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The member `key` below this place.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    /// The element at `index` below this place.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The text of the pointer.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Pointer {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// One thing wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub pointer: Pointer,
    /// What.
    pub code: FaultCode,
    /// The words its message needs, in order.
    pub args: Vec<String>,
}

/// The most faults that are told of one document. No visit that somebody made has as many;
/// a body of 2 MiB made for it would have over a million, and an answer of 100 MB.
pub const MOST_FAULTS: usize = 10_000;

/// Every fault found so far, up to [`MOST_FAULTS`].
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, at: &Pointer, code: FaultCode) {
        self.with(at, code, Vec::new());
    }

    /// Notes a fault with the words that its message needs.
    pub fn with(&mut self, at: &Pointer, code: FaultCode, args: Vec<String>) {
        if self.0.len() < MOST_FAULTS {
            self.0.push(Fault { pointer: at.clone(), code, args });
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those found.
    #[must_use]
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }

    /// `Ok` when there is none.
    ///
    /// # Errors
    /// All of them, when there are some.
    pub fn none(self) -> Result<(), Vec<Fault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
