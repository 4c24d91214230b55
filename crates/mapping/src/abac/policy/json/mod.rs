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
//! The [`Trail`] is where the reading stands, and what an error says besides line and column. It is strict where IAM is: the names of elements have one
//! case, an element that there is not is refused, and so is one beside its contrary. To pass over `condition` would be to read a statement that
//! allows more than its author meant.

mod object;
mod text;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::error::Category;

use crate::abac::policy::json::object::{Object, Trail, Walk};
use crate::abac::policy::json::text::{Text, Texts};
use crate::abac::policy::{Condition, Effect, Listed, Place, Policy, Statement};
use crate::error::{Error, ErrorKind, Location, excerpt};

/// What some editors mark UTF-8 files with.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads a policy.
///
/// # Errors
///
/// As [`Policy::from_json`] says.
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

/// The error of this crate for one of the JSON reader, which says the place once, and not in its own words.
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

    /// The statement, of which only the version of the policy is not known yet.
    ///
    /// # Errors
    ///
    /// If an element is missing that IAM asks for in every policy. `Resource` is none: a policy of whom a role trusts has none.
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

/// The operators of a condition. One that is not known is kept, because only whoever evaluates it needs to know it.
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
