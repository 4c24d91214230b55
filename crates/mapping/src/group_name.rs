//! Whether a group's name can be sent.

use idbridge_scim::{Group, Profile, Resource};

use crate::finding::{Finding, FindingKind};
use crate::rule::Source;

/// Checks a group's name against what the service takes; nothing found means that it can be sent.
///
/// A colon has a finding of its own, `GroupNameColon`, because it is the one that directories allow most often and that costs a group its sync.
/// Every other refusal is `GroupNameRefused`, and a blank name is `MissingRequired`. All of them hold the group. Whether the service refuses a
/// colon at all is up to the profile. The name is trimmed before it is looked at, as it is when it is mapped.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::group_name::check;
/// use idbridge_scim::Profile;
///
/// let profile = Profile::aws_iam_identity_center();
/// assert_eq!(check("Ops EU", &profile), None);
/// assert_eq!(check("Ops: EU", &profile).map(|finding| finding.code()), Some("GroupNameColon"));
/// assert_eq!(check("administrator", &profile).map(|finding| finding.code()), Some("GroupNameRefused"));
/// ```
#[must_use]
pub fn check(name: &str, profile: &Profile) -> Option<Finding> {
    const PATH: &str = "displayName";
    let name = name.trim();
    if name.is_empty() {
        return Some(Finding::new(FindingKind::MissingRequired { source: Some(Source::Name) }).at(PATH));
    }
    let findings = profile.check_group(&Resource::from(Group::new(name)));
    let refused = findings.into_iter().find(|finding| finding.path == PATH)?;
    // The profile's check names the first refused character; a colon behind another one is still the colon that the rule speaks of.
    let class = profile.group.iter().find(|rule| rule.path == PATH).map(|rule| rule.characters);
    let colon = class.filter(|class| !profile.takes(':', *class)).and_then(|_| name.chars().position(|c| c == ':'));
    let kind = match colon {
        Some(at) => FindingKind::GroupNameColon { at },
        None => FindingKind::GroupNameRefused { refused },
    };
    Some(Finding::new(kind).at(PATH))
}
