//! A table of centres in CSV (RFC 4180), read into one merge patch per row. Columns are named
//! like the members of a centre, those of inner objects with dots (`managing_body.name`,
//! `facts.beds`). An empty cell means that the centre has no such value.

use serde_json::{Map, Number, Value};
use vigila_core::documents::{FaultCode, Faults, Pointer};

/// Most rows of a table.
const MOST_ROWS: usize = 5_000;

/// Columns whose cells are text, whatever they look like.
const TEXTS: [&str; 12] = [
    "code",
    "name",
    "kind",
    "territory",
    "municipality",
    "istat_code",
    "managing_body.name",
    "managing_body.tax_code",
    "managing_body.pec",
    "contract.cig",
    "contract.starts_on",
    "contract.ends_on",
];
/// Columns whose cells are numbers, `true` or `false`.
const TYPED: [&str; 4] = ["latitude", "longitude", "authorised_places", "active"];
/// Beginnings of such columns; the rest is a name of the centre's choice.
const TYPED_BELOW: [&str; 2] = ["facts.", "contract.parameters."];
/// Columns without which no row can be read.
const REQUIRED: [&str; 5] = ["code", "name", "kind", "territory", "municipality"];

struct Column {
    path: Vec<String>,
    typed: bool,
}

/// The rows of a table, each as a merge patch; those that cannot be read are null.
pub fn rows(text: &str, faults: &mut Faults) -> Vec<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Spreadsheets in Italy write semicolons, because the comma is their decimal sign.
    let header = text.lines().next().unwrap_or_default();
    let semicolons = header.contains(';') && !header.contains(',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let names = reader.headers().cloned().unwrap_or_default();
    let columns = columns(&names, faults);
    let at = Pointer::root().key("rows");
    let mut rows = Vec::new();
    for (index, record) in reader.records().take(MOST_ROWS + 1).enumerate() {
        let place = at.index(index);
        let record = record.ok().filter(|record| record.len() == columns.len());
        if record.is_none() {
            faults.add(&place, FaultCode::BadRow);
        }
        rows.push(record.map_or(Value::Null, |record| row(&columns, &record, &place, faults)));
    }
    if rows.is_empty() || rows.len() > MOST_ROWS {
        faults.with(&at, FaultCode::BadLength, vec!["1".to_owned(), MOST_ROWS.to_string()]);
    }
    rows
}

fn columns(names: &csv::StringRecord, faults: &mut Faults) -> Vec<Option<Column>> {
    let at = Pointer::root().key("header");
    let mut seen = Vec::new();
    let columns = names.iter().map(|name| {
        let column = column(name);
        if column.is_none() {
            faults.add(&at.key(name), FaultCode::UnknownField);
        } else if seen.contains(&name) {
            faults.add(&at.key(name), FaultCode::Duplicate);
        }
        seen.push(name);
        column
    });
    let columns = columns.collect();
    for name in REQUIRED.iter().filter(|name| !seen.contains(name)) {
        faults.add(&at.key(name), FaultCode::Required);
    }
    columns
}

fn column(name: &str) -> Option<Column> {
    let below = TYPED_BELOW.iter().find_map(|begin| Some((*begin, name.strip_prefix(begin)?)));
    if let Some((begin, rest)) = below.filter(|(_, rest)| !rest.is_empty()) {
        let path = begin.trim_end_matches('.').split('.').chain([rest]);
        return Some(Column { path: path.map(str::to_owned).collect(), typed: true });
    }
    let typed = TYPED.contains(&name);
    let known = typed || TEXTS.contains(&name);
    known.then(|| Column { path: name.split('.').map(str::to_owned).collect(), typed })
}

fn row(
    columns: &[Option<Column>],
    record: &csv::StringRecord,
    at: &Pointer,
    faults: &mut Faults,
) -> Value {
    let cells = || columns.iter().zip(record).filter_map(|(c, cell)| Some((c.as_ref()?, cell)));
    // Who has no contract has no empty one.
    let has_contract =
        cells().any(|(column, cell)| column.path[0] == "contract" && !cell.is_empty());
    let mut patch = Map::new();
    for (column, cell) in cells() {
        if cell.contains('\0') {
            faults.add(&at.key(&column.path.join(".")), FaultCode::NullCharacter);
        }
        let stays = match column.path[0].as_str() {
            "active" => cell.is_empty(),
            "contract" => !has_contract,
            _ => false,
        };
        if !stays {
            set(&mut patch, &column.path, value(cell, column.typed));
        }
    }
    Value::Object(patch)
}

fn value(cell: &str, typed: bool) -> Value {
    let number = || cell.parse().ok().and_then(Number::from_f64);
    match cell {
        "" => Value::Null,
        "true" if typed => Value::Bool(true),
        "false" if typed => Value::Bool(false),
        _ if typed => number().map_or_else(|| Value::from(cell), Value::Number),
        _ => Value::from(cell),
    }
}

fn set(map: &mut Map<String, Value>, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        map.insert(first.clone(), value);
        return;
    }
    let inner = map.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        set(inner, rest, value);
    }
}
