//! A plan that is kept is the plan that was made, and is refused over anything else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::{Place, desired, group_key, key, partial, policy, user, wanted, wanted_group};
use idbridge_planner::{
    Answer, Because, Coverage, Desired, DesiredUser, Digest, ErrorKind, Evidence, Finding, GroupManagement, Plan, Policy, Presence,
    Protection, SavedPlan, State, StateChange, UnmanagedMembers,
};
use idbridge_scim::UpdateMethod;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::test_runner::RngSeed;
use proptest::{prop_assert, prop_assert_eq};

/// A company at one moment, made of numbers: what the directory says of each of eight people and three groups.
fn company(people: &[u8], groups: &[u8], is_partial: bool) -> Desired {
    let mut desired = if is_partial { partial() } else { desired() };
    for (number, says) in people.iter().enumerate() {
        let id = format!("u{number}");
        let answer = match says % 8 {
            0 => continue,
            1 => Answer::Hold(vec![Finding::new("Held", "is held by the test")]),
            2 => Answer::Present(Presence::new(Because::new("GM-20", "is in no bound group"), Evidence::Record)),
            says => {
                let mut resource = user(&id, &format!("name{}", (number + usize::from(says / 6)) % 8));
                resource.attributes_mut().set("title", format!("Title {}", says / 3));
                resource.attributes_mut().set("active", says != 7);
                Answer::Want(DesiredUser::new(resource).entitled_by("in Staff"))
            }
        };
        desired.set_user(key(&id), answer);
    }
    for (number, says) in groups.iter().enumerate() {
        let id = format!("g{number}");
        let members: Vec<String> = (0..8).filter(|member| says >> member & 1 == 1).map(|member| format!("u{member}")).collect();
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        match says % 5 {
            0 => {}
            1 => {
                let presence = Presence::new(Because::new("GM-16", "is not bound"), Evidence::Absence);
                desired.set_group(group_key(&id), Answer::Present(presence));
            }
            says => desired.set_group(group_key(&id), wanted_group(&id, &format!("Group {}", (number + usize::from(says)) % 3), &members)),
        }
    }
    desired
}

/// A place at which `desired` was synced, with everything allowed.
fn synced(desired: &Desired) -> Place {
    let mut place = Place::new();
    let mut policy = policy();
    policy.allowance = Some(100);
    place.sync(desired, &policy);
    place
}

/// One change behind a first sync, so that a plan has something of everything.
fn planned() -> (Place, Desired, Plan, State) {
    let mut place = synced(&company(&[3, 3, 4, 5], &[12, 13, 14], false));
    let after = company(&[6, 7, 0, 1, 3], &[14, 11, 0], false);
    let (plan, state) = place.look(&after, &policy());
    assert!(plan.operations().len() > 3, "{}", plan.explain());
    (place, after, plan, state)
}

fn refused(json: &str, state: &State, policy: &Policy) -> String {
    SavedPlan::from_json(json.as_bytes(), state, policy).unwrap_err().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    /// A plan that was kept is equal to the one that was made, byte for byte, and its run sends the same requests and ends with the same state.
    #[test]
    fn a_kept_plan_is_the_plan(
        before in (vec(any::<u8>(), 8), vec(any::<u8>(), 3)), after in (vec(any::<u8>(), 8), vec(any::<u8>(), 3)), is_partial in any::<bool>(),
        later in 0..2_000_000_u64, forgets in any::<bool>(), allowance in any::<bool>()
    ) {
        let mut policy = policy();
        policy.allowance = allowance.then_some(100);
        let mut place = synced(&company(&before.0, &before.1, false));
        place.now += Duration::from_nanos(later * 100_003_001);
        if forgets {
            (place.state, place.store) = Default::default();
        }
        let desired = company(&after.0, &after.1, is_partial);
        let (plan, state) = place.look(&desired, &policy);
        let saved = SavedPlan::new(plan.clone(), &desired, &state, &policy);
        let json = saved.to_json();
        let read = SavedPlan::from_json(json.as_bytes(), &state, &policy).unwrap();
        prop_assert_eq!(read.plan(), &plan);
        prop_assert_eq!(read.plan().explain().to_string(), plan.explain().to_string());
        prop_assert!(read.is_made_from(&desired));
        prop_assert_eq!(read.to_json(), json);
        let (service, store, now) = (place.service.clone(), place.store.clone(), place.now);
        let sent = place.carry_out(&plan, state.clone(), &policy);
        let ends = std::mem::take(&mut place.state);
        (place.service, place.store, place.now) = (service, store, now);
        prop_assert_eq!(place.carry_out(read.plan(), state, &policy), sent);
        prop_assert_eq!(&place.state, &ends);
    }
}

/// Other programs find the operations by the names that the API has.
#[test]
fn other_programs_can_read_it() {
    let mut place = Place::new();
    let mut wanted_now = desired();
    wanted_now.set_user(key("anna"), wanted("anna", "anna"));
    wanted_now.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    let (plan, state) = place.look(&wanted_now, &policy());
    let json = SavedPlan::new(plan, &wanted_now, &state, &policy()).to_json();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&read["format"], &read["version"]), (&"idbridge plan".into(), &1.into()));
    let operations = &read["plan"]["operations"];
    assert_eq!((&operations[0]["kind"]["name"], &operations[1]["kind"]["name"]), (&"createUser".into(), &"createGroup".into()));
    assert_eq!(operations[0]["because"]["rule"], "UL-01");
    assert_eq!((&operations[0]["key"]["user"], &operations[1]["after"][0]), (&"anna".into(), &0.into()));
    assert_eq!((&read["cost"]["requests"]["CreateUser"], &read["policy"]["guard.least"]), (&1.into(), &"5".into()));
    assert!(json.starts_with(r#"{"format":"idbridge plan","version":1,"state":""#), "{json}");
}

/// Cut anywhere, it is refused with the place; and so is whatever else is no saved plan.
#[test]
fn a_damaged_plan_is_refused_with_the_place() {
    let (_, desired, plan, state) = planned();
    let json = SavedPlan::new(plan, &desired, &state, &policy()).to_json();
    for end in (0..json.len()).step_by(7) {
        let error = SavedPlan::from_json(&json.as_bytes()[..end], &state, &policy()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SavedPlan { line, column, .. } if *line <= 1 && *column <= end + 1), "{end}: {error}");
    }
    let cases = [
        ("", "the saved plan cannot be read at line 1, column 0: EOF while parsing a value; plan again"),
        ("{}", r#"the saved plan cannot be read at line 1, column 1: expected the format "idbridge plan", found ""; plan again"#),
        ("{\"a\":\n2]", "the saved plan cannot be read at line 2, column 2: expected `,` or `}`; plan again"),
        (r#"{"format":"idbridge plan","version":2}"#, "the saved plan is of version 2, and this program reads version 1; plan again"),
        (
            r#"{"format":"idbridge plan","version":1}"#,
            "the saved plan cannot be read at line 1, column 39: expected its digest at the end; plan again",
        ),
    ];
    for (json, words) in cases {
        assert_eq!(refused(json, &state, &policy()), words);
    }
    let error = SavedPlan::from_json(b"{\"\xff", &state, &policy()).unwrap_err().to_string();
    assert_eq!(error, "the saved plan cannot be read at line 1, column 3: expected UTF-8; plan again");
}

/// Every byte counts: none can be another one, be it in a value, a name or a space.
#[test]
fn an_altered_plan_is_refused() {
    let (_, desired, plan, state) = planned();
    let json = SavedPlan::new(plan, &desired, &state, &policy()).to_json();
    for place in (0..json.len()).step_by(3) {
        let mut bytes = json.clone().into_bytes();
        bytes[place] ^= 1;
        assert!(SavedPlan::from_json(&bytes, &state, &policy()).is_err(), "at {place}");
    }
    // A digest is written in one way.
    let digest = json.rfind(|letter: char| letter.is_ascii_lowercase()).unwrap();
    let mut bytes = json.clone().into_bytes();
    bytes[digest].make_ascii_uppercase();
    assert!(SavedPlan::from_json(&bytes, &state, &policy()).is_err());
    assert!(Digest::try_from("+f".repeat(16)).is_err());
    let altered = json.replacen("Title 2", "Title 3", 1);
    assert_ne!(altered, json);
    let error = SavedPlan::from_json(altered.as_bytes(), &state, &policy()).unwrap_err();
    let ErrorKind::SavedPlanAltered { expected, found } = error.kind() else { panic!("{error}") };
    assert_eq!(error.to_string(), format!("the saved plan was altered: its digest says {expected}, its content {found}; plan again"));
    assert!(SavedPlan::from_json(format!("{json}\n").as_bytes(), &state, &policy()).is_ok());
}

/// With a digest of its own, a plan whose places or shapes are wrong is an error all the same.
#[test]
fn a_forged_plan_makes_no_panic() {
    let (_, desired, plan, state) = planned();
    let json = SavedPlan::new(plan, &desired, &state, &policy()).to_json();
    let forge = |from: &str, to: &str| {
        let body = json.rsplit_once(",\"digest\":\"").unwrap().0.replacen(from, to, 1);
        let digest = digest_of(&body);
        assert!(body.contains(to), "{from} is not in {json}");
        refused(&format!("{body},\"digest\":\"{digest}\"}}"), &state, &policy())
    };
    assert!(forge(r#""requires":["#, r#""requires":[99,"#).contains("expected the place of one of "));
    assert!(forge(r#""name":"createUser""#, r#""name":"burn""#).contains("unknown variant `burn`"));
    assert!(forge(r#""unchanged":"#, r#""colour":1,"unchanged":"#).contains("unknown field `colour`"));
    assert!(forge(r#""managedUser":["#, r#""managedUser":["a b","#).contains("expected an attribute name"));
}

/// The digest of a text, as the reader tells it of a text with a wrong one.
fn digest_of(text: &str) -> Digest {
    let asked = format!("{text},\"digest\":\"{}\"}}", "0".repeat(32));
    match SavedPlan::from_json(asked.as_bytes(), &State::default(), &policy()).unwrap_err().kind() {
        ErrorKind::SavedPlanAltered { found, .. } => *found,
        other => panic!("{other}"),
    }
}

/// Another service, another state, another policy: each refusal says which, and what to do.
#[test]
fn other_inputs_are_refused() {
    let (_, desired, plan, mut state) = planned();
    state.apply(&StateChange::ServiceNamed { service: "/a/scim/v2".to_owned() });
    let json = SavedPlan::new(plan, &desired, &state, &policy()).to_json();
    let begin = "the saved plan was made of other inputs: ";

    let mut other = state.clone();
    other.apply(&StateChange::ServiceNamed { service: "/b/scim/v2".to_owned() });
    assert_eq!(
        refused(&json, &other, &policy()),
        format!(r#"{begin}the service was "/a/scim/v2" and is "/b/scim/v2"; apply it over the state of its own service"#)
    );
    let changes = [
        StateChange::Settled { key: key("u0").into() },
        StateChange::UserUnlinked { key: key("u0") },
        StateChange::GroupReleased { key: group_key("g0") },
        StateChange::MembersUnknown { key: group_key("g0") },
        StateChange::MembersChanged { key: group_key("g0"), added: [key("u7")].into(), removed: [].into() },
        StateChange::Searched { key: key("u9").into(), name: "nine".to_owned() },
        StateChange::Removed { key: key("u9").into(), at: common::now(), deleted: true },
        StateChange::Blocked { at: common::now() },
        StateChange::Intended { key: key("u0").into(), intent: idbridge_planner::Intent::Change },
    ];
    for (place, change) in changes.iter().enumerate() {
        let mut other = state.clone();
        other.apply(change);
        let answer = SavedPlan::from_json(json.as_bytes(), &other, &policy());
        if place == 0 {
            // There is nothing to settle, so nothing has changed.
            assert!(answer.is_ok());
            continue;
        }
        let (then, now) = (state.fingerprint(), other.fingerprint());
        assert_eq!(
            answer.unwrap_err().to_string(),
            format!("{begin}the state was {then} and is {now}; something was synced since; plan again"),
            "{change:?}"
        );
    }
    type Change = (&'static str, fn(&mut Policy));
    let changes: [Change; 10] = [
        ("allowance was none and is 3", |policy| policy.allowance = Some(3)),
        ("groups was On and is Off", |policy| policy.groups = GroupManagement::Off),
        ("guard.least was 5 and is 7", |policy| policy.guard.least = 7),
        ("guard.share was 0.2 and is 0.5", |policy| policy.guard.share = 0.5),
        ("guard.window was 86400s and is 60s", |policy| policy.guard.window = Duration::from_secs(60)),
        ("members_per_request was 100 and is 10", |policy| policy.members_per_request = 10),
        ("page_caps was [50, 100] and is []", |policy| policy.page_caps.clear()),
        ("unmanaged_members was Leave and is Remove", |policy| policy.unmanaged_members = UnmanagedMembers::Remove),
        ("user_update was Patch and is Put", |policy| policy.user_update = UpdateMethod::Put),
        (r#"protected was nothing and is user externalId "u1""#, |policy| policy.protected.user(Protection::ExternalId("u1".to_owned()))),
    ];
    for (words, change) in changes {
        let mut other = policy();
        change(&mut other);
        assert_eq!(refused(&json, &state, &other), format!("{begin}the policy's {words}; set it as it was, or plan again"));
    }
    // How fast decides nothing.
    let mut other = policy();
    (other.in_flight, other.attempts, other.rates.writes) = (1, 2, 3.0);
    assert!(SavedPlan::from_json(json.as_bytes(), &state, &other).is_ok());
}

/// Whoever reads the directory again is told whether it still wants the same.
#[test]
fn another_directory_is_told_apart() {
    let (_, desired, plan, state) = planned();
    let saved = SavedPlan::new(plan, &desired, &state, &policy());
    assert!(saved.is_made_from(&desired) && saved.is_made_from(&desired.clone()));
    let mut others = vec![Desired::new(Coverage::Complete); 6];
    others.fill(desired.clone());
    others[0].set_user(key("u0"), Answer::Absent);
    others[1].set_user(key("u0"), Answer::Hold(Vec::new()));
    others[2].set_group(group_key("g0"), wanted_group("g0", "Group 2", &["u7"]));
    others[3].report(Finding::new("Late", "the directory was read a day ago"));
    others[4].manage_user(vec!["title".parse().unwrap()]);
    others[5] = company(&[6, 7, 0, 1, 3], &[14, 11, 0], true);
    for (place, other) in others.iter().enumerate() {
        assert!(!saved.is_made_from(other), "{place}");
    }
}
