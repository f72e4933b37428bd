//! The course of a finding: which move the office may make from which state.

use crate::documents::finding::FindingState;
use crate::documents::finding::FindingState::{
    ActionSubmitted, Closed, Contested, Open, Prescribed, Verified, Void,
};

/// Whether the office may move a finding from one state to another. `proposed`: a later visit
/// found the item in order, which stands for the office's own verifying. What is closed or
/// void stays so; a verifying can be taken back, by prescribing again. Prescribing twice gives
/// a new deadline.
#[must_use]
pub fn may_move(from: FindingState, to: FindingState, proposed: bool) -> bool {
    match (from, to) {
        (Closed | Void, _) | (_, Open) => false,
        (Verified, to) => matches!(to, Closed | Prescribed),
        (_, Closed) => proposed,
        (from, to) => from == Prescribed || from != to,
    }
}

/// Whether a finding in this state is settled: the item counts as mended from then on, until
/// a visit that ended later fails it again (contract, section 3, step 11).
#[must_use]
pub fn settles(state: FindingState) -> bool {
    match state {
        Verified | Closed | Void => true,
        Open | Prescribed | ActionSubmitted | Contested => false,
    }
}
