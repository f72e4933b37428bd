//! Receipts that prove: the statement of what the office received and when, its exact bytes,
//! and its Ed25519 signature (RFC 8032). Whoever has the public key can check it without this
//! program; so the form of a statement is for ever.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde_json::json;

use crate::documents::json;
use crate::domain::{InspectionId, Instant, Sha256};

/// The algorithm of every key so far, as it is named on the wire.
pub const ALGORITHM: &str = "Ed25519";

/// The bytes before the 32 of a public key in its DER form (RFC 8410): a constant, because
/// the algorithm has no parameters.
const DER_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What is said to have been received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received<'a> {
    /// An inspection, by the digest of its canonical content.
    Inspection {
        /// The SHA-256, in lower-case hexadecimal.
        digest: &'a str,
    },
    /// A photo of an inspection, by the hash of its bytes.
    Photo {
        /// The hash.
        sha256: &'a Sha256,
    },
}

/// A statement that can be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The inspection.
    pub inspection: InspectionId,
    /// What of it was received.
    pub received: Received<'a>,
    /// When, as the receipt writes it: RFC 3339 in UTC with three decimals.
    pub at: &'a str,
}

impl Statement<'_> {
    /// The bytes that are signed: canonical JSON (RFC 8785) of an object with four texts,
    /// `inspection_id`, `received_at`, `digest` or `sha256`, and `type`, which keeps the two
    /// kinds apart, and apart from whatever else may ever be signed with the same key.
    #[must_use]
    pub fn text(&self) -> String {
        let (name, value, kind) = match self.received {
            Received::Inspection { digest } => ("digest", digest, "vigila-receipt-v1"),
            Received::Photo { sha256 } => ("sha256", sha256.as_str(), "vigila-photo-receipt-v1"),
        };
        json::canonical(&json!({
            "inspection_id": self.inspection.to_string(),
            "received_at": self.at,
            name: value,
            "type": kind,
        }))
    }
}

/// What makes a receipt a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The key that signed.
    pub key_id: String,
    /// The signature's 64 bytes, in base64.
    pub signature: String,
}

/// A key that signs.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl fmt::Debug for SecretKey {
    /// Without the key: this may end in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public().id())
    }
}

impl SecretKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn new(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Its 32 bytes, to be kept.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The key that others check with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs a statement. The same key gives the same signature every time.
    #[must_use]
    pub fn sign(&self, statement: &Statement<'_>) -> Proof {
        let signature = self.0.sign(statement.text().as_bytes());
        Proof { key_id: self.public().id(), signature: STANDARD.encode(signature.to_bytes()) }
    }
}

/// The bytes are no public key of Ed25519.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 public key of 32 bytes in base64")]
pub struct NotAKey;

/// A key that checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From its 32 bytes.
    ///
    /// # Errors
    /// [`NotAKey`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAKey> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| NotAKey)?;
        VerifyingKey::from_bytes(bytes).map(Self).map_err(|_| NotAKey)
    }

    /// From its base64 form.
    ///
    /// # Errors
    /// [`NotAKey`].
    pub fn from_base64(text: &str) -> Result<Self, NotAKey> {
        Self::from_bytes(&STANDARD.decode(text).map_err(|_| NotAKey)?)
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Its name: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes.
    #[must_use]
    pub fn id(&self) -> String {
        Sha256::of(self.0.as_bytes()).as_str()[..16].to_owned()
    }

    /// Its 32 bytes in base64.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    /// As openssl reads it (RFC 8410, RFC 7468).
    #[must_use]
    pub fn pem(&self) -> String {
        let der = [&DER_PREFIX[..], self.0.as_bytes()].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der))
    }

    /// Whether this key signed exactly this statement.
    #[must_use]
    pub fn signed(&self, statement: &Statement<'_>, signature: &str) -> bool {
        let Ok(bytes) = STANDARD.decode(signature) else { return false };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(&bytes) else { return false };
        self.0.verify_strict(statement.text().as_bytes(), &signature).is_ok()
    }
}

/// The instant of a statement as it is written there.
#[must_use]
pub fn written(at: Instant) -> String {
    at.to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07";
    const AT: &str = "2026-03-04T10:15:00.123Z";

    fn key() -> SecretKey {
        SecretKey::new(&[7; 32])
    }

    #[test]
    fn the_bytes_that_are_signed_are_for_ever() {
        let (digest, id) = ("ab".repeat(32), ID.parse().unwrap());
        let received = Received::Inspection { digest: &digest };
        let text = Statement { inspection: id, received, at: AT }.text();
        let expected = concat!(
            r#"{"digest":"abababababababababababababababababababababababababababababababab","#,
            r#""inspection_id":"01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07","#,
            r#""received_at":"2026-03-04T10:15:00.123Z","type":"vigila-receipt-v1"}"#
        );
        assert_eq!(text, expected);
        let sha256 = digest.parse().unwrap();
        let received = Received::Photo { sha256: &sha256 };
        let text = Statement { inspection: id, received, at: AT }.text();
        let expected = concat!(
            r#"{"inspection_id":"01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07","#,
            r#""received_at":"2026-03-04T10:15:00.123Z","#,
            r#""sha256":"abababababababababababababababababababababababababababababababab","#,
            r#""type":"vigila-photo-receipt-v1"}"#
        );
        assert_eq!(text, expected);
        assert_eq!(written(AT.parse().unwrap()), AT);
    }

    #[test]
    fn the_key_of_rfc_8032_is_the_one_derived() {
        // Section 7.1, test 1.
        let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let key = SecretKey::new(&seed.unwrap().try_into().unwrap());
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(hex::encode(key.public().bytes()), public);
        assert_eq!(key.public().id(), &Sha256::of(&hex::decode(public).unwrap()).as_str()[..16]);
        assert!(!format!("{key:?}").contains("9d61b1"));
        assert_eq!(SecretKey::new(&key.bytes()).public(), key.public());
        assert_eq!(PublicKey::from_base64(&key.public().base64()), Ok(key.public()));
        for bad in ["", "AAAA", "not base64", &"A".repeat(44)] {
            // 32 zeros are a point of small order: a key, but one whose signatures are refused.
            assert!(PublicKey::from_base64(bad).is_err() || bad.len() == 44, "{bad}");
        }
    }

    #[test]
    fn an_inspection_is_no_photo() {
        let (id, sha256) = (ID.parse().unwrap(), Sha256::of(b"x"));
        let photo =
            Statement { inspection: id, received: Received::Photo { sha256: &sha256 }, at: AT };
        let digest = sha256.as_str();
        let visit = Statement { received: Received::Inspection { digest }, ..photo };
        let proof = key().sign(&photo);
        assert!(key().public().signed(&photo, &proof.signature));
        assert!(!key().public().signed(&visit, &proof.signature));
        assert!(!SecretKey::new(&[8; 32]).public().signed(&photo, &proof.signature));
    }

    proptest! {
        /// Whatever one character of digest, time or id, or one bit of the signature, becomes:
        /// it is no longer what was signed.
        #[test]
        fn one_change_anywhere_is_found(
            seed: [u8; 32], content: Vec<u8>, place in 0_usize..64, bit in 0_u8..8,
            part in 0_usize..4,
        ) {
            let key = SecretKey::new(&seed);
            let digest = Sha256::of(&content).to_string();
            let received = Received::Inspection { digest: &digest };
            let id: InspectionId = ID.parse().unwrap();
            let statement = Statement { inspection: id, received, at: AT };
            let proof = key.sign(&statement);
            prop_assert!(key.public().signed(&statement, &proof.signature));
            prop_assert_eq!(&key.sign(&statement), &proof);
            let other = |text: &str| {
                let mut bytes = text.as_bytes().to_vec();
                let place = place % bytes.len();
                bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
                String::from_utf8(bytes).unwrap()
            };
            let (digest, at) = (other(&digest), other(AT));
            let signed = match part {
                0 => {
                    let received = Received::Inspection { digest: &digest };
                    key.public().signed(&Statement { received, ..statement }, &proof.signature)
                }
                1 => key.public().signed(&Statement { at: &at, ..statement }, &proof.signature),
                2 => {
                    let mut bytes = *id.0.as_bytes();
                    bytes[place % 16] ^= 1 << bit;
                    let inspection = InspectionId(uuid::Uuid::from_bytes(bytes));
                    key.public().signed(&Statement { inspection, ..statement }, &proof.signature)
                }
                _ => {
                    let mut bytes = STANDARD.decode(&proof.signature).unwrap();
                    bytes[place] ^= 1 << bit;
                    key.public().signed(&statement, &STANDARD.encode(bytes))
                }
            };
            prop_assert!(!signed);
        }

        /// The content behind the digest: any byte that differs gives another statement.
        #[test]
        fn one_byte_of_content_is_found(mut content in prop::collection::vec(any::<u8>(), 1..200), place: usize, bit in 0_u8..8) {
            let digest = Sha256::of(&content).to_string();
            let id = ID.parse().unwrap();
            let statement = |digest| Statement { inspection: id, received: Received::Inspection { digest }, at: AT };
            let proof = key().sign(&statement(&digest));
            let place = place % content.len();
            content[place] ^= 1 << bit;
            let changed = Sha256::of(&content).to_string();
            prop_assert!(!key().public().signed(&statement(&changed), &proof.signature));
        }
    }
}
