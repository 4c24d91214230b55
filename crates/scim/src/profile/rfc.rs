//! A service provider that takes what the RFCs say.

use std::borrow::Cow;

use crate::profile::{AttributeRule, CharacterClass, PatchDialect, Profile, Rates, UpdateMethod, ValueClass};
use crate::schema::{AttributeDefinition, AttributeType, Schema, Schemas};

impl Profile {
    /// A service provider that takes what RFC 7643 and RFC 7644 say, without limits of its own.
    ///
    /// Its attributes are those of [`Schemas::user`] and [`Schemas::group`], and what is read-only is ignored by it; its rates are without bound for all purposes.
    /// What a service takes less, or otherwise, is set on it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Profile, Resource, User};
    ///
    /// let mut profile = Profile::rfc();
    /// assert!(profile.check_user(&Resource::from(User::new("anna"))).is_empty());
    /// profile.members_per_request = 1000;
    /// ```
    #[must_use]
    pub fn rfc() -> Self {
        Self {
            name: Cow::Borrowed("RFC 7644"),
            user: Cow::Owned(rules(&Schemas::user())),
            group: Cow::Owned(rules(&Schemas::group())),
            refused_characters: Cow::Borrowed(&[]),
            reserved_names: Cow::Borrowed(&[]),
            members_per_request: usize::MAX,
            page_caps: Cow::Borrowed(&[]),
            user_update: UpdateMethod::Patch,
            patch: PatchDialect::rfc(),
            rates: Rates { writes: 1e9, reads: 1e9 },
        }
    }
}

fn rules(schemas: &Schemas) -> Vec<AttributeRule> {
    let mut rules = Vec::new();
    // `schemas` follows from what the resource has.
    for attribute in Schema::common_attributes().iter().filter(|attribute| !attribute.name.is("schemas")) {
        add(&mut rules, attribute.name.as_str().to_owned(), attribute);
    }
    for attribute in schemas.core().attributes.iter() {
        add(&mut rules, attribute.name.as_str().to_owned(), attribute);
    }
    for extension in schemas.extensions() {
        for attribute in extension.attributes.iter() {
            add(&mut rules, format!("{}:{}", extension.id, attribute.name), attribute);
        }
    }
    rules
}

fn add(rules: &mut Vec<AttributeRule>, path: String, attribute: &AttributeDefinition) {
    let sub_path = |sub: &AttributeDefinition| format!("{path}.{}", sub.name);
    let subs: Vec<AttributeRule> =
        attribute.sub_attributes.iter().map(|sub| rule(sub_path(sub), sub.attribute_type, sub.required)).collect();
    if attribute.multi_valued {
        let mut list = rule(path.clone(), attribute.attribute_type, attribute.required);
        list.value = ValueClass::Values;
        rules.push(list);
    } else if attribute.attribute_type != AttributeType::Complex {
        rules.push(rule(path.clone(), attribute.attribute_type, attribute.required));
    }
    rules.extend(subs);
}

fn rule(path: String, attribute_type: AttributeType, required: bool) -> AttributeRule {
    let value = if attribute_type == AttributeType::Boolean { ValueClass::Boolean } else { ValueClass::Text };
    AttributeRule { path: Cow::Owned(path), value, required, longest: usize::MAX, characters: CharacterClass::Any }
}
