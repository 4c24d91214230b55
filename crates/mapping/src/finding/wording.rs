//! What a finding says to a person, and what can be done about it.

use std::fmt;

use crate::finding::{Finding, FindingKind, Record};
use crate::rule::Source;

impl Finding {
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
            #[cfg(feature = "saml")]
            FindingKind::GroupValuesDiffer { source, .. } => {
                Some(format!("give the groups the same {source}, or the person one of their own"))
            }
            #[cfg(feature = "saml")]
            FindingKind::GroupValueUnreadable { source, .. } => {
                Some(format!("correct the group in the directory, or give the person {source} of their own"))
            }
            #[cfg(feature = "saml")]
            FindingKind::KeysDifferInCase { .. } => Some("write both keys the same way, or take one of the rules out".to_owned()),
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
            #[cfg(feature = "saml")]
            FindingKind::GroupValuesDiffer { first, second, .. } => {
                write!(f, "{path} is left out, because the groups {first} and {second} have different values")
            }
            #[cfg(feature = "saml")]
            FindingKind::GroupValueUnreadable { group, .. } => {
                write!(f, "{path} is left out, because the group {group} could not be read, and its value may be another")
            }
            #[cfg(feature = "saml")]
            FindingKind::KeysDifferInCase { first, second } => {
                write!(f, "the keys {first} and {second} differ only in case, and AWS takes them for two")
            }
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
