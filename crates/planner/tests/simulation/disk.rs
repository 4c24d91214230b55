//! A disk that commits whole batches of records, or none of them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_planner::{GroupKey, Key, Record, State, UserKey};
use idbridge_scim::{Resource, ResourceId};

/// What was committed, and an index of it that the invariants read. It is made from the records alone, not from the planner's state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    records: BTreeMap<String, Vec<u8>>,
    owners: BTreeMap<ResourceId, Key>,
    links: BTreeMap<Key, ResourceId>,
}

impl Disk {
    /// Commits a batch, or none of it where another machine has begun over the same records; says whether it did.
    pub(crate) fn commit(&mut self, records: &[Record]) -> bool {
        if records.iter().any(|record| !record.may_replace(self.records.get(record.key()).map(Vec::as_slice))) {
            return false;
        }
        for record in records {
            self.index(record.key(), record.value());
            match record.value() {
                Some(value) => self.records.insert(record.key().to_owned(), value.to_vec()),
                None => self.records.remove(record.key()),
            };
        }
        true
    }

    /// How many machines have written.
    pub(crate) fn generation(&self) -> Option<&[u8]> {
        self.records.get("generation").map(Vec::as_slice)
    }

    /// What a process that starts now knows.
    pub(crate) fn state(&self) -> State {
        State::restore(self.records.clone()).expect("what was stored can be read")
    }

    /// What was last sent of a record.
    pub(crate) fn last_sent(&self, key: &Key) -> Option<Resource> {
        self.records.get(&State::last_sent_record(key)).map(|json| Resource::from_json(json).unwrap())
    }

    /// Until when nothing may be asked of a service that failed as a whole.
    pub(crate) fn quarantined_until(&self) -> Option<SystemTime> {
        let quarantine: serde_json::Value = serde_json::from_slice(self.records.get("quarantine")?).unwrap();
        Some(UNIX_EPOCH + Duration::from_millis(quarantine["until"].as_u64().unwrap()))
    }

    /// Whose an object is.
    pub(crate) fn owner(&self, id: &ResourceId) -> Option<&Key> {
        self.owners.get(id)
    }

    pub(crate) fn link(&self, key: &Key) -> Option<&ResourceId> {
        self.links.get(key)
    }

    /// How many users, and how many groups, are linked.
    pub(crate) fn linked(&self, users: bool) -> usize {
        self.links.keys().filter(|key| matches!(key, Key::User(_)) == users).count()
    }

    /// What is intended for a record, as the JSON that is stored.
    pub(crate) fn intent(&self, key: &Key) -> Option<&str> {
        self.records.get(&format!("intent/{}", path(key))).map(|json| std::str::from_utf8(json).unwrap())
    }

    /// Whether a removal of this record is counted.
    pub(crate) fn counts_removal(&self, key: &Key) -> bool {
        let end = format!("/{}", path(key));
        self.records.range("removed/".to_owned()..).take_while(|(key, _)| key.starts_with("removed/")).any(|(key, _)| key.ends_with(&end))
    }

    /// Loses every record whose key begins so.
    pub(crate) fn lose(&mut self, beginning: &str) {
        self.records.retain(|key, _| !key.starts_with(beginning));
    }

    fn index(&mut self, record: &str, value: Option<&[u8]>) {
        let key = match record.split_once('/') {
            Some(("user", key)) => Key::from(UserKey::from(key)),
            Some(("group", key)) => Key::from(GroupKey::from(key)),
            _ => return,
        };
        if let Some(id) = self.links.remove(&key) {
            self.owners.remove(&id);
        }
        if let Some(value) = value {
            let link: serde_json::Value = serde_json::from_slice(value).unwrap();
            let id = ResourceId::new(link["id"].as_str().unwrap()).unwrap();
            self.owners.insert(id.clone(), key.clone());
            self.links.insert(key, id);
        }
    }
}

/// A record's key within a table.
fn path(key: &Key) -> String {
    match key {
        Key::User(user) => format!("user/{user}"),
        Key::Group(group) => format!("group/{group}"),
    }
}
