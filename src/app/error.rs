//! Why something asked was not done, in words that know no HTTP.

use vigila_core::documents::finding::FindingState;
use vigila_core::documents::{Fault, FaultCode, Pointer};

/// Why something asked was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The document is wrong, in each of these places.
    #[error("the document has {} faults", .0.len())]
    Faults(Vec<Fault>),
    /// Nobody is signed in, or no longer.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// Wrong name or wrong password.
    #[error("wrong name or password")]
    WrongCredentials,
    /// Too many failures; to be tried again after so many seconds.
    #[error("too many failures, wait {0} s")]
    Throttled(u64),
    /// The role does not allow it.
    #[error("the role does not allow it")]
    Forbidden,
    /// It is not there, or not for this person.
    #[error("not found")]
    NotFound,
    /// The name or code is in use.
    #[error("the name or code is in use")]
    InUse,
    /// An order erased it.
    #[error("erased by an order")]
    Gone,
    /// Another content is stored under this id.
    #[error("other content is stored under this id")]
    OtherContent,
    /// A finding may not go there from where it stands.
    #[error("the finding is {0}")]
    WrongState(FindingState),
    /// Somebody changed it meanwhile.
    #[error("changed meanwhile")]
    Stale,
    /// Other bytes of an upload are awaited.
    #[error("other bytes are awaited")]
    WrongOffset,
    /// A photo that cannot be taken.
    #[error("photo refused: {0}")]
    Photo(#[from] vigila_core::photo::Refusal),
    /// The bytes are not those that the name promises.
    #[error("the bytes do not hash to the name")]
    HashMismatch,
    /// Too much at once; worth a later try.
    #[error("too much at once")]
    Busy,
    /// The database failed.
    #[error("database")]
    Database(#[source] crate::store::Error),
    /// The photo store failed.
    #[error("photo store")]
    Blobs(#[from] crate::blobs::Error),
    /// What came in could not be kept for the moment.
    #[error("spool")]
    Spool(#[from] crate::spool::Error),
    /// Something that cannot be, as a sentence for the log.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// One fault at one place.
    #[must_use]
    pub fn fault(at: &str, code: FaultCode) -> Self {
        Self::fault_with(at, code, Vec::new())
    }

    /// One fault at one place, with the words that its message needs.
    #[must_use]
    pub fn fault_with(at: &str, code: FaultCode, args: Vec<String>) -> Self {
        Self::Faults(vec![Fault { pointer: Pointer::from(at), code, args }])
    }

    /// Whether the same may go well a little later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Blobs(_)
                | Self::Spool(_)
                | Self::Database(crate::store::Error::Unavailable(_))
        )
    }

    /// It with all its sources, for the log.
    #[must_use]
    pub fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        text
    }
}

impl From<super::LibraryError> for Error {
    fn from(error: super::LibraryError) -> Self {
        match error {
            super::LibraryError::Database(error) => error.into(),
            error => Self::Internal(error.to_string()),
        }
    }
}

impl From<crate::store::Error> for Error {
    fn from(error: crate::store::Error) -> Self {
        match error {
            crate::store::Error::Busy => Self::Busy,
            error => Self::Database(error),
        }
    }
}
