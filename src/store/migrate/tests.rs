use super::*;
use crate::store::testing::Place;
use crate::store::{Db, Options};

fn open(place: &Place) -> Result<Db, Error> {
    Db::open(&place.url(), Options::default())
}

#[test]
fn a_newer_database_is_refused() {
    for place in Place::all() {
        place.open();
        let address = Address::parse(&place.url()).unwrap();
        let mut conn = address.connect(Purpose::Migrating).unwrap();
        conn.batch_execute(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000001')",
        )
        .unwrap();
        let opened = open(&place).err();
        assert!(
            matches!(&opened, Some(Error::NewerDatabase { version }) if version == "99991231000001"),
            "{opened:?}"
        );
        assert!(matches!(migrate(&place.url()), Err(Error::NewerDatabase { .. })));
    }
}

/// All migrations, by name, from the first.
const VERSIONS: &[&str] = &[
    "20261124000001",
    "20261125000001",
    "20261125000002",
    "20261126000001",
    "20261126000002",
    "20261126000003",
    "20261126000004",
    "20261126000005",
    "20261128000001",
    "20261128000002",
    "20261128000003",
    "20261128000004",
];

#[test]
fn a_file_with_tables_is_copied_before_it_is_migrated() {
    let place = Place::sqlite();
    let mut older = Address::Sqlite(place.file()).connect(Purpose::Writing).unwrap();
    older
        .batch_execute(
            "PRAGMA journal_mode = WAL; CREATE TABLE old (x); INSERT INTO old VALUES (1)",
        )
        .unwrap();
    // The other connection stays open, so the row lies in the write-ahead log only.
    open(&place).unwrap();
    let copies: Vec<_> = std::fs::read_dir(place.file().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("before"))
        .collect();
    assert_eq!(copies, [format!("vigila.db.before-{}", VERSIONS[VERSIONS.len() - 1])]);
    let copy = place.file().with_file_name(&copies[0]);
    let mut copy = Address::Sqlite(copy).connect(Purpose::Reading).unwrap();
    let rows: Count = sql_query("SELECT count(*) AS n FROM old").get_result(&mut copy).unwrap();
    assert_eq!(rows.n, 1);
    let newer = "SELECT count(*) AS n FROM sqlite_master WHERE name = 'people'";
    let tables: Count = sql_query(newer).get_result(&mut copy).unwrap();
    assert_eq!(tables.n, 0);
}

#[test]
fn a_new_file_needs_no_copy_and_a_second_start_finds_nothing_to_do() {
    let place = Place::sqlite();
    open(&place).unwrap();
    assert_eq!(migrate(&place.url()).unwrap(), Vec::<String>::new());
    let names = std::fs::read_dir(place.file().parent().unwrap()).unwrap();
    assert!(
        names.into_iter().all(|name| !name
            .unwrap()
            .file_name()
            .to_string_lossy()
            .contains("before"))
    );
}

#[test]
fn a_failed_migration_leaves_the_file_as_it_was() {
    let place = Place::sqlite();
    let mut older = Address::Sqlite(place.file()).connect(Purpose::Writing).unwrap();
    older.batch_execute("CREATE TABLE photos (x)").unwrap();
    let failed = open(&place).err();
    assert!(matches!(failed, Some(Error::Migration(_))), "{failed:?}");
    let made = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'";
    let tables: Count = sql_query(made).get_result(&mut older).unwrap();
    assert_eq!(tables.n, 1);
}

#[test]
fn several_may_start_at_once() {
    for place in Place::all() {
        std::thread::scope(|scope| {
            let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| migrate(&place.url()))).collect();
            let done: usize = starts.into_iter().map(|s| s.join().unwrap().unwrap().len()).sum();
            assert_eq!(done, VERSIONS.len());
        });
        open(&place).unwrap();
    }
}

#[test]
fn postgresql_waits_for_the_command() {
    let Some(place) = Place::postgres() else { return };
    let refused = open(&place).err();
    let Some(Error::PendingMigrations { count, first }) = refused else { panic!("{refused:?}") };
    assert_eq!((count, first.as_str()), (VERSIONS.len(), VERSIONS[0]));
    assert_eq!(migrate(&place.url()).unwrap(), VERSIONS);
    open(&place).unwrap();
}

/// A column as `schema.rs` writes it: `table.column Type`.
fn written() -> Vec<String> {
    let text = include_str!("../schema.rs");
    let mut table = "";
    let mut columns = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some((column, kind)) = line.split_once(" -> ") {
            if !line.starts_with("diesel::") {
                columns.push(format!("{table}.{column} {}", kind.trim_end_matches(',')));
            }
        } else if let Some((name, _)) = line.split_once(" (")
            && line.ends_with(") {")
        {
            table = name;
        }
    }
    columns.sort();
    columns
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    nullable: bool,
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name AS name, c.type AS kind, NOT c.\"notnull\" AS nullable
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'
    ORDER BY 1";
const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name AS name, udt_name::text AS kind,
        is_nullable = 'YES' AS nullable
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_\\_%'
    ORDER BY 1";

/// What may stand in `schema.rs` for a type of the database.
fn kinds(kind: &str) -> &'static [&'static str] {
    match kind {
        "BLOB" => &["Guid", "Binary"],
        "TEXT" => &["Text", "Instant", "Day"],
        "INTEGER" => &["Integer", "BigInt", "Bool"],
        "REAL" | "float8" => &["Double"],
        "uuid" => &["Guid"],
        "bytea" => &["Binary"],
        "text" => &["Text"],
        "timestamptz" => &["Instant"],
        "date" => &["Day"],
        "int4" => &["Integer"],
        "int8" => &["BigInt"],
        "bool" => &["Bool"],
        other => panic!("schema.rs has no type for {other}"),
    }
}

#[test]
fn the_schema_is_what_the_migrations_make() {
    let written = written();
    assert!(written.len() > 90, "{}", written.len());
    for place in Place::all() {
        place.open();
        let mut conn = Address::parse(&place.url()).unwrap().connect(Purpose::Reading).unwrap();
        let asked = if matches!(conn, Conn::Pg(_)) { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
        let made: Vec<Column> = sql_query(asked).load(&mut conn).unwrap();
        let mut made: Vec<_> = made
            .into_iter()
            .map(|column| {
                let fits = kinds(&column.kind).iter().map(|kind| {
                    let kind = if column.nullable {
                        format!("Nullable<{kind}>")
                    } else {
                        (*kind).to_owned()
                    };
                    format!("{} {kind}", column.name)
                });
                let fits: Vec<_> = fits.collect();
                let found = fits.iter().find(|line| written.contains(line));
                found.unwrap_or(&fits[0]).clone()
            })
            .collect();
        made.sort();
        assert_eq!(written, made, "schema.rs and the migrations differ");
    }
}
