//! What is to be said of the tags of a person.

use std::fmt;

use crate::abac::{EffectiveTags, Precedence, TagKey, TagOrigin};

/// What does not work as it was meant in the tags of a person. It prints as a sentence with what to change.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::{AccessControlAttributes, EffectiveTags, Precedence};
/// use idbridge_saml::Attribute;
/// use idbridge_scim::Resource;
///
/// let assertion = [Attribute::new("https://aws.amazon.com/SAML/Attributes/AccessControl:Unit", ["R&D"])];
/// let tags = EffectiveTags::of(&assertion, &Resource::default(), &AccessControlAttributes::none(), Precedence::Saml);
/// assert_eq!(tags.findings()[0].code(), "TagLeftOut");
/// assert_eq!(
///     tags.findings()[0].to_string(),
///     "Unit is no tag: the value has the character '&' (U+0026) at 1, which is refused; change it where it comes from (saml)"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagFinding {
    /// The assertion and the console have different values for the person (AB-02).
    ValuesDiffer {
        /// The key.
        key: TagKey,
        /// Which of the two was taken to win.
        precedence: Precedence,
    },
    /// Two tags have keys that are equal without case (AB-05).
    KeysDifferInCase {
        /// The key that is sorted first.
        first: TagKey,
        /// The other one.
        second: TagKey,
    },
    /// What was to be a tag is none that AWS takes.
    LeftOut {
        /// The key, at most 100 characters of it.
        key: String,
        /// Where it comes from.
        origin: TagOrigin,
        /// Why.
        reason: String,
    },
    /// There are more tags than a session can have, so that AWS may refuse all of them.
    TooMany {
        /// How many there are.
        found: usize,
    },
}

impl TagFinding {
    /// The finding's name in reports, which stays as it is from version to version.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ValuesDiffer { .. } => "TagValuesDiffer",
            Self::KeysDifferInCase { .. } => "KeysDifferInCase",
            Self::LeftOut { .. } => "TagLeftOut",
            Self::TooMany { .. } => "TooManyTags",
        }
    }
}

impl fmt::Display for TagFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ValuesDiffer { key, precedence } => {
                let winner = match precedence {
                    Precedence::Saml => "assertion",
                    Precedence::Console => "console",
                };
                write!(f, "the assertion and the console have different values for {key}, and of the two the {winner} is taken to win; ")?;
                f.write_str("let only one of them set the tag, because AWS has documented both")
            }
            Self::KeysDifferInCase { first, second } => {
                write!(f, "the keys {first} and {second} differ only in case, and AWS takes them for two; write both the same way")
            }
            Self::LeftOut { key, origin, reason } => write!(f, "{key} is no tag: {reason}; change it where it comes from ({origin})"),
            Self::TooMany { found } => {
                write!(f, "a session has at most {} tags, found {found}; take some out of the rules or the console", EffectiveTags::MOST)
            }
        }
    }
}
