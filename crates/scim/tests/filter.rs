//! Filters: the whole grammar of RFC 7644 section 3.4.2.2, built, printed and read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrPath, CompareOp, CompareValue, ErrorKind, Expression, ExternalId, Filter, Location, Mode, Number, ResourceId};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn id(id: &str) -> ResourceId {
    ResourceId::new(id).unwrap()
}

fn of(name: &'static str) -> AttrPath {
    AttrPath::of(name)
}

fn error(text: &str) -> (usize, &'static str, String) {
    let error = text.parse::<Filter>().unwrap_err();
    match (error.at(), error.kind()) {
        (Location::Byte(at), ErrorKind::Filter { expected, found }) => (*at, expected, found.clone()),
        other => panic!("{text:?} gives {other:?}"),
    }
}

/// AWS developer guide, `ListUsers` and `ListGroups`: every filter that the service takes.
#[test]
fn every_filter_that_aws_takes_is_built_printed_and_read() {
    let manager = |user: &str, manager: &str| Filter::equal(of("id"), user).and(Filter::equal(of("manager"), manager));
    let built = [
        (Filter::user_name("anna@example.com"), r#"userName eq "anna@example.com""#),
        (Filter::external_id(&ExternalId::new("u-1").unwrap()), r#"externalId eq "u-1""#),
        (manager("u-1", "m-1"), r#"id eq "u-1" and manager eq "m-1""#),
        (Filter::members_of(&id("g-1")), r#"groups.value eq "g-1""#),
        (Filter::display_name("Crane drivers"), r#"displayName eq "Crane drivers""#),
        (Filter::groups_of(&id("u-1")), r#"members.value eq "u-1""#),
        (Filter::membership(&id("g-1"), &id("u-1")), r#"id eq "g-1" and members eq "u-1""#),
    ];
    for (filter, text) in built {
        assert_eq!(filter.to_string(), text);
        assert_eq!(text.parse::<Filter>().unwrap(), filter);
    }
}

/// RFC 7644 section 3.4.2.2, table 3: each operator is built, printed and read.
#[test]
fn every_operator_is_built_printed_and_read() {
    let operators = [
        (CompareOp::Equal, "eq"),
        (CompareOp::NotEqual, "ne"),
        (CompareOp::Contains, "co"),
        (CompareOp::StartsWith, "sw"),
        (CompareOp::EndsWith, "ew"),
        (CompareOp::GreaterThan, "gt"),
        (CompareOp::GreaterOrEqual, "ge"),
        (CompareOp::LessThan, "lt"),
        (CompareOp::LessOrEqual, "le"),
    ];
    for (operator, word) in operators {
        let filter = Filter::compare(of("title"), operator, "x");
        assert_eq!((operator.to_string().as_str(), filter.to_string()), (word, format!("title {word} \"x\"")));
        for spelling in [word.to_owned(), word.to_uppercase(), format!("{}{}", &word[..1].to_uppercase(), &word[1..])] {
            assert_eq!(format!("title {spelling} \"x\"").parse::<Filter>().unwrap(), filter);
        }
    }
    assert_eq!("title PR".parse::<Filter>().unwrap(), Filter::present(of("title")));
}

/// RFC 7644 section 3.4.2.2: what is printed is read as the same filter, and printing is canonical.
#[test]
fn filters_are_printed_in_one_form() {
    let manager = format!(r#"{ENTERPRISE}:manager.value eq "m-1""#);
    let whole = format!("{ENTERPRISE} pr");
    for (text, printed) in [
        (r#"userName eq "a""#, r#"userName eq "a""#),
        (r#"USERNAME EQ "a" AND Active Eq true"#, r#"USERNAME eq "a" and Active eq true"#),
        ("a eq 1 and b eq -2.5 and c eq null and d eq false", "a eq 1 and b eq -2.5 and c eq null and d eq false"),
        (&manager, &manager),
        (&whole, &whole),
        (r#"a eq " and b eq ""#, r#"a eq " and b eq ""#),
        (r#"a eq """#, r#"a eq """#),
        (r#"a eq ")" or b eq "]""#, r#"a eq ")" or b eq "]""#),
        ("(a pr)", "a pr"),
        ("((a pr) and (b pr))", "a pr and b pr"),
        ("a pr and (b pr and c pr)", "a pr and b pr and c pr"),
        ("a pr or (b pr or c pr)", "a pr or b pr or c pr"),
        ("(a pr and b pr) or c pr", "a pr and b pr or c pr"),
        ("(a pr or b pr) and c pr", "(a pr or b pr) and c pr"),
        ("not (a pr)", "not (a pr)"),
        ("NOT(a pr)", "not (a pr)"),
        ("not (not (a pr or b pr))", "not (not (a pr or b pr))"),
        ("e[a eq 1 or not (b pr)]", "e[a eq 1 or not (b pr)]"),
        ("e[(a eq 1 or b pr) and c pr] and d pr", "e[(a eq 1 or b pr) and c pr] and d pr"),
        // Words of the grammar are attribute names where an attribute stands.
        ("not pr and and pr or or eq 1", "not pr and and pr or or eq 1"),
        ("pr pr", "pr pr"),
        ("eq eq 1", "eq eq 1"),
    ] {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.to_string(), printed);
        assert_eq!(printed.parse::<Filter>().unwrap(), filter);
    }
}

/// RFC 7644 section 3.10: the core schema's URI may be written, and the filter is the same.
#[test]
fn the_core_schema_may_be_written() {
    let qualified: Filter = r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "a""#.parse().unwrap();
    assert_eq!(qualified, Filter::user_name("a"));
    assert_eq!(qualified.to_string().parse::<Filter>().unwrap(), qualified);
}

/// RFC 7644 section 3.4.2.2: parentheses first, then `not`, then `and`, then `or`.
#[test]
fn operators_bind_by_their_precedence() {
    let [a, b, c] = ["a", "b", "c"].map(|name| Filter::present(of(name)));
    for (text, expected) in [
        ("a pr and b pr or c pr", a.clone().and(b.clone()).or(c.clone())),
        ("a pr or b pr and c pr", a.clone().or(b.clone().and(c.clone()))),
        ("(a pr or b pr) and c pr", a.clone().or(b.clone()).and(c.clone())),
        ("not (a pr) and b pr", (!a.clone()).and(b.clone())),
        ("not (a pr and b pr) or c pr", (!(a.clone().and(b.clone()))).or(c.clone())),
        ("not (a pr) or not (b pr)", (!a.clone()).or(!b.clone())),
    ] {
        assert_eq!(text.parse::<Filter>().unwrap(), expected, "{text}");
    }
}

/// RFC 7644 section 3.4.2.2: a string follows the rules of JSON (RFC 7159 section 7).
#[test]
fn strings_are_escaped_as_in_json() {
    for (name, printed) in [
        (r#"o"neil"#, r#"userName eq "o\"neil""#),
        (r"a\b", r#"userName eq "a\\b""#),
        ("a\nb\t\u{1}", r#"userName eq "a\nb\t\u0001""#),
        ("Größe 🦀", "userName eq \"Größe 🦀\""),
    ] {
        let filter = Filter::user_name(name);
        assert_eq!(filter.to_string(), printed);
        assert_eq!(printed.parse::<Filter>().unwrap(), filter);
    }
    let escaped: Filter = r#"userName eq "\u0061\/\uD83E\uDD80""#.parse().unwrap();
    assert_eq!(escaped, Filter::user_name("a/🦀"));
}

/// RFC 7644 section 3.4.2.2: comparisons joined by `and` can be taken one by one, and each tells its parts.
#[test]
fn comparisons_tell_their_parts() {
    let filter: Filter = r#"name.givenName sw "Anna" and active eq true and age gt 7 and x ne null"#.parse().unwrap();
    let comparisons = filter.comparisons().unwrap();
    let values: Vec<_> = comparisons.iter().map(|comparison| comparison.value().clone()).collect();
    assert_eq!(values, [CompareValue::from("Anna"), CompareValue::from(true), CompareValue::Number(Number::from(7)), CompareValue::Null]);
    assert_eq!(values.iter().map(CompareValue::as_str).collect::<Vec<_>>(), [Some("Anna"), None, None, None]);
    assert_eq!(comparisons[0].path().sub_attribute().unwrap().as_str(), "givenName");
    assert_eq!(comparisons[2].operator(), CompareOp::GreaterThan);
    for other in ["title pr", "a eq 1 or b eq 2", "not (a eq 1)", "e[a eq 1]", "a eq 1 and b pr"] {
        assert_eq!(other.parse::<Filter>().unwrap().comparisons(), None, "{other}");
    }
}

/// RFC 7644 section 3.4.2.2, rules `FILTER` and `valuePath`: each kind of expression can be looked into.
#[test]
fn expressions_tell_their_kind() {
    let kind = |text: &str| match text.parse::<Filter>().unwrap().expression() {
        Expression::Present(path) => format!("present {path}"),
        Expression::Compare(comparison) => format!("compare {}", comparison.path()),
        Expression::ValuePath(path, filter) => format!("{path} with {filter}"),
        Expression::Not(filter) => format!("not {filter}"),
        Expression::And(filters) => format!("all of {}", filters.len()),
        Expression::Or(filters) => format!("one of {}", filters.len()),
    };
    for (text, expected) in [
        ("title pr", "present title"),
        ("title eq 1", "compare title"),
        ("emails[type eq 1 and value pr]", "emails with type eq 1 and value pr"),
        ("not (a pr)", "not a pr"),
        ("a pr and b pr and (c pr or d pr)", "all of 3"),
        ("a pr or b pr and c pr", "one of 2"),
    ] {
        assert_eq!(kind(text), expected);
    }
}

/// RFC 7644 section 3.4.2.2, rule `valuePath`: brackets stand behind an attribute, and not in brackets, whether read or built.
#[test]
fn brackets_do_not_stand_in_brackets() {
    let inner = Filter::value_path(of("a"), Filter::present(of("b"))).unwrap();
    for nested in [inner.clone(), !inner.clone(), inner.clone().and(Filter::present(of("c"))), inner.clone().or(Filter::present(of("c")))] {
        let error = Filter::value_path(of("emails"), nested).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Path { expected: "a filter without brackets inside the brackets", .. }), "{error}");
    }
    let error = Filter::value_path(of("emails").then("value"), Filter::present(of("b"))).unwrap_err();
    assert_eq!(
        error.kind(),
        &ErrorKind::Path { expected: "an attribute without a sub-attribute in front of the brackets", found: "emails.value".to_owned() }
    );
}

/// RFC 7644 section 3.4.2.2: an error has the byte at which the grammar was left, what it allows there, and what stands there.
#[test]
fn errors_have_the_byte_and_the_expectation() {
    const PATH: &str = "an attribute path";
    const NAME: &str = "an attribute name";
    const OPERATOR: &str = "an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr";
    const SPACE: &str = "a space and an operator";
    const VALUE: &str = "a JSON string, number, true, false or null";
    const END: &str = "and, or or the end";
    const PARENTHESIS: &str = "and, or or a closing parenthesis";
    const BRACKET: &str = "and, or or a closing bracket";
    for (text, at, expected, found) in [
        ("", 0, PATH, ""),
        (" userName eq \"a\"", 0, PATH, " "),
        ("1st eq 1", 0, NAME, "1st"),
        ("user:name eq 1", 4, "an attribute name without a colon, or a URI that begins with urn:", ":name"),
        ("name. eq 1", 5, "a sub-attribute name", ""),
        ("größe eq 1", 0, NAME, "größe"),
        ("userName", 8, SPACE, ""),
        ("userName\teq 1", 8, SPACE, "\t"),
        ("userName is 1", 9, OPERATOR, "is"),
        ("userName eqx 1", 9, OPERATOR, "eqx"),
        ("userName  eq \"a\"", 9, OPERATOR, " "),
        ("userName co", 11, "a space and a value", ""),
        ("userName eq ", 12, VALUE, ""),
        ("userName eq  \"a\"", 12, VALUE, " "),
        ("userName eq \n\"a\"", 12, VALUE, "\n"),
        ("userName eq anna", 12, VALUE, "anna"),
        ("userName eq 'anna'", 12, VALUE, "'anna'"),
        ("userName eq [1]", 12, VALUE, "[1]"),
        ("userName eq {}", 12, VALUE, "{}"),
        ("userName eq 01", 12, VALUE, "01"),
        ("userName eq +1", 12, VALUE, "+1"),
        ("userName eq .5", 12, VALUE, ".5"),
        ("userName eq 1e999", 12, VALUE, "1e999"),
        ("userName eq True", 12, VALUE, "True"),
        ("userName eq NULL", 12, VALUE, "NULL"),
        ("userName eq \"anna", 12, "a closing quotation mark", "\"anna"),
        ("userName eq \"anna\\", 12, "a closing quotation mark", "\"anna\\"),
        ("userName eq \"\\x\"", 12, "a JSON string with valid escapes", "\"\\x\""),
        ("userName eq \"\\ud800\"", 12, "a JSON string with valid escapes", "\"\\ud800\""),
        ("userName eq \"a\u{1}b\"", 14, "no control character in a string", "\u{1}b\""),
        ("userName eq \"a\" ", 15, END, " "),
        ("userName eq \"a\"and b eq 1", 15, END, "and"),
        ("userName eq \"ü\" xor a eq 1", 16, END, " "),
        ("a pr 1", 4, END, " "),
        ("a eq 1 and", 10, "a space", ""),
        ("a eq 1 or(b pr)", 9, "a space", "(b"),
        ("a eq 1 and ", 11, PATH, ""),
        ("a eq 1 or ", 10, PATH, ""),
        ("a eq 1 and  b eq 2", 11, PATH, " "),
        ("(a eq 1", 7, PARENTHESIS, ""),
        ("(a eq 1]", 7, PARENTHESIS, "]"),
        ("( a eq 1)", 1, PATH, " "),
        ("()", 1, PATH, ")"),
        ("a eq 1)", 6, END, ")"),
        ("not a eq 1", 4, OPERATOR, "a"),
        ("not  (a pr)", 4, OPERATOR, " "),
        ("not", 3, SPACE, ""),
        ("emails[]", 7, PATH, "]"),
        ("emails[type eq 1", 16, BRACKET, ""),
        ("emails[type eq 1)", 16, BRACKET, ")"),
        ("emails [type eq 1]", 7, OPERATOR, "[type"),
        ("emails[a[b eq 1]]", 8, "a space and an operator, because brackets do not stand in brackets", "[b"),
        ("emails.value[a eq 1]", 12, "a space and an operator, because brackets stand behind an attribute and not a sub-attribute", "[a"),
        ("emails[type eq 1] eq 1", 17, END, " "),
        ("emails[type eq 1].value eq 1", 17, END, ".value"),
        ("emails[type eq 1]x", 17, END, "x"),
    ] {
        assert_eq!(error(text), (at, expected, found.to_owned()), "{text:?}");
    }
}

/// Bounds of this crate: 10,000 bytes, and 32 parentheses and brackets in each other; an error quotes 40 bytes at most.
#[test]
fn length_and_depth_are_capped() {
    let long = |length: usize| format!("a eq \"{}\"", "x".repeat(length - 7));
    assert!(long(10_000).parse::<Filter>().is_ok());
    assert_eq!((error(&long(10_001)).0, error(&long(10_001)).1), (0, "at most 10,000 bytes"));

    let deep = |depth: usize| format!("{}a pr{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(deep(32).parse::<Filter>().unwrap(), Filter::present(of("a")));
    assert_eq!((error(&deep(33)).0, error(&deep(33)).1), (32, "at most 32 parentheses and brackets in each other"));
    let negated = |depth: usize| format!("{}a pr{}", "not (".repeat(depth), ")".repeat(depth));
    assert!(negated(32).parse::<Filter>().is_ok());
    assert_eq!(error(&negated(33)).1, "at most 32 parentheses and brackets in each other");
    // In lenient mode `not` needs no parentheses, and is counted all the same.
    assert!(Filter::parse(&format!("{}a pr", "not ".repeat(32)), Mode::Lenient).is_ok());
    assert!(Filter::parse(&format!("{}a pr", "not ".repeat(33)), Mode::Lenient).is_err());

    let wide = vec!["a pr"; 1_000].join(" or ");
    assert!(matches!(wide.parse::<Filter>().unwrap().expression(), Expression::Or(filters) if filters.len() == 1_000));

    assert_eq!(error(&format!("a eq {}", "ü".repeat(100))).2, "ü".repeat(20));
    assert_eq!(error(&format!("a eq x{}", "ü".repeat(100))).2, format!("x{}", "ü".repeat(19)));
    assert_eq!(error(&format!("a eq {}", "[".repeat(9_000))).2, "[".repeat(40));
}
