"""The dashboards as they are checked in: their panels, their queries, their variables."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deploy/grafana/dashboards"
RULES = ROOT / "deploy/prometheus/rules"

# `$name`, `${name}` and `${name:format}`.
VARIABLE = re.compile(r"\$(?:\{(\w+)(?::([^}]+))?\}|(\w+))")


@dataclass
class Query:
    """A query of a panel, and what people see of it: where it is."""

    dashboard: dict
    panel: dict
    target: dict

    @property
    def kind(self):
        """The plugin that answers it."""
        return self.target["datasource"]["type"]

    @property
    def text(self):
        """What is asked."""
        return self.target.get("expr") or self.target.get("rawSql") or self.target.get("url")

    def __str__(self):
        where = f"«{self.dashboard['title']}», «{self.panel['title']}», {self.target['refId']}"
        return f"{where}: {' '.join(self.text.split())}"


def load():
    """Every dashboard by the name of its file."""
    return {path.name: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def panels(dashboard):
    """All panels but headings, those of closed sections too."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", [])
        else:
            yield panel


def queries(dashboard):
    """All queries of a dashboard."""
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            yield Query(dashboard, panel, target)


def variables_in(text):
    """The names of variables that a text uses."""
    return [match.group(1) or match.group(3) for match in VARIABLE.finditer(text)]


def fill(text, values):
    """The text with its variables filled in; `values` maps a name to a function of the format."""

    def one(match):
        name, form = match.group(1) or match.group(3), match.group(2)
        if name not in values:
            raise KeyError(f"nothing is known of the variable {name} in {text}")
        return values[name](form)

    return VARIABLE.sub(one, text)


def strings(value):
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
