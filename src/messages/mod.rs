//! The one catalogue of what people read: Italian first, English complete. Knows no HTTP and
//! no page.

pub mod evidence;
pub mod explanations;
mod faults;
pub mod findings;
pub mod pages;
mod problems;
pub mod redactions;
mod texts;
pub mod trends;
pub mod visits;
pub mod words;

pub use faults::fault;
pub use problems::problem;

/// A language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Italiano.
    It,
    /// English.
    En,
}

impl Lang {
    /// Its tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }

    /// The language of a tag, in lower case and without a region.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag {
            "it" => Some(Self::It),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The one that this is not.
    #[must_use]
    pub fn other(self) -> Self {
        self.of(Self::En, Self::It)
    }

    /// The language that an `Accept-Language` header (RFC 9110, section 12.5.4) likes best of
    /// the two; `otherwise` where it likes neither or is absent.
    #[must_use]
    pub fn accepted(header: Option<&str>, otherwise: Self) -> Self {
        let ranges = header.unwrap_or_default().split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next()?.split('-').next()?.to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q="));
            let quality: f32 = quality.map_or(Some(1.0), |q| q.parse().ok())?;
            let lang = match tag.as_str() {
                "it" => Self::It,
                "en" => Self::En,
                "*" => otherwise,
                _ => return None,
            };
            (quality > 0.0).then_some((lang, quality))
        });
        // Of equal ones the first counts, so only a better one replaces it.
        let best = ranges.fold(None, |best: Option<(Self, f32)>, next| match best {
            Some(have) if have.1 >= next.1 => Some(have),
            _ => Some(next),
        });
        best.map_or(otherwise, |(lang, _)| lang)
    }

    /// The text of this language.
    #[must_use]
    pub fn of<T>(self, it: T, en: T) -> T {
        match self {
            Self::It => it,
            Self::En => en,
        }
    }
}

/// Fills `{0}`, `{1}` … with words.
#[must_use]
pub fn fill(template: &str, words: &[String]) -> String {
    words.iter().enumerate().fold(template.to_owned(), |text, (index, word)| {
        text.replace(&format!("{{{index}}}"), word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_liked_best_is_spoken() {
        let table = [
            (None, Lang::En),
            (Some("it"), Lang::It),
            (Some("it-IT,it;q=0.9,en;q=0.8"), Lang::It),
            (Some("de,en;q=0.5,it;q=0.7"), Lang::It),
            (Some("fr"), Lang::En),
            (Some("it;q=0"), Lang::En),
            (Some("*"), Lang::En),
            (Some(";;q=x,,"), Lang::En),
        ];
        for (header, expected) in table {
            assert_eq!(Lang::accepted(header, Lang::En), expected, "{header:?}");
        }
    }
}
