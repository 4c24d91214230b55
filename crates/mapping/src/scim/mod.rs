//! From a record of the directory to a SCIM resource.

mod draft;

use idbridge_scim::{Profile, Value};

use crate::directory::{Group, User};
use crate::finding::FindingKind;
use crate::group_name;
use crate::mapped::Mapped;
use crate::rule::{RuleSet, Source, Surroundings, enabled, is_attribute};

use draft::{Draft, RecordOf};

pub(crate) use draft::{LABELS, MULTI_VALUED};

impl RuleSet {
    /// Maps a person to a SCIM User that `profile`'s service takes, or holds them.
    ///
    /// Texts are trimmed, and blank ones are left out. What the service would refuse is found here and not by the service: an attribute that
    /// need not be sent is left out with a finding, and one that must be sent holds the person. The resource has exactly the mapped attributes,
    /// in the order of the rules, without `schemas` and `id`; [`Profile::check_user`] finds nothing in it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{RuleSet, directory::{DirectoryId, User}};
    /// use idbridge_scim::Profile;
    ///
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// user.email = Some("john@x.example".to_owned());
    /// user.first_name = Some("John".to_owned());
    /// user.last_name = Some("Doe".to_owned());
    /// user.job_title = Some("R&D: Lead".to_owned());
    ///
    /// let mapped = RuleSet::jumpcloud().to_scim(&user, &Profile::aws_iam_identity_center());
    /// let resource = mapped.resource().ok_or("held")?;
    /// assert_eq!(resource.text("displayName"), Some("John Doe"));
    /// assert_eq!(resource.text("title"), None);
    /// assert_eq!(mapped.findings()[0].code(), "AttributeLeftOut");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_scim(&self, user: &User, profile: &Profile) -> Mapped {
        self.to_scim_in(user, &Surroundings::none(), profile)
    }

    /// Maps a person as [`to_scim`](Self::to_scim) does, with what is around them in the directory: expressions may ask for their groups and for
    /// their manager.
    ///
    /// Over a directory that was not read to its end, whoever needs an expression that asks for them is held, because a group that was not read is
    /// not one that they are not in.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{RuleSet, Surroundings, directory::jumpcloud};
    /// use idbridge_scim::Profile;
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [{"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"}],
    ///     "usergroups": [], "application": {}
    /// }"#)?;
    /// let (surroundings, profile) = (Surroundings::of(&snapshot), Profile::aws_iam_identity_center());
    /// let mapped = RuleSet::jumpcloud().to_scim_in(&snapshot.users()["u1"], &surroundings, &profile);
    /// assert!(!mapped.is_held());
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn to_scim_in(&self, user: &User, surroundings: &Surroundings<'_>, profile: &Profile) -> Mapped {
        let mut draft = Draft::new(RecordOf::User(&user.id), &user.findings, &self.user, &profile.user);
        for rule in enabled(&self.user) {
            match rule.source {
                Source::Active => draft.write(rule, Some(Value::Boolean(self.is_active(user)))),
                _ => draft.read(rule, rule.source.read_user(user, surroundings)),
            }
        }
        draft.label();
        self.find_user_name(user, &mut draft);
        self.find_dropped(user, &mut draft);
        draft.finish(|resource| profile.check_user(resource))
    }

    /// Maps a group to a SCIM Group that `profile`'s service takes, or holds it. Members are not in the resource: they are known by identifiers
    /// that only the service gives.
    ///
    /// The name is checked by [`group_name::check`]; a group whose name cannot be sent is held.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{RuleSet, directory::{DirectoryId, Group}};
    /// use idbridge_scim::Profile;
    ///
    /// let group = Group::new(DirectoryId::new("g1")?, "Engineering");
    /// let mapped = RuleSet::jumpcloud().group_to_scim(&group, &Profile::aws_iam_identity_center());
    /// let resource = mapped.resource().ok_or("held")?;
    /// assert_eq!(resource.to_json(), r#"{"displayName":"Engineering","externalId":"g1"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn group_to_scim(&self, group: &Group, profile: &Profile) -> Mapped {
        let mut draft = Draft::new(RecordOf::Group(&group.id), &group.findings, &self.group, &profile.group);
        for rule in enabled(&self.group) {
            let text = rule.source.read_group(group);
            let name = text.as_ref().ok().and_then(Option::as_deref).filter(|_| is_attribute(rule, "displayName"));
            match name.and_then(|name| group_name::check(name, profile)) {
                Some(finding) => draft.push(finding),
                None => draft.read(rule, text),
            }
        }
        draft.finish(|resource| profile.check_group(resource))
    }

    fn find_user_name(&self, user: &User, draft: &mut Draft<'_>) {
        let Some(user_name) = draft.resource().get("userName").and_then(Value::as_str) else { return };
        let is_email = is_plausible_email(user_name);
        let differs = Source::Email.text_of_user(user).as_deref() != Some(user_name);
        if differs {
            draft.find(FindingKind::UserNameDiffersFromEmail, "userName");
        }
        if !is_email {
            draft.find(FindingKind::UserNameNotEmail, "userName");
        }
    }

    fn find_dropped(&self, user: &User, draft: &mut Draft<'_>) {
        let addresses = user.addresses.iter().filter(|address| !address.is_blank()).count();
        let is_of_address = |source: &Source| matches!(source, Source::WorkAddress(_) | Source::Address { .. });
        self.drop_values("addresses", addresses, is_of_address, user, draft);
        let phone_numbers = user.phone_numbers.iter().filter(|phone| !phone.is_blank()).count();
        let is_of_phone_number = |source: &Source| matches!(source, Source::WorkPhone | Source::PhoneNumber { .. });
        self.drop_values("phoneNumbers", phone_numbers, is_of_phone_number, user, draft);
    }

    /// Says how many of `all` values are not sent, of those that rules with such a source read.
    fn drop_values(&self, path: &str, all: usize, is_such: impl Fn(&Source) -> bool, user: &User, draft: &mut Draft<'_>) {
        let sources = || enabled(&self.user).map(|rule| &rule.source).filter(|source| is_such(source));
        let Some(kind) = sources().find_map(Source::kind).filter(|_| all > 0) else { return };
        // Several rules may read parts of one value.
        let is_there = |source: &&Source| source.read_user(user, &Surroundings::none()).is_ok_and(|text| text.is_some());
        let mut sent: Vec<&str> = Vec::new();
        for kind in sources().filter(is_there).filter_map(Source::kind) {
            if !sent.iter().any(|known| known.eq_ignore_ascii_case(kind)) {
                sent.push(kind);
            }
            // Nothing more can be sent than there is, so the other rules need not be asked.
            if sent.len() >= all {
                return;
            }
        }
        let count = all.saturating_sub(sent.len());
        if count > 0 {
            draft.find(FindingKind::ValueDropped { count, kind: kind.to_owned() }, path);
        }
    }
}

/// Whether a mail could be sent to `text`; not a proof, only what a typing error breaks.
fn is_plausible_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let labels_are_there = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    !local.is_empty() && labels_are_there && !domain.contains('@') && !text.contains(char::is_whitespace)
}
