//! Reading a policy.
//!
//! ```text
//!   Walk(PolicyDraft)     Version, Id, Statement
//!     Statements          one, or a list
//!       Walk(StatementDraft)    Sid, Effect, Action, .., Condition
//!         Walk(Operators)       operator -> Walk(Keys)  key -> Texts
//!           Texts               one, or a list
//! ```
//!
//! The [`Trail`] is where the reading stands, and what an error says besides line and column. Whatever an object has twice is refused, because of two
//! readers each would take another.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::error::Category;

use crate::abac::policy::{Condition, Effect, Listed, Place, Policy, Statement};
use crate::error::{Error, ErrorKind, Location, excerpt};

/// What some editors mark UTF-8 files with.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn read(bytes: &[u8]) -> Result<Policy, Error> {
    if bytes.len() > Policy::LARGEST {
        let reason = format!("at most {} bytes are read, found {}", Policy::LARGEST, bytes.len());
        return Err(Error::new(ErrorKind::Policy { place: None, reason }, Location::Whole));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes));
    let trail = Trail::default();
    let mut draft = PolicyDraft { trail: &trail, version: None, id: None, statements: None };
    let outcome = Walk { object: &mut draft, trail: &trail }.deserialize(&mut json).and_then(|()| json.end());
    outcome.map_err(|error| invalid(&error, &trail))?;
    let mut policy = Policy { version: draft.version, id: draft.id, statements: draft.statements.unwrap_or_default() };
    // The version may stand behind the statements.
    let replaces_variables = policy.replaces_variables();
    policy.statements.iter_mut().for_each(|statement| statement.replaces_variables = replaces_variables);
    Ok(policy)
}

fn invalid(error: &serde_json::Error, trail: &Trail) -> Error {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let reason = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text).to_owned();
    let kind = match error.classify() {
        Category::Data => ErrorKind::Policy { place: trail.place(), reason },
        Category::Syntax | Category::Eof | Category::Io => ErrorKind::Json { reason },
    };
    Error::new(kind, Location::Text { line, column })
}

/// The elements around what is being read; after an error, around what cannot be.
#[derive(Default)]
struct Trail(RefCell<Vec<String>>);

impl Trail {
    /// Reads what is within `part`.
    fn within<T, E>(&self, part: String, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.0.borrow_mut().push(part);
        let value = read()?;
        self.0.borrow_mut().pop();
        Ok(value)
    }

    fn place(&self) -> Option<String> {
        let parts = self.0.borrow();
        let parts = match parts.as_slice() {
            // The number of a statement says enough.
            [list, rest @ ..] if list == "Statement" && !rest.is_empty() => rest,
            all => all,
        };
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// An object that is read key by key.
trait Object {
    /// What it must be, for a message.
    const EXPECTED: &'static str;

    /// Reads the value of `key`.
    fn value<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error>;

    /// Called behind the last key.
    fn end<E: de::Error>(&mut self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads an [`Object`], with each key at most once.
struct Walk<'a, O> {
    object: &'a mut O,
    trail: &'a Trail,
}

impl<'de, O: Object> DeserializeSeed<'de> for Walk<'_, O> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, O: Object> Visitor<'de> for Walk<'_, O> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(O::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Err(E::invalid_type(Unexpected::Other("a string"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format_args!("{} is there twice", excerpt(&key))));
            }
            self.trail.within(excerpt(&key), || self.object.value(key, &mut map))?;
        }
        self.object.end()
    }
}

/// The policy as far as it is read.
struct PolicyDraft<'a> {
    trail: &'a Trail,
    version: Option<String>,
    id: Option<String>,
    statements: Option<Vec<Statement>>,
}

impl Object for PolicyDraft<'_> {
    const EXPECTED: &'static str = "an object with the policy's elements";

    fn value<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        match key.as_str() {
            "Version" => {
                let version = map.next_value_seed(Text { is_scalar: false })?;
                if !["2012-10-17", "2008-10-17"].contains(&version.as_str()) {
                    let found = excerpt(&version);
                    return Err(A::Error::custom(format_args!("expected \"2012-10-17\" or \"2008-10-17\", found \"{found}\"")));
                }
                self.version = Some(version);
            }
            "Id" => self.id = Some(map.next_value_seed(Text { is_scalar: false })?),
            "Statement" => self.statements = Some(map.next_value_seed(Statements(self.trail))?),
            _ => return Err(A::Error::custom("there is no such element; expected Version, Id or Statement")),
        }
        Ok(())
    }

    fn end<E: de::Error>(&mut self) -> Result<(), E> {
        self.statements.as_ref().map(|_| ()).ok_or_else(|| E::missing_field("Statement"))
    }
}

/// One statement, or a list of them.
struct Statements<'a>(&'a Trail);

impl<'de> DeserializeSeed<'de> for Statements<'_> {
    type Value = Vec<Statement>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Statements<'_> {
    type Value = Vec<Statement>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a statement or a list of statements")
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(E::invalid_type(Unexpected::Other("a string"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut draft = StatementDraft::new(self.0, 1);
        let statement = self.0.within("statement 1".to_owned(), || {
            Walk { object: &mut draft, trail: self.0 }.visit_map(map)?;
            draft.finish()
        })?;
        Ok(vec![statement])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut statements = Vec::new();
        loop {
            let number = statements.len() + 1;
            let next = self.0.within(format!("statement {number}"), || {
                let mut draft = StatementDraft::new(self.0, number);
                let walk = Walk { object: &mut draft, trail: self.0 };
                sequence.next_element_seed(walk)?.map(|()| draft.finish()).transpose()
            })?;
            match next {
                Some(statement) => statements.push(statement),
                None => return Ok(statements),
            }
        }
    }
}

/// A statement as far as it is read.
struct StatementDraft<'a> {
    trail: &'a Trail,
    number: usize,
    sid: Option<Arc<str>>,
    effect: Option<Effect>,
    action: Option<Listed>,
    resource: Option<Listed>,
    operators: Vec<(Arc<str>, Arc<str>, Vec<String>)>,
}

impl<'a> StatementDraft<'a> {
    fn new(trail: &'a Trail, number: usize) -> Self {
        Self { trail, number, sid: None, effect: None, action: None, resource: None, operators: Vec::new() }
    }

    fn finish<E: de::Error>(self) -> Result<Statement, E> {
        let effect = self.effect.ok_or_else(|| E::missing_field("Effect"))?;
        let action = self.action.ok_or_else(|| E::custom("missing field `Action` or `NotAction`"))?;
        let (number, sid) = (self.number, self.sid);
        let condition = |(operator, key, values): (Arc<str>, Arc<str>, _)| {
            let place = Place::of_condition(number, sid.clone(), Arc::clone(&operator), Arc::clone(&key));
            Condition::new(place, operator, key, values)
        };
        let conditions = self.operators.into_iter().map(condition).collect();
        Ok(Statement { number, sid, effect, action, resource: self.resource, conditions, replaces_variables: false })
    }
}

impl Object for StatementDraft<'_> {
    const EXPECTED: &'static str = "an object with the statement's elements";

    fn value<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        let slot = match key.as_str() {
            "Sid" => {
                self.sid = Some(map.next_value_seed(Text { is_scalar: false })?.into());
                return Ok(());
            }
            "Effect" => {
                self.effect = Some(match map.next_value_seed(Text { is_scalar: false })?.as_str() {
                    "Allow" => Effect::Allow,
                    "Deny" => Effect::Deny,
                    other => return Err(A::Error::custom(format_args!("expected Allow or Deny, found \"{}\"", excerpt(other)))),
                });
                return Ok(());
            }
            "Principal" | "NotPrincipal" => return map.next_value::<IgnoredAny>().map(|_| ()),
            "Condition" => {
                let (trail, operators) = (self.trail, &mut self.operators);
                return map.next_value_seed(Walk { object: &mut Operators { trail, operators }, trail });
            }
            "Action" | "NotAction" => &mut self.action,
            "Resource" | "NotResource" => &mut self.resource,
            _ => {
                let expected = "Sid, Effect, Principal, Action, Resource, Condition, or Not before one of the middle three";
                return Err(A::Error::custom(format_args!("there is no such element; expected {expected}")));
            }
        };
        let texts = map.next_value_seed(Texts(Text { is_scalar: false }))?;
        let listed = if key.starts_with("Not") { Listed::AllBut(texts) } else { Listed::Only(texts) };
        match slot.replace(listed) {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("it stands beside its contrary; only one of the two can be")),
        }
    }
}

/// The operators of a condition.
struct Operators<'a> {
    trail: &'a Trail,
    operators: &'a mut Vec<(Arc<str>, Arc<str>, Vec<String>)>,
}

impl Object for Operators<'_> {
    const EXPECTED: &'static str = "an object with operators";

    fn value<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        let mut keys = Keys { operator: key.into(), seen: BTreeSet::new(), conditions: self.operators };
        map.next_value_seed(Walk { object: &mut keys, trail: self.trail })
    }
}

/// The keys of an operator.
struct Keys<'a> {
    operator: Arc<str>,
    seen: BTreeSet<String>,
    conditions: &'a mut Vec<(Arc<str>, Arc<str>, Vec<String>)>,
}

impl Object for Keys<'_> {
    const EXPECTED: &'static str = "an object with condition keys";

    fn value<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        // Case does not count in the names of condition keys, so that this would be one key twice.
        if !self.seen.insert(key.to_lowercase()) {
            return Err(A::Error::custom("it is there twice, in another case"));
        }
        let values = map.next_value_seed(Texts(Text { is_scalar: true }))?;
        self.conditions.push((Arc::clone(&self.operator), key.into(), values));
        Ok(())
    }
}

/// One text; of a scalar, also a number or a boolean as text.
#[derive(Clone, Copy)]
struct Text {
    is_scalar: bool,
}

impl<'de> DeserializeSeed<'de> for Text {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_scalar { "a string, a number or a boolean" } else { "a string" })
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<String, E> {
        self.scalar(value, Unexpected::Bool(value))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        self.scalar(number, Unexpected::Unsigned(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        self.scalar(number, Unexpected::Signed(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<String, E> {
        self.scalar(number, Unexpected::Float(number))
    }
}

impl Text {
    fn scalar<E: de::Error>(self, value: impl fmt::Display, found: Unexpected<'_>) -> Result<String, E> {
        if self.is_scalar { Ok(value.to_string()) } else { Err(E::invalid_type(found, &self)) }
    }
}

/// One text or a list of them.
struct Texts(Text);

impl<'de> DeserializeSeed<'de> for Texts {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)?;
        f.write_str(", or a list")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.0.visit_str(text).map(|text| vec![text])
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        self.0.visit_bool(value).map(|text| vec![text])
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        self.0.visit_u64(number).map(|text| vec![text])
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.0.visit_i64(number).map(|text| vec![text])
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        self.0.visit_f64(number).map(|text| vec![text])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = sequence.next_element_seed(self.0)? {
            texts.push(text);
        }
        Ok(texts)
    }
}
