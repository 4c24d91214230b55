//! What reading a directory costs, as a ratio to a floor measured in the same run, because machines are noisy. What plans cost is in `plan`.
//!
//! ```text
//! cargo bench -p idbridge-benches               10,000 users
//! cargo bench -p idbridge-benches -- --quick    1,000 users, to see that it runs
//! ```
//!
//! | measured | floor |
//! | --- | --- |
//! | directory JSON to `Desired` | the same text into bare structs by serde |

mod measure;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;

use idbridge_application::desired;
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::jumpcloud;
use idbridge_planner::Desired;
use idbridge_scim::Profile;
use measure::{compare, is_quick, say};
use serde::Deserialize;

fn main() {
    let users = if is_quick() { 1_000 } else { 10_000 };
    let text = directory(users);
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    assert!(read(&text, &rules, &profile).is_some(), "the directory is read");
    assert!(bare(&text).is_some(), "the floor reads the text");
    say(&format!("{users} users, {} bytes of directory", text.len()));
    compare("directory JSON to Desired / serde", || drop(black_box(read(&text, &rules, &profile))), || drop(black_box(bare(&text))));
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
