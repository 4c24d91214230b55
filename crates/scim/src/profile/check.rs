//! Checks a resource against a profile.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::attr_path::AttrPath;
use crate::complex::joined;
use crate::profile::{AttributeRule, CharacterClass, Finding, Profile, Rule, ValueClass};
use crate::resource::Resource;
use crate::value::{Object, Value};

pub(super) fn check(profile: &Profile, rules: &[AttributeRule], resource: &Resource) -> Vec<Finding> {
    let mut checker = Checker { profile, rules, findings: Vec::new() };
    for (name, value) in resource.attributes().iter() {
        if !name.is("schemas") {
            checker.attribute(name.as_str(), value);
        }
    }
    for rule in rules.iter().filter(|rule| rule.required) {
        let is_there = rule.path.parse::<AttrPath>().is_ok_and(|path| resource.at(&path).is_some());
        if !is_there && !checker.findings.iter().any(|finding| finding.path == rule.path) {
            checker.find(&rule.path, Rule::Required);
        }
    }
    checker.findings
}

struct Checker<'a> {
    profile: &'a Profile,
    rules: &'a [AttributeRule],
    findings: Vec<Finding>,
}

impl Checker<'_> {
    fn find(&mut self, path: &str, rule: Rule) {
        self.findings.push(Finding { path: path.to_owned(), rule });
    }

    fn attribute(&mut self, path: &str, value: &Value) {
        let rule = self.rules.iter().find(|rule| rule.path.eq_ignore_ascii_case(path)).cloned();
        let has_parts = self.rules.iter().any(|rule| is_below(&rule.path, path));
        let mismatch = |expected| Rule::Type { expected, found: value.type_name() };
        match (rule.as_ref().map(|rule| rule.value), value) {
            (Some(ValueClass::Text), Value::String(text)) => {
                if let Some(rule) = &rule {
                    self.text(path, rule, text);
                }
            }
            (Some(ValueClass::Text), _) => self.find(path, mismatch("a string")),
            (Some(ValueClass::Boolean), Value::Boolean(_)) => {}
            (Some(ValueClass::Boolean), _) => self.find(path, mismatch("a boolean")),
            (Some(class), Value::Array(values)) => self.values(path, class, values),
            (Some(_), _) => self.find(path, mismatch("an array")),
            (None, Value::Object(object)) if has_parts => self.object(path, object),
            (None, _) if has_parts => self.find(path, mismatch("an object")),
            (None, _) => self.find(path, Rule::Unsupported),
        }
    }

    fn values(&mut self, path: &str, class: ValueClass, values: &[Value]) {
        if values.is_empty() {
            return self.find(path, Rule::Empty);
        }
        let single = matches!(class, ValueClass::SingleValue | ValueClass::SinglePrimaryValue);
        if single && values.len() > 1 {
            self.find(path, Rule::TooManyValues { most: 1, found: values.len() });
        }
        for value in values {
            let Value::Object(object) = value else {
                self.find(path, Rule::Type { expected: "an object", found: value.type_name() });
                continue;
            };
            if class == ValueClass::SinglePrimaryValue && object.get("primary") != Some(&Value::Boolean(true)) {
                self.find(path, Rule::NotPrimary);
            }
            self.object(path, object);
        }
    }

    fn object(&mut self, path: &str, object: &Object) {
        if object.is_empty() {
            self.find(path, Rule::Empty);
        }
        for (name, value) in object.iter() {
            self.attribute(&joined(path, name.as_str()), value);
        }
    }

    fn text(&mut self, path: &str, rule: &AttributeRule, text: &str) {
        if text.is_empty() {
            return self.find(path, Rule::Empty);
        }
        let length = text.chars().count();
        if length > rule.longest {
            self.find(path, Rule::TooLong { longest: rule.longest, found: length });
        }
        let refused = |c: &char| !self.profile.takes(*c, rule.characters);
        if let Some((at, found)) = text.chars().enumerate().find(|(_, c)| refused(c)) {
            self.find(path, Rule::Character { found, at });
        }
        let is_name = matches!(&*rule.path, "userName" | "displayName");
        if is_name && self.profile.reserved_names.iter().any(|name| name.eq_ignore_ascii_case(text)) {
            self.find(path, Rule::Reserved);
        }
    }
}

/// Whether `rule` names a part of the attribute or extension at `path`.
fn is_below(rule: &str, path: &str) -> bool {
    let behind = rule.get(path.len()..);
    let starts = rule.get(..path.len()).is_some_and(|start| start.eq_ignore_ascii_case(path));
    starts && behind.is_some_and(|behind| behind.starts_with(['.', ':']))
}

impl Profile {
    /// Whether the service takes `character` in a text of `class`.
    #[must_use]
    pub fn takes(&self, character: char, class: CharacterClass) -> bool {
        if self.refused_characters.contains(&character) {
            return false;
        }
        let is_space = matches!(character, '\t' | '\n' | '\r' | ' ' | '\u{A0}' | '\u{3000}');
        if is_space {
            return class == CharacterClass::Text;
        }
        matches!(
            character.general_category_group(),
            GeneralCategoryGroup::Letter
                | GeneralCategoryGroup::Mark
                | GeneralCategoryGroup::Symbol
                | GeneralCategoryGroup::Number
                | GeneralCategoryGroup::Punctuation
        )
    }
}
