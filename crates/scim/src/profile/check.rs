//! Checks a resource against a profile.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::profile::{AttributeRule, CharacterClass, Finding, Profile, Rule, ValueClass};
use crate::resource::Resource;
use crate::value::{Object, Value};

/// Everything in `resource` that breaks one of `rules`; `name` is the attribute that no resource may have a reserved name in.
pub(super) fn check(profile: &Profile, rules: &[AttributeRule], name: &'static str, resource: &Resource) -> Vec<Finding> {
    let mut checker = Checker {
        profile,
        rules,
        name,
        next: 0,
        refused: RefusedAscii::of(profile),
        path: String::with_capacity(LONGEST_KNOWN),
        met: Vec::new(),
        findings: Vec::new(),
    };
    for (name, value) in resource.attributes().iter() {
        if !name.is("schemas") {
            checker.attribute(Place::Resource, name.as_str(), value);
        }
    }
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.required) {
        if !checker.met.contains(&index) {
            checker.findings.push(Finding { path: rule.path.clone().into_owned(), rule: Rule::Required });
        }
    }
    checker.findings
}

/// No path of a known rule is longer, so that a check of a known resource allocates its path once.
const LONGEST_KNOWN: usize = 96;

/// The characters of ASCII that the profile refuses, a bit each: most texts have no others, and are passed at a byte a step.
struct RefusedAscii(u128);

impl RefusedAscii {
    fn of(profile: &Profile) -> Self {
        let ascii = profile.refused_characters.iter().filter(|character| character.is_ascii());
        Self(ascii.fold(0, |bits, character| bits | 1 << u32::from(*character)))
    }

    /// Whether `text` is of visible ASCII and spaces alone, all of them taken in `class`; if not, [`Profile::takes`] knows.
    fn takes_all(&self, text: &str, class: CharacterClass) -> bool {
        let takes_space = class != CharacterClass::TextWithoutSpace;
        text.bytes().all(|byte| (byte.is_ascii_graphic() || (byte == b' ' && takes_space)) && self.0 >> byte & 1 == 0)
    }
}

/// What an attribute stands in, which decides how its path goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The resource itself.
    Resource,
    /// An extension of it: a colon follows.
    Extension,
    /// A complex value: a dot follows.
    Value,
}

/// One walk over a resource.
struct Checker<'a> {
    profile: &'a Profile,
    rules: &'a [AttributeRule],
    name: &'static str,
    /// The place behind the rule that was found last. Attributes mostly stand in the order of the rules, so the next one is near.
    next: usize,
    refused: RefusedAscii,
    /// Where the walk is: the one path that grows and shrinks, instead of a new one for every attribute.
    path: String,
    /// The required rules whose attribute is there.
    met: Vec<usize>,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn find(&mut self, rule: Rule) {
        self.findings.push(Finding { path: self.path.clone(), rule });
    }

    fn attribute(&mut self, place: Place, name: &str, value: &Value) {
        let outer = self.path.len();
        match place {
            Place::Resource => {}
            Place::Extension => self.path.push(':'),
            Place::Value => self.path.push('.'),
        }
        self.path.push_str(name);
        self.value(place, name, value);
        self.path.truncate(outer);
    }

    fn value(&mut self, place: Place, name: &str, value: &Value) {
        let rules = self.rules;
        // A rule's path has dots and colons between names, so a name that has one itself (other than an extension's) is none of them.
        let is_plain = !name.bytes().any(|byte| matches!(byte, b'.' | b':'));
        let rule = if is_plain { self.rule() } else { None };
        let Some((index, rule)) = rule else {
            let has_parts = rules.iter().any(|rule| is_below(&rule.path, &self.path));
            let inner = if place == Place::Resource && name.contains(':') { Place::Extension } else { Place::Value };
            return match value {
                Value::Object(object) if has_parts => self.object(inner, object),
                _ if has_parts => self.find(Rule::Type { expected: "an object", found: value.type_name() }),
                _ => self.find(Rule::Unsupported),
            };
        };
        // RFC 7643 section 2.5: null and a list of nothing are no value.
        if rule.characters.is_any() && value.is_unassigned() {
            return;
        }
        if rule.required {
            self.met.push(index);
        }
        let expected = match (rule.value, value) {
            (ValueClass::Text, Value::String(text)) => return self.text(rule, text),
            (ValueClass::Boolean, Value::Boolean(_)) => return,
            (ValueClass::SingleValue | ValueClass::SinglePrimaryValue | ValueClass::Values, Value::Array(values)) => {
                return self.values(rule.value, values);
            }
            (ValueClass::Text, _) => "a string",
            (ValueClass::Boolean, _) => "a boolean",
            (ValueClass::SingleValue | ValueClass::SinglePrimaryValue | ValueClass::Values, _) => "an array",
        };
        self.find(Rule::Type { expected, found: value.type_name() });
    }

    /// The rule of the attribute that the walk is at, looked for from where the last one was; a path has one rule.
    fn rule(&mut self) -> Option<(usize, &'a AttributeRule)> {
        let rules = self.rules;
        let (before, behind) = rules.split_at_checked(self.next).unwrap_or((rules, &[]));
        let is_named = |rule: &AttributeRule| rule.path.eq_ignore_ascii_case(&self.path);
        let found = behind.iter().position(is_named).map(|place| place + before.len()).or_else(|| before.iter().position(is_named))?;
        self.next = found + 1;
        rules.get(found).map(|rule| (found, rule))
    }

    fn values(&mut self, class: ValueClass, values: &[Value]) {
        if values.is_empty() {
            return self.find(Rule::Empty);
        }
        let single = matches!(class, ValueClass::SingleValue | ValueClass::SinglePrimaryValue);
        if single && values.len() > 1 {
            self.find(Rule::TooManyValues { most: 1, found: values.len() });
        }
        for value in values {
            let Value::Object(object) = value else {
                self.find(Rule::Type { expected: "an object", found: value.type_name() });
                continue;
            };
            if class == ValueClass::SinglePrimaryValue && object.get("primary") != Some(&Value::Boolean(true)) {
                self.find(Rule::NotPrimary);
            }
            self.object(Place::Value, object);
        }
    }

    fn object(&mut self, place: Place, object: &Object) {
        if object.is_empty() {
            self.find(Rule::Empty);
        }
        for (name, value) in object.iter() {
            self.attribute(place, name.as_str(), value);
        }
    }

    fn text(&mut self, rule: &AttributeRule, text: &str) {
        if text.is_empty() && (!rule.characters.is_any() || rule.longest != usize::MAX) {
            return self.find(Rule::Empty);
        }
        // A text has at most as many characters as bytes, and most are far from the limit: those are not counted.
        let length = if text.len() > rule.longest { text.chars().count() } else { 0 };
        if length > rule.longest {
            self.find(Rule::TooLong { longest: rule.longest, found: length });
        }
        if self.refused.takes_all(text, rule.characters) {
            return self.name_is_free(rule, text);
        }
        let refused = |c: &char| !self.profile.takes(*c, rule.characters);
        if let Some((at, found)) = text.chars().enumerate().find(|(_, c)| refused(c)) {
            self.find(Rule::Character { found, at });
        }
        self.name_is_free(rule, text);
    }

    /// Finds a reserved name.
    fn name_is_free(&mut self, rule: &AttributeRule, text: &str) {
        if rule.path == self.name && self.profile.reserved_names.iter().any(|name| name.eq_ignore_ascii_case(text)) {
            self.find(Rule::Reserved);
        }
    }
}

/// Whether `rule` names a part of the attribute or extension at `path`.
fn is_below(rule: &str, path: &str) -> bool {
    // Few have a separator just there, so that is looked at first.
    let Some((separator, behind)) = rule.get(path.len()..).and_then(|behind| behind.split_at_checked(1)) else { return false };
    // The colon behind an extension's URI is the last one; an earlier one stands inside the URI.
    let is_behind = separator == "." || (separator == ":" && !behind.contains(':'));
    is_behind && rule.get(..path.len()).is_some_and(|start| start.eq_ignore_ascii_case(path))
}

impl Profile {
    /// Whether the service takes `character` in a text of `class`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{CharacterClass, Profile};
    ///
    /// let profile = Profile::aws_iam_identity_center();
    /// assert!(profile.takes(' ', CharacterClass::Text));
    /// assert!(!profile.takes(' ', CharacterClass::TextWithoutSpace));
    /// assert!(!profile.takes(':', CharacterClass::Text));
    /// assert!(profile.takes(':', CharacterClass::Reference));
    /// ```
    #[must_use]
    pub fn takes(&self, character: char, class: CharacterClass) -> bool {
        if class == CharacterClass::Any {
            return true;
        }
        if class != CharacterClass::Reference && self.refused_characters.contains(&character) {
            return false;
        }
        if class == CharacterClass::AnyButRefused {
            return true;
        }
        // All of ASCII's visible characters are letters, numbers, punctuation or symbols: no search in the tables of Unicode.
        if character.is_ascii_graphic() {
            return true;
        }
        if matches!(character, '\t' | '\n' | '\r' | ' ' | '\u{A0}' | '\u{3000}') {
            return class != CharacterClass::TextWithoutSpace;
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
