//! One connection to either database, how it is opened, and the transaction on it. The
//! derived `establish` is never used: it tries PostgreSQL, swallows the error and then
//! makes a SQLite *file* that is named like the URL. Knows no table.

use std::fmt;
use std::path::{Path, PathBuf};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error as Diesel, QueryResult};
use diesel::{Connection, PgConnection, SqliteConnection};

use super::error::Error;

/// A connection to PostgreSQL or SQLite; one query serves both.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Lite(SqliteConnection),
}

/// Runs one expression on the connection that is there: for the statements which diesel
/// offers on each database and not on both at once (`on_conflict`, inserting a slice).
macro_rules! each {
    ($conn:expr, |$c:ident| $statement:expr) => {
        match $conn {
            $crate::store::Conn::Pg($c) => $statement,
            $crate::store::Conn::Lite($c) => $statement,
        }
    };
}
pub(super) use each;

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// The URL as libpq takes it.
    Postgres(String),
    /// The file.
    Sqlite(PathBuf),
}

/// What a connection to SQLite is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Only reads, and SQLite holds it to that.
    Reading,
    /// The one that writes. A receipt is a promise, so every commit is flushed.
    Writing,
    /// Changes the schema. Foreign keys are checked at its end instead of row by row,
    /// because changing a table means making it anew.
    Migrating,
}

impl Address {
    /// `sqlite://FILE` (relative, or absolute with a third slash), `postgres://…` or
    /// `postgresql://…`.
    pub fn parse(url: &str) -> Result<Self, Error> {
        if let Some(file) = url.strip_prefix("sqlite://") {
            if file.is_empty() || file.starts_with(":memory:") {
                let text = "sqlite:// wants the name of a file, such as sqlite://vigila.db";
                return Err(Error::BadUrl(text.to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(file)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let text = "it begins with sqlite://, as in sqlite://vigila.db, or with postgres://";
        Err(Error::BadUrl(text.to_owned()))
    }

    /// Opens a connection. `purpose` is for SQLite; PostgreSQL is told by the transaction.
    pub fn connect(&self, purpose: Purpose) -> Result<Conn, Error> {
        match self {
            Self::Postgres(url) => postgres(url).map(Conn::Pg),
            Self::Sqlite(file) => sqlite(file, purpose).map(Conn::Lite),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(_) => f.write_str("PostgreSQL"),
            Self::Sqlite(file) => write!(f, "SQLite {}", file.display()),
        }
    }
}

/// Connects to PostgreSQL.
pub(super) fn postgres(url: &str) -> Result<PgConnection, Error> {
    PgConnection::establish(url).map_err(|error| {
        let text = error.to_string();
        if text.contains("SSL support is not compiled in") {
            return Error::BadUrl(
                "it asks for TLS, and this vigila was built without: build with the feature \
                 postgres-tls, or use sslmode=disable on a network you trust"
                    .to_owned(),
            );
        }
        Error::Unavailable(without_secrets(url, text))
    })
}

/// libpq quotes what it cannot make sense of, which may be a piece of the password when
/// somebody forgot to percent-encode it. A message that holds such a piece is not shown.
fn without_secrets(url: &str, message: String) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (userinfo, rest) = after_scheme.rsplit_once('@').unwrap_or(("", after_scheme));
    let password = userinfo.split_once(':').map_or("", |(_, password)| password);
    let parameter =
        rest.split(['?', '&']).find_map(|pair| pair.strip_prefix("password=")).unwrap_or("");
    let pieces = [password, parameter].into_iter().flat_map(|secret| {
        let parts = secret.split(['@', ':', '/', '?', '#', '%', '&']);
        parts.filter(|piece| piece.len() > 1).collect::<Vec<_>>()
    });
    if pieces.into_iter().any(|piece| message.contains(piece)) {
        return "PostgreSQL cannot be reached with this URL; special characters in its \
                password are written percent-encoded"
            .to_owned();
    }
    message
}

/// Opens a SQLite file, making it if there is none.
fn sqlite(file: &Path, purpose: Purpose) -> Result<SqliteConnection, Error> {
    let unavailable = |cause: String| Error::Unavailable(format!("{}: {cause}", file.display()));
    // A relative name is anchored, so that no name is taken for a URI or for `:memory:`.
    let path = if file.is_absolute() { file.to_owned() } else { Path::new(".").join(file) };
    let Some(name) = path.to_str() else {
        return Err(unavailable("the name of the file is not UTF-8".to_owned()));
    };
    if path.parent().is_some_and(|folder| !folder.is_dir()) {
        return Err(unavailable("its folder does not exist; make it first".to_owned()));
    }
    let mut conn = SqliteConnection::establish(name).map_err(|e| unavailable(e.to_string()))?;
    let settings = match purpose {
        Purpose::Reading => "PRAGMA foreign_keys = ON; PRAGMA query_only = ON;",
        Purpose::Writing => {
            "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
        }
        Purpose::Migrating => "PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL;",
    };
    // In milliseconds: commands write beside a running service, and wait for each other.
    let waits = "PRAGMA busy_timeout = 5000;";
    conn.batch_execute(&format!("{waits}{settings}")).map_err(|e| unavailable(e.to_string()))?;
    Ok(conn)
}

/// Opens a transaction with this statement.
pub(super) fn begin(conn: &mut Conn, statement: &str) -> QueryResult<()> {
    each!(conn, |c| AnsiTransactionManager::begin_transaction_sql(c, statement))
}

/// Opens a savepoint inside the transaction.
pub(super) fn savepoint(conn: &mut Conn) -> QueryResult<()> {
    <Conn as TransactionManager<Conn>>::begin_transaction(conn)
}

/// Commits the transaction, or releases the innermost savepoint.
pub(super) fn commit(conn: &mut Conn) -> QueryResult<()> {
    <Conn as TransactionManager<Conn>>::commit_transaction(conn)
}

/// Rolls back the transaction, or to the innermost savepoint.
pub(super) fn rollback(conn: &mut Conn) -> QueryResult<()> {
    <Conn as TransactionManager<Conn>>::rollback_transaction(conn)
}

/// A connection of the pool, which knows whether it was left in order.
pub(super) struct Pooled {
    conn: Conn,
    clean: bool,
}

impl Pooled {
    /// Runs `work` in a transaction opened by `statement`.
    pub fn transaction<T>(
        &mut self,
        statement: &str,
        work: &mut impl FnMut(&mut Conn) -> QueryResult<T>,
    ) -> QueryResult<T> {
        // Whatever leaves this function early, a panic among them, leaves it unclean.
        self.clean = false;
        begin(&mut self.conn, statement)?;
        let outcome = work(&mut self.conn).and_then(|value| {
            refuse_aborted(&mut self.conn)?;
            Ok(value)
        });
        match outcome {
            Ok(value) => {
                let committed = commit(&mut self.conn);
                self.clean = in_order(&committed);
                committed.map(|()| value)
            }
            Err(error) => {
                self.clean = rollback(&mut self.conn).is_ok();
                Err(error)
            }
        }
    }
}

/// PostgreSQL turns the COMMIT of a failed transaction into a rollback and calls it a
/// success. Work that swallows the error of a statement would so lose its other writes
/// unsaid: tests and debug builds find it here, at the price of one statement more.
fn refuse_aborted(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Pg(pg) if cfg!(debug_assertions) => pg.batch_execute("SELECT 1"),
        _ => Ok(()),
    }
}

/// Whether a COMMIT left the connection fit for use. When it fails diesel rolls back; what
/// remains is a connection that is gone, or that it could not roll back.
fn in_order(committed: &QueryResult<()>) -> bool {
    !matches!(
        committed,
        Err(Diesel::RollbackErrorOnCommit { .. }
            | Diesel::BrokenTransactionManager
            | Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection, _))
    )
}

/// Makes the connections of the pool.
#[derive(Debug)]
pub(super) struct Manager(pub Address);

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = Error;

    fn connect(&self) -> Result<Pooled, Error> {
        Ok(Pooled { conn: self.0.connect(Purpose::Reading)?, clean: true })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Error> {
        match &mut pooled.conn {
            Conn::Pg(pg) => pg.batch_execute("SELECT 1").map_err(Error::from_diesel),
            Conn::Lite(_) => Ok(()),
        }
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        !pooled.clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_by_its_scheme() {
        assert_eq!(Address::parse("sqlite://a.db").unwrap(), Address::Sqlite("a.db".into()));
        assert_eq!(Address::parse("sqlite:///v/a.db").unwrap(), Address::Sqlite("/v/a.db".into()));
        assert!(matches!(Address::parse("postgresql://h/d"), Ok(Address::Postgres(_))));
        for bad in ["", "vigila.db", "sqlite://", "sqlite://:memory:", "mysql://h/d", "sqlite:a"] {
            assert!(matches!(Address::parse(bad), Err(Error::BadUrl(_))), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let bad = [
            "postgres://u:ge@heim@127.0.0.1:1/d",
            "postgres://u:ge/heim@127.0.0.1:1/d",
            "postgres://u:geheim:geheim@127.0.0.1:1/d",
            "postgres://u:geheim@127.0.0.1:port/d",
            "postgres://u@127.0.0.1:1/d?password=geheim&geheim",
            "postgres://u:geheim@127.0.0.1:1/d",
        ];
        for url in bad {
            let Err(error) = Address::parse(url).unwrap().connect(Purpose::Reading) else {
                panic!("connected to {url}");
            };
            assert!(!error.to_string().contains("heim"), "{url}: {error}");
            assert!(!format!("{:?}", Address::parse(url).unwrap()).contains("heim"));
        }
    }

    #[test]
    fn a_missing_folder_is_named() {
        let Err(error) = Address::Sqlite("/no/such/folder/a.db".into()).connect(Purpose::Writing)
        else {
            panic!("opened a file in no folder");
        };
        assert!(error.to_string().contains("/no/such/folder/a.db: its folder does not exist"));
    }
}
