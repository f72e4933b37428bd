//! Logs: one line a request, ids as fields, nothing personal.
