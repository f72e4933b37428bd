//! What the office does about the findings of the sample: letters, answers, checks, on working
//! days after the visit. Pure as the rest; who carries it out asks the rules at each step.

use chrono::{Datelike, Days, Duration, Timelike, Weekday};
use vigila_core::documents::finding::{FindingState, Severity};
use vigila_core::domain::{Day, InspectionId, Instant};
use vigila_core::findings::{deadline, is_working_day};

use super::chance::{Chance, seed_of};
use super::words;

/// A finding that a visit opened.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The visit.
    pub visit: InspectionId,
    /// The item's code.
    pub item: &'a str,
    /// How grave it is.
    pub severity: Severity,
    /// When the visit was received.
    pub opened_at: Instant,
}

/// A move that the office means to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// Where to.
    pub to: FindingState,
    /// What is to be known of it.
    pub note: Option<String>,
    /// The deadline that it gives.
    pub due_on: Option<Day>,
}

/// Critical findings younger than this many days are not verified yet: so some are open.
const STILL_CRITICAL: i64 = 75;

/// What becomes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Verified from papers and pictures, then closed.
    Mended,
    /// Prescribed; the next visit will tell.
    Awaited,
    /// Contested, then void or verified.
    Contested,
    /// Void: it should not have been opened.
    Mistaken,
    /// Nobody got to it.
    Left,
}

/// What the office will do about a finding, from the first step, as long as nothing comes in
/// between; some of it may lie in the future of `until`. The same for the same seed and finding.
#[must_use]
pub fn course(seed: u64, held: &Held<'_>, until: Instant) -> Vec<Step> {
    let critical = held.severity == Severity::Critical;
    let mut own = Chance::of(&[seed, 6, seed_of_visit(held.visit), seed_of(held.item)]);
    let fate = match own.unit() {
        _ if critical && held.opened_at.plus_days(STILL_CRITICAL) > until => Fate::Awaited,
        _ if critical => Fate::Mended,
        share if share < 0.46 => Fate::Mended,
        share if share < 0.82 => Fate::Awaited,
        share if share < 0.88 => Fate::Contested,
        share if share < 0.92 => Fate::Mistaken,
        _ => Fate::Left,
    };
    let mut pen = Pen { at: held.opened_at, steps: Vec::new() };
    if fate == Fate::Mistaken {
        let why = own.pick(&words::MISTAKEN).copied().unwrap_or(words::MISTAKEN[0]);
        pen.moves(own.whole(2, 12), FindingState::Void, Some(why.to_owned()));
        return pen.steps;
    }
    if fate == Fate::Left && own.happens(0.5) {
        return pen.steps;
    }
    prescribe(&mut pen, seed, held);
    match fate {
        Fate::Mended => {
            answer(&mut pen, seed, held, &mut own);
            verify(&mut pen, critical, &mut own);
        }
        Fate::Awaited => {
            if own.happens(0.6) {
                answer(&mut pen, seed, held, &mut own);
            }
            // Where no visit came by, the office goes and sees, of most.
            if !critical && own.happens(0.85) {
                pen.moves(
                    own.whole(60, 150),
                    FindingState::Verified,
                    Some(words::SEEN_THERE.to_owned()),
                );
                pen.moves(own.whole(1, 10), FindingState::Closed, None);
            }
        }
        Fate::Contested => contest(&mut pen, &mut own),
        Fate::Mistaken | Fate::Left => {}
    }
    pen.steps
}

/// What the office does once a later visit, received then, found the item in order: it closes
/// the finding, of most within days. The same for the same seed, finding and visit.
#[must_use]
pub fn closing(seed: u64, held: &Held<'_>, passed_by: InspectionId, received_at: Instant) -> Step {
    let mut own = Chance::of(&[seed, 7, seed_of_visit(passed_by), seed_of(held.item)]);
    let days = if own.happens(0.6) { own.whole(2, 12) } else { own.whole(20, 120) };
    let seen = written(received_at.utc().date_naive());
    let mut pen = Pen { at: received_at, steps: Vec::new() };
    pen.moves(days, FindingState::Closed, Some(format!("In regola alla visita del {seen}.")));
    pen.steps.remove(0)
}

/// What the office does once a later visit, received then, failed the item again: another
/// letter, with a deadline. The same for the same seed, finding and visit.
#[must_use]
pub fn again(seed: u64, held: &Held<'_>, failed_by: InspectionId, received_at: Instant) -> Step {
    let mut letter = Chance::of(&[seed, 10, seed_of_visit(failed_by)]);
    let mut pen = Pen { at: received_at, steps: Vec::new() };
    let days = if held.severity == Severity::Critical { 0 } else { letter.whole(2, 9) };
    pen.moves(days, FindingState::Prescribed, None);
    let mut step = pen.steps.remove(0);
    let day = step.at.utc().date_naive();
    let number = i64::from(day.ordinal()) * 11 + letter.whole(0, 10);
    step.note = Some(format!("Diffida prot. {number} del {}: rilievo ripetuto.", written(day)));
    let days = if held.severity == Severity::Critical { 3 } else { 30 };
    step.due_on = Some(deadline(day, days));
    step
}

/// The letter to the managing body: one for the findings of a visit that are equally grave.
fn prescribe(pen: &mut Pen, seed: u64, held: &Held<'_>) {
    let mut letter = Chance::of(&[seed, 8, seed_of_visit(held.visit), held.severity as u64]);
    let critical = held.severity == Severity::Critical;
    let days = if critical { letter.whole(0, 1) } else { letter.whole(2, 9) };
    let number = letter.whole(0, 10);
    let own_deadline = letter.happens(0.35).then(|| letter.whole(2, 5) * 7);
    pen.moves(days, FindingState::Prescribed, None);
    let Some(step) = pen.steps.last_mut() else { return };
    let day = step.at.utc().date_naive();
    let number = i64::from(day.ordinal()) * 11 + number;
    step.note = Some(format!("Nota prot. {number} del {}.", written(day)));
    let days = own_deadline.and_then(|days| i32::try_from(days).ok());
    step.due_on = days.filter(|_| !critical).map(|days| deadline(day, days));
}

/// What the managing body says: in one of two mails.
fn answer(pen: &mut Pen, seed: u64, held: &Held<'_>, own: &mut Chance) {
    let mail = u64::from(own.happens(0.3));
    let mut mail = Chance::of(&[seed, 9, seed_of_visit(held.visit), held.severity as u64, mail]);
    let critical = held.severity == Severity::Critical;
    let days = if critical { mail.whole(1, 3) } else { mail.whole(5, 24) };
    let what = own.pick(&words::ACTIONS).copied().unwrap_or(words::ACTIONS[0]);
    pen.moves(days, FindingState::ActionSubmitted, None);
    if let Some(step) = pen.steps.last_mut() {
        let day = written(step.at.utc().date_naive());
        step.note = Some(format!("PEC del gestore del {day}: {what}"));
    }
}

fn verify(pen: &mut Pen, critical: bool, own: &mut Chance) {
    let days = if critical { own.whole(0, 2) } else { own.whole(3, 20) };
    let how = own.pick(&words::CHECKS).copied().unwrap_or(words::CHECKS[0]);
    pen.moves(days, FindingState::Verified, Some(how.to_owned()));
    let days = own.whole(1, 15);
    pen.moves(days, FindingState::Closed, None);
}

fn contest(pen: &mut Pen, own: &mut Chance) {
    let objection = "Il gestore contesta il rilievo e allega una memoria.";
    pen.moves(own.whole(6, 14), FindingState::Contested, Some(objection.to_owned()));
    let days = own.whole(15, 60);
    match own.whole(0, 2) {
        0 => {}
        1 => {
            pen.moves(days, FindingState::Void, Some("Accolta la memoria del gestore.".to_owned()))
        }
        _ => {
            let kept = "Memoria respinta; il gestore ha provveduto.".to_owned();
            pen.moves(days, FindingState::Verified, Some(kept));
            pen.moves(own.whole(1, 10), FindingState::Closed, None);
        }
    }
}

/// Writes steps, each after the one before.
struct Pen {
    at: Instant,
    steps: Vec<Step>,
}

impl Pen {
    /// A move so many days after the last one, on a morning of the office.
    fn moves(&mut self, days: i64, to: FindingState, note: Option<String>) {
        let days = Days::new(u64::try_from(days).unwrap_or(0));
        let mut day = self.at.utc().date_naive() + days;
        while !is_working_day(day) || day.weekday() == Weekday::Sat {
            day = day + Days::new(1);
        }
        // From half past seven in UTC, a few minutes apart; never before what it follows.
        let minutes = 450 + i64::from(self.at.utc().minute()) * 4;
        let morning = day.and_time(chrono::NaiveTime::MIN).and_utc() + Duration::minutes(minutes);
        self.at = Instant::new(morning.max(self.at.utc() + Duration::minutes(20)));
        self.steps.push(Step { at: self.at, to, note, due_on: None });
    }
}

/// What of a visit's id is drawn by chance: the same whatever the day that the sample ends on.
fn seed_of_visit(visit: InspectionId) -> u64 {
    visit.0.as_u64_pair().1
}

/// A day as letters have it.
fn written(day: Day) -> String {
    const MONTHS: [&str; 12] = [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ];
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    // The first of a month is said "il primo", and written so.
    match day.day() {
        1 => format!("1º {month}"),
        number => format!("{number} {month}"),
    }
}
