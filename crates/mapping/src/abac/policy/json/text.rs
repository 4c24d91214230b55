//! Texts of a policy.
//!
//! IAM takes one text in the place of a list of one, and in the values of conditions numbers and booleans without quotation marks:
//!
//! | place | from | as |
//! |---|---|---|
//! | `Sid`, `Effect` | `"Deny"` | `Deny` |
//! | `Action`, `Resource` | `"iam:*"`, `["iam:*"]` | one text |
//! | a condition | `true`, `10`, `[2.5, "a"]` | `true`, `10`, `2.5` and `a` |

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, SeqAccess, Unexpected, Visitor};

/// One text; of a scalar, also a number or a boolean as text.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(super) is_scalar: bool,
}

impl<'de> DeserializeSeed<'de> for Text {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_scalar { "a string, a number or a boolean" } else { "a string" })
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<String, E> {
        self.scalar(value, Unexpected::Bool(value))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        self.scalar(number, Unexpected::Unsigned(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        self.scalar(number, Unexpected::Signed(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<String, E> {
        self.scalar(number, Unexpected::Float(number))
    }
}

impl Text {
    /// Takes what is written without quotation marks, if it may be.
    ///
    /// # Errors
    ///
    /// Of an invalid type, with `found`, if only a string may be.
    fn scalar<E: de::Error>(self, value: impl fmt::Display, found: Unexpected<'_>) -> Result<String, E> {
        if self.is_scalar { Ok(value.to_string()) } else { Err(E::invalid_type(found, &self)) }
    }
}

/// One text or a list of them.
pub(super) struct Texts(pub(super) Text);

impl<'de> DeserializeSeed<'de> for Texts {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)?;
        f.write_str(", or a list")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.0.visit_str(text).map(|text| vec![text])
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        self.0.visit_bool(value).map(|text| vec![text])
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        self.0.visit_u64(number).map(|text| vec![text])
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.0.visit_i64(number).map(|text| vec![text])
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        self.0.visit_f64(number).map(|text| vec![text])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = sequence.next_element_seed(self.0)? {
            texts.push(text);
        }
        Ok(texts)
    }
}
