//! The keys that sign receipts, and what they signed. A receipt is kept once and never again:
//! whoever asks later gets the first. What is signed and how, others know.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use vigila_core::domain::{InspectionId, Instant, Sha256};
use vigila_core::proof::receipt::{ALGORITHM, Proof};

use super::connection::each;
use super::inspections::StoredInspection;
use super::schema::{inspections, receipt_keys, receipts};
use super::types::{Id, Time};
use super::{Conn, inspections as visits};

/// What stands in `photo` where the receipt is the inspection's own.
const WHOLE: &str = "";

/// A key.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its name.
    pub key_id: String,
    /// The 32 bytes that check.
    pub public_key: Vec<u8>,
    /// The 32 bytes that sign. Never shown.
    pub secret_key: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
    /// When another took over.
    pub retired_at: Option<Instant>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = receipt_keys, treat_none_as_default_value = false)]
struct KeyRow {
    key_id: String,
    algorithm: String,
    public_key: Vec<u8>,
    secret_key: Vec<u8>,
    created_at: Time,
    retired_at: Option<Time>,
}

impl KeyRow {
    fn of(key: &StoredKey) -> Self {
        Self {
            key_id: key.key_id.clone(),
            algorithm: ALGORITHM.to_owned(),
            public_key: key.public_key.clone(),
            secret_key: key.secret_key.clone(),
            created_at: key.created_at.into(),
            retired_at: key.retired_at.map(Into::into),
        }
    }

    fn read(self) -> StoredKey {
        StoredKey {
            key_id: self.key_id,
            public_key: self.public_key,
            secret_key: self.secret_key,
            created_at: self.created_at.into(),
            retired_at: self.retired_at.map(Into::into),
        }
    }
}

/// The key that signs now.
///
/// # Errors
/// Those of the database.
pub fn current_key(conn: &mut Conn) -> QueryResult<Option<StoredKey>> {
    let current = receipt_keys::table
        .filter(receipt_keys::algorithm.eq(ALGORITHM))
        .filter(receipt_keys::retired_at.is_null());
    Ok(current.first::<KeyRow>(conn).optional()?.map(KeyRow::read))
}

/// The key that signs now; `new` where there was none. So several processes that start at once
/// agree on one.
///
/// # Errors
/// Those of the database.
pub fn insert_or_find_key(conn: &mut Conn, new: &StoredKey) -> QueryResult<StoredKey> {
    if let Some(current) = current_key(conn)? {
        return Ok(current);
    }
    diesel::insert_into(receipt_keys::table).values(KeyRow::of(new)).execute(conn)?;
    Ok(new.clone())
}

/// Lets `new` sign from now on; gives the name of the key that signed before.
///
/// # Errors
/// Those of the database.
pub fn rotate_key(conn: &mut Conn, new: &StoredKey) -> QueryResult<Option<String>> {
    let before = current_key(conn)?;
    if let Some(before) = &before {
        diesel::update(receipt_keys::table.find(&before.key_id))
            .set(receipt_keys::retired_at.eq(Some(Time::from(new.created_at))))
            .execute(conn)?;
    }
    diesel::insert_into(receipt_keys::table).values(KeyRow::of(new)).execute(conn)?;
    Ok(before.map(|before| before.key_id))
}

/// All keys, the newest first.
///
/// # Errors
/// Those of the database.
pub fn keys(conn: &mut Conn) -> QueryResult<Vec<StoredKey>> {
    let all = receipt_keys::table.order((receipt_keys::created_at.desc(), receipt_keys::key_id));
    Ok(all.load::<KeyRow>(conn)?.into_iter().map(KeyRow::read).collect())
}

/// What was signed of an inspection, or of a photo of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReceipt {
    /// The inspection.
    pub inspection: InspectionId,
    /// The photo; none where the receipt is the inspection's own.
    pub photo: Option<Sha256>,
    /// When it was received, as it was signed.
    pub received_at: Instant,
    /// The signature.
    pub proof: Proof,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = receipts)]
struct Row {
    inspection_id: Id,
    photo: String,
    received_at: Time,
    key_id: String,
    signature: String,
}

impl Row {
    fn of(receipt: &StoredReceipt) -> Self {
        Self {
            inspection_id: Id(receipt.inspection.0),
            photo: receipt.photo.as_ref().map_or(WHOLE, Sha256::as_str).to_owned(),
            received_at: receipt.received_at.into(),
            key_id: receipt.proof.key_id.clone(),
            signature: receipt.proof.signature.clone(),
        }
    }

    fn read(self) -> StoredReceipt {
        StoredReceipt {
            inspection: InspectionId(self.inspection_id.0),
            photo: self.photo.parse().ok(),
            received_at: self.received_at.into(),
            proof: Proof { key_id: self.key_id, signature: self.signature },
        }
    }
}

/// Keeps receipts; those that are there already stay as they are.
///
/// # Errors
/// Those of the database.
pub fn keep(conn: &mut Conn, new: &[StoredReceipt]) -> QueryResult<()> {
    for receipt in new {
        let row = Row::of(receipt);
        each!(conn, |c| diesel::insert_into(receipts::table)
            .values(&row)
            .on_conflict((receipts::inspection_id, receipts::photo))
            .do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// The receipt of an inspection.
///
/// # Errors
/// Those of the database.
pub fn of_inspection(conn: &mut Conn, id: InspectionId) -> QueryResult<Option<StoredReceipt>> {
    let found = receipts::table.find((Id(id.0), WHOLE)).first::<Row>(conn).optional()?;
    Ok(found.map(Row::read))
}

/// The receipt of a photo.
///
/// # Errors
/// Those of the database.
pub fn of_photo(
    conn: &mut Conn,
    id: InspectionId,
    photo: &Sha256,
) -> QueryResult<Option<StoredReceipt>> {
    let found = receipts::table.find((Id(id.0), photo.as_str())).first::<Row>(conn).optional()?;
    Ok(found.map(Row::read))
}

/// The receipts of an inspection's photos, by hash.
///
/// # Errors
/// Those of the database.
pub fn of_photos(conn: &mut Conn, id: InspectionId) -> QueryResult<Vec<StoredReceipt>> {
    let all = receipts::table.filter(receipts::inspection_id.eq(Id(id.0)));
    let photos = all.filter(receipts::photo.ne(WHOLE)).order(receipts::photo);
    Ok(photos.load::<Row>(conn)?.into_iter().map(Row::read).collect())
}

/// An inspection that has no receipt yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    /// The inspection.
    pub id: InspectionId,
    /// The digest of its content.
    pub digest: String,
    /// When it was received.
    pub received_at: Instant,
}

/// Inspections behind `after` that have no receipt, by id, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn unsigned(
    conn: &mut Conn,
    after: Option<InspectionId>,
    limit: usize,
) -> QueryResult<Vec<Unsigned>> {
    let own = receipts::inspection_id.eq(inspections::id).and(receipts::photo.eq(WHOLE));
    let mut all = inspections::table.into_boxed();
    if let Some(after) = after {
        all = all.filter(inspections::id.gt(Id(after.0)));
    }
    let rows: Vec<(Id, String, Time)> = all
        .filter(not(exists(receipts::table.filter(own))))
        .select((inspections::id, inspections::digest, inspections::received_at))
        .order(inspections::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    let read = rows.into_iter().map(|(id, digest, at)| Unsigned {
        id: InspectionId(id.0),
        digest,
        received_at: at.into(),
    });
    Ok(read.collect())
}

/// An inspection with what was sealed of it.
pub struct Sealed {
    /// The inspection, as it is shown.
    pub stored: StoredInspection,
    /// Its content as it was sent, but for what an order erased.
    pub content: String,
    /// Whether an order erased something of it.
    pub is_erased: bool,
    /// Its receipt, if it has one yet.
    pub receipt: Option<StoredReceipt>,
}

/// Inspections behind `after` in any territory with their sealed contents and receipts, by id,
/// `limit` of them at most: to check what is kept, and for nothing else.
///
/// # Errors
/// Those of the database.
pub fn sealed_inspections(
    conn: &mut Conn,
    after: Option<InspectionId>,
    limit: usize,
) -> QueryResult<Vec<Sealed>> {
    let all = visits::from(conn, after, limit)?;
    let sealed = all.into_iter().map(|stored| {
        let receipt = of_inspection(conn, stored.id)?;
        if stored.redacted.is_empty() {
            let content = stored.content.clone();
            return Ok(Sealed { stored, content, is_erased: false, receipt });
        }
        let content = visits::sealed(conn, stored.id)?;
        let texts = visits::of_texts(conn, stored.id)?;
        let is_erased = texts.iter().any(|text| text.erased.is_some());
        Ok(Sealed { stored, content, is_erased, receipt })
    });
    sealed.collect()
}
