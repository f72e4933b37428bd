//! What paths name: visits and their photos. What cannot be a name names nothing.

use vigila_core::domain::{InspectionId, Sha256};

use crate::app::Error;
use crate::http::problem::Problem;

/// The visit that a path names.
pub fn known(id: &str) -> Result<InspectionId, Problem> {
    id.parse().map_err(|_| Error::NotFound.into())
}

/// The visit and the photo that a path names; what cannot be one names nothing.
pub fn named(which: &(String, String)) -> Result<(InspectionId, Sha256), Problem> {
    let sha256 = which.1.parse().map_err(|_| Problem::from(Error::NotFound))?;
    Ok((known(&which.0)?, sha256))
}
