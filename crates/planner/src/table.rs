//! Things by key, numbered, so that millions of memberships name them by four bytes.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use hashbrown::HashTable;

/// The number of a thing in a [`Table`]. It stays while the thing is there, and is given again afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Handle(u32);

impl Handle {
    /// Stands for none where there are too many handles for an `Option` each.
    pub(crate) const NONE: Self = Self(u32::MAX);

    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    fn of(index: usize) -> Self {
        // A table of 2^32 things would not fit into memory; the last number is that of none.
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// What has a key.
pub(crate) trait Keyed {
    fn key(&self) -> &str;
}

/// How many things that came out of order are kept apart before they are put in their places, so that each costs little.
const RECENT: usize = 4096;

/// Things by key: found in constant time, walked in the order of their keys.
#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    things: Vec<Option<T>>,
    free: Vec<Handle>,
    index: HashTable<Handle>,
    /// In the order of keys; those that are gone may still be here, and their numbers are not given again before they have left.
    sorted: Vec<Handle>,
    /// In the order of keys as well; none that is gone.
    recent: Vec<Handle>,
    count: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { things: Vec::new(), free: Vec::new(), index: HashTable::new(), sorted: Vec::new(), recent: Vec::new(), count: 0 }
    }
}

impl<T: Keyed> Table<T> {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// One more than the greatest number that was given, for lists by number.
    pub(crate) fn bound(&self) -> usize {
        self.things.len()
    }

    pub(crate) fn at(&self, handle: Handle) -> Option<&T> {
        self.things.get(handle.index())?.as_ref()
    }

    pub(crate) fn at_mut(&mut self, handle: Handle) -> Option<&mut T> {
        self.things.get_mut(handle.index())?.as_mut()
    }

    pub(crate) fn find(&self, key: &str) -> Option<Handle> {
        self.index.find(hashed(key), |handle| key_at(&self.things, *handle) == key).copied()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.at(self.find(key)?)
    }

    /// Takes a thing in. One with its key must not be there.
    pub(crate) fn insert(&mut self, thing: T) -> Handle {
        let hash = hashed(thing.key());
        let is_last =
            self.recent.is_empty() && self.sorted.last().is_none_or(|last| self.at(*last).is_some_and(|last| last.key() < thing.key()));
        let place = if is_last { 0 } else { self.recent.partition_point(|other| key_at(&self.things, *other) < thing.key()) };
        let handle = match self.free.pop() {
            Some(handle) => {
                if let Some(slot) = self.things.get_mut(handle.index()) {
                    *slot = Some(thing);
                }
                handle
            }
            None => {
                self.things.push(Some(thing));
                Handle::of(self.things.len() - 1)
            }
        };
        let Self { things, index, .. } = self;
        index.insert_unique(hash, handle, |handle| hashed(key_at(things, *handle)));
        self.count += 1;
        if is_last {
            self.sorted.push(handle);
        } else {
            self.recent.insert(place, handle);
            if self.recent.len() > RECENT {
                self.settle();
            }
        }
        handle
    }

    pub(crate) fn remove(&mut self, handle: Handle) -> Option<T> {
        let thing = self.things.get(handle.index())?.as_ref()?;
        if let Ok(entry) = self.index.find_entry(hashed(thing.key()), |other| *other == handle) {
            entry.remove();
        }
        self.count -= 1;
        let place = self.recent.binary_search_by(|other| key_at(&self.things, *other).cmp(thing.key()));
        if let Ok(place) = place {
            self.recent.remove(place);
            self.free.push(handle);
        }
        let thing = self.things.get_mut(handle.index())?.take();
        let gone = self.sorted.len() + self.recent.len() - self.count;
        if gone > RECENT && gone > self.sorted.len() / 4 {
            self.settle();
        }
        thing
    }

    /// Puts what came lately into its place, and lets go of what is gone.
    fn settle(&mut self) {
        let mut sorted = Vec::with_capacity(self.count);
        let things = &self.things;
        let mut rest = self.sorted.as_slice();
        let keep = |handles: &[Handle], free: &mut Vec<Handle>, sorted: &mut Vec<Handle>| {
            for handle in handles {
                if things.get(handle.index()).is_some_and(Option::is_some) { sorted.push(*handle) } else { free.push(*handle) }
            }
        };
        for handle in &self.recent {
            let key = key_at(things, *handle);
            let (before, behind) = rest.split_at(place_of(things, rest, key));
            keep(before, &mut self.free, &mut sorted);
            sorted.push(*handle);
            rest = behind;
        }
        keep(rest, &mut self.free, &mut sorted);
        self.sorted = sorted;
        self.recent.clear();
    }

    /// Walks all things in the order of their keys.
    pub(crate) fn iter(&self) -> Iter<'_, T> {
        Iter { table: self, sorted: self.sorted.as_slice(), recent: self.recent.as_slice() }
    }

    /// Gives back what memory was kept for things to come.
    pub(crate) fn shrink(&mut self) {
        self.settle();
        self.things.shrink_to_fit();
        let things = &self.things;
        self.index.shrink_to_fit(|handle| hashed(key_at(things, *handle)));
    }
}

/// How many of `handles` stand before `key`; those that are gone stand where their neighbours do.
fn place_of<T: Keyed>(things: &[Option<T>], handles: &[Handle], key: &str) -> usize {
    let (mut low, mut high) = (0, handles.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let is_there = |handle: &Handle| things.get(handle.index()).is_some_and(Option::is_some);
        let there = handles.get(middle..high).unwrap_or_default().iter().position(is_there);
        match there.map(|offset| middle + offset) {
            Some(found) if handles.get(found).is_some_and(|handle| key_at(things, *handle) < key) => low = found + 1,
            _ => high = middle,
        }
    }
    low
}

/// The key of a thing; that of one that is gone is empty.
fn key_at<T: Keyed>(things: &[Option<T>], handle: Handle) -> &str {
    things.get(handle.index()).and_then(Option::as_ref).map(T::key).unwrap_or_default()
}

/// The same for every run, because nothing random may go into a plan; nothing is walked in the order of it.
pub(crate) fn hashed(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The things of a [`Table`], in the order of their keys.
#[derive(Debug)]
pub(crate) struct Iter<'a, T> {
    table: &'a Table<T>,
    sorted: &'a [Handle],
    recent: &'a [Handle],
}

impl<'a, T: Keyed> Iterator for Iter<'a, T> {
    type Item = (Handle, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        let old = loop {
            match self.sorted.split_first() {
                Some((handle, rest)) => match self.table.at(*handle) {
                    Some(thing) => break Some((*handle, thing, rest)),
                    None => self.sorted = rest,
                },
                None => break None,
            }
        };
        let new = self.recent.split_first().and_then(|(handle, rest)| Some((*handle, self.table.at(*handle)?, rest)));
        match (old, new) {
            (Some((_, old, _)), Some((handle, new, rest))) if new.key() < old.key() => {
                self.recent = rest;
                Some((handle, new))
            }
            (Some((handle, old, rest)), _) => {
                self.sorted = rest;
                Some((handle, old))
            }
            (None, Some((handle, new, rest))) => {
                self.recent = rest;
                Some((handle, new))
            }
            (None, None) => None,
        }
    }
}

/// A pair of things with one key, or one of them alone.
pub(crate) type Joined<'a, A, B> = (Option<(Handle, &'a A)>, Option<(Handle, &'a B)>);

/// Walks two tables together, in the order of their keys: a join that needs no memory.
pub(crate) fn join<'a, A: Keyed, B: Keyed>(left: &'a Table<A>, right: &'a Table<B>) -> impl Iterator<Item = Joined<'a, A, B>> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (left.peek(), right.peek()) {
            (Some((_, left)), Some((_, right))) => left.key().cmp(right.key()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        let left = if order.is_le() { left.next() } else { None };
        let right = if order.is_ge() { right.next() } else { None };
        Some((left, right))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{Handle, Keyed, RECENT, Table, join};

    impl Keyed for String {
        fn key(&self) -> &str {
            self
        }
    }

    proptest! {
        #[test]
        fn a_table_is_a_map_in_order(steps in prop::collection::vec((0_u16..400, any::<bool>()), 0..600)) {
            let (mut table, mut map) = (Table::default(), BTreeMap::<String, Handle>::new());
            for (key, adds) in steps {
                let key = format!("k{key}");
                match map.get(&key).copied() {
                    None if adds => {
                        map.insert(key.clone(), table.insert(key));
                    }
                    Some(handle) if !adds => {
                        prop_assert_eq!(table.remove(handle), Some(key.clone()));
                        map.remove(&key);
                    }
                    found => prop_assert_eq!(table.find(&key), found),
                }
            }
            prop_assert_eq!(table.len(), map.len());
            let found: Vec<(String, Handle)> = table.iter().map(|(handle, key)| (key.clone(), handle)).collect();
            prop_assert_eq!(found, map.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_gone_leaves_in_bulk_and_order_stays() {
        let mut table = Table::default();
        let count = RECENT * 3;
        let handles: Vec<Handle> = (0..count).map(|number| table.insert(format!("{:08}", (number * 7919) % count))).collect();
        for handle in handles.iter().step_by(2).chain(handles.iter().skip(1).step_by(4)) {
            table.remove(*handle);
        }
        for number in 0..RECENT + 1 {
            table.insert(format!("{number:08}+"));
        }
        let keys: Vec<&String> = table.iter().map(|(_, key)| key).collect();
        assert!(keys.is_sorted() && keys.len() == table.len());
        assert!(table.bound() < count + RECENT, "numbers are given again");
    }

    #[test]
    fn two_tables_are_walked_together() {
        let (mut left, mut right) = (Table::default(), Table::default());
        for key in ["b", "a", "d"] {
            left.insert(key.to_owned());
        }
        for key in ["c", "d", "b"] {
            right.insert(key.to_owned());
        }
        let joined: Vec<(Option<&String>, Option<&String>)> =
            join(&left, &right).map(|(left, right)| (left.map(|(_, key)| key), right.map(|(_, key)| key))).collect();
        let text = format!("{joined:?}");
        assert_eq!(text, r#"[(Some("a"), None), (Some("b"), Some("b")), (None, Some("c")), (Some("d"), Some("d"))]"#);
    }
}
