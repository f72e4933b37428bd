//! The instruments that were ever published: what was taken under a code and version stays
//! served and accepted when its file is gone. What a document says, and whether a file may
//! still change, others decide.

use std::cmp::Ordering;

use diesel::prelude::*;
use vigila_core::domain::Instant;

use super::Conn;
use super::connection::each;
use super::outcome::{Page, unreadable};
use super::schema::published;
use super::types::Time;

/// What kind of instrument a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A checklist.
    Checklist,
    /// A scoring model (`scoring.yaml`).
    Scoring,
    /// A set of indicators (`indicators.yaml`).
    Indicators,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Checklist, Self::Scoring, Self::Indicators];

    /// Its name in the rows.
    fn as_str(self) -> &'static str {
        match self {
            Self::Checklist => "checklist",
            Self::Scoring => "scoring",
            Self::Indicators => "indicators",
        }
    }
}

/// The text names no kind of instrument.
#[derive(Debug, thiserror::Error)]
#[error("a row holds a kind of instrument that does not exist")]
struct UnknownKind;

/// A published document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// What it is.
    pub kind: Kind,
    /// Its permanent code, such as `CAS-COLL`.
    pub code: String,
    /// Its version: three numbers, such as `1.0.0`.
    pub version: String,
    /// SHA-256 of the canonical document, in hexadecimal.
    pub digest: String,
    /// The document as canonical JSON.
    pub document: String,
    /// When it was first taken.
    pub published_at: Instant,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = published, treat_none_as_default_value = false)]
struct Row {
    kind: String,
    code: String,
    version: String,
    digest: String,
    document: String,
    published_at: Time,
}

impl Row {
    fn of(published: &Published) -> Self {
        Self {
            kind: published.kind.as_str().to_owned(),
            code: published.code.clone(),
            version: published.version.clone(),
            digest: published.digest.clone(),
            document: published.document.clone(),
            published_at: published.published_at.into(),
        }
    }

    fn read(self) -> QueryResult<Published> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == self.kind);
        Ok(Published {
            kind: kind.ok_or_else(|| unreadable(UnknownKind))?,
            code: self.code,
            version: self.version,
            digest: self.digest,
            document: self.document,
            published_at: self.published_at.into(),
        })
    }
}

/// The document of this code and version.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut Conn,
    kind: Kind,
    code: &str,
    version: &str,
) -> QueryResult<Option<Published>> {
    let key = (kind.as_str(), code, version);
    published::table.find(key).first::<Row>(conn).optional()?.map(Row::read).transpose()
}

/// Keeps a document, unless its code and version are in use, and answers what is kept under
/// them: whoever asks compares the digests.
///
/// # Errors
/// Those of the database.
pub fn insert_or_find(conn: &mut Conn, new: &Published) -> QueryResult<Published> {
    let row = Row::of(new);
    let rows = each!(conn, |c| diesel::insert_into(published::table)
        .values(&row)
        .on_conflict((published::kind, published::code, published::version))
        .do_nothing()
        .execute(c))?;
    if rows > 0 {
        return row.read();
    }
    let kept = published::table.find((row.kind, row.code, row.version));
    kept.first::<Row>(conn)?.read()
}

/// Every document of a kind, by code, the newest version first.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Conn, kind: Kind) -> QueryResult<Vec<Published>> {
    let rows = published::table.filter(published::kind.eq(kind.as_str())).load::<Row>(conn)?;
    let mut all = rows.into_iter().map(Row::read).collect::<QueryResult<Vec<_>>>()?;
    all.sort_by(|a, b| by_code_newest_first((&a.code, &a.version), (&b.code, &b.version)));
    Ok(all)
}

/// The code and version of every document of a kind, by code, the newest version first.
///
/// # Errors
/// Those of the database.
pub fn names(conn: &mut Conn, kind: Kind) -> QueryResult<Vec<(String, String)>> {
    // No database orders versions as numbers; there are few, so they are ordered here.
    let of_kind = published::table.filter(published::kind.eq(kind.as_str()));
    let mut names: Vec<(String, String)> =
        of_kind.select((published::code, published::version)).load(conn)?;
    names.sort_by(|a, b| by_code_newest_first((&a.0, &a.1), (&b.0, &b.1)));
    Ok(names)
}

/// The same in pages: those behind the code and version `after`, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn page(
    conn: &mut Conn,
    kind: Kind,
    after: Option<(&str, &str)>,
    limit: usize,
) -> QueryResult<Page<Published>> {
    // The names first, so that only the documents of the page are read.
    let mut names = names(conn, kind)?;
    if let Some(after) = after {
        names.retain(|(code, version)| by_code_newest_first((code, version), after).is_gt());
    }
    let names = Page::of(names, limit);
    let mut codes: Vec<&str> = names.items.iter().map(|(code, _)| code.as_str()).collect();
    codes.dedup();
    let of_kind = published::table.filter(published::kind.eq(kind.as_str()));
    let rows = of_kind.filter(published::code.eq_any(codes)).load::<Row>(conn)?;
    let mut items = rows
        .into_iter()
        .filter(|row| names.items.iter().any(|(c, v)| (c, v) == (&row.code, &row.version)))
        .map(Row::read)
        .collect::<QueryResult<Vec<_>>>()?;
    items.sort_by(|a, b| by_code_newest_first((&a.code, &a.version), (&b.code, &b.version)));
    Ok(Page { items, more: names.more })
}

fn by_code_newest_first(a: (&str, &str), b: (&str, &str)) -> Ordering {
    a.0.cmp(b.0).then_with(|| rank(b.1).cmp(&rank(a.1))).then_with(|| a.1.cmp(b.1))
}

/// A version's place among others: its numbers have no leading zeros, so of two the longer
/// is the greater.
fn rank(version: &str) -> Vec<(usize, &str)> {
    version.split('.').map(|number| (number.len(), number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Db;
    use crate::store::testing::{at, on_each};

    fn document(kind: Kind, code: &str, version: &str) -> Published {
        Published {
            kind,
            code: code.to_owned(),
            version: version.to_owned(),
            digest: format!("digest of {code} {version}"),
            document: format!(r#"{{"code":"{code}","version":"{version}"}}"#),
            published_at: at(5),
        }
    }

    async fn publish(db: &Db, all: Vec<Published>) {
        db.write(move |c| {
            for one in &all {
                assert_eq!(&insert_or_find(c, one)?, one);
            }
            Ok(())
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn what_was_published_first_stays() {
        on_each(async |db| {
            let first = document(Kind::Checklist, "CAS-COLL", "1.0.0");
            let model = document(Kind::Scoring, "CAS-COLL", "1.0.0");
            publish(&db, vec![first.clone(), model.clone()]).await;
            let other = Published {
                digest: "another".to_owned(),
                document: "{}".to_owned(),
                published_at: at(9),
                ..first.clone()
            };
            let kept = db.write(move |c| insert_or_find(c, &other)).await.unwrap();
            assert_eq!(kept, first);
            let (found, scoring, none) = db
                .read(|c| {
                    let found = find(c, Kind::Checklist, "CAS-COLL", "1.0.0")?;
                    let scoring = find(c, Kind::Scoring, "CAS-COLL", "1.0.0")?;
                    Ok((found, scoring, find(c, Kind::Checklist, "CAS-COLL", "1.0.1")?))
                })
                .await
                .unwrap();
            assert_eq!((found, scoring, none), (Some(first), Some(model), None));
        })
        .await;
    }

    #[tokio::test]
    async fn lists_and_pages_have_the_newest_version_first() {
        on_each(async |db| {
            let sorted = [
                ("A", "10.0.0"),
                ("A", "9.10.0"),
                ("A", "9.9.11"),
                ("A", "9.9.2"),
                ("A-B", "1.0.0"),
                ("B", "2.0.0"),
                ("B", "1.0.0"),
            ];
            let mut all: Vec<_> =
                sorted.iter().rev().map(|(c, v)| document(Kind::Checklist, c, v)).collect();
            all.push(document(Kind::Indicators, "A", "11.0.0"));
            publish(&db, all).await;
            let names = |all: &[Published]| -> Vec<(String, String)> {
                all.iter().map(|one| (one.code.clone(), one.version.clone())).collect()
            };
            let sorted = sorted.map(|(c, v)| (c.to_owned(), v.to_owned()));
            let listed = db.read(|c| list(c, Kind::Checklist)).await.unwrap();
            assert_eq!(names(&listed), sorted);
            for limit in [1, 2, 3, 7, 50] {
                let paged = db.read(move |c| {
                    let (mut seen, mut more) = (Vec::<Published>::new(), true);
                    while more {
                        let last = seen.last().cloned();
                        let after = last.as_ref().map(|p| (p.code.as_str(), p.version.as_str()));
                        let page = page(c, Kind::Checklist, after, limit)?;
                        assert!(page.items.len() <= limit);
                        more = page.more;
                        seen.extend(page.items);
                    }
                    Ok(seen)
                });
                assert_eq!(paged.await.unwrap(), listed, "{limit} a page");
            }
        })
        .await;
    }
}
