//! Findings: the non-conformities that visits open, by which day they are to be mended, and
//! what visits and the office make of them. Knows the scoring; knows nobody who asks.
//!
//! An item's past is cut into stretches by the moments at which the office settled a finding
//! of it. Each visit that failed the item belongs to the finding of the stretch in which the
//! visit ended; so what is known of a finding does not depend on the order in which phones
//! send their visits.

mod deadline;
mod ledger;
mod moves;
mod outcome;
#[cfg(test)]
mod tests;

pub use deadline::{deadline, is_working_day};
pub use ledger::{Basis, Entry, Ledger, Seen, Visit};
pub use moves::{may_move, settles};
pub use outcome::{Failure, Said, said};
