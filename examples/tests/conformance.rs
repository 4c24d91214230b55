//! The program `conformance`: a line in, a line out; and the public corpora, where `IDBRIDGE_CORPUS` says where they are.

#![allow(clippy::unwrap_used, clippy::unwrap_in_result, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use idbridge_scim::{Filter, ListResponse, Mode, PatchOp, Resource, Schemas};
use serde_json::{Value, json};

fn answers(lines: &[String]) -> Vec<Value> {
    lines::answers("scim", lines)
}

fn answer(request: &Value) -> Value {
    answers(&[request.to_string()]).remove(0)
}

/// Each kind of vector, asked and answered as the program's documentation says.
#[test]
fn each_kind_is_answered() {
    let user = json!({"userName": "anna", "emails": [{"value": "a@example.com", "type": "work", "primary": true}]});
    for (request, expected) in [
        (json!({"kind": "filter-parse", "filter": "title pr", "note": "unknown keys are passed over"}), json!({"ok": true})),
        (
            json!({"kind": "filter-match", "filter": "emails.type eq \"WORK\"", "resources": [user, {"userName": "b"}]}),
            json!({"matches": [0], "ok": true}),
        ),
        (
            json!({"kind": "path-parse", "path": "emails[type eq \"work\"].value"}),
            json!({"parts": {"schema": null, "attribute": "emails", "filter": "type eq \"work\"", "subAttribute": "value"}, "ok": true}),
        ),
        (
            json!({"kind": "path-parse", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}),
            json!({"parts": {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "attribute": null, "filter": null, "subAttribute": null}, "ok": true}),
        ),
        (
            json!({"kind": "patch-apply", "mode": "lenient", "resource": {"userName": "a", "active": true}, "operations": [{"op": "Replace", "path": "active", "value": "False"}]}),
            json!({"resource": {"userName": "a", "active": false}, "changed": true, "ok": true}),
        ),
        (
            json!({"kind": "diff", "from": {"displayName": "g", "members": [{"value": "1"}]}, "to": {"displayName": "g"}, "profile": "aws"}),
            json!({"operations": [{"op": "remove", "path": "members", "value": [{"value": "1"}]}], "ok": true}),
        ),
    ] {
        assert_eq!(answer(&request), expected, "{request}");
    }
    let checked = answer(&json!({"kind": "check", "resource": {"displayName": "a:b", "members": []}, "profile": "aws"}));
    let findings: Vec<_> = checked["findings"].as_array().unwrap().iter().map(|finding| (&finding["path"], &finding["rule"])).collect();
    assert_eq!(findings, [(&json!("displayName"), &json!("Character")), (&json!("members"), &json!("Empty"))]);
}

/// A refusal has the keyword and the reason, whatever is refused; a line that is none is answered too, and in its place.
#[test]
fn a_bad_line_is_answered_with_an_error_line() {
    let deep = format!("{{\"kind\":\"filter-parse\",\"filter\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let lines = [
        "",
        "nonsense",
        "[]",
        "7",
        "{}",
        "{\"kind\":7}",
        "{\"kind\":\"else\"}",
        "{\"kind\":\"filter-parse\"}",
        "{\"kind\":\"filter-parse\",\"filter\":7}",
        "{\"kind\":\"filter-parse\",\"filter\":\"a eq\",\"mode\":\"loose\"}",
        "{\"kind\":\"filter-parse\",\"filter\":\"a eq\"}",
        "{\"kind\":\"patch-apply\",\"resource\":[],\"operations\":[]}",
        "{\"kind\":\"patch-apply\",\"resource\":{},\"operations\":[7]}",
        "{\"kind\":\"diff\",\"from\":{},\"to\":{},\"profile\":\"else\"}",
        &deep,
        "\u{0}",
    ];
    let lines: Vec<String> =
        lines.iter().map(|line| (*line).to_owned()).chain(["{\"kind\":\"filter-parse\",\"filter\":\"a pr\"}".to_owned()]).collect();
    let answers = answers(&lines);
    assert_eq!(answers.len(), lines.len());
    let (last, refused) = answers.split_last().unwrap();
    assert_eq!(*last, json!({"ok": true}));
    for (line, answer) in lines.iter().zip(refused) {
        assert_eq!(answer["ok"], json!(false), "{line}");
        assert!(answer["scim_type"].is_string() && answer["error"].as_str().is_some_and(|error| error.len() < 400), "{line}: {answer}");
    }
    assert_eq!(refused[10]["scim_type"], "invalidFilter");
}

fn read_lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// RFC 7643 section 2.5: absent, null and a list of nothing are one; `schemas` is a set.
fn normal(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let assigned = object.iter().filter(|(_, value)| !value.is_null() && **value != json!([]));
            let normal = assigned.map(|(name, value)| {
                let mut value = normal(value);
                if let (true, Some(uris)) = (name == "schemas", value.as_array_mut()) {
                    uris.sort_by_key(Value::to_string);
                }
                (name.clone(), value)
            });
            Value::Object(normal.collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(normal).collect()),
        other => other.clone(),
    }
}

/// What is asked for, in the words of the exceptions.
fn expectation(case: &Value) -> String {
    match &case["error"] {
        Value::Null => "accepted".to_owned(),
        error => {
            let types = error["scimType"].as_array().map_or_else(|| vec![&error["scimType"]], |types| types.iter().collect());
            let types: Vec<&str> = types.into_iter().filter_map(Value::as_str).collect();
            format!("refused with {}", types.join(" or "))
        }
    }
}

/// What was answered instead of what is asked for, if it was something else.
fn divergence(case: &Value, answer: &Value) -> Option<String> {
    if answer["ok"] == json!(false) {
        let given = format!("refused with {}", answer["scim_type"].as_str().unwrap());
        let is_listed = expectation(case).trim_start_matches("refused with ").split(" or ").any(|listed| answer["scim_type"] == listed);
        return (case["error"].is_null() || !is_listed).then_some(given);
    }
    let is_same = case["error"].is_null()
        && match case["kind"].as_str().unwrap() {
            "filter-match" => answer["matches"] == case["matches"],
            "path-parse" => answer["parts"] == case["parts"],
            "patch-apply" => normal(&answer["resource"]) == normal(&case["expected"]) && answer["changed"] == case["changed"],
            _ => true,
        };
    (!is_same).then(|| "accepted".to_owned())
}

/// Every vector is answered as asked in its mode, in both where it says so, but for the exceptions, each of which has a reason.
#[test]
fn the_public_vectors_are_answered_as_they_ask() {
    let Some(corpus) = lines::corpus("scim") else { return };
    let fixtures: Value = serde_json::from_slice(&fs::read(corpus.join("filter-match-fixtures.json")).unwrap()).unwrap();
    let mut cases = Vec::new();
    for kind in ["filter-parse", "filter-match", "path-parse", "patch-apply"] {
        for case in read_lines(&corpus.join(format!("{kind}.jsonl"))) {
            let modes = if case["mode"] == "both" { vec!["strict", "lenient"] } else { vec![case["mode"].as_str().unwrap()] };
            for mode in modes {
                let mut case = case.clone();
                case["kind"] = json!(kind);
                case["mode"] = json!(mode);
                if let Some(fixture) = case["fixture"].as_str() {
                    case["resources"] = fixtures[fixture].clone();
                }
                cases.push(case);
            }
        }
    }
    assert!(cases.len() > 900, "{} vectors", cases.len());
    let exceptions: Vec<Value> = serde_json::from_str(include_str!("../conformance/exceptions.json")).unwrap();
    let name = |case: &Value| ["kind", "id", "mode"].map(|part| case[part].as_str().unwrap().to_owned());
    let mut open: BTreeMap<[String; 3], &Value> = exceptions.iter().map(|exception| (name(exception), exception)).collect();
    assert_eq!(open.len(), exceptions.len(), "an exception is there twice");

    let answers = answers(&cases.iter().map(Value::to_string).collect::<Vec<_>>());
    let mut wrong = BTreeSet::new();
    for (case, answer) in cases.iter().zip(&answers) {
        match (divergence(case, answer), open.remove(&name(case))) {
            (None, None) => {}
            (None, Some(_)) => {
                wrong.insert(format!("{:?} is answered as asked, and listed as an exception", name(case)));
            }
            (Some(actual), Some(exception)) => {
                assert_eq!((exception["expected"].as_str(), exception["actual"].as_str()), (Some(&*expectation(case)), Some(&*actual)));
                assert!(exception["reason"].as_str().is_some_and(|reason| reason.len() > 20));
            }
            (Some(_), None) => {
                wrong.insert(format!("{:?}: asked for {}, answered {answer}", name(case), expectation(case)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(open.is_empty(), "exceptions of vectors that there are none of: {:?}", open.keys());
}

/// What provisioning clients of large identity providers say to a service is read, what they are answered too, and their patches follow the schemas.
#[test]
fn the_recorded_exchanges_are_read() {
    let Some(corpus) = lines::corpus("scim") else { return };
    let exchanges = read_lines(&corpus.join("idp-exchanges.jsonl"));
    assert!(exchanges.len() >= 18);
    for exchange in exchanges {
        let (request, response) = (&exchange["request"], &exchange["response"]);
        if let Some((_, query)) = exchange["path"].as_str().unwrap().split_once("filter=") {
            let filter = query.split('&').next().unwrap().replace('+', " ").replace("%22", "\"").replace("%40", "@");
            Filter::parse(&filter, Mode::Strict).unwrap();
        }
        if request["Operations"].is_array() {
            let patch = PatchOp::from_json(request.to_string().as_bytes(), Mode::Lenient).unwrap();
            let schemas = if exchange["path"].as_str().unwrap().starts_with("/Groups") { Schemas::group() } else { Schemas::user() };
            assert_eq!(
                schemas.validate_patch(&patch, Mode::Lenient).iter().filter(|finding| finding.path != "id").count(),
                0,
                "{exchange}"
            );
        } else if !request.is_null() {
            Resource::from_json(request.to_string().as_bytes()).unwrap();
        }
        if response.get("Resources").is_some() {
            ListResponse::from_json(response.to_string().as_bytes()).unwrap();
        } else if !response.is_null() {
            Resource::from_json(response.to_string().as_bytes()).unwrap();
        }
    }
}
