//! Places and how far they lie apart.

/// A place on the earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// Where a camera says that it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameraPlace {
    /// The place.
    pub place: Place,
    /// Radius in metres within which the camera believes to be, where it says so.
    pub accuracy_metres: Option<f64>,
}

/// Degrees around 0, 0 that are taken for it: about a hundred metres of open sea.
const ZERO: f64 = 0.001;

impl Place {
    /// A place of both its degrees.
    #[must_use]
    pub fn of(latitude: Option<f64>, longitude: Option<f64>) -> Option<Self> {
        Some(Self { latitude: latitude?, longitude: longitude? })
    }

    /// Whether it is 0, 0: what a receiver without a fix writes.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.latitude.abs() < ZERO && self.longitude.abs() < ZERO
    }
}

/// The mean radius of the earth in metres (IUGG).
const EARTH: f64 = 6_371_008.8;

/// Metres between two places along a great circle (haversine): off by half a percent at most
/// from the true figure of the earth.
#[must_use]
pub fn metres_between(one: Place, other: Place) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let (north, south) = (one.latitude.to_radians(), other.latitude.to_radians());
    let chord = half(one.latitude - other.latitude)
        + north.cos() * south.cos() * half(one.longitude - other.longitude);
    // Rounding may carry opposite points beyond 1, where there is no angle.
    2.0 * EARTH * chord.clamp(0.0, 1.0).sqrt().asin()
}
