//! Which attributes a resource has.

use std::collections::BTreeSet;
use std::sync::Arc;

use idbridge_scim::{Object, Resource, Value};

/// The paths of what was sent so far, each held once: a report names the same twenty of a hundred thousand people.
#[derive(Default)]
pub(super) struct Paths {
    known: BTreeSet<Arc<str>>,
    /// The path that is looked at.
    path: String,
}

impl Paths {
    /// The paths of the attributes in `resource`, in its order: each simple one, and each part of one that has parts.
    pub(super) fn of(&mut self, resource: &Resource) -> Vec<Arc<str>> {
        let mut paths = Vec::new();
        for (name, value) in resource.attributes().iter() {
            self.path.clear();
            self.path.push_str(name.as_str());
            match value {
                Value::Object(parts) => {
                    // RFC 7644 section 3.10: behind the URI of an extension stands a colon.
                    let separator = if name.as_str().contains(':') { ':' } else { '.' };
                    self.parts(separator, parts, &mut paths);
                }
                Value::Array(values) => match values.first() {
                    Some(Value::Object(parts)) => self.parts('.', parts, &mut paths),
                    _ => paths.push(self.known()),
                },
                _ => paths.push(self.known()),
            }
        }
        paths
    }

    /// Adds a path for each part. The text is written into one buffer, which is cut back to the attribute each time.
    fn parts(&mut self, separator: char, parts: &Object, paths: &mut Vec<Arc<str>>) {
        self.path.push(separator);
        let outer = self.path.len();
        for (name, _) in parts.iter() {
            self.path.truncate(outer);
            self.path.push_str(name.as_str());
            paths.push(self.known());
        }
    }

    /// The path that is looked at, shared with all records that had it before.
    fn known(&mut self) -> Arc<str> {
        if let Some(known) = self.known.get(self.path.as_str()) {
            return Arc::clone(known);
        }
        let path: Arc<str> = Arc::from(self.path.as_str());
        self.known.insert(Arc::clone(&path));
        path
    }
}

/// What `path` is called in a line for people: the attribute without its parts, and of an extension the attribute without the URI.
///
/// A line has room for `addresses`, and not for five of its parts.
pub(super) fn short(path: &str) -> &str {
    let within = path.rsplit_once(':').map_or(path, |(_, within)| within);
    within.split_once('.').map_or(within, |(attribute, _)| attribute)
}
