//! A person in the directory.

use std::collections::BTreeMap;

use crate::directory::DirectoryId;
use crate::finding::Finding;

/// A person, as the directory has them.
///
/// Texts are kept as they were read; rules trim them when they map. A value that is absent, `null` or `""` in the source is `None` here.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{DirectoryId, Lifecycle, User};
///
/// let mut anna = User::new(DirectoryId::new("u1")?);
/// anna.email = Some("anna.berg@example.com".to_owned());
/// anna.first_name = Some("Anna".to_owned());
/// assert_eq!(anna.lifecycle, Lifecycle::Active);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The directory's identifier; JumpCloud's `_id`.
    pub id: DirectoryId,
    /// The log-in name in the directory.
    pub username: Option<String>,
    /// The company e-mail address.
    pub email: Option<String>,
    /// The given name.
    pub first_name: Option<String>,
    /// The middle name. No rule sends it unless it is asked for.
    pub middle_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// The name that the person prefers to be shown.
    pub display_name: Option<String>,
    /// Where the person is between hired and gone.
    pub lifecycle: Lifecycle,
    /// Whether the password has expired. Changes nothing unless the rules say so.
    pub password_expired: bool,
    /// Whether the account is locked after failed log-ins. Changes nothing unless the rules say so.
    pub account_locked: bool,
    /// Whether the person has finished the registration. Changes nothing unless the rules say so.
    pub activated: bool,
    /// The job title.
    pub job_title: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// The number or code that the employer gave the person.
    pub employee_identifier: Option<String>,
    /// What kind of employee the person is, such as `Contractor`.
    pub employee_type: Option<String>,
    /// The cost center that the person is booked on.
    pub cost_center: Option<String>,
    /// Where the person works, in the directory's words; no physical address.
    pub location: Option<String>,
    /// The person whom this one reports to, by the directory's identifier.
    pub manager: Option<DirectoryId>,
    /// Physical addresses, in the directory's order; entries without any content are not kept.
    pub addresses: Vec<Address>,
    /// Telephone numbers, in the directory's order; entries without a number are not kept.
    pub phone_numbers: Vec<PhoneNumber>,
    /// Custom attributes by name. `locale` is one of them: JumpCloud has no field for it.
    pub custom: BTreeMap<String, String>,
    /// What the person has from their groups, as the directory itself merged it (JumpCloud's `compiledAttributes`), by name. It goes before what is
    /// found in the groups here, and behind what the person has themselves.
    pub inherited: BTreeMap<String, String>,
    /// What a reader found wrong with this record; one that [holds](crate::Severity::Holds) keeps the person from being mapped.
    pub findings: Vec<Finding>,
}

impl User {
    /// An active person of whom nothing but the identifier is known.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{DirectoryId, Lifecycle, User};
    ///
    /// let user = User::new(DirectoryId::new("u1")?);
    /// assert_eq!((user.lifecycle, user.activated, user.email), (Lifecycle::Active, true, None));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn new(id: DirectoryId) -> Self {
        Self {
            id,
            username: None,
            email: None,
            first_name: None,
            middle_name: None,
            last_name: None,
            display_name: None,
            lifecycle: Lifecycle::Active,
            password_expired: false,
            account_locked: false,
            activated: true,
            job_title: None,
            company: None,
            department: None,
            employee_identifier: None,
            employee_type: None,
            cost_center: None,
            location: None,
            manager: None,
            addresses: Vec::new(),
            phone_numbers: Vec::new(),
            custom: BTreeMap::new(),
            inherited: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// The first address whose type is `work`, compared without case, and that has any content.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Address, DirectoryId, User};
    ///
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// let mut office = Address::new("Work");
    /// office.locality = Some("Oslo".to_owned());
    /// user.addresses = vec![Address::new("home"), Address::new("work"), office];
    /// // The first one of this type has nothing in it.
    /// assert_eq!(user.work_address().and_then(|address| address.locality.as_deref()), Some("Oslo"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn work_address(&self) -> Option<&Address> {
        self.addresses.iter().find(|address| is_work(address.kind.as_deref()) && !address.is_blank())
    }

    /// The first telephone number whose type is `work`, compared without case, and that is not blank; `work_mobile` is another type.
    #[must_use]
    pub fn work_phone(&self) -> Option<&PhoneNumber> {
        self.phone_numbers.iter().find(|phone| is_work(phone.kind.as_deref()) && !phone.is_blank())
    }
}

fn is_work(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("work"))
}

/// Where a person is between hired and gone.
///
/// Gone itself is not among them: whoever is gone is missing from a complete snapshot. A state that the source names and this type does not know
/// holds the record, because nobody can tell whether the person may log in.
///
/// | | sent | may log in |
/// | --- | --- | --- |
/// | [`Lifecycle::Staged`] | no | no |
/// | [`Lifecycle::Active`] | if entitled | yes |
/// | [`Lifecycle::Suspended`] | as inactive, to a service that has them | no |
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Lifecycle, jumpcloud};
///
/// let snapshot = jumpcloud::read(br#"{
///     "systemusers": [{"_id": "u1", "state": "SUSPENDED"}, {"_id": "u2", "state": "RETIRED"}],
///     "usergroups": [],
///     "application": {"usergroups": []}
/// }"#)?;
/// assert_eq!(snapshot.users()["u1"].lifecycle, Lifecycle::Suspended);
/// // Nobody knows what that is, so the person is held.
/// assert_eq!(snapshot.users()["u2"].findings[0].code(), "UnreadableRecord");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "who decides about access must decide for each of them")]
pub enum Lifecycle {
    /// Entered, but not yet let in; JumpCloud's `STAGED`. Never provisioned.
    Staged,
    /// At work; JumpCloud's `ACTIVATED`.
    Active,
    /// Kept out for now; JumpCloud's `SUSPENDED`.
    Suspended,
}

/// A physical address. Only the parts that a rule can send are kept.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::Address;
///
/// let mut address = Address::new("work");
/// assert!(address.is_blank());
/// address.country = Some("NO".to_owned());
/// assert!(!address.is_blank());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// What it is for, such as `work` or `home`.
    pub kind: Option<String>,
    /// The street and house number.
    pub street_address: Option<String>,
    /// The city.
    pub locality: Option<String>,
    /// The state or region.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country.
    pub country: Option<String>,
}

impl Address {
    /// An address of type `kind` with nothing in it yet.
    #[must_use]
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: Some(kind.into()), ..Self::default() }
    }

    /// Whether all five parts are empty or blank; JumpCloud stores such entries.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let parts = [&self.street_address, &self.locality, &self.region, &self.postal_code, &self.country];
        parts.into_iter().flatten().all(|part| part.trim().is_empty())
    }
}

/// A telephone number.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{DirectoryId, PhoneNumber, User};
///
/// let mut user = User::new(DirectoryId::new("u1")?);
/// user.phone_numbers = vec![PhoneNumber::new("mobile", "+1 303 555 0100"), PhoneNumber::new("work", "+1 303 555 0101")];
/// assert_eq!(user.work_phone().map(|phone| phone.number.as_str()), Some("+1 303 555 0101"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneNumber {
    /// What it is for, such as `work`, `mobile` or `work_fax`.
    pub kind: Option<String>,
    /// The number, as it is dialled.
    pub number: String,
}

impl PhoneNumber {
    /// The number `number` of type `kind`.
    #[must_use]
    pub fn new(kind: impl Into<String>, number: impl Into<String>) -> Self {
        Self { kind: Some(kind.into()), number: number.into() }
    }

    /// Whether there is no number; JumpCloud stores such entries.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.number.trim().is_empty()
    }
}
