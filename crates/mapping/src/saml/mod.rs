//! From a record of the directory to what an assertion says of a person.

mod addr_spec;
mod groups;
mod mapped;
mod rule;
mod rule_set;
mod text;

use std::borrow::Cow;

use idbridge_saml::{Attribute, NameId, NameIdFormat};

use crate::directory::{Group, User};
use crate::finding::{Finding, FindingKind, Record, SamlRefusal, Severity};
use crate::rule::{Source, Surroundings};

pub use mapped::MappedLogin;
pub use rule::{SamlRule, SamlSource};
pub use rule_set::SamlRuleSet;
#[cfg(feature = "abac")]
pub(crate) use text::{key_expects, refusal_by_tags};

/// What findings call the name of a person.
const NAME_ID: &str = "NameID";

impl SamlRuleSet {
    /// Maps a person to the NameID and the attributes of an assertion, or holds them.
    ///
    /// Texts are trimmed as [`RuleSet::to_scim`](crate::RuleSet::to_scim) trims them, so that the NameID is the `userName` of the same source, letter
    /// for letter. An attribute without a value is left out, and so is one whose value the other side would refuse, with a finding. Whoever has no
    /// name, or none of the format that the rules ask for, is held, as is whoever was held when the directory was read: there is nothing to sign
    /// in with.
    ///
    /// Whether the person may sign in at all is not asked here.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{MappedLogin, SamlRule, SamlRuleSet, Source, directory::{DirectoryId, User}};
    ///
    /// let rules = SamlRuleSet::jumpcloud().with_attribute(SamlRule::access_control("Department", Source::Department)?)?;
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// user.email = Some("anna@example.com".to_owned());
    /// user.department = Some("R&D".to_owned());
    ///
    /// let MappedLogin::Ready { name_id, attributes, findings } = rules.to_saml(&user) else { return Err("held".into()) };
    /// assert_eq!(name_id.value(), "anna@example.com");
    /// assert!(attributes.is_empty());
    /// assert_eq!(findings[0].code(), "SamlAttributeLeftOut");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_saml(&self, user: &User) -> MappedLogin {
        self.to_saml_in(user, &[])
    }

    /// The same, where custom attributes may come from the groups of the person as well (AB-09).
    ///
    /// Give the groups that are bound to the application ([`Snapshot::bound_groups_of`](crate::directory::Snapshot::bound_groups_of)), because no
    /// other group may say anything to it (AB-13); those that the person is not in say nothing either. A custom attribute is the person's own, else
    /// what the directory itself merged for them ([`User::inherited`]), else the one value that their groups have. Where two groups differ, or one
    /// could not be read, the attribute is left out, with a finding that names them. The NameID never comes from a group.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{MappedLogin, SamlRule, SamlRuleSet, Source, directory::{DirectoryId, Group, User}};
    ///
    /// let rules = SamlRuleSet::jumpcloud().with_attribute(SamlRule::access_control("Project", Source::Custom("project".into()))?)?;
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// user.email = Some("anna@example.com".to_owned());
    /// let [mut one, mut other] = [Group::new(DirectoryId::new("g1")?, "Blue"), Group::new(DirectoryId::new("g2")?, "Red")];
    /// for (group, project) in [(&mut one, "blue"), (&mut other, "red")] {
    ///     group.members.insert(user.id.clone());
    ///     group.custom.insert("project".to_owned(), project.to_owned());
    /// }
    ///
    /// let MappedLogin::Ready { attributes, .. } = rules.to_saml_in(&user, &[&one]) else { return Err("held".into()) };
    /// assert_eq!(attributes[0].values(), ["blue"]);
    ///
    /// let mapped = rules.to_saml_in(&user, &[&one, &other]);
    /// let left_out = "https://aws.amazon.com/SAML/Attributes/AccessControl:Project is left out, because the groups g1 and g2 have different values";
    /// assert!(mapped.findings()[0].to_string().starts_with(left_out));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_saml_in(&self, user: &User, groups: &[&Group]) -> MappedLogin {
        let found = |kind, path: &str| Finding::new(kind).at(path).of(Record::User(user.id.clone()));
        let mut findings = user.findings.clone();
        let name_id = match self.name_id(user) {
            Ok(name_id) => Some(name_id),
            Err(kind) => {
                findings.push(found(kind, NAME_ID));
                None
            }
        };
        let mut attributes = Vec::new();
        for rule in self.attributes() {
            match rule.attribute_of(user, groups) {
                Ok(attribute) => attributes.extend(attribute),
                Err(kind) => findings.push(found(kind, rule.name())),
            }
        }
        match name_id.filter(|_| !findings.iter().any(|finding| finding.severity() == Severity::Holds)) {
            Some(name_id) => MappedLogin::Ready { name_id, attributes, findings },
            None => MappedLogin::Held { findings },
        }
    }

    /// The text that `user` is named by, whether or not it can be a NameID; nothing if there is none.
    ///
    /// Two people with one name are one person to the other side: compare this without case before anybody signs in.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{SamlRuleSet, directory::{DirectoryId, User}};
    ///
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// user.email = Some(" anna@example.com ".to_owned());
    /// assert_eq!(SamlRuleSet::jumpcloud().name_of(&user).as_deref(), Some("anna@example.com"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn name_of<'a>(&self, user: &'a User) -> Option<Cow<'a, str>> {
        text_of(self.name_id_source(), user)
    }

    /// Predicts whether `user` can sign in at a service that knows them as `user_name`, the SCIM `userName`; nothing found means that they can.
    ///
    /// AWS IAM Identity Center compares the NameID with it and says no more than that the log-in failed.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{SamlRuleSet, directory::{DirectoryId, User}};
    ///
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// user.email = Some("jdoe@example.com".to_owned());
    /// let rules = SamlRuleSet::jumpcloud();
    /// assert_eq!(rules.check_user_name(&user, "jdoe@example.com"), None);
    /// assert_eq!(rules.check_user_name(&user, "jdoe").map(|finding| finding.code()), Some("NameIdDiffersFromUserName"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn check_user_name(&self, user: &User, user_name: &str) -> Option<Finding> {
        let is_same = self.name_of(user).is_some_and(|name| name == user_name);
        let kind = || FindingKind::NameIdDiffersFromUserName { source: self.name_id_source().clone() };
        (!is_same).then(|| Finding::new(kind()).at(NAME_ID).of(Record::User(user.id.clone())))
    }

    fn name_id(&self, user: &User) -> Result<NameId, FindingKind> {
        let source = || self.name_id_source().clone();
        let missing = || FindingKind::MissingRequired { source: Some(source()) };
        let name = self.name_of(user).ok_or_else(missing)?;
        if *self.name_id_format() == NameIdFormat::EMAIL_ADDRESS && !addr_spec::is_addr_spec(&name) {
            return Err(FindingKind::NameIdNotEmail { source: source() });
        }
        if let Some((at, found)) = text::illegal_in_xml(&name) {
            return Err(FindingKind::NameIdRefused { source: source(), refused: SamlRefusal::Character { found, at } });
        }
        NameId::new(name, self.name_id_format().clone()).map_err(|_| missing())
    }
}

/// The text that `user` has at `source`, trimmed; nothing if it is blank, even where a source is not trimmed.
fn text_of<'a>(source: &Source, user: &'a User) -> Option<Cow<'a, str>> {
    source.text_of_user(user).filter(|text| !text.trim().is_empty())
}

impl SamlRule {
    /// The attribute that `user` gets; nothing if there is no value, and a finding if there is one that cannot be sent.
    fn attribute_of(&self, user: &User, groups: &[&Group]) -> Result<Option<Attribute>, FindingKind> {
        let (value, source) = match self.source() {
            SamlSource::User(source @ Source::Custom(name)) => (groups::custom_of(name, user, groups)?, Some(source.clone())),
            SamlSource::User(source) => {
                let text = source.read_user(user, &Surroundings::none())?.filter(|text| !text.trim().is_empty());
                (text, Some(source.clone()))
            }
            SamlSource::Constant(text) => (Some(Cow::Borrowed(text.as_str())), None),
        };
        let Some(value) = value else { return Ok(None) };
        match self.refusal_of(&value) {
            None => Ok(Some(self.attribute(value.into_owned()))),
            Some(refused) => Err(FindingKind::SamlAttributeLeftOut { source, refused }),
        }
    }
}
