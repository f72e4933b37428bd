//! Units of numbers: which may be added, and what comes of multiplying and dividing them.
//! `a_per_b` is a over b; `count` has no dimension; every other name is a unit of its own.

use std::collections::BTreeMap;

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    /// That of a written number: it takes on the unit of what it is added to.
    Any,
    /// The power of each name; none of count.
    Of(BTreeMap<String, i32>),
}

impl Unit {
    /// That of counts and shares.
    pub fn none() -> Self {
        Self::Of(BTreeMap::new())
    }

    /// The unit of this name.
    pub fn named(name: &str) -> Self {
        let mut powers = BTreeMap::new();
        for (index, part) in name.split("_per_").enumerate() {
            if part != "count" {
                // Persons per fixture, fixtures of one house: the same names.
                let one = part.strip_suffix('s').unwrap_or(part);
                *powers.entry(one.to_owned()).or_insert(0) += if index == 0 { 1 } else { -1 };
            }
        }
        Self::of(powers)
    }

    fn of(mut powers: BTreeMap<String, i32>) -> Self {
        powers.retain(|_, power| *power != 0);
        Self::Of(powers)
    }

    /// The common unit of two that are added or compared; `None` where there is none.
    pub fn like(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Any, unit) | (unit, Self::Any) => Some(unit),
            (a, b) => (a == b).then_some(a),
        }
    }

    pub fn times(self, other: Self) -> Self {
        self.with(other, 1)
    }

    pub fn over(self, other: Self) -> Self {
        self.with(other, -1)
    }

    fn with(self, other: Self, sign: i32) -> Self {
        let (Self::Of(mut powers), Self::Of(others)) = (self.plain(), other.plain()) else {
            return Self::Any;
        };
        for (name, power) in others {
            *powers.entry(name).or_insert(0) += sign * power;
        }
        Self::of(powers)
    }

    /// A written number as a factor has no dimension.
    fn plain(self) -> Self {
        if self == Self::Any { Self::none() } else { self }
    }

    /// Whether a value of this unit may be declared to have that one.
    pub fn fits(&self, declared: &Self) -> bool {
        *self == Self::Any || self == declared
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Of(powers) = self else { return f.write_str("any") };
        if powers.is_empty() {
            return f.write_str("count");
        }
        let mut first = true;
        for (sign, word) in [(1, "·"), (-1, "/")] {
            for (name, power) in powers.iter().filter(|(_, power)| power.signum() == sign) {
                for _ in 0..power.abs() {
                    match (first, sign) {
                        (true, 1) => {}
                        (true, _) => f.write_str("1/")?,
                        _ => f.write_str(word)?,
                    }
                    f.write_str(name)?;
                    first = false;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_multiply_divide_and_compare() {
        let unit = Unit::named;
        assert_eq!(unit("persons").over(unit("fixtures")), unit("persons_per_fixture"));
        assert_eq!(unit("persons_per_fixture").times(unit("fixtures")), unit("persons"));
        assert_eq!(unit("persons_per_person"), Unit::none());
        assert_eq!(unit("hours").over(unit("hours")), unit("count"));
        assert_eq!(Unit::Any.times(unit("days")), unit("days"));
        assert_eq!(unit("days").over(Unit::Any), unit("days"));
        assert_eq!(Unit::Any.like(unit("days")), Some(unit("days")));
        assert_eq!(unit("days").like(unit("hours")), None);
        assert!(Unit::Any.fits(&unit("days")) && !unit("hours").fits(&unit("days")));
        let shown = [
            (unit("count"), "count"),
            (unit("m2_per_person"), "m2/person"),
            (unit("persons").times(unit("persons")), "person·person"),
            (Unit::none().over(unit("days")), "1/day"),
            (Unit::Any, "any"),
        ];
        for (unit, text) in shown {
            assert_eq!(unit.to_string(), text);
        }
    }
}
