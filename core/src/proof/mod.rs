//! What is proved: that the audit trail is as it was written. Text in and text out, so that
//! whoever has the data can recompute it with other tools; knows no table and no clock.

pub mod chain;
