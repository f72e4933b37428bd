//! What signing in sends and answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::app::{Actor, SignedIn};
use crate::http::v1::people::RoleName;

/// A name and a password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "monitor-1", "password": "a long pass phrase"}))]
pub struct Credentials {
    /// The name.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub username: String,
    /// The password.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000, format = Password)]
    pub password: String,
}

/// A session that just began.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// The token, told this once.
    pub token: String,
    /// When it ends unless it is used.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// Who signed in.
    pub person: Me,
}

/// A person as it sees itself.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Its id.
    pub id: Uuid,
    /// The name it signs in with.
    pub username: String,
    /// Its role.
    #[schema(value_type = RoleName)]
    pub role: String,
    /// Its territories; an admin has every one.
    pub territories: Vec<String>,
}

impl From<&Actor> for Me {
    fn from(actor: &Actor) -> Self {
        let territories = actor.scope.territories();
        Self {
            id: actor.id.0,
            username: actor.name.to_string(),
            role: actor.role.to_string(),
            territories: territories.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<SignedIn> for Session {
    fn from(signed: SignedIn) -> Self {
        let person = Me::from(&Actor::of(&signed.person, ""));
        Self { token: signed.token, expires_at: signed.expires_at.to_string(), person }
    }
}
