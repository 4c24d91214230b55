//! Policies that ask for the tags of people: AB-14 and AB-15, and what is said of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use idbridge_mapping::abac::policy::{Effect, Listed, Policy, PolicyFinding, PolicySeverity, lint};
use idbridge_mapping::{ErrorKind, Location, SamlRule, Source};

/// Denies what is dangerous to everybody who works on one project.
const BY_PROJECT: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Deny",
        "Action": ["iam:*", "organizations:ListRoots", "organizations:LeaveOrganization"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/Project": "Robots"}}
    }]
}"#;

/// Denies what is not global outside of the region that a person works in.
const BY_REGION: &str = r#"{
    "Version": "2012-10-17",
    "Id": "regions",
    "Statement": {
        "Sid": "OwnRegionOnly",
        "Effect": "Deny",
        "NotAction": ["iam:*", "route53:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region}"}}
    }
}"#;

fn policy(text: &str) -> Policy {
    Policy::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// One statement that allows under `condition`.
fn allowing(condition: &str) -> Policy {
    policy(&format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {condition}}}}}"#
    ))
}

fn people(people: &[(&str, &[&str])]) -> BTreeMap<String, BTreeMap<String, String>> {
    let tags = |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), "x".to_owned())).collect();
    people.iter().map(|(label, keys)| ((*label).to_owned(), tags(keys))).collect()
}

fn codes(findings: &[PolicyFinding]) -> Vec<&'static str> {
    findings.iter().map(PolicyFinding::code).collect()
}

fn sentences(findings: &[PolicyFinding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// AB-14: a policy that denies by a tag is read, with a list of statements.
#[test]
fn ab_14_a_policy_by_project_is_read() {
    let policy = policy(BY_PROJECT);
    assert_eq!((policy.version(), policy.id(), policy.replaces_variables()), (Some("2012-10-17"), None, true));
    let [statement] = policy.statements() else { panic!() };
    assert_eq!((statement.number(), statement.sid(), statement.effect()), (1, None, Effect::Deny));
    assert!(matches!(statement.action(), Listed::Only(actions) if actions.len() == 3));
    let [condition] = statement.conditions() else { panic!() };
    assert_eq!((condition.operator(), condition.key()), ("StringEquals", "aws:PrincipalTag/Project"));
    assert_eq!(condition.values(), ["Robots"]);
}

/// AB-14: one statement without a list, `NotAction`, and a policy variable.
#[test]
fn ab_14_a_policy_by_region_is_read() {
    let policy = policy(BY_REGION);
    assert_eq!(policy.id(), Some("regions"));
    let [statement] = policy.statements() else { panic!() };
    assert_eq!(statement.action(), &Listed::AllBut(vec!["iam:*".to_owned(), "route53:*".to_owned()]));
    assert_eq!(statement.resource().unwrap().texts(), ["*"]);
    let uses: Vec<_> = policy.principal_tags().iter().map(ToString::to_string).collect();
    assert_eq!(uses, ["${aws:PrincipalTag/Region} in statement 1 (OwnRegionOnly), Condition, StringNotEquals, aws:RequestedRegion"]);
}

/// What a policy may have besides.
#[test]
fn everything_that_a_policy_may_have_is_read() {
    let policy = policy(
        r#"{"Statement": [
            {"Sid": "", "Effect": "Allow", "Principal": {"AWS": ["*", {"deep": [[]]}]}, "Action": "sts:AssumeRole",
             "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"s3:max-keys": [10, -1, 2.5, "7"]}, "Null": {}}},
            {"Effect": "Deny", "NotPrincipal": "*", "NotAction": [], "NotResource": ["a", "b"]}
        ], "Version": "2008-10-17"}"#,
    );
    assert!(!policy.replaces_variables());
    let values: Vec<_> = policy.statements()[0].conditions().iter().map(|condition| condition.values().join(" ")).collect();
    assert_eq!(values, ["true", "10 -1 2.5 7"]);
    assert_eq!(policy.statements()[1].resource(), Some(&Listed::AllBut(vec!["a".to_owned(), "b".to_owned()])));
    assert_eq!(policy.statements()[0].resource(), None);
    let marked = [b"\xEF\xBB\xBF".as_slice(), BY_REGION.as_bytes()].concat();
    assert_eq!(Policy::from_json(&marked).unwrap().id(), Some("regions"));
}

/// AB-15: the key that a rule sends is the one that a policy asks for, byte for byte; only the prefix has no case.
#[test]
fn ab_15_keys_are_taken_byte_for_byte() {
    let policy = allowing(
        r#"{"StringEquals": {"AWS:principaltag/cost Center/ü": "${aws:PRINCIPALTAG/Team:a+b=c@d}"},
            "StringLike": {"s3:prefix": ["${aws:PrincipalTag/Team, 'none'}/*", "${aws:username}", "${aws:PrincipalTag/}"]}}"#,
    );
    let uses: Vec<_> = policy.principal_tags().into_iter().map(|tag| (tag.key, tag.as_variable, tag.has_default)).collect();
    let expected = [("cost Center/ü", false, false), ("Team:a+b=c@d", true, false), ("Team", true, true)];
    assert_eq!(uses, expected.map(|(key, as_variable, has_default)| (key.to_owned(), as_variable, has_default)));

    let rule = SamlRule::access_control("cost Center/ü", Source::CostCenter).unwrap();
    let sent = rule.access_control_key().into_iter().chain(["Team", "Team:a+b=c@d"]);
    assert_eq!(lint(&policy, sent, &BTreeMap::new()), []);
}

/// AB-15: resources name tags too, and every use says where it is.
#[test]
fn ab_15_uses_say_where_they_are() {
    let policy = policy(
        r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": ["*", "arn:aws:s3:::a/${aws:PrincipalTag/Team}/${aws:PrincipalTag/Unit}"]},
            {"Sid": "Null", "Effect": "Deny", "Action": "*", "NotResource": "${aws:PrincipalTag/Team}",
             "Condition": {"Null": {"aws:PrincipalTag/Team": "true"}}}
        ]}"#,
    );
    let uses: Vec<_> = policy.principal_tags().iter().map(ToString::to_string).collect();
    assert_eq!(
        uses,
        [
            "${aws:PrincipalTag/Team} in statement 1, Resource",
            "${aws:PrincipalTag/Unit} in statement 1, Resource",
            "${aws:PrincipalTag/Team} in statement 2 (Null), NotResource",
            "aws:PrincipalTag/Team in statement 2 (Null), Condition, Null, aws:PrincipalTag/Team",
        ]
    );
}

/// Every way in which a text is no policy, with the place.
#[test]
fn what_is_no_policy_is_refused() {
    let statement = |inner: &str| format!(r#"{{"Statement": [{{"Effect": "Deny", "Action": "*"}}, {{{inner}}}]}}"#);
    for (text, expected) in [
        (String::new(), "invalid JSON at line 1 column 0: EOF while parsing a value"),
        ("{\n\"Statement\": [}".to_owned(), "invalid JSON at line 2 column 15: expected value"),
        ("{\"Statement\": []} x".to_owned(), "invalid JSON at line 1 column 19: trailing characters"),
        ("[]".to_owned(), "invalid policy at line 1 column 2: invalid type: sequence, expected an object with the policy's elements"),
        ("\"a\"".to_owned(), "invalid policy at line 1 column 3: invalid type: a string, expected an object with the policy's elements"),
        ("{}".to_owned(), "invalid policy at line 1 column 2: missing field `Statement`"),
        (
            r#"{"Version": "2012-10-18"}"#.to_owned(),
            "invalid policy at line 1 column 25, Version: expected \"2012-10-17\" or \"2008-10-17\", found \"2012-10-18\"",
        ),
        (
            r#"{"version": "2012-10-17"}"#.to_owned(),
            "invalid policy at line 1 column 10, version: there is no such element; expected Version, Id or Statement",
        ),
        (
            r#"{"Statement": "x"}"#.to_owned(),
            "invalid policy at line 1 column 17, Statement: invalid type: a string, expected a statement or a list of statements",
        ),
        (r#"{"Statement": {}}"#.to_owned(), "invalid policy at line 1 column 16, statement 1: missing field `Effect`"),
        (r#"{"Statement": [], "Statement": []}"#.to_owned(), "invalid policy at line 1 column 29: Statement is there twice"),
        (r#"{"Id": "", "Id": ""}"#.to_owned(), "invalid policy at line 1 column 15: Id is there twice"),
        (
            statement(r#""Effect": "allow""#),
            "invalid policy at line 1 column 69, statement 2, Effect: expected Allow or Deny, found \"allow\"",
        ),
        (statement(r#""Effect": "Deny""#), "invalid policy at line 1 column 69, statement 2: missing field `Action` or `NotAction`"),
        (
            statement(r#""Action": [], "NotAction": []"#),
            "invalid policy at line 1 column 81, statement 2, NotAction: it stands beside its contrary; only one of the two can be",
        ),
        (
            statement(r#""Action": 5"#),
            "invalid policy at line 1 column 62, statement 2, Action: invalid type: integer `5`, expected a string",
        ),
        (
            statement(r#""condition": {}"#),
            "invalid policy at line 1 column 62, statement 2, condition: there is no such element; expected Sid, Effect, Principal, Action, \
             Resource, Condition, or Not before one of the middle three",
        ),
        (
            statement(r#""Condition": {"StringEquals": {"a": "b", "a": "c"}}"#),
            "invalid policy at line 1 column 95, statement 2, Condition, StringEquals: a is there twice",
        ),
        (
            statement(r#""Condition": {"StringEquals": {"aws:A": "b", "AWS:a": "c"}}"#),
            "invalid policy at line 1 column 103, statement 2, Condition, StringEquals, AWS:a: it is there twice, in another case",
        ),
        (
            statement(r#""Condition": {"Null": {}, "Null": {}}"#),
            "invalid policy at line 1 column 83, statement 2, Condition: Null is there twice",
        ),
        (
            statement(r#""Condition": {"StringEquals": {"a": ["b", null]}}"#),
            "invalid policy at line 1 column 97, statement 2, Condition, StringEquals, a: invalid type: null, expected a string, a number or \
             a boolean",
        ),
        (
            statement(r#""Condition": {"StringEquals": ["a"]}"#),
            "invalid policy at line 1 column 82, statement 2, Condition, StringEquals: invalid type: sequence, expected an object with \
             condition keys",
        ),
    ] {
        let error = Policy::from_json(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

/// A text of more than 1 MiB is not looked at, and one that is nested without end is an error.
#[test]
fn sizes_are_bounded() {
    let error = Policy::from_json(&vec![b' '; Policy::LARGEST + 1]).unwrap_err();
    assert_eq!(error.to_string(), "invalid policy: at most 1048576 bytes are read, found 1048577");
    assert_eq!(error.at(), &Location::Whole);
    let nested = "{\"Statement\":".repeat(50_000);
    assert!(matches!(Policy::from_json(nested.as_bytes()).unwrap_err().kind(), ErrorKind::Policy { .. }));
    let nested = format!("{{\"Statement\": {{\"Principal\": {}", "[".repeat(500_000));
    assert!(matches!(Policy::from_json(nested.as_bytes()).unwrap_err().kind(), ErrorKind::Json { .. }));
}

/// What is asked for and not sent, and what is sent and not asked for.
#[test]
fn tags_that_nobody_sends_and_that_nobody_asks_for() {
    let findings = lint(&policy(BY_PROJECT), ["Region", "Team"], &people(&[("user u1", &["Region"])]));
    assert_eq!(
        sentences(&findings),
        [
            "the policy asks for the tag Project, which nobody sends, in statement 1, Condition, StringEquals, aws:PrincipalTag/Project; \
             send it, or take it out of the policy",
            "the tag Region is sent, and this policy does not ask for it",
            "the tag Team is sent, and this policy does not ask for it",
        ]
    );
    let severities: Vec<_> = findings.iter().map(PolicyFinding::severity).collect();
    assert_eq!(severities, [PolicySeverity::Warns, PolicySeverity::Informs, PolicySeverity::Informs]);
}

/// L180, L273: a key that differs only in case, from one that is sent or within the policy.
#[test]
fn keys_that_differ_only_in_case() {
    let findings = lint(&policy(BY_PROJECT), ["project"], &BTreeMap::new());
    assert_eq!(
        sentences(&findings),
        ["the policy asks for the tag Project, and there is project, which differs only in case; write both the same"]
    );
    let both = allowing(r#"{"StringEquals": {"aws:PrincipalTag/Team": "a"}, "StringLike": {"aws:PrincipalTag/team": "a"}}"#);
    for (sent, expected) in [
        (&["Team", "team"][..], &["TagCaseDiffers"][..]),
        (&["Team"], &["TagCaseDiffers"]),
        (&["TEAM"], &["TagCaseDiffers", "TagCaseDiffers"]),
        (&[], &["TagNotSent", "TagCaseDiffers"]),
    ] {
        assert_eq!(codes(&lint(&both, sent.iter().copied(), &BTreeMap::new())), expected, "{sent:?}");
    }
}

/// People who lack a tag, in one case or another, are counted and named.
#[test]
fn people_without_a_tag_are_named() {
    let some = people(&[("user u1", &["Project"]), ("user u2", &[]), ("user u3", &["project"])]);
    let findings = lint(&policy(BY_PROJECT), ["Project"], &some);
    assert_eq!(
        sentences(&findings),
        [
            "1 person (user u2) has no tag Project, which the policy asks for; fill in the attribute that it comes from, or give the policy a \
          default"
        ]
    );

    let labels: Vec<String> = (10..30).map(|number| format!("user {number}")).collect();
    let many: Vec<(&str, &[&str])> = labels.iter().map(|label| (label.as_str(), &[][..])).collect();
    let findings = lint(&policy(BY_PROJECT), ["Project"], &people(&many));
    assert!(findings[0].to_string().starts_with("20 people (user 10, user 11, "), "{}", findings[0]);
    assert!(findings[0].to_string().contains("user 19, ..) have no tag Project"), "{}", findings[0]);

    for thought_of in [
        r#"{"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Project, 'none'}"}}"#,
        r#"{"Null": {"aws:PrincipalTag/Project": "true"}}"#,
    ] {
        assert_eq!(lint(&allowing(thought_of), ["Project"], &some), [], "{thought_of}");
    }
}

/// A contrary holds for whoever lacks the tag, whether it is the key or a variable.
#[test]
fn contraries_that_hold_for_people_without_the_tag() {
    let some = people(&[("user u1", &["Region"]), ("user u2", &[]), ("user u3", &[])]);
    let findings = lint(&policy(BY_REGION), ["Region"], &some);
    assert_eq!(codes(&findings), ["PeopleWithoutTag", "NegatedMatchesAbsent"]);
    assert_eq!(
        findings[1].to_string(),
        "2 people (user u2, user u3) have no tag Region, and the condition that denies holds where it is absent: statement 1 \
         (OwnRegionOnly), Condition, StringNotEquals, aws:RequestedRegion; fill in the attribute that the tag comes from, or add Null with \
         aws:PrincipalTag/Region \"false\""
    );
    for (condition, is_expected) in [
        (r#"{"StringNotLike": {"aws:PrincipalTag/Region": "eu-*"}}"#, true),
        (r#"{"StringNotEqualsIgnoreCaseIfExists": {"aws:PrincipalTag/Region": "eu"}}"#, true),
        (r#"{"StringNotEquals": {"aws:PrincipalTag/Region": "eu"}, "Null": {"aws:principaltag/region": false}}"#, false),
        (r#"{"StringNotEquals": {"aws:PrincipalTag/Region": "eu"}, "Null": {"aws:PrincipalTag/Region": true}}"#, true),
        (r#"{"ForAnyValue:StringNotEquals": {"aws:PrincipalTag/Region": "eu"}}"#, false),
        (r#"{"StringEquals": {"aws:PrincipalTag/Region": "eu"}}"#, false),
        (r#"{"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region, 'eu'}"}}"#, false),
    ] {
        let findings = lint(&allowing(condition), ["Region"], &some);
        assert_eq!(codes(&findings).contains(&"NegatedMatchesAbsent"), is_expected, "{condition}");
    }
}

/// `ForAllValues:` holds where the key is absent, which matters where it allows.
#[test]
fn for_all_values_that_allows_needs_null() {
    let findings = lint(&allowing(r#"{"ForAllValues:StringLike": {"aws:TagKeys": ["a*"]}}"#), [], &BTreeMap::new());
    assert_eq!(
        sentences(&findings),
        [
            "a condition that allows holds where its key is absent: statement 1, Condition, ForAllValues:StringLike, aws:TagKeys; add Null with \
          aws:TagKeys \"false\" to the statement"
        ]
    );
    let guarded = r#"{"ForAllValues:StringLike": {"aws:TagKeys": ["a*"]}, "Null": {"AWS:TagKeys": "false"}}"#;
    assert_eq!(lint(&allowing(guarded), [], &BTreeMap::new()), []);
    let denies = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"ForAllValues:StringLike": {"aws:TagKeys": ["a*"]}}}}"#;
    assert_eq!(lint(&policy(denies), [], &BTreeMap::new()), []);
}

/// Variables stand for themselves in a policy that is not of the newer version.
#[test]
fn variables_need_the_newer_version() {
    let text = BY_REGION.replace(r#""Version": "2012-10-17","#, "");
    let findings = lint(&policy(&text), ["Region"], &people(&[("user u1", &[])]));
    assert_eq!(codes(&findings), ["PeopleWithoutTag", "VariableNotReplaced"]);
    assert_eq!(
        findings[1].to_string(),
        "the variable ${aws:PrincipalTag/Region} is taken letter for letter in statement 1 (OwnRegionOnly), Condition, StringNotEquals, \
         aws:RequestedRegion; write \"Version\": \"2012-10-17\" into the policy"
    );
    assert_eq!(findings[1].remedy().as_deref(), Some("write \"Version\": \"2012-10-17\" into the policy"));
}

/// A long key does not make a long message, and what would break a line of a log is escaped.
#[test]
fn messages_are_bounded() {
    let key = format!("a\\n{}", "x".repeat(10_000));
    let policy = allowing(&format!(r#"{{"ForAllValues:StringNotLike": {{"aws:PrincipalTag/{key}": "a"}}}}"#));
    for finding in lint(&policy, [], &people(&[("user\nu1", &[])])) {
        let sentence = finding.to_string();
        assert!(sentence.len() < 800 && !sentence.contains('\n'), "{sentence}");
    }
}

/// Many keys and many people take no more time than there are keys and tags.
#[test]
fn many_keys_and_many_people() {
    let keys: Vec<String> = (0..8_000).map(|number| format!("k{number}")).collect();
    let conditions: Vec<String> = keys.iter().map(|key| format!(r#""aws:PrincipalTag/{key}": "a""#)).collect();
    let policy = allowing(&format!("{{\"StringNotEquals\": {{{}}}}}", conditions.join(", ")));
    let labels: Vec<String> = (0..8_000).map(|number| format!("user {number}")).collect();
    let some: Vec<(&str, &[&str])> = labels.iter().map(|label| (label.as_str(), &["k1", "k2", "k3"][..])).collect();
    let findings = lint(&policy, keys.iter().map(String::as_str), &people(&some));
    assert_eq!(findings.len(), 2 * (8_000 - 3));
    assert_eq!(findings.iter().filter(|finding| finding.to_string().starts_with("8000 people (user 0, user 1, ")).count(), findings.len());
}
