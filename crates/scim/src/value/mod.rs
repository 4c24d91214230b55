//! Values of attributes: JSON, with attribute names that compare without case.

mod read;

use std::cmp::Ordering;
use std::fmt;
use std::iter::Map;
use std::slice::Iter;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

pub(crate) use read::{Members, twice};

use crate::attr_name::AttrName;
use crate::error::{Error, ErrorKind, Location};

/// A value of an attribute (RFC 7643 section 2.3), as JSON carries it.
///
/// Absent, [`Value::Null`] and an empty [`Value::Array`] all mean *unassigned* (RFC 7643 section 2.5); they are kept apart here so that a round
/// trip loses nothing, and [`Value::is_unassigned`] takes the two that are written down as the same.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Value;
///
/// let value: Value = serde_json::from_str(r#"[{"value":"a@example.com","primary":true}]"#)?;
/// assert_eq!(serde_json::to_string(&value)?, r#"[{"value":"a@example.com","primary":true}]"#);
/// assert!(Value::Array(vec![]).is_unassigned());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has these six and no others")]
pub enum Value {
    /// JSON `null`.
    Null,
    /// RFC 7643 section 2.3.2.
    Boolean(bool),
    /// RFC 7643 sections 2.3.3 and 2.3.4.
    Number(Number),
    /// RFC 7643 sections 2.3.1, 2.3.5 and 2.3.7: strings, dateTimes and references.
    String(String),
    /// RFC 7643 section 2.4: the values of a multi-valued attribute.
    Array(Vec<Self>),
    /// RFC 7643 section 2.3.8: a complex value.
    Object(Object),
}

impl Value {
    /// Whether this is written for an attribute that has no value.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Value;
    ///
    /// assert!(Value::Null.is_unassigned());
    /// assert!(!Value::from("").is_unassigned());
    /// ```
    #[must_use]
    pub fn is_unassigned(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Array(values) => values.is_empty(),
            _ => false,
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if this is a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if this is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Number, Value};
    ///
    /// assert_eq!(Value::from(7).as_number().and_then(Number::as_u64), Some(7));
    /// assert_eq!(Value::from("7").as_number(), None);
    /// ```
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The values, if this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The sub-attributes, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A text that values have alike if they are equal, whatever the order of their attributes, unassigned ones aside.
    pub(crate) fn canonical(&self) -> String {
        match self {
            Self::Object(object) => {
                let assigned = object.iter().filter(|(_, value)| !value.is_unassigned());
                let mut parts: Vec<String> =
                    assigned.map(|(name, value)| format!("{:?}:{}", name.as_str().to_ascii_lowercase(), value.canonical())).collect();
                parts.sort_unstable();
                format!("{{{}}}", parts.join(","))
            }
            Self::Array(values) => format!("[{}]", values.iter().map(Self::canonical).collect::<Vec<_>>().join(",")),
            other => other.to_string(),
        }
    }

    /// The JSON type, for an error.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<Self>> for Value {
    fn from(values: Vec<Self>) -> Self {
        Self::Array(values)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl fmt::Display for Value {
    /// Writes compact JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// A number, kept exactly as far as 64 bits go.
///
/// # Examples
///
/// ```
/// let number: idbridge_scim::Number = serde_json::from_str("18446744073709551615")?;
/// assert_eq!(number.to_string(), "18446744073709551615");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(Numeric);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Numeric {
    Signed(i64),
    Unsigned(u64),
    Decimal(f64),
}

impl Number {
    /// The number, if it is written without a decimal point and lies from -2^63 to 2^63 - 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Number;
    ///
    /// assert_eq!(Number::from(-7).as_i64(), Some(-7));
    /// assert_eq!(Number::try_from(7.0)?.as_i64(), None);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        i64::try_from(self.whole()?).ok()
    }

    /// The number, if it is written without a decimal point and lies from 0 to 2^64 - 1.
    ///
    /// # Examples
    ///
    /// ```
    /// let number: idbridge_scim::Number = serde_json::from_str("18446744073709551615")?;
    /// assert_eq!((number.as_u64(), number.as_i64()), (Some(u64::MAX), None));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        u64::try_from(self.whole()?).ok()
    }

    /// The decimal number that is nearest: of whole numbers, those beyond 2^53 are rounded.
    ///
    /// # Examples
    ///
    /// ```
    /// let number = idbridge_scim::Number::from(7);
    /// assert!((number.as_f64() - 7.0).abs() < f64::EPSILON);
    /// ```
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.decimal()
    }

    /// Which of two numbers is the greater one, `6` and `6.0` being equal.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self.whole(), other.whole()) {
            (Some(own), Some(other)) => Some(own.cmp(&other)),
            _ => self.decimal().partial_cmp(&other.decimal()),
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn of_unsigned(number: u64) -> Self {
        Self(i64::try_from(number).map_or(Numeric::Unsigned(number), Numeric::Signed))
    }

    /// The number, if it is a whole one from 0 to 2^63 - 1.
    pub(crate) fn not_negative(self) -> Option<u64> {
        u64::try_from(self.whole()?).ok().filter(|number| i64::try_from(*number).is_ok())
    }

    fn whole(self) -> Option<i128> {
        match self.0 {
            Numeric::Signed(number) => Some(number.into()),
            Numeric::Unsigned(number) => Some(number.into()),
            Numeric::Decimal(_) => None,
        }
    }

    #[expect(clippy::as_conversions, reason = "a comparison with a decimal is one of decimals, and no lossless conversion exists")]
    fn decimal(self) -> f64 {
        match self.0 {
            Numeric::Signed(number) => number as f64,
            Numeric::Unsigned(number) => number as f64,
            Numeric::Decimal(number) => number,
        }
    }

    /// Whether it has no decimal point.
    pub(crate) fn is_whole(self) -> bool {
        !matches!(self.0, Numeric::Decimal(_))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Numeric::Signed(number) => write!(f, "{number}"),
            Numeric::Unsigned(number) => write!(f, "{number}"),
            // `1.0` and `1e300`, as JSON has them, where `Display` would write `1` and three hundred zeros.
            Numeric::Decimal(number) => write!(f, "{number:?}"),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(Numeric::Signed(number))
    }
}

impl TryFrom<f64> for Number {
    type Error = Error;

    /// Fails with [`ErrorKind::Type`] if the number is not finite, because JSON has no such number (RFC 8259 section 6).
    fn try_from(number: f64) -> Result<Self, Error> {
        if number.is_finite() {
            return Ok(Self(Numeric::Decimal(number)));
        }
        let found = if number.is_nan() { "not a number" } else { "infinity" };
        Err(Error::new(ErrorKind::Type { expected: "a finite number", found }, Location::Whole))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Numeric::Signed(number) => serializer.serialize_i64(number),
            Numeric::Unsigned(number) => serializer.serialize_u64(number),
            Numeric::Decimal(number) => serializer.serialize_f64(number),
        }
    }
}

/// The sub-attributes of a complex value, in the order in which they were written.
///
/// Names compare without case; a name that is there twice is refused when read, because two readers would take two different values. An object
/// of more than 1,000 attributes is refused when read, too. `Debug` writes `(..)` for the value of a `password`; JSON has it in clear text.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Object, Value};
///
/// let mut name = Object::new();
/// name.set("givenName", "Anna");
/// assert_eq!(name.get("GIVENNAME").and_then(Value::as_str), Some("Anna"));
/// ```
#[derive(Clone, Default)]
pub struct Object(Vec<(AttrName, Value)>);

impl Object {
    /// No sub-attributes.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of `name`, compared without case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key.is(name)).map(|(_, value)| value)
    }

    /// The value of `name`, to be changed in place.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(key, _)| key.is(name)).map(|(_, value)| value)
    }

    /// Sets `name`, where it stands if it is there, at the end if not, and keeps the name's first spelling.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut object = idbridge_scim::Object::new();
    /// object.set("Title", "Engineer");
    /// object.set("title", "Manager");
    /// assert_eq!(idbridge_scim::Value::from(object).to_string(), r#"{"Title":"Manager"}"#);
    /// ```
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        match self.get_mut(name) {
            Some(old) => *old = value.into(),
            None => self.0.push((AttrName::kept(name), value.into())),
        }
    }

    /// The same as [`Object::set`] of a name that was read before, which is not looked up again.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrName, Object, Value};
    ///
    /// let mut object = Object::new();
    /// object.set_named(&AttrName::from_static("title"), "Engineer");
    /// assert_eq!(object.get("title").and_then(Value::as_str), Some("Engineer"));
    /// ```
    pub fn set_named(&mut self, name: &AttrName, value: impl Into<Value>) {
        match self.get_mut(name.as_str()) {
            Some(old) => *old = value.into(),
            None => self.0.push((name.clone(), value.into())),
        }
    }

    /// No sub-attributes yet, and room for `count` of them, for who knows how many come.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(idbridge_scim::Object::with_capacity(16).is_empty());
    /// ```
    #[must_use]
    pub fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Adds `name`, which is known not to be there.
    pub(crate) fn push(&mut self, name: AttrName, value: Value) {
        self.0.push((name, value));
    }

    /// Takes `name` away and gives its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Object;
    ///
    /// let mut name = Object::new();
    /// name.set("givenName", "Anna");
    /// assert!(name.remove("GIVENNAME").is_some() && name.is_empty());
    /// ```
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let index = self.0.iter().position(|(key, _)| key.is(name))?;
        Some(self.0.remove(index).1)
    }

    /// The names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&AttrName, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The names and values, in order, the values to be changed in place.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Object, Value};
    ///
    /// let mut name = Object::new();
    /// name.set("givenName", "Anna");
    /// name.iter_mut().for_each(|(_, value)| *value = Value::Null);
    /// assert_eq!(name.get("givenName"), Some(&Value::Null));
    /// ```
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&AttrName, &mut Value)> {
        self.0.iter_mut().map(|(name, value)| (&*name, value))
    }

    /// How many sub-attributes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.iter().map(|(name, value)| -> (&str, &dyn fmt::Debug) {
            // RFC 7643 section 9.2: a password is sensitive, and what Debug writes is kept in logs.
            let shown: &dyn fmt::Debug = if name.is("password") { &Hidden } else { value };
            (name.as_str(), shown)
        });
        f.write_str("Object ")?;
        f.debug_map().entries(members).finish()
    }
}

/// What stands in the place of a value that is not shown.
struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(..)")
    }
}

/// JSON objects are equal whatever the order of their members.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        // Two writers mostly agree on the order, so the same place is looked at first.
        let same = |((name, value), (key, held)): (&(AttrName, Value), &(AttrName, Value))| {
            if name == key { value == held } else { other.get(name.as_str()) == Some(value) }
        };
        self.len() == other.len() && self.0.iter().zip(&other.0).all(same)
    }
}

impl IntoIterator for Object {
    type Item = (AttrName, Value);
    type IntoIter = std::vec::IntoIter<(AttrName, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a AttrName, &'a Value);
    type IntoIter = Map<Iter<'a, (AttrName, Value)>, fn(&'a (AttrName, Value)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name.as_str(), value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(values) => {
                let mut sequence = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    sequence.serialize_element(value)?;
                }
                sequence.end()
            }
            Self::Object(object) => object.serialize(serializer),
        }
    }
}
