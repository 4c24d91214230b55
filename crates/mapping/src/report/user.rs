//! The preview of one person.

use std::borrow::Cow;
use std::sync::Arc;

use idbridge_scim::Resource;

use crate::directory::{DirectoryId, Lifecycle, User};
use crate::finding::Severity;
use crate::mapped::Mapped;
use crate::report::{Absence, Consequence, Effect, Preview, Standing};
use crate::rule::is_attribute;
use crate::scope::Scoped;

/// One person of a [`Report`](crate::Report): whether they are sent, what of them, and what was found.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Absence, Report, RuleSet, Standing, directory::jumpcloud};
/// use idbridge_scim::Profile;
///
/// let snapshot = jumpcloud::read(br#"{
///     "systemusers": [{"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"}],
///     "usergroups": [],
///     "application": {"usergroups": []}
/// }"#)?;
/// let report = Report::of(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
/// let anna = &report.users()[0];
/// assert_eq!(anna.user_name(), Some("anna@example.com"));
/// assert_eq!(anna.standing(), Standing::NotSent(Absence::NotBound));
/// assert_eq!(anna.sent().count(), 0);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct UserReport {
    id: DirectoryId,
    user_name: Option<String>,
    display_name: Option<String>,
    lifecycle: Lifecycle,
    is_bound: bool,
    pub(super) is_active: bool,
    pub(super) standing: Standing,
    scope_rule: Option<String>,
    pub(super) sent: Vec<Arc<str>>,
    pub(super) consequences: Vec<Consequence>,
}

impl UserReport {
    /// The directory's identifier.
    #[must_use]
    pub fn id(&self) -> &DirectoryId {
        &self.id
    }

    /// The `userName` that the rules give the person, sent or not; nothing if they give none.
    #[must_use]
    pub fn user_name(&self) -> Option<&str> {
        self.user_name.as_deref()
    }

    /// The `displayName` that the rules give the person, sent or not; nothing if they give none.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    /// Where the person is between hired and gone.
    #[must_use]
    pub fn lifecycle(&self) -> Lifecycle {
        self.lifecycle
    }

    /// Whether the application is bound to the person, or to a group that they are in.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.is_bound
    }

    /// Whether the rules call the person active. Who is not is deactivated at the service, and not created there.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.is_active
    }

    /// What is done with the record.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The rule of the scope that leaves the record out, as it is written; nothing unless it is [out of scope](Absence::OutOfScope).
    #[must_use]
    pub fn scope_rule(&self) -> Option<&str> {
        self.scope_rule.as_deref()
    }

    /// The SCIM paths of the attributes that are sent, in the order of the rules; none unless the person is sent.
    pub fn sent(&self) -> impl Iterator<Item = &str> {
        self.sent.iter().map(|path| &**path)
    }

    /// What was found, the worst first.
    #[must_use]
    pub fn consequences(&self) -> &[Consequence] {
        &self.consequences
    }
}

impl Preview<'_> {
    /// Previews a person, with the resource if they are sent.
    pub(super) fn user(&mut self, user: &User, is_bound: bool) -> (UserReport, Option<Resource>) {
        let mut report = UserReport {
            id: user.id.clone(),
            user_name: self.text_at("userName", user),
            display_name: self.text_at("displayName", user),
            lifecycle: user.lifecycle,
            is_bound,
            is_active: self.rules.is_active(user),
            standing: Standing::Held,
            scope_rule: None,
            sent: Vec::new(),
            consequences: Vec::new(),
        };
        // In the order in which a sync decides: a record that cannot be read is held whether or not it is bound.
        if user.findings.iter().any(|finding| finding.severity() == Severity::Holds) {
            report.consequences = Consequence::all(&user.findings);
            return (report, None);
        }
        if let Some(absence) = Absence::of(user.lifecycle, is_bound) {
            report.standing = Standing::NotSent(absence);
            report.consequences = Consequence::all(&user.findings);
            return (report, None);
        }
        match self.rules.scope.of_user(user, &self.surroundings) {
            Scoped::In => {}
            Scoped::Out { by, .. } => {
                report.standing = Standing::NotSent(Absence::OutOfScope);
                report.scope_rule = Some(by);
                report.consequences = Consequence::all(&user.findings);
                return (report, None);
            }
            Scoped::Unknown(finding) => {
                report.consequences = vec![Consequence { effect: Effect::Held, finding }];
                return (report, None);
            }
        }
        match self.rules.to_scim_in(user, &self.surroundings, self.profile) {
            Mapped::Held { findings } => {
                report.consequences = Consequence::all(&findings);
                (report, None)
            }
            Mapped::Ready { resource, findings } => {
                report.standing = Standing::Sent;
                report.sent = self.paths.of(&resource);
                report.consequences = Consequence::all(&findings);
                #[cfg(feature = "saml")]
                if let Some(log_in) = &self.log_in {
                    log_in.add_to(&mut report.consequences, user, &resource);
                }
                (report, Some(resource))
            }
        }
    }

    /// The text that the rule of the core attribute `name` finds.
    ///
    /// The report names people by what the service will call them, also those who are not sent; what an expression cannot tell is left out.
    fn text_at(&self, name: &str, user: &User) -> Option<String> {
        let rule = self.rules.user.iter().find(|rule| rule.enabled && is_attribute(rule, name))?;
        let text = rule.source.read_user(user, &self.surroundings).ok()?;
        text.map(Cow::into_owned)
    }
}
