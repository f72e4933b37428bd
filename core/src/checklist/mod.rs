//! The instruments: reading and linting checklists and what they lean on, and checking the
//! answers of a visit against one. Knows the documents; knows nothing of scores.

mod answers;
mod companion_rules;
mod condition;
mod evidence_rules;
mod file;
mod formula_rules;
mod indicator_rules;
mod instrument;
mod item_rules;
mod lint;
mod model_alone;
mod planning_rules;
mod schema;
mod set;
mod units;

pub use answers::{Answered, Verdict, check_answers};
pub use condition::{Condition, NotACondition, Operator, TOLERANCE};
pub use file::{Finding, Level, Mend, Parsed, SourceFile, parse_yaml};
pub use instrument::{Instrument, Item, Kind, NotAnInstrument};
pub use lint::{read_file_set, read_file_set_beside};
pub use model_alone::read_model;
pub use schema::{schema_of, schema_text};
pub use set::{FileKind, FileSet, Loaded};
