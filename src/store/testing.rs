//! Databases for the tests in here: a SQLite file each, and, where `VIGILA_TEST_POSTGRES`
//! names a server, a PostgreSQL database each.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use uuid::Uuid;
use vigila_core::domain::{
    Facility, FacilityId, FacilityKind, FactValue, Instant, ManagingBody, PersonId, Role,
};

use super::connection::postgres;
use super::people::Person;
use super::{Db, Options, migrate};

/// An empty database, which goes when this does.
pub(super) enum Place {
    Sqlite(tempfile::TempDir),
    Postgres { server: String, name: String },
}

impl Place {
    /// A SQLite file that does not exist yet.
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// A PostgreSQL database without tables; none where there is no server to test on.
    pub fn postgres() -> Option<Self> {
        let server = std::env::var("VIGILA_TEST_POSTGRES").ok()?;
        let authority = server.split_once("://").unwrap().1.split(['/', '?']).next().unwrap();
        let server = format!("postgres://{authority}");
        let name = format!("vigila_test_{}", Uuid::now_v7().simple());
        let mut conn = postgres(&format!("{server}/postgres")).unwrap();
        conn.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Some(Self::Postgres { server, name })
    }

    /// One of each that can be tested here.
    pub fn all() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten().collect()
    }

    /// The URL of the database.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(_) => format!("sqlite://{}", self.file().display()),
            Self::Postgres { server, name } => format!("{server}/{name}"),
        }
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        match self {
            Self::Sqlite(folder) => folder.path().join("vigila.db"),
            Self::Postgres { .. } => panic!("PostgreSQL has no file"),
        }
    }

    /// Migrated and opened.
    pub fn open(&self) -> Db {
        migrate(&self.url()).unwrap();
        Db::open(&self.url(), Options::default()).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            let mut conn = postgres(&format!("{server}/postgres")).unwrap();
            conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
        }
    }
}

/// Runs a test on every database there is to test on.
pub(super) async fn on_each(test: impl AsyncFn(Db)) {
    for place in Place::all() {
        let db = place.open();
        test(db.clone()).await;
        db.shutdown().await;
    }
}

/// An instant of the tests: this many seconds into their day.
pub(super) fn at(second: i64) -> Instant {
    Instant::new(chrono::DateTime::from_timestamp(1_772_582_400 + second, 0).unwrap())
}

/// A monitor of Barletta-Andria-Trani.
pub(super) fn person(name: &str) -> Person {
    Person {
        id: PersonId(Uuid::now_v7()),
        name: name.parse().unwrap(),
        role: Role::Monitor,
        territories: ["BT".parse().unwrap()].into(),
        password_hash: "$argon2id$x".to_owned(),
        disabled: false,
        created_at: at(0),
        revision: 1,
    }
}

/// A centre of the territory that its code begins with.
pub(super) fn facility(code: &str) -> Facility {
    Facility {
        id: FacilityId(Uuid::now_v7()),
        code: code.parse().unwrap(),
        name: format!("Centro {code}"),
        kind: FacilityKind::CasCollective,
        territory: code[..2].parse().unwrap(),
        municipality: "Andria".to_owned(),
        istat_code: None,
        latitude: Some(41.23),
        longitude: None,
        authorised_places: Some(40),
        managing_body: Some(ManagingBody { name: Some("Ente".to_owned()), ..Default::default() }),
        facts: [("beds".to_owned(), FactValue::Number(38.0))].into(),
        active: true,
        revision: 1,
    }
}
