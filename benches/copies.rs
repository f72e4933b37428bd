//! How long a look for copies takes among a million photos: one photo, and a visit of forty.
//! The fingerprints are chance, once all bits alike and once so that half of them are seldom
//! set, which crowds two of the four bands. Prints a table; asserts nothing of time.
//!
//! ```text
//! cargo bench --bench copies -- [PHOTOS]              # SQLite in a temporary folder
//! VIGILA_BENCH_POSTGRES=postgres://… cargo bench --bench copies
//! ```
#![expect(clippy::expect_used, reason = "a measurement stops at the first surprise")]

#[path = "support/percentile.rs"]
mod percentile;

use std::time::{Duration, Instant as Timer};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;
use vigila::store::inspections::Visible;
use vigila::store::photo_facts::{self, Reader};
use vigila::store::{Db, Options, migrate};
use vigila_core::domain::{InspectionId, Scope, Sha256};

use self::percentile::percentile;

/// Photos of a visit.
const OF_VISIT: usize = 40;
/// Visits that are looked at.
const VISITS: usize = 25;
/// The bits that may differ, as shipped.
const BITS: u32 = 10;

/// A centre in each of twenty territories, and a visit for every forty photos.
const SQLITE: &str = "
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19)
    INSERT INTO facilities (id, code, name, kind, territory, municipality, facts, active, search,
        revision, created_at, updated_at)
    SELECT randomblob(16), 'C-' || i, 'C', 'cpa', CASE i WHEN 0 THEN 'BT' ELSE 'T' || i END, 'M',
        '{}', 1, 'c', 1, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM n;
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {visits} - 1)
    INSERT INTO inspections (id, facility_id, territory, checklist_code, checklist_version, kind,
        started_at, ended_at, day, digest, received_at, received_by, root, photos_missing, facts,
        scored, content)
    SELECT b, f, t, 'A', '1.0.0', 'announced', '2026-01-01 00:00:00.000000',
        '2026-01-01 00:00:00.000000', '2026-01-01', 'd', '2026-01-01 00:00:00.000000', b, b, 0,
        '{}', x'00', '{}'
    FROM (SELECT randomblob(16) AS b, facilities.id AS f, facilities.territory AS t FROM n
        JOIN facilities ON facilities.rowid = i % 20 + 1);
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {photos} - 1)
    INSERT INTO photo_facts (original_key, inspection_id, facility_id, territory, sha256, exif,
        fingerprint, band_0, band_1, band_2, band_3, sharpness, brightness)
    SELECT '2026/01/01/' || lower(hex(id)) || '/' || h || '/original', id, facility_id, territory,
        h, 0, p, (p >> 48) & 65535, (p >> 32) & 65535, (p >> 16) & 65535, p & 65535, 1.0, 1.0
    FROM (SELECT inspections.*, lower(hex(randomblob(32))) AS h, {print} AS p FROM n
        JOIN inspections ON inspections.rowid = i % {visits} + 1);
    ANALYZE;";
const POSTGRES: &str = "
    INSERT INTO facilities (id, code, name, kind, territory, municipality, facts, active, search,
        revision, created_at, updated_at)
    SELECT gen_random_uuid(), 'C-' || i, 'C', 'cpa', CASE i WHEN 0 THEN 'BT' ELSE 'T' || i END,
        'M', '{}', true, 'c', 1, now(), now() FROM generate_series(0, 19) AS i;
    CREATE TEMPORARY TABLE places AS SELECT id, territory, row_number() OVER () - 1 AS n
        FROM facilities;
    INSERT INTO inspections (id, facility_id, territory, checklist_code, checklist_version, kind,
        started_at, ended_at, day, digest, received_at, received_by, root, photos_missing, facts,
        scored, content)
    SELECT b, f, t, 'A', '1.0.0', 'announced', now(), now(), '2026-01-01', 'd', now(), b, b, 0,
        '{}', '\\x00', '{}'
    FROM (SELECT gen_random_uuid() AS b, places.id AS f, places.territory AS t
        FROM generate_series(0, {visits} - 1) AS i JOIN places ON places.n = i % 20) AS made;
    CREATE TEMPORARY TABLE seen AS SELECT *, row_number() OVER () - 1 AS n FROM inspections;
    INSERT INTO photo_facts (original_key, inspection_id, facility_id, territory, sha256, exif,
        fingerprint, band_0, band_1, band_2, band_3, sharpness, brightness)
    SELECT '2026/01/01/' || id || '/' || h || '/original', id, facility_id, territory, h, false, p,
        (p >> 48) & 65535, (p >> 32) & 65535, (p >> 16) & 65535, p & 65535, 1, 1
    FROM (SELECT seen.*, encode(sha256(i::text::bytea), 'hex') AS h, {print} AS p
        FROM generate_series(0, {photos} - 1) AS i JOIN seen ON seen.n = i % {visits}) AS made;
    VACUUM ANALYZE photo_facts;";

/// Every bit by chance; and the same with the upper half seldom set.
const PRINTS: [(&str, &str, &str); 2] = [
    ("alike", "random()", "{r}"),
    ("crowded", "random() & (random() | 4294967295)", "{r} & ({r} | 4294967295)"),
];
const RANDOM: &str = "(((random() * 65535)::bigint << 48) | ((random() * 65535)::bigint << 32) \
                      | ((random() * 65535)::bigint << 16) | (random() * 65535)::bigint)";

fn main() {
    let photos = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    println!("{photos} photos: milliseconds (p50, p99)");
    println!("{:<10} {:<8} {:<6} {:>16} {:>16}", "database", "bits", "scope", "a photo", "a visit");
    for (name, lite, pg) in PRINTS {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/vigila.db", folder.path().display());
        runtime.block_on(measure(&url, "SQLite", name, &filled(SQLITE, photos, lite)));
        if let Ok(server) = std::env::var("VIGILA_BENCH_POSTGRES") {
            let database = format!("vigila_copies_{}", Uuid::now_v7().simple());
            let (place, _) = server.rsplit_once('/').expect("a URL with a database");
            let door = |statement: &str| {
                let mut conn = PgConnection::establish(&server).expect("a server");
                conn.batch_execute(statement).expect(statement);
            };
            door(&format!("CREATE DATABASE {database}"));
            let url = format!("{place}/{database}");
            let fill = filled(POSTGRES, photos, &pg.replace("{r}", RANDOM));
            runtime.block_on(measure(&url, "PostgreSQL", name, &fill));
            door(&format!("DROP DATABASE {database} WITH (FORCE)"));
        }
    }
}

fn filled(template: &str, photos: usize, print: &str) -> String {
    let visits = (photos / OF_VISIT).max(1).to_string();
    template
        .replace("{visits}", &visits)
        .replace("{photos}", &photos.to_string())
        .replace("{print}", print)
}

fn fill(url: &str, statements: &str) {
    match url.strip_prefix("sqlite://") {
        Some(file) => {
            let mut conn = SqliteConnection::establish(file).expect("a file");
            conn.batch_execute(&format!(
                "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN; {statements} COMMIT;"
            ))
            .expect("rows");
        }
        None => {
            let mut conn = PgConnection::establish(url).expect("a database");
            // One by one: what is sent together is one transaction, and VACUUM wants none.
            for statement in statements.split(';').filter(|text| !text.trim().is_empty()) {
                conn.batch_execute(statement).expect("rows");
            }
        }
    }
}

/// Fingerprints that nobody has, of the kind that everybody has: what is looked for.
fn chance(crowded: bool) -> u64 {
    let one = getrandom::u64().expect("chance");
    let two = getrandom::u64().expect("chance");
    if crowded { one & (two | 0xffff_ffff) } else { one }
}

async fn measure(url: &str, database: &str, bits: &str, statements: &str) {
    migrate(url).expect("migrations");
    fill(url, statements);
    let db = Db::open(url, Options::default()).expect("a database");
    let crowded = bits == "crowded";
    let scopes =
        [("all", Scope::All), ("one", Scope::Only(["BT".parse().expect("a code")].into()))];
    for (name, scope) in scopes {
        let reader = Reader { scope, visible: Visible::All, root: InspectionId(Uuid::now_v7()) };
        let (mut each, mut visits) = (Vec::new(), Vec::new());
        for _ in 0..VISITS {
            let reader = reader.clone();
            let prints: Vec<u64> = (0..OF_VISIT).map(|_| chance(crowded)).collect();
            let begun = Timer::now();
            let times = db.read(move |conn| {
                let looks = prints.iter().map(|print| {
                    let begun = Timer::now();
                    let sha256 = Sha256::of(&print.to_be_bytes());
                    photo_facts::same(conn, &reader, &sha256)?;
                    photo_facts::near(conn, &reader, (&sha256, *print), BITS)?;
                    Ok(begun.elapsed())
                });
                looks.collect::<Result<Vec<Duration>, _>>()
            });
            each.extend(times.await.expect("a look"));
            visits.push(begun.elapsed());
        }
        let told = |times: &mut Vec<Duration>| {
            format!("{:.1}, {:.1}", percentile(times, 50), percentile(times, 99))
        };
        let (photo, visit) = (told(&mut each), told(&mut visits));
        println!("{database:<10} {bits:<8} {name:<6} {photo:>16} {visit:>16}");
    }
    db.shutdown().await;
}
