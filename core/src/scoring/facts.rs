//! The facts of a visit: the centre's, its contract's on that day, and what the visit itself
//! counted (contract, section 3, step 6).

use crate::checklist::{Answered, Instrument, Verdict};
use crate::domain::{Contract, Day, Facility, FactValue, Facts};

/// What is known of a centre on a day, before anybody looks.
#[must_use]
pub fn from_centre(facility: &Facility, contracts: &[Contract], day: Day) -> Facts {
    let mut facts = facility.facts.clone();
    if let Some(places) = facility.authorised_places {
        facts.insert("capacity".into(), FactValue::Number(f64::from(places)));
    }
    if let Some(contract) = Contract::in_force(contracts, day) {
        let each = contract.parameters.iter();
        facts.extend(each.map(|(name, value)| (format!("contract.{name}"), *value)));
    }
    facts
}

/// The facts that count in a visit: a number answered to an item that feeds a fact replaces
/// what was known before. These are the ones frozen at receipt.
#[must_use]
pub fn at_visit(known: &Facts, instrument: &Instrument, answered: &Answered) -> Facts {
    let mut facts = known.clone();
    for (item, verdict) in instrument.items.iter().zip(answered) {
        if let Some(Verdict::Number(number)) = verdict {
            let fed = item.feeds.iter();
            facts.extend(fed.map(|fact| (fact.clone(), FactValue::Number(*number))));
        }
    }
    facts
}
