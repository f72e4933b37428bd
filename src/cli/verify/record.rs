//! The file of a receipt: as a phone keeps it, or the answer of `GET /inspections/{id}` with
//! content and photos' receipts in it, or the answer of a photo's PUT.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use vigila_core::domain::{InspectionId, Sha256};

use crate::cli::Failure;

/// What was received.
pub(super) enum Subject {
    /// An inspection.
    Inspection {
        /// The digest of its content.
        digest: String,
    },
    /// A photo.
    Photo {
        /// The hash of its bytes.
        sha256: Sha256,
    },
}

/// A signed statement.
pub(super) struct Signed {
    pub subject: Subject,
    /// When, as it is written.
    pub at: String,
    pub key_id: String,
    pub signature: String,
}

/// What the file says.
pub(super) struct Record {
    pub inspection: InspectionId,
    pub own: Signed,
    pub content: Option<Value>,
    /// Whether parts of the content were replaced.
    pub is_redacted: bool,
    pub photo_receipts: Vec<Signed>,
    /// Photos of which the file says that they had not come.
    pub never_came: BTreeSet<Sha256>,
    /// Photos of which it says that an order erased them.
    pub erased: BTreeSet<Sha256>,
}

impl Record {
    pub fn read(value: &Value, path: &Path) -> Result<Self, Failure> {
        let name = path.display();
        let inspection = text(value, "inspection_id").and_then(|text| text.parse().ok());
        let own = Signed::read(value).map_err(|lacks| {
            let ask = "; ask the service for it again: GET /api/v1/inspections/{id}";
            let ask = if lacks == "signature" || lacks == "key_id" { ask } else { "" };
            Failure::new(format!("{name} is no signed receipt: it has no {lacks}{ask}"))
        })?;
        let inspection = inspection.ok_or_else(|| {
            Failure::new(format!("{name} is no receipt: it has no inspection_id"))
        })?;
        let receipts = list(value, "photo_receipts").iter().map(|one| {
            Signed::read(one).map_err(|lacks| {
                Failure::new(format!("a photo's receipt in {name} has no {lacks}"))
            })
        });
        let hashes = |member| {
            let texts = list(value, member).iter().filter_map(Value::as_str);
            texts.filter_map(|text| text.parse::<Sha256>().ok()).collect::<Vec<_>>()
        };
        let erased = list(value, "erased_photos").iter().filter_map(|photo| text(photo, "sha256"));
        Ok(Self {
            inspection,
            own,
            content: value.get("content").cloned(),
            is_redacted: !list(value, "redacted").is_empty(),
            photo_receipts: receipts.collect::<Result<_, _>>()?,
            never_came: [hashes("missing_photos"), hashes("absent_photos")]
                .concat()
                .into_iter()
                .collect(),
            erased: erased.filter_map(|text| text.parse().ok()).collect(),
        })
    }

    /// The photos that the content lists, or that receipts name.
    pub fn listed_photos(&self, given: Option<&Value>) -> Result<BTreeSet<Sha256>, Failure> {
        let content = given.or(self.content.as_ref());
        let mut listed: BTreeSet<_> =
            self.photo_receipts.iter().filter_map(Signed::photo).collect();
        listed.extend(self.own.photo());
        if content.is_none() && listed.is_empty() {
            return Err(Failure::new(
                "the receipt does not say which photos the inspection lists: give its content \
                 with --content",
            ));
        }
        let photos = content.map_or(&[][..], |content| list(content, "photos"));
        listed.extend(photos.iter().filter_map(|p| text(p, "sha256")?.parse::<Sha256>().ok()));
        Ok(listed)
    }

    /// Whether there is a signed receipt of a photo.
    pub fn has_receipt(&self, sha256: &Sha256) -> bool {
        self.photo_receipts.iter().any(|signed| signed.photo().as_ref() == Some(sha256))
    }
}

impl Signed {
    /// Reads one, or says what it lacks.
    fn read(value: &Value) -> Result<Self, &'static str> {
        let member = |name: &'static str| text(value, name).map(str::to_owned).ok_or(name);
        let photo = text(value, "sha256").and_then(|text| text.parse().ok());
        let subject = match (text(value, "digest"), photo) {
            (Some(digest), _) => Subject::Inspection { digest: digest.to_owned() },
            (None, Some(sha256)) => Subject::Photo { sha256 },
            (None, None) => return Err("digest"),
        };
        Ok(Self {
            subject,
            at: member("received_at")?,
            key_id: member("key_id")?,
            signature: member("signature")?,
        })
    }

    fn photo(&self) -> Option<Sha256> {
        match &self.subject {
            Subject::Photo { sha256 } => Some(sha256.clone()),
            Subject::Inspection { .. } => None,
        }
    }
}

fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
