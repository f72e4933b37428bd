//! What a photo tells about itself beside what was said of it: facts side by side, and flags
//! with what they rest on. No verdict and no sum: a flag is a question for a person.
//!
//! Pure rules over plain facts. It must not know how a photo is decoded, where its facts are
//! kept, who may see which copy, or in what words a reason is told.

mod camera_time;
mod fingerprint;
mod flags;
mod places;
mod rules;

pub use camera_time::CameraTime;
pub use fingerprint::{Band, bands, bits_apart, probes};
pub use flags::{Basis, Copies, Copy, Flag};
pub use places::{CameraPlace, Place, metres_between};
pub use rules::{
    AnswerTime, Declared, Differences, NotRules, Photo, PhotoFacts, Rules, Shown, Visit,
};
