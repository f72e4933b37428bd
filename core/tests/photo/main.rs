//! The photo pipeline from outside: what the contract accepts is accepted upright and in the
//! right colours, what it refuses is refused for the right reason, and no bytes make it panic.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop loudly")]

mod accepted;
mod facts;
mod helpers;
mod hostile;
mod measures;
mod prefix_codes;
mod redacted;
mod reduced;
mod refused;
