//! The words of a plan where it is large, hostile or takes something away.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::{Place, desired, group_key, key, partial, policy, user, wanted, wanted_group};
use idbridge_planner::{
    Answer, Because, Desired, DesiredUser, Evidence, Finding, GroupManagement, OperationKind, Plan, Policy, Presence, Protection, Risk,
    UserKey,
};

fn explained(place: &mut Place, desired: &Desired, policy: &Policy) -> String {
    place.look(desired, policy).0.explain().to_string()
}

/// The lines behind a title, up to the next empty line.
fn section<'a>(text: &'a str, title: &str) -> Vec<&'a str> {
    text.lines().skip_while(|line| !line.starts_with(title)).take_while(|line| !line.is_empty()).collect()
}

fn company(count: usize) -> Desired {
    let ids: Vec<String> = (0..count).map(|number| format!("u{number:03}")).collect();
    let mut desired = desired();
    ids.iter().for_each(|id| desired.set_user(key(id), wanted(id, id)));
    desired.set_group(group_key("g"), wanted_group("g", "Staff", &ids.iter().map(String::as_str).collect::<Vec<_>>()));
    desired
}

/// What takes access away stands first, the worst of it foremost, each with its grade; then what is new, what changes, and the rest.
#[test]
fn what_takes_access_away_stands_first() {
    let mut place = Place::new();
    let mut before = company(4);
    before.set_group(group_key("h"), wanted_group("h", "Admins", &["u000"]));
    before.set_group(group_key("k"), wanted_group("k", "Kept", &["u000"]));
    place.sync(&before, &policy());
    let mut after = company(6);
    let mut resource = user("u001", "u001");
    resource.attributes_mut().set("title", "Lead");
    after.set_user(key("u001"), Answer::Want(DesiredUser::new(resource)));
    after.set_user(key("u002"), Answer::Present(Presence::new(Because::new("GM-20", "is in no bound group"), Evidence::Record)));
    after.set_user(key("u003"), Answer::Absent);
    after.set_group(group_key("g"), wanted_group("g", "Crew", &["u001", "u004"]));
    after.set_group(group_key("k"), Answer::Present(Presence::new(Because::new("GM-16", "is not associated any more"), Evidence::Record)));
    after.set_group(group_key("n"), wanted_group("n", "New", &["u005"]));
    assert_eq!(
        explained(&mut place, &after, &policy()),
        r#"Plan: 11 changes (1 add members, 1 create group, 2 create user, 1 deactivate user, 1 delete group, 1 delete user, 1 release group, 1 remove members, 1 update group, 1 update user), 4 of which take access away. 1 record is as it shall be.
Cost: 10 writes (1 CreateGroup, 2 CreateUser, 1 DeleteGroup, 1 DeleteUser, 3 PatchGroup, 2 PatchUser), at least 0.4 s.

Takes access away
  - delete user u003@example.com [u003]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on
  - delete group Admins [h]  because GM-22: is no longer in the directory; risk: ends an id that permission sets may hang on
  ~ deactivate user u002@example.com [u002]  because GM-20: is in no bound group; risk: takes access away
      active: true -> false
  ~ remove members Crew [g]  because GM-12: are not in the directory's group; risk: takes access away
      members: - 2 (u000@example.com, u002@example.com)

Creates
  + create user u004@example.com [u004]  because UL-01: is entitled (in Staff) and not at the service
      userName: none -> "u004@example.com"
      name: none -> {"familyName":"Body","givenName":"Some"}
      displayName: none -> "Some Body"
      active: none -> true
      emails: none -> [{"value":"u004@example.com","type":"work","primary":true}]
      externalId: none -> "u004"
  + create user u005@example.com [u005]  because UL-01: is entitled (in Staff) and not at the service
      userName: none -> "u005@example.com"
      name: none -> {"familyName":"Body","givenName":"Some"}
      displayName: none -> "Some Body"
      active: none -> true
      emails: none -> [{"value":"u005@example.com","type":"work","primary":true}]
      externalId: none -> "u005"
  + create group New [n]  because GM-11: is associated with the application and not at the service
      displayName: none -> "New"
      externalId: none -> "n"
      members: none -> 1 (u005@example.com)

Changes
  ~ update user u001@example.com [u001]  because AM-19: is different in the directory
      title: none -> "Lead"
  ~ update group Crew [g]  because GM-14: has another name in the directory
      displayName: "Staff" -> "Crew"

Memberships
  ~ add members Crew [g]  because GM-12: are in the directory's group
      members: + 1 (u004@example.com)

Releases (they stay as they are)
  . release group Kept [k]  because GM-16: is not associated any more

Looked at
  . users: list by cursor, 1 request (2 records to find)
  . groups: list by cursor, 1 request (2 records to find)
"#
    );
}

/// A million entries are not a million lines: of each section the first hundred, and how many of what there are besides.
#[test]
fn a_section_is_a_hundred_entries() {
    let mut place = Place::new();
    let mut wanted_now = company(130);
    for number in 0..120 {
        let finding = Finding::new("MissingRequired", "name.familyName has no value");
        wanted_now.set_user(UserKey::from(format!("v{number}")), Answer::Hold(vec![finding]));
        wanted_now.report(Finding::new("Late", format!("page {number} was late")));
    }
    let text = explained(&mut place, &wanted_now, &policy());
    let creates = section(&text, "Creates");
    assert_eq!(creates.iter().filter(|line| line.starts_with("  + ")).count(), 100);
    assert_eq!(creates.last(), Some(&"  ... and 31 more (1 create group, 30 create user)"));
    let held = section(&text, "Held");
    assert_eq!((held.len(), held.last()), (102, Some(&"  ... and 20 more (20 MissingRequired)")));
    let findings = section(&text, "Findings");
    assert_eq!((findings.len(), findings.last()), (102, Some(&"  ... and 20 more")));

    let mut policy = policy();
    place.sync(&wanted_now, &policy);
    policy.allowance = Some(0);
    let text = explained(&mut place, &company(10), &policy);
    let withheld = section(&text, "Withheld");
    assert_eq!((withheld.len(), withheld.last()), (103, Some(&"  ... and 20 more (20 delete user)")));
    let mut gone = partial();
    gone.set_user(key("u000"), wanted("u000", "u000"));
    let text = explained(&mut place, &gone, &policy);
    assert_eq!(section(&text, "Held").last(), Some(&"  ... and 110 more that the source, not read to its end, does not show"));
}

/// An object with more attributes than anybody reads is cut as well, and a password is never printed.
#[test]
fn attributes_are_bounded_and_passwords_are_not_printed() {
    let mut resource = user("anna", "anna");
    resource.attributes_mut().set("password", "t0p-secret");
    (0..60).for_each(|number| resource.attributes_mut().set(&format!("x{number}"), "y".repeat(100)));
    let mut wanted_now = desired();
    wanted_now.set_user(key("anna"), Answer::Want(DesiredUser::new(resource)));
    let text = explained(&mut Place::new(), &wanted_now, &policy());
    assert!(text.contains("      password: none -> (..)\n") && !text.contains("t0p-secret"), "{text}");
    assert!(text.contains("      ... and 17 more attributes\n\nLooked at\n"), "{text}");
    assert!(text.lines().all(|line| line.len() < 200));
}

/// No name can look like another entry, or turn the text around it.
#[test]
fn a_name_stays_on_its_line() {
    let mut resource = user("anna", "anna");
    resource.attributes_mut().set("userName", "anna\n  - delete user bo\u{202e}\u{1b}[2J");
    let mut wanted_now = desired();
    wanted_now.set_user(UserKey::from("a\nb"), Answer::Want(DesiredUser::new(resource).entitled_by("in A\r\nB")));
    wanted_now.report(Finding::new("Late", "one\ntwo"));
    let text = explained(&mut Place::new(), &wanted_now, &policy());
    let line = r"  + create user anna\u{a}  - delete user bo\u{202e}\u{1b}[2J [a\u{a}b]  because UL-01: is entitled (in A\u{d}\u{a}B) and not at the service";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("  . Late: one\\u{a}two\n"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']) && !text.contains("\n  - "), "{text}");
}

/// What an allowance would lift of a source that is not complete is said, with its number.
#[test]
fn what_an_allowance_lifts_is_said() {
    let mut place = Place::new();
    place.sync(&company(3), &policy());
    let suspend = |ids: &[&str]| {
        let mut desired = partial();
        for id in ids {
            let mut resource = user(id, id);
            resource.attributes_mut().set("active", false);
            desired.set_user(key(id), Answer::Want(DesiredUser::new(resource)));
        }
        desired
    };
    let words =
        "  The source was not read to its end (SourceIncomplete): nothing that takes access away is sent. To let this run take away the ";
    let text = explained(&mut place, &suspend(&["u000"]), &policy());
    assert_eq!(section(&text, "Withheld")[1], format!("{words}1 object that its own record asks for, allow 1 removal."));
    assert_eq!(
        section(&text, "Withheld")[2],
        "  # deactivate user u000@example.com [u000]  because UL-04: is suspended in the directory; risk: takes access away; withheld: the source \
         was not read to its end"
    );
    let text = explained(&mut place, &suspend(&["u000", "u001"]), &policy());
    assert_eq!(section(&text, "Withheld")[1], format!("{words}2 objects that their own records ask for, allow 2 removals."));

    let mut policy = policy();
    policy.allowance = Some(0);
    let text = explained(&mut place, &company(2), &policy);
    assert_eq!(
        section(&text, "Withheld")[1],
        "  The guard: 1 object would be taken away, and 0 are allowed. Nothing that takes access away is sent. To let this run take away this \
         object, allow 1 removal."
    );
}

/// The grade of every kind of operation, and its words.
#[test]
fn every_kind_has_its_grade() {
    let mut place = Place::new();
    place.sync(&company(2), &policy());
    let grades = |plan: &Plan| -> Vec<(&'static str, Risk)> {
        plan.operations().iter().map(|operation| (operation.kind.name(), operation.kind.risk())).collect()
    };
    assert_eq!(
        grades(&place.look(&desired(), &allowing(9)).0),
        [("deleteUser", Risk::ReplacesId), ("deleteUser", Risk::ReplacesId), ("deleteGroup", Risk::ReplacesId)]
    );
    assert_eq!(OperationKind::ReleaseGroup.risk(), Risk::Harmless);
    assert_eq!(
        [Risk::Harmless, Risk::TakesAccess, Risk::ReplacesId].map(|risk| format!("{} = {risk}", risk.name())),
        ["harmless = harmless", "takesAccess = takes access away", "replacesId = ends an id that permission sets may hang on"]
    );
    let mut policy = policy();
    policy.groups = GroupManagement::Off;
    policy.protected.user(Protection::Name("u001@example.com".to_owned()));
    let text = explained(&mut place, &company(1), &policy);
    assert!(section(&text, "Held")[1].starts_with("  ! Protected, user u001 (u001@example.com): "), "{text}");
}

fn allowing(removals: usize) -> Policy {
    let mut policy = policy();
    policy.allowance = Some(removals);
    policy
}
