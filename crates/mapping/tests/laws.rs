//! Laws that hold for every directory.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Address, Completeness, DirectoryId, Group, Lifecycle, PhoneNumber, User, jumpcloud};
use idbridge_mapping::{DisplayNameFrom, Mapped, RuleSet, Severity, UserNameFrom, Write};
use idbridge_scim::Profile;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Texts as they occur, and as they should not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Zé山Ñ .'-]{0,12}",
        1 => "[a-z]{1,8}@[a-z]{1,8}\\.com",
        1 => any::<String>(),
        1 => Just("  ".to_owned()),
        1 => Just("a: b".to_owned()),
        1 => Just("x".repeat(1030)),
        1 => Just("Administrator".to_owned()),
    ]
}

fn kind() -> impl Strategy<Value = Option<String>> {
    of(prop_oneof!["work", "Work", "home", "work_mobile"])
}

fn address() -> impl Strategy<Value = Address> {
    (kind(), [of(text()), of(text()), of(text()), of(text()), of(text())]).prop_map(
        |(kind, [street, locality, region, postal_code, country])| {
            let mut address = Address::default();
            address.kind = kind;
            address.street_address = street;
            address.locality = locality;
            address.region = region;
            address.postal_code = postal_code;
            address.country = country;
            address
        },
    )
}

fn phone() -> impl Strategy<Value = PhoneNumber> {
    (kind(), text()).prop_map(|(kind, number)| {
        let mut phone = PhoneNumber::default();
        (phone.kind, phone.number) = (kind, number);
        phone
    })
}

fn id() -> impl Strategy<Value = DirectoryId> {
    prop_oneof![4 => "[0-9a-f]{24}", 1 => "[a-z :]{1,5}"].prop_map(|id| DirectoryId::new(id).unwrap())
}

fn user() -> impl Strategy<Value = User> {
    let texts = vec(of(text()), 10);
    let lifecycle = prop_oneof![Just(Lifecycle::Staged), Just(Lifecycle::Active), Just(Lifecycle::Suspended)];
    let lists = (vec(address(), 0..3), vec(phone(), 0..3));
    (id(), texts, lifecycle, any::<[bool; 3]>(), lists).prop_map(|(id, texts, lifecycle, flags, (addresses, phones))| {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().flatten();
        let mut user = User::new(id);
        user.username = next();
        user.email = next();
        user.first_name = next();
        user.last_name = next();
        user.display_name = next();
        user.job_title = next();
        user.company = next();
        user.department = next();
        user.employee_identifier = next();
        user.custom.extend(next().map(|locale| ("locale".to_owned(), locale)));
        user.lifecycle = lifecycle;
        [user.password_expired, user.account_locked, user.activated] = flags;
        user.addresses = addresses;
        user.phone_numbers = phones;
        user
    })
}

fn rules() -> impl Strategy<Value = RuleSet> {
    any::<[bool; 4]>().prop_map(|[username, directory, managed, external_id]| {
        let mut rules = RuleSet::jumpcloud();
        if username {
            rules = rules.with_user_name_from(UserNameFrom::Username);
        }
        let from = if directory { DisplayNameFrom::Directory } else { DisplayNameFrom::Names };
        rules = rules.with_display_name(from, if managed { Write::Managed } else { Write::OnCreate });
        if external_id { rules } else { rules.without_external_id() }
    })
}

/// JSON that is nearly a directory file.
fn nearly_a_file() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("-1.5e300".to_owned()),
        "[a-z]{0,3}".prop_map(|text| format!("\"{text}\"")),
        Just("\"STAGED\"".to_owned()),
    ];
    let keys = prop_oneof![
        Just("systemusers"),
        Just("usergroups"),
        Just("application"),
        Just("complete"),
        Just("totalCount"),
        Just("results"),
        Just("_id"),
        Just("id"),
        Just("name"),
        Just("members"),
        Just("to"),
        Just("email"),
        Just("state"),
        Just("suspended"),
        Just("addresses"),
        Just("phoneNumbers"),
        Just("attributes"),
        Just("value"),
        Just("users"),
        Just("else"),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(","))),
            vec((keys.clone(), inner), 0..6).prop_map(|members| {
                let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    /// What is mapped is what the service takes; whoever is held is held for a reason.
    #[test]
    fn e_11_the_service_takes_whatever_is_mapped(user in user(), rules in rules()) {
        let profile = Profile::aws_iam_identity_center();
        match rules.to_scim(&user, &profile) {
            Mapped::Ready { resource, findings } => {
                prop_assert_eq!(profile.check_user(&resource), vec![]);
                prop_assert!(findings.iter().all(|finding| finding.severity() < Severity::Holds));
                prop_assert!(resource.get("id").is_none() && resource.get("schemas").is_none());
                // A quotation mark inside of a value has a backslash before it.
                let json = resource.to_json();
                prop_assert!(!json.contains(":\"\"") && !json.contains("[\"\""), "an empty value is sent");
            }
            Mapped::Held { findings } => {
                prop_assert!(findings.iter().any(|finding| finding.severity() == Severity::Holds));
            }
        }
    }

    /// The same input gives the same bytes.
    #[test]
    fn the_same_person_is_mapped_the_same(user in user(), rules in rules()) {
        let profile = Profile::aws_iam_identity_center();
        let (once, again) = (rules.to_scim(&user, &profile), rules.clone().to_scim(&user.clone(), &profile));
        prop_assert_eq!(&once, &again);
        prop_assert_eq!(once.resource().map(idbridge_scim::Resource::to_json), again.resource().map(idbridge_scim::Resource::to_json));
    }

    #[test]
    fn the_service_takes_whatever_group_is_mapped(id in id(), name in of(text())) {
        let profile = Profile::aws_iam_identity_center();
        let mut group = Group::new(id, "");
        group.name = name;
        let mapped = RuleSet::jumpcloud().group_to_scim(&group, &profile);
        if let Some(resource) = mapped.resource() {
            prop_assert_eq!(profile.check_group(resource), vec![]);
        }
        prop_assert_eq!(mapped.is_held(), !mapped.findings().is_empty());
    }

    #[test]
    fn the_reader_takes_any_bytes(bytes in vec(any::<u8>(), 0..200)) {
        let _ = jumpcloud::read(&bytes);
    }

    /// Whatever JSON it is: a snapshot or an error with a place, the same each time.
    #[test]
    fn the_reader_takes_any_json(value in nearly_a_file()) {
        let read = jumpcloud::read(value.as_bytes());
        prop_assert_eq!(&read, &jumpcloud::read(value.as_bytes()));
        if let Ok(snapshot) = read {
            let is_complete = *snapshot.completeness() == Completeness::Complete;
            prop_assert!(snapshot.findings().iter().all(|finding| (finding.code() == "SourceIncomplete") != is_complete));
            prop_assert!(is_complete || !snapshot.findings().is_empty());
            prop_assert!(snapshot.entitled().len() <= snapshot.users().len());
        }
    }

    /// The order in which records come says nothing, and neither does a record that comes twice.
    #[test]
    fn the_order_of_records_is_irrelevant(ids in vec("[a-c]{1,2}", 1..6)) {
        let file = |ids: &[String]| {
            let users: Vec<String> = ids.iter().map(|id| format!(r#"{{"_id": "{id}", "email": "{id}@x.yz"}}"#)).collect();
            format!(r#"{{"systemusers": [{}], "usergroups": [], "application": {{"usergroups": []}}}}"#, users.join(","))
        };
        let mut reversed = ids.clone();
        reversed.reverse();
        reversed.extend(ids.first().cloned());
        prop_assert_eq!(jumpcloud::read(file(&ids).as_bytes()), jumpcloud::read(file(&reversed).as_bytes()));
    }
}
