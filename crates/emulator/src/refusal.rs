//! Why a request is refused: AWS's status and AWS's words.
//!
//! The user guide shows two kinds of text for a 400: one sentence for everything, which most recorded answers have, and finer ones for some causes.
//! Where a finer one is documented it is given; everywhere else the sentence.

use std::borrow::Cow;

use idbridge_scim::{AttributeRule, CharacterClass, Finding, Profile, Rule, SchemaUri, ValueClass};

/// The generic text of a 400, by far the most frequent in what was recorded.
const GENERIC: &str = "Request is unparsable, syntactically incorrect, or violates schema.";

/// One refusal: the status of the answer and its `detail`.
///
/// The texts of 400 and 409 are AWS's, recorded or documented; those of 401, 404, 429 and 500 were never recorded and are this crate's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// What stands under `detail` in the body.
    pub(crate) detail: Cow<'static, str>,
}

impl Refusal {
    const fn new(status: u16, detail: &'static str) -> Self {
        Self { status, detail: Cow::Borrowed(detail) }
    }

    /// Anything that AWS has no finer text for (recorded 2022 and 2023).
    pub(crate) const fn generic() -> Self {
        Self::new(400, GENERIC)
    }

    /// A body that is not JSON (user guide, troubleshooting).
    pub(crate) const fn json() -> Self {
        Self::new(400, "Invalid JSON from RequestBody")
    }

    /// A filter outside the documented combinations (user guide, SCIM logging).
    pub(crate) const fn filter() -> Self {
        Self::new(400, "Invalid Filter format")
    }

    /// A `remove` without a path (user guide, SCIM logging).
    pub(crate) const fn missing_path() -> Self {
        Self::new(400, "Missing path in PATCH request")
    }

    /// An operation without a path on anything but one attribute (recorded 2024).
    pub(crate) const fn path_omitted() -> Self {
        Self::new(
            400,
            "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a single attribute.",
        )
    }

    /// `replace` on members (recorded 2026).
    pub(crate) const fn replacing_members() -> Self {
        Self::new(400, "Replacing group memberships is not supported.")
    }

    /// A token or a tenant that is not known.
    pub(crate) const fn unauthorized() -> Self {
        Self::new(401, "Unauthorized")
    }

    /// An id that nothing has, or an endpoint that there is none of.
    pub(crate) const fn not_found() -> Self {
        Self::new(404, "Resource not found.")
    }

    /// A clash of a unique attribute; AWS never says which (recorded 2022).
    pub(crate) const fn duplicate() -> Self {
        Self::new(409, "Refused to create a new, duplicate resource.")
    }

    /// More requests than the rates admit.
    pub(crate) const fn throttled() -> Self {
        Self::new(429, "Rate exceeded")
    }

    /// A failure of the service itself.
    pub(crate) const fn failed(status: u16) -> Self {
        Self::new(status, "Internal server error")
    }

    /// What AWS says of a resource that breaks its rules; `Ok` if there is nothing to say.
    ///
    /// A list of too many values comes first. The rules that texts break are counted and named together, whatever else is wrong. Anything
    /// else (missing, unknown, of another type) has the generic text.
    pub(crate) fn of_findings(findings: &[Finding], rules: &[AttributeRule], profile: &Profile) -> Result<(), Self> {
        if findings.is_empty() {
            return Ok(());
        }
        let too_many = findings.iter().find(|finding| matches!(finding.rule, Rule::TooManyValues { .. }));
        if let Some(Finding { path, .. }) = too_many {
            // AWS's documented text for addresses lacks a word that the one for e-mails has.
            let verb = if path.eq_ignore_ascii_case("addresses") { "" } else { "exceeds " };
            let detail = format!("List attribute {path} {verb}allowed limit of 1");
            return Err(Self { status: 400, detail: Cow::Owned(detail) });
        }
        let broken: Vec<String> = findings.iter().flat_map(|finding| constraints(finding, rules, profile)).collect();
        if broken.is_empty() {
            return Err(Self::generic());
        }
        let detail = format!("{} validation errors detected: {}", broken.len(), broken.join("; "));
        Err(Self { status: 400, detail: Cow::Owned(detail) })
    }
}

/// The constraints that a text breaks, in the words of the user guide's SCIM logging page.
fn constraints(finding: &Finding, rules: &[AttributeRule], profile: &Profile) -> Vec<String> {
    let is_rule = |rule: &&AttributeRule| rule.value == ValueClass::Text && rule.path.eq_ignore_ascii_case(&finding.path);
    let Some(rule) = rules.iter().find(is_rule) else {
        return Vec::new();
    };
    let pattern = match rule.characters {
        CharacterClass::TextWithoutSpace => "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
        _ => "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \u{A0}\u{3000}]+",
    };
    let enterprise = SchemaUri::ENTERPRISE_USER;
    let path = match finding.path.strip_prefix(enterprise.as_str()).and_then(|rest| rest.strip_prefix(':')) {
        Some(attribute) => format!("{enterprise}.{attribute}"),
        None => finding.path.clone(),
    };
    let broken = |must: String| format!("Value at '{path}' failed to satisfy constraint: Member must {must}");
    let satisfy = || broken(format!("satisfy regular expression pattern: {pattern}"));
    match &finding.rule {
        Rule::Empty => vec![satisfy(), broken("have length greater than or equal to 1".to_owned())],
        Rule::TooLong { longest, .. } => vec![broken(format!("have length less than or equal to {longest}"))],
        // Characters that the published pattern admits were refused with the generic text.
        Rule::Character { found, .. } if !profile.refused_characters.contains(found) => vec![satisfy()],
        _ => Vec::new(),
    }
}
