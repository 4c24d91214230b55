//! Lines in, lines out.

use std::fmt::Display;
use std::io::{self, BufRead, BufWriter, Read, Write};

/// The longest line that is read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// Answers each line of `input` with one line of `output`, in order; what is no line to answer is answered by `refuse`, with the reason.
pub(crate) fn answer_all<A: Display>(
    mut input: impl BufRead,
    output: impl Write,
    answer: fn(&[u8]) -> A,
    refuse: fn(String) -> A,
) -> io::Result<()> {
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
            refuse(format!("a line has more than {LONGEST} bytes"))
        } else {
            answer(&line)
        };
        writeln!(output, "{answer}")?;
        // Whoever asks line by line waits for the answer before the next question.
        output.flush()?;
    }
}
