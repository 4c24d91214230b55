//! Schemas: each characteristic as RFC 7643 has it, and the JSON of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

#[path = "schema/rfc7643.rs"]
mod rfc7643;

use std::fmt::Write;

use idbridge_scim::{
    AttributeDefinition, AttributeType, ErrorKind, ListResponse, Location, Mutability, Resource, Returned, Schema, SchemaUri, Uniqueness,
};

/// Every schema that is built in.
fn built_in() -> [&'static Schema; 6] {
    [
        Schema::user(),
        Schema::group(),
        Schema::enterprise_user(),
        Schema::service_provider_config(),
        Schema::resource_type(),
        Schema::schema(),
    ]
}

fn read(json: &str) -> Schema {
    Schema::from_json(json.as_bytes()).unwrap()
}

/// A schema of one attribute with these characteristics.
fn one(characteristics: &str) -> String {
    format!(r#"{{"id":"urn:example:2.0:Badge","attributes":[{{{characteristics}}}]}}"#)
}

/// The attributes as the tables of `rfc7643` have them.
fn lines(attributes: &[AttributeDefinition], parent: &str) -> String {
    let mut lines = String::new();
    for attribute in attributes {
        let AttributeDefinition { attribute_type, mutability, returned, uniqueness, .. } = attribute;
        write!(lines, "{parent}{} {attribute_type}", attribute.name).unwrap();
        for (flag, word) in [(attribute.multi_valued, "many"), (attribute.required, "required"), (attribute.case_exact, "exact")] {
            if flag {
                write!(lines, " {word}").unwrap();
            }
        }
        write!(lines, " {mutability} {returned} {uniqueness}").unwrap();
        if !attribute.canonical_values.is_empty() {
            write!(lines, " [{}]", attribute.canonical_values.join(" ")).unwrap();
        }
        if !attribute.reference_types.is_empty() {
            write!(lines, " ->{}", attribute.reference_types.join(",")).unwrap();
        }
        lines.push('\n');
        lines += &self::lines(&attribute.sub_attributes, &format!("{parent}{}.", attribute.name));
    }
    lines
}

/// RFC 7643 section 8.7: each characteristic of each attribute.
#[test]
fn the_schemas_are_those_of_the_rfc() {
    let table = [
        (Schema::user(), SchemaUri::USER, "User", rfc7643::USER),
        (Schema::enterprise_user(), SchemaUri::ENTERPRISE_USER, "EnterpriseUser", rfc7643::ENTERPRISE_USER),
        (Schema::group(), SchemaUri::GROUP, "Group", rfc7643::GROUP),
        (
            Schema::service_provider_config(),
            SchemaUri::SERVICE_PROVIDER_CONFIG,
            "Service Provider Configuration",
            rfc7643::SERVICE_PROVIDER_CONFIG,
        ),
        (Schema::resource_type(), SchemaUri::RESOURCE_TYPE, "ResourceType", rfc7643::RESOURCE_TYPE),
        (Schema::schema(), SchemaUri::SCHEMA, "Schema", rfc7643::SCHEMA),
    ];
    for (schema, id, name, expected) in table {
        assert_eq!((&schema.id, schema.name.as_ref()), (&id, name));
        assert_eq!(format!("\n{}", lines(&schema.attributes, "")), expected, "{name}");
    }
    assert_eq!(format!("\n{}", lines(Schema::common_attributes(), "")), rfc7643::COMMON);
}

/// RFC 7643 section 7: schemas and attributes have descriptions that people can read.
#[test]
fn everything_is_described() {
    fn described(attributes: &[AttributeDefinition]) -> bool {
        attributes.iter().all(|attribute| !attribute.description.is_empty() && described(&attribute.sub_attributes))
    }
    for schema in built_in() {
        assert!(!schema.description.is_empty() && described(&schema.attributes), "{}", schema.name);
    }
    assert!(described(Schema::common_attributes()));
}

/// RFC 7643 section 7: what is written is what is read, by each of the ways.
#[test]
fn every_schema_round_trips() {
    for schema in built_in() {
        let json = schema.to_json();
        assert_eq!(&read(&json), schema);
        assert_eq!(serde_json::to_string(schema).unwrap(), json);
        assert_eq!(&serde_json::from_str::<Schema>(&json).unwrap(), schema);
        assert_eq!(Resource::from(schema).to_json(), json);
        assert_eq!(&Schema::try_from(Resource::from(schema)).unwrap(), schema);
        // Descriptions are read back too, which the equality of names alone would not say.
        assert_eq!(read(&json).description, schema.description);
    }
    for attribute in Schema::common_attributes().iter().chain(Schema::user().attributes.iter()) {
        let json = serde_json::to_string(attribute).unwrap();
        assert_eq!(&serde_json::from_str::<AttributeDefinition>(&json).unwrap(), attribute, "{json}");
    }
}

/// RFC 7643 section 8.7.1: the members of the JSON, each characteristic with its value.
#[test]
fn a_schema_is_written_in_full() {
    let mut colour = AttributeDefinition::new("colour".parse().unwrap(), AttributeType::String);
    colour.canonical_values = vec!["blue".into(), "red".into()].into();
    colour.mutability = Mutability::Immutable;
    colour.returned = Returned::Request;
    colour.uniqueness = Uniqueness::Global;
    let mut owner = AttributeDefinition::new("owner".parse().unwrap(), AttributeType::Reference);
    owner.reference_types = vec!["User".into()].into();
    owner.required = true;
    let mut badge = AttributeDefinition::new("badges".parse().unwrap(), AttributeType::Complex);
    badge.multi_valued = true;
    badge.case_exact = true;
    badge.description = "What opens doors.".into();
    badge.sub_attributes = vec![colour, owner].into();
    let schema = Schema::new("urn:example:2.0:Badges", "Badges", vec![badge]);
    assert_eq!(
        schema.to_json(),
        concat!(
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:example:2.0:Badges","name":"Badges","attributes":["#,
            r#"{"name":"badges","type":"complex","multiValued":true,"description":"What opens doors.","required":false,"caseExact":true,"#,
            r#""mutability":"readWrite","returned":"default","uniqueness":"none","subAttributes":["#,
            r#"{"name":"colour","type":"string","multiValued":false,"required":false,"canonicalValues":["blue","red"],"caseExact":false,"#,
            r#""mutability":"immutable","returned":"request","uniqueness":"global"},"#,
            r#"{"name":"owner","type":"reference","multiValued":false,"required":true,"caseExact":false,"#,
            r#""mutability":"readWrite","returned":"default","uniqueness":"none","referenceTypes":["User"]}]}]}"#,
        )
    );
    assert_eq!(read(&schema.to_json()), schema);
}

/// RFC 7643 section 2.2: the defaults of what is missing, null as well.
#[test]
fn missing_characteristics_have_their_defaults() {
    let expected = AttributeDefinition::new("colour".parse().unwrap(), AttributeType::String);
    for json in [
        r#""name":"colour""#,
        r#""name":"colour","type":null,"multiValued":null,"description":null,"required":null,"canonicalValues":null,"caseExact":null,
           "mutability":null,"returned":null,"uniqueness":null,"referenceTypes":null,"subAttributes":null"#,
        r#""name":"colour","canonicalValues":[],"referenceTypes":[],"subAttributes":[]"#,
    ] {
        let schema = read(&one(json));
        assert_eq!(schema.attributes.as_ref(), std::slice::from_ref(&expected), "{json}");
        assert_eq!((schema.name.as_ref(), schema.description.as_ref()), ("", ""));
    }
}

/// RFC 7643 section 2.1: names compare without case; words are taken in any case, and members that nobody knows are left out.
#[test]
fn reading_is_lenient() {
    let schema = read(
        r#"{"ID":"urn:example:2.0:Badge","attributes":[{"Name":"issued","Type":"datetime","mutability":"READONLY","vendor":{"x":[1]}}],
            "meta":{"resourceType":"Schema"},"vendor":true}"#,
    );
    let issued = schema.attribute("ISSUED").unwrap();
    assert_eq!((issued.attribute_type, issued.mutability), (AttributeType::DateTime, Mutability::ReadOnly));
}

/// AWS developer guide, `ListSchemas`: a list of schemas without `schemas`, where booleans and complex attributes leave characteristics out.
#[test]
fn a_list_of_schemas_is_read() {
    let page = ListResponse::from_json(
        br#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"itemsPerPage":1,"startIndex":1,"Resources":[
            {"id":"urn:ietf:params:scim:schemas:core:2.0:Group","name":"Group","description":"Group Schema",
             "meta":{"resourceType":"Schema","location":"/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group"},
             "attributes":[{"name":"members","type":"complex","multiValued":true,"required":false,"mutability":"readWrite","returned":"default",
                "subAttributes":[{"name":"primary","type":"boolean","multiValued":false,"required":false,"mutability":"immutable"}]}]}]}"#,
    )
    .unwrap();
    let schemas: Vec<_> = page.into_resources().into_iter().map(|resource| Schema::try_from(resource).unwrap()).collect();
    assert_eq!(schemas[0].id, SchemaUri::GROUP);
    let primary = schemas[0].attribute("members").unwrap().sub_attribute("primary").unwrap();
    assert_eq!((primary.attribute_type, primary.mutability), (AttributeType::Boolean, Mutability::Immutable));
}

/// RFC 7643 section 2.3.8: a complex attribute has no complex sub-attributes, but for the schema of schemas.
#[test]
fn only_the_schema_of_schemas_nests() {
    let nested = |id: &str, name: &str| {
        let inner = r#"[{"name":"b","type":"complex","subAttributes":[{"name":"c"}]}]"#;
        let json = format!(r#"{{"id":"{id}","attributes":[{{"name":"{name}","type":"complex","subAttributes":{inner}}}]}}"#);
        Schema::from_json(json.as_bytes())
    };
    assert!(nested(SchemaUri::SCHEMA.as_str(), "attributes").is_ok());
    for (id, name) in [("urn:example:2.0:Badge", "attributes"), (SchemaUri::SCHEMA.as_str(), "other")] {
        let error = nested(id, name).unwrap_err();
        assert_eq!(error.at(), &Location::Attribute(format!("{name}.b")));
    }
    let deep = r#"{"id":"urn:ietf:params:scim:schemas:core:2.0:Schema","attributes":[{"name":"attributes","type":"complex","subAttributes":[
        {"name":"b","type":"complex","subAttributes":[{"name":"c","type":"complex"}]}]}]}"#;
    assert_eq!(Schema::from_json(deep.as_bytes()).unwrap_err().at(), &Location::Attribute("attributes.b.c".to_owned()));
}

/// Each message in full: what was expected, what was found, and the path of the attribute.
#[test]
fn errors_name_the_attribute() {
    let table = [
        ("[]", "invalid JSON: expected an object, found an array"),
        ("7", "invalid JSON: expected an object, found a number"),
        (r#"{"attributes":[]}"#, "invalid definition: expected an id, found none"),
        (r#"{"id":7,"attributes":[]}"#, "invalid definition: expected an id that is a string, found a number"),
        (r#"{"id":"urn:x","name":7,"attributes":[]}"#, "invalid definition: expected a name that is a string, found a number"),
        (
            r#"{"id":"urn:x","description":[],"attributes":[]}"#,
            "invalid definition: expected a description that is a string, found an array",
        ),
        (r#"{"id":"urn:x"}"#, "invalid definition: expected a list named attributes, found none"),
        (r#"{"id":"urn:x","attributes":null}"#, "invalid definition: expected a list named attributes, found none"),
        (r#"{"id":"urn:x","attributes":{}}"#, "invalid definition: expected a list of attributes, found an object"),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a"},7]}"#,
            "invalid definition: expected an attribute that is an object, found a number at attributes[1]",
        ),
        (r#"{"id":"urn:x","attributes":[{}]}"#, "invalid definition: expected a name, found none at attributes[0]"),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a","subAttributes":[{}]}]}"#,
            "invalid definition: expected a name, found none at a.subAttributes[0]",
        ),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a","subAttributes":7}]}"#,
            "invalid definition: expected a list of attributes, found a number at a",
        ),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a b"}]}"#,
            r#"invalid attribute name "a b": expected a letter or $, then letters, digits, - or _ at attributes[0]"#,
        ),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a"},{"name":"A"}]}"#,
            "invalid definition: expected each attribute once, found it twice at A",
        ),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a","type":"complex","subAttributes":[{"name":"b"},{"name":"b"}]}]}"#,
            "invalid definition: expected each attribute once, found it twice at a.b",
        ),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a","type":"complex","subAttributes":[{"name":"b","type":"complex"}]}]}"#,
            "invalid definition: expected a sub-attribute of a simple type, found a complex one at a.b",
        ),
        (
            r#"{"id":"urn:x","attributes":[{"name":"a","type":"complex","subAttributes":[{"name":"b","subAttributes":[{"name":"c"}]}]}]}"#,
            "invalid definition: expected a sub-attribute of a simple type, found a complex one at a.b",
        ),
    ];
    for (json, message) in table {
        assert_eq!(Schema::from_json(json.as_bytes()).unwrap_err().to_string(), message, "{json}");
    }
}

/// RFC 7643 section 7: a characteristic that is none is named with its attribute.
#[test]
fn errors_name_the_characteristic() {
    let table = [
        (r#""name":7"#, "expected a name that is a string, found a number at attributes[0]"),
        (
            r#""name":"a","type":"moment""#,
            r#"expected the type string, boolean, decimal, integer, dateTime, binary, reference or complex, found "moment" at a"#,
        ),
        (r#""name":"a","type":7"#, "expected a type that is a string, found a number at a"),
        (
            r#""name":"a","mutability":"never""#,
            r#"expected the mutability readOnly, readWrite, immutable or writeOnly, found "never" at a"#,
        ),
        (r#""name":"a","mutability":[]"#, "expected a mutability that is a string, found an array at a"),
        (r#""name":"a","returned":"a\nb""#, r#"expected the returned always, never, default or request, found "a\nb" at a"#),
        (r#""name":"a","returned":true"#, "expected a returned that is a string, found a boolean at a"),
        (r#""name":"a","uniqueness":"some""#, r#"expected the uniqueness none, server or global, found "some" at a"#),
        (r#""name":"a","uniqueness":{}"#, "expected a uniqueness that is a string, found an object at a"),
        (r#""name":"a","multiValued":"yes""#, "expected a multiValued that is a boolean, found a string at a"),
        (r#""name":"a","description":7"#, "expected a description that is a string, found a number at a"),
        (r#""name":"a","required":1"#, "expected a required that is a boolean, found a number at a"),
        (r#""name":"a","caseExact":1"#, "expected a caseExact that is a boolean, found a number at a"),
        (r#""name":"a","canonicalValues":"x""#, "expected canonicalValues that are a list of strings, found a string at a"),
        (r#""name":"a","canonicalValues":["x",1]"#, "expected canonicalValues that are a list of strings, found a number in it at a"),
        (r#""name":"a","referenceTypes":"User""#, "expected referenceTypes that are a list of strings, found a string at a"),
        (r#""name":"a","referenceTypes":[null]"#, "expected referenceTypes that are a list of strings, found null in it at a"),
    ];
    for (characteristics, message) in table {
        let json = one(characteristics);
        let error = Schema::from_json(json.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("invalid definition: {message}"), "{json}");
        assert!(matches!(error.kind(), ErrorKind::Definition { .. }));
        let told = serde_json::from_str::<Schema>(&json).unwrap_err().to_string();
        assert!(told.starts_with(&error.to_string()), "{told}");
    }
    // An attribute that stands alone has no place.
    let told = serde_json::from_str::<AttributeDefinition>(r#"{"name":"a b"}"#).unwrap_err().to_string();
    assert_eq!(told, r#"invalid attribute name "a b": expected a letter or $, then letters, digits, - or _"#);
    // A sub-attribute is named with its attribute.
    let json = one(r#""name":"a","type":"complex","subAttributes":[{"name":"b","mutability":"x"}]"#);
    assert_eq!(Schema::from_json(json.as_bytes()).unwrap_err().at(), &Location::Attribute("a.b".to_owned()));
}

/// A list has a bound, and an error quotes a bounded part of what it was given.
#[test]
fn reading_is_bounded() {
    let list = |count: usize| {
        let attributes: Vec<_> = (0..count).map(|index| format!(r#"{{"name":"a{index}"}}"#)).collect();
        Schema::from_json(format!(r#"{{"id":"urn:x","attributes":[{}]}}"#, attributes.join(",")).as_bytes())
    };
    assert_eq!(list(1_000).unwrap().attributes.len(), 1_000);
    assert_eq!(list(1_001).unwrap_err().to_string(), "invalid definition: expected at most 1,000 attributes, found 1001");

    let long = "x".repeat(1_000_000);
    for characteristics in [format!(r#""name":"a","type":"{long}""#), format!(r#""name":"{long} ""#)] {
        let error = Schema::from_json(one(&characteristics).as_bytes()).unwrap_err();
        assert!(error.to_string().len() < 300, "{} bytes", error.to_string().len());
    }
}
