//! What is sent of a group: GA-01, GA-02, IC-21 and the characters of a name.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{DirectoryId, Group};
use idbridge_mapping::{Mapped, Record, RuleSet, group_name};
use idbridge_scim::Profile;

fn group(name: &str) -> Group {
    Group::new(DirectoryId::new("g1").unwrap(), name)
}

fn map(group: &Group) -> Mapped {
    RuleSet::jumpcloud().group_to_scim(group, &Profile::aws_iam_identity_center())
}

fn codes(mapped: &Mapped) -> Vec<(&str, &str)> {
    mapped.findings().iter().map(|finding| (finding.code(), finding.path().unwrap_or("-"))).collect()
}

#[test]
fn ga_01_a_group_is_its_name() {
    let mut engineering = group(" Engineering ");
    engineering.members.insert(DirectoryId::new("u1").unwrap());
    let mapped = map(&engineering);
    assert_eq!(mapped.resource().unwrap().to_json(), r#"{"displayName":"Engineering","externalId":"g1"}"#);
    assert!(mapped.findings().is_empty());
    for name in ["Data & Analytics", "Größe/Ærø", "人事", "R&D (Oslo) #1", "Zoe\u{308}", "A  B", "a\u{A0}b"] {
        assert_eq!(map(&group(name)).resource().unwrap().text("displayName"), Some(name));
    }
}

#[test]
fn ga_02_external_id_is_the_directory_id_and_can_be_switched_off() {
    assert_eq!(map(&group("A")).resource().unwrap().text("externalId"), Some("g1"));
    let mapped = RuleSet::jumpcloud().without_external_id().group_to_scim(&group("A"), &Profile::aws_iam_identity_center());
    assert_eq!(mapped.resource().unwrap().to_json(), r#"{"displayName":"A"}"#);
    let spaced = Group::new(DirectoryId::new("g 1").unwrap(), "A");
    assert_eq!(codes(&map(&spaced)), [("ValueRefused", "externalId")]);
}

/// IC-21: a name with a colon holds the group with a finding of its own, whatever else is in it.
#[test]
fn ic_21_a_colon_holds_the_group() {
    for name in ["Ops: EU", ":", "a<b:c", ": "] {
        let mapped = map(&group(name));
        assert!(mapped.is_held());
        assert_eq!(codes(&mapped), [("GroupNameColon", "displayName")], "{name}");
        assert_eq!(mapped.findings()[0].record(), Some(&Record::Group(DirectoryId::new("g1").unwrap())));
    }
}

/// IC-21: the check is the profile's, so another service may take a colon.
#[test]
fn ic_21_another_profile_may_take_a_colon() {
    let mut profile = Profile::aws_iam_identity_center();
    profile.refused_characters = vec!['<'].into();
    assert_eq!(group_name::check("Ops: EU", &profile), None);
    assert_eq!(group_name::check("a<b:c", &profile).unwrap().code(), "GroupNameRefused");
}

/// E-11 for group names: every other refused character, a reserved name, and a name that is too long.
#[test]
fn e_11_any_other_refused_name_holds_the_group() {
    let names = ["a<b", "a>b", "a;b", "100%", "zero\u{200B}width", "a\tb", "a\nb", "soft\u{AD}hyphen", "em\u{2003}space", "Administrator"];
    for name in names.map(str::to_owned).into_iter().chain(["awsadministrators".to_owned(), "n".repeat(1025)]) {
        let mapped = map(&group(&name));
        assert!(mapped.is_held(), "{name:?}");
        assert_eq!(codes(&mapped), [("GroupNameRefused", "displayName")], "{name:?}");
    }
    assert!(!map(&group(&"n".repeat(1024))).is_held());
}

#[test]
fn a_group_without_a_name_is_held() {
    for name in ["", "  "] {
        assert_eq!(codes(&map(&group(name))), [("MissingRequired", "displayName")]);
        assert_eq!(group_name::check(name, &Profile::aws_iam_identity_center()).unwrap().code(), "MissingRequired");
    }
    let mut nameless = group("");
    nameless.name = None;
    assert_eq!(codes(&map(&nameless)), [("MissingRequired", "displayName")]);
}

/// IC-21, `aws-scim.md` section 5: each character that AWS refuses in a name holds the group, wherever it stands; with the profile's own list emptied,
/// those that other vendors report as refused are taken, and the others are not.
#[test]
fn ic_21_every_refused_character_holds_the_group() {
    let aws = Profile::aws_iam_identity_center();
    let mut current = aws.clone();
    current.refused_characters = Vec::new().into();
    let reported = ['<', '>', ';', ':', '%', '\t', '\n', '\r'];
    // Control characters, zero-width and other format characters, separators other than the three spaces, private use.
    let excluded = [
        '\0', '\u{1B}', '\u{7F}', '\u{85}', '\u{AD}', '\u{200B}', '\u{200C}', '\u{200D}', '\u{200E}', '\u{2060}', '\u{FEFF}', '\u{2003}',
        '\u{2009}', '\u{202F}', '\u{2028}', '\u{2029}', '\u{E000}',
    ];
    for c in reported.into_iter().chain(excluded) {
        for name in [format!("a{c}b"), format!("Ops EU {c} x")] {
            let finding = group_name::check(&name, &aws).unwrap();
            assert_eq!(finding.code(), if c == ':' { "GroupNameColon" } else { "GroupNameRefused" }, "{name:?}");
            assert_eq!(group_name::check(&name, &current).is_some(), excluded.contains(&c), "{name:?}");
        }
    }
    for name in ["a b", "a\u{A0}b", "a\u{3000}b", "R&D #1 (x) [y] {z} \u{20AC} \u{1F680}", "Zoe\u{308}", "-", "*"] {
        assert_eq!(group_name::check(name, &aws), None, "{name:?}");
    }
}

/// E-11: what is reserved is the whole name, in any case; and a name is trimmed before it is looked at.
#[test]
fn e_11_reserved_names_are_whole_names() {
    let profile = Profile::aws_iam_identity_center();
    for name in ["Administrator", "ADMINISTRATOR", " administrator ", "AWSAdministrators", "awsadministrators\n"] {
        assert_eq!(group_name::check(name, &profile).unwrap().code(), "GroupNameRefused", "{name:?}");
    }
    for name in ["Administrators", "AWS Administrators", "Administrator 2"] {
        assert_eq!(group_name::check(name, &profile), None, "{name:?}");
    }
}

/// IC-22, IC-23: a group that is renamed to a name with a colon is held; renamed again, it is mapped as ever.
#[test]
fn ic_22_ic_23_a_rename_holds_and_releases() {
    let mut renamed = group("Ops");
    assert!(!map(&renamed).is_held());
    renamed.name = Some("Ops:EU".to_owned());
    assert_eq!(codes(&map(&renamed)), [("GroupNameColon", "displayName")]);
    renamed.name = Some("Ops EU".to_owned());
    assert_eq!(map(&renamed).resource().unwrap().to_json(), r#"{"displayName":"Ops EU","externalId":"g1"}"#);
}
