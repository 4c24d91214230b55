//! The report as JSON.

use serde::Serialize;

use crate::directory::{Completeness, Lifecycle};
use crate::finding::{Finding, Record};
use crate::report::{Consequence, Counts, GroupReport, Report, Standing, UserReport};

/// The version of what is written. It goes up when a key changes what it means or goes away.
const FORMAT: u32 = 1;

impl Report {
    /// Writes the report as JSON, indented, keys in a fixed order; the same report is the same text, byte for byte.
    ///
    /// | key | holds |
    /// | --- | --- |
    /// | `format` | 1 |
    /// | `taken_at` | when the directory was taken, in its own words, if it says so |
    /// | `complete` | whether the directory was read to its end |
    /// | `counts` | for `users` and `groups`: `total`, `sent`, `held`, `not_sent`, `will_not_work` |
    /// | `findings` | of the directory as a whole: `code`, `user` or `group` if it is about one, `path`, `message`, `remedy` |
    /// | `users` | for each: `id`, `userName`, `displayName`, `lifecycle` (`staged`, `active`, `suspended`), `bound`, `active`, `standing` (`sent`, `held`, `notSent`), `because` (`staged`, `notBound`, `outOfScope`) if it is not sent, `scope_rule` if a rule of the scope leaves it out, `sent`: the paths; `findings`: `effect` (`held`, `willNotWork`, `leftOut`, `dropped`, `noted`), `code`, `path`, `message`, `remedy` |
    /// | `groups` | for each: `id`, `displayName`, `bound`, `members`, `members_sent`, `standing`, `because` (`groupNotBound`, `outOfScope`), `scope_rule`, `sent`, `findings` |
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Report, RuleSet, directory::{Application, Snapshot}};
    /// use idbridge_scim::Profile;
    ///
    /// let empty = Snapshot::new(Application::default());
    /// let json = Report::of(&empty, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center()).to_json();
    /// assert!(json.starts_with("{\n  \"format\": 1,\n  \"complete\": true,\n"));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        // Only strings, numbers and lists are written, which JSON can always carry.
        serde_json::to_string_pretty(&Written::of(self)).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_at: Option<&'a str>,
    complete: bool,
    counts: WrittenCounts,
    findings: Vec<WrittenFinding<'a>>,
    users: Vec<WrittenUser<'a>>,
    groups: Vec<WrittenGroup<'a>>,
}

#[derive(Serialize)]
struct WrittenCounts {
    users: WrittenCount,
    groups: WrittenCount,
}

#[derive(Serialize)]
struct WrittenCount {
    total: usize,
    sent: usize,
    held: usize,
    not_sent: usize,
    will_not_work: usize,
}

#[derive(Serialize)]
struct WrittenUser<'a> {
    id: &'a str,
    #[serde(rename = "userName")]
    user_name: Option<&'a str>,
    #[serde(rename = "displayName")]
    display_name: Option<&'a str>,
    lifecycle: &'static str,
    bound: bool,
    active: bool,
    standing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope_rule: Option<&'a str>,
    sent: Vec<&'a str>,
    findings: Vec<WrittenFinding<'a>>,
}

#[derive(Serialize)]
struct WrittenGroup<'a> {
    id: &'a str,
    #[serde(rename = "displayName")]
    display_name: Option<&'a str>,
    bound: bool,
    members: usize,
    members_sent: usize,
    standing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope_rule: Option<&'a str>,
    sent: Vec<&'a str>,
    findings: Vec<WrittenFinding<'a>>,
}

#[derive(Serialize)]
struct WrittenFinding<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<&'static str>,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl<'a> Written<'a> {
    fn of(report: &'a Report) -> Self {
        Self {
            format: FORMAT,
            taken_at: report.taken_at(),
            complete: *report.completeness() == Completeness::Complete,
            counts: WrittenCounts { users: WrittenCount::of(report.user_counts()), groups: WrittenCount::of(report.group_counts()) },
            findings: report.findings().iter().map(WrittenFinding::of_directory).collect(),
            users: report.users().iter().map(WrittenUser::of).collect(),
            groups: report.groups().iter().map(WrittenGroup::of).collect(),
        }
    }
}

impl WrittenCount {
    fn of(counts: Counts) -> Self {
        let Counts { total, sent, held, not_sent, will_not_work } = counts;
        Self { total, sent, held, not_sent, will_not_work }
    }
}

impl<'a> WrittenUser<'a> {
    fn of(user: &'a UserReport) -> Self {
        Self {
            id: user.id().as_str(),
            user_name: user.user_name(),
            display_name: user.display_name(),
            lifecycle: match user.lifecycle() {
                Lifecycle::Staged => "staged",
                Lifecycle::Active => "active",
                Lifecycle::Suspended => "suspended",
            },
            bound: user.is_bound(),
            active: user.is_active(),
            standing: user.standing().name(),
            because: because(user.standing()),
            scope_rule: user.scope_rule(),
            sent: user.sent().collect(),
            findings: user.consequences().iter().map(WrittenFinding::of_record).collect(),
        }
    }
}

impl<'a> WrittenGroup<'a> {
    fn of(group: &'a GroupReport) -> Self {
        Self {
            id: group.id().as_str(),
            display_name: group.name(),
            bound: group.is_bound(),
            members: group.members(),
            members_sent: group.members_sent(),
            standing: group.standing().name(),
            because: because(group.standing()),
            scope_rule: group.scope_rule(),
            sent: group.sent().collect(),
            findings: group.consequences().iter().map(WrittenFinding::of_record).collect(),
        }
    }
}

fn because(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::NotSent(absence) => Some(absence.name()),
        Standing::Sent | Standing::Held => None,
    }
}

impl<'a> WrittenFinding<'a> {
    fn of_record(consequence: &'a Consequence) -> Self {
        let finding = &consequence.finding;
        Self { effect: Some(consequence.effect.name()), user: None, group: None, ..Self::of_directory(finding) }
    }

    fn of_directory(finding: &'a Finding) -> Self {
        let (user, group) = match finding.record() {
            Some(Record::User(id)) => (Some(id.as_str()), None),
            Some(Record::Group(id)) => (None, Some(id.as_str())),
            None => (None, None),
        };
        Self {
            effect: None,
            code: finding.code(),
            user,
            group,
            path: finding.path(),
            message: finding.to_string(),
            remedy: finding.remedy(),
        }
    }
}
