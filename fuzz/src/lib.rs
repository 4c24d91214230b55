//! The laws that the fuzz targets assert. A seed is replayed by `cargo test`; a fuzzer looks for more:
//!
//! ```text
//! cargo fuzz run --sanitizer none --features fuzzing directory -- -max_total_time=60
//! ```

use idbridge_mapping::directory::jumpcloud;
use idbridge_mapping::{Mapped, RuleSet};
use idbridge_planner::State;
use idbridge_scim::{ErrorResponse, Filter, Group, ListResponse, PatchOp, Path, Profile, Resource, User, diff};

/// Whatever a directory file holds: reading does not panic, and what is mapped is what the service takes.
pub fn directory(data: &[u8]) {
    let Ok(snapshot) = jumpcloud::read(data) else { return };
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
}

/// A filter that is read prints as one that reads the same.
pub fn filter(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(filter) = text.parse::<Filter>() {
        assert_eq!(filter.to_string().parse::<Filter>().as_ref(), Ok(&filter));
    }
}

/// A path that is read prints as one that reads the same.
pub fn path(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(path) = text.parse::<Path>() {
        assert_eq!(path.to_string().parse::<Path>().as_ref(), Ok(&path));
    }
}

/// Two lines, a resource and a PatchOp: what is applied can be told as a difference, and a failure changes nothing.
pub fn patch(data: &[u8]) {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let (Some(resource), Some(patch)) = (lines.next(), lines.next()) else { return };
    let (Ok(before), Ok(patch)) = (Resource::from_json(resource), PatchOp::from_json(patch)) else { return };
    let mut after = before.clone();
    match patch.apply(&mut after) {
        Ok(changed) => assert_eq!(changed, before != after),
        Err(_) => assert_eq!(before, after),
    }
    assert_eq!(diff(&after, &after), []);
}

/// A page of a list, an error and a resource: what is read is written as something that reads the same.
pub fn message(data: &[u8]) {
    if let Ok(page) = ListResponse::from_json(data) {
        for resource in page.resources() {
            assert_eq!(Resource::from_json(resource.to_json().as_bytes()).as_ref(), Ok(resource));
            let _ = User::try_from(resource.clone()).map(Resource::from);
            let _ = Group::try_from(resource.clone()).map(Resource::from);
        }
    }
    let _ = ErrorResponse::from_json(data).map(|error| error.to_string());
}

/// Records of a state, one a line, key and value apart by a tab: restoring does not panic.
pub fn state(data: &[u8]) {
    let records = data.split(|byte| *byte == b'\n').map(|line| {
        let mut parts = line.splitn(2, |byte| *byte == b'\t');
        let key = parts.next().unwrap_or_default();
        (String::from_utf8_lossy(key).into_owned(), parts.next().unwrap_or_default().to_vec())
    });
    let _ = State::restore(records);
}
