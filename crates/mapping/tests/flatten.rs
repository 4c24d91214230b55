//! Nested groups: who is in a group by way of the groups in it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use idbridge_mapping::directory::{Application, Completeness, DirectoryId, Group, Incomplete, Lifecycle, Snapshot, User};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

fn id(text: impl Into<String>) -> DirectoryId {
    DirectoryId::new(text).unwrap()
}

/// A directory of groups, each with the numbers of its people and of the groups in it.
fn directory(groups: &[(Vec<usize>, Vec<usize>)]) -> Snapshot {
    let mut snapshot = Snapshot::new(Application::default());
    for (number, (people, inner)) in groups.iter().enumerate() {
        let mut group = Group::new(id(format!("g{number:06}")), "Staff");
        group.members = people.iter().map(|person| id(format!("u{person}"))).collect();
        group.groups = inner.iter().map(|inner| id(format!("g{inner:06}"))).collect();
        snapshot.insert_group(group);
    }
    snapshot
}

/// Everybody in `group`, as the definition has it: follow every way to its end. Also whether the way leads back, and what is missing.
fn naive(groups: &[(Vec<usize>, Vec<usize>)], group: usize) -> (BTreeSet<DirectoryId>, bool, BTreeSet<usize>) {
    let (mut members, mut seen, mut missing) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut open = vec![group];
    let mut leads_back = false;
    while let Some(next) = open.pop() {
        let Some((people, inner)) = groups.get(next) else {
            missing.insert(next);
            continue;
        };
        members.extend(people.iter().map(|person| id(format!("u{person}"))));
        leads_back |= inner.contains(&group);
        open.extend(inner.iter().filter(|inner| seen.insert(**inner)));
    }
    (members, leads_back, missing)
}

proptest! {
    /// The members are those of the definition, in circles too; each circle and each missing group is told, and nothing else.
    #[test]
    fn flattening_is_what_its_definition_says(
        groups in vec((vec(0..12_usize, 0..4), btree_set(0..11_usize, 0..4)), 0..10),
    ) {
        let groups: Vec<(Vec<usize>, Vec<usize>)> =
            groups.into_iter().map(|(people, inner)| (people, inner.into_iter().collect())).collect();
        let mut snapshot = directory(&groups);
        snapshot.flatten();
        let mut missing = BTreeSet::new();
        for (number, group) in snapshot.groups().values().enumerate() {
            let (members, leads_back, without) = naive(&groups, number);
            prop_assert_eq!(&group.members, &members, "group {}", number);
            let codes: Vec<_> = group.findings.iter().map(|finding| finding.code()).collect();
            prop_assert_eq!(codes, if leads_back { vec!["NestedInItself"] } else { vec![] }, "group {}", number);
            missing.extend(without);
        }
        let reasons = missing.into_iter().map(|group| Incomplete::NestedGroupMissing { group: id(format!("g{group:06}")) });
        let reasons: Vec<_> = reasons.collect();
        let expected = if reasons.is_empty() { Completeness::Complete } else { Completeness::Partial(reasons) };
        prop_assert_eq!(snapshot.completeness(), &expected);

        let once = snapshot.clone();
        snapshot.flatten();
        prop_assert_eq!(snapshot, once, "flattening again changes nothing");
    }
}

/// E-1: entitled is who is in a bound group, by way of another one too.
#[test]
fn e_01_a_person_in_a_group_in_a_bound_group_is_entitled() {
    let mut snapshot = directory(&[(vec![1], vec![1]), (vec![2], vec![2]), (vec![3, 4], vec![]), (vec![5], vec![0])]);
    for person in 1..=5 {
        let mut user = User::new(id(format!("u{person}")));
        user.lifecycle = if person == 4 { Lifecycle::Staged } else { Lifecycle::Active };
        snapshot.insert_user(user);
    }
    snapshot.application_mut().groups.insert(id("g000000"));
    assert_eq!(snapshot.entitled(), BTreeSet::from([&id("u1")]));
    snapshot.flatten();
    let entitled: Vec<_> = snapshot.entitled().into_iter().map(ToString::to_string).collect();
    assert_eq!(entitled, ["u1", "u2", "u3"], "not the staged person, and not who is in a group around the bound one");
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
}

/// A chain as long as a file can hold takes no stack and no time to speak of.
#[test]
fn a_chain_of_a_hundred_thousand_groups_is_flattened() {
    let last = 99_999;
    let groups: Vec<_> = (0..=last).map(|number| if number == last { (vec![7], vec![]) } else { (vec![], vec![number + 1]) }).collect();
    let mut snapshot = directory(&groups);
    snapshot.flatten();
    assert!(snapshot.groups().values().all(|group| group.members == BTreeSet::from([id("u7")])));
    assert!(snapshot.groups().values().all(|group| group.findings.is_empty()));
}

/// Where every group holds every other one, all have the same members, and each is told so.
#[test]
fn a_clique_is_one_circle() {
    let groups: Vec<_> = (0..400).map(|number| (vec![number], (0..400).collect())).collect();
    let mut snapshot = directory(&groups);
    snapshot.flatten();
    assert!(snapshot.groups().values().all(|group| group.members.len() == 400 && group.findings.len() == 1));
}

/// A circle of a hundred thousand groups with a person each comes to ten thousand million memberships: nobody is put in, nobody loses a membership,
/// and nothing may be concluded from who is not there. The group beside the circle is flattened all the same.
#[test]
fn what_comes_to_too_many_members_is_left_as_it_was_and_the_snapshot_is_partial() {
    let mut groups: Vec<_> = (0..100_000).map(|number| (vec![number], vec![(number + 1) % 100_000])).collect();
    groups.push((vec![], vec![100_001]));
    groups.push((vec![5], vec![]));
    let mut snapshot = directory(&groups);
    snapshot.flatten();
    let circle: Vec<_> = snapshot.groups().values().take(100_000).collect();
    assert!(circle.iter().all(|group| group.members.len() == 1 && group.findings[0].code() == "NestedInItself"));
    assert_eq!(snapshot.groups()["g100000"].members, BTreeSet::from([id("u5")]));
    let findings: Vec<_> = snapshot.findings().iter().map(ToString::to_string).collect();
    let expected = "the directory may not be complete, so nothing is taken away: 100000 groups hold other groups with more than 20000000 members \
                    in all, and are without them; read the directory again, to its end";
    assert_eq!(findings, [expected]);
}

/// Groups that all hold the same large groups are work for each pair of them, which counts against the limit even where few are put in.
#[test]
fn work_counts_against_the_limit_as_memberships_do() {
    let people: Vec<usize> = (0..2_000).collect();
    let leaves: Vec<usize> = (0..300).collect();
    let mut groups: Vec<_> = leaves.iter().map(|_| (people.clone(), vec![])).collect();
    groups.extend((0..50).map(|_| (vec![], leaves.clone())));
    let mut snapshot = directory(&groups);
    snapshot.flatten();
    let flat = snapshot.groups().values().skip(300).filter(|group| !group.members.is_empty()).count();
    assert_eq!(flat, 33, "20,000,000 / (300 * 2,000 to visit and 2,000 to put in)");
    let Completeness::Partial(reasons) = snapshot.completeness() else { panic!("complete") };
    assert_eq!(*reasons, [Incomplete::MembersOverLimit { groups: 17, most: 20_000_000 }]);
}
