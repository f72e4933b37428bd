//! Agreement beyond chance of two rounds of looking: Cohen's kappa from a table of counts.
//! Knows numbers only: of no item, no centre and no person.
//!
//! Sources: J. Cohen, *A coefficient of agreement for nominal scales*, Educational and
//! Psychological Measurement 20 (1960); its standard error after J. L. Fleiss, J. Cohen and
//! B. S. Everitt, *Large sample standard errors of kappa and weighted kappa*, Psychological
//! Bulletin 72 (1969), the formula for a kappa that is not zero.

/// How sure the interval of a kappa is, 0 to 1.
pub const CONFIDENCE: f64 = 0.95;
/// The quantile of the normal distribution that belongs to it: (1 + 0.95) / 2.
const QUANTILE: f64 = 1.959_963_984_540_054;

/// How often the first said one category and the second another: `counts[first][second]`,
/// of `K` categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<const K: usize>([[u64; K]; K]);

/// Agreement beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kappa {
    /// -1 to 1: 1 is perfect agreement, 0 what chance alone would give.
    pub value: f64,
    /// Large-sample standard error, 0 or more.
    pub standard_error: f64,
    /// The value less 1.96 standard errors, not clipped.
    pub low: f64,
    /// The value plus 1.96 standard errors, not clipped.
    pub high: f64,
    /// How sure the interval is: [`CONFIDENCE`].
    pub confidence: f64,
}

impl<const K: usize> Default for Table<K> {
    fn default() -> Self {
        Self([[0; K]; K])
    }
}

impl<const K: usize> From<[[u64; K]; K]> for Table<K> {
    fn from(counts: [[u64; K]; K]) -> Self {
        Self(counts)
    }
}

impl<const K: usize> Table<K> {
    /// Counts one comparison; a category that the table does not have is not counted.
    pub fn add(&mut self, first: usize, second: usize) {
        if let Some(count) = self.0.get_mut(first).and_then(|row| row.get_mut(second)) {
            *count += 1;
        }
    }

    /// Adds the counts of another table.
    pub fn join(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *mine += theirs;
        }
    }

    /// How many comparisons it holds.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.0.iter().flatten().sum()
    }

    /// In how many of them the two said different things.
    #[must_use]
    pub fn disagreed(&self) -> u64 {
        self.compared() - (0..K).map(|k| self.0[k][k]).sum::<u64>()
    }

    /// The share in which they said different things, 0 to 1; none without comparisons.
    #[must_use]
    pub fn disputed(&self) -> Option<f64> {
        let all = self.compared();
        (all > 0).then(|| number(self.disagreed()) / number(all))
    }

    /// The share in which they said the same, 0 to 1; none without comparisons.
    #[must_use]
    pub fn observed(&self) -> Option<f64> {
        let all = self.compared();
        (all > 0).then(|| number(all - self.disagreed()) / number(all))
    }

    /// The share in which they would by chance, each keeping to its own habit, 0 to 1; none
    /// without comparisons.
    #[must_use]
    pub fn expected(&self) -> Option<f64> {
        let all = self.compared();
        let by_chance = (0..K).map(|k| number(self.first(k)) * number(self.second(k)));
        (all > 0).then(|| by_chance.sum::<f64>() / number(all).powi(2))
    }

    /// How often the first said this category.
    fn first(&self, category: usize) -> u64 {
        self.0[category].iter().sum()
    }

    /// How often the second said this category.
    fn second(&self, category: usize) -> u64 {
        self.0.iter().map(|row| row[category]).sum()
    }

    /// Cohen's kappa; none where nothing was compared, or where both always said the one
    /// same category, so that chance alone explains everything.
    #[must_use]
    pub fn kappa(&self) -> Option<Kappa> {
        let all = self.compared();
        let one_category = (0..K).any(|k| self.first(k) == all && self.second(k) == all);
        if one_category {
            return None;
        }
        let (observed, expected) = (self.observed()?, self.expected()?);
        let value = (observed - expected) / (1.0 - expected);
        let standard_error = self.standard_error(observed, expected);
        let reach = QUANTILE * standard_error;
        Some(Kappa {
            value,
            standard_error,
            low: value - reach,
            high: value + reach,
            confidence: CONFIDENCE,
        })
    }

    /// Fleiss, Cohen and Everitt 1969.
    fn standard_error(&self, observed: f64, expected: f64) -> f64 {
        let all = number(self.compared());
        let share = |count: u64| number(count) / all;
        let (by_chance, apart) = (1.0 - expected, 1.0 - observed);
        let mut spread = -(observed * expected - 2.0 * expected + observed).powi(2);
        for (first, row) in self.0.iter().enumerate() {
            for (second, count) in row.iter().enumerate() {
                // The first's habit is taken at what the second said, and the other way round.
                let habits = share(self.second(first)) + share(self.first(second));
                let agreed = if first == second { by_chance } else { 0.0 };
                spread += share(*count) * (agreed - habits * apart).powi(2);
            }
        }
        // Rounding may leave a hair below zero where the agreement is perfect.
        spread.max(0.0).sqrt() / (by_chance.powi(2) * all.sqrt())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of comparisons are far below 2^53")]
fn number(count: u64) -> f64 {
    count as f64
}
