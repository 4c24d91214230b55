//! How every simulation ends: nothing goes wrong any more, everything is allowed, and after a few syncs the service is as the directory wants it.

use std::collections::BTreeSet;

use idbridge_planner::Key;
use idbridge_scim::{Resource, ResourceId};

use crate::directory::{REFUSED_TITLE, Says, Status, address, group_name, number_of, title};
use crate::invariants::{Violation, broken, is_active};
use crate::script::Script;
use crate::sync::{self, Happenings};
use crate::world::{Synced, World};

/// How many syncs there are before nothing may be left to do.
const SYNCS: usize = 3;

impl World {
    /// Settles, and settles once more over lost state if the script says so.
    pub(crate) fn end(&mut self, script: &Script) -> Result<(), Violation> {
        self.is_token_refused = false;
        // A service that failed as a whole is asked again when its time has come.
        self.now = self.disk.quarantined_until().map_or(self.now, |until| until.max(self.now));
        self.settle(false)?;
        if script.forgets_at_the_end {
            self.forget();
            self.settle(true)?;
        }
        Ok(())
    }

    fn calm_sync(&mut self) -> Result<Synced, Violation> {
        self.next = Happenings { allowance: Some(1000), ..Happenings::default() };
        match self.sync()? {
            Some(synced) if synced.stopped.is_none() => Ok(synced),
            Some(synced) => broken("it_ends", format!("nothing goes wrong, and it stopped: {:?}", synced.stopped)),
            None => broken("it_ends", "nothing goes wrong, and the process died"),
        }
    }

    /// Where everything was lost or is looked at each time, everything has been compared anew, and nothing is excused by what others changed.
    fn settle(&mut self, is_compared_anew: bool) -> Result<(), Violation> {
        let is_compared_anew = is_compared_anew || self.switches.repairs;
        for _ in 0..SYNCS {
            self.calm_sync()?;
        }
        let last = self.calm_sync()?;
        let held: BTreeSet<&Key> = last.held.iter().collect();
        // An address that is in the way cannot be searched for, so it is found only by trying, each time anew, if there is a reason.
        let of_users: Vec<&Key> =
            last.plan.operations().iter().map(|operation| &operation.key).filter(|key| matches!(key, Key::User(_))).collect();
        let is_in_vain = !of_users.is_empty() && of_users.iter().all(|key| held.contains(*key) && self.is_excused(key, &held));
        if !last.plan.is_empty() && !is_in_vain {
            return broken("planning_again_is_empty", format!("not at rest after {SYNCS} syncs:\n{}", last.plan.explain()));
        }
        // Whoever stands in somebody's way is looked at again each time, and so is a group whose only members the service refuses.
        let looks_again =
            last.codes.iter().any(|code| ["NameTaken", "Ambiguous", "ConflictNotMatched", "RefusedByService"].contains(&code.as_str()));
        if last.requests > 0 && !looks_again && !self.switches.repairs {
            return broken("at_rest_without_reads", format!("{} requests at rest", last.requests));
        }
        for key in &last.held {
            if !self.is_excused(key, &held) {
                return broken("held_for_a_reason", format!("{key} is held, and nothing stands in its way: {:?}", last.codes));
            }
        }
        self.people_are_as_wanted(&held, is_compared_anew)?;
        self.groups_are_as_wanted(&held, is_compared_anew)?;
        self.strangers_are_as_they_were()
    }

    /// Whether the directory or the service gives a reason for holding a record.
    fn is_excused(&self, key: &Key, held: &BTreeSet<&Key>) -> bool {
        let own = self.disk.link(key);
        let number = number_of(key);
        match key {
            Key::User(_) => {
                let Some(person) = self.directory.people.get(&number) else { return false };
                let (name, email) = (address(person.name), address(person.email));
                let same = |found: Option<&str>, wanted: &str| found.is_some_and(|found| found.eq_ignore_ascii_case(wanted));
                let is_in_the_way = |user: &Resource| {
                    user.id().as_ref() != own
                        && (same(user.text("userName"), &name)
                            || same(user.primary_value("emails"), &email)
                            || user.external_id().is_some_and(|id| id.as_str() == key.as_str()))
                };
                let others = self.directory.people.iter().filter(|(other, _)| **other != number);
                person.status == Status::Held
                    || person.title == Some(REFUSED_TITLE)
                    || others.into_iter().any(|(_, other)| other.name == person.name || other.email == person.email)
                    || self.service.users().any(is_in_the_way)
                    || self.directory.people.keys().any(|other| *other != number && self.is_removed(&sync::user(*other)))
            }
            Key::Group(_) => {
                let Some(group) = self.directory.groups.get(&number) else { return false };
                let name = group_name(group.name);
                let is_in_the_way = |other: &Resource| {
                    other.id().as_ref() != own && other.text("displayName").is_some_and(|found| found.eq_ignore_ascii_case(&name))
                };
                let mut others = self.directory.groups.iter().filter(|(other, _)| **other != number);
                group.is_held
                    || others.any(|(_, other)| other.name == group.name)
                    || self.service.groups().any(is_in_the_way)
                    || group.members.iter().all(|person| {
                        let key = sync::user(*person);
                        let is_wanted = matches!(self.directory.says_of_person(*person), Says::Wanted { .. });
                        !is_wanted || self.disk.link(&key).is_none() || held.contains(&key)
                    })
                    || self.names_the_removed(number)
            }
        }
    }

    /// Whether a group stands in the way of, or has a member, of whom the planner cannot know without a read that others removed it.
    fn names_the_removed(&self, number: u32) -> bool {
        let is_lost = |key: &Key| self.disk.link(key).is_none() && !self.ledger.removed.is_empty();
        let is_member = |person: &u32| self.is_removed(&sync::user(*person)) || is_lost(&sync::user(*person));
        let mut others = self.directory.groups.keys().filter(|other| **other != number);
        others.any(|other| self.is_removed(&sync::group(*other))) || self.directory.groups[&number].members.iter().any(is_member)
    }

    /// Whether others removed what a record is linked with.
    fn is_removed(&self, key: &Key) -> bool {
        self.disk.link(key).is_some_and(|id| self.ledger.removed.contains(id))
    }

    fn people_are_as_wanted(&self, held: &BTreeSet<&Key>, is_compared_anew: bool) -> Result<(), Violation> {
        const NAME: &str = "service_is_as_wanted";
        for (number, person) in &self.directory.people {
            let key = sync::user(*number);
            if held.contains(&key) {
                continue;
            }
            let link = self.disk.link(&key);
            let is_excused = |id: &ResourceId| !is_compared_anew && self.ledger.edited.contains(id);
            let there = link.and_then(|id| self.service.user(id));
            match (self.directory.says_of_person(*number), there.zip(link)) {
                (Says::Wanted { active }, None) => {
                    let is_removed = !is_compared_anew && link.is_some_and(|id| self.ledger.removed.contains(id));
                    if active && !is_removed {
                        return broken(NAME, format!("{key} is wanted, and not there"));
                    }
                }
                (Says::Wanted { active }, Some((there, id))) if !is_excused(id) => {
                    let found = (
                        there.text("userName").map(str::to_lowercase),
                        there.primary_value("emails").map(str::to_owned),
                        there.text("name.familyName").map(str::to_owned),
                        there.text("title").map(str::to_owned),
                        is_active(there),
                    );
                    let wanted = (
                        Some(address(person.name)),
                        Some(address(person.email)),
                        Some(format!("Family {}", person.family)),
                        person.title.map(title),
                        active,
                    );
                    if found != wanted {
                        return broken(NAME, format!("{key} is {found:?}, and shall be {wanted:?}"));
                    }
                }
                (Says::Present { .. }, Some((there, id))) if is_active(there) && !is_excused(id) => {
                    return broken(NAME, format!("{key} is not entitled, and active"));
                }
                _ => {}
            }
        }
        for (id, key) in &self.ledger.made {
            let is_known = match key {
                Key::User(_) => self.directory.people.contains_key(&number_of(key)),
                // What was disassociated is not ours to delete.
                Key::Group(_) => self.directory.groups.contains_key(&number_of(key)) || self.ledger.were_unbound.contains(&number_of(key)),
            };
            if !is_known && !self.ledger.has_forgotten {
                return broken(NAME, format!("{key} is gone, and {id} is still there"));
            }
        }
        Ok(())
    }

    fn groups_are_as_wanted(&self, held: &BTreeSet<&Key>, is_compared_anew: bool) -> Result<(), Violation> {
        const NAME: &str = "service_is_as_wanted";
        let is_open =
            |person: &u32| held.contains(&sync::user(*person)) || !matches!(self.directory.says_of_person(*person), Says::Wanted { .. });
        let id_of = |person: &u32| self.disk.link(&sync::user(*person)).filter(|id| self.service.user(id).is_some());
        let open: BTreeSet<&ResourceId> = self.directory.people.keys().filter(|person| is_open(person)).filter_map(id_of).collect();
        let ours: BTreeSet<&ResourceId> = self.directory.people.keys().filter_map(id_of).collect();
        for (number, group) in self.directory.groups.iter().filter(|(_, group)| group.is_bound && !group.is_held) {
            let key = sync::group(*number);
            if held.contains(&key) {
                continue;
            }
            let expected: BTreeSet<&ResourceId> = group.members.iter().filter(|person| !is_open(person)).filter_map(id_of).collect();
            let link = self.disk.link(&key);
            let Some((id, there)) = link.and_then(|id| Some((id, self.service.group(id)?))) else {
                let is_removed = !is_compared_anew && link.is_some_and(|id| self.ledger.removed.contains(id));
                if expected.is_empty() || is_removed {
                    continue;
                }
                return broken(NAME, format!("{key} is wanted, and not there"));
            };
            if there.text("displayName") != Some(&group_name(group.name)) {
                return broken(NAME, format!("{key} is called {:?}", there.text("displayName")));
            }
            let members = self.service.members(id);
            for member in &ours {
                // One member that others moved may be the one by whom the planner tells whether a request took effect.
                let is_excused = !is_compared_anew && self.ledger.edited_members.contains(id);
                if members.contains(*member) != expected.contains(*member) && !open.contains(*member) && !is_excused {
                    let who = self.disk.owner(member);
                    return broken(
                        NAME,
                        format!("{who:?} is in {key}: {}, and shall be: {}", members.contains(*member), expected.contains(*member)),
                    );
                }
            }
        }
        Ok(())
    }

    fn strangers_are_as_they_were(&self) -> Result<(), Violation> {
        for (id, made) in &self.ledger.strangers {
            let there = self.service.user(id).or_else(|| self.service.group(id));
            if there != Some(made) {
                return broken("strangers_are_untouched", format!("{made:?} is now {there:?}"));
            }
        }
        Ok(())
    }
}
