//! The profile of a person: attributes that every organization has, and whichever it added.

use crate::directory::cloud::add_custom;
use crate::directory::json::{Faults, Scalar, Simple, record};
use crate::directory::{Address, PhoneNumber, User};

record! {
    /// Okta's base attributes of a user, as far as the directory model has a place for them, and all others.
    pub(super) WireProfile {
        login: String = "login",
        email: String = "email",
        first_name: String = "firstName",
        middle_name: String = "middleName",
        last_name: String = "lastName",
        display_name: String = "displayName",
        title: String = "title",
        organization: String = "organization",
        department: String = "department",
        cost_center: String = "costCenter",
        employee_number: Scalar = "employeeNumber",
        user_type: String = "userType",
        manager_id: String = "managerId",
        manager: String = "manager",
        street_address: String = "streetAddress",
        city: String = "city",
        state: String = "state",
        zip_code: String = "zipCode",
        country_code: String = "countryCode",
        primary_phone: String = "primaryPhone",
        mobile_phone: String = "mobilePhone",
        _ in others: Simple = ""
    }
}

impl WireProfile {
    /// Puts the attributes that the directory model has a place for there, and the others among the custom ones.
    ///
    /// A base attribute of another type holds the person, because Okta has none but texts there: whoever wrote the file changed it. An attribute
    /// that the organization added may be of any type.
    pub(super) fn add_to(self, user: &mut User, faults: &mut Faults) {
        user.username = faults.take(self.login, "profile.login");
        user.email = faults.take(self.email, "profile.email");
        user.first_name = faults.take(self.first_name, "profile.firstName");
        user.middle_name = faults.take(self.middle_name, "profile.middleName");
        user.last_name = faults.take(self.last_name, "profile.lastName");
        user.display_name = faults.take(self.display_name, "profile.displayName");
        user.job_title = faults.take(self.title, "profile.title");
        user.company = faults.take(self.organization, "profile.organization");
        user.department = faults.take(self.department, "profile.department");
        user.cost_center = faults.take(self.cost_center, "profile.costCenter");
        user.employee_identifier = faults.take(self.employee_number, "profile.employeeNumber").map(|scalar| scalar.0);
        user.employee_type = faults.take(self.user_type, "profile.userType");
        let manager = faults.take_id(self.manager, "profile.manager");
        user.manager = faults.take_id(self.manager_id, "profile.managerId").or(manager);
        let address = Address {
            kind: Some("work".to_owned()),
            street_address: faults.take(self.street_address, "profile.streetAddress"),
            locality: faults.take(self.city, "profile.city"),
            region: faults.take(self.state, "profile.state"),
            postal_code: faults.take(self.zip_code, "profile.zipCode"),
            country: faults.take(self.country_code, "profile.countryCode"),
        };
        user.addresses.extend(Some(address).filter(|address| !address.is_blank()));
        let phones = [("work", self.primary_phone, "profile.primaryPhone"), ("mobile", self.mobile_phone, "profile.mobilePhone")];
        for (kind, number, path) in phones {
            let phone = faults.take(number, path).map(|number| PhoneNumber::new(kind, number));
            user.phone_numbers.extend(phone.filter(|phone| !phone.is_blank()));
        }
        for (name, value) in self.others {
            add_custom(user, faults, &format!("profile.{name}"), &name, value);
        }
    }
}
