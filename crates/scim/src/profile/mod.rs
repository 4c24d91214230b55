//! What one service provider takes, as data.

mod aws;
mod check;
mod derive;
mod rfc;

use std::borrow::Cow;
use std::fmt;

pub use derive::Deviation;

use crate::path::Path;
use crate::resource::Resource;

/// What one SCIM service provider takes: attributes with their limits, the size of its requests, its rates.
///
/// A profile is a value that the caller passes, so that one program can talk to two service providers. [`Profile::aws_iam_identity_center`] is
/// the one this workspace is made for.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Profile, Resource};
///
/// let profile = Profile::aws_iam_identity_center();
/// let group = Resource::from_json(br#"{"displayName":"Ops: EU"}"#)?;
/// let findings = profile.check_group(&group);
/// assert_eq!(findings[0].to_string(), "displayName has the character ':' (U+003A) at 3, which the service refuses");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// The name of the service provider, for reports.
    pub name: Cow<'static, str>,
    /// The attributes that a User may have; any other is refused.
    pub user: Cow<'static, [AttributeRule]>,
    /// The attributes that a Group may have; any other is refused.
    pub group: Cow<'static, [AttributeRule]>,
    /// Characters that the service is known to refuse although its published class admits them; URIs may have them.
    pub refused_characters: Cow<'static, [char]>,
    /// Names that no user (`userName`) and no group (`displayName`) may have, compared without case.
    pub reserved_names: Cow<'static, [Cow<'static, str>]>,
    /// The most members in one create, and the most membership changes in one PATCH.
    pub members_per_request: usize,
    /// The sizes at which an uncursored list is taken as cut.
    pub page_caps: Cow<'static, [usize]>,
    /// How a user is updated.
    pub user_update: UpdateMethod,
    /// What PATCH takes.
    pub patch: PatchDialect,
    /// The published rates.
    pub rates: Rates,
}

/// One attribute of a [`Profile`], with what the service asks of it.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{AttributeRule, CharacterClass};
///
/// let rule = AttributeRule::text("title", 1024);
/// assert_eq!(rule.characters, CharacterClass::Text);
/// assert!(!rule.required);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributeRule {
    /// The attribute's path, with its schema where it is an extension's.
    pub path: Cow<'static, str>,
    /// The type of the value.
    pub value: ValueClass,
    /// Whether the service refuses a resource without it.
    pub required: bool,
    /// The most characters that a text may have; where there is a limit, the least is 1.
    pub longest: usize,
    /// The characters that a text may have.
    pub characters: CharacterClass,
}

/// The type of an attribute's value in a [`Profile`].
///
/// # Examples
///
/// ```
/// use idbridge_scim::{AttributeRule, ValueClass};
///
/// assert_eq!(AttributeRule::of("active", ValueClass::Boolean).value, ValueClass::Boolean);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueClass {
    /// A string.
    Text,
    /// A boolean.
    Boolean,
    /// A multi-valued attribute that takes one value at most.
    SingleValue,
    /// A multi-valued attribute that takes one value at most, which must be primary.
    SinglePrimaryValue,
    /// A multi-valued attribute with no limit but the one on requests.
    Values,
}

/// Which characters a text may have.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{AttributeRule, CharacterClass};
///
/// assert_eq!(AttributeRule::text("userName", 128).without_space().characters, CharacterClass::TextWithoutSpace);
/// assert_eq!(AttributeRule::text("profileUrl", 1024).reference().characters, CharacterClass::Reference);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CharacterClass {
    /// Letters, marks, symbols, numbers, punctuation, tab, line feed, carriage return, space, no-break space and ideographic space: the pattern
    /// `[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r  　]+` of AWS's Identity Store.
    Text,
    /// The same without any white space: the pattern of AWS's `userName` and `externalId`.
    TextWithoutSpace,
    /// The characters of a text, [`Profile::refused_characters`] among them: a URI cannot do without a colon and a percent sign, and AWS's own
    /// example of `CreateUser` has both a `profileUrl` and a `manager.$ref` (RFC 7643 section 2.3.7).
    Reference,
    /// Any characters, and none at all: what RFC 7643 section 2.3.1 takes.
    Any,
    /// The same, less [`Profile::refused_characters`].
    AnyButRefused,
}

impl CharacterClass {
    /// Whether no class of characters is asked for, so that a text may be empty and an attribute unassigned.
    pub(crate) fn is_any(self) -> bool {
        matches!(self, Self::Any | Self::AnyButRefused)
    }
}

/// What the PATCH of a service takes, as far as services differ; [`diff`](crate::diff) writes in it.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Profile;
///
/// assert!(Profile::rfc().patch.replaces_members);
/// assert!(Profile::aws_iam_identity_center().patch.removes_by_value_list);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatchDialect {
    /// Members are removed with a list of values, instead of one `valuePath` each.
    pub removes_by_value_list: bool,
    /// All members may be replaced or removed at once.
    pub replaces_members: bool,
    /// An extension may be removed as a whole.
    pub removes_extensions: bool,
    /// The attributes that may be changed and not removed.
    pub not_removable: Cow<'static, [Cow<'static, str>]>,
}

impl PatchDialect {
    /// What RFC 7644 section 3.5.2 says.
    #[must_use]
    pub const fn rfc() -> Self {
        Self { removes_by_value_list: false, replaces_members: true, removes_extensions: true, not_removable: Cow::Borrowed(&[]) }
    }

    /// Whether what `path` names may not be removed.
    pub(crate) fn keeps(&self, path: &Path) -> bool {
        let attribute = path.attribute();
        let is_whole = attribute.extension().is_none() && path.sub_attribute().is_none() && path.value_filter().is_none();
        is_whole && self.not_removable.iter().any(|name| attribute.attribute().is(name))
    }
}

/// How a user is updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateMethod {
    /// `PATCH`, one operation an attribute.
    Patch,
    /// `PUT` of the whole resource as it was read, with the changes in it, so that what is not managed stays.
    Put,
}

/// Requests a second that the service takes; at AWS they hold for an instance, all its clients together.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Rates;
///
/// assert_eq!(Rates::new(10.0, 20.0).map(|rates| rates.writes), Some(10.0));
/// assert_eq!(Rates::new(0.0, 20.0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Rates {
    /// Writes a second.
    pub writes: f64,
    /// Reads a second.
    pub reads: f64,
}

impl Rates {
    /// These rates; `None` unless both are positive and finite.
    #[must_use]
    pub fn new(writes: f64, reads: f64) -> Option<Self> {
        let usable = |rate: f64| rate.is_finite() && rate > 0.0;
        (usable(writes) && usable(reads)).then_some(Self { writes, reads })
    }
}

/// What a service would refuse of one resource: the attribute, the rule, and the class of the value found.
///
/// The value itself is not in it, so that a report can be shown to anybody.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Profile, Resource, Rule};
///
/// let findings = Profile::aws_iam_identity_center().check_group(&Resource::new());
/// assert_eq!((findings[0].path.as_str(), &findings[0].rule), ("displayName", &Rule::Required));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The attribute's path.
    pub path: String,
    /// The rule that it breaks, with what was found.
    pub rule: Rule,
}

/// A rule of a [`Profile`] that a resource breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// The service requires the attribute.
    Required,
    /// The service has no such attribute, and refuses a resource that carries it, even empty.
    Unsupported,
    /// The value has another type than the attribute.
    Type {
        /// The type that the service takes.
        expected: &'static str,
        /// The type found.
        found: &'static str,
    },
    /// An empty text or list; the attribute must be left out instead.
    Empty,
    /// A longer text than the service takes.
    TooLong {
        /// The most characters it takes.
        longest: usize,
        /// The characters found.
        found: usize,
    },
    /// A character that the service refuses.
    Character {
        /// The character.
        found: char,
        /// Its place in the text, in characters from 0.
        at: usize,
    },
    /// More values than the service takes.
    TooManyValues {
        /// The most values it takes.
        most: usize,
        /// The values found.
        found: usize,
    },
    /// The one value must be primary.
    NotPrimary,
    /// A name that the service keeps for itself.
    Reserved,
    /// No client may write the attribute.
    ReadOnly,
    /// The attribute is written once, and has another value already.
    Immutable,
    /// More than one value is primary.
    Primaries {
        /// The primary values found.
        found: usize,
    },
    /// The resource has attributes of a schema that its `schemas` does not name.
    NotListed,
    /// A filter in brackets stands behind an attribute of one value.
    NotMultiValued,
}

impl Rule {
    /// The rule's name in reports.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Profile, Resource};
    ///
    /// let findings = Profile::aws_iam_identity_center().check_group(&Resource::new());
    /// assert_eq!(findings[0].rule.code(), "Required");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "Required",
            Self::Unsupported => "Unsupported",
            Self::Type { .. } => "Type",
            Self::Empty => "Empty",
            Self::TooLong { .. } => "TooLong",
            Self::Character { .. } => "Character",
            Self::TooManyValues { .. } => "TooManyValues",
            Self::NotPrimary => "NotPrimary",
            Self::Reserved => "Reserved",
            Self::ReadOnly => "ReadOnly",
            Self::Immutable => "Immutable",
            Self::Primaries { .. } => "Primaries",
            Self::NotListed => "NotListed",
            Self::NotMultiValued => "NotMultiValued",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.rule {
            Rule::Required => write!(f, "{path} is required by the service and is missing"),
            Rule::Unsupported => write!(f, "{path} is not supported by the service"),
            Rule::Type { expected, found } => write!(f, "{path} must be {expected}, found {found}"),
            Rule::Empty => write!(f, "{path} is empty; the service takes a value or no attribute at all"),
            Rule::TooLong { longest, found } => {
                write!(f, "{path} has {found} characters, the service takes at most {longest}")
            }
            Rule::Character { found, at } => {
                let shown = found.escape_debug();
                let code = u32::from(*found);
                write!(f, "{path} has the character '{shown}' (U+{code:04X}) at {at}, which the service refuses")
            }
            Rule::TooManyValues { most, found } => {
                write!(f, "{path} has {found} values, the service takes at most {most}")
            }
            Rule::NotPrimary => write!(f, "{path} must be marked as primary"),
            Rule::Reserved => write!(f, "{path} is a name that the service keeps for itself"),
            Rule::ReadOnly => write!(f, "{path} is read-only"),
            Rule::Immutable => write!(f, "{path} is immutable and has another value already"),
            Rule::Primaries { found } => write!(f, "{path} has {found} primary values, and may have one"),
            Rule::NotListed => write!(f, "{path} is not named in schemas, although the resource follows it"),
            Rule::NotMultiValued => write!(f, "{path} has a filter in brackets, and the attribute has one value"),
        }
    }
}

impl AttributeRule {
    /// An optional text of at most `longest` characters.
    #[must_use]
    pub const fn text(path: &'static str, longest: usize) -> Self {
        Self { path: Cow::Borrowed(path), value: ValueClass::Text, required: false, longest, characters: CharacterClass::Text }
    }

    /// An optional value of another type than text.
    #[must_use]
    pub const fn of(path: &'static str, value: ValueClass) -> Self {
        Self { path: Cow::Borrowed(path), value, required: false, longest: usize::MAX, characters: CharacterClass::Text }
    }

    /// The same, required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, without white space.
    #[must_use]
    pub const fn without_space(mut self) -> Self {
        self.characters = CharacterClass::TextWithoutSpace;
        self
    }

    /// The same, for a text that is a URI: the characters that the service refuses elsewhere are taken.
    #[must_use]
    pub const fn reference(mut self) -> Self {
        self.characters = CharacterClass::Reference;
        self
    }
}

impl Profile {
    /// Everything that the service would refuse of this User, in the order of its attributes; what is missing comes last.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Profile, Resource, User};
    ///
    /// let findings = Profile::aws_iam_identity_center().check_user(&Resource::from(User::new("anna")));
    /// let missing: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
    /// assert_eq!(missing, ["name.givenName", "name.familyName", "displayName"]);
    /// ```
    #[must_use]
    pub fn check_user(&self, user: &Resource) -> Vec<Finding> {
        check::check(self, &self.user, "userName", user)
    }

    /// Everything that the service would refuse of this Group, in the order of its attributes; what is missing comes last.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Group, Profile, Resource};
    ///
    /// assert!(Profile::aws_iam_identity_center().check_group(&Resource::from(Group::new("Cranes"))).is_empty());
    /// ```
    #[must_use]
    pub fn check_group(&self, group: &Resource) -> Vec<Finding> {
        check::check(self, &self.group, "displayName", group)
    }
}
