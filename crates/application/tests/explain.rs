//! The plan as a person reads it, in full.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_mapping::directory::Incomplete;

/// Anna and Bo in Staff, Bo in Developers, Cher without a last name, a group with a colon and an empty one.
fn company() -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek"), ("cher", "Cher")]);
    world.user("anna").job_title = Some("Engineer".to_owned());
    world.user("anna").department = Some("Research".to_owned());
    world.group("dev", "Developers", &["bo"]);
    world.group("ops", "Ops: EU", &["anna"]);
    world.group("empty", "Empty", &[]);
    world
}

#[track_caller]
fn assert_explains(explained: &str, expected: &str) {
    assert!(explained == expected, "found:\n{explained}\nexpected:\n{expected}");
}

#[test]
fn a_first_sync() {
    assert_explains(
        &company().sync().explained(),
        r##"Plan: 4 changes (2 create group, 2 create user). 0 records are as they shall be.
Cost: 4 writes (2 CreateGroup, 2 CreateUser), at least 0.2 s.

Creates
  + create user anna@example.com [anna]  because UL-01: is entitled (in Ops: EU) and not at the service
      externalId: none -> "anna"
      userName: none -> "anna@example.com"
      emails: none -> [{"value":"anna@example.com","type":"work","primary":true}]
      displayName: none -> "Anna Berg"
      name: none -> {"givenName":"Anna","familyName":"Berg"}
      active: none -> true
      title: none -> "Engineer"
      enterprise.department: none -> "Research"
  + create user bo@example.com [bo]  because UL-01: is entitled (in Developers) and not at the service
      externalId: none -> "bo"
      userName: none -> "bo@example.com"
      emails: none -> [{"value":"bo@example.com","type":"work","primary":true}]
      displayName: none -> "Bo Ek"
      name: none -> {"givenName":"Bo","familyName":"Ek"}
      active: none -> true
  + create group Developers [dev]  because GM-11: is associated with the application and not at the service
      displayName: none -> "Developers"
      externalId: none -> "dev"
      members: none -> 1 (bo@example.com)
  + create group Staff [staff]  because GM-11: is associated with the application and not at the service
      displayName: none -> "Staff"
      externalId: none -> "staff"
      members: none -> 2 (anna@example.com, bo@example.com)

Held (nothing is done to these)
  ! MissingRequired, user cher (cher@example.com): name.familyName is required and has no value; fill in lastname in the directory
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory

Findings
  . EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory

Looked at
  . users: list by cursor, 1 request (2 records to find)
  . groups: list by cursor, 1 request (3 records to find)
"##,
    );
}

#[test]
fn a_takeover() {
    let mut world = company();
    let id = world.made_by_hand("anna@example.com");
    world.group_by_hand("STAFF", &[&id]);
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 5 changes (1 add members, 1 adopt group, 1 adopt user, 1 create group, 1 create user). 0 records are as they shall be.
Cost: 5 writes (1 CreateGroup, 1 CreateUser, 2 PatchGroup, 1 PatchUser), at least 0.2 s.

Creates
  + create user bo@example.com [bo]  because UL-01: is entitled (in Developers) and not at the service
      externalId: none -> "bo"
      userName: none -> "bo@example.com"
      emails: none -> [{"value":"bo@example.com","type":"work","primary":true}]
      displayName: none -> "Bo Ek"
      name: none -> {"givenName":"Bo","familyName":"Ek"}
      active: none -> true
  + create group Developers [dev]  because GM-11: is associated with the application and not at the service
      displayName: none -> "Developers"
      externalId: none -> "dev"
      members: none -> 1 (bo@example.com)

Adopts (they are at the service already)
  = adopt user anna@example.com [anna]  because IC-14: is at the service already (found by name), entitled (in Ops: EU)
      externalId: none -> "anna"
      emails: none -> [{"value":"anna@example.com","type":"work","primary":true}]
      name.givenName: "By" -> "Anna"
      name.familyName: "Hand" -> "Berg"
      title: "Kept" -> "Engineer"
      enterprise.department: none -> "Research"
  = adopt group Staff [staff]  because IC-17: is at the service already (found by name)
      displayName: "STAFF" -> "Staff"
      externalId: none -> "staff"

Memberships
  ~ add members Staff [staff]  because GM-12: are in the directory's group
      members: + 1 (bo@example.com)

Held (nothing is done to these)
  ! MissingRequired, user cher (cher@example.com): name.familyName is required and has no value; fill in lastname in the directory
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory

Findings
  . EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory

Looked at
  . users: list by cursor, 1 request (2 records to find)
  . groups: list by cursor, 1 request (3 records to find)
  . members: groups.value, 1 request (1 group)
"##,
    );
}

#[test]
fn changes() {
    let mut world = company();
    world.sync();
    world.user("anna").job_title = None;
    world.user("anna").last_name = Some("Holm".to_owned());
    world.user("anna").email = Some("anna.holm@example.com".to_owned());
    world.suspend("bo");
    world.rename("dev", "Engineers");
    world.join("dev", "anna");
    world.leave("staff", "bo");
    world.user("cher").last_name = Some("Sarkisian".to_owned());
    world.delete_group("empty");
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 7 changes (2 add members, 1 create user, 1 deactivate user, 1 remove members, 1 update group, 1 update user), 2 of which take access away. 0 records are as they shall be.
Cost: 7 writes (1 CreateUser, 4 PatchGroup, 2 PatchUser), at least 0.3 s.

Takes access away
  ~ deactivate user bo@example.com [bo]  because UL-04: is suspended in the directory; risk: takes access away
      active: true -> false
  ~ remove members Staff [staff]  because GM-12: are not in the directory's group; risk: takes access away
      members: - 1 (bo@example.com)

Creates
  + create user cher@example.com [cher]  because UL-01: is entitled (in Staff) and not at the service
      externalId: none -> "cher"
      userName: none -> "cher@example.com"
      emails: none -> [{"value":"cher@example.com","type":"work","primary":true}]
      displayName: none -> "Cher Sarkisian"
      name: none -> {"givenName":"Cher","familyName":"Sarkisian"}
      active: none -> true

Changes
  ~ update user anna.holm@example.com [anna]  because UL-08: has another e-mail address or username in the directory
      userName: "anna@example.com" -> "anna.holm@example.com"
      emails: [{"value":"anna@example.com","type":"work","primary":true}] -> [{"value":"anna.holm@example.com","type":"work","primary":true}]
      name.familyName: "Berg" -> "Holm"
      title: "Engineer" -> removed
  ~ update group Engineers [dev]  because GM-14: has another name in the directory
      displayName: "Developers" -> "Engineers"

Memberships
  ~ add members Engineers [dev]  because GM-12: are in the directory's group
      members: + 1 (anna.holm@example.com)
  ~ add members Staff [staff]  because GM-12: are in the directory's group
      members: + 1 (cher@example.com)

Held (nothing is done to these)
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory

Looked at
  . users: list by cursor, 1 request (1 record to find)
  . groups: list by cursor, 1 request (1 record to find)
"##,
    );
}

#[test]
fn removals() {
    let mut world = company();
    world.sync();
    world.delete_user("anna");
    world.leave("dev", "bo");
    world.leave("staff", "bo");
    world.delete_group("dev");
    world.unbind("staff");
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 4 changes (1 deactivate user, 1 delete group, 1 delete user, 1 release group), 3 of which take access away. 0 records are as they shall be.
Cost: 3 writes (1 DeleteGroup, 1 DeleteUser, 1 PatchUser), at least 0.1 s.

Takes access away
  - delete user anna@example.com [anna]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on
  - delete group Developers [dev]  because GM-22: is no longer in the directory; risk: ends an id that permission sets may hang on
  ~ deactivate user bo@example.com [bo]  because GM-20: is in no bound group and not bound directly; risk: takes access away
      active: true -> false

Releases (they stay as they are)
  . release group Staff [staff]  because GM-16: is not associated with the application any more

Held (nothing is done to these)
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory

Findings
  . EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory
"##,
    );
}

#[test]
fn a_circle_of_names() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.sync();
    world.user("anna").email = Some("bo@example.com".to_owned());
    world.user("bo").email = Some("anna@example.com".to_owned());
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 3 changes (3 update user). 1 record is as it shall be.
Cost: 3 writes (3 PatchUser), at least 0.1 s.

Changes
  ~ update user bo@example.com [anna]  because E-10: takes another name for a moment, because another object takes its name
      userName: "anna@example.com" -> "renaming-3d6643532337@idbridge.invalid"
      emails: [{"value":"anna@example.com","type":"work","primary":true}] -> [{"value":"renaming-3d6643532337@idbridge.invalid","type":"work","primary":true}...
  ~ update user bo@example.com [anna]  because UL-08: has another e-mail address or username in the directory
      userName: "anna@example.com" -> "bo@example.com"
      emails: [{"value":"anna@example.com","type":"work","primary":true}] -> [{"value":"bo@example.com","type":"work","primary":true}]
  ~ update user anna@example.com [bo]  because UL-08: has another e-mail address or username in the directory
      userName: "bo@example.com" -> "anna@example.com"
      emails: [{"value":"bo@example.com","type":"work","primary":true}] -> [{"value":"anna@example.com","type":"work","primary":true}]
"##,
    );
}

#[test]
fn what_is_held() {
    let mut world = company();
    world.sync();
    world.hire("dag", "Dag Foss").email = Some("Bo@example.com".to_owned());
    world.join("staff", "dag");
    world.user("bo").job_title = Some("Lead <b>".to_owned());
    world.group("dev-2", "developers", &["anna"]);
    world.group_by_hand("Taken", &[]);
    world.rename("staff", "Taken");
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 0 changes. 3 records are as they shall be.

Held (nothing is done to these)
  ! MissingRequired, user cher (cher@example.com): name.familyName is required and has no value; fill in lastname in the directory
  ! DuplicateEmail, user dag (Bo@example.com): the userName "bo@example.com" is wanted by user bo as well, who keeps it; remedy: give one of the two another e-mail address
  ! DuplicateGroupName, group dev-2 (developers): group dev has the same name; remedy: rename one of them
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory
  ! NameTaken, group staff (Taken): another group of the service has the name "Taken" (509a840d-44be-7dbd-a1d9-d25350c18b44); remedy: rename one of the two

Findings
  . AttributeLeftOut, user bo (bo@example.com): title has the character '<' (U+003C) at 5, which the service refuses, so it is left out; change jobTitle in the directory
  . EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory

Looked at
  . users: nothing to look at
  . groups: list by cursor, 1 request (1 record to find)
"##,
    );
}

#[test]
fn what_the_guard_withholds() {
    let mut world = company();
    for number in 0..6 {
        world.hire(&format!("u{number}"), "Some Body");
        world.join("staff", &format!("u{number}"));
    }
    world.sync();
    for number in 0..6 {
        world.delete_user(&format!("u{number}"));
    }
    world.leave("dev", "bo");
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 0 changes. 3 records are as they shall be.

Withheld (staged until allowed)
  The guard: 6 users would be deleted or deactivated (at most 5), 0 groups deleted (at most 5). Nothing that takes access away is sent. To let this run take away these 6 objects, allow 6 removals.
  # delete user u0@example.com [u0]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u1@example.com [u1]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u2@example.com [u2]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u3@example.com [u3]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u4@example.com [u4]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u5@example.com [u5]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # remove members Developers [dev]  because GM-12: are not in the directory's group; risk: takes access away; withheld: the guard lets no more be taken away

Held (nothing is done to these)
  ! MissingRequired, user cher (cher@example.com): name.familyName is required and has no value; fill in lastname in the directory
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory

Findings
  . EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory
"##,
    );
    world.policy.allowance = Some(3);
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 0 changes. 3 records are as they shall be.

Withheld (staged until allowed)
  The guard: 6 objects would be taken away, and 3 are allowed. Nothing that takes access away is sent. To let this run take away these 6 objects, allow 6 removals.
  # delete user u0@example.com [u0]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u1@example.com [u1]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u2@example.com [u2]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u3@example.com [u3]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u4@example.com [u4]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # delete user u5@example.com [u5]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the guard lets no more be taken away
  # remove members Developers [dev]  because GM-12: are not in the directory's group; risk: takes access away; withheld: the guard lets no more be taken away

Held (nothing is done to these)
  ! MissingRequired, user cher (cher@example.com): name.familyName is required and has no value; fill in lastname in the directory
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory

Findings
  . EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory
"##,
    );
}

#[test]
fn a_directory_that_is_not_complete() {
    let mut world = company();
    world.sync();
    world.delete_user("anna");
    world.leave("staff", "bo");
    world.delete_group("dev");
    world.suspend("bo");
    world.partial = Some(Incomplete::Declared);
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 0 changes. 0 records are as they shall be.

Withheld (staged until allowed)
  What rests on an absence in the source is lifted by no allowance, only by reading the source to its end.
  # deactivate user bo@example.com [bo]  because GM-20: is in no bound group and not bound directly; risk: takes access away; withheld: the source was not read to its end
  # remove members Staff [staff]  because GM-12: are not in the directory's group; risk: takes access away; withheld: the source was not read to its end

Held (nothing is done to these)
  ! MissingRequired, user cher (cher@example.com): name.familyName is required and has no value; fill in lastname in the directory
  ! GroupNameColon, group ops (Ops: EU): the group's name has a ':' at 3, which the service refuses; rename the group in the directory
  ! SourceIncomplete, user anna (anna@example.com): is not in the source, which was not read to its end, so nothing is concluded
  ! SourceIncomplete, group dev (Developers): is not in the source, which was not read to its end, so nothing is concluded

Findings
  . SourceIncomplete: the directory may not be complete, so nothing is taken away: it says of itself that it is not complete; read the directory again, to its end
  . EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory
"##,
    );
}

#[test]
fn an_empty_directory() {
    let mut world = company();
    world.sync();
    (world.users, world.groups, world.bound) = Default::default();
    assert_explains(
        &world.sync().explained(),
        r##"Plan: 0 changes. 0 records are as they shall be.

Withheld (staged until allowed)
  The source is empty although records are linked (SourceIncomplete). Nothing that takes access away is sent. To let this run take away these 4 objects, allow 4 removals.
  # delete user anna@example.com [anna]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the source is empty although records are linked
  # delete user bo@example.com [bo]  because IC-12: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the source is empty although records are linked
  # delete group Developers [dev]  because GM-22: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the source is empty although records are linked
  # delete group Staff [staff]  because GM-22: is no longer in the directory; risk: ends an id that permission sets may hang on; withheld: the source is empty although records are linked

Findings
  . SourceIncomplete: the source has no users and no groups, although some are linked, so nothing is taken away; remedy: read the source again, or allow the removals of this one run
"##,
    );
}

#[test]
fn nothing_to_do() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.sync();
    assert_explains(&world.sync().explained(), "Plan: 0 changes. 2 records are as they shall be.\n");
}
