//! Moments as RFC 7643 section 2.3.5 writes them.

/// A moment: nanoseconds since the beginning of 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i128);

impl Moment {
    /// Reads an `xsd:dateTime`, such as `2008-01-23T04:56:22Z`; one without a zone is taken as UTC.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.as_bytes() };
        let year = reader.number(4)?;
        reader.expect(b'-')?;
        let month = reader.number(2).filter(|month| (1..=12).contains(month))?;
        reader.expect(b'-')?;
        let day = reader.number(2).filter(|day| (1..=days_of(year, month)).contains(day))?;
        reader.expect(b'T')?;
        let hour = reader.number(2).filter(|hour| *hour <= 24)?;
        reader.expect(b':')?;
        let minute = reader.number(2).filter(|minute| *minute <= 59)?;
        reader.expect(b':')?;
        // A leap second is written as 60.
        let second = reader.number(2).filter(|second| *second <= 60)?;
        let nanoseconds = if reader.expect(b'.').is_some() { reader.fraction()? } else { 0 };
        // XML Schema part 2 section 3.2.7.1: 24:00:00 is the first moment of the next day.
        if hour == 24 && (minute, second, nanoseconds) != (0, 0, 0) {
            return None;
        }
        let offset = reader.offset()?;
        if !reader.rest.is_empty() {
            return None;
        }
        let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second;
        Some(Self(i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds)))
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.rest.split_first()?;
        let digit = first.is_ascii_digit().then(|| i64::from(first - b'0'))?;
        self.rest = rest;
        Some(digit)
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// Nanoseconds; digits behind the ninth are cut off.
    fn fraction(&mut self) -> Option<i64> {
        let (mut nanoseconds, mut place) = (self.digit()? * 100_000_000, 10_000_000);
        while let Some(digit) = self.digit() {
            nanoseconds += digit * place;
            place /= 10;
        }
        Some(nanoseconds)
    }

    /// Minutes ahead of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.rest.split_first() {
            None => return Some(0),
            Some((b'Z', rest)) => {
                self.rest = rest;
                return Some(0);
            }
            Some((b'+', rest)) => {
                self.rest = rest;
                1
            }
            Some((b'-', rest)) => {
                self.rest = rest;
                -1
            }
            Some(_) => return None,
        };
        let hours = self.number(2).filter(|hours| *hours <= 14)?;
        self.expect(b':')?;
        let minutes = self.number(2).filter(|minutes| *minutes <= 59)?;
        Some(sign * (hours * 60 + minutes))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i128> {
        Moment::read(text).map(|moment| moment.0 / 1_000_000_000)
    }

    #[test]
    fn reads_moments() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31T23:59:59Z", Some(-1)),
            ("2000-02-29T00:00:00Z", Some(951_782_400)),
            ("2008-01-23T04:56:22Z", Some(1_201_064_182)),
            ("2008-01-23T04:56:22", Some(1_201_064_182)),
            ("2008-01-23T05:56:22+01:00", Some(1_201_064_182)),
            ("2008-01-22T20:56:22.999999999999-08:00", Some(1_201_064_182)),
            ("2008-01-22T24:00:00Z", Some(1_201_046_400)),
            ("9999-12-31T23:59:59Z", Some(253_402_300_799)),
            ("0000-01-01T00:00:00Z", Some(-62_167_219_200)),
            ("2008-01-22T24:00:01Z", None),
            ("2001-02-29T00:00:00Z", None),
            ("2001-13-01T00:00:00Z", None),
            ("2001-01-01T00:00:00+15:00", None),
            ("2001-01-01T00:00:00.Z", None),
            ("2001-01-01 00:00:00Z", None),
            ("2001-01-01T00:00:00Zx", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
