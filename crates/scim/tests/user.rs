//! The typed User: the same thing as its generic resource.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    Address, Email, EnterpriseUser, Entitlement, ErrorKind, ExternalId, GroupMembership, InstantMessagingAddress, Location, Manager, Meta,
    Name, Object, Password, PatchOp, PatchOperation, PhoneNumber, Photo, Resource, ResourceId, Role, SchemaUri, User, Value,
    X509Certificate, changes,
};

/// A user with everything that AWS takes and returns, and something that nobody knows in every place.
const FULL: &str = r#"{
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:2.0:Badge"],
    "id": "9067729b3d-00000000-0000-0000-0000-000000000001", "externalId": "u-1",
    "meta": {"resourceType": "User", "created": "2026-01-02T03:04:05Z", "lastModified": "2026-01-02T03:04:05Z",
             "location": "https://scim.example.com/Users/1", "version": "W/\"1\"", "x": 1},
    "userName": "anna@example.com",
    "name": {"formatted": "Dr. Anna M Berg II", "familyName": "Berg", "givenName": "Anna", "middleName": "M",
             "honorificPrefix": "Dr.", "honorificSuffix": "II", "x": [null]},
    "displayName": "Anna Berg", "nickName": "Anni", "profileUrl": "https://example.com/anna", "title": "Engineer", "userType": "Employee",
    "preferredLanguage": "de-DE", "locale": "de-DE", "timezone": "Europe/Berlin", "active": true, "password": "t1meMa$heen",
    "emails": [{"value": "anna@example.com", "type": "work", "primary": true, "display": "Anna"}],
    "addresses": [{"formatted": "1 Harbour Road", "streetAddress": "1 Harbour Road", "locality": "Hamburg", "region": "HH",
                   "postalCode": "20457", "country": "DE", "type": "work", "primary": true, "x": {}}],
    "phoneNumbers": [{"value": "555-0100", "type": "work", "primary": false, "x": "y"}, {"value": "555-0101"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "1001", "costCenter": "41", "organization": "Harbour", "division": "Cranes", "department": "Steel",
        "manager": {"value": "m-1", "$ref": "../Users/m-1", "displayName": "Carla", "x": 2}, "x": true},
    "ims": [{"value": "anna", "display": "Anna", "type": "xmpp", "primary": true}],
    "photos": [{"value": "https://example.com/anna.jpg", "display": "Anna", "type": "photo", "primary": false}],
    "groups": [{"value": "g-1", "$ref": "../Groups/g-1", "display": "Crane drivers", "type": "direct"}],
    "entitlements": [{"value": "parking", "display": "Parking", "type": "site", "primary": true}],
    "roles": [{"value": "engineer", "display": "Engineer", "type": "job", "primary": true, "x": 1}],
    "x509Certificates": [{"value": "MIID", "display": "Card", "type": "card", "primary": true}],
    "urn:example:2.0:Badge": {"colour": "blue"}, "x": 1.5
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
    assert_eq!(typed.other.len(), 2);
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

    let Email { value, display, kind, primary, .. } = user.emails[0].clone();
    assert_eq!([value, display, kind].map(Option::unwrap), ["anna@example.com", "Anna", "work"]);
    assert_eq!(primary, Some(true));

    let Address { formatted, street_address, locality, region, postal_code, country, kind, primary, .. } = user.addresses[0].clone();
    let address = [formatted, street_address, locality, region, postal_code, country, kind].map(Option::unwrap);
    assert_eq!(address, ["1 Harbour Road", "1 Harbour Road", "Hamburg", "HH", "20457", "DE", "work"]);
    assert_eq!(primary, Some(true));

    let PhoneNumber { value, kind, primary, .. } = user.phone_numbers[0].clone();
    assert_eq!((value.unwrap().as_str(), kind.unwrap().as_str(), primary), ("555-0100", "work", Some(false)));
    assert_eq!(user.phone_numbers[0].other.get("x"), Some(&Value::from("y")));

    let EnterpriseUser { employee_number, cost_center, organization, division, department, manager, .. } = user.enterprise.unwrap();
    let enterprise = [employee_number, cost_center, organization, division, department].map(Option::unwrap);
    assert_eq!(enterprise, ["1001", "41", "Harbour", "Cranes", "Steel"]);
    let Manager { value, reference, display_name, .. } = manager.unwrap();
    assert_eq!([value, reference, display_name].map(Option::unwrap), ["m-1", "../Users/m-1", "Carla"]);

    let Meta { resource_type, created, last_modified, location, version, .. } = user.meta.unwrap();
    let meta = [resource_type, created, last_modified, location, version].map(Option::unwrap);
    assert_eq!(meta, ["User", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", "https://scim.example.com/Users/1", "W/\"1\""]);
}

/// RFC 7643 section 4.1: each field has its wire name, and section 2.4: each list its sub-attributes.
#[test]
fn lists_have_their_sub_attributes() {
    let user = User::from_json(FULL.as_bytes()).unwrap();
    assert_eq!(user.schemas, [SchemaUri::USER, SchemaUri::from("urn:example:2.0:Badge")]);
    assert_eq!(user.password, Some(Password::new("t1meMa$heen")));
    let texts = |texts: [Option<String>; 3]| texts.map(Option::unwrap);

    let InstantMessagingAddress { value, display, kind, primary, .. } = user.ims[0].clone();
    assert_eq!((texts([value, display, kind]), primary), (["anna", "Anna", "xmpp"].map(str::to_owned), Some(true)));
    let Photo { value, display, kind, primary, .. } = user.photos[0].clone();
    assert_eq!(
        (texts([value, display, kind]), primary),
        (["https://example.com/anna.jpg", "Anna", "photo"].map(str::to_owned), Some(false))
    );
    let GroupMembership { value, reference, display, kind, .. } = user.groups[0].clone();
    assert_eq!([value, reference, display, kind].map(Option::unwrap), ["g-1", "../Groups/g-1", "Crane drivers", "direct"]);
    let Entitlement { value, display, kind, primary, .. } = user.entitlements[0].clone();
    assert_eq!((texts([value, display, kind]), primary), (["parking", "Parking", "site"].map(str::to_owned), Some(true)));
    let Role { value, display, kind, primary, other, .. } = user.roles[0].clone();
    assert_eq!((texts([value, display, kind]), primary), (["engineer", "Engineer", "job"].map(str::to_owned), Some(true)));
    assert_eq!(other.len(), 1);
    let X509Certificate { value, display, kind, primary, .. } = user.x509_certificates[0].clone();
    assert_eq!((texts([value, display, kind]), primary), (["MIID", "Card", "card"].map(str::to_owned), Some(true)));
}

/// RFC 7643 section 4.1.1: a password is never shown, neither by a record nor by an error.
#[test]
fn a_password_is_not_shown() {
    let user = User::from_json(FULL.as_bytes()).unwrap();
    assert!(!format!("{user:?}").contains("t1meMa"));
    assert!(format!("{user:?}").contains("Password(..)"));
    for json in [r#"{"password":["t1meMa$heen"]}"#, r#"{"active":"t1meMa$heen"}"#, r#"{"emails":"t1meMa$heen"}"#, r#"{"name":1234567}"#] {
        for error in
            [User::from_json(json.as_bytes()).unwrap_err().to_string(), serde_json::from_str::<User>(json).unwrap_err().to_string()]
        {
            assert!(error.starts_with("wrong type: expected ") && !error.contains("t1meMa") && !error.contains("1234567"), "{error}");
        }
    }
}

/// RFC 7643 section 9.2: a password is not shown where it stands in a resource or a patch that is printed to find a fault.
#[test]
fn a_password_is_not_shown_by_generic_values() {
    let resource = Resource::from_json(br#"{"userName":"anna","PassWord":"t1meMa$heen","x":[{"password":["t1meMa$heen"]}]}"#).unwrap();
    let patch = PatchOp::new(vec![PatchOperation::Replace { path: None, value: Object::from(resource.clone()).into() }]);
    for shown in [format!("{resource:?}"), format!("{resource:#?}"), format!("{:?}", resource.attributes()), format!("{patch:?}")] {
        assert!(!shown.contains("t1meMa") && shown.contains("(..)") && shown.contains("anna"), "{shown}");
    }
    assert_eq!(
        format!("{:?}", resource.attributes()),
        r#"Object {"userName": String("anna"), "PassWord": (..), "x": Array([Object(Object {"password": (..)})])}"#
    );
    assert!(resource.to_json().contains("t1meMa"));

    let none = Resource::new();
    let shown = |from: &Resource, to: &Resource| changes(from, to).iter().map(ToString::to_string).collect::<Vec<_>>();
    let user = Resource::from_json(br#"{"password":"t1meMa$heen","name":{"password":"t1meMa$heen","givenName":"Anna"}}"#).unwrap();
    let lines = shown(&none, &user);
    assert_eq!(lines[0], "password: none -> (..)");
    assert_eq!(shown(&user, &none)[0], "password: (..) -> none");
    let other = Resource::from_json(br#"{"PASSWORD":"another","name":{"password":"another","givenName":"Anna"}}"#).unwrap();
    assert_eq!(shown(&user, &other), ["PASSWORD: (..) -> (..)", "name.password: (..) -> (..)"]);
    let changes = changes(&user, &other);
    for shown in [format!("{changes:?}"), format!("{:?}", PatchOp::from_changes(&changes))] {
        assert!(!shown.contains("t1meMa") && !shown.contains("another") && shown.contains(".."), "{shown}");
    }
}

/// RFC 7643 section 2.1: a name that is there twice is refused, known or not, in every place.
#[test]
fn a_name_that_is_there_twice_is_refused() {
    for (json, name) in [
        (r#"{"userName":"a","userName":"a"}"#, "userName"),
        (r#"{"title":null,"TITLE":null}"#, "TITLE"),
        (r#"{"emails":[],"Emails":[]}"#, "Emails"),
        (r#"{"name":{"givenName":"a","GIVENNAME":null}}"#, "GIVENNAME"),
        (r#"{"roles":[{"x":1,"X":1}]}"#, "X"),
        (r#"{"x":1,"X":1}"#, "X"),
    ] {
        let error = User::from_json(json.as_bytes()).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Json { reason } if reason.contains(&format!("the attribute {name:?} is there twice"))),
            "{error}"
        );
        assert!(serde_json::from_str::<User>(json).unwrap_err().to_string().contains("is there twice"));
    }
}

/// Bounds of this crate: depth 127, and 1,000 attributes in one object, the known ones included.
#[test]
fn depth_and_width_are_capped() {
    let wide = |count: usize| {
        let others: Vec<_> = (1..count).map(|i| format!("\"a{i}\":{i}")).collect();
        format!("{{\"userName\":\"a\",{}}}", others.join(","))
    };
    assert_eq!(serde_json::from_str::<User>(&wide(1_000)).unwrap().other.len(), 999);
    assert!(serde_json::from_str::<User>(&wide(1_001)).unwrap_err().to_string().contains("an object has more than 1000 attributes"));
    let nested = |depth: usize| format!("{{\"emails\":[{{\"a\":{}{}}}]}}", "[".repeat(depth - 3), "]".repeat(depth - 3));
    assert!(serde_json::from_str::<User>(&nested(127)).is_ok());
    assert!(serde_json::from_str::<User>(&nested(128)).is_err());
    for other in ["null", "[]", "7", "\"x\"", "", "{}x"] {
        assert!(matches!(User::from_json(other.as_bytes()).unwrap_err().kind(), ErrorKind::Json { .. }), "{other}");
    }
}

/// What a program puts into `other` under a known name stands in the field's place, and is not written twice.
#[test]
fn other_stands_in_the_place_of_a_field() {
    let mut user = User::new("anna");
    user.emails = vec![Email::work("a@example.com")];
    user.emails[0].other.set("TYPE", "home");
    assert_eq!(serde_json::to_string(&user.emails[0]).unwrap(), r#"{"value":"a@example.com","type":"home","primary":true}"#);
    user.other.set("USERNAME", "berta");
    user.other.set("urn:example:2.0:Badge", Object::new());
    let written = concat!(
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:2.0:Badge"],"userName":"berta","#,
        r#""emails":[{"value":"a@example.com","type":"home","primary":true}],"urn:example:2.0:Badge":{}}"#
    );
    assert_eq!(user.to_json(), written);
    assert_eq!(User::from_json(written.as_bytes()).unwrap().user_name.as_deref(), Some("berta"));
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
    let mut expected = User::default();
    expected.enterprise = Some(EnterpriseUser::default());
    assert_eq!(User::try_from(resource(json)).unwrap(), expected);
    assert_eq!(serde_json::from_str::<User>(json).unwrap(), expected);
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
        assert_eq!(User::from_json(json.as_bytes()).unwrap_err().to_string(), expected);
        assert!(serde_json::from_str::<User>(&json).is_err());
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
    let mut read = User::from_json(user.to_json().as_bytes()).unwrap();
    assert_eq!(read.schemas, [SchemaUri::USER, SchemaUri::ENTERPRISE_USER]);
    assert_eq!(read.to_json(), user.to_json());
    read.schemas.clear();
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
