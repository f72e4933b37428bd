//! The texts of a visit that people write freely: where a guest's name could stand, and what
//! is shown in place of one that must not be seen. Everything else of a content is a fact or
//! a choice, and is never taken out of sight.

use serde_json::Value;

use super::{Pointer, json};

/// What stands in place of a text that is not shown.
pub const REDACTED: &str = "[redacted]";

/// A text of a visit that somebody wrote freely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeText {
    /// Where it stands in the content.
    pub pointer: Pointer,
    /// What it says.
    pub text: String,
}

/// The texts of a content that were written freely, in the order of the document: what the
/// phone calls itself, notes, reasons, answers to text items, captions. `is_text_item` tells of
/// an item's code whether it is answered in free text.
#[must_use]
pub fn free_texts(content: &Value, is_text_item: &dyn Fn(&str) -> bool) -> Vec<FreeText> {
    let mut found = Vec::new();
    let mut take = |holder: &Value, at: &Pointer, name: &str| {
        if let Some(text) = holder.get(name).and_then(Value::as_str) {
            found.push(FreeText { pointer: at.key(name), text: text.to_owned() });
        }
    };
    let root = Pointer::root();
    take(content, &root, "device");
    for (index, answer) in list(content, "answers").iter().enumerate() {
        let at = root.key("answers").index(index);
        let says = |word: &str| answer.get("value").and_then(Value::as_str) == Some(word);
        let item = answer.get("item").and_then(Value::as_str).unwrap_or_default();
        if is_text_item(item) && !says("na") && !says("not_observed") {
            take(answer, &at, "value");
        }
        take(answer, &at, "reason");
        take(answer, &at, "note");
    }
    for (index, photo) in list(content, "photos").iter().enumerate() {
        take(photo, &root.key("photos").index(index), "caption");
    }
    found
}

fn list<'a>(content: &'a Value, name: &str) -> &'a [Value] {
    content.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A canonical content with [`REDACTED`] in place of the texts at these pointers; a pointer
/// that names no text changes nothing.
///
/// # Errors
/// When the content is no JSON.
pub fn redact<'a>(
    content: &str,
    pointers: impl IntoIterator<Item = &'a str>,
) -> Result<String, serde_json::Error> {
    let mut value: Value = serde_json::from_str(content)?;
    for pointer in pointers {
        if let Some(Value::String(text)) = value.pointer_mut(pointer) {
            REDACTED.clone_into(text);
        }
    }
    Ok(json::canonical(&value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn visit() -> Value {
        json!({
            "device": "phone", "kind": "unannounced",
            "answers": [
                {"item": "A", "value": "yes", "note": "a note"},
                {"item": "T", "value": "a text"},
                {"item": "T", "value": "na", "reason": "a reason"},
            ],
            "photos": [{"sha256": "00", "caption": "a caption"}, {"sha256": "01"}],
        })
    }

    #[test]
    fn free_texts_are_those_that_somebody_wrote() {
        let found = free_texts(&visit(), &|item| item == "T");
        let found: Vec<_> = found.iter().map(|t| (t.pointer.as_str(), t.text.as_str())).collect();
        assert_eq!(
            found,
            [
                ("/device", "phone"),
                ("/answers/0/note", "a note"),
                ("/answers/1/value", "a text"),
                ("/answers/2/reason", "a reason"),
                ("/photos/0/caption", "a caption"),
            ]
        );
        assert_eq!(free_texts(&json!([1, {"answers": 3}]), &|_| true), []);
    }

    #[test]
    fn a_redacted_text_is_replaced_and_nothing_else_changes() {
        let content = json::canonical(&visit());
        let shown = redact(&content, ["/answers/0/note", "/answers/9/note", "/answers"]).unwrap();
        let mut wanted = visit();
        wanted["answers"][0]["note"] = json!(REDACTED);
        assert_eq!(shown, json::canonical(&wanted));
        assert_eq!(redact(&content, []).unwrap(), content);
    }
}
