//! The file, from its outermost object to its lists.
//!
//! | key | value | more than once |
//! | --- | --- | --- |
//! | `users`, `groups` | a list | refused, unless one of them is `null` |
//! | `members` | an object: the list of each group, by the group's identifier or address | refused, and so is a group |
//! | `application` | an object with the lists `groups` and `users` | refused |
//! | `complete` | `true`, or `false` if nothing may be concluded from absence | taken as neither, which makes the snapshot partial |
//! | `taken_at` | a text that is handed on | not handed on |
//!
//! All other keys are passed over.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess};

use crate::directory::cloud::gathered::{Bound, Gathered};
use crate::directory::cloud::list::{BoundSink, GroupSink, Listing, MemberSink, Progress, Sink, UserSink};
use crate::directory::cloud::{Format, Listed, Members, twice};
use crate::directory::json::{Key, ListSeed, Object, ObjectSeed, wrong};

/// The file itself.
pub(super) struct File<'a, F>(pub(super) &'a mut Gathered<F>);

impl<'de, F: Format> DeserializeSeed<'de> for File<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        ObjectSeed(&mut self).deserialize(deserializer)
    }
}

impl<F: Format> Object for File<'_, F> {
    fn name(&self) -> &'static str {
        "the file"
    }

    fn begin<E: Error>(&mut self, is_null: bool) -> Result<(), E> {
        if is_null { Err(wrong(self.name(), "an object", "null")) } else { Ok(()) }
    }

    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error> {
        let gathered = &mut *self.0;
        match &*key.0 {
            "users" => {
                let sink = UserSink { snapshot: &mut gathered.snapshot, format: PhantomData::<F> };
                walk::<F, _, _>(map, Listed::Users, &mut gathered.users, sink)?;
            }
            "groups" => {
                let sink = GroupSink { snapshot: &mut gathered.snapshot, named: &mut gathered.named, format: PhantomData::<F> };
                walk::<F, _, _>(map, Listed::Groups, &mut gathered.groups, sink)?;
            }
            "members" => map.next_value_seed(ObjectSeed(&mut ByGroup(gathered)))?,
            "application" => map.next_value_seed(ObjectSeed(&mut Bindings(gathered)))?,
            "complete" => gathered.complete.put(map.next_value()?),
            "taken_at" => gathered.taken_at.put(map.next_value()?),
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Reads the value of a key as a list, and keeps how far it went in `progress`.
fn walk<'de, F: Format, A: MapAccess<'de>, S: Sink>(map: &mut A, listed: Listed, progress: &mut Progress, sink: S) -> Result<(), A::Error> {
    let mut listing = Listing { listed, paging: F::paging(listed), progress, sink };
    let walked = map.next_value_seed(ListSeed(&mut listing))?;
    progress.finish(walked);
    Ok(())
}

/// The members, by the group that they are in. The groups themselves may come before or after them.
struct ByGroup<'a, F>(&'a mut Gathered<F>);

impl<F: Format> Object for ByGroup<'_, F> {
    fn name(&self) -> &'static str {
        Listed::Members.name()
    }

    /// `null` is as if it were not there: then each group lacks its members.
    fn begin<E: Error>(&mut self, is_null: bool) -> Result<(), E> {
        if self.0.has_members {
            return Err(twice(self.name()));
        }
        self.0.has_members = !is_null;
        Ok(())
    }

    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error> {
        if self.0.members.contains_key(&*key.0) {
            return Err(A::Error::custom("the members of a group are there twice"));
        }
        let (mut progress, mut members) = (Progress::default(), Members::default());
        walk::<F, _, _>(map, Listed::Members, &mut progress, MemberSink { members: &mut members, format: PhantomData::<F> })?;
        self.0.members.insert(key.0.clone().into_owned(), progress.into_members(members));
        Ok(())
    }
}

/// What the application is bound to.
struct Bindings<'a, F>(&'a mut Gathered<F>);

impl<F: Format> Object for Bindings<'_, F> {
    fn name(&self) -> &'static str {
        "application"
    }

    /// `null` is an application of which nothing was read. Without any, everybody is bound.
    fn begin<E: Error>(&mut self, _is_null: bool) -> Result<(), E> {
        if self.0.bound.is_some() {
            return Err(twice(self.name()));
        }
        self.0.bound = Some(Bound::default());
        Ok(())
    }

    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error> {
        let bound = self.0.bound.get_or_insert_default();
        match &*key.0 {
            "groups" => walk::<F, _, _>(map, Listed::BoundGroups, &mut bound.groups, BoundSink { names: &mut bound.group_names }),
            "users" => walk::<F, _, _>(map, Listed::BoundUsers, &mut bound.users, BoundSink { names: &mut bound.user_names }),
            _ => map.next_value::<IgnoredAny>().map(|_| ()),
        }
    }
}
