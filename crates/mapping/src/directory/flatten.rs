//! Who is in a group by way of the groups in it.
//!
//! Groups that hold each other, however long the way round, have the same members, so they are taken together; what is left has no circles, and
//! each of it is the union of what it holds. That visits every membership once for each group that holds it, and stops at a limit, because a
//! chain of groups can ask for the square of what is written in a file.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::{DirectoryId, Group};

/// The most memberships that are put into the groups that hold others. A million people, each in a tree of groups ten deep, need half of it.
pub(super) const MOST_MEMBERSHIPS: usize = 20_000_000;

/// What nested groups come to. It is worked out beside the groups, which stay as they are until all of it is known.
pub(super) struct Flat {
    /// The groups that hold others, and who is in them.
    pub(super) groups: Vec<FlatGroup>,
    /// The groups that are held and are not there.
    pub(super) unknown: BTreeSet<DirectoryId>,
    /// How many groups have more members than could be put into them; they are as they were.
    pub(super) over_limit: usize,
}

/// A group that holds others.
pub(super) struct FlatGroup {
    pub(super) id: DirectoryId,
    /// Everybody in it; nothing if the limit was reached before they were known.
    pub(super) members: Option<BTreeSet<DirectoryId>>,
    /// Whether it is in itself.
    pub(super) is_in_itself: bool,
}

/// Works out who is in the groups that hold others, as long as that takes at most `most` memberships.
pub(super) fn flatten(groups: &BTreeMap<DirectoryId, Group>, most: usize) -> Flat {
    let mut flat = Flat { groups: Vec::new(), unknown: BTreeSet::new(), over_limit: 0 };
    if groups.values().all(|group| group.groups.is_empty()) {
        return flat;
    }
    let nodes: Vec<&Group> = groups.values().collect();
    let places: BTreeMap<&DirectoryId, usize> = groups.keys().zip(0..).collect();
    let mut held = Vec::with_capacity(nodes.len());
    for group in &nodes {
        let mut inner = Vec::with_capacity(group.groups.len());
        for id in &group.groups {
            match places.get(id) {
                Some(place) => inner.push(*place),
                None => {
                    flat.unknown.insert(id.clone());
                }
            }
        }
        held.push(inner);
    }
    let mut union = Union::new(&nodes, most);
    for circle in circles(&held) {
        let is_circle = circle.len() > 1;
        let everybody = union.of(&circle, &held);
        for place in circle {
            let (Some(group), Some(inner)) = (nodes.get(place), held.get(place)) else { continue };
            if inner.is_empty() {
                continue;
            }
            let members = everybody.as_ref().map(|everybody| everybody.iter().map(|id| (*id).clone()).collect());
            flat.over_limit += usize::from(members.is_none());
            flat.groups.push(FlatGroup { id: group.id.clone(), members, is_in_itself: is_circle || inner.contains(&place) });
        }
    }
    flat
}

/// The unions of members that are known so far.
///
/// People are numbers here and not identifiers: a union is a list of numbers in order, and whether somebody is in it already is looked up in one
/// step. What is visited and what is put into a group count against one limit, because either could be had without the other: many groups that
/// hold the same large ones are much to visit, and a long circle is much to put in.
struct Union<'a> {
    /// Every member of any group once, in order; a member is its place here.
    people: Vec<&'a DirectoryId>,
    /// Of each group, who is directly in it, and, once that is known, who is in it by way of others. Groups of one circle share theirs.
    members: Vec<Members>,
    shared: Vec<Vec<usize>>,
    /// For each of the people, the number of the last union that has them; the first union is number 1.
    seen: Vec<usize>,
    number: usize,
    /// How many memberships may still be put together.
    left: usize,
}

/// Who is in a group.
enum Members {
    Direct(Vec<usize>),
    /// The place of the circle's union.
    Shared(usize),
    /// There are too many to say.
    Unknown,
}

impl<'a> Union<'a> {
    fn new(nodes: &[&'a Group], left: usize) -> Self {
        let people: BTreeSet<&DirectoryId> = nodes.iter().flat_map(|group| &group.members).collect();
        let places: BTreeMap<&DirectoryId, usize> = people.iter().copied().zip(0..).collect();
        let direct = |group: &&Group| Members::Direct(group.members.iter().filter_map(|id| places.get(id).copied()).collect());
        let members = nodes.iter().map(direct).collect();
        Self { seen: vec![0; people.len()], number: 0, people: people.into_iter().collect(), members, shared: Vec::new(), left }
    }

    /// Everybody in the groups at `circle`, all of whose inner groups are in the circle or are known; nothing if there are too many, or if no
    /// group holds another, so that nothing changes.
    fn of(&mut self, circle: &[usize], held: &[Vec<usize>]) -> Option<Vec<&'a DirectoryId>> {
        let holding = circle.iter().filter(|place| held.get(**place).is_some_and(|inner| !inner.is_empty())).count();
        if holding == 0 {
            return None;
        }
        let union = self.unite(circle, held).filter(|union| self.spend(union.len().saturating_mul(holding)));
        let members = union.as_ref().map(|union| union.iter().filter_map(|place| self.people.get(*place).copied()).collect());
        let shared = self.shared.len();
        for place in circle {
            let Some(of_group) = self.members.get_mut(*place) else { continue };
            *of_group = if union.is_some() { Members::Shared(shared) } else { Members::Unknown };
        }
        self.shared.extend(union);
        members
    }

    /// Puts together what the circle's groups and the groups in them have.
    fn unite(&mut self, circle: &[usize], held: &[Vec<usize>]) -> Option<Vec<usize>> {
        let mut parts: Vec<usize> = circle.to_vec();
        parts.extend(circle.iter().filter_map(|place| held.get(*place)).flatten());
        parts.sort_unstable();
        parts.dedup();
        self.number += 1;
        let mut union = Vec::new();
        for part in parts {
            let members = match self.members.get(part)? {
                Members::Direct(members) => members,
                Members::Shared(shared) => self.shared.get(*shared)?,
                Members::Unknown => return None,
            };
            self.left = self.left.checked_sub(members.len())?;
            for member in members {
                let Some(seen) = self.seen.get_mut(*member) else { continue };
                if *seen != self.number {
                    *seen = self.number;
                    union.push(*member);
                }
            }
        }
        union.sort_unstable();
        Some(union)
    }

    fn spend(&mut self, memberships: usize) -> bool {
        match self.left.checked_sub(memberships) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

/// How far the search for circles has come with a group.
#[derive(Clone, Copy)]
enum Search {
    New,
    /// It may still turn out to be in a circle; the number is its place on the way.
    Open(usize),
    Done,
}

/// The groups, those together that hold each other, and each only after all that it holds: strongly connected components by Gabow's path-based
/// search, without recursion, because a chain of groups may be longer than a stack.
fn circles(held: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut states = vec![Search::New; held.len()];
    let (mut way, mut firsts, mut frames) = (Vec::new(), Vec::new(), Vec::new());
    for start in 0..held.len() {
        let mut next = Some(start);
        loop {
            if let Some(place) = next.take() {
                match states.get_mut(place) {
                    Some(state @ Search::New) => {
                        *state = Search::Open(way.len());
                        frames.push((way.len(), held.get(place).map_or_else(Default::default, |inner| inner.iter())));
                        firsts.push(way.len());
                        way.push(place);
                    }
                    // All from there to here go round.
                    Some(Search::Open(order)) => {
                        while firsts.last().is_some_and(|first| first > order) {
                            firsts.pop();
                        }
                    }
                    Some(Search::Done) | None => {}
                }
            }
            let Some((order, inner)) = frames.last_mut() else { break };
            if let Some(place) = inner.next() {
                next = Some(*place);
                continue;
            }
            let order = *order;
            frames.pop();
            if firsts.last() == Some(&order) {
                firsts.pop();
                let circle = way.split_off(order);
                for place in &circle {
                    if let Some(state) = states.get_mut(*place) {
                        *state = Search::Done;
                    }
                }
                found.push(circle);
            }
        }
    }
    found
}
