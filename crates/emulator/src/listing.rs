//! Lists: filters, pages and cursors (developer guide, `ListUsers` and `ListGroups`; RFC 9865).
//!
//! A list is in the order of ids, which is the order of nothing that a client knows: AWS documents none, and a client that relies on one is found
//! out. A cursor says where a walk stands and holds no state in the service, so a walk may be left at any time and go on after changes; what
//! comes in behind it is not seen, what goes away before it is not missed.

use std::ops::Bound;

use idbridge_scim::protocol::{ListQuery, Paging, ResourceType};
use idbridge_scim::{CompareOp, Cursor, Filter, ListResponse, ResourceId};

use crate::generator::{digest, mix};
use crate::refusal::Refusal;
use crate::service::{Answer, Service};
use crate::shape;
use crate::store::{Shelf, Unique};

/// The most resources that `count` may ask for (developer guide, `ListUsers`).
const LARGEST_COUNT: u32 = 100;

/// What passes a filter.
enum Selection {
    /// Everything of a type.
    All,
    /// These few.
    These(Vec<ResourceId>),
    /// Whatever is linked to this resource of the other type: the members of a group, the groups of a user.
    LinkedTo(ResourceId),
}

/// Where a walk stands.
#[derive(Debug, PartialEq, Eq)]
struct Position {
    /// The number of the page, from 0.
    page: u64,
    /// The last resource that was given out.
    after: Option<ResourceId>,
}

impl Service {
    /// `ListUsers` and `ListGroups`: 200 with a page.
    ///
    /// Without a cursor the page is all there is, and its `totalResults` is the number on it. With one, the page may be short, even empty, while
    /// more follow; only a page without a `nextCursor` is the last.
    pub(crate) fn list(&self, resource_type: ResourceType, query: &ListQuery) -> Answer {
        // Lists are not sorted (developer guide, `ServiceProviderConfig`).
        if query.sort.is_some() || query.count.is_some_and(|count| count == 0 || count > LARGEST_COUNT) {
            return Err(Refusal::generic());
        }
        let asked = query.count.and_then(|count| usize::try_from(count).ok());
        let position = match &query.paging {
            Paging::None => {
                let selection = self.select(resource_type, query.filter.as_ref())?;
                let most = asked.unwrap_or(self.settings.cap).min(self.settings.cap);
                // The list is cut without a word: its totals are those of the page.
                let (ids, _) = self.take(resource_type, &selection, None, most);
                return Ok((200, ListResponse::single_page(self.show(resource_type, &ids)).into()));
            }
            _ if !self.settings.cursor => return Err(Refusal::generic()),
            Paging::FirstPage => Position { page: 0, after: None },
            Paging::From(cursor) => self.read_cursor(resource_type, query.filter.as_ref(), cursor)?,
            _ => return Err(Refusal::generic()),
        };
        let selection = self.select(resource_type, query.filter.as_ref())?;
        let most = asked.unwrap_or(self.settings.page_size).min(self.settings.page_size).max(1);
        let most = self.shortened(most, &position);
        let (ids, more) = self.take(resource_type, &selection, position.after.as_ref(), most);
        let after = ids.last().cloned().or(position.after);
        let next = Position { page: position.page + 1, after };
        let next = more.then(|| self.write_cursor(resource_type, query.filter.as_ref(), &next)).flatten();
        let resources = self.show(resource_type, &ids);
        let count = u64::try_from(resources.len()).unwrap_or(u64::MAX);
        Ok((200, ListResponse::cursor_page(resources, count, next).into()))
    }

    /// The resources as a list shows them: users as they are read, groups with an empty list of members.
    fn show(&self, resource_type: ResourceType, ids: &[ResourceId]) -> Vec<idbridge_scim::Resource> {
        let shelf = self.store.shelf(resource_type);
        let entries = ids.iter().filter_map(|id| shelf.get(id));
        match resource_type {
            ResourceType::Group => entries.map(|entry| shape::listed_group(&entry.resource)).collect(),
            _ => entries.map(|entry| shape::shown_user(&entry.resource)).collect(),
        }
    }

    /// At most `most` of the selection behind `after`, in the order of ids, and whether more follow.
    fn take(&self, resource_type: ResourceType, selection: &Selection, after: Option<&ResourceId>, most: usize) -> (Vec<ResourceId>, bool) {
        let first = |ids: &mut dyn Iterator<Item = &ResourceId>| {
            let mut ids = ids;
            let taken: Vec<ResourceId> = Iterator::by_ref(&mut ids).take(most).cloned().collect();
            let more = ids.next().is_some();
            (taken, more)
        };
        match selection {
            Selection::All => first(&mut self.store.shelf(resource_type).ids_after(after)),
            Selection::These(ids) => first(&mut ids.iter().filter(|id| after.is_none_or(|after| *id > after))),
            Selection::LinkedTo(other) => {
                let others = self.store.shelf(other_type(resource_type));
                let from = after.map_or(Bound::Unbounded, Bound::Excluded);
                let linked = others.get(other).map(|entry| entry.linked.range::<ResourceId, _>((from, Bound::Unbounded)));
                first(&mut linked.into_iter().flatten())
            }
        }
    }

    /// Reads a filter in one of the documented combinations (developer guide, `ListUsers`, `ListGroups` and limitations).
    fn select(&self, resource_type: ResourceType, filter: Option<&Filter>) -> Result<Selection, Refusal> {
        let Some(filter) = filter else {
            return Ok(Selection::All);
        };
        let mut comparisons = Vec::new();
        for comparison in filter.comparisons().ok_or(Refusal::filter())? {
            if comparison.operator() != CompareOp::Equal {
                return Err(Refusal::filter());
            }
            let path = comparison.path();
            let value = comparison.value().as_str().ok_or(Refusal::filter())?;
            comparisons.push((path.to_string().to_ascii_lowercase(), value));
        }
        // "id and manager" and "manager and id" are the same combination.
        comparisons.sort_unstable();
        let named: Vec<(&str, &str)> = comparisons.iter().map(|(path, value)| (path.as_str(), *value)).collect();
        let shelf = self.store.shelf(resource_type);
        match (resource_type, named.as_slice()) {
            (ResourceType::User, [("username", name)]) => Ok(self.find(shelf, Unique::UserName, name)),
            (ResourceType::Group, [("displayname", name)]) => Ok(self.find(shelf, Unique::DisplayName, name)),
            (_, [("externalid", id)]) => Ok(self.find(shelf, Unique::ExternalId, id)),
            (ResourceType::User, [("id", id)]) => Ok(one(shelf, id, |_| true)),
            (ResourceType::User, [("id", id), ("manager", manager)]) => Ok(one(shelf, id, |id| {
                let path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
                shelf.get(id).is_some_and(|entry| entry.resource.text(path) == Some(manager))
            })),
            (ResourceType::User, [("groups.value", group)]) if self.settings.membership_filters => {
                // ListUsers does not list 404 among its answers, so an unknown group has no members.
                Ok(ResourceId::new(*group).map_or(Selection::These(Vec::new()), Selection::LinkedTo))
            }
            (ResourceType::Group, [("id", group), ("members", user)]) => {
                let user = self.known_user(user)?;
                Ok(one(shelf, group, |id| shelf.get(id).is_some_and(|entry| entry.linked.contains(&user))))
            }
            (ResourceType::Group, [("members.value", user)]) if self.settings.membership_filters => {
                Ok(Selection::LinkedTo(self.known_user(user)?))
            }
            _ => Err(Refusal::filter()),
        }
    }

    /// Who has `value` for `unique`; more than one only where seeding made them so.
    fn find(&self, shelf: &Shelf, unique: Unique, value: &str) -> Selection {
        let regards_case = self.settings.case_sensitive_filters;
        let is_equal = |id: &&ResourceId| {
            let held = shelf.get(id).and_then(|entry| unique.of(&entry.resource));
            !regards_case || held == Some(value)
        };
        let mut ids: Vec<ResourceId> = shelf.find(unique, value).iter().filter(is_equal).cloned().collect();
        ids.sort_unstable();
        Selection::These(ids)
    }

    /// Developer guide, `ListGroups`: a filter with a member that is not there is answered 404.
    fn known_user(&self, id: &str) -> Result<ResourceId, Refusal> {
        let id = ResourceId::new(id).map_err(|_| Refusal::not_found())?;
        if self.store.shelf(ResourceType::User).contains(&id) { Ok(id) } else { Err(Refusal::not_found()) }
    }

    /// How many resources the page holds that might hold `most`.
    ///
    /// It follows from the seed and the position and not from how often was asked, so that a walk that is repeated has the same pages. The
    /// page's number is a part of the position: an empty page would otherwise be followed by itself for ever.
    fn shortened(&self, most: usize, position: &Position) -> usize {
        let after = position.after.as_ref().map_or("", ResourceId::as_str);
        let drawn = digest(self.settings.seed, &[after, &position.page.to_string()]);
        if !self.settings.short_pages || !drawn.is_multiple_of(4) {
            return most;
        }
        let fewer = u64::try_from(most).ok().and_then(|most| mix(drawn).checked_rem(most)).unwrap_or_default();
        usize::try_from(fewer).unwrap_or(most)
    }

    // A cursor has every character that AWS's may have besides letters and digits, so that a client that does not encode it is found out.
    fn write_cursor(&self, resource_type: ResourceType, filter: Option<&Filter>, position: &Position) -> Option<Cursor> {
        let Position { page, after } = position;
        let after = after.as_ref().map_or("", ResourceId::as_str);
        let seal = self.seal(resource_type, filter, *page, after);
        Cursor::new(format!("{seal:016x}:{page}/{after}+_="))
    }

    /// The position that a cursor stands for; refused if it was not made here for the same filter (developer guide, `ListUsers`).
    fn read_cursor(&self, resource_type: ResourceType, filter: Option<&Filter>, cursor: &Cursor) -> Result<Position, Refusal> {
        let parts = cursor.as_str().strip_suffix("+_=").and_then(|rest| rest.split_once(':'));
        let (seal, rest) = parts.ok_or(Refusal::generic())?;
        let (page, after) = rest.split_once('/').ok_or(Refusal::generic())?;
        let page: u64 = page.parse().map_err(|_| Refusal::generic())?;
        if seal != format!("{:016x}", self.seal(resource_type, filter, page, after)) {
            return Err(Refusal::generic());
        }
        Ok(Position { page, after: ResourceId::new(after).ok() })
    }

    /// What tells a cursor of this service, this type and this filter from any other text.
    fn seal(&self, resource_type: ResourceType, filter: Option<&Filter>, page: u64, after: &str) -> u64 {
        let filter = filter.map(ToString::to_string).unwrap_or_default();
        digest(self.settings.seed, &[resource_type.endpoint(), &filter, &page.to_string(), after])
    }
}

/// The resource of `id`, if it is there and passes.
fn one(shelf: &Shelf, id: &str, passes: impl Fn(&ResourceId) -> bool) -> Selection {
    let id = ResourceId::new(id).ok().filter(|id| shelf.contains(id) && passes(id));
    Selection::These(id.into_iter().collect())
}

/// Groups for users and users for groups: where the links of a resource lead.
fn other_type(resource_type: ResourceType) -> ResourceType {
    match resource_type {
        ResourceType::Group => ResourceType::User,
        _ => ResourceType::Group,
    }
}
