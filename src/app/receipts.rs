//! Receipts that prove: which key signs, what it signed, and letting another take over. A
//! receipt is made once, in the transaction of what it tells of where that is new, and is the
//! same for ever. Keys live in the database, so that every process signs with the same.

use serde_json::json;
use vigila_core::domain::{InspectionId, Instant, Sha256};
use vigila_core::proof::receipt::{
    NotAKey, Proof, PublicKey, Received, SecretKey, Statement, written,
};

use super::audit::{self, Event};
use super::{App, Error};
use crate::store::inspections::StoredInspection;
use crate::store::photos::StoredPhoto;
use crate::store::receipts::{self, StoredKey, StoredReceipt, Unsigned};
use crate::store::{Db, Options};

/// Receipts that are added in one transaction at most.
const BATCH: usize = 200;

/// A key as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What checks.
    pub public: PublicKey,
    /// When it was made.
    pub created_at: Instant,
    /// When another took over.
    pub retired_at: Option<Instant>,
}

fn unusable(_: impl Sized) -> Error {
    Error::Internal("a receipt key in the database is no key".to_owned())
}

fn signer(stored: &StoredKey) -> Result<SecretKey, Error> {
    let seed: &[u8; 32] = stored.secret_key.as_slice().try_into().map_err(unusable)?;
    Ok(SecretKey::new(seed))
}

fn new_key(now: Instant) -> Result<StoredKey, Error> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|e| Error::Internal(e.to_string()))?;
    let secret = SecretKey::new(&seed);
    Ok(StoredKey {
        key_id: secret.public().id(),
        public_key: secret.public().bytes().to_vec(),
        secret_key: seed.to_vec(),
        created_at: now,
        retired_at: None,
    })
}

/// The key that signs now; made, where there is none yet.
///
/// # Errors
/// When the database fails.
pub async fn current_key(db: &Db, now: Instant) -> Result<SecretKey, Error> {
    let found = db.read(receipts::current_key).await?;
    key_or_made(db, found, now).await
}

/// The key that was found to sign now; made, where none was.
pub(super) async fn key_or_made(
    db: &Db,
    found: Option<StoredKey>,
    now: Instant,
) -> Result<SecretKey, Error> {
    if let Some(found) = found {
        return signer(&found);
    }
    let new = new_key(now)?;
    let agreed = db.write(move |conn| receipts::insert_or_find_key(conn, &new)).await?;
    signer(&agreed)
}

/// The keys of an installation, for commands: needs the database alone.
pub struct Keys {
    db: Db,
}

impl Keys {
    /// Opens the database alone. Blocks.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open(database_url: &str) -> Result<Self, Error> {
        Ok(Self { db: Db::open(database_url, Options::default())? })
    }

    /// Of a database that is open.
    #[must_use]
    pub fn of(db: Db) -> Self {
        Self { db }
    }

    /// Closes the database that [`Keys::open`] opened.
    pub async fn close(&self) {
        self.db.shutdown().await;
    }

    /// All of them, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Key>, Error> {
        let stored = self.db.read(receipts::keys).await?;
        let read = stored.into_iter().map(|key| {
            let public = PublicKey::from_bytes(&key.public_key);
            Ok(Key { public: public?, created_at: key.created_at, retired_at: key.retired_at })
        });
        read.collect::<Result<_, NotAKey>>().map_err(unusable)
    }

    /// Lets a new key sign from now on, in every process; gives its name. What was signed
    /// stays as it is, and the old key is served for ever.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotate(&self, now: Instant) -> Result<String, Error> {
        let new = new_key(now)?;
        let id = new.key_id.clone();
        let rotated = self.db.write(move |conn| {
            let before = receipts::rotate_key(conn, &new)?;
            let detail = before.map_or_else(|| json!({}), |before| json!({"retired": before}));
            let what = Event::ReceiptKeyRotated;
            let event = audit::event(now, None, what, &new.key_id, detail);
            crate::store::audit::append(conn, &event)
        });
        rotated.await?;
        Ok(id)
    }
}

/// The receipt of an inspection that is received now or was before.
pub(super) fn sign(
    key: &SecretKey,
    inspection: InspectionId,
    digest: &str,
    at: Instant,
) -> StoredReceipt {
    let received = Received::Inspection { digest };
    let proof = key.sign(&Statement { inspection, received, at: &written(at) });
    StoredReceipt { inspection, photo: None, received_at: at, proof }
}

/// The receipt of a photo.
pub(super) fn sign_photo(
    key: &SecretKey,
    inspection: InspectionId,
    sha256: &Sha256,
    at: Instant,
) -> StoredReceipt {
    let received = Received::Photo { sha256 };
    let proof = key.sign(&Statement { inspection, received, at: &written(at) });
    StoredReceipt { inspection, photo: Some(sha256.clone()), received_at: at, proof }
}

/// The proof of an inspection's receipt, of which `known` was read with it. One from before
/// receipts were signed gets its own at first asking; of two that ask at once, both get the
/// same.
pub(super) async fn proof_of(
    app: &App,
    stored: &StoredInspection,
    known: Option<StoredReceipt>,
    now: Instant,
) -> Result<Proof, Error> {
    let id = stored.id;
    if let Some(known) = known {
        return Ok(known.proof);
    }
    let key = current_key(&app.db, now).await?;
    let new = sign(&key, id, &stored.digest, stored.received_at);
    let kept = app.db.write(move |conn| {
        receipts::keep(conn, std::slice::from_ref(&new))?;
        receipts::of_inspection(conn, id)
    });
    kept.await?.map(|kept| kept.proof).ok_or(Error::NotFound)
}

/// The proof that a photo was received; none while it is not there.
///
/// # Errors
/// When the database fails.
pub async fn photo_proof(
    app: &App,
    photo: &StoredPhoto,
    now: Instant,
) -> Result<Option<Proof>, Error> {
    let (id, sha256) = (photo.inspection, photo.sha256.clone());
    let wanted = sha256.clone();
    let found = app.db.read(move |conn| receipts::of_photo(conn, id, &wanted)).await?;
    if let Some(found) = found {
        return Ok(Some(found.proof));
    }
    let Some(held) = &photo.held else { return Ok(None) };
    let new = sign_photo(&current_key(&app.db, now).await?, id, &sha256, held.received_at);
    let kept = app.db.write(move |conn| {
        receipts::keep(conn, std::slice::from_ref(&new))?;
        receipts::of_photo(conn, id, &sha256)
    });
    Ok(kept.await?.map(|kept| kept.proof))
}

/// The receipts of all photos of an inspection that are there; `known` are those read with
/// them.
pub(super) async fn photo_receipts(
    app: &App,
    id: InspectionId,
    photos: &[StoredPhoto],
    known: Vec<StoredReceipt>,
    now: Instant,
) -> Result<Vec<StoredReceipt>, Error> {
    let has = |photo: &StoredPhoto| known.iter().any(|r| r.photo.as_ref() == Some(&photo.sha256));
    let missing = photos.iter().filter(|photo| !has(photo));
    let missing: Vec<_> = missing.filter_map(|p| Some((&p.sha256, p.held.as_ref()?))).collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let key = current_key(&app.db, now).await?;
    let new = missing.into_iter().map(|(sha, held)| sign_photo(&key, id, sha, held.received_at));
    let new: Vec<_> = new.collect();
    let kept = app.db.write(move |conn| {
        receipts::keep(conn, &new)?;
        receipts::of_photos(conn, id)
    });
    Ok(kept.await?)
}

/// Signs the inspections that have no receipt, those from before receipts were signed; tells
/// how many.
///
/// # Errors
/// When the database fails.
pub async fn sign_unsigned(db: &Db, now: Instant) -> Result<usize, Error> {
    let (mut after, mut signed) = (None, 0);
    loop {
        let unsigned: Vec<Unsigned> =
            db.read(move |conn| receipts::unsigned(conn, after, BATCH)).await?;
        let Some(last) = unsigned.last() else { return Ok(signed) };
        after = Some(last.id);
        let key = current_key(db, now).await?;
        let new = unsigned.iter().map(|one| sign(&key, one.id, &one.digest, one.received_at));
        let new: Vec<_> = new.collect();
        signed += new.len();
        db.write(move |conn| receipts::keep(conn, &new)).await?;
    }
}
