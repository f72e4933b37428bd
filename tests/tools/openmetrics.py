"""Reads a file in the OpenMetrics text format by the strict parser of prometheus_client, which
refuses what is out of order, and holds it to what a backfill needs.

    python openmetrics.py FILE      prints how many samples and series there are
"""

import sys

from prometheus_client.openmetrics.parser import text_fd_to_metric_families

samples, series = 0, set()
with open(sys.argv[1], encoding="utf-8") as text:
    for family in text_fd_to_metric_families(text):
        assert family.documentation and family.type == "gauge", family.name
        for sample in family.samples:
            samples += 1
            series.add((sample.name, tuple(sorted(sample.labels.items()))))
            # A Timestamp of its own where it is not a whole number of seconds.
            assert float(sample.timestamp) == int(float(sample.timestamp)), sample
print(samples, len(series))
sys.exit(0 if samples else 1)
