//! Moments as saml-core section 1.3.3 writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{Error, ErrorKind, Location, excerpt};

/// Reads a moment as SAML writes it, an `xs:dateTime` from 1970 to 9999 with or without a fraction of a second, in UTC or with an offset: for a clock
/// that is configured, or written down with a message, as test vectors have it.
///
/// # Errors
///
/// [`ErrorKind::Value`] for everything else, and for one without a zone, because it could mean any of 27 hours.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use idbridge_saml::parse_date_time;
///
/// assert_eq!(parse_date_time("2026-11-01T09:00:00+01:00")?, UNIX_EPOCH + Duration::from_secs(1_793_520_000));
/// assert!(parse_date_time("2026-11-01T08:00:00").is_err());
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
pub fn parse_date_time(text: &str) -> Result<SystemTime, Error> {
    read("dateTime", text, || Location::Whole)
}

/// Writes `moment` in UTC with whole seconds, such as `2026-11-01T08:00:00Z`.
///
/// saml-core 1.3.3: "All SAML time values have the type xs:dateTime [...] and MUST be expressed in UTC form, with no time zone component."
///
/// # Errors
///
/// [`ErrorKind::Misuse`] for a moment that has no four-digit year.
pub(crate) fn write(moment: SystemTime) -> Result<String, Error> {
    let reason = || Error::whole(ErrorKind::Misuse { reason: "a moment is written with a year from 1970 to 9999".to_owned() });
    let seconds = moment.duration_since(UNIX_EPOCH).map_err(|_| reason())?.as_secs();
    if seconds >= SECONDS_OF_YEAR_10000 {
        return Err(reason());
    }
    let (days, second_of_day) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
    let mut text = String::with_capacity(20);
    digits(&mut text, year, 4);
    for (separator, number) in [('-', month), ('-', day), ('T', hour), (':', minute), (':', second)] {
        text.push(separator);
        digits(&mut text, number, 2);
    }
    text.push('Z');
    Ok(text)
}

/// The same for an error, which has no room for another one.
pub(crate) fn display(moment: SystemTime) -> String {
    write(moment).unwrap_or_else(|_| "a moment out of range".to_owned())
}

/// Reads an `xs:dateTime` from 1970 to 9999, with or without a fraction, in UTC or with an offset.
///
/// One without a zone is refused, because it could mean any of 27 hours.
pub(crate) fn read(name: &'static str, text: &str, at: impl FnOnce() -> Location) -> Result<SystemTime, Error> {
    moment(text.trim_matches([' ', '\t', '\n', '\r'])).ok_or_else(|| {
        let expected = "a moment such as 2026-11-01T08:00:00Z";
        Error::new(ErrorKind::Value { name, expected, found: excerpt(text) }, at())
    })
}

const SECONDS_OF_YEAR_10000: u64 = 253_402_300_800;

fn moment(text: &str) -> Option<SystemTime> {
    let mut reader = Reader(text.as_bytes());
    let year = reader.number(4)?;
    reader.expect(b'-')?;
    let month = reader.number(2).filter(|month| (1..=12).contains(month))?;
    reader.expect(b'-')?;
    let day = reader.number(2).filter(|day| (1..=days_of(year, month)).contains(day))?;
    reader.expect(b'T')?;
    let hour = reader.number(2).filter(|hour| *hour <= 23)?;
    reader.expect(b':')?;
    let minute = reader.number(2).filter(|minute| *minute <= 59)?;
    reader.expect(b':')?;
    // A leap second is written as 60.
    let second = reader.number(2).filter(|second| *second <= 60)?;
    let nanoseconds = if reader.expect(b'.').is_some() { reader.fraction()? } else { 0 };
    let offset = reader.offset()?;
    if !reader.0.is_empty() {
        return None;
    }
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second;
    let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds < SECONDS_OF_YEAR_10000)?;
    UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds))
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        let digit = first.is_ascii_digit().then(|| i64::from(first - b'0'))?;
        self.0 = rest;
        Some(digit)
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// Nanoseconds; digits behind the ninth are cut off.
    fn fraction(&mut self) -> Option<u32> {
        let mut place = 100_000_000;
        let mut nanoseconds = 0;
        let mut digits = 0_usize;
        while let Some(digit) = self.digit() {
            nanoseconds += u32::try_from(digit).ok()? * place;
            place /= 10;
            digits += 1;
        }
        (digits > 0).then_some(nanoseconds)
    }

    /// Minutes ahead of UTC.
    fn offset(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        let sign = match first {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.number(2).filter(|hours| *hours <= 14)?;
        self.expect(b':')?;
        let minutes = self.number(2).filter(|minutes| *minutes <= 59)?;
        Some(sign * (hours * 60 + minutes))
    }
}

/// Writes `number` with `width` digits.
fn digits(text: &mut String, number: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        text.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days between 1970-01-01 and a day of the Gregorian calendar, counted in years that begin with March, so that a leap day is the last one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date that lies `days` behind 1970-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for seconds in (0..SECONDS_OF_YEAR_10000).step_by(86_400 * 29 + 12_347) {
            let moment = UNIX_EPOCH + Duration::from_secs(seconds);
            let text = write(moment).unwrap();
            assert_eq!(super::moment(&text), Some(moment), "{text}");
        }
    }

    #[test]
    fn forms_of_moments() {
        let at = |text| moment(text).map(|moment| moment.duration_since(UNIX_EPOCH).unwrap().as_millis());
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2024-02-29T12:00:00Z", Some(1_709_208_000_000)),
            ("2024-02-29T12:00:00.25Z", Some(1_709_208_000_250)),
            ("2024-02-29T14:00:00+02:00", Some(1_709_208_000_000)),
            ("2024-02-29T12:00:00", None),
            ("2023-02-29T12:00:00Z", None),
            ("2024-02-29T24:00:00Z", None),
            ("2024-02-29T12:00:00.Z", None),
            ("2024-02-29 12:00:00Z", None),
            ("1969-12-31T23:59:59Z", None),
            ("1970-01-01T00:00:00+00:01", None),
            ("2024-02-29T12:00:00ZZ", None),
            ("", None),
        ] {
            assert_eq!(at(text), milliseconds, "{text}");
        }
        assert_eq!(write(UNIX_EPOCH + Duration::from_secs(1_709_208_000)).as_deref(), Ok("2024-02-29T12:00:00Z"));
    }
}
