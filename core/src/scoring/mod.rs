//! From answers and facts to scores, scorecards and trends (contract, section 3). Pure
//! arithmetic over an [`Instrument`](crate::checklist::Instrument) and a [`Model`].

mod agreement;
mod applied;
mod compact;
mod explanation;
mod fact_slots;
mod facts;
mod formula;
mod indicators;
mod kappa;
mod lift;
pub mod local_level;
mod model;
mod next_visits;
mod points;
mod repeats;
mod score;
mod scorecard;
mod what_if;

pub use agreement::{
    Agreement, ChecklistAgreement, DoubleVisit, Figures, ItemAgreement, Judgement, Judgements,
    VisitBy, agreement, double_visits, judgements,
};
pub use applied::{Applied, Judged, Ruling, Tally, Weights};
pub use compact::{NotCompact, decode, encode};
pub use explanation::explain;
pub use fact_slots::FactSlots;
pub use facts::{at_visit, from_centre};
pub use formula::{History, Inputs};
pub use indicators::{Compiled, Indicators, Measured, level_of, territory_value};
pub use kappa::{CONFIDENCE as KAPPA_CONFIDENCE, Kappa, Table};
pub use lift::lift;
pub use model::{Model, NotAModel, in_force};
pub use next_visits::{NotAPlan, Plan, Priority, Rank, Reason, Situation, in_order, priority};
pub use points::{Item, State, item_state, item_states, value_of};
pub use repeats::Repeats;
pub use score::{Outcome, Scored, evidence_due, inputs_digest, score};
pub use scorecard::{Base, Card, CriticalNow, Spoken, Standing, Visit, Watched};
pub use what_if::{Revisited, View, WhatIf};
