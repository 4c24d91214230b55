//! Reads records from JSON.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::attr_name::AttrName;
use crate::complex::{Attribute, Record, Slot};
use crate::error::{Error, ErrorKind};
use crate::resource::Resource;
use crate::value::Number;

/// A value has another type than its attribute. The value itself is not quoted, because it may be a secret.
pub(super) fn mismatch<E: de::Error>(expected: &'static str, found: &'static str) -> E {
    E::custom(ErrorKind::Type { expected, found })
}

/// Refuses the JSON types that a visitor does not read, without a word of the value.
macro_rules! refuse {
    ($expected:expr; $($method:ident($type:ty) $found:literal,)*) => {
        $(fn $method<E: de::Error>(self, _: $type) -> Result<Self::Value, E> {
            Err(mismatch($expected, $found))
        })*
    };
}

/// Reads one value, or nothing where it is null.
pub(super) struct OneVisitor<T>(pub(super) PhantomData<T>);

impl<'de, T: Attribute> Visitor<'de> for OneVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Option<T>, E> {
        T::from_boolean(value).map(Some)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
        T::from_text(text).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::from_map(map).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Option<T>, A::Error> {
        Err(mismatch(T::EXPECTED, "an array"))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Option<T>, E> {
        T::from_number(number.into()).map(Some)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Option<T>, E> {
        T::from_number(Number::of_unsigned(number)).map(Some)
    }

    refuse! { T::EXPECTED; visit_f64(f64) "a number", }
}

/// Reads the values of a multi-valued attribute, without those that are null.
pub(super) struct ListVisitor<T>(pub(super) PhantomData<T>);

impl<'de, T: Attribute> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element_seed(SlotSeed(PhantomData::<Option<T>>))? {
            values.extend(value);
        }
        Ok(values)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Vec<T>, A::Error> {
        Err(mismatch("an array", "an object"))
    }

    refuse! {
        "an array";
        visit_bool(bool) "a boolean", visit_str(&str) "a string",
        visit_i64(i64) "a number", visit_u64(u64) "a number", visit_f64(f64) "a number",
    }
}

/// Reads a slot from JSON.
pub(crate) struct SlotSeed<T>(pub(crate) PhantomData<T>);

impl<'de, T: Slot> DeserializeSeed<'de> for SlotSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read_json(deserializer)
    }
}

/// The name of a record's attribute, while JSON is read.
pub(crate) enum Key<F> {
    /// A slot has it.
    Known(F),
    /// No slot has it.
    Other(AttrName),
}

/// Reads the name of an attribute of `R`, without a copy of it in between.
pub(crate) struct KeySeed<R>(pub(crate) PhantomData<R>);

impl<'de, R: Record> DeserializeSeed<'de> for KeySeed<R> {
    type Value = Key<R::Field>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<R: Record> Visitor<'_> for KeySeed<R> {
    type Value = Key<R::Field>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(R::field(name).map_or_else(|| Key::Other(AttrName::kept(name)), Key::Known))
    }
}

/// Reads a record that is there, which null is not.
pub(crate) fn read_record<'de, R: Record, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    Option::read_json(deserializer)?.ok_or_else(|| mismatch(R::EXPECTED, "null"))
}

/// Reads a resource from JSON; where that fails, once more by way of the generic resource, which names the attribute's path.
pub(crate) fn read_resource<R: DeserializeOwned + TryFrom<Resource, Error = Error>>(json: &[u8]) -> Result<R, Error> {
    serde_json::from_slice(json).or_else(|_| R::try_from(Resource::from_json(json)?))
}
