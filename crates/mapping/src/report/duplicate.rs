//! Names that two records want, and one can have.

use std::collections::BTreeMap;

use idbridge_scim::Resource;

use crate::finding::{Finding, FindingKind, Record};
use crate::report::{Consequence, Effect, GroupReport, Standing, UserReport};

/// Who wants which `userName` and which e-mail address, compared without case as the service does (E-5).
#[derive(Default)]
pub(super) struct DuplicateUsers {
    wanting: BTreeMap<(&'static str, String), Vec<usize>>,
}

impl DuplicateUsers {
    /// Notes the names of the person at `place`.
    pub(super) fn insert(&mut self, place: usize, resource: &Resource) {
        let names = [("userName", resource.text("userName")), ("emails.value", resource.primary_value("emails"))];
        for (path, name) in names {
            if let Some(name) = name {
                self.wanting.entry((path, name.to_lowercase())).or_default().push(place);
            }
        }
    }

    /// E-7, of people whom the service does not have yet: the smallest identifier keeps the name, the others are held.
    pub(super) fn hold(self, users: &mut [UserReport]) {
        for ((path, _), places) in self.wanting.into_iter().rev() {
            let [keeper, others @ ..] = &*places else { continue };
            let Some(keeper) = users.get(*keeper).map(|user| user.id().clone()) else { continue };
            for place in others {
                let Some(user) = users.get_mut(*place) else { continue };
                // The same two have one userName and one address, as a rule: that is one thing to say.
                if user.standing == Standing::Held {
                    continue;
                }
                let kind = FindingKind::DuplicateEmail { keeper: keeper.clone() };
                let finding = Finding::new(kind).at(path).of(Record::User(user.id().clone()));
                user.standing = Standing::Held;
                user.sent = Vec::new();
                user.consequences.insert(0, Consequence { effect: Effect::Held, finding });
            }
        }
    }
}

/// Which groups want which name.
///
/// Compared without case, as the service does.
#[derive(Default)]
pub(super) struct DuplicateGroups {
    wanting: BTreeMap<String, Vec<usize>>,
}

impl DuplicateGroups {
    /// Notes the name of the group at `place`.
    pub(super) fn insert(&mut self, place: usize, resource: &Resource) {
        if let Some(name) = resource.text("displayName") {
            self.wanting.entry(name.to_lowercase()).or_default().push(place);
        }
    }

    /// GM-10, of groups that the service does not have yet: all of them are held, because a directory may order them in any way.
    pub(super) fn hold(self, groups: &mut [GroupReport]) {
        for places in self.wanting.into_values() {
            let ids: Vec<_> = places.iter().filter_map(|place| groups.get(*place)).map(|group| group.id().clone()).collect();
            let [first, second, ..] = &*ids else { continue };
            for place in places {
                let Some(group) = groups.get_mut(place) else { continue };
                let other = if group.id() == first { second } else { first };
                let kind = FindingKind::DuplicateGroupName { other: other.clone() };
                let finding = Finding::new(kind).at("displayName").of(Record::Group(group.id().clone()));
                group.standing = Standing::Held;
                group.sent = Vec::new();
                group.consequences.insert(0, Consequence { effect: Effect::Held, finding });
            }
        }
    }
}
