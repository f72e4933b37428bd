//! The rules of vigila, pure: no network, no disk, no clock, no database.
//!
//! Time, ids and chance come in as arguments, so nothing here can fail for a reason from
//! outside, and its tests are tables. In reading order:
//!
//! - [`domain`]: the words of the field as types that cannot hold a bad value.
//! - [`documents`]: the JSON that lives for decades (inspection content, checklist, score):
//!   reading it with every fault and its pointer, its canonical form and digest.
//! - [`checklist`]: reading and linting the instruments; checking answers against one.
//! - [`scoring`]: from answers and facts to scores, scorecards and trends.
//! - [`findings`]: what a visit holds against a centre, until when, and what becomes of it.
//! - [`proof`]: what the audit trail and the receipts rest on, byte by byte.
//! - [`evidence`]: what a photo tells about itself beside what was said of it, and the
//!   questions that raises.
//! - [`photo`]: bytes to upright, stripped, small pictures; knows none of the others.

pub mod checklist;
pub mod documents;
pub mod domain;
pub mod evidence;
pub mod findings;
pub mod photo;
pub mod proof;
pub mod scoring;
