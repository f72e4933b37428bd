//! Which visits are a double visit.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use vigila_core::scoring::{VisitBy, double_visits};

use super::visit;

/// The pairs by the numbers of their visits.
fn paired(visits: &[VisitBy]) -> Vec<(u128, u128)> {
    let number = |visit: &VisitBy| visit.id.0.as_u128();
    double_visits(visits).iter().map(|[a, b]| (number(a), number(b))).collect()
}

#[test]
fn two_visits_are_a_double_visit_when_they_fit() {
    // Centre, checklist, person, hours after a beginning; the pairs expected.
    type Row = (&'static str, &'static [(u8, &'static str, u8, i64)], &'static [(u128, u128)]);
    let table: [Row; 12] = [
        ("on one day", &[(1, "A", 1, 0), (1, "A", 2, 5)], &[(0, 1)]),
        ("48 hours apart", &[(1, "A", 1, 0), (1, "A", 2, 48)], &[(0, 1)]),
        ("more than 48 hours apart", &[(1, "A", 1, 0), (1, "A", 2, 49)], &[]),
        ("by the same person", &[(1, "A", 1, 0), (1, "A", 1, 5)], &[]),
        ("in different centres", &[(1, "A", 1, 0), (2, "A", 2, 5)], &[]),
        ("with different checklists", &[(1, "A", 1, 0), (1, "B", 2, 5)], &[]),
        ("the earlier stands first, however given", &[(1, "A", 1, 9), (1, "A", 2, 5)], &[(1, 0)]),
        (
            "the same person twice, then another: the earliest is paired",
            &[(1, "A", 1, 0), (1, "A", 1, 5), (1, "A", 2, 9)],
            &[(0, 2)],
        ),
        (
            "three people: one pair, each visit once",
            &[(1, "A", 1, 0), (1, "A", 2, 5), (1, "A", 3, 9)],
            &[(0, 1)],
        ),
        (
            "four visits: two pairs",
            &[(1, "A", 1, 0), (1, "A", 2, 5), (1, "A", 1, 9), (1, "A", 2, 12)],
            &[(0, 1), (2, 3)],
        ),
        (
            "an earliest that fits nobody leaves the others free",
            &[(1, "A", 1, 0), (1, "A", 2, 60), (1, "A", 1, 80)],
            &[(1, 2)],
        ),
        (
            "centres and checklists side by side",
            &[(2, "A", 1, 0), (1, "B", 3, 1), (2, "A", 2, 2), (1, "B", 4, 3)],
            &[(1, 3), (0, 2)],
        ),
    ];
    for (what, told, expected) in table {
        let visits: Vec<_> = (0..)
            .zip(told)
            .map(|(n, (centre, checklist, by, hours))| visit(n, *centre, checklist, *by, *hours))
            .collect();
        assert_eq!(paired(&visits), expected, "{what}");
    }
}

#[test]
fn of_visits_that_ended_together_the_one_received_first_stands_first() {
    let one = visit(1, 1, "A", 1, 5);
    let mut two = visit(0, 1, "A", 2, 5);
    two.received_at = visit(0, 1, "A", 2, 6).ended_at;
    assert_eq!(paired(&[two, one]), [(1, 0)]);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_visit_is_in_one_pair_at_most_whatever_the_order(
        (told, shuffled) in vec((0_u8..3, prop_oneof![Just("A"), Just("B")], 0_u8..4, 0_i64..120), 0..20)
            .prop_map(|told| {
                let each = (0..).zip(told);
                let visits = each.map(|(n, (centre, list, by, at))| visit(n, centre, list, by, at));
                visits.collect::<Vec<_>>()
            })
            .prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle())),
    ) {
        let pairs = double_visits(&told);
        let mut seen = BTreeSet::new();
        for [first, second] in &pairs {
            prop_assert!(seen.insert(first.id) && seen.insert(second.id));
            prop_assert!(first.person != second.person && first.ended_at <= second.ended_at);
            prop_assert_eq!((first.facility, &first.checklist), (second.facility, &second.checklist));
            prop_assert!(second.ended_at.days_since(first.ended_at) <= 2.0);
        }
        prop_assert_eq!(paired(&told), paired(&shuffled));
        // No two that were left could still be paired.
        let left: Vec<_> = told.iter().filter(|visit| !seen.contains(&visit.id)).cloned().collect();
        prop_assert_eq!(double_visits(&left).len(), 0);
    }
}
