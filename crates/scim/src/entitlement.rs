//! What a person has: groups, entitlements, roles and certificates.

use crate::complex::complex_value;

complex_value! {
    /// One group that a person is in (RFC 7643 section 4.1.2, `groups`). Read-only: who is in a group is written in the group's `members`.
    ///
    /// # Examples
    ///
    /// ```
    /// let user = idbridge_scim::User::from_json(br#"{"groups":[{"value":"g-1","display":"Crane drivers","type":"direct"}]}"#)?;
    /// assert_eq!(user.groups[0].display.as_deref(), Some("Crane drivers"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    GroupMembership {
        /// The `id` of the Group resource.
        value: Option<String> = "value",
        /// The URI of that resource.
        reference: Option<String> = "$ref",
        /// The group's name.
        display: Option<String> = "display",
        /// How the person is in it: `direct`, or `indirect` by way of another group.
        kind: Option<String> = "type",
    }
}

complex_value! {
    /// One thing that a person has a right to (RFC 7643 section 4.1.2, `entitlements`).
    ///
    /// # Examples
    ///
    /// ```
    /// let user = idbridge_scim::User::from_json(br#"{"entitlements":[{"value":"parking","primary":true}]}"#)?;
    /// assert_eq!(user.entitlements[0].primary, Some(true));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    Entitlement {
        /// The entitlement.
        value: Option<String> = "value",
        /// The entitlement as it is shown.
        display: Option<String> = "display",
        /// What it is for; the RFC suggests no words.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}

complex_value! {
    /// One role of a person (RFC 7643 section 4.1.2, `roles`).
    ///
    /// # Examples
    ///
    /// ```
    /// let user = idbridge_scim::User::from_json(br#"{"roles":[{"value":"engineer"}]}"#)?;
    /// assert_eq!(user.roles[0].value.as_deref(), Some("engineer"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    Role {
        /// The role.
        value: Option<String> = "value",
        /// The role as it is shown.
        display: Option<String> = "display",
        /// What it is for; the RFC suggests no words.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}

complex_value! {
    /// One certificate of a person (RFC 7643 section 4.1.2, `x509Certificates`).
    ///
    /// # Examples
    ///
    /// ```
    /// let user = idbridge_scim::User::from_json(br#"{"x509Certificates":[{"value":"MIIDQzCCAqygAwIBAgICEAAwDQYJ"}]}"#)?;
    /// assert_eq!(user.x509_certificates[0].value.as_deref(), Some("MIIDQzCCAqygAwIBAgICEAAwDQYJ"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    X509Certificate {
        /// The certificate: DER in base64, kept as it was written.
        value: Option<String> = "value",
        /// What is shown beside it.
        display: Option<String> = "display",
        /// What it is for; the RFC suggests no words.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}
