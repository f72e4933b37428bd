//! vigila: quality monitoring of reception centres. The rules live in `vigila-core`; these
//! are the rooms around them, in reading order, each with what it must not know.

/// What a person can ask for. Knows no HTTP.
pub mod app;
/// Photos at rest. Knows no photo and no table.
pub mod blobs;
/// The commands. Know no route.
pub mod cli;
/// What time it is. Asked here only.
pub mod clock;
/// Settings, read once at start. Knows no room.
pub mod config;
/// What the API and the pages share. Knows no operation.
pub mod edge;
/// The REST API. Knows neither the database nor the pages.
pub mod http;
/// Work without a request. Knows no HTTP.
pub mod jobs;
/// The words people read. Knows no page.
pub mod messages;
/// What this process counts. Knows no route.
pub mod metrics;
/// A plausible province, made from a seed. Knows the core only.
pub mod sample;
/// Joins them and serves. Knows no operation.
pub mod server;
/// Bytes on their way in. Knows no photo and no key.
pub mod spool;
/// The database. Knows neither HTTP, nor scoring, nor the clock.
pub mod store;
/// Logs. Knows no room.
pub mod telemetry;
/// Pages for people. Know neither the API nor the database.
pub mod web;
