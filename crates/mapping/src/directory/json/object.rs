//! Objects: of a file, whose lists are walked, and of a record, whose values are kept.
//!
//! Both pass over the keys that they do not know, because every interface adds some (JumpCloud answers with keys that its own description lacks). An
//! object of a file is an [`Object`], and one of another type in its place ends the reading: nothing can be told of what would have been in it. An
//! object of a record is declared by [`record!`], and one of another type in its place is a fault of that record alone.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::directory::json::field::Key;

/// Declares a record: a field per known key, and a reader that passes over the keys it does not know.
///
/// With `in any case` behind its name, keys are known without regard to the case of ASCII letters; a value that is there in two cases is there
/// twice. A last line `_ in name: type = "prefix"` keeps the values of all other keys that begin with the prefix, by key.
macro_rules! record {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($fields:tt)* }) => {
        $crate::directory::json::record!(@ $(#[$doc])* $vis $name false { $($fields)* });
    };
    ($(#[$doc:meta])* $vis:vis $name:ident in any case { $($fields:tt)* }) => {
        $crate::directory::json::record!(@ $(#[$doc])* $vis $name true { $($fields)* });
    };
    (@ $(#[$doc:meta])* $vis:vis $name:ident $ignores_case:literal {
        $($field:ident: $type:ty = $key:literal,)*
        $(_ in $others:ident: $other:ty = $prefix:literal)?
    }) => {
        $(#[$doc])*
        #[derive(Debug)]
        $vis struct $name {
            $($field: $crate::directory::json::Field<$type>,)*
            $($others: std::collections::BTreeMap<String, $crate::directory::json::Field<$other>>,)?
        }

        impl $crate::directory::json::Wanted for $name {
            const EXPECTED: &'static str = "an object";

            fn from_map<'de, A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
                let mut record = Self {
                    $($field: $crate::directory::json::Field::Absent,)*
                    $($others: std::collections::BTreeMap::new(),)?
                };
                while let Some(key) = map.next_key::<$crate::directory::json::Key<'_>>()? {
                    match &key {
                        $(key if key.is($key, $ignores_case) => record.$field.put(map.next_value()?),)*
                        $(key if key.begins_with($prefix, $ignores_case) => {
                            let known = record.$others.entry(key.0.to_string()).or_insert($crate::directory::json::Field::Absent);
                            known.put(map.next_value()?);
                        })?
                        _ => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Some(record))
            }
        }
    };
}

pub(in crate::directory) use record;

/// An object of a file that is walked key by key.
pub(in crate::directory) trait Object {
    /// What it is called in a message.
    fn name(&self) -> &'static str;

    /// Called before the first key, and in the place of all keys if the object is `null`.
    ///
    /// # Errors
    ///
    /// If it must not be there, or not be `null`.
    fn begin<E: Error>(&mut self, is_null: bool) -> Result<(), E>;

    /// Reads the value of `key`, or passes over it; the value must be taken from `map` in any case.
    ///
    /// # Errors
    ///
    /// If the value has a shape from which nothing can be told.
    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error>;
}

/// Reads an [`Object`].
pub(in crate::directory) struct ObjectSeed<'a, O>(pub(in crate::directory) &'a mut O);

impl<O: Object> ObjectSeed<'_, O> {
    const EXPECTED: &'static str = "an object";

    fn name(&self) -> &'static str {
        self.0.name()
    }
}

impl<'de, O: Object> DeserializeSeed<'de> for ObjectSeed<'_, O> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, O: Object> Visitor<'de> for ObjectSeed<'_, O> {
    type Value = ();

    wrong_types!(());

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.begin(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(wrong(self.name(), Self::EXPECTED, "an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.begin(false)?;
        while let Some(key) = map.next_key::<Key<'_>>()? {
            self.0.value(&key, &mut map)?;
        }
        Ok(())
    }
}

/// The visits of the types that are wrong at one place of the file; messages name types only, because values are nobody's business.
macro_rules! wrong_types {
    ($value:ty) => {
        $crate::directory::json::object::wrong_types! {
            $value;
            visit_bool(bool) = "a boolean",
            visit_i64(i64) = "a number",
            visit_u64(u64) = "a number",
            visit_f64(f64) = "a number",
            visit_str(&str) = "a string",
        }
    };
    ($value:ty; $($visit:ident($type:ty) = $found:literal,)+) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(Self::EXPECTED)
        }

        $(fn $visit<E: Error>(self, _: $type) -> Result<$value, E> {
            Err($crate::directory::json::object::wrong(self.name(), Self::EXPECTED, $found))
        })+
    };
}

pub(super) use wrong_types;

/// The error for what has another type than it must have.
///
/// Names of keys and of types only, so that the message may be shown to anybody.
pub(in crate::directory) fn wrong<E: Error>(name: &str, expected: &str, found: &str) -> E {
    E::custom(format_args!("{name} must be {expected}, found {found}"))
}
