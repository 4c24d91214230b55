//! How typed records and generic objects become each other.

use crate::error::{Error, ErrorKind, Location};
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// A type that one attribute value can be read as.
pub(crate) trait Attribute: Sized {
    /// Reads `value`; `None` where it is unassigned (RFC 7643 section 2.5).
    fn read(value: Value, path: &str) -> Result<Option<Self>, Error>;
    /// Writes the value.
    fn write(self) -> Value;
}

fn mismatch(expected: &'static str, found: &Value, path: &str) -> Error {
    Error::new(ErrorKind::Type { expected, found: found.type_name() }, Location::Attribute(path.to_owned()))
}

impl Attribute for String {
    fn read(value: Value, path: &str) -> Result<Option<Self>, Error> {
        match value {
            Value::String(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            other => Err(mismatch("a string", &other, path)),
        }
    }

    fn write(self) -> Value {
        Value::String(self)
    }
}

impl Attribute for bool {
    fn read(value: Value, path: &str) -> Result<Option<Self>, Error> {
        match value {
            Value::Boolean(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            other => Err(mismatch("a boolean", &other, path)),
        }
    }

    fn write(self) -> Value {
        Value::Boolean(self)
    }
}

/// Reads the values of a multi-valued attribute.
pub(crate) fn read_values<T: Attribute>(value: Value, path: &str) -> Result<Vec<T>, Error> {
    match value {
        Value::Array(values) => {
            let read = values.into_iter().filter_map(|value| T::read(value, path).transpose());
            read.collect()
        }
        Value::Null => Ok(Vec::new()),
        other => Err(mismatch("an array", &other, path)),
    }
}

/// Writes the values of a multi-valued attribute, if there are any.
pub(crate) fn write_values<T: Attribute>(values: Vec<T>) -> Option<Value> {
    if values.is_empty() {
        return None;
    }
    Some(Value::Array(values.into_iter().map(Attribute::write).collect()))
}

/// Takes `name` out of `object` and reads it.
pub(crate) fn take<T: Attribute>(object: &mut Object, name: &str, path: &str) -> Result<Option<T>, Error> {
    match object.remove(name) {
        Some(value) => T::read(value, &joined(path, name)),
        None => Ok(None),
    }
}

/// Takes the multi-valued `name` out of `object` and reads it.
pub(crate) fn take_values<T: Attribute>(object: &mut Object, name: &str, path: &str) -> Result<Vec<T>, Error> {
    match object.remove(name) {
        Some(value) => read_values(value, &joined(path, name)),
        None => Ok(Vec::new()),
    }
}

pub(crate) fn joined(path: &str, name: &str) -> String {
    let enterprise = SchemaUri::ENTERPRISE_USER;
    let (extension, attribute) = path.split_at_checked(enterprise.as_str().len()).unwrap_or_default();
    match path {
        "" => name.to_owned(),
        // An attribute stands behind its extension's colon, a sub-attribute behind a dot: `urn:..:User:manager.value`.
        path if extension.eq_ignore_ascii_case(enterprise.as_str()) && !attribute.is_empty() => format!("{path}.{name}"),
        path if path.contains(':') => format!("{path}:{name}"),
        path => format!("{path}.{name}"),
    }
}

/// Declares a complex value: a record with one optional field per known sub-attribute, and `other` for the ones it does not know.
macro_rules! complex_value {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
            /// Sub-attributes that this type does not know, kept as they were read.
            pub other: $crate::value::Object,
        }

        impl $crate::complex::Attribute for $name {
            fn read(value: $crate::value::Value, path: &str) -> Result<Option<Self>, $crate::error::Error> {
                let mut object = match value {
                    $crate::value::Value::Object(object) => object,
                    $crate::value::Value::Null => return Ok(None),
                    other => {
                        return Err($crate::error::Error::new(
                            $crate::error::ErrorKind::Type { expected: "an object", found: other.type_name() },
                            $crate::error::Location::Attribute(path.to_owned()),
                        ));
                    }
                };
                Ok(Some(Self {
                    $($field: $crate::complex::take(&mut object, $wire, path)?,)*
                    other: object,
                }))
            }

            fn write(self) -> $crate::value::Value {
                let mut object = $crate::value::Object::new();
                $(if let Some(value) = self.$field {
                    object.set($wire, $crate::complex::Attribute::write(value));
                })*
                for (name, value) in self.other {
                    object.set(name.as_str(), value);
                }
                $crate::value::Value::Object(object)
            }
        }
    };
}
pub(crate) use complex_value;
