//! A series as its changes: ten bytes for each, whatever stands between.

use std::ops::Range;

/// A value that changes at some of the moments.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    from: Vec<u16>,
    /// Not a number where there is no value from then on.
    value: Vec<f64>,
}

impl Steps {
    /// From this moment on it is this. Moments come in order; the last word of one counts.
    pub fn set(&mut self, moment: u16, value: Option<f64>) {
        if self.from.last() == Some(&moment) {
            self.from.pop();
            self.value.pop();
        }
        let now = self.value.last().copied().filter(|value| !value.is_nan());
        if now.map(f64::to_bits) != value.map(f64::to_bits) {
            self.from.push(moment);
            self.value.push(value.unwrap_or(f64::NAN));
        }
    }

    /// Gives back the memory that is not needed.
    pub fn settle(&mut self) {
        self.from.shrink_to_fit();
        self.value.shrink_to_fit();
    }

    /// The stretches with a value, of so many moments.
    pub fn runs(&self, count: u16) -> impl Iterator<Item = (Range<u16>, f64)> + '_ {
        let ends = self.from.iter().skip(1).copied().chain([count]);
        let each = self.from.iter().zip(ends).zip(&self.value);
        each.filter(|(_, value)| !value.is_nan()).map(|((from, to), value)| (*from..to, *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_kept_and_the_last_word_of_a_moment_counts() {
        let mut steps = Steps::default();
        let said = [
            (0, None),
            (1, Some(0.5)),
            (3, Some(0.5)),
            (4, Some(0.7)),
            (4, Some(0.5)),
            (6, None),
            (7, None),
            (8, Some(1.0)),
            (8, Some(0.0)),
        ];
        for (moment, value) in said {
            steps.set(moment, value);
        }
        let runs: Vec<_> = steps.runs(10).collect();
        assert_eq!(runs, [(1..6, 0.5), (8..10, 0.0)]);
        assert_eq!(Steps::default().runs(10).count(), 0);
    }
}
