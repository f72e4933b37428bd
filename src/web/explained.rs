//! Why a visit has its band, what would lift it, and what cost most: sentences with figures
//! for readers who are no statisticians, on the page of the visit and on that of its centre.
//! The arithmetic itself is `inspection/arithmetic.rs`'s.

use vigila_core::documents::explanation::{Lift, Rule};
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::documents::score::Band;

use super::format;
use super::instruments::{Instruments, text};
use super::parts::{Answer, raw_value};
use crate::app::explanations;
use crate::messages::explanations::Explained as Texts;
use crate::messages::{Lang, fill, words};

/// Steps of a way that are shown at once; the rest can be opened.
const AT_ONCE: usize = 8;

/// What it is told from.
pub struct Ground<'a> {
    pub lang: Lang,
    pub explained: &'a explanations::Explained,
    pub instruments: &'a Instruments,
    pub checklist: &'a ChecklistRef,
    /// The page of the visit; empty on that page itself.
    pub visit: String,
}

/// Why the band is what it is.
pub struct Why {
    /// The rule that decided.
    pub rule: String,
    /// The critical items that failed, with what each would give back.
    pub culprits: Vec<Step>,
    /// The rule that holds when critical items are left aside, where they decided.
    pub by_points: Option<String>,
    /// What would lift it.
    pub lift: String,
    pub steps: Vec<Step>,
    pub more_steps: Vec<Step>,
    pub more_words: String,
    pub more_from: usize,
    pub costliest: Vec<Cost>,
}

/// An item on the way to a better band.
pub struct Step {
    pub code: String,
    /// Where its answer is.
    pub address: String,
    pub question: String,
    /// The points it would add.
    pub gains: Option<String>,
}

/// An item that cost points.
pub struct Cost {
    pub code: String,
    pub question: String,
    pub answer: Answer,
    pub lost: String,
    pub photos: usize,
}

/// Why a visit has its band.
pub fn why(ground: &Ground<'_>) -> Why {
    let t = Texts::of(ground.lang);
    let explanations::Explained { explanation, score, .. } = ground.explained;
    let reason = &explanation.band;
    let decided_by_critical = reason.rule == Rule::KnockOut;
    let lift = explanation.lift.as_ref();
    let mut steps = lift.map(|lift| steps(ground, t, lift)).unwrap_or_default();
    // They are the way to a better band, and are told once.
    let culprits = match (decided_by_critical, steps.is_empty()) {
        (true, false) => std::mem::take(&mut steps),
        (true, true) => reason.knocked_out_by.iter().map(|item| step(ground, item, None)).collect(),
        (false, _) => Vec::new(),
    };
    let more_steps = steps.split_off(steps.len().min(AT_ONCE));
    Why {
        rule: rule_words(ground, t, reason.rule, score.band),
        culprits,
        by_points: decided_by_critical
            .then(|| rule_words(ground, t, reason.rule_by_points, score.band_by_points)),
        lift: lift_words(ground, t, reason.rule, lift),
        more_from: steps.len() + 1,
        steps,
        more_words: fill(t.lift_rest, &[more_steps.len().to_string()]),
        more_steps,
        costliest: costliest(ground),
    }
}

fn rule_words(ground: &Ground<'_>, t: &Texts, rule: Rule, band: Band) -> String {
    let lang = &ground.lang;
    let explanations::Explained { explanation, score, .. } = ground.explained;
    let reason = &explanation.band;
    let word = words::band(band, *lang).to_owned();
    match rule {
        Rule::KnockOut => {
            let count = reason.knocked_out_by.len();
            let template = if count == 1 { t.knock_out_one } else { t.knock_out };
            fill(template, &[count.to_string(), word])
        }
        Rule::NothingScored => fill(t.nothing_scored, &[word]),
        Rule::Coverage => {
            let shares = [score.coverage.unwrap_or(0.0), reason.coverage_minimum];
            let [seen, needed] = shares.map(|share| format::share(share, *lang));
            fill(t.coverage, &[seen, needed, word])
        }
        Rule::UnseenSection => {
            let template = if reason.unseen_sections.len() == 1 { t.unseen_one } else { t.unseen };
            fill(template, &[unseen_titles(ground, t), word])
        }
        Rule::DimensionFloor => floor_words(ground, t, word),
        Rule::Points => points_words(ground, t, band),
    }
}

/// The titles of the sections of which nothing was seen, quoted.
fn unseen_titles(ground: &Ground<'_>, t: &Texts) -> String {
    let published = ground.instruments.get(ground.checklist);
    let sections = published.map_or(&[][..], |p| p.instrument.document.sections.as_slice());
    let titles = ground.explained.explanation.band.unseen_sections.iter().map(|code| {
        let found = sections.iter().find(|section| section.code == *code);
        let title = found.map_or(code.as_str(), |section| text(&section.title, ground.lang));
        fill(t.quoted, &[title.to_owned()])
    });
    titles.collect::<Vec<_>>().join(", ")
}

fn floor_words(ground: &Ground<'_>, t: &Texts, cap: String) -> String {
    let lang = &ground.lang;
    let explanations::Explained { explanation, score, model } = ground.explained;
    let low = &explanation.band.below_floor;
    let overall = score.overall.unwrap_or(0.0);
    let named = low.iter().map(|code| {
        let points = score.dimensions.iter().find(|d| d.code == *code).and_then(|d| d.score);
        let points = points.map(|points| format::score(points, *lang)).unwrap_or_default();
        fill(t.dimension_at, &[words::dimension(code, *lang).to_owned(), points])
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let template = if low.len() == 1 { t.floor_one } else { t.floor };
    let would_be = words::band(model.band_of(overall), *lang).to_owned();
    let floor = format::number(explanation.band.floor, *lang);
    fill(template, &[format::score(overall, *lang), would_be, floor, named, cap])
}

fn points_words(ground: &Ground<'_>, t: &Texts, band: Band) -> String {
    let lang = &ground.lang;
    let explanations::Explained { score, model, .. } = ground.explained;
    let limits = &model.document.bands;
    let (template, bounds) = match band {
        Band::Good => (t.points_above, vec![limits.good]),
        Band::Adequate => (t.points_between, vec![limits.adequate, limits.good]),
        Band::ToImprove => (t.points_between, vec![limits.to_improve, limits.adequate]),
        _ => (t.points_below, vec![limits.to_improve]),
    };
    let mut filling = vec![format::score(score.overall.unwrap_or(0.0), *lang)];
    filling.extend(bounds.into_iter().map(|bound| format::number(bound, *lang)));
    filling.push(words::band(band, *lang).to_owned());
    fill(template, &filling)
}

fn lift_words(ground: &Ground<'_>, t: &Texts, rule: Rule, lift: Option<&Lift>) -> String {
    let lang = &ground.lang;
    let explanations::Explained { score, model, .. } = ground.explained;
    let Some(lift) = lift else {
        return if score.band == Band::Good { t.lift_best } else { t.lift_none }.to_owned();
    };
    let (Some(band), Some(overall)) = (lift.band, lift.overall) else {
        return t.lift_observe.to_owned();
    };
    let template = match (lift.mend.len(), rule) {
        (1, _) => t.lift_one,
        (_, Rule::KnockOut) => t.lift_knock_out,
        _ => t.lift_all,
    };
    let reached = [words::band(band, *lang).to_owned(), format::score(overall, *lang)];
    let told = fill(template, &reached);
    // The points alone may promise more than the band that is reached.
    if band == Band::NotEnoughData {
        format!("{told} {}", t.lift_unseen)
    } else if model.band_of(overall) > band {
        let floor = format::number(model.document.dimension_floor.below, *lang);
        format!("{told} {}", fill(t.lift_capped, &[floor]))
    } else {
        told
    }
}

/// What would have to be mended, or looked at.
fn steps(ground: &Ground<'_>, t: &Texts, lift: &Lift) -> Vec<Step> {
    if lift.band.is_none() {
        return lift.observe.iter().map(|item| step(ground, item, None)).collect();
    }
    let each = lift.mend.iter().map(|mend| {
        let gains = fill(t.gains, &[format::score(mend.points, ground.lang)]);
        step(ground, &mend.item, Some(gains))
    });
    each.collect()
}

fn step(ground: &Ground<'_>, item: &str, gains: Option<String>) -> Step {
    let address = format!("{}#{item}", ground.visit);
    Step {
        code: item.to_owned(),
        address,
        question: ground.instruments.question(ground.checklist, item),
        gains,
    }
}

fn costliest(ground: &Ground<'_>) -> Vec<Cost> {
    let lang = ground.lang;
    let lost = ground.explained.score.costliest.iter().filter(|item| item.points_lost > 0.0);
    let each = lost.map(|cost| Cost {
        code: cost.item.clone(),
        question: ground.instruments.question(ground.checklist, &cost.item),
        answer: Answer::new(
            ground.instruments.item(ground.checklist, &cost.item),
            &raw_value(&cost.answer),
            None,
            lang,
        ),
        lost: format::score(cost.points_lost, lang),
        photos: cost.photos.len(),
    });
    each.collect()
}
