//! What of a record cannot be read.
//!
//! A wrong type holds the record: it is there, nothing is sent for it, and it is not taken as absent. What holds nobody, such as a custom attribute,
//! is added by its reader with a finding of its own.

use crate::directory::DirectoryId;
use crate::directory::json::field::{Field, Wanted};
use crate::finding::{Finding, FindingKind, Record, Severity};

/// The most findings that one record has from being read, so that a small file cannot ask for much memory.
const MOST_FINDINGS: usize = 50;

/// What of a record has another type than it should have.
pub(in crate::directory) struct Faults {
    record: Record,
    findings: Vec<Finding>,
}

impl Faults {
    /// No faults yet of `record`, which each finding will name.
    pub(in crate::directory) fn new(record: Record) -> Self {
        Self { record, findings: Vec::new() }
    }

    /// Notes a finding, once. After [`MOST_FINDINGS`] no more are kept, except that a record that is held says so.
    pub(in crate::directory) fn add(&mut self, path: impl Into<String>, kind: FindingKind) {
        let finding = Finding::new(kind).of(self.record.clone()).at(path);
        if self.findings.contains(&finding) {
            return;
        }
        let holds = |finding: &Finding| finding.severity() == Severity::Holds;
        if self.findings.len() < MOST_FINDINGS || (holds(&finding) && !self.findings.iter().any(holds)) {
            self.findings.push(finding);
        }
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

    /// What was found, in the order of the reading; it goes into the `findings` of the record.
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
