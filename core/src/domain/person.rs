//! People with an account: what they may do, and how they are called.

use std::fmt;
use std::str::FromStr;

/// Not one of the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of monitor, manager, viewer, admin, scraper")]
pub struct UnknownRole;

/// What a person may do. One role each, in one or more territories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Inspects centres (monitore): submits, and reads its own visits and the latest ones.
    Monitor,
    /// The office (funzionario): reads all, submits, keeps the centres.
    Manager,
    /// Reads all of its territories.
    Viewer,
    /// Keeps people and configuration, in every territory.
    Admin,
    /// A machine that reads `/metrics`.
    Scraper,
}

impl Role {
    /// All roles, in the order of the contract's table.
    pub const ALL: [Self; 5] =
        [Self::Monitor, Self::Manager, Self::Viewer, Self::Admin, Self::Scraper];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Monitor => "monitor",
            Self::Manager => "manager",
            Self::Viewer => "viewer",
            Self::Admin => "admin",
            Self::Scraper => "scraper",
        }
    }

    /// Reads centres, checklists, scorecards and trends.
    #[must_use]
    pub fn reads(self) -> bool {
        self != Self::Scraper
    }

    /// Reads every visit of its territories, whoever made it.
    #[must_use]
    pub fn reads_every_visit(self) -> bool {
        matches!(self, Self::Manager | Self::Viewer | Self::Admin)
    }

    /// Tries other scoring models on its territories.
    #[must_use]
    pub fn tries_models(self) -> bool {
        self == Self::Manager
    }

    /// Submits inspections and photos.
    #[must_use]
    pub fn submits(self) -> bool {
        matches!(self, Self::Monitor | Self::Manager)
    }

    /// Creates, changes and imports centres.
    #[must_use]
    pub fn keeps_facilities(self) -> bool {
        matches!(self, Self::Manager | Self::Admin)
    }

    /// Sees photo originals, with a reason, audited.
    #[must_use]
    pub fn sees_originals(self) -> bool {
        matches!(self, Self::Manager | Self::Admin)
    }

    /// Moves findings along their course.
    #[must_use]
    pub fn moves_findings(self) -> bool {
        self == Self::Manager
    }

    /// Takes parts of photos and texts out of sight, with a reason, audited.
    #[must_use]
    pub fn redacts(self) -> bool {
        matches!(self, Self::Manager | Self::Admin)
    }

    /// Carries out erasure orders.
    #[must_use]
    pub fn erases(self) -> bool {
        self == Self::Admin
    }

    /// Keeps people and configuration.
    #[must_use]
    pub fn keeps_people(self) -> bool {
        self == Self::Admin
    }

    /// Reads who did or saw what.
    #[must_use]
    pub fn reads_audit(self) -> bool {
        self == Self::Admin
    }

    /// Reads `/metrics`.
    #[must_use]
    pub fn scrapes(self) -> bool {
        matches!(self, Self::Admin | Self::Scraper)
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not a name to sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a username has 2 to 64 of the characters a-z, 0-9, . _ @ -, and begins with a letter or digit"
)]
pub struct NotAUsername;

/// The name a person signs in with: 2 to 64 of `a-z 0-9 . _ @ -`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username(String);

impl Username {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Username {
    type Err = NotAUsername;
    fn from_str(text: &str) -> Result<Self, NotAUsername> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let fits = (2..=64).contains(&text.len())
            && text.bytes().next().is_some_and(plain)
            && text.bytes().all(|b| plain(b) || b"._@-".contains(&b));
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAUsername) }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
