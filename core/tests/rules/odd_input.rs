//! No content, however odd, stops the reader.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use vigila_core::documents::{Faults, inspection, json as text};

use crate::reading::{PHOTO, faults_of, valid};
use crate::support::now;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,30}".prop_map(Value::from),
        Just(json!("na")),
        Just(json!(PHOTO)),
        Just(json!("2026-03-04T09:00:00Z")),
        "2026-03-04T09:[0-9é]{2}:.{2}Z".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 60, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((any_key(), inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "facility",
            "checklist",
            "code",
            "version",
            "kind",
            "started_at",
            "ended_at",
            "answers",
            "item",
            "value",
            "reason",
            "photos",
            "sha256",
            "bytes",
            "corrects",
            "observed_at",
        ])
        .prop_map(str::to_owned),
        ".{0,4}",
    ]
}

/// Every place of a JSON value.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, v)| places(v, &format!("{at}/{key}"), all))
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| places(v, &format!("{at}/{i}"), all));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_json_stops_the_reader(value in any_json()) {
        let mut faults = Faults::default();
        let read = inspection::parse(&value, now(), &mut faults);
        prop_assert!(read.is_some() || !faults.is_empty(), "refused without a fault");
        let body = value.to_string();
        prop_assert_eq!(text::parse(body.as_bytes()).unwrap(), value);
    }

    #[test]
    fn a_valid_content_with_one_odd_place_is_read_or_faulted_there(odd in any_json(), pick in any::<usize>()) {
        let mut content = valid();
        let mut all = Vec::new();
        places(&content, "", &mut all);
        let at = all[pick % all.len()].clone();
        *content.pointer_mut(&at).unwrap() = odd;
        // A list of photos that lost one is also a fault of the answers that name it, and a
        // day that moved is one of the other.
        let elsewhere = ["/answers/2/photos", "/ended_at", "/answers/1/reason"];
        for (pointer, code) in faults_of(&content.to_string()) {
            let fits = pointer.starts_with(&at) || elsewhere.iter().any(|p| pointer.starts_with(p))
                || (code == "duplicate" && at.ends_with("/item"))
                || (code == "reason-required" && at.ends_with("/value"));
            prop_assert!(fits, "{at} was changed, {code} is at {pointer}");
        }
    }

    #[test]
    fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(value) = text::parse(&bytes) {
            text::check_storable(&bytes, &value, &mut Faults::default());
        }
    }

    #[test]
    fn no_text_stops_the_reading_of_instants(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.é€]{0,12}Z|.{0,40}") {
        let _ = text.parse::<vigila_core::domain::Instant>();
    }
}
