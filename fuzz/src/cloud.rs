//! The readers of cloud directories.

use idbridge_mapping::directory::{Completeness, Snapshot, google, graph, okta};
use idbridge_mapping::{Error, Mapped, RuleSet};
use idbridge_scim::Profile;

/// Whatever a file in Google's shapes holds: see [`directory`].
pub fn directory_google(data: &[u8]) {
    directory(google::read, data);
}

/// Whatever a file in the shapes of Microsoft Graph holds: see [`directory`].
pub fn directory_graph(data: &[u8]) {
    directory(graph::read, data);
}

/// Whatever a file in Okta's shapes holds: see [`directory`].
pub fn directory_okta(data: &[u8]) {
    directory(okta::read, data);
}

/// Reading does not panic, a snapshot that is not complete says why, and what is mapped is what the service takes.
fn directory(read: fn(&[u8]) -> Result<Snapshot, Error>, data: &[u8]) {
    let Ok(snapshot) = read(data) else { return };
    let is_complete = *snapshot.completeness() == Completeness::Complete;
    assert!(is_complete || snapshot.findings().iter().any(|finding| finding.code() == "SourceIncomplete"));
    assert!(snapshot.entitled().len() <= snapshot.users().len());
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
