//! Lines of any number in constant memory.

use std::io::{BufRead, Result};

/// A line without its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// What stands in it.
    Text(Vec<u8>),
    /// It is over the limit; it was passed over.
    TooLong,
}

/// The next line of at most `limit` bytes, with the number of bytes taken from the input; `None` at its end.
pub fn next(input: &mut impl BufRead, limit: usize) -> Result<Option<(Line, u64)>> {
    let (mut line, mut taken, mut over) = (Vec::new(), 0u64, false);
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() && taken == 0 {
            return Ok(None);
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        over |= line.len() + part.len() > limit;
        if over {
            line = Vec::new();
        } else {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        let ended = end.is_some() || buffer.is_empty();
        input.consume(used);
        taken += used as u64;
        if ended {
            return Ok(Some((if over { Line::TooLong } else { Line::Text(line) }, taken)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn all(text: &str, limit: usize, buffer: usize) -> Vec<Line> {
        let mut input = BufReader::with_capacity(buffer, text.as_bytes());
        std::iter::from_fn(|| next(&mut input, limit).unwrap()).map(|(line, _)| line).collect()
    }

    #[test]
    fn lines_come_whole_whatever_the_buffer() {
        let text = |text: &str| Line::Text(text.as_bytes().to_vec());
        for buffer in [1, 2, 3, 64] {
            assert_eq!(all("", 4, buffer), []);
            assert_eq!(all("ab\n\ncd", 4, buffer), [text("ab"), text(""), text("cd")]);
            assert_eq!(all("abcd\nabcde\nx\n", 4, buffer), [text("abcd"), Line::TooLong, text("x")]);
            assert_eq!(all("abcde", 4, buffer), [Line::TooLong]);
        }
    }
}
