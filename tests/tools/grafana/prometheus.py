"""A Prometheus on loopback with the rules and the configuration that the project ships."""

import json
import math
import random
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

from dashboards import ROOT, RULES

SHIPPED = ROOT / "deploy/prometheus/prometheus.yml"


def configuration(folder, target, token):
    """The shipped configuration with another target, in a hurry."""
    shipped = yaml.safe_load(SHIPPED.read_text())
    shipped["global"] |= {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    if [str(SHIPPED.parent / files) for files in shipped["rule_files"]] != [str(RULES / "*.yml")]:
        raise RuntimeError(f"{SHIPPED} does not name the rules that lie beside it")
    shipped["rule_files"] = [str(RULES / "*.yml")]
    shipped.pop("alerting", None)
    jobs = [job for job in shipped["scrape_configs"] if job["job_name"] == "vigila"]
    if len(jobs) != 1:
        raise RuntimeError(f"{SHIPPED} has no job called vigila, of which dashboards and rules speak")
    (folder / "token").write_text(token)
    jobs[0]["static_configs"] = [{"targets": [target.removeprefix("http://")]}]
    jobs[0]["authorization"] = {"credentials_file": str(folder / "token")}
    shipped["scrape_configs"] = jobs
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(shipped))
    return path


class Prometheus:
    """The server, while it runs; `with` ends it."""

    def __init__(self, folder, target, token):
        self.folder = folder
        self.log = open(folder / "prometheus.log", "wb")
        port = random.randint(20000, 31999)
        self.url = f"http://127.0.0.1:{port}/api/v1"
        config = configuration(folder, target, token)
        self.process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                "--storage.tsdb.retention.time=5y",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=self.log,
            stderr=self.log,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()

    def await_(self, expr, seconds=60):
        """Waits until an expression has data."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                if self.instant(expr):
                    return
            except OSError:
                pass
            time.sleep(0.3)
        tail = (self.folder / "prometheus.log").read_text()[-2000:]
        raise RuntimeError(f"Prometheus has no data for {expr}; the end of its log:\n{tail}")

    def ask(self, path, **parameters):
        """The data of an answer; a ValueError says what Prometheus does not like."""
        body = urllib.parse.urlencode(parameters).encode()
        request = urllib.request.Request(f"{self.url}/{path}", data=body if parameters else None)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as answer:
            raise ValueError(json.load(answer).get("error")) from None

    def instant(self, expr):
        """The series of an expression now, each with its labels; those that are no number left out."""
        result = self.ask("query", query=expr)["result"]
        if result and isinstance(result[0], float | int):
            return [{}]
        return [each["metric"] for each in result if math.isfinite(float(each["value"][1]))]

    def course(self, expr, seconds, step):
        """The labels of the series over the last seconds, and the times at which there is a value."""
        now = time.time()
        result = self.ask("query_range", query=expr, start=now - seconds, end=now, step=step)["result"]
        times = {
            at for each in result for at, value in each["values"] if math.isfinite(float(value))
        }
        return [each["metric"] for each in result], [now - at for at in sorted(times)]
