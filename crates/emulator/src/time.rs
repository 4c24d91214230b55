//! A time as AWS writes it.
//!
//! Both forms are UTC, and both come from the `now` of the request.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// `meta.created` and `meta.lastModified`: `YYYY-MM-DDTHH:MM:SSZ` (developer guide, every example). A time before 1970 is written as 1970.
pub(crate) fn date_time(now: SystemTime) -> String {
    let Civil { year, month, day, hour, minute, second, .. } = Civil::from(now);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// An error's `timeStamp`: `YYYY-MM-DD HH:MM:SS.fff`, without a zone (recorded error bodies).
pub(crate) fn time_stamp(now: SystemTime) -> String {
    let Civil { year, month, day, hour, minute, second, millisecond } = Civil::from(now);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{millisecond:03}")
}

/// A date and a time of day, UTC.
struct Civil {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
    millisecond: u32,
}

impl From<SystemTime> for Civil {
    // The algorithm `civil_from_days` of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms", for days from 1970 on.
    fn from(now: SystemTime) -> Self {
        let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let (days, second_of_day) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Years begin in March here, so that a leap day is the last day of its year.
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        Self {
            year: era * 400 + year_of_era + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            hour: second_of_day / 3_600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
            millisecond: since.subsec_millis(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{date_time, time_stamp};

    #[test]
    fn civil_dates() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_585_622_175, "2020-03-31T02:36:15Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(date_time(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
        assert_eq!(date_time(UNIX_EPOCH - Duration::from_secs(1)), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn time_stamps_have_milliseconds_and_no_zone() {
        let now = UNIX_EPOCH + Duration::from_millis(1_647_601_028_014);
        assert_eq!(time_stamp(now), "2022-03-18 10:57:08.014");
    }
}
