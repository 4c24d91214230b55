//! The shape of a file of rules.

use idbridge_scim::AttrPath;
use serde::de::{Deserialize, Deserializer, Error};

use crate::rule::{InactiveWhen, Rule, Source, WhenAbsent, Write};
use crate::scope::NamePattern;

#[cfg(feature = "expressions")]
use crate::expression::Expression;

/// The whole file; `R` is a rule for SCIM and `A` an attribute of SAML, with its place in the text.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "R: Deserialize<'de>, A: Deserialize<'de>")]
pub(super) struct WireFile<R, A> {
    #[serde(default = "Vec::new")]
    pub(super) users: Vec<R>,
    #[serde(default = "Vec::new")]
    pub(super) groups: Vec<R>,
    #[serde(default)]
    pub(super) inactive_when: WireInactiveWhen,
    #[serde(default)]
    pub(super) scope: WireScope,
    #[cfg(feature = "saml")]
    #[serde(default = "WireSaml::none")]
    pub(super) saml: WireSaml<A>,
    #[cfg(not(feature = "saml"))]
    #[serde(default, deserialize_with = "read_over")]
    pub(super) saml: std::marker::PhantomData<A>,
}

/// Nothing is checked but the shape: which of the keys fit together is said by [`into_rule`](Self::into_rule), in words that name the rule.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireRule {
    pub(super) id: String,
    #[serde(default, deserialize_with = "parsed")]
    source: Option<Source>,
    #[cfg(feature = "expressions")]
    #[serde(default, deserialize_with = "parsed")]
    expression: Option<Expression>,
    constant: Option<String>,
    #[serde(deserialize_with = "target")]
    target: AttrPath,
    #[serde(default)]
    when_absent: WireWhenAbsent,
    #[serde(default)]
    write: WireWrite,
    #[serde(default = "yes")]
    clear: bool,
    #[serde(default = "yes")]
    enabled: bool,
}

#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum WireWhenAbsent {
    #[default]
    LeaveOut,
    Hold,
    Constant(String),
}

#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum WireWrite {
    #[default]
    Managed,
    OnCreate,
}

#[derive(serde::Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WireInactiveWhen {
    password_expired: bool,
    account_locked: bool,
    not_activated: bool,
}

#[derive(serde::Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WireScope {
    #[cfg(feature = "expressions")]
    #[serde(deserialize_with = "parsed")]
    pub(super) users: Option<Expression>,
    #[cfg(feature = "expressions")]
    #[serde(deserialize_with = "parsed")]
    pub(super) groups: Option<Expression>,
    #[serde(deserialize_with = "patterns")]
    pub(super) include_groups: Vec<NamePattern>,
    #[serde(deserialize_with = "patterns")]
    pub(super) exclude_groups: Vec<NamePattern>,
}

#[cfg(feature = "saml")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "A: Deserialize<'de>")]
pub(super) struct WireSaml<A> {
    #[serde(default, deserialize_with = "parsed")]
    pub(super) name_id: Option<Source>,
    pub(super) format: Option<String>,
    #[serde(default = "Vec::new")]
    pub(super) attributes: Vec<A>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "saml"), expect(dead_code, reason = "it stands for what a file without SAML does not have"))]
pub(super) struct WireAttribute {
    pub(super) name: Option<String>,
    pub(super) access_control: Option<String>,
    pub(super) name_format: Option<String>,
    #[serde(default, deserialize_with = "parsed")]
    source: Option<Source>,
    #[cfg(feature = "expressions")]
    #[serde(default, deserialize_with = "parsed")]
    expression: Option<Expression>,
    constant: Option<String>,
}

impl WireRule {
    /// The rule, if it says in one way where the value comes from.
    pub(super) fn into_rule(self) -> Result<Rule, String> {
        #[cfg(feature = "expressions")]
        let source = one_source([self.source, self.expression.map(Source::Expression), self.constant.map(Source::Constant)])?;
        #[cfg(not(feature = "expressions"))]
        let source = one_source([self.source, self.constant.map(Source::Constant)])?;
        let mut rule = Rule::new(self.id, source, self.target);
        rule.when_absent = match self.when_absent {
            WireWhenAbsent::LeaveOut => WhenAbsent::LeaveOut,
            WireWhenAbsent::Hold => WhenAbsent::Hold,
            WireWhenAbsent::Constant(text) => WhenAbsent::Constant(text),
        };
        rule.write = match self.write {
            WireWrite::Managed => Write::Managed,
            WireWrite::OnCreate => Write::OnCreate,
        };
        (rule.clear, rule.enabled) = (self.clear, self.enabled);
        Ok(rule)
    }
}

#[cfg(feature = "saml")]
impl WireAttribute {
    /// Where the value comes from, if it is said in one way.
    pub(super) fn source(&self) -> Result<Source, String> {
        #[cfg(feature = "expressions")]
        let expression = self.expression.clone().map(Source::Expression);
        #[cfg(not(feature = "expressions"))]
        let expression = None;
        one_source([self.source.clone(), expression, self.constant.clone().map(Source::Constant)])
    }
}

#[cfg(feature = "saml")]
impl<A> WireSaml<A> {
    fn none() -> Self {
        Self { name_id: None, format: None, attributes: Vec::new() }
    }
}

/// Exactly one is asked for: with two of them, which one counts would be up to the reader.
fn one_source(sources: impl IntoIterator<Item = Option<Source>>) -> Result<Source, String> {
    let mut sources = sources.into_iter().flatten();
    match (sources.next(), sources.next()) {
        (Some(source), None) => Ok(source),
        (None, _) => Err("expected a source, an expression or a constant, found none".to_owned()),
        (Some(_), Some(_)) => Err("expected one of source, expression and constant, found two".to_owned()),
    }
}

impl From<WireInactiveWhen> for InactiveWhen {
    fn from(wire: WireInactiveWhen) -> Self {
        Self { password_expired: wire.password_expired, account_locked: wire.account_locked, not_activated: wire.not_activated }
    }
}

/// Who sends nothing by SAML need not know what would be sent.
#[cfg(not(feature = "saml"))]
fn read_over<'de, D: Deserializer<'de>, A>(from: D) -> Result<std::marker::PhantomData<A>, D::Error> {
    serde::de::IgnoredAny::deserialize(from).map(|_| std::marker::PhantomData)
}

fn yes() -> bool {
    true
}

/// The error of the text itself becomes the error of the file, at the place of the text.
fn parsed<'de, D: Deserializer<'de>, T: std::str::FromStr<Err = crate::Error>>(from: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

fn target<'de, D: Deserializer<'de>>(from: D) -> Result<AttrPath, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}

fn patterns<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<NamePattern>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    texts.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(D::Error::custom)
}
