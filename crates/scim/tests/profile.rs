//! The profile of AWS IAM Identity Center: every rule of it, before anything is sent.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttributeRule, CharacterClass, Profile, Rates, Resource, Rule, UpdateMethod, Value, ValueClass};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Everything that AWS takes of a user (developer guide, `CreateUser`, in our words).
const FULL: &str = r#"{
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "externalId": "u-1", "userName": "anna@example.com",
    "name": {"formatted": "Dr. Anna M Berg, II", "familyName": "Berg", "givenName": "Anna", "middleName": "M",
             "honorificPrefix": "Dr.", "honorificSuffix": "II"},
    "displayName": "Anna Berg", "nickName": "Anni", "profileUrl": "https://login.example.com/anna?x=%20<1>;",
    "emails": [{"value": "anna@example.com", "type": "work", "primary": true}],
    "addresses": [{"type": "work", "streetAddress": "1 Harbour Road", "locality": "Hamburg", "region": "HH", "postalCode": "20457",
                   "country": "DE", "formatted": "1 Harbour Road, 20457 Hamburg", "primary": true}],
    "phoneNumbers": [{"value": "555-0100", "type": "work", "primary": false}],
    "roles": [{"value": "engineer", "type": "work", "primary": true}],
    "userType": "Employee", "title": "Engineer", "preferredLanguage": "de-DE", "locale": "de-DE", "timezone": "Europe/Berlin", "active": true,
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "1001", "costCenter": "41", "organization": "Harbour", "division": "Cranes", "department": "Steel",
        "manager": {"value": "9067729b3d-1", "$ref": "https://scim.example.com/Users/9067729b3d-1"}}
}"#;

fn aws() -> Profile {
    Profile::aws_iam_identity_center()
}

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// A user with what AWS requires, and `name` set to `value`.
fn user(name: &str, value: impl Into<Value>) -> Resource {
    let mut user = resource(r#"{"userName":"anna","name":{"givenName":"A","familyName":"B"},"displayName":"A B"}"#);
    user.attributes_mut().set(name, value);
    user
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Paths and rules of all findings of a user.
fn found(user: &Resource) -> Vec<(String, Rule)> {
    aws().check_user(user).into_iter().map(|finding| (finding.path, finding.rule)).collect()
}

fn one(path: &str, rule: Rule) -> Vec<(String, Rule)> {
    vec![(path.to_owned(), rule)]
}

/// AWS developer guide, `CreateUser`: everything in its example is taken, the colon in its `profileUrl` too.
#[test]
fn a_full_user_is_taken() {
    assert_eq!(found(&resource(FULL)), []);
    assert_eq!(found(&resource(&FULL.to_uppercase().replace("TRUE", "true").replace("FALSE", "false"))), []);
    let minimal = r#"{"userName":"anna","name":{"givenName":"A","familyName":"B"},"displayName":"A B"}"#;
    assert_eq!(found(&resource(minimal)), []);
}

/// AWS developer guide, `CreateGroup`: everything in its example is taken.
#[test]
fn a_full_group_is_taken() {
    let group = r#"{"displayName":"Crane drivers","externalId":"g-1","members":[{"value":"u-1","$ref":"https://x.example/Users/u-1","type":"User"}]}"#;
    assert_eq!(aws().check_group(&resource(group)), []);
    assert_eq!(aws().check_group(&resource(r#"{"displayName":"x"}"#)), []);
}

/// AWS developer guide, `CreateUser` and `CreateGroup`: what is required comes last, in the order of the rules.
#[test]
fn required_attributes_are_asked_for() {
    let required = ["userName", "name.givenName", "name.familyName", "displayName"];
    let missing: Vec<_> = required.iter().map(|path| ((*path).to_owned(), Rule::Required)).collect();
    assert_eq!(found(&Resource::new()), missing);
    assert_eq!(
        found(&resource(r#"{"name":{"givenName":"A"},"USERNAME":"anna","displayName":"A"}"#)),
        one("name.familyName", Rule::Required)
    );
    let group: Vec<_> = aws().check_group(&Resource::new()).into_iter().map(|finding| (finding.path, finding.rule)).collect();
    assert_eq!(group, one("displayName", Rule::Required));
    // An attribute that is there and wrong is not missing as well.
    assert_eq!(found(&user("userName", "")), one("userName", Rule::Empty));
    assert_eq!(found(&user("userName", Value::Null)), one("userName", Rule::Type { expected: "a string", found: "null" }));
}

/// AWS developer guide, limitations; field reports: an attribute that AWS does not have is refused, even empty.
#[test]
fn unknown_attributes_are_refused() {
    for name in
        ["id", "meta", "groups", "password", "photos", "ims", "entitlements", "x509Certificates", "x", "name.givenName", "urn:example:x"]
    {
        for value in [json("null"), json("[]"), json("{}"), json("\"x\"")] {
            assert_eq!(found(&user(name, value)), one(name, Rule::Unsupported), "{name}");
        }
    }
    for (name, value, path) in [
        ("name", r#"{"givenName":"A","familyName":"B","x":1}"#, "name.x"),
        ("emails", r#"[{"value":"a","primary":true,"display":"x"}]"#, "emails.display"),
        ("phoneNumbers", r#"[{"value":"a","display":"x"}]"#, "phoneNumbers.display"),
        ("addresses", r#"[{"display":"x"}]"#, "addresses.display"),
        (ENTERPRISE, r#"{"x":"y"}"#, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:x"),
        (
            ENTERPRISE,
            r#"{"manager":{"displayName":"y"}}"#,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
        ),
    ] {
        assert_eq!(found(&user(name, json(value))), one(path, Rule::Unsupported), "{value}");
    }
    // A path written as one name is no path: nobody would read it as the attribute.
    for (name, value) in [
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", json("\"x\"")),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0", json(r#"{"User":{"department":"x"}}"#)),
        ("urn:ietf:params:scim:schemas:core:2.0:User", json(r#"{"title":"x"}"#)),
        ("emails.value", json("\"x\"")),
    ] {
        assert_eq!(found(&user(name, value)), one(name, Rule::Unsupported));
    }
    let dotted = user(ENTERPRISE, json(r#"{"manager.value":"x"}"#));
    assert_eq!(found(&dotted), one(&format!("{ENTERPRISE}:manager.value"), Rule::Unsupported));
}

/// AWS developer guide, limitations: one value of each list, and the one e-mail is primary.
#[test]
fn lists_have_one_value() {
    for name in ["emails", "addresses", "phoneNumbers", "roles"] {
        let value = |count: usize| json(&format!("[{}]", vec![r#"{"type":"work","primary":true}"#; count].join(",")));
        assert_eq!(found(&user(name, value(1))), []);
        assert_eq!(found(&user(name, value(3))), one(name, Rule::TooManyValues { most: 1, found: 3 }));
        assert_eq!(found(&user(name, json("[]"))), one(name, Rule::Empty));
        assert_eq!(found(&user(name, json("[{}]"))).last().unwrap(), &(name.to_owned(), Rule::Empty));
    }
    for email in [r#"[{"value":"a"}]"#, r#"[{"value":"a","primary":false}]"#] {
        assert_eq!(found(&user("emails", json(email))), one("emails", Rule::NotPrimary));
    }
    for name in ["addresses", "phoneNumbers", "roles"] {
        assert_eq!(found(&user(name, json(r#"[{"type":"work"}]"#))), []);
    }
    let members = format!("[{}]", vec![r#"{"value":"u"}"#; 500].join(","));
    assert_eq!(aws().check_group(&resource(&format!(r#"{{"displayName":"x","members":{members}}}"#))), []);
}

/// RFC 7643 section 2.3: a value of another type is refused, with both types.
#[test]
fn types_are_checked() {
    for (name, value, path, expected, kind) in [
        ("title", "7", "title", "a string", "a number"),
        ("title", "{}", "title", "a string", "an object"),
        ("active", "\"true\"", "active", "a boolean", "a string"),
        ("active", "null", "active", "a boolean", "null"),
        ("emails", "{}", "emails", "an array", "an object"),
        ("emails", "null", "emails", "an array", "null"),
        ("phoneNumbers", "[\"x\"]", "phoneNumbers", "an object", "a string"),
        ("phoneNumbers", "[{\"primary\":1}]", "phoneNumbers.primary", "a boolean", "a number"),
        (ENTERPRISE, "[]", ENTERPRISE, "an object", "an array"),
    ] {
        assert_eq!(found(&user(name, json(value))), one(path, Rule::Type { expected, found: kind }), "{name} {value}");
    }
}

/// Identity Store model: 1,024 characters, 128 of `userName`, 256 of `externalId`; none is shorter than 1. Characters, not bytes.
#[test]
fn lengths_are_checked_in_characters() {
    for (name, longest) in [("title", 1024), ("displayName", 1024), ("profileUrl", 1024), ("userName", 128), ("externalId", 256)] {
        for letter in ["x", "ü", "漢"] {
            assert_eq!(found(&user(name, letter.repeat(longest))), []);
            assert_eq!(found(&user(name, letter.repeat(longest + 1))), one(name, Rule::TooLong { longest, found: longest + 1 }));
        }
        assert_eq!(found(&user(name, "")), one(name, Rule::Empty));
    }
    let group = |length: usize| resource(&format!(r#"{{"displayName":"{}"}}"#, "ü".repeat(length)));
    assert_eq!(aws().check_group(&group(1024)), []);
    assert_eq!(aws().check_group(&group(1025))[0].rule, Rule::TooLong { longest: 1024, found: 1025 });
}

/// Identity Store model: letters, marks, symbols, numbers, punctuation and six kinds of white space; nothing else.
#[test]
fn every_text_has_its_characters() {
    let taken =
        ["Anna Berg", "Größe", "漢字", "مها", "e\u{301}", "🦀", "€ + ½", "a\u{A0}b", "a\u{3000}b", "O'Neil-\"x\" (y) #1 & co. @/\\_", "٣"];
    for text in taken {
        assert_eq!(found(&user("title", text)), [], "{text}");
    }
    let refused = [
        '<',
        '>',
        ';',
        ':',
        '%',
        '\t',
        '\n',
        '\r',
        '\0',
        '\u{7}',
        '\u{1B}',
        '\u{7F}',
        '\u{85}',
        '\u{AD}',
        '\u{200B}',
        '\u{200D}',
        '\u{200E}',
        '\u{FEFF}',
        '\u{2003}',
        '\u{2009}',
        '\u{202F}',
        '\u{1680}',
        '\u{2028}',
        '\u{2029}',
        '\u{E000}',
        '\u{378}',
        '\u{10FFFF}',
    ];
    for character in refused {
        let text = format!("ü{character}{character}");
        assert_eq!(
            found(&user("title", text)),
            one("title", Rule::Character { found: character, at: 1 }),
            "U+{:04X}",
            u32::from(character)
        );
    }
    // An emoji joined of several has a joiner in it.
    assert_eq!(found(&user("title", "👩\u{200D}🚒")), one("title", Rule::Character { found: '\u{200D}', at: 1 }));
}

/// Identity Store model: `userName` and `externalId` have no white space at all.
#[test]
fn names_that_identify_have_no_space() {
    for name in ["userName", "externalId"] {
        for space in [' ', '\u{A0}', '\u{3000}', '\t'] {
            assert_eq!(found(&user(name, format!("a{space}b"))), one(name, Rule::Character { found: space, at: 1 }));
        }
        assert_eq!(found(&user(name, "größe+1@例え.example")), []);
    }
    let group = aws().check_group(&resource(r#"{"displayName":"a b","externalId":"a b"}"#));
    assert_eq!(group.iter().map(|finding| finding.path.as_str()).collect::<Vec<_>>(), ["externalId"]);
}

/// AWS developer guide, example of `CreateUser`; RFC 7643 section 2.3.7: a URI has a colon, and may have a percent sign.
#[test]
fn references_may_have_the_characters_of_uris() {
    let uri = "https://example.com:8443/a%20b;c?d=<e>";
    let manager = format!(r#"{{"manager":{{"value":"m","$ref":"{uri}"}}}}"#);
    assert_eq!(found(&user("profileUrl", uri)), []);
    assert_eq!(found(&user(ENTERPRISE, json(&manager))), []);
    let group = |reference: &str| resource(&format!(r#"{{"displayName":"x","members":[{{"value":"u","$ref":"{reference}"}}]}}"#));
    assert_eq!(aws().check_group(&group(uri)), []);

    // What the published class does not have is refused of a URI as well.
    assert_eq!(found(&user("profileUrl", "https://\u{200B}")), one("profileUrl", Rule::Character { found: '\u{200B}', at: 8 }));
    assert_eq!(aws().check_group(&group("x:\u{2028}"))[0].rule, Rule::Character { found: '\u{2028}', at: 2 });
    assert_eq!(found(&user("profileUrl", "x:".repeat(513))), one("profileUrl", Rule::TooLong { longest: 1024, found: 1026 }));
    assert_eq!(found(&user("nickName", "a:b")), one("nickName", Rule::Character { found: ':', at: 1 }));

    let rule = AttributeRule::text("x", 9).reference();
    assert_eq!(rule.characters, CharacterClass::Reference);
    for character in ['<', '>', ';', ':', '%'] {
        assert!(aws().takes(character, rule.characters) && !aws().takes(character, CharacterClass::Text));
    }
}

/// Identity Store model: two names are kept for the service, of users by `userName` and of groups by `displayName`.
#[test]
fn reserved_names_are_refused() {
    for name in ["Administrator", "administrator", "AWSAdministrators", "AWSADMINISTRATORS"] {
        assert_eq!(found(&user("userName", name)), one("userName", Rule::Reserved));
        let mut group = Resource::new();
        group.attributes_mut().set("displayName", name);
        assert_eq!(aws().check_group(&group)[0].rule, Rule::Reserved);
        // A person may be shown as one, and hold it as a title.
        assert_eq!(found(&user("displayName", name)), []);
        assert_eq!(found(&user("title", name)), []);
    }
    assert_eq!(found(&user("userName", "Administrators")), []);
}

/// Findings come in the order of the attributes, all of them, in the spelling of the resource.
#[test]
fn all_findings_are_told_in_order() {
    let user = resource(r#"{"X":1,"TITLE":"a:b","userName":"","emails":[{"value":"","type":7},8],"name":{"givenName":"\u0000"}}"#);
    let told: Vec<_> = aws().check_user(&user).iter().map(|finding| format!("{} {}", finding.path, finding.rule.code())).collect();
    assert_eq!(
        told,
        [
            "X Unsupported",
            "TITLE Character",
            "userName Empty",
            "emails TooManyValues",
            "emails NotPrimary",
            "emails.value Empty",
            "emails.type Type",
            "emails Type",
            "name.givenName Character",
            "name.familyName Required",
            "displayName Required",
        ]
    );
    let both = found(&self::user("userName", format!("{}:", "x".repeat(128))));
    assert_eq!(both.len(), 2);
}

/// AWS user guide, quotas, and developer guide, `PatchGroup` and `ListUsers`: the sizes and rates of the service.
#[test]
fn sizes_and_rates_are_published_ones() {
    let profile = aws();
    assert_eq!((profile.members_per_request, profile.page_caps.as_ref()), (100, &[50, 100][..]));
    assert_eq!((profile.rates, profile.user_update), (Rates::new(25.0, 40.0).unwrap(), UpdateMethod::Patch));
    assert_eq!(profile.name, "AWS IAM Identity Center");
    for (writes, reads) in [(0.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
        assert_eq!(Rates::new(writes, reads), None);
    }
}

/// A profile is data: another service provider's is made of the same parts.
#[test]
fn a_profile_can_be_changed() {
    let mut profile = aws();
    profile.user.to_mut().push(AttributeRule::text("urn:example:2.0:Badge:colour", 4).required());
    profile.user.to_mut().push(AttributeRule::of("tags", ValueClass::Values));
    profile.refused_characters.to_mut().push('z');
    let told =
        |value: &str| profile.check_user(&user("urn:example:2.0:Badge", json(value))).into_iter().map(|f| f.rule).collect::<Vec<_>>();
    assert_eq!(told(r#"{"colour":"blue"}"#), []);
    assert_eq!(told(r#"{"colour":"brown"}"#), [Rule::TooLong { longest: 4, found: 5 }]);
    assert_eq!(told(r#"{"colour":"zinc"}"#), [Rule::Character { found: 'z', at: 0 }]);
    assert_eq!(told("{}"), [Rule::Empty, Rule::Required]);
}
