//! A file of rules: what is read, what is refused, and where.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::{
    DisplayNameFrom, ErrorKind, JUMPCLOUD_RULES, Location, Rule, RuleFile, RuleSet, SamlRule, SamlRuleSet, Source, UserNameFrom,
    WhenAbsent, Write,
};
use proptest::prelude::*;

/// AM-22: the default is a constant that can be printed, and it is the default.
#[test]
fn am_22_the_printed_default_is_the_default() {
    let file = RuleFile::from_toml(JUMPCLOUD_RULES).unwrap();
    assert_eq!(file.rules, RuleSet::jumpcloud());
    assert_eq!(file.saml, SamlRuleSet::jumpcloud());
    let without_comments: Vec<_> = JUMPCLOUD_RULES.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(without_comments.join("\n").trim_start(), file.to_toml().trim_end());
}

/// The default with `change`, read.
fn error(from: &str, to: &str) -> idbridge_mapping::Error {
    assert!(JUMPCLOUD_RULES.contains(from), "{from}");
    RuleFile::from_toml(&JUMPCLOUD_RULES.replacen(from, to, 1)).unwrap_err()
}

/// The line of the default that `text` is in.
fn line_of(text: &str) -> usize {
    JUMPCLOUD_RULES.lines().position(|line| line.contains(text)).unwrap() + 1
}

/// Each thing that is refused, at the line of the rule, with the reason.
#[test]
fn what_cannot_be_is_refused_with_the_line_and_the_reason() {
    let title = r#"{ id = "AM-07", source = "jobTitle", target = "title" }"#;
    let with = |rest: &str| format!(r#"{{ id = "AM-07", {rest} }}"#);
    let cases = [
        (
            with(r#"sorce = "jobTitle", target = "title""#),
            "unknown field `sorce`, expected one of `id`, `source`, `expression`, `constant`, ",
        ),
        (with(r#"source = "jobtitle", target = "title""#), "unknown source \"jobtitle\": expected a name such as email"),
        (with(r#"source = "jobTitle", target = "ti tle""#), "invalid path at byte 0: expected an attribute name, found ti tle"),
        (with(r#"source = "jobTitle", target = "job""#), "AM-07: the service does not have job"),
        (with(r#"source = "jobTitle", target = "password""#), "AM-07: the service does not have password"),
        (with(r#"source = "jobTitle", target = "photos.value""#), "AM-07: the service does not have photos.value"),
        (with(r#"source = "email", target = "emails""#), "AM-07: emails is a list: write a part of its one value, such as emails.value"),
        (with(r#"source = "email", target = "emails.type""#), "AM-07: emails.type is written by itself"),
        (with(r#"source = "email", target = "locale""#), ""),
        (with(r#"target = "title""#), "AM-07: expected a source, an expression or a constant, found none"),
        (
            with(r#"source = "jobTitle", constant = "x", target = "title""#),
            "AM-07: expected one of source, expression and constant, found two",
        ),
        (with(r#"constant = " ", target = "title""#), "AM-07: expected a constant, found a blank text"),
        (with(r#"constant = "a:b", target = "title""#), "AM-07: the service refuses the character ':' of the constant"),
        (
            with(r#"source = "jobTitle", target = "title", when_absent = { constant = "" }"#),
            "AM-07: expected a constant, found a blank text",
        ),
        (
            with(r#"source = "jobTitle", target = "title", when_absent = "drop""#),
            "unknown variant `drop`, expected one of `leave_out`, `hold`, `constant`",
        ),
        (with(r#"source = "jobTitle", target = "title", write = "once""#), "unknown variant `once`, expected `managed` or `on_create`"),
        (with(r#"source = "jobTitle", target = "title", clear = "no""#), "invalid type: string \"no\", expected a boolean"),
        (with(r#"source = "jobTitle", target = "addresses.formatted", clear = false"#), "AM-07: an address is sent as a whole"),
        (with(r#"expression = "jobTitle |", target = "title""#), "invalid expression at line 1 column"),
        (with(r#"expression = "jobTitel | trim", target = "title""#), "invalid expression at line 1 column 1: unknown name jobTitel"),
        (with(r#"expression = "name", target = "title""#), "AM-07: a person has no name"),
        (with(r#"source = "name", target = "title""#), "AM-07: a person has no name"),
        (with(r#"source = "active", target = "title""#), "AM-07: title cannot come from active"),
        (
            with(r#"source = "manager", target = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value""#),
            "AM-07: the service wants its own identifier of the manager there",
        ),
        (r#"{ id = "AM-01", source = "jobTitle", target = "title" }"#.to_owned(), "AM-01: there is another rule with this id"),
        (r#"{ id = " ", source = "jobTitle", target = "title" }"#.to_owned(), "expected an id of 1 to 100 bytes in one line"),
    ];
    for (rule, expected) in cases {
        // The rule for `locale` comes behind it, so that one is the second.
        let (line, expected) = match expected {
            "" => (line_of("AM-08"), "AM-08: locale has a rule already, AM-07; switch one of them off"),
            expected => (line_of("AM-07"), expected),
        };
        let error = error(title, &rule);
        let Location::Text { line: found, .. } = error.at() else { panic!("{rule}: {error}") };
        assert_eq!(*found, line, "{rule}: {error}");
        assert!(error.to_string().contains(expected), "{rule}: {error}");
        assert!(matches!(error.kind(), ErrorKind::RuleFile { .. }));
    }
}

#[test]
fn what_is_wrong_of_the_whole_is_refused() {
    for (from, to, expected) in [
        (
            r#"  { id = "AM-01", source = "email", target = "userName", when_absent = "hold" },"#,
            "",
            "users: the service requires userName, and no rule writes it",
        ),
        (
            r#"target = "userName", when_absent = "hold""#,
            r#"target = "userName", enabled = false"#,
            "users: the service requires userName, and no rule writes it",
        ),
        (r#"target = "name.givenName""#, r#"target = "nickName""#, "users: the service requires name.givenName, and no rule writes it"),
        (
            r#"source = "name", target = "displayName""#,
            r#"source = "name", target = "externalId""#,
            "GA-02: externalId has a rule already, GA-01",
        ),
        (
            r#"source = "name", target = "displayName""#,
            r#"source = "department", target = "displayName""#,
            "GA-01: a group has no department, only id, name and attributes",
        ),
        (
            r#"source = "email", target = "userName""#,
            r#"constant = "x", target = "userName""#,
            "AM-01: userName must be another one for each record",
        ),
        (
            r#"name_id = "email""#,
            r#"name_id = "active""#,
            "saml: invalid SAML rule for NameID: expected a text that a person has in the directory",
        ),
        (
            r#"name_id = "email""#,
            r#"name_id = "= groups | first""#,
            "saml: invalid SAML rule for NameID: expected an expression of the person alone",
        ),
        ("[saml]", "[scope]\nusers = \"name == 'x'\"\n[saml]", "scope: a person has no name"),
        ("[saml]", "[scope]\ngroups = \"email == 'x'\"\n[saml]", "scope: a group has no email"),
        ("[saml]", "[scope]\ninclude_groups = [\"\"]\n[saml]", "invalid name \"\": expected 1 to 1024 bytes"),
        ("[saml]", "[inactive_when]\nlocked = true\n[saml]", "unknown field `locked`, expected one of `password_expired`"),
        (
            "[saml]",
            "[saml]\nattributes = [{ access_control = \"Cost&Center\", source = \"costCenter\" }]",
            "Cost&Center: invalid SAML rule for",
        ),
        (
            "[saml]",
            "[saml]\nattributes = [{ name = \"a\", access_control = \"b\", source = \"costCenter\" }]",
            "a: expected name or access_control, and not both",
        ),
        (
            "[saml]",
            "[saml]\nattributes = [{ name = \"a\", source = \"id\" }, { name = \"a\", source = \"email\" }]",
            "a: invalid SAML rule for a: expected one rule",
        ),
        ("[saml]", "[saml", "invalid rule file at line"),
    ] {
        let error = error(from, to).to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
    assert_eq!(
        RuleFile::from_toml("").unwrap_err().to_string(),
        "invalid rule file, users: the service requires userName, and no rule writes it"
    );
    let large = " ".repeat(RuleFile::LARGEST + 1);
    let expected = "invalid rule file: expected at most 1048576 bytes, found 1048577";
    assert_eq!(RuleFile::from_toml(&large).unwrap_err().to_string(), expected);
    assert_eq!(RuleFile::from_json(&large).unwrap_err().to_string(), expected);
    let many = format!("{{\"users\": [{}1]}}", "1,".repeat(1000));
    assert_eq!(RuleFile::from_json(&many).unwrap_err().to_string(), "invalid rule file, users: expected at most 1000 rules, found 1001");
}

/// JSON has the same places: a rule begins where it begins, and in it the reader says where it stood.
#[test]
fn json_is_refused_with_the_line_as_well() {
    let printed = RuleFile::jumpcloud().to_json();
    let line = printed.lines().position(|line| line.contains("AM-07")).unwrap() + 1;
    for (from, to, column, expected) in [
        ("\"source\": \"jobTitle\"", "\"sorce\": \"jobTitle\"", 27, "unknown field `sorce`"),
        ("\"source\": \"jobTitle\"", "\"source\": \"jobtitle\"", 40, "unknown source \"jobtitle\""),
        ("\"target\": \"title\"", "\"target\": \"photos.value\"", 5, "AM-07: the service does not have photos.value"),
        ("\"target\": \"title\"", "\"target\": \"title\", \"clear\":\n 5", 2, "invalid type: integer `5`"),
    ] {
        let error = RuleFile::from_json(&printed.replacen(from, to, 1)).unwrap_err();
        let Location::Text { line: found, column: found_column } = error.at() else { panic!("{error}") };
        assert_eq!(*found, line + usize::from(to.contains('\n')), "{to}: {error}");
        assert_eq!(*found_column, column, "{to}: {error}");
        assert!(error.to_string().contains(expected), "{to}: {error}");
    }
}

/// Two rules for one target are one too many only if both count.
#[test]
fn a_rule_that_is_switched_off_is_as_good_as_none() {
    let text = JUMPCLOUD_RULES.replace(
        r#"{ id = "AM-01","#,
        r#"{ id = "X-1", source = "username", target = "userName", enabled = false },
  { id = "AM-01","#,
    );
    let file = RuleFile::from_toml(&text).unwrap();
    assert_eq!(file.rules.user.len(), RuleSet::jumpcloud().user.len() + 1);
    assert_eq!(file.rules.managed_user_attributes(), RuleSet::jumpcloud().managed_user_attributes());
    assert!(file.rules.to_string().contains("  X-1    username                       managed    optional  userName, switched off\n"));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Zé山 .'\\\\\"-]{1,12}".prop_filter("a constant", |text| !text.trim().is_empty()).prop_map(|text| text.trim().to_owned()),
        1 => "\\PC{1,8}".prop_filter("what the service takes", |text| text.chars().all(|c| c.is_alphanumeric())),
    ]
}

fn source() -> impl Strategy<Value = Source> {
    let words = [
        "id",
        "username",
        "email",
        "firstname",
        "middlename",
        "lastname",
        "firstname + lastname",
        "displayname",
        "jobTitle",
        "company",
        "department",
        "costCenter",
        "employeeType",
        "employeeIdentifier",
        "location",
        "manager",
    ];
    let part = prop::sample::select(vec!["streetAddress", "locality", "region", "postalCode", "country"]);
    prop_oneof![
        3 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => ("[a-z. _]{1,8}|work", part).prop_map(|(kind, part)| format!("addresses.{kind}.{part}")),
        1 => "[a-z. _]{1,8}|work".prop_map(|kind| format!("phoneNumbers.{kind}.number")),
        1 => any::<String>().prop_filter("a name", |name| !name.is_empty()).prop_map(|name| format!("attributes.{name}")),
        1 => text().prop_map(|text| Source::Constant(text).to_string()),
        1 => Just("= (email | local_part) ~ '\u{7}\n'".to_owned()),
    ]
    .prop_map(|text| text.parse().unwrap())
}

const TARGETS: [&str; 8] = [
    "title",
    "locale",
    "userType",
    "nickName",
    "addresses.region",
    "phoneNumbers.value",
    "timezone",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter",
];

fn file() -> impl Strategy<Value = RuleFile> {
    let when_absent = prop_oneof![Just(WhenAbsent::LeaveOut), Just(WhenAbsent::Hold), text().prop_map(WhenAbsent::Constant)];
    let rule = (source(), when_absent, any::<[bool; 3]>());
    let rules = prop::collection::vec(rule, 0..TARGETS.len());
    (rules, any::<[bool; 5]>(), prop::collection::vec(text(), 0..3)).prop_map(|(rules, switches, texts)| {
        let mut file = RuleFile::jumpcloud();
        file.rules.user.retain(|rule| !TARGETS.iter().any(|target| rule.target.to_string() == *target));
        for (index, (source, when_absent, [clear, enabled, on_create])) in rules.into_iter().enumerate() {
            let mut rule = Rule::new(format!("X-{index}"), source, TARGETS[index].parse().unwrap());
            let can_stay = !TARGETS[index].starts_with("addresses");
            (rule.when_absent, rule.clear, rule.enabled) = (when_absent, clear || !can_stay, enabled);
            rule.write = if on_create { Write::OnCreate } else { Write::Managed };
            file.rules.user.push(rule);
        }
        [file.rules.inactive_when.password_expired, file.rules.inactive_when.account_locked, file.rules.inactive_when.not_activated, ..] =
            switches;
        if switches[3] {
            file.rules =
                file.rules.with_user_name_from(UserNameFrom::Username).with_display_name(DisplayNameFrom::Directory, Write::Managed);
            file.saml = file.saml.with_name_id(Source::Username).unwrap();
        }
        if switches[4] {
            file.rules.scope.users = Some("not in_group(\"x\") or department == 'y'".parse().unwrap());
            file.saml = file.saml.with_attribute(SamlRule::access_control("Cost Center", Source::CostCenter).unwrap()).unwrap();
        }
        file.rules.scope.include_groups = texts.iter().map(|text| text.parse().unwrap()).collect();
        for (index, text) in texts.into_iter().enumerate() {
            let rule = SamlRule::constant(format!("urn:x:{index}"), text).unwrap().with_name_format("urn:f").unwrap();
            file.saml = file.saml.with_attribute(rule).unwrap();
        }
        file
    })
}

proptest! {
    /// A rule set that is printed and loaded is the same, in both forms.
    #[test]
    fn printed_and_loaded_is_the_same(file in file()) {
        prop_assert_eq!(RuleFile::from_toml(&file.to_toml()), Ok(file.clone()), "{}", file.to_toml());
        prop_assert_eq!(RuleFile::from_json(&file.to_json()), Ok(file.clone()), "{}", file.to_json());
    }

    /// A source is read from what it prints.
    #[test]
    fn a_source_is_read_from_what_it_prints(source in source()) {
        prop_assert_eq!(source.to_string().parse::<Source>(), Ok(source));
    }

    /// Whatever a text holds, it is read or refused.
    #[test]
    fn loading_never_panics(text in ".{0,200}", at in any::<prop::sample::Index>(), cut in 0_usize..40) {
        let _ = RuleFile::from_toml(&text);
        let _ = RuleFile::from_json(&text);
        let _ = text.parse::<Source>();
        let printed = RuleFile::jumpcloud().to_json();
        let start = at.index(printed.len());
        let mut changed = printed.into_bytes();
        changed.splice(start..(start + cut).min(changed.len()), text.bytes().take(cut));
        let changed = String::from_utf8_lossy(&changed);
        if let Ok(file) = RuleFile::from_json(&changed) {
            prop_assert_eq!(RuleFile::from_json(&file.to_json()), Ok(file));
        }
    }
}
