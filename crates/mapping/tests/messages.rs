//! Every message that a person reads.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use idbridge_mapping::directory::{DirectoryId, Group, PhoneNumber, User, jumpcloud};
use idbridge_mapping::{Finding, RuleSet, Severity, UserNameFrom};
use idbridge_scim::Profile;

fn user(change: impl FnOnce(&mut User)) -> User {
    let mut user = User::new(DirectoryId::new("u1").unwrap());
    user.username = Some("john".to_owned());
    user.email = Some("john@x.yz".to_owned());
    user.first_name = Some("John".to_owned());
    user.last_name = Some("Doe".to_owned());
    change(&mut user);
    user
}

fn of_user(rules: &RuleSet, change: impl FnOnce(&mut User)) -> Vec<Finding> {
    rules.to_scim(&user(change), &Profile::aws_iam_identity_center()).findings().to_vec()
}

fn of_group(name: &str) -> Vec<Finding> {
    let group = Group::new(DirectoryId::new("g1").unwrap(), name);
    RuleSet::jumpcloud().group_to_scim(&group, &Profile::aws_iam_identity_center()).findings().to_vec()
}

fn of_file(file: &str) -> Vec<Finding> {
    let snapshot = jumpcloud::read(file.as_bytes()).unwrap();
    let records = snapshot.users().values().flat_map(|user| user.findings.clone());
    records.chain(snapshot.groups().values().flat_map(|group| group.findings.clone())).chain(snapshot.findings()).collect()
}

/// Each finding with its record, its severity and its sentence, in which no value of an attribute may be.
#[test]
fn findings_say_what_to_change() {
    let rules = RuleSet::jumpcloud();
    let by_username = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    let mut without_last_name = RuleSet::jumpcloud();
    without_last_name.user.retain(|rule| rule.id != "AM-05");
    let file = |text: &str| {
        of_file(&format!(r#"{{"systemusers": [{{"_id": "u1"}}], "usergroups": [], "application": {{"usergroups": []}}, {text}}}"#))
    };
    let twice =
        r#"{"usergroups": [], "application": {"usergroups": []}, "systemusers": [{"_id": "u1", "email": "secret"}, {"_id": "u1"}]}"#;
    let unknown = |members: &str, bound: &str| {
        let groups = format!(r#"[{{"id": "g1", "name": "A", "members": {members}}}]"#);
        of_file(&format!(r#"{{"systemusers": [{{"_id": "u1"}}], "usergroups": {groups}, "application": {{"usergroups": {bound}}}}}"#))
    };
    let all = [
        of_user(&rules, |user| user.last_name = None),
        of_user(&without_last_name, |_| ()),
        of_user(&rules, |user| user.id = DirectoryId::new("a b").unwrap()),
        of_user(&rules, |user| user.job_title = Some("secret\u{200B}".to_owned())),
        of_user(&rules, |user| user.job_title = Some("s".repeat(2000))),
        of_user(&rules, |user| user.phone_numbers = vec![PhoneNumber::new("home", "secret")]),
        of_user(&rules, |user| {
            user.phone_numbers = vec![PhoneNumber::new("home", "1"), PhoneNumber::new("work", "2"), PhoneNumber::new("work", "3")]
        }),
        of_user(&by_username, |_| ()),
        of_group("secret: x"),
        of_group("a<b"),
        of_group("Administrator"),
        of_group(""),
        of_file(r#"{"usergroups": [], "application": {"usergroups": []}, "systemusers": [{"_id": "u1", "email": 5}]}"#),
        of_file(r#"{"usergroups": [], "application": {"usergroups": []}, "systemusers": [{"_id": "u1", "state": "secret"}]}"#),
        of_file(
            r#"{"usergroups": [], "application": {"usergroups": []}, "systemusers": [{"_id": "u1", "attributes": [{"name": "n", "value": []}]}]}"#,
        ),
        of_file(twice),
        unknown(r#"["u1", "u8"]"#, r#"["g1"]"#),
        unknown(r#"["u7", "u8", "u9"]"#, r#"["g1", "g2"]"#),
        unknown("[]", r#"["g2", "g3"]"#),
        file(r#""complete": false"#),
    ];
    let lines: Vec<String> = all
        .iter()
        .flatten()
        .map(|finding| {
            let record = finding.record().map_or_else(|| "directory".to_owned(), ToString::to_string);
            format!("{:?} {record} {}: {finding}", finding.severity(), finding.code())
        })
        .collect();
    let expected = [
        "Holds user u1 MissingRequired: name.familyName is required and has no value; fill in lastname in the directory",
        "Holds user u1 MissingRequired: name.familyName is required and has no value; change the rule set",
        "Holds user a b ValueRefused: externalId has the character ' ' (U+0020) at 1, which the service refuses; change id in the directory",
        "LeavesOut user u1 AttributeLeftOut: title has the character '\\u{200b}' (U+200B) at 6, which the service refuses, so it is left out; \
         change jobTitle in the directory",
        "LeavesOut user u1 AttributeLeftOut: title has 2000 characters, the service takes at most 1024, so it is left out; \
         change jobTitle in the directory",
        "Informs user u1 ValueDropped: 1 value of phoneNumbers is not sent; only the first of type work is",
        "Informs user u1 ValueDropped: 2 values of phoneNumbers are not sent; only the first of type work is",
        "Informs user u1 UserNameDiffersFromEmail: userName is not the e-mail address, so the person cannot log in by single sign-on; \
         make the two the same in the directory, or map userName from the e-mail address",
        "Informs user u1 UserNameNotEmail: userName does not look like an e-mail address; check the e-mail address in the directory",
        "Holds group g1 GroupNameColon: the group's name has a ':' at 6, which the service refuses; rename the group in the directory",
        "Holds group g1 GroupNameRefused: displayName has the character '<' (U+003C) at 1, which the service refuses; \
         rename the group in the directory",
        "Holds group g1 GroupNameRefused: displayName is a name that the service keeps for itself; rename the group in the directory",
        "Holds group g1 MissingRequired: displayName is required and has no value; fill in name in the directory",
        "Holds user u1 UnreadableRecord: the record cannot be read: email must be a string, found a number; correct the record in the source",
        "Holds user u1 UnreadableRecord: the record cannot be read: state must be STAGED, ACTIVATED or SUSPENDED, found another text; \
         correct the record in the source",
        "LeavesOut user u1 CustomAttributeUnreadable: attributes.n must be a string, found an array, so it is left out; write it as one text",
        "Holds user u1 DuplicateRecord: the directory has two different records with this identifier; \
         read the directory again, or take one of them out",
        "Informs group g1 UnknownMember: the member u8 is not in the directory; remove them from the group, or read the directory again",
        "Informs group g1 UnknownMember: 3 members, the first of them u7, are not in the directory; \
         remove them from the group, or read the directory again",
        "Informs directory UnknownBinding: g2 in application.usergroups is not in the directory; unbind them, or read the directory again",
        "Informs directory UnknownBinding: 2 in application.usergroups, the first of them g2, are not in the directory; \
         unbind them, or read the directory again",
        "Informs directory SourceIncomplete: the directory may not be complete, so nothing is taken away: \
         it says of itself that it is not complete; read the directory again, to its end",
    ];
    assert_eq!(lines, expected);
    assert!(lines.iter().all(|line| !line.contains("secret")), "a value of an attribute is in a message");

    let codes: BTreeSet<_> = all.iter().flatten().map(Finding::code).collect();
    assert_eq!(codes.len(), 14, "one example of every code: {codes:?}");
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    let too_long = DirectoryId::new("i".repeat(1025)).unwrap_err();
    assert_eq!(too_long.to_string(), "invalid identifier: expected 1 to 1024 bytes, found 1025");
    let no_json = jumpcloud::read(b"{\n  \"systemusers\": [\n").unwrap_err();
    assert_eq!(no_json.to_string(), "invalid JSON at line 3 column 0: EOF while parsing a list");
    let shape = jumpcloud::read(b"{\n  \"usergroups\": \"secret\"\n}").unwrap_err();
    assert_eq!(shape.to_string(), "invalid directory file at line 2 column 24: usergroups must be an array, found a string");
}

/// A file over the limit is refused before any of it is read.
#[test]
fn a_file_that_is_too_large_is_refused() {
    // Memory that nobody has written to costs nothing.
    let file = vec![0; jumpcloud::LARGEST + 1];
    let error = jumpcloud::read(&file).unwrap_err();
    assert_eq!(error.to_string(), "the directory file is too large: at most 536870912 bytes are read, found 536870913");
}

#[test]
fn severity_goes_from_informing_to_holding() {
    assert!(Severity::Informs < Severity::LeavesOut && Severity::LeavesOut < Severity::Holds);
}
