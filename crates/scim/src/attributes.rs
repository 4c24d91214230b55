//! What filters see of a resource, generic or typed.

use crate::value::{Number, Object, Value};

/// What has attributes: [`Resource`](crate::Resource), [`User`](crate::User), [`Group`](crate::Group) and [`Object`](crate::Object).
///
/// A [`Filter`](crate::Filter) reads through it, so that a typed record is not copied into a generic one first. It is implemented here alone.
pub trait Attributes: sealed::Sealed {
    /// The value of the attribute `name`, compared without case; of an extension, by its URI.
    #[doc(hidden)]
    fn view(&self, name: &str) -> View<'_>;
    /// Whether no attribute has a value.
    #[doc(hidden)]
    fn is_unassigned(&self) -> bool;
}

/// A value as a filter sees it.
#[doc(hidden)]
#[derive(Clone, Copy)]
// The payload stands in words of its own, so that a copy right after the view was made does not wait for half-written ones.
#[repr(usize)]
#[expect(missing_debug_implementations, unnameable_types, reason = "hidden: the trait is implemented in this crate alone")]
pub enum View<'a> {
    /// RFC 7643 section 2.5: absent, null, or a list without values.
    Unassigned,
    /// A boolean.
    Boolean(bool),
    /// A string.
    Text(&'a str),
    /// A complex value.
    Complex(&'a dyn Attributes),
    /// The values of a multi-valued attribute, of which there is at least one.
    Values(&'a dyn Values),
    /// A number.
    Number(Number),
}

/// The values of a multi-valued attribute.
#[doc(hidden)]
#[expect(unnameable_types, reason = "hidden: the trait is implemented in this crate alone")]
pub trait Values {
    /// Whether one of them passes.
    fn any(&self, passes: &mut dyn FnMut(&View<'_>) -> bool) -> bool;
}

pub(crate) mod sealed {
    #[expect(unnameable_types, reason = "what seals a trait has no name outside")]
    pub trait Sealed {}
}

impl sealed::Sealed for Object {}

impl Attributes for Object {
    fn view(&self, name: &str) -> View<'_> {
        self.get(name).map_or(View::Unassigned, Value::view)
    }

    fn is_unassigned(&self) -> bool {
        self.iter().all(|(_, value)| value.is_unassigned())
    }
}

impl Values for Vec<Value> {
    fn any(&self, passes: &mut dyn FnMut(&View<'_>) -> bool) -> bool {
        self.iter().any(|value| passes(&value.view()))
    }
}

impl Value {
    /// This value as a filter sees it.
    pub(crate) fn view(&self) -> View<'_> {
        match self {
            Self::Null => View::Unassigned,
            Self::Array(values) if values.is_empty() => View::Unassigned,
            Self::Boolean(value) => View::Boolean(*value),
            Self::String(text) => View::Text(text),
            Self::Array(values) => View::Values(values),
            Self::Object(object) => View::Complex(object),
            Self::Number(number) => View::Number(*number),
        }
    }
}
