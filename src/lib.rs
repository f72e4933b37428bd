//! vigila
pub mod store;
