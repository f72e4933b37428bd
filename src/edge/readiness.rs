//! Whether this process takes requests: no longer, once it was told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ready until it ends. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// Ends it.
    pub fn end(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
