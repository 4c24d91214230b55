//! Compares resources with a filter.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::attr_path::AttrPath;
use crate::attributes::{Attributes, View};
use crate::case_fold::{folded, is_same};
use crate::date_time::Moment;
use crate::error::{Error, ErrorKind, Location};
use crate::filter::{CompareOp, CompareValue, Comparison, Expression, Filter};
use crate::mode::Mode;
use crate::schema::{AttributeDefinition, AttributeType, Schemas};
use crate::value::Value;

/// A [`Filter`] that is ready to be compared with resources of one type, as often as wanted.
///
/// Strings compare as the schema says (`caseExact`), moments by time, whatever their zone (RFC 7643 section 2.3.5). Attributes that no schema knows
/// are taken for strings without case, or for moments where both sides are.
///
/// - An attribute of many values passes if one of them does; one of a complex attribute without a sub-attribute means its `value`.
/// - `ne` is the contrary of `eq`. `pr` asks for a value that is not empty (RFC 7644 section 3.4.2.2, table 3).
/// - Absent, `null` and a list of nothing are all unassigned, and equal `null` (RFC 7643 section 2.5).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Email, Filter, Mode, Schemas, User};
///
/// let mut user = User::new("Anna.Berg@example.com");
/// user.emails.push(Email::work("anna@example.com"));
/// let filter: Filter = r#"userName eq "anna.berg@EXAMPLE.com" and emails[type eq "work"]"#.parse()?;
/// let schemas = Schemas::user();
/// assert!(filter.matcher(&schemas, Mode::Strict)?.matches(&user));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Matcher<'a> {
    node: Node<'a>,
}

#[derive(Debug, Clone)]
enum Node<'a> {
    Present(Target<'a>),
    Compare(Target<'a>, Test<'a>),
    ValuePath(Target<'a>, Box<Self>),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

/// Where the values are.
#[derive(Debug, Clone)]
struct Target<'a> {
    extension: Option<&'a str>,
    attribute: Cow<'a, str>,
    sub_attribute: Option<&'a str>,
}

/// What a value is compared with, and how.
#[derive(Debug, Clone)]
struct Test<'a> {
    operator: CompareOp,
    value: &'a CompareValue,
    case_exact: bool,
    moment: Option<Moment>,
    takes_text_for_boolean: bool,
}

impl Filter {
    /// Makes the filter ready for resources that follow `schemas`.
    ///
    /// # Errors
    ///
    /// In [`Mode::Strict`], [`ErrorKind::Operator`] where a boolean or binary attribute is asked whether it is greater or less, which RFC 7644
    /// section 3.4.2.2 refuses; in [`Mode::Lenient`], nothing passes such a comparison.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Filter, Mode, Schemas};
    ///
    /// let filter: Filter = "active gt true".parse()?;
    /// let error = filter.matcher(&Schemas::user(), Mode::Strict).unwrap_err();
    /// assert_eq!(error.to_string(), "the operator gt does not order a boolean at active");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn matcher<'a>(&'a self, schemas: &Schemas, mode: Mode) -> Result<Matcher<'a>, Error> {
        let definition = |path: &AttrPath| schemas.definition(path);
        Ok(Matcher { node: node(self, &definition, Some(schemas), mode)? })
    }

    /// Makes the filter of a `valuePath` ready for values of `attribute`.
    pub(crate) fn value_matcher<'a>(&'a self, attribute: Option<&AttributeDefinition>, mode: Mode) -> Result<Matcher<'a>, Error> {
        let definition = |path: &AttrPath| within(attribute, path);
        Ok(Matcher { node: node(self, &definition, None, mode)? })
    }
}

impl Matcher<'_> {
    /// Whether `resource` passes.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Filter, Mode, Resource, Schemas};
    ///
    /// let filter: Filter = "meta.created gt \"2026-01-01T00:00:00Z\"".parse()?;
    /// let schemas = Schemas::user();
    /// let matcher = filter.matcher(&schemas, Mode::Strict)?;
    /// let user = Resource::from_json(br#"{"meta":{"created":"2026-01-01T01:00:00+00:30"}}"#)?;
    /// assert!(matcher.matches(&user));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn matches(&self, resource: &impl Attributes) -> bool {
        self.node.matches(&Holder::Complex(resource))
    }

    /// Whether one value of an attribute passes.
    pub(crate) fn matches_value(&self, value: &Value) -> bool {
        self.node.matches_value(&value.view())
    }
}

/// The sub-attribute that a path in brackets names.
fn within<'s>(attribute: Option<&'s AttributeDefinition>, path: &AttrPath) -> Option<&'s AttributeDefinition> {
    let attribute = attribute?;
    match attribute.attribute_type {
        AttributeType::Complex => attribute.sub_attribute(path.attribute().as_str()),
        // A list of plain values has them as the `value` that RFC 7643 section 2.4 gives every list.
        _ => path.attribute().is("value").then_some(attribute),
    }
}

fn node<'a, 's>(
    filter: &'a Filter,
    definition: &dyn Fn(&AttrPath) -> Option<&'s AttributeDefinition>,
    schemas: Option<&Schemas>,
    mode: Mode,
) -> Result<Node<'a>, Error> {
    let nodes = |filters: &'a [Filter]| filters.iter().map(|filter| node(filter, definition, schemas, mode)).collect::<Result<Vec<_>, _>>();
    Ok(match filter.expression() {
        Expression::Present(path) => Node::Present(Target::of(path, schemas)),
        Expression::Compare(comparison) => {
            Node::Compare(Target::of(comparison.path(), schemas), Test::of(comparison, definition(comparison.path()), mode)?)
        }
        Expression::ValuePath(path, filter) => {
            let attribute = definition(path);
            let inner = |path: &AttrPath| within(attribute, path);
            Node::ValuePath(Target::of(path, schemas), Box::new(node(filter, &inner, None, mode)?))
        }
        Expression::Not(filter) => Node::Not(Box::new(node(filter, definition, schemas, mode)?)),
        Expression::And(filters) => Node::And(nodes(filters)?),
        Expression::Or(filters) => Node::Or(nodes(filters)?),
    })
}

/// What a path is looked up in: a resource or complex value, or a plain value that stands for its own `value`.
enum Holder<'h, 'v> {
    Complex(&'h dyn Attributes),
    Plain(&'h View<'v>),
}

impl Node<'_> {
    /// Views go by reference: to copy one costs more than to compare it.
    fn matches(&self, holder: &Holder<'_, '_>) -> bool {
        match self {
            Self::Present(target) => target.any(holder, &mut is_present),
            Self::Compare(target, test) => {
                // Of many values, none may be equal: what `ne` finds is turned round.
                target.any(holder, &mut |view| test.passes(view)) != (test.operator == CompareOp::NotEqual)
            }
            Self::ValuePath(target, inner) => target.any_value(holder, &mut |view| inner.matches_value(view)),
            Self::Not(inner) => !inner.matches(holder),
            Self::And(nodes) => nodes.iter().all(|node| node.matches(holder)),
            Self::Or(nodes) => nodes.iter().any(|node| node.matches(holder)),
        }
    }

    fn matches_value(&self, view: &View<'_>) -> bool {
        match view {
            View::Unassigned => false,
            // An object of nothing is no value (RFC 7643 section 2.5), which is asked last because it hardly ever is one.
            View::Complex(attributes) => self.matches(&Holder::Complex(*attributes)) && !attributes.is_unassigned(),
            plain => self.matches(&Holder::Plain(plain)),
        }
    }
}

/// RFC 7644 section 3.4.2.2, table 3: the attribute has "a non-empty or non-null value", or a complex one "contains a non-empty node".
fn is_present(view: &View<'_>) -> bool {
    match view {
        View::Unassigned | View::Text("") => false,
        View::Complex(attributes) => !attributes.is_unassigned(),
        _ => true,
    }
}

impl<'a> Target<'a> {
    /// What `path` names in a resource that follows `schemas`; their core schema may be named and need not (RFC 7644 section 3.10).
    fn of(path: &'a AttrPath, schemas: Option<&Schemas>) -> Self {
        let extension = path.schema().filter(|uri| schemas.is_none_or(|schemas| schemas.core().id != **uri));
        // The URI of an extension that this crate does not know looks like an attribute of a shorter one.
        let whole = extension.filter(|_| path.sub_attribute().is_none()).map(|_| path.to_string());
        if let Some(whole) = whole.filter(|whole| schemas.is_some_and(|schemas| schemas.extension_named(whole).is_some())) {
            return Self { extension: None, attribute: Cow::Owned(whole), sub_attribute: None };
        }
        Self {
            extension: extension.map(|uri| uri.as_str()),
            attribute: Cow::Borrowed(path.attribute().as_str()),
            sub_attribute: path.sub_attribute().map(|sub| sub.as_str()),
        }
    }

    /// Whether one of the values here passes, or what stands for none of them.
    fn any(&self, holder: &Holder<'_, '_>, passes: &mut dyn FnMut(&View<'_>) -> bool) -> bool {
        let Some(sub) = self.sub_attribute else {
            return self.any_value(holder, passes);
        };
        self.any_value(holder, &mut |view| match view {
            View::Complex(attributes) => each(&attributes.view(sub), passes),
            View::Unassigned => passes(&View::Unassigned),
            // RFC 7643 section 2.4: a plain value of a list is its `value`.
            plain if sub.eq_ignore_ascii_case("value") => passes(plain),
            _ => passes(&View::Unassigned),
        })
    }

    fn any_value(&self, holder: &Holder<'_, '_>, passes: &mut dyn FnMut(&View<'_>) -> bool) -> bool {
        match holder {
            Holder::Complex(attributes) => match self.extension {
                None => each(&attributes.view(&self.attribute), passes),
                Some(uri) => match attributes.view(uri) {
                    View::Complex(extension) => each(&extension.view(&self.attribute), passes),
                    _ => passes(&View::Unassigned),
                },
            },
            Holder::Plain(plain) if self.attribute.eq_ignore_ascii_case("value") => passes(plain),
            Holder::Plain(_) => passes(&View::Unassigned),
        }
    }
}

fn each(view: &View<'_>, passes: &mut dyn FnMut(&View<'_>) -> bool) -> bool {
    match view {
        View::Values(values) => values.any(passes),
        view => passes(view),
    }
}

impl<'a> Test<'a> {
    fn of(comparison: &'a Comparison, definition: Option<&AttributeDefinition>, mode: Mode) -> Result<Self, Error> {
        let (operator, value) = (comparison.operator(), comparison.value());
        // An attribute of complex values is compared by their `value`.
        let definition = definition.map(|attribute| attribute.sub_attribute("value").unwrap_or(attribute));
        let kind = definition.map(|attribute| attribute.attribute_type);
        let is_boolean = kind == Some(AttributeType::Boolean) || matches!(value, CompareValue::Boolean(_));
        // RFC 7644 section 3.4.2.2, of gt, ge, lt and le: "Boolean and Binary attributes SHALL cause a failed response (HTTP status code 400) with
        // "scimType" of "invalidFilter"."
        if operator.is_ordering() && !mode.is_lenient() && (is_boolean || kind == Some(AttributeType::Binary)) {
            let kind = ErrorKind::Operator { operator: operator.word(), found: if is_boolean { "a boolean" } else { "bytes" } };
            return Err(Error::new(kind, Location::Attribute(comparison.path().to_string())));
        }
        let case_exact = definition.is_some_and(|attribute| {
            attribute.case_exact || matches!(attribute.attribute_type, AttributeType::Binary | AttributeType::Reference)
        });
        let text = value.as_str();
        let is_moment = matches!(kind, None | Some(AttributeType::DateTime));
        let moment = text.filter(|_| is_moment).and_then(Moment::read);
        Ok(Self { operator, value, case_exact, moment, takes_text_for_boolean: mode.is_lenient() })
    }

    fn passes(&self, view: &View<'_>) -> bool {
        // A complex value is compared by its `value`; one that has other sub-attributes is not null.
        if let View::Complex(attributes) = view {
            let value = attributes.view("value");
            let is_not_null = matches!(value, View::Unassigned) && !attributes.is_unassigned();
            return !is_not_null && self.passes(&value);
        }
        match self.operator {
            CompareOp::Equal | CompareOp::NotEqual => self.is_equal(view),
            CompareOp::Contains | CompareOp::StartsWith | CompareOp::EndsWith => match (view, self.value) {
                (View::Text(held), CompareValue::String(wanted)) => self.is_part(held, wanted),
                _ => false,
            },
            CompareOp::GreaterThan => self.order(view) == Some(Ordering::Greater),
            CompareOp::GreaterOrEqual => self.order(view).is_some_and(Ordering::is_ge),
            CompareOp::LessThan => self.order(view) == Some(Ordering::Less),
            CompareOp::LessOrEqual => self.order(view).is_some_and(Ordering::is_le),
        }
    }

    fn is_equal(&self, view: &View<'_>) -> bool {
        match (view, self.value) {
            (View::Unassigned, value) => *value == CompareValue::Null,
            (View::Boolean(held), CompareValue::Boolean(wanted)) => held == wanted,
            // Entra ID asks for `active eq "True"`.
            (View::Boolean(held), CompareValue::String(wanted)) => {
                self.takes_text_for_boolean && wanted.eq_ignore_ascii_case(if *held { "true" } else { "false" })
            }
            (View::Text(held), CompareValue::String(wanted)) => {
                if let Some(moment) = self.moment
                    && let Some(held) = Moment::read(held)
                {
                    return held == moment;
                }
                if self.case_exact {
                    return held == wanted;
                }
                is_same(held, wanted)
            }
            (View::Number(held), CompareValue::Number(wanted)) => held.compare(*wanted) == Some(Ordering::Equal),
            _ => false,
        }
    }

    fn order(&self, view: &View<'_>) -> Option<Ordering> {
        match (view, self.value) {
            (View::Text(held), CompareValue::String(wanted)) => {
                if let Some(moment) = self.moment {
                    return Moment::read(held).map(|held| held.cmp(&moment));
                }
                Some(if self.case_exact { held.cmp(&wanted.as_str()) } else { folded(held).cmp(folded(wanted)) })
            }
            (View::Number(held), CompareValue::Number(wanted)) => held.compare(*wanted),
            _ => None,
        }
    }

    fn is_part(&self, held: &str, wanted: &str) -> bool {
        if self.case_exact {
            return part(self.operator, held.as_bytes(), wanted.as_bytes(), <[u8]>::eq);
        }
        if held.is_ascii() && wanted.is_ascii() {
            return part(self.operator, held.as_bytes(), wanted.as_bytes(), <[u8]>::eq_ignore_ascii_case);
        }
        let (held, wanted): (String, String) = (folded(held).collect(), folded(wanted).collect());
        part(self.operator, held.as_bytes(), wanted.as_bytes(), <[u8]>::eq)
    }
}

/// Whether `wanted` is in `held` where the operator asks for it. Both are UTF-8, so a character is never found inside of another.
fn part(operator: CompareOp, held: &[u8], wanted: &[u8], same: impl Fn(&[u8], &[u8]) -> bool) -> bool {
    let Some(room) = held.len().checked_sub(wanted.len()) else { return false };
    let at = |start: usize| held.get(start..start + wanted.len()).is_some_and(|part| same(part, wanted));
    match operator {
        CompareOp::StartsWith => at(0),
        CompareOp::EndsWith => at(room),
        _ => {
            let Some(first) = wanted.first() else { return true };
            let starts = |start: &usize| held.get(*start).is_some_and(|byte| byte.eq_ignore_ascii_case(first));
            (0..=room).filter(starts).any(at)
        }
    }
}
