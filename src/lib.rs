//! vigila
