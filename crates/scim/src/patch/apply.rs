//! Applies operations to a resource, all or nothing.

use crate::attr_name::AttrName;
use crate::error::ErrorKind;
use crate::mode::Mode;
use crate::patch::PatchOperation;
use crate::patch::conform::Fault;
use crate::patch::target::{Target, resolve};
use crate::patch::undo::Undo;
use crate::path::Path;
use crate::schema::Schemas;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// A resource while it is patched.
pub(super) struct Patching<'a> {
    pub(super) object: &'a mut Object,
    pub(super) schemas: &'a Schemas,
    pub(super) mode: Mode,
    pub(super) undo: Undo,
}

/// Whether the values of a multi-valued attribute join the ones that are there, or stand in their place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    Adds,
    Replaces,
}

impl<'a> Patching<'a> {
    pub(super) fn new(object: &'a mut Object, schemas: &'a Schemas, mode: Mode, operations: usize) -> Self {
        Self { object, schemas, mode, undo: Undo::with_capacity(operations) }
    }

    /// Takes back whatever was done.
    pub(super) fn take_back(self) {
        self.undo.take_back(self.object);
    }

    /// Lists the extensions that came in `schemas`, and those that went away no more; says whether anything is different.
    pub(super) fn finish(mut self) -> bool {
        let schemas = self.schemas;
        for extension in schemas.extensions() {
            let uri = extension.id.as_str();
            if !self.undo.has(uri) {
                continue;
            }
            let is_there = self.object.get(uri).is_some_and(|value| !value.is_unassigned());
            let is_it = |value: &Value| value.as_str().is_some_and(|listed| listed.eq_ignore_ascii_case(uri));
            let Some(Value::Array(listed)) = self.object.get("schemas") else { break };
            let is_listed = listed.iter().any(is_it);
            if is_there == is_listed {
                continue;
            }
            self.undo.save(self.object, &AttrName::from_static("schemas"));
            if let Some(Value::Array(listed)) = self.object.get_mut("schemas") {
                // RFC 7643 section 3: `schemas` names every schema that the resource has attributes of.
                if is_there { listed.push(Value::from(uri)) } else { listed.retain(|value| !is_it(value)) }
            }
        }
        self.undo.is_changed(self.object)
    }

    pub(super) fn operation(&mut self, operation: &PatchOperation) -> Result<(), Fault> {
        match operation {
            PatchOperation::Add { path, value } => self.write(path.as_ref(), value, Joining::Adds),
            PatchOperation::Replace { path, value } => self.write(path.as_ref(), value, Joining::Replaces),
            PatchOperation::Remove { path, value } => self.remove(path, value.as_ref().filter(|value| **value != Value::Null)),
        }
    }

    fn write(&mut self, path: Option<&Path>, value: &Value, joining: Joining) -> Result<(), Fault> {
        let Some(path) = path else {
            return self.merge(value, joining);
        };
        match self.resolve(path)? {
            Target::Resource => self.merge(value, joining),
            Target::Extension(uri) => self.merge_extension(uri, value, joining),
            Target::Attribute { extension, attribute, sub } => self.set(extension, attribute, sub, path.value_filter(), value, joining),
        }
    }

    /// RFC 7644 section 3.5.2.1: without a path, the value is "a set of attributes to be added to the resource".
    fn merge(&mut self, value: &Value, joining: Joining) -> Result<(), Fault> {
        let Value::Object(attributes) = value else {
            return Err(ErrorKind::Type { expected: "an object", found: value.type_name() }.into());
        };
        let schemas = self.schemas;
        for (name, value) in attributes.iter() {
            let name = name.as_str();
            let result = if let Some(attribute) = schemas.top_level(name) {
                self.set(None, attribute, None, None, value, joining)
            } else if let Some(extension) = schemas.extension_named(name) {
                self.merge_extension(&extension.id, value, joining)
            } else if !self.mode.is_lenient() {
                Err(ErrorKind::NoAttribute.into())
            } else if let Ok(path) = Path::parse(name, self.mode)
                && self.resolve(&path).is_ok()
            {
                // Entra ID flattens: `name.givenName`, and an extension's URI with the attribute behind it.
                self.write(Some(&path), value, joining)
            } else {
                Ok(())
            };
            result.map_err(|fault| fault.within(name))?;
        }
        Ok(())
    }

    fn merge_extension(&mut self, uri: &SchemaUri, value: &Value, joining: Joining) -> Result<(), Fault> {
        let schemas = self.schemas;
        let Some(schema) = schemas.extension(uri) else {
            return Err(ErrorKind::NoAttribute.into());
        };
        if value.is_unassigned() {
            return self.remove_whole(uri.as_str());
        }
        let Value::Object(attributes) = value else {
            return Err(ErrorKind::Type { expected: "an object", found: value.type_name() }.into());
        };
        for (name, value) in attributes.iter() {
            match schema.attribute(name.as_str()) {
                Some(attribute) => self.set(Some(uri), attribute, None, None, value, joining),
                None if self.mode.is_lenient() => Ok(()),
                None => Err(Fault::from(ErrorKind::NoAttribute)),
            }
            .map_err(|fault| fault.within(name.as_str()))?;
        }
        Ok(())
    }

    pub(super) fn resolve(&self, path: &Path) -> Result<Target<'a>, ErrorKind> {
        let schemas = self.schemas;
        let target = resolve(schemas, path)?;
        target.check_filter(path, self.mode)?;
        Ok(target)
    }
}
