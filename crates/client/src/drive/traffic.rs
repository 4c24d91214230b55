//! Counts of requests.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A request that is over, as an observer of [`Driver::run`](crate::Driver::run) is told.
///
/// It names no user and holds no value, so it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchanged<'a> {
    /// AWS's name of the operation, such as `CreateUser`.
    pub operation: &'static str,
    /// How it ended.
    pub ended: Ended<'a>,
    /// The service's name for the request, if it answered with one.
    pub request_id: Option<&'a str>,
    /// From writing the request to reading the answer.
    pub took: Duration,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended<'a> {
    /// The service answered.
    Answered {
        /// With this status.
        status: u16,
    },
    /// It was not sent.
    NotSent {
        /// Why, for people.
        reason: &'a str,
    },
    /// No whole answer came.
    Lost {
        /// Why, for people.
        reason: &'a str,
    },
}

/// How many requests there were, by operation and by what became of them.
///
/// It serialises as `{"total": 3, "by_operation": {"CreateUser": {"201": 2, "lost": 1}}, "by_status": {"201": 2, "lost": 1}}`. A request that
/// was not sent is counted under `notSent`, and is no part of `requests`.
///
/// # Examples
///
/// ```
/// use idbridge_client::{Ended, Traffic};
///
/// let mut traffic = Traffic::default();
/// traffic.count("CreateUser", Ended::Answered { status: 201 });
/// traffic.count("CreateUser", Ended::Lost { reason: "the connection was closed" });
/// assert_eq!(traffic.requests(), 2);
/// assert_eq!(traffic.of("CreateUser").answered(201), 1);
/// assert_eq!(traffic.of("CreateUser").lost(), 1);
/// assert_eq!(traffic.to_string(), "2 requests: CreateUser 2");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    operations: BTreeMap<&'static str, Count>,
}

/// How many requests of one kind there were, by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    by_end: BTreeMap<End, u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Status(u16),
    Lost,
    NotSent,
}

impl Traffic {
    /// Counts a request.
    pub fn count(&mut self, operation: &'static str, ended: Ended<'_>) {
        let end = match ended {
            Ended::Answered { status } => End::Status(status),
            Ended::NotSent { .. } => End::NotSent,
            Ended::Lost { .. } => End::Lost,
        };
        *self.operations.entry(operation).or_default().by_end.entry(end).or_default() += 1;
    }

    /// Adds the counts of `other`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_client::{Ended, Traffic};
    ///
    /// let (mut discovery, mut run) = (Traffic::default(), Traffic::default());
    /// discovery.count("ListUsers", Ended::Answered { status: 200 });
    /// run.count("CreateUser", Ended::Answered { status: 201 });
    /// discovery.add(&run);
    /// assert_eq!(discovery.requests(), 2);
    /// ```
    pub fn add(&mut self, other: &Self) {
        for (operation, count) in &other.operations {
            self.operations.entry(operation).or_default().add(count);
        }
    }

    /// How many requests went out, answered or not.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.operations.values().map(Count::requests).sum()
    }

    /// The operations there were requests for, in the order of their names.
    pub fn operations(&self) -> impl Iterator<Item = (&'static str, &Count)> {
        self.operations.iter().map(|(operation, count)| (*operation, count))
    }

    /// The requests for one operation.
    #[must_use]
    pub fn of(&self, operation: &str) -> Count {
        self.operations.get(operation).cloned().unwrap_or_default()
    }

    /// The requests for all operations together.
    #[must_use]
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        self.operations.values().for_each(|count| total.add(count));
        total
    }
}

impl Count {
    /// How many went out, answered or not.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.by_end.iter().filter(|(end, _)| **end != End::NotSent).map(|(_, count)| count).sum()
    }

    /// How many were answered with `status`.
    #[must_use]
    pub fn answered(&self, status: u16) -> u64 {
        self.at(End::Status(status))
    }

    /// How many got no whole answer.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.at(End::Lost)
    }

    /// How many were not sent, because there was no connection.
    #[must_use]
    pub fn not_sent(&self) -> u64 {
        self.at(End::NotSent)
    }

    fn at(&self, end: End) -> u64 {
        self.by_end.get(&end).copied().unwrap_or_default()
    }

    fn add(&mut self, other: &Self) {
        for (end, count) in &other.by_end {
            *self.by_end.entry(*end).or_default() += count;
        }
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = self.requests();
        write!(f, "{requests} request{}", if requests == 1 { "" } else { "s" })?;
        let mut separator = ": ";
        for (operation, count) in self.operations().filter(|(_, count)| count.requests() > 0) {
            write!(f, "{separator}{operation} {}", count.requests())?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Lost => f.write_str("lost"),
            Self::NotSent => f.write_str("notSent"),
        }
    }
}

impl Serialize for Traffic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("total", &self.requests())?;
        map.serialize_entry("by_operation", &self.operations)?;
        map.serialize_entry("by_status", &self.total())?;
        map.end()
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.by_end.iter().map(|(end, count)| (end.to_string(), count)))
    }
}
