//! What is shown, as text and as JSON.

use std::fmt;

use idbridge_mapping::abac::policy::{ConditionResult, Context, Effect, Policy, PolicyFinding, PolicySeverity};
use idbridge_mapping::abac::{EffectiveTags, PeopleTags};
use idbridge_mapping::directory::{DirectoryId, Snapshot};
use idbridge_mapping::{Finding, escaped};
use serde_json::{Value, json};

use crate::Given;

/// The people with their tags, and what was found.
pub(crate) struct Page<'a> {
    people: Vec<(String, &'a DirectoryId, &'a EffectiveTags)>,
    unknown: Vec<&'a DirectoryId>,
    rules: Vec<Finding>,
    policy: Vec<PolicyFinding>,
    /// Which statements hold, where one person is shown.
    statements: Vec<(String, String)>,
}

impl<'a> Page<'a> {
    /// Everybody, or the one who is called `person`.
    pub(crate) fn new(directory: &Snapshot, tags: &'a PeopleTags, given: &Given, person: Option<&str>) -> Result<Self, String> {
        let is_meant = |id: &DirectoryId| match (person, directory.users().get(id)) {
            (None, _) => true,
            (Some(name), Some(user)) => {
                id.as_str() == name || [&user.email, &user.username].into_iter().any(|own| own.as_deref() == Some(name))
            }
            (Some(_), None) => false,
        };
        let all = tags.people().iter().filter(|(id, _)| is_meant(id));
        let people: Vec<_> = all.map(|(id, person)| (tags.label_of(id), id, person)).collect();
        let unknown: Vec<_> = tags.unknown().iter().filter(|id| is_meant(id)).collect();
        if let (Some(name), true) = (person, people.is_empty() && unknown.is_empty()) {
            return Err(format!("nobody who may use the application has the e-mail address, username or identifier {name:?}"));
        }
        let policy = given.policy.as_ref();
        let statements = match (policy, person, people.as_slice()) {
            (Some(policy), Some(_), [(_, _, tags)]) => statements(policy, tags),
            _ => Vec::new(),
        };
        let findings = policy.map(|policy| tags.lint(policy)).unwrap_or_default();
        Ok(Self { people, unknown, rules: given.rules.saml.findings(), policy: findings, statements })
    }

    /// Whether something will not work as it was meant.
    pub(crate) fn is_wrong(&self) -> bool {
        let policy = self.policy.iter().any(|finding| finding.severity() == PolicySeverity::Warns);
        policy || !self.rules.is_empty() || !self.unknown.is_empty() || self.people.iter().any(|(_, _, tags)| !tags.findings().is_empty())
    }

    pub(crate) fn to_json(&self) -> String {
        let people = self.people.iter().map(|(label, id, tags)| {
            let tags: Value = serde_json::from_str(&tags.to_json()).unwrap_or_default();
            json!({"id": id.as_str(), "label": label, "tags": tags.get("tags"), "findings": tags.get("findings")})
        });
        let rules = self.rules.iter().map(|finding| json!({"code": finding.code(), "message": finding.to_string()}));
        let policy = self.policy.iter().map(|finding| json!({"code": finding.code(), "message": finding.to_string()}));
        let statements = self.statements.iter().map(|(name, result)| json!({"statement": name, "result": result}));
        let page = json!({
            "people": people.collect::<Vec<_>>(),
            "unknown": self.unknown.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
            "rules": rules.collect::<Vec<_>>(),
            "policy": policy.collect::<Vec<_>>(),
            "statements": statements.collect::<Vec<_>>(),
        });
        format!("{page:#}")
    }
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, _, tags) in &self.people {
            writeln!(f, "{}", escaped(label))?;
            tags.to_string().lines().try_for_each(|line| writeln!(f, "  {line}"))?;
            writeln!(f)?;
        }
        for id in &self.unknown {
            writeln!(f, "{} is held, so that nothing is known of their tags; the example mapping says why\n", escaped(id.as_str()))?;
        }
        for finding in &self.rules {
            writeln!(f, "rules: {}: {finding}", finding.code())?;
        }
        for finding in &self.policy {
            writeln!(f, "policy: {}: {finding}", finding.code())?;
        }
        if !self.statements.is_empty() {
            writeln!(f, "\nConditions of the policy, from the tags alone; this is not IAM's full evaluation:")?;
        }
        self.statements.iter().try_for_each(|(name, result)| writeln!(f, "  {name}: {result}"))
    }
}

/// Each statement of `policy` with what its conditions come to for somebody with `tags`.
fn statements(policy: &Policy, tags: &EffectiveTags) -> Vec<(String, String)> {
    let tags = tags.to_map();
    let all = policy.statements().iter().map(|statement| {
        let effect = if statement.effect() == Effect::Allow { "allows" } else { "denies" };
        let sid = statement.sid().map(|sid| format!(" ({})", escaped(sid))).unwrap_or_default();
        let result = match statement.condition_on(&tags, &Context::new()) {
            ConditionResult::Holds => "its conditions hold".to_owned(),
            ConditionResult::DoesNotHold { failed } => {
                let places: Vec<_> = failed.iter().map(ToString::to_string).collect();
                format!("does not apply, because of {}", places.join("; "))
            }
            ConditionResult::Unknown { keys, operators } => {
                let on: Vec<_> = keys.into_iter().chain(operators).collect();
                format!("depends on {}", on.join(", "))
            }
        };
        (format!("statement {}{sid}, which {effect}", statement.number()), result)
    });
    all.collect()
}
