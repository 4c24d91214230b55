//! What a person has from the groups that they are in.

use std::borrow::Cow;

use crate::directory::{Group, User};
use crate::finding::{Finding, FindingKind, Severity};
use crate::rule::Source;

/// Where the custom attributes stand in a record of JumpCloud.
const CUSTOM: &str = "attributes";

/// The custom attribute `name` of `user`: their own, else what the directory itself merged for them, else the one value that their groups have.
///
/// Only the groups that list them count, whatever the caller gives.
pub(super) fn custom_of<'a>(name: &str, user: &'a User, groups: &[&'a Group]) -> Result<Option<Cow<'a, str>>, FindingKind> {
    let source = || Source::Custom(name.to_owned());
    // Their own value goes before those of the groups, so where it cannot be read there is nothing to put in its place; the finding is there.
    if user.findings.iter().any(|finding| is_unreadable(finding, name)) {
        return Ok(None);
    }
    let own = user.custom.get(name).or_else(|| user.inherited.get(name));
    if let Some(text) = own.and_then(|text| present(text)) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    let mut found: Option<(&Group, &str)> = None;
    for group in groups.iter().filter(|group| group.members.contains(&user.id)) {
        if group.findings.iter().any(|finding| is_unreadable(finding, name) || finding.severity() == Severity::Holds) {
            return Err(FindingKind::GroupValueUnreadable { source: source(), group: group.id.clone() });
        }
        let Some(text) = group.custom.get(name).and_then(|text| present(text)) else { continue };
        match found {
            Some((first, known)) if known != text => {
                return Err(FindingKind::GroupValuesDiffer { source: source(), first: first.id.clone(), second: group.id.clone() });
            }
            _ => found = found.or(Some((*group, text))),
        }
    }
    Ok(found.map(|(_, text)| Cow::Borrowed(text)))
}

fn present(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// Whether `finding` says that the custom attribute `name` of its record could not be read: alone, or with all others.
///
/// Readers name a value by where it stands in the record, below `attributes` or under its own name.
fn is_unreadable(finding: &Finding, name: &str) -> bool {
    let is_here =
        |path: &str| path == CUSTOM || path == name || path.strip_prefix(CUSTOM).and_then(|rest| rest.strip_prefix('.')) == Some(name);
    matches!(finding.kind(), FindingKind::CustomAttributeUnreadable { .. }) && finding.path().is_some_and(is_here)
}
