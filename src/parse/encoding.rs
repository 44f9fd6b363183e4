//! The bytes of a file to its text: UTF-8 only; other encodings are recognised and named.

/// What is known of a file that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// The encoding, as people call it; none if it is not recognised.
    pub encoding: Option<&'static str>,
    /// The first byte that is not UTF-8, counted behind a byte order mark.
    pub at: usize,
}

/// The text of a file. A byte order mark is passed over.
pub fn text_of(bytes: &[u8]) -> Result<&str, Foreign> {
    if let Some(encoding) = wide(bytes) {
        return Err(Foreign { encoding: Some(encoding), at: 0 });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| Foreign { encoding: guess(bytes), at: e.valid_up_to() })
}

/// UTF-16 and UTF-32, by their byte order mark or by the zero bytes of ASCII letters.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [0, 0, 0, x, ..] | [x, 0, 0, 0, ..] if *x != 0 => Some("UTF-32"),
        [0, x, 0, y, ..] | [x, 0, y, 0, ..] if *x != 0 && *y != 0 => Some("UTF-16"),
        _ => None,
    }
}

/// GBK or Big5: the one whose common characters fit more of the byte pairs.
fn guess(bytes: &[u8]) -> Option<&'static str> {
    let gbk = pairs(bytes, |lead| (0xB0..=0xD7).contains(&lead), |trail| trail >= 0xA1);
    let big5 = pairs(
        bytes,
        |lead| (0xA4..=0xC6).contains(&lead),
        |trail| (0x40..=0x7E).contains(&trail) || (0xA1..=0xFE).contains(&trail),
    );
    let all = pairs(bytes, |lead| lead >= 0x81, |trail| trail >= 0x40);
    let best = gbk.max(big5);
    if best == 0 || best * 2 < all {
        None
    } else if gbk >= big5 {
        Some("GBK")
    } else {
        Some("Big5")
    }
}

/// How many pairs of bytes beyond ASCII have such a first and such a second byte.
fn pairs(bytes: &[u8], lead: fn(u8) -> bool, trail: fn(u8) -> bool) -> usize {
    let (mut at, mut found) = (0, 0);
    while let Some(first) = bytes.get(at) {
        if *first < 0x80 {
            at += 1;
            continue;
        }
        found += usize::from(lead(*first) && bytes.get(at + 1).is_some_and(|x| trail(*x)));
        at += 2;
    }
    found
}
