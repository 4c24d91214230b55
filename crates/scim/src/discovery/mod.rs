//! What a service provider says of itself (RFC 7644 section 4).

mod config;
mod resource_type;

pub use config::{AuthenticationScheme, BulkSupport, FilterSupport, Pagination, ServiceProviderConfig, Support};
pub use resource_type::{ResourceTypeDefinition, SchemaExtension};

use crate::complex::{Slot, within};
use crate::error::Error;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// Takes the attribute `name` out of `object` and reads it.
fn take<T: Slot>(object: &mut Object, name: &'static str) -> Result<T, Error> {
    T::read(object.remove(name).unwrap_or(Value::Null)).map_err(|error| within(&error, name))
}

/// Takes `schemas` away where it names `uri` alone, because writing names it again.
fn take_schemas(object: &mut Object, uri: &SchemaUri) {
    let is_usual = match object.get("schemas").and_then(Value::as_array) {
        Some([Value::String(only)]) => only == uri.as_str(),
        _ => false,
    };
    if is_usual {
        object.remove("schemas");
    }
}

/// Begins what is written with `schemas`: the ones that were read, or `uri`.
fn write_schemas(other: &mut Object, uri: &SchemaUri) -> Object {
    let mut object = Object::new();
    object.set("schemas", other.remove("schemas").unwrap_or_else(|| Value::Array(vec![uri.as_str().into()])));
    object
}
