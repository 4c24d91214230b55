//! Session tags: what of an assertion's attributes AWS takes for access control.

use std::collections::BTreeMap;
use std::fmt;

use idbridge_saml::Attribute;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The most characters of a key (IAM user guide, session tags).
const LONGEST_KEY: usize = 128;
/// The most characters of a value (the same).
const LONGEST_VALUE: usize = 256;
/// The most tags of a session (the same).
const MOST_TAGS: usize = 50;

/// An attribute of an assertion that became no session tag.
///
/// AWS passes it over without a word; the person is signed in all the same.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{IgnoredAttribute, IgnoredReason};
///
/// fn explain(ignored: &IgnoredAttribute) -> String {
///     match ignored.reason() {
///         IgnoredReason::NotASessionTag => format!("{} is none of AWS's", ignored.name()),
///         reason => format!("{}: {reason}", ignored.name()),
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredAttribute {
    name: String,
    reason: IgnoredReason,
}

/// Why an attribute became no session tag.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IgnoredReason {
    /// Its name does not begin with `https://aws.amazon.com/SAML/Attributes/AccessControl:`.
    NotASessionTag,
    /// It has more than one value, which AWS does not take (user guide, `attributesforaccesscontrol`).
    SeveralValues {
        /// How many.
        values: usize,
    },
    /// It has no value.
    NoValue,
    /// Its key is empty or longer than 128 characters.
    KeyLength {
        /// How long it is.
        characters: usize,
    },
    /// Its key has a character that no key of a tag has.
    KeyCharacter {
        /// The first one.
        found: char,
    },
    /// Its key begins with `aws:`, which AWS keeps to itself.
    ReservedKey,
    /// Its value is longer than 256 characters.
    ValueLength {
        /// How long it is.
        characters: usize,
    },
    /// Its value has a character that no value of a tag has.
    ValueCharacter {
        /// The first one.
        found: char,
    },
    /// Another attribute has the same key, in the same case or in another one; none of them is taken.
    KeyTwice,
    /// 50 tags were taken before it.
    TooMany,
}

impl IgnoredAttribute {
    /// The attribute's `Name`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it became no session tag.
    #[must_use]
    pub fn reason(&self) -> &IgnoredReason {
        &self.reason
    }
}

impl fmt::Display for IgnoredReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASessionTag => f.write_str("its name is not that of an attribute for access control"),
            Self::SeveralValues { values } => write!(f, "it has {values} values, and a session tag has one"),
            Self::NoValue => f.write_str("it has no value"),
            Self::KeyLength { characters } => write!(f, "its key has {characters} characters; 1 to {LONGEST_KEY} are taken"),
            Self::KeyCharacter { found } => write!(f, "its key has the character {found:?}, which no key of a tag has"),
            Self::ReservedKey => f.write_str("its key begins with \"aws:\", which AWS keeps to itself"),
            Self::ValueLength { characters } => write!(f, "its value has {characters} characters; at most {LONGEST_VALUE} are taken"),
            Self::ValueCharacter { found } => write!(f, "its value has the character {found:?}, which no value of a tag has"),
            Self::KeyTwice => f.write_str("its key is there more than once"),
            Self::TooMany => write!(f, "{MOST_TAGS} tags were taken before it"),
        }
    }
}

/// The session tags of an assertion, by their keys, and what became none.
pub(super) fn session_tags(attributes: &[Attribute]) -> (BTreeMap<String, String>, Vec<IgnoredAttribute>) {
    // Keys keep their case and compare without it (IAM user guide, session tags).
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for key in attributes.iter().filter_map(Attribute::access_control_key) {
        *times.entry(key.to_lowercase()).or_default() += 1;
    }
    let (mut tags, mut ignored) = (BTreeMap::new(), Vec::new());
    for attribute in attributes {
        match session_tag(attribute, &times) {
            Ok(_) if tags.len() == MOST_TAGS => ignored.push(IgnoredAttribute::new(attribute, IgnoredReason::TooMany)),
            Ok((key, value)) => {
                tags.insert(key.to_owned(), value.to_owned());
            }
            Err(reason) => ignored.push(IgnoredAttribute::new(attribute, reason)),
        }
    }
    (tags, ignored)
}

impl IgnoredAttribute {
    fn new(attribute: &Attribute, reason: IgnoredReason) -> Self {
        Self { name: attribute.name().to_owned(), reason }
    }
}

/// The key and the value of a tag.
fn session_tag<'a>(attribute: &'a Attribute, times: &BTreeMap<String, usize>) -> Result<(&'a str, &'a str), IgnoredReason> {
    let key = attribute.access_control_key().ok_or(IgnoredReason::NotASessionTag)?;
    let value = match attribute.values() {
        [] => return Err(IgnoredReason::NoValue),
        [value] => value,
        values => return Err(IgnoredReason::SeveralValues { values: values.len() }),
    };
    let lower = key.to_lowercase();
    if times.get(&lower).is_some_and(|times| *times > 1) {
        return Err(IgnoredReason::KeyTwice);
    }
    let characters = key.chars().count();
    if !(1..=LONGEST_KEY).contains(&characters) {
        return Err(IgnoredReason::KeyLength { characters });
    }
    if let Some(found) = key.chars().find(|character| !is_tag_character(*character)) {
        return Err(IgnoredReason::KeyCharacter { found });
    }
    if lower.starts_with("aws:") {
        return Err(IgnoredReason::ReservedKey);
    }
    let characters = value.chars().count();
    if characters > LONGEST_VALUE {
        return Err(IgnoredReason::ValueLength { characters });
    }
    match value.chars().find(|character| !is_tag_character(*character)) {
        Some(found) => Err(IgnoredReason::ValueCharacter { found }),
        None => Ok((key, value)),
    }
}

/// STS API reference, `Tag`: the pattern is `[\p{L}\p{Z}\p{N}_.:/=+\-@]`.
fn is_tag_character(character: char) -> bool {
    use GeneralCategoryGroup::{Letter, Number, Separator};
    "_.:/=+-@".contains(character) || matches!(character.general_category_group(), Letter | Number | Separator)
}
