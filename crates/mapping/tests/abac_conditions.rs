//! Whether a condition holds for a person: AB-14, and laws.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use idbridge_mapping::abac::policy::{ConditionResult, Context, Policy, lint};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// What is asked of a case: whether it holds, or what it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Is {
    Held,
    Failed,
    Unknown(Vec<String>),
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn policy(version: &str, condition: &str) -> Policy {
    let text = format!(
        r#"{{"Version": "{version}", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {condition}}}}}"#
    );
    Policy::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn evaluate(policy: &Policy, tags: &[(&str, &str)], context: &Context) -> Is {
    let tags: BTreeMap<String, String> = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    match policy.statements()[0].condition_on(&tags, context) {
        ConditionResult::Holds => Is::Held,
        ConditionResult::DoesNotHold { .. } => Is::Failed,
        ConditionResult::Unknown { keys, operators } => Is::Unknown(keys.into_iter().chain(operators).collect()),
    }
}

fn on(condition: &str, tags: &[(&str, &str)]) -> Is {
    evaluate(&policy("2012-10-17", condition), tags, &Context::new())
}

fn unknown(names: &[&str]) -> Is {
    Is::Unknown(names.iter().map(|name| (*name).to_owned()).collect())
}

/// Each operator with a tag that is there, one that is not, and several values.
#[test]
fn ab_14_operators_on_tags() {
    // The operator, the policy's values, whether it holds for the team "Red", and for nobody's team.
    for (operator, values, is_held, is_held_if_absent) in [
        ("StringEquals", r#""Red""#, true, false),
        ("StringEquals", r#""red""#, false, false),
        ("StringEquals", r#"["Blue", "Red"]"#, true, false),
        ("StringEquals", r#""R*""#, false, false),
        ("StringEquals", "[]", false, false),
        ("StringNotEquals", r#""Red""#, false, true),
        ("StringNotEquals", r#"["Blue", "Red"]"#, false, true),
        ("StringNotEquals", r#"["Blue", "Green"]"#, true, true),
        ("StringEqualsIgnoreCase", r#""rED""#, true, false),
        ("StringNotEqualsIgnoreCase", r#""rED""#, false, true),
        ("StringLike", r#""?e*""#, true, false),
        ("StringLike", r#""r*""#, false, false),
        ("StringNotLike", r#"["B*", "R*"]"#, false, true),
        ("StringNotLike", r#""B*""#, true, true),
        ("StringEqualsIfExists", r#""Blue""#, false, true),
        ("StringNotLikeIfExists", r#""R*""#, false, true),
        ("ForAllValues:StringEquals", r#"["Red", "Blue"]"#, true, true),
        ("ForAllValues:StringEquals", r#""Blue""#, false, true),
        ("ForAllValues:StringNotEquals", r#""Red""#, false, true),
        ("ForAnyValue:StringLike", r#""R*""#, true, false),
        ("ForAnyValue:StringNotEquals", r#""Blue""#, true, false),
        ("ForAnyValue:StringNotEquals", r#"["Blue", "Red"]"#, false, false),
        ("ForAnyValue:StringLikeIfExists", r#""B*""#, false, true),
        ("Null", r#""true""#, false, true),
        ("Null", "false", true, false),
        ("Null", r#"["true", "false"]"#, true, true),
    ] {
        let condition = format!(r#"{{"{operator}": {{"aws:PrincipalTag/Team": {values}}}}}"#);
        let is = |is_held| if is_held { Is::Held } else { Is::Failed };
        assert_eq!(on(&condition, &[("Team", "Red"), ("Unit", "x")]), is(is_held), "{condition}");
        assert_eq!(on(&condition, &[("Unit", "x")]), is(is_held_if_absent), "{condition}, absent");
    }
}

/// AB-14: nobody leaves their region, and whoever has none goes nowhere.
#[test]
fn ab_14_a_region_as_a_variable() {
    let policy = policy("2012-10-17", r#"{"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region}"}}"#);
    let at_home = Context::new().with("AWS:RequestedRegion", ["eu-west-1"]);
    assert_eq!(evaluate(&policy, &[("Region", "eu-west-1")], &at_home), Is::Failed);
    assert_eq!(evaluate(&policy, &[("Region", "eu-west-2")], &at_home), Is::Held);
    assert_eq!(evaluate(&policy, &[], &at_home), Is::Held);
    assert_eq!(evaluate(&policy, &[("Region", "eu-west-1")], &Context::new()), unknown(&["aws:RequestedRegion"]));
    assert_eq!(evaluate(&policy, &[("Region", "x")], &Context::new().without("aws:RequestedRegion")), Is::Held);
}

/// Variables, their defaults, and what stands for one character.
#[test]
fn variables_and_escapes() {
    for (operator, value, requested, is) in [
        ("StringEquals", "${aws:PrincipalTag/Team}-${aws:PrincipalTag/Unit}", "red-7", Is::Held),
        ("StringEquals", "${aws:PrincipalTag/None, 'none'}", "none", Is::Held),
        ("StringEquals", "${aws:PrincipalTag/Team,'none'}", "red", Is::Held),
        ("StringEquals", "${aws:PrincipalTag/None}", "", Is::Failed),
        ("StringNotLike", "${aws:PrincipalTag/None}*", "red", Is::Held),
        ("StringLike", "${aws:PrincipalTag/Team}/*", "red/file", Is::Held),
        ("StringLike", "${aws:PrincipalTag/Star}", "anything", Is::Failed),
        ("StringLike", "${aws:PrincipalTag/Star}", "*", Is::Held),
        ("StringLike", "${aws:PrincipalTag/None, '*'}", "anything", Is::Failed),
        ("StringLike", "a${*}b${?}c${$}", "a*b?c$", Is::Held),
        ("StringLike", "a${*}b", "a-b", Is::Failed),
        ("StringEquals", "a${*}b", "a*b", Is::Held),
        ("StringEquals", "${aws:PrincipalTag/Team", "${aws:PrincipalTag/Team", Is::Held),
        ("StringEquals", "${aws:username}", "red", unknown(&["aws:username"])),
        ("StringEquals", "${aws:PrincipalTag/None}${aws:username}", "red", Is::Failed),
    ] {
        let policy = policy("2012-10-17", &format!(r#"{{"{operator}": {{"s3:prefix": {}}}}}"#, json(value)));
        let tags = [("Team", "red"), ("Unit", "7"), ("Star", "*")];
        assert_eq!(evaluate(&policy, &tags, &Context::new().with("s3:prefix", [requested])), is, "{operator} {value}");
    }
}

/// In a policy of the older version, a variable is a text.
#[test]
fn variables_of_an_older_policy_are_texts() {
    let policy = policy("2008-10-17", r#"{"StringEquals": {"s3:prefix": "${aws:PrincipalTag/Team}"}}"#);
    let with = |prefix| Context::new().with("s3:prefix", [prefix]);
    assert_eq!(evaluate(&policy, &[("Team", "red")], &with("red")), Is::Failed);
    assert_eq!(evaluate(&policy, &[("Team", "red")], &with("${aws:PrincipalTag/Team}")), Is::Held);
}

/// Keys that hold several values.
#[test]
fn several_values_of_a_key() {
    let context = Context::new().with("aws:TagKeys", ["a1", "b1"]);
    for (operator, values, is) in [
        ("ForAllValues:StringLike", r#"["a*", "b*"]"#, Is::Held),
        ("ForAllValues:StringLike", r#""a*""#, Is::Failed),
        ("ForAllValues:StringNotLike", r#""c*""#, Is::Held),
        ("ForAllValues:StringNotLike", r#""a*""#, Is::Failed),
        ("ForAnyValue:StringLike", r#""b*""#, Is::Held),
        ("ForAnyValue:StringNotLike", r#""a*""#, Is::Held),
        ("ForAnyValue:StringNotLike", r#"["a*", "b*"]"#, Is::Failed),
        ("StringLike", r#""a*""#, unknown(&["aws:TagKeys"])),
        ("Null", "true", Is::Failed),
    ] {
        let policy = policy("2012-10-17", &format!(r#"{{"{operator}": {{"aws:TagKeys": {values}}}}}"#));
        assert_eq!(evaluate(&policy, &[], &context), is, "{operator} {values}");
    }
}

/// What is not known stays so, unless something else decides.
#[test]
fn unknown_is_neither_held_nor_failed() {
    let tags = [("Team", "red")];
    for (condition, is) in [
        (r#"{"StringEquals": {"ec2:ResourceTag/Team": "red"}}"#, unknown(&["ec2:ResourceTag/Team"])),
        (r#"{"ArnLike": {"aws:PrincipalTag/Team": "red"}}"#, unknown(&["ArnLike"])),
        (r#"{"stringequals": {"aws:PrincipalTag/Team": "red"}}"#, unknown(&["stringequals"])),
        (r#"{"NullIfExists": {"aws:PrincipalTag/Team": "red"}}"#, unknown(&["NullIfExists"])),
        (r#"{"ForSome:StringLike": {"aws:PrincipalTag/Team": "red"}}"#, unknown(&["ForSome:StringLike"])),
        (r#"{"Null": {"aws:PrincipalTag/Team": "maybe"}}"#, unknown(&["Null"])),
        (r#"{"StringEquals": {"aws:PrincipalTag/team": "red"}}"#, unknown(&["aws:PrincipalTag/team"])),
        (r#"{"Null": {"aws:PrincipalTag/TEAM": true}}"#, unknown(&["aws:PrincipalTag/TEAM"])),
        (r#"{"StringEquals": {"aws:PrincipalTag/Team": ["${aws:username}", "red"]}}"#, Is::Held),
        (r#"{"StringNotEquals": {"aws:PrincipalTag/Team": ["${aws:username}", "red"]}}"#, Is::Failed),
        (r#"{"StringNotEquals": {"aws:PrincipalTag/Team": ["${aws:username}", "blue"]}}"#, unknown(&["aws:username"])),
        (r#"{"StringEquals": {"aws:PrincipalTag/Team": "blue", "s3:prefix": "a"}, "ArnLike": {"a": "b"}}"#, Is::Failed),
        (
            r#"{"StringEquals": {"aws:PrincipalTag/Team": "red", "s3:prefix": "a"}, "ArnLike": {"a": "b"}}"#,
            unknown(&["s3:prefix", "ArnLike"]),
        ),
        ("{}", Is::Held),
    ] {
        assert_eq!(on(condition, &tags), is, "{condition}");
    }
    assert_eq!(on(r#"{"Null": {"aws:PrincipalTag/Team": true}}"#, &[("Team", "")]), unknown(&["aws:PrincipalTag/Team"]));
    let claimed = Context::new().with("aws:PrincipalTag/Team", ["blue"]);
    let is_blue = policy("2012-10-17", r#"{"StringEquals": {"aws:PrincipalTag/Team": "blue"}}"#);
    assert_eq!(evaluate(&is_blue, &tags, &claimed), Is::Failed, "a context does not give tags");
}

/// All conditions that do not hold are named.
#[test]
fn what_does_not_hold_is_named() {
    let policy = policy(
        "2012-10-17",
        r#"{"StringEquals": {"aws:PrincipalTag/Team": "red", "aws:PrincipalTag/Unit": "7"}, "Null": {"aws:PrincipalTag/Region": false}}"#,
    );
    let tags = BTreeMap::from([("Team".to_owned(), "red".to_owned())]);
    let ConditionResult::DoesNotHold { failed } = policy.statements()[0].condition_on(&tags, &Context::new()) else { panic!() };
    let failed: Vec<_> = failed.iter().map(ToString::to_string).collect();
    assert_eq!(
        failed,
        ["statement 1, Condition, StringEquals, aws:PrincipalTag/Unit", "statement 1, Condition, Null, aws:PrincipalTag/Region"]
    );
}

/// A pattern that would take for ever by trying everything takes no time.
#[test]
fn wildcards_do_not_explode() {
    let like = |pattern: &str| policy("2012-10-17", &format!(r#"{{"StringLike": {{"s3:prefix": {}}}}}"#, json(pattern)));
    let context = Context::new().with("s3:prefix", ["a".repeat(2_000)]);
    assert_eq!(evaluate(&like(&format!("{}b", "a*".repeat(1_000))), &[], &context), Is::Failed);
    assert_eq!(evaluate(&like(&"*".repeat(1_000_000)), &[], &context), Is::Held);
    assert_eq!(evaluate(&like(&"*a".repeat(400_000)), &[], &context), Is::Failed);
    assert_eq!(evaluate(&like(&"${a,'".repeat(150_000)), &[], &context), Is::Failed);
}

/// What a text with wildcards is like, by trying everything.
fn is_like(text: &[char], pattern: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|taken| is_like(&text[taken..], rest)),
        Some((first, rest)) => text.split_first().is_some_and(|(found, behind)| (*first == '?' || first == found) && is_like(behind, rest)),
    }
}

fn negated(operator: &str) -> String {
    operator.replace("String", "StringNot")
}

fn operator() -> impl Strategy<Value = String> {
    let names = ["", "Not"].into_iter().flat_map(|not| ["Equals", "EqualsIgnoreCase", "Like"].map(|name| format!("String{not}{name}")));
    let names: Vec<String> = names.collect();
    let quantifier = prop_oneof![Just(""), Just("ForAnyValue:"), Just("ForAllValues:")];
    let any_text = (quantifier, prop::sample::select(names), prop_oneof![Just(""), Just("IfExists")]);
    prop_oneof![9 => any_text.prop_map(|(quantifier, name, exists)| format!("{quantifier}{name}{exists}")), 1 => Just("Null".to_owned())]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab*?]{0,4}",
        1 => Just("${aws:PrincipalTag/A}".to_owned()),
        1 => Just("${aws:PrincipalTag/B, 'a'}b".to_owned()),
        1 => Just("${k}".to_owned()),
        1 => Just("true".to_owned()),
        1 => any::<String>(),
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["aws:PrincipalTag/A", "aws:PrincipalTag/B", "aws:PrincipalTag/a", "k", "other"]).prop_map(str::to_owned)
}

/// Conditions of any kind.
fn condition() -> impl Strategy<Value = String> {
    let values = vec(value(), 0..3).prop_map(|values| serde_json::to_string(&values).unwrap());
    let one = (operator(), key(), values).prop_map(|(operator, key, values)| (operator, format!("{{{}: {values}}}", json(&key))));
    vec(one, 0..4).prop_map(|conditions| {
        let by_operator: BTreeMap<String, String> = conditions.into_iter().collect();
        let all: Vec<String> = by_operator.iter().map(|(operator, keys)| format!("{}: {keys}", json(operator))).collect();
        format!("{{{}}}", all.join(", "))
    })
}

fn tags() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map("[ABa]", prop_oneof!["[ab*]{0,3}", any::<String>()], 0..3)
}

proptest! {
    /// Wildcards are what trying everything says they are.
    #[test]
    fn wildcards_are_what_they_are_said_to_be(text in "[ab]{0,8}", pattern in "[ab*?]{0,8}") {
        let like = policy("2012-10-17", &format!(r#"{{"StringLike": {{"k": {}}}}}"#, json(&pattern)));
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = if is_like(&characters(&text), &characters(&pattern)) { Is::Held } else { Is::Failed };
        prop_assert_eq!(evaluate(&like, &[], &Context::new().with("k", [text])), expected);
    }

    /// The value of a tag is like itself and like nothing else, whatever is in it.
    #[test]
    fn the_value_of_a_tag_is_no_pattern(tag in any::<String>(), other in "[ab*?$]{0,3}", requested in any::<String>()) {
        let like = policy("2012-10-17", r#"{"StringLike": {"k": "${aws:PrincipalTag/A}"}}"#);
        for (tag, requested) in [(&tag, &requested), (&tag, &tag), (&other, &requested), (&other, &other)] {
            let expected = if tag == requested { Is::Held } else { Is::Failed };
            prop_assert_eq!(evaluate(&like, &[("A", tag)], &Context::new().with("k", [requested])), expected);
        }
    }

    /// Of one value, an operator and its contrary never give the same.
    #[test]
    fn contraries_differ(name in prop::sample::select(vec!["StringEquals", "StringEqualsIgnoreCase", "StringLike"]), values in vec(value(), 0..3),
                         tag in any::<String>(), is_there in any::<bool>()) {
        let values = serde_json::to_string(&values).unwrap();
        let of = |name: &str| policy("2012-10-17", &format!(r#"{{"{name}": {{"aws:PrincipalTag/A": {values}}}}}"#));
        let tags = if is_there { vec![("A", tag.as_str())] } else { vec![] };
        let context = Context::new().with("k", ["a"]);
        let (plain, contrary) = (evaluate(&of(name), &tags, &context), evaluate(&of(&negated(name)), &tags, &context));
        prop_assert!(matches!((&plain, &contrary), (Is::Held, Is::Failed) | (Is::Failed, Is::Held)), "{:?} {:?}", plain, contrary);
    }

    /// What is decided without a part of the context is decided the same with it.
    #[test]
    fn to_know_more_changes_no_decision(condition in condition(), tags in tags(), values in vec("[ab]{0,2}", 0..3)) {
        let policy = policy("2012-10-17", &condition);
        let statement = &policy.statements()[0];
        let less = statement.condition_on(&tags, &Context::new());
        let more = statement.condition_on(&tags, &Context::new().with("k", values.clone()).with("other", values));
        match less {
            ConditionResult::Holds => prop_assert_eq!(more, ConditionResult::Holds),
            ConditionResult::DoesNotHold { .. } => {
                let is_failed = matches!(more, ConditionResult::DoesNotHold { .. });
                prop_assert!(is_failed);
            }
            ConditionResult::Unknown { .. } => {}
        }
    }

    /// Any bytes are a policy or an error, and whatever is sent can be held against it, with the same result each time.
    #[test]
    fn reading_does_not_panic(condition in condition(), at in any::<prop::sample::Index>(), byte in any::<u8>(), tags in tags()) {
        let mut text = format!(r#"{{"Statement": [{{"Effect": "Deny", "Action": "*", "Condition": {condition}}}]}}"#).into_bytes();
        let people = BTreeMap::from([("user u1".to_owned(), tags)]);
        let whole = Policy::from_json(&text).unwrap();
        prop_assert_eq!(lint(&whole, ["A"], &people), lint(&whole, ["A"], &people));
        let at = at.index(text.len());
        text[at] = byte;
        match Policy::from_json(&text) {
            Ok(policy) => prop_assert!(lint(&policy, ["A"], &people).iter().all(|finding| !finding.to_string().contains('\n'))),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
