//! What redactions look like on the wire.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;
use vigila_core::photo::Area;

use crate::app::redactions::{NewRedaction, PhotoRedaction};
use crate::app::texts::{Sealed, TextRedaction};
use crate::http::paging::Links;
use crate::http::problem::{Code, Problem};
use crate::http::v1::inspections::content::Content;
use crate::http::v1::wire::not_null;

/// A rectangle in pixels of the upright display rendition, from its upper left corner.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rectangle {
    /// Pixels from the left edge.
    #[schema(minimum = 0)]
    x: i32,
    /// Pixels from the upper edge.
    #[schema(minimum = 0)]
    y: i32,
    /// Pixels across; it may reach over the edge.
    #[schema(minimum = 1)]
    width: i32,
    /// Pixels down; it may reach over the edge.
    #[schema(minimum = 1)]
    height: i32,
}

impl From<Area> for Rectangle {
    fn from(area: Area) -> Self {
        let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
        let Area { x, y, width, height } = area;
        Self { x: side(x), y: side(y), width: side(width), height: side(height) }
    }
}

impl From<Rectangle> for Area {
    /// A place below 0 lies outside every picture, and so does the largest.
    fn from(rectangle: Rectangle) -> Self {
        let place = |pixels: i32| u32::try_from(pixels).unwrap_or(u32::MAX);
        let side = |pixels: i32| u32::try_from(pixels).unwrap_or(0);
        let Rectangle { x, y, width, height } = rectangle;
        Self { x: place(x), y: place(y), width: side(width), height: side(height) }
    }
}

/// Areas to take out of sight.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "rectangles": [{"x": 400, "y": 120, "width": 180, "height": 220}],
    "reason": "volto riconoscibile"
}))]
pub struct AreasToRedact {
    /// The areas; none only where `supersedes` takes an earlier redaction back.
    #[validate(length(max = 100))]
    #[schema(max_items = 100)]
    rectangles: Vec<Rectangle>,
    /// Why; without names.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
    /// The redaction of this photo whose place it takes.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    supersedes: Option<Uuid>,
}

impl From<AreasToRedact> for NewRedaction {
    fn from(wanted: AreasToRedact) -> Self {
        Self {
            areas: wanted.rectangles.into_iter().map(Area::from).collect(),
            reason: wanted.reason,
            supersedes: wanted.supersedes,
        }
    }
}

/// Areas of a photo that are not shown.
#[derive(Serialize, ToSchema)]
#[schema(as = PhotoRedaction)]
pub struct PhotoRedacted {
    /// Its id.
    redaction_id: Uuid,
    /// The inspection under which it was asked.
    inspection_id: Uuid,
    /// The photo.
    sha256: String,
    /// The areas.
    rectangles: Vec<Rectangle>,
    /// Why.
    reason: String,
    /// The one whose place it took.
    supersedes: Option<Uuid>,
    /// The one that took its place: it does not count any more.
    superseded_by: Option<Uuid>,
    /// Since when.
    #[schema(format = DateTime)]
    redacted_at: String,
    /// The person who asked for it.
    redacted_by: Uuid,
}

impl PhotoRedacted {
    /// On the wire, among all of its photo.
    pub fn of(redaction: &PhotoRedaction, all: &[PhotoRedaction]) -> Self {
        let later = all.iter().find(|other| other.supersedes == Some(redaction.id));
        Self {
            redaction_id: redaction.id,
            inspection_id: redaction.inspection.0,
            sha256: redaction.sha256.to_string(),
            rectangles: redaction.areas.iter().map(|area| Rectangle::from(*area)).collect(),
            reason: redaction.reason.clone(),
            supersedes: redaction.supersedes,
            superseded_by: later.map(|later| later.id),
            redacted_at: redaction.at.to_string(),
            redacted_by: redaction.by.0,
        }
    }

    /// Its place in a list.
    pub fn id(&self) -> String {
        self.redaction_id.to_string()
    }
}

/// A page of redactions of a photo.
#[derive(Serialize, ToSchema)]
pub struct PhotoRedactionList {
    /// The rows, the oldest first.
    pub items: Vec<PhotoRedacted>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A text to take out of sight.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pointer": "/answers/3/note", "reason": "nome di un ospite"}))]
pub struct TextToRedact {
    /// Where it stands in the content (RFC 6901): a note, a reason, a caption, an answer to a
    /// text item, or the device.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub pointer: String,
    /// Why; without names.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A text that is not shown.
#[derive(Serialize, ToSchema)]
#[schema(as = TextRedaction)]
pub struct TextRedacted {
    /// Its id.
    redaction_id: Uuid,
    /// The inspection.
    inspection_id: Uuid,
    /// Where it stands in the content.
    pointer: String,
    /// Why.
    reason: String,
    /// Since when.
    #[schema(format = DateTime)]
    redacted_at: String,
    /// The person who asked for it.
    redacted_by: Uuid,
    /// The order that erased it for good.
    erasure: Option<TextErasure>,
}

/// The order that erased a text.
#[derive(Serialize, ToSchema)]
pub struct TextErasure {
    /// Why.
    reason: String,
    /// When.
    #[schema(format = DateTime)]
    erased_at: String,
    /// The person who carried it out.
    erased_by: Uuid,
}

impl From<TextRedaction> for TextRedacted {
    fn from(redaction: TextRedaction) -> Self {
        let erasure = redaction.erased.map(|order| TextErasure {
            reason: order.reason,
            erased_at: order.at.to_string(),
            erased_by: order.by.0,
        });
        Self {
            redaction_id: redaction.id,
            inspection_id: redaction.inspection.0,
            pointer: redaction.pointer,
            reason: redaction.reason,
            redacted_at: redaction.at.to_string(),
            redacted_by: redaction.by.0,
            erasure,
        }
    }
}

impl TextRedacted {
    /// Its place in a list.
    pub fn id(&self) -> String {
        self.redaction_id.to_string()
    }
}

/// A page of redacted texts.
#[derive(Serialize, ToSchema)]
pub struct TextRedactionList {
    /// The rows, the oldest first.
    pub items: Vec<TextRedacted>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// The sealed content of an inspection.
#[derive(Serialize, ToSchema)]
pub struct SealedContent {
    /// The inspection.
    inspection_id: Uuid,
    /// What was sent; `[redacted]` stands only where an order erased a text.
    #[schema(value_type = Content)]
    content: Value,
    /// SHA-256 of the canonical content as it was sent.
    digest: String,
    /// The texts that are not shown to others, as JSON pointers.
    redacted: Vec<String>,
    /// Those of them that an order erased.
    erased: Vec<String>,
}

impl SealedContent {
    /// On the wire.
    pub fn of(sealed: Sealed) -> Result<Self, Problem> {
        let content = serde_json::from_str(&sealed.content).map_err(|error| {
            tracing::error!(inspection = %sealed.id, %error, "stored content does not read");
            Problem::new(Code::Internal)
        })?;
        let pointer = |redaction: &TextRedaction| redaction.pointer.clone();
        let erased = sealed.redactions.iter().filter(|redaction| redaction.erased.is_some());
        Ok(Self {
            inspection_id: sealed.id.0,
            content,
            digest: sealed.digest,
            redacted: sealed.redactions.iter().map(pointer).collect(),
            erased: erased.map(pointer).collect(),
        })
    }
}
