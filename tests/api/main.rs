//! The API from outside: the real server in the test's process, asked over HTTP, as the people
//! who use it. A file per resource; the same stories run on SQLite and, where
//! `VIGILA_TEST_POSTGRES` names a server, on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story ends where its ground is missing")]

mod agreement;
mod audit;
mod authorization;
mod backfill;
mod checklists;
mod corrections;
mod demo;
mod durability;
mod evidence;
mod explained_pages;
mod explanations;
mod facilities;
mod findings;
mod findings_pages;
mod indicators;
mod inspections;
mod metrics;
mod next_visits;
mod pages;
mod photos;
mod quality_views;
mod receipts;
mod redactions;
mod scorecards;
mod series;
mod sessions;
mod support;
mod tidy;
mod trends;
mod what_if;
