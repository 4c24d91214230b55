//! Expressions: the mappings that users of other tools ask for, and what an expression may not do.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Address, Application, DirectoryId, Group, Incomplete, PhoneNumber, Snapshot, User};
use idbridge_mapping::{
    Expression, ExpressionFailure, Facts, FindingKind, Mapped, Rule, RuleSet, Severity, Source, Surroundings, WhenAbsent,
};
use idbridge_scim::Profile;
use proptest::prelude::*;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn id(id: &str) -> DirectoryId {
    DirectoryId::new(id).unwrap()
}

/// Anna, who reports to Bo and is in two groups.
fn snapshot() -> Snapshot {
    let mut anna = User::new(id("u1"));
    anna.email = text("Anna.Berg@corp.example.com");
    anna.username = text("anna");
    anna.first_name = text("Anna");
    anna.last_name = text(" Berg ");
    anna.job_title = text("Engineer");
    anna.manager = Some(id("u2"));
    let mut address = Address::new("work");
    (address.region, address.country) = (text("bayern"), text("Germany"));
    anna.addresses = vec![address];
    anna.phone_numbers = vec![PhoneNumber::new("mobile", "+49 555")];
    anna.custom.insert("cost center".to_owned(), "CC-4711".to_owned());
    anna.custom.insert("badge".to_owned(), "7".to_owned());
    let mut bo = User::new(id("u2"));
    bo.email = text("bo@example.com");
    let mut snapshot = Snapshot::new(Application::default());
    for (key, name) in [("g1", "Contractors"), ("g2", "AWS Admins"), ("g3", "Sales")] {
        let mut group = Group::new(id(key), name);
        if key != "g3" {
            group.members.insert(id("u1"));
        }
        snapshot.insert_group(group);
    }
    snapshot.insert_user(anna);
    snapshot.insert_user(bo);
    snapshot
}

fn of_anna(expression: &str) -> Result<Option<String>, FindingKind> {
    let snapshot = snapshot();
    let surroundings = Surroundings::of(&snapshot);
    read(expression).evaluate(&Facts::of_user(&snapshot.users()["u1"], &surroundings))
}

fn read(expression: &str) -> Expression {
    Expression::new(expression).unwrap()
}

#[track_caller]
fn gives(expression: &str, expected: &str) {
    assert_eq!(of_anna(expression), Ok(text(expected)), "{expression}");
}

#[track_caller]
fn is_absent(expression: &str) {
    assert_eq!(of_anna(expression), Ok(None), "{expression}");
}

#[test]
fn mapping_1_user_name_from_the_local_part_of_the_email() {
    gives("email | local_part | lower", "anna.berg");
}

#[test]
fn mapping_2_another_domain() {
    gives("(email | local_part) ~ '@example.com'", "Anna.Berg@example.com");
    gives("email | domain", "corp.example.com");
    gives("email | remove_suffix('@corp.example.com')", "Anna.Berg");
}

#[test]
fn mapping_3_country_codes_by_a_table() {
    let table = "{'Germany': 'DE', 'Norway': 'NO'}[addresses.work.country]";
    gives(table, "DE");
    gives(&format!("{table} | default(addresses.work.country)"), "DE");
    is_absent("{'Norway': 'NO'}[addresses.work.country]");
    gives("{'Norway': 'NO'}[addresses.work.country] | default(addresses.work.country)", "Germany");
}

#[test]
fn mapping_4_the_managers_email() {
    gives("manager.email", "bo@example.com");
    is_absent("manager.department");
    gives("manager.department | default('none')", "none");
}

#[test]
fn mapping_5_last_name_first() {
    gives("lastname ~ ', ' ~ firstname", "Berg, Anna");
    is_absent("lastname ~ ', ' ~ middlename");
    gives("lastname ~ ', ' ~ firstname ~ (' ' ~ middlename if middlename else '')", "Berg, Anna");
}

#[test]
fn mapping_6_a_default_for_the_department() {
    gives("department | default('Unassigned')", "Unassigned");
    gives("department or company or jobTitle", "Engineer");
    gives("first_of(department, company, jobTitle, 'x')", "Engineer");
}

#[test]
fn mapping_7_cost_center_without_its_prefix() {
    gives("attributes['cost center'] | remove_prefix('CC-')", "4711");
    gives("attributes['cost center'] | replace('CC-', '') | trim", "4711");
    gives("attributes['cost center'] | split('-') | last", "4711");
}

#[test]
fn mapping_8_user_type_by_group() {
    gives("'Contractor' if in_group('Contractors') else 'Employee'", "Contractor");
    gives("'Contractor' if in_group('contractors') else 'Employee'", "Employee");
    gives("'Contractor' if 'Contractors' in groups else 'Employee'", "Contractor");
    gives("groups | join(', ')", "Contractors, AWS Admins");
}

#[test]
fn mapping_9_region_in_capitals() {
    gives("addresses.work.region | upper", "BAYERN");
    is_absent("addresses.home.region | upper");
    gives("addresses['home'].region | default(phoneNumbers.mobile.number)", "+49 555");
}

#[test]
fn mapping_10_a_prefix_for_groups() {
    let mut group = Group::new(id("g1"), " Admins ");
    group.custom.insert("env".to_owned(), "prod".to_owned());
    let mut rules = RuleSet::jumpcloud();
    rules.group[0].source = "= 'AWS-' ~ attributes.env ~ '-' ~ name".parse().unwrap();
    let profile = Profile::aws_iam_identity_center();
    assert_eq!(rules.group_to_scim(&group, &profile).resource().unwrap().text("displayName"), Some("AWS-prod-Admins"));
    // The name that is sent is the one that is checked.
    group.custom.insert("env".to_owned(), "a:b".to_owned());
    assert_eq!(rules.group_to_scim(&group, &profile).findings()[0].code(), "GroupNameColon");
    group.custom.clear();
    assert_eq!(rules.group_to_scim(&group, &profile).findings()[0].code(), "MissingRequired");
}

/// What is made of something absent is absent, and never a text with a hole in it.
#[test]
fn absence_spreads() {
    for expression in [
        "department",
        "department ~ 'x'",
        "'x' ~ department",
        "department | lower | upper | trim | first",
        "department | split(',') | join('-')",
        "department == 'Sales'",
        "department in ['Sales']",
        "attributes.unknown",
        "attributes[department]",
        "'a' if department == 'x' else 'b'",
        "none",
        "' '",
        "manager.lastname ~ manager.firstname",
    ] {
        is_absent(expression);
    }
    gives("'yes' if department is undefined else 'no'", "yes");
    gives("'no' if department is defined else 'yes'", "yes");
    gives("'yes' if not department else 'no'", "yes");
    gives("email | match('anna.*@*.EXAMPLE.com')", "true");
    gives("email | ends_with('example.com')", "true");
    gives("email | starts_with('anna')", "false");
    gives("1 + 2", "3");
}

/// A typing error is found when the expression is read, at its place, also in a branch that nobody takes.
#[test]
fn what_there_is_not_is_refused_at_its_place() {
    for (expression, expected) in [
        ("", "at line 1 column 1: expected an expression, found nothing"),
        ("emial", "at line 1 column 1: unknown name emial"),
        ("email if true else\n emial", "at line 2 column 2: unknown name emial"),
        ("email | lowr", "at line 1 column 9: unknown filter lowr, expected one of lower, upper, trim, default"),
        ("email * 2", "at line 1 column 7: unknown operator *"),
        ("2 ** 3", "at line 1 column 3: unknown operator *"),
        ("email.upper()", "at line 1 column 7: unknown function upper, expected one of in_group, first_of"),
        ("range(10)", "at line 1 column 1: unknown function range"),
        ("email is odd", "at line 1 column 10: unknown test odd, expected one of defined, undefined"),
        ("email is not odd", "at line 1 column 14: unknown test odd"),
        ("manager", "at line 1 column 1: manager needs a field behind it, such as manager.email"),
        ("manager.manager", "at line 1 column 1: unknown name manager.manager"),
        ("addresses.work", "at line 1 column 1: addresses needs a type and a part behind it"),
        ("addresses.work.state", "at line 1 column 1: unknown name addresses.work.state"),
        ("addresses[email].region", "at line 1 column 1: addresses needs a type and a part behind it"),
        ("phoneNumbers.work", "at line 1 column 1: phoneNumbers needs a type and number behind it"),
        ("email |", "at line 1 column 7: unexpected end of input, expected identifier"),
        ("email ~", "at line 1 column 7: unexpected end of input"),
        ("(email", "at line 1 column 2: unexpected end of input"),
        ("email email", "at line 1 column 7"),
        ("{% if x %}", "at line 1 column 2"),
    ] {
        let error = Expression::new(expression).unwrap_err().to_string();
        assert!(error.starts_with(&format!("invalid expression {expected}")), "{expression}: {error}");
    }
    let long = Expression::new("'".repeat(Expression::LONGEST + 1)).unwrap_err();
    assert_eq!(long.to_string(), "invalid expression at line 1 column 1: expected at most 4096 bytes, found 4097");
}

/// Nothing that an expression can say takes much time or memory.
#[test]
fn an_expression_is_bounded() {
    let failed = |reason| Err(FindingKind::ExpressionFailed { reason, holds: false });
    let too_long = || failed(ExpressionFailure::TooLong { longest: 16384 });
    let mut user = snapshot().users()["u1"].clone();
    user.department = Some("x,".repeat(8000));
    let surroundings = Surroundings::none();
    let of_user = |expression: &str| Expression::new(expression).unwrap().evaluate(&Facts::of_user(&user, &surroundings));
    assert_eq!(of_user("department | replace('x', 'yyy')"), too_long());
    assert_eq!(of_user("department | split(',') | join('---')"), too_long());
    assert_eq!(of_user("department ~ department"), too_long());
    let doubled = |times: usize| format!("(department{})", " ~ department".repeat(times));
    assert_eq!(of_user(&doubled(200)), failed(ExpressionFailure::TooManySteps));
    assert_eq!(of_user(&format!("'y' if 'z' in {} else 'n'", doubled(2))), Ok(text("n")));
    let lists = format!("'y' if 'z' in (department | split(',')){} else 'n'", " + (department | split(','))".repeat(100));
    assert_eq!(of_user(&lists), failed(ExpressionFailure::TooManySteps));
    let wrong = |found| failed(ExpressionFailure::WrongType { expected: "a text", found });
    assert_eq!(of_anna("groups"), wrong("a list"));
    assert_eq!(of_anna("{'a': 1}"), wrong("a table"));
    for invalid in
        ["email + 1", "1 | lower", "email | first", "email | replace('', 'x')", "email | split('')", "1 / 0", "[1] | join(',')", "-email"]
    {
        assert_eq!(of_anna(invalid), failed(ExpressionFailure::Invalid), "{invalid}");
    }
    user.department = Some("x".repeat(16385));
    let value = Expression::new("department").unwrap().evaluate(&Facts::of_user(&user, &surroundings));
    assert_eq!(value, too_long());
    // Deep nesting is refused and not followed.
    for deep in [
        "(".repeat(4000),
        "[".repeat(4000),
        "not ".repeat(1000),
        "-".repeat(4000),
        format!("email{}", "[1".repeat(1000)),
        "{1:".repeat(1000),
    ] {
        assert!(Expression::new(deep).is_err());
    }
    let _ = Expression::new(format!("email{}", " if email else email".repeat(200)));
    let _ = Expression::new(format!("email{}", "|lower".repeat(600)))
        .map(|expression| expression.evaluate(&Facts::of_user(&user, &surroundings)));
}

/// A failure has the rule's behaviour: it holds what must be sent, and leaves out what need not be; no constant stands for it.
#[test]
fn a_failure_for_a_person_is_a_finding() {
    let snapshot = snapshot();
    let anna = &snapshot.users()["u1"];
    let map = |when_absent| {
        let mut rules = RuleSet::jumpcloud();
        let mut rule = Rule::new("X-1", "= email + 1".parse().unwrap(), "userType".parse().unwrap());
        rule.when_absent = when_absent;
        rules.user.push(rule);
        rules.to_scim(anna, &Profile::aws_iam_identity_center())
    };
    let held = map(WhenAbsent::Hold);
    assert_eq!(held.findings()[0].severity(), Severity::Holds);
    assert_eq!(
        held.findings()[0].to_string(),
        "the expression for userType does something with a value that it does not allow; change the expression, or what it reads in the directory"
    );
    for when_absent in [WhenAbsent::LeaveOut, WhenAbsent::Constant("x".to_owned())] {
        let Mapped::Ready { resource, findings } = map(when_absent) else { panic!("held") };
        assert_eq!(resource.get("userType"), None);
        assert_eq!((findings[0].code(), findings[0].severity()), ("ExpressionFailed", Severity::LeavesOut));
        assert!(findings[0].to_string().contains(", so it is left out; "), "{}", findings[0]);
    }
}

/// In a directory that was not read to its end, not to be in a group proves nothing: whoever needs to know is held.
#[test]
fn an_incomplete_directory_holds_who_depends_on_groups_or_manager() {
    let mut snapshot = snapshot();
    snapshot.mark_partial(Incomplete::Declared);
    let surroundings = Surroundings::of(&snapshot);
    let anna = &snapshot.users()["u1"];
    let profile = Profile::aws_iam_identity_center();
    for expression in ["= 'x' if in_group('Sales') else 'y'", "= manager.email", "= groups | first"] {
        let mut rules = RuleSet::jumpcloud();
        rules.user.push(Rule::new("X-1", expression.parse().unwrap(), "userType".parse().unwrap()));
        let mapped = rules.to_scim_in(anna, &surroundings, &profile);
        assert!(mapped.is_held(), "{expression}");
        assert_eq!(
            mapped.findings()[0].to_string(),
            "the expression for userType asks for groups or for the manager, and the directory was not read to its end; \
             read the directory again, to its end"
        );
    }
    assert!(!RuleSet::jumpcloud().to_scim_in(anna, &surroundings, &profile).is_held());
}

/// A constant stands for what is absent.
#[test]
fn a_constant_stands_for_what_is_absent() {
    let mut rules = RuleSet::jumpcloud();
    rules.user.push(Rule::new("X-1", Source::EmployeeType, "userType".parse().unwrap()).or_constant("Employee"));
    rules.user.push(Rule::new("X-2", Source::Constant("en".to_owned()), "preferredLanguage".parse().unwrap()));
    let snapshot = snapshot();
    let mapped = rules.to_scim(&snapshot.users()["u1"], &Profile::aws_iam_identity_center());
    let resource = mapped.resource().unwrap();
    assert_eq!((resource.text("userType"), resource.text("preferredLanguage")), (Some("Employee"), Some("en")));
}

/// One value of a list is sent, with the type that it has.
#[test]
fn the_type_of_a_value_is_that_of_its_source() {
    let mut rules = RuleSet::jumpcloud();
    let phone = rules.user.iter_mut().find(|rule| rule.id == "AM-14").unwrap();
    phone.source = Source::phone_number("mobile");
    let snapshot = snapshot();
    let mut anna = snapshot.users()["u1"].clone();
    anna.phone_numbers.push(PhoneNumber::new("work", "+49 1"));
    let mapped = rules.to_scim(&anna, &Profile::aws_iam_identity_center());
    assert_eq!(mapped.resource().unwrap().get("phoneNumbers").unwrap().to_string(), r#"[{"value":"+49 555","type":"mobile"}]"#);
    assert_eq!(mapped.findings()[0].to_string(), "1 value of phoneNumbers is not sent; only the first of type mobile is");
}

/// Pieces of expressions, put together at random.
fn nearly_an_expression() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("email"),
        Just("department"),
        Just("groups"),
        Just("manager.email"),
        Just("attributes"),
        Just("addresses.work.region"),
        Just("'a b'"),
        Just("\"\\\"\""),
        Just("12"),
        Just("0.5"),
        Just("["),
        Just("]"),
        Just("{"),
        Just("}"),
        Just(":"),
        Just("("),
        Just(")"),
        Just("|"),
        Just("~"),
        Just("+"),
        Just("-"),
        Just("//"),
        Just("=="),
        Just("<"),
        Just(","),
        Just("."),
        Just("in"),
        Just("not"),
        Just("is"),
        Just("if"),
        Just("else"),
        Just("lower"),
        Just("default"),
        Just("split"),
        Just("join"),
        Just("first"),
        Just("in_group"),
        Just("first_of"),
        Just("defined"),
        Just("none"),
        Just("é"),
    ];
    prop_oneof![
        3 => prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.join(" ")),
        1 => ".{0,60}",
    ]
}

proptest! {
    /// Whatever is written, it is read or refused; what is read prints as it was, and the same input gives the same output.
    #[test]
    fn expressions_are_total_and_pure(expression in nearly_an_expression()) {
        if let Ok(read) = Expression::new(&expression) {
            prop_assert_eq!(read.to_string(), expression.clone());
            prop_assert_eq!(format!("= {read}").parse::<Source>(), Ok(Source::Expression(read.clone())));
            prop_assert_eq!(of_anna(&expression), of_anna(&expression));
            let group = Group::new(id("g1"), "A");
            let _ = read.evaluate(&Facts::of_group(&group));
            let _ = read.holds(&Facts::of_group(&group));
        }
    }
}
