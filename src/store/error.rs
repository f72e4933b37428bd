//! What can go wrong between the service and its database, as sentences for the log and
//! for the operator of a command. None repeats a password; none is meant for a client.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too many at once, or another process holds the database for too long. Worth a
    /// later try: nothing was written.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// It cannot be reached, opened, written or flushed. Nothing was acknowledged.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A statement failed: a constraint, or a mistake in the program.
    #[error("a statement failed in the database")]
    Query(#[source] Diesel),
    /// The work inside a transaction panicked; it was rolled back.
    #[error("the work in a transaction stopped by a mistake in the program; it was undone")]
    Panicked,
    /// A newer vigila migrated this database.
    #[error(
        "the database has the migration {version}, which this version of vigila does not know: \
         start the newer vigila that made it, or restore the copy made before"
    )]
    NewerDatabase {
        /// The newest migration that is unknown here.
        version: String,
    },
    /// PostgreSQL, and migrations are pending.
    #[error(
        "the database wants {} more migrations, from {first} on: run `vigila migrate` first",
        count
    )]
    PendingMigrations {
        /// How many.
        count: usize,
        /// The version of the first.
        first: String,
    },
    /// A migration failed. It was undone.
    #[error("the database could not be migrated; it is as it was: {0}")]
    Migration(String),
    /// The URL names no database that vigila knows.
    #[error("the database URL does not do: {0}")]
    BadUrl(String),
}

impl Error {
    /// Sorts what diesel reports: whether a later try is worth while, whether the database
    /// is gone, or whether the statement is to blame.
    pub(super) fn from_diesel(error: Diesel) -> Self {
        match error {
            Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | Diesel::BrokenTransactionManager => Self::Unavailable(error.to_string()),
            Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Busy,
            error if is_locked(&error) || is_deadlock(&error) => Self::Busy,
            error => Self::Query(error),
        }
    }

    /// What a closed database answers.
    pub(super) fn closed() -> Self {
        Self::Unavailable("it is being closed".to_owned())
    }
}

/// Whether PostgreSQL asks to run the transaction again.
pub(super) fn wants_another_run(error: &Diesel) -> bool {
    let serialization =
        matches!(error, Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _));
    serialization || is_deadlock(error)
}

/// SQLITE_BUSY or SQLITE_LOCKED. Diesel keeps the message of an error and not its code; the
/// messages are constants of SQLite.
pub(super) fn is_locked(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(DatabaseErrorKind::Unknown, about)
        if ["database is locked", "database table is locked"]
            .iter()
            .any(|text| about.message().starts_with(text)))
}

/// 40P01. Diesel does not keep the code; `deadlock` is the word in the English and the
/// Italian messages of the server.
fn is_deadlock(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(DatabaseErrorKind::Unknown, about)
        if about.message().contains("deadlock"))
}
