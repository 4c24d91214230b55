//! What people meet when they log in.

use std::collections::BTreeMap;

use idbridge_scim::Resource;

use super::{Consequence, Effect};
use crate::directory::{DirectoryId, Group, Snapshot, User};
use crate::finding::FindingKind;
use crate::saml::SamlRuleSet;

/// What an assertion is made by.
pub(super) struct LogIn<'a> {
    saml: &'a SamlRuleSet,
    /// The bound groups of each person, if an assertion says anything from groups.
    groups: BTreeMap<&'a DirectoryId, Vec<&'a Group>>,
}

impl<'a> LogIn<'a> {
    pub(super) fn new(saml: &'a SamlRuleSet, snapshot: &'a Snapshot) -> Self {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        if saml.reads_groups() {
            for group in snapshot.bound_groups() {
                for member in &group.members {
                    groups.entry(member).or_default().push(group);
                }
            }
        }
        Self { saml, groups }
    }

    /// Adds what is found when `user`, who is sent as `resource`, logs in.
    pub(super) fn add_to(&self, consequences: &mut Vec<Consequence>, user: &User, resource: &Resource) {
        // What was only assumed of the e-mail address is known now.
        consequences.retain(|consequence| *consequence.finding.kind() != FindingKind::UserNameDiffersFromEmail);
        let groups = self.groups.get(&user.id).map_or(&[][..], Vec::as_slice);
        let mapped = self.saml.to_saml_in(user, groups);
        // What the reader found stands first in it, and is told already.
        for finding in mapped.findings().iter().skip(user.findings.len()) {
            let mut consequence = Consequence::new(finding.clone());
            if consequence.effect == Effect::Held {
                consequence.effect = Effect::WillNotWork;
            }
            consequences.push(consequence);
        }
        if !mapped.is_held() {
            let differs = resource.text("userName").and_then(|name| self.saml.check_user_name(user, name));
            consequences.extend(differs.map(Consequence::new));
        }
        consequences.sort_by_key(|consequence| consequence.effect);
    }
}
