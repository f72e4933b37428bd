//! Semantic versions of documents, as far as their order.

/// The three parts of a version such as `1.10.0`, for comparison; what is no number counts as 0.
#[must_use]
pub fn semver(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}
