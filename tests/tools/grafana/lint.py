"""What every dashboard must be, besides being of Grafana's types: rules of this project."""

import re

from dashboards import ROOT, panels, queries, strings, variables_in

SOURCES = {
    "prometheus": "prometheus",
    "postgres": "grafana-postgresql-datasource",
    "vigila": "yesoreyeram-infinity-datasource",
}
# Gauges that every process tells alike: to add them would count a centre once per process.
OF_QUALITY = r"vigila_(?:facility|findings|photos_owed)\w*"
# Names of Prometheus itself, which every target has.
OF_PROMETHEUS = {"up", "scrape_duration_seconds", "scrape_samples_scraped"}
COLUMNS = 24


def lint(found):
    """Faults of these dashboards, each a sentence that begins with where it is; and how often a
    rule was looked at."""
    faults, looks = [], 0
    uids = [dashboard["uid"] for dashboard in found.values()]
    routes = set(re.findall(r'resource\("([^"]+)"\)', (ROOT / "src/web/routes.rs").read_text()))
    for name, dashboard in found.items():
        for check in (of_dashboard, of_places, of_variables):
            looks += 1
            faults += [f"{name}: {fault}" for fault in check(dashboard)]
        looks += 1
        faults += [f"{name}: {fault}" for fault in of_links(dashboard, uids, routes)]
        for panel in panels(dashboard):
            looks += 1
            faults += [f"{name}, «{panel.get('title')}»: {fault}" for fault in of_panel(panel)]
        for query in queries(dashboard):
            looks += 1
            faults += [f"{name}: {query}: {fault}" for fault in of_query(query)]
    if len(set(uids)) != len(uids):
        faults.append("two dashboards share a uid")
    looks += 1
    faults += of_words()
    return faults, looks


def of_dashboard(dashboard):
    if dashboard["id"] is not None:
        yield "its id is for Grafana to give: null"
    if not 39 <= dashboard["schemaVersion"] <= 41:
        yield "schemaVersion is of the classic model: 39 to 41"
    if not re.fullmatch(r"[a-z0-9-]{1,40}", dashboard["uid"]):
        yield "uid: at most 40 of a-z, 0-9 and -"
    if "vigila" not in dashboard["tags"]:
        yield "it lacks the tag by which the others find it"
    for key in ("title", "description"):
        if not dashboard.get(key):
            yield f"{key} is missing"
    titles = [panel.get("title") for panel in panels(dashboard)]
    for title in {title for title in titles if titles.count(title) > 1}:
        yield f"two panels are called «{title}»"


def of_places(dashboard):
    """Numbers are unique, and nothing lies upon another or beyond the edge."""
    ids = [panel["id"] for panel in dashboard["panels"]] + [
        panel["id"] for row in dashboard["panels"] for panel in row.get("panels", [])
    ]
    if len(set(ids)) != len(ids):
        yield "two panels have the same id"
    groups = [dashboard["panels"]] + [row["panels"] for row in dashboard["panels"] if row.get("panels")]
    for group in groups:
        taken = {}
        for panel in group:
            at = panel["gridPos"]
            if at["x"] < 0 or at["x"] + at["w"] > COLUMNS or at["w"] < 1 or at["h"] < 1:
                yield f"«{panel['title']}» lies beyond the {COLUMNS} columns"
            for x in range(at["x"], at["x"] + at["w"]):
                for y in range(at["y"], at["y"] + at["h"]):
                    other = taken.setdefault((x, y), panel["title"])
                    if other != panel["title"]:
                        yield f"«{panel['title']}» lies upon «{other}»"
                        return


def of_variables(dashboard):
    known = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    for name, variable in known.items():
        if not variable.get("label"):
            yield f"the variable {name} has no label"
        if variable["type"] == "datasource":
            if SOURCES.get(name) != variable["query"]:
                yield f"the variable {name} names the plugin {variable['query']}"
        elif not variable.get("description"):
            yield f"the variable {name} has no description"
    # Its own names begin with two underscores.
    used = {name for text in strings(dashboard["panels"]) for name in variables_in(text)}
    used |= {name for text in strings(dashboard["links"]) for name in variables_in(text)}
    used |= {
        name for v in known.values() for text in strings(v.get("datasource")) for name in variables_in(text)
    }
    for name in sorted(used):
        if not name.startswith("__") and name not in known:
            yield f"the variable {name} is used and not there"
    for name in sorted(known):
        if name not in used:
            yield f"the variable {name} is there and not used"


def of_links(dashboard, uids, routes):
    """Links lead to dashboards that exist and to pages that vigila has."""
    for text in strings([dashboard["panels"], dashboard["links"]]):
        if text.startswith("/d/") and re.match(r"/d/([^?/]+)", text).group(1) not in uids:
            yield f"no dashboard is at {text}"
        if text.startswith("${public_url}"):
            path = re.sub(r"\$\{[^}]+\}", "*", text.removeprefix("${public_url}"))
            if path not in {re.sub(r"\{[^}]+\}", "*", route) for route in routes}:
                yield f"vigila has no page at {text}"


def of_panel(panel):
    for key, least in (("title", 3), ("description", 30)):
        if len(panel.get(key, "")) < least:
            yield f"{key} is missing or too short to tell anything"
    defaults = panel["fieldConfig"]["defaults"]
    if not defaults.get("unit"):
        yield "unit is missing"
    if not panel.get("targets"):
        yield "it asks nothing"
    letters = [target["refId"] for target in panel.get("targets", [])]
    if len(set(letters)) != len(letters):
        yield "two queries have the same letter"
    source = panel.get("datasource", {})
    if SOURCES.get(source.get("uid", "")[2:-1]) != source.get("type"):
        yield f"the data source is not one of the variables: {source}"
    for target in panel.get("targets", []):
        if target.get("datasource") != source:
            yield f"the data source of {target['refId']} is another than the panel's"
    steps = defaults["thresholds"]["steps"]
    if len(steps) > 1 and "Colori: " not in panel["description"]:
        yield "the description does not say what the colours mean"
    if not defaults.get("noValue"):
        yield "it says nothing where there is nothing to show"


def of_query(query):
    target = query.target
    if query.kind == "prometheus":
        yield from of_promql(query.panel, target)
    elif query.kind == SOURCES["postgres"]:
        yield from of_sql(target["rawSql"])
    elif not target["url"].startswith("/api/v1/") or target["parser"] != "backend":
        yield "the API is asked by a path under /api/v1, with the backend's parser (alerting needs it)"


def of_promql(panel, target):
    expr = target["expr"]
    for function, window in re.findall(r"\b(rate|increase|irate)\([^()]*?\[([^\]]+)\]", expr):
        if window not in ("$__rate_interval", "$__range"):
            yield f"{function} over {window}, not $__rate_interval or $__range"
    for before, name in re.findall(rf"(.{{0,80}}?)\b({OF_QUALITY})\b", expr):
        if name.endswith("_total"):
            continue
        if not re.search(r"max (?:by|without) \([\w, ]+\) \((?:last_over_time\(|max_over_time\()?$", before):
            yield f"{name} is told by every process: take it by max by (…)"
    defaults = panel["fieldConfig"]["defaults"].get("unit", "")
    if defaults.startswith("dateTime") and "timestamp_seconds" in expr and not expr.startswith("1000 * "):
        yield "Grafana counts time in milliseconds: 1000 * …"
    if target["format"] == "time_series" and not target.get("legendFormat"):
        yield "the series have no name"


def of_sql(text):
    for name in re.findall(r"\b(?:FROM|JOIN)\s+(?:LATERAL\s+)?(\w+)", text):
        if not name.startswith("quality_") and name not in ("generate_series", "LATERAL"):
            yield f"{name} is no view that Grafana may read"
    for match in re.finditer(r"\$\{?(\w+)(?::(\w+))?", text):
        name, form = match.groups()
        if not name.startswith("__") and form != "sqlstring":
            yield f"${{{name}}} goes into SQL as ${{{name}:sqlstring}} only"
    if ";" in text:
        yield "one statement, without a semicolon"


def of_words():
    """The words that pages say too are theirs, letter for letter."""
    catalogue = "".join(path.read_text() for path in sorted((ROOT / "src/messages").glob("*.rs")))
    source = (ROOT / "deploy/grafana/src/words.ts").read_text()
    for name in ("BANDS", "DIMENSIONS", "CENTRE_KINDS", "VISIT_KINDS", "LEVELS", "SEVERITIES", "STATES"):
        block = re.search(rf"export const {name}\b.*?\n\]", source, re.S).group(0)
        words = re.findall(r"word: '([^']+)'|\['\w+', '([^']+)'\]", block)
        if not words:
            yield f"words.ts: {name} has no words"
        for word in ("".join(pair) for pair in words):
            if f'"{word}"' not in catalogue:
                yield f"words.ts: {name} says «{word}», src/messages does not"
