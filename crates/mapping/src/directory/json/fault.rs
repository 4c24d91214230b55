//! What of a record cannot be read.

use crate::directory::DirectoryId;
use crate::directory::json::field::{Field, Wanted};
use crate::finding::{Finding, FindingKind, Record};

/// What of a record has another type than it should have.
pub(in crate::directory) struct Faults {
    record: Record,
    findings: Vec<Finding>,
}

impl Faults {
    pub(in crate::directory) fn new(record: Record) -> Self {
        Self { record, findings: Vec::new() }
    }

    pub(in crate::directory) fn add(&mut self, path: impl Into<String>, kind: FindingKind) {
        self.findings.push(Finding::new(kind).of(self.record.clone()).at(path));
    }

    /// The value, if there is one; one of a wrong type holds the record.
    pub(in crate::directory) fn take<T: Wanted>(&mut self, field: Field<T>, path: &str) -> Option<T> {
        match field {
            Field::Absent => None,
            Field::Is(value) => Some(value),
            Field::Not(found) => {
                self.add(path, FindingKind::UnreadableRecord { expected: T::EXPECTED, found });
                None
            }
        }
    }

    /// The identifier of another record, if there is one; a text that is none holds the record.
    pub(in crate::directory) fn take_id(&mut self, field: Field<String>, path: &str) -> Option<DirectoryId> {
        let id = DirectoryId::new(self.take(field, path)?).ok();
        if id.is_none() {
            let kind = FindingKind::UnreadableRecord { expected: "an identifier of at most 1024 bytes", found: "a longer text" };
            self.add(path, kind);
        }
        id
    }

    pub(in crate::directory) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// The identifier of a record, if it is one.
pub(in crate::directory) fn usable(id: Field<String>) -> Option<DirectoryId> {
    match id {
        Field::Is(id) => DirectoryId::new(id).ok(),
        Field::Absent | Field::Not(_) => None,
    }
}
