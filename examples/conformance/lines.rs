//! Lines in, lines out.

use std::io::{self, BufRead, BufWriter, Read, Write};

use idbridge_scim::{Object, ScimType};

/// The longest line that is read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// Why a line is refused.
pub(crate) struct Refusal {
    /// The keyword of RFC 7644 section 3.12.
    pub(crate) scim_type: ScimType,
    /// What is wrong, and where.
    pub(crate) error: String,
}

/// Answers each line of `input` with one line of `output`, in order.
pub(crate) fn answer_all(mut input: impl BufRead, output: impl Write, answer: fn(&[u8]) -> Result<Object, Refusal>) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX) + 1;
        if input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        let answer = if line.len() > LONGEST && line.last() != Some(&b'\n') {
            input.skip_until(b'\n')?;
            Err(Refusal { scim_type: ScimType::INVALID_SYNTAX, error: format!("a line has more than {LONGEST} bytes") })
        } else {
            answer(&line)
        };
        let answer = answer.unwrap_or_else(|refusal| {
            let mut object = Object::new();
            object.set("ok", false);
            object.set("scim_type", refusal.scim_type.as_str());
            object.set("error", refusal.error);
            object
        });
        writeln!(output, "{}", idbridge_scim::Value::from(answer))?;
        // Whoever asks line by line waits for the answer before the next question.
        output.flush()?;
    }
}
