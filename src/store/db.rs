//! The door to the database: `read` and `write` are the only ways in. What they run is a
//! plain function of a connection that holds SQL and nothing else (no files, no network, no
//! scoring, no hashing), and that may be run again. Knows no table.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use diesel::result::QueryResult;
use tokio::sync::Semaphore;

use super::connection::{Address, Conn, Manager, Pooled};
use super::error::{Error, wants_another_run};
use super::migrate;
use super::writer::Writer;

/// How much the database may be asked at once, and how long a request waits for its turn.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections that read, on PostgreSQL also those that write. At least 1.
    pub connections: u32,
    /// How long a request waits for its turn before it is told that the database is busy.
    pub wait: Duration,
    /// SQLite: how many writes may wait in line. At least 1.
    pub queue: usize,
    /// SQLite: how many writes share one transaction at most. At least 1.
    pub batch: usize,
    /// SQLite: who is told of each commit how many writes shared it.
    pub told: Option<Told>,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 8, wait: Duration::from_secs(5), queue: 1024, batch: 64, told: None }
    }
}

/// Who is told how many writes shared a commit.
#[derive(Clone)]
pub struct Told(pub Arc<dyn Fn(usize) + Send + Sync>);

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

/// Connections that read, on PostgreSQL also those that write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// At work, or being opened.
    pub busy: u32,
    /// Open, and waiting for work.
    pub idle: u32,
    /// How many there may be.
    pub max: u32,
}

/// The database. Clones share it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    pool: r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
    /// SQLite only.
    writer: Option<Writer>,
    options: Options,
}

const READ_POSTGRES: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const READ_SQLITE: &str = "BEGIN DEFERRED";
const WRITE_POSTGRES: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";

/// How often a transaction that PostgreSQL could not serialize is run in all.
const RUNS: u32 = 10;

impl Db {
    /// Opens the database at `sqlite://FILE` or `postgres://…`. Blocks. SQLite is migrated,
    /// after a copy of the file.
    ///
    /// # Errors
    /// [`Error::BadUrl`], [`Error::Unavailable`], [`Error::NewerDatabase`];
    /// [`Error::PendingMigrations`] on PostgreSQL, [`Error::Migration`] on SQLite.
    pub fn open(url: &str, options: Options) -> Result<Self, Error> {
        let address = Address::parse(url)?;
        migrate::on_open(&address)?;
        let connections = options.connections.max(1);
        let writer = match &address {
            Address::Postgres(_) => None,
            Address::Sqlite(_) => Some(Writer::start(
                address.clone(),
                options.queue.max(1),
                options.batch.max(1),
                options.wait,
                options.told.clone(),
            )?),
        };
        // Connections are made when they are first needed: that there is a database
        // at all, the migrations have just seen.
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(0))
            .connection_timeout(options.wait)
            .error_handler(Box::new(LogConnections))
            .build_unchecked(Manager(address));
        let permits = Arc::new(Semaphore::new(connections as usize));
        Ok(Self { inner: Arc::new(Inner { pool, permits, writer, options }) })
    }

    /// Runs `work` on one unchanging view of the database. It cannot write.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Unavailable`], [`Error::Query`], [`Error::Panicked`].
    pub async fn read<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        let begin = if self.is_sqlite() { READ_SQLITE } else { READ_POSTGRES };
        self.on_pool(move |conn| conn.transaction(begin, &mut work).map_err(Error::from_diesel))
            .await
    }

    /// Runs `work` as if it were alone in the database, and returns when what it wrote is on
    /// disk. `work` may be run several times; only its last run counts. An error of any
    /// statement must come out as its error: PostgreSQL is then in a failed transaction,
    /// whose commit would quietly undo the rest.
    ///
    /// # Errors
    /// As [`Db::read`]. With each of them nothing was written, but for a connection that
    /// broke during COMMIT, where nobody can tell: so every write is one that can be repeated.
    pub async fn write<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        if let Some(writer) = &self.inner.writer {
            return writer.run(work).await;
        }
        self.on_pool(move |conn| {
            let mut run = 1;
            loop {
                match conn.transaction(WRITE_POSTGRES, &mut work) {
                    Err(error) if wants_another_run(&error) && run < RUNS => {
                        std::thread::sleep(chance_wait(run));
                        run += 1;
                    }
                    outcome => return outcome.map_err(Error::from_diesel),
                }
            }
        })
        .await
    }

    /// Whether a read and an empty write succeed in time.
    pub async fn is_healthy(&self) -> bool {
        let probe = async {
            self.read(|_| Ok(())).await?;
            self.write(|_| Ok(())).await
        };
        matches!(tokio::time::timeout(self.inner.options.wait, probe).await, Ok(Ok(())))
    }

    /// Refuses new work, finishes what was begun, and leaves a SQLite file in one piece.
    pub async fn shutdown(&self) {
        if let Some(writer) = &self.inner.writer {
            writer.stop().await;
        }
        let all = self.inner.pool.max_size();
        let last = self.inner.permits.acquire_many(all);
        // Work that hangs for longer than any request waits must not keep the process.
        let _ = tokio::time::timeout(self.inner.options.wait, last).await;
        self.inner.permits.close();
    }

    /// How many connections there are, and how many of them work.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let r2d2::State { connections, idle_connections, .. } = self.inner.pool.state();
        Connections {
            busy: connections.saturating_sub(idle_connections),
            idle: idle_connections,
            max: self.inner.pool.max_size(),
        }
    }

    /// Whether this is SQLite: one file, one process that serves.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.inner.writer.is_some()
    }

    /// Runs blocking work on a connection of the pool. The permit is taken before the
    /// thread, so that requests that wait for their turn hold no thread.
    async fn on_pool<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Pooled) -> Result<T, Error> + Send + 'static,
    {
        let permits = Arc::clone(&self.inner.permits);
        let permit = tokio::time::timeout(self.inner.options.wait, permits.acquire_owned())
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| Error::closed())?;
        let inner = Arc::clone(&self.inner);
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut conn = inner.pool.get().map_err(|e| Error::Unavailable(e.to_string()))?;
            work(&mut conn)
        });
        task.await.unwrap_or(Err(Error::Panicked))
    }
}

/// A few milliseconds, more with every run and never the same, so that transactions which
/// met once do not meet again.
fn chance_wait(run: u32) -> Duration {
    let most = 8_000 * u64::from(run);
    // Without chance the waits would be equal, which costs runs and nothing else.
    let chance = getrandom::u64().unwrap_or(most / 2);
    Duration::from_micros(1_000 + chance % most)
}

/// Connections that cannot be made are for the operator to know of.
#[derive(Debug)]
struct LogConnections;

impl r2d2::HandleError<Error> for LogConnections {
    fn handle_error(&self, error: Error) {
        tracing::warn!(cause = %error, "no connection to the database");
    }
}

#[cfg(test)]
mod tests;
