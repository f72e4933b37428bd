//! How groups of texts are written down: one line a text, Italian first. A text that lacks a
//! language does not compile.

/// Makes a struct of texts, one field each, and its Italian and English values.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $it:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[expect(missing_docs, reason = "the texts say what they are")]
        pub struct $name { $(pub $field: &'static str),+ }

        impl $name {
            const IT: Self = Self { $($field: $it),+ };
            const EN: Self = Self { $($field: $en),+ };

            /// The texts of a language.
            #[must_use]
            pub fn of(lang: $crate::messages::Lang) -> &'static Self {
                lang.of(&Self::IT, &Self::EN)
            }

            #[cfg(test)]
            pub(crate) fn pairs() -> Vec<(&'static str, &'static str, &'static str)> {
                vec![$((stringify!($field), $it, $en)),+]
            }
        }
    };
}

pub(crate) use texts;
