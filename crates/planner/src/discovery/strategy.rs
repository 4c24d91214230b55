//! Which way of looking takes the fewest requests and still gives the evidence that is needed.
//!
//! Counts go in and a way comes out; nothing is read here. What a service can do is found out by asking (E-12), so a way that it refuses is
//! chosen once at most, and then again without it.

use crate::look::Way;

/// The objects on a full page of a list.
const PAGE: usize = 100;

/// What the service can do, as far as it has been found out: what was not refused yet counts as there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abilities {
    /// Whether lists have cursors, and so an end that can be trusted.
    pub(super) cursor: bool,
    /// Whether `groups.value` and `members.value` can be filtered by; both came at one time, so a 400 to one of them ends both.
    pub(super) member_filters: bool,
}

/// What must be known of the users, or of the groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Objects {
    /// The requests for looking each record up that is not linked: one by `externalId`, one by name.
    pub(super) look_ups: usize,
    /// The linked objects that must be seen, each of which is one read.
    pub(super) reads: usize,
    /// The objects that the service has, as far as we know: those that are linked. There may be more, so the pages are a lower bound.
    pub(super) there: usize,
    /// Whether what nobody manages must be seen as well, which only a list shows.
    pub(super) strangers: bool,
}

impl Objects {
    /// The cheapest way to see them. A list is taken where it costs no more, because it shows more than was asked for.
    pub(super) fn cheapest(self, service: Abilities, shortest_cap: Option<usize>) -> Way {
        let one_by_one = self.look_ups + self.reads;
        if one_by_one == 0 && !self.strangers {
            return Way::Nothing;
        }
        let single = if self.reads > self.look_ups { Way::Reads } else { Way::LookUps };
        if !service.cursor {
            // Cut for certain, so that it shows nothing that need not be asked for all the same.
            let is_cut = shortest_cap.is_some_and(|cap| self.there >= cap);
            return if is_cut || one_by_one == 0 { single } else { Way::PlainList };
        }
        if self.strangers || one_by_one >= pages(self.there) { Way::CursorList } else { single }
    }
}

/// Whose memberships must be known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Memberships {
    /// The groups.
    pub(super) groups: usize,
    /// The pages of all their lists of members, one each at least.
    pub(super) pages: usize,
    /// The users of whom it must be known whether they are members of them.
    pub(super) users: usize,
    /// Whether members must be seen that are nobody's, which only the lists of members show.
    pub(super) strangers: bool,
}

impl Memberships {
    /// The cheapest way to know them. Of two that cost the same, the one that shows more.
    pub(super) fn cheapest(self, service: Abilities) -> Way {
        if self.groups == 0 || (self.users == 0 && !self.strangers) {
            return Way::Nothing;
        }
        if !service.member_filters {
            return Way::PointChecks;
        }
        if self.strangers {
            return Way::GroupsValue;
        }
        let checks = self.groups.saturating_mul(self.users);
        let ways = [(self.pages, Way::GroupsValue), (self.users, Way::MembersValue), (checks, Way::PointChecks)];
        ways.into_iter().min_by_key(|(requests, _)| *requests).map_or(Way::Nothing, |(_, way)| way)
    }
}

/// The pages of a list of this many; an empty list is one page.
pub(super) fn pages(objects: usize) -> usize {
    objects / PAGE + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Abilities = Abilities { cursor: true, member_filters: true };
    const OLD: Abilities = Abilities { cursor: false, member_filters: false };

    #[test]
    fn objects_are_seen_in_the_fewest_requests() {
        let objects = |look_ups, reads, there, strangers| Objects { look_ups, reads, there, strangers };
        let cases = [
            (objects(0, 0, 1000, false), ALL, Way::Nothing),
            (objects(2, 0, 0, false), ALL, Way::CursorList),
            (objects(2, 0, 199, false), ALL, Way::CursorList),
            (objects(2, 0, 200, false), ALL, Way::LookUps),
            (objects(0, 3, 1000, false), ALL, Way::Reads),
            (objects(0, 1000, 1000, false), ALL, Way::CursorList),
            (objects(0, 1, 1000, true), ALL, Way::CursorList),
            (objects(0, 0, 0, true), ALL, Way::CursorList),
            (objects(40, 0, 0, false), OLD, Way::PlainList),
            (objects(40, 0, 49, false), OLD, Way::PlainList),
            (objects(40, 0, 50, false), OLD, Way::LookUps),
            (objects(0, 400, 400, true), OLD, Way::Reads),
        ];
        for (objects, service, way) in cases {
            assert_eq!(objects.cheapest(service, Some(50)), way, "{objects:?}");
        }
    }

    #[test]
    fn memberships_are_known_in_the_fewest_requests() {
        let memberships = |groups, pages, users, strangers| Memberships { groups, pages, users, strangers };
        let cases = [
            (memberships(0, 0, 5, true), ALL, Way::Nothing),
            (memberships(5, 5, 0, false), ALL, Way::Nothing),
            (memberships(5, 5, 0, true), ALL, Way::GroupsValue),
            (memberships(1, 1, 1, false), ALL, Way::GroupsValue),
            (memberships(12, 12, 1, false), ALL, Way::MembersValue),
            (memberships(12, 12, 1, true), ALL, Way::GroupsValue),
            (memberships(2, 2, 9, false), ALL, Way::GroupsValue),
            (memberships(1, 80, 30, false), ALL, Way::MembersValue),
            (memberships(12, 12, 1, false), OLD, Way::PointChecks),
            (memberships(12, 12, 900, true), OLD, Way::PointChecks),
        ];
        for (memberships, service, way) in cases {
            assert_eq!(memberships.cheapest(service), way, "{memberships:?}");
        }
    }
}
