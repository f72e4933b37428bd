//! The verdicts of a visit in a few bytes, so that a million visits can be scored again
//! without reading their JSON. Derived: the content is the truth, and this can be rebuilt.
//!
//! Format 1: a byte 1; the number of items of the checklist version (u16); then per answered
//! item its index (u16), a tag, and what the tag needs: a number is eight bytes (f64), chosen
//! options are a count (u16) and their indexes (u16 each). All little-endian.

use crate::checklist::{Answered, Verdict};

const FORMAT: u8 = 1;

/// The bytes are not of this form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the compact form of answers, format 1")]
pub struct NotCompact;

/// Writes the compact form.
#[must_use]
pub fn encode(answered: &Answered) -> Vec<u8> {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes();
    let mut bytes = vec![FORMAT];
    bytes.extend(short(answered.len()));
    for (index, verdict) in answered.iter().enumerate() {
        let Some(verdict) = verdict else { continue };
        bytes.extend(short(index));
        bytes.push(tag(verdict));
        match verdict {
            Verdict::Number(number) => bytes.extend(number.to_le_bytes()),
            Verdict::Chosen(options) => {
                bytes.extend(short(options.len()));
                bytes.extend(options.iter().flat_map(|option| option.to_le_bytes()));
            }
            _ => {}
        }
    }
    bytes
}

fn tag(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Yes => 0,
        Verdict::Partial => 1,
        Verdict::No => 2,
        Verdict::NotApplicable => 3,
        Verdict::NotObserved => 4,
        Verdict::Number(_) => 5,
        Verdict::Chosen(_) => 6,
        Verdict::Text => 7,
    }
}

/// Reads the compact form.
///
/// # Errors
/// [`NotCompact`] where the bytes are cut, of another format, or name an item beyond the
/// checklist.
pub fn decode(bytes: &[u8]) -> Result<Answered, NotCompact> {
    let mut rest = Rest(bytes);
    if rest.take::<1>()? != [FORMAT] {
        return Err(NotCompact);
    }
    let mut answered: Answered = vec![None; usize::from(rest.short()?)];
    while !rest.0.is_empty() {
        let index = usize::from(rest.short()?);
        let verdict = match rest.take::<1>()? {
            [0] => Verdict::Yes,
            [1] => Verdict::Partial,
            [2] => Verdict::No,
            [3] => Verdict::NotApplicable,
            [4] => Verdict::NotObserved,
            [5] => Verdict::Number(f64::from_le_bytes(rest.take()?)),
            [6] => {
                let count = rest.short()?;
                Verdict::Chosen((0..count).map(|_| rest.short()).collect::<Result<_, _>>()?)
            }
            [7] => Verdict::Text,
            _ => return Err(NotCompact),
        };
        *answered.get_mut(index).ok_or(NotCompact)? = Some(verdict);
    }
    Ok(answered)
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], NotCompact> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(NotCompact)?;
        self.0 = tail;
        Ok(*head)
    }

    fn short(&mut self) -> Result<u16, NotCompact> {
        self.take().map(u16::from_le_bytes)
    }
}
