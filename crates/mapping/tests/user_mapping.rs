//! What is sent of a person: `rules.md` sections 2, 3 and 11.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Address, DirectoryId, Lifecycle, PhoneNumber, User};
use idbridge_mapping::{DisplayNameFrom, Mapped, RuleSet, Severity, UserNameFrom, Write};
use idbridge_scim::{Profile, Resource, Value};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The first person of section 11.
fn john() -> User {
    let mut user = User::new(DirectoryId::new("u1").unwrap());
    user.username = text("jdoe");
    user.email = text("john@x.yz");
    user.first_name = text("John");
    user.last_name = text("Doe");
    user
}

fn work_address() -> Address {
    let mut address = Address::new("work");
    address.street_address = text("1 Main Street");
    address.locality = text("Denver");
    address.region = text("CO");
    address.postal_code = text("80202");
    address.country = text("US");
    address
}

fn map_with(rules: &RuleSet, user: &User) -> Mapped {
    rules.to_scim(user, &Profile::aws_iam_identity_center())
}

fn map(user: &User) -> Mapped {
    map_with(&RuleSet::jumpcloud(), user)
}

fn sent(user: &User) -> Resource {
    map(user).resource().unwrap_or_else(|| panic!("held: {:?}", map(user).findings())).clone()
}

fn found(mapped: &Mapped) -> Vec<(&str, &str)> {
    mapped.findings().iter().map(|finding| (finding.code(), finding.path().unwrap_or("-"))).collect()
}

/// Section 11, first row: exactly these attributes, in this order.
#[test]
fn section_11_a_person_with_the_required_values() {
    let mapped = map(&john());
    assert_eq!(
        mapped.resource().unwrap().to_json(),
        concat!(
            r#"{"externalId":"u1","userName":"john@x.yz","emails":[{"value":"john@x.yz","type":"work","primary":true}],"#,
            r#""displayName":"John Doe","name":{"givenName":"John","familyName":"Doe"},"active":true}"#
        )
    );
    assert!(mapped.findings().is_empty());
}

/// AC-01 and section 11, second and third row: everything that the table has, and nothing else.
#[test]
fn ac_01_a_full_person_has_exactly_the_attributes_of_the_table() {
    let mut user = john();
    user.display_name = text("JD");
    user.job_title = text("Dev");
    user.custom.insert("locale".to_owned(), "en_US".to_owned());
    user.custom.insert("costCenter".to_owned(), "CC-1".to_owned());
    user.addresses = vec![work_address()];
    user.phone_numbers = vec![PhoneNumber::new("work", "+1 555"), PhoneNumber::new("home", "+2")];
    user.employee_identifier = text("7");
    user.company = text("X");
    user.department = text("D");
    let mapped = map(&user);
    assert_eq!(
        mapped.resource().unwrap().to_json(),
        concat!(
            r#"{"externalId":"u1","userName":"john@x.yz","emails":[{"value":"john@x.yz","type":"work","primary":true}],"#,
            r#""displayName":"John Doe","name":{"givenName":"John","familyName":"Doe"},"active":true,"title":"Dev","locale":"en_US","#,
            r#""addresses":[{"streetAddress":"1 Main Street","locality":"Denver","region":"CO","postalCode":"80202","country":"US","#,
            r#""type":"work"}],"phoneNumbers":[{"value":"+1 555","type":"work"}],"#,
            r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"7","organization":"X","department":"D"}}"#
        )
    );
    assert_eq!(found(&mapped), [("ValueDropped", "phoneNumbers")]);
}

/// IC-04: the e-mail address is the `userName`.
#[test]
fn ic_04_user_name_is_the_email_address() {
    assert_eq!(sent(&john()).text("userName"), Some("john@x.yz"));
}

#[test]
fn am_00_external_id_is_the_directory_id_and_can_be_switched_off() {
    assert_eq!(sent(&john()).text("externalId"), Some("u1"));
    let mapped = map_with(&RuleSet::jumpcloud().without_external_id(), &john());
    assert_eq!(mapped.resource().unwrap().get("externalId"), None);
    // 1 to 256 characters without space: another identifier cannot be sent, and is no other person.
    for id in ["a b".to_owned(), "a:b".to_owned(), "x".repeat(257)] {
        let mut user = john();
        user.id = DirectoryId::new(id).unwrap();
        assert_eq!(found(&map(&user)), [("ValueRefused", "externalId")]);
    }
}

/// AM-01 with the log-in name: who cannot log in is told (IC-25).
#[test]
fn am_01_user_name_can_come_from_the_username() {
    let rules = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    let mapped = map_with(&rules, &john());
    assert_eq!(mapped.resource().unwrap().text("userName"), Some("jdoe"));
    assert_eq!(mapped.resource().unwrap().text("emails.value"), Some("john@x.yz"));
    assert_eq!(found(&mapped), [("UserNameDiffersFromEmail", "userName"), ("UserNameNotEmail", "userName")]);
    assert!(mapped.findings().iter().all(|finding| finding.severity() == Severity::Informs));

    let mut user = john();
    user.username = user.email.clone();
    assert!(map_with(&rules, &user).findings().is_empty());
    // Single sign-on compares letter by letter.
    user.username = text("John@x.yz");
    assert_eq!(found(&map_with(&rules, &user)), [("UserNameDiffersFromEmail", "userName")]);
    user.email = None;
    let mapped = map_with(&rules, &user);
    assert_eq!(mapped.resource().unwrap().get("emails"), None);
    assert_eq!(found(&mapped), [("UserNameDiffersFromEmail", "userName")]);
    user.username = None;
    assert_eq!(found(&map_with(&rules, &user)), [("MissingRequired", "userName")]);
}

#[test]
fn am_01_an_implausible_address_is_a_finding_and_is_sent() {
    for email in ["john", "@x.yz", "john@", "john@localhost", "a@b@x.yz", "john@x.", "john@.yz"] {
        let mut user = john();
        user.email = text(email);
        let mapped = map(&user);
        assert!(!mapped.is_held(), "{email}");
        assert_eq!(found(&mapped), [("UserNameNotEmail", "userName")], "{email}");
    }
    for email in ["john.doe+test@mail.example.com", "o'connor@example.com", "søren@example.com"] {
        let mut user = john();
        user.email = text(email);
        assert!(map(&user).findings().is_empty(), "{email}");
    }
}

#[test]
fn am_01_a_user_name_that_the_service_refuses_holds() {
    for email in ["jo hn@x.yz".to_owned(), "john:doe@x.yz".to_owned(), format!("{}@x.yz", "j".repeat(130)), "Administrator".to_owned()] {
        let mut user = john();
        user.email = Some(email.clone());
        let mapped = map(&user);
        assert!(mapped.is_held(), "{email}");
        assert!(found(&mapped).contains(&("ValueRefused", "userName")), "{email}");
    }
}

/// Section 11: without an e-mail address there is no `userName`.
#[test]
fn am_02_without_an_email_address_a_person_is_held() {
    for email in [None, text(""), text("  ")] {
        let mut user = john();
        user.email = email;
        assert_eq!(found(&map(&user)), [("MissingRequired", "userName")]);
    }
}

#[test]
fn am_02_one_email_of_type_work_and_primary() {
    let sent = sent(&john());
    let emails = sent.get("emails").and_then(Value::as_array).unwrap();
    assert_eq!(emails.len(), 1);
    assert_eq!(emails[0].to_string(), r#"{"value":"john@x.yz","type":"work","primary":true}"#);
}

/// AC-07: composed with one space. AC-08: whatever the directory shows.
#[test]
fn ac_07_ac_08_am_03_display_name_is_composed_of_the_names() {
    let mut user = john();
    assert_eq!(sent(&user).text("displayName"), Some("John Doe"));
    user.display_name = text("JD");
    assert_eq!(sent(&user).text("displayName"), Some("John Doe"));
    let rules = RuleSet::jumpcloud().with_display_name(DisplayNameFrom::Directory, Write::Managed);
    assert_eq!(map_with(&rules, &user).resource().unwrap().text("displayName"), Some("JD"));
    user.display_name = None;
    assert_eq!(found(&map_with(&rules, &user)), [("MissingRequired", "displayName")]);
}

/// AC-09 and section 11: a missing name holds, and is not sent as "".
#[test]
fn ac_09_am_04_am_05_a_missing_name_holds() {
    for empty in [None, text(""), text(" \u{A0} ")] {
        let mut user = john();
        user.first_name = empty.clone();
        assert_eq!(found(&map(&user)), [("MissingRequired", "name.givenName")]);
        let mut user = john();
        user.last_name = empty;
        assert_eq!(found(&map(&user)), [("MissingRequired", "name.familyName")]);
    }
    let mut user = john();
    (user.first_name, user.last_name) = (None, text(" "));
    assert_eq!(
        found(&map(&user)),
        [("MissingRequired", "displayName"), ("MissingRequired", "name.givenName"), ("MissingRequired", "name.familyName")]
    );
}

/// AC-10: trimmed at the ends, otherwise unchanged.
#[test]
fn ac_10_names_are_trimmed_and_otherwise_unchanged() {
    let cases = [
        ("Anna ", " de la Cruz", "Anna de la Cruz"),
        ("Mary  Ann", "Smith", "Mary  Ann Smith"),
        ("Zoe\u{308}", "Lefe\u{300}vre", "Zoe\u{308} Lefe\u{300}vre"),
        ("太郎", "山田", "太郎 山田"),
        ("\tÑusta\n", "Østergård\u{3000}", "Ñusta Østergård"),
        ("Mary-Jane", "O'Connor", "Mary-Jane O'Connor"),
    ];
    for (first, last, display_name) in cases {
        let mut user = john();
        (user.first_name, user.last_name) = (text(first), text(last));
        let sent = sent(&user);
        assert_eq!(sent.text("displayName"), Some(display_name));
        assert_eq!(sent.text("name.givenName"), Some(first.trim()));
        assert_eq!(sent.text("name.familyName"), Some(last.trim()));
    }
}

/// AC-09, AC-10: a name of nothing that is seen is no blank one, and the service would refuse it: held, and not sent without it.
#[test]
fn ac_10_a_name_with_an_invisible_character_holds() {
    for invisible in ["\u{200B}", "Jo\u{200D}hn", "Jo\u{7}hn", "Jo\u{2003}hn", "Jo<hn", "Administrator: x"] {
        let mut user = john();
        user.first_name = text(invisible);
        assert_eq!(found(&map(&user)), [("ValueRefused", "displayName"), ("ValueRefused", "name.givenName")], "{invisible:?}");
    }
    // At the ends, any white space is taken off, as no name begins with it.
    let mut user = john();
    user.first_name = text("\u{2003}John\u{2028}");
    assert_eq!(sent(&user).text("displayName"), Some("John Doe"));
}

/// AM-06 and E-3: inactive is who is suspended; the other flags are switches.
#[test]
fn am_06_e_03_active_is_a_boolean_and_only_suspension_clears_it() {
    let active = |rules: &RuleSet, user: &User| map_with(rules, user).resource().unwrap().get("active").cloned();
    let defaults = RuleSet::jumpcloud();
    let mut user = john();
    (user.password_expired, user.account_locked, user.activated) = (true, true, false);
    assert_eq!(active(&defaults, &user), Some(Value::Boolean(true)));
    for switch in 0..3 {
        let mut rules = RuleSet::jumpcloud();
        let when = &mut rules.inactive_when;
        *[&mut when.password_expired, &mut when.account_locked, &mut when.not_activated][switch] = true;
        assert_eq!(active(&rules, &user), Some(Value::Boolean(false)));
        assert_eq!(active(&rules, &john()), Some(Value::Boolean(true)));
    }
    for lifecycle in [Lifecycle::Suspended, Lifecycle::Staged] {
        user.lifecycle = lifecycle;
        assert_eq!(active(&defaults, &user), Some(Value::Boolean(false)));
    }
}

#[test]
fn am_07_am_08_title_and_locale() {
    let mut user = john();
    user.job_title = text(" Dev ");
    user.custom.insert("locale".to_owned(), "en_US".to_owned());
    let resource = sent(&user);
    assert_eq!((resource.text("title"), resource.text("locale")), (Some("Dev"), Some("en_US")));
    user.job_title = text(" ");
    user.custom.clear();
    let resource = sent(&user);
    assert_eq!((resource.get("title"), resource.get("locale")), (None, None));
}

#[test]
fn am_09_to_13_work_address_is_the_first_of_type_work_that_has_content() {
    let mut user = john();
    let mut home = work_address();
    home.kind = text("home");
    let mut second = work_address();
    second.locality = text("Boulder");
    let mut first = Address::new("Work");
    (first.locality, first.region) = (text(" Oslo "), text(""));
    user.addresses = vec![home, Address::new("work"), first, second];
    let mapped = map(&user);
    let addresses = mapped.resource().unwrap().get("addresses").unwrap();
    assert_eq!(addresses.to_string(), r#"[{"locality":"Oslo","type":"work"}]"#);
    assert_eq!(found(&mapped), [("ValueDropped", "addresses")]);
    assert!(mapped.findings()[0].to_string().starts_with("2 values of addresses"));
}

#[test]
fn am_09_to_13_a_blank_address_is_left_out_whole() {
    let mut user = john();
    let mut blank = Address::new("work");
    (blank.street_address, blank.country) = (text(" "), text(""));
    user.addresses = vec![blank, Address::new("home")];
    let mapped = map(&user);
    assert_eq!(mapped.resource().unwrap().get("addresses"), None);
    assert!(mapped.findings().is_empty());
}

#[test]
fn am_14_work_phone_is_the_first_of_type_work() {
    let mut user = john();
    user.phone_numbers = vec![
        PhoneNumber::new("work_mobile", "+0"),
        PhoneNumber::new("work", " "),
        PhoneNumber::new("WORK", "+1 555"),
        PhoneNumber::new("work", "+2"),
    ];
    let mapped = map(&user);
    assert_eq!(mapped.resource().unwrap().get("phoneNumbers").unwrap().to_string(), r#"[{"value":"+1 555","type":"work"}]"#);
    assert_eq!(found(&mapped), [("ValueDropped", "phoneNumbers")]);

    user.phone_numbers = vec![PhoneNumber::new("mobile", "+1")];
    let mapped = map(&user);
    assert_eq!(mapped.resource().unwrap().get("phoneNumbers"), None);
    assert_eq!(found(&mapped), [("ValueDropped", "phoneNumbers")]);
}

#[test]
fn am_15_to_17_employment_lives_in_the_enterprise_extension() {
    let mut user = john();
    user.employee_identifier = text("7");
    user.company = text("");
    user.department = text("D");
    let sent = sent(&user);
    assert_eq!(sent.get(ENTERPRISE).unwrap().to_string(), r#"{"employeeNumber":"7","department":"D"}"#);
    assert_eq!(sent.get("employeeNumber"), None);
}

#[test]
fn am_18_without_employment_there_is_no_extension() {
    let mut user = john();
    user.company = text("  ");
    assert_eq!(sent(&user).get(ENTERPRISE), None);
}

/// E-11: an optional attribute with a refused character is left out with a finding, and the person goes on.
#[test]
fn e_11_a_refused_optional_value_is_left_out() {
    for title in ["R&D: Lead", "a<b", "a>b", "a;b", "100%", "zero\u{200B}width", "line\nbreak", "tab\tbed", "em\u{2003}space", "bell\u{7}"]
    {
        let mut user = john();
        user.job_title = text(title);
        user.department = text("D");
        let mapped = map(&user);
        assert_eq!(mapped.resource().unwrap().get("title"), None, "{title:?}");
        assert_eq!(mapped.resource().unwrap().text(&format!("{ENTERPRISE}:department")), Some("D"));
        assert_eq!(found(&mapped), [("AttributeLeftOut", "title")], "{title:?}");
    }
    let mut user = john();
    user.job_title = Some("t".repeat(1025));
    assert_eq!(found(&map(&user)), [("AttributeLeftOut", "title")]);
}

/// E-11 for the parts of a complex value: what is left goes, and the type alone is nothing.
#[test]
fn e_11_a_refused_part_leaves_the_other_parts() {
    let mut user = john();
    let mut address = work_address();
    address.locality = text("Oslo: Sentrum");
    user.addresses = vec![address];
    user.phone_numbers = vec![PhoneNumber::new("work", "tel:+1")];
    user.company = text("A;B");
    let mapped = map(&user);
    let resource = mapped.resource().unwrap();
    assert_eq!(
        resource.get("addresses").unwrap().to_string(),
        r#"[{"streetAddress":"1 Main Street","region":"CO","postalCode":"80202","country":"US","type":"work"}]"#
    );
    assert_eq!((resource.get("phoneNumbers"), resource.get(ENTERPRISE)), (None, None));
    assert_eq!(
        found(&mapped),
        [
            ("AttributeLeftOut", "addresses.locality"),
            ("AttributeLeftOut", "phoneNumbers.value"),
            ("AttributeLeftOut", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization"),
        ]
    );
    let mut user = john();
    let mut address = Address::new("work");
    address.country = text("<US>");
    user.addresses = vec![address];
    assert_eq!(map(&user).resource().unwrap().get("addresses"), None);
}

/// E-11: a required attribute with a refused character holds the person.
#[test]
fn e_11_a_refused_required_value_holds() {
    let mut user = john();
    user.last_name = text("Doe\u{200B}");
    let mapped = map(&user);
    assert!(mapped.is_held());
    assert_eq!(found(&mapped), [("ValueRefused", "displayName"), ("ValueRefused", "name.familyName")]);
    // An e-mail address alone need not be sent.
    let rules = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    let mut user = john();
    user.email = text("john%doe@x.yz");
    let mapped = map_with(&rules, &user);
    assert_eq!(mapped.resource().unwrap().get("emails"), None);
    assert!(found(&mapped).contains(&("AttributeLeftOut", "emails.value")));
}

/// A service that has fewer attributes gets fewer, and says which.
#[test]
fn an_attribute_that_the_service_does_not_have_is_left_out() {
    let mut profile = Profile::aws_iam_identity_center();
    let kept = |path: &str| !path.starts_with("phoneNumbers") && !path.starts_with("urn:");
    profile.user = profile.user.iter().filter(|rule| kept(&rule.path)).cloned().collect();
    let mut user = john();
    user.phone_numbers = vec![PhoneNumber::new("work", "+1")];
    user.department = text("D");
    let mapped = RuleSet::jumpcloud().to_scim(&user, &profile);
    assert!(profile.check_user(mapped.resource().unwrap()).is_empty());
    assert_eq!(found(&mapped), [("AttributeLeftOut", "phoneNumbers"), ("AttributeLeftOut", ENTERPRISE)]);
}

/// What a reader found goes with the record, and holds it.
#[test]
fn an_unreadable_record_is_held_however_good_the_rest_is() {
    let file = r#"{"systemusers": [{"_id": "u1", "email": "a@x.yz", "firstname": "A", "lastname": "B", "jobTitle": 5}], "usergroups": []}"#;
    let snapshot = idbridge_mapping::directory::jumpcloud::read(file.as_bytes()).unwrap();
    let mapped = map(&snapshot.users()["u1"]);
    assert!(mapped.is_held());
    assert_eq!(found(&mapped), [("UnreadableRecord", "jobTitle")]);
}
