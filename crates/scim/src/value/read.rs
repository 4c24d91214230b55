//! Reads values, whatever they hold, within bounds.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::attr_name::AttrName;
use crate::error::excerpt;
use crate::value::{Number, Numeric, Object, Value};

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(Number(Numeric::Signed(number))))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        let number = i64::try_from(number).map_or(Numeric::Unsigned(number), Numeric::Signed);
        Ok(Value::Number(Number(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(Number(Numeric::Decimal(number))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Members::default();
        while let Some(Key(name)) = map.next_key()? {
            members.count()?;
            members.read(name, &mut map)?;
        }
        Ok(Value::Object(members.into_object()))
    }
}

/// The most attributes of one object that are read: looking for a name that is there twice takes time with the square of their number.
const MOST_ATTRIBUTES: usize = 1_000;

/// The members of an object while they are read: no name twice, and not too many of them.
#[derive(Default)]
pub(crate) struct Members {
    object: Object,
    count: usize,
    /// One bit for each name in `object`, which several names may share: a name whose bit is not set is new.
    marks: u64,
}

impl Members {
    /// Counts one more member, and refuses it if it is one too many.
    pub(crate) fn count<E: de::Error>(&mut self) -> Result<(), E> {
        if self.count == MOST_ATTRIBUTES {
            return Err(E::custom(format_args!("an object has more than {MOST_ATTRIBUTES} attributes")));
        }
        self.count += 1;
        Ok(())
    }

    /// Reads the value of `name` and keeps it, unless the name is there already.
    pub(crate) fn read<'de, A: MapAccess<'de>>(&mut self, name: AttrName, map: &mut A) -> Result<(), A::Error> {
        let mark = mark(name.as_str());
        if self.marks & mark != 0 && self.object.get(name.as_str()).is_some() {
            return Err(twice(name.as_str()));
        }
        self.marks |= mark;
        let value = map.next_value()?;
        self.object.push(name, value);
        Ok(())
    }

    pub(crate) fn into_object(self) -> Object {
        self.object
    }
}

/// One bit, the same for names that differ only in case.
fn mark(name: &str) -> u64 {
    // Bit 5 is what two cases of a letter differ in.
    let fold = |byte: Option<&u8>| u32::from(byte.map_or(0, |byte| byte | 0x20));
    let bytes = name.as_bytes();
    let length = u32::try_from(bytes.len()).unwrap_or_default();
    1_u64.rotate_left(fold(bytes.first()).wrapping_add(fold(bytes.last()).wrapping_mul(5)).wrapping_add(length.wrapping_mul(11)))
}

/// The error of an attribute that is there twice.
pub(crate) fn twice<E: de::Error>(name: &str) -> E {
    E::custom(format_args!("the attribute {:?} is there twice", excerpt(name)))
}

/// A name as it is read, without a copy of it in between.
struct Key(AttrName);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(Key(AttrName::kept(name)))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(number) => Ok(number),
            other => Err(de::Error::custom(format!("expected a number, found {}", other.type_name()))),
        }
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(object) => Ok(object),
            other => Err(de::Error::custom(format!("expected an object, found {}", other.type_name()))),
        }
    }
}
