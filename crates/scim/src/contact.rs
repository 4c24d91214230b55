//! The name of a person, and how the person is reached.

use crate::complex::complex_value;

complex_value! {
    /// The components of a person's name (RFC 7643 section 4.1.1, `name`).
    ///
    /// # Examples
    ///
    /// ```
    /// let name = idbridge_scim::Name::new("Anna", "Berg");
    /// assert_eq!(name.family_name.as_deref(), Some("Berg"));
    /// ```
    Name {
        /// The full name, ready to be shown.
        formatted: Option<String> = "formatted",
        /// The family name; AWS requires it.
        family_name: Option<String> = "familyName",
        /// The given name; AWS requires it.
        given_name: Option<String> = "givenName",
        /// The middle name or names.
        middle_name: Option<String> = "middleName",
        /// A title before the name, such as "Ms.".
        honorific_prefix: Option<String> = "honorificPrefix",
        /// A suffix behind the name, such as "III".
        honorific_suffix: Option<String> = "honorificSuffix",
    }
}

complex_value! {
    /// One e-mail address (RFC 7643 section 4.1.2, `emails`). AWS takes one, and it must be primary.
    ///
    /// # Examples
    ///
    /// ```
    /// let email = idbridge_scim::Email::work("anna@example.com");
    /// assert_eq!(email.primary, Some(true));
    /// ```
    Email {
        /// The address.
        value: Option<String> = "value",
        /// The address as it is shown; read-only by RFC 7643 section 2.4.
        display: Option<String> = "display",
        /// What it is for: `work`, `home` or `other`.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}

complex_value! {
    /// One telephone number (RFC 7643 section 4.1.2, `phoneNumbers`). AWS takes one.
    ///
    /// # Examples
    ///
    /// ```
    /// let phone = idbridge_scim::PhoneNumber::work("555-0100");
    /// assert_eq!(phone.kind.as_deref(), Some("work"));
    /// ```
    PhoneNumber {
        /// The number, as it is dialled.
        value: Option<String> = "value",
        /// The number as it is shown.
        display: Option<String> = "display",
        /// What it is for: `work`, `home`, `mobile`, `fax`, `pager` or `other`.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}

complex_value! {
    /// One instant messaging address (RFC 7643 section 4.1.2, `ims`).
    ///
    /// # Examples
    ///
    /// ```
    /// let user = idbridge_scim::User::from_json(br#"{"ims":[{"value":"anna","type":"xmpp"}]}"#)?;
    /// assert_eq!(user.ims[0].kind.as_deref(), Some("xmpp"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    InstantMessagingAddress {
        /// The address.
        value: Option<String> = "value",
        /// The address as it is shown.
        display: Option<String> = "display",
        /// The service: `aim`, `gtalk`, `icq`, `xmpp`, `msn`, `skype`, `qq`, `yahoo` or another.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}

complex_value! {
    /// The URI of one photo of the person (RFC 7643 section 4.1.2, `photos`).
    ///
    /// # Examples
    ///
    /// ```
    /// let user = idbridge_scim::User::from_json(br#"{"photos":[{"value":"https://example.com/anna.jpg","type":"photo"}]}"#)?;
    /// assert_eq!(user.photos[0].value.as_deref(), Some("https://example.com/anna.jpg"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    Photo {
        /// The URI.
        value: Option<String> = "value",
        /// What is shown beside it.
        display: Option<String> = "display",
        /// What it is: `photo` or `thumbnail`.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}

complex_value! {
    /// One physical address (RFC 7643 section 4.1.2, `addresses`). AWS takes one.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut address = idbridge_scim::Address::default();
    /// address.locality = Some("Hamburg".to_owned());
    /// assert!(address.country.is_none());
    /// ```
    Address {
        /// The full address, ready to be printed.
        formatted: Option<String> = "formatted",
        /// The street and house number.
        street_address: Option<String> = "streetAddress",
        /// The city.
        locality: Option<String> = "locality",
        /// The state or region.
        region: Option<String> = "region",
        /// The postal code.
        postal_code: Option<String> = "postalCode",
        /// The country, ISO 3166-1 alpha-2 by the RFC.
        country: Option<String> = "country",
        /// What it is for: `work`, `home` or `other`.
        kind: Option<String> = "type",
        /// Whether this is the preferred one of all.
        primary: Option<bool> = "primary",
    }
}

impl Name {
    /// A name of the two components that AWS requires.
    #[must_use]
    pub fn new(given_name: impl Into<String>, family_name: impl Into<String>) -> Self {
        Self { given_name: Some(given_name.into()), family_name: Some(family_name.into()), ..Self::default() }
    }
}

impl Email {
    /// The primary work address, which is the form that AWS takes.
    #[must_use]
    pub fn work(value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), kind: Some("work".to_owned()), primary: Some(true), ..Self::default() }
    }
}

impl PhoneNumber {
    /// A work number.
    #[must_use]
    pub fn work(value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), kind: Some("work".to_owned()), ..Self::default() }
    }
}
