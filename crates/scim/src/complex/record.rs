//! How typed records are declared.

/// Declares a record: one field for each known attribute, an `Option` or a `Vec`, and `other` for the ones it does not know.
///
/// It is read from JSON and from generic objects, becomes a generic object, and is seen by filters. How it is written is for the caller to say.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// Attributes that this type does not know, kept as they were read.
            pub other: $crate::value::Object,
        }

        const _: () = {
            use serde::de::{Deserialize, Deserializer, MapAccess};
            use serde::ser::SerializeMap;
            use std::marker::PhantomData;

            use $crate::attr_name::AttrName;
            use $crate::attributes::{Attributes, View, sealed};
            use $crate::complex::{self, Key, KeySeed, Record, Slot, SlotSeed};
            use $crate::error::Error;
            use $crate::value::{Members, Object, twice};

            #[expect(non_camel_case_types, reason = "named as the fields of the record")]
            pub(crate) enum Field {
                $($field,)*
            }

            impl Record for $name {
                type Field = Field;

                fn field(name: &str) -> Option<Field> {
                    // Bytes are told apart by a tree of their values, where texts would be compared one after the other.
                    #[expect(non_upper_case_globals, reason = "named as the fields of the record")]
                    mod wire {
                        $(pub(super) const $field: &[u8] = $wire.as_bytes();)*
                    }
                    match name.as_bytes() {
                        $(wire::$field => Some(Field::$field),)*
                        $(_ if name.eq_ignore_ascii_case($wire) => Some(Field::$field),)*
                        _ => None,
                    }
                }

                fn view_field(&self, field: Field) -> View<'_> {
                    match field {
                        $(Field::$field => self.$field.view(),)*
                    }
                }

                fn from_object(object: Object) -> Result<Self, Error> {
                    let mut record = Self::default();
                    for (name, value) in object {
                        match Self::field(name.as_str()) {
                            $(Some(Field::$field) => {
                                record.$field = Slot::read(value).map_err(|error| complex::within(&error, $wire))?;
                            })*
                            None => record.other.push(name, value),
                        }
                    }
                    Ok(record)
                }

                fn into_object(self) -> Object {
                    let mut object = Object::with_capacity(self.assigned() + self.other.len());
                    $(if let Some(value) = self.$field.write() {
                        object.push(AttrName::from_static($wire), value);
                    })*
                    complex::add_other::<Self>(&mut object, self.other);
                    object
                }

                fn from_json_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                    $(let mut $field: Option<$type> = None;)*
                    let mut members = Members::default();
                    while let Some(key) = map.next_key_seed(KeySeed::<Self>(PhantomData))? {
                        members.count()?;
                        match key {
                            $(Key::Known(Field::$field) if $field.is_some() => return Err(twice($wire)),
                            Key::Known(Field::$field) => {
                                $field = Some(map.next_value_seed(SlotSeed::<$type>(PhantomData))?);
                            })*
                            Key::Other(name) => members.read(name, &mut map)?,
                        }
                    }
                    Ok(Self { $($field: $field.unwrap_or_default(),)* other: members.into_object() })
                }

                fn assigned(&self) -> usize {
                    [$(self.$field.is_assigned()),*].into_iter().map(usize::from).sum()
                }

                fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                    $(self.$field.write_json($wire, map)?;)*
                    Ok(())
                }

                fn other(&self) -> &Object {
                    &self.other
                }
            }

            impl sealed::Sealed for $name {}

            impl Attributes for $name {
                fn view(&self, name: &str) -> View<'_> {
                    complex::view_attribute(self, name)
                }

                fn is_unassigned(&self) -> bool {
                    self.assigned() == 0 && Attributes::is_unassigned(&self.other)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    complex::read_record(deserializer)
                }
            }
        };
    };
}
pub(crate) use record;

/// Declares a complex value: a [`record`] that is written as what it has.
macro_rules! complex_value {
    ($(#[$doc:meta])* $name:ident $fields:tt) => {
        $crate::complex::record! { $(#[$doc])* $name $fields }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::complex::Attribute::write_json(self, serializer)
            }
        }
    };
}
pub(crate) use complex_value;

#[cfg(test)]
mod tests {
    use crate::attributes::{Attributes, View};
    use crate::{Group, Resource, User};

    const USER: &str = r#"{
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:2.0:Badge"], "id": "1", "externalId": "u-1",
        "meta": {"resourceType": "User", "created": "c", "lastModified": "l", "location": "o", "version": "v"}, "userName": "anna",
        "name": {"formatted": "a", "familyName": "b", "givenName": "c", "middleName": "d", "honorificPrefix": "e", "honorificSuffix": "f"},
        "displayName": "Anna", "nickName": "Anni", "profileUrl": "p", "title": "t", "userType": "u", "preferredLanguage": "l",
        "locale": "l", "timezone": "z", "active": false, "password": "secret",
        "emails": [{"value": "v", "display": "d", "type": "t", "primary": true, "x": 1}, {}],
        "addresses": [{"formatted": "f", "streetAddress": "s", "locality": "l", "region": "r", "postalCode": "p", "country": "c"}],
        "phoneNumbers": [{"value": "1"}], "ims": [{"value": "2"}], "photos": [{"value": "3"}], "groups": [{"value": "4", "$ref": "r"}],
        "entitlements": [{"value": "5"}], "roles": [{"value": "6", "primary": false}], "x509Certificates": [{"value": "7"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "e", "costCenter": "c", "organization": "o",
            "division": "d", "department": "p", "manager": {"value": "m", "$ref": "r", "displayName": "n", "y": [1]}},
        "urn:example:2.0:Badge": {"colour": "blue"}, "x": 1.5, "y": null, "z": [], "list": [1, "2"]
    }"#;

    /// All that a filter can see: every name in `names`, in every place.
    fn seen(view: View<'_>, names: &[String]) -> String {
        match view {
            View::Unassigned => "nothing".to_owned(),
            View::Boolean(value) => value.to_string(),
            View::Text(text) => format!("{text:?}"),
            View::Number(number) => number.to_string(),
            View::Complex(object) => {
                let parts = names.iter().map(|name| (name, seen(object.view(name), names))).filter(|(_, part)| part != "nothing");
                format!("{{{}}}", parts.map(|(name, part)| format!("{name}: {part}")).collect::<Vec<_>>().join(", "))
            }
            View::Values(values) => {
                let mut parts = Vec::new();
                assert!(!values.any(&mut |value| {
                    parts.push(seen(*value, names));
                    false
                }));
                format!("[{}]", parts.join(", "))
            }
        }
    }

    /// Every name in the text of a resource, as it is spelled and in capitals, and a few that are not in it.
    fn names(resource: &Resource) -> Vec<String> {
        let text = resource.to_json();
        let spelled =
            text.split('"').skip(1).step_by(2).map(str::to_owned).chain(["".to_owned(), "nobody".to_owned(), "members".to_owned()]);
        let mut names: Vec<String> = spelled.flat_map(|name| [name.to_uppercase(), name]).collect();
        names.sort();
        names.dedup();
        names
    }

    /// A filter sees the same of a typed record and of its generic object.
    #[test]
    fn typed_and_generic_show_the_same() {
        let user = User::from_json(USER.as_bytes()).unwrap();
        let mut overridden = user.clone();
        overridden.other.set("USERNAME", "berta");
        overridden.other.set("title", crate::Value::Null);
        overridden.emails.iter_mut().for_each(|email| email.other.set("value", true));
        for user in [user, overridden, User::new("anna"), User::default()] {
            let generic = Resource::from(user.clone());
            let names = names(&generic);
            assert_eq!(seen(View::Complex(&user), &names), seen(View::Complex(&generic), &names));
        }
        let group = r#"{"displayName":"g","members":[{"value":"u","$ref":"r","display":"d","type":"User","x":{}},{"value":"w"}],"x":[[]]}"#;
        let group = Group::from_json(group.as_bytes()).unwrap();
        let generic = Resource::from(group.clone());
        let names = names(&generic);
        assert_eq!(seen(View::Complex(&group), &names), seen(View::Complex(&generic), &names));
    }

    /// Everything in the text is seen, so that the comparison above compares something.
    #[test]
    fn every_attribute_is_seen() {
        let user = User::from_json(USER.as_bytes()).unwrap();
        assert_eq!(user.other.len(), 5);
        for (name, expected) in [
            ("userName", "\"anna\""),
            ("USERNAME", "\"anna\""),
            ("active", "false"),
            ("name", "{givenName: \"c\"}"),
            ("emails", "[{value: \"v\"}, {}]"),
            ("x", "1.5"),
            ("y", "nothing"),
            ("z", "nothing"),
        ] {
            assert_eq!(seen(user.view(name), &["givenName".to_owned(), "value".to_owned()]), expected, "{name}");
        }
    }

    #[test]
    fn the_enterprise_extension_has_its_uri() {
        assert_eq!(
            Resource::from(User { enterprise: Some(crate::EnterpriseUser::default()), ..User::default() }).to_json(),
            format!("{{{:?}:{{}}}}", crate::SchemaUri::ENTERPRISE_USER.as_str())
        );
    }
}
