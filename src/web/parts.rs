//! Pieces that several pages show: a band, a score with its bar, an answer, an instant. Each
//! state is a word and a shape; colour only repeats it.

use askama::Template;
use askama::filters::HtmlSafe;
use vigila_core::checklist::Item;
use vigila_core::documents::checklist::{Choice, Item as ItemText};
use vigila_core::documents::finding::Severity;
use vigila_core::documents::inspection::RawValue;
use vigila_core::documents::score::Band;
use vigila_core::scoring::State;

use super::format;
use crate::messages::{Lang, findings, words};

/// A band.
#[derive(Template)]
#[template(path = "badge.html")]
pub struct Badge {
    name: &'static str,
    word: &'static str,
    large: bool,
}

impl HtmlSafe for Badge {}

impl Badge {
    /// In the size of text.
    pub fn small(band: Band, lang: Lang) -> Self {
        Self { name: band.as_str(), word: words::band(band, lang), large: false }
    }

    /// How grave a finding is, with the shapes of the bands as bad as that.
    pub fn severity(severity: Severity, lang: Lang) -> Self {
        let name = match severity {
            Severity::Critical => Band::Critical,
            Severity::Major => Band::Insufficient,
            Severity::Minor => Band::ToImprove,
        };
        Self { name: name.as_str(), word: findings::severity(severity, lang), large: false }
    }

    /// For the head of a page.
    pub fn large(band: Band, lang: Lang) -> Self {
        Self { large: true, ..Self::small(band, lang) }
    }
}

/// A score from 0 to 100 with its bar.
#[derive(Template)]
#[template(path = "meter.html")]
pub struct Meter {
    value: String,
    width: String,
    floor: Option<String>,
}

impl HtmlSafe for Meter {}

impl Meter {
    /// A score.
    pub fn new(score: f64, lang: Lang) -> Self {
        let width = format!("{:.1}", score.clamp(0.0, 100.0));
        Self { value: format::score(score, lang), width, floor: None }
    }

    /// A score with a line at the floor under it.
    pub fn with_floor(score: f64, floor: f64, lang: Lang) -> Self {
        Self { floor: Some(format!("{floor:.1}")), ..Self::new(score, lang) }
    }
}

/// An answer.
#[derive(Template, Clone)]
#[template(path = "answer.html")]
pub struct Answer {
    shape: &'static str,
    word: String,
    /// What a number or an option means, where it is scored.
    says: Option<&'static str>,
}

impl HtmlSafe for Answer {}

impl Answer {
    /// That an item has none.
    pub fn none(word: &str) -> Self {
        Self { shape: "not_observed", word: word.to_owned(), says: None }
    }

    /// A level that is shown as an answer is: with the same shapes.
    pub fn shaped(shape: &'static str, word: &str) -> Self {
        Self { shape, word: word.to_owned(), says: None }
    }

    /// An answer to an item; `state` is where it stands in the score, where that is known.
    pub fn new(
        item: Option<(&Item, &ItemText)>,
        value: &RawValue,
        state: Option<State>,
        lang: Lang,
    ) -> Self {
        let compliance = match value {
            RawValue::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let is_free = item.is_some_and(|(item, _)| item.kind == vigila_core::checklist::Kind::Text);
        let word = compliance.filter(|_| !is_free).and_then(|text| words::answer(text, lang));
        if let (Some(word), Some(name)) = (word, compliance.and_then(shape_of)) {
            return Self { shape: name, word: word.to_owned(), says: None };
        }
        let (shape, says) = match state {
            Some(State::Observed(value)) => {
                let name = worth(value);
                (name, words::answer(name, lang))
            }
            _ => ("plain", None),
        };
        Self { shape, word: value_words(item, value, lang), says }
    }

    /// Whether it is short of full marks.
    pub fn falls_short(&self) -> bool {
        matches!(self.shape, "no" | "partial")
    }

    /// Whether it is worth nothing.
    pub fn fails(&self) -> bool {
        self.shape == "no"
    }
}

fn shape_of(value: &str) -> Option<&'static str> {
    ["yes", "partial", "no", "na", "not_observed"].into_iter().find(|name| *name == value)
}

/// The compliance that a value from 0 to 1 amounts to.
pub fn worth(value: f64) -> &'static str {
    if value <= 0.0 {
        "no"
    } else if value >= 1.0 {
        "yes"
    } else {
        "partial"
    }
}

fn value_words(item: Option<(&Item, &ItemText)>, value: &RawValue, lang: Lang) -> String {
    let options = match item {
        Some((Item { kind: vigila_core::checklist::Kind::Choice { options, .. }, .. }, _)) => {
            options.as_slice()
        }
        _ => &[],
    };
    match value {
        RawValue::Text(text) => option_words(options, text, lang),
        RawValue::List(texts) => {
            let each: Vec<_> =
                texts.iter().flatten().map(|text| option_words(options, text, lang)).collect();
            each.join("; ")
        }
        RawValue::Number(number) => {
            let unit = item.and_then(|(_, text)| text.unit.as_deref());
            let unit = unit.map(|unit| format!(" {}", words::unit(unit, lang)));
            format!("{}{}", format::number(*number, lang), unit.unwrap_or_default())
        }
    }
}

fn option_words(options: &[Choice], value: &str, lang: Lang) -> String {
    let option = options.iter().find(|option| option.value == value);
    option.map_or_else(|| value.to_owned(), |o| lang.of(o.it.clone(), o.en.clone()))
}

/// The value of an answer as a score repeats it.
pub fn raw_value(value: &serde_json::Value) -> RawValue {
    match value {
        serde_json::Value::Array(values) => {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            RawValue::List(texts.collect())
        }
        serde_json::Value::String(text) => RawValue::Text(text.clone()),
        other => match other.as_f64() {
            Some(number) => RawValue::Number(number),
            None => RawValue::Text(other.to_string()),
        },
    }
}
