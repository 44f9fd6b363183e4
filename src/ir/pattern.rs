//! The portable subset of patterns: what Rust, JavaScript, Python and SQL read alike, without backtracking traps.

/// Longest pattern, bytes.
pub const MAX_LENGTH: usize = 1 << 10;

/// The first construct of a pattern that is outside the subset (or what is wrong with it); `None` if it is inside.
pub fn outside_subset(pattern: &str) -> Option<String> {
    if pattern.len() > MAX_LENGTH {
        return Some(format!("{} bytes, at most {MAX_LENGTH} are allowed", pattern.len()));
    }
    let mut reader = Reader { rest: pattern.chars().collect(), at: 0, groups: Vec::new() };
    match reader.read() {
        Err(what) => Some(what),
        Ok(()) => regex::Regex::new(pattern).err().map(|_| pattern.to_owned()),
    }
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    /// For each open group: whether something in it repeats without bound.
    groups: Vec<bool>,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn read(&mut self) -> Result<(), String> {
        // Whether what stands before may be repeated, and whether it already repeats without bound inside.
        let mut before: Option<bool> = None;
        while let Some(c) = self.next() {
            before = match c {
                '\\' => Some(self.escape(false).map(|()| false)?),
                '[' => Some(self.class().map(|()| false)?),
                '(' => {
                    self.open()?;
                    None
                }
                ')' => Some(self.groups.pop().ok_or(")")?),
                '*' | '+' | '?' | '{' => {
                    self.repeat(c, before)?;
                    None
                }
                '|' | '^' | '$' => None,
                ']' | '}' => return Err(c.to_string()),
                _ => Some(false),
            };
        }
        if self.groups.is_empty() { Ok(()) } else { Err("(".to_owned()) }
    }

    fn open(&mut self) -> Result<(), String> {
        self.groups.push(false);
        if self.peek() != Some('?') {
            return Ok(());
        }
        let sign: String = self.rest.iter().skip(self.at).take(3).collect();
        if !sign.starts_with("?:") {
            let taken = if sign.starts_with("?<=") || sign.starts_with("?<!") { 3 } else { 2 };
            return Err(format!("({}", sign.chars().take(taken).collect::<String>()));
        }
        self.at += 2;
        Ok(())
    }

    fn repeat(&mut self, sign: char, before: Option<bool>) -> Result<(), String> {
        let start = self.at - 1;
        let mut unbounded = matches!(sign, '*' | '+');
        if sign == '{' {
            let mut inside = String::new();
            loop {
                match self.next() {
                    Some('}') => break,
                    Some(c) if c.is_ascii_digit() || c == ',' => inside.push(c),
                    _ => return Err("{".to_owned()),
                }
            }
            let (low, high) = inside.split_once(',').unwrap_or((&inside, &inside));
            if low.is_empty() || high.contains(',') {
                return Err(format!("{{{inside}}}"));
            }
            unbounded = high.is_empty();
        }
        let shown = |this: &Self| this.rest.iter().take(this.at).skip(start).collect::<String>();
        if matches!(self.peek(), Some('?' | '+' | '*')) {
            self.at += 1;
            return Err(shown(self));
        }
        match before {
            None => return Err(shown(self)),
            Some(true) if unbounded => return Err(format!("){}", shown(self))),
            Some(inner) => {
                if (unbounded || inner)
                    && let Some(group) = self.groups.last_mut()
                {
                    *group = true;
                }
            }
        }
        Ok(())
    }

    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        match self.next() {
            Some('d' | 'w' | 's' | 'n' | 't' | 'r' | 'f' | 'v') => Ok(()),
            Some('-') if in_class => Ok(()),
            Some(c) if c.is_ascii_alphanumeric() => Err(format!("\\{c}")),
            Some(_) => Ok(()),
            None => Err("\\".to_owned()),
        }
    }

    fn class(&mut self) -> Result<(), String> {
        if self.peek() == Some('^') {
            self.at += 1;
        }
        let start = self.at;
        loop {
            match self.next() {
                None => return Err("[".to_owned()),
                Some(']') if self.at == start + 1 => return Err("[]".to_owned()),
                Some(']') => return Ok(()),
                Some('\\') => self.escape(true)?,
                Some('[') => return Err("[[".to_owned()),
                Some('&') if self.peek() == Some('&') => return Err("&&".to_owned()),
                Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::outside_subset;

    #[test]
    fn what_every_target_reads_alike_is_inside() {
        for pattern in
            ["^[0-9]{6}$", "a|b", "(?:a|b)+c?", "\\d{3,4}-\\d+", "[一-龥]+", "[^\\]x-]", "(ab){2}", ""]
        {
            assert_eq!(outside_subset(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn what_is_outside_is_named() {
        let cases = [
            ("(?=a)", "(?="),
            ("(?<!a)b", "(?<!"),
            ("(?i)a", "(?i"),
            ("\\bа", "\\b"),
            ("(a)\\1", "\\1"),
            ("\\p{Han}", "\\p"),
            ("a*?", "*?"),
            ("a++", "++"),
            ("(a+)+", ")+"),
            ("(a*b?)*", ")*"),
            ("*a", "*"),
            ("a{,3}", "{,3}"),
            ("[a", "["),
            ("(a", "("),
            ("a)", ")"),
            ("[[:alpha:]]", "[["),
        ];
        for (pattern, what) in cases {
            assert_eq!(outside_subset(pattern).as_deref(), Some(what), "{pattern}");
        }
        assert!(outside_subset(&"a".repeat(1025)).unwrap().contains("1025"));
    }
}
