//! The examples of RFC 7643 sections 3 and 8, with people, places and numbers of our own in the same shape.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    Group, Mode, Mutability, Resource, ResourceTypeDefinition, Returned, Schema, SchemaUri, Schemas, ServiceProviderConfig, Uniqueness,
    User, Value,
};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Reads a resource and asserts that it is written as it was read, attribute for attribute.
fn resource(json: &str) -> Resource {
    let resource = Resource::from_json(json.as_bytes()).unwrap();
    let written = resource.to_json();
    assert_eq!(Resource::from_json(written.as_bytes()).unwrap().to_json(), written);
    assert_eq!(written, serde_json::from_str::<Value>(json).unwrap().to_string());
    resource
}

/// Section 8.1: the least that a user has.
fn minimal_user() -> String {
    format!(
        r#"{{"schemas":["{USER}"],"id":"5f0c1a2e-88c1-4a8e-9d55","userName":"tove@example.com",
            "meta":{{"resourceType":"User","created":"2026-01-23T04:56:22Z","lastModified":"2026-05-13T04:42:34Z",
                     "version":"W\/\"2694e05e\"","location":"https://example.com/v2/Users/5f0c1a2e-88c1-4a8e-9d55"}}}}"#
    )
}

/// Section 8.2: every attribute of the core User.
fn full_user() -> String {
    format!(
        r#"{{"schemas":["{USER}"],"id":"5f0c1a2e-88c1-4a8e-9d55","externalId":"p-1001","userName":"tove@example.com",
            "name":{{"formatted":"Dr. Tove L Berg, II","familyName":"Berg","givenName":"Tove","middleName":"Linnea",
                     "honorificPrefix":"Dr.","honorificSuffix":"II"}},
            "displayName":"Tove Berg","nickName":"Tovi","profileUrl":"https://login.example.com/tberg",
            "emails":[{{"value":"tove@example.com","type":"work","primary":true}},{{"value":"tove@home.example","type":"home"}}],
            "addresses":[{{"type":"work","streetAddress":"1 Harbour Road","locality":"Hamburg","region":"HH","postalCode":"20457","country":"DE",
                           "formatted":"1 Harbour Road\n20457 Hamburg DE","primary":true}},
                         {{"type":"home","streetAddress":"7 Canal Street","locality":"Bremen","region":"HB","postalCode":"28195","country":"DE",
                           "formatted":"7 Canal Street\n28195 Bremen DE"}}],
            "phoneNumbers":[{{"value":"555-0100","type":"work"}},{{"value":"555-0101","type":"mobile"}}],
            "ims":[{{"value":"toveberg","type":"xmpp"}}],
            "photos":[{{"value":"https://photos.example.com/profile/1001/F","type":"photo"}},
                      {{"value":"https://photos.example.com/profile/1001/T","type":"thumbnail"}}],
            "userType":"Employee","title":"Crane engineer","preferredLanguage":"de-DE","locale":"de-DE","timezone":"Europe/Berlin","active":true,
            "password":"aUd38ZjpQ",
            "groups":[{{"value":"e9e30dba","$ref":"https://example.com/v2/Groups/e9e30dba","display":"Crane drivers"}},
                      {{"value":"fc348aa8","$ref":"https://example.com/v2/Groups/fc348aa8","display":"Engineers"}}],
            "x509Certificates":[{{"value":"MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjEL"}}],
            "meta":{{"resourceType":"User","created":"2026-01-23T04:56:22Z","lastModified":"2026-05-13T04:42:34Z",
                     "version":"W\/\"a330bc54\"","location":"https://example.com/v2/Users/5f0c1a2e-88c1-4a8e-9d55"}}}}"#
    )
}

/// Section 8.3, and the example of section 3: the full user with the enterprise extension.
fn enterprise_user() -> String {
    let extension = format!(
        r#""{ENTERPRISE}":{{"employeeNumber":"1001","costCenter":"4130","organization":"Harbour","division":"Cranes","department":"Steel",
            "manager":{{"value":"26118915-6090","$ref":"../Users/26118915-6090","displayName":"Jonas Holm"}}}},"meta""#
    );
    full_user().replace(&format!(r#"["{USER}"]"#), &format!(r#"["{USER}","{ENTERPRISE}"]"#)).replace(r#""meta""#, &extension)
}

/// Section 3: a resource has common attributes, attributes of its core schema, and extensions under their URIs.
#[test]
fn section_3_a_resource_and_its_parts() {
    let user = resource(&enterprise_user());
    assert_eq!((user.id().unwrap().as_str(), user.external_id().unwrap().as_str()), ("5f0c1a2e-88c1-4a8e-9d55", "p-1001"));
    assert_eq!(user.text("meta.resourceType"), Some("User"));
    assert_eq!(user.get("schemas").unwrap().as_array().unwrap().len(), 2);
    assert_eq!(user.text(&format!("{ENTERPRISE}:manager.displayName")), Some("Jonas Holm"));
    assert_eq!(user.with_schemas(&SchemaUri::USER).get("schemas"), user.get("schemas"));
}

/// Section 8.1: the least that a user has is taken, and read as a typed one.
#[test]
fn section_8_1_a_minimal_user() {
    let user = resource(&minimal_user());
    assert_eq!(Schemas::user().validate_create(&user, Mode::Strict), []);
    let typed = User::try_from(user.clone()).unwrap();
    assert_eq!((typed.user_name.as_deref(), typed.emails.len()), (Some("tove@example.com"), 0));
    assert!(Schemas::user().equal(&Resource::from(typed).with_schemas(&SchemaUri::USER), &user));
}

/// Section 8.2: every attribute of a full user is known to the schema, and the typed user loses none.
#[test]
fn section_8_2_a_full_user() {
    let user = resource(&full_user());
    assert_eq!(Schemas::user().validate_create(&user, Mode::Strict), []);
    for attribute in Schema::user().attributes.iter() {
        let name = attribute.name.as_str();
        // The example has neither roles nor entitlements.
        assert_eq!(user.get(name).is_some(), !["roles", "entitlements"].contains(&name), "{name}");
    }
    assert_eq!(user.primary_value("emails"), Some("tove@example.com"));
    let typed = User::try_from(user.clone()).unwrap();
    assert!(Schemas::user().equal(&Resource::from(typed).with_schemas(&SchemaUri::USER), &user));
}

/// Section 8.3: an enterprise user has its extension under the URI, and loses nothing either.
#[test]
fn section_8_3_an_enterprise_user() {
    let user = resource(&enterprise_user());
    assert_eq!(Schemas::user().validate_create(&user, Mode::Strict), []);
    let extension = user.get(ENTERPRISE).unwrap().as_object().unwrap();
    for attribute in Schema::enterprise_user().attributes.iter() {
        assert!(extension.get(attribute.name.as_str()).is_some(), "{}", attribute.name);
    }
    let typed = User::try_from(user.clone()).unwrap();
    assert_eq!(typed.enterprise.as_ref().unwrap().department.as_deref(), Some("Steel"));
    assert!(Schemas::user().equal(&Resource::from(typed).with_schemas(&SchemaUri::USER), &user));
}

/// Section 8.4: a group with two members.
#[test]
fn section_8_4_a_group() {
    let group = resource(
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"e9e30dba","displayName":"Crane drivers",
            "members":[{"value":"5f0c1a2e","$ref":"https://example.com/v2/Users/5f0c1a2e","display":"Tove Berg"},
                       {"value":"902c246b","$ref":"https://example.com/v2/Users/902c246b","display":"Mara Lind"}],
            "meta":{"resourceType":"Group","created":"2026-01-23T04:56:22Z","lastModified":"2026-05-13T04:42:34Z",
                    "version":"W\/\"3694e05e\"","location":"https://example.com/v2/Groups/e9e30dba"}}"#,
    );
    assert_eq!(Schemas::group().validate_create(&group, Mode::Strict), []);
    let typed = Group::try_from(group.clone()).unwrap();
    assert!(Schemas::group().equal(&Resource::from(typed).with_schemas(&SchemaUri::GROUP), &group));
}

/// Section 8.5: what a service provider says of itself.
#[test]
fn section_8_5_a_service_provider_configuration() {
    let json = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"documentationUri":"https://example.com/help/scim",
        "patch":{"supported":true},"bulk":{"supported":true,"maxOperations":500,"maxPayloadSize":1048576},
        "filter":{"supported":true,"maxResults":150},"changePassword":{"supported":true},"sort":{"supported":false},"etag":{"supported":true},
        "authenticationSchemes":[
            {"name":"OAuth Bearer Token","description":"A bearer token.","specUri":"https://www.rfc-editor.org/info/rfc6750",
             "documentationUri":"https://example.com/help/oauth","type":"oauthbearertoken","primary":true},
            {"name":"HTTP Basic","description":"A name and a password.","specUri":"https://www.rfc-editor.org/info/rfc2617","type":"httpbasic"}],
        "meta":{"location":"https://example.com/v2/ServiceProviderConfig","resourceType":"ServiceProviderConfig",
                "created":"2026-01-23T04:56:22Z","lastModified":"2026-05-13T04:42:34Z","version":"W\/\"3694e05e\""}}"#;
    let config = ServiceProviderConfig::from_json(json.as_bytes()).unwrap();
    assert!(config.supports_patch());
    assert_eq!(config.filter.as_ref().unwrap().max_results, Some(150));
    assert_eq!(config.authentication_schemes.len(), 2);
    let written = resource(&serde_json::to_string(&config).unwrap());
    for name in ["patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes", "documentationUri"] {
        assert_eq!(written.get(name), resource(json).get(name), "{name}");
    }
}

/// Section 8.6: the types of resources, with the extension that each takes.
#[test]
fn section_8_6_resource_types() {
    for json in [
        format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users","description":"A person",
                "schema":"{USER}","schemaExtensions":[{{"schema":"{ENTERPRISE}","required":true}}],
                "meta":{{"location":"https://example.com/v2/ResourceTypes/User","resourceType":"ResourceType"}}}}"#
        ),
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Group","name":"Group","endpoint":"/Groups","description":"People",
            "schema":"urn:ietf:params:scim:schemas:core:2.0:Group",
            "meta":{"location":"https://example.com/v2/ResourceTypes/Group","resourceType":"ResourceType"}}"#
            .to_owned(),
    ] {
        let definition = ResourceTypeDefinition::from_json(json.as_bytes()).unwrap();
        let written = resource(&serde_json::to_string(&definition).unwrap());
        let read = resource(&json);
        for name in ["id", "name", "endpoint", "description", "schema"] {
            assert_eq!(written.get(name), read.get(name), "{name}");
        }
        assert_eq!(ResourceTypeDefinition::from_json(written.to_json().as_bytes()).unwrap(), definition);
    }
}

/// Section 8.7.1: the schemas of User, Group and the extension, where their text says more than a list of names; the whole is in `schema.rs`.
#[test]
fn section_8_7_1_schemas_of_resources() {
    let user = |name: &str| Schema::user().attribute(name).unwrap();
    assert!(user("userName").required && user("userName").uniqueness == Uniqueness::Server);
    assert_eq!((user("password").mutability, user("password").returned), (Mutability::WriteOnly, Returned::Never));
    assert_eq!(user("groups").mutability, Mutability::ReadOnly);
    assert_eq!(*user("emails").sub_attribute("type").unwrap().canonical_values, ["work", "home", "other"]);
    let members = Schema::group().attribute("members").unwrap();
    assert_eq!(*members.sub_attribute("$ref").unwrap().reference_types, ["User", "Group"]);
    let manager = Schema::enterprise_user().attribute("manager").unwrap();
    assert_eq!(manager.sub_attribute("displayName").unwrap().mutability, Mutability::ReadOnly);
}

/// Section 8.7.2: the schemas of what describes a service provider are read and written like any other.
#[test]
fn section_8_7_2_schemas_of_descriptions() {
    for schema in [Schema::service_provider_config(), Schema::resource_type(), Schema::schema()] {
        let written = serde_json::to_string(schema).unwrap();
        assert_eq!(&Schema::from_json(written.as_bytes()).unwrap(), schema);
        assert!(schema.attributes.iter().all(|attribute| attribute.mutability == Mutability::ReadOnly), "{}", schema.id);
    }
}
