"""PostgreSQL as Grafana asks it: by a role that may read the views and nothing else."""

import csv
import io
import re
import subprocess


class Database:
    """A database, by its URL."""

    def __init__(self, url):
        self.url = url

    def run(self, *statements):
        """Header and rows of the last statement; a ValueError says what PostgreSQL does not like."""
        command = ["psql", "--no-psqlrc", "--quiet", "--csv", "--set=ON_ERROR_STOP=1", self.url]
        for statement in statements:
            command += ["--command", statement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ValueError(" ".join(done.stderr.split()))
        rows = list(csv.reader(io.StringIO(done.stdout)))
        return (rows[0], rows[1:]) if rows else ([], [])

    def make_reader(self):
        """A role as docs/operating.md has it."""
        views = [name for (name,) in self.run(
            "SELECT viewname FROM pg_views WHERE viewname LIKE 'quality\\_%' ORDER BY 1"
        )[1]]
        if not views:
            raise ValueError("there are no views quality_*")
        self.run(
            "DROP ROLE IF EXISTS grafana_reader",
            "CREATE ROLE grafana_reader",
            f"GRANT SELECT ON {', '.join(views)} TO grafana_reader",
        )

    def read(self, text):
        """What the reader sees."""
        return self.run("SET ROLE grafana_reader", "SET default_transaction_read_only = on", text)


def expand(text, since, until):
    """The macros of Grafana's PostgreSQL data source that the dashboards use."""
    text = re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 BETWEEN '{since}' AND '{until}'", text)
    return text.replace("$__timeFrom()", f"'{since}'").replace("$__timeTo()", f"'{until}'")
