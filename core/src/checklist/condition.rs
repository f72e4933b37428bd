//! `applies_when`: `FACT` or `FACT OP NUMBER`.

use std::fmt;
use std::str::FromStr;

use crate::domain::Facts;

/// Comparisons with limits allow this much, here and in scores (contract, section 3, step 9).
pub const TOLERANCE: f64 = 1e-9;

/// Not a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a condition is FACT or FACT OP NUMBER with one of > >= < <= ==, such as beds > 25")]
pub struct NotACondition;

/// How a fact is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Greater.
    Greater,
    /// Greater or equal.
    AtLeast,
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// Equal.
    Equal,
}

/// When an item applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The fact it asks for.
    pub fact: String,
    /// The comparison; without one, the fact must be true or not zero.
    pub comparison: Option<(Operator, f64)>,
}

impl Condition {
    /// Whether it holds. A condition whose fact is unknown holds: what nobody knows is looked at.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> bool {
        self.holds_for(facts.get(&self.fact).map(|fact| fact.number()))
    }

    /// The same, of the fact as a number (a flag is 1 or 0).
    #[must_use]
    pub fn holds_for(&self, fact: Option<f64>) -> bool {
        let Some(number) = fact else { return true };
        let Some((operator, limit)) = self.comparison else { return number != 0.0 };
        match operator {
            Operator::Greater => number > limit + TOLERANCE,
            Operator::AtLeast => number >= limit - TOLERANCE,
            Operator::Less => number < limit - TOLERANCE,
            Operator::AtMost => number <= limit + TOLERANCE,
            Operator::Equal => (number - limit).abs() <= TOLERANCE,
        }
    }
}

impl FromStr for Condition {
    type Err = NotACondition;

    fn from_str(text: &str) -> Result<Self, NotACondition> {
        let mut words = text.split_whitespace();
        let fact = words.next().filter(|word| is_fact(word)).ok_or(NotACondition)?.to_owned();
        let comparison = match (words.next(), words.next()) {
            (None, _) => None,
            (Some(operator), Some(number)) => {
                let operator = match operator {
                    ">" => Operator::Greater,
                    ">=" => Operator::AtLeast,
                    "<" => Operator::Less,
                    "<=" => Operator::AtMost,
                    "==" => Operator::Equal,
                    _ => return Err(NotACondition),
                };
                let number: f64 = number.parse().map_err(|_| NotACondition)?;
                Some((operator, number)).filter(|_| number.is_finite())
            }
            (Some(_), None) => return Err(NotACondition),
        };
        let whole = words.next().is_none()
            && (comparison.is_some() || text.split_whitespace().count() == 1);
        if whole { Ok(Self { fact, comparison }) } else { Err(NotACondition) }
    }
}

fn is_fact(word: &str) -> bool {
    let name = word.strip_prefix("contract.").unwrap_or(word);
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fact)?;
        let Some((operator, number)) = self.comparison else { return Ok(()) };
        let sign = match operator {
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::Equal => "==",
        };
        write!(f, " {sign} {number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FactValue;

    #[test]
    fn conditions_read_and_hold_as_the_contract_says() {
        let facts = Facts::from([
            ("beds".into(), FactValue::Number(25.0)),
            ("lift".into(), FactValue::Flag(true)),
            ("none".into(), FactValue::Number(0.0)),
        ]);
        let table = [
            ("beds > 25", Some(false)),
            ("beds >= 25", Some(true)),
            ("beds<25", None),
            ("beds < 25", Some(false)),
            ("beds <= 25", Some(true)),
            ("beds == 25", Some(true)),
            ("beds == 24.9999999999", Some(true)),
            ("beds > 24.9999999999", Some(false)),
            ("beds < 25.0000000001", Some(false)),
            ("lift", Some(true)),
            ("none", Some(false)),
            ("unknown > 3", Some(true)),
            ("contract.hours", Some(true)),
            ("lift == 1", Some(true)),
            ("beds > ", None),
            ("beds > x", None),
            ("beds > 1 2", None),
            ("Beds", None),
            ("", None),
            ("not beds", None),
            ("beds > NaN", None),
        ];
        for (text, expected) in table {
            let held = text.parse::<Condition>().ok().map(|condition| condition.holds(&facts));
            assert_eq!(held, expected, "{text}");
        }
    }
}
