//! What a person should know of a record: held, left out, or worth a look.

use std::fmt;

use idbridge_scim as scim;

use crate::directory::{DirectoryId, Incomplete};
use crate::rule::{Rule, Source};

#[cfg(feature = "expressions")]
use crate::rule::WhenAbsent;

/// Something about a record or a whole directory that a person should know, and what to do about it.
///
/// A finding is no error: everything it does not concern goes on. It prints as one sentence that says what to change, and never holds a value of
/// an attribute, so that a report can be shown to anybody.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, Severity, directory::{DirectoryId, Group}};
/// use idbridge_scim::Profile;
///
/// let group = Group::new(DirectoryId::new("g1")?, "Ops: EU");
/// let mapped = RuleSet::jumpcloud().group_to_scim(&group, &Profile::aws_iam_identity_center());
/// let finding = &mapped.findings()[0];
/// assert_eq!(finding.code(), "GroupNameColon");
/// assert_eq!(finding.severity(), Severity::Holds);
/// assert_eq!(finding.to_string(), "the group's name has a ':' at 3, which the service refuses; rename the group in the directory");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    record: Option<Record>,
    path: Option<String>,
    kind: FindingKind,
}

/// The record that a [`Finding`] is about. It prints as `user` or `group` and the identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a directory has people and groups")]
pub enum Record {
    /// A person.
    User(DirectoryId),
    /// A group.
    Group(DirectoryId),
}

/// What a [`Finding`] does to its record, from the least to the most.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, Severity, directory::{DirectoryId, User}};
/// use idbridge_scim::Profile;
///
/// let user = User::new(DirectoryId::new("u1")?);
/// let mapped = RuleSet::jumpcloud().to_scim(&user, &Profile::aws_iam_identity_center());
/// let worst = mapped.findings().iter().map(|finding| finding.severity()).max();
/// assert_eq!(worst, Some(Severity::Holds));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "who acts on a finding must decide for each of them")]
pub enum Severity {
    /// Nothing: it is only worth knowing.
    Informs,
    /// One attribute is not sent; the rest of the record is.
    LeavesOut,
    /// The record is held: nothing is sent for it, and it is not taken as absent.
    Holds,
}

/// What was found, with the evidence: places, lengths, types and counts, and never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// An attribute that must be sent has no value in the directory. Holds.
    MissingRequired {
        /// Where the value should come from, if a rule says so.
        source: Option<Source>,
    },
    /// The service would refuse the value of an attribute that must be sent. Holds.
    ValueRefused {
        /// Where the value comes from, if a rule says so.
        source: Option<Source>,
        /// What the service would refuse.
        refused: scim::Finding,
    },
    /// A group's name has a colon, and the service takes none. Holds.
    GroupNameColon {
        /// The place of the first colon in the name, in characters from 0.
        at: usize,
    },
    /// The service would refuse a group's name for another reason. Holds.
    GroupNameRefused {
        /// What the service would refuse.
        refused: scim::Finding,
    },
    /// The service would refuse the value of an attribute that need not be sent. Leaves it out.
    AttributeLeftOut {
        /// Where the value comes from, if a rule says so.
        source: Option<Source>,
        /// What the service would refuse.
        refused: scim::Finding,
    },
    /// The directory has more values than the one that is sent. Informs.
    ValueDropped {
        /// The values that are not sent.
        count: usize,
        /// The type of the one that is, such as `work`.
        kind: String,
    },
    /// An expression cannot be evaluated for this record. Holds if the attribute must be sent or if the directory was not read to its end, and
    /// leaves the attribute out otherwise.
    #[cfg(feature = "expressions")]
    ExpressionFailed {
        /// Why.
        reason: ExpressionFailure,
        /// Whether the record is held for it.
        holds: bool,
    },
    /// The rule of who is provisioned gives no answer for this record. Holds, because whoever cannot be judged must not lose anything.
    #[cfg(feature = "expressions")]
    ScopeUndecided {
        /// Why; nothing if something that the expression asks for is absent.
        reason: Option<ExpressionFailure>,
    },
    /// A custom attribute's value is no text, or its name is there twice. Leaves it out.
    CustomAttributeUnreadable {
        /// What the value should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// The `userName` does not look like an e-mail address. Informs.
    UserNameNotEmail,
    /// The `userName` is not the e-mail address, and single sign-on sends the e-mail address. Informs.
    UserNameDiffersFromEmail,
    /// A value has another type than the attribute it is in, so the record cannot be read. Holds.
    UnreadableRecord {
        /// What the value should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// Two records with different content have one identifier. Holds.
    DuplicateRecord,
    /// Another person has the same `userName` or e-mail address, compared without case, and goes before (E-7). Holds.
    DuplicateEmail {
        /// Who goes before.
        keeper: DirectoryId,
    },
    /// Another group has the same name, compared without case (GM-10). Holds.
    DuplicateGroupName {
        /// The other group, or one of them.
        other: DirectoryId,
    },
    /// A group is in itself, by way of the groups in it. Informs.
    NestedInItself,
    /// The name that a person would sign in by is no e-mail address, and must be one. Holds.
    #[cfg(feature = "saml")]
    NameIdNotEmail {
        /// Where the name comes from.
        source: Source,
    },
    /// The name that a person would sign in by cannot be sent. Holds.
    #[cfg(feature = "saml")]
    NameIdRefused {
        /// Where the name comes from.
        source: Source,
        /// What cannot be sent.
        refused: SamlRefusal,
    },
    /// A person would sign in by another name than the one that the service knows them by. Informs.
    #[cfg(feature = "saml")]
    NameIdDiffersFromUserName {
        /// Where the name comes from.
        source: Source,
    },
    /// The value of an attribute of an assertion cannot be sent, or would be refused. Leaves it out.
    #[cfg(feature = "saml")]
    SamlAttributeLeftOut {
        /// Where the value comes from; nothing if it is the rule's own.
        source: Option<Source>,
        /// What cannot be sent.
        refused: SamlRefusal,
    },
    /// A group names members that the complete directory does not have. Informs.
    UnknownMember {
        /// The first of them.
        first: DirectoryId,
        /// How many there are.
        count: usize,
    },
    /// The application is bound to records that the complete directory does not have. Informs.
    UnknownBinding {
        /// The first of them.
        first: DirectoryId,
        /// How many there are.
        count: usize,
    },
    /// The directory may have more than was read, so nothing is concluded from absence. Informs.
    SourceIncomplete {
        /// Why.
        reason: Incomplete,
    },
}

/// Why an expression cannot be evaluated for a record.
#[cfg(feature = "expressions")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExpressionFailure {
    /// It takes more steps, or more memory on the way, than an expression may.
    TooManySteps,
    /// What it reads or gives is longer than an expression may handle.
    TooLong {
        /// The most bytes.
        longest: usize,
    },
    /// It gives something else than it must: a text for an attribute, or true or false for who is provisioned.
    WrongType {
        /// What it must give.
        expected: &'static str,
        /// What it gives.
        found: &'static str,
    },
    /// It does something with a value that such a value does not allow, such as adding a text to a number.
    Invalid,
    /// It asks for groups or for the manager, and the directory was not read to its end.
    DirectoryIncomplete,
}

/// Why a text cannot be sent in an assertion.
#[cfg(feature = "saml")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SamlRefusal {
    /// It is longer than AWS takes.
    TooLong {
        /// The most characters that it may have.
        longest: usize,
        /// The characters that it has.
        found: usize,
    },
    /// It has a character that XML cannot carry, or, of a tag for access control, that AWS does not take.
    Character {
        /// The first such character.
        found: char,
        /// Its place in the text, in characters from 0.
        at: usize,
    },
}

impl FindingKind {
    /// The same, with what `rule` says of an attribute that is not there.
    pub(crate) fn for_rule(mut self, rule: &Rule) -> Self {
        #[cfg(feature = "expressions")]
        if let Self::ExpressionFailed { holds, .. } = &mut self {
            *holds |= rule.when_absent == WhenAbsent::Hold;
        }
        #[cfg(not(feature = "expressions"))]
        let _ = (&mut self, rule);
        self
    }
}

impl Finding {
    pub(crate) fn new(kind: FindingKind) -> Self {
        Self { record: None, path: None, kind }
    }

    pub(crate) fn of(mut self, record: Record) -> Self {
        self.record = Some(record);
        self
    }

    pub(crate) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// What was found, with the evidence.
    #[must_use]
    pub fn kind(&self) -> &FindingKind {
        &self.kind
    }

    /// The record that it is about; nothing if it is about the directory as a whole.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// The attribute that it is about: a SCIM path for what is sent, the directory's own name for what was read.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The finding's name in reports, which stays as it is from version to version.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            FindingKind::MissingRequired { .. } => "MissingRequired",
            FindingKind::ValueRefused { .. } => "ValueRefused",
            FindingKind::GroupNameColon { .. } => "GroupNameColon",
            FindingKind::GroupNameRefused { .. } => "GroupNameRefused",
            FindingKind::AttributeLeftOut { .. } => "AttributeLeftOut",
            FindingKind::ValueDropped { .. } => "ValueDropped",
            #[cfg(feature = "expressions")]
            FindingKind::ExpressionFailed { .. } => "ExpressionFailed",
            #[cfg(feature = "expressions")]
            FindingKind::ScopeUndecided { .. } => "ScopeUndecided",
            FindingKind::CustomAttributeUnreadable { .. } => "CustomAttributeUnreadable",
            FindingKind::UserNameNotEmail => "UserNameNotEmail",
            FindingKind::UserNameDiffersFromEmail => "UserNameDiffersFromEmail",
            FindingKind::UnreadableRecord { .. } => "UnreadableRecord",
            FindingKind::DuplicateRecord => "DuplicateRecord",
            FindingKind::DuplicateEmail { .. } => "DuplicateEmail",
            FindingKind::DuplicateGroupName { .. } => "DuplicateGroupName",
            FindingKind::NestedInItself => "NestedInItself",
            FindingKind::UnknownMember { .. } => "UnknownMember",
            FindingKind::UnknownBinding { .. } => "UnknownBinding",
            FindingKind::SourceIncomplete { .. } => "SourceIncomplete",
            #[cfg(feature = "saml")]
            FindingKind::NameIdNotEmail { .. } => "NameIdNotEmail",
            #[cfg(feature = "saml")]
            FindingKind::NameIdRefused { .. } => "NameIdRefused",
            #[cfg(feature = "saml")]
            FindingKind::NameIdDiffersFromUserName { .. } => "NameIdDiffersFromUserName",
            #[cfg(feature = "saml")]
            FindingKind::SamlAttributeLeftOut { .. } => "SamlAttributeLeftOut",
        }
    }

    /// What it does to its record.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match &self.kind {
            FindingKind::MissingRequired { .. }
            | FindingKind::ValueRefused { .. }
            | FindingKind::GroupNameColon { .. }
            | FindingKind::GroupNameRefused { .. }
            | FindingKind::UnreadableRecord { .. }
            | FindingKind::DuplicateRecord
            | FindingKind::DuplicateEmail { .. }
            | FindingKind::DuplicateGroupName { .. } => Severity::Holds,
            FindingKind::AttributeLeftOut { .. } | FindingKind::CustomAttributeUnreadable { .. } => Severity::LeavesOut,
            FindingKind::ValueDropped { .. }
            | FindingKind::UserNameNotEmail
            | FindingKind::UserNameDiffersFromEmail
            | FindingKind::NestedInItself
            | FindingKind::UnknownMember { .. }
            | FindingKind::UnknownBinding { .. }
            | FindingKind::SourceIncomplete { .. } => Severity::Informs,
            #[cfg(feature = "expressions")]
            FindingKind::ExpressionFailed { holds, .. } => {
                if *holds {
                    Severity::Holds
                } else {
                    Severity::LeavesOut
                }
            }
            #[cfg(feature = "expressions")]
            FindingKind::ScopeUndecided { .. } => Severity::Holds,
            #[cfg(feature = "saml")]
            FindingKind::NameIdNotEmail { .. } | FindingKind::NameIdRefused { .. } => Severity::Holds,
            #[cfg(feature = "saml")]
            FindingKind::SamlAttributeLeftOut { .. } => Severity::LeavesOut,
            #[cfg(feature = "saml")]
            FindingKind::NameIdDiffersFromUserName { .. } => Severity::Informs,
        }
    }

    /// What a person can do about it; nothing where there is nothing to do. It is the second half of the sentence that the finding prints as.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        let change = |verb: &str, source: &Option<Source>| match source {
            Some(source) if !source.is_of_the_rules() => format!("{verb} {source} in the directory"),
            Some(_) => "change the rule, or what it reads in the directory".to_owned(),
            None => "change the rule set".to_owned(),
        };
        match &self.kind {
            FindingKind::MissingRequired { source } => Some(change("fill in", source)),
            FindingKind::ValueRefused { source, .. } | FindingKind::AttributeLeftOut { source, .. } => Some(change("change", source)),
            FindingKind::GroupNameColon { .. } | FindingKind::GroupNameRefused { .. } => {
                Some("rename the group in the directory".to_owned())
            }
            FindingKind::ValueDropped { .. } => None,
            #[cfg(feature = "expressions")]
            FindingKind::ExpressionFailed { reason, .. } | FindingKind::ScopeUndecided { reason: Some(reason) } => Some(reason.remedy()),
            #[cfg(feature = "expressions")]
            FindingKind::ScopeUndecided { reason: None } => {
                Some("say in the expression what counts where it is absent, such as department | default(\"none\")".to_owned())
            }
            FindingKind::CustomAttributeUnreadable { .. } => Some("write it as one text".to_owned()),
            FindingKind::UserNameNotEmail => Some("check the e-mail address in the directory".to_owned()),
            FindingKind::UserNameDiffersFromEmail => {
                Some("make the two the same in the directory, or map userName from the e-mail address".to_owned())
            }
            FindingKind::UnreadableRecord { .. } => Some("correct the record in the source".to_owned()),
            FindingKind::DuplicateRecord => Some("read the directory again, or take one of them out".to_owned()),
            FindingKind::DuplicateEmail { .. } => Some("give one of the two another e-mail address".to_owned()),
            FindingKind::DuplicateGroupName { .. } => Some("rename one of them".to_owned()),
            FindingKind::NestedInItself => Some("take it out of the group that it holds".to_owned()),
            FindingKind::UnknownMember { .. } => Some("remove them from the group, or read the directory again".to_owned()),
            FindingKind::UnknownBinding { .. } => Some("unbind them, or read the directory again".to_owned()),
            FindingKind::SourceIncomplete { .. } => Some("read the directory again, to its end".to_owned()),
            #[cfg(feature = "saml")]
            FindingKind::NameIdNotEmail { source } | FindingKind::NameIdRefused { source, .. } => {
                Some(format!("correct {source} in the directory"))
            }
            #[cfg(feature = "saml")]
            FindingKind::NameIdDiffersFromUserName { source } => Some(format!("change the user name there to {source} in the directory")),
            #[cfg(feature = "saml")]
            FindingKind::SamlAttributeLeftOut { source, .. } => Some(change("change", source)),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_deref().unwrap_or("a value");
        match &self.kind {
            FindingKind::MissingRequired { .. } => write!(f, "{path} is required and has no value"),
            FindingKind::ValueRefused { refused, .. } | FindingKind::GroupNameRefused { refused } => write!(f, "{refused}"),
            FindingKind::GroupNameColon { at } => write!(f, "the group's name has a ':' at {at}, which the service refuses"),
            FindingKind::AttributeLeftOut { refused, .. } => write!(f, "{refused}, so it is left out"),
            FindingKind::ValueDropped { count: 1, kind } => write!(f, "1 value of {path} is not sent; only the first of type {kind} is"),
            FindingKind::ValueDropped { count, kind } => {
                write!(f, "{count} values of {path} are not sent; only the first of type {kind} is")
            }
            #[cfg(feature = "expressions")]
            FindingKind::ExpressionFailed { reason, holds } => {
                write!(f, "the expression for {path} {reason}")?;
                if *holds { Ok(()) } else { f.write_str(", so it is left out") }
            }
            #[cfg(feature = "expressions")]
            FindingKind::ScopeUndecided { reason: Some(reason) } => {
                write!(f, "whether it is provisioned cannot be said: the expression {reason}")
            }
            #[cfg(feature = "expressions")]
            FindingKind::ScopeUndecided { reason: None } => {
                f.write_str("whether it is provisioned cannot be said: something that the expression asks for is absent")
            }
            FindingKind::CustomAttributeUnreadable { expected, found } => {
                write!(f, "{path} must be {expected}, found {found}, so it is left out")
            }
            FindingKind::UserNameNotEmail => f.write_str("userName does not look like an e-mail address"),
            FindingKind::UserNameDiffersFromEmail => {
                f.write_str("userName is not the e-mail address, so the person cannot log in by single sign-on")
            }
            FindingKind::UnreadableRecord { expected, found } => {
                write!(f, "the record cannot be read: {path} must be {expected}, found {found}")
            }
            FindingKind::DuplicateEmail { keeper } => {
                write!(f, "user {keeper} has the same {path}, compared without case, and goes before")
            }
            FindingKind::DuplicateGroupName { other } => write!(f, "group {other} has the same name, compared without case"),
            FindingKind::NestedInItself => f.write_str("the group is in itself, by way of the groups in it"),
            FindingKind::DuplicateRecord => f.write_str("the directory has two different records with this identifier"),
            FindingKind::UnknownMember { first, count: 1 } => write!(f, "the member {first} is not in the directory"),
            FindingKind::UnknownMember { first, count } => {
                write!(f, "{count} members, the first of them {first}, are not in the directory")
            }
            FindingKind::UnknownBinding { first, count: 1 } => write!(f, "{first} in {path} is not in the directory"),
            FindingKind::UnknownBinding { first, count } => {
                write!(f, "{count} in {path}, the first of them {first}, are not in the directory")
            }
            FindingKind::SourceIncomplete { reason } => {
                write!(f, "the directory may not be complete, so nothing is taken away: {reason}")
            }
            #[cfg(feature = "saml")]
            FindingKind::NameIdNotEmail { .. } => write!(f, "{path} must be an e-mail address (addr-spec of RFC 2822) and is none"),
            #[cfg(feature = "saml")]
            FindingKind::NameIdRefused { refused, .. } => write!(f, "{path} {refused}"),
            #[cfg(feature = "saml")]
            FindingKind::NameIdDiffersFromUserName { .. } => {
                write!(f, "cannot log in by single sign-on: {path} is not the user name that the service has")
            }
            #[cfg(feature = "saml")]
            FindingKind::SamlAttributeLeftOut { refused, .. } => write!(f, "{path} {refused}, so it is left out"),
        }?;
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user {id}"),
            Self::Group(id) => write!(f, "group {id}"),
        }
    }
}

#[cfg(feature = "expressions")]
impl ExpressionFailure {
    fn remedy(self) -> String {
        match self {
            Self::DirectoryIncomplete => "read the directory again, to its end".to_owned(),
            _ => "change the expression, or what it reads in the directory".to_owned(),
        }
    }
}

#[cfg(feature = "expressions")]
impl fmt::Display for ExpressionFailure {
    /// Writes the second half of a sentence: "takes ..".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManySteps => f.write_str("takes more steps than an expression may"),
            Self::TooLong { longest } => write!(f, "handles a text of more than {longest} bytes"),
            Self::WrongType { expected, found } => write!(f, "must give {expected} and gives {found}"),
            Self::Invalid => f.write_str("does something with a value that it does not allow"),
            Self::DirectoryIncomplete => f.write_str("asks for groups or for the manager, and the directory was not read to its end"),
        }
    }
}

#[cfg(feature = "saml")]
impl fmt::Display for SamlRefusal {
    /// Writes the second half of a sentence: "has ..".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { longest, found } => write!(f, "has {found} characters, at most {longest} are taken"),
            Self::Character { found, at } => {
                write!(f, "has the character '{}' (U+{:04X}) at {at}, which is refused", found.escape_debug(), u32::from(*found))
            }
        }
    }
}
