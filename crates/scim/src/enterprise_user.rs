//! The enterprise extension of the User.

use crate::complex::complex_value;

complex_value! {
    /// The manager of a person (RFC 7643 section 4.3, `manager`).
    ///
    /// # Examples
    ///
    /// ```
    /// let mut manager = idbridge_scim::Manager::default();
    /// manager.value = Some("9067729b3d-94f1e0b3-c394-48d5-8ab1-2c122a167074".to_owned());
    /// assert!(manager.reference.is_none());
    /// ```
    Manager {
        /// The `id` of the manager's own User resource.
        value: Option<String> = "value",
        /// The URI of that resource.
        reference: Option<String> = "$ref",
        /// The manager's name, read-only; AWS does not take it.
        display_name: Option<String> = "displayName",
    }
}

complex_value! {
    /// The enterprise User extension (RFC 7643 section 4.3).
    ///
    /// # Examples
    ///
    /// ```
    /// let mut user = idbridge_scim::User::new("anna@example.com");
    /// user.enterprise.get_or_insert_default().department = Some("Cranes".to_owned());
    /// let resource = idbridge_scim::Resource::from(user);
    /// assert_eq!(resource.text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"), Some("Cranes"));
    /// ```
    EnterpriseUser {
        /// An identifier that the organisation gave the person.
        employee_number: Option<String> = "employeeNumber",
        /// The cost center.
        cost_center: Option<String> = "costCenter",
        /// The organisation.
        organization: Option<String> = "organization",
        /// The division.
        division: Option<String> = "division",
        /// The department.
        department: Option<String> = "department",
        /// The manager.
        manager: Option<Manager> = "manager",
    }
}
