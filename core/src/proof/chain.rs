//! A link of the audit trail: the one form of an event that is hashed together with the hash
//! of the event before it. The form is for ever, because every stored hash rests on it.

use serde_json::json;
use uuid::Uuid;

use crate::documents::json;
use crate::domain::{Instant, PersonId};

/// What the first link has in the place of a hash before it: 64 zeros.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event, as far as it is hashed: all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// Its id.
    pub id: Uuid,
    /// When it was.
    pub at: Instant,
    /// Who did it; none where an operator's command or the service did.
    pub actor: Option<PersonId>,
    /// What was done, in a word.
    pub action: &'a str,
    /// To what.
    pub subject: &'a str,
    /// What else is known, as the text of a JSON object.
    pub detail: &'a str,
}

/// The hash of a link, in hexadecimal: SHA-256 over the canonical JSON (RFC 8785) of an object
/// with exactly these members, all texts but `position`:
///
/// - `action`, `subject`, `detail` (a text that holds JSON, hashed as it is stored);
/// - `actor`, the id of a person; absent where nobody signed in did it;
/// - `at`, RFC 3339 in UTC with six decimals and `Z`;
/// - `id`, the event's;
/// - `position`, the place in the chain, from 1;
/// - `previous`, the hash of the link before, or [`BEGINNING`].
#[must_use]
pub fn hash(position: i64, previous: &str, event: &Event<'_>) -> String {
    let mut form = json!({
        "action": event.action,
        "at": format!("{:?}", event.at),
        "detail": event.detail,
        "id": event.id.hyphenated().to_string(),
        "position": position,
        "previous": previous,
        "subject": event.subject,
    });
    if let Some(actor) = event.actor {
        form["actor"] = actor.to_string().into();
    }
    json::digest(&json::canonical(&form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event<'static> {
        Event {
            id: Uuid::from_u128(0x0199_5f1e_0a10_7c53_9a3b_0d6c_2f1f_7a07),
            at: "2026-03-04T10:15:00.123Z".parse().unwrap(),
            actor: Some(PersonId(Uuid::from_u128(7))),
            action: "original_seen",
            subject: "a/b",
            detail: r#"{"reason":"contested"}"#,
        }
    }

    /// Written out by hand, and hashed with `sha256sum`: the form must never change.
    #[test]
    fn the_form_is_for_ever() {
        let text = concat!(
            r#"{"action":"original_seen","actor":"00000000-0000-0000-0000-000000000007","#,
            r#""at":"2026-03-04T10:15:00.123000Z","detail":"{\"reason\":\"contested\"}","#,
            r#""id":"01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07","position":1,"#,
            r#""previous":"0000000000000000000000000000000000000000000000000000000000000000","#,
            r#""subject":"a/b"}"#
        );
        let hashed = hash(1, BEGINNING, &event());
        assert_eq!(hashed, json::digest(text));
        assert_eq!(hashed, "ec481370a9e809884eed4dd04868ed63f3b6627378ddaa207fe1849bfc79aaa9");
        let operator = hash(1, BEGINNING, &Event { actor: None, ..event() });
        let without = text.replace(r#""actor":"00000000-0000-0000-0000-000000000007","#, "");
        assert_eq!(operator, json::digest(&without));
    }

    #[test]
    fn every_part_counts() {
        let whole = hash(1, BEGINNING, &event());
        let others = [
            hash(2, BEGINNING, &event()),
            hash(1, &BEGINNING.replacen('0', "1", 1), &event()),
            hash(1, BEGINNING, &Event { id: Uuid::nil(), ..event() }),
            hash(
                1,
                BEGINNING,
                &Event { at: "2026-03-04T10:15:00.123001Z".parse().unwrap(), ..event() },
            ),
            hash(1, BEGINNING, &Event { actor: None, ..event() }),
            hash(1, BEGINNING, &Event { action: "signed_in", ..event() }),
            hash(1, BEGINNING, &Event { subject: "a/c", ..event() }),
            hash(1, BEGINNING, &Event { detail: r#"{"reason": "contested"}"#, ..event() }),
        ];
        for (index, other) in others.iter().enumerate() {
            assert_ne!(*other, whole, "{index}");
        }
    }
}
