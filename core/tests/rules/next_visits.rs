//! Which centre is visited next: what each reason gives, and the order that comes of it.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use vigila_core::documents::planning::ReasonCode;
use vigila_core::documents::score::Band;
use vigila_core::domain::FacilityKind;
use vigila_core::scoring::{Plan, Priority, Reason, Situation, in_order, priority};

use crate::support::SHIPPED;

fn plan_of(points: Value) -> Plan {
    let document = json!({
        "schema_version": 1,
        "planning": {"code": "PLAN", "version": "1.0.0", "title": {"it": "P", "en": "P"}},
        "interval_days": {"default": 100, "kinds": {"hotspot": 50}},
        "points": points,
    });
    Plan::new(serde_json::from_value(document).unwrap()).unwrap()
}

/// Every reason, with numbers that tell them apart.
static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    plan_of(json!([
        {"reason": "overdue", "points": 30, "at_most": 75},
        {"reason": "never_inspected", "points": 70},
        {"reason": "open_critical", "points": 40, "at_most": 100},
        {"reason": "insufficient", "points": 21},
        {"reason": "not_enough_data", "points": 13},
        {"reason": "worsening", "points": 17},
        {"reason": "low_coverage", "points": 5, "limit": 0.9},
        {"reason": "wide_uncertainty", "points": 6, "limit": 7.5},
        {"reason": "many_guests", "points": 0.5, "limit": 50, "at_most": 20},
        {"reason": "minors_present", "points": 9},
    ]))
});

/// A centre in good order, seen ten days ago.
fn calm(code: &str) -> Situation {
    Situation {
        facility: code.parse().unwrap(),
        kind: FacilityKind::CasCollective,
        days_since: Some(10.0),
        critical_open: 0,
        band: Some(Band::Good),
        worsening: false,
        coverage: Some(1.0),
        half_width: Some(3.0),
        guests: Some(20.0),
        minors: Some(0.0),
    }
}

fn reason(code: ReasonCode, points: f64, measured: Option<(f64, f64)>) -> Reason {
    Reason { code, points, value: measured.map(|m| m.0), limit: measured.map(|m| m.1) }
}

type Change = fn(&mut Situation);
/// What is told, what it changes in a calm centre, the one reason that comes of it.
type Row = (&'static str, Change, Option<(ReasonCode, f64, Option<(f64, f64)>)>);

const ROWS: &[Row] = &[
    ("nothing", |_| (), None),
    ("not yet due", |c| c.days_since = Some(99.0), None),
    ("due today", |c| c.days_since = Some(100.0), None),
    ("a visit that ended in the future", |c| c.days_since = Some(-0.5), None),
    (
        "half an interval late",
        |c| c.days_since = Some(150.0),
        Some((ReasonCode::Overdue, 15.0, Some((150.0, 100.0)))),
    ),
    (
        "one interval late",
        |c| c.days_since = Some(200.0),
        Some((ReasonCode::Overdue, 30.0, Some((200.0, 100.0)))),
    ),
    (
        "late beyond the cap",
        |c| c.days_since = Some(900.0),
        Some((ReasonCode::Overdue, 75.0, Some((900.0, 100.0)))),
    ),
    (
        "by the interval of its kind",
        |c| (c.kind, c.days_since) = (FacilityKind::Hotspot, Some(100.0)),
        Some((ReasonCode::Overdue, 30.0, Some((100.0, 50.0)))),
    ),
    ("never", |c| c.days_since = None, Some((ReasonCode::NeverInspected, 70.0, None))),
    (
        "one critical item",
        |c| c.critical_open = 1,
        Some((ReasonCode::OpenCritical, 40.0, Some((1.0, 0.0)))),
    ),
    (
        "critical items up to the cap",
        |c| c.critical_open = 3,
        Some((ReasonCode::OpenCritical, 100.0, Some((3.0, 0.0)))),
    ),
    (
        "insufficient",
        |c| c.band = Some(Band::Insufficient),
        Some((ReasonCode::Insufficient, 21.0, None)),
    ),
    (
        "not enough data",
        |c| c.band = Some(Band::NotEnoughData),
        Some((ReasonCode::NotEnoughData, 13.0, None)),
    ),
    ("to improve is no reason", |c| c.band = Some(Band::ToImprove), None),
    ("the band critical gives by its items alone", |c| c.band = Some(Band::Critical), None),
    ("no band", |c| c.band = None, None),
    ("worsening", |c| c.worsening = true, Some((ReasonCode::Worsening, 17.0, None))),
    ("coverage at the limit", |c| c.coverage = Some(0.9), None),
    ("coverage at the limit but for rounding", |c| c.coverage = Some(0.9 - 1e-12), None),
    (
        "low coverage",
        |c| c.coverage = Some(0.85),
        Some((ReasonCode::LowCoverage, 5.0, Some((0.85, 0.9)))),
    ),
    ("coverage unknown", |c| c.coverage = None, None),
    ("an interval at the limit", |c| c.half_width = Some(7.5), None),
    (
        "a wide interval",
        |c| c.half_width = Some(8.0),
        Some((ReasonCode::WideUncertainty, 6.0, Some((8.0, 7.5)))),
    ),
    ("guests at the limit", |c| c.guests = Some(50.0), None),
    (
        "many guests",
        |c| c.guests = Some(60.0),
        Some((ReasonCode::ManyGuests, 5.0, Some((60.0, 50.0)))),
    ),
    (
        "guests beyond the cap",
        |c| c.guests = Some(300.0),
        Some((ReasonCode::ManyGuests, 20.0, Some((300.0, 50.0)))),
    ),
    ("minors", |c| c.minors = Some(2.0), Some((ReasonCode::MinorsPresent, 9.0, Some((2.0, 0.0))))),
];

#[test]
fn each_reason_gives_its_points_and_says_what_was_measured() {
    for (what, change, expected) in ROWS {
        let mut centre = calm("BT-0001");
        change(&mut centre);
        let reasons: Vec<_> = expected.map(|(c, p, m)| reason(c, p, m)).into_iter().collect();
        let total = reasons.iter().map(|r| r.points).sum::<f64>();
        let found = priority(&PLAN, &centre);
        assert_eq!(found.reasons, reasons, "{what}");
        assert!((found.total - total).abs() < 1e-9, "{what}");
    }
}

#[test]
fn a_calm_centre_has_a_plain_zero() {
    let found = priority(&PLAN, &calm("BT-0001"));
    assert_eq!(found, Priority { total: 0.0, reasons: vec![] });
    assert!(found.total.is_sign_positive());
}

#[test]
fn reasons_add_up_and_stand_in_the_order_of_the_file() {
    let mut centre = calm("BT-0001");
    centre.minors = Some(1.0);
    centre.worsening = true;
    centre.days_since = Some(200.0);
    let codes = |plan: &Plan| {
        priority(plan, &centre).reasons.iter().map(|r| r.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&PLAN), ["overdue", "worsening", "minors_present"]);
    assert!((priority(&PLAN, &centre).total - (30.0 + 17.0 + 9.0)).abs() < 1e-9);
    let turned = plan_of(json!([
        {"reason": "minors_present", "points": 9},
        {"reason": "worsening", "points": 0},
        {"reason": "overdue", "points": 30, "at_most": 75},
    ]));
    // A reason that gives nothing is not told.
    assert_eq!(codes(&turned), ["minors_present", "overdue"]);
}

/// The codes in the order in which they should be visited.
fn codes(centres: Vec<Situation>) -> Vec<String> {
    let ordered = in_order(&PLAN, centres);
    ordered.into_iter().map(|(centre, _)| centre.facility.to_string()).collect()
}

#[test]
fn most_points_first_then_the_longest_unseen_then_by_code() {
    let with = |code: &str, change: fn(&mut Situation)| {
        let mut centre = calm(code);
        change(&mut centre);
        centre
    };
    let centres = vec![
        with("E-1", |_| ()),
        with("D-2", |c| c.days_since = Some(50.0)),
        with("D-1", |c| c.days_since = Some(50.0)),
        with("C-1", |c| c.days_since = Some(99.0)),
        with("A-2", |c| c.critical_open = 2),
        with("A-1", |c| c.critical_open = 3),
        // 70 points each: never seen goes before long unseen.
        with("B-2", |c| (c.days_since, c.critical_open) = (Some(200.0), 1)),
        with("B-1", |c| c.days_since = None),
    ];
    let expected = ["A-1", "A-2", "B-1", "B-2", "C-1", "D-1", "D-2", "E-1"];
    assert_eq!(codes(centres.clone()), expected);
    assert_eq!(codes(centres.into_iter().rev().collect()), expected);
}

fn situation() -> impl Strategy<Value = Situation> {
    let kinds = prop::sample::select(FacilityKind::ALL);
    let band = prop::option::of(prop::sample::select(&Band::ALL[..]));
    let some = |range: std::ops::Range<f64>| prop::option::of(range);
    let numbers = (some(0.0..2000.0), some(0.0..1.0), some(0.0..40.0), some(0.0..900.0));
    (0_u32..1000, kinds, band, 0_usize..9, any::<bool>(), numbers, some(0.0..9.0)).prop_map(
        |(code, kind, band, critical_open, worsening, numbers, minors)| Situation {
            facility: format!("BT-{code:04}").parse().unwrap(),
            kind,
            days_since: numbers.0,
            critical_open,
            band,
            worsening,
            coverage: numbers.1,
            half_width: numbers.2,
            guests: numbers.3,
            minors,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_worse_never_lowers_the_total(centre in situation(), more in 0.0..900.0_f64) {
        let shipped = Plan::new(SHIPPED.0.planning.as_ref().unwrap().document.clone()).unwrap();
        for plan in [&*PLAN, &shipped] {
            let before = priority(plan, &centre).total;
            let worse = |change: &dyn Fn(&mut Situation)| {
                let mut centre = centre.clone();
                change(&mut centre);
                priority(plan, &centre).total - before
            };
            let changes: [&dyn Fn(&mut Situation); 6] = [
                &|c| c.days_since = c.days_since.map(|days| days + more),
                &|c| c.critical_open += 1,
                &|c| c.worsening = true,
                &|c| c.coverage = c.coverage.map(|share| share / (1.0 + more)),
                &|c| c.half_width = c.half_width.map(|width| width + more),
                &|c| c.guests = c.guests.map(|guests| guests + more),
            ];
            for (index, change) in changes.into_iter().enumerate() {
                prop_assert!(worse(change) >= -1e-9, "change {index}");
            }
        }
    }

    #[test]
    fn the_total_is_the_sum_of_reasons_that_all_give_points(centre in situation()) {
        let found = priority(&PLAN, &centre);
        let sum: f64 = found.reasons.iter().map(|reason| reason.points).sum();
        prop_assert!((found.total - sum).abs() < 1e-9);
        prop_assert!(found.reasons.iter().all(|reason| reason.points > 0.0));
    }

    #[test]
    fn the_order_does_not_hang_on_the_order_given(
        (centres, shuffled) in vec(situation(), 0..20)
            .prop_map(|mut centres| {
                centres.sort_by(|a, b| a.facility.cmp(&b.facility));
                centres.dedup_by(|a, b| a.facility == b.facility);
                centres
            })
            .prop_flat_map(|centres| (Just(centres.clone()), Just(centres).prop_shuffle())),
    ) {
        let ordered = in_order(&PLAN, centres);
        prop_assert!(ordered.windows(2).all(|two| two[0].1.total >= two[1].1.total));
        prop_assert_eq!(in_order(&PLAN, shuffled), ordered);
    }
}
