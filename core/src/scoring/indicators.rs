//! Indicators ready for use (contract, section 3, step 8): formulas compiled once per
//! checklist, their values in a visit or of a centre's history, and those of a territory.
//! An indicator changes nothing in a score; `score` only carries it.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use super::applied::Weights;
use super::fact_slots::FactSlots;
use super::formula::{Compiler, Formula, History, Inputs, Source, Term, facts_in};
use super::points::meets;
use crate::checklist::{Answered, Instrument};
use crate::documents::companions::{FactDeclaration, FactOrigin};
use crate::documents::indicators::{Definition, Document};
use crate::documents::score::{IndicatorInput, IndicatorLevel, IndicatorValue, ModelVersion};

/// A set of indicators.
#[derive(Debug, Clone)]
pub struct Indicators {
    version: ModelVersion,
    definitions: Vec<Arc<Definition>>,
    by_code: HashMap<String, usize>,
    history: Arc<Compiled>,
}

impl Indicators {
    /// Makes a document ready for use; `digest` is that of its canonical JSON.
    #[must_use]
    pub fn new(document: Document, digest: &str) -> Self {
        let version = ModelVersion {
            code: document.indicators.code,
            version: document.indicators.version,
            digest: digest.to_owned(),
        };
        let definitions: Vec<_> = document.definitions.into_iter().map(Arc::new).collect();
        let each = definitions.iter().enumerate();
        let by_code = each.map(|(index, one)| (one.code.clone(), index)).collect();
        let slots = FactSlots::default();
        let compiler = Compiler { instrument: None, known: &|_| false, slots: &slots };
        let of_history = definitions.iter().filter(|one| one.is_history());
        let each = of_history.filter_map(|one| Ready::new(one, &compiler)).collect();
        let history = Arc::new(Compiled { version: version.clone(), slots, each });
        Self { version, definitions, by_code, history }
    }

    /// Which set it is.
    #[must_use]
    pub fn version(&self) -> &ModelVersion {
        &self.version
    }

    /// The definitions, in the file's order.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.iter().map(AsRef::as_ref)
    }

    /// The definition of this code.
    #[must_use]
    pub fn definition(&self, code: &str) -> Option<&Definition> {
        self.by_code.get(code).map(|index| self.definitions[*index].as_ref())
    }

    /// Makes the formulas ready for visits with a checklist. Left out are indicators of the
    /// history, and those that this checklist cannot give: because an item is another
    /// checklist's, or a fact comes from visits only and no item here feeds it. `declared` is
    /// what `facts.yaml` says.
    #[must_use]
    pub fn compile<'a>(
        &self,
        instrument: &Instrument,
        declared: impl IntoIterator<Item = &'a FactDeclaration>,
    ) -> Compiled {
        let fed: BTreeSet<&str> =
            instrument.items.iter().flat_map(|item| &item.feeds).map(String::as_str).collect();
        let visit_only: BTreeSet<&str> = declared
            .into_iter()
            .filter(|fact| fact.origin == FactOrigin::Visit)
            .map(|fact| fact.code.as_str())
            .collect();
        let known = |name: &str| !visit_only.contains(name) || fed.contains(name);
        let of_visits = || self.definitions.iter().filter(|one| !one.is_history());
        let mut names = BTreeSet::new();
        for (_, part) in of_visits().flat_map(|one| one.expressions()) {
            facts_in(part, instrument, &mut names);
        }
        let slots = FactSlots::of(names);
        let compiler = Compiler { instrument: Some(instrument), known: &known, slots: &slots };
        let each = of_visits().filter_map(|one| Ready::new(one, &compiler)).collect();
        Compiled { version: self.version.clone(), slots, each }
    }

    /// The indicators of the history of a centre. They never stand in the score of a visit.
    #[must_use]
    pub fn of_history(&self, history: &History) -> Vec<IndicatorValue> {
        let nobody = Answered::new();
        let none =
            Inputs { answered: &nobody, states: &[], facts: &[], weights: Weights::default() };
        self.history.each.iter().map(|ready| ready.explain(&none, history)).collect()
    }
}

/// What an indicator comes to in a visit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measured {
    /// Its value, finite; `None` where an input is missing or zero divides.
    pub value: Option<f64>,
    /// What was divided; `None` for a single value.
    pub numerator: Option<f64>,
    /// What it was divided by; `None` for a single value.
    pub denominator: Option<f64>,
}

impl Measured {
    fn single(value: Option<f64>) -> Self {
        Self { value: value.map(|v| v + 0.0).filter(|value| value.is_finite()), ..Self::default() }
    }

    fn quotient(numerator: Option<f64>, denominator: Option<f64>, percent: bool) -> Self {
        // No negative zero, which JSON would tell from zero.
        let finite = |part: Option<f64>| part.map(|v| v + 0.0).filter(|value| value.is_finite());
        let (numerator, denominator) = (finite(numerator), finite(denominator));
        let divided = numerator.zip(denominator).filter(|(_, below)| *below != 0.0);
        let value = divided.map(|(above, below)| scaled(above, below, percent));
        Self { value: finite(value), numerator, denominator }
    }
}

fn scaled(numerator: f64, denominator: f64, percent: bool) -> f64 {
    if percent { 100.0 * numerator / denominator } else { numerator / denominator }
}

/// The value of an indicator for many centres, each with what it came to in one visit: the
/// quotient of the sums, in which a large centre weighs more than a small one, over those that
/// have a value. Where none is a quotient, the mean of the single values; where both kinds
/// stand together, only the quotients can be summed.
#[must_use]
pub fn territory_value(
    definition: &Definition,
    each: impl IntoIterator<Item = Measured>,
) -> Option<f64> {
    let (mut above, mut below, mut quotients) = (0.0, 0.0, false);
    let (mut sum, mut count) = (0.0, 0.0);
    for one in each {
        let Some(value) = one.value else { continue };
        if let (Some(numerator), Some(denominator)) = (one.numerator, one.denominator) {
            quotients = true;
            above += numerator;
            below += denominator;
        } else {
            sum += value;
            count += 1.0;
        }
    }
    let found = if quotients {
        Measured::quotient(Some(above), Some(below), definition.is_percent())
    } else {
        Measured::quotient(Some(sum), Some(count), false)
    };
    found.value
}

/// Indicators made ready for visits with one checklist.
pub struct Compiled {
    version: ModelVersion,
    slots: FactSlots,
    each: Vec<Ready>,
}

impl Compiled {
    /// Which set they are of.
    #[must_use]
    pub fn version(&self) -> &ModelVersion {
        &self.version
    }

    /// The set by name: `CODE VERSION`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.version.code, self.version.version)
    }

    /// The facts that they read.
    #[must_use]
    pub fn facts(&self) -> &FactSlots {
        &self.slots
    }

    /// The definitions of those that this checklist can give, in the file's order.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.each.iter().map(|ready| ready.definition.as_ref())
    }

    /// What they come to in a visit, in the same order; allocates nothing.
    pub fn values<'a>(&'a self, inputs: &'a Inputs<'_>) -> impl Iterator<Item = Measured> + 'a {
        self.each.iter().map(|ready| ready.measure(inputs, &NO_HISTORY))
    }

    /// The levels of these values.
    pub(super) fn levels<'a>(
        &'a self,
        inputs: &'a Inputs<'_>,
    ) -> impl Iterator<Item = Option<IndicatorLevel>> + 'a {
        self.each
            .iter()
            .map(|ready| level_of(&ready.definition, ready.measure(inputs, &NO_HISTORY).value?))
    }

    /// The same with level and inputs, as a score keeps it.
    #[must_use]
    pub fn explain(&self, inputs: &Inputs<'_>) -> Vec<IndicatorValue> {
        self.each.iter().map(|ready| ready.explain(inputs, &NO_HISTORY)).collect()
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = self.definitions().map(|one| one.code.as_str());
        write!(f, "{} {} ", self.version.code, self.version.version)?;
        f.debug_list().entries(codes).finish()
    }
}

const NO_HISTORY: History = History {
    days_since_last_visit: None,
    critical_open: None,
    oldest_critical_days: None,
    repeated_failures: None,
};

enum Shape {
    Single(Term),
    Quotient { numerator: Term, denominator: Term },
}

struct Ready {
    definition: Arc<Definition>,
    shape: Shape,
    sources: Vec<Source>,
}

impl Ready {
    /// `None` where the checklist cannot give it: a formula of written numbers alone, what is
    /// left when every item is another checklist's, says nothing either.
    fn new(definition: &Arc<Definition>, compiler: &Compiler<'_>) -> Option<Self> {
        let formula = |part: &Option<_>| part.as_ref().and_then(|part| compiler.formula(part));
        let single = |found: Formula| (Shape::Single(found.term), found.sources);
        let both = formula(&definition.numerator).zip(formula(&definition.denominator));
        let quotient = both.map(|(above, below)| {
            let sources = above.sources.into_iter().chain(below.sources).collect();
            (Shape::Quotient { numerator: above.term, denominator: below.term }, sources)
        });
        let (shape, mut sources): (Shape, Vec<Source>) = quotient
            .or_else(|| formula(&definition.value).map(single))
            .or_else(|| formula(&definition.otherwise).map(single))?;
        let mut seen = BTreeSet::new();
        sources.retain(|source| seen.insert((source.kind, source.code.clone())));
        let definition = definition.clone();
        (!sources.is_empty()).then_some(Self { definition, shape, sources })
    }

    fn measure(&self, inputs: &Inputs<'_>, history: &History) -> Measured {
        match &self.shape {
            Shape::Single(term) => Measured::single(term(inputs, history)),
            Shape::Quotient { numerator, denominator } => Measured::quotient(
                numerator(inputs, history),
                denominator(inputs, history),
                self.definition.is_percent(),
            ),
        }
    }

    fn explain(&self, inputs: &Inputs<'_>, history: &History) -> IndicatorValue {
        let Measured { value, numerator, denominator } = self.measure(inputs, history);
        let level = value.and_then(|value| level_of(&self.definition, value));
        let each = self.sources.iter().map(|source| IndicatorInput {
            kind: source.kind,
            code: source.code.clone(),
            value: (source.term)(inputs, history).filter(|value| value.is_finite()),
        });
        IndicatorValue {
            code: self.definition.code.clone(),
            value,
            numerator,
            denominator,
            level,
            critical: self.definition.critical && level == Some(IndicatorLevel::Poor),
            inputs: each.collect(),
        }
    }
}

/// How good a value is; `None` for an indicator without limits.
#[must_use]
pub fn level_of(definition: &Definition, value: f64) -> Option<IndicatorLevel> {
    let good = definition.good?;
    let as_good_as = |limits| meets(definition.direction, limits, value);
    Some(if as_good_as(good) {
        IndicatorLevel::Good
    } else if definition.fair.is_some_and(as_good_as) {
        IndicatorLevel::Fair
    } else {
        IndicatorLevel::Poor
    })
}
