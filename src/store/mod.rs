//! The database: SQL, and the only place where `diesel` appears. A file per aggregate, whose
//! functions take a connection and speak in the words of the domain; rows stay in here.
//! Knows neither HTTP nor scoring nor photos at rest, and asks no clock.

mod connection;
mod db;
mod error;
mod json;
mod migrate;
mod outcome;
mod schema;
#[cfg(test)]
mod testing;
mod types;
mod writer;

pub mod audit;
pub mod changes;
pub mod contracts;
pub mod facilities;
pub mod findings;
pub mod inspections;
pub mod jobs;
pub mod leases;
pub mod people;
pub mod photo_facts;
pub mod photos;
pub mod published;
pub mod receipts;
pub mod scores;
pub mod series;
pub mod sessions;
pub mod shown_model;
pub mod sizes;
pub mod standings;
pub mod throttle;
pub mod uploads;

pub use connection::Conn;
pub use db::{Connections, Db, Options, Told};
pub use diesel::result::QueryResult;
pub use error::Error;
pub use migrate::migrate;
pub use outcome::{Insert, Page, Update};
