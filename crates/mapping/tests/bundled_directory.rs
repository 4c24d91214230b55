//! The directory that the examples come with, and the awkward cases in it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot, User, jumpcloud};
use idbridge_mapping::{Finding, RuleSet};
use idbridge_scim::Profile;

fn directory() -> Snapshot {
    jumpcloud::read(include_bytes!("../../../examples/data/directory.json")).unwrap()
}

fn user<'a>(snapshot: &'a Snapshot, username: &str) -> &'a User {
    snapshot.users().values().find(|user| user.username.as_deref() == Some(username)).unwrap()
}

#[test]
fn it_is_complete_and_has_sixty_people_and_twelve_groups() {
    let snapshot = directory();
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty());
    assert_eq!((snapshot.users().len(), snapshot.groups().len()), (60, 12));
    assert_eq!((snapshot.application().groups.len(), snapshot.application().users.len()), (10, 1));
    let first = snapshot.users().values().next().unwrap();
    assert!(first.lifecycle == Lifecycle::Active && snapshot.entitled().contains(&first.id));
}

#[test]
fn everything_but_what_is_meant_to_be_held_is_mapped() {
    let snapshot = directory();
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let people = snapshot.users().values().map(|user| (user.username.clone().unwrap(), rules.to_scim(user, &profile)));
    let groups = snapshot.groups().values().map(|group| (group.name.clone().unwrap(), rules.group_to_scim(group, &profile)));
    let worth_knowing = |finding: &&Finding| finding.code() != "ValueDropped";
    let found: Vec<String> = people
        .chain(groups)
        .flat_map(|(name, mapped)| {
            let found: Vec<_> =
                mapped.findings().iter().filter(worth_knowing).map(|finding| format!("{name}: {}", finding.code())).collect();
            found
        })
        .collect();
    assert_eq!(
        found,
        ["priya.raman: AttributeLeftOut", "tomas.herrero: AttributeLeftOut", "ola: MissingRequired", "Ops: EU: GroupNameColon"]
    );
}

#[test]
fn the_awkward_cases_are_in_it() {
    let snapshot = directory();
    let group = |name: &str| snapshot.groups().values().find(|group| group.name.as_deref() == Some(name)).unwrap();
    let bound = |name: &str| snapshot.application().groups.contains(&group(name).id);
    assert!(bound("Ops: EU") && group("Ops: EU").members.len() == 3);
    assert!(bound("Contractors 2026") && group("Contractors 2026").members.is_empty());
    assert!(!bound("Facilities") && !group("Facilities").members.is_empty());

    let entitled = snapshot.entitled();
    let is_entitled = |username: &str| entitled.contains(&user(&snapshot, username).id);
    assert_eq!(user(&snapshot, "mzielinska").email.as_deref(), Some("marta.kowalska@example.com"));
    assert_eq!(user(&snapshot, "zoe.lefevre").first_name.as_deref(), Some("Zoe\u{308}"), "a combining mark stays one");
    assert!(user(&snapshot, "tomas.herrero").department.as_deref().unwrap().contains('\u{200B}'));
    assert_eq!(user(&snapshot, "grace.okafor").lifecycle, Lifecycle::Suspended);
    assert!(user(&snapshot, "henrik.solberg").lifecycle == Lifecycle::Staged && !is_entitled("henrik.solberg"));
    assert!(snapshot.application().users.contains(&user(&snapshot, "ingrid.haugen").id) && is_entitled("ingrid.haugen"));
    assert!(is_entitled("juergen.weiss"), "a held group still lets its members in");
    assert!(!is_entitled("walter.brandt") && !is_entitled("lucia.ibarra"));
    let [one, other] = ["samuel.taylor", "samantha.taylor"].map(|username| user(&snapshot, username).email.clone().unwrap());
    assert!(one != other && one.eq_ignore_ascii_case(&other));
}
