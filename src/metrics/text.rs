//! Gauges as Prometheus reads them (text format 0.0.4), written straight into one text: of a
//! country's centres there are a hundred thousand numbers, and a registry would hold each of
//! them, its name and its labels before it writes the first. Knows no metric.

use std::fmt::Write as _;

/// A gauge: what it is called, and what it says.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// What it says, as a sentence.
    pub help: &'static str,
    /// The names of its labels, in the order in which samples give their values.
    pub labels: &'static [&'static str],
}

/// A text that grows, family by family.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// An empty one with room for so many bytes.
    #[must_use]
    pub fn with_room(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// A family with its samples: the values of the labels, then the number. One without a
    /// sample is left out, and so is a number that is not finite: it says nothing of quality.
    pub fn gauges<'a, const N: usize>(
        &mut self,
        family: &Family,
        samples: impl IntoIterator<Item = ([&'a str; N], f64)>,
    ) {
        debug_assert_eq!(family.labels.len(), N, "{}", family.name);
        let mut samples = samples.into_iter().filter(|(_, value)| value.is_finite()).peekable();
        if samples.peek().is_none() {
            return;
        }
        self.head(family);
        for (values, value) in samples {
            self.sample(family, &values, value);
        }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }

    fn head(&mut self, family: &Family) {
        self.push(&["# HELP ", family.name, " "]);
        self.escaped(family.help, &['\\', '\n']);
        self.push(&["\n# TYPE ", family.name, " gauge\n"]);
    }

    fn sample(&mut self, family: &Family, values: &[&str], value: f64) {
        self.0.push_str(family.name);
        let mut before = "{";
        for (label, value) in family.labels.iter().zip(values) {
            self.push(&[before, label, "=\""]);
            self.escaped(value, &['\\', '\n', '"']);
            before = "\",";
        }
        self.0.push_str(if values.is_empty() { " " } else { "\"} " });
        // Writing into a text does not fail. The shortest decimal that reads as the same number.
        let _ = writeln!(self.0, "{value}");
    }

    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.0.push_str(part);
        }
    }

    fn escaped(&mut self, text: &str, special: &[char]) {
        // Codes, which are nearly all there is, need no escape.
        if !text.contains(special) {
            return self.0.push_str(text);
        }
        for letter in text.chars() {
            if special.contains(&letter) {
                self.0.push('\\');
            }
            self.0.push(if letter == '\n' { 'n' } else { letter });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORE: Family = Family {
        name: "vigila_score_ratio",
        help: "A score,\n0 to 1 (C:\\).",
        labels: &["facility", "territory"],
    };

    #[test]
    fn families_are_written_with_help_type_and_escaped_labels() {
        let mut text = Text::with_room(64);
        text.gauges(&SCORE, [(["BT-1", "BT"], 0.1 + 0.2), (["a\"b\\c\nd", "BA"], -0.0)]);
        text.gauges(&Family { name: "vigila_bytes", help: "Bytes.", labels: &[] }, [([], 1e15)]);
        let expected = "# HELP vigila_score_ratio A score,\\n0 to 1 (C:\\\\).\n\
            # TYPE vigila_score_ratio gauge\n\
            vigila_score_ratio{facility=\"BT-1\",territory=\"BT\"} 0.30000000000000004\n\
            vigila_score_ratio{facility=\"a\\\"b\\\\c\\nd\",territory=\"BA\"} -0\n\
            # HELP vigila_bytes Bytes.\n# TYPE vigila_bytes gauge\n\
            vigila_bytes 1000000000000000\n";
        assert_eq!(text.finish(), expected);
    }

    #[test]
    fn what_is_no_number_is_left_out_and_so_is_an_empty_family() {
        let mut text = Text::default();
        text.gauges(&SCORE, [(["BT-1", "BT"], f64::NAN), (["BT-2", "BT"], f64::INFINITY)]);
        assert_eq!(text.finish(), "");
    }

    #[test]
    fn every_finite_number_reads_as_itself() {
        let numbers =
            [0.0, 1.0, 1.0 / 3.0, f64::MIN_POSITIVE, f64::MAX, -5e-324, 1_764_350_000.123];
        for number in numbers {
            let mut text = Text::default();
            text.gauges(&SCORE, [(["BT-1", "BT"], number)]);
            let text = text.finish();
            let read = text.trim_end().rsplit(' ').next().unwrap().parse::<f64>().unwrap();
            assert_eq!(read.to_bits(), number.to_bits(), "{text}");
        }
    }
}
