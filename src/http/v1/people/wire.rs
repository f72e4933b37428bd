//! What the operations on people send and answer. No password and no hash is ever answered.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;
use vigila_core::documents::{FaultCode, Faults, Pointer};
use vigila_core::domain::{Role, Territory, Username};

use crate::app::people::{self, NewPerson, PersonChange};
use crate::http::paging::Links;
use crate::http::problem::{Code, Problem};
use crate::http::v1::wire::not_null;

/// What a person may do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Role)]
pub enum RoleName {
    /// Inspects centres: submits, and reads its own visits and the latest ones.
    Monitor,
    /// The office: reads all of its territories, submits, keeps the centres.
    Manager,
    /// Reads all of its territories.
    Viewer,
    /// Keeps people and configuration, in every territory.
    Admin,
    /// A machine that reads `/metrics`.
    Scraper,
}

/// A person with an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01890a5d-ac96-774b-bcce-b302099a8057", "username": "monitor-1", "role": "monitor",
    "territories": ["BT"], "disabled": false, "created_at": "2026-03-04T10:15:00.000Z"
}))]
pub struct Person {
    /// Its permanent id.
    pub id: Uuid,
    /// The name it signs in with, for good.
    pub username: String,
    /// What it may do.
    #[schema(value_type = RoleName)]
    pub role: &'static str,
    /// Where, as codes of provinces; an admin has every one.
    pub territories: Vec<&'static str>,
    /// Whether the account is closed.
    pub disabled: bool,
    /// When the account was made.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl From<&people::Person> for Person {
    fn from(person: &people::Person) -> Self {
        Self {
            id: person.id.0,
            username: person.name.to_string(),
            role: person.role.as_str(),
            territories: person.scope().territories().into_iter().map(Territory::code).collect(),
            disabled: person.disabled,
            created_at: person.created_at.to_string(),
        }
    }
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonList {
    /// People, by name.
    pub items: Vec<Person>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Somebody to be added.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "monitor-1", "role": "monitor", "territories": ["BT"],
    "password": "a long pass phrase"
}))]
pub struct PersonToAdd {
    /// The name to sign in with, for good; of one person only.
    #[schema(pattern = "^[a-z0-9][a-z0-9._@-]{1,63}$")]
    username: String,
    /// What the person may do.
    #[schema(value_type = RoleName)]
    role: String,
    /// Where, as codes of provinces: at least one, but for an admin, who has every one; those
    /// given for an admin wait for another role.
    #[serde(default)]
    territories: Vec<String>,
    /// The password, told to the person by other means.
    #[schema(min_length = 12, max_length = 1000, format = Password)]
    password: String,
}

/// What is to change; what is not named stays. No member can be removed, so none is null.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "manager", "territories": ["BT", "BA"]}))]
pub struct PersonPatch {
    /// Another role.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(value_type = Option<RoleName>, nullable = false)]
    role: Option<String>,
    /// Other territories, in the place of those before.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    territories: Option<Vec<String>>,
    /// Whether the account is closed. Closing it ends the person's sessions.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    disabled: Option<bool>,
    /// A new password. It ends the person's sessions.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(min_length = 12, max_length = 1000, format = Password, nullable = false)]
    password: Option<String>,
}

impl PersonToAdd {
    /// The words of the domain, or every fault of the values.
    pub fn read(self) -> Result<NewPerson, Problem> {
        let mut faults = Faults::default();
        let name = read_name(&self.username, &mut faults);
        let role = read_role(&self.role, &mut faults);
        let territories = read_territories(&self.territories, &mut faults);
        people::check_password(&self.password, &mut faults);
        match (name, role) {
            (Some(name), Some(role)) if faults.is_empty() => {
                Ok(NewPerson { name, role, territories, password: self.password })
            }
            _ => Err(faulty(faults)),
        }
    }
}

impl PersonPatch {
    /// The words of the domain, or every fault of the values.
    pub fn read(self) -> Result<PersonChange, Problem> {
        let mut faults = Faults::default();
        let role = self.role.and_then(|role| read_role(&role, &mut faults));
        let territories = self.territories.map(|codes| read_territories(&codes, &mut faults));
        if let Some(password) = &self.password {
            people::check_password(password, &mut faults);
        }
        if !faults.is_empty() {
            return Err(faulty(faults));
        }
        Ok(PersonChange { role, territories, disabled: self.disabled, password: self.password })
    }
}

fn faulty(faults: Faults) -> Problem {
    Problem { faults: faults.into_vec(), ..Problem::new(Code::Faulty) }
}

fn read_name(text: &str, faults: &mut Faults) -> Option<Username> {
    let read = text.parse::<Username>();
    if let Err(error) = &read {
        let at = Pointer::root().key("username");
        faults.with(&at, FaultCode::BadFormat, vec![error.to_string()]);
    }
    read.ok()
}

fn read_role(text: &str, faults: &mut Faults) -> Option<Role> {
    let read = text.parse().ok();
    if read.is_none() {
        let options = Role::ALL.iter().map(ToString::to_string).collect();
        faults.with(&Pointer::root().key("role"), FaultCode::NotAnOption, options);
    }
    read
}

fn read_territories(codes: &[String], faults: &mut Faults) -> BTreeSet<Territory> {
    let at = Pointer::root().key("territories");
    let mut read = BTreeSet::new();
    for (index, code) in codes.iter().enumerate() {
        match code.parse() {
            Err(_) => faults.add(&at.index(index), FaultCode::UnknownTerritory),
            Ok(territory) => {
                if !read.insert(territory) {
                    faults.add(&at.index(index), FaultCode::Duplicate);
                }
            }
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(problem: Problem) -> Vec<(String, FaultCode)> {
        let faults = problem.faults.into_iter();
        faults.map(|fault| (fault.pointer.as_str().to_owned(), fault.code)).collect()
    }

    #[test]
    fn every_bad_value_is_told_at_once() {
        let body: PersonToAdd = serde_json::from_value(json!({
            "username": "Monitor 1", "role": "boss", "territories": ["BT", "XX", "BT"],
            "password": "short"
        }))
        .unwrap();
        let Err(problem) = body.read() else { panic!("read") };
        let expected = [
            ("/username", FaultCode::BadFormat),
            ("/role", FaultCode::NotAnOption),
            ("/territories/1", FaultCode::UnknownTerritory),
            ("/territories/2", FaultCode::Duplicate),
            ("/password", FaultCode::WeakPassword),
        ];
        assert_eq!(faults(problem), expected.map(|(at, code)| (at.to_owned(), code)));
    }

    #[test]
    fn null_is_no_value_of_a_patch() {
        for member in ["role", "territories", "disabled", "password"] {
            let body = json!({ member: Value::Null });
            assert!(serde_json::from_value::<PersonPatch>(body).is_err(), "{member}");
        }
        let empty: PersonPatch = serde_json::from_value(json!({})).unwrap();
        let change = empty.read().unwrap();
        assert!(change.role.is_none() && change.disabled.is_none());
    }
}
