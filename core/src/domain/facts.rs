//! Facts: what is true of a centre, its contract or a visit, by name. Conditions of items
//! (`applies_when`) ask for them; with each inspection they are frozen.

use std::collections::BTreeMap;

/// The value of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FactValue {
    /// A quantity in the fact's declared unit, finite.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

impl FactValue {
    /// True, or not zero: what a condition that names only a fact asks.
    #[must_use]
    pub fn holds(self) -> bool {
        match self {
            Self::Number(number) => number != 0.0,
            Self::Flag(flag) => flag,
        }
    }

    /// As a number; a flag is 1 or 0.
    #[must_use]
    pub fn number(self) -> f64 {
        match self {
            Self::Number(number) => number,
            Self::Flag(flag) => f64::from(u8::from(flag)),
        }
    }
}

/// Facts by name, in the order of their names.
pub type Facts = BTreeMap<String, FactValue>;
