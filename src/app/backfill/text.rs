//! The past in the OpenMetrics text format, version 1.0: family by family, series by series,
//! each from the earliest sample. Names, labels and help are those of `/metrics`; a test holds
//! them together.

use std::io::{self, Write};

use vigila_core::documents::finding::Severity;
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
        text.family("findings_open", "Findings that are neither settled nor withdrawn.")?;
        for of_territory in self.centres.chunk_by(|a, b| a.territory == b.territory) {
            findings(&mut text, of_territory)?;
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

/// A series for each severity: the sums over the centres of a territory that were there.
fn findings(text: &mut Text<'_>, centres: &[CentreHistory]) -> io::Result<()> {
    let Some(first) = centres.first() else { return Ok(()) };
    let (count, territory) = (text.moments.count(), first.territory.code());
    for (place, severity) in Severity::ALL.into_iter().enumerate() {
        // At each moment how many centres more are there, and how many findings more are open.
        let mut more = vec![(0_i32, 0.0); usize::from(count) + 1];
        for (moments, open) in centres.iter().flat_map(|one| one.findings[place].runs(count)) {
            more[usize::from(moments.start)].0 += 1;
            more[usize::from(moments.start)].1 += open;
            more[usize::from(moments.end)].0 -= 1;
            more[usize::from(moments.end)].1 -= open;
        }
        let (mut steps, mut there, mut open) = (Steps::default(), 0, 0.0);
        for (moment, (centres, findings)) in (0..count).zip(more) {
            there += centres;
            open += findings;
            steps.set(moment, (there > 0).then_some(open));
        }
        let labels = format!("territory=\"{territory}\",severity=\"{}\"", severity.as_str());
        text.samples(&format!("vigila_findings_open{{{labels}}} "), &steps)?;
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
        self.samples(&named, steps)
    }

    /// The samples of a series, `named` being all that stands before the value.
    fn samples(&mut self, named: &str, steps: &Steps) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use vigila_core::domain::Scope;

    use super::*;
    use crate::app::backfill::Question;

    fn steps(changes: &[(u16, Option<f64>)]) -> Steps {
        let mut steps = Steps::default();
        changes.iter().for_each(|(moment, value)| steps.set(*moment, *value));
        steps
    }

    fn centre(code: &str, critical: &[(u16, Option<f64>)]) -> CentreHistory {
        CentreHistory {
            code: code.parse().unwrap(),
            territory: code[..2].parse().unwrap(),
            score: Steps::default(),
            coverage: Steps::default(),
            band: steps(&[(0, Some(0.0)), (1, Some(6.0)), (3, Some(0.0))]),
            last_visit: Steps::default(),
            critical: Steps::default(),
            dimensions: BTreeMap::from([("A\"B".into(), steps(&[(3, Some(0.125))]))]),
            findings: [Steps::default(), Steps::default(), steps(critical)],
        }
    }

    #[test]
    fn series_are_whole_and_a_territory_adds_its_centres_up() {
        let question = Question {
            scope: Scope::All,
            from: "1970-01-01".parse().unwrap(),
            to: "1970-01-04".parse().unwrap(),
            step: 1,
        };
        let head = "1971-01-01T00:00:00Z".parse().unwrap();
        let moments = Moments::new(&question, "UTC".parse().unwrap(), head).unwrap();
        let centres = vec![
            centre("BA-1", &[(2, Some(1.0))]),
            centre("BT-1", &[(0, Some(0.0)), (1, Some(2.0)), (3, None)]),
            centre("BT-2", &[(2, Some(3.0)), (3, Some(1.0))]),
        ];
        let mut out = Vec::new();
        let written = History { moments, centres }.write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let of = |start: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.starts_with(start));
            lines.map(|line| line[start.len()..].to_owned()).collect()
        };
        let band = r#"vigila_facility_band_info{facility="BT-1",territory="BT",band="#;
        let expected = [
            r#""critical"} 1 86399"#,
            r#""critical"} 1 345599"#,
            r#""good"} 1 172799"#,
            r#""good"} 1 259199"#,
        ];
        assert_eq!(of(band), expected);
        let open = "vigila_findings_open{";
        let expected = [
            r#"territory="BA",severity="critical"} 1 259199"#,
            r#"territory="BA",severity="critical"} 1 345599"#,
            r#"territory="BT",severity="critical"} 0 86399"#,
            r#"territory="BT",severity="critical"} 2 172799"#,
            r#"territory="BT",severity="critical"} 5 259199"#,
            r#"territory="BT",severity="critical"} 1 345599"#,
        ];
        assert_eq!(of(open), expected);
        let dimension = "vigila_facility_dimension_score_ratio{facility=\"BA-1\",";
        assert_eq!(of(dimension), [r#"territory="BA",dimension="A\"B"} 0.125 345599"#]);
        assert!(text.ends_with("\n# EOF\n"));
        assert_eq!(written, Written { samples: 12 + 6 + 3, series: 6 + 2 + 3 });
    }
}
