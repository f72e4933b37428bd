//! Who asks.

use vigila_core::domain::{PersonId, Role, Scope, Territory, Username};

use crate::store::people::Person;

/// The person who asks, as of this request.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Its id.
    pub id: PersonId,
    /// The name it signs in with.
    pub name: Username,
    /// Its role.
    pub role: Role,
    /// What it may see.
    pub scope: Scope,
    /// The hash of the token it came with.
    pub token_hash: String,
}

impl Actor {
    /// The actor that a session's person is.
    #[must_use]
    pub fn of(person: &Person, token_hash: &str) -> Self {
        Self {
            id: person.id,
            name: person.name.clone(),
            role: person.role,
            scope: person.scope(),
            token_hash: token_hash.to_owned(),
        }
    }

    /// Whether it may submit visits to centres of this territory.
    #[must_use]
    pub fn may_submit_in(&self, territory: Territory) -> bool {
        self.role.submits() && self.scope.holds(territory)
    }
}
