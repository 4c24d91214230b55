//! What typed records are made of, and how they become generic objects and what filters see.
//!
//! A record has slots, a slot holds one attribute value or several, and a value is a text, a boolean or a record again.

mod read;
mod record;
mod write;

use std::marker::PhantomData;

use serde::de::{self, Deserializer, MapAccess};
use serde::ser::{SerializeMap, Serializer};

pub(crate) use read::{Key, KeySeed, SlotSeed, read_record, read_resource};
pub(crate) use record::{complex_value, record};
pub(crate) use write::write_resource;

use crate::attributes::{Attributes, Values, View};
use crate::error::{Error, ErrorKind, Location};
use crate::id::{ExternalId, ResourceId};
use crate::password::Password;
use crate::uri::SchemaUri;
use crate::value::{Number, Object, Value};
use read::{ListVisitor, OneVisitor, mismatch};
use write::{List, One, write_record};

/// A type that one value of an attribute can be read as: a text, a boolean, a record.
pub(crate) trait Attribute: Sized {
    /// The JSON type of such a value, for an error.
    const EXPECTED: &'static str;

    /// Reads `value`, which is not null.
    fn read(value: Value) -> Result<Self, Error>;
    /// Makes it generic.
    fn write(self) -> Value;
    /// Shows it to a filter.
    fn view(&self) -> View<'_>;
    /// Writes it as JSON.
    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads a JSON boolean.
    fn from_boolean<E: de::Error>(_: bool) -> Result<Self, E> {
        Err(mismatch(Self::EXPECTED, "a boolean"))
    }

    /// Reads a JSON number.
    fn from_number<E: de::Error>(_: Number) -> Result<Self, E> {
        Err(mismatch(Self::EXPECTED, "a number"))
    }

    /// Reads a JSON string.
    fn from_text<E: de::Error>(_: &str) -> Result<Self, E> {
        Err(mismatch(Self::EXPECTED, "a string"))
    }

    /// Reads a JSON object.
    fn from_map<'de, A: MapAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(mismatch(Self::EXPECTED, "an object"))
    }
}

/// What a field of a record holds: one value that may be unassigned (`Option`), or the values of a multi-valued attribute (`Vec`).
pub(crate) trait Slot: Sized + Default {
    /// Reads `value`; null is unassigned (RFC 7643 section 2.5).
    fn read(value: Value) -> Result<Self, Error>;
    /// Makes it generic, if it is assigned.
    fn write(self) -> Option<Value>;
    /// Shows it to a filter.
    fn view(&self) -> View<'_>;
    /// Whether there is a value.
    fn is_assigned(&self) -> bool;
    /// Reads JSON; null is unassigned.
    fn read_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
    /// Writes it as JSON under `name`, if it is assigned.
    fn write_json<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error>;
}

/// What [`record`] declares: slots that have names, and the attributes that it does not know.
pub(crate) trait Record: Attributes + Clone + Default {
    /// One of the slots.
    type Field;

    /// The slot of the attribute `name`: as the schema spells it first, without case second.
    fn field(name: &str) -> Option<Self::Field>;
    /// Shows a slot to a filter.
    fn view_field(&self, field: Self::Field) -> View<'_>;
    /// Reads an object.
    fn from_object(object: Object) -> Result<Self, Error>;
    /// Makes it generic. What `other` has under the name of a slot stands in its place.
    fn into_object(self) -> Object;
    /// Reads a JSON object.
    fn from_json_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
    /// The number of slots that are assigned.
    fn assigned(&self) -> usize;
    /// Writes the slots that are assigned.
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
    /// The attributes that it does not know.
    fn other(&self) -> &Object;
}

fn wrong_type(expected: &'static str, found: &Value) -> Error {
    Error::new(ErrorKind::Type { expected, found: found.type_name() }, Location::Whole)
}

/// The same error, found inside the attribute `name`.
pub(crate) fn within(error: &Error, name: &str) -> Error {
    let path = match error.at() {
        // An attribute stands behind its extension's colon, a sub-attribute behind a dot: `urn:..:User:manager.value`.
        Location::Attribute(rest) if name.contains(':') => format!("{name}:{rest}"),
        Location::Attribute(rest) => format!("{name}.{rest}"),
        _ => name.to_owned(),
    };
    Error::new(error.kind().clone(), Location::Attribute(path))
}

impl Attribute for bool {
    const EXPECTED: &'static str = "a boolean";

    fn read(value: Value) -> Result<Self, Error> {
        value.as_bool().ok_or_else(|| wrong_type(Self::EXPECTED, &value))
    }

    fn write(self) -> Value {
        Value::Boolean(self)
    }

    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }

    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }

    fn from_boolean<E: de::Error>(value: bool) -> Result<Self, E> {
        Ok(value)
    }
}

/// A number that is not negative and at most 2^63 - 1.
impl Attribute for u64 {
    const EXPECTED: &'static str = "a whole number from 0 to 9223372036854775807";

    fn read(value: Value) -> Result<Self, Error> {
        let number = if let Value::Number(number) = &value { number.not_negative() } else { None };
        number.ok_or_else(|| wrong_type(Self::EXPECTED, &value))
    }

    fn write(self) -> Value {
        Value::Number(Number::from(i64::try_from(self).unwrap_or(i64::MAX)))
    }

    fn view(&self) -> View<'_> {
        View::Number(Number::from(i64::try_from(*self).unwrap_or(i64::MAX)))
    }

    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(*self)
    }

    fn from_number<E: de::Error>(number: Number) -> Result<Self, E> {
        number.not_negative().ok_or_else(|| mismatch(Self::EXPECTED, "a number"))
    }
}

/// Makes a type that holds a text an attribute: `$new` makes it of any text, `$as_str` shows the text, and `$into_string` gives it.
macro_rules! text_attribute {
    ($type:ty, $new:expr, $as_str:expr, $into_string:expr) => {
        impl Attribute for $type {
            const EXPECTED: &'static str = "a string";

            fn read(value: Value) -> Result<Self, Error> {
                match value {
                    Value::String(text) => $new(text),
                    other => Err(wrong_type(Self::EXPECTED, &other)),
                }
            }

            fn write(self) -> Value {
                Value::String($into_string(self))
            }

            fn view(&self) -> View<'_> {
                View::Text($as_str(self))
            }

            fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($as_str(self))
            }

            fn from_text<E: de::Error>(text: &str) -> Result<Self, E> {
                $new(text).map_err(E::custom)
            }
        }
    };
}

text_attribute!(String, text, String::as_str, std::convert::identity);
text_attribute!(Password, password, Password::reveal, Password::into_text);
text_attribute!(ResourceId, ResourceId::new, ResourceId::as_str, Self::into);
text_attribute!(ExternalId, ExternalId::new, ExternalId::as_str, Self::into);
text_attribute!(SchemaUri, schema_uri, SchemaUri::as_str, |uri: Self| uri.as_str().to_owned());

fn text(text: impl Into<String>) -> Result<String, Error> {
    Ok(text.into())
}

fn password(text: impl Into<String>) -> Result<Password, Error> {
    Ok(Password::new(text))
}

fn schema_uri(text: impl AsRef<str>) -> Result<SchemaUri, Error> {
    // Nearly every resource names one of these three, of which no copy is needed.
    let known = [SchemaUri::USER, SchemaUri::ENTERPRISE_USER, SchemaUri::GROUP].into_iter().find(|uri| uri.as_str() == text.as_ref());
    Ok(known.unwrap_or_else(|| SchemaUri::from(text.as_ref())))
}

impl<R: Record> Attribute for R {
    const EXPECTED: &'static str = "an object";

    fn read(value: Value) -> Result<Self, Error> {
        match value {
            Value::Object(object) => Self::from_object(object),
            other => Err(wrong_type(Self::EXPECTED, &other)),
        }
    }

    fn write(self) -> Value {
        Value::Object(self.into_object())
    }

    fn view(&self) -> View<'_> {
        View::Complex(self)
    }

    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_record(self, serializer)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Self::from_json_map(map)
    }
}

impl<T: Attribute> Slot for Option<T> {
    fn read(value: Value) -> Result<Self, Error> {
        match value {
            Value::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }

    fn write(self) -> Option<Value> {
        self.map(T::write)
    }

    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Unassigned, T::view)
    }

    fn is_assigned(&self) -> bool {
        self.is_some()
    }

    fn read_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneVisitor(PhantomData))
    }

    fn write_json<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        match self {
            Some(value) => map.serialize_entry(name, &One(value)),
            None => Ok(()),
        }
    }
}

impl<T: Attribute> Slot for Vec<T> {
    fn read(value: Value) -> Result<Self, Error> {
        match value {
            // A null in a list is no value (RFC 7643 section 2.5).
            Value::Array(values) => values.into_iter().filter(|value| *value != Value::Null).map(T::read).collect(),
            Value::Null => Ok(Self::new()),
            other => Err(wrong_type("an array", &other)),
        }
    }

    fn write(self) -> Option<Value> {
        self.is_assigned().then(|| Value::Array(self.into_iter().map(T::write).collect()))
    }

    fn view(&self) -> View<'_> {
        if self.is_empty() { View::Unassigned } else { View::Values(self) }
    }

    fn is_assigned(&self) -> bool {
        !self.is_empty()
    }

    fn read_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }

    fn write_json<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        if self.is_empty() { Ok(()) } else { map.serialize_entry(name, &List(self)) }
    }
}

impl<T: Attribute> Values for Vec<T> {
    fn any(&self, passes: &mut dyn FnMut(&View<'_>) -> bool) -> bool {
        self.iter().any(|value| passes(&value.view()))
    }
}

/// Whether `other` has what a slot is for, which only a program can have put there.
fn names_a_field_twice<R: Record>(record: &R) -> bool {
    record.other().iter().any(|(name, _)| R::field(name.as_str()).is_some())
}

/// Shows an attribute of a record to a filter: the same as its generic object would show.
pub(crate) fn view_attribute<'a, R: Record>(record: &'a R, name: &str) -> View<'a> {
    match record.other().get(name) {
        Some(value) => value.view(),
        None => R::field(name).map_or(View::Unassigned, |field| record.view_field(field)),
    }
}

/// Adds what a record does not know to the object that it becomes.
pub(crate) fn add_other<R: Record>(object: &mut Object, other: Object) {
    for (name, value) in other {
        match R::field(name.as_str()) {
            Some(_) => object.set(name.as_str(), value),
            None => object.push(name, value),
        }
    }
}
