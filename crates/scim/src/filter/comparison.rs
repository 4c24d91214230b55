//! One comparison of a filter.

use std::fmt;

use crate::attr_path::AttrPath;
use crate::value::{Number, Value};

/// A comparison operator of RFC 7644 section 3.4.2.2, table 3; `pr` compares nothing and is an [`Expression`](crate::Expression) of its own.
///
/// # Examples
///
/// ```
/// assert_eq!(idbridge_scim::CompareOp::StartsWith.to_string(), "sw");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the grammar has these nine and no others")]
pub enum CompareOp {
    /// `eq`: the attribute and the value are equal.
    Equal,
    /// `ne`: they are not; so an attribute without a value passes, unless it is compared with `null`.
    NotEqual,
    /// `co`: the attribute contains the value.
    Contains,
    /// `sw`: the attribute starts with the value.
    StartsWith,
    /// `ew`: the attribute ends with the value.
    EndsWith,
    /// `gt`: the attribute is greater, or later.
    GreaterThan,
    /// `ge`: the attribute is greater or equal.
    GreaterOrEqual,
    /// `lt`: the attribute is less, or earlier.
    LessThan,
    /// `le`: the attribute is less or equal.
    LessOrEqual,
}

impl CompareOp {
    /// The operator that is written so, in any case (RFC 7644 section 3.4.2.2: operators are case insensitive).
    pub(super) fn read(word: &[u8]) -> Option<Self> {
        let [first, second] = word else { return None };
        Some(match [first.to_ascii_lowercase(), second.to_ascii_lowercase()] {
            [b'e', b'q'] => Self::Equal,
            [b'n', b'e'] => Self::NotEqual,
            [b'c', b'o'] => Self::Contains,
            [b's', b'w'] => Self::StartsWith,
            [b'e', b'w'] => Self::EndsWith,
            [b'g', b't'] => Self::GreaterThan,
            [b'g', b'e'] => Self::GreaterOrEqual,
            [b'l', b't'] => Self::LessThan,
            [b'l', b'e'] => Self::LessOrEqual,
            _ => return None,
        })
    }

    /// Whether it asks which of two values is the greater one.
    pub(super) fn is_ordering(self) -> bool {
        matches!(self, Self::GreaterThan | Self::GreaterOrEqual | Self::LessThan | Self::LessOrEqual)
    }

    /// The operator as it is written.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::GreaterThan => "gt",
            Self::GreaterOrEqual => "ge",
            Self::LessThan => "lt",
            Self::LessOrEqual => "le",
        }
    }
}

impl fmt::Display for CompareOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One comparison of a [`Filter`](crate::Filter): `attrPath SP compareOp SP compValue`.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{CompareOp, CompareValue, Expression, Filter};
///
/// let filter: Filter = "loginCount gt 10".parse()?;
/// let Expression::Compare(comparison) = filter.expression() else { unreachable!() };
/// assert_eq!(comparison.path().to_string(), "loginCount");
/// assert_eq!((comparison.operator(), comparison.value()), (CompareOp::GreaterThan, &CompareValue::from(10)));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    path: AttrPath,
    operator: CompareOp,
    value: CompareValue,
}

impl Comparison {
    pub(super) fn new(path: AttrPath, operator: CompareOp, value: CompareValue) -> Self {
        Self { path, operator, value }
    }

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

    /// What it is compared with.
    #[must_use]
    pub fn value(&self) -> &CompareValue {
        &self.value
    }
}

/// What an attribute is compared with: `compValue` of RFC 7644 section 3.4.2.2.
///
/// # Examples
///
/// ```
/// use idbridge_scim::CompareValue;
///
/// assert_eq!(CompareValue::from("a \"quote\"").to_string(), r#""a \"quote\"""#);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the grammar has these four and no others")]
pub enum CompareValue {
    /// `null`: the attribute has no value.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A string: text, a moment, a reference, or bytes in base64.
    String(String),
}

impl CompareValue {
    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The same as a value of a resource.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Number(number) => Value::Number(*number),
            Self::String(text) => Value::String(text.clone()),
        }
    }
}

impl fmt::Display for CompareValue {
    /// Writes JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl From<&str> for CompareValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for CompareValue {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for CompareValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for CompareValue {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for CompareValue {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}
