//! Where photos are worked on: a bounded number of threads of their own and a budget of memory.
//! Knows nothing of what is done.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vigila_core::photo::MAX_MEMORY;

use crate::app::Error;

/// Bytes of a unit of memory.
const UNIT: u64 = 1_000_000;
/// Memory for bodies and decoding together, in units of 1 MB.
const BUDGET: u32 = 768;
/// The most that one photo may need, in the same units.
const MOST: u32 = units_of(MAX_MEMORY);
/// How long a photo waits for its share. It lies on disk meanwhile; its phone would give up
/// after half a minute or a minute.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long an idle thread is kept.
const IDLE: Duration = Duration::from_secs(600);

/// As many photos are worked on at once as there are processors, within a budget of memory.
/// Clones share it.
#[derive(Clone)]
pub struct PhotoPool {
    threads: Arc<Threads>,
    budget: Arc<Semaphore>,
}

/// A runtime of which only the threads for blocking work are used.
struct Threads(Option<Runtime>);

impl Drop for Threads {
    fn drop(&mut self) {
        // Dropped as others are, it would wait for its threads, which async code must not.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A share of the memory budget, given back when dropped.
pub struct Share(OwnedSemaphorePermit);

impl Share {
    /// Gives back all but so many bytes.
    pub fn shrink_to(&mut self, bytes: u64) {
        let much = self.0.num_permits().saturating_sub(units_of(bytes) as usize);
        drop(self.0.split(much));
    }
}

/// Never more than the budget, so that nothing waits in vain.
const fn units_of(bytes: u64) -> u32 {
    let units = bytes / UNIT + 1;
    if units < BUDGET as u64 { units as u32 } else { BUDGET }
}

impl PhotoPool {
    /// Makes one.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new() -> io::Result<Self> {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(processors)
            .thread_keep_alive(IDLE)
            .thread_name("photos")
            .build()?;
        let budget = Arc::new(Semaphore::new(BUDGET as usize));
        Ok(Self { threads: Arc::new(Threads(Some(runtime))), budget })
    }

    /// A share for a photo of which nothing is known yet, large enough for any. Who looked at
    /// the photo gives back what it does not need. Asking again for more instead would let
    /// photos wait for each other.
    ///
    /// # Errors
    /// [`Error::Busy`] when none is free in time.
    pub async fn reserve(&self) -> Result<Share, Error> {
        let wait = self.budget.clone().acquire_many_owned(MOST);
        let permit = tokio::time::timeout(PATIENCE, wait).await.map_err(|_| Error::Busy)?;
        permit.map(Share).map_err(|_| Error::Busy)
    }

    /// Bytes of the budget that are set aside, and the whole budget.
    #[must_use]
    pub fn memory(&self) -> (u64, u64) {
        let free = self.budget.available_permits() as u64;
        let all = u64::from(BUDGET);
        (all.saturating_sub(free) * UNIT, all * UNIT)
    }

    /// Takes the whole budget, for tests of what happens then.
    ///
    /// # Errors
    /// [`Error::Busy`] when some of it is in use.
    pub fn exhaust(&self) -> Result<Share, Error> {
        let all = self.budget.clone().try_acquire_many_owned(BUDGET);
        all.map(Share).map_err(|_| Error::Busy)
    }

    /// Runs work on pictures, off the server's threads; none if it panicked. Nobody need wait
    /// for it to the end: what the work owns, such as its share, it keeps as long as it runs.
    ///
    /// # Errors
    /// [`Error::Busy`] when the process is ending.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, Error> {
        let runtime = self.threads.0.as_ref().ok_or(Error::Busy)?;
        match runtime.spawn_blocking(work).await {
            Ok(done) => Ok(Some(done)),
            Err(error) if error.is_panic() => Ok(None),
            Err(_) => Err(Error::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_photo_does_not_need_is_given_back() {
        let pool = PhotoPool::new().unwrap();
        let mut first = pool.reserve().await.unwrap();
        first.shrink_to(40_000_000);
        assert_eq!(pool.budget.available_permits(), 768 - 41);
        first.shrink_to(50_000_000);
        assert_eq!(pool.budget.available_permits(), 768 - 41, "it never grows");
        let _second = pool.reserve().await.unwrap();
        assert!(pool.exhaust().is_err());
        drop(first);
        assert_eq!(pool.budget.available_permits(), 768 - 301);
    }

    #[tokio::test]
    async fn work_that_panics_takes_nothing_with_it() {
        let pool = PhotoPool::new().unwrap();
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..2 * processors {
            let broken = pool.run(|| assert_eq!(1, 2)).await.unwrap();
            assert_eq!(broken, None);
        }
        assert_eq!(pool.run(|| 7).await.unwrap(), Some(7));
    }
}
