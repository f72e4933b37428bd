//! Photos that come in parts: how far each is, and where its parts lie. Every step that must
//! not happen twice is one statement that looks and changes at once. Knows neither the parts'
//! bytes nor what a phone is told.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{InspectionId, Instant, PersonId, Sha256};

use super::Conn;
use super::outcome::unreadable;
use super::schema::{upload_parts, uploads};
use super::types::{Id, Time};

/// A photo that comes in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: Uuid,
    /// The inspection that lists the photo.
    pub inspection: InspectionId,
    /// The hash that the whole must have.
    pub sha256: Sha256,
    /// Who began it.
    pub person: PersonId,
    /// How many bytes there are to come in all.
    pub bytes: i64,
    /// How many of them were received; all of them only once the photo is there.
    pub received: i64,
    /// When it began.
    pub created_at: Instant,
    /// From when on it is not there any more.
    pub expires_at: Instant,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = uploads, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    inspection_id: Id,
    sha256: String,
    person_id: Id,
    bytes: i64,
    received: i64,
    created_at: Time,
    expires_at: Time,
}

impl Row {
    fn read(self) -> QueryResult<Upload> {
        Ok(Upload {
            id: self.id.0,
            inspection: InspectionId(self.inspection_id.0),
            sha256: self.sha256.parse().map_err(unreadable)?,
            person: PersonId(self.person_id.0),
            bytes: self.bytes,
            received: self.received,
            created_at: self.created_at.into(),
            expires_at: self.expires_at.into(),
        })
    }
}

/// Keeps a new upload.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Conn, new: &Upload) -> QueryResult<()> {
    let row = Row {
        id: Id(new.id),
        inspection_id: Id(new.inspection.0),
        sha256: new.sha256.as_str().to_owned(),
        person_id: Id(new.person.0),
        bytes: new.bytes,
        received: new.received,
        created_at: new.created_at.into(),
        expires_at: new.expires_at.into(),
    };
    diesel::insert_into(uploads::table).values(&row).execute(conn).map(|_| ())
}

/// An upload that is not past its time.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, id: Uuid, now: Instant) -> QueryResult<Option<Upload>> {
    let there = uploads::table.find(Id(id)).filter(uploads::expires_at.gt(Time::from(now)));
    there.first::<Row>(conn).optional()?.map(Row::read).transpose()
}

/// How many uploads of a person wait for bytes.
///
/// # Errors
/// Those of the database.
pub fn count_open(conn: &mut Conn, person: PersonId, now: Instant) -> QueryResult<i64> {
    let open = uploads::table
        .filter(uploads::person_id.eq(Id(person.0)))
        .filter(uploads::expires_at.gt(Time::from(now)))
        .filter(uploads::received.lt(uploads::bytes));
    open.count().get_result(conn)
}

/// Ends all uploads of a photo that wait for bytes, but the newest few. Their parts wait for
/// [`expired`].
///
/// # Errors
/// Those of the database.
pub fn end_older(
    conn: &mut Conn,
    inspection: InspectionId,
    sha256: &Sha256,
    keep: i64,
    now: Instant,
) -> QueryResult<()> {
    let older = uploads::table
        .filter(uploads::inspection_id.eq(Id(inspection.0)))
        .filter(uploads::sha256.eq(sha256.as_str()))
        .filter(uploads::expires_at.gt(Time::from(now)))
        .filter(uploads::received.lt(uploads::bytes))
        .order((uploads::created_at.desc(), uploads::id.desc()))
        .select(uploads::id)
        .offset(keep)
        .limit(1_000)
        .load::<Id>(conn)?;
    let ended = uploads::table.filter(uploads::id.eq_any(older));
    diesel::update(ended).set(uploads::expires_at.eq(Time::from(now))).execute(conn).map(|_| ())
}

/// Adds a part that begins at `position`; false where the upload is elsewhere by now, or over.
///
/// # Errors
/// Those of the database.
pub fn add_part(
    conn: &mut Conn,
    id: Uuid,
    (position, bytes): (i64, i64),
    key: &str,
    now: Instant,
) -> QueryResult<bool> {
    let there = uploads::table
        .find(Id(id))
        .filter(uploads::received.eq(position))
        .filter(uploads::expires_at.gt(Time::from(now)));
    let moved = diesel::update(there).set(uploads::received.eq(position + bytes)).execute(conn)?;
    if moved == 0 {
        return Ok(false);
    }
    let part = (
        upload_parts::upload_id.eq(Id(id)),
        upload_parts::position.eq(position),
        upload_parts::key.eq(key),
    );
    diesel::insert_into(upload_parts::table).values(part).execute(conn)?;
    Ok(true)
}

/// The keys of the parts of an upload, in their order.
///
/// # Errors
/// Those of the database.
pub fn parts(conn: &mut Conn, id: Uuid) -> QueryResult<Vec<String>> {
    let own = upload_parts::table.filter(upload_parts::upload_id.eq(Id(id)));
    own.order(upload_parts::position).select(upload_parts::key).load(conn)
}

/// The keys of all parts that there are of a photo.
///
/// # Errors
/// Those of the database.
pub fn parts_of_photo(
    conn: &mut Conn,
    inspection: InspectionId,
    sha256: &Sha256,
) -> QueryResult<Vec<String>> {
    uploads::table
        .inner_join(upload_parts::table)
        .filter(uploads::inspection_id.eq(Id(inspection.0)))
        .filter(uploads::sha256.eq(sha256.as_str()))
        .select(upload_parts::key)
        .load(conn)
}

/// The photo is there: all was received.
///
/// # Errors
/// Those of the database.
pub fn complete(conn: &mut Conn, id: Uuid) -> QueryResult<()> {
    let own = uploads::table.find(Id(id));
    diesel::update(own).set(uploads::received.eq(uploads::bytes)).execute(conn).map(|_| ())
}

/// Nothing more is taken, and nobody finds it any more.
///
/// # Errors
/// Those of the database.
pub fn end(conn: &mut Conn, id: Uuid, now: Instant) -> QueryResult<()> {
    let own = uploads::table.find(Id(id));
    let end = uploads::expires_at.eq(Time::from(now));
    diesel::update(own).set(end).execute(conn).map(|_| ())
}

/// Some uploads that are past their time.
///
/// # Errors
/// Those of the database.
pub fn expired(conn: &mut Conn, now: Instant, limit: i64) -> QueryResult<Vec<Uuid>> {
    let over = uploads::table.filter(uploads::expires_at.le(Time::from(now)));
    let ids: Vec<Id> = over.select(uploads::id).order(uploads::id).limit(limit).load(conn)?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Some uploads whose photo is there while parts of theirs are, too.
///
/// # Errors
/// Those of the database.
pub fn complete_with_parts(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Uuid>> {
    let ids: Vec<Id> = uploads::table
        .inner_join(upload_parts::table)
        .filter(uploads::received.eq(uploads::bytes))
        .select(uploads::id)
        .distinct()
        .limit(limit)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Forgets parts whose bytes are gone.
///
/// # Errors
/// Those of the database.
pub fn forget_parts(conn: &mut Conn, id: Uuid, keys: &[String]) -> QueryResult<()> {
    let own = upload_parts::table.filter(upload_parts::upload_id.eq(Id(id)));
    diesel::delete(own.filter(upload_parts::key.eq_any(keys))).execute(conn).map(|_| ())
}

/// Forgets an upload that is past its time, unless there are parts of it.
///
/// # Errors
/// Those of the database.
pub fn forget(conn: &mut Conn, id: Uuid, now: Instant) -> QueryResult<()> {
    if parts(conn, id)?.is_empty() {
        let over = uploads::table.find(Id(id)).filter(uploads::expires_at.le(Time::from(now)));
        diesel::delete(over).execute(conn)?;
    }
    Ok(())
}
