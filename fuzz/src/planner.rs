//! The laws of the planner.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use idbridge_planner::{
    Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, ErrorKind, Event, Evidence, Finding, GroupKey,
    GroupManagement, LastSent, Machine, Observed, Operation, Plan, Policy, Presence, Run, SavedPlan, Scope, State, Step, UserKey, plan,
    plan_within,
};
use idbridge_scim::protocol::{Body, Reply, Request};
use idbridge_scim::{Profile, Rates, Resource};

/// Records of a state, one a line, key and value apart by a tab: restoring does not panic, and what is restored can be planned over.
pub fn state(data: &[u8]) {
    let records = data.split(|byte| *byte == b'\n').map(|line| {
        let mut parts = line.splitn(2, |byte| *byte == b'\t');
        let key = parts.next().unwrap_or_default();
        (String::from_utf8_lossy(key).into_owned(), parts.next().unwrap_or_default().to_vec())
    });
    if let Ok(state) = State::restore(records) {
        let plan = planned(&Scope::all(), &Desired::new(Coverage::Complete), &state);
        drop(plan.explain().to_string());
    }
}

/// Whatever happens in a directory: an event does to what it touches as much as a full plan does, and the two tell the same directory.
///
/// Three bytes are an event: what happens, to whom, and how it is then. A zero byte in the first place carries out what is planned.
pub fn events(data: &[u8]) {
    told(data, |scope, desired, state| {
        let (full, part) = (planned(&Scope::all(), desired, state), planned(scope, desired, state));
        let touched = |plan: &Plan| -> Vec<Operation> {
            let mut touched: Vec<Operation> =
                plan.operations().iter().filter(|operation| part.scope().contains(&operation.key)).cloned().collect();
            for operation in &mut touched {
                operation.requires.clear();
                operation.after.clear();
            }
            touched
        };
        assert_eq!(touched(&part), touched(&full), "an event does what a full plan does to what it touches");
    });
}

/// What begins with a brace is a file: whatever it holds, it can be read or refused, and what was read can be run and written. Its digest is made to
/// fit, so that what lies behind it is read as well.
///
/// Anything else are events: the plan behind them is read back as it was saved, and no byte of it can be another one.
pub fn saved_plan(data: &[u8]) {
    if data.starts_with(b"{") {
        let file = with_its_digest(data);
        for file in [data, &file] {
            let Ok(saved) = SavedPlan::from_json(file, &State::default(), &policy()) else { continue };
            drop((saved.plan().explain().to_string(), carried_out(saved.plan(), State::default())));
            assert_eq!(SavedPlan::from_json(saved.to_json().as_bytes(), &State::default(), &policy()), Ok(saved));
        }
        return;
    }
    let mut scope = Scope::all();
    let (desired, state) = told(data, |touched, _, _| scope = touched.clone());
    let saved = SavedPlan::new(planned(&scope, &desired, &state), &desired, &state, &allowing());
    let mut json = saved.to_json().into_bytes();
    let read = SavedPlan::from_json(&json, &state, &allowing());
    assert!(read.as_ref().is_ok_and(|read| read.is_made_from(&desired)));
    assert_eq!(read.as_ref(), Ok(&saved));
    let place = data.iter().fold(0, |sum: usize, byte| sum.wrapping_mul(257).wrapping_add(usize::from(*byte))) % json.len();
    json[place] ^= data.last().map_or(1, |byte| 1 << (byte % 8));
    assert!(SavedPlan::from_json(&json, &state, &allowing()).is_err(), "the byte at {place} was changed");
}

/// The file with the digest of what stands before it, as the reader tells it of one that does not fit.
fn with_its_digest(file: &[u8]) -> Vec<u8> {
    const KEY: &[u8] = b",\"digest\":\"";
    let end = file.windows(KEY.len()).rposition(|window| window == KEY).unwrap_or(file.len());
    let with = |digest: &str| [&file[..end], KEY, digest.as_bytes(), b"\"}"].concat();
    let blank = with(&"0".repeat(32));
    match SavedPlan::from_json(&blank, &State::default(), &policy()).map_err(|error| error.kind().clone()) {
        Err(ErrorKind::SavedPlanAltered { found, .. }) => with(&found.to_string()),
        _ => blank,
    }
}

/// Tells a directory what happens, event by event, with what each touches; what there is in the end.
fn told(data: &[u8], mut seen: impl FnMut(&Scope, &Desired, &State)) -> (Desired, State) {
    let mut desired = Desired::new(Coverage::Complete);
    desired.manage_user(["userName", "externalId", "active", "title"].map(|path| path.parse().expect("an attribute")).into());
    desired.manage_group(vec!["displayName".parse().expect("an attribute")]);
    let mut state = State::default();
    for chunk in data.chunks_exact(3).take(64) {
        let &[what, who, how] = chunk else { break };
        if what == 0 {
            state = carried_out(&planned(&Scope::all(), &desired, &state), state);
            continue;
        }
        let scope = desired.apply(event(what, who, how, &desired), &state);
        seen(&scope, &desired, &state);
    }
    (desired, state)
}

fn event(what: u8, who: u8, how: u8, desired: &Desired) -> Event {
    let (key, group) = (UserKey::from(format!("u{}", who % 16)), GroupKey::from(format!("g{}", who % 4)));
    let user = UserKey::from(format!("u{}", how % 16));
    let users = || {
        let Answer::Want(wanted) = desired.group(&group) else { return Vec::new() };
        wanted.members.into_iter().map(|user| (user.clone(), desired.user(&user))).collect()
    };
    match what % 11 {
        0 => Event::UserCreated { answer: person(&key, how), key },
        1 => Event::UserUpdated { answer: person(&key, how), key },
        2 => Event::UserSuspended { answer: person(&key, how | 16), key },
        3 => Event::UserActivated { answer: person(&key, how & !16), key },
        4 => Event::UserDeleted { key },
        5 => Event::GroupCreated { answer: team(how), key: group },
        6 => Event::GroupRenamed { answer: team(how), key: group },
        7 => Event::GroupDeleted { users: users(), key: group },
        8 => Event::GroupDisassociated {
            answer: Answer::Present(Presence::new(Because::new("GM-16", "is not bound"), Evidence::Absence)),
            users: users(),
            key: group,
        },
        9 => Event::MembershipAdded { answer: desired.user(&user), group, user },
        _ => Event::MembershipRemoved { answer: desired.user(&user), group, user },
    }
}

/// The low bits are the name, which several may want; then whether they are active, wanted, or held.
fn person(key: &UserKey, how: u8) -> Answer<DesiredUser> {
    if how >= 224 {
        return Answer::Hold(vec![Finding::new("Held", "is held by the law")]);
    }
    if how >= 192 {
        return Answer::Present(Presence::new(Because::new("GM-20", "is in no bound group"), Evidence::Record));
    }
    let mut user = Resource::new();
    user.attributes_mut().set("userName", format!("Name{}@example.com", how % 8));
    user.attributes_mut().set("externalId", key.as_str());
    user.attributes_mut().set("active", how & 16 == 0);
    user.attributes_mut().set("title", format!("Title {}", how / 64));
    Answer::Want(DesiredUser::new(user))
}

fn team(how: u8) -> Answer<DesiredGroup> {
    let mut group = Resource::new();
    group.attributes_mut().set("displayName", format!("Group {}", how % 4));
    let members: BTreeSet<UserKey> = (0..how / 16).map(|number| UserKey::from(format!("u{number}"))).collect();
    Answer::Want(DesiredGroup::new(group, members))
}

fn planned(scope: &Scope, desired: &Desired, state: &State) -> Plan {
    let (policy, mut observed) = (allowing(), Observed::default());
    // Nobody is there but who is linked, and of them enough is remembered.
    observed.users_mut().complete();
    observed.groups_mut().complete();
    if scope.is_all() {
        return plan(desired, &observed, state, &LastSent::default(), &policy, now());
    }
    plan_within(scope, desired, &observed, state, &LastSent::default(), &policy, now())
}

/// Later than the guard's window is long, so that there is a time before it.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

fn policy() -> Policy {
    let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    policy.rates = Rates::new(1e6, 1e6).unwrap_or(policy.rates);
    policy
}

/// The same, with as many removals as there may be.
fn allowing() -> Policy {
    let mut policy = policy();
    policy.allowance = Some(usize::MAX);
    policy
}

/// The state behind a run over a service that takes everything.
fn carried_out(plan: &Plan, state: State) -> State {
    let mut run = Run::new(plan, state, &policy(), 0);
    let mut now = now();
    loop {
        match run.next_step(now) {
            Step::Store(_) => {}
            Step::Send { id, request } => {
                let body = match request {
                    Request::Create { resource_type, mut resource, .. } => {
                        // One identifier for each name that the service has, as it would give them.
                        let name = resource.text("userName").or_else(|| resource.text("displayName")).unwrap_or_default().to_owned();
                        let id =
                            format!("{}-{}-{name}", resource_type.endpoint(), run.state().linked_users() + run.state().linked_groups());
                        resource.attributes_mut().set("id", id);
                        Body::Resource(Box::new(resource))
                    }
                    _ => Body::Empty,
                };
                run.handle_delivery(id, Delivery::Answered(Reply::new(200, body)), now);
            }
            Step::Wait { until } => now = until,
            Step::Blocked | Step::Done => return run.into_state(),
        }
    }
}
