//! The one place that asks what time it is. Everything else takes `now` as an argument.

use vigila_core::domain::Instant;

/// Now.
#[must_use]
pub fn now() -> Instant {
    Instant::new(chrono::Utc::now())
}
