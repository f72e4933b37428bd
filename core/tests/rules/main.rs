//! The rules of vigila, checked from outside: hand-worked examples, properties, a second
//! implementation, tables. Each expectation comes from the contract's text, not from the code.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop loudly")]

mod agreement;
mod cases;
mod comparison;
mod evidence;
mod evidence_file;
mod evidence_properties;
mod examples;
mod explained;
mod indicator_formulas;
mod indicator_properties;
mod kappa;
mod levels;
mod levels_reference;
mod levels_simulated;
mod lint_indicators;
mod lint_meaning;
mod lint_structure;
mod linting;
mod next_visits;
mod odd_input;
mod planning;
mod properties;
mod reading;
mod reference;
mod same_content;
mod scorecards;
mod shipped_indicators;
mod small_set;
mod support;
