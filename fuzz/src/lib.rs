//! The laws that the fuzz targets assert. A seed is replayed by `cargo test`; a fuzzer looks for more:
//!
//! ```text
//! cargo fuzz run --sanitizer none --features fuzzing directory -- -max_total_time=60
//! ```

mod abac;
mod cloud;
mod planner;
mod rules;
mod saml;
mod text;

pub use abac::policy;
pub use cloud::{directory_google, directory_graph, directory_okta};
pub use planner::{events, saved_plan, state};
pub use rules::{expression, rule_set};
pub use saml::{authn_request, metadata, redirect, response, xml};
pub use text::{directory_csv, directory_ldif};

use idbridge_mapping::directory::scim::ScimIds;
use idbridge_mapping::directory::{Snapshot, jumpcloud, scim};
use idbridge_mapping::{Mapped, RuleSet};
use idbridge_scim::{
    Email, ErrorResponse, Filter, Finding, Group, ListResponse, Mode, PatchOp, Path, Profile, Resource, Rule, Schemas, User, diff,
};

/// Whatever a directory file holds: reading does not panic, and what is mapped is what the service takes.
pub fn directory(data: &[u8]) {
    jumpcloud::read(data).iter().for_each(mapped);
}

/// The same of a file of SCIM resources, by either identifier.
pub fn directory_scim(data: &[u8]) {
    for ids in [ScimIds::Id, ScimIds::ExternalId] {
        scim::read_by(data, ids).iter().for_each(mapped);
    }
}

/// What is mapped is what the service takes, and flattening groups again changes nothing.
fn mapped(snapshot: &Snapshot) {
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    for user in snapshot.users().values() {
        if let Mapped::Ready { resource, .. } = rules.to_scim(user, &profile) {
            assert_eq!(profile.check_user(&resource), [], "a mapped user is one that the service takes");
        }
    }
    for group in snapshot.groups().values() {
        if let Mapped::Ready { resource, .. } = rules.group_to_scim(group, &profile) {
            assert_eq!(profile.check_group(&resource), [], "a mapped group is one that the service takes");
        }
    }
    let mut again = snapshot.clone();
    again.flatten();
    assert_eq!(again.groups(), snapshot.groups(), "a reader has flattened what it read");
}

/// A filter that is read in either mode prints as one that reads the same, strictly, and can be compared with a resource.
pub fn filter(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for mode in [Mode::Strict, Mode::Lenient] {
        let Ok(filter) = Filter::parse(text, mode) else { continue };
        assert_eq!(filter.to_string().parse::<Filter>().as_ref(), Ok(&filter));
        let Ok(matcher) = filter.matcher(&Schemas::user(), mode) else { continue };
        let negated = !filter.clone();
        let contrary = negated.matcher(&Schemas::user(), mode).map(|contrary| contrary.matches(&user()));
        assert_eq!(contrary, Ok(!matcher.matches(&user())), "what does not pass a filter passes its contrary");
    }
}

fn user() -> User {
    let mut user = User::new("anna@example.com");
    user.emails = vec![Email::work("anna@example.com")];
    user.active = Some(true);
    user
}

/// A path that is read prints as one that reads the same.
pub fn path(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for mode in [Mode::Strict, Mode::Lenient] {
        if let Ok(path) = Path::parse(text, mode) {
            assert_eq!(Path::parse(&path.to_string(), mode).as_ref(), Ok(&path));
        }
    }
}

/// Two lines, a resource and a PatchOp: a failure changes nothing, to the byte, and what is applied can be told as a difference.
pub fn patch(data: &[u8]) {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let (Some(resource), Some(patch)) = (lines.next(), lines.next()) else { return };
    let Ok(before) = Resource::from_json(resource) else { return };
    for (mode, schemas) in [(Mode::Strict, Schemas::user()), (Mode::Lenient, Schemas::user()), (Mode::Lenient, Schemas::group())] {
        let Ok(patch) = PatchOp::from_json(patch, mode) else { continue };
        let mut after = before.clone();
        match patch.apply(&mut after, &schemas, mode) {
            Ok(false) => assert!(schemas.equal(&before, &after), "what is no change changes nothing"),
            Ok(true) => difference(&before, &after, &schemas),
            Err(_) => assert_eq!(before.to_json(), after.to_json(), "a failure changes nothing"),
        }
    }
}

/// Between two resources that follow their schemas, the difference leads from the one to the other.
fn difference(before: &Resource, after: &Resource, schemas: &Schemas) {
    let profile = Profile::rfc();
    assert_eq!(diff(after, after, &profile).operations(), []);
    let follows = |resource: &Resource| {
        let is_missing = |finding: &Finding| matches!(finding.rule, Rule::Required | Rule::NotListed);
        schemas.validate_create(resource, Mode::Strict).iter().all(is_missing)
    };
    // What is required cannot be taken away, so it is there on both sides.
    let has_required =
        |resource: &Resource| !schemas.validate_create(resource, Mode::Lenient).iter().any(|finding| finding.rule == Rule::Required);
    if follows(before) && follows(after) && has_required(before) && has_required(after) {
        let mut patched = before.clone();
        diff(before, after, &profile).apply(&mut patched, schemas, Mode::Strict).unwrap();
        let without_schemas = |resource: &Resource| {
            let mut resource = resource.clone();
            resource.attributes_mut().remove("schemas");
            resource
        };
        assert!(schemas.equal(&without_schemas(&patched), &without_schemas(after)), "the difference leads to what it was told");
    }
}

/// A resource that is read is written as something that reads the same, typed or not, and can be checked.
pub fn resource(data: &[u8]) {
    let Ok(resource) = Resource::from_json(data) else { return };
    let written = resource.to_json();
    assert_eq!(Resource::from_json(written.as_bytes()).as_ref(), Ok(&resource));
    if let Ok(user) = User::try_from(resource.clone()) {
        assert_eq!(User::try_from(Resource::from(user.clone())), Ok(user));
    }
    if let Ok(group) = Group::try_from(resource.clone()) {
        assert_eq!(Group::try_from(Resource::from(group.clone())), Ok(group));
    }
    for (schemas, mode) in [(Schemas::user(), Mode::Strict), (Schemas::group(), Mode::Lenient)] {
        let _ = schemas.validate_create(&resource, mode);
        assert!(schemas.equal(&resource, &resource));
    }
    let profile = Profile::aws_iam_identity_center();
    let _ = (profile.check_user(&resource), profile.check_group(&resource));
}

/// A page of a list that is read is written as one that reads the same; an error says something.
pub fn list_response(data: &[u8]) {
    if let Ok(page) = ListResponse::from_json(data) {
        assert_eq!(ListResponse::from_json(page.to_json().as_bytes()), Ok(page));
    }
    let _ = ErrorResponse::from_json(data).map(|error| error.to_string());
}
