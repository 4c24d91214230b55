//! Profiles that are made of a service provider's own words, and of what it does otherwise.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{CharacterClass, Deviation, PatchDialect, Profile, Rates, Resource, ServiceProviderConfig, UpdateMethod};

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn user(profile: &Profile, json: &str) -> Vec<String> {
    profile.check_user(&resource(json)).iter().map(ToString::to_string).collect()
}

fn group(profile: &Profile, json: &str) -> Vec<String> {
    profile.check_group(&resource(json)).iter().map(ToString::to_string).collect()
}

/// RFC 7643 section 4: what the schemas have is taken, whatever its characters and its length, and nothing else.
#[test]
fn the_rfc_alone_has_no_limits() {
    let rfc = Profile::rfc();
    let long = "x".repeat(100_000);
    for json in [
        r#"{"userName":"a"}"#,
        r#"{"userName":"<a:b>%","title":"","displayName":"\u200b\n","emails":[],"nickName":null}"#,
        r#"{"id":"1","meta":{"version":"v"},"userName":"a","password":"p","groups":[{"value":"g"}]}"#,
        r#"{"userName":"a","emails":[{"value":"b"},{"value":"c","primary":true}],"x509Certificates":[{"value":"QUJD"}]}"#,
        r#"{"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m","displayName":"n"}}}"#,
        &format!(r#"{{"userName":"{long}"}}"#),
    ] {
        assert_eq!(user(&rfc, json), [""; 0], "{json:.100}");
    }
    assert_eq!(user(&rfc, "{}"), ["userName is required by the service and is missing"]);
    assert_eq!(
        user(&rfc, r#"{"userName":"a","shoeSize":7,"active":"yes","emails":{"value":"b"}}"#),
        [
            "shoeSize is not supported by the service",
            "active must be a boolean, found a string",
            "emails must be an array, found an object"
        ]
    );
    assert_eq!(group(&rfc, r#"{"displayName":"x","members":[{"value":"1","$ref":"https://example.com/1"}]}"#), [""; 0]);
    assert_eq!(group(&rfc, "{}"), ["displayName is required by the service and is missing"]);
    assert_eq!((rfc.members_per_request, rfc.page_caps.len(), rfc.user_update), (usize::MAX, 0, UpdateMethod::Patch));
    assert_eq!(rfc.patch, PatchDialect::rfc());
}

/// RFC 7643 section 5: what a service provider says of itself decides how users are updated, and where a list may be cut.
#[test]
fn a_profile_is_made_of_the_configuration() {
    let profile = |json: &str| Profile::from_config("Example", &ServiceProviderConfig::from_json(json.as_bytes()).unwrap());
    for (json, update, cuts) in [
        (r#"{"patch":{"supported":true},"filter":{"supported":true,"maxResults":50}}"#, UpdateMethod::Patch, &[50][..]),
        (r#"{"patch":{"supported":false},"filter":{"supported":true,"maxResults":0}}"#, UpdateMethod::Put, &[]),
        (r#"{"filter":{"supported":true}}"#, UpdateMethod::Put, &[]),
        ("{}", UpdateMethod::Put, &[]),
    ] {
        let profile = profile(json);
        assert_eq!((&*profile.name, profile.user_update, &*profile.page_caps), ("Example", update, cuts), "{json}");
        assert_eq!(user(&profile, r#"{"userName":"a:b"}"#), [""; 0]);
    }
}

/// Each deviation that is about attributes: what is refused with it and not without it.
#[test]
fn deviations_about_attributes_are_checked() {
    let rfc = Profile::rfc;
    for (deviation, json, expected) in [
        (Deviation::Required("title".to_owned()), r#"{"userName":"a"}"#, "title is required by the service and is missing"),
        (
            Deviation::Required("NAME.familyName".to_owned()),
            r#"{"userName":"a","name":{"givenName":"b"}}"#,
            "name.familyName is required by the service and is missing",
        ),
        (
            Deviation::Unsupported("photos".to_owned()),
            r#"{"userName":"a","photos":[{"value":"b"}]}"#,
            "photos is not supported by the service",
        ),
        (
            Deviation::Unsupported("name.middleName".to_owned()),
            r#"{"userName":"a","name":{"givenName":"b","middleName":"c"}}"#,
            "name.middleName is not supported by the service",
        ),
        (
            Deviation::Unsupported("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".to_owned()),
            r#"{"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"b"}}"#,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User is not supported by the service",
        ),
        (
            Deviation::SingleValued("emails".to_owned()),
            r#"{"userName":"a","emails":[{"value":"b"},{"value":"c"}]}"#,
            "emails has 2 values, the service takes at most 1",
        ),
        (Deviation::SinglePrimary("emails".to_owned()), r#"{"userName":"a","emails":[{"value":"b"}]}"#, "emails must be marked as primary"),
        (Deviation::Longest(3), r#"{"userName":"abcd"}"#, "userName has 4 characters, the service takes at most 3"),
        (Deviation::Longest(3), r#"{"userName":"abc","title":""}"#, "title is empty; the service takes a value or no attribute at all"),
        (
            Deviation::RefusedCharacters(vec![':']),
            r#"{"userName":"a:b","profileUrl":"https://example.com"}"#,
            "userName has the character ':' (U+003A) at 1, which the service refuses",
        ),
        (
            Deviation::ReservedNames(vec!["Root".to_owned()]),
            r#"{"userName":"ROOT"}"#,
            "userName is a name that the service keeps for itself",
        ),
    ] {
        assert_eq!(user(&rfc(), json), [""; 0], "{json}");
        assert_eq!(user(&rfc().with(deviation.clone()), json), [expected], "{deviation:?}");
    }
}

/// A deviation says what it says and no more: what it is not about stays as the RFC has it.
#[test]
fn deviations_say_no_more_than_they_say() {
    let unassigned = r#"{"userName":"a","title":null,"emails":[],"nickName":"\u200b"}"#;
    for deviation in [
        Deviation::Longest(9),
        Deviation::RefusedCharacters(vec![':']),
        Deviation::ReservedNames(vec!["Root".to_owned()]),
        Deviation::SingleValued("emails".to_owned()),
        Deviation::Unsupported("photos".to_owned()),
        Deviation::NoMemberReplacement,
    ] {
        assert_eq!(user(&Profile::rfc().with(deviation.clone()), unassigned), [""; 0], "{deviation:?}");
    }
    // An attribute whose name begins with the refused one's is another attribute.
    let profile = Profile::rfc().with(Deviation::Unsupported("name".to_owned()));
    assert_eq!(user(&profile, r#"{"userName":"a","nickName":"b"}"#), [""; 0]);
    assert_eq!(user(&profile, r#"{"userName":"a","name":{"givenName":"b"}}"#), ["name is not supported by the service"]);
}

/// The order in which deviations are named says nothing.
#[test]
fn deviations_are_the_same_in_any_order() {
    let deviations = [
        Deviation::Longest(20),
        Deviation::RefusedCharacters(vec![':', '%']),
        Deviation::Required("title".to_owned()),
        Deviation::SinglePrimary("emails".to_owned()),
        Deviation::Unsupported("photos".to_owned()),
    ];
    let json =
        r#"{"userName":"a:b","displayName":"50%","profileUrl":"https://example.com/long/path","emails":[{"value":"x"}],"photos":[]}"#;
    let of = |deviations: &[Deviation]| deviations.iter().cloned().fold(Profile::rfc(), Profile::with);
    let mut turned = deviations.to_vec();
    turned.reverse();
    assert_eq!(
        user(&of(&deviations), json),
        [
            "userName has the character ':' (U+003A) at 1, which the service refuses",
            "displayName has the character '%' (U+0025) at 2, which the service refuses",
            "profileUrl has 29 characters, the service takes at most 20",
            "emails must be marked as primary",
            "photos is not supported by the service",
            "title is required by the service and is missing",
        ]
    );
    for start in 0..deviations.len() {
        turned.rotate_left(start);
        assert_eq!(user(&of(&turned), json), user(&of(&deviations), json), "{turned:?}");
    }
}

/// Deviations about requests are data that whoever plans reads.
#[test]
fn deviations_about_requests_are_kept() {
    let profile = Profile::rfc()
        .with(Deviation::MembersPerRequest(100))
        .with(Deviation::RemovesMembersByValueList)
        .with(Deviation::NoMemberReplacement)
        .with(Deviation::NoExtensionRemoval)
        .with(Deviation::NotRemovable("active".to_owned()))
        .with(Deviation::CutAt(50))
        .with(Deviation::CutAt(100))
        .with(Deviation::Rates(Rates::new(5.0, 9.0).unwrap()));
    assert_eq!((profile.members_per_request, &*profile.page_caps, profile.rates), (100, &[50, 100][..], Rates::new(5.0, 9.0).unwrap()));
    let PatchDialect { removes_by_value_list, replaces_members, removes_extensions, ref not_removable, .. } = profile.patch;
    assert_eq!((removes_by_value_list, replaces_members, removes_extensions), (true, false, false));
    assert_eq!(**not_removable, ["active"]);
    assert_eq!(Profile::rfc().with(Deviation::CutAt(7)).user, Profile::rfc().user);
}

/// RFC 7643 section 2.3.1: a text may have any character; each class of a profile takes less.
#[test]
fn classes_take_what_they_say() {
    let profile = Profile::rfc().with(Deviation::RefusedCharacters(vec!['%']));
    for (character, expected) in [
        ('a', [true, true, true, true]),
        (' ', [true, false, true, true]),
        ('%', [false, false, true, true]),
        ('\u{200B}', [false, false, false, true]),
    ] {
        let classes = [CharacterClass::Text, CharacterClass::TextWithoutSpace, CharacterClass::Reference, CharacterClass::Any];
        assert_eq!(classes.map(|class| profile.takes(character, class)), expected, "{character:?}");
    }
}
