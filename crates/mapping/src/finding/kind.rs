//! Everything that can be found, with what it does to its record.

use idbridge_scim as scim;

use crate::directory::{DirectoryId, Incomplete};
#[cfg(feature = "expressions")]
use crate::finding::ExpressionFailure;
#[cfg(feature = "saml")]
use crate::finding::SamlRefusal;
use crate::finding::{Finding, Severity};
#[cfg(feature = "expressions")]
use crate::rule::WhenAbsent;
use crate::rule::{Rule, Source};

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
    /// Two groups of a person have different values of a custom attribute, and the person has none (AB-11). Leaves it out.
    #[cfg(feature = "saml")]
    GroupValuesDiffer {
        /// Which attribute.
        source: Source,
        /// One of the groups.
        first: DirectoryId,
        /// The other, or one of them.
        second: DirectoryId,
    },
    /// A group of a person could not be read, so that nobody knows whether it has a value of a custom attribute. Leaves it out.
    #[cfg(feature = "saml")]
    GroupValueUnreadable {
        /// Which attribute.
        source: Source,
        /// The group.
        group: DirectoryId,
    },
    /// Two attributes for access control have keys that are equal without case, and AWS takes them for two (AB-05). Informs.
    #[cfg(feature = "saml")]
    KeysDifferInCase {
        /// The key that is configured first.
        first: String,
        /// The key that is configured behind it.
        second: String,
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
            #[cfg(feature = "saml")]
            FindingKind::GroupValuesDiffer { .. } => "GroupValuesDiffer",
            #[cfg(feature = "saml")]
            FindingKind::GroupValueUnreadable { .. } => "GroupValueUnreadable",
            #[cfg(feature = "saml")]
            FindingKind::KeysDifferInCase { .. } => "KeysDifferInCase",
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
            FindingKind::SamlAttributeLeftOut { .. } | FindingKind::GroupValuesDiffer { .. } | FindingKind::GroupValueUnreadable { .. } => {
                Severity::LeavesOut
            }
            #[cfg(feature = "saml")]
            FindingKind::NameIdDiffersFromUserName { .. } | FindingKind::KeysDifferInCase { .. } => Severity::Informs,
        }
    }
}
