//! What the audit trail records, by name. Append-only: a later issue chains the rows.

use serde_json::Value;
use uuid::Uuid;
use vigila_core::domain::{Instant, PersonId};

use crate::store::audit::AuditEvent;

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
}

impl Event {
    fn name(self) -> &'static str {
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
        }
    }
}

/// An event to append; `actor` is absent where a command of the operator acts.
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
        at,
        actor,
        action: what.name().to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_string(),
    }
}
