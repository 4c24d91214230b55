//! A resource under construction.

use std::borrow::Cow;

use idbridge_scim::{AttrPath, AttributeRule, Finding as Refusal, Object, Resource, Rule as Limit, Value};

use crate::directory::DirectoryId;
use crate::finding::{Finding, FindingKind, Record, Severity};
use crate::mapped::Mapped;
use crate::rule::{Rule, WhenAbsent, enabled};

/// The attributes whose values are lists (RFC 7643 sections 4.1.2 and 4.2). One value is mapped.
pub(crate) const MULTI_VALUED: [&str; 9] =
    ["emails", "phoneNumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles", "x509Certificates"];

/// What a value of a list carries besides its content.
pub(crate) const LABELS: [&str; 2] = ["type", "primary"];

pub(super) struct Draft<'a> {
    resource: Resource,
    findings: Vec<Finding>,
    record: RecordOf<'a>,
    rules: &'a [Rule],
    limits: &'a [AttributeRule],
}

/// How many parts most attributes with parts have at most: an address has five, and a type.
const PARTS: usize = 6;

/// The record that a draft is of. Its identifier is copied only where there is something to find.
pub(super) enum RecordOf<'a> {
    User(&'a DirectoryId),
    Group(&'a DirectoryId),
}

impl RecordOf<'_> {
    fn named(&self) -> Record {
        match *self {
            Self::User(id) => Record::User(id.clone()),
            Self::Group(id) => Record::Group(id.clone()),
        }
    }
}

impl<'a> Draft<'a> {
    pub(super) fn new(record: RecordOf<'a>, findings: &[Finding], rules: &'a [Rule], limits: &'a [AttributeRule]) -> Self {
        // One allocation for most resources, and not one at every doubling.
        let resource = Resource::from(Object::with_capacity(rules.len().min(16)));
        Self { resource, findings: findings.to_vec(), record, rules, limits }
    }

    pub(super) fn resource(&self) -> &Resource {
        &self.resource
    }

    pub(super) fn find(&mut self, kind: FindingKind, path: impl Into<String>) {
        self.push(Finding::new(kind).at(path));
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.findings.push(finding.of(self.record.named()));
    }

    /// Writes the text that `rule` read, or what it means that it read none. What cannot be told is no absence, so no constant stands for it.
    pub(super) fn read(&mut self, rule: &Rule, text: Result<Option<Cow<'_, str>>, FindingKind>) {
        match text {
            Ok(text) => self.write(rule, text.map(|text| Value::String(text.into_owned()))),
            Err(kind) => self.find(kind.for_rule(rule), rule.target.to_string()),
        }
    }

    /// Writes what `rule` found, or what it means that it found nothing.
    pub(super) fn write(&mut self, rule: &Rule, value: Option<Value>) {
        match (value, &rule.when_absent) {
            (Some(value), _) => set(self.resource.attributes_mut(), &rule.target, value),
            (None, WhenAbsent::Hold) => {
                self.find(FindingKind::MissingRequired { source: Some(rule.source.clone()) }, rule.target.to_string());
            }
            (None, WhenAbsent::Constant(text)) => set(self.resource.attributes_mut(), &rule.target, Value::from(text.as_str())),
            (None, WhenAbsent::LeaveOut) => {}
        }
    }

    /// Says of each value of a list what it is for: what the first rule that writes to it takes it from, else `work`.
    pub(super) fn label(&mut self) {
        for (name, value) in self.resource.attributes_mut().iter_mut() {
            // Whatever is a list was made here, for one of these attributes.
            let Value::Array(values) = value else { continue };
            let name = name.as_str();
            let mut kinds = enabled(self.rules).filter(|rule| is_part_of(rule, name)).filter_map(|rule| rule.source.kind());
            let kind = kinds.next().unwrap_or("work").trim();
            for value in values {
                if let Value::Object(value) = value {
                    value.set("type", kind);
                    if name.eq_ignore_ascii_case("emails") {
                        value.set("primary", true);
                    }
                }
            }
        }
    }

    /// Takes out what the service would refuse, until it refuses nothing or the record is held.
    pub(super) fn finish(mut self, check: impl Fn(&Resource) -> Vec<Refusal>) -> Mapped {
        loop {
            let refusals = check(&self.resource);
            let Some(first) = refusals.first().cloned() else { break };
            let mut is_changed = false;
            for refusal in refusals {
                is_changed |= self.refuse(refusal);
            }
            if self.findings.iter().any(|finding| finding.severity() == Severity::Holds) {
                break;
            }
            if !is_changed {
                // Nothing more can be taken out, and the service would still refuse it.
                let path = first.path.clone();
                self.find(FindingKind::ValueRefused { source: None, refused: first }, path);
                break;
            }
        }
        Mapped::new(self.resource, self.findings)
    }

    /// Holds the record for `refusal`, or takes the attribute out if it is still there; whether it did one of the two.
    fn refuse(&mut self, refusal: Refusal) -> bool {
        let path = refusal.path.clone();
        let rule = enabled(self.rules).find(|rule| is_at_or_below(&rule.target.to_string(), &path));
        let source = rule.map(|rule| rule.source.clone());
        let is_required = self.limits.iter().any(|limit| limit.required && is_at_or_below(&limit.path, &path));
        let kind = if refusal.rule == Limit::Required {
            // A name that was found wanting is not missing as well.
            if self.findings.iter().any(|finding| finding.severity() == Severity::Holds && finding.path() == Some(&*path)) {
                return true;
            }
            FindingKind::MissingRequired { source }
        } else if is_required || rule.is_some_and(|rule| rule.when_absent == WhenAbsent::Hold) {
            FindingKind::ValueRefused { source, refused: refusal }
        } else if remove(self.resource.attributes_mut(), &path) {
            FindingKind::AttributeLeftOut { source, refused: refusal }
        } else {
            return false;
        };
        self.find(kind, path);
        true
    }
}

/// Whether `rule` writes to the list `name` of the core schema.
fn is_part_of(rule: &Rule, name: &str) -> bool {
    rule.target.extension().is_none() && rule.target.attribute().is(name)
}

/// Whether `path` is `above` or a part of it, as attribute paths are written.
fn is_at_or_below(path: &str, above: &str) -> bool {
    let start = path.get(..above.len()).is_some_and(|start| start.eq_ignore_ascii_case(above));
    start && path.get(above.len()..).is_some_and(|behind| behind.is_empty() || behind.starts_with(['.', ':']))
}

fn set(attributes: &mut Object, path: &AttrPath, value: Value) {
    let holder = match path.extension() {
        Some(schema) => part_of(attributes, schema.as_str(), |holder| holder.set(schema.as_str(), Object::with_capacity(PARTS))),
        None => Some(attributes),
    };
    let Some(holder) = holder else { return };
    let name = path.attribute();
    let Some(sub) = path.sub_attribute() else {
        return holder.set_named(name, value);
    };
    let is_list = path.extension().is_none() && MULTI_VALUED.iter().any(|known| name.is(known));
    let part = part_of(holder, name.as_str(), |holder| {
        let part = Object::with_capacity(PARTS);
        if is_list {
            holder.set_named(name, vec![Value::Object(part)]);
        } else {
            holder.set_named(name, part);
        }
    });
    if let Some(part) = part {
        part.set_named(sub, value);
    }
}

/// The object at `name`, or the first one of the list there; made by `make` if there is nothing.
fn part_of<'a>(holder: &'a mut Object, name: &str, make: impl FnOnce(&mut Object)) -> Option<&'a mut Object> {
    if holder.get(name).is_none() {
        make(holder);
    }
    match holder.get_mut(name) {
        Some(Value::Object(object)) => Some(object),
        Some(Value::Array(values)) => match values.first_mut() {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Takes the attribute at `path` out, and what holds nothing afterwards; whether there was anything.
fn remove(attributes: &mut Object, path: &str) -> bool {
    // An extension is an attribute whose name is its URI, so a path can be a name as it stands.
    if attributes.remove(path).is_some() {
        return true;
    }
    let Ok(path) = path.parse::<AttrPath>() else { return false };
    let name = path.attribute().as_str();
    match path.extension() {
        None => remove_part(attributes, name, &path),
        Some(schema) => {
            let Some(Value::Object(extension)) = attributes.get_mut(schema.as_str()) else { return false };
            let is_removed = remove_part(extension, name, &path);
            if extension.is_empty() {
                attributes.remove(schema.as_str());
            }
            is_removed
        }
    }
}

fn remove_part(holder: &mut Object, name: &str, path: &AttrPath) -> bool {
    let Some(sub) = path.sub_attribute() else { return holder.remove(name).is_some() };
    let part = match holder.get_mut(name) {
        Some(Value::Object(object)) => Some(object),
        Some(Value::Array(values)) => values.iter_mut().find_map(|value| match value {
            Value::Object(object) => Some(object),
            _ => None,
        }),
        _ => None,
    };
    let Some(part) = part else { return false };
    let is_removed = part.remove(sub.as_str()).is_some();
    let has_content = part.iter().any(|(name, _)| !LABELS.iter().any(|label| name.is(label)));
    if !has_content {
        holder.remove(name);
    }
    is_removed
}
