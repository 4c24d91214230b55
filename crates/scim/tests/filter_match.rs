//! Filters compared with resources: RFC 7644 section 3.4.2.2, table 3, for each type of RFC 7643 section 2.3.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrName, AttributeDefinition, AttributeType, Filter, Mode, Resource, Schema, Schemas};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// A meter that has an attribute of each type, with and without case, with one value and with many.
fn meter() -> Schemas {
    let new = |name, kind| AttributeDefinition::new(AttrName::from_static(name), kind);
    let exact = |mut attribute: AttributeDefinition| {
        attribute.case_exact = true;
        attribute
    };
    let many = |mut attribute: AttributeDefinition| {
        attribute.multi_valued = true;
        attribute
    };
    let mut reading = many(new("readings", AttributeType::Complex));
    reading.sub_attributes = vec![
        new("value", AttributeType::Integer),
        new("at", AttributeType::DateTime),
        exact(new("by", AttributeType::String)),
        new("note", AttributeType::String),
    ]
    .into();
    let attributes = vec![
        new("label", AttributeType::String),
        exact(new("code", AttributeType::String)),
        new("on", AttributeType::Boolean),
        new("count", AttributeType::Integer),
        new("level", AttributeType::Decimal),
        new("since", AttributeType::DateTime),
        new("seal", AttributeType::Binary),
        new("page", AttributeType::Reference),
        many(new("tags", AttributeType::String)),
        many(new("sizes", AttributeType::Integer)),
        reading,
    ];
    let badge = Schema::new(
        "urn:example:2.0:Badge",
        "Badge",
        vec![new("colour", AttributeType::String), exact(new("number", AttributeType::String))],
    );
    Schemas::new(Schema::new("urn:example:2.0:Meter", "Meter", attributes), vec![badge])
}

const METER: &str = r#"{"label":"North Gate","code":"aB-7","on":true,"count":7,"level":2.5,"since":"2026-03-01T12:00:00Z","seal":"QUJD",
    "page":"https://example.com/Meters/7","tags":["Red","dry"],"sizes":[3,9],
    "readings":[{"value":10,"at":"2026-04-01T00:00:00Z","by":"Anna","note":"first"},{"value":20,"by":"berta"}],
    "urn:example:2.0:Badge":{"colour":"Blue","number":"N1"},"unknown":"Word"}"#;

fn matches_in(schemas: &Schemas, resource: &Resource, filter: &str) -> bool {
    filter.parse::<Filter>().unwrap().matcher(schemas, Mode::Strict).unwrap().matches(resource)
}

/// Asserts for each filter whether it passes, and that `not` turns it round.
fn passes(schemas: &Schemas, json: &str, filters: &[(&str, bool)]) {
    let resource = resource(json);
    let told = |filter: &str| format!("{filter}: {}", matches_in(schemas, &resource, filter));
    let both: Vec<_> = filters.iter().flat_map(|(filter, _)| [told(filter), told(&format!("not ({filter})"))]).collect();
    let expected: Vec<_> =
        filters.iter().flat_map(|(filter, passes)| [format!("{filter}: {passes}"), format!("not ({filter}): {}", !passes)]).collect();
    let wrong: Vec<_> = both.iter().filter(|told| !expected.contains(told)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// RFC 7643 section 2.3.1: a string compares without case, unless it is `caseExact`.
#[test]
fn strings_compare_as_their_schema_says() {
    passes(
        &meter(),
        METER,
        &[
            (r#"label eq "north gate""#, true),
            (r#"LABEL eq "NORTH GATE""#, true),
            (r#"label eq "north""#, false),
            (r#"label ne "NORTH gate""#, false),
            (r#"label ne "south""#, true),
            (r#"label co "TH g""#, true),
            (r#"label co "x""#, false),
            (r#"label sw "NORTH""#, true),
            (r#"label sw "gate""#, false),
            (r#"label ew "GATE""#, true),
            (r#"label ew "north""#, false),
            (r#"label co """#, true),
            (r#"label gt "NORTH""#, true),
            (r#"label gt "north gate""#, false),
            (r#"label ge "North GATE""#, true),
            (r#"label lt "o""#, true),
            (r#"label lt "NORTH GATE""#, false),
            (r#"label le "north gate""#, true),
            ("label pr", true),
            (r#"code eq "aB-7""#, true),
            (r#"code eq "ab-7""#, false),
            (r#"code ne "ab-7""#, true),
            (r#"code co "B-""#, true),
            (r#"code co "b-""#, false),
            (r#"code sw "A""#, false),
            (r#"code sw "a""#, true),
            (r#"code ew "7""#, true),
            // A capital stands before every small letter.
            (r#"code gt "aC""#, false),
            (r#"code gt "aA""#, true),
            (r#"code le "aB-7""#, true),
        ],
    );
}

/// RFC 7643 section 2.3.1: case is folded beyond ASCII as well.
#[test]
fn case_is_folded_beyond_ascii() {
    let label = r#"{"label":"Größe ÉTÉ"}"#;
    passes(
        &meter(),
        label,
        &[
            (r#"label eq "GRÖßE été""#, true),
            (r#"label eq "grosse été""#, false),
            (r#"label co "ÖßE""#, true),
            (r#"label sw "GRÖ""#, true),
            (r#"label ew "éTÉ""#, true),
        ],
    );
}

/// RFC 7643 section 2.3.2 and RFC 7644 section 3.4.2.2: a boolean is equal or not, and nothing else.
#[test]
fn booleans_are_equal_or_not() {
    passes(
        &meter(),
        METER,
        &[
            ("on eq true", true),
            ("on eq false", false),
            ("on ne true", false),
            ("on ne false", true),
            ("on pr", true),
            (r#"on eq "true""#, false),
            (r#"on co "tr""#, false),
            ("on eq 1", false),
        ],
    );
    passes(&meter(), r#"{"on":false}"#, &[("on pr", true), ("on eq false", true), ("on eq null", false)]);
}

/// RFC 7644 section 3.4.2.2: "Boolean and Binary attributes SHALL cause a failed response" to an ordering, of the type `invalidFilter`.
#[test]
fn booleans_and_bytes_have_no_order() {
    for (filter, message) in [
        ("on gt true", "the operator gt does not order a boolean at on"),
        ("on ge false", "the operator ge does not order a boolean at on"),
        (r#"on lt "x""#, "the operator lt does not order a boolean at on"),
        ("label le true", "the operator le does not order a boolean at label"),
        (r#"seal gt "QUJD""#, "the operator gt does not order bytes at seal"),
        (r#"label pr and not (seal le "QUJD")"#, "the operator le does not order bytes at seal"),
        ("readings[value gt true]", "the operator gt does not order a boolean at value"),
    ] {
        let filter: Filter = filter.parse().unwrap();
        let error = filter.matcher(&meter(), Mode::Strict).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.scim_type().as_str()), (message, "invalidFilter"));
        assert!(filter.matcher(&meter(), Mode::Lenient).is_ok());
    }
    let user: Filter = "emails[primary gt true]".parse().unwrap();
    assert!(user.matcher(&Schemas::user(), Mode::Strict).is_err());
    // In lenient mode nothing passes such a comparison.
    let lenient: Filter = "on ge true".parse().unwrap();
    assert!(!lenient.matcher(&meter(), Mode::Lenient).unwrap().matches(&resource(METER)));
}

/// RFC 7643 sections 2.3.3 and 2.3.4: numbers compare by their size, with and without a decimal point.
#[test]
fn numbers_compare_by_their_size() {
    passes(
        &meter(),
        METER,
        &[
            ("count eq 7", true),
            ("count eq 7.0", true),
            ("count ne 7", false),
            ("count gt 6.5", true),
            ("count gt 7", false),
            ("count ge 7", true),
            ("count lt 10", true),
            ("count le 6", false),
            (r#"count eq "7""#, false),
            (r#"count co "7""#, false),
            ("level eq 2.5", true),
            ("level eq 25e-1", true),
            ("level gt 2", true),
            ("level lt 3", true),
            ("level le 2.4", false),
            ("count pr", true),
        ],
    );
    let large = r#"{"count":9007199254740993}"#;
    passes(
        &meter(),
        large,
        &[("count eq 9007199254740993", true), ("count eq 9007199254740992", false), ("count gt 9007199254740992", true)],
    );
}

/// RFC 7643 section 2.3.5 and RFC 7644 section 3.4.2.2: moments compare by time, whatever their zone and their fractions.
#[test]
fn moments_compare_by_time() {
    passes(
        &meter(),
        METER,
        &[
            (r#"since eq "2026-03-01T12:00:00Z""#, true),
            (r#"since eq "2026-03-01T13:00:00+01:00""#, true),
            (r#"since eq "2026-03-01T12:00:00.000Z""#, true),
            (r#"since eq "2026-03-01T12:00:00""#, true),
            (r#"since ne "2026-03-01T05:00:00-07:00""#, false),
            (r#"since gt "2026-03-01T12:30:00+01:00""#, true),
            (r#"since gt "2026-03-01T12:00:00.001Z""#, false),
            (r#"since ge "2026-03-01T04:00:00-08:00""#, true),
            (r#"since lt "2026-03-01T11:00:00-02:00""#, true),
            (r#"since le "2026-02-28T23:59:60Z""#, false),
            (r#"since sw "2026-03""#, true),
            ("since pr", true),
        ],
    );
    let user = r#"{"meta":{"lastModified":"2026-05-13T04:42:34Z"}}"#;
    passes(
        &Schemas::user(),
        user,
        &[
            (r#"meta.lastModified gt "2026-05-13T04:42:33Z""#, true),
            (r#"meta.lastModified ge "2026-05-13T06:42:34+02:00""#, true),
            (r#"meta.lastModified lt "2026-05-13T04:42:34Z""#, false),
        ],
    );
}

/// RFC 7643 sections 2.3.6 and 2.3.7: bytes and references compare with case.
#[test]
fn bytes_and_references_compare_with_case() {
    passes(
        &meter(),
        METER,
        &[
            (r#"seal eq "QUJD""#, true),
            (r#"seal eq "qujd""#, false),
            (r#"seal ne "qujd""#, true),
            (r#"seal sw "QU""#, true),
            (r#"page eq "https://example.com/Meters/7""#, true),
            (r#"page eq "https://example.com/meters/7""#, false),
            (r#"page ew "/7""#, true),
        ],
    );
}

/// RFC 7643 section 2.4: an attribute of many values passes if one of them does; `ne` is the contrary of `eq`.
#[test]
fn one_of_many_values_is_enough() {
    passes(
        &meter(),
        METER,
        &[
            (r#"tags eq "red""#, true),
            (r#"tags eq "wet""#, false),
            (r#"tags.value eq "DRY""#, true),
            (r#"tags ne "red""#, false),
            (r#"tags ne "wet""#, true),
            (r#"tags co "r""#, true),
            ("tags pr", true),
            ("sizes gt 8", true),
            ("sizes lt 3", false),
            ("sizes eq 9 and sizes eq 3", true),
            ("readings.value eq 20", true),
            (r#"readings.by eq "Anna""#, true),
            (r#"readings.by eq "anna""#, false),
            (r#"readings.note sw "FIR""#, true),
            // Without a sub-attribute, the value of each is meant.
            ("readings eq 10", true),
            ("readings gt 20", false),
        ],
    );
}

/// RFC 7644 section 3.4.2.2, rule `valuePath`: all of the filter in brackets passes for one and the same value.
#[test]
fn brackets_ask_one_value() {
    passes(
        &meter(),
        METER,
        &[
            (r#"readings[value eq 10 and by eq "Anna"]"#, true),
            (r#"readings[value eq 20 and by eq "Anna"]"#, false),
            // Without brackets two values may pass together.
            (r#"readings.value eq 20 and readings.by eq "Anna""#, true),
            ("readings[value gt 15 or at pr]", true),
            ("readings[not (at pr)]", true),
            ("readings[value lt 15 and not (at pr)]", false),
            (r#"readings[at lt "2026-04-01T03:00:00+02:00"]"#, true),
            (r#"readings[by eq "Berta"]"#, false),
            (r#"readings[note eq null]"#, true),
            (r#"tags[value eq "RED"]"#, true),
            (r#"tags[value sw "w"]"#, false),
            ("nothing[value pr]", false),
        ],
    );
    let user = r#"{"emails":[{"type":"work","value":"anna@example.com","primary":true},{"type":"home","value":"anna@example.org"}]}"#;
    passes(
        &Schemas::user(),
        user,
        &[
            (r#"emails[type eq "work" and value co "@example.com"]"#, true),
            (r#"emails[type eq "home" and value co "@example.com"]"#, false),
            (r#"emails[type eq "home" and not (primary eq true)]"#, true),
            (r#"emails[type eq "work"] and emails[type eq "home"]"#, true),
        ],
    );
}

/// RFC 7643 section 2.5: absent, null, and a list or an object of nothing are unassigned, and equal null.
#[test]
fn unassigned_values_equal_null() {
    for json in ["{}", r#"{"label":null}"#, r#"{"tags":[],"label":null,"readings":[],"count":null}"#] {
        passes(
            &meter(),
            json,
            &[
                ("label pr", false),
                ("label eq null", true),
                ("label ne null", false),
                (r#"label eq "x""#, false),
                (r#"label ne "x""#, true),
                (r#"label co "x""#, false),
                (r#"label gt "x""#, false),
                (r#"label lt "x""#, false),
                ("tags pr", false),
                ("tags eq null", true),
                ("readings pr", false),
                ("readings.by pr", false),
                ("readings.by eq null", true),
                ("readings[by eq null]", false),
                ("count gt 0", false),
                ("count ne 7", true),
                (r#"urn:example:2.0:Badge:colour eq null"#, true),
            ],
        );
    }
    passes(
        &Schemas::user(),
        r#"{"name":{"givenName":null},"title":"","emails":[{"type":"work"}]}"#,
        &[
            ("name pr", false),
            ("name eq null", true),
            ("title pr", false),
            ("title eq null", false),
            (r#"title eq """#, true),
            ("emails pr", true),
        ],
    );
    passes(&meter(), METER, &[("label eq null", false), ("label ne null", true), ("count eq null", false), ("tags eq null", false)]);
}

/// RFC 7643 section 2.5: a complex attribute that has some sub-attribute is not unassigned, whatever its `value` is.
#[test]
fn a_complex_value_without_a_value_is_not_null() {
    passes(
        &Schemas::user(),
        r#"{"name":{"givenName":"Anna"},"emails":[{"type":"work"}]}"#,
        &[("name pr", true), ("name eq null", false), ("name ne null", true), ("emails eq null", false), ("emails.value eq null", true)],
    );
}

/// RFC 7644 section 3.10: an attribute is named with or without the URI of its core schema, and that of an extension with its URI.
#[test]
fn attributes_are_named_by_their_schema() {
    passes(
        &meter(),
        METER,
        &[
            (r#"urn:example:2.0:Badge:colour eq "blue""#, true),
            (r#"urn:example:2.0:Badge:number eq "n1""#, false),
            (r#"URN:EXAMPLE:2.0:BADGE:NUMBER eq "N1""#, true),
            (r#"colour eq "blue""#, false),
            (r#"urn:example:2.0:Other:colour eq "blue""#, false),
            (r#"urn:example:2.0:Meter:label eq "north gate""#, true),
            (r#"urn:example:2.0:Meter:code eq "ab-7""#, false),
            ("urn:example:2.0:Meter:readings[value eq 10]", true),
            ("urn:example:2.0:Meter:colour pr", false),
            (&format!("{USER}:label pr"), false),
        ],
    );
    let user = format!(
        r#"{{"schemas":["{USER}","{ENTERPRISE}"],"userName":"Anna","id":"Ab","externalId":"Cd",
            "{ENTERPRISE}":{{"department":"Cranes","manager":{{"value":"M-1","displayName":"Carla"}}}}}}"#
    );
    passes(
        &Schemas::user(),
        &user,
        &[
            (&format!(r#"{USER}:userName eq "anna""#), true),
            (&format!(r#"{ENTERPRISE}:department sw "CRA""#), true),
            (&format!(r#"{ENTERPRISE}:manager.displayName eq "carla""#), true),
            // Verified erratum 8472 of RFC 7643: an id compares with case.
            (&format!(r#"{ENTERPRISE}:manager.value eq "m-1""#), false),
            (&format!(r#"{ENTERPRISE}:manager eq "M-1""#), true),
            (&format!("{ENTERPRISE} pr"), true),
            (&format!(r#"schemas eq "{ENTERPRISE}""#), true),
            (r#"schemas eq "urn:example:2.0:Badge""#, false),
            (r#"id eq "Ab""#, true),
            (r#"id eq "ab""#, false),
            (r#"externalId eq "CD""#, false),
        ],
    );
}

/// An attribute that no schema has is a string without case, or a moment where both sides are, or what its value is.
#[test]
fn unknown_attributes_compare_as_what_they_are() {
    passes(
        &meter(),
        r#"{"word":"Word","number":5,"flag":true,"when":"2026-03-01T12:00:00Z","inner":{"value":"x","n":1}}"#,
        &[
            (r#"word eq "WORD""#, true),
            (r#"word gt "vord""#, true),
            ("number ge 5", true),
            ("flag eq true", true),
            (r#"when eq "2026-03-01T13:00:00+01:00""#, true),
            (r#"when gt "2026-02-01T00:00:00Z""#, true),
            (r#"inner eq "X""#, true),
            ("inner.n eq 1", true),
        ],
    );
}
