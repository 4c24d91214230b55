//! Extension attributes, whose names only their tenant knows.

use std::collections::BTreeMap;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess};

use crate::directory::graph::record::WireUser;
use crate::directory::json::{Field, Key, Open, Simple, Wanted};

/// How the names of directory extensions begin; the identifier of the application that declared them follows.
const PREFIX: &str = "extension_";

/// A user, and the directory extensions that are among its keys.
pub(super) struct Extended {
    pub(super) user: WireUser,
    pub(super) extensions: Open<Simple>,
}

impl Wanted for Extended {
    const EXPECTED: &'static str = "an object";

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        let mut others = Others { map, extensions: BTreeMap::new() };
        let user = WireUser::from_map(&mut others)?;
        Ok(user.map(|user| Self { user, extensions: Open(others.extensions) }))
    }
}

/// The keys of a user without the extensions, which are read on the way.
struct Others<A> {
    map: A,
    extensions: BTreeMap<String, Field<Simple>>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Others<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(Key(key)) = self.map.next_key::<Key<'de>>()? {
            if !key.starts_with(PREFIX) {
                let key: CowStrDeserializer<'_, A::Error> = key.into_deserializer();
                return seed.deserialize(key).map(Some);
            }
            let value = self.map.next_value()?;
            self.extensions.entry(key.into_owned()).or_insert(Field::Absent).put(value);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
