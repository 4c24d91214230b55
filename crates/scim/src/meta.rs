//! What a service provider says of a resource.

use crate::complex::complex_value;

complex_value! {
    /// What the service provider says of a resource (RFC 7643 section 3.1, `meta`). Read-only.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::User;
    ///
    /// let user = User::from_json(br#"{"meta":{"resourceType":"User"}}"#)?;
    /// assert_eq!(user.meta.and_then(|meta| meta.resource_type).as_deref(), Some("User"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    Meta {
        /// The resource type: `User` or `Group`.
        resource_type: Option<String> = "resourceType",
        /// When it was created, a dateTime.
        created: Option<String> = "created",
        /// When it was last changed, a dateTime.
        last_modified: Option<String> = "lastModified",
        /// Its URI.
        location: Option<String> = "location",
        /// Its version, an entity tag.
        version: Option<String> = "version",
    }
}
