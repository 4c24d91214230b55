//! Who is provisioned at all, and which groups.

mod pattern;

use std::fmt;

use crate::directory::{Group, User};
use crate::finding::Finding;
use crate::rule::Surroundings;

#[cfg(feature = "expressions")]
use crate::expression::{Expression, Facts};
#[cfg(feature = "expressions")]
use crate::finding::{FindingKind, Record};

pub use pattern::NamePattern;

#[cfg(feature = "expressions")]
pub(crate) use pattern::is_like;

/// Who of those that the application is bound to is provisioned, and which groups. Everybody is, and every group, unless this says otherwise.
///
/// Whoever is out of scope is in the directory all the same: an account at the service is at most switched off, never deleted (E-14). A group that is
/// out of scope still proves that its members may use the application; who of them is provisioned is said of people.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Scope, Scoped, directory::{DirectoryId, Group}};
///
/// let mut scope = Scope::default();
/// scope.include_groups.push("AWS *".parse()?);
/// scope.exclude_groups.push("* (test)".parse()?);
///
/// let group = |name: &str| Group::new(DirectoryId::new("g1").unwrap(), name);
/// assert_eq!(scope.of_group(&group("aws admins")), Scoped::In);
/// let Scoped::Out { by, .. } = scope.of_group(&group("AWS admins (test)")) else { return Err("in".into()) };
/// assert_eq!(by, "exclude \"* (test)\"");
/// let Scoped::Out { by, .. } = scope.of_group(&group("Sales")) else { return Err("in".into()) };
/// assert_eq!(by, "include \"AWS *\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// As it stands in a file of rules, and as it prints:
///
/// ```
/// # #[cfg(feature = "expressions")] {
/// use idbridge_mapping::{RuleFile, RuleSet, Scope};
///
/// let mut file = RuleFile::from(RuleSet::jumpcloud());
/// file.rules.scope.users = Some("department == 'Sales' or in_group('AWS guests')".parse()?);
/// file.rules.scope.groups = Some("attributes.aws | default('no') == 'yes'".parse()?);
/// file.rules.scope.exclude_groups.push("* (test)".parse()?);
/// assert_eq!(file.rules.scope.to_string(), "\
/// users if department == 'Sales' or in_group('AWS guests')
/// groups if attributes.aws | default('no') == 'yes'
/// no groups named \"* (test)\"
/// ");
/// assert_eq!(RuleFile::from_json(&file.to_json())?.rules.scope, file.rules.scope);
/// assert_eq!(Scope::default().to_string(), "");
/// # }
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// Who is provisioned: whoever it holds for.
    #[cfg(feature = "expressions")]
    pub users: Option<Expression>,
    /// Which groups are provisioned: those that it holds for, of those that the names let in.
    #[cfg(feature = "expressions")]
    pub groups: Option<Expression>,
    /// The names of the groups that are provisioned; all of them, if there is none here.
    pub include_groups: Vec<NamePattern>,
    /// The names of groups that are not, whatever else is said.
    pub exclude_groups: Vec<NamePattern>,
}

/// Whether a record is provisioned.
///
/// | | what happens to the record |
/// | --- | --- |
/// | [`Scoped::In`] | it is mapped and sent |
/// | [`Scoped::Out`] | it is not sent; an account that is there is at most switched off |
/// | [`Scoped::Unknown`] | it is held: nothing is sent, and nothing is taken away |
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "who provisions must decide for each of them")]
pub enum Scoped {
    /// It is.
    In,
    /// It is not, by this rule.
    Out {
        /// The rule, as it is written.
        by: String,
        /// Whether it rests on what is not there, such as a group that the person is not in: in a directory that was not read to its end, nothing may be
        /// concluded from that.
        rests_on_absence: bool,
    },
    /// Nobody can say, so the record is held.
    Unknown(Finding),
}

impl Scope {
    /// Whether a person is provisioned.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "expressions")] {
    /// use idbridge_mapping::{Scope, Scoped, Surroundings, directory::{DirectoryId, User}};
    ///
    /// let mut scope = Scope::default();
    /// scope.users = Some("employeeType != 'Contractor'".parse()?);
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// user.employee_type = Some("Contractor".to_owned());
    /// assert!(matches!(scope.of_user(&user, &Surroundings::none()), Scoped::Out { .. }));
    /// // Whoever has no type at all is neither in nor out.
    /// user.employee_type = None;
    /// assert!(matches!(scope.of_user(&user, &Surroundings::none()), Scoped::Unknown(_)));
    /// # }
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn of_user(&self, user: &User, surroundings: &Surroundings<'_>) -> Scoped {
        #[cfg(feature = "expressions")]
        if let Some(expression) = &self.users {
            return decided(expression, &Facts::of_user(user, surroundings), || Record::User(user.id.clone()));
        }
        let _ = (user, surroundings);
        Scoped::In
    }

    /// Whether a group is provisioned. One without a name is not judged by its name.
    ///
    /// Names go before the expression, and of names those that exclude before those that include.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Scope, Scoped, directory::{DirectoryId, Group}};
    ///
    /// let mut scope = Scope::default();
    /// scope.include_groups.push("AWS *".parse()?);
    /// let mut group = Group::new(DirectoryId::new("g1")?, "Sales");
    /// assert_eq!(scope.of_group(&group), Scoped::Out { by: "include \"AWS *\"".to_owned(), rests_on_absence: false });
    /// // Without a name it is held later, for what it lacks; the scope says nothing of it.
    /// group.name = None;
    /// assert_eq!(scope.of_group(&group), Scoped::In);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn of_group(&self, group: &Group) -> Scoped {
        let out = |by: String| Scoped::Out { by, rests_on_absence: false };
        if let Some(name) = group.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            if let Some(pattern) = self.exclude_groups.iter().find(|pattern| pattern.is_match(name)) {
                return out(format!("exclude \"{pattern}\""));
            }
            if !self.include_groups.is_empty() && !self.include_groups.iter().any(|pattern| pattern.is_match(name)) {
                let patterns: Vec<_> = self.include_groups.iter().map(|pattern| format!("\"{pattern}\"")).collect();
                return out(format!("include {}", patterns.join(", ")));
            }
        }
        #[cfg(feature = "expressions")]
        if let Some(expression) = &self.groups {
            return decided(expression, &Facts::of_group(group), || Record::Group(group.id.clone()));
        }
        Scoped::In
    }
}

/// Absent is not false: whoever lacks what the expression asks for is held, because a field that somebody cleared by mistake must cost nobody access.
#[cfg(feature = "expressions")]
fn decided(expression: &Expression, facts: &Facts<'_>, record: impl FnOnce() -> Record) -> Scoped {
    match expression.holds(facts) {
        Ok(Some(true)) => Scoped::In,
        Ok(Some(false)) => Scoped::Out { by: expression.to_string(), rests_on_absence: expression.needs_surroundings() },
        Ok(None) => Scoped::Unknown(Finding::new(FindingKind::ScopeUndecided { reason: None }).of(record())),
        Err(kind) => Scoped::Unknown(Finding::new(kind).of(record())),
    }
}

impl fmt::Display for Scope {
    /// Writes one line for each thing that it says, and nothing if it says nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "expressions")]
        for (what, expression) in [("users", &self.users), ("groups", &self.groups)] {
            if let Some(expression) = expression {
                writeln!(f, "{what} if {expression}")?;
            }
        }
        for (what, patterns) in [("only groups named", &self.include_groups), ("no groups named", &self.exclude_groups)] {
            if !patterns.is_empty() {
                let patterns: Vec<_> = patterns.iter().map(|pattern| format!("\"{pattern}\"")).collect();
                writeln!(f, "{what} {}", patterns.join(", "))?;
            }
        }
        Ok(())
    }
}
