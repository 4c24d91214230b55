//! Takes attributes and values away.

use crate::attr_name::AttrName;
use crate::error::ErrorKind;
use crate::filter::Filter;
use crate::mode::Mode;
use crate::patch::apply::Patching;
use crate::patch::conform::{self, Fault};
use crate::patch::list;
use crate::patch::target::Target;
use crate::path::Path;
use crate::schema::{AttributeDefinition, Mutability};
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

impl<'a> Patching<'a> {
    pub(super) fn remove(&mut self, path: &Path, value: Option<&Value>) -> Result<(), Fault> {
        if value.is_some() && !self.mode.is_lenient() {
            return Err(
                ErrorKind::Operation { expected: "a remove operation without a value", found: "one with a value".to_owned() }.into()
            );
        }
        match self.resolve(path)? {
            Target::Resource => Err(ErrorKind::Required.into()),
            Target::Extension(uri) => match value {
                None => self.remove_whole(uri.as_str()),
                Some(value) => self.remove_from_extension(uri, value),
            },
            Target::Attribute { extension, attribute, sub } => self.remove_from(extension, attribute, sub, path.value_filter(), value),
        }
    }

    /// Takes away the attributes of an extension that are named and are what is named.
    fn remove_from_extension(&mut self, uri: &SchemaUri, value: &Value) -> Result<(), Fault> {
        let (Value::Object(named), Some(schema)) = (value, self.schemas.extension(uri)) else {
            return Err(ErrorKind::Type { expected: "an object", found: value.type_name() }.into());
        };
        for (name, value) in named.iter() {
            if let Some(attribute) = schema.attribute(name.as_str()) {
                self.remove_from(Some(uri), attribute, None, None, Some(value)).map_err(|fault| fault.within(name.as_str()))?;
            }
        }
        Ok(())
    }

    pub(super) fn remove_whole(&mut self, name: &str) -> Result<(), Fault> {
        self.undo.save(self.object, &AttrName::kept(name));
        self.take_away(name);
        Ok(())
    }

    pub(super) fn remove_from(
        &mut self,
        extension: Option<&SchemaUri>,
        attribute: &'a AttributeDefinition,
        sub: Option<&'a AttributeDefinition>,
        filter: Option<&Filter>,
        value: Option<&Value>,
    ) -> Result<(), Fault> {
        let written = sub.unwrap_or(attribute);
        if attribute.mutability == Mutability::ReadOnly || written.mutability == Mutability::ReadOnly {
            return self.keep(extension, attribute, sub, None);
        }
        // RFC 7644 section 3.5.2.2: "If an attribute is removed or becomes unassigned and is defined as a required attribute or a read-only
        // attribute, the server SHALL return an HTTP response status code and a JSON detail error response as defined in Section 3.12, with a
        // "scimType" error code of "mutability"."
        let is_whole = filter.is_none() && (value.is_none() || !attribute.multi_valued);
        if written.required && (sub.is_some() || is_whole) {
            return Err(ErrorKind::Required.into());
        }
        let (mode, name) = (self.mode, attribute.name.as_str());
        let held = match extension {
            None => self.object.get(name),
            Some(uri) => self.object.get(uri.as_str()).and_then(Value::as_object).and_then(|extension| extension.get(name)),
        };
        let Some(held) = held else {
            return if filter.is_some() && !mode.is_lenient() { Err(ErrorKind::NoTarget.into()) } else { Ok(()) };
        };
        if attribute.mutability == Mutability::Immutable && !attribute.multi_valued && !held.is_unassigned() {
            return Err(ErrorKind::Immutable.into());
        }
        if let (Value::Array(values), None) = (held, sub) {
            let places = list::places_of(values, attribute, filter, value, mode)?;
            if places.is_empty() {
                return Ok(());
            }
            if attribute.mutability == Mutability::Immutable {
                return Err(ErrorKind::Immutable.into());
            }
            if attribute.required && places.len() == values.len() {
                return Err(ErrorKind::Required.into());
            }
            return self.remove_values(extension, attribute, &places);
        }
        self.undo.removing(self.object);
        let holder = self.holder(extension, attribute)?;
        if let Some(Value::Array(values)) = holder.get_mut(name) {
            let before = list::written_once(attribute, values);
            if let Some(sub) = sub {
                list::remove_sub_of(values, attribute, sub, filter, value, mode)?;
            }
            if before.is_some_and(|before| before != *values) {
                return Err(ErrorKind::Immutable.into());
            }
            if attribute.required && values.is_empty() {
                return Err(ErrorKind::Required.into());
            }
        } else {
            remove_single(holder, attribute, sub, value, mode)?;
        }
        self.remove_empty(extension, attribute);
        Ok(())
    }

    /// Takes values out of a list; those that stay are not copied for it.
    fn remove_values(&mut self, extension: Option<&SchemaUri>, attribute: &AttributeDefinition, places: &[usize]) -> Result<(), Fault> {
        let name = attribute.name.as_str();
        if extension.is_some() {
            if let Some(Value::Array(values)) = self.holder(extension, attribute)?.get_mut(name) {
                list::take(values, places);
            }
        } else if let Some(Value::Array(values)) = self.object.get_mut(name) {
            let taken = list::take(values, places);
            self.undo.lost(&attribute.name, taken);
        }
        self.remove_empty(extension, attribute);
        Ok(())
    }

    /// RFC 7644 section 3.5.2.2: "If no other values remain after removal of the selected values, the multi-valued attribute SHALL be considered
    /// unassigned." A complex attribute goes with its last sub-attribute, and an extension with its last attribute.
    pub(super) fn remove_empty(&mut self, extension: Option<&SchemaUri>, attribute: &AttributeDefinition) {
        let name = attribute.name.as_str();
        let is_empty = |value: Option<&Value>| match value {
            Some(Value::Array(values)) => values.is_empty(),
            Some(Value::Object(object)) => object.is_empty(),
            _ => false,
        };
        if let Some(uri) = extension {
            if let Some(Value::Object(extension)) = self.object.get_mut(uri.as_str())
                && is_empty(extension.get(name))
            {
                extension.remove(name);
            }
            if is_empty(self.object.get(uri.as_str())) {
                self.take_away(uri.as_str());
            }
        } else if is_empty(self.object.get(name)) {
            self.take_away(name);
        }
    }

    /// Takes a top-level attribute away, whose value is kept already.
    fn take_away(&mut self, name: &str) {
        self.undo.removing(self.object);
        self.object.remove(name);
    }
}

/// Takes an attribute of one value away, or a sub-attribute of it; where a value is named, what is that value and nothing else.
fn remove_single(
    holder: &mut Object,
    attribute: &AttributeDefinition,
    sub: Option<&AttributeDefinition>,
    value: Option<&Value>,
    mode: Mode,
) -> Result<(), Fault> {
    let name = attribute.name.as_str();
    let Some(held) = holder.get_mut(name) else { return Ok(()) };
    let Some(value) = value else {
        match (sub, held) {
            (Some(sub), Value::Object(object)) => list::remove_sub(object, sub)?,
            (Some(_), _) => {}
            (None, _) => {
                holder.remove(name);
            }
        }
        return Ok(());
    };
    let named = conform::single(value, sub.unwrap_or(attribute), mode)?;
    match (sub, held, named) {
        (Some(sub), Value::Object(object), Some(named)) if object.get(sub.name.as_str()) == Some(&named) => list::remove_sub(object, sub)?,
        (None, Value::Object(object), Some(Value::Object(named))) => {
            for (part, value) in named {
                if let Some(sub) = attribute.known_sub_attribute(part.as_str()).filter(|_| object.get(part.as_str()) == Some(&value)) {
                    list::remove_sub(object, sub)?;
                }
            }
        }
        (None, held, Some(named)) if *held == named => {
            holder.remove(name);
        }
        _ => {}
    }
    Ok(())
}
