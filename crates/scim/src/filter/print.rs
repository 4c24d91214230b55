//! Writes filters.

use std::fmt;

use crate::filter::{Expression, Filter};

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expression() {
            Expression::Present(path) => write!(f, "{path} pr"),
            Expression::Compare(comparison) => write!(f, "{} {} {}", comparison.path(), comparison.operator(), comparison.value()),
            Expression::ValuePath(path, filter) => write!(f, "{path}[{filter}]"),
            Expression::Not(filter) => write!(f, "not ({filter})"),
            Expression::And(filters) => {
                // RFC 7644 section 3.4.2.2: `and` binds closer than `or`.
                joined(f, filters, " and ", |filter| matches!(filter.expression(), Expression::Or(_)))
            }
            Expression::Or(filters) => joined(f, filters, " or ", |_| false),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, filters: &[Filter], word: &str, needs_parentheses: fn(&Filter) -> bool) -> fmt::Result {
    for (index, filter) in filters.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        if needs_parentheses(filter) {
            write!(f, "({filter})")?;
        } else {
            write!(f, "{filter}")?;
        }
    }
    Ok(())
}
