//! Expressions: what a rule says where copying an attribute is not enough.
//!
//! The language is that of [MiniJinja's expressions](https://docs.rs/minijinja/latest/minijinja/syntax/#expressions), which many know from Jinja:
//! no statements, no loops, no `*` to repeat a text, and of filters and functions only those below.
//!
//! | of a person | is |
//! | --- | --- |
//! | `id`, `username`, `email`, `firstname`, `middlename`, `lastname`, `displayname`, `jobTitle`, `company`, `department`, `costCenter`, `employeeType`, `employeeIdentifier`, `location` | the field of the directory |
//! | `addresses.work.region` | a part of the first address of a type: `streetAddress`, `locality`, `region`, `postalCode` or `country` |
//! | `phoneNumbers.mobile.number` | the first telephone number of a type |
//! | `attributes.badge`, `attributes["cost center"]` | a custom attribute |
//! | `manager.email` | one of the fields above, of the person whom this one reports to |
//! | `groups` | the names of the groups that the person is in |
//!
//! Of a group there are `id`, `name` and `attributes`.
//!
//! | filter | gives |
//! | --- | --- |
//! | `lower`, `upper`, `trim` | the text in small or capital letters, or without white space around it |
//! | `default(x)` | `x` where there is nothing |
//! | `replace(a, b)`, `remove_prefix(a)`, `remove_suffix(a)` | the text with `b` for each `a`, or without `a` at its beginning or end |
//! | `split(a)`, `join(a)`, `first`, `last` | a list of the parts between each `a`, the text of a list, the first or last of a list |
//! | `local_part`, `domain` | what is before or behind the last `@` |
//! | `match(a)` | whether the whole text is like `a`, in which `*` stands for any text; without regard to case |
//! | `starts_with(a)`, `ends_with(a)` | whether the text begins or ends so, letter for letter |
//!
//! `in_group(name)` says whether the person is in a group of that name, letter for letter; `first_of(a, b, ..)` gives the first that is there. A table is
//! written as it is: `{"Norway": "NO", "Germany": "DE"}[addresses.work.country]`.
//!
//! What is not there is *absent*, and so is whatever is made of it: `firstname ~ " " ~ lastname` of a person without a family name is absent, not half a
//! name, and `department == "Sales"` of one without a department is absent, not false. `default`, `first_of`, `or`, `if` and `is defined` ask for it.

mod engine;
mod facts;
mod filters;
mod scan;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use minijinja::value::{Value, ValueKind};

use crate::error::{Error, ErrorKind, Location};
use crate::finding::{ExpressionFailure, FindingKind};

pub use facts::Facts;

/// An expression that was read: a text that is computed of a record, or a truth value.
///
/// It is pure, always ends, and is bounded: [`Expression::LONGEST`] bytes of the expression, [`Expression::LONGEST_TEXT`] bytes of every text on the way.
/// A name that no record has, a filter or a function that there is not, is refused when it is read. It prints as it was given.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Expression, Facts, Surroundings, directory::{DirectoryId, User}};
///
/// let mut anna = User::new(DirectoryId::new("u1")?);
/// anna.email = Some("Anna.Berg@example.com".to_owned());
/// let surroundings = Surroundings::none();
/// let facts = Facts::of_user(&anna, &surroundings);
///
/// for (expression, expected) in [
///     ("email | local_part | lower", Some("anna.berg")),
///     ("department ~ ' team'", None),
///     ("department | default('none')", Some("none")),
/// ] {
///     assert_eq!(Expression::new(expression)?.evaluate(&facts), Ok(expected.map(str::to_owned)));
/// }
///
/// let error = Expression::new("emial | lower").unwrap_err();
/// assert_eq!(error.to_string(), "invalid expression at line 1 column 1: unknown name emial");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Clone)]
pub struct Expression(Arc<Program>);

struct Program {
    text: String,
    names: BTreeSet<scan::Chain>,
    compiled: minijinja::Expression<'static, 'static>,
}

impl Expression {
    /// The most bytes that an expression may have.
    pub const LONGEST: usize = 4096;

    /// The most bytes that a text may have that an expression reads, makes on the way, or gives.
    pub const LONGEST_TEXT: usize = 16 * 1024;

    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expression`] with the place in the text, for one that is blank, longer than [`Expression::LONGEST`], or not well-formed, and for one that
    /// uses a name, a filter, a test or a function that there is not.
    ///
    /// | the reason | what to do |
    /// | --- | --- |
    /// | `unknown name ..` | take a name of the table in the [module](self); custom attributes are `attributes.name` |
    /// | `unknown filter ..`, `unknown test ..`, `unknown function ..` | take one of the tables; those of Jinja that are not there are left out on purpose |
    /// | `expected at most .. bytes, found ..` | split the expression into two rules, or write a table in the directory |
    /// | anything else | the text is not well-formed at the place that [`Error::at`] says |
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Expression, Location};
    ///
    /// assert!(Expression::new("first_of(attributes.title, jobTitle) | upper").is_ok());
    /// for text in ["", "email |", "mail", "email | shout", "include('file')"] {
    ///     assert!(Expression::new(text).is_err(), "{text}");
    /// }
    /// let error = Expression::new("email ~ mail").unwrap_err();
    /// assert_eq!(error.at(), &Location::Text { line: 1, column: 9 });
    /// ```
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        let invalid = |reason: String, at: usize| Error::new(ErrorKind::Expression { reason }, Location::of(&text, at));
        if text.trim().is_empty() {
            return Err(invalid("expected an expression, found nothing".to_owned(), 0));
        }
        if text.len() > Self::LONGEST {
            return Err(invalid(format!("expected at most {} bytes, found {}", Self::LONGEST, text.len()), 0));
        }
        let compiled = engine::compile(&text).map_err(|(reason, at)| invalid(reason, at))?;
        let names = scan::names(&text).map_err(|(reason, at)| invalid(reason, at))?;
        Ok(Self(Arc::new(Program { text, names, compiled })))
    }

    /// The expression as it was given.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::Expression;
    ///
    /// let expression: Expression = "email | lower".parse()?;
    /// assert_eq!((expression.as_str(), expression.to_string().as_str()), ("email | lower", "email | lower"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Computes the text; nothing if it is absent or blank. The text is trimmed. A number or a truth value is written as a text.
    ///
    /// # Errors
    ///
    /// [`FindingKind::ExpressionFailed`] if it cannot be computed of this record, with the reason; it holds only if the directory was not read to its end
    /// and the expression asks for what may be missing.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Expression, Facts, Surroundings, directory::{DirectoryId, User}};
    ///
    /// let mut anna = User::new(DirectoryId::new("u1")?);
    /// anna.first_name = Some("Anna".to_owned());
    /// anna.department = Some("Sales; EMEA".to_owned());
    /// anna.custom.insert("country".to_owned(), "Norway".to_owned());
    /// let surroundings = Surroundings::none();
    /// let facts = Facts::of_user(&anna, &surroundings);
    /// for (expression, expected) in [
    ///     ("department | split(';') | last", Some("EMEA")),
    ///     (r#"{"Norway": "NO", "Germany": "DE"}[attributes.country]"#, Some("NO")),
    ///     // Half of a name is no name.
    ///     ("firstname ~ ' ' ~ lastname", None),
    ///     ("firstname ~ ' ' ~ lastname | default('?')", Some("Anna ?")),
    ///     ("'yes' if department | match('sales*') else 'no'", Some("yes")),
    /// ] {
    ///     assert_eq!(Expression::new(expression)?.evaluate(&facts), Ok(expected.map(str::to_owned)), "{expression}");
    /// }
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn evaluate(&self, facts: &Facts<'_>) -> Result<Option<String>, FindingKind> {
        let Some(value) = self.value(facts).map_err(failed)? else { return Ok(None) };
        let text = match value.kind() {
            ValueKind::String => value.as_str().unwrap_or_default().trim().to_owned(),
            ValueKind::Number => value.to_string(),
            ValueKind::Bool => value.is_true().to_string(),
            other => return Err(failed(ExpressionFailure::WrongType { expected: "a text", found: name_of(other) })),
        };
        if text.len() > Self::LONGEST_TEXT {
            return Err(failed(ExpressionFailure::TooLong { longest: Self::LONGEST_TEXT }));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// Whether it holds; nothing if it is absent.
    ///
    /// # Errors
    ///
    /// [`FindingKind::ScopeUndecided`] if it cannot be computed of this record, or gives neither true nor false.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Expression, Facts, directory::{DirectoryId, Group}};
    ///
    /// let group = Group::new(DirectoryId::new("g1")?, "AWS Admins");
    /// assert_eq!(Expression::new("name | match('aws *')")?.holds(&Facts::of_group(&group)), Ok(Some(true)));
    /// assert_eq!(Expression::new("attributes.region == 'EU'")?.holds(&Facts::of_group(&group)), Ok(None));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn holds(&self, facts: &Facts<'_>) -> Result<Option<bool>, FindingKind> {
        let undecided = |reason| FindingKind::ScopeUndecided { reason: Some(reason) };
        let Some(value) = self.value(facts).map_err(undecided)? else { return Ok(None) };
        match value.kind() {
            ValueKind::Bool => Ok(Some(value.is_true())),
            other => Err(undecided(ExpressionFailure::WrongType { expected: "true or false", found: name_of(other) })),
        }
    }

    /// Whether it asks for the groups or for the manager of a person.
    ///
    /// Such an expression holds the record over a directory that was not read to its end.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::Expression;
    ///
    /// assert!(Expression::new("in_group('Admins')")?.needs_surroundings());
    /// assert!(Expression::new("manager.email | default(email)")?.needs_surroundings());
    /// assert!(!Expression::new("department == 'Sales'")?.needs_surroundings());
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn needs_surroundings(&self) -> bool {
        self.0.names.iter().any(|chain| facts::is_around(chain.root()))
    }

    /// The first name in it that a group does not have.
    pub(crate) fn not_of_a_group(&self) -> Option<&str> {
        self.0.names.iter().map(scan::Chain::root).find(|name| !facts::OF_A_GROUP.contains(name))
    }

    /// The first name in it that a person does not have.
    pub(crate) fn not_of_a_person(&self) -> Option<&str> {
        self.0.names.iter().map(scan::Chain::root).find(|name| *name == facts::GROUP_NAME)
    }

    fn value(&self, facts: &Facts<'_>) -> Result<Option<Value>, ExpressionFailure> {
        if facts.is_partial() && self.needs_surroundings() {
            return Err(ExpressionFailure::DirectoryIncomplete);
        }
        let context = facts.context(&self.0.names)?;
        engine::evaluate(&self.0.compiled, context)
    }
}

fn failed(reason: ExpressionFailure) -> FindingKind {
    FindingKind::ExpressionFailed { reason, holds: reason == ExpressionFailure::DirectoryIncomplete }
}

fn name_of(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Undefined | ValueKind::None => "nothing",
        ValueKind::Bool => "true or false",
        ValueKind::Number => "a number",
        ValueKind::String => "a text",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        _ => "a table",
    }
}

impl FromStr for Expression {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.0.text).finish()
    }
}

/// Two are equal if they are written alike.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Expression {}

impl PartialOrd for Expression {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Expression {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.text.cmp(&other.0.text)
    }
}
