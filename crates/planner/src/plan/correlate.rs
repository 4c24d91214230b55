//! Which object of the service belongs to which record.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Resource, ResourceId};

use crate::desired::{Answer, Desired};
use crate::key::{GroupKey, Key, UserKey};
use crate::observed::{Found, Observed, name_of};
use crate::operation::Match;
use crate::state::{GroupLink, State};

/// Which objects of the service, not linked yet, belong to which records.
#[derive(Debug, Default)]
pub(crate) struct Correlation {
    matches: BTreeMap<Key, Matched>,
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
    /// What was found for a record; nothing is known of one that did not take part.
    pub(crate) fn of(&self, key: &Key) -> Matched {
        self.matches.get(key).cloned().unwrap_or(Matched::Unknown)
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
pub(crate) fn correlate(desired: &Desired, observed: &Observed, state: &State, held: &BTreeSet<Key>) -> Correlation {
    let mut correlation = Correlation::default();
    let users = desired.users().filter(|(key, _)| is_unlinked_user(key, observed, state)).filter_map(|(key, answer)| {
        let key_of = Key::from(key.clone());
        match answer {
            Answer::Want(user) if !held.contains(&key_of) => {
                let name = name_of(ResourceType::User, &user.resource).map(ToOwned::to_owned);
                let (external_id, is_searched) = identifier(&user.resource, key.as_str());
                Some(Candidate { key: key_of, external_id, is_searched, name, is_active: user.is_active() })
            }
            // A person who is not entitled is nobody's match by name, but what carries the directory's own identifier was made for them.
            Answer::Present(_) => {
                let external_id = key.as_str().to_owned();
                Some(Candidate { key: key_of, external_id, is_searched: true, name: None, is_active: false })
            }
            _ => None,
        }
    });
    let linked: BTreeSet<&ResourceId> = state.users().map(|(_, link)| &link.id).collect();
    search(ResourceType::User, users.collect(), &linked, observed, |id| desired.may_have_user(id), &mut correlation);

    let groups = desired.groups().filter(|(key, _)| is_unlinked_group(key, observed, state)).filter_map(|(key, answer)| {
        let key_of = Key::from(key.clone());
        match answer {
            Answer::Want(group) if !held.contains(&key_of) => {
                let name = name_of(ResourceType::Group, &group.resource).map(ToOwned::to_owned);
                let (external_id, is_searched) = identifier(&group.resource, key.as_str());
                Some(Candidate { key: key_of, external_id, is_searched, name, is_active: true })
            }
            _ => None,
        }
    });
    let linked = state.groups().filter(|(key, link)| !is_given_up(key, link, desired));
    let linked: BTreeSet<&ResourceId> = linked.map(|(_, link)| &link.id).collect();
    search(ResourceType::Group, groups.collect(), &linked, observed, |id| desired.may_have_group(id), &mut correlation);
    correlation
}

/// Whether a user has no link, or one to a user that the service has lost.
pub(crate) fn is_unlinked_user(key: &UserKey, observed: &Observed, state: &State) -> bool {
    state.user(key).is_none_or(|link| observed.users().is_gone(&link.id))
}

/// Whether a group has no link, or one to a group that the service has lost.
pub(crate) fn is_unlinked_group(key: &GroupKey, observed: &Observed, state: &State) -> bool {
    state.group(key).is_none_or(|link| observed.groups().is_gone(&link.id))
}

/// Whether a group was disassociated and then deleted in the directory: it was left as it is, and is nobody's from now on.
pub(crate) fn is_given_up(key: &GroupKey, link: &GroupLink, desired: &Desired) -> bool {
    link.released && matches!(desired.group(key), Answer::Absent)
}

/// A record that looks for its object.
struct Candidate {
    key: Key,
    external_id: String,
    /// Whether the identifier is one that we send, so that an object of ours carries it and it is searched.
    is_searched: bool,
    name: Option<String>,
    is_active: bool,
}

/// The identifier that an object of this record carries: the one that is sent or, where none is (AM-00 off), the directory's, which is not searched.
fn identifier(resource: &Resource, key: &str) -> (String, bool) {
    match resource.external_id() {
        Some(external_id) => (String::from(external_id), true),
        None => (key.to_owned(), false),
    }
}

/// Two passes, because an identifier outweighs a name: what any record finds by its `externalId` is taken before anybody looks by name. By
/// name, each object is taken once.
fn search(
    resource_type: ResourceType,
    candidates: Vec<Candidate>,
    linked: &BTreeSet<&ResourceId>,
    observed: &Observed,
    is_record: impl Fn(&str) -> bool,
    correlation: &mut Correlation,
) {
    let sightings = observed.of(resource_type);
    let mut taken: BTreeSet<ResourceId> = BTreeSet::new();
    let mut rest = Vec::new();
    for candidate in candidates {
        match sightings.by_external_id(&candidate.external_id) {
            Found::One(id) if !linked.contains(&id) && taken.insert(id.clone()) => {
                correlation.matches.insert(candidate.key, Matched::One(id, Match::ExternalId));
            }
            Found::Many(ids) => {
                let reason = format!("{} objects of the service carry its externalId", ids.len());
                correlation.matches.insert(candidate.key, Matched::Ambiguous(reason));
            }
            Found::Unknown if !candidate.is_searched => rest.push((candidate, Found::None)),
            found => rest.push((candidate, found)),
        }
    }
    // UL-06, E-7: somebody suspended who was never provisioned does not take an object that somebody active has a right to.
    rest.sort_by_key(|(candidate, _)| !candidate.is_active);
    for (candidate, by_external_id) in rest {
        let by_name = candidate.name.as_deref().map_or(Found::None, |name| sightings.by_name(name));
        let free = |id: &ResourceId| !linked.contains(id) && !taken.contains(id);
        // What carries the identifier of another record is that record's, even if nothing is done for it now.
        let anothers = |id: &ResourceId| {
            let carried = sightings.get(id).and_then(Resource::external_id);
            carried.is_some_and(|carried| carried.as_str() != candidate.external_id && is_record(carried.as_str()))
        };
        let matched = match by_name {
            Found::One(id) if free(&id) && anothers(&id) => Matched::Anothers(id),
            Found::One(id) if free(&id) => {
                taken.insert(id.clone());
                Matched::One(id, Match::Name)
            }
            // It belongs to another record, which may give the name up in the same plan.
            Found::One(_) | Found::None if by_external_id != Found::Unknown => Matched::None,
            Found::Many(ids) => match ids.iter().filter(|id| free(id)).collect::<Vec<_>>().as_slice() {
                [] => Matched::None,
                ids => Matched::Ambiguous(format!("{} objects of the service have its name", ids.len())),
            },
            _ => Matched::Unknown,
        };
        correlation.matches.insert(candidate.key, matched);
    }
}
