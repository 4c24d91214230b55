//! Writes attributes and values.

use crate::attr_name::AttrName;
use crate::error::ErrorKind;
use crate::filter::Filter;
use crate::patch::apply::{Joining, Patching};
use crate::patch::conform::{self, Fault};
use crate::patch::list;
use crate::schema::{AttributeDefinition, AttributeType, Mutability};
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

impl<'a> Patching<'a> {
    /// Writes a value to an attribute, to a sub-attribute, or to the values that pass a filter.
    pub(super) fn set(
        &mut self,
        extension: Option<&SchemaUri>,
        attribute: &'a AttributeDefinition,
        sub: Option<&'a AttributeDefinition>,
        filter: Option<&Filter>,
        value: &Value,
        joining: Joining,
    ) -> Result<(), Fault> {
        let written = sub.unwrap_or(attribute);
        let is_read_only = attribute.mutability == Mutability::ReadOnly || written.mutability == Mutability::ReadOnly;
        // It is compared as it is: the sub-attributes of what is read-only are left out of a value that is written.
        if is_read_only && self.mode.is_lenient() {
            return self.keep(extension, attribute, sub, Some(value).filter(|value| !value.is_unassigned()));
        }
        let value = self.conforming(written, value, joining, filter.is_some() && sub.is_none())?;
        if is_read_only {
            return Err(ErrorKind::ReadOnly.into());
        }
        let Some(value) = value else {
            return self.remove_from(extension, attribute, sub, filter, None);
        };
        if written.required && value.as_str() == Some("") {
            return Err(ErrorKind::Type { expected: "a string that is not empty", found: "an empty string" }.into());
        }
        // What the resource follows is seen from what it has, and `schemas` is written at the end.
        if extension.is_none() && attribute.name.is("schemas") {
            return Ok(());
        }
        if attribute.mutability == Mutability::Immutable && !attribute.multi_valued && self.held(extension, attribute).is_some() {
            return self.keep_immutable(extension, attribute, sub, &value);
        }
        // Nothing is given, so nothing is set: a list of nothing that is added, or an object without sub-attributes.
        let is_nothing =
            matches!(&value, Value::Array(values) if values.is_empty()) || matches!(&value, Value::Object(parts) if parts.is_empty());
        if is_nothing && filter.is_none() {
            return Ok(());
        }
        let (mode, name) = (self.mode, attribute.name.as_str());
        if !attribute.multi_valued && !written.multi_valued && written.attribute_type != AttributeType::Complex {
            match (extension, sub) {
                (None, None) => return self.set_simple(attribute, value),
                (None, Some(sub)) if self.is_object(name) => return self.set_inner(&attribute.name, sub, value),
                (Some(uri), None) if self.is_object(uri.as_str()) => {
                    return self.set_inner(&AttrName::kept(uri.as_str()), attribute, value);
                }
                _ => {}
            }
        }
        let value = match (filter, sub, value) {
            (None, None, Value::Array(values)) if joining == Joining::Adds && attribute.multi_valued => {
                return self.add_values(extension, attribute, values);
            }
            (_, _, value) => value,
        };
        // A sub-attribute that is null goes away, and what is merged goes with its last one.
        let may_remove = matches!(&value, Value::Object(parts) if parts.iter().any(|(_, part)| *part == Value::Null));
        if may_remove {
            self.undo.removing(self.object);
        }
        let holder = self.holder(extension, attribute)?;
        if !attribute.multi_valued {
            match sub {
                None => write_single(holder, attribute, value)?,
                Some(sub) => {
                    if holder.get(name).is_none_or(Value::is_unassigned) {
                        holder.set_named(&attribute.name, Value::Object(Object::new()));
                    }
                    match holder.get_mut(name) {
                        Some(Value::Object(object)) => write_sub(object, sub, value)?,
                        other => {
                            let found = other.map_or("nothing", |other| other.type_name());
                            return Err(ErrorKind::Type { expected: "an object", found }.into());
                        }
                    }
                }
            }
            if may_remove {
                self.remove_empty(extension, attribute);
            }
            return Ok(());
        }
        if holder.get(name).is_none_or(Value::is_unassigned) {
            holder.set_named(&attribute.name, Value::Array(Vec::new()));
        }
        let Some(Value::Array(values)) = holder.get_mut(name) else {
            return Err(ErrorKind::Type { expected: "an array", found: "one value" }.into());
        };
        let before = list::written_once(attribute, values);
        match (filter, sub) {
            (None, None) => match value {
                Value::Array(new) => list::replace(values, attribute, new, mode),
                other => Err(ErrorKind::Type { expected: "an array", found: other.type_name() }.into()),
            },
            (None, Some(sub)) => list::write_everywhere(values, attribute, sub, &value, mode),
            (Some(filter), sub) => list::write_where(values, attribute, sub, filter, value, joining, mode),
        }?;
        if before.is_some_and(|before| before != *values) { Err(ErrorKind::Immutable.into()) } else { Ok(()) }
    }

    fn is_object(&self, name: &str) -> bool {
        matches!(self.object.get(name), Some(Value::Object(_)))
    }

    /// Sets a sub-attribute, or an attribute of an extension, that has one value without parts; what stands beside it is not copied for it.
    fn set_inner(&mut self, outer: &AttrName, attribute: &AttributeDefinition, value: Value) -> Result<(), Fault> {
        let Some(Value::Object(object)) = self.object.get_mut(outer.as_str()) else {
            return Err(ErrorKind::NoTarget.into());
        };
        let before = put(object, attribute, value)?;
        self.undo.replaced_in(outer, &attribute.name, before);
        Ok(())
    }

    /// Sets an attribute of the resource that has one value without parts.
    fn set_simple(&mut self, attribute: &AttributeDefinition, value: Value) -> Result<(), Fault> {
        let before = put(self.object, attribute, value)?;
        self.undo.replaced(&attribute.name, before);
        Ok(())
    }

    /// Adds values to a list; what is there is not copied for it, unless it changes.
    fn add_values(&mut self, extension: Option<&SchemaUri>, attribute: &AttributeDefinition, values: Vec<Value>) -> Result<(), Fault> {
        let (mode, name) = (self.mode, attribute.name.as_str());
        let held = match self.held(extension, attribute) {
            None => &[][..],
            Some(Value::Array(held)) => held,
            Some(_) => return Err(ErrorKind::Type { expected: "an array", found: "one value" }.into()),
        };
        list::check_primaries(attribute, &values, mode)?;
        let additions = list::additions(held, attribute, values);
        if additions.is_empty() {
            return Ok(());
        }
        if attribute.mutability == Mutability::Immutable && !held.is_empty() {
            return Err(ErrorKind::Immutable.into());
        }
        if extension.is_none()
            && additions.leave_others()
            && let Some(Value::Array(held)) = self.object.get_mut(name)
        {
            self.undo.growing(&attribute.name, held.len());
            held.extend(additions.new);
            return Ok(());
        }
        let holder = self.holder(extension, attribute)?;
        if !matches!(holder.get(name), Some(Value::Array(_))) {
            holder.set_named(&attribute.name, Value::Array(Vec::new()));
        }
        match holder.get_mut(name) {
            Some(Value::Array(held)) => list::add(held, attribute, additions, mode),
            _ => Err(ErrorKind::NoTarget.into()),
        }
    }

    fn held(&self, extension: Option<&SchemaUri>, attribute: &AttributeDefinition) -> Option<&Value> {
        let holder = match extension {
            None => Some(&*self.object),
            Some(uri) => self.object.get(uri.as_str()).and_then(Value::as_object),
        };
        holder.and_then(|holder| holder.get(attribute.name.as_str())).filter(|held| !held.is_unassigned())
    }

    /// RFC 7644 section 3.5.2: what is immutable and has a value keeps it, its parts as well.
    fn keep_immutable(
        &self,
        extension: Option<&SchemaUri>,
        attribute: &AttributeDefinition,
        sub: Option<&AttributeDefinition>,
        value: &Value,
    ) -> Result<(), Fault> {
        let held = self.held(extension, attribute);
        let is_kept = match sub {
            None => held.is_some_and(|held| list::has(held, value)),
            Some(sub) => held.and_then(Value::as_object).and_then(|object| object.get(sub.name.as_str())) == Some(value),
        };
        if is_kept { Ok(()) } else { Err(ErrorKind::Immutable.into()) }
    }

    /// A read-only attribute stays as it is: to write what is there already is harmless, and Okta does it with `id`.
    pub(super) fn keep(
        &self,
        extension: Option<&SchemaUri>,
        attribute: &AttributeDefinition,
        sub: Option<&AttributeDefinition>,
        value: Option<&Value>,
    ) -> Result<(), Fault> {
        let held = self.held(extension, attribute);
        let held = match sub {
            None => held,
            Some(sub) => held.and_then(Value::as_object).and_then(|object| object.get(sub.name.as_str())),
        };
        let is_same = held.filter(|held| !held.is_unassigned()) == value;
        if self.mode.is_lenient() && is_same { Ok(()) } else { Err(ErrorKind::ReadOnly.into()) }
    }

    /// The value as the attribute may have it; nothing where it is unassigned.
    ///
    /// `is_one` says that the path names values of a list, so that one stands here and not a list.
    fn conforming(&self, attribute: &AttributeDefinition, value: &Value, joining: Joining, is_one: bool) -> Result<Option<Value>, Fault> {
        if !attribute.multi_valued {
            return conform::single(value, attribute, self.mode);
        }
        let is_list = is_one || matches!(value, Value::Array(_) | Value::Null);
        if !is_list && joining == Joining::Replaces && !self.mode.is_lenient() {
            return Err(ErrorKind::Type { expected: "an array", found: value.type_name() }.into());
        }
        // What is unassigned as it was sent takes away; a value of which nothing is left, because no schema knows what is in it, says nothing.
        if value.is_unassigned() && (joining == Joining::Replaces || is_one) {
            return Ok(None);
        }
        Ok(Some(Value::Array(conform::values(value, attribute, self.mode)?)))
    }

    /// The object that has the attribute, or gets it: the resource, or an extension, which comes with its first attribute.
    pub(super) fn holder(&mut self, extension: Option<&SchemaUri>, attribute: &AttributeDefinition) -> Result<&mut Object, Fault> {
        let Some(uri) = extension else {
            self.undo.save(self.object, &attribute.name);
            return Ok(self.object);
        };
        let name = AttrName::kept(uri.as_str());
        self.undo.save(self.object, &name);
        if self.object.get(uri.as_str()).is_none_or(Value::is_unassigned) {
            self.object.set_named(&name, Value::Object(Object::new()));
        }
        match self.object.get_mut(uri.as_str()) {
            Some(Value::Object(extension)) => Ok(extension),
            other => Err(ErrorKind::Type { expected: "an object", found: other.map_or("nothing", |other| other.type_name()) }.into()),
        }
    }
}

/// Sets an attribute of one value; what is complex keeps the sub-attributes that are not given.
fn write_single(holder: &mut Object, attribute: &AttributeDefinition, value: Value) -> Result<(), Fault> {
    match (holder.get_mut(attribute.name.as_str()), value) {
        // RFC 7644 section 3.5.2.3, of a complex attribute: "a set of sub-attributes SHALL be specified in the "value" parameter that replaces any
        // existing values or adds where an attribute did not previously exist. Sub-attributes that are not specified SHALL be left unchanged."
        (Some(Value::Object(held)), Value::Object(parts)) if attribute.attribute_type == AttributeType::Complex => {
            merge_parts(held, attribute, parts)
        }
        (Some(held), value) if attribute.mutability == Mutability::Immutable && !held.is_unassigned() && *held != value => {
            Err(ErrorKind::Immutable.into())
        }
        (Some(held), value) => {
            *held = value;
            Ok(())
        }
        (None, value) => {
            if let Some(value) = conform::without_nulls(value) {
                holder.push(attribute.name.clone(), value);
            }
            Ok(())
        }
    }
}

/// Sets the sub-attributes that are given, takes away the ones that are null, and leaves the others.
pub(super) fn merge_parts(held: &mut Object, attribute: &AttributeDefinition, parts: Object) -> Result<(), Fault> {
    for (name, value) in parts {
        match attribute.known_sub_attribute(name.as_str()) {
            Some(sub) if value == Value::Null => list::remove_sub(held, sub)?,
            Some(sub) => write_sub(held, sub, value)?,
            None => held.set_named(&name, value),
        }
    }
    Ok(())
}

/// Sets a sub-attribute.
pub(super) fn write_sub(object: &mut Object, sub: &AttributeDefinition, value: Value) -> Result<(), Fault> {
    put(object, sub, value).map(drop).map_err(|kind| Fault::from(kind).within(sub.name.as_str()))
}

/// Puts a value in its place, and gives what stood there.
fn put(object: &mut Object, attribute: &AttributeDefinition, value: Value) -> Result<Option<Value>, ErrorKind> {
    match object.get_mut(attribute.name.as_str()) {
        // RFC 7644 section 3.5.2: an immutable attribute may be given a value where it has none.
        Some(held) if attribute.mutability == Mutability::Immutable && !held.is_unassigned() && *held != value => Err(ErrorKind::Immutable),
        Some(held) => Ok(Some(std::mem::replace(held, value))),
        None => {
            object.push(attribute.name.clone(), value);
            Ok(None)
        }
    }
}
