//! Who is provisioned, and which groups.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Application, DirectoryId, Group, Incomplete, Snapshot, User};
use idbridge_mapping::{NamePattern, Record, RuleSet, Scope, Scoped, Severity, Surroundings};
use proptest::prelude::*;

fn id(id: &str) -> DirectoryId {
    DirectoryId::new(id).unwrap()
}

fn scope_of_users(expression: &str) -> Scope {
    let mut scope = Scope::default();
    scope.users = Some(expression.parse().unwrap());
    scope
}

fn out(by: &str, rests_on_absence: bool) -> Scoped {
    Scoped::Out { by: by.to_owned(), rests_on_absence }
}

/// E-14: the rule that leaves somebody out is named, and whether it rests on what is not there.
#[test]
fn e_14_who_is_left_out_is_left_out_by_a_rule() {
    let mut snapshot = Snapshot::new(Application::default());
    let mut anna = User::new(id("u1"));
    anna.department = Some("Sales".to_owned());
    let mut group = Group::new(id("g1"), "AWS");
    group.members.insert(anna.id.clone());
    snapshot.insert_group(group);
    snapshot.insert_user(anna.clone());
    let surroundings = Surroundings::of(&snapshot);
    let of_anna = |expression: &str| scope_of_users(expression).of_user(&anna, &surroundings);

    assert_eq!(Scope::default().of_user(&anna, &surroundings), Scoped::In);
    assert_eq!(of_anna("department == 'Sales'"), Scoped::In);
    assert_eq!(of_anna("department in ['IT', 'HR']"), out("department in ['IT', 'HR']", false));
    assert_eq!(of_anna("in_group('AWS') and not in_group('Guests')"), Scoped::In);
    assert_eq!(of_anna("in_group('Azure')"), out("in_group('Azure')", true));
    assert_eq!(of_anna("email | default('') | ends_with('@example.com')"), out("email | default('') | ends_with('@example.com')", false));
}

/// Whoever cannot be judged is held, never dropped: an absent attribute, a failing expression, an answer that is no truth value, a partial directory.
#[test]
fn who_cannot_be_judged_is_held() {
    let user = User::new(id("u1"));
    let complete = Snapshot::new(Application::default());
    let mut partial = complete.clone();
    partial.mark_partial(Incomplete::Declared);
    for (expression, snapshot, expected) in [
        (
            "department == 'Sales'",
            &complete,
            "whether it is provisioned cannot be said: something that the expression asks for is absent; \
             say in the expression what counts where it is absent, such as department | default(\"none\")",
        ),
        (
            "id + 1 == 2",
            &complete,
            "whether it is provisioned cannot be said: the expression does something with a value that it does not allow; \
             change the expression, or what it reads in the directory",
        ),
        (
            "id",
            &complete,
            "whether it is provisioned cannot be said: the expression must give true or false and gives a text; \
             change the expression, or what it reads in the directory",
        ),
        (
            "in_group('AWS')",
            &partial,
            "whether it is provisioned cannot be said: the expression asks for groups or for the manager, \
             and the directory was not read to its end; read the directory again, to its end",
        ),
    ] {
        let Scoped::Unknown(finding) = scope_of_users(expression).of_user(&user, &Surroundings::of(snapshot)) else {
            panic!("{expression}")
        };
        assert_eq!(finding.to_string(), expected);
        assert_eq!((finding.code(), finding.severity()), ("ScopeUndecided", Severity::Holds));
        assert_eq!(finding.record(), Some(&Record::User(id("u1"))));
    }
}

#[test]
fn groups_are_chosen_by_their_names_and_by_an_expression() {
    let group = |name: &str| {
        let mut group = Group::new(id("g1"), name);
        group.custom.insert("env".to_owned(), "prod".to_owned());
        group
    };
    let mut scope = Scope::default();
    scope.exclude_groups.push("*-test".parse().unwrap());
    assert_eq!(scope.of_group(&group("Sales")), Scoped::In);
    assert_eq!(scope.of_group(&group(" AWS-TEST ")), out("exclude \"*-test\"", false));
    scope.include_groups = vec!["AWS-*".parse().unwrap(), "Ops".parse().unwrap()];
    assert_eq!(scope.of_group(&group("ops")), Scoped::In);
    assert_eq!(scope.of_group(&group("Sales")), out("include \"AWS-*\", \"Ops\"", false));
    scope.groups = Some("attributes.env != 'prod'".parse().unwrap());
    assert_eq!(scope.of_group(&group("Ops")), out("attributes.env != 'prod'", false));
    let mut unknown = group("Ops");
    unknown.custom.clear();
    assert!(matches!(scope.of_group(&unknown), Scoped::Unknown(_)));
    // One without a name is held when it is mapped, and is not dropped for want of a name.
    let mut nameless = group("");
    nameless.name = None;
    scope.groups = None;
    assert_eq!(scope.of_group(&nameless), Scoped::In);
}

#[test]
fn the_scope_prints_with_the_rules() {
    let mut rules = RuleSet::jumpcloud();
    rules.scope = scope_of_users("department == 'IT'");
    rules.scope.include_groups.push("AWS *".parse().unwrap());
    rules.scope.exclude_groups.push("*test*".parse().unwrap());
    let expected = "inactive when suspended\nusers if department == 'IT'\nonly groups named \"AWS *\"\nno groups named \"*test*\"\n";
    assert!(rules.to_string().ends_with(expected), "{rules}");
    for refused in ["", "  ", &"x".repeat(1025)] {
        assert!(refused.parse::<NamePattern>().is_err());
    }
}

/// By trying all places, which is slow and plain.
fn is_like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|at| is_like(&text[at..], rest)),
        [c, rest @ ..] => text.first() == Some(c) && is_like(&text[1..], rest),
    }
}

proptest! {
    /// A pattern finds what trying all places finds.
    #[test]
    fn a_pattern_is_what_it_says(text in "[ab]{0,8}", pattern in "[ab*]{1,6}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let read: NamePattern = pattern.parse().unwrap();
        prop_assert_eq!(read.is_match(&text), is_like(&chars(&text), &chars(&pattern)));
    }
}
