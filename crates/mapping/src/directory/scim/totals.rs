//! What the pages of a mixed list state for the number of resources, held against those that were read.

use std::collections::BTreeSet;

use crate::directory::json::{Count, Field};
use crate::directory::scim::record::Kind;
use crate::directory::{Incomplete, Snapshot};

/// The pages of a list in which people and groups may stand side by side.
///
/// A page of people states how many people there are, and one of groups how many groups, unless both are answers of one query for all resources
/// (RFC 7644 section 3.4.2.1), which is known by a page that has both.
#[derive(Default)]
pub(super) struct Totals {
    has_user: bool,
    has_group: bool,
    users: Pages,
    groups: Pages,
    mixed: Pages,
    empty: Pages,
    is_last_followed: bool,
}

/// Pages of one kind: with people only, with groups only, with both, or with nothing.
#[derive(Default)]
struct Pages {
    /// At most two numbers, of which one must be wrong.
    totals: BTreeSet<u64>,
    is_total_missing: bool,
    is_followed: bool,
}

impl Totals {
    /// Notes what an entry of the page that is being read is.
    pub(super) fn add(&mut self, kind: Kind) {
        match kind {
            Kind::User => self.has_user = true,
            Kind::Group => self.has_group = true,
        }
    }

    /// Forgets the entries before, which were in no page.
    pub(super) fn begin_page(&mut self) {
        (self.has_user, self.has_group) = (false, false);
    }

    /// Two different totals are kept and no more: one of them is wrong whatever the others are, and a file of many pages must not fill the memory.
    pub(super) fn end_page(&mut self, total: &Field<Count>, is_followed: bool) {
        let pages = match (std::mem::take(&mut self.has_user), std::mem::take(&mut self.has_group)) {
            (true, false) => &mut self.users,
            (false, true) => &mut self.groups,
            (true, true) => &mut self.mixed,
            (false, false) => &mut self.empty,
        };
        match total {
            Field::Is(Count(total)) if pages.totals.len() < 2 => {
                pages.totals.insert(*total);
            }
            Field::Is(_) => {}
            Field::Absent | Field::Not(_) => pages.is_total_missing = true,
        }
        pages.is_followed = is_followed;
        self.is_last_followed = is_followed;
    }

    /// Notes in `snapshot` what may be missing of the list, of which so many different people and groups were read.
    ///
    /// A page without any entry may be behind the last one of either kind, so what it states must be one of the numbers that were read.
    pub(super) fn compare(&self, users: usize, groups: usize, snapshot: &mut Snapshot) {
        let list = "Resources";
        let all = [&self.users, &self.groups, &self.mixed, &self.empty];
        if all.iter().any(|pages| pages.is_total_missing) {
            snapshot.mark_partial(Incomplete::CountMissing { list });
        }
        let is_one_query = !self.mixed.totals.is_empty();
        if self.is_last_followed || !is_one_query && all.iter().any(|pages| pages.is_followed) {
            snapshot.mark_partial(Incomplete::MorePages { list });
        }
        let sum = users.saturating_add(groups);
        let of = |read: usize| if is_one_query { sum } else { read };
        let expected = [vec![of(users)], vec![of(groups)], vec![sum], if is_one_query { vec![sum] } else { vec![0, users, groups] }];
        for (pages, expected) in all.into_iter().zip(expected) {
            for stated in &pages.totals {
                if !expected.iter().any(|read| usize::try_from(*stated) == Ok(*read)) {
                    let read = expected.into_iter().max().unwrap_or_default();
                    snapshot.mark_partial(Incomplete::CountDiffers { list, stated: *stated, read });
                    break;
                }
            }
        }
    }
}
