//! Values that may be of any type, read without failing.
//!
//! A [`Field`] reads whatever stands in its place, and a [`Wanted`] type says which of the types of JSON it can be read from:
//!
//! | type | from | for |
//! |---|---|---|
//! | `String` | a string | most attributes |
//! | `bool` | a boolean | flags |
//! | [`Scalar`] | a string, a whole number that is not negative | identifiers that somebody may have written as a number |
//! | [`Simple`] | a string, any number, a boolean | custom attributes |
//! | [`Count`] | a whole number that is not negative | totals |
//! | `Vec<Field<T>>` | an array | lists in a record, of which each entry may be wrong for itself |
//! | [`Open`] | an object | attributes by any name |
//! | a `record!` | an object | records |
//!
//! What is not among them is [`Field::Not`], with the name of the type that was found and without its value: what a person has may be in no message.
//! Nothing here fails but on text that is no JSON, and on arrays beyond all measure.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::directory::json::MOST_ENTRIES;

/// One value of a record: not there, there, or there with another type than it should have.
///
/// `null` and `""` are read as not there. A wrong type is remembered by its name, so that one record with it is held and the others are read.
#[derive(Debug)]
pub(in crate::directory) enum Field<T> {
    Absent,
    Is(T),
    Not(&'static str),
}

/// A type that a value can be read as, from whichever JSON types it may be written in.
pub(in crate::directory) trait Wanted: Sized {
    /// The type, for a finding.
    const EXPECTED: &'static str;

    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    fn from_boolean(_value: bool) -> Option<Self> {
        None
    }

    /// Reads a number that is whole and not negative.
    fn from_count(_number: u64) -> Option<Self> {
        None
    }

    /// Reads a number that is negative or not whole.
    fn from_number(_number: impl fmt::Display) -> Option<Self> {
        None
    }

    fn from_sequence<'de, A: SeqAccess<'de>>(mut sequence: A) -> Result<Option<Self>, A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// A text, or a whole number that is meant as one.
#[derive(Debug)]
pub(in crate::directory) struct Scalar(pub(in crate::directory) String);

/// A text, a number or a boolean, as text. A number is written as its value is, so that `1.10` is `1.1`.
#[derive(Debug)]
pub(in crate::directory) struct Simple(pub(in crate::directory) String);

/// An object with any keys.
#[derive(Debug)]
pub(in crate::directory) struct Open<T>(pub(in crate::directory) BTreeMap<String, Field<T>>);

/// How many records there are.
#[derive(Debug)]
pub(in crate::directory) struct Count(pub(in crate::directory) u64);

impl<T> Field<T> {
    /// Keeps the value read for a key; a key that is there twice has no one value, because two readers would take two.
    pub(in crate::directory) fn put(&mut self, value: Self) {
        *self = match self {
            Self::Absent => value,
            Self::Is(_) | Self::Not(_) => Self::Not("two values"),
        };
    }
}

impl Wanted for String {
    const EXPECTED: &'static str = "a string";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Wanted for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_boolean(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl Wanted for Scalar {
    const EXPECTED: &'static str = "a string";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }

    fn from_count(number: u64) -> Option<Self> {
        Some(Self(number.to_string()))
    }
}

impl Wanted for Simple {
    const EXPECTED: &'static str = "a string, a number or a boolean";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }

    fn from_boolean(value: bool) -> Option<Self> {
        Some(Self(value.to_string()))
    }

    fn from_count(number: u64) -> Option<Self> {
        Some(Self(number.to_string()))
    }

    fn from_number(number: impl fmt::Display) -> Option<Self> {
        Some(Self(number.to_string()))
    }
}

impl<T: Wanted> Wanted for Open<T> {
    const EXPECTED: &'static str = "an object";

    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut values = BTreeMap::new();
        while let Some(Key(key)) = map.next_key()? {
            values.entry(key.into_owned()).or_insert(Field::Absent).put(map.next_value()?);
        }
        Ok(Some(Self(values)))
    }
}

impl Wanted for Count {
    const EXPECTED: &'static str = "a whole number";

    fn from_count(number: u64) -> Option<Self> {
        Some(Self(number))
    }
}

impl<T: Wanted> Wanted for Vec<Field<T>> {
    const EXPECTED: &'static str = "an array";

    fn from_sequence<'de, A: SeqAccess<'de>>(mut sequence: A) -> Result<Option<Self>, A::Error> {
        let mut values = Self::new();
        while let Some(value) = sequence.next_element()? {
            if values.len() >= MOST_ENTRIES {
                return Err(A::Error::custom(format_args!("an array in a record has more than {MOST_ENTRIES} entries")));
            }
            values.push(value);
        }
        Ok(Some(values))
    }
}

impl<'de, T: Wanted> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor::new())
    }
}

pub(super) struct FieldVisitor<T>(PhantomData<T>);

impl<T> FieldVisitor<T> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Wanted> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Field<T>, E> {
        Ok(Field::Absent)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Field<T>, E> {
        Ok(T::from_boolean(value).map_or(Field::Not("a boolean"), Field::Is))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Field<T>, E> {
        Ok(T::from_number(number).map_or(Field::Not("a number"), Field::Is))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Field<T>, E> {
        Ok(T::from_count(number).map_or(Field::Not("a number"), Field::Is))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Field<T>, E> {
        Ok(T::from_number(number).map_or(Field::Not("a number"), Field::Is))
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<T>, E> {
        if text.is_empty() {
            return Ok(Field::Absent);
        }
        Ok(T::from_text(text).map_or(Field::Not("a string"), Field::Is))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Field<T>, A::Error> {
        Ok(T::from_sequence(sequence)?.map_or(Field::Not("an array"), Field::Is))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field<T>, A::Error> {
        Ok(T::from_map(map)?.map_or(Field::Not("an object"), Field::Is))
    }
}

/// A key of an object, borrowed where it can be.
pub(in crate::directory) struct Key<'a>(pub(in crate::directory) Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl Key<'_> {
    /// Whether this is the key `name`; without regard to the case of ASCII letters where the format has none.
    pub(in crate::directory) fn is(&self, name: &str, ignores_case: bool) -> bool {
        if ignores_case { self.0.eq_ignore_ascii_case(name) } else { *self.0 == *name }
    }

    /// Whether this is a key that begins with `prefix`.
    pub(in crate::directory) fn begins_with(&self, prefix: &str, ignores_case: bool) -> bool {
        self.0.get(..prefix.len()).is_some_and(|start| if ignores_case { start.eq_ignore_ascii_case(prefix) } else { start == prefix })
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(key.into()))
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Key(key.to_owned().into()))
    }
}
