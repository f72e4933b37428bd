//! The REST API: what comes in becomes words of the domain, what goes out becomes JSON. Knows
//! `app`, and neither the database nor the pages.

mod actors;
mod body;
mod conditions;
mod docs;
mod metrics;
mod openapi;
mod paging;
mod problem;
mod query;
mod render;
mod routes;
pub mod v1;

pub use metrics::MetricsAllowed;
pub use openapi::{document, document_text};
pub use problem::{Code, Problem, TYPE_BASE};
pub use render::nothing_here;
pub use routes::configure;
