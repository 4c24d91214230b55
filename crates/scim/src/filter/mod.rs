//! Filters: `eq` joined by `and`, which is what AWS IAM Identity Center takes.

mod parse;

use std::fmt;
use std::str::FromStr;

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::error::Error;
use crate::id::{ExternalId, ResourceId};
use crate::value::{Object, Value};

/// A comparison operator of RFC 7644 section 3.4.2.2.
///
/// # Examples
///
/// ```
/// assert_eq!(idbridge_scim::CompareOp::Equal.to_string(), "eq");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompareOp {
    /// `eq`: the attribute and the value are equal.
    Equal,
}

impl fmt::Display for CompareOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "eq",
        })
    }
}

/// One comparison of a [`Filter`]: `attrPath SP compareOp SP compValue`.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Filter;
///
/// let filter: Filter = "userName eq \"anna\"".parse()?;
/// assert_eq!(filter.comparisons()[0].path().to_string(), "userName");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    path: AttrPath,
    operator: CompareOp,
    value: Value,
}

impl Comparison {
    /// The attribute that is compared.
    #[must_use]
    pub fn path(&self) -> &AttrPath {
        &self.path
    }

    /// How it is compared.
    #[must_use]
    pub fn operator(&self) -> CompareOp {
        self.operator
    }

    /// What it is compared with: a string, a boolean, a number or null.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }
}

/// A filter (RFC 7644 section 3.4.2.2): one or more `eq` comparisons joined by `and`. One that exists is well-formed.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Filter;
///
/// let filter = Filter::user_name("o\"neil@example.com");
/// assert_eq!(filter.to_string(), r#"userName eq "o\"neil@example.com""#);
/// assert_eq!(filter.to_string().parse::<Filter>()?, filter);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    comparisons: Vec<Comparison>,
}

impl Filter {
    /// `path eq value`; the value is a string, a boolean, a number or null, for a list or an object has no form in a filter.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrName, AttrPath, Filter};
    ///
    /// let filter = Filter::equal(AttrPath::new(AttrName::from_static("active")), true);
    /// assert_eq!(filter.to_string(), "active eq true");
    /// ```
    #[must_use]
    pub fn equal(path: AttrPath, value: impl Into<Value>) -> Self {
        let comparison = Comparison { path, operator: CompareOp::Equal, value: value.into() };
        Self { comparisons: vec![comparison] }
    }

    /// This filter, and `other` as well.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.comparisons.extend(other.comparisons);
        self
    }

    /// Users by `userName`.
    #[must_use]
    pub fn user_name(user_name: &str) -> Self {
        Self::equal(AttrPath::new(AttrName::from_static("userName")), user_name)
    }

    /// Groups by `displayName`.
    #[must_use]
    pub fn display_name(display_name: &str) -> Self {
        Self::equal(AttrPath::new(AttrName::from_static("displayName")), display_name)
    }

    /// Users or groups by `externalId`.
    #[must_use]
    pub fn external_id(external_id: &ExternalId) -> Self {
        Self::equal(AttrPath::new(AttrName::from_static("externalId")), external_id.as_str())
    }

    /// The members of a group, asked of `/Users`: `groups.value eq "id"`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Filter, ResourceId};
    ///
    /// let filter = Filter::members_of(&ResourceId::new("g-1")?);
    /// assert_eq!(filter.to_string(), "groups.value eq \"g-1\"");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn members_of(group: &ResourceId) -> Self {
        let path = AttrPath::new(AttrName::from_static("groups")).with_sub_attribute(AttrName::from_static("value"));
        Self::equal(path, group.as_str())
    }

    /// The groups of a user, asked of `/Groups`: `members.value eq "id"`.
    #[must_use]
    pub fn groups_of(user: &ResourceId) -> Self {
        let path = AttrPath::new(AttrName::from_static("members")).with_sub_attribute(AttrName::from_static("value"));
        Self::equal(path, user.as_str())
    }

    /// Whether a user is in a group, asked of `/Groups`: `id eq "group" and members eq "user"`, which finds the group or nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Filter, ResourceId};
    ///
    /// let filter = Filter::membership(&ResourceId::new("g-1")?, &ResourceId::new("u-1")?);
    /// assert_eq!(filter.to_string(), "id eq \"g-1\" and members eq \"u-1\"");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn membership(group: &ResourceId, user: &ResourceId) -> Self {
        let id = Self::equal(AttrPath::new(AttrName::from_static("id")), group.as_str());
        id.and(Self::equal(AttrPath::new(AttrName::from_static("members")), user.as_str()))
    }

    /// The comparisons, all of which must hold.
    #[must_use]
    pub fn comparisons(&self) -> &[Comparison] {
        &self.comparisons
    }

    /// Whether a complex value of a multi-valued attribute passes: the filter of a `valuePath`, strings compared without case.
    pub(crate) fn matches_value(&self, object: &Object) -> bool {
        self.comparisons.iter().all(|comparison| {
            let held = object.get(comparison.path.attribute().as_str());
            match (held, &comparison.value) {
                (Some(Value::String(held)), Value::String(wanted)) => held.eq_ignore_ascii_case(wanted),
                (Some(held), wanted) => held == wanted,
                (None, wanted) => *wanted == Value::Null,
            }
        })
    }
}

impl FromStr for Filter {
    type Err = Error;

    /// Reads a filter of at most 10,000 bytes and 20 comparisons.
    fn from_str(text: &str) -> Result<Self, Error> {
        parse::filter(text).map(|comparisons| Self { comparisons })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Comparison { path, operator, value }) in self.comparisons.iter().enumerate() {
            let joint = if index == 0 { "" } else { " and " };
            write!(f, "{joint}{path} {operator} {value}")?;
        }
        Ok(())
    }
}
