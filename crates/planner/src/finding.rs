//! Findings: what a person should know, and what to change.
//!
//! What the planner will not do is no error. It is said in a finding with a code for programs and a sentence for people, and the rest of the plan
//! goes on (IC-21).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::key::Key;

/// Something that a person should know about one record, or about the whole source. A finding is data, not a failure.
///
/// A caller adds its own, with any code, to [`Answer::Hold`](crate::Answer::Hold) and [`Desired::report`](crate::Desired::report). The planner
/// makes these, before the run or in it:
///
/// | code | what it means | remedy | rule |
/// | --- | --- | --- | --- |
/// | `SourceIncomplete` | a linked record is not in a source that was not read to its end | read the source again, to its end | UL-11 |
/// | | the source has no users, or no groups, although some are linked | read it again, or allow the removals | UL-11 |
/// | `DuplicateEmail` | another wanted user keeps the `userName` or the e-mail address | another address for one of the two | E-7 |
/// | `DuplicateGroupName` | another wanted group has the name, letter case aside | rename one of them | E-7, GM-10 |
/// | `NameTaken` | an object that keeps it has the name, the e-mail address or the `externalId` | change one of the two | GM-15, E-10 |
/// | `Ambiguous` | several objects of the service match | delete or rename those that are not meant | E-5 |
/// | `NotSearched` | the service was not searched or not read, so it is not known what is there | plan again; see the reason | IC-20 |
/// | `RefusedByService` | exactly this was refused with 400 before, and is not sent again | change the record | E-11 |
/// | `ConflictNotMatched` | a create was answered 409, and nothing is there under that name | change the `userName` of who is in the way | IC-24 |
/// | `EmptyGroup` | a group without a member who is there or comes is not created | add a member; see the members' findings | GM-03, GM-05 |
/// | `MembersUnknown` | the members at the service could not be read, so they are left as they are | plan again | IC-20 |
/// | `MembersRefused` | the group refused these members, each alone | see whether they are still at the service | GM-33 |
/// | `UnmanagedMembers` | members of a group that was taken over are nobody in the directory, and stay | remove them by hand or by policy | E-6 |
/// | `Protected` | the policy protects the object, so nothing is done to it; or members of a group, who stay as they are | take it off the list, or change it by hand | |
/// | `UserNameMismatch` | others changed the `userName` of a linked user at the service | change it back, or let the policy do it | IC-05 |
/// | `ExtraGroupsUnknown` | the list of groups was cut, so groups that nobody manages cannot be known | none | IC-20 |
/// | `Waits` | it needs another operation that did not succeed | see that operation | E-10 |
///
/// `UnmanagedMembers`, the second `SourceIncomplete` and most `EmptyGroup` stop nothing else and are in
/// [`Plan::findings`](crate::Plan::findings); the others are in [`Plan::held`](crate::Plan::held) or, where it shows on the way, in
/// [`OutcomeKind::Held`](crate::OutcomeKind::Held).
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
    /// A stable name for programs, such as `DuplicateEmail`. Codes that a program does not know are to be shown, not dropped.
    pub code: Cow<'static, str>,
    /// The record that it is about; none for the whole source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// The record's name, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The attribute that it is about, as a SCIM path such as `name.givenName`; `Display` does not print it, because the message says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What was found, in one sentence, with the values that matter and no secret.
    pub message: String,
    /// What to change, if there is something to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    /// Makes a finding about the whole source, with a code for programs and a sentence for people.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::Finding;
    ///
    /// let finding = Finding::new("SourceStale", "the directory was read nine days ago");
    /// assert_eq!(finding.to_string(), "SourceStale: the directory was read nine days ago");
    /// ```
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), key: None, label: None, path: None, message: message.into(), remedy: None }
    }

    /// Says which record it is about.
    #[must_use]
    pub fn of(mut self, key: Key) -> Self {
        self.key = Some(key);
        self
    }

    /// Gives the record's name, for people, who do not know keys.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{Finding, UserKey};
    ///
    /// let finding = Finding::new("MissingRequired", "name.familyName has no value").of(UserKey::from("7").into());
    /// assert_eq!(
    ///     finding.labelled("cher@example.com").to_string(),
    ///     "MissingRequired, user 7 (cher@example.com): name.familyName has no value"
    /// );
    /// ```
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says which attribute it is about.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Says what to change, and where: a person acts on it without reading anything else.
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
/// The reason goes on from the record's name, as in "anna@example.com is no longer in the directory". A caller makes one for each
/// [`Presence`](crate::Presence); of a group that is released and a user who is deactivated, the plan repeats it word for word (E-14).
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
    /// The rule's id, as in the project's list of rules: such as `GM-20`. A caller with rules of its own has ids of its own.
    pub rule: Cow<'static, str>,
    /// What made it apply.
    pub reason: Cow<'static, str>,
}

impl Because {
    /// Names a rule and what made it apply.
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
