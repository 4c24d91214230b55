//! The name to show, composed of given name and family name.

/// Composes a display name: both names without white space around them, joined by one space.
///
/// Nothing inside a name is changed: no letters, no inner spaces, no combining marks. A blank name counts as none; two of them compose nothing.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::display_name::compose;
///
/// assert_eq!(compose(Some("Anna "), Some(" de la Cruz")).as_deref(), Some("Anna de la Cruz"));
/// assert_eq!(compose(Some("  "), None), None);
/// ```
#[must_use]
pub fn compose(first_name: Option<&str>, last_name: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = [first_name, last_name].into_iter().flatten().map(str::trim).filter(|name| !name.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
