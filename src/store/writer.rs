//! The one thread that writes to SQLite. Jobs that wait together share one transaction and
//! so one flush to disk, each behind a savepoint of its own; they are answered after the
//! COMMIT and not before. Knows no table.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;
use tokio::sync::{mpsc, oneshot};

use super::connection::{Address, Conn, Purpose, begin, commit, rollback, savepoint};
use super::db::Told;
use super::error::{Error, is_locked};

/// The way to the thread. The thread ends when the last of these is gone, or on [`Writer::stop`].
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
    wait: Duration,
}

enum Message {
    Job(Box<dyn Job>),
    Stop(oneshot::Sender<()>),
}

impl Writer {
    /// Opens the connection and starts the thread. `queue` jobs may wait, each up to `wait`
    /// for a place; up to `batch` share a transaction.
    pub fn start(
        address: Address,
        queue: usize,
        batch: usize,
        wait: Duration,
        told: Option<Told>,
    ) -> Result<Self, Error> {
        let conn = address.connect(Purpose::Writing)?;
        let (sender, receiver) = mpsc::channel(queue);
        let hand = Hand { address, conn: Some(conn) };
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || serve(hand, receiver, batch, told.as_ref()))
            .map_err(|error| Error::Unavailable(format!("no thread for the writer: {error}")))?;
        Ok(Self { queue: sender, wait })
    }

    /// Runs `work` in the next batch and returns once it is on disk.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let place = tokio::time::timeout(self.wait, self.queue.reserve())
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| Error::closed())?;
        place.send(Message::Job(Box::new(Task { work, outcome: None, reply })));
        answer.await.unwrap_or_else(|_| Err(Error::closed()))
    }

    /// Refuses further jobs, finishes those that wait, and moves the write-ahead log into
    /// the database file.
    pub async fn stop(&self) {
        let (reply, done) = oneshot::channel();
        if self.queue.send(Message::Stop(reply)).await.is_ok() {
            // An error here means that the thread is already gone, as it should.
            let _ = done.await;
        }
    }
}

/// Work that waits for its turn.
trait Job: Send {
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
    /// Does it; an error is the reason to roll it back.
    fn run(&mut self, conn: &mut Conn) -> Result<(), String>;
    /// Tells the outcome to whoever waits: its own when `fate` is good.
    fn answer(self: Box<Self>, fate: &Fate);
}

struct Task<T, F> {
    work: F,
    outcome: Option<Result<T, Error>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnMut(&mut Conn) -> QueryResult<T> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(&mut self, conn: &mut Conn) -> Result<(), String> {
        let outcome = match catch_unwind(AssertUnwindSafe(|| (self.work)(conn))) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(Error::from_diesel(error)),
            Err(_panic) => Err(Error::Panicked),
        };
        let told = match &outcome {
            Ok(_) => Ok(()),
            Err(Error::Query(cause)) => Err(cause.to_string()),
            Err(other) => Err(other.to_string()),
        };
        self.outcome = Some(outcome);
        told
    }

    fn answer(self: Box<Self>, fate: &Fate) {
        let outcome = match fate {
            Fate::Committed => self.outcome.unwrap_or_else(|| Err(Error::closed())),
            Fate::Busy => Err(Error::Busy),
            Fate::Failed(cause) => Err(Error::Unavailable(cause.clone())),
        };
        // Who no longer waits needs no answer.
        let _ = self.reply.send(outcome);
    }
}

/// What became of a batch.
enum Fate {
    Committed,
    /// Another process held the file for too long.
    Busy,
    /// Nothing of the batch is in the database, for this first cause.
    Failed(String),
}

/// The write connection; none after a failure, until the next batch opens one.
struct Hand {
    address: Address,
    conn: Option<Conn>,
}

/// How often BEGIN waits out the busy time-out of the connection (5 s) before giving up.
const TRIES_TO_BEGIN: u32 = 2;

impl Hand {
    fn write(&mut self, jobs: &mut VecDeque<Box<dyn Job>>) -> Fate {
        let mut conn =
            match self.conn.take().map_or_else(|| self.address.connect(Purpose::Writing), Ok) {
                Ok(conn) => conn,
                Err(error) => return failed("open", error.to_string()),
            };
        let mut tries = 0;
        loop {
            tries += 1;
            match begin(&mut conn, "BEGIN IMMEDIATE") {
                Ok(()) => break,
                Err(error) if is_locked(&error) && tries < TRIES_TO_BEGIN => {}
                Err(error) if is_locked(&error) => {
                    self.conn = Some(conn);
                    return Fate::Busy;
                }
                Err(error) => return failed("begin", error.to_string()),
            }
        }
        for job in jobs.iter_mut() {
            if let Err(fate) = run_behind_savepoint(&mut conn, job.as_mut()) {
                return fate;
            }
        }
        match commit(&mut conn) {
            Ok(()) => {
                self.conn = Some(conn);
                Fate::Committed
            }
            Err(error) => failed("commit", error.to_string()),
        }
    }
}

/// A job that fails rolls back alone. Where even that fails the transaction is gone, as
/// after a full disk, where diesel then says only that there is no transaction: the cause
/// to tell is the job's.
fn run_behind_savepoint(conn: &mut Conn, job: &mut dyn Job) -> Result<(), Fate> {
    savepoint(conn).map_err(|error| failed("savepoint", error.to_string()))?;
    match job.run(conn) {
        Ok(()) => commit(conn).map_err(|error| failed("release", error.to_string())),
        Err(cause) => rollback(conn).map_err(|_| failed("job", cause)),
    }
}

fn failed(step: &'static str, cause: String) -> Fate {
    tracing::error!(step, cause, "a batch of writes failed; nothing of it was acknowledged");
    Fate::Failed(cause)
}

/// The life of the thread.
fn serve(mut hand: Hand, mut queue: mpsc::Receiver<Message>, most: usize, told: Option<&Told>) {
    let mut stop: Option<oneshot::Sender<()>> = None;
    while let Some(first) = queue.blocking_recv() {
        let mut jobs = VecDeque::new();
        let mut next = Some(first);
        while let Some(message) = next.take() {
            match message {
                Message::Job(job) if job.is_abandoned() => {}
                Message::Job(job) => jobs.push_back(job),
                Message::Stop(reply) => {
                    // No new jobs; those in the queue are still received.
                    queue.close();
                    stop = Some(reply);
                }
            }
            if jobs.len() < most {
                next = queue.try_recv().ok();
            }
        }
        if jobs.is_empty() {
            continue;
        }
        let fate = hand.write(&mut jobs);
        if let (Some(told), Fate::Committed) = (told, &fate) {
            (told.0)(jobs.len());
        }
        for job in jobs {
            job.answer(&fate);
        }
    }
    if let Some(mut conn) = hand.conn.take()
        && let Err(error) = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
    {
        // Nothing is lost: the next start reads the log.
        tracing::warn!(cause = %error, "the write-ahead log was not moved into the database file");
    }
    if let Some(reply) = stop {
        let _ = reply.send(());
    }
}
