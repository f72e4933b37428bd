//! Facts in a row: the names that conditions and formulas ask for get places once, so that a
//! visit's facts are looked up once and not by name each time.

use crate::domain::Facts;

/// Which facts are wanted, each at its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactSlots {
    /// In the order of the names, as facts are.
    names: Vec<String>,
}

impl FactSlots {
    pub(super) fn of(names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<_> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        Self { names }
    }

    /// The place of a fact, if it is wanted.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    /// The names, in the order of their places.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The facts wanted, in their places; a flag is 1 or 0.
    #[must_use]
    pub fn read(&self, facts: &Facts) -> Vec<Option<f64>> {
        let mut row = Vec::with_capacity(self.names.len());
        self.read_into(facts, &mut row);
        row
    }

    /// The same into a row that is used again.
    pub fn read_into(&self, facts: &Facts, row: &mut Vec<Option<f64>>) {
        row.clear();
        // Both are in the order of the names, so one pass finds all.
        let mut known = facts.iter().peekable();
        row.extend(self.names.iter().map(|name| {
            while known.next_if(|(other, _)| *other < name).is_some() {}
            known.next_if(|(other, _)| *other == name).map(|(_, value)| value.number())
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FactValue;

    #[test]
    fn facts_are_read_into_their_places() {
        let slots = FactSlots::of(["c", "a", "e", "c"].map(str::to_owned));
        assert_eq!(slots.names(), ["a", "c", "e"]);
        assert_eq!((slots.place("c"), slots.place("b")), (Some(1), None));
        let facts = Facts::from([
            ("b".into(), FactValue::Number(9.0)),
            ("c".into(), FactValue::Flag(true)),
            ("d".into(), FactValue::Number(8.0)),
            ("e".into(), FactValue::Number(2.5)),
            ("f".into(), FactValue::Number(7.0)),
        ]);
        assert_eq!(slots.read(&facts), [None, Some(1.0), Some(2.5)]);
        let mut row = vec![Some(1.0); 9];
        slots.read_into(&Facts::new(), &mut row);
        assert_eq!(row, [None; 3]);
    }
}
