//! Where else a picture lies: the same bytes, and what looks the same. The second is looked
//! up by bands of the fingerprint and then compared bit by bit, so nothing near is missed and
//! few rows are read; where a band is crowded the search stops at a limit and says so.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;
use vigila_core::domain::{InspectionId, Scope, Sha256};
use vigila_core::evidence::{Copies, Copy, bits_apart, probes};

use crate::store::inspections::{Visible, codes, visible_among};
use crate::store::outcome::{one_more, unreadable};
use crate::store::schema::{facilities, inspections, photo_facts};
use crate::store::types::{Id, Time};
use crate::store::{Conn, Page};

/// The most copies of a photo that are looked at, and so counted.
const MOST: usize = 50;
/// The most that are named.
const NAMED: usize = 10;
/// The most rows of a band that are compared.
const MOST_OF_BAND: i64 = 50_000;
/// The most fingerprints that look the same and are asked for their photos, nearest first.
const MOST_ALIKE: usize = 64;

/// Who asks, about the photos of which family.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The territories in which is looked.
    pub scope: Scope,
    /// The inspections that may be named.
    pub visible: Visible,
    /// The first of the family, in which no copy counts.
    pub root: InspectionId,
}

/// The same bytes in inspections of other families.
///
/// # Errors
/// Those of the database.
pub fn same(conn: &mut Conn, reader: &Reader, sha256: &Sha256) -> QueryResult<Copies> {
    let Page { items, more } = elsewhere(conn, reader, &Which::Same(sha256), MOST)?;
    let found = items.into_iter().map(|row| (None, row)).collect();
    told(conn, reader, found, more)
}

/// Other bytes that look the same, in inspections of other families: their fingerprints
/// differ in `bits` at most.
///
/// # Errors
/// Those of the database.
pub fn near(
    conn: &mut Conn,
    reader: &Reader,
    (sha256, fingerprint): (&Sha256, u64),
    bits: u32,
) -> QueryResult<Copies> {
    let (alike, mut more) = alike(conn, &reader.scope, fingerprint, bits)?;
    let mut found = Vec::new();
    // By distance, so that the nearest are there when there are too many.
    for group in alike.chunk_by(|one, other| one.0 == other.0) {
        let (bits, _) = group[0];
        let such = Which::Alike(group, sha256);
        let page = elsewhere(conn, reader, &such, MOST - found.len())?;
        more |= page.more;
        found.extend(page.items.into_iter().map(|row| (Some(bits), row)));
        if found.len() == MOST {
            // What is further was not looked at.
            more = true;
            break;
        }
    }
    told(conn, reader, found, more)
}

/// The fingerprints within `bits` of this one with their distance, the nearest first; and
/// whether there may be more.
fn alike(
    conn: &mut Conn,
    scope: &Scope,
    fingerprint: u64,
    bits: u32,
) -> QueryResult<(Vec<(u32, u64)>, bool)> {
    let mut alike = BTreeSet::new();
    let mut more = false;
    for (band, values) in probes(fingerprint, bits) {
        let rows = of_band(conn, scope, band, &values)?;
        more |= rows.len() as u64 == MOST_OF_BAND.unsigned_abs();
        let each = rows.into_iter().map(|other| {
            let other = other.cast_unsigned();
            (bits_apart(fingerprint, other), other)
        });
        alike.extend(each.filter(|(apart, _)| *apart <= bits));
    }
    more |= alike.len() > MOST_ALIKE;
    Ok((alike.into_iter().take(MOST_ALIKE).collect(), more))
}

/// The fingerprints with one of these values in a band. It reads the index alone.
fn of_band(conn: &mut Conn, scope: &Scope, band: usize, values: &[u16]) -> QueryResult<Vec<i64>> {
    let values: Vec<i32> = values.iter().map(|value| i32::from(*value)).collect();
    let mut query = photo_facts::table
        .select(photo_facts::fingerprint.assume_not_null())
        .limit(MOST_OF_BAND)
        .into_boxed();
    query = match band {
        0 => query.filter(photo_facts::band_0.eq_any(values)),
        1 => query.filter(photo_facts::band_1.eq_any(values)),
        2 => query.filter(photo_facts::band_2.eq_any(values)),
        _ => query.filter(photo_facts::band_3.eq_any(values)),
    };
    if let Some(codes) = codes(scope) {
        query = query.filter(photo_facts::territory.eq_any(codes));
    }
    query.load(conn)
}

#[derive(Queryable)]
struct Row {
    inspection: Id,
    started_at: Time,
    facility: String,
    sha256: String,
}

/// Which photos are looked for.
enum Which<'a> {
    /// Those of these bytes.
    Same(&'a Sha256),
    /// Those with one of these fingerprints, but of other bytes.
    Alike(&'a [(u32, u64)], &'a Sha256),
}

/// Photos of other families within the reader's territories, in no order.
fn elsewhere(
    conn: &mut Conn,
    reader: &Reader,
    which: &Which<'_>,
    limit: usize,
) -> QueryResult<Page<Row>> {
    let mut query = photo_facts::table
        .inner_join(inspections::table)
        .inner_join(facilities::table)
        .filter(inspections::root.ne(Id(reader.root.0)))
        .limit(one_more(limit))
        .select((inspections::id, inspections::started_at, facilities::code, photo_facts::sha256))
        .into_boxed();
    query = match which {
        Which::Same(sha256) => query.filter(photo_facts::sha256.eq(sha256.as_str())),
        Which::Alike(prints, sha256) => {
            let prints: Vec<i64> = prints.iter().map(|(_, print)| print.cast_signed()).collect();
            let other = photo_facts::sha256.ne(sha256.as_str());
            query.filter(photo_facts::fingerprint.eq_any(prints)).filter(other)
        }
    };
    if let Some(codes) = codes(&reader.scope) {
        query = query.filter(photo_facts::territory.eq_any(codes));
    }
    Ok(Page::of(query.load(conn)?, limit))
}

/// What was found, as it may be told: named where the reader may see the inspection.
fn told(
    conn: &mut Conn,
    reader: &Reader,
    mut found: Vec<(Option<u32>, Row)>,
    more: bool,
) -> QueryResult<Copies> {
    found.sort_by_key(|(bits, row)| (*bits, std::cmp::Reverse(row.started_at), row.inspection.0));
    let ids: HashSet<Id> = found.iter().map(|(_, row)| row.inspection).collect();
    let seen = visible_among(conn, ids.into_iter().collect(), reader.visible)?;
    let count = found.len();
    let named =
        found.into_iter().filter(|(_, row)| seen.contains(&row.inspection)).take(NAMED).map(
            |(bits, row)| {
                Ok(Copy {
                    inspection: InspectionId(row.inspection.0),
                    started_at: row.started_at.into(),
                    facility: row.facility.parse().map_err(unreadable)?,
                    sha256: row.sha256.parse().map_err(unreadable)?,
                    bits,
                })
            },
        );
    let named: Vec<_> = named.collect::<QueryResult<_>>()?;
    Ok(Copies { unnamed: count - named.len(), named, more })
}
