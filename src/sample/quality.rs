//! How well a centre is run, which nobody sees: what answers are drawn from. It drifts over
//! the two years, as scores are meant to show.

use super::chance::Chance;

/// How a centre fares over the two years: expected points, 0 to 1, of a visit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Course {
    /// Much the same all the time.
    Steady(f64),
    /// From here to there.
    Drift(f64, f64),
    /// Up and down around this, by this much.
    Noisy(f64, f64),
}

/// How a centre is run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    /// How it fares.
    pub course: Course,
    /// The dimension in which it is weaker than elsewhere.
    pub weak: &'static str,
    /// How readily critical items fail: 1 as readily as others, 0 never.
    pub criticals: f64,
    /// How readily those of fire and hygiene fail in the quick check.
    pub fire: f64,
}

/// What an item turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// In order.
    Full,
    /// Half in order.
    Half,
    /// Not in order.
    Failed,
    /// Says nothing of quality: a count, a text, what does not apply.
    Neutral,
    /// Could not be looked at.
    Unseen,
}

/// Points lost by an item that falls short, on the average: three in five are halves.
const LOSS: f64 = 0.7;

impl Profile {
    /// The quality on a visit, 0 to 1, when this much of the two years has passed (0 to 1).
    pub fn quality(&self, passed: f64, chance: &mut Chance) -> f64 {
        let (level, noise) = match self.course {
            Course::Steady(level) => (level, 0.02),
            Course::Drift(from, to) => (from + (to - from) * passed, 0.03),
            Course::Noisy(level, noise) => (level, noise),
        };
        (level + chance.between(-noise, noise)).clamp(0.05, 0.99)
    }

    /// What an item of a dimension turns out to be. `lasting` is the same in every visit of
    /// the centre: what is broken tends to stay so.
    pub fn find(
        &self,
        item: &Drawn<'_>,
        quality: f64,
        lasting: &mut Chance,
        chance: &mut Chance,
    ) -> Finding {
        let weakness = if item.dimension == self.weak { 1.6 } else { 0.9 };
        let missing = (1.0 - quality) * lasting.between(0.4, 1.6) * weakness;
        if item.critical {
            let readily = if item.quick_check { self.fire } else { self.criticals };
            let failed = chance.happens((missing * readily).min(0.95));
            return if failed { Finding::Failed } else { Finding::Full };
        }
        if !item.has_half {
            let failed = chance.happens(missing.min(0.95));
            return if failed { Finding::Failed } else { Finding::Full };
        }
        if !chance.happens((missing / LOSS).min(0.97)) {
            return Finding::Full;
        }
        if chance.happens(0.6) { Finding::Half } else { Finding::Failed }
    }
}

/// What of an item matters to how it turns out.
pub(super) struct Drawn<'a> {
    /// Its dimension.
    pub dimension: &'a str,
    /// Whether it is critical.
    pub critical: bool,
    /// Whether there is something between in order and not.
    pub has_half: bool,
    /// Whether it belongs to the quick check of fire and hygiene.
    pub quick_check: bool,
}
