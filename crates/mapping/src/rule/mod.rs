//! Rules as data: which attribute of the directory becomes which attribute of SCIM.

mod data;
mod jumpcloud;
mod source;
mod surroundings;

use std::borrow::Cow;
use std::fmt;

use idbridge_scim::AttrPath;

use crate::directory::{Lifecycle, User};
use crate::scope::Scope;

pub use data::{JUMPCLOUD_RULES, RuleFile};
pub use source::{AddressPart, Source};
pub use surroundings::Surroundings;

#[cfg(feature = "expressions")]
pub(crate) use source::{address_of, phone_number_of};

/// One row of a [`RuleSet`]: the value at `source` is written to `target`.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Rule, Source, WhenAbsent, Write};
///
/// let rule = Rule::new("X-1", Source::Custom("costCentre".to_owned()), "userType".parse()?);
/// assert_eq!((rule.write, rule.when_absent), (Write::Managed, WhenAbsent::LeaveOut));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The rule's name in reports, such as `AM-05`.
    pub id: Cow<'static, str>,
    /// The directory's attribute.
    pub source: Source,
    /// The SCIM attribute. Of a multi-valued attribute one value is written, with the type `work`.
    pub target: AttrPath,
    /// When it is written.
    pub write: Write,
    /// What happens if the directory has no value.
    pub when_absent: WhenAbsent,
    /// Whether an update removes the attribute at the service when the directory has no value any more; `true` by default. With `false`, what was
    /// sent last stays there. It says nothing of an attribute that is written on creation only, which an update never touches, and nothing of a part
    /// of an address, which is sent as a whole; nor of groups, which have nothing that could be missing.
    pub clear: bool,
    /// Whether the rule counts; `true` by default. One that does not is as good as none, and is kept for whoever switches it on again.
    pub enabled: bool,
}

/// When an attribute is written.
///
/// | | on creation | on an update | at the service afterwards |
/// | --- | --- | --- | --- |
/// | [`Write::OnCreate`] | sent | never touched | whoever changes it there keeps the change |
/// | [`Write::Managed`] | sent | sent if it differs | a change there is changed back |
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, Write};
///
/// let rules = RuleSet::jumpcloud();
/// let on_create: Vec<&str> = rules.user.iter().filter(|rule| rule.write == Write::OnCreate).map(|rule| &*rule.id).collect();
/// assert_eq!(on_create, ["AM-03"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "who writes must decide for each of them")]
pub enum Write {
    /// When the resource is created, and never again: whoever changes it later keeps the change.
    OnCreate,
    /// Always: the directory's value is the value.
    Managed,
}

/// What happens if the directory has no value for an attribute, or one that the service would refuse.
///
/// | | no value | a value that the service would refuse |
/// | --- | --- | --- |
/// | [`WhenAbsent::LeaveOut`] | nothing is sent of it | left out, with a finding |
/// | [`WhenAbsent::Hold`] | the record is held | the record is held |
/// | [`WhenAbsent::Constant`] | the text is sent | left out, with a finding |
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Rule, RuleSet, Source, directory::{DirectoryId, User}};
/// use idbridge_scim::Profile;
///
/// let mut rules = RuleSet::jumpcloud();
/// rules.user.push(Rule::new("X-1", Source::EmployeeType, "userType".parse()?).or_constant("Employee"));
/// let mut anna = User::new(DirectoryId::new("u1")?);
/// anna.email = Some("anna@example.com".to_owned());
/// anna.first_name = Some("Anna".to_owned());
/// anna.last_name = Some("Berg".to_owned());
/// let mapped = rules.to_scim(&anna, &Profile::aws_iam_identity_center());
/// assert_eq!(mapped.resource().and_then(|resource| resource.text("userType")), Some("Employee"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhenAbsent {
    /// The attribute is left out; never sent as `""`.
    LeaveOut,
    /// The record is held.
    Hold,
    /// This text is sent. It stands for a value that is not there, not for one that the service would refuse or that cannot be told: those are left
    /// out.
    Constant(String),
}

/// Which attribute of the directory becomes `userName`.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, Source, UserNameFrom};
///
/// let rules = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
/// let source = |id: &str| rules.user.iter().find(|rule| rule.id == id).map(|rule| &rule.source);
/// assert_eq!(source("AM-01"), Some(&Source::Username));
/// // The address that mail goes to stays what it was.
/// assert_eq!(source("AM-02"), Some(&Source::Email));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserNameFrom {
    /// The e-mail address, which single sign-on sends as the name of the person.
    Email,
    /// The log-in name; whoever has another e-mail address cannot log in by single sign-on, and gets a finding.
    Username,
}

/// Which attribute of the directory becomes `displayName`.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{DisplayNameFrom, RuleSet, Source, Write};
///
/// let rules = RuleSet::jumpcloud().with_display_name(DisplayNameFrom::Directory, Write::OnCreate);
/// let rule = rules.user.iter().find(|rule| rule.id == "AM-03");
/// assert_eq!(rule.map(|rule| &rule.source), Some(&Source::DisplayName));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisplayNameFrom {
    /// Given name and family name, composed.
    Names,
    /// The display name that the directory has.
    Directory,
}

/// What makes a person inactive besides being suspended.
///
/// All of them are off by default: an expired password that is renewed the next day would switch an account off and on again.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, directory::{DirectoryId, User}};
///
/// let mut user = User::new(DirectoryId::new("u1")?);
/// user.account_locked = true;
/// let mut rules = RuleSet::jumpcloud();
/// assert!(rules.is_active(&user));
/// rules.inactive_when.account_locked = true;
/// assert!(!rules.is_active(&user));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct InactiveWhen {
    /// The password has expired.
    pub password_expired: bool,
    /// The account is locked after failed log-ins.
    pub account_locked: bool,
    /// The registration is not finished.
    pub not_activated: bool,
}

/// A mapping, as a table that a caller can print, change and compare.
///
/// Rules run from top to bottom, and the mapped resource has its attributes in that order. [`RuleSet::jumpcloud`] is the table to start from.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, UserNameFrom};
///
/// let rules = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
/// assert_ne!(rules, RuleSet::jumpcloud());
/// assert!(rules.to_string().contains("AM-01  username"));
///
/// // Leaving a row out leaves the attribute alone, at the service as well.
/// let mut rules = RuleSet::jumpcloud();
/// rules.user.retain(|rule| rule.id != "AM-14");
/// assert!(!rules.managed_user_attributes().iter().any(|path| path.to_string() == "phoneNumbers.value"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleSet {
    /// The rules for users.
    pub user: Vec<Rule>,
    /// The rules for groups.
    pub group: Vec<Rule>,
    /// What makes a person inactive besides being suspended. Nothing does by default.
    pub inactive_when: InactiveWhen,
    /// Who is provisioned at all, and which groups. Everybody is by default, and every group.
    pub scope: Scope,
}

impl Rule {
    /// A managed attribute that is left out if there is no value.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Rule, Source, WhenAbsent, Write};
    ///
    /// let rule = Rule::new("AM-07", Source::JobTitle, "title".parse()?);
    /// assert_eq!((rule.write, rule.when_absent), (Write::Managed, WhenAbsent::LeaveOut));
    /// assert!(rule.clear && rule.enabled);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn new(id: impl Into<Cow<'static, str>>, source: Source, target: AttrPath) -> Self {
        Self { id: id.into(), source, target, write: Write::Managed, when_absent: WhenAbsent::LeaveOut, clear: true, enabled: true }
    }

    /// The same, written on creation only.
    ///
    /// For what people may change at the service afterwards, such as the name that is shown. An update never touches such an attribute, not even to
    /// remove it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Rule, RuleSet, Source};
    ///
    /// let mut rules = RuleSet::jumpcloud();
    /// rules.user.push(Rule::new("X-1", Source::Location, "timezone".parse()?).on_create());
    /// assert!(!rules.managed_user_attributes().iter().any(|path| path.to_string() == "timezone"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn on_create(mut self) -> Self {
        self.write = Write::OnCreate;
        self
    }

    /// The same, holding the record if there is no value that can be sent.
    ///
    /// Held is not gone: nothing is sent for the record, and nothing that the service has of it is taken away.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Rule, RuleSet, Source, directory::{DirectoryId, User}};
    /// use idbridge_scim::Profile;
    ///
    /// let mut rules = RuleSet::jumpcloud();
    /// rules.user = vec![Rule::new("X-1", Source::Username, "userName".parse()?).or_hold()];
    /// let mapped = rules.to_scim(&User::new(DirectoryId::new("u1")?), &Profile::aws_iam_identity_center());
    /// assert!(mapped.is_held());
    /// assert_eq!(mapped.findings()[0].to_string(), "userName is required and has no value; fill in username in the directory");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn or_hold(mut self) -> Self {
        self.when_absent = WhenAbsent::Hold;
        self
    }

    /// The same, with `text` where the directory has no value.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Rule, Source};
    ///
    /// let rule = Rule::new("X-1", Source::EmployeeType, "userType".parse()?).or_constant("Employee");
    /// assert_eq!(rule.to_string(), "X-1    employeeType                   managed    optional  userType, or \"Employee\"");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn or_constant(mut self, text: impl Into<String>) -> Self {
        self.when_absent = WhenAbsent::Constant(text.into());
        self
    }

    /// The same, leaving what was sent last at the service when the directory has no value any more.
    ///
    /// For what somebody else fills in at the service where the directory has nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Rule, Source};
    ///
    /// let rule = Rule::new("X-1", Source::Department, "userType".parse()?).without_clearing();
    /// assert!(!rule.clear);
    /// assert!(rule.to_string().ends_with("userType, never cleared"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn without_clearing(mut self) -> Self {
        self.clear = false;
        self
    }

    /// The same, switched off.
    ///
    /// It stays in the table and in a file of rules, and neither writes nor clears anything.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Rule, RuleSet, Source};
    ///
    /// let mut rules = RuleSet::jumpcloud();
    /// rules.user = rules.user.into_iter().map(|rule| if rule.id == "AM-07" { rule.disabled() } else { rule }).collect();
    /// assert!(rules.to_string().contains("title, switched off"));
    /// assert!(!rules.managed_user_attributes().iter().any(|path| path.to_string() == "title"));
    /// ```
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }
}

impl RuleSet {
    /// The same rules, with `userName` from another attribute.
    ///
    /// A set without a rule for `userName` stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{RuleSet, UserNameFrom, directory::{DirectoryId, User}};
    /// use idbridge_scim::Profile;
    ///
    /// let mut anna = User::new(DirectoryId::new("u1")?);
    /// anna.username = Some("anna".to_owned());
    /// anna.email = Some("anna@example.com".to_owned());
    /// anna.first_name = Some("Anna".to_owned());
    /// anna.last_name = Some("Berg".to_owned());
    ///
    /// let rules = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    /// let mapped = rules.to_scim(&anna, &Profile::aws_iam_identity_center());
    /// assert_eq!(mapped.resource().and_then(|resource| resource.text("userName")), Some("anna"));
    /// assert_eq!(mapped.findings()[0].code(), "UserNameDiffersFromEmail");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn with_user_name_from(mut self, from: UserNameFrom) -> Self {
        let source = match from {
            UserNameFrom::Email => Source::Email,
            UserNameFrom::Username => Source::Username,
        };
        if let Some(rule) = rule_for(&mut self.user, "userName") {
            rule.source = source;
        }
        self
    }

    /// The same rules, with `displayName` from another attribute, or kept up to date.
    ///
    /// With [`Write::Managed`] a display name that somebody changed at the service is changed back.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{DisplayNameFrom, RuleSet, Write};
    ///
    /// let rules = RuleSet::jumpcloud().with_display_name(DisplayNameFrom::Directory, Write::Managed);
    /// assert!(rules.managed_user_attributes().iter().any(|path| path.to_string() == "displayName"));
    /// ```
    #[must_use]
    pub fn with_display_name(mut self, from: DisplayNameFrom, write: Write) -> Self {
        let source = match from {
            DisplayNameFrom::Names => Source::ComposedName,
            DisplayNameFrom::Directory => Source::DisplayName,
        };
        if let Some(rule) = rule_for(&mut self.user, "displayName") {
            rule.source = source;
            rule.write = write;
        }
        self
    }

    /// The same rules without `externalId`, for users and groups.
    ///
    /// Without it, a person whose e-mail address changes while the link to the service is lost is another person.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::RuleSet;
    ///
    /// let rules = RuleSet::jumpcloud().without_external_id();
    /// let paths = rules.managed_user_attributes().into_iter().chain(rules.managed_group_attributes());
    /// assert!(!paths.map(|path| path.to_string()).any(|path| path == "externalId"));
    /// ```
    #[must_use]
    pub fn without_external_id(mut self) -> Self {
        for rules in [&mut self.user, &mut self.group] {
            rules.retain(|rule| !is_attribute(rule, "externalId"));
        }
        self
    }

    /// Whether the rules call `user` active: neither suspended nor staged, and none of [`RuleSet::inactive_when`].
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{RuleSet, directory::{DirectoryId, Lifecycle, User}};
    ///
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// for (lifecycle, is_active) in [(Lifecycle::Active, true), (Lifecycle::Suspended, false), (Lifecycle::Staged, false)] {
    ///     user.lifecycle = lifecycle;
    ///     assert_eq!(RuleSet::jumpcloud().is_active(&user), is_active);
    /// }
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn is_active(&self, user: &User) -> bool {
        let when = self.inactive_when;
        let is_kept_out = (when.password_expired && user.password_expired)
            || (when.account_locked && user.account_locked)
            || (when.not_activated && !user.activated);
        user.lifecycle == Lifecycle::Active && !is_kept_out
    }

    /// The attributes of a user that an update may touch, in the order of the rules.
    ///
    /// `displayName` is not among them while it is written on creation only. What no rule names is not among them either, so that whatever else
    /// the service has of a person stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::RuleSet;
    ///
    /// let paths: Vec<String> = RuleSet::jumpcloud().managed_user_attributes().iter().map(ToString::to_string).collect();
    /// assert_eq!(paths[..3], ["externalId", "userName", "emails.value"]);
    /// assert!(!paths.contains(&"displayName".to_owned()));
    /// assert!(!paths.contains(&"nickName".to_owned()));
    /// ```
    #[must_use]
    pub fn managed_user_attributes(&self) -> Vec<AttrPath> {
        managed(&self.user)
    }

    /// The attributes of a group that an update may touch, in the order of the rules.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::RuleSet;
    ///
    /// let paths = RuleSet::jumpcloud().managed_group_attributes();
    /// assert_eq!(paths.iter().map(ToString::to_string).collect::<Vec<_>>(), ["displayName", "externalId"]);
    /// ```
    #[must_use]
    pub fn managed_group_attributes(&self) -> Vec<AttrPath> {
        managed(&self.group)
    }

    /// The managed attributes of a user that stay at the service when the directory has no value any more ([`Rule::clear`]).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::RuleSet;
    ///
    /// let mut rules = RuleSet::jumpcloud();
    /// assert!(rules.kept_user_attributes().is_empty());
    /// rules.user.iter_mut().filter(|rule| rule.id == "AM-07").for_each(|rule| rule.clear = false);
    /// assert_eq!(rules.kept_user_attributes()[0].to_string(), "title");
    /// ```
    #[must_use]
    pub fn kept_user_attributes(&self) -> Vec<AttrPath> {
        let kept = enabled(&self.user).filter(|rule| rule.write == Write::Managed && !rule.clear);
        kept.map(|rule| rule.target.clone()).collect()
    }
}

/// The targets that an update may touch. A rule that is switched off manages nothing, so that switching it off takes nothing away at the service.
fn managed(rules: &[Rule]) -> Vec<AttrPath> {
    enabled(rules).filter(|rule| rule.write == Write::Managed).map(|rule| rule.target.clone()).collect()
}

/// The rules that count.
pub(crate) fn enabled(rules: &[Rule]) -> impl Iterator<Item = &Rule> {
    rules.iter().filter(|rule| rule.enabled)
}

/// The first rule for the attribute, switched on or off: whoever changes the source of a rule that is off finds it changed when it is on again.
fn rule_for<'a>(rules: &'a mut [Rule], attribute: &str) -> Option<&'a mut Rule> {
    rules.iter_mut().find(|rule| is_attribute(rule, attribute))
}

/// Whether `rule` writes the core attribute `name` itself.
pub(crate) fn is_attribute(rule: &Rule, name: &str) -> bool {
    rule.target.extension().is_none() && rule.target.sub_attribute().is_none() && rule.target.attribute().is(name)
}

impl fmt::Display for RuleSet {
    /// Writes the table, one rule a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, rules) in [("users", &self.user), ("groups", &self.group)] {
            writeln!(f, "{title}")?;
            for rule in rules {
                writeln!(f, "  {rule}")?;
            }
        }
        let when = self.inactive_when;
        let switches =
            [(when.password_expired, "password expired"), (when.account_locked, "account locked"), (when.not_activated, "not activated")];
        write!(f, "inactive when suspended")?;
        for (_, name) in switches.into_iter().filter(|(on, _)| *on) {
            write!(f, ", {name}")?;
        }
        writeln!(f)?;
        write!(f, "{}", self.scope)
    }
}

impl fmt::Display for Rule {
    /// Writes one line: the rule's name, the source, when it is written, whether it holds, the target, and what is out of the ordinary.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = match self.write {
            Write::OnCreate => "on create",
            Write::Managed => "managed",
        };
        write!(f, "{:<5}  {:<29}  {write:<9}  ", self.id, self.source.to_string())?;
        match &self.when_absent {
            WhenAbsent::LeaveOut => write!(f, "optional  {}", self.target)?,
            WhenAbsent::Hold => write!(f, "required  {}", self.target)?,
            WhenAbsent::Constant(text) => write!(f, "optional  {}, or {}", self.target, Source::Constant(text.clone()))?,
        }
        if !self.clear {
            f.write_str(", never cleared")?;
        }
        if !self.enabled {
            f.write_str(", switched off")?;
        }
        Ok(())
    }
}
