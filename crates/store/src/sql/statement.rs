//! SQL statements, checked at compile time.

/// A statement with placeholders `$1`, `$2`, …
///
/// SQLite numbers `$…` placeholders by their first occurrence in the text, whatever their
/// digits say: with `$2` before `$1` it binds the wrong values without an error. So the
/// text must use them in ascending order. Statements are constants, so a wrong order is a
/// compile error.
#[derive(Debug)]
pub(crate) struct SqlStatement {
    text: &'static str,
    placeholders: usize,
}

impl SqlStatement {
    /// Checks that the placeholders ascend from 1, and panics otherwise. Use it in a
    /// `const` or `static`.
    pub(crate) const fn new(text: &'static str) -> Self {
        match placeholders(text) {
            Some(placeholders) => Self { text, placeholders },
            None => panic!("placeholders must ascend from $1 in order of first appearance"),
        }
    }

    /// Returns the SQL text.
    pub(crate) const fn text(&self) -> &'static str {
        self.text
    }

    /// Returns the number of values to bind.
    pub(crate) const fn placeholders(&self) -> usize {
        self.placeholders
    }
}

/// Returns the number of placeholders, or `None` if they do not ascend.
const fn placeholders(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut seen = 0;
    let mut place = 0;
    while place < bytes.len() {
        let dollar = bytes[place] == b'$';
        place += 1;
        if !dollar {
            continue;
        }
        let mut number: usize = 0;
        while place < bytes.len() && bytes[place].is_ascii_digit() {
            number = number * 10 + (bytes[place] - b'0') as usize;
            place += 1;
        }
        if number == 0 || number > seen + 1 {
            return None;
        }
        if number > seen {
            seen = number;
        }
    }
    Some(seen)
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn placeholders_ascend_and_may_come_again() {
        assert_eq!(placeholders("SELECT 1"), Some(0));
        assert_eq!(placeholders("a = $1 OR b = $1 OR c = $2"), Some(2));
        assert_eq!(placeholders("$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $2"), Some(11));
    }

    #[test]
    fn any_other_order_is_refused() {
        for text in ["b = $2 AND a = $1", "a = $2", "$1 $3", "$0", "a = $"] {
            assert_eq!(placeholders(text), None, "{text}");
        }
    }
}
