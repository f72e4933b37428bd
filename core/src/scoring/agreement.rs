//! Do two inspectors see the same? Finds double visits and compares what both judged, item by
//! item. Figures go out only over three or more inspectors, and never with a person's id:
//! this is about questions that are read in different ways, not about colleagues.
//!
//! What is shown, and why nobody can be subtracted from it: `docs/adr/0020`.

use std::collections::{BTreeMap, BTreeSet};

use super::kappa::{Kappa, Table};
use super::model::{Model, TOLERANCE};
use super::points::{Item, State, item_state};
use crate::checklist::{Answered, Instrument, Verdict};
use crate::domain::{FacilityId, Facts, InspectionId, Instant, PersonId};

/// The longest time between the ends of two visits that are a double visit, in days.
pub const DOUBLE_VISIT_DAYS: f64 = 2.0;
/// The fewest different inspectors a figure is shown over.
pub const FEWEST_INSPECTORS: usize = 3;

/// What an inspector said of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// Worth all its points.
    Met,
    /// Worth some of them.
    Partly,
    /// Worth none.
    NotMet,
    /// Not applicable: a judgement of its own.
    NotApplicable,
}

/// How many judgements there are.
const JUDGEMENTS: usize = 4;

impl Judgement {
    /// What an answer says of its item; none where it was not observed, has no score, or the
    /// item counts for nothing there (its condition is false, it has no weight).
    #[must_use]
    pub fn of(
        model: &Model,
        item: &Item,
        verdict: Option<&Verdict>,
        facts: &Facts,
    ) -> Option<Self> {
        if verdict == Some(&Verdict::NotApplicable) {
            // Without the `na` it would have been due.
            let due = item_state(model, item, None, facts) == State::NotObserved;
            return due.then_some(Self::NotApplicable);
        }
        match item_state(model, item, verdict, facts) {
            State::Observed(worth) if worth >= 1.0 - TOLERANCE => Some(Self::Met),
            State::Observed(worth) if worth <= TOLERANCE => Some(Self::NotMet),
            State::Observed(_) => Some(Self::Partly),
            State::NotDue | State::NotObserved => None,
        }
    }
}

/// What a visit said, by the codes of its items. Codes keep their meaning across versions.
pub type Judgements = BTreeMap<String, Judgement>;

/// What a visit said of all its items, under a model.
#[must_use]
pub fn judgements(
    model: &Model,
    instrument: &Instrument,
    answered: &Answered,
    facts: &Facts,
) -> Judgements {
    let each = instrument.items.iter().zip(answered);
    let said = each.filter_map(|(item, verdict)| {
        Some((item.code.clone(), Judgement::of(model, item, verdict.as_ref(), facts)?))
    });
    said.collect()
}

/// A visit that counts, as far as finding double visits asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitBy {
    /// Its id.
    pub id: InspectionId,
    /// The centre.
    pub facility: FacilityId,
    /// The checklist's code, of any version.
    pub checklist: String,
    /// Who made it.
    pub person: PersonId,
    /// When it ended.
    pub ended_at: Instant,
    /// When it was received.
    pub received_at: Instant,
}

/// The double visits among these: of one centre and checklist, by different people, whose
/// ends lie within two days (both included). Each visit is in one at most; the earliest is
/// paired first, with the next that fits. In a pair the visit that ended first stands first.
/// The order in which visits are given is no matter.
#[must_use]
pub fn double_visits(visits: &[VisitBy]) -> Vec<[&VisitBy; 2]> {
    let mut groups: BTreeMap<(FacilityId, &str), Vec<&VisitBy>> = BTreeMap::new();
    for visit in visits {
        groups.entry((visit.facility, &visit.checklist)).or_default().push(visit);
    }
    let mut pairs = Vec::new();
    for (_, mut group) in groups {
        group.sort_by_key(|visit| (visit.ended_at, visit.received_at, visit.id));
        let mut paired = vec![false; group.len()];
        for (index, first) in group.iter().enumerate() {
            if paired[index] {
                continue;
            }
            let later = group.iter().enumerate().skip(index + 1);
            let mut near = later.take_while(|(_, second)| {
                second.ended_at.days_since(first.ended_at) <= DOUBLE_VISIT_DAYS
            });
            if let Some((other, second)) =
                near.find(|(other, second)| !paired[*other] && second.person != first.person)
            {
                paired[other] = true;
                pairs.push([*first, *second]);
            }
        }
    }
    pairs
}

/// A double visit with what both said.
#[derive(Debug, Clone)]
pub struct DoubleVisit<'a> {
    /// The two, the one that ended first standing first.
    pub visits: [&'a VisitBy; 2],
    /// What each said.
    pub judgements: [Judgements; 2],
}

/// How far inspectors agree, over the checklists that three or more of them compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Over all comparisons of the checklists below; none where nothing may be shown.
    pub overall: Option<Figures>,
    /// The checklists of which something may be shown, by code.
    pub checklists: Vec<ChecklistAgreement>,
}

impl Agreement {
    /// Whether nothing is shown: in no checklist did three inspectors take part in double
    /// visits that judged anything twice. That there were no double visits at all reads the
    /// same.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.overall.is_none()
    }
}

/// Figures over double visits.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// How many double visits, those among them that judged nothing twice counted too.
    pub double_visits: usize,
    /// How many different inspectors made them, three or more.
    pub inspectors: usize,
    /// How many items were compared, each time counted.
    pub compared: u64,
    /// How many of them were judged differently.
    pub disagreed: u64,
    /// Share judged alike, 0 to 1.
    pub observed: f64,
    /// Share that chance would judge alike, 0 to 1.
    pub expected: f64,
    /// Cohen's kappa; none where all judgements were the one same.
    pub kappa: Option<Kappa>,
}

/// Agreement over one checklist.
#[derive(Debug, Clone, PartialEq)]
pub struct ChecklistAgreement {
    /// Its code.
    pub checklist: String,
    /// Over all its comparisons, those of items that are not listed below among them.
    pub figures: Figures,
    /// Its items that three or more inspectors judged in double visits: most disputed first,
    /// then most compared, then by code.
    pub items: Vec<ItemAgreement>,
}

/// Agreement over one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemAgreement {
    /// Its code.
    pub item: String,
    /// How often it was compared.
    pub compared: u64,
    /// How often it was judged differently.
    pub disagreed: u64,
    /// `disagreed` of `compared`, 0 to 1.
    pub share: f64,
}

/// What is known of an item, a checklist or all.
#[derive(Default)]
struct Cell {
    table: Table<JUDGEMENTS>,
    double_visits: usize,
    inspectors: BTreeSet<PersonId>,
}

impl Cell {
    /// Adds a double visit, of which nothing need have been compared.
    fn took_part(&mut self, double: &DoubleVisit<'_>) {
        self.double_visits += 1;
        self.inspectors.extend(double.visits.map(|visit| visit.person));
    }

    fn join<'a>(cells: impl Iterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for cell in cells {
            all.table.join(&cell.table);
            all.double_visits += cell.double_visits;
            all.inspectors.extend(&cell.inspectors);
        }
        all
    }

    /// None where fewer than three inspectors took part, or nothing was compared.
    fn figures(&self) -> Option<Figures> {
        if self.inspectors.len() < FEWEST_INSPECTORS {
            return None;
        }
        Some(Figures {
            double_visits: self.double_visits,
            inspectors: self.inspectors.len(),
            compared: self.table.compared(),
            disagreed: self.table.disagreed(),
            observed: self.table.observed()?,
            expected: self.table.expected()?,
            kappa: self.table.kappa(),
        })
    }
}

/// What is known of a checklist.
#[derive(Default)]
struct Known<'a> {
    all: Cell,
    items: BTreeMap<&'a str, Cell>,
}

/// How far inspectors agree over these double visits.
#[must_use]
pub fn agreement(doubles: &[DoubleVisit<'_>]) -> Agreement {
    let mut known: BTreeMap<&str, Known<'_>> = BTreeMap::new();
    for double in doubles {
        let Known { all, items } = known.entry(&double.visits[0].checklist).or_default();
        all.took_part(double);
        let [first, second] = &double.judgements;
        for (item, said) in first {
            if let Some(other) = second.get(item) {
                let cell = items.entry(item).or_default();
                cell.took_part(double);
                cell.table.add(*said as usize, *other as usize);
                all.table.add(*said as usize, *other as usize);
            }
        }
    }
    // What is not shown by itself is in no total either: all less the others would show it.
    known.retain(|_, checklist| checklist.all.figures().is_some());
    let checklists = known.iter().filter_map(|(code, Known { all, items })| {
        let (checklist, items) = ((*code).to_owned(), ranked(items));
        Some(ChecklistAgreement { checklist, figures: all.figures()?, items })
    });
    let checklists = checklists.collect();
    let overall = Cell::join(known.values().map(|checklist| &checklist.all)).figures();
    Agreement { overall, checklists }
}

fn ranked(items: &BTreeMap<&str, Cell>) -> Vec<ItemAgreement> {
    let shown = items.iter().filter(|(_, cell)| cell.inspectors.len() >= FEWEST_INSPECTORS);
    let each = shown.filter_map(|(item, cell)| {
        Some(ItemAgreement {
            item: (*item).to_owned(),
            compared: cell.table.compared(),
            disagreed: cell.table.disagreed(),
            share: cell.table.disputed()?,
        })
    });
    let mut all: Vec<_> = each.collect();
    // The items come by code, and the sort keeps that order among equals.
    all.sort_by(|a, b| b.share.total_cmp(&a.share).then(b.compared.cmp(&a.compared)));
    all
}
