//! `vigila openapi`.

use super::{Failure, print};
use crate::http;

pub(super) fn run() -> Result<(), Failure> {
    print(&http::document_text())
}
