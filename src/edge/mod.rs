//! What the API and the pages share: the id of a request, the address of a client behind
//! trusted proxies, who asks, bodies that are read to their end, downloads. Knows no operation.

mod around;
mod client;
mod findings_table;
mod identity;
mod photo;
mod readiness;

pub use around::{RequestId, around};
pub use client::{ClientAddress, TrustedProxies};
pub use findings_table::{MOST_FINDINGS, findings_table};
pub use identity::{Identity, SESSION_COOKIE, identify_by_cookie, identify_by_header};
pub use photo::photo_response;
pub use readiness::Readiness;
