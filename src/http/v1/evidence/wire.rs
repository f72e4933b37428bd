//! What the facts of photos and their questions look like on the wire.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vigila_core::documents::evidence::Header;
use vigila_core::domain::Instant;
use vigila_core::evidence::{CameraTime, PhotoFacts, Place};

use super::flags::EvidenceFlag;
use crate::app::evidence::{Evidence, PhotoEvidence};
use crate::app::photos::PhotoState;
use crate::http::paging::Links;
use crate::http::v1::wire::FacilityBrief;
use crate::messages::Lang;

/// What the photos of an inspection tell, a page of them.
#[derive(Serialize, ToSchema)]
pub struct EvidenceReport {
    /// The inspection.
    inspection_id: Uuid,
    /// Its centre.
    facility: FacilityBrief,
    /// Where the centre lies, where that is known.
    facility_position: Option<Position>,
    /// When the monitors came.
    #[schema(format = DateTime)]
    started_at: String,
    /// When they left.
    #[schema(format = DateTime)]
    ended_at: String,
    /// When the content was received.
    #[schema(format = DateTime)]
    received_at: String,
    /// By which rules the questions were asked.
    rules: EvidenceRules,
    /// The photos, in the order listed.
    items: Vec<EvidencePhoto>,
    /// Other pages.
    #[serde(rename = "_links")]
    links: Links,
}

/// By which rules questions were asked.
#[derive(Serialize, ToSchema)]
pub struct EvidenceRules {
    /// Their code.
    code: String,
    /// Their version.
    version: String,
}

/// Which photos are asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `PageRequest`")]
pub struct EvidenceParams {
    /// Most photos of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i32>,
    /// Where the page begins: from the last page's `next`.
    cursor: Option<String>,
}

/// What one photo tells.
#[derive(Serialize, ToSchema)]
pub struct EvidencePhoto {
    /// The SHA-256 of its bytes.
    sha256: String,
    /// Whether it is there.
    state: EvidencePhotoState,
    /// Whether its bytes were looked at. One that came before facts were kept is looked at in
    /// the background.
    examined: bool,
    /// What the phone said.
    declared: DeclaredFacts,
    /// What was received; null while it has not come.
    received: Option<ReceivedFacts>,
    /// What its own bytes say; null while they were not looked at.
    picture: Option<PictureFacts>,
    /// The answers that name it.
    answers: Vec<EvidenceAnswer>,
    /// How all these differ.
    differences: EvidenceDifferences,
    /// The questions it raises, in a fixed order.
    flags: Vec<EvidenceFlag>,
}

/// Whether a photo is there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidencePhotoState {
    /// It is owed.
    Missing,
    /// It is held.
    Stored,
    /// It cannot come, somebody said.
    Absent,
    /// An order erased it.
    Erased,
}

impl From<PhotoState> for EvidencePhotoState {
    fn from(state: PhotoState) -> Self {
        match state {
            PhotoState::Missing => Self::Missing,
            PhotoState::Stored => Self::Stored,
            PhotoState::Absent => Self::Absent,
            PhotoState::Erased => Self::Erased,
        }
    }
}

/// What the phone said of a photo.
#[derive(Serialize, ToSchema)]
pub struct DeclaredFacts {
    /// When it was taken.
    #[schema(format = DateTime)]
    taken_at: Option<String>,
    /// Degrees north.
    latitude: Option<f64>,
    /// Degrees east.
    longitude: Option<f64>,
    /// Its size.
    bytes: i64,
}

/// What was received of a photo.
#[derive(Serialize, ToSchema)]
pub struct ReceivedFacts {
    /// When, by the server's clock.
    #[schema(format = DateTime)]
    received_at: String,
    /// What its bytes are.
    media_type: String,
    /// Its size.
    bytes: i64,
    /// Upright, in pixels.
    width: i32,
    /// Upright, in pixels.
    height: i32,
    /// Whether part of it could not be read.
    damaged: bool,
}

/// What a photo's own bytes say.
#[derive(Serialize, ToSchema)]
pub struct PictureFacts {
    /// Whether it has any EXIF.
    exif: bool,
    /// When it was taken, by the camera's clock.
    taken: Option<CameraClock>,
    /// Where, by the camera's receiver.
    position: Option<Position>,
    /// Radius in metres within which the camera believed to be.
    accuracy_metres: Option<f64>,
    /// Who made the camera.
    make: Option<String>,
    /// Which camera.
    model: Option<String>,
    /// What wrote the file.
    software: Option<String>,
    /// How sharp it is: the variance of the Laplacian of a small copy.
    sharpness: f64,
    /// Its mean brightness.
    #[schema(minimum = 0, maximum = 255)]
    brightness: f64,
}

/// What a camera's clock showed.
#[derive(Serialize, ToSchema)]
pub struct CameraClock {
    /// Date and time as it showed them.
    #[schema(examples("2026-03-04T10:15:00"))]
    local: String,
    /// How many seconds it was ahead of UTC, where it says so.
    offset_seconds: Option<i32>,
    /// The instants that this may be: without an offset those at which clocks of the
    /// installation's time zone show it.
    #[schema(value_type = Vec<String>)]
    readings: Vec<String>,
}

/// A place on the earth.
#[derive(Serialize, ToSchema)]
pub struct Position {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    latitude: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    longitude: f64,
}

/// An answer that names a photo.
#[derive(Serialize, ToSchema)]
pub struct EvidenceAnswer {
    /// The item.
    item: String,
    /// When it was observed, where that was said.
    #[schema(format = DateTime)]
    observed_at: Option<String>,
    /// Seconds from then to the camera's time.
    camera_seconds: Option<f64>,
}

/// How the facts of a photo differ; null where one of the two is unknown. A position of 0, 0
/// is none.
#[derive(Serialize, ToSchema)]
pub struct EvidenceDifferences {
    /// Seconds by which the camera's time lies outside the visit: 0 inside, below 0 before it.
    camera_from_visit_seconds: Option<f64>,
    /// Seconds from the declared time to the camera's.
    camera_from_declared_seconds: Option<f64>,
    /// Seconds from the receipt to the camera's time.
    camera_from_receipt_seconds: Option<f64>,
    /// Seconds by which the declared time lies outside the visit.
    declared_from_visit_seconds: Option<f64>,
    /// Metres from the centre to the camera's position.
    camera_from_centre_metres: Option<f64>,
    /// Metres from the centre to the declared position.
    declared_from_centre_metres: Option<f64>,
    /// Metres between the two positions.
    between_positions_metres: Option<f64>,
}

fn instant(at: Option<Instant>) -> Option<String> {
    at.map(|at| at.to_string())
}

impl From<Place> for Position {
    fn from(place: Place) -> Self {
        Self { latitude: place.latitude, longitude: place.longitude }
    }
}

impl EvidenceReport {
    /// On the wire.
    pub fn of(found: Evidence, rules: &Header, links: Links, lang: Lang) -> Self {
        Self {
            inspection_id: found.stored.id.0,
            facility: FacilityBrief::from(&found.facility),
            facility_position: found.centre.map(Into::into),
            started_at: found.stored.started_at.to_string(),
            ended_at: found.stored.ended_at.to_string(),
            received_at: found.stored.received_at.to_string(),
            rules: EvidenceRules { code: rules.code.clone(), version: rules.version.clone() },
            items: found.photos.into_iter().map(|photo| EvidencePhoto::of(photo, lang)).collect(),
            links,
        }
    }
}

impl EvidencePhoto {
    fn of(photo: PhotoEvidence, lang: Lang) -> Self {
        let examined = photo.is_examined();
        let PhotoEvidence { listed, stored, photo, readings, differences, flags } = photo;
        let answers = differences.camera_from_answers.iter().map(|time| EvidenceAnswer {
            item: time.shown.item.clone(),
            observed_at: instant(time.shown.observed_at),
            camera_seconds: time.seconds,
        });
        Self {
            sha256: stored.sha256.to_string(),
            state: stored.state.into(),
            examined,
            declared: DeclaredFacts {
                taken_at: instant(listed.taken_at),
                latitude: listed.latitude,
                longitude: listed.longitude,
                bytes: listed.bytes,
            },
            received: stored.held.map(|held| ReceivedFacts {
                received_at: held.received_at.to_string(),
                media_type: held.media_type,
                bytes: held.bytes,
                width: held.width,
                height: held.height,
                damaged: held.damaged,
            }),
            picture: photo.facts.map(|facts| PictureFacts::of(facts, &readings)),
            answers: answers.collect(),
            differences: EvidenceDifferences {
                camera_from_visit_seconds: differences.camera_from_visit,
                camera_from_declared_seconds: differences.camera_from_declared,
                camera_from_receipt_seconds: differences.camera_from_receipt,
                declared_from_visit_seconds: differences.declared_from_visit,
                camera_from_centre_metres: differences.camera_from_centre,
                declared_from_centre_metres: differences.declared_from_centre,
                between_positions_metres: differences.between_places,
            },
            flags: flags.iter().map(|flag| EvidenceFlag::of(flag, lang)).collect(),
        }
    }
}

impl PictureFacts {
    fn of(facts: PhotoFacts, readings: &[Instant]) -> Self {
        Self {
            exif: facts.exif,
            taken: facts.taken.map(|taken| CameraClock::of(taken, readings)),
            position: facts.place.map(|camera| camera.place.into()),
            accuracy_metres: facts.place.and_then(|camera| camera.accuracy_metres),
            make: facts.make,
            model: facts.model,
            software: facts.software,
            sharpness: facts.sharpness,
            brightness: facts.brightness,
        }
    }
}

impl CameraClock {
    fn of(taken: CameraTime, readings: &[Instant]) -> Self {
        Self {
            local: taken.local.format("%Y-%m-%dT%H:%M:%S").to_string(),
            offset_seconds: taken.offset_seconds,
            readings: readings.iter().map(ToString::to_string).collect(),
        }
    }
}
