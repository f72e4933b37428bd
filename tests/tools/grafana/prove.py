"""Runs every query of every dashboard and every rule, and demands data from each.

    tests/tools/grafana.sh starts what this needs and says where it is (VIGILA_DEMO_*)

Prometheus scrapes the sample province and holds a year of its history; PostgreSQL holds the
same province; the API is asked as Infinity asks it. Prints faults only, and one line of sums."""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import yaml

import province
from dashboards import RULES, fill, load, queries
from databases import Database, expand
from prometheus import Prometheus
from quiet import QUIET, UNSEEN
from service import Service, logins

TERRITORY, CENTRE = "BT", "BT-0002"
SECONDS = {"m": 60, "h": 3600, "d": 86400, "y": 365 * 86400}
# Of a query over days, this many must have data from before the service was started.
DAYS_OF_HISTORY = 200


class Tally:
    """What was looked at, and what is wrong."""

    def __init__(self):
        self.passed, self.faults = 0, []

    def look(self, where, check):
        """Runs a check; it returns nothing, or what is wrong, or raises a ValueError."""
        try:
            fault = check()
        except ValueError as error:
            fault = str(error)
        if fault:
            self.faults.append(f"{where}: {fault}")
        else:
            self.passed += 1


def seconds(span):
    """`now-90d` and `90d` in seconds."""
    span = span.removeprefix("now-")
    return int(span[:-1]) * SECONDS[span[-1]]


def variables(dashboard, settings):
    """How Grafana fills in each variable, with its format."""
    span = seconds(dashboard["time"]["from"])
    now = datetime.datetime.now(datetime.UTC)

    def chosen(value, several):
        quoted = f"'{value}'"
        forms = {"sqlstring": quoted, None: f"({value})" if several else value}
        return lambda form: forms[form]

    def instant(at):
        return lambda form: at.strftime("%Y-%m-%d") if form == "date:YYYY-MM-DD" else str(int(at.timestamp() * 1000))

    values = {
        "__rate_interval": lambda _: "10s",
        "__range": lambda _: f"{span}s",
        "__from": instant(now - datetime.timedelta(seconds=span)),
        "__to": instant(now),
    }
    for variable in dashboard["templating"]["list"]:
        if variable["name"] in settings:
            values[variable["name"]] = chosen(settings[variable["name"]], variable["multi"])
    return values


def judge(query, found, why="no data"):
    """Nothing, or what is wrong with there being data or none."""
    reason = QUIET.get((query.dashboard["uid"], query.panel["title"]))
    if found and reason:
        return f"has data, and quiet.py says it has none: {reason}"
    return None if found or reason else why


def of_prometheus(query, values, prometheus, history):
    """A query of Prometheus: data, and from history too where the query is of days."""
    target = query.target
    expr = fill(target["expr"], values)
    if target["instant"]:
        series = prometheus.instant(expr)
        fault = judge(query, series, f"no data for {expr}")
        return fault or (of_labels(query, series) if series else None)
    span = seconds(query.dashboard["time"]["from"])
    least = seconds(target["interval"]) if "interval" in target else 1
    _, ages = prometheus.course(expr, span, max(span // 300, least))
    if not ages:
        return judge(query, ages, f"no data for {expr}")
    names = [name for name in history if name in expr]
    if names and span > DAYS_OF_HISTORY * 86400 and max(ages) < DAYS_OF_HISTORY * 86400:
        return f"the oldest data is {max(ages) / 86400:.0f} days old, though history was loaded: {expr}"
    return judge(query, ages)


def of_labels(query, series):
    """What a table orders and names must be in it."""
    labels = {label for each in series for label in each}
    letter = query.target["refId"]
    alone = len(query.panel["targets"]) == 1
    labels |= {"Time", "Value" if alone else f"Value #{letter}"}
    for step in query.panel.get("transformations", []):
        if step["id"] == "organize" and alone:
            for name in step["options"]["renameByName"]:
                if name not in labels:
                    return f"the table names the column {name}, which is not among {sorted(labels)}"
        if step["id"] == "groupingToMatrix":
            for key in ("columnField", "rowField", "valueField"):
                if step["options"][key] not in labels:
                    return f"the matrix wants {step['options'][key]}, which is not among {sorted(labels)}"
    return None


def of_postgres(query, values, database):
    """A query of PostgreSQL: rows, the time first in courses, and every column that is dressed."""
    now = datetime.datetime.now(datetime.UTC)
    since = now - datetime.timedelta(seconds=seconds(query.dashboard["time"]["from"]))
    # Macros begin with two underscores; what is left are variables.
    text = expand(query.target["rawSql"], since.isoformat(), now.isoformat())
    header, rows = database.read(fill(text, values))
    if not rows:
        return judge(query, rows)
    if query.target["format"] == "time_series" and header[0] != "time":
        return f"the first column is {header[0]}, not the time"
    if query.target["format"] == "table":
        for override in query.panel["fieldConfig"]["overrides"]:
            if override["matcher"]["options"] not in header:
                return f"the column {override['matcher']['options']} is dressed and not there: {header}"
    return judge(query, rows)


def of_api(query, values, service):
    """A query by Infinity: rows below the root, and in them every column."""
    options = query.target["url_options"]
    parameters = {each["key"]: fill(each["value"], values) for each in options["params"]}
    try:
        rows = service.get(fill(query.target["url"], values), **parameters)
    except RuntimeError as error:
        return str(error)
    for name in query.target["root_selector"].split("."):
        if name not in rows:
            return f"the answer has no {name}"
        rows = rows[name]
    for column in query.target["columns"] if rows else []:
        if all(selected(row, column["selector"]) is None for row in rows):
            return f"no row has {column['selector']}"
    return judge(query, rows)


def selected(row, selector):
    for name in selector.split("."):
        row = (row or {}).get(name)
    return row


def rules(prometheus, tally):
    """Records have data; alerts parse, run, and are well in Prometheus."""
    for path in sorted(RULES.glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                name = rule.get("record") or rule.get("alert")
                series = lambda rule=rule: prometheus.instant(rule["expr"])  # noqa: E731
                missing = lambda rule=rule: None if series(rule) else f"no data for {rule['expr']}"  # noqa: E731
                tally.look(f"{path.name}, {name}", missing if "record" in rule else lambda rule=rule: series(rule) and None)
    for group in prometheus.ask("rules")["groups"]:
        for rule in group["rules"]:
            health = rule["health"], rule.get("lastError", "")
            tally.look(f"{rule['name']} in Prometheus", lambda h=health: None if h[0] == "ok" else h[1])


def names(prometheus, tally):
    """Every metric that dashboards and rules name is exposed."""
    exposed = set(prometheus.ask("label/__name__/values"))
    texts = [query.text for d in load().values() for query in queries(d) if query.kind == "prometheus"]
    texts += [path.read_text() for path in RULES.glob("*.yml")]
    for name in sorted({name for text in texts for name in re.findall(r"(?<![:\w])vigila_[a-z0-9_]+(?![:\w])", text)}):
        if name not in UNSEEN and name != "vigila_url":
            tally.look(name, lambda name=name: None if name in exposed else "the service does not tell of it")


def run(command, **options):
    """Runs a command; what it says is shown if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[:3]} failed: {done.stdout.decode()[-2000:]}")


def backfill(folder, binary, database):
    """A year of history as blocks of Prometheus; the names of the metrics in it."""
    today = datetime.date.today()
    text = folder / "history.txt"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VIGILA_")}
    environment["VIGILA_DATABASE_URL"] = f"sqlite://{database}"
    year = datetime.timedelta(days=365)
    days = [f"--from={today - year}", f"--to={today - datetime.timedelta(days=1)}"]
    run([binary, "metrics", "backfill", *days, f"--out={text}"], env=environment, cwd=folder)
    blocks = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=744h"]
    run([*blocks, text, folder / "data"])
    with open(text) as lines:
        return {line.split()[2] for line in lines if line.startswith("# TYPE ")}


def main():
    tally = Tally()
    env = os.environ
    people = logins(env["VIGILA_DEMO_LOGINS"])
    demo = Service(env["VIGILA_DEMO_URL"])
    viewer = demo.signed_in(*people["viewer"])
    manager = demo.signed_in(*people["manager"])
    scraper = env["VIGILA_DEMO_SCRAPER"]
    other = Service(env["VIGILA_URL"]).signed_in(*logins(env["VIGILA_LOGINS"])["manager"])
    province.copy(manager, other)
    database = Database(env["VIGILA_DATABASE_URL"])
    database.make_reader()
    with tempfile.TemporaryDirectory(prefix="vigila-grafana.") as folder:
        folder = pathlib.Path(folder)
        history = backfill(folder, env["VIGILA_DEMO_BIN"], env["VIGILA_DEMO_DATABASE"])
        with Prometheus(folder, demo.url, scraper) as prometheus:
            prometheus.await_("count_over_time(vigila_build_info[10s]) > 2")
            phone = province.Phone(manager, demo)
            # Rates want counters that have moved between two scrapes, all through the window.
            for _ in range(4):
                phone.round()
                time.sleep(1.5)
            for dashboard in load().values():
                settings = {"territory": TERRITORY, "agreement_territory": TERRITORY, "facility": CENTRE, "job": "vigila"}
                values = variables(dashboard, settings)
                for query in queries(dashboard):
                    ask = {
                        "prometheus": lambda q=query, v=values: of_prometheus(q, v, prometheus, history),
                        "grafana-postgresql-datasource": lambda q=query, v=values: of_postgres(q, v, database),
                        "yesoreyeram-infinity-datasource": lambda q=query, v=values: of_api(q, v, viewer),
                    }
                    tally.look(query, ask[query.kind])
            rules(prometheus, tally)
            names(prometheus, tally)
    for fault in tally.faults:
        print(f"FAILED  {fault}")
    print(f"{tally.passed} queries, rules and names have what they should, {len(tally.faults)} not")
    pathlib.Path(env["VIGILA_PROVED"]).write_text(f"{tally.passed} {len(tally.faults)}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
