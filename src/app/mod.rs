//! What a person can ask for, one function each: they join the rooms below (store, blobs, the
//! rules of the core), own the transactions, and know no HTTP.

mod accounts;
mod actor;
pub mod agreement;
pub mod audit;
pub mod backfill;
pub mod checklists;
mod error;
pub mod evidence;
pub mod explanations;
pub mod facilities;
mod feed;
pub mod findings;
pub mod gauges;
mod history;
pub mod indicators;
pub mod inspections;
mod library;
pub mod next_visits;
mod passwords;
pub mod people;
pub mod photos;
pub mod previews;
pub mod receipts;
pub mod redactions;
pub mod rescoring;
pub mod scorecards;
pub mod series;
pub mod stored;
pub mod submissions;
pub mod texts;
pub mod trends;
pub mod uploads;

use std::sync::Arc;

use tokio::sync::Notify;
use vigila_core::domain::Zone;

pub use accounts::{SignedIn, authenticate, sign_in, sign_out};
pub use actor::Actor;
pub use error::Error;
pub use library::{
    Library, LibraryError, Published, PublishedModel, SHIPPED, check_checklists, shipped_files,
};
pub use passwords::{Passwords, generate_password, hash_password, verify_password};

use crate::blobs::Blobs;
use crate::metrics::Metrics;
use crate::spool::Spool;
use crate::store::Db;

/// The rooms that a request may need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Photos at rest.
    pub blobs: Blobs,
    /// Checklists and models.
    pub library: Arc<Library>,
    /// What this process counts.
    pub metrics: Arc<Metrics>,
    /// Where photos lie while they come in.
    pub spool: Spool,
    /// Bounded work on photos.
    pub photos: photos::PhotoPool,
    /// Bounded work on passwords.
    pub passwords: Passwords,
    /// Pictures of centres drawn before.
    pub remembered: Arc<scorecards::Remembered>,
    /// What the gauges are shown by.
    pub gauges: Arc<gauges::Gauges>,
    /// Who works out what visits make of findings.
    pub settling: Arc<findings::Settling>,
    /// Series of territories read before.
    pub pools: Arc<trends::Pools>,
    /// Wakes whoever does the work without a request.
    pub work_asked: Arc<Notify>,
    /// The time zone of civil days.
    pub zone: Zone,
}
