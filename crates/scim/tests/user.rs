//! The typed User: the same thing as its generic resource.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    Address, Email, EnterpriseUser, ErrorKind, ExternalId, Location, Manager, Meta, Name, Object, PhoneNumber, Resource, ResourceId, User,
    Value,
};

/// A user with everything that AWS takes and returns, and something that nobody knows in every place.
const FULL: &str = r#"{
    "id": "9067729b3d-00000000-0000-0000-0000-000000000001", "externalId": "u-1",
    "meta": {"resourceType": "User", "created": "2026-01-02T03:04:05Z", "lastModified": "2026-01-02T03:04:05Z",
             "location": "https://scim.example.com/Users/1", "version": "W/\"1\"", "x": 1},
    "userName": "anna@example.com",
    "name": {"formatted": "Dr. Anna M Berg II", "familyName": "Berg", "givenName": "Anna", "middleName": "M",
             "honorificPrefix": "Dr.", "honorificSuffix": "II", "x": [null]},
    "displayName": "Anna Berg", "nickName": "Anni", "profileUrl": "https://example.com/anna", "title": "Engineer", "userType": "Employee",
    "preferredLanguage": "de-DE", "locale": "de-DE", "timezone": "Europe/Berlin", "active": true,
    "emails": [{"value": "anna@example.com", "type": "work", "primary": true, "display": "Anna"}],
    "addresses": [{"formatted": "1 Harbour Road", "streetAddress": "1 Harbour Road", "locality": "Hamburg", "region": "HH",
                   "postalCode": "20457", "country": "DE", "type": "work", "primary": true, "x": {}}],
    "phoneNumbers": [{"value": "555-0100", "type": "work", "primary": false, "x": "y"}, {"value": "555-0101"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "1001", "costCenter": "41", "organization": "Harbour", "division": "Cranes", "department": "Steel",
        "manager": {"value": "m-1", "$ref": "../Users/m-1", "displayName": "Carla", "x": 2}, "x": true},
    "roles": [{"value": "engineer"}], "urn:example:2.0:Badge": {"colour": "blue"}, "x": 1.5
}"#;

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn error(json: &str) -> String {
    User::try_from(resource(json)).unwrap_err().to_string()
}

/// RFC 7643 section 3: the typed User and the generic Resource are one thing, unknown content included.
#[test]
fn typed_and_generic_are_the_same_without_loss() {
    let generic = resource(FULL);
    let typed = User::try_from(generic.clone()).unwrap();
    let back = Resource::from(typed.clone());
    assert_eq!(back, generic);
    assert_eq!(User::try_from(back).unwrap(), typed);
    assert_eq!(typed.other.len(), 3);
}

/// RFC 7643 sections 4.1 and 4.3: each field has its wire name.
#[test]
fn fields_have_their_wire_names() {
    let user = User::try_from(resource(FULL)).unwrap();
    assert_eq!(user.id, Some(ResourceId::new("9067729b3d-00000000-0000-0000-0000-000000000001").unwrap()));
    assert_eq!(user.external_id, Some(ExternalId::new("u-1").unwrap()));
    let text = |text: &Option<String>| text.clone().unwrap();
    let texts = [
        (&user.user_name, "anna@example.com"),
        (&user.display_name, "Anna Berg"),
        (&user.nick_name, "Anni"),
        (&user.profile_url, "https://example.com/anna"),
        (&user.title, "Engineer"),
        (&user.user_type, "Employee"),
        (&user.preferred_language, "de-DE"),
        (&user.locale, "de-DE"),
        (&user.timezone, "Europe/Berlin"),
    ];
    for (field, expected) in texts {
        assert_eq!(text(field), expected);
    }
    assert_eq!(user.active, Some(true));

    let Name { formatted, family_name, given_name, middle_name, honorific_prefix, honorific_suffix, .. } = user.name.unwrap();
    let name = [formatted, family_name, given_name, middle_name, honorific_prefix, honorific_suffix].map(Option::unwrap);
    assert_eq!(name, ["Dr. Anna M Berg II", "Berg", "Anna", "M", "Dr.", "II"]);

    let Email { value, kind, primary, other, .. } = user.emails[0].clone();
    assert_eq!((value.unwrap().as_str(), kind.unwrap().as_str(), primary), ("anna@example.com", "work", Some(true)));
    assert_eq!(other.get("display"), Some(&Value::from("Anna")));

    let Address { formatted, street_address, locality, region, postal_code, country, kind, primary, .. } = user.addresses[0].clone();
    let address = [formatted, street_address, locality, region, postal_code, country, kind].map(Option::unwrap);
    assert_eq!(address, ["1 Harbour Road", "1 Harbour Road", "Hamburg", "HH", "20457", "DE", "work"]);
    assert_eq!(primary, Some(true));

    let PhoneNumber { value, kind, primary, .. } = user.phone_numbers[0].clone();
    assert_eq!((value.unwrap().as_str(), kind.unwrap().as_str(), primary), ("555-0100", "work", Some(false)));

    let EnterpriseUser { employee_number, cost_center, organization, division, department, manager, .. } = user.enterprise.unwrap();
    let enterprise = [employee_number, cost_center, organization, division, department].map(Option::unwrap);
    assert_eq!(enterprise, ["1001", "41", "Harbour", "Cranes", "Steel"]);
    let Manager { value, reference, display_name, .. } = manager.unwrap();
    assert_eq!([value, reference, display_name].map(Option::unwrap), ["m-1", "../Users/m-1", "Carla"]);

    let Meta { resource_type, created, last_modified, location, version, .. } = user.meta.unwrap();
    let meta = [resource_type, created, last_modified, location, version].map(Option::unwrap);
    assert_eq!(meta, ["User", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", "https://scim.example.com/Users/1", "W/\"1\""]);
}

/// RFC 7643 section 2.1: attributes are read without case.
#[test]
fn names_are_read_without_case() {
    let user = User::try_from(resource(
        r#"{"USERNAME":"anna","NAME":{"GIVENNAME":"Anna"},"URN:IETF:PARAMS:SCIM:SCHEMAS:EXTENSION:ENTERPRISE:2.0:USER":{"DEPARTMENT":"Steel"}}"#,
    ));
    let user = user.unwrap();
    assert_eq!(user.user_name.as_deref(), Some("anna"));
    assert_eq!(user.name.unwrap().given_name.as_deref(), Some("Anna"));
    assert_eq!(user.enterprise.unwrap().department.as_deref(), Some("Steel"));
    assert!(user.other.is_empty());
}

/// RFC 7643 section 2.5: null and the empty list are no value.
#[test]
fn unassigned_attributes_are_absent() {
    let json = r#"{"id":null,"userName":null,"active":null,"name":null,"emails":null,"addresses":[],"phoneNumbers":[null],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":null}}"#;
    let user = User::try_from(resource(json)).unwrap();
    let mut expected = User::default();
    expected.enterprise = Some(EnterpriseUser::default());
    assert_eq!(user, expected);
}

/// A known attribute of another type is named by its path.
#[test]
fn a_wrong_type_names_its_path() {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let cases = [
        (r#"{"userName":7}"#.to_owned(), "wrong type: expected a string, found a number at userName".to_owned()),
        (r#"{"active":"false"}"#.to_owned(), "wrong type: expected a boolean, found a string at active".to_owned()),
        (r#"{"name":"Anna"}"#.to_owned(), "wrong type: expected an object, found a string at name".to_owned()),
        (r#"{"name":{"givenName":[]}}"#.to_owned(), "wrong type: expected a string, found an array at name.givenName".to_owned()),
        (r#"{"emails":{}}"#.to_owned(), "wrong type: expected an array, found an object at emails".to_owned()),
        (r#"{"emails":["x"]}"#.to_owned(), "wrong type: expected an object, found a string at emails".to_owned()),
        (r#"{"emails":[{},{"primary":1}]}"#.to_owned(), "wrong type: expected a boolean, found a number at emails.primary".to_owned()),
        (r#"{"meta":{"created":true}}"#.to_owned(), "wrong type: expected a string, found a boolean at meta.created".to_owned()),
        (format!(r#"{{"{enterprise}":[]}}"#), format!("wrong type: expected an object, found an array at {enterprise}")),
        (
            format!(r#"{{"{enterprise}":{{"department":{{}}}}}}"#),
            format!("wrong type: expected a string, found an object at {enterprise}:department"),
        ),
        (
            format!(r#"{{"{enterprise}":{{"manager":"m-1"}}}}"#),
            format!("wrong type: expected an object, found a string at {enterprise}:manager"),
        ),
        (
            format!(r#"{{"{enterprise}":{{"manager":{{"value":1}}}}}}"#),
            format!("wrong type: expected a string, found a number at {enterprise}:manager.value"),
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(error(&json), expected);
    }
}

/// RFC 7643 section 3.1: an identifier is not empty, and this crate bounds it to 1,024 bytes.
#[test]
fn identifiers_out_of_bounds_name_their_path() {
    let long = "x".repeat(1025);
    for (json, at, found) in [
        (r#"{"id":""}"#.to_owned(), "id", 0),
        (r#"{"externalId":""}"#.to_owned(), "externalId", 0),
        (format!(r#"{{"id":"{long}"}}"#), "id", 1025),
        (format!(r#"{{"externalId":"{long}"}}"#), "externalId", 1025),
    ] {
        let error = User::try_from(resource(&json)).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Identifier { longest: 1024, found });
        assert_eq!(error.at(), &Location::Attribute(at.to_owned()));
    }
    assert!(ResourceId::new("x".repeat(1024)).is_ok());
    assert!(serde_json::from_str::<ExternalId>("\"\"").is_err());
    assert_eq!(serde_json::to_string(&ExternalId::new("u-1").unwrap()).unwrap(), "\"u-1\"");
}

/// RFC 7643 section 3: what is written names its schemas, and leaves out what is not there.
#[test]
fn a_user_is_written_with_its_schemas() {
    let mut user = User::new("anna@example.com");
    assert_eq!(
        serde_json::to_string(&user).unwrap(),
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"anna@example.com"}"#
    );
    user.enterprise = Some(EnterpriseUser::default());
    user.phone_numbers = vec![PhoneNumber::work("555-0100")];
    assert_eq!(
        serde_json::to_string(&user).unwrap(),
        concat!(
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"#,
            r#""userName":"anna@example.com","phoneNumbers":[{"value":"555-0100","type":"work"}],"#,
            r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{}}"#
        )
    );
    let read: User = serde_json::from_str(&serde_json::to_string(&user).unwrap()).unwrap();
    assert_eq!(read, user);
    assert!(serde_json::from_str::<User>(r#"{"active":"yes"}"#).is_err());
}

/// The constructors give the forms that AWS takes (developer guide, `CreateUser`).
#[test]
fn constructors_give_the_forms_that_aws_takes() {
    let mut user = User::new("anna@example.com");
    user.name = Some(Name::new("Anna", "Berg"));
    user.emails = vec![Email::work("anna@example.com")];
    user.other = Object::new();
    assert_eq!(
        Resource::from(user).to_json(),
        concat!(
            r#"{"userName":"anna@example.com","name":{"familyName":"Berg","givenName":"Anna"},"#,
            r#""emails":[{"value":"anna@example.com","type":"work","primary":true}]}"#
        )
    );
}
