//! The operations of version 1, a folder per resource: `mod.rs` has the handlers, `wire.rs`
//! what is sent and answered.

pub mod agreement;
pub mod answers;
pub mod audit;
pub mod checklists;
pub mod erasures;
pub mod evidence;
pub mod facilities;
pub mod findings;
pub mod indicators;
pub mod inspections;
pub mod next_visits;
mod paths;
pub mod people;
pub mod photos;
pub mod receipt_keys;
pub mod redactions;
pub mod scorecards;
pub mod scoring_models;
pub mod series;
pub mod sessions;
pub mod status;
pub mod territories;
pub mod trends;
pub mod uploads;
mod wire;
