//! One answer: drawn from the quality of the centre, of the item's own type, within its range.

use serde_json::{Value, json};
use vigila_core::checklist::{Item, Kind};
use vigila_core::documents::checklist::{self as document, Choice};
use vigila_core::documents::inspection;

use super::chance::{Chance, seed_of};
use super::numbers;
use super::quality::{Drawn, Finding};
use super::scene::Scene;
use super::words;

/// An answer with what it found.
pub(super) struct Answered {
    /// The value as it is sent.
    pub value: Value,
    /// The reason of a `na`.
    pub reason: Option<&'static str>,
    /// A note.
    pub note: Option<&'static str>,
    /// What was found.
    pub finding: Finding,
}

/// How a visit looks: how often something cannot be seen, by dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// From afar, on papers: rooms are not seen.
    Papers,
}

/// How often a compliance item does not apply, though it is due.
const OFTEN_NA: f64 = 0.015;
/// How often an item is not observed in a whole visit.
const OFTEN_UNSEEN: f64 = 0.025;

/// The number for an item that feeds a fact which can be counted.
pub(super) fn counted(item: &Item, scene: &Scene, chance: &mut Chance) -> Option<f64> {
    if !matches!(item.kind, Kind::Number { scoring: None, .. }) {
        return None;
    }
    item.feeds.iter().find_map(|fact| scene.count(fact, chance))
}

/// Draws the answer to an item; what was counted comes from `counts`.
pub(super) fn draw(
    item: &Item,
    written: &document::Item,
    dimension: &str,
    scene: &Scene,
    extent: Extent,
    chance: &mut Chance,
) -> Answered {
    if let Some(unseen) = unseen(item, dimension, extent, chance) {
        return unseen;
    }
    if let Kind::Compliance { .. } = item.kind
        && !item.critical
        && chance.happens(OFTEN_NA)
    {
        let reason = Some(words::reason(chance));
        return Answered { value: json!("na"), reason, note: None, finding: Finding::Neutral };
    }
    let finding = find(item, written, dimension, scene, chance);
    let value = match &item.kind {
        Kind::Compliance { .. } => json!(compliance(finding)),
        Kind::Text => json!(words::statement(chance)),
        Kind::Choice { options, multiple } => {
            let one = choose(options, scene.kind, finding, chance);
            if *multiple { json!([one]) } else { json!(one) }
        }
        Kind::Number { min, max, integer, scoring } => {
            let unit = written.unit.as_deref().unwrap_or("count");
            let number = match (scoring, counted(item, scene, chance)) {
                (Some(scoring), _) => numbers::value(scoring, unit, *integer, finding, chance),
                (None, Some(count)) => count,
                (None, None) => chance.whole(0, 2) as f64,
            };
            number_json(number.max(min.unwrap_or(f64::MIN)).min(max.unwrap_or(f64::MAX)))
        }
    };
    let note = words::note(finding, dimension, chance);
    Answered { value, reason: None, note, finding }
}

fn unseen(item: &Item, dimension: &str, extent: Extent, chance: &mut Chance) -> Option<Answered> {
    let counts_persons = !item.kind.is_scored();
    let often = match extent {
        Extent::Papers if words::is_seen_on_site(dimension) => 1.0,
        Extent::Papers | Extent::Whole if counts_persons => 0.0,
        Extent::Papers => 0.3,
        Extent::Whole => OFTEN_UNSEEN,
    };
    chance.happens(often).then(|| Answered {
        value: json!("not_observed"),
        reason: None,
        note: words::note(Finding::Unseen, dimension, chance),
        finding: Finding::Unseen,
    })
}

fn find(
    item: &Item,
    written: &document::Item,
    dimension: &str,
    scene: &Scene,
    chance: &mut Chance,
) -> Finding {
    // Whether there are more guests than places is one truth, counted above and asked here.
    let is_occupancy = written.feeds.iter().any(|fed| fed == "IND-HOU-01");
    if is_occupancy && matches!(item.kind, Kind::Compliance { .. }) {
        return if scene.overcrowded { Finding::Failed } else { Finding::Full };
    }
    let has_half = match &item.kind {
        Kind::Compliance { half } => *half,
        Kind::Number { scoring: Some(scoring), .. } => numbers::has_half(scoring),
        Kind::Choice { options, .. } if options.iter().any(|o| o.score.is_some()) => false,
        _ => return Finding::Neutral,
    };
    let critical = item.critical;
    let drawn = Drawn { dimension, critical, has_half, quick_check: scene.quick_check };
    let mut lasting = Chance::of(&[scene.centre, seed_of(&item.code)]);
    scene.profile.find(&drawn, scene.quality, &mut lasting, chance)
}

fn compliance(finding: Finding) -> &'static str {
    match finding {
        Finding::Half => "partial",
        Finding::Failed => "no",
        Finding::Unseen => "not_observed",
        Finding::Full | Finding::Neutral => "yes",
    }
}

fn choose(
    options: &[Choice],
    kind: inspection::Kind,
    finding: Finding,
    chance: &mut Chance,
) -> String {
    // An option that says how the visit was made repeats what the visit itself says.
    if let Some(same) = options.iter().find(|option| option.value == kind.as_str()) {
        return same.value.clone();
    }
    let wanted = |option: &&Choice| match finding {
        Finding::Full => option.score == Some(1.0),
        Finding::Failed => option.score == Some(0.0),
        _ => true,
    };
    let fitting: Vec<_> = options.iter().filter(wanted).collect();
    // The first option is the usual one: two visits in three.
    let usual = fitting.first().copied().filter(|_| chance.happens(0.66));
    let chosen = usual.or_else(|| chance.pick(&fitting).copied()).or(options.first());
    chosen.map(|option| option.value.clone()).unwrap_or_default()
}

/// As a phone writes it: a whole number without a fraction.
fn number_json(number: f64) -> Value {
    if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
}
