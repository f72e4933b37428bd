"""Panels that rightly show nothing on the sample, each with its reason.

A panel that is listed here and shows something all the same is a fault too: the list does not
outlive its reasons."""

QUIET = {
    ("vigila-field-work", "Accordo fra ispettori"): "the sample has two monitors, and fewer than three are withheld",
}

# Metrics that rightly have no series on the sample.
UNSEEN = {}
