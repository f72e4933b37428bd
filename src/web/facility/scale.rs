//! Where things stand in the chart of a centre: instants and values as places, and which sign
//! a series has. Knows no words.

use vigila_core::documents::inspection::Kind;
use vigila_core::domain::Instant;

use crate::app::trends::{Point, Series};

/// Pixels above the highest score, for the numbers of breaks.
pub const TOP: f64 = 22.0;
/// Pixels from the highest score to the lowest.
pub const HEIGHT: f64 = 200.0;
/// Percent of the width left of the first visit, for the scale.
pub const LEFT: f64 = 9.0;
/// Percent of the width from the first visit to the last.
pub const WIDTH: f64 = 84.0;

/// How instants and scores become places.
pub struct Scale {
    pub first: Instant,
    pub days: f64,
    pub lowest: f64,
}

impl Scale {
    pub fn of(points: &[&Point]) -> Option<Self> {
        let first = points.first()?.at;
        let last = points.last()?.at;
        let values = points.iter().filter_map(|point| shown(point));
        let least = values.fold(f64::INFINITY, f64::min);
        Some(Self { first, days: last.days_since(first), lowest: lowest(least) })
    }

    /// Percent of the width.
    pub fn percent(&self, at: Instant) -> f64 {
        let share = if self.days > 0.0 { at.days_since(self.first) / self.days } else { 0.5 };
        WIDTH.mul_add(share, LEFT)
    }

    /// Pixels from the top; what lies outside the scale stands at its end.
    pub fn pixels(&self, value: f64) -> f64 {
        let share = (100.0 - value.clamp(self.lowest, 100.0)) / (100.0 - self.lowest);
        HEIGHT.mul_add(share, TOP)
    }

    pub fn x(&self, at: Instant) -> String {
        format!("{:.2}%", self.percent(at))
    }

    pub fn y(&self, value: f64) -> String {
        format!("{:.1}", self.pixels(value))
    }
}

/// Half the scale is enough for most centres; a low score opens the rest.
fn lowest(least: f64) -> f64 {
    (((least - 5.0) / 10.0).floor() * 10.0).clamp(0.0, 50.0)
}

/// Which sign and line a series has.
pub fn number_of(series: &Series) -> usize {
    match series.kinds.first() {
        Some(Kind::Announced) => 1,
        Some(Kind::Remote) => 2,
        _ => 0,
    }
}

/// What a point stands at: what compares across a break, where there is one.
pub fn shown(point: &Point) -> Option<f64> {
    point.compared.or(point.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_score_opens_the_scale() {
        let places = [(72.0, 50.0), (56.0, 50.0), (41.0, 30.0), (3.0, 0.0)];
        for (least, expected) in places {
            assert!((lowest(least) - expected).abs() < 1e-9, "{least}");
        }
    }
}
