//! What it costs to read a directory and to map it, as a ratio to a floor measured in the same run.
//!
//! ```text
//! cargo bench -p idbridge-benches --bench mapping
//! cargo bench -p idbridge-benches --bench mapping -- --quick    1,000 people, to see that it runs
//! ```
//!
//! | measured | floor | goal |
//! | --- | --- | --- |
//! | one person by JumpCloud's rules into a resource that was checked | the same resource built by hand and checked | 2 |
//! | the same | the same resource built by hand, unchecked | |
//! | JumpCloud's JSON of 100,000 people into a snapshot | the same text into bare structs by serde | |
//! | the same into checked resources, one after the other | the same | 2.5 |
//! | a report of those people | the same | |
//!
//! Each thing that the crate does is one function here.

mod company;
mod measure;

use std::hint::black_box;

use company::Company;
use idbridge_mapping::directory::{Lifecycle, User, jumpcloud};
use idbridge_mapping::{Mapped, Report, RuleSet};
use idbridge_scim as scim;
use idbridge_scim::{Address, Email, ExternalId, Name, PhoneNumber, Profile, Resource, Schemas};
use measure::{compare, compare_to, is_quick, say};
use serde::Deserialize;

fn main() {
    mapping_one_person();
    reading_a_company();
}

/// One person with all that the default rules send.
fn mapping_one_person() {
    let file = format!(r#"{{"systemusers":[{PERSON}],"usergroups":[],"application":{{"usergroups":[]}}}}"#);
    let Ok(snapshot) = jumpcloud::read(file.as_bytes()) else { return say("the person of the benchmark cannot be read") };
    let Some(person) = snapshot.users().values().next() else { return say("there is nobody in the benchmark") };
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let by_rules = rules.to_scim(person, &profile);
    let is_same = by_rules.resource().is_some_and(|resource| Schemas::user().equal(resource, &by_hand(person)));
    assert!(is_same, "the two are the same: {by_rules:?}");
    assert_eq!(profile.check_user(&by_hand(person)), [], "the service takes it");
    let mapped = || drop(black_box(rules.to_scim(black_box(person), &profile)));
    let checked = || {
        let resource = by_hand(black_box(person));
        let findings = profile.check_user(&resource);
        drop(black_box((resource, findings)));
    };
    say("one person, 21 attributes");
    compare_to("to_scim / built by hand and checked", Some(2.0), mapped, checked);
    compare_to("to_scim / built by hand", None, mapped, || drop(black_box(by_hand(black_box(person)))));
}

/// What anybody would write who maps by hand: the typed user, filled in.
fn by_hand(person: &User) -> Resource {
    let email = text(&person.email);
    let mut user = scim::User::new(email.clone().unwrap_or_default());
    user.external_id = ExternalId::new(person.id.as_str()).ok();
    user.emails = email.into_iter().map(Email::work).collect();
    let (first, last) = (text(&person.first_name).unwrap_or_default(), text(&person.last_name).unwrap_or_default());
    user.display_name = Some(format!("{first} {last}"));
    user.name = Some(Name::new(first, last));
    user.active = Some(person.lifecycle == Lifecycle::Active);
    user.title = text(&person.job_title);
    user.locale = person.custom.get("locale").cloned();
    if let Some(work) = person.work_address() {
        let mut address = Address::default();
        address.street_address = text(&work.street_address);
        address.locality = text(&work.locality);
        address.region = text(&work.region);
        address.postal_code = text(&work.postal_code);
        address.country = text(&work.country);
        address.kind = Some("work".to_owned());
        user.addresses = vec![address];
    }
    user.phone_numbers = person.work_phone().map(|phone| PhoneNumber::work(phone.number.trim())).into_iter().collect();
    let enterprise = user.enterprise.get_or_insert_default();
    enterprise.employee_number = text(&person.employee_identifier);
    enterprise.organization = text(&person.company);
    enterprise.department = text(&person.department);
    Resource::from(user)
}

fn text(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A whole company, from the text that its directory answers.
fn reading_a_company() {
    let company = Company::new(if is_quick() { 1_000 } else { 100_000 });
    let file = company.text();
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let Ok(snapshot) = jumpcloud::read(file.as_bytes()) else { return say("the company of the benchmark cannot be read") };
    let is_same = bare(&file).is_some_and(|bare| bare.systemusers.len() == snapshot.users().len());
    assert!(is_same, "both read everybody");
    assert_eq!(mapped(&file, &rules, &profile), company.users(), "everybody is mapped");
    say(&format!("{} people, {} groups, {} bytes", company.users(), company.groups(), file.len()));
    let floor = || drop(black_box(bare(black_box(&file))));
    compare("JSON to Snapshot / serde", || drop(black_box(jumpcloud::read(black_box(file.as_bytes())))), floor);
    compare_to("JSON to checked resources / serde", Some(2.5), || assert_ne!(mapped(black_box(&file), &rules, &profile), 0), floor);
    compare("Report of a Snapshot / serde", || drop(black_box(Report::of(&snapshot, &rules, &profile))), floor);
}

/// Reads a directory and maps everybody in it, one after the other; how many the service takes.
fn mapped(file: &str, rules: &RuleSet, profile: &Profile) -> u32 {
    let Ok(snapshot) = jumpcloud::read(file.as_bytes()) else { return 0 };
    let mapped = snapshot.users().values().map(|user| black_box(rules.to_scim(user, profile)));
    mapped.map(|mapped| u32::from(matches!(mapped, Mapped::Ready { .. }))).sum()
}

fn bare(file: &str) -> Option<BareDirectory> {
    serde_json::from_slice(file.as_bytes()).ok()
}

/// A person with what a directory has of most people.
const PERSON: &str = concat!(
    r#"{"_id":"64f0a1b2c3d4e5f607180003","username":"mlind","email":"mia.lind@example.com","firstname":"Mia","lastname":"Lind","#,
    r#""jobTitle":"Staff Engineer","company":"Example Works","department":"Platform","costCenter":"CC-200","employeeIdentifier":"E-77","#,
    r#""employeeType":"Full-time","state":"ACTIVATED","activated":true,"suspended":false,"#,
    r#""addresses":[{"type":"work","streetAddress":"1200 Larkspur Avenue","locality":"Denver","region":"CO","postalCode":"80202","country":"US"}],"#,
    r#""phoneNumbers":[{"type":"work","number":"+1 303 555 0141"}],"attributes":[{"name":"locale","value":"en_US"}]}"#,
);

/// What anybody would write who needs these attributes and no others, without findings and without a check.
#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareDirectory {
    systemusers: Vec<BareUser>,
    usergroups: Vec<BareGroup>,
    application: BareApplication,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareUser {
    #[serde(rename = "_id")]
    id: String,
    username: Option<String>,
    email: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    displayname: Option<String>,
    state: Option<String>,
    activated: Option<bool>,
    suspended: Option<bool>,
    job_title: Option<String>,
    department: Option<String>,
    company: Option<String>,
    cost_center: Option<String>,
    employee_type: Option<String>,
    employee_identifier: Option<String>,
    #[serde(default)]
    addresses: Vec<BareAddress>,
    #[serde(default)]
    phone_numbers: Vec<BarePhoneNumber>,
    #[serde(default)]
    attributes: Vec<BareAttribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareAddress {
    r#type: Option<String>,
    street_address: Option<String>,
    locality: Option<String>,
    region: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BarePhoneNumber {
    r#type: Option<String>,
    number: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareAttribute {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareGroup {
    id: String,
    name: String,
    members: Vec<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareApplication {
    usergroups: Vec<String>,
}
