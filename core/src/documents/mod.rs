//! The documents that live for decades: the content of an inspection, checklists and their
//! companions, scores. Read from untrusted JSON with every fault and its pointer; their
//! canonical form (RFC 8785) and digest. Knows the words of `domain`, and no rule of scoring.

pub mod checklist;
pub mod companions;
pub mod comparison;
pub mod evidence;
pub mod explanation;
mod fault;
pub mod finding;
pub mod free_text;
pub mod indicators;
pub mod inspection;
pub mod json;
pub mod model;
mod object;
pub mod planning;
pub mod score;
pub mod trend;
mod version;

pub use fault::{Fault, FaultCode, Faults, MOST_FAULTS, Pointer};
pub use object::{Object, read};
pub use version::semver;
