//! What planning costs, as a ratio to a floor measured in the same run, because machines are noisy.
//!
//! ```text
//! cargo bench -p idbridge-benches               10,000 users
//! cargo bench -p idbridge-benches -- --quick    1,000 users, to see that it runs
//! ```
//!
//! | measured | floor |
//! | --- | --- |
//! | directory JSON to `Desired` | the same text into bare structs by serde |
//! | a first plan | a hash join of the same people over borrowed strings |
//! | a plan with nothing to do | the same |

mod measure;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::SystemTime;

use idbridge_application::desired;
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::jumpcloud;
use idbridge_planner::{Delivery, Desired, GroupManagement, LastSent, Machine, Observed, Policy, Run, State, Step, plan};
use idbridge_scim::protocol::{Body, Reply, Request};
use idbridge_scim::{Profile, Rates};
use measure::{compare, is_quick, say};
use serde::Deserialize;

fn main() {
    let users = if is_quick() { 1_000 } else { 10_000 };
    let text = directory(users);
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let Some(wanted) = read(&text, &rules, &profile) else {
        return say("the directory of the benchmark cannot be read");
    };
    let mut policy = Policy::new(&profile, GroupManagement::On);
    policy.rates = Rates::new(1e9, 1e9).unwrap_or(policy.rates);
    let mut nothing_there = Observed::default();
    nothing_there.users_mut().complete();
    nothing_there.groups_mut().complete();
    let now = SystemTime::UNIX_EPOCH;
    let first = || plan(&wanted, &nothing_there, &State::default(), &LastSent::default(), &policy, now);
    let state = synced(&first(), &policy);
    assert!(plan(&wanted, &Observed::default(), &state, &LastSent::default(), &policy, now).is_empty(), "a second plan has nothing to do");

    assert!(bare(&text).is_some(), "the floor reads the text");
    say(&format!("{users} users, {} bytes of directory", text.len()));
    compare("directory JSON to Desired / serde", || drop(black_box(read(&text, &rules, &profile))), || drop(black_box(bare(&text))));
    compare("first plan / hash join", || drop(black_box(first())), || drop(black_box(join(&wanted, &HashMap::new()))));
    let linked: HashMap<&str, &str> = state.users().map(|(key, link)| (key.as_str(), &*link.user_name)).collect();
    compare(
        "plan with nothing to do / hash join",
        || drop(black_box(plan(&wanted, &Observed::default(), &state, &LastSent::default(), &policy, now))),
        || drop(black_box(join(&wanted, &linked))),
    );
}

/// A directory of people who are all in one of several groups of a hundred.
fn directory(users: usize) -> String {
    let mut text = String::from("{\"systemusers\":[");
    for user in 0..users {
        let comma = if user == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"_id\":\"u{user:023}\",\"username\":\"user{user}\",\"email\":\"user{user}@example.com\",\"firstname\":\"First{user}\",\
             \"lastname\":\"Last{user}\",\"state\":\"ACTIVATED\",\"activated\":true,\"suspended\":false,\"jobTitle\":\"Engineer\",\
             \"department\":\"Platform\",\"company\":\"Example\",\"employeeIdentifier\":\"E-{user}\",\"addresses\":[{{\"type\":\"work\",\
             \"streetAddress\":\"{user} Main St\",\"locality\":\"Denver\",\"region\":\"CO\",\"postalCode\":\"80202\",\"country\":\"US\"}}],\
             \"phoneNumbers\":[{{\"type\":\"work\",\"number\":\"+1 303 555 0100\"}}]}}"
        );
    }
    text.push_str("],\"usergroups\":[");
    let groups = users.div_ceil(100);
    for group in 0..groups {
        let comma = if group == 0 { "" } else { "," };
        let members: Vec<String> = (group * 100..users.min(group * 100 + 100)).map(|user| format!("\"u{user:023}\"")).collect();
        let _ = write!(text, "{comma}{{\"id\":\"g{group:023}\",\"name\":\"Group {group}\",\"members\":[{}]}}", members.join(","));
    }
    let bound: Vec<String> = (0..groups).map(|group| format!("\"g{group:023}\"")).collect();
    let _ = write!(text, "],\"application\":{{\"usergroups\":[{}]}}}}", bound.join(","));
    text
}

fn read(text: &str, rules: &RuleSet, profile: &Profile) -> Option<Desired> {
    let snapshot = jumpcloud::read(text.as_bytes()).ok()?;
    Some(desired(&snapshot, rules, profile))
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct Bare<'a> {
    #[serde(borrow)]
    systemusers: Vec<BareUser<'a>>,
    #[serde(borrow)]
    usergroups: Vec<BareGroup<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareUser<'a> {
    #[serde(rename = "_id")]
    id: &'a str,
    username: &'a str,
    email: &'a str,
    firstname: &'a str,
    lastname: &'a str,
    state: &'a str,
    suspended: bool,
    job_title: &'a str,
    department: &'a str,
    company: &'a str,
    employee_identifier: &'a str,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareGroup<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(borrow)]
    members: BTreeSet<&'a str>,
}

fn bare(text: &str) -> Option<Bare<'_>> {
    serde_json::from_str(text).ok()
}

/// The floor of a plan: who is new, who has another name, by a hash of the keys.
fn join<'a>(wanted: &'a Desired, linked: &HashMap<&str, &str>) -> Vec<&'a str> {
    let names = wanted.users().filter_map(|(key, answer)| match answer {
        idbridge_planner::Answer::Want(user) => Some((key.as_str(), user.resource.text("userName")?)),
        _ => None,
    });
    names.filter(|(key, name)| linked.get(key) != Some(name)).map(|(key, _)| key).collect()
}

/// The state behind a run of `plan` over a service that takes everything.
fn synced(plan: &idbridge_planner::Plan, policy: &Policy) -> State {
    let mut run = Run::new(plan, State::default(), policy, 0);
    let mut now = SystemTime::UNIX_EPOCH;
    let mut created = 0;
    loop {
        match run.next_step(now) {
            Step::Store(_) => {}
            Step::Send { id, request } => {
                let body = match request {
                    Request::Create { mut resource, .. } => {
                        created += 1;
                        resource.attributes_mut().set("id", format!("id-{created}"));
                        Body::Resource(Box::new(resource))
                    }
                    _ => Body::Empty,
                };
                run.handle_delivery(id, Delivery::Answered(Reply::new(201, body)), now);
            }
            Step::Wait { until } => now = until,
            Step::Blocked | Step::Done => return run.into_state(),
        }
    }
}
