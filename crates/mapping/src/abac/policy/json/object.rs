//! Objects of a policy, and where in them the reading stands.
//!
//! A key that is there twice is refused in every object, because of two readers each would take another value: what one of them checks would not be
//! what the other grants.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, Error as _, MapAccess, Unexpected, Visitor};

use crate::error::excerpt;

/// The elements around what is being read; after an error, around what cannot be.
#[derive(Default)]
pub(super) struct Trail(RefCell<Vec<String>>);

impl Trail {
    /// Reads what is within `part`. After an error the part stays, so that the trail leads to it.
    ///
    /// # Errors
    ///
    /// Those of `read`.
    pub(super) fn within<T, E>(&self, part: String, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.0.borrow_mut().push(part);
        let value = read()?;
        self.0.borrow_mut().pop();
        Ok(value)
    }

    /// The elements, outermost first; nothing at the top of the policy.
    pub(super) fn place(&self) -> Option<String> {
        let parts = self.0.borrow();
        let parts = match parts.as_slice() {
            // The number of a statement says enough.
            [list, rest @ ..] if list == "Statement" && !rest.is_empty() => rest,
            all => all,
        };
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// An object that is read key by key.
pub(super) trait Object {
    /// What it must be, for a message.
    const EXPECTED: &'static str;

    /// Reads the value of `key`, which must be taken from `map`.
    ///
    /// # Errors
    ///
    /// If there is no such key, or its value is none that it can have.
    fn value<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error>;

    /// Called behind the last key.
    ///
    /// # Errors
    ///
    /// If a key is missing.
    fn end<E: de::Error>(&mut self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads an [`Object`], with each key at most once.
pub(super) struct Walk<'a, O> {
    pub(super) object: &'a mut O,
    pub(super) trail: &'a Trail,
}

impl<'de, O: Object> DeserializeSeed<'de> for Walk<'_, O> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, O: Object> Visitor<'de> for Walk<'_, O> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(O::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Err(E::invalid_type(Unexpected::Other("a string"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format_args!("{} is there twice", excerpt(&key))));
            }
            self.trail.within(excerpt(&key), || self.object.value(key, &mut map))?;
        }
        self.object.end()
    }
}
