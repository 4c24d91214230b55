//! Whether a resource or a patch follows its schemas: every finding, each with its path.

use crate::date_time::Moment;
use crate::error::ErrorKind;
use crate::mode::Mode;
use crate::patch::{PatchOp, PatchOperation};
use crate::patch::{Target, is_base64, is_primary, resolve, type_name};
use crate::profile::{Finding, Rule};
use crate::resource::Resource;
use crate::schema::{AttributeDefinition, AttributeType, Mutability, Schemas};
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

impl Schemas {
    /// Everything that is wrong with a resource that shall be created (RFC 7644 section 3.3), in the order of its attributes; what is missing comes
    /// last.
    ///
    /// A read-only attribute is passed over, because a service provider ignores it. [`Mode::Lenient`] passes over attributes that no schema has and
    /// over missing `schemas`, and takes the strings that it takes elsewhere. What one service asks besides is in its
    /// [`Profile`](crate::Profile).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mode, Resource, Schemas};
    ///
    /// let user = Resource::from_json(br#"{"active":"yes","emails":[{"value":7},{"kind":"work"}]}"#)?;
    /// let findings: Vec<String> = Schemas::user().validate_create(&user, Mode::Strict).iter().map(ToString::to_string).collect();
    /// assert_eq!(
    ///     findings,
    ///     [
    ///         "active must be a boolean, found a string",
    ///         "emails.value must be a string, found a number",
    ///         "emails.kind is not supported by the service",
    ///         "userName is required by the service and is missing",
    ///         "schemas is required by the service and is missing",
    ///     ]
    /// );
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn validate_create(&self, resource: &Resource, mode: Mode) -> Vec<Finding> {
        let mut checker = Checker::new(self, mode);
        checker.resource(resource);
        checker.findings
    }

    /// Everything that is wrong with a resource that shall stand in the place of `current` (RFC 7644 section 3.5.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttributeDefinition, AttributeType, Mode, Mutability, Resource, Schema, Schemas};
    ///
    /// let mut serial = AttributeDefinition::new("serial".parse()?, AttributeType::String);
    /// serial.mutability = Mutability::Immutable;
    /// let schemas = Schemas::new(Schema::new("urn:example:2.0:Device", "Device", vec![serial]), vec![]);
    /// let current = Resource::from_json(br#"{"serial":"1"}"#)?;
    /// let next = Resource::from_json(br#"{"schemas":["urn:example:2.0:Device"],"serial":"2"}"#)?;
    /// let findings = schemas.validate_replace(&current, &next, Mode::Strict);
    /// assert_eq!(findings[0].to_string(), "serial is immutable and has another value already");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn validate_replace(&self, current: &Resource, resource: &Resource, mode: Mode) -> Vec<Finding> {
        let mut checker = Checker::new(self, mode);
        checker.resource(resource);
        checker.immutable("", &self.core().attributes, current.attributes(), resource.attributes());
        for extension in self.extensions() {
            let uri = extension.id.as_str();
            if let (Some(Value::Object(held)), Some(Value::Object(given))) = (current.get(uri), resource.get(uri)) {
                checker.immutable(&format!("{uri}:"), &extension.attributes, held, given);
            }
        }
        checker.findings
    }

    /// Everything that is wrong with a patch, whatever resource it is for (RFC 7644 section 3.5.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mode, PatchOp, PatchOperation, Path, Schemas};
    ///
    /// let patch = PatchOp::new(vec![PatchOperation::replace(Path::of("id"), "7"), PatchOperation::remove(Path::of("shoeSize"))]);
    /// let findings: Vec<String> = Schemas::user().validate_patch(&patch, Mode::Strict).iter().map(ToString::to_string).collect();
    /// assert_eq!(findings, ["id is read-only", "shoeSize is not supported by the service"]);
    /// ```
    #[must_use]
    pub fn validate_patch(&self, patch: &PatchOp, mode: Mode) -> Vec<Finding> {
        let mut checker = Checker::new(self, mode);
        for operation in patch.operations() {
            checker.operation(operation);
        }
        checker.findings
    }
}

/// What a value is checked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A whole resource: a read-only attribute is ignored, a required one must be there.
    Whole,
    /// A part that is written by a patch: a read-only attribute is refused.
    Part,
}

struct Checker<'a> {
    schemas: &'a Schemas,
    mode: Mode,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn new(schemas: &'a Schemas, mode: Mode) -> Self {
        Self { schemas, mode, findings: Vec::new() }
    }

    fn find(&mut self, path: &str, rule: Rule) {
        self.findings.push(Finding { path: path.to_owned(), rule });
    }

    fn resource(&mut self, resource: &Resource) {
        let schemas = self.schemas;
        self.attributes(resource.attributes(), Purpose::Whole);
        self.required("", &schemas.core().attributes, resource.attributes());
        for extension in schemas.extensions() {
            if let Some(Value::Object(object)) = resource.get(extension.id.as_str()) {
                self.required(&format!("{}:", extension.id), &extension.attributes, object);
            }
        }
        self.listed(resource);
    }

    /// RFC 7643 section 3: `schemas` is REQUIRED, and names every schema that the resource has attributes of.
    fn listed(&mut self, resource: &Resource) {
        if self.mode.is_lenient() {
            return;
        }
        let Some(Value::Array(listed)) = resource.get("schemas").filter(|listed| !listed.is_unassigned()) else {
            // Another type has been found already.
            if resource.get("schemas").is_none_or(Value::is_unassigned) {
                self.find("schemas", Rule::Required);
            }
            return;
        };
        let schemas = self.schemas;
        let uris: Vec<SchemaUri> = listed.iter().filter_map(Value::as_str).map(SchemaUri::from).collect();
        if uris.iter().any(|uri| *uri != schemas.core().id && schemas.extension(uri).is_none()) {
            self.find("schemas", Rule::Unsupported);
        }
        if !uris.contains(&schemas.core().id) {
            self.find(schemas.core().id.as_str(), Rule::NotListed);
        }
        for extension in schemas.extensions() {
            let is_there = resource.get(extension.id.as_str()).is_some_and(|value| !value.is_unassigned());
            if is_there && !uris.contains(&extension.id) {
                self.find(extension.id.as_str(), Rule::NotListed);
            }
        }
    }

    /// The attributes of a resource, or of a value without a path.
    fn attributes(&mut self, attributes: &Object, purpose: Purpose) {
        let schemas = self.schemas;
        for (name, value) in attributes.iter() {
            let name = name.as_str();
            if let Some(attribute) = schemas.top_level(name) {
                self.attribute(name, attribute, value, purpose);
            } else if let Some(extension) = schemas.extension_named(name) {
                self.extension(&extension.id, value, purpose);
            } else if !self.mode.is_lenient() {
                self.find(name, Rule::Unsupported);
            }
        }
    }

    fn extension(&mut self, uri: &SchemaUri, value: &Value, purpose: Purpose) {
        let Some(schema) = self.schemas.extension(uri) else { return };
        let Value::Object(object) = value else {
            if !value.is_unassigned() {
                self.find(uri.as_str(), Rule::Type { expected: "an object", found: value.type_name() });
            }
            return;
        };
        for (name, value) in object.iter() {
            let path = format!("{uri}:{name}");
            match schema.attribute(name.as_str()) {
                Some(attribute) => self.attribute(&path, attribute, value, purpose),
                None if self.mode.is_lenient() => {}
                None => self.find(&path, Rule::Unsupported),
            }
        }
    }

    fn attribute(&mut self, path: &str, attribute: &AttributeDefinition, value: &Value, purpose: Purpose) {
        // To take a read-only attribute away is to write it; lenient mode takes that where there is none.
        let is_refused = purpose == Purpose::Part && attribute.mutability == Mutability::ReadOnly && !self.mode.is_lenient();
        if is_none(attribute, value) && !is_refused {
            return;
        }
        if attribute.mutability == Mutability::ReadOnly {
            // RFC 7644 section 3.3: "attributes whose mutability is "readOnly" that are included in the request body SHALL be ignored".
            return if purpose == Purpose::Part {
                self.find(path, Rule::ReadOnly)
            };
        }
        if purpose == Purpose::Part && attribute.required && value.as_str() == Some("") {
            return self.find(path, Rule::Empty);
        }
        if !attribute.multi_valued {
            return self.value(path, attribute, value, purpose);
        }
        let Value::Array(values) = value else {
            if purpose == Purpose::Part || self.mode.is_lenient() {
                return self.value(path, attribute, value, purpose);
            }
            return self.find(path, Rule::Type { expected: "an array", found: value.type_name() });
        };
        for value in values {
            let is_nothing = match value {
                Value::Null => true,
                Value::Object(object) => {
                    attribute.attribute_type == AttributeType::Complex && object.iter().all(|(_, part)| part.is_unassigned())
                }
                _ => false,
            };
            if is_nothing && !self.mode.is_lenient() {
                self.find(path, Rule::Empty);
            }
            self.value(path, attribute, value, purpose);
        }
        let primaries = values.iter().filter(|value| is_primary(value)).count();
        // RFC 7643 section 2.4: "The primary attribute value "true" MUST appear no more than once."
        if primaries > 1 && !self.mode.is_lenient() {
            self.find(path, Rule::Primaries { found: primaries });
        }
    }

    fn value(&mut self, path: &str, attribute: &AttributeDefinition, value: &Value, purpose: Purpose) {
        let lenient = self.mode.is_lenient();
        let takes = match (attribute.attribute_type, value) {
            (_, Value::Null) => true,
            (AttributeType::Complex, Value::Object(object)) => return self.complex(path, attribute, object, purpose),
            (AttributeType::Complex, Value::String(_)) => lenient && attribute.sub_attribute("value").is_some(),
            (AttributeType::String | AttributeType::Reference, Value::String(_))
            | (AttributeType::Boolean, Value::Boolean(_))
            | (AttributeType::Decimal, Value::Number(_)) => true,
            (AttributeType::Boolean, Value::String(text)) => {
                lenient && (text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"))
            }
            (AttributeType::DateTime, Value::String(text)) => lenient || Moment::read(text).is_some(),
            (AttributeType::Binary, Value::String(text)) => lenient || is_base64(text),
            (AttributeType::Integer, Value::Number(number)) => number.is_whole(),
            _ => false,
        };
        if !takes {
            self.find(path, Rule::Type { expected: type_name(attribute.attribute_type), found: value.type_name() });
        }
    }

    fn complex(&mut self, path: &str, attribute: &AttributeDefinition, object: &Object, purpose: Purpose) {
        for (name, value) in object.iter() {
            let path = format!("{path}.{name}");
            match attribute.known_sub_attribute(name.as_str()) {
                Some(sub) => self.attribute(&path, sub, value, purpose),
                None if self.mode.is_lenient() => {}
                None => self.find(&path, Rule::Unsupported),
            }
        }
        if purpose == Purpose::Whole {
            self.required(&format!("{path}."), &attribute.sub_attributes, object);
        }
    }

    /// The required attributes that are not there.
    fn required(&mut self, prefix: &str, attributes: &[AttributeDefinition], object: &Object) {
        for attribute in attributes.iter().filter(|attribute| attribute.required && attribute.mutability != Mutability::ReadOnly) {
            let value = object.get(attribute.name.as_str());
            if value.is_none_or(|value| value.is_unassigned() || value.as_str() == Some("")) {
                self.find(&format!("{prefix}{}", attribute.name), Rule::Required);
            }
        }
    }

    /// RFC 7644 section 3.5.1, of an immutable attribute: "If one or more values are already set for the attribute, the input value(s) MUST match".
    fn immutable(&mut self, prefix: &str, attributes: &[AttributeDefinition], held: &Object, given: &Object) {
        for attribute in attributes {
            let name = attribute.name.as_str();
            let (Some(held), Some(given)) = (held.get(name), given.get(name)) else { continue };
            let path = format!("{prefix}{name}");
            if let (Value::Object(held), Value::Object(given)) = (held, given) {
                self.immutable(&format!("{path}."), &attribute.sub_attributes, held, given);
            }
            if attribute.mutability == Mutability::Immutable && !held.is_unassigned() && held != given {
                self.find(&path, Rule::Immutable);
            }
        }
    }

    fn operation(&mut self, operation: &PatchOperation) {
        let Some(path) = operation.path() else {
            if let Some(Value::Object(attributes)) = operation.value() {
                self.attributes(attributes, Purpose::Part);
            }
            return;
        };
        let shown = path.to_string();
        let Ok(target) = resolve(self.schemas, path) else {
            return self.find(&shown, Rule::Unsupported);
        };
        if let Err(kind) = target.check_filter(path, self.mode) {
            let rule = if kind == ErrorKind::NotMultiValued { Rule::NotMultiValued } else { Rule::Unsupported };
            return self.find(&shown, rule);
        }
        let is_removed = matches!(operation, PatchOperation::Remove { .. });
        let lenient = self.mode.is_lenient();
        match target {
            Target::Resource if is_removed => self.find(&shown, Rule::Required),
            Target::Resource => {
                if let Some(Value::Object(attributes)) = operation.value() {
                    self.attributes(attributes, Purpose::Part);
                }
            }
            Target::Extension(uri) => {
                if let Some(value) = operation.value() {
                    self.extension(uri, value, Purpose::Part);
                }
            }
            Target::Attribute { attribute, sub, .. } => {
                let written = sub.unwrap_or(attribute);
                if attribute.mutability == Mutability::ReadOnly || written.mutability == Mutability::ReadOnly {
                    self.find(&shown, Rule::ReadOnly);
                    return;
                }
                let takes_away = match operation {
                    PatchOperation::Remove { value, .. } => value.is_none() || !attribute.multi_valued,
                    PatchOperation::Replace { value, .. } => is_none(written, value),
                    // To add a list of nothing is to do nothing.
                    PatchOperation::Add { value, .. } => *value == Value::Null && !written.multi_valued,
                };
                if takes_away && written.required && (sub.is_some() || path.value_filter().is_none()) {
                    return self.find(&shown, Rule::Required);
                }
                let is_one = path.value_filter().is_some() && sub.is_none();
                if let Some(Value::Array(values)) = operation.value().filter(|_| is_one && !is_removed)
                    && values.len() > 1
                {
                    return self.find(&shown, Rule::TooManyValues { most: 1, found: values.len() });
                }
                if let PatchOperation::Replace { value, .. } = operation
                    && written.multi_valued
                    && !(is_one || lenient || matches!(value, Value::Array(_) | Value::Null))
                {
                    self.find(&shown, Rule::Type { expected: "an array", found: value.type_name() });
                } else if let Some(value) = operation.value() {
                    self.attribute(&shown, written, value, Purpose::Part);
                }
            }
        }
    }
}

/// RFC 7643 section 2.5: null is no value, and "an empty array (in the case of a multi-valued attribute)".
fn is_none(attribute: &AttributeDefinition, value: &Value) -> bool {
    *value == Value::Null || (attribute.multi_valued && value.is_unassigned())
}
