//! Which object of the service belongs to which record.
//!
//! A link says it for good, so this is about records that have none, or whose object is gone. In this order (E-5):
//!
//! 1. by `externalId`, for all records, because an identifier outweighs a name: what carries ours was made for this record;
//! 2. by name without case, each object once, and never one that is linked or that carries the identifier of another record of the source.
//!
//! An e-mail address alone matches nobody (IC-24). Of a record that is present and not entitled only the identifier counts: an account that happens to
//! have the name was made by somebody else. In a source that was not read to its end, an identifier that we do not know may be somebody's; what carries
//! one is then not taken by name.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Resource, ResourceId};

use crate::desired::{Answer, Desired, DesiredUser, GroupRecord};
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::{Found, Observed, name_of};
use crate::operation::Match;
use crate::scope::Scope;
use crate::state::{Group, State};

/// Which objects of the service, not linked yet, belong to which records.
#[derive(Debug, Default)]
pub(crate) struct Correlation {
    /// Only what was found; of the others it is told by what was searched.
    matches: BTreeMap<Key, Matched>,
    /// The same from the other side, of users.
    adopters: BTreeMap<ResourceId, UserKey>,
    /// Records outside of the scope that have to do with what was found.
    pub(super) beyond: BTreeSet<Key>,
}

/// What was found for a record that is not linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Matched {
    /// This object.
    One(ResourceId, Match),
    /// Nothing, and that is known.
    None,
    /// More than one object.
    Ambiguous(String),
    /// One that another record has a better right to, which does not give it up.
    Anothers(ResourceId),
    /// Nobody looked.
    Unknown,
}

impl Correlation {
    /// What was found for a user who is wanted and not linked.
    pub(crate) fn of_user(&self, key: &UserKey, user: &DesiredUser, observed: &Observed) -> Matched {
        if self.matches.is_empty() && observed.users().is_complete() {
            return Matched::None;
        }
        self.of(&key.clone().into(), ResourceType::User, &user.resource, observed)
    }

    /// What was found for a group that is wanted and not linked.
    pub(crate) fn of_group(&self, key: &GroupKey, resource: &Resource, observed: &Observed) -> Matched {
        self.of(&key.clone().into(), ResourceType::Group, resource, observed)
    }

    /// What was found for a record that took part, if anything was.
    pub(crate) fn found(&self, key: &Key) -> Option<&Matched> {
        self.matches.get(key)
    }

    /// Where nothing was found, it counts what was searched: by the identifier, if one of ours may be there, and by the name, if there is one.
    fn of(&self, key: &Key, resource_type: ResourceType, resource: &Resource, observed: &Observed) -> Matched {
        if let Some(matched) = self.matches.get(key) {
            return matched.clone();
        }
        let sightings = observed.of(resource_type);
        if sightings.is_complete() {
            return Matched::None;
        }
        let by_id = resource.external_id().is_none_or(|id| sightings.by_external_id(id.as_str()) != Found::Unknown);
        let by_name = name_of(resource_type, resource).is_none_or(|name| sightings.by_name(name) != Found::Unknown);
        if by_id && by_name { Matched::None } else { Matched::Unknown }
    }

    /// The user for whom an object was found.
    pub(crate) fn adopter(&self, id: &ResourceId) -> Option<UserKey> {
        self.adopters.get(id).cloned()
    }

    /// The records whose object was found, with the object.
    pub(crate) fn adopted(&self) -> impl Iterator<Item = (&Key, &ResourceId)> {
        self.matches.iter().filter_map(|(key, matched)| match matched {
            Matched::One(id, _) => Some((key, id)),
            _ => None,
        })
    }
}

/// Finds the objects of records that are not linked: by externalId, then by name without case. An object that is linked to another record is
/// never found, nor is by name what carries the identifier of another record; and an e-mail address alone never matches.
pub(crate) fn correlate(desired: &Desired, observed: &Observed, state: &State, held: &BTreeSet<Key>, scope: &Scope) -> Correlation {
    let mut correlation = Correlation::default();
    // Nothing was seen, so nothing can be found.
    if !observed.users().is_blank() {
        let candidate = |key: &UserKey, answer: &Answer<DesiredUser>| match answer {
            Answer::Want(user) if !held.contains(&Key::from(key.clone())) => {
                let external_id = identifier(&user.resource, key.as_str());
                let name = name_of(ResourceType::User, &user.resource).map(ToOwned::to_owned);
                Some(Candidate { key: key.clone().into(), external_id, name, is_active: user.is_active() })
            }
            // A person who is not entitled is nobody's match by name, but what carries the directory's own identifier was made for them.
            Answer::Present(_) => {
                let external_id = key.as_str().to_owned();
                Some(Candidate { key: key.clone().into(), external_id, name: None, is_active: false })
            }
            _ => None,
        };
        let unlinked = users_of(desired, scope).filter(|(key, _)| is_unlinked_user(key, observed, state));
        let candidates = unlinked.filter_map(|(key, answer)| candidate(key, answer)).collect();
        let is_linked = |id: &ResourceId| state.users.owner(id.as_str()).is_some();
        search(ResourceType::User, candidates, &is_linked, observed, |id| desired.may_have_user(id), &mut correlation);
    }
    correlation.adopters = correlation
        .matches
        .iter()
        .filter_map(|(key, matched)| match (key, matched) {
            (Key::User(key), Matched::One(id, _)) => Some((id.clone(), key.clone())),
            _ => None,
        })
        .collect();
    if !observed.groups().is_blank() {
        let unlinked = groups_of(desired, scope).filter(|group| is_unlinked_group(group.group_key(), observed, state));
        let candidates = unlinked.filter_map(|group| {
            let key = Key::from(group.group_key().clone());
            let resource = group.resource().filter(|_| !held.contains(&key))?;
            let external_id = identifier(resource, group.group_key().as_str());
            let name = name_of(ResourceType::Group, resource).map(ToOwned::to_owned);
            Some(Candidate { key, external_id, name, is_active: true })
        });
        let is_linked = |id: &ResourceId| state.groups.owner(id.as_str()).is_some_and(|group| !is_given_up(group, desired));
        search(ResourceType::Group, candidates.collect(), &is_linked, observed, |id| desired.may_have_group(id), &mut correlation);
    }
    correlation.beyond.retain(|key| !scope.contains(key) && is_unlinked_record(key, desired, observed, state));
    correlation
}

/// Whether a record of the source is there and has no link, so that it may lay claim to what was found.
fn is_unlinked_record(key: &Key, desired: &Desired, observed: &Observed, state: &State) -> bool {
    match key {
        Key::User(key) => desired.has_user(key.as_str()) && is_unlinked_user(key, observed, state),
        Key::Group(key) => desired.has_group(key.as_str()) && is_unlinked_group(key, observed, state),
    }
}

/// The users of a scope that the source has an answer for, in the order of their keys.
pub(crate) fn users_of<'a>(
    desired: &'a Desired,
    scope: &'a Scope,
) -> Box<dyn Iterator<Item = (&'a UserKey, &'a Answer<DesiredUser>)> + 'a> {
    match scope.keys() {
        None => Box::new(desired.users()),
        Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
            Key::User(key) => Some((key, desired.user_answer(key)?)),
            Key::Group(_) => None,
        })),
    }
}

/// The groups of a scope that the source has an answer for, in the order of their keys.
pub(crate) fn groups_of<'a>(desired: &'a Desired, scope: &'a Scope) -> Box<dyn Iterator<Item = &'a GroupRecord> + 'a> {
    let groups = desired.records().groups();
    match scope.keys() {
        None => Box::new(groups.iter().map(|(_, group)| group)),
        Some(keys) => Box::new(keys.iter().filter_map(|key| match key {
            Key::Group(key) => groups.get(key.as_str()),
            Key::User(_) => None,
        })),
    }
}

/// Whether a user has no link, or one to a user that the service has lost.
pub(crate) fn is_unlinked_user(key: &UserKey, observed: &Observed, state: &State) -> bool {
    state.users.get(key.as_str()).is_none_or(|link| observed.users().is_gone_text(link.id()))
}

/// Whether a group has no link, or one to a group that the service has lost.
pub(crate) fn is_unlinked_group(key: &GroupKey, observed: &Observed, state: &State) -> bool {
    state.groups.get(key.as_str()).is_none_or(|link| observed.groups().is_gone(&link.id))
}

/// Whether a group was disassociated and then deleted in the directory: it was left as it is, and is nobody's from now on.
pub(crate) fn is_given_up(group: &Group, desired: &Desired) -> bool {
    group.is_released && matches!(desired.group_answer(group.group_key()), Answer::Absent)
}

/// A record that looks for its object.
struct Candidate {
    key: Key,
    external_id: String,
    name: Option<String>,
    is_active: bool,
}

/// The identifier that an object of this record carries: the one that is sent or, where none is (AM-00 off), the directory's.
fn identifier(resource: &Resource, key: &str) -> String {
    resource.external_id().map_or_else(|| key.to_owned(), String::from)
}

/// Two passes, because an identifier outweighs a name: what any record finds by its `externalId` is taken before anybody looks by name. By
/// name, each object is taken once.
fn search(
    resource_type: ResourceType,
    candidates: Vec<Candidate>,
    is_linked: &dyn Fn(&ResourceId) -> bool,
    observed: &Observed,
    is_record: impl Fn(&str) -> bool,
    correlation: &mut Correlation,
) {
    let sightings = observed.of(resource_type);
    let mut taken: BTreeSet<ResourceId> = BTreeSet::new();
    let mut rest = Vec::new();
    for candidate in candidates {
        match sightings.by_external_id(&candidate.external_id) {
            Found::One(id) if !is_linked(&id) && taken.insert(id.clone()) => {
                correlation.matches.insert(candidate.key, Matched::One(id, Match::ExternalId));
            }
            Found::Many(ids) => {
                let reason = format!("{} objects of the service carry its externalId", ids.len());
                correlation.matches.insert(candidate.key, Matched::Ambiguous(reason));
            }
            _ => rest.push(candidate),
        }
    }
    // UL-06, E-7: somebody suspended who was never provisioned does not take an object that somebody active has a right to.
    rest.sort_by_key(|candidate: &Candidate| !candidate.is_active);
    for candidate in rest {
        let by_name = candidate.name.as_deref().map_or(Found::None, |name| sightings.by_name(name));
        let free = |id: &ResourceId| !is_linked(id) && !taken.contains(id);
        // What carries the identifier of another record is that record's, even if nothing is done for it now.
        let anothers = |id: &ResourceId| {
            let carried = sightings.get(id).and_then(Resource::external_id);
            carried.is_some_and(|carried| carried.as_str() != candidate.external_id && is_record(carried.as_str()))
        };
        let matched = match by_name {
            Found::One(id) if free(&id) && anothers(&id) => {
                // Whoever it is meant for must take part, so that both are decided together.
                let carried = sightings.get(&id).and_then(Resource::external_id).map(String::from);
                correlation.beyond.extend(carried.map(|carried| key_of(resource_type, carried)));
                Matched::Anothers(id)
            }
            Found::One(id) if free(&id) => {
                taken.insert(id.clone());
                Matched::One(id, Match::Name)
            }
            Found::Many(ids) => match ids.iter().filter(|id| free(id)).collect::<Vec<_>>().as_slice() {
                [] => continue,
                ids => Matched::Ambiguous(format!("{} objects of the service have its name", ids.len())),
            },
            // It belongs to another record, which may give the name up in the same plan; or nothing was found.
            _ => continue,
        };
        correlation.matches.insert(candidate.key, matched);
    }
}

fn key_of(resource_type: ResourceType, key: String) -> Key {
    match resource_type {
        ResourceType::Group => GroupKey::from(key).into(),
        _ => UserKey::from(key).into(),
    }
}
