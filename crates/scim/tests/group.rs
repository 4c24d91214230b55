//! The typed Group: the same thing as its generic resource.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Group, Location, Member, Resource, ResourceId, SchemaUri};

const FULL: &str = r#"{
    "id": "9067729b3d-00000000-0000-0000-0000-000000000002", "externalId": "g-1",
    "meta": {"resourceType": "Group", "created": "2026-01-02T03:04:05Z", "lastModified": "2026-01-02T03:04:05Z"},
    "displayName": "Crane drivers",
    "members": [
        {"value": "u-1", "$ref": "../Users/u-1", "type": "User", "display": "Anna"},
        {"value": "u-2"}
    ],
    "urn:example:2.0:Rota": {"shifts": [1, 2]}, "description": "They drive."
}"#;

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// RFC 7643 section 3: the typed Group and the generic Resource are one thing, unknown content included.
#[test]
fn typed_and_generic_are_the_same_without_loss() {
    let generic = resource(FULL);
    let typed = Group::try_from(generic.clone()).unwrap();
    let back = Resource::from(typed.clone());
    assert_eq!(back, generic);
    assert_eq!(Group::try_from(back).unwrap(), typed);
    assert_eq!(typed.other.len(), 2);
}

/// RFC 7643 section 4.2: each field has its wire name.
#[test]
fn fields_have_their_wire_names() {
    let group = Group::try_from(resource(FULL)).unwrap();
    assert_eq!(group.id.unwrap().as_str(), "9067729b3d-00000000-0000-0000-0000-000000000002");
    assert_eq!(group.external_id.unwrap().as_str(), "g-1");
    assert_eq!(group.display_name.as_deref(), Some("Crane drivers"));
    assert_eq!(group.meta.unwrap().resource_type.as_deref(), Some("Group"));
    let Member { value, reference, display, kind, .. } = group.members[0].clone();
    assert_eq!([value, reference, display, kind].map(Option::unwrap), ["u-1", "../Users/u-1", "Anna", "User"]);
    assert_eq!(group.members[1].value.as_deref(), Some("u-2"));
}

/// AWS developer guide, `ListGroups`: an empty `members` says nothing, and neither does a missing one.
#[test]
fn members_may_be_empty_null_or_missing() {
    for json in [r#"{"displayName":"x","members":[]}"#, r#"{"displayName":"x","members":null}"#, r#"{"displayName":"x"}"#] {
        assert_eq!(Group::try_from(resource(json)).unwrap(), Group::new("x"), "{json}");
        assert_eq!(serde_json::from_str::<Group>(json).unwrap(), Group::new("x"), "{json}");
    }
}

/// A known attribute of another type is named by its path.
#[test]
fn a_wrong_type_names_its_path() {
    for (json, at) in [
        (r#"{"displayName":[]}"#, "displayName"),
        (r#"{"members":{}}"#, "members"),
        (r#"{"members":["u-1"]}"#, "members"),
        (r#"{"members":[{"value":1}]}"#, "members.value"),
        (r#"{"members":[{"$ref":false}]}"#, "members.$ref"),
        (r#"{"id":""}"#, "id"),
        (r#"{"externalId":7}"#, "externalId"),
        (r#"{"meta":{"version":[]}}"#, "meta.version"),
    ] {
        let error = Group::try_from(resource(json)).unwrap_err();
        assert_eq!(error.at(), &Location::Attribute(at.to_owned()), "{json}");
        assert_eq!(Group::from_json(json.as_bytes()).unwrap_err(), error);
        assert!(serde_json::from_str::<Group>(json).is_err());
    }
}

/// RFC 7643 section 3: what is written names its schemas; AWS developer guide, `CreateGroup`: members are a list of values.
#[test]
fn a_group_is_written_with_its_schemas() {
    let mut group = Group::new("Crane drivers");
    group.members = vec![Member::new(&ResourceId::new("u-1").unwrap())];
    let written = serde_json::to_string(&group).unwrap();
    assert_eq!(
        written,
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Crane drivers","members":[{"value":"u-1"}]}"#
    );
    let mut read = Group::from_json(written.as_bytes()).unwrap();
    assert_eq!(read.schemas, [SchemaUri::GROUP]);
    read.schemas.clear();
    assert_eq!(read, group);
}

/// RFC 7643 section 6: a resource type has its endpoint and its schema.
#[test]
fn resource_types_have_their_endpoint_and_schema() {
    for (kind, endpoint, schema, name) in
        [(ResourceType::User, "Users", SchemaUri::USER, "User"), (ResourceType::Group, "Groups", SchemaUri::GROUP, "Group")]
    {
        assert_eq!((kind.endpoint(), kind.schema(), kind.to_string().as_str()), (endpoint, schema, name));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{name}\""));
    }
}
