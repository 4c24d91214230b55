//! A file of rules: what is sent, of whom, as a text that a person can read and change.

mod check;
mod load;
mod print;
mod wire;

use idbridge_scim::Profile;

use crate::error::Error;
use crate::rule::RuleSet;

#[cfg(feature = "saml")]
use crate::saml::SamlRuleSet;

/// The rules of JumpCloud's connector for AWS IAM Identity Center as a file of rules, to print and to start from.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::JUMPCLOUD_RULES;
///
/// assert!(JUMPCLOUD_RULES.contains(r#"{ id = "AM-01", source = "email", target = "userName", when_absent = "hold" },"#));
/// # #[cfg(feature = "toml")]
/// assert_eq!(idbridge_mapping::RuleFile::from_toml(JUMPCLOUD_RULES), Ok(idbridge_mapping::RuleFile::jumpcloud()));
/// ```
pub const JUMPCLOUD_RULES: &str = include_str!("jumpcloud.toml");

/// All the rules of an application: what is sent of people and groups, who is provisioned, and what an assertion says (feature `saml`).
///
/// A file has these parts. Each key that is not known is refused: a typing error in a rule must not go unseen.
///
/// | part | key | says |
/// | --- | --- | --- |
/// | `users`, `groups`: one table for each rule | `id` | the rule's name in reports |
/// | | `source`, `expression` or `constant` | where the value comes from: a [`Source`](crate::Source) by its printed name, an expression (feature `expressions`), or the same text for every record |
/// | | `target` | the SCIM attribute; of a list a part of its one value, such as `emails.value` |
/// | | `when_absent` | `"leave_out"` (default), `"hold"`, or `{ constant = "text" }` |
/// | | `write` | `"managed"` (default) or `"on_create"` |
/// | | `clear` | whether an update removes what the directory has no more; `true` by default; not for parts of addresses and not for groups |
/// | | `enabled` | whether the rule counts; `true` by default |
/// | `inactive_when` | `password_expired`, `account_locked`, `not_activated` | what makes a person inactive besides a suspension; all `false` by default |
/// | `scope` | `users`, `groups` | who and which groups are provisioned, as an expression (feature `expressions`) |
/// | | `include_groups`, `exclude_groups` | names of groups, with `*` for any text |
/// | `saml` (feature `saml`; read over without it) | `name_id`, `format` | where the NameID comes from, and its format; the e-mail address by default |
/// | | `attributes`: a table for each | `name` or `access_control` (a key), `name_format`, and `source`, `expression` or `constant` |
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleFile, UserNameFrom};
///
/// let mut file = RuleFile::jumpcloud();
/// file.rules = file.rules.with_user_name_from(UserNameFrom::Username);
/// let printed = file.to_json();
/// assert!(printed.contains(r#"{"id": "AM-01", "source": "username", "target": "userName", "when_absent": "hold"}"#));
/// assert_eq!(RuleFile::from_json(&printed), Ok(file));
///
/// let error = RuleFile::from_json("{\n  \"user\": []\n}").unwrap_err();
/// assert!(error.to_string().starts_with("invalid rule file at line 2 column 8: unknown field `user`, expected one of `users`, `groups`"));
/// ```
///
/// A whole file, with a part of each kind. Whoever works in Sales and has an address is sent, and of the groups those that are meant for AWS:
///
/// ```
/// # #[cfg(all(feature = "toml", feature = "expressions"))] {
/// use idbridge_mapping::RuleFile;
///
/// let file = RuleFile::from_toml(r#"
/// users = [
///   { id = "U-1", source = "id", target = "externalId", when_absent = "hold" },
///   { id = "U-2", source = "email", target = "userName", when_absent = "hold" },
///   { id = "U-3", source = "firstname + lastname", target = "displayName", when_absent = "hold", write = "on_create" },
///   { id = "U-4", source = "firstname", target = "name.givenName", when_absent = "hold" },
///   { id = "U-5", source = "lastname", target = "name.familyName", when_absent = "hold" },
///   { id = "U-6", source = "active", target = "active" },
///   { id = "U-7", expression = "email | domain | lower", target = "userType", when_absent = { constant = "none" } },
///   { id = "U-8", source = "phoneNumbers.mobile.number", target = "phoneNumbers.value", clear = false },
///   { id = "U-9", source = "attributes.locale", target = "locale", enabled = false },
/// ]
/// groups = [
///   { id = "G-1", source = "name", target = "displayName", when_absent = "hold" },
/// ]
///
/// [inactive_when]
/// account_locked = true
///
/// [scope]
/// users = "department == 'Sales' and email is defined"
/// include_groups = ["AWS *"]
/// "#)?;
/// assert_eq!((file.rules.user.len(), file.rules.group.len()), (9, 1));
/// assert!(file.rules.inactive_when.account_locked);
/// // Printed and read again, it is the same.
/// assert_eq!(RuleFile::from_toml(&file.to_toml())?, file);
/// # }
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleFile {
    /// What is sent of people and groups, and who is provisioned.
    pub rules: RuleSet,
    /// What an assertion says of people.
    #[cfg(feature = "saml")]
    pub saml: SamlRuleSet,
}

impl RuleFile {
    /// The most bytes that a file may have.
    pub const LARGEST: usize = 1024 * 1024;

    /// The most rules that each part of a file may have.
    pub const MOST_RULES: usize = 1000;

    /// The rules of JumpCloud's connector for AWS IAM Identity Center: [`RuleSet::jumpcloud`], and `SamlRuleSet::jumpcloud`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{RuleFile, RuleSet};
    ///
    /// let file = RuleFile::jumpcloud();
    /// assert_eq!(file.rules, RuleSet::jumpcloud());
    /// assert_eq!(RuleFile::from(RuleSet::jumpcloud()), file);
    /// ```
    #[must_use]
    pub fn jumpcloud() -> Self {
        Self::from(RuleSet::jumpcloud())
    }

    /// Reads a file in TOML.
    ///
    /// Everything that can be known without a person is checked against AWS IAM Identity Center: a rule that could never be sent is refused here and not
    /// for each person.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RuleFile`](crate::ErrorKind::RuleFile) with the place, the rule and the reason, for a text that is no TOML or has more than
    /// [`RuleFile::LARGEST`] bytes; an unknown key, source or target; an expression that is none; a constant that is blank or that the service refuses; two
    /// rules with one identifier, or for one target; a target that the service requires and that no rule writes; a target that it does not have, or that
    /// is written by itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{JUMPCLOUD_RULES, RuleFile};
    ///
    /// let text = JUMPCLOUD_RULES.replace("source = \"jobTitle\"", "source = \"jobtitle\"");
    /// let error = RuleFile::from_toml(&text).unwrap_err();
    /// assert!(error.to_string().contains("column 28: unknown source \"jobtitle\""), "{error}");
    /// ```
    ///
    /// | the reason says | what to do |
    /// | --- | --- |
    /// | `unknown field`, `unknown source`, `the service does not have ..` | correct the typing error; the text names what there is |
    /// | `there is another rule with this id` | give one of the two another name |
    /// | `.. has a rule already, ..; switch one of them off` | set `enabled = false` in one, or take it out |
    /// | `the service requires .., and no rule writes it` | write a rule for it, or switch the one that is there on |
    /// | `.. must be another one for each record, and a constant is the same for all` | take a source that differs from person to person |
    /// | `the service refuses the character ..` | leave the character out of the constant |
    /// | `expected one of source, expression and constant, found two` | leave one key in the rule |
    #[cfg(feature = "toml")]
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        check::checked(load::toml(text)?, &Profile::aws_iam_identity_center())
    }

    /// Reads a file in JSON, with the same names.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RuleFile`](crate::ErrorKind::RuleFile) as of `from_toml` (feature `toml`), with the place at which the reader stood when it knew.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Location, RuleFile};
    ///
    /// let text = RuleFile::jumpcloud().to_json().replace("\"target\": \"title\"", "\"target\": \"userName\"");
    /// let error = RuleFile::from_json(&text).unwrap_err();
    /// assert!(error.to_string().ends_with("AM-07: userName has a rule already, AM-01; switch one of them off"), "{error}");
    /// assert!(matches!(error.at(), Location::Text { line: 10, .. }), "{error}");
    /// ```
    pub fn from_json(text: &str) -> Result<Self, Error> {
        check::checked(load::json(text)?, &Profile::aws_iam_identity_center())
    }

    /// Writes the rules in TOML, a line for each rule; what has its default is not written. Read again, it is the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::RuleFile;
    ///
    /// let text = RuleFile::jumpcloud().to_toml();
    /// assert!(text.starts_with("users = [\n  { id = \"AM-00\", source = \"id\", target = \"externalId\", when_absent = \"hold\" },\n"));
    /// assert!(text.contains(r#"  { id = "AM-07", source = "jobTitle", target = "title" },"#));
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        print::toml(self)
    }

    /// Writes the rules in JSON, a line for each rule; what has its default is not written. Read again, it is the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{RuleFile, Scope};
    ///
    /// let mut file = RuleFile::jumpcloud();
    /// file.rules.scope.exclude_groups.push("* (test)".parse()?);
    /// let text = file.to_json();
    /// assert!(text.contains(r#""scope": {"exclude_groups": ["* (test)"]}"#));
    /// assert_eq!(RuleFile::from_json(&text)?, file);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        print::json(self)
    }
}

impl From<RuleSet> for RuleFile {
    /// These rules, and for assertions those of JumpCloud's connector.
    fn from(rules: RuleSet) -> Self {
        Self {
            rules,
            #[cfg(feature = "saml")]
            saml: SamlRuleSet::jumpcloud(),
        }
    }
}
