//! "Same content": the canonical form (RFC 8785) does not depend on how a phone spells its
//! JSON. The digests were made with Python's `hashlib` over texts written by hand.

use proptest::prelude::*;
use serde_json::Value;
use vigila_core::documents::json::{canonical, digest, parse};

use crate::cases;

fn canonical_of(body: &str) -> String {
    canonical(&parse(body.as_bytes()).unwrap())
}

#[test]
fn key_order_number_spelling_and_escapes_do_not_matter() {
    let table = [
        (r#"{"b":1,"a":2}"#, "{ \"a\" : 2,\n\t\"b\" : 1 }"),
        (r#"{"a":5}"#, r#"{"a":5.0}"#),
        (r#"{"a":5}"#, r#"{"a":0.5e1}"#),
        (r#"{"a":100}"#, r#"{"a":1E+2}"#),
        (r#"{"a":0}"#, r#"{"a":-0.0}"#),
        (r#"{"a":4.6}"#, r#"{"a":4.60}"#),
        (r#"{"a":0.1}"#, r#"{"a":0.1000000000000000055511151231257827}"#),
        (r#"{"a":"é/\n"}"#, r#"{"\u0061":"\u00e9\/\u000a"}"#),
        (r#"{"a":"😀"}"#, r#"{"a":"\ud83d\ude00"}"#),
    ];
    for (one, other) in table {
        assert_eq!(canonical_of(one), canonical_of(other), "{one} {other}");
    }
}

#[test]
fn what_differs_stays_different() {
    let table = [
        (r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#),
        (r#"{"a":"BT-0007"}"#, r#"{"a":"bt-0007"}"#),
        ("{\"a\":\"\u{e9}\"}", "{\"a\":\"e\u{301}\"}"),
        (r#"{"a":1}"#, r#"{"a":"1"}"#),
        (r#"{"a":1}"#, r#"{"a":1.0000000000000002}"#),
        (r#"{"a":[]}"#, r#"{}"#),
        (r#"{"a":"2026-03-04T09:00:00Z"}"#, r#"{"a":"2026-03-04T09:00:00.000Z"}"#),
    ];
    for (one, other) in table {
        assert_ne!(canonical_of(one), canonical_of(other), "{one} {other}");
    }
}

#[test]
fn digests_are_those_of_another_program() {
    let table = [
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        (
            r#"{"b":1,"a":[1.5,2,-3,true,null,"è"]}"#,
            "b82baabede00a7eea90bc042ce861ca5a13fb39049eaa6e4bfbb8e92ec971523",
        ),
        (
            r#"{"facility":"BT-0007","checklist":{"version":"1.0.0","code":"CAS-COLL"},
                "kind":"unannounced","started_at":"2026-03-04T09:00:00Z",
                "ended_at":"2026-03-04T11:00:00Z",
                "answers":[{"item":"CAS-B01","value":4.60,"note":"citt\u00e0 \"vecchia\""}]}"#,
            "4ead0c9ba575e03cda03d6ab78e6cc7de518e22846d0327a13807837182712a3",
        ),
        // RFC 8785, section 3.2.3: keys are ordered by their UTF-16 units.
        (
            r#"{"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Emoji",
                "\u0080":"Control","\u00f6":"o"}"#,
            "179645b0f529c2a4b8c24b9c9e70348e3aaebec7df08cc38d82f7f2f8d2f30f0",
        ),
        (
            r#"{"n":[-0,1.0,1e21,1e20,0.0000001,1e-6,4.50,9007199254740992]}"#,
            "c31dcc05780e40fb62150ab936097e1e5e49d80c2e8fef726898eaf44d8c8c25",
        ),
    ];
    for (body, expected) in table {
        assert_eq!(digest(&canonical_of(body)), expected, "{body}");
    }
}

/// Another spelling of the same JSON: keys backwards, letters escaped, spaces between.
fn respelled(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let each: Vec<_> = map
                .iter()
                .rev()
                .map(|(k, v)| format!("{} :\n{}", escaped(k), respelled(v)))
                .collect();
            format!("{{ {} }}", each.join(" , "))
        }
        Value::Array(list) => {
            let each: Vec<_> = list.iter().map(respelled).collect();
            format!("[{} ]", each.join(",\t"))
        }
        Value::String(text) => escaped(text),
        Value::Number(number) => format!("{:e}", number.as_f64().unwrap()),
        other => other.to_string(),
    }
}

fn escaped(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    format!("\"{units}\"")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_spelling_of_a_visit_is_the_same_content(case in cases::any()) {
        let content = crate::support::content(&cases::sent(case.instrument(), &case.given()));
        let written = canonical(&content);
        prop_assert_eq!(canonical_of(&respelled(&content)), written.clone());
        prop_assert_eq!(canonical_of(&written), written.clone(), "the form of the form is itself");
        let moved = format!("{}{}", &written[..written.len() - 1], ",\"z\":1}");
        prop_assert_ne!(digest(&canonical_of(&moved)), digest(&written));
    }
}
