"""The weighted sums behind the overall scores, by DuckDB, from a history in SQLite.

    duckdb_sums.py export HISTORY.db FOLDER    stored documents as lines of JSON, and what
                                               checklist and model say of the items
    duckdb_sums.py documents FOLDER            sums from those lines
    duckdb_sums.py build FOLDER                a columnar table of (inspection, item, value, weight)
    duckdb_sums.py columns FOLDER              sums from that table

The sums are those of one model: per dimension the weighted mean of what was observed, and
the weighted mean of the dimensions. Bands, coverage, knock-outs and indicators, which the
program computes too, are left out. Each way of summing prints seconds and processor
seconds of the best of a few runs, how many scores, and the largest difference from a stored one.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path

import duckdb

THREADS = 2
RUNS = 3


def export(history, folder):
    with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
        find = "SELECT document FROM published WHERE kind = ? AND code = ? ORDER BY version"
        code, version = database.execute(
            "SELECT checklist_code, checklist_version FROM inspections LIMIT 1"
        ).fetchone()
        model_code = database.execute("SELECT model_code FROM scores LIMIT 1").fetchone()[0]
        [*_, (checklist,)] = database.execute(find, ("checklist", code))
        [*_, (model,)] = database.execute(find, ("scoring", model_code))
        write_items(json.loads(checklist), json.loads(model), folder)
        rows = database.execute(
            "SELECT row_number() OVER () - 1, i.content, s.overall"
            " FROM inspections i JOIN scores s ON s.inspection_id = i.id"
        )
        with open(folder / "documents.ndjson", "w") as documents:
            for number, content, overall in rows:
                stored = json.dumps(overall)
                documents.write(f'{{"n":{number},"overall":{stored},"content":{content}}}\n')
    print((folder / "documents.ndjson").stat().st_size)


def write_items(checklist, model, folder):
    """What an answer to each item is worth, as a table that SQL can join."""
    dimensions = []
    items = []
    for section in checklist["sections"]:
        dimension = section["dimension"]
        if dimension not in dimensions:
            dimensions.append(dimension)
        for item in section["items"]:
            weight = model["weight_classes"][item["weight_class"]]
            scoring = item.get("scoring")
            kind = item["answer_type"]
            if kind == "choice" or (kind == "text") or (kind == "number" and not scoring):
                assert kind != "choice" or weight == 0, "scored choices are not summed here"
                weight = 0
            if weight == 0:
                continue
            row = {
                "item": item["code"],
                "number": len(items),
                "dimension": dimensions.index(dimension),
                "dimension_weight": model.get("dimension_weights", {}).get(dimension, 1),
                "weight": weight,
                "scored_number": kind == "number",
            }
            for name in ("full", "partial"):
                low, high = limits(scoring, name) if kind == "number" else (None, None)
                row[f"{name}_low"], row[f"{name}_high"] = low, high
            items.append(row)
    with open(folder / "items.ndjson", "w") as out:
        out.writelines(json.dumps(row) + "\n" for row in items)
    values = model["answer_values"]
    (folder / "values.json").write_text(json.dumps(values))


def limits(scoring, name):
    limit = scoring[name]
    low, high = limit if isinstance(limit, list) else (limit, limit)
    if scoring["direction"] == "higher_is_better" and not isinstance(limit, list):
        return low, 1e300
    if scoring["direction"] == "lower_is_better" and not isinstance(limit, list):
        return -1e300, high
    return low, high


def connect(folder, database=":memory:"):
    connection = duckdb.connect(str(database))
    connection.execute(f"SET threads = {THREADS}")
    connection.execute(f"SET temp_directory = '{folder}/spill'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE items AS SELECT * FROM read_json('{folder}/items.ndjson',"
        " columns = {item: 'VARCHAR', number: 'USMALLINT', dimension: 'UTINYINT',"
        " dimension_weight: 'DOUBLE', weight: 'DOUBLE', scored_number: 'BOOLEAN',"
        " full_low: 'DOUBLE', full_high: 'DOUBLE', partial_low: 'DOUBLE',"
        " partial_high: 'DOUBLE'})"
    )
    return connection


def answers(folder):
    """Answers that were observed, one a row: inspection, item, value, weight."""
    values = json.loads((folder / "values.json").read_text())
    return f"""
        SELECT n, items.number, items.weight,
            CASE answer.value
                WHEN 'yes' THEN {values["yes"]}
                WHEN 'partial' THEN {values["partial"]}
                WHEN 'no' THEN {values["no"]}
                ELSE CASE WHEN items.scored_number THEN CASE
                    WHEN answer.value::DOUBLE BETWEEN full_low - 1e-9 AND full_high + 1e-9 THEN 1
                    WHEN answer.value::DOUBLE BETWEEN partial_low - 1e-9 AND partial_high + 1e-9
                        THEN 0.5
                    ELSE 0 END END
            END AS value
        FROM (
            SELECT n, unnest(content.answers) AS answer
            FROM read_json('{folder}/documents.ndjson', format = 'newline_delimited',
                columns = {{n: 'UINTEGER',
                    content: 'STRUCT(answers STRUCT("item" VARCHAR, "value" VARCHAR)[])'}})
        ) JOIN items ON items.item = answer.item
        WHERE answer.value NOT IN ('na', 'not_observed')
    """


def overall(source):
    """The weighted sums, of rows of (n, number, weight, value)."""
    return f"""
        SELECT n, sum(dimension_weight * score) / sum(dimension_weight) AS overall FROM (
            SELECT n, dimension, any_value(dimension_weight) AS dimension_weight,
                100 * sum(a.weight * value) / sum(a.weight) AS score
            FROM ({source}) a JOIN items USING (number) GROUP BY n, dimension
        ) GROUP BY n
    """


def sums(connection, folder, source):
    best = None
    for _ in range(RUNS):
        began = time.monotonic(), time.process_time()
        connection.execute(f"CREATE OR REPLACE TEMP TABLE sums AS {overall(source)}")
        took = time.monotonic() - began[0], time.process_time() - began[1]
        best = took if best is None else min(best, took)
    count, differs = compare(connection, folder)
    print(f"{best[0]:.3f} {best[1]:.3f} {count} {differs:.3e}")


def compare(connection, folder):
    stored = (
        f"read_json('{folder}/documents.ndjson', format = 'newline_delimited',"
        " columns = {n: 'UINTEGER', overall: 'DOUBLE'})"
    )
    return connection.execute(
        "SELECT count(*), max(CASE WHEN (a.overall IS NULL) != (b.overall IS NULL) THEN 100"
        " ELSE coalesce(abs(a.overall - b.overall), 0) END)"
        f" FROM {stored} a LEFT JOIN sums b ON a.n = b.n"
    ).fetchone()


def build(folder):
    table = folder / "columns.duckdb"
    table.unlink(missing_ok=True)
    connection = connect(folder, table)
    connection.execute(f"CREATE TABLE answers AS {answers(folder)}")
    connection.execute("CHECKPOINT")
    connection.close()
    print(table.stat().st_size)


def main():
    what, *paths = sys.argv[1:]
    folder = Path(paths[-1])
    if what == "export":
        export(paths[0], folder)
    elif what == "documents":
        sums(connect(folder), folder, answers(folder))
    elif what == "build":
        build(folder)
    elif what == "columns":
        source = "SELECT * FROM answers"
        sums(connect(folder, folder / "columns.duckdb"), folder, source)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
