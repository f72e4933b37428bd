//! Brings the schema of a database up to date. SQLite is migrated when it is opened, after a
//! copy of the file; PostgreSQL only on command, because other processes serve from it.
//! Knows the migrations as text and no table.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, SqliteConnection, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Address, Conn, Purpose, begin, commit, postgres, rollback};
use super::error::{Error, is_locked};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// One number among all that use advisory locks in the same database: "vigila" in ASCII.
const LOCK: i64 = 0x7669_6769_6c61;

/// How long a migration waits for another one, or for a table that somebody uses.
const WAIT: Duration = Duration::from_secs(60);

/// Applies what is pending and returns the versions that were applied.
///
/// # Errors
/// [`Error::BadUrl`], [`Error::Unavailable`], [`Error::NewerDatabase`], [`Error::Migration`];
/// [`Error::Busy`] when another process held the schema for a minute.
pub fn migrate(url: &str) -> Result<Vec<String>, Error> {
    match Address::parse(url)? {
        Address::Sqlite(file) => migrate_sqlite(&file, &SQLITE),
        Address::Postgres(url) => migrate_postgres(&url, &POSTGRES),
    }
}

/// What opening a database does about migrations.
pub(super) fn on_open(address: &Address) -> Result<(), Error> {
    match address {
        Address::Sqlite(file) => migrate_sqlite(file, &SQLITE).map(|_| ()),
        Address::Postgres(url) => check_postgres(postgres(url)?, &POSTGRES),
    }
}

type Pending<DB> = Vec<Box<dyn Migration<DB>>>;

fn pending<DB: diesel::backend::Backend>(
    source: &EmbeddedMigrations,
    applied: &[MigrationVersion<'static>],
) -> Result<Pending<DB>, Error> {
    let mut known = MigrationSource::<DB>::migrations(source).map_err(said)?;
    let unknown = applied
        .iter()
        .filter(|version| !known.iter().any(|migration| &migration.name().version() == *version));
    if let Some(version) = unknown.max() {
        return Err(Error::NewerDatabase { version: version.to_string() });
    }
    known.retain(|migration| !applied.contains(&migration.name().version()));
    known.sort_by(|a, b| a.name().version().cmp(&b.name().version()));
    Ok(known)
}

fn said(error: impl std::fmt::Display) -> Error {
    Error::Migration(error.to_string())
}

/// One number from the database.
#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Whether diesel's table of migrations is there. Its own question would make it, which
/// a role that only serves may not do, and which takes SQLite's write lock.
fn is_set_up(conn: &mut Conn) -> Result<bool, Error> {
    let asked = match conn {
        Conn::Pg(_) => {
            "SELECT count(*) AS n FROM pg_catalog.pg_class \
             WHERE oid = to_regclass('__diesel_schema_migrations')"
        }
        Conn::Lite(_) => {
            "SELECT count(*) AS n FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
    };
    let table: Count = sql_query(asked).get_result(conn).map_err(Error::from_diesel)?;
    Ok(table.n > 0)
}

fn check_postgres(conn: PgConnection, source: &EmbeddedMigrations) -> Result<(), Error> {
    let mut conn = Conn::Pg(conn);
    let mut applied = Vec::new();
    if is_set_up(&mut conn)? {
        applied = conn.applied_migrations().map_err(said)?;
    }
    let pending = pending::<diesel::pg::Pg>(source, &applied)?;
    match pending.first() {
        None => Ok(()),
        Some(first) => Err(Error::PendingMigrations {
            count: pending.len(),
            first: first.name().version().to_string(),
        }),
    }
}

/// Each migration is a transaction; the advisory lock lets one process in at a time, and
/// the lock time-out keeps a migration that waits for a table from holding up everybody
/// who comes after it.
fn migrate_postgres(url: &str, source: &EmbeddedMigrations) -> Result<Vec<String>, Error> {
    let mut conn = postgres(url)?;
    let waits = WAIT.as_millis();
    conn.batch_execute(&format!("SET lock_timeout = {waits}; SELECT pg_advisory_lock({LOCK})"))
        .map_err(|error| {
            let waited = error.to_string().contains("lock timeout");
            if waited { Error::Busy } else { Error::from_diesel(error) }
        })?;
    let applied = conn.applied_migrations().map_err(said)?;
    let mut done = Vec::new();
    for migration in pending::<diesel::pg::Pg>(source, &applied)? {
        done.push(conn.run_migration(&migration).map_err(said)?.to_string());
    }
    // The lock goes with the connection.
    Ok(done)
}

/// All that is pending is one transaction, begun before looking: of two processes that
/// start at once, the second finds nothing left to do.
fn migrate_sqlite(file: &Path, source: &EmbeddedMigrations) -> Result<Vec<String>, Error> {
    let address = Address::Sqlite(file.to_owned());
    let mut conn = address.connect(Purpose::Migrating)?;
    use_write_ahead_log(&mut conn)?;
    // A command beside a running service need not wait for the writer when all is done.
    if is_set_up(&mut conn)? {
        let applied = conn.applied_migrations().map_err(said)?;
        if pending::<diesel::sqlite::Sqlite>(source, &applied)?.is_empty() {
            return Ok(Vec::new());
        }
    }
    patiently(|| begin(&mut conn, "BEGIN EXCLUSIVE"))?;
    let done = match &mut conn {
        Conn::Lite(lite) => apply_sqlite(lite, file, source),
        Conn::Pg(_) => Err(Error::closed()),
    };
    match done {
        Ok(done) => {
            commit(&mut conn).map_err(said)?;
            Ok(done)
        }
        Err(error) => {
            // What failed matters more than that undoing it failed: SQLite undoes it
            // anyway when the connection closes.
            let _ = rollback(&mut conn);
            Err(error)
        }
    }
}

fn apply_sqlite(
    conn: &mut SqliteConnection,
    file: &Path,
    source: &EmbeddedMigrations,
) -> Result<Vec<String>, Error> {
    let asked = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'";
    let tables: Count = sql_query(asked).get_result(conn).map_err(Error::from_diesel)?;
    let applied = conn.applied_migrations().map_err(said)?;
    let pending = pending::<diesel::sqlite::Sqlite>(source, &applied)?;
    let Some(last) = pending.last() else {
        return Ok(Vec::new());
    };
    if tables.n > 0 {
        copy(file, &last.name().version().to_string())?;
    }
    let mut done = Vec::new();
    for migration in &pending {
        done.push(conn.run_migration(migration).map_err(said)?.to_string());
    }
    let dangling: Vec<Dangling> =
        sql_query("SELECT \"table\" AS child FROM pragma_foreign_key_check")
            .load(conn)
            .map_err(said)?;
    match dangling.first() {
        None => Ok(done),
        Some(row) => {
            Err(Error::Migration(format!("rows of {} lost what they refer to", row.child)))
        }
    }
}

/// A row that refers to one that is not there.
#[derive(QueryableByName)]
struct Dangling {
    #[diesel(sql_type = Text)]
    child: String,
}

/// Copies the database next to itself as it is now. `VACUUM INTO` on a connection of its
/// own, because a copy of the file would miss the write-ahead log; under another name
/// first, so that what bears the final name is whole.
fn copy(file: &Path, version: &str) -> Result<PathBuf, Error> {
    let beside = |end: String| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let whole = beside(format!(".before-{version}"));
    let part = beside(format!(".before-{version}.part"));
    let not_copied = |cause: String| {
        Error::Migration(format!("no copy could be made at {}: {cause}", whole.display()))
    };
    match fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(not_copied(error.to_string()));
        }
        _ => {}
    }
    let Some(name) = part.to_str() else {
        return Err(not_copied("the name of the file is not UTF-8".to_owned()));
    };
    let mut conn = Address::Sqlite(file.to_owned()).connect(Purpose::Migrating)?;
    let vacuum = sql_query("VACUUM INTO ?").bind::<Text, _>(name);
    match &mut conn {
        Conn::Lite(lite) => vacuum.execute(lite).map_err(|e| not_copied(e.to_string()))?,
        Conn::Pg(_) => return Err(Error::closed()),
    };
    let flushed = fs::File::open(&part).and_then(|copy| copy.sync_all());
    flushed.and_then(|()| fs::rename(&part, &whole)).map_err(|e| not_copied(e.to_string()))?;
    tracing::info!(copy = %whole.display(), "copied the database before migrating it");
    Ok(whole)
}

/// Readers and the writer then do not wait for each other. The mode stays with the file.
fn use_write_ahead_log(conn: &mut Conn) -> Result<(), Error> {
    let mut mode = Mode { journal_mode: String::new() };
    // Changing the mode does not wait for the busy time-out while another process does it.
    patiently(|| {
        mode = sql_query("PRAGMA journal_mode = WAL").get_result(conn)?;
        Ok(())
    })?;
    if mode.journal_mode != "wal" {
        tracing::warn!(
            mode = mode.journal_mode,
            "this file system has no shared memory for SQLite: reads and writes wait for each other"
        );
    }
    Ok(())
}

/// How SQLite keeps its journal.
#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Tries again while another process holds the file, up to [`WAIT`].
fn patiently(mut step: impl FnMut() -> QueryResult<()>) -> Result<(), Error> {
    let begun = Instant::now();
    loop {
        match step() {
            Err(error) if is_locked(&error) && begun.elapsed() < WAIT => {
                std::thread::sleep(Duration::from_millis(50));
            }
            outcome => return outcome.map_err(Error::from_diesel),
        }
    }
}

#[cfg(test)]
mod tests;
