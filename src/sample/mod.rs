//! A plausible province, from a seed and a day: centres, contracts, two years of visits with
//! photographs, and what an office does about them. For the demo and the benchmarks. Pure: knows the core only, asks no clock and
//! touches neither disk nor database; nobody in it exists.

mod answers;
mod calendar;
mod camera;
mod centres;
mod chance;
mod numbers;
mod office;
mod photos;
mod province;
mod quality;
mod scene;
#[cfg(test)]
mod tests;
mod visits;
mod words;

pub use camera::Shot;
pub use centres::Centre;
pub use office::{Held, Step, again, closing, course};
pub use photos::{Photo, photos};
pub use province::{MONITORS, MissingChecklist, Province, Way, province, visit, visit_in};
pub use visits::{SentPhoto, Visit};

/// The seed of the demo: one whose centres differ as people expect of a province. What it
/// makes is held by a test, so another may need a look at the calendar.
pub const SEED: u64 = 33;
