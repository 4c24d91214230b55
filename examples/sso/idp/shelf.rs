//! Things that are kept for a time, and not too many of them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// Things that are known by a text that nobody can guess, for some time.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    things: BTreeMap<String, (SystemTime, T)>,
    most: usize,
    keeps: Duration,
}

impl<T> Shelf<T> {
    /// At most so many things, each for so long.
    pub(crate) fn new(most: usize, keeps: Duration) -> Self {
        Self { things: BTreeMap::new(), most, keeps }
    }

    /// Keeps a thing. Where there are too many, the one that would go first goes now.
    pub(crate) fn put(&mut self, key: String, thing: T, now: SystemTime) {
        self.things.retain(|_, (until, _)| now < *until);
        if self.things.len() >= self.most {
            let first = self.things.iter().min_by_key(|(_, (until, _))| *until).map(|(key, _)| key.clone());
            first.and_then(|first| self.things.remove(&first));
        }
        self.things.insert(key, (now + self.keeps, thing));
    }

    pub(crate) fn get(&self, key: &str, now: SystemTime) -> Option<&T> {
        self.things.get(key).filter(|(until, _)| now < *until).map(|(_, thing)| thing)
    }

    pub(crate) fn get_mut(&mut self, key: &str, now: SystemTime) -> Option<&mut T> {
        self.things.get_mut(key).filter(|(until, _)| now < *until).map(|(_, thing)| thing)
    }

    /// The key as it is kept, not as somebody sent it.
    pub(crate) fn key(&self, key: &str) -> Option<&str> {
        self.things.get_key_value(key).map(|(key, _)| key.as_str())
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.things.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn things_go_when_their_time_is_over_and_when_there_are_too_many() {
        let mut shelf = Shelf::new(2, Duration::from_secs(10));
        shelf.put("a".to_owned(), 1, UNIX_EPOCH);
        let later = UNIX_EPOCH + Duration::from_secs(5);
        shelf.put("b".to_owned(), 2, later);
        assert_eq!((shelf.get("a", later), shelf.get("b", later)), (Some(&1), Some(&2)));
        shelf.put("c".to_owned(), 3, later);
        assert_eq!((shelf.get("a", later), shelf.get("c", later)), (None, Some(&3)));
        assert_eq!(shelf.get("b", later + Duration::from_secs(10)), None);
    }
}
