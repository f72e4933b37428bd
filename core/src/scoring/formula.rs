//! Formulas of indicators as closures over item indexes and places of facts: made once per
//! checklist, run for each visit without allocating. What is missing makes the whole missing,
//! never zero.

use std::collections::BTreeSet;

use super::applied::Weights;
use super::fact_slots::FactSlots;
use super::points::State;
use crate::checklist::{Answered, Condition, Instrument, Verdict};
use crate::documents::indicators::{self as data, Expression};
use crate::documents::score::InputKind;

/// A visit, as far as formulas ask.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The verdicts, by item.
    pub answered: &'a Answered,
    /// The states, by item.
    pub states: &'a [State],
    /// The facts in their places, as [`FactSlots::read`] gives them.
    pub facts: &'a [Option<f64>],
    /// The weights of the whole visit.
    pub weights: Weights,
}

/// What is known of the visits of a centre; `None` where it is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct History {
    /// Days since the last visit ended.
    pub days_since_last_visit: Option<f64>,
    /// Critical items that are failed now.
    pub critical_open: Option<f64>,
    /// Days since the oldest of those was first found; 0 where there is none.
    pub oldest_critical_days: Option<f64>,
    /// Items that failed in the last two visits with one checklist.
    pub repeated_failures: Option<f64>,
}

impl History {
    fn figure(&self, which: data::History) -> Option<f64> {
        match which {
            data::History::DaysSinceLastVisit => self.days_since_last_visit,
            data::History::CriticalOpen => self.critical_open,
            data::History::OldestCriticalDays => self.oldest_critical_days,
            data::History::RepeatedFailures => self.repeated_failures,
        }
    }
}

/// What a formula gives of a visit, or of a centre's history.
pub(super) type Term = Box<dyn Fn(&Inputs<'_>, &History) -> Option<f64> + Send + Sync>;

/// One thing that a formula reads.
pub(super) struct Source {
    pub kind: InputKind,
    pub code: String,
    pub term: Term,
}

/// A formula made ready, with what it reads.
pub(super) struct Formula {
    pub term: Term,
    pub sources: Vec<Source>,
}

/// Every fact that a formula may ask for in a visit with this checklist, conditions of its
/// items included.
pub(super) fn facts_in(
    expression: &Expression,
    instrument: &Instrument,
    names: &mut BTreeSet<String>,
) {
    match expression {
        Expression::Fact(name) => {
            names.insert(name.clone());
        }
        Expression::Item(code) => {
            let item = instrument.index_of(code).map(|index| &instrument.items[index]);
            let condition = item.and_then(|item| item.condition.as_ref());
            names.extend(condition.map(|condition| condition.fact.clone()));
        }
        _ => expression.parts().iter().for_each(|part| facts_in(part, instrument, names)),
    }
}

/// Makes formulas ready for one checklist, or for the history of centres.
pub(super) struct Compiler<'a> {
    /// The checklist; none for the history.
    pub instrument: Option<&'a Instrument>,
    /// The facts that can be known in a visit with it.
    pub known: &'a dyn Fn(&str) -> bool,
    /// The places of the facts.
    pub slots: &'a FactSlots,
}

impl Compiler<'_> {
    /// `None` where this checklist cannot give what the formula needs.
    pub fn formula(&self, expression: &Expression) -> Option<Formula> {
        let mut sources = Vec::new();
        let term = self.term(expression, &mut sources)?;
        Some(Formula { term, sources })
    }

    fn term(&self, expression: &Expression, sources: &mut Vec<Source>) -> Option<Term> {
        match expression {
            Expression::Number(number) => {
                let number = *number;
                Some(Box::new(move |_, _| Some(number)))
            }
            Expression::Fact(name) => {
                let place = self.slots.place(name).filter(|_| (self.known)(name))?;
                Some(leaf(sources, InputKind::Fact, name, move || fact(place)))
            }
            Expression::Item(code) => {
                let (index, condition) = self.item(code)?;
                let make = move || number_of(index, condition.clone());
                Some(leaf(sources, InputKind::Item, code, make))
            }
            Expression::Compliance(code) => {
                let index = self.instrument?.index_of(code)?;
                Some(leaf(sources, InputKind::Compliance, code, move || compliance(index)))
            }
            Expression::Weight(which) => {
                self.instrument?;
                let which = *which;
                Some(leaf(sources, InputKind::Weight, which.as_str(), move || weight(which)))
            }
            Expression::History(which) => {
                let which = *which;
                let term = move || -> Term { Box::new(move |_, history| history.figure(which)) };
                Some(leaf(sources, InputKind::History, which.as_str(), term))
            }
            Expression::Passed(codes) => Some(passed(self.list(codes, sources)?)),
            Expression::Failed(codes) => Some(failed(self.list(codes, sources)?)),
            Expression::Observed(codes) => Some(observed(self.list(codes, sources)?)),
            Expression::FirstOf(parts) => {
                let each: Vec<_> = parts.iter().filter_map(|p| self.term(p, sources)).collect();
                let some = !each.is_empty();
                some.then(|| -> Term {
                    Box::new(move |i, h| each.iter().find_map(|term| term(i, h)))
                })
            }
            Expression::Sum(parts) => self.fold(parts, sources, |a, b| a + b),
            Expression::Product(parts) => self.fold(parts, sources, |a, b| a * b),
            Expression::Difference(parts) => self.fold(parts, sources, |a, b| a - b),
            Expression::Smallest(parts) => self.fold(parts, sources, f64::min),
            Expression::Largest(parts) => self.fold(parts, sources, f64::max),
        }
    }

    /// All parts joined from the left; missing where one is.
    fn fold(
        &self,
        parts: &[Expression],
        sources: &mut Vec<Source>,
        join: fn(f64, f64) -> f64,
    ) -> Option<Term> {
        // What a formula that cannot be given would have read is not listed.
        let mut read = Vec::new();
        let each: Option<Vec<Term>> = parts.iter().map(|part| self.term(part, &mut read)).collect();
        let mut each = each?.into_iter();
        let first = each.next()?;
        let others: Vec<Term> = each.collect();
        sources.extend(read);
        Some(Box::new(move |i, h| {
            // What is too large for a number is no value, however it would be joined further.
            let joined = |all, term: &Term| Some(join(all, term(i, h)?)).filter(|v| v.is_finite());
            others.iter().try_fold(first(i, h)?, joined)
        }))
    }

    fn item(&self, code: &str) -> Option<(usize, Option<(Condition, usize)>)> {
        let instrument = self.instrument?;
        let index = instrument.index_of(code)?;
        let condition = instrument.items[index].condition.clone();
        let place = condition.and_then(|asks| {
            let place = self.slots.place(&asks.fact)?;
            Some((asks, place))
        });
        Some((index, place))
    }

    /// The indexes of those items that this checklist has.
    fn list(&self, codes: &[String], sources: &mut Vec<Source>) -> Option<Vec<usize>> {
        let instrument = self.instrument?;
        let mut indexes = Vec::new();
        for code in codes {
            if let Some(index) = instrument.index_of(code) {
                let term = compliance(index);
                sources.push(Source { kind: InputKind::Compliance, code: code.clone(), term });
                indexes.push(index);
            }
        }
        (!indexes.is_empty()).then_some(indexes)
    }
}

/// A term that reads one thing, and its place in the list of what is read.
fn leaf(sources: &mut Vec<Source>, kind: InputKind, code: &str, make: impl Fn() -> Term) -> Term {
    sources.push(Source { kind, code: code.to_owned(), term: make() });
    make()
}

fn fact(place: usize) -> Term {
    Box::new(move |inputs, _| *inputs.facts.get(place)?)
}

fn number_of(index: usize, condition: Option<(Condition, usize)>) -> Term {
    Box::new(move |inputs, _| {
        let applies = condition.as_ref().is_none_or(|(asks, place)| {
            asks.holds_for(inputs.facts.get(*place).copied().flatten())
        });
        match inputs.answered.get(index)? {
            Some(Verdict::Number(number)) if applies => Some(*number),
            _ => None,
        }
    })
}

fn state(inputs: &Inputs<'_>, index: usize) -> State {
    inputs.states.get(index).copied().unwrap_or(State::NotDue)
}

fn compliance(index: usize) -> Term {
    Box::new(move |inputs, _| match state(inputs, index) {
        State::Observed(value) => Some(value),
        State::NotObserved | State::NotDue => None,
    })
}

fn weight(which: data::Weight) -> Term {
    Box::new(move |inputs, _| {
        Some(match which {
            data::Weight::Earned => inputs.weights.earned,
            data::Weight::Observed => inputs.weights.observed,
            data::Weight::Due => inputs.weights.due,
        })
    })
}

fn passed(indexes: Vec<usize>) -> Term {
    Box::new(move |inputs, _| {
        let values = indexes.iter().map(|index| match state(inputs, *index) {
            State::Observed(value) => value,
            State::NotObserved | State::NotDue => 0.0,
        });
        Some(values.sum())
    })
}

fn observed(indexes: Vec<usize>) -> Term {
    Box::new(move |inputs, _| {
        let mut count = 0.0;
        for index in &indexes {
            if matches!(state(inputs, *index), State::Observed(_)) {
                count += 1.0;
            }
        }
        Some(count)
    })
}

/// Items that are due and were not looked at say nothing: a count of failures needs one that
/// was seen, unless none was due.
fn failed(indexes: Vec<usize>) -> Term {
    Box::new(move |inputs, _| {
        let (mut count, mut seen, mut unseen) = (0.0, false, false);
        for index in &indexes {
            match state(inputs, *index) {
                State::Observed(value) => {
                    seen = true;
                    count += if value <= 0.0 { 1.0 } else { 0.0 };
                }
                State::NotObserved => unseen = true,
                State::NotDue => {}
            }
        }
        (seen || !unseen).then_some(count)
    })
}
