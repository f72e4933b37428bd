//! Databases for the tests in here: a SQLite file each, and, where `VIGILA_TEST_POSTGRES`
//! names a server, a PostgreSQL database each.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use uuid::Uuid;

use super::connection::postgres;
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
