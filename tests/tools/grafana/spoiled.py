"""Dashboards spoiled on purpose: each must be found out, or the rules are none."""

import copy
import json

import lint
from dashboards import load, panels, queries


def first(dashboard, kind):
    """The first query that this kind of data source answers."""
    return next(query for query in queries(dashboard) if query.kind.startswith(kind))


def expr(change):
    return lambda d: first(d, "prometheus").target.update(expr=change)


def of_panel(**values):
    return lambda d: next(panels(d)).update(values)


def without_limits(d):
    panel = next(p for p in panels(d) if len(p["fieldConfig"]["defaults"]["thresholds"]["steps"]) > 1)
    panel["description"] = panel["description"].split(" Colori: ")[0]


def sql(text):
    return lambda d: first(d, "grafana-postgresql").target.update(rawSql=text)


# What is done to «Un centro», and a word of what is to be said of it.
SPOILED = [
    (lambda d: d.update(id=7), "null"),
    (lambda d: d.update(schemaVersion=42), "schemaVersion"),
    (lambda d: d.update(uid="Vigila centro"), "uid"),
    (lambda d: d.update(tags=[]), "tag"),
    (of_panel(title=""), "title"),
    (of_panel(title="Punteggio"), "two panels are called"),
    (of_panel(description="breve"), "description"),
    (of_panel(datasource={"type": "prometheus", "uid": "prometheus"}), "not one of the variables"),
    (of_panel(targets=[]), "asks nothing"),
    (lambda d: next(panels(d))["fieldConfig"]["defaults"].pop("unit"), "unit"),
    (lambda d: next(panels(d))["targets"].append(dict(next(panels(d))["targets"][0])), "same letter"),
    (lambda d: next(panels(d)).update(id=d["panels"][0]["id"]), "same id"),
    (lambda d: next(panels(d))["gridPos"].update(w=25), "columns"),
    (lambda d: next(panels(d))["gridPos"].update(w=8), "lies upon"),
    (without_limits, "colours"),
    (expr("avg(vigila_facility_score_ratio)"), "told by every process"),
    (expr("sum(rate(vigila_photos_total[5m]))"), "$__rate_interval"),
    (expr("vigila_build_info{a='$nowhere'}"), "nowhere"),
    (sql("SELECT * FROM people"), "no view"),
    (sql("SELECT 1 FROM quality_findings WHERE facility = '$facility'"), "sqlstring"),
    (sql("SELECT 1 FROM quality_findings; SELECT 2"), "semicolon"),
    (lambda d: first(d, "yesoreyeram").target.update(url="https://example.org/api"), "path under"),
    (lambda d: d["links"][1].update(url="${public_url}/centres/${facility}"), "no page"),
    (lambda d: d["links"][1].update(url="/d/nowhere"), "no dashboard"),
    (lambda d: d["templating"]["list"].pop(), "used and not there"),
]


def faults():
    """What was not found out."""
    sound = load()
    name = "centre.json"
    for number, (spoil, word) in enumerate(SPOILED, 1):
        spoiled = copy.deepcopy(sound)
        spoil(spoiled[name])
        found, _ = lint.lint(spoiled)
        if not any(word in fault for fault in found):
            yield f"spoilt in way {number}, and nobody said «{word}»: {json.dumps(found[:2], ensure_ascii=False)}"
