//! Sections 2 and 3 of the rules, end to end: what is sent, what is changed, and what is never overwritten.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::{Address, PhoneNumber};
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{Resource, UpdateMethod, Value};

/// Anna with a value for every row of the table in section 3.
fn full() -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let anna = world.user("anna");
    anna.display_name = Some("Annie".to_owned());
    anna.job_title = Some("Engineer".to_owned());
    anna.company = Some("Example".to_owned());
    anna.department = Some("Research".to_owned());
    anna.employee_identifier = Some("7".to_owned());
    anna.custom.insert("locale".to_owned(), "en_US".to_owned());
    anna.custom.insert("badge".to_owned(), "not mapped".to_owned());
    let mut address = Address::new("work");
    address.street_address = Some("1 Main Street".to_owned());
    address.locality = Some("Boulder".to_owned());
    address.region = Some("CO".to_owned());
    address.postal_code = Some("80301".to_owned());
    address.country = Some("US".to_owned());
    anna.addresses = vec![Address::new("home"), address];
    anna.phone_numbers = vec![PhoneNumber::new("home", "+1 2"), PhoneNumber::new("work", "+1 555")];
    world
}

/// One thing that happens in the directory.
type Happens = fn(&mut World);

fn title(world: &mut World, title: Option<&str>) {
    world.user("anna").job_title = title.map(ToOwned::to_owned);
}

/// AC-01, section 11: a full user is sent with exactly the attributes of the table, and nothing else.
#[test]
fn ac_01_exactly_the_attributes_of_the_table_are_sent() {
    let mut world = full();
    world.settle();
    let sent = concat!(
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"#,
        r#""externalId":"anna","userName":"anna@example.com","emails":[{"value":"anna@example.com","type":"work","primary":true}],"#,
        r#""displayName":"Anna Berg","name":{"givenName":"Anna","familyName":"Berg"},"active":true,"title":"Engineer","locale":"en_US","#,
        r#""addresses":[{"type":"work","streetAddress":"1 Main Street","locality":"Boulder","region":"CO","postalCode":"80301","country":"US"}],"#,
        r#""phoneNumbers":[{"value":"+1 555","type":"work"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"#,
        r#"{"employeeNumber":"7","organization":"Example","department":"Research"}}"#
    );
    let sent = Resource::from_json(sent.as_bytes()).unwrap();
    let found = Resource::from_json(world.created(ResourceType::User)[0].as_bytes()).unwrap();
    for (name, value) in found.attributes().iter() {
        assert_eq!(Some(value), sent.get(name.as_str()), "{name:?}");
    }
    assert_eq!(found.attributes().len(), sent.attributes().len());
}

/// AC-02: a display name that changes in the directory is not sent; displayName is written on create.
#[test]
fn ac_02_a_display_name_is_not_updated() {
    let mut world = full();
    world.settle();
    world.user("anna").display_name = Some("Johnny".to_owned());
    assert_eq!(world.settle().calls, Vec::<String>::new());
    assert_eq!(world.there("anna@example.com").and_then(|user| user.text("displayName")), Some("Anna Berg"));
}

/// AC-03: a display name that was edited at the service stays, whatever else changes.
#[test]
fn ac_03_a_display_name_edited_at_the_service_stays() {
    let mut world = full();
    world.settle();
    let id = world.id_of("anna@example.com");
    world.service.edit_user(&id, |user| user.attributes_mut().set("displayName", "Edited"));
    assert_eq!(world.settle().calls, Vec::<String>::new());
    title(&mut world, Some("Lead"));
    assert_eq!(world.settle().calls, ["PATCH User anna@example.com title"]);
    assert_eq!(world.service.user(&id).and_then(|user| user.text("displayName")), Some("Edited"));
}

/// AC-04: another first or last name changes that name, and the display name is not composed again.
#[test]
fn ac_04_another_name_does_not_change_the_display_name() {
    let mut world = full();
    world.settle();
    world.user("anna").last_name = Some("Holm".to_owned());
    assert_eq!(world.settle().calls, ["PATCH User anna@example.com name.familyName"]);
    world.user("anna").first_name = Some("Ann".to_owned());
    assert_eq!(world.settle().calls, ["PATCH User anna@example.com name.givenName"]);
    let there = world.there("anna@example.com").unwrap();
    assert_eq!((there.text("name.familyName"), there.text("displayName")), (Some("Holm"), Some("Anna Berg")));
}

/// AC-05: where users are changed by PUT, it carries the display name that the service has, and everything that is not mapped.
#[test]
fn ac_05_put_carries_the_display_name_of_the_service() {
    let mut world = full();
    world.policy.user_update = UpdateMethod::Put;
    world.settle();
    let id = world.id_of("anna@example.com");
    world.service.edit_user(&id, |user| {
        user.attributes_mut().set("displayName", "Edited");
        user.attributes_mut().set("nickName", "Not mapped");
    });
    world.user("anna").last_name = Some("Holm".to_owned());
    assert_eq!(world.settle().calls, ["GET User anna@example.com", "PUT User anna@example.com"]);
    let there = world.service.user(&id).unwrap();
    assert_eq!((there.text("displayName"), there.text("nickName")), (Some("Edited"), Some("Not mapped")));
    assert_eq!((there.text("name.familyName"), there.text("externalId")), (Some("Holm"), Some("anna")));
    let put = world.service.log().iter().filter_map(|logged| match logged.request() {
        Some(Request::Replace { resource, .. }) => resource.text("displayName").map(ToOwned::to_owned),
        _ => None,
    });
    assert_eq!(put.collect::<Vec<_>>(), ["Edited"]);
}

/// AC-06: a renamed group is patched under its identifier.
#[test]
fn ac_06_a_renamed_group_keeps_its_identifier() {
    let mut world = full();
    world.settle();
    let id = world.group_id("Staff");
    world.rename("staff", "Everybody");
    assert_eq!(world.settle().writes(), ["PATCH Group Staff displayName"]);
    assert_eq!(world.group_id("Everybody"), id);
    assert_eq!(world.every_group(), ["Everybody"]);
}

/// AC-07, AC-08: the display name of a new user is first and last name with one space, even if the directory has a display name.
#[test]
fn ac_07_ac_08_the_display_name_is_composed_of_the_names() {
    let mut world = full();
    world.settle();
    let there = world.there("anna@example.com").unwrap();
    assert_eq!(there.text("displayName"), Some("Anna Berg"));
}

/// AC-09: a user without first or last name is held before anything is sent, and created when the name is filled in.
#[test]
fn ac_09_a_user_without_a_name_is_held() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("cher", "Cher")]);
    world.hire("last", " Only");
    world.join("staff", "last");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST Group Staff +1"]);
    assert_eq!(synced.held(), ["user cher MissingRequired", "user last MissingRequired"]);
    let paths: Vec<_> = synced.plan.held().iter().flat_map(|held| &held.findings).filter_map(|finding| finding.path.as_deref()).collect();
    assert_eq!(paths, ["name.familyName", "name.givenName"]);

    world.user("cher").last_name = Some("Sarkisian".to_owned());
    assert_eq!(world.settle().writes(), ["POST User cher@example.com", "PATCH Group Staff +1"]);
}

/// AC-09: a linked user who loses the last name is held as the service has it, and stays a member.
#[test]
fn ac_09_a_linked_user_who_loses_a_name_is_left_as_is() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.settle();
    world.user("bo").last_name = None;
    world.user("bo").job_title = Some("Lead".to_owned());
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.held()), (0, vec!["user bo MissingRequired".to_owned()]));
    assert_eq!(world.members("Staff").len(), 2);
}

/// AC-10, section 11: names are trimmed at their ends, joined by one space, and otherwise left as they are; a blank one is missing.
#[test]
fn ac_10_names_are_trimmed_and_joined_by_one_space() {
    let mut world = World::with_staff(&[]);
    let people =
        [("u1", "Anna ", " de la Cruz", Some("Anna de la Cruz")), ("u2", "  Jose\u{301}", "O\u{a0}Neil ", Some("Jose\u{301} O\u{a0}Neil"))];
    let blank = [("u3", "   ", "Berg", None), ("u4", "Anna", "\u{2003}", None)];
    for (id, first, last, _) in people.iter().chain(&blank) {
        world.hire(id, "x y");
        world.user(id).first_name = Some((*first).to_owned());
        world.user(id).last_name = Some((*last).to_owned());
        world.join("staff", id);
    }
    let synced = world.settle();
    assert_eq!(synced.held(), ["user u3 MissingRequired", "user u4 MissingRequired"]);
    for (id, _, _, composed) in people {
        assert_eq!(world.there(&format!("{id}@example.com")).and_then(|user| user.text("displayName")), composed);
    }
}

/// AM-00, E-4: users and groups carry the directory's identifier, and it finds them again when the state is lost and everything else changed.
#[test]
fn am_00_the_directory_s_identifier_finds_users_and_groups_again() {
    let mut world = full();
    world.settle();
    let (user, group) = (world.id_of("anna@example.com"), world.group_id("Staff"));
    world.forget();
    world.user("anna").email = Some("anna.holm@example.com".to_owned());
    world.rename("staff", "Everybody");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH User anna@example.com userName emails", "PATCH Group Staff displayName"]);
    assert_eq!(synced.rules(), ["E-4", "IC-17"]);
    assert_eq!((world.id_of("anna.holm@example.com"), world.group_id("Everybody")), (user, group));
    assert_eq!(synced.held(), Vec::<String>::new());
}

/// AM-00: switched off, nothing carries an externalId, and names are what finds again.
#[test]
fn am_00_the_directory_s_identifier_can_be_switched_off() {
    let mut world = full();
    world.rules = RuleSet::jumpcloud().without_external_id();
    world.settle();
    for body in world.created(ResourceType::User).iter().chain(&world.created(ResourceType::Group)) {
        assert!(!body.contains("externalId"), "{body}");
    }
    world.forget();
    assert_eq!(world.settle().writes(), Vec::<&str>::new());
    assert!(world.link("anna").is_some() && world.group_link("staff").is_some());
}

/// AM-00: an identifier of 256 characters is sent, a longer one holds its record.
#[test]
fn am_00_an_identifier_beyond_256_characters_holds_its_record() {
    let (fits, too_long) = ("a".repeat(256), "b".repeat(257));
    let mut world = World::with_staff(&[]);
    for (id, email) in [(&fits, "fits@example.com"), (&too_long, "long@example.com")] {
        world.hire(id, "Some Body").email = Some(email.to_owned());
        world.join("staff", id);
    }
    let synced = world.settle();
    assert_eq!(world.everybody(), ["fits@example.com"]);
    assert_eq!(synced.held(), [format!("user {too_long} ValueRefused")]);
}

/// AM-19: one changed attribute costs one PATCH of that attribute, and what is not mapped survives.
#[test]
fn am_19_one_changed_attribute_costs_one_patch_of_it() {
    let mut world = full();
    world.settle();
    let id = world.id_of("anna@example.com");
    world.service.edit_user(&id, |user| user.attributes_mut().set("nickName", "Not mapped"));
    let changes: [(Happens, &str, &str); 6] = [
        (|world| title(world, Some("Lead")), "title", "Lead"),
        (|world| world.user("anna").addresses[1].locality = Some("Denver".to_owned()), "addresses[type eq \"work\"].locality", "Denver"),
        (|world| world.user("anna").phone_numbers[1].number = "+1 556".to_owned(), "phoneNumbers", "+1 556"),
        (
            |world| world.user("anna").department = Some("Sales".to_owned()),
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            "Sales",
        ),
        (|world| drop(world.user("anna").custom.insert("locale".to_owned(), "nb_NO".to_owned())), "locale", "nb_NO"),
        (|world| world.user("anna").first_name = Some("Ann".to_owned()), "name.givenName", "Ann"),
    ];
    for (change, path, value) in changes {
        change(&mut world);
        let synced = world.settle();
        assert_eq!(synced.calls, [format!("PATCH User anna@example.com {path}")]);
        assert_eq!(synced.rules(), ["AM-19"]);
        assert!(world.patches().last().unwrap().contains(value));
    }
    let there = world.service.user(&id).unwrap();
    assert_eq!(there.text("nickName"), Some("Not mapped"));
    assert_eq!(there.get("addresses").and_then(Value::as_array).map(<[Value]>::len), Some(1));
}

/// AM-20: an attribute that becomes empty is removed, never sent as "".
#[test]
fn am_20_an_attribute_that_becomes_empty_is_removed() {
    let mut world = full();
    world.settle();
    let id = world.id_of("anna@example.com");
    let changes: [(Happens, &str, &str); 5] = [
        (|world| title(world, None), "title", "title"),
        (|world| title(world, Some(" ")), "", "title"),
        (|world| world.user("anna").addresses.clear(), "addresses", "addresses"),
        (|world| world.user("anna").phone_numbers.truncate(1), "phoneNumbers", "phoneNumbers"),
        (
            |world| world.user("anna").company = None,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization",
            "organization",
        ),
    ];
    for (change, path, gone) in changes {
        change(&mut world);
        let calls = world.settle().calls;
        let wanted = if path.is_empty() { Vec::new() } else { vec![format!("PATCH User anna@example.com remove {path}")] };
        assert_eq!(calls, wanted);
        assert!(!world.service.user(&id).unwrap().to_json().contains(gone));
    }
    assert!(world.patches().iter().all(|patch| !patch.contains(r#""""#)), "{:?}", world.patches());
}

/// AM-20: one attribute that goes and one that comes are one PATCH.
#[test]
fn am_20_several_changes_of_one_user_are_one_patch() {
    let mut world = full();
    world.settle();
    title(&mut world, None);
    world.user("anna").department = Some("Sales".to_owned());
    assert_eq!(world.settle().calls.len(), 1);
}

/// AM-21: where nothing mapped changed, nothing is asked and nothing sent, however often.
#[test]
fn am_21_nothing_mapped_changed_means_no_request() {
    let mut world = full();
    world.settle();
    world.user("anna").custom.insert("badge".to_owned(), "other".to_owned());
    world.user("anna").password_expired = true;
    for _ in 0..3 {
        assert_eq!(world.sync().calls, Vec::<String>::new());
    }
}

/// AM-20 with `clear` off: what the directory has no more stays at the service, of whatever shape, and no later sync or look touches it; a new value is
/// written as ever.
#[test]
fn am_20_an_attribute_that_is_not_cleared_stays() {
    let mut world = full();
    for rule in world.rules.user.iter_mut().filter(|rule| ["AM-07", "AM-14", "AM-15", "AM-16", "AM-17"].contains(&&*rule.id)) {
        rule.clear = false;
    }
    world.settle();
    let id = world.id_of("anna@example.com");
    let before = world.service.user(&id).unwrap().to_json();
    let anna = world.user("anna");
    (anna.job_title, anna.employee_identifier, anna.company, anna.department) = (None, None, None, None);
    anna.phone_numbers.clear();
    assert_eq!(world.settle().writes(), Vec::<&str>::new());
    assert_eq!(world.settle().writes(), Vec::<&str>::new());
    world.forget();
    assert_eq!(world.settle().writes(), Vec::<&str>::new());
    assert_eq!(world.service.user(&id).unwrap().to_json(), before);
    world.user("anna").job_title = Some("Chief".to_owned());
    assert_eq!(world.settle().writes(), ["PATCH User anna@example.com title"]);
    // Cleared again by a changed rule.
    world.user("anna").job_title = None;
    world.rules = RuleSet::jumpcloud();
    let synced = world.settle();
    assert_eq!(synced.writes().len(), 1, "{:?}", synced.writes());
    assert_eq!(world.service.user(&id).unwrap().text("title"), None);
}
