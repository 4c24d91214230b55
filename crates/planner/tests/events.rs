//! Events: what a plan of the records that one touches does is what a full plan does to these records.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::moment::{Moment, Says, SaysOfGroup, complete, moment, user_key};
use common::{Place, group_key, policy};
use idbridge_planner::{Answer, Desired, Event, Key, LastSent, Observed, OperationKind, Plan, Scope, State, UserKey, plan, plan_within};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::RngSeed;
use proptest::{prop_assert, prop_assert_eq};

/// One thing that happens: to whom, of all that a moment knows, and as it stands in another moment.
#[derive(Debug, Clone)]
enum Happening {
    User(usize),
    Group(usize),
    Membership { group: usize, user: usize, joins: bool },
    Switch,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        8 => (0..12_usize).prop_map(Happening::User),
        4 => (0..5_usize).prop_map(Happening::Group),
        4 => (0..5_usize, 0..12_usize, any::<bool>()).prop_map(|(group, user, joins)| Happening::Membership { group, user, joins }),
        1 => proptest::prelude::Just(Happening::Switch),
    ]
}

/// The event for what happens, as `after` says it; nothing where the directory tells of no such event.
fn event(happening: &Happening, desired: &Desired, after: &Moment) -> Option<Event> {
    Some(match happening {
        Happening::User(number) => {
            let key = user_key(*number);
            let known = desired.users().any(|(known, _)| *known == key);
            match (&after.people[*number], after.people[*number].answer(*number)) {
                (Says::Nothing, _) if known => Event::UserDeleted { key },
                (_, None) => return None,
                (_, Some(answer)) if !known => Event::UserCreated { key, answer },
                (Says::Want { is_active: false, .. }, Some(answer)) => Event::UserSuspended { key, answer },
                (Says::Want { title: 0, .. }, Some(answer)) => Event::UserActivated { key, answer },
                (_, Some(answer)) => Event::UserUpdated { key, answer },
            }
        }
        Happening::Group(number) => {
            let key = group_key(&format!("g{number}"));
            let known = desired.groups().any(|(known, _)| *known == key);
            // The answers of the members come along, as they are.
            let members = [SaysOfGroup::answer(&after.groups[*number], *number), Some(desired.group(&key))].into_iter().flatten();
            let members = members.filter_map(|answer| if let Answer::Want(group) = answer { Some(group.members) } else { None }).flatten();
            let users = members.filter(|user| desired.users().any(|(known, _)| known == user));
            let users = users.map(|user| (user.clone(), desired.user(&user))).collect();
            match (&after.groups[*number], after.groups[*number].answer(*number)) {
                (SaysOfGroup::Nothing, _) if known => Event::GroupDeleted { key, users },
                (_, None) => return None,
                (_, Some(answer)) if !known => Event::GroupCreated { key, answer },
                (SaysOfGroup::Present, Some(answer)) => Event::GroupDisassociated { key, answer, users },
                (SaysOfGroup::Want { name, .. }, Some(answer)) if name % 2 == 0 => Event::GroupAssociated { key, answer, users },
                (_, Some(answer)) => Event::GroupRenamed { key, answer },
            }
        }
        Happening::Membership { group, user, joins } => {
            let (group, user) = (group_key(&format!("g{group}")), user_key(*user));
            let answer = desired.users().find(|(key, _)| **key == user).map(|(_, answer)| answer.clone())?;
            match joins {
                true => Event::MembershipAdded { group, user, answer },
                false => Event::MembershipRemoved { group, user, answer },
            }
        }
        Happening::Switch => Event::ManagementSwitched,
    })
}

/// All that the service holds.
fn everything(place: &Place) -> Observed {
    let mut observed = Observed::default();
    place.service.users().for_each(|user| observed.users_mut().see(user.clone()));
    place.service.groups().for_each(|group| observed.groups_mut().see(group.clone()));
    observed.users_mut().complete();
    observed.groups_mut().complete();
    for group in place.service.groups().filter_map(|group| group.id()) {
        observed.set_members(group.clone(), place.service.members(&group).into_iter().collect());
    }
    observed
}

/// What a plan does, of these records and memberships alone.
fn restricted(plan: &Plan, scope: &Scope) -> Vec<(Key, String)> {
    let of_memberships = |key: &Key| match key {
        Key::Group(key) => scope.memberships().find(|(group, _)| *group == key).map(|(_, users)| users),
        Key::User(_) => None,
    };
    let operations = plan.operations().iter().filter_map(|operation| {
        let mut kind = operation.kind.clone();
        if !scope.contains(&operation.key) {
            let touched = of_memberships(&operation.key)?;
            let keep = |users: &mut Vec<UserKey>| {
                users.retain(|user| touched.contains(user));
                users.is_empty()
            };
            let is_empty = match &mut kind {
                OperationKind::AddMembers { users } => keep(users),
                OperationKind::RemoveMembers { users, unmanaged } => {
                    unmanaged.clear();
                    keep(users)
                }
                _ => return None,
            };
            if is_empty {
                return None;
            }
        }
        Some((operation.key.clone(), format!("{kind:?} because {}", operation.because)))
    });
    operations.collect()
}

/// The same cases every time; `IDBRIDGE_CASES=10000` tries more of them.
fn config() -> ProptestConfig {
    let cases = std::env::var("IDBRIDGE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300);
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// GM-13. Operations before guards: what an event does is what a full plan does to the keys that it touches, also while other changes are still to be
    /// made.
    #[test]
    fn gm_13_an_event_does_what_a_full_plan_does_to_what_it_touches(
        before in moment(), pending in moment(), after in moment(), is_pending in any::<bool>(), sees in any::<bool>(),
        happenings in proptest::collection::vec(happening(), 1..4),
    ) {
        let mut place = Place::new();
        let mut policy = policy();
        policy.allowance = Some(1000);
        place.sync(&complete(&before), &policy);
        let mut desired = complete(if is_pending { &pending } else { &before });
        let observed = if sees { everything(&place) } else { Observed::default() };
        for happening in happenings {
            let Some(event) = event(&happening, &desired, &after) else { continue };
            let name = event.name();
            let scope = desired.apply(event, &place.state);
            let last_sent = place.last_sent(&desired);
            let full = plan(&desired, &observed, &place.state, &last_sent, &policy, place.now);
            let part = plan_within(&scope, &desired, &observed, &place.state, &last_sent, &policy, place.now);
            let scope = part.scope();
            prop_assert_eq!(
                restricted(&part, scope), restricted(&full, scope),
                "{} {:?}\nfull {}\npart {}", name, scope, full.explain(), part.explain()
            );
            let needed: Vec<Key> = LastSent::needed(&desired, &place.state).into_iter().filter(|key| scope.contains(key)).collect();
            prop_assert_eq!(LastSent::needed_within(scope, &desired, &place.state), needed);
        }
    }

    /// A directory that is told event by event is the one that is told at once.
    #[test]
    fn events_make_the_directory_that_is_read(before in moment(), after in moment()) {
        let mut desired = complete(&before);
        for number in 0..12 {
            if let Some(event) = event(&Happening::User(number), &desired, &after) {
                desired.apply(event, &State::default());
            }
        }
        for number in 0..5 {
            if let Some(event) = event(&Happening::Group(number), &desired, &after) {
                desired.apply(event, &State::default());
            }
        }
        prop_assert_eq!(&desired, &complete(&after));
        prop_assert!(desired.users().map(|(key, _)| key).is_sorted());
    }
}
