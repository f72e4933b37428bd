//! The local level model once more, without a filter: the whole covariance matrix of levels
//! and visits, conditioned by plain elimination. The start is flat, so the mean is estimated
//! along (generalised least squares); nothing here stands for infinity.

use vigila_core::scoring::local_level::Observation;

/// A matrix by rows.
type Matrix = Vec<Vec<f64>>;

/// What is known of the levels at some instants, all visits counted in.
pub struct Known {
    /// Their means.
    pub means: Vec<f64>,
    /// Their covariances.
    pub covariances: Matrix,
    /// The logarithm of the visits' diffuse likelihood.
    pub log_likelihood: f64,
}

/// The levels at `days`, none of which is before the first visit.
pub fn levels_at(days: &[f64], series: &[Observation], noise: f64, drift: f64) -> Known {
    let begin = series[0].day;
    let walk = |a: f64, b: f64| drift * (a.min(b) - begin);
    let covariance: Matrix = (0..series.len())
        .map(|i| {
            let noise = |j| if i == j { noise } else { 0.0 };
            (0..series.len()).map(|j| walk(series[i].day, series[j].day) + noise(j)).collect()
        })
        .collect();
    let across: Matrix =
        days.iter().map(|day| series.iter().map(|s| walk(*day, s.day)).collect()).collect();
    let values: Vec<f64> = series.iter().map(|seen| seen.value).collect();

    let ones = vec![1.0; series.len()];
    let (of_ones, determinant) = solve(&covariance, &ones);
    let precision = dot(&ones, &of_ones);
    let mean = dot(&of_ones, &values) / precision;
    let errors: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let (of_errors, _) = solve(&covariance, &errors);
    let of_across: Matrix = across.iter().map(|row| solve(&covariance, row).0).collect();
    let unknown_mean: Vec<f64> = across.iter().map(|row| 1.0 - dot(row, &of_ones)).collect();

    let covariances = (0..days.len())
        .map(|i| {
            let given = |j: usize| walk(days[i], days[j]) - dot(&across[i], &of_across[j]);
            let of_mean = |j: usize| unknown_mean[i] * unknown_mean[j] / precision;
            (0..days.len()).map(|j| given(j) + of_mean(j)).collect()
        })
        .collect();
    let steps = (series.len() - 1) as f64;
    let log_likelihood = -0.5
        * (steps * std::f64::consts::TAU.ln()
            + determinant.ln()
            + precision.ln()
            + dot(&errors, &of_errors));
    let means = across.iter().map(|row| mean + dot(row, &of_errors)).collect();
    Known { means, covariances, log_likelihood }
}

/// The one-step errors of a series for a noise of 1, by the recursion as the textbook prints
/// it: the sum of `v² / F` and that of `ln F`.
pub fn one_step_errors(series: &[Observation], ratio: f64) -> (f64, f64) {
    let (mut level, mut variance) = (series[0].value, 1.0);
    let (mut squares, mut logarithms) = (0.0, 0.0);
    for pair in series.windows(2) {
        variance += ratio * (pair[1].day - pair[0].day);
        let (error, spread) = (pair[1].value - level, variance + 1.0);
        squares += error * error / spread;
        logarithms += spread.ln();
        level += variance / spread * error;
        variance -= variance * variance / spread;
    }
    (squares, logarithms)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The solution of `matrix · x = right`, and the determinant, by Gauss with pivots.
fn solve(matrix: &Matrix, right: &[f64]) -> (Vec<f64>, f64) {
    let size = right.len();
    let mut rows: Matrix =
        matrix.iter().zip(right).map(|(row, last)| [row.as_slice(), &[*last]].concat()).collect();
    let mut determinant = 1.0;
    for column in 0..size {
        let largest = |a: &usize, b: &usize| {
            rows[*a][column].abs().partial_cmp(&rows[*b][column].abs()).unwrap()
        };
        let pivot = (column..size).max_by(largest).unwrap();
        if pivot != column {
            rows.swap(pivot, column);
            determinant = -determinant;
        }
        determinant *= rows[column][column];
        let lead = rows[column].clone();
        for row in &mut rows[column + 1..] {
            let factor = row[column] / lead[column];
            row.iter_mut().zip(&lead).for_each(|(cell, lead)| *cell -= factor * lead);
        }
    }
    let mut solution = vec![0.0; size];
    for row in (0..size).rev() {
        let known = dot(&rows[row][row + 1..size], &solution[row + 1..]);
        solution[row] = (rows[row][size] - known) / rows[row][row];
    }
    (solution, determinant)
}
