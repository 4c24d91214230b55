//! What a service provider says of itself: read, written, and nothing lost in between.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AuthenticationScheme, BulkSupport, ErrorKind, FilterSupport, ListResponse, Location, Pagination, Resource, ResourceTypeDefinition,
    Schema, SchemaExtension, SchemaUri, ServiceProviderConfig, Support, Value,
};

/// The shape of the answer in AWS's developer guide, page `ServiceProviderConfig`; the addresses are made up.
const AWS: &str = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "documentationUri":"https://docs.example.com/scim",
    "authenticationSchemes":[{"type":"oauthbearertoken","name":"OAuth Bearer Token","description":"A token.",
        "specUri":"https://www.rfc-editor.org/info/rfc6750","documentationUri":"https://docs.example.com/token","primary":true}],
    "patch":{"supported":true},"bulk":{"supported":false,"maxOperations":1,"maxPayloadSize":1048576},
    "filter":{"supported":true,"maxResults":50},"changePassword":{"supported":false},"sort":{"supported":false},"etag":{"supported":false}}"#;

/// The shape of the answer in AWS's developer guide, page `ListResourceTypes`.
const AWS_TYPES: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"itemsPerPage":2,"startIndex":1,
    "Resources":[
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users",
         "description":"User Account","schema":"urn:ietf:params:scim:schemas:core:2.0:User",
         "schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","required":true}],
         "meta":{"resourceType":"ResourceType","location":"https://scim.example.com/v2/ResourceTypes/User"}},
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Group","name":"Group","endpoint":"/Groups",
         "description":"Group","schema":"urn:ietf:params:scim:schemas:core:2.0:Group",
         "meta":{"resourceType":"ResourceType","location":"https://scim.example.com/v2/ResourceTypes/Group"}}]}"#;

fn config(json: &str) -> ServiceProviderConfig {
    ServiceProviderConfig::from_json(json.as_bytes()).unwrap()
}

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// AWS developer guide, `ServiceProviderConfig`: each member has its field.
#[test]
fn the_configuration_of_aws_is_read() {
    let aws = config(AWS);
    assert!(aws.supports_patch() && aws.supports_filter());
    assert!(!aws.supports_bulk() && !aws.supports_sort() && !aws.supports_etag() && !aws.supports_change_password());
    assert_eq!(aws.documentation_uri.as_deref(), Some("https://docs.example.com/scim"));
    let bulk = aws.bulk.as_ref().unwrap();
    assert_eq!((bulk.supported, bulk.max_operations, bulk.max_payload_size), (Some(false), Some(1), Some(1_048_576)));
    assert_eq!(aws.filter, Some(FilterSupport::new(50)));
    let mut scheme = AuthenticationScheme::new("oauthbearertoken", "OAuth Bearer Token", "A token.");
    scheme.spec_uri = AuthenticationScheme::bearer_token().spec_uri;
    scheme.documentation_uri = Some("https://docs.example.com/token".to_owned());
    scheme.primary = Some(true);
    assert_eq!(aws.authentication_schemes, [scheme]);
    assert_eq!(aws.pagination, None);
    assert!(aws.other.is_empty());
}

/// RFC 9865 section 2.4: pages by cursor.
#[test]
fn pagination_is_read() {
    let read = config(
        r#"{"pagination":{"cursor":true,"index":false,"defaultPaginationMethod":"cursor","defaultPageSize":100,"maxPageSize":250,
            "cursorTimeout":3600,"vendor":1}}"#,
    );
    let pagination = read.pagination.unwrap();
    assert_eq!((pagination.cursor, pagination.index), (Some(true), Some(false)));
    assert_eq!(pagination.default_pagination_method.as_deref(), Some("cursor"));
    assert_eq!([pagination.default_page_size, pagination.max_page_size, pagination.cursor_timeout], [100, 250, 3600].map(Some));
    assert_eq!(pagination.other.len(), 1);
}

/// RFC 7643 section 3: what is not known is kept, what is left out stays left out.
#[test]
fn a_configuration_round_trips_without_loss() {
    for json in [
        AWS,
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]}"#,
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig","urn:example:2.0:More"],"urn:example:2.0:More":{"a":[1]}}"#,
        r#"{"schemas":[],"id":"x","meta":{"location":"/ServiceProviderConfig"},"patch":{"supported":true,"vendor":"y"},
            "bulk":{"maxOperations":9223372036854775807,"more":{}},"filter":{"more":null},"pagination":{"cursor":true},
            "authenticationSchemes":[{"type":"x","more":1},{}],"securityEvents":{"asyncRequest":"none"}}"#,
    ] {
        let read = config(json);
        assert_eq!(Resource::from(read.clone()), resource(json), "{json}");
        assert_eq!(config(&read.to_json()), read);
        assert_eq!(serde_json::from_str::<ServiceProviderConfig>(json).unwrap(), read);
        assert_eq!(serde_json::to_string(&read).unwrap(), read.to_json());
        assert_eq!(ServiceProviderConfig::try_from(resource(json)).unwrap(), read);
    }
}

/// RFC 7643 section 5: what is not said, or null, is not supported.
#[test]
fn what_is_not_said_is_not_supported() {
    for json in ["{}", r#"{"patch":null,"bulk":null,"filter":{},"sort":{"supported":null},"authenticationSchemes":null}"#] {
        let read = config(json);
        let said = [
            read.supports_patch(),
            read.supports_bulk(),
            read.supports_filter(),
            read.supports_sort(),
            read.supports_etag(),
            read.supports_change_password(),
        ];
        assert_eq!(said, [false; 6], "{json}");
        assert!(read.authentication_schemes.is_empty());
    }
}

/// RFC 7643 section 8.5: a configuration is written with its schema first and every member that the RFC requires.
#[test]
fn a_configuration_is_written_in_full() {
    let mut made = ServiceProviderConfig::new(vec![AuthenticationScheme::bearer_token()]);
    made.patch = Some(Support::new(true));
    made.bulk = Some(BulkSupport::new(10, u64::MAX));
    made.filter = Some(FilterSupport::new(100));
    made.pagination = Some(Pagination::new(true, false));
    assert_eq!(
        made.to_json(),
        concat!(
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},"#,
            r#""bulk":{"supported":true,"maxOperations":10,"maxPayloadSize":9223372036854775807},"filter":{"supported":true,"maxResults":100},"#,
            r#""changePassword":{"supported":false},"sort":{"supported":false},"etag":{"supported":false},"#,
            r#""authenticationSchemes":[{"type":"oauthbearertoken","name":"OAuth Bearer Token","#,
            r#""description":"A token in the header Authorization.","specUri":"https://www.rfc-editor.org/info/rfc6750","primary":true}],"#,
            r#""pagination":{"cursor":true,"index":false}}"#,
        )
    );
    // Every attribute that the schema requires is there.
    let written = Resource::from(ServiceProviderConfig::new(vec![AuthenticationScheme::bearer_token()]));
    for attribute in Schema::service_provider_config().attributes.iter().filter(|attribute| attribute.required) {
        let value = written.get(attribute.name.as_str()).unwrap();
        let object = value.as_object().or_else(|| value.as_array()?.first()?.as_object()).unwrap();
        for sub in attribute.sub_attributes.iter().filter(|sub| sub.required) {
            assert!(object.get(sub.name.as_str()).is_some(), "{}.{}", attribute.name, sub.name);
        }
    }
}

/// AWS developer guide, `ListResourceTypes`: both types, and what this crate does not know of them.
#[test]
fn the_resource_types_of_aws_are_read() {
    let page = ListResponse::from_json(AWS_TYPES.as_bytes()).unwrap();
    for resource in page.resources() {
        let read = ResourceTypeDefinition::try_from(resource.clone()).unwrap();
        assert_eq!(&Resource::from(read.clone()), resource);
        assert_eq!(ResourceTypeDefinition::from_json(read.to_json().as_bytes()).unwrap(), read);
        assert_eq!(serde_json::from_str::<ResourceTypeDefinition>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
        assert_eq!(read.other.len(), 1, "meta is kept");
    }
    let user = ResourceTypeDefinition::try_from(page.resources()[0].clone()).unwrap();
    assert_eq!((user.id.as_deref(), user.name.as_str(), user.endpoint.as_str()), (Some("User"), "User", "/Users"));
    assert_eq!((user.description.as_deref(), user.schema), (Some("User Account"), SchemaUri::USER));
    assert_eq!(user.schema_extensions, [SchemaExtension::new(SchemaUri::ENTERPRISE_USER, true)]);
    assert!(ResourceTypeDefinition::try_from(page.resources()[1].clone()).unwrap().schema_extensions.is_empty());
}

/// RFC 7643 section 8.6: the two types that this crate knows.
#[test]
fn the_known_resource_types_are_written() {
    assert_eq!(
        ResourceTypeDefinition::user().to_json(),
        concat!(
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users","#,
            r#""description":"A person who has an account.","schema":"urn:ietf:params:scim:schemas:core:2.0:User","#,
            r#""schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","required":false}]}"#,
        )
    );
    assert_eq!(
        ResourceTypeDefinition::group().to_json(),
        concat!(
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Group","name":"Group","endpoint":"/Groups","#,
            r#""description":"Users, and other groups, under one name.","schema":"urn:ietf:params:scim:schemas:core:2.0:Group"}"#,
        )
    );
}

/// RFC 7643 section 3.3: members of a type and of its extensions that nobody knows are kept.
#[test]
fn a_resource_type_round_trips_without_loss() {
    let json = r#"{"schemas":["urn:a","urn:b"],"name":"Badge","endpoint":"/Badges","schema":"urn:example:2.0:Badge","vendor":{"x":null},
        "schemaExtensions":[{"schema":"urn:example:2.0:More","vendor":1},{"required":true}]}"#;
    let read = ResourceTypeDefinition::from_json(json.as_bytes()).unwrap();
    assert_eq!(Resource::from(read.clone()), resource(json));
    assert_eq!(read.id, None);
    assert_eq!(read.other.get("vendor").and_then(Value::as_object).unwrap().len(), 1);
}

/// Each message in full, with the path of the member.
#[test]
fn errors_name_the_member() {
    let whole_number = "wrong type: expected a whole number from 0 to 9223372036854775807, found";
    let table = [
        ("[]", "invalid JSON: expected an object, found an array".to_owned()),
        (r#"{"patch":true}"#, "wrong type: expected an object, found a boolean at patch".to_owned()),
        (r#"{"patch":{"supported":"true"}}"#, "wrong type: expected a boolean, found a string at patch.supported".to_owned()),
        (r#"{"bulk":{"maxOperations":-1}}"#, format!("{whole_number} a number at bulk.maxOperations")),
        (r#"{"bulk":{"maxPayloadSize":1.5}}"#, format!("{whole_number} a number at bulk.maxPayloadSize")),
        (r#"{"filter":{"maxResults":"50"}}"#, format!("{whole_number} a string at filter.maxResults")),
        (r#"{"filter":{"maxResults":9223372036854775808}}"#, format!("{whole_number} a number at filter.maxResults")),
        (r#"{"pagination":{"cursorTimeout":[]}}"#, format!("{whole_number} an array at pagination.cursorTimeout")),
        (r#"{"authenticationSchemes":{}}"#, "wrong type: expected an array, found an object at authenticationSchemes".to_owned()),
        (
            r#"{"authenticationSchemes":[{"type":7}]}"#,
            "wrong type: expected a string, found a number at authenticationSchemes.type".to_owned(),
        ),
        (r#"{"documentationUri":7}"#, "wrong type: expected a string, found a number at documentationUri".to_owned()),
    ];
    for (json, message) in table {
        assert_eq!(ServiceProviderConfig::from_json(json.as_bytes()).unwrap_err().to_string(), message, "{json}");
        assert!(serde_json::from_str::<ServiceProviderConfig>(json).is_err());
    }
    let table = [
        ("7", "invalid JSON: expected an object, found a number"),
        ("{}", "invalid definition: expected a name, found none"),
        (r#"{"name":"Badge"}"#, "invalid definition: expected an endpoint, found none"),
        (r#"{"name":"Badge","endpoint":"/Badges","schema":null}"#, "invalid definition: expected a schema, found none"),
        (r#"{"name":7}"#, "wrong type: expected a string, found a number at name"),
        (r#"{"name":"Badge","endpoint":"/Badges","schema":7}"#, "wrong type: expected a string, found a number at schema"),
        (
            r#"{"name":"Badge","endpoint":"/Badges","schema":"urn:x","schemaExtensions":[{"required":"no"}]}"#,
            "wrong type: expected a boolean, found a string at schemaExtensions.required",
        ),
    ];
    for (json, message) in table {
        assert_eq!(ResourceTypeDefinition::from_json(json.as_bytes()).unwrap_err().to_string(), message, "{json}");
        assert!(serde_json::from_str::<ResourceTypeDefinition>(json).is_err());
    }
    let error = ResourceTypeDefinition::from_json(b"{}").unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Definition { expected: "a name", found: "none".to_owned() });
    assert_eq!(error.at(), &Location::Whole);
}
