//! Deadlines against a calendar, moves against the course, and ledgers against the rule that
//! the order of receipt changes nothing.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::documents::finding::{FindingState, Severity};
use crate::domain::{Day, InspectionId, Instant};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn a_term_never_ends_on_a_sunday_or_a_holiday() {
    let table = [
        // Friday to Sunday, which is put off to Monday
        ("2026-11-27", 2, "2026-11-30"),
        ("2026-11-26", 2, "2026-11-28"),
        // Easter Monday follows Easter Sunday
        ("2026-04-03", 2, "2026-04-07"),
        ("2025-04-18", 3, "2025-04-22"),
        ("2024-03-22", 10, "2024-04-02"),
        // Christmas, Saint Stephen's and a Sunday in a row
        ("2026-12-15", 10, "2026-12-28"),
        // New Year's Day is a Friday, Epiphany a Wednesday
        ("2026-12-30", 2, "2027-01-02"),
        ("2026-12-27", 10, "2027-01-07"),
        ("2026-04-23", 2, "2026-04-27"),
        ("2026-04-29", 2, "2026-05-02"),
        ("2026-05-31", 2, "2026-06-03"),
        ("2026-08-05", 10, "2026-08-17"),
        ("2025-10-22", 10, "2025-11-03"),
        ("2026-11-28", 10, "2026-12-09"),
        // 4 October is a holiday from 2026 only
        ("2025-10-02", 2, "2025-10-04"),
        ("2027-10-02", 2, "2027-10-05"),
        ("2026-11-28", 0, "2026-11-28"),
    ];
    for (from, days, expected) in table {
        assert_eq!(deadline(day(from), days), day(expected), "{from} + {days}");
    }
}

#[test]
fn easter_monday_is_a_holiday_in_every_century() {
    // The Sundays before, as the almanacs have them.
    for sunday in ["1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2038-04-25"] {
        let monday = day(sunday).succ_opt().unwrap();
        assert!(!is_working_day(monday), "{monday}");
        let saturday = day(sunday).pred_opt().unwrap();
        assert!(is_working_day(saturday), "{saturday}");
    }
    assert!(is_working_day(day("2026-04-13")), "an ordinary Monday");
}

#[test]
fn the_office_moves_a_finding_along_its_course() {
    use FindingState::{ActionSubmitted, Closed, Contested, Open, Prescribed, Verified, Void};
    let course = [Open, Prescribed, ActionSubmitted, Verified, Closed];
    assert!(course.windows(2).all(|step| may_move(step[0], step[1], false)));
    for from in [Open, Prescribed, ActionSubmitted, Contested] {
        assert!(!may_move(from, Closed, false), "{from} is not closed without verifying");
        assert!(may_move(from, Closed, true), "a visit that passed stands for verifying");
        assert!(may_move(from, Void, false) && may_move(from, Verified, false));
        assert_eq!(may_move(from, Contested, false), from != Contested);
    }
    for to in FindingState::ALL {
        assert!(!may_move(Closed, to, true) && !may_move(Void, to, true), "what ended stays");
        assert!(!may_move(to, Open, true), "nothing becomes new again");
    }
    assert!(may_move(Prescribed, Prescribed, false), "a new deadline");
    assert!(may_move(Verified, Prescribed, false) && !may_move(Verified, Void, false));
}

fn at(hour: u32) -> Instant {
    let start: Instant = "2026-03-02T08:00:00Z".parse().unwrap();
    start.plus_seconds(i64::from(hour) * 3600)
}

fn seen(number: u8, ended: u32, received: u32) -> Seen {
    let visit = Visit {
        ended_at: at(ended),
        received_at: at(received),
        id: InspectionId(Uuid::from_u128(u128::from(number))),
    };
    let first_received_on = at(received).utc().date_naive();
    Seen { visit, first_received_at: at(received), first_received_on }
}

fn failed(severity: Severity, days: i32) -> Said {
    Said::Failed(Failure { severity, days })
}

/// Ids in the order in which they are asked for.
fn ids() -> impl FnMut() -> Uuid {
    let mut last = 0;
    move || {
        last += 1;
        Uuid::from_u128(last)
    }
}

fn the_only(ledger: &Ledger) -> Entry {
    let all: Vec<_> = ledger.entries().cloned().collect();
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

#[test]
fn a_repeat_is_counted_and_a_pass_proposes_the_closing() {
    let mut ledger = Ledger::default();
    let mut ids = ids();
    let minor = failed(Severity::Minor, 20);
    assert!(ledger.see(&seen(1, 0, 1), [("X", minor), ("Y", Said::InOrder)], &mut ids));
    assert!(!ledger.see(&seen(2, 24, 25), [("X", minor)], &mut ids));
    let two = the_only(&ledger);
    assert_eq!((two.basis.failures, two.basis.due_on), (2, day("2026-03-23")), "no time is won");
    ledger.see(&seen(3, 48, 49), [("X", Said::InOrder)], &mut ids);
    let passed = the_only(&ledger);
    assert_eq!(passed.basis.passed_by.map(|v| v.id), Some(seen(3, 48, 49).visit.id));
    ledger.see(&seen(4, 30, 50), [("X", Said::InOrder)], &mut ids);
    assert_eq!(the_only(&ledger), passed, "an earlier visit says nothing new");
    let grave = failed(Severity::Critical, 2);
    ledger.see(&seen(5, 72, 73), [("X", grave)], &mut ids);
    let again = the_only(&ledger).basis;
    assert_eq!((again.failures, again.passed_by), (3, None));
    assert_eq!((again.severity, again.due_on), (Severity::Critical, day("2026-03-07")));
    assert_eq!(again.opened_at, at(1));
}

#[test]
fn what_the_office_settled_takes_the_visits_of_its_time_and_later_ones_open_anew() {
    let mut ids = ids();
    let mut ledger = Ledger::default();
    let major = failed(Severity::Major, 10);
    ledger.see(&seen(1, 0, 1), [("X", major)], &mut ids);
    let mut first = the_only(&ledger);
    first.settled_at = Some(at(100));
    let mut ledger = Ledger::new([first.clone()]);
    // Sent late: it ended before the office settled the matter.
    assert!(!ledger.see(&seen(2, 50, 120), [("X", major)], &mut ids));
    assert_eq!(the_only(&ledger).basis.failures, 2);
    assert!(ledger.see(&seen(3, 110, 121), [("X", major)], &mut ids));
    let all: Vec<_> = ledger.entries().collect();
    assert_eq!(all.len(), 2);
    assert_eq!((all[1].basis.failures, all[1].settled_at), (1, None));
}

#[test]
fn a_finding_goes_with_the_visit_that_was_corrected_and_comes_back_with_it() {
    let mut ids = ids();
    let mut ledger = Ledger::default();
    let major = failed(Severity::Major, 10);
    ledger.see(&seen(1, 0, 1), [("X", major)], &mut ids);
    let id = the_only(&ledger).id;
    let corrected =
        Seen { visit: Visit { received_at: at(9), ..seen(2, 0, 9).visit }, ..seen(1, 0, 1) };
    ledger.rebuild([(corrected, [("X", Said::InOrder), ("Y", major)])], &mut ids);
    let all: Vec<_> = ledger.entries().cloned().collect();
    assert_eq!((all[0].id, all[0].withdrawn), (id, true));
    assert_eq!((all[1].item.as_str(), all[1].basis.opened_at), ("Y", at(1)));
    ledger.rebuild([(corrected, [("X", major), ("Y", Said::Nothing)])], &mut ids);
    let all: Vec<_> = ledger.entries().collect();
    assert_eq!((all[0].id, all[0].withdrawn, all[1].withdrawn), (id, false, true));
    assert_eq!(all.len(), 2, "none is opened twice");
}

#[test]
fn what_is_settled_stays_when_its_visit_is_corrected() {
    let mut ids = ids();
    let mut ledger = Ledger::default();
    ledger.see(&seen(1, 0, 1), [("X", failed(Severity::Major, 10))], &mut ids);
    let mut closed = the_only(&ledger);
    closed.settled_at = Some(at(30));
    let mut ledger = Ledger::new([closed.clone()]);
    ledger.rebuild([(seen(2, 0, 40), [("X", Said::InOrder)])], &mut ids);
    assert_eq!(the_only(&ledger), closed);
}

/// What a visit long ago said of a finding.
fn of_another() -> Basis {
    let visit = seen(200, 0, 0).visit;
    Basis {
        severity: Severity::Minor,
        opened_by: visit.id,
        opened_at: at(0),
        due_on: day("2026-03-09"),
        failures: 1,
        failed_by: visit,
        passed_by: None,
    }
}

fn any_said() -> impl Strategy<Value = Said> {
    let severity =
        prop_oneof![Just(Severity::Minor), Just(Severity::Major), Just(Severity::Critical)];
    prop_oneof![
        Just(Said::Nothing),
        Just(Said::InOrder),
        (severity, 1..30_i32).prop_map(|(severity, days)| failed(severity, days)),
    ]
}

/// What of a ledger must not depend on the order of receipt: all but the ids.
fn essence(ledger: &Ledger) -> Vec<(String, Option<Instant>, Basis, bool)> {
    ledger.entries().map(|e| (e.item.clone(), e.settled_at, e.basis, e.withdrawn)).collect()
}

proptest! {
    #[test]
    fn one_by_one_in_any_order_comes_to_the_same_as_all_from_the_earliest(
        visits in prop::collection::vec((0..40_u32, [any_said(), any_said()]), 1..12),
        order in any::<prop::sample::Index>(),
        settled in prop::option::of(0..40_u32),
    ) {
        let all: Vec<_> = visits.iter().enumerate().map(|(number, (ended, said))| {
            let number = u8::try_from(number).unwrap();
            // Received in the order of the list, whenever it ended.
            (seen(number, *ended, 100 + u32::from(number)), [("X", said[0]), ("Y", said[1])])
        }).collect();
        let settled = settled.map(|hour| Entry {
            id: Uuid::nil(),
            item: "X".to_owned(),
            settled_at: Some(at(hour)),
            basis: of_another(),
            withdrawn: false,
        });
        let mut whole = Ledger::new(settled.clone());
        let mut sorted = all.clone();
        sorted.sort_by_key(|(seen, _)| seen.visit);
        // The settled one's own visit is not among these: it is seen as one more failure.
        let mut new_id = ids();
        for (seen, said) in &sorted {
            whole.see(seen, *said, &mut new_id);
        }
        let mut rotated = all.clone();
        rotated.rotate_left(order.index(all.len()));
        let mut ledger = Ledger::new(settled);
        let mut latest: Option<Visit> = None;
        let mut before = Vec::new();
        for (seen, said) in rotated {
            let opened = ledger.see(&seen, said, &mut new_id);
            before.push((seen, said));
            if opened && latest.is_some_and(|latest| seen.visit < latest) {
                before.sort_by_key(|(seen, _)| seen.visit);
                for (seen, said) in &before {
                    let passes = said.iter().filter(|(_, said)| *said == Said::InOrder).copied();
                    ledger.see(seen, passes, &mut new_id);
                }
            }
            latest = latest.max(Some(seen.visit));
        }
        prop_assert_eq!(essence(&ledger), essence(&whole));
    }
}
