//! Findings: what a person should know, and what to change.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::key::Key;

/// Something that a person should know about one record, or about the whole source. A finding is data, not a failure.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Finding, GroupKey};
///
/// let finding = Finding::new("GroupNameColon", "the name \"Ops: EU\" has a colon")
///     .of(GroupKey::from("7").into())
///     .with_remedy("take the colon out of the group's name");
/// assert_eq!(
///     finding.to_string(),
///     "GroupNameColon, group 7: the name \"Ops: EU\" has a colon; remedy: take the colon out of the group's name"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// A stable name for programs, such as `DuplicateEmail`.
    pub code: Cow<'static, str>,
    /// The record that it is about; none for the whole source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// The record's name, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The attribute that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What was found, in one sentence.
    pub message: String,
    /// What to change, if there is something to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    /// A finding about the whole source.
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), key: None, label: None, path: None, message: message.into(), remedy: None }
    }

    /// The same, about one record.
    #[must_use]
    pub fn of(mut self, key: Key) -> Self {
        self.key = Some(key);
        self
    }

    /// The same, with the record's name for people.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same, about one attribute.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same, with what to change.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        if let Some(key) = &self.key {
            write!(f, ", {key}")?;
        }
        if let Some(label) = &self.label {
            write!(f, " ({label})")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "; remedy: {remedy}"),
            None => Ok(()),
        }
    }
}

/// Why an operation is in the plan: the rule that asks for it, and what in the source made it apply.
///
/// # Examples
///
/// ```
/// use idbridge_planner::Because;
///
/// assert_eq!(Because::new("GM-20", "is in no bound group any more").to_string(), "GM-20: is in no bound group any more");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Because {
    /// The rule's id, as in the project's list of rules.
    pub rule: Cow<'static, str>,
    /// What made it apply.
    pub reason: Cow<'static, str>,
}

impl Because {
    /// A rule and what made it apply.
    #[must_use]
    pub fn new(rule: impl Into<Cow<'static, str>>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { rule: rule.into(), reason: reason.into() }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.reason)
    }
}
