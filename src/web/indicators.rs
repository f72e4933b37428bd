//! What the indicators of a visit say, on its own page and on that of its centre: the value in
//! its unit, how good that is, what it was made of; and without a value, what is missing.
//! They stand beside the score and never change it.

use vigila_core::documents::checklist::{Direction, Limits};
use vigila_core::documents::companions::FactKind;
use vigila_core::documents::indicators::Definition;
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::documents::score::{IndicatorInput, IndicatorLevel, IndicatorValue, InputKind};

use super::format;
use super::instruments::{Instruments, text};
use super::parts::{Answer, worth};
use crate::app::Library;
use crate::messages::explanations::Indicators as Texts;
use crate::messages::{Lang, fill, words};

/// Inputs that are named of those that are missing.
const NAMED: usize = 3;

/// The indicators of a visit.
pub struct Indicators {
    pub t: &'static Texts,
    pub lead: String,
    /// Those that are poor.
    pub poor: Vec<Row>,
    pub others: Vec<Row>,
    pub others_words: String,
    pub without: Vec<Without>,
    pub without_words: String,
}

/// An indicator with a value.
pub struct Row {
    pub code: String,
    pub title: String,
    pub value: String,
    pub level: Option<Answer>,
    /// Whether it is poor and that is a warning.
    pub warning: bool,
    /// The limits of its levels.
    pub limits: Vec<String>,
    /// What was divided by what.
    pub quotient: Option<String>,
    pub inputs: Vec<Input>,
    pub note: Option<String>,
}

/// What a value was made of.
pub struct Input {
    pub name: String,
    /// Where its answer is.
    pub address: Option<String>,
    pub value: String,
}

/// An indicator without a value.
pub struct Without {
    pub code: String,
    pub title: String,
    pub why: String,
}

/// Where the indicators are from.
pub struct Source<'a> {
    pub library: &'a Library,
    pub lang: Lang,
    pub instruments: &'a Instruments,
    pub checklist: &'a ChecklistRef,
    /// The page of the visit; empty on that page itself, none where it may not be opened.
    pub visit: Option<String>,
}

impl Indicators {
    /// Those of a visit; none where there are none.
    pub fn of(source: &Source<'_>, values: &[IndicatorValue]) -> Option<Self> {
        let t = Texts::of(source.lang);
        let (with, without): (Vec<_>, Vec<_>) =
            values.iter().partition(|indicator| indicator.value.is_some());
        let without: Vec<_> = without.into_iter().map(|one| source.without(t, one)).collect();
        let is_poor = |one: &&IndicatorValue| one.level == Some(IndicatorLevel::Poor);
        let (poor, others): (Vec<_>, Vec<_>) = with.into_iter().partition(is_poor);
        let rows = |these: Vec<_>| these.into_iter().filter_map(|one| source.row(t, one)).collect();
        let here = source.visit.as_ref().is_some_and(String::is_empty);
        let found = Self {
            t,
            lead: if here { t.lead.to_owned() } else { format!("{} {}", t.of_base, t.lead) },
            others_words: fill(t.others, &[others.len().to_string()]),
            poor: rows(poor),
            others: rows(others),
            without_words: fill(t.none_title, &[without.len().to_string()]),
            without,
        };
        (!values.is_empty()).then_some(found)
    }

    /// The warnings among them, as sentences.
    pub fn warnings(&self) -> Vec<String> {
        let warning = self.poor.iter().filter(|row| row.warning);
        warning
            .map(|row| fill(self.t.warning_text, &[row.title.clone(), row.value.clone()]))
            .collect()
    }
}

impl Source<'_> {
    fn definition(&self, code: &str) -> Option<&Definition> {
        self.library.indicators()?.definition(code)
    }

    /// The name; its code where the set has it no longer.
    fn title(&self, code: &str) -> String {
        let found = self.definition(code);
        found.map_or_else(|| code.to_owned(), |one| text(&one.title, self.lang).to_owned())
    }

    fn row(&self, t: &'static Texts, indicator: &IndicatorValue) -> Option<Row> {
        let value = indicator.value?;
        let definition = self.definition(&indicator.code);
        let unit = definition.map_or("count", |one| one.unit.as_str());
        let direction = definition.map_or(Direction::HigherIsBetter, |one| one.direction);
        let parts = indicator.numerator.zip(indicator.denominator);
        let note = definition.and_then(|one| one.note.as_ref());
        Some(Row {
            code: indicator.code.clone(),
            title: self.title(&indicator.code),
            value: measured(value, unit, direction, self.lang),
            level: indicator.level.map(|level| level_of(t, level)),
            warning: indicator.critical,
            limits: definition.map(|one| limits(t, one, self.lang)).unwrap_or_default(),
            quotient: parts.map(|(above, below)| {
                let both = [above, below].map(|part| format::trimmed(part, self.lang));
                fill(t.quotient, &both)
            }),
            inputs: indicator.inputs.iter().map(|input| self.input(t, input)).collect(),
            note: note.map(|note| text(note, self.lang).to_owned()),
        })
    }

    fn without(&self, t: &Texts, indicator: &IndicatorValue) -> Without {
        let missing = indicator.inputs.iter().filter(|input| input.value.is_none());
        let names: Vec<_> = missing.map(|input| self.name(t, input)).collect();
        let why = match names.as_slice() {
            [] => t.none_zero.to_owned(),
            [one] => fill(t.none_missing, std::slice::from_ref(one)),
            many => {
                let named = many[..many.len().min(NAMED)].join("; ");
                fill(t.none_missing_many, &[many.len().to_string(), named])
            }
        };
        Without { code: indicator.code.clone(), title: self.title(&indicator.code), why }
    }

    fn input(&self, t: &Texts, input: &IndicatorInput) -> Input {
        let is_item = matches!(input.kind, InputKind::Item | InputKind::Compliance);
        let address = self.visit.as_ref().filter(|_| is_item);
        let value = input.value.map(|value| self.input_value(input, value));
        Input {
            name: self.name(t, input),
            address: address.map(|visit| format!("{visit}#{}", input.code)),
            value: value.unwrap_or_else(|| t.missing.to_owned()),
        }
    }

    /// What an input is called.
    fn name(&self, t: &Texts, input: &IndicatorInput) -> String {
        let known = match (input.kind, input.code.as_str()) {
            (InputKind::Item | InputKind::Compliance, code) => {
                return self.instruments.question(self.checklist, code);
            }
            (InputKind::Fact, code) => {
                self.library.fact(code).map(|fact| text(&fact.title, self.lang))
            }
            (InputKind::Weight, "earned") => Some(t.weight_earned),
            (InputKind::Weight, "observed") => Some(t.weight_observed),
            (InputKind::Weight, "due") => Some(t.weight_due),
            (InputKind::History, "days_since_last_visit") => Some(t.days_since_last_visit),
            (InputKind::History, "critical_open") => Some(t.critical_open),
            (InputKind::History, "oldest_critical_days") => Some(t.oldest_critical_days),
            (InputKind::History, "repeated_failures") => Some(t.repeated_failures),
            (InputKind::Weight | InputKind::History, _) => None,
        };
        known.unwrap_or(&input.code).to_owned()
    }

    fn input_value(&self, input: &IndicatorInput, value: f64) -> String {
        let lang = self.lang;
        let number = format::trimmed(value, lang);
        let with_unit = |unit: Option<&str>| match unit {
            Some(unit) => words::measured(&number, unit, lang),
            None => number.clone(),
        };
        match input.kind {
            InputKind::Compliance => {
                words::answer(worth(value), lang).unwrap_or(&number).to_owned()
            }
            InputKind::Item => {
                let item = self.instruments.item(self.checklist, &input.code);
                with_unit(item.and_then(|(_, item)| item.unit.as_deref()))
            }
            InputKind::Fact => match self.library.fact(&input.code) {
                Some(fact) if fact.kind == FactKind::Boolean => {
                    words::yes_no(value > 0.0, lang).to_owned()
                }
                fact => with_unit(fact.and_then(|fact| fact.unit.as_deref())),
            },
            InputKind::Weight | InputKind::History => number,
        }
    }
}

fn level_of(t: &Texts, level: IndicatorLevel) -> Answer {
    let (shape, word) = match level {
        IndicatorLevel::Good => ("yes", t.good),
        IndicatorLevel::Fair => ("partial", t.fair),
        IndicatorLevel::Poor => ("no", t.poor),
    };
    Answer::shaped(shape, word)
}

/// A value in its unit, rounded to the side that promises less.
fn measured(value: f64, unit: &str, direction: Direction, lang: Lang) -> String {
    let lower_is_better = direction == Direction::LowerIsBetter;
    words::measured(&format::measure(value, lower_is_better, lang), unit, lang)
}

/// What is good and what is fair, in words.
fn limits(t: &Texts, definition: &Definition, lang: Lang) -> Vec<String> {
    let number = |value: f64| {
        let number = format::number(value, lang);
        if definition.is_percent() { format!("{number}%") } else { number }
    };
    let each = [(t.good, definition.good), (t.fair, definition.fair)];
    let told = each.into_iter().filter_map(|(word, limits)| {
        let bounds = match (limits?, definition.direction) {
            (Limits::Two(bounds), _) => fill(t.within, &bounds.map(number)),
            (Limits::One(limit), Direction::LowerIsBetter) => fill(t.at_most, &[number(limit)]),
            (Limits::One(limit), Direction::HigherIsBetter) => fill(t.at_least, &[number(limit)]),
            (Limits::One(limit), Direction::Range) => number(limit),
        };
        Some(fill(t.limit, &[word.to_owned(), bounds]))
    });
    told.collect()
}
