//! The tags of everybody in a directory.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::Profile;

use crate::abac::policy::{Policy, PolicyFinding, lint};
use crate::abac::{AccessControlAttributes, EffectiveTags, Precedence};
use crate::directory::{DirectoryId, Group, Snapshot};
use crate::mapped::Mapped;
use crate::rule::{RuleSet, Surroundings};
use crate::saml::{MappedLogin, SamlRuleSet};
use crate::scope::Scoped;

/// Where tags come from: the rules of both ways, the console, and which of the two ways wins.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::{AccessControlAttributes, Precedence, TagRules};
/// use idbridge_mapping::{RuleSet, SamlRuleSet};
///
/// let rules = TagRules {
///     scim: &RuleSet::jumpcloud(),
///     saml: &SamlRuleSet::jumpcloud(),
///     console: &AccessControlAttributes::none(),
///     precedence: Precedence::Saml,
/// };
/// assert_eq!(rules.keys().count(), 0);
/// ```
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "it is written by name, as the arguments of a function")]
pub struct TagRules<'a> {
    /// What the user at AWS is made of.
    pub scim: &'a RuleSet,
    /// What the assertion is made of.
    pub saml: &'a SamlRuleSet,
    /// What the console makes tags of.
    pub console: &'a AccessControlAttributes,
    /// Which of the two wins.
    pub precedence: Precedence,
}

impl<'a> TagRules<'a> {
    /// The keys that they can set, whoever has a value for them, in order; a key that both ways set comes once.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let of_console = self.console.iter().map(|(key, _)| key.as_str());
        let keys: BTreeSet<_> = self.saml.attributes().iter().filter_map(|rule| rule.access_control_key()).chain(of_console).collect();
        keys.into_iter()
    }
}

/// The tags of everybody in a directory who may use the application.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::{AccessControlAttributes, PeopleTags, Precedence, TagRules, policy::Policy};
/// use idbridge_mapping::{RuleSet, SamlRule, SamlRuleSet, Source, directory::jumpcloud};
/// use idbridge_scim::Profile;
///
/// let directory = jumpcloud::read(br#"{
///     "systemusers": [
///         {"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg", "department": "Research"},
///         {"_id": "u2", "email": "john@example.com", "firstname": "John", "lastname": "Doe"}
///     ],
///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2"]}],
///     "application": {"usergroups": ["g1"]}
/// }"#)?;
/// let saml = SamlRuleSet::jumpcloud().with_attribute(SamlRule::access_control("Department", Source::Department)?)?;
/// let (scim, console) = (RuleSet::jumpcloud(), AccessControlAttributes::none());
/// let rules = TagRules { scim: &scim, saml: &saml, console: &console, precedence: Precedence::Saml };
///
/// let tags = PeopleTags::of(&directory, rules, &Profile::aws_iam_identity_center());
/// assert_eq!(tags.people()["u1"].to_map()["Department"], "Research");
///
/// let policy = Policy::from_json(br#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
///     "Condition": {"StringEquals": {"ec2:ResourceTag/Department": "${aws:PrincipalTag/Department}"}}}}"#)?;
/// assert!(tags.lint(&policy)[0].to_string().contains("john@example.com (u2)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleTags {
    keys: BTreeSet<String>,
    people: BTreeMap<DirectoryId, EffectiveTags>,
    labels: BTreeMap<DirectoryId, String>,
    unknown: BTreeSet<DirectoryId>,
}

impl PeopleTags {
    /// Maps everybody in `snapshot` who may use the application and is in scope, both ways, and merges the two.
    ///
    /// Custom attributes come from the groups that are bound to the application as well (AB-09, AB-13).
    #[must_use]
    pub fn of(snapshot: &Snapshot, rules: TagRules<'_>, profile: &Profile) -> Self {
        let keys = rules.keys().map(str::to_owned).collect();
        let mut tags = Self { keys, people: BTreeMap::new(), labels: BTreeMap::new(), unknown: BTreeSet::new() };
        let surroundings = Surroundings::of(snapshot);
        let mut groups: BTreeMap<&DirectoryId, Vec<&Group>> = BTreeMap::new();
        for group in snapshot.bound_groups() {
            group.members.iter().for_each(|id| groups.entry(id).or_default().push(group));
        }
        for user in snapshot.entitled().into_iter().filter_map(|id| snapshot.users().get(id)) {
            match rules.scim.scope.of_user(user, &surroundings) {
                Scoped::In => {}
                Scoped::Out { .. } => continue,
                Scoped::Unknown(_) => {
                    tags.unknown.insert(user.id.clone());
                    continue;
                }
            }
            let login = rules.saml.to_saml_in(user, groups.get(&user.id).map_or(&[], Vec::as_slice));
            match (login, rules.scim.to_scim_in(user, &surroundings, profile)) {
                (MappedLogin::Ready { attributes, .. }, Mapped::Ready { resource, .. }) => {
                    let merged = EffectiveTags::of(&attributes, &resource, rules.console, rules.precedence);
                    tags.people.insert(user.id.clone(), merged);
                    if let Some(name) = user.email.as_ref().or(user.username.as_ref()) {
                        tags.labels.insert(user.id.clone(), name.clone());
                    }
                }
                _ => {
                    tags.unknown.insert(user.id.clone());
                }
            }
        }
        tags
    }

    /// The tags of each person.
    #[must_use]
    pub fn people(&self) -> &BTreeMap<DirectoryId, EffectiveTags> {
        &self.people
    }

    /// Those of whom nothing is said, because they are held: AWS may know them with tags from before.
    #[must_use]
    pub fn unknown(&self) -> &BTreeSet<DirectoryId> {
        &self.unknown
    }

    /// What of `policy` will not work as it was meant for these people, as [`lint`] says it.
    ///
    /// People are named by their e-mail address, else their username, and their identifier. Those who are [unknown](PeopleTags::unknown) are neither
    /// counted nor named.
    #[must_use]
    pub fn lint(&self, policy: &Policy) -> Vec<PolicyFinding> {
        let people = self.people.iter().map(|(id, tags)| (self.label_of(id), tags.to_map())).collect();
        lint(policy, self.keys.iter().map(String::as_str), &people)
    }

    /// What a person is named by for people to read: `anna@example.com (u1)`.
    #[must_use]
    pub fn label_of(&self, id: &DirectoryId) -> String {
        self.labels.get(id).map_or_else(|| id.to_string(), |name| format!("{name} ({id})"))
    }
}
