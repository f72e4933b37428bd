//! People with an account. Whoever asks has been found to be allowed to: nothing in here
//! knows about roles but how to keep them. Passwords come as hashes.

use std::collections::BTreeSet;
use std::fmt;

use diesel::prelude::*;
use vigila_core::domain::{Instant, PersonId, Role, Scope, Territory, Username};

use super::Conn;
use super::connection::each;
use super::json::{territories_from_text, territories_to_text};
use super::outcome::{Insert, Page, Update, one_more, unreadable};
use super::schema::people;
use super::types::{Id, Time};

/// A person with an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Permanent id.
    pub id: PersonId,
    /// The name to sign in with, of one person only, for good.
    pub name: Username,
    /// What the person may do.
    pub role: Role,
    /// Where. An admin has every territory, whatever stands here.
    pub territories: BTreeSet<Territory>,
    /// The password as Argon2 leaves it, in PHC form.
    pub password_hash: String,
    /// Whether the account is closed.
    pub disabled: bool,
    /// When the account was made.
    pub created_at: Instant,
    /// Counts changes.
    pub revision: i64,
}

impl Person {
    /// The territories that the person may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self.role {
            Role::Admin => Scope::All,
            _ => Scope::Only(self.territories.clone()),
        }
    }
}

impl fmt::Debug for Person {
    /// Neither the name nor the hash: this may end in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub(super) struct Row {
    id: Id,
    name: String,
    role: String,
    territories: String,
    password_hash: String,
    disabled: bool,
    created_at: Time,
    revision: i64,
}

impl Row {
    fn of(person: &Person) -> Self {
        Self {
            id: Id(person.id.0),
            name: person.name.as_str().to_owned(),
            role: person.role.as_str().to_owned(),
            territories: territories_to_text(&person.territories),
            password_hash: person.password_hash.clone(),
            disabled: person.disabled,
            created_at: person.created_at.into(),
            revision: person.revision,
        }
    }

    pub fn read(self) -> QueryResult<Person> {
        Ok(Person {
            id: PersonId(self.id.0),
            name: self.name.parse().map_err(unreadable)?,
            role: self.role.parse().map_err(unreadable)?,
            territories: territories_from_text(&self.territories)?,
            password_hash: self.password_hash,
            disabled: self.disabled,
            created_at: self.created_at.into(),
            revision: self.revision,
        })
    }
}

/// Adds a person, unless the name is in use.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Conn, person: &Person) -> QueryResult<Insert> {
    let row = Row::of(person);
    let rows = each!(conn, |c| diesel::insert_into(people::table)
        .values(&row)
        .on_conflict(people::name)
        .do_nothing()
        .execute(c))?;
    Ok(Insert::of(rows))
}

/// The person with this id.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, id: PersonId) -> QueryResult<Option<Person>> {
    let row = people::table.find(Id(id.0)).first::<Row>(conn).optional()?;
    row.map(Row::read).transpose()
}

/// The person who signs in with this name.
///
/// # Errors
/// Those of the database.
pub fn find_by_name(conn: &mut Conn, name: &Username) -> QueryResult<Option<Person>> {
    let row = people::table.filter(people::name.eq(name.as_str())).first::<Row>(conn).optional()?;
    row.map(Row::read).transpose()
}

/// People by name, then id; those behind `after`, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut Conn,
    after: Option<&(Username, PersonId)>,
    limit: usize,
) -> QueryResult<Page<Person>> {
    let mut query = people::table.into_boxed();
    if let Some((name, id)) = after {
        let behind = people::name
            .gt(name.as_str().to_owned())
            .or(people::name.eq(name.as_str().to_owned()).and(people::id.gt(Id(id.0))));
        query = query.filter(behind);
    }
    let rows = query.order((people::name, people::id)).limit(one_more(limit)).load::<Row>(conn)?;
    let found = rows.into_iter().map(Row::read).collect::<QueryResult<_>>()?;
    Ok(Page::of(found, limit))
}

/// Changes role, territories, password and whether the account is closed to those of
/// `person`, if `person.revision` is still the present one.
///
/// # Errors
/// Those of the database.
pub fn update(conn: &mut Conn, person: &Person) -> QueryResult<Update> {
    let row = Row::of(person);
    let present = people::table.find(row.id).filter(people::revision.eq(row.revision));
    let rows = diesel::update(present)
        .set((
            people::role.eq(row.role),
            people::territories.eq(row.territories),
            people::password_hash.eq(row.password_hash),
            people::disabled.eq(row.disabled),
            people::revision.eq(row.revision + 1),
        ))
        .execute(conn)?;
    Ok(Update::of(rows, row.revision + 1))
}

/// Whether somebody else is an admin whose account is open.
///
/// # Errors
/// Those of the database.
pub fn has_another_admin(conn: &mut Conn, id: PersonId) -> QueryResult<bool> {
    let others = people::table
        .filter(people::id.ne(Id(id.0)))
        .filter(people::role.eq(Role::Admin.as_str()))
        .filter(people::disabled.eq(false));
    diesel::select(diesel::dsl::exists(others)).get_result(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{on_each, person};

    #[tokio::test]
    async fn a_person_is_found_as_it_was_added() {
        on_each(async |db| {
            let mut added = person("monitor-1");
            added.territories.insert("BA".parse().unwrap());
            let expected = added.clone();
            db.write(move |c| {
                assert_eq!(insert(c, &added)?, Insert::Done);
                assert_eq!(insert(c, &person("monitor-1"))?, Insert::Taken);
                assert_eq!(find(c, added.id)?.as_ref(), Some(&added));
                assert_eq!(find_by_name(c, &added.name)?.as_ref(), Some(&added));
                assert_eq!(find(c, PersonId(uuid::Uuid::nil()))?, None);
                Ok(())
            })
            .await
            .unwrap();
            let all = db.read(|c| list(c, None, 10)).await.unwrap();
            assert_eq!(all, Page { items: vec![expected], more: false });
        })
        .await;
    }

    #[tokio::test]
    async fn pages_hold_everybody_once_in_order() {
        on_each(async |db| {
            let names = ["a-2", "a.1", "a_3", "aa", "b1", "z9", "z_"];
            let mut sorted = names.to_vec();
            sorted.sort_unstable();
            db.write(move |c| {
                for name in names.iter().rev() {
                    assert_eq!(insert(c, &person(name))?, Insert::Done);
                }
                Ok(())
            })
            .await
            .unwrap();
            let seen = db
                .read(|c| {
                    let (mut seen, mut after) = (Vec::new(), None);
                    loop {
                        let page = list(c, after.as_ref(), 2)?;
                        assert!(page.items.len() <= 2);
                        seen.extend(page.items.iter().map(|p| p.name.to_string()));
                        if !page.more {
                            return Ok(seen);
                        }
                        after = page.items.last().map(|p| (p.name.clone(), p.id));
                    }
                })
                .await
                .unwrap();
            assert_eq!(seen, sorted);
        })
        .await;
    }

    #[tokio::test]
    async fn only_the_present_revision_is_changed() {
        on_each(async |db| {
            let first = person("monitor-1");
            let id = first.id;
            db.write(move |c| {
                assert_eq!(insert(c, &first)?, Insert::Done);
                let changed = Person {
                    role: Role::Admin,
                    disabled: true,
                    password_hash: "new".to_owned(),
                    ..first.clone()
                };
                assert_eq!(update(c, &changed)?, Update::Done { revision: 2 });
                assert_eq!(update(c, &first)?, Update::Stale);
                Ok(())
            })
            .await
            .unwrap();
            let found = db.read(move |c| find(c, id)).await.unwrap().unwrap();
            assert_eq!((found.role, found.disabled, found.revision), (Role::Admin, true, 2));
            assert_eq!((found.password_hash.as_str(), found.scope()), ("new", Scope::All));
        })
        .await;
    }

    #[test]
    fn neither_name_nor_hash_is_written_to_a_log() {
        let text = format!("{:?}", person("monitor-1"));
        assert!(!text.contains("monitor-1") && !text.contains("argon2"), "{text}");
    }
}
