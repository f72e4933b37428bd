//! Passwords at rest: Argon2id (RFC 9106), computed on a bounded number of threads, so that a
//! burst of sign-ins cannot take the processors from monitors who submit.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::Error;

/// How many passwords are computed at once.
const AT_ONCE: usize = 2;

/// How long somebody waits for a turn: who waits longer has long given up.
const LONGEST_LINE: Duration = Duration::from_secs(10);

/// Fewest characters of a password (NIST SP 800-63B asks 8; the contract asks 12).
pub const LEAST_LENGTH: usize = 12;

/// A bounded place to compute passwords in. Clones share it.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// What a name that nobody has is checked against, so that it takes as long as one
    /// that somebody has.
    decoy: Arc<str>,
}

impl Passwords {
    /// A new place.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn new() -> Result<Self, Error> {
        let decoy = hash_password("the password of nobody")?;
        Ok(Self { permits: Arc::new(Semaphore::new(AT_ONCE)), decoy: decoy.into() })
    }

    /// Whether the password fits the hash. Without a hash it takes as long, and does not fit.
    ///
    /// # Errors
    /// [`Error::Internal`] when the work cannot be run.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let fits = self.run(move || Ok(verify_password(&password, &hash))).await?;
        Ok(fits && known)
    }

    /// The hash of a password.
    ///
    /// # Errors
    /// [`Error::Internal`] when the work cannot be run.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        self.run(move || hash_password(&password)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.permits.clone().acquire_owned();
        let permit = tokio::time::timeout(LONGEST_LINE, permit).await.map_err(|_| Error::Busy)?;
        let permit = permit.map_err(|_| Error::Busy)?;
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.map_err(|e| Error::Internal(e.to_string()))?
    }
}

/// A new password: 20 characters that cannot be mistaken for each other, some 100 bits.
///
/// # Errors
/// [`Error::Internal`] when the system gives no randomness.
pub fn generate_password() -> Result<String, Error> {
    // 32 of them, so that five random bits choose evenly.
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(e.to_string()))?;
    let characters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    Ok(characters.chunks(5).map(String::from_iter).collect::<Vec<_>>().join("-"))
}

/// 19 MiB, two passes, one lane: the first choice of the OWASP password storage guidance.
fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// The hash of a password, with its salt and parameters. Takes tens of milliseconds.
///
/// # Errors
/// [`Error::Internal`] when the system gives no randomness.
pub fn hash_password(password: &str) -> Result<String, Error> {
    let hash = argon2id().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|e| Error::Internal(e.to_string()))
}

/// Whether the password fits the hash.
#[must_use]
pub fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2id().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_password_is_long_and_new() {
        let one = generate_password().unwrap();
        assert_eq!(one.len(), 23);
        assert_ne!(one, generate_password().unwrap());
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("a long pass phrase").unwrap();
        assert!(verify_password("a long pass phrase", &hash));
        assert!(!verify_password("a long pass phrasE", &hash));
        assert!(!verify_password("a long pass phrase", "not a hash"));
    }
}
