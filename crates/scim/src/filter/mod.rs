//! Filters: the whole grammar of RFC 7644 section 3.4.2.2.

mod comparison;
mod matcher;
pub(crate) mod parse;
mod print;

use std::ops::Not;
use std::str::FromStr;

pub use comparison::{CompareOp, CompareValue, Comparison};
pub use matcher::Matcher;

use crate::attr_path::AttrPath;
use crate::error::{Error, ErrorKind, Location};
use crate::id::{ExternalId, ResourceId};
use crate::mode::Mode;

/// A filter (RFC 7644 section 3.4.2.2). One that exists is well-formed, whether it was read or built.
///
/// ```text
/// userType eq "Employee" and (emails co "example.com" or emails[type eq "work" and not (value ew "@example.org")])
/// ```
///
/// It is read from text with [`FromStr`] (strict) or [`Filter::parse`], built with [`Filter::compare`], [`Filter::present`],
/// [`Filter::value_path`], [`Filter::and`], [`Filter::or`] and `!`, printed with `Display`, looked into with [`Filter::expression`], and compared with
/// resources by a [`Matcher`].
///
/// Read are at most 10,000 bytes with parentheses and brackets at most 32 deep.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{AttrPath, CompareOp, Filter};
///
/// let filter = Filter::user_name("o\"neil@example.com").and(!Filter::present(AttrPath::of("title")));
/// assert_eq!(filter.to_string(), r#"userName eq "o\"neil@example.com" and not (title pr)"#);
/// assert_eq!(filter.to_string().parse::<Filter>()?, filter);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    expression: Expression,
}

/// What a [`Filter`] says; it can be looked at by anybody and made by [`Filter`] alone.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Expression, Filter};
///
/// let filter: Filter = "title pr or userType eq \"Intern\"".parse()?;
/// assert!(matches!(filter.expression(), Expression::Or(filters) if filters.len() == 2));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the grammar has these six and no others")]
pub enum Expression {
    /// `title pr`: the attribute has a value.
    Present(AttrPath),
    /// `title eq "Engineer"`: the attribute compares with a value.
    Compare(Comparison),
    /// `emails[type eq "work"]`: one value of the attribute passes the filter, whose paths are those of its sub-attributes.
    ValuePath(AttrPath, Box<Filter>),
    /// `not (..)`: the filter does not pass.
    Not(Box<Filter>),
    /// All of the filters pass; there are at least two, and none of them is `And` itself.
    And(Vec<Filter>),
    /// One of the filters passes; there are at least two, and none of them is `Or` itself.
    Or(Vec<Filter>),
}

impl Filter {
    /// Reads a filter; [`FromStr`] is the same in [`Mode::Strict`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`] with what the grammar expects and what stands there; [`Error::at`] is the byte.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Filter, Mode};
    ///
    /// let sent = r#"emails[type eq "work"].value eq "anna@example.com""#;
    /// assert!(Filter::parse(sent, Mode::Strict).is_err());
    /// let filter = Filter::parse(sent, Mode::Lenient)?;
    /// assert_eq!(filter.to_string(), r#"emails[type eq "work" and value eq "anna@example.com"]"#);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn parse(text: &str, mode: Mode) -> Result<Self, Error> {
        parse::filter(text, mode)
    }

    /// `path operator value`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, CompareOp, Filter};
    ///
    /// let filter = Filter::compare(AttrPath::of("name").then("familyName"), CompareOp::StartsWith, "B");
    /// assert_eq!(filter.to_string(), r#"name.familyName sw "B""#);
    /// ```
    #[must_use]
    pub fn compare(path: AttrPath, operator: CompareOp, value: impl Into<CompareValue>) -> Self {
        Self { expression: Expression::Compare(Comparison::new(path, operator, value.into())) }
    }

    /// `path eq value`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, Filter};
    ///
    /// assert_eq!(Filter::equal(AttrPath::of("active"), true).to_string(), "active eq true");
    /// ```
    #[must_use]
    pub fn equal(path: AttrPath, value: impl Into<CompareValue>) -> Self {
        Self::compare(path, CompareOp::Equal, value)
    }

    /// `path pr`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, Filter};
    ///
    /// assert_eq!(Filter::present(AttrPath::of("title")).to_string(), "title pr");
    /// ```
    #[must_use]
    pub fn present(path: AttrPath) -> Self {
        Self { expression: Expression::Present(path) }
    }

    /// `path[filter]`: one value of the attribute at `path` passes `filter`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Path`] if `path` names a sub-attribute, or `filter` has a `valuePath` of its own; the grammar has neither.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, Filter};
    ///
    /// let work = Filter::equal(AttrPath::of("type"), "work").and(Filter::present(AttrPath::of("value")));
    /// assert_eq!(Filter::value_path(AttrPath::of("emails"), work)?.to_string(), r#"emails[type eq "work" and value pr]"#);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn value_path(path: AttrPath, filter: Self) -> Result<Self, Error> {
        filter.check_value_path(&path)?;
        Ok(Self { expression: Expression::ValuePath(path, Box::new(filter)) })
    }

    /// Whether this can stand in the brackets behind `path`.
    pub(crate) fn check_value_path(&self, path: &AttrPath) -> Result<(), Error> {
        let invalid = |expected, found: String| Err(Error::new(ErrorKind::Path { expected, found }, Location::Whole));
        if path.sub_attribute().is_some() {
            return invalid("an attribute without a sub-attribute in front of the brackets", path.to_string());
        }
        if self.has_value_path() {
            return invalid("a filter without brackets inside the brackets", self.to_string());
        }
        Ok(())
    }

    fn has_value_path(&self) -> bool {
        match &self.expression {
            Expression::Present(_) | Expression::Compare(_) => false,
            Expression::ValuePath(..) => true,
            Expression::Not(filter) => filter.has_value_path(),
            Expression::And(filters) | Expression::Or(filters) => filters.iter().any(Self::has_value_path),
        }
    }

    /// This filter and `other` as well.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, Filter};
    ///
    /// let both = Filter::present(AttrPath::of("title")).and(Filter::equal(AttrPath::of("active"), true));
    /// assert_eq!(both.to_string(), "title pr and active eq true");
    /// ```
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut filters = self.into_and();
        filters.extend(other.into_and());
        Self { expression: Expression::And(filters) }
    }

    /// This filter or `other`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, Filter};
    ///
    /// let either = Filter::present(AttrPath::of("title")).or(Filter::present(AttrPath::of("userType")));
    /// assert_eq!(either.clone().and(Filter::equal(AttrPath::of("active"), true)).to_string(), "(title pr or userType pr) and active eq true");
    /// ```
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut filters = self.into_or();
        filters.extend(other.into_or());
        Self { expression: Expression::Or(filters) }
    }

    fn into_and(self) -> Vec<Self> {
        match self.expression {
            Expression::And(filters) => filters,
            expression => vec![Self { expression }],
        }
    }

    fn into_or(self) -> Vec<Self> {
        match self.expression {
            Expression::Or(filters) => filters,
            expression => vec![Self { expression }],
        }
    }

    /// What the filter says.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Expression, Filter};
    ///
    /// let filter: Filter = "not (title pr)".parse()?;
    /// assert!(matches!(filter.expression(), Expression::Not(_)));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The comparisons, if the filter is nothing but comparisons joined by `and`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Filter;
    ///
    /// let filter: Filter = r#"id eq "g-1" and members eq "u-1""#.parse()?;
    /// assert_eq!(filter.comparisons().map(|comparisons| comparisons.len()), Some(2));
    /// assert!("title pr".parse::<Filter>()?.comparisons().is_none());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn comparisons(&self) -> Option<Vec<&Comparison>> {
        let comparison = |filter: &'_ Self| matches!(filter.expression, Expression::Compare(_));
        match &self.expression {
            Expression::Compare(comparison) => Some(vec![comparison]),
            Expression::And(filters) if filters.iter().all(comparison) => Some(filters.iter().filter_map(Self::as_comparison).collect()),
            _ => None,
        }
    }

    fn as_comparison(&self) -> Option<&Comparison> {
        match &self.expression {
            Expression::Compare(comparison) => Some(comparison),
            _ => None,
        }
    }

    /// Users by `userName`.
    #[must_use]
    pub fn user_name(user_name: &str) -> Self {
        Self::equal(AttrPath::of("userName"), user_name)
    }

    /// Groups by `displayName`.
    #[must_use]
    pub fn display_name(display_name: &str) -> Self {
        Self::equal(AttrPath::of("displayName"), display_name)
    }

    /// Users or groups by `externalId`.
    #[must_use]
    pub fn external_id(external_id: &ExternalId) -> Self {
        Self::equal(AttrPath::of("externalId"), external_id.as_str())
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
        Self::equal(AttrPath::of("groups").then("value"), group.as_str())
    }

    /// The groups of a user, asked of `/Groups`: `members.value eq "id"`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Filter, ResourceId};
    ///
    /// assert_eq!(Filter::groups_of(&ResourceId::new("u-1")?).to_string(), "members.value eq \"u-1\"");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn groups_of(user: &ResourceId) -> Self {
        Self::equal(AttrPath::of("members").then("value"), user.as_str())
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
        Self::equal(AttrPath::of("id"), group.as_str()).and(Self::equal(AttrPath::of("members"), user.as_str()))
    }
}

/// The filter that passes where this one does not.
impl Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self { expression: Expression::Not(Box::new(self)) }
    }
}

impl FromStr for Filter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, Mode::Strict)
    }
}
