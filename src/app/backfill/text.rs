//! The past in the OpenMetrics text format, version 1.0: family by family, series by series,
//! each from the earliest sample. Names, labels and help are those of `/metrics`; a test holds
//! them together.

use std::io::{self, Write};

use vigila_core::documents::score::Band;

use super::History;
use super::centre::CentreHistory;
use super::moments::Moments;
use super::steps::Steps;

/// How much is written at once.
const PIECE: usize = 1 << 18;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// How many samples.
    pub samples: u64,
    /// How many series they are of.
    pub series: u64,
}

impl History {
    /// Writes all of it.
    ///
    /// # Errors
    /// When it cannot be written: what was written until then has no end, and `promtool` will
    /// not take it.
    pub fn write(&self, out: &mut impl Write) -> io::Result<Written> {
        let mut text = Text {
            out,
            moments: &self.moments,
            piece: Vec::with_capacity(2 * PIECE),
            written: Written::default(),
        };
        let families: [Family; 6] = [
            (
                "facility_score_ratio",
                "Overall score of the centre's scorecard, 0 to 1.",
                |text, name, centre| text.one(name, centre, &centre.score),
            ),
            (
                "facility_dimension_score_ratio",
                "Score of a dimension in the base of the main checklist, 0 to 1.",
                dimensions,
            ),
            (
                "facility_coverage_ratio",
                "Share of due weight observed in the base of the main checklist, 0 to 1.",
                |text, name, centre| text.one(name, centre, &centre.coverage),
            ),
            ("facility_band_info", "The band of the centre's scorecard, always 1.", bands),
            (
                "facility_last_inspection_timestamp_seconds",
                "When the latest visit to the centre ended.",
                |text, name, centre| text.one(name, centre, &centre.last_visit),
            ),
            (
                "facility_critical_items",
                "Critical items of the centre that are failed now.",
                |text, name, centre| text.one(name, centre, &centre.critical),
            ),
        ];
        for (name, help, series) in families {
            text.family(name, help)?;
            for centre in &self.centres {
                series(&mut text, name, centre)?;
            }
        }
        text.end()
    }
}

type Series<'a> = fn(&mut Text<'a>, &str, &CentreHistory) -> io::Result<()>;
type Family<'a> = (&'static str, &'static str, Series<'a>);

fn dimensions(text: &mut Text<'_>, name: &str, centre: &CentreHistory) -> io::Result<()> {
    for (code, steps) in &centre.dimensions {
        text.series(name, centre, &format!(",dimension=\"{}\"", escaped(code)), steps)?;
    }
    Ok(())
}

/// A series for each band that the centre was in.
fn bands(text: &mut Text<'_>, name: &str, centre: &CentreHistory) -> io::Result<()> {
    let count = text.moments.count();
    for (place, band) in (0_u32..).zip(Band::ALL) {
        let in_it = |value: f64| (value - f64::from(place)).abs() < 0.5;
        let mut steps = Steps::default();
        for (moments, _) in centre.band.runs(count).filter(|(_, value)| in_it(*value)) {
            steps.set(moments.start, Some(1.0));
            steps.set(moments.end, None);
        }
        text.series(name, centre, &format!(",band=\"{}\"", band.as_str()), &steps)?;
    }
    Ok(())
}

/// A label's value as the format writes it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

struct Text<'a> {
    out: &'a mut dyn Write,
    moments: &'a Moments,
    piece: Vec<u8>,
    written: Written,
}

impl Text<'_> {
    fn family(&mut self, name: &str, help: &str) -> io::Result<()> {
        writeln!(self.piece, "# HELP vigila_{name} {help}\n# TYPE vigila_{name} gauge")
    }

    /// The only series of a centre in a family.
    fn one(&mut self, name: &str, centre: &CentreHistory, steps: &Steps) -> io::Result<()> {
        self.series(name, centre, "", steps)
    }

    fn series(
        &mut self,
        name: &str,
        centre: &CentreHistory,
        labels: &str,
        steps: &Steps,
    ) -> io::Result<()> {
        let (facility, territory) = (centre.code.as_str(), centre.territory.code());
        let named =
            format!("vigila_{name}{{facility=\"{facility}\",territory=\"{territory}\"{labels}}} ");
        let (moments, before) = (self.moments, self.written.samples);
        for (range, value) in steps.runs(moments.count()) {
            let sample = format!("{named}{value}");
            for stamp in moments.stamps(range) {
                self.piece.extend_from_slice(sample.as_bytes());
                self.piece.extend_from_slice(stamp.as_bytes());
                self.written.samples += 1;
                if self.piece.len() >= PIECE {
                    self.flush()?;
                }
            }
        }
        self.written.series += u64::from(self.written.samples > before);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }

    fn end(mut self) -> io::Result<Written> {
        self.piece.extend_from_slice(b"# EOF\n");
        self.flush()?;
        self.out.flush()?;
        Ok(self.written)
    }
}
