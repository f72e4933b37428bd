//! What the audit trail records, by name, and reading it. Events are only added; `sealing`
//! chains them, `checking` says whether they are as they were.

mod checking;
mod sealing;

use serde_json::Value;
use uuid::Uuid;
use vigila_core::documents::json;
use vigila_core::domain::{Instant, PersonId};

use super::{App, Error};
use crate::store::Page;
use crate::store::audit::{self, AuditEvent};
pub use crate::store::audit::{AuditFilter, AuditRow};

pub use checking::{Misfit, Noted, Sound, Trail, Verdict, What};
pub use sealing::seal;

/// The kinds of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried to.
    SignInFailed,
    /// Somebody signed out.
    SignedOut,
    /// A person was added.
    PersonAdded,
    /// A person's role, territories, password or state changed.
    PersonChanged,
    /// A person's sessions were ended.
    SessionsEnded,
    /// A token for a scraper was made.
    TokenMade,
    /// A centre was added.
    FacilityAdded,
    /// A centre changed.
    FacilityChanged,
    /// Centres were imported.
    FacilitiesImported,
    /// A photo's original was seen.
    OriginalSeen,
    /// A photo was declared absent.
    PhotoAbsent,
    /// Areas of a photo were taken out of sight.
    PhotoRedacted,
    /// A photo was erased by an order.
    PhotoErased,
    /// A text of a visit was taken out of sight.
    TextRedacted,
    /// A text of a visit was erased by an order.
    TextErased,
    /// The sealed content of a visit was seen.
    ContentSeen,
    /// A finding was moved along its course.
    FindingMoved,
    /// Another key signs receipts from now on.
    ReceiptKeyRotated,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignedOut,
        Self::PersonAdded,
        Self::PersonChanged,
        Self::SessionsEnded,
        Self::TokenMade,
        Self::FacilityAdded,
        Self::FacilityChanged,
        Self::FacilitiesImported,
        Self::OriginalSeen,
        Self::PhotoAbsent,
        Self::PhotoRedacted,
        Self::PhotoErased,
        Self::TextRedacted,
        Self::TextErased,
        Self::ContentSeen,
        Self::FindingMoved,
        Self::ReceiptKeyRotated,
    ];

    /// Its name, in the rows and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignedOut => "signed_out",
            Self::PersonAdded => "person_added",
            Self::PersonChanged => "person_changed",
            Self::SessionsEnded => "sessions_ended",
            Self::TokenMade => "token_made",
            Self::FacilityAdded => "facility_added",
            Self::FacilityChanged => "facility_changed",
            Self::FacilitiesImported => "facilities_imported",
            Self::OriginalSeen => "original_seen",
            Self::PhotoAbsent => "photo_absent",
            Self::PhotoRedacted => "photo_redacted",
            Self::PhotoErased => "photo_erased",
            Self::TextRedacted => "text_redacted",
            Self::TextErased => "text_erased",
            Self::ContentSeen => "content_seen",
            Self::FindingMoved => "finding_moved",
            Self::ReceiptKeyRotated => "receipt_key_rotated",
        }
    }
}

/// An event to append; `actor` is absent where a command of the operator acts. The instant is
/// cut to the milliseconds that the API shows, and the detail written in its canonical form, so
/// that whoever reads the trail over the API can recompute its hashes.
#[must_use]
pub fn event(
    at: Instant,
    actor: Option<PersonId>,
    what: Event,
    subject: &str,
    detail: Value,
) -> AuditEvent {
    AuditEvent {
        id: Uuid::now_v7(),
        at: at.cut_to_millis(),
        actor,
        action: what.name().to_owned(),
        subject: subject.to_owned(),
        detail: json::canonical(&detail),
    }
}

/// The trail, newest first: events behind `after`, `limit` of them at most.
///
/// # Errors
/// When the database fails.
pub async fn list_audit(
    app: &App,
    filter: AuditFilter,
    after: Option<(Instant, Uuid)>,
    limit: usize,
) -> Result<Page<AuditRow>, Error> {
    Ok(app.db.read(move |conn| audit::list(conn, &filter, after, limit)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_written_so_that_its_hash_can_be_recomputed() {
        let at: Instant = "2026-03-04T10:15:00.123456Z".parse().unwrap();
        let detail = serde_json::json!({"b": 1.0, "a": "\u{e8}"});
        let event = event(at, None, Event::TokenMade, "x", detail);
        assert_eq!(format!("{:?}", event.at), "2026-03-04T10:15:00.123000Z");
        assert_eq!(event.detail, "{\"a\":\"\u{e8}\",\"b\":1}");
    }

    #[test]
    fn names_are_words_and_each_is_one_event() {
        let names: std::collections::BTreeSet<_> = Event::ALL.iter().map(|e| e.name()).collect();
        assert_eq!(names.len(), Event::ALL.len());
    }
}
