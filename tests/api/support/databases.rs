//! A database for each test: a SQLite file, or a PostgreSQL database made from a template that
//! is migrated once for all processes. Both go when the test ends.

use std::fs;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, sql_query};
use uuid::Uuid;
use vigila::store::migrate;
use vigila_core::documents::json;

/// One number among all advisory locks of the server: "template" in ASCII.
const LOCK: i64 = 0x7465_6d70_6c61_7465;

/// A database of one test.
pub enum Place {
    /// A file in a folder that goes with it.
    Sqlite(tempfile::TempDir),
    /// A database on the server that `VIGILA_TEST_POSTGRES` names.
    Postgres {
        /// The server.
        server: String,
        /// The name of the database.
        name: String,
    },
}

impl Place {
    /// A new one, migrated on PostgreSQL; SQLite is migrated when it is opened. Blocks.
    pub fn new() -> Self {
        let Ok(server) = std::env::var("VIGILA_TEST_POSTGRES") else {
            return Self::Sqlite(tempfile::tempdir().unwrap());
        };
        let authority = server.split_once("://").unwrap().1.split(['/', '?']).next().unwrap();
        let server = format!("postgres://{authority}");
        let name = format!("vigila_api_{}", Uuid::now_v7().simple());
        let mut conn = door(&server);
        // nextest runs every test in a process of its own: the lock lets one of them make
        // the template, and nobody copies it half made. It goes with the connection.
        let template = template_name();
        execute(&mut conn, &format!("SELECT pg_advisory_lock({LOCK})"));
        if !exists(&mut conn, &template) {
            make_template(&mut conn, &server, &template);
        }
        execute(&mut conn, &format!("SELECT pg_advisory_unlock({LOCK})"));
        execute(&mut conn, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self::Postgres { server, name }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}/vigila.db", folder.path().display()),
            Self::Postgres { server, name } => format!("{server}/{name}"),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            execute(&mut door(server), &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn door(server: &str) -> PgConnection {
    PgConnection::establish(&format!("{server}/postgres")).unwrap()
}

fn execute(conn: &mut PgConnection, statement: &str) {
    conn.batch_execute(statement).unwrap_or_else(|e| panic!("{statement}: {e}"));
}

/// Under another name until it is whole: a process that is killed leaves no half template.
fn make_template(conn: &mut PgConnection, server: &str, template: &str) {
    let part = format!("{template}_part");
    execute(conn, &format!("DROP DATABASE IF EXISTS {part} WITH (FORCE)"));
    execute(conn, &format!("CREATE DATABASE {part}"));
    migrate(&format!("{server}/{part}")).unwrap();
    execute(conn, &format!("ALTER DATABASE {part} RENAME TO {template}"));
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn exists(conn: &mut PgConnection, database: &str) -> bool {
    let asked = sql_query("SELECT count(*) AS n FROM pg_database WHERE datname = $1");
    asked.bind::<Text, _>(database).get_result::<Count>(conn).unwrap().n > 0
}

/// A template per state of the migrations, so that a server that outlives a change of theirs
/// serves no old one.
fn template_name() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("up.sql")).collect();
    files.sort();
    let all: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    format!("vigila_template_{}", &json::digest(&all)[..16])
}
