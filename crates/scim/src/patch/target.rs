//! What the path of an operation names.

use crate::error::ErrorKind;
use crate::mode::Mode;
use crate::patch::list;
use crate::path::Path;
use crate::schema::{AttributeDefinition, Schemas};
use crate::uri::SchemaUri;

/// What a path names.
pub(crate) enum Target<'s> {
    /// The resource itself.
    Resource,
    /// An extension as a whole.
    Extension(&'s SchemaUri),
    /// An attribute of the resource, or of an extension.
    Attribute { extension: Option<&'s SchemaUri>, attribute: &'s AttributeDefinition, sub: Option<&'s AttributeDefinition> },
}

impl Target<'_> {
    /// Refuses a filter where there is one value, and, if strict, one that asks for sub-attributes that there are none of.
    pub(crate) fn check_filter(&self, path: &Path, mode: Mode) -> Result<(), ErrorKind> {
        match (self, path.value_filter()) {
            (Self::Attribute { attribute, .. }, Some(_)) if !attribute.multi_valued => Err(ErrorKind::NotMultiValued),
            (Self::Attribute { attribute, .. }, Some(filter)) if !mode.is_lenient() && !list::knows(attribute, filter) => {
                Err(ErrorKind::NoAttribute)
            }
            _ => Ok(()),
        }
    }
}

/// What `path` names among the attributes of `schemas`.
pub(crate) fn resolve<'s>(schemas: &'s Schemas, path: &Path) -> Result<Target<'s>, ErrorKind> {
    let named = path.attribute();
    let is_whole = named.attribute().is_uri() && path.value_filter().is_none() && path.sub_attribute().is_none();
    if is_whole {
        let uri = named.attribute().as_str();
        if schemas.core().id.as_str().eq_ignore_ascii_case(uri) {
            return Ok(Target::Resource);
        }
        return schemas.extension_named(uri).map(|schema| Target::Extension(&schema.id)).ok_or(ErrorKind::NoAttribute);
    }
    let name = named.attribute().as_str();
    let (extension, attribute) = match named.schema() {
        None => (None, schemas.top_level(name)),
        Some(uri) if *uri == schemas.core().id => (None, schemas.top_level(name)),
        Some(uri) => match schemas.extension(uri) {
            Some(schema) if schema.attribute(name).is_some() => (Some(&schema.id), schema.attribute(name)),
            // The URI of an extension that this crate does not know looks like an attribute of a shorter one.
            _ if path.sub_attribute().is_none() && path.value_filter().is_none() => {
                let whole = schemas.extension_named(&format!("{uri}:{name}")).ok_or(ErrorKind::NoAttribute)?;
                return Ok(Target::Extension(&whole.id));
            }
            _ => return Err(ErrorKind::NoAttribute),
        },
    };
    let attribute = attribute.ok_or(ErrorKind::NoAttribute)?;
    let sub = match path.sub_attribute() {
        None => None,
        Some(sub) => Some(attribute.known_sub_attribute(sub.as_str()).ok_or(ErrorKind::NoAttribute)?),
    };
    Ok(Target::Attribute { extension, attribute, sub })
}

/// Refuses a path that names what `schemas` do not have.
pub(crate) fn check_path(schemas: &Schemas, path: &Path) -> Result<(), ErrorKind> {
    resolve(schemas, path)?.check_filter(path, Mode::Strict)
}
