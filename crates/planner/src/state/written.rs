//! How parts of a change are written in a saved plan, where their own shape would lose something.

/// A link with its members, which in a store are records of their own.
pub(crate) mod group_link {
    use std::borrow::Cow;
    use std::collections::BTreeSet;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::key::UserKey;
    use crate::state::GroupLink;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written<'a> {
        link: Cow<'a, GroupLink>,
        members: Cow<'a, BTreeSet<UserKey>>,
    }

    pub(crate) fn serialize<S: Serializer>(link: &GroupLink, serializer: S) -> Result<S::Ok, S::Error> {
        Written { link: Cow::Borrowed(link), members: Cow::Borrowed(&link.members) }.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<GroupLink, D::Error> {
        let Written { link, members } = Written::deserialize(deserializer)?;
        Ok(GroupLink { members: members.into_owned(), ..link.into_owned() })
    }
}

/// A time in seconds and nanoseconds since 1970; a time before it counts as 1970, as it does in a store.
pub(crate) mod time {
    use std::time::{Duration, SystemTime};

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        since.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
        let since = Duration::deserialize(deserializer)?;
        SystemTime::UNIX_EPOCH.checked_add(since).ok_or_else(|| de::Error::custom("expected a time that this machine can tell"))
    }
}
