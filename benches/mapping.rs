//! What mapping costs, as a ratio to a floor measured in the same run, because machines are noisy.
//!
//! ```text
//! cargo bench -p idbridge-benches --bench mapping
//! cargo bench -p idbridge-benches --bench mapping -- --quick    to see that it runs
//! ```
//!
//! | measured | floor | goal |
//! | --- | --- | --- |
//! | a person of the directory, mapped by the default rules and checked | the same SCIM user built by hand | 2 |
//! | 100,000 people, from JumpCloud's JSON to checked SCIM resources | the same text into bare structs by serde | 2.5 |
//! | the same people, read only | the same | |
//! | memory while the text is read, over what is kept | | |

mod measure;

use std::fmt::Write as _;
use std::hint::black_box;

use idbridge_mapping::directory::jumpcloud;
use idbridge_mapping::{Mapped, RuleSet};
use idbridge_scim::{Address, Email, ExternalId, Name, PhoneNumber, Profile, Resource, User};
use measure::{compare, compare_to, is_quick, say};
use peak_alloc::PeakAlloc;
use serde::Deserialize;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// How many people the file has.
const PEOPLE: usize = 100_000;

fn main() {
    one_person();
    a_directory(if is_quick() { PEOPLE / 50 } else { PEOPLE });
}

fn one_person() {
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let Ok(snapshot) = jumpcloud::read(file(1).as_bytes()) else { return say("the person of the benchmark cannot be read") };
    let Some(person) = snapshot.users().values().next() else { return say("the benchmark has no person") };
    let Mapped::Ready { resource, .. } = rules.to_scim(person, &profile) else { return say("the person of the benchmark is held") };
    let typed = |resource: Resource| User::try_from(resource).ok();
    let same = typed(resource).map(|mut user| {
        // Of one address, the rules do not say that it is the preferred one.
        user.addresses.iter_mut().for_each(|address| address.primary = None);
        user.phone_numbers.iter_mut().for_each(|number| number.primary = None);
        user
    });
    assert_eq!(by_hand().and_then(typed), same, "both are one user");
    say("one person, with everything that the default rules send");
    compare_to(
        "mapped and checked / built by hand",
        Some(2.0),
        || drop(black_box(rules.to_scim(black_box(person), &profile))),
        || drop(black_box(by_hand())),
    );
}

fn a_directory(people: usize) {
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let text = file(people);
    say(&format!("{people} people, {} bytes of JSON", text.len()));
    let floor = || drop(black_box(serde_json::from_str::<Bare>(black_box(&text))));
    compare_to("JSON to checked SCIM resources / serde", Some(2.5), || drop(black_box(mapped(&text, &rules, &profile))), floor);
    let floor = || drop(black_box(serde_json::from_str::<Bare>(black_box(&text))));
    compare("JSON to the directory / serde", || drop(black_box(jumpcloud::read(black_box(text.as_bytes())))), floor);

    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let snapshot = jumpcloud::read(text.as_bytes());
    let (peak, kept) = (MEMORY.peak_usage().saturating_sub(before), MEMORY.current_usage().saturating_sub(before));
    drop(black_box(snapshot));
    say(&format!("  memory: {} bytes a person kept, {} bytes over that while reading", kept / people, peak.saturating_sub(kept)));
}

/// As many resources as can be sent.
fn mapped(text: &str, rules: &RuleSet, profile: &Profile) -> Vec<Resource> {
    let Ok(snapshot) = jumpcloud::read(text.as_bytes()) else { return Vec::new() };
    let ready = snapshot.users().values().filter_map(|user| match rules.to_scim(user, profile) {
        Mapped::Ready { resource, .. } => Some(resource),
        Mapped::Held { .. } => None,
    });
    ready.collect()
}

/// The user that the default rules make of person 0, without rules.
fn by_hand() -> Option<Resource> {
    let mut user = User::new("given.0@example.com");
    user.external_id = ExternalId::new("5e8f00000000000000000000").ok();
    user.emails = vec![Email::work("given.0@example.com")];
    user.display_name = Some(format!("{} {}", "Given 0", "Family 0"));
    user.name = Some(Name::new("Given 0", "Family 0"));
    user.active = Some(true);
    user.title = Some("Crane driver".to_owned());
    user.locale = Some("nb_NO".to_owned());
    let mut address = Address::default();
    address.street_address = Some("Quay 1".to_owned());
    address.locality = Some("Bergen".to_owned());
    address.region = Some("Vestland".to_owned());
    address.postal_code = Some("5003".to_owned());
    address.country = Some("NO".to_owned());
    address.kind = Some("work".to_owned());
    user.addresses = vec![address];
    user.phone_numbers = vec![PhoneNumber::work("+47 55 000000")];
    let enterprise = user.enterprise.get_or_insert_default();
    enterprise.employee_number = Some("0".to_owned());
    enterprise.organization = Some("Harbour".to_owned());
    enterprise.department = Some("Quay 0".to_owned());
    Some(Resource::from(user))
}

/// A directory file of so many people in one group.
fn file(people: usize) -> String {
    let mut text = String::from(r#"{"systemusers":["#);
    for number in 0..people {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"_id":"5e8f{number:020}","username":"given.{number}","email":"given.{number}@example.com","firstname":"Given {number}","#
        );
        let _ = write!(
            text,
            r#""lastname":"Family {number}","jobTitle":"Crane driver","company":"Harbour","department":"Quay {}","state":"ACTIVATED","#,
            number % 50
        );
        let _ = write!(
            text,
            r#""employeeIdentifier":"{number}","suspended":false,"activated":true,"attributes":[{{"name":"locale","value":"nb_NO"}}],"#
        );
        text.push_str(
            r#""addresses":[{"type":"work","streetAddress":"Quay 1","locality":"Bergen","region":"Vestland","postalCode":"5003","#,
        );
        let _ = write!(text, r#""country":"NO"}}],"phoneNumbers":[{{"type":"work","number":"+47 55 {number:06}"}}]}}"#);
    }
    text.push_str(r#"],"usergroups":[{"id":"g1","name":"Staff","members":[]}],"application":{"usergroups":["g1"]}}"#);
    text
}

/// The least that can be read of the file.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read, and that is what is measured")]
struct Bare {
    systemusers: Vec<BareUser>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read, and that is what is measured")]
#[serde(rename_all = "camelCase")]
struct BareUser {
    #[serde(rename = "_id")]
    id: String,
    username: String,
    email: String,
    firstname: String,
    lastname: String,
    job_title: String,
    company: String,
    department: String,
    state: String,
    employee_identifier: String,
    suspended: bool,
    activated: bool,
    attributes: Vec<BareAttribute>,
    addresses: Vec<BareAddress>,
    phone_numbers: Vec<BarePhone>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read, and that is what is measured")]
struct BareAttribute {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read, and that is what is measured")]
#[serde(rename_all = "camelCase")]
struct BareAddress {
    r#type: String,
    street_address: String,
    locality: String,
    region: String,
    postal_code: String,
    country: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read, and that is what is measured")]
struct BarePhone {
    r#type: String,
    number: String,
}
