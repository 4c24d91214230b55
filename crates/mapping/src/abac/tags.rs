//! The tags that a person has at AWS in the end.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::str::FromStr;

use idbridge_saml::Attribute;
use idbridge_scim::Resource;

use crate::abac::{AccessControlAttributes, Selector, TagFinding, TagKey};
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::saml::refusal_by_tags;

/// Which of two values AWS takes, where the assertion and the console both set a tag (E-15).
///
/// AWS's documents have said both. It is a value here, because the right one is what your own AWS account does; where a person has two different
/// values, [`EffectiveTags`] shows both.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::Precedence;
///
/// assert_eq!(Precedence::default(), Precedence::Saml);
/// assert_eq!("console".parse(), Ok(Precedence::Console));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Precedence {
    /// The assertion wins, as the guide of JumpCloud's connector says.
    #[default]
    Saml,
    /// The console wins, as the current API reference of AWS says.
    Console,
}

/// Where a tag comes from. It prints as `saml`, or as the source in the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TagOrigin {
    /// An attribute of the assertion.
    Saml,
    /// An attribute of the user at AWS, which the console makes a tag of.
    Console(Selector),
}

/// One tag of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub(super) value: String,
    pub(super) origin: TagOrigin,
    pub(super) replaced: Option<(String, TagOrigin)>,
}

impl Tag {
    /// The value that AWS takes.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> TagOrigin {
        self.origin
    }

    /// The other value, if the other way has one that is different, and where that comes from.
    #[must_use]
    pub fn replaced(&self) -> Option<(&str, TagOrigin)> {
        self.replaced.as_ref().map(|(value, origin)| (value.as_str(), *origin))
    }
}

/// The tags that a person has at AWS, from the assertion and from the console together, each with its origin (AB-01, AB-02, E-15).
///
/// Where only one of the two has a value, that is the tag. Where both have one, [`Precedence`] decides, and the other one is kept beside it if it is
/// different. What AWS takes for no tag is left out, with a finding. It prints as a table with the findings below it.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::{AccessControlAttributes, EffectiveTags, Precedence, TagKey};
/// use idbridge_saml::Attribute;
/// use idbridge_scim::Resource;
///
/// let user = Resource::from_json(br#"{"title": "Engineer", "userType": "Staff"}"#)?;
/// let console = AccessControlAttributes::none()
///     .with(TagKey::new("Role")?, "${path:title}".parse()?)?
///     .with(TagKey::new("Kind")?, "${path:userType}".parse()?)?;
/// let assertion = [Attribute::new("https://aws.amazon.com/SAML/Attributes/AccessControl:Role", ["Lead"])];
///
/// let tags = EffectiveTags::of(&assertion, &user, &console, Precedence::Saml);
/// assert_eq!(tags.get("Role").map(|tag| (tag.value(), tag.replaced().is_some())), Some(("Lead", true)));
/// assert_eq!(tags.to_string(), "\
/// Key   Value  Origin
/// Kind  Staff  ${path:userType}
/// Role  Lead   saml, and not Engineer of ${path:title}
/// TagValuesDiffer: the assertion and the console have different values for Role, and of the two the assertion is taken to win; \
/// let only one of them set the tag, because AWS has documented both
/// ");
///
/// let tags = EffectiveTags::of(&assertion, &user, &console, Precedence::Console);
/// assert_eq!(tags.to_map()["Role"], "Engineer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveTags {
    pub(super) tags: BTreeMap<TagKey, Tag>,
    pub(super) findings: Vec<TagFinding>,
}

impl EffectiveTags {
    /// AWS STS: the most tags of a session.
    pub const MOST: usize = 50;

    /// Merges what an assertion says with what `console` makes of `user`.
    ///
    /// `attributes` are those of the assertion ([`MappedLogin::Ready`](crate::MappedLogin)); those that are not for access control are passed over.
    /// `user` is the user as the service has them, or is going to have them ([`Mapped::Ready`](crate::Mapped)).
    #[must_use]
    pub fn of(attributes: &[Attribute], user: &Resource, console: &AccessControlAttributes, precedence: Precedence) -> Self {
        let mut merged = Self { tags: BTreeMap::new(), findings: Vec::new() };
        merged.add_assertion(attributes);
        merged.add_console(user, console, precedence);
        merged.look_over();
        merged
    }

    /// The tags, by key.
    #[must_use]
    pub fn tags(&self) -> &BTreeMap<TagKey, Tag> {
        &self.tags
    }

    /// The tag of `key`, in exactly this case.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Tag> {
        self.tags.get(key)
    }

    /// What was left out, what differs between the two ways, and what is worth a look.
    #[must_use]
    pub fn findings(&self) -> &[TagFinding] {
        &self.findings
    }

    /// The tags as keys and values, in the form that [`policy::lint`](crate::abac::policy::lint) and
    /// [`Statement::condition_on`](crate::abac::policy::Statement::condition_on) take.
    #[must_use]
    pub fn to_map(&self) -> BTreeMap<String, String> {
        self.tags.iter().map(|(key, tag)| (key.to_string(), tag.value.clone())).collect()
    }

    fn add_assertion(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            let Some(written) = attribute.name().strip_prefix(Attribute::ACCESS_CONTROL) else { continue };
            let key = match TagKey::new(written) {
                Ok(key) => key,
                Err(error) => {
                    self.leave_out(written, TagOrigin::Saml, error.to_string());
                    continue;
                }
            };
            let [value] = attribute.values() else {
                self.leave_out(written, TagOrigin::Saml, format!("AWS takes one value, found {}", attribute.values().len()));
                continue;
            };
            if !self.is_taken(written, value, TagOrigin::Saml) {
                continue;
            }
            match self.tags.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(Tag { value: value.clone(), origin: TagOrigin::Saml, replaced: None });
                }
                Entry::Occupied(_) => self.leave_out(written, TagOrigin::Saml, "the assertion has the attribute twice".to_owned()),
            }
        }
    }

    fn add_console(&mut self, user: &Resource, console: &AccessControlAttributes, precedence: Precedence) {
        for (key, selector) in console.iter() {
            let origin = TagOrigin::Console(selector);
            let Some(value) = selector.value_of(user).filter(|value| self.is_taken(key.as_str(), value, origin)) else { continue };
            let value = value.to_owned();
            match self.tags.entry(key.clone()) {
                Entry::Vacant(entry) => {
                    entry.insert(Tag { value, origin, replaced: None });
                }
                Entry::Occupied(mut entry) => {
                    let tag = entry.get_mut();
                    let is_same = tag.value == value;
                    let mut console = (value, origin);
                    if precedence == Precedence::Console {
                        std::mem::swap(&mut tag.value, &mut console.0);
                        std::mem::swap(&mut tag.origin, &mut console.1);
                    }
                    if !is_same {
                        tag.replaced = Some(console);
                        self.findings.push(TagFinding::ValuesDiffer { key: key.clone(), precedence });
                    }
                }
            }
        }
    }

    /// Whether AWS takes `value` for a tag; nothing is said of one that is blank, which is no value.
    fn is_taken(&mut self, key: &str, value: &str, origin: TagOrigin) -> bool {
        match refusal_by_tags(value) {
            _ if value.trim().is_empty() => false,
            None => true,
            Some(refused) => {
                self.leave_out(key, origin, format!("the value {refused}"));
                false
            }
        }
    }

    fn leave_out(&mut self, key: &str, origin: TagOrigin, reason: String) {
        self.findings.push(TagFinding::LeftOut { key: excerpt(key), origin, reason });
    }

    /// What is worth a look in all of them together.
    fn look_over(&mut self) {
        let mut known: BTreeMap<String, &TagKey> = BTreeMap::new();
        for key in self.tags.keys() {
            match known.entry(key.as_str().to_lowercase()) {
                Entry::Vacant(entry) => {
                    entry.insert(key);
                }
                Entry::Occupied(entry) => {
                    self.findings.push(TagFinding::KeysDifferInCase { first: (*entry.get()).clone(), second: key.clone() });
                }
            }
        }
        if self.tags.len() > Self::MOST {
            self.findings.push(TagFinding::TooMany { found: self.tags.len() });
        }
    }
}

impl FromStr for Precedence {
    type Err = Error;

    /// Reads `saml` or `console`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "saml" => Ok(Self::Saml),
            "console" => Ok(Self::Console),
            _ => Err(Error::new(ErrorKind::Precedence { found: excerpt(text) }, Location::Whole)),
        }
    }
}

impl fmt::Display for Precedence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Saml => "saml",
            Self::Console => "console",
        })
    }
}

impl fmt::Display for TagOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saml => f.write_str("saml"),
            Self::Console(selector) => selector.fmt(f),
        }
    }
}
