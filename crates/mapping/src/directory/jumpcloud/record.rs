//! One user, as JumpCloud's API writes them.
//!
//! Absent, `null` and `""` all occur for a value that is not set, and are alike. Of the some sixty keys of a user, those that no rule can use are
//! passed over: they are of devices, of passwords and of second factors, and nobody should hold them who need not.

use std::collections::BTreeSet;

use crate::directory::json::{Faults, Field, Scalar, record, usable};
use crate::directory::{Address, Lifecycle, PhoneNumber, User};
use crate::finding::{FindingKind, Record};

record! {
    /// A `systemuserreturn` of the API's version 1.
    pub(super) WireUser {
        underscore_id: String = "_id",
        id: String = "id",
        username: String = "username",
        email: String = "email",
        firstname: String = "firstname",
        middlename: String = "middlename",
        lastname: String = "lastname",
        displayname: String = "displayname",
        job_title: String = "jobTitle",
        company: String = "company",
        department: String = "department",
        employee_identifier: Scalar = "employeeIdentifier",
        employee_type: String = "employeeType",
        cost_center: Scalar = "costCenter",
        location: String = "location",
        manager: String = "manager",
        state: String = "state",
        suspended: bool = "suspended",
        activated: bool = "activated",
        account_locked: bool = "account_locked",
        password_expired: bool = "password_expired",
        addresses: Vec<Field<WireAddress>> = "addresses",
        phone_numbers: Vec<Field<WirePhone>> = "phoneNumbers",
        attributes: Vec<Field<WireAttribute>> = "attributes",
    }
}

record! {
    WireAddress {
        kind: String = "type",
        street_address: String = "streetAddress",
        locality: String = "locality",
        region: String = "region",
        postal_code: String = "postalCode",
        country: String = "country",
    }
}

record! {
    WirePhone {
        kind: String = "type",
        number: String = "number",
    }
}

record! {
    WireAttribute {
        name: String = "name",
        value: Scalar = "value",
    }
}

impl WireUser {
    /// The user, unless there is no identifier that can be used.
    pub(super) fn into_user(self) -> Option<User> {
        let id = usable(self.underscore_id).or_else(|| usable(self.id))?;
        let mut faults = Faults::new(Record::User(id.clone()));
        let mut user = User::new(id);
        user.username = faults.take(self.username, "username");
        user.email = faults.take(self.email, "email");
        user.first_name = faults.take(self.firstname, "firstname");
        user.middle_name = faults.take(self.middlename, "middlename");
        user.last_name = faults.take(self.lastname, "lastname");
        user.display_name = faults.take(self.displayname, "displayname");
        user.job_title = faults.take(self.job_title, "jobTitle");
        user.company = faults.take(self.company, "company");
        user.department = faults.take(self.department, "department");
        user.employee_identifier = faults.take(self.employee_identifier, "employeeIdentifier").map(|scalar| scalar.0);
        user.employee_type = faults.take(self.employee_type, "employeeType");
        user.cost_center = faults.take(self.cost_center, "costCenter").map(|scalar| scalar.0);
        user.location = faults.take(self.location, "location");
        user.manager = faults.take_id(self.manager, "manager");
        let suspended = faults.take(self.suspended, "suspended").unwrap_or(false);
        user.lifecycle = lifecycle(faults.take(self.state, "state").as_deref(), suspended, &mut faults);
        user.activated = faults.take(self.activated, "activated").unwrap_or(true);
        user.account_locked = faults.take(self.account_locked, "account_locked").unwrap_or(false);
        user.password_expired = faults.take(self.password_expired, "password_expired").unwrap_or(false);
        for address in faults.take(self.addresses, "addresses").into_iter().flatten() {
            let address = faults.take(address, "addresses").map(|address| address.into_address(&mut faults));
            user.addresses.extend(address.filter(|address| !address.is_blank()));
        }
        for phone in faults.take(self.phone_numbers, "phoneNumbers").into_iter().flatten() {
            let phone = faults.take(phone, "phoneNumbers").map(|phone| phone.into_phone(&mut faults));
            user.phone_numbers.extend(phone.filter(|phone| !phone.is_blank()));
        }
        let mut refused = BTreeSet::new();
        for attribute in faults.take(self.attributes, "attributes").into_iter().flatten() {
            if let Some(attribute) = faults.take(attribute, "attributes") {
                attribute.add_to(&mut user, &mut refused, &mut faults);
            }
        }
        user.findings = faults.into_findings();
        Some(user)
    }
}

/// The life cycle by `state`, or by `suspended` where there is no state. Whoever is suspended by either of them is suspended, except that a
/// staged person stays staged, which lets them in least.
fn lifecycle(state: Option<&str>, suspended: bool, faults: &mut Faults) -> Lifecycle {
    let is = |name: &str| state.is_some_and(|state| state.trim().eq_ignore_ascii_case(name));
    if is("STAGED") {
        return Lifecycle::Staged;
    }
    let is_known = is("ACTIVATED") || is("SUSPENDED") || state.is_none_or(|state| state.trim().is_empty());
    if !is_known {
        let kind = FindingKind::UnreadableRecord { expected: "STAGED, ACTIVATED or SUSPENDED", found: "another text" };
        faults.add("state", kind);
    }
    if suspended || is("SUSPENDED") { Lifecycle::Suspended } else { Lifecycle::Active }
}

impl WireAddress {
    /// A part of a wrong type holds the person: an address is sent as a whole, and half of one is another address.
    fn into_address(self, faults: &mut Faults) -> Address {
        Address {
            kind: faults.take(self.kind, "addresses.type"),
            street_address: faults.take(self.street_address, "addresses.streetAddress"),
            locality: faults.take(self.locality, "addresses.locality"),
            region: faults.take(self.region, "addresses.region"),
            postal_code: faults.take(self.postal_code, "addresses.postalCode"),
            country: faults.take(self.country, "addresses.country"),
        }
    }
}

impl WirePhone {
    fn into_phone(self, faults: &mut Faults) -> PhoneNumber {
        PhoneNumber {
            kind: faults.take(self.kind, "phoneNumbers.type"),
            number: faults.take(self.number, "phoneNumbers.number").unwrap_or_default(),
        }
    }
}

impl WireAttribute {
    /// Adds a custom attribute. Most of them are mapped by no rule, so a bad one is left out and does not hold the person. A name in `refused` has
    /// two values, and a third one is none of them either.
    fn add_to(self, user: &mut User, refused: &mut BTreeSet<String>, faults: &mut Faults) {
        let Some(name) = faults.take(self.name, "attributes.name") else { return };
        let unreadable = |found| FindingKind::CustomAttributeUnreadable { expected: "a string", found };
        match self.value {
            Field::Absent => {}
            Field::Not(found) => faults.add(format!("attributes.{name}"), unreadable(found)),
            Field::Is(Scalar(value)) if user.custom.get(&name).is_some_and(|known| *known != value) => {
                faults.add(format!("attributes.{name}"), unreadable("two values"));
                user.custom.remove(&name);
                refused.insert(name);
            }
            Field::Is(Scalar(value)) => {
                if !refused.contains(&name) {
                    user.custom.insert(name, value);
                }
            }
        }
    }
}
