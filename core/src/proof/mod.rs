//! What is proved: that the audit trail is as it was written, and what was received when. Text
//! in and text out, so that whoever has the data can recompute it with other tools; knows no
//! table and no clock.

pub mod chain;
pub mod receipt;
