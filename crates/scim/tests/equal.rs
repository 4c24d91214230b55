//! Whether two resources say the same under their schemas.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrName, AttributeDefinition, AttributeType, Resource, Schema, Schemas};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// Asserts for each pair whether it is equal, in either order.
fn compare(schemas: &Schemas, pairs: &[(&str, &str, bool)]) {
    for (one, other, expected) in pairs {
        let (left, right) = (resource(one), resource(other));
        assert_eq!(schemas.equal(&left, &right), *expected, "{one} and {other}");
        assert_eq!(schemas.equal(&right, &left), *expected, "{other} and {one}");
        assert!(schemas.equal(&left, &left) && schemas.equal(&right, &right));
    }
}

/// RFC 7643 section 2.5: absent, null and a list of nothing are one state.
#[test]
fn unassigned_values_are_equal() {
    compare(
        &Schemas::user(),
        &[
            ("{}", r#"{"title":null,"emails":[],"name":{}}"#, true),
            (r#"{"name":{"givenName":"A"}}"#, r#"{"name":{"givenName":"A","familyName":null}}"#, true),
            (r#"{"emails":[{"value":"a"}]}"#, r#"{"emails":[{"value":"a","type":null}]}"#, true),
            ("{}", r#"{"title":""}"#, false),
            ("{}", r#"{"active":false}"#, false),
            ("{}", &format!(r#"{{"{ENTERPRISE}":{{"department":null}}}}"#), true),
            ("{}", &format!(r#"{{"{ENTERPRISE}":{{"department":"x"}}}}"#), false),
        ],
    );
}

/// RFC 7643 section 2.4: neither the order of attributes nor that of the values of a list says anything; how often a value is there does.
#[test]
fn order_says_nothing() {
    compare(
        &Schemas::user(),
        &[
            (r#"{"title":"a","active":true}"#, r#"{"active":true,"title":"a"}"#, true),
            (r#"{"emails":[{"value":"a"},{"value":"b","type":"x"}]}"#, r#"{"emails":[{"type":"x","value":"b"},{"value":"a"}]}"#, true),
            (r#"{"emails":[{"value":"a"},{"value":"a"}]}"#, r#"{"emails":[{"value":"a"}]}"#, false),
            (r#"{"emails":[{"value":"a"},{"value":"b"}]}"#, r#"{"emails":[{"value":"a"},{"value":"c"}]}"#, false),
            (r#"{"schemas":["urn:a","urn:b"]}"#, r#"{"schemas":["urn:B","URN:a"]}"#, true),
            (r#"{"roles":[{"value":"B"},{"value":"a"}]}"#, r#"{"roles":[{"value":"A"},{"value":"b"}]}"#, true),
        ],
    );
    compare(
        &Schemas::group(),
        &[
            (r#"{"members":[{"value":"1"},{"value":"2"}]}"#, r#"{"members":[{"value":"2"},{"value":"1"}]}"#, true),
            (r#"{"members":[{"value":"1"}]}"#, r#"{"members":[{"value":"1","type":"User"}]}"#, false),
        ],
    );
}

/// RFC 7643 section 2.1: names compare without case, those of extensions too.
#[test]
fn names_compare_without_case() {
    compare(
        &Schemas::user(),
        &[
            (r#"{"USERNAME":"a","name":{"GIVENNAME":"b"}}"#, r#"{"userName":"a","NAME":{"givenName":"b"}}"#, true),
            (
                &format!(r#"{{"{ENTERPRISE}":{{"department":"x"}}}}"#),
                &format!(r#"{{"{}":{{"DEPARTMENT":"X"}}}}"#, ENTERPRISE.to_uppercase()),
                true,
            ),
        ],
    );
}

/// RFC 7643 section 2.2, `caseExact`: strings compare with or without case as their schema says.
#[test]
fn strings_compare_as_their_schema_says() {
    compare(
        &Schemas::user(),
        &[
            (r#"{"userName":"Anna"}"#, r#"{"userName":"ANNA"}"#, true),
            (r#"{"userName":"GRÖẞE"}"#, r#"{"userName":"größe"}"#, true),
            (r#"{"externalId":"a"}"#, r#"{"externalId":"A"}"#, false),
            (r#"{"id":"a"}"#, r#"{"id":"A"}"#, false),
            (r#"{"profileUrl":"https://example.com/a"}"#, r#"{"profileUrl":"https://example.com/A"}"#, false),
            (r#"{"emails":[{"value":"A"}]}"#, r#"{"emails":[{"value":"a"}]}"#, true),
            (
                &format!(r#"{{"{ENTERPRISE}":{{"manager":{{"value":"m"}}}}}}"#),
                &format!(r#"{{"{ENTERPRISE}":{{"manager":{{"value":"M"}}}}}}"#),
                false,
            ),
            (r#"{"x509Certificates":[{"value":"QUJD"}]}"#, r#"{"x509Certificates":[{"value":"qujd"}]}"#, false),
        ],
    );
}

/// RFC 7643 section 2.3: values of another type are other values; a moment is the same in every zone; numbers compare by size.
#[test]
fn values_compare_by_their_type() {
    compare(
        &Schemas::user(),
        &[
            (r#"{"meta":{"created":"2026-01-01T00:00:00Z"}}"#, r#"{"meta":{"created":"2026-01-01T01:00:00.0+01:00"}}"#, true),
            (r#"{"meta":{"created":"2026-01-01T00:00:00Z"}}"#, r#"{"meta":{"created":"2026-01-01T00:00:01Z"}}"#, false),
            (r#"{"active":true}"#, r#"{"active":"true"}"#, false),
            (r#"{"title":"7"}"#, r#"{"title":7}"#, false),
            (r#"{"emails":[{"value":"a"}]}"#, r#"{"emails":{"value":"a"}}"#, false),
        ],
    );
    let level = AttributeDefinition::new(AttrName::from_static("level"), AttributeType::Decimal);
    let meter = Schemas::new(Schema::new("urn:example:2.0:Meter", "Meter", vec![level]), vec![]);
    compare(&meter, &[(r#"{"level":6}"#, r#"{"level":6.0}"#, true), (r#"{"level":6}"#, r#"{"level":6.5}"#, false)]);
}

/// An attribute that no schema has compares as it is, case included.
#[test]
fn unknown_attributes_compare_as_they_are() {
    compare(
        &Schemas::user(),
        &[
            (r#"{"shoe":"a"}"#, r#"{"SHOE":"a"}"#, true),
            (r#"{"shoe":"a"}"#, r#"{"shoe":"A"}"#, false),
            (r#"{"shoe":null}"#, "{}", true),
            (r#"{"urn:example:x":{"a":[1,2]}}"#, r#"{"urn:example:x":{"A":[2,1]}}"#, true),
            (r#"{"shoe":{"when":"2026-01-01T00:00:00Z"}}"#, r#"{"shoe":{"when":"2026-01-01T01:00:00+01:00"}}"#, false),
        ],
    );
}
