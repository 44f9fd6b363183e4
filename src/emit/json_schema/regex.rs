//! Patterns of the portable subset in the spelling that ECMAScript (with `u`), Python and Rust read alike.

/// The pattern respelt: `\d \w \s` as ASCII classes, `.` as anything but a line feed, only escapes that the `u` flag
/// allows. `None`: something outside the portable subset.
pub fn portable(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push_str(&escape(chars.next()?, in_class)?),
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
            }
            ']' => {
                if !in_class {
                    return None;
                }
                in_class = false;
                out.push(']');
            }
            '.' if !in_class => out.push_str("[^\\n]"),
            '(' if !in_class && chars.peek() == Some(&'?') => {
                chars.next();
                chars.next_if_eq(&':')?;
                out.push_str("(?:");
            }
            '{' if !in_class => out.push_str(&counted(&mut chars)?),
            '}' if !in_class => return None,
            c => out.push(c),
        }
    }
    (!in_class).then_some(out)
}

fn escape(c: char, in_class: bool) -> Option<String> {
    let class = |inside: &str| if in_class { inside.to_owned() } else { format!("[{inside}]") };
    match c {
        'd' => Some(class("0-9")),
        'w' => Some(class("A-Za-z0-9_")),
        's' => Some(class(" \\t\\n\\r\\f\\v")),
        'n' | 't' | 'r' | 'f' | 'v' => Some(format!("\\{c}")),
        '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' => {
            Some(format!("\\{c}"))
        }
        '-' if in_class => Some("\\-".to_owned()),
        c if c.is_ascii_alphanumeric() => None,
        c => Some(c.to_string()),
    }
}

/// `{m}`, `{m,}` or `{m,n}` behind the opening brace.
fn counted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut inside = String::new();
    loop {
        match chars.next()? {
            '}' => break,
            c if c.is_ascii_digit() || c == ',' => inside.push(c),
            _ => return None,
        }
    }
    let (from, to) = inside.split_once(',').unwrap_or((&inside, ""));
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    (!from.is_empty() && digits(from) && digits(to)).then(|| format!("{{{inside}}}"))
}

/// Whether a text the pattern matches may hold a line feed.
pub fn may_hold_line_end(portable: &str) -> bool {
    portable.contains("[^") || portable.contains("\\n") || portable.contains('\n')
}

/// Whether the pattern holds `$`, before which Python lets a line end stand.
pub fn has_end_anchor(portable: &str) -> bool {
    let mut escaped = false;
    portable.chars().any(|c| {
        let hit = c == '$' && !escaped;
        escaped = c == '\\' && !escaped;
        hit
    })
}
