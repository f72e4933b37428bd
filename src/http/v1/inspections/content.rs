//! What a phone sends, described for the OpenAPI document. It is read by the core.

use utoipa::ToSchema;
use uuid::Uuid;
use vigila_core::documents::score::{AnswerValue, ChecklistVersion};

/// An inspection as a phone sends it. It is read by `vigila_core::documents::inspection`,
/// which tells every fault; these types are its description.
#[derive(ToSchema)]
#[schema(as = InspectionContent, example = json!({
    "facility": "BT-0007",
    "checklist": {"code": "CAS-COLL", "version": "1.0.0"},
    "kind": "unannounced",
    "started_at": "2026-03-04T08:05:00.000Z",
    "ended_at": "2026-03-04T10:40:00.000Z",
    "answers": [
        {"item": "CAS-B01", "value": 4.6, "note": "Camera 3"},
        {"item": "CAS-D01", "value": "na", "reason": "Meno di 26 posti letto"}
    ],
    "photos": []
}))]
#[expect(dead_code, reason = "described by utoipa, read by the core")]
pub struct Content {
    /// The centre, by id or code.
    facility: String,
    /// The checklist that is answered.
    checklist: ChecklistVersion,
    /// Why and how the visit was made.
    kind: VisitKind,
    /// When the monitors came, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    started_at: String,
    /// When they left.
    #[schema(format = DateTime)]
    ended_at: String,
    /// The phone, as it calls itself.
    device: Option<String>,
    /// The inspection that this one corrects.
    corrects: Option<Uuid>,
    /// The answers.
    answers: Vec<Answer>,
    /// The photos that the phone holds and will send.
    photos: Option<Vec<Photo>>,
}

/// Why and how a visit was made.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum VisitKind {
    /// The centre knew.
    Announced,
    /// Nobody knew.
    Unannounced,
    /// To see whether prescriptions were met.
    FollowUp,
    /// After a complaint.
    Complaint,
    /// On documents, from afar.
    Remote,
}

/// One answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described by utoipa, read by the core")]
pub struct Answer {
    /// The item's code.
    item: String,
    /// `yes`, `partial`, `no`, `na`, `not_observed`, or as the item's answer type says.
    value: AnswerValue,
    /// Why the item does not apply; asked with `na`.
    reason: Option<String>,
    /// Free note; no names of people.
    note: Option<String>,
    /// When it was observed.
    #[schema(format = DateTime)]
    observed_at: Option<String>,
    /// Photos that show it, by SHA-256.
    photos: Option<Vec<String>>,
}

/// A photo that the phone holds and will send.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described by utoipa, read by the core")]
pub struct Photo {
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// Its size: a hint for progress.
    #[schema(minimum = 1)]
    bytes: i64,
    /// When it was taken, by the phone's clock.
    #[schema(format = DateTime)]
    taken_at: Option<String>,
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// What it shows.
    caption: Option<String>,
}
