//! Whether the conditions of a statement hold for a person.

use std::collections::{BTreeMap, BTreeSet};

use crate::abac::policy::operator::{Comparison, Operator, Quantifier, TextTest};
use crate::abac::policy::template::{Resolved, Unit, Value, resolve};
use crate::abac::policy::wildcard::{is_like, plain};
use crate::abac::policy::{Condition, Context, Place, Statement, principal_tag};

/// Whether all conditions of a statement hold.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use idbridge_mapping::abac::policy::{ConditionResult, Context, Policy};
///
/// let policy = Policy::from_json(br#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
///     "Condition": {"StringEquals": {"ec2:ResourceTag/Team": "${aws:PrincipalTag/Team}"}}}}"#)?;
/// let anna = BTreeMap::from([("Team".to_owned(), "red".to_owned())]);
/// let statement = &policy.statements()[0];
///
/// let on_a_red_instance = Context::new().with("ec2:ResourceTag/Team", ["red"]);
/// assert_eq!(statement.condition_on(&anna, &on_a_red_instance), ConditionResult::Holds);
/// let ConditionResult::Unknown { keys, .. } = statement.condition_on(&anna, &Context::new()) else { panic!() };
/// assert!(keys.contains("ec2:ResourceTag/Team"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "who acts on it must decide for each of them")]
pub enum ConditionResult {
    /// All of them hold, or there are none, so the statement applies as far as conditions go.
    Holds,
    /// One at least does not hold, whatever is unknown of the others.
    DoesNotHold {
        /// Those that do not hold.
        failed: Vec<Place>,
    },
    /// It depends on what is not known here.
    Unknown {
        /// The condition keys whose values would have to be known, as the policy writes them. Among them are tags of the person whose key is there
        /// in another case only, and keys with several values under an operator for one.
        keys: BTreeSet<String>,
        /// The operators that are not evaluated here, as the policy writes them.
        operators: BTreeSet<String>,
    },
}

impl Statement {
    /// Whether the conditions of this statement hold for a person with `tags` (key to value), in a request of which `context` is known.
    ///
    /// This is not IAM's evaluation: see [the module](crate::abac::policy). Evaluated are `StringEquals`, `StringEqualsIgnoreCase`, `StringLike`,
    /// their contraries and `Null`, with `IfExists`, `ForAnyValue:` and `ForAllValues:`. Several values of the policy are alternatives; a contrary
    /// holds where none of them matches.
    ///
    /// | key is absent | result |
    /// |---|---|
    /// | `..IfExists` | holds |
    /// | `ForAllValues:` | holds |
    /// | `ForAnyValue:` | does not hold |
    /// | `StringNotEquals`, `StringNotEqualsIgnoreCase`, `StringNotLike` | holds |
    /// | `StringEquals`, `StringEqualsIgnoreCase`, `StringLike` | does not hold |
    ///
    /// A variable without value or default matches nothing. The value of a variable is taken letter for letter: a `*` in a tag is no wildcard. AWS
    /// says of tag keys both that case counts (for access control attributes) and that it does not (for condition keys); where only the case
    /// differs, the result is unknown. So is `ForAllValues:` or `Null` on a value that is empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use idbridge_mapping::abac::policy::{ConditionResult, Context, Policy};
    ///
    /// let policy = Policy::from_json(br#"{"Statement": {"Sid": "Guests", "Effect": "Deny", "Action": "*", "Resource": "*",
    ///     "Condition": {"StringNotEquals": {"aws:PrincipalTag/Team": ["red", "blue"]}}}}"#)?;
    /// let result = |tags| policy.statements()[0].condition_on(&tags, &Context::new());
    ///
    /// assert_eq!(result(BTreeMap::new()), ConditionResult::Holds, "who has no team is denied too");
    /// let ConditionResult::DoesNotHold { failed } = result([("Team".to_owned(), "blue".to_owned())].into()) else { panic!() };
    /// assert_eq!(failed[0].to_string(), "statement 1 (Guests), Condition, StringNotEquals, aws:PrincipalTag/Team");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn condition_on(&self, tags: &BTreeMap<String, String>, context: &Context) -> ConditionResult {
        let request = Request { tags, context, replaces_variables: self.replaces_variables };
        let (mut failed, mut keys, mut operators) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for condition in self.conditions() {
            match request.evaluate(condition) {
                Outcome::Holds => {}
                Outcome::Fails => failed.push(condition.place().clone()),
                Outcome::DependsOn(unknown) => keys.extend(unknown.into_iter().map(str::to_owned)),
                Outcome::NotEvaluated => {
                    operators.insert(condition.operator().to_owned());
                }
            }
        }
        if !failed.is_empty() {
            ConditionResult::DoesNotHold { failed }
        } else if keys.is_empty() && operators.is_empty() {
            ConditionResult::Holds
        } else {
            ConditionResult::Unknown { keys, operators }
        }
    }
}

/// Whether one condition holds.
enum Outcome<'a> {
    Holds,
    Fails,
    DependsOn(Vec<&'a str>),
    NotEvaluated,
}

impl From<bool> for Outcome<'_> {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// What is known of a request.
struct Request<'a> {
    tags: &'a BTreeMap<String, String>,
    context: &'a Context,
    replaces_variables: bool,
}

impl<'a> Request<'a> {
    fn evaluate(&self, condition: &'a Condition) -> Outcome<'a> {
        let Some(operator) = condition.test else { return Outcome::NotEvaluated };
        let unknown = Outcome::DependsOn(vec![condition.key()]);
        let Some(values) = self.values(condition.key()) else { return unknown };
        match operator {
            Operator::Null => {
                if values.iter().any(|value| value.is_empty()) {
                    return unknown;
                }
                let wanted: Option<Vec<bool>> = condition.values().iter().map(|text| text.to_ascii_lowercase().parse().ok()).collect();
                wanted.map_or(Outcome::NotEvaluated, |wanted| wanted.contains(&values.is_empty()).into())
            }
            Operator::Text(test) if values.is_empty() => test.holds_if_absent().into(),
            Operator::Text(TextTest { quantifier: None, .. }) if values.len() > 1 => unknown,
            Operator::Text(TextTest { quantifier: Some(_), .. }) if values.iter().any(|value| value.is_empty()) => unknown,
            Operator::Text(test) => self.compare(test, &values, condition.values()),
        }
    }

    /// Compares the values of a key that is there with those of the policy.
    fn compare(&self, test: TextTest, values: &[&str], expected: &'a [String]) -> Outcome<'a> {
        let (mut patterns, mut unknown) = (Vec::new(), Vec::new());
        for text in expected {
            match resolve(text, self.replaces_variables, |key| self.variable(key)) {
                Resolved::Text(units) => patterns.push(units),
                Resolved::Nothing => {}
                Resolved::Unknown(keys) => unknown.extend(keys),
            }
        }
        // Of one value: whether it passes; nothing if what decides it is unknown.
        let passes = |value: &&str| {
            let is_matched = patterns.iter().any(|pattern| matches(test.comparison, value, pattern));
            (is_matched || unknown.is_empty()).then_some(is_matched != test.is_negated)
        };
        let passed: Vec<Option<bool>> = values.iter().map(passes).collect();
        // What decides alone: one that passes for any, and one that does not for all.
        let decides = test.quantifier == Some(Quantifier::ForAnyValue);
        if passed.contains(&Some(decides)) {
            decides.into()
        } else if passed.contains(&None) {
            Outcome::DependsOn(unknown)
        } else {
            (!decides).into()
        }
    }

    /// The values of a condition key: none if it is absent, and nothing if it is unknown.
    fn values(&self, key: &str) -> Option<Vec<&'a str>> {
        let Some(tag) = principal_tag(key) else {
            return self.context.values(key).map(|values| values.iter().map(String::as_str).collect());
        };
        if let Some(value) = self.tags.get(tag) {
            return Some(vec![value]);
        }
        let folded = tag.to_lowercase();
        if self.tags.keys().any(|known| known.to_lowercase() == folded) { None } else { Some(Vec::new()) }
    }

    /// The value of a policy variable, for which a key must have one.
    fn variable(&self, key: &'a str) -> Value<'a, &'a str> {
        match self.values(key).as_deref() {
            Some([]) => Value::Absent,
            Some([value]) => Value::Is(value),
            Some(_) | None => Value::Unknown(key),
        }
    }
}

fn matches(comparison: Comparison, value: &str, pattern: &[Unit]) -> bool {
    match comparison {
        Comparison::Equals => plain(pattern) == value,
        Comparison::EqualsIgnoreCase => plain(pattern).to_lowercase() == value.to_lowercase(),
        Comparison::Like => is_like(value, pattern),
    }
}
