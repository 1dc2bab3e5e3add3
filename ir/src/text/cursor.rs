//! A position in one line of text, with the lexical rules that all constructs share. Knows nothing
//! of the grammar.

/// An error at a byte offset of the line.
#[derive(Debug)]
pub(super) struct LineError {
    pub at: usize,
    pub message: String,
}

pub(super) type LineResult<T> = Result<T, LineError>;

/// Types and values may nest this deep; deeper input is refused instead of exhausting the stack.
pub(super) const MAX_DEPTH: u32 = 120;

pub(super) struct Cursor<'a> {
    pub line: &'a str,
    pub pos: usize,
    depth: u32,
}

impl<'a> Cursor<'a> {
    pub fn new(line: &'a str) -> Self {
        Self {
            line,
            pos: 0,
            depth: 0,
        }
    }

    pub fn rest(&self) -> &'a str {
        &self.line[self.pos..]
    }

    pub fn error<T>(&self, message: impl Into<String>) -> LineResult<T> {
        Err(LineError {
            at: self.pos,
            message: message.into(),
        })
    }

    pub fn error_at<T>(at: usize, message: impl Into<String>) -> LineResult<T> {
        Err(LineError {
            at,
            message: message.into(),
        })
    }

    /// Runs `f` one level deeper.
    pub fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> LineResult<T>) -> LineResult<T> {
        if self.depth >= MAX_DEPTH {
            return self.error(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn skip_spaces(&mut self) {
        while self.rest().starts_with(' ') {
            self.pos += 1;
        }
    }

    /// At the end of the construct: nothing or a comment follows.
    pub fn at_end(&mut self) -> bool {
        self.skip_spaces();
        self.rest().is_empty() || self.rest().starts_with(';')
    }

    pub fn eat(&mut self, token: &str) -> bool {
        if self.rest().starts_with(token) {
            self.pos += token.len();
            true
        } else {
            false
        }
    }

    /// Eats a word that is not followed by another identifier character.
    pub fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.rest();
        if let Some(after) = rest.strip_prefix(word)
            && !after.chars().next().is_some_and(is_ident_char)
        {
            self.pos += word.len();
            return true;
        }
        false
    }

    pub fn expect(&mut self, token: &str) -> LineResult<()> {
        if self.eat(token) {
            Ok(())
        } else {
            let found = self.found();
            self.error(format!("expected `{}`, found {found}", token.trim()))
        }
    }

    /// What stands here, for messages.
    pub fn found(&self) -> String {
        match self.peek() {
            None => "the end of the line".into(),
            Some(_) => {
                let text: String = self
                    .rest()
                    .chars()
                    .take(20)
                    .take_while(|c| !c.is_whitespace())
                    .collect();
                if text.is_empty() {
                    "a space".into()
                } else {
                    format!("`{text}`")
                }
            }
        }
    }

    /// A decimal number without sign.
    pub fn number<T: std::str::FromStr>(&mut self) -> LineResult<T> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let text = &self.rest()[..digits];
        match text.parse() {
            Ok(n) => {
                self.pos += digits;
                Ok(n)
            }
            Err(_) if digits == 0 => {
                let found = self.found();
                self.error(format!("expected a number, found {found}"))
            }
            Err(_) => self.error("number out of range"),
        }
    }

    /// A maximal run of characters that satisfy `f`.
    pub fn take_while(&mut self, f: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !f(c)).unwrap_or(rest.len());
        self.pos += len;
        &rest[..len]
    }

    /// One segment of a name: an identifier or `var"..."`, the latter with its quotes.
    pub fn name_segment(&mut self) -> LineResult<&'a str> {
        let start = self.pos;
        if self.rest().starts_with("var\"") {
            self.pos += 3;
            self.quoted()?;
        } else if self.take_while(is_ident_char).is_empty() {
            let found = self.found();
            return self.error(format!("expected a name, found {found}"));
        }
        Ok(&self.line[start..self.pos])
    }

    /// A dotted name.
    pub fn qualified_name(&mut self) -> LineResult<&'a str> {
        let start = self.pos;
        self.name_segment()?;
        while self.rest().starts_with('.')
            && self.rest()[1..].chars().next().is_some_and(is_ident_char)
        {
            self.pos += 1;
            self.name_segment()?;
        }
        Ok(&self.line[start..self.pos])
    }

    /// A double-quoted string with Julia's escapes, as bytes.
    pub fn quoted(&mut self) -> LineResult<Vec<u8>> {
        self.expect("\"")?;
        let mut out = Vec::new();
        loop {
            let Some(c) = self.peek() else {
                return self.error("unterminated string");
            };
            self.pos += c.len_utf8();
            match c {
                '"' => return Ok(out),
                '\\' => self.escape(&mut out)?,
                _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> LineResult<()> {
        let Some(c) = self.peek() else {
            return self.error("unterminated escape");
        };
        self.pos += c.len_utf8();
        match c {
            'n' => out.push(b'\n'),
            't' => out.push(b'\t'),
            'r' => out.push(b'\r'),
            'e' => out.push(0x1b),
            'a' => out.push(7),
            'b' => out.push(8),
            'v' => out.push(11),
            'f' => out.push(12),
            '\\' | '"' | '$' | '\'' => out.push(c as u8),
            'x' => {
                let value = self.radix_digits(16, 2)?;
                out.push(value as u8);
            }
            '0'..='7' => {
                self.pos -= 1;
                let value = self.radix_digits(8, 3)?;
                out.push(value as u8);
            }
            'u' | 'U' => {
                let value = self.radix_digits(16, if c == 'u' { 4 } else { 8 })?;
                match char::from_u32(value) {
                    Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    None => return self.error("invalid code point in escape"),
                }
            }
            _ => return self.error(format!("unknown escape `\\{c}`")),
        }
        Ok(())
    }

    fn radix_digits(&mut self, radix: u32, most: usize) -> LineResult<u32> {
        let len = self
            .rest()
            .chars()
            .take(most)
            .take_while(|c| c.is_digit(radix))
            .count();
        match u32::from_str_radix(&self.rest()[..len], radix) {
            Ok(v) => {
                self.pos += len;
                Ok(v)
            }
            Err(_) => self.error("expected digits in escape"),
        }
    }
}

/// Characters of Julia identifiers, as far as a reader needs to know where one ends.
pub(super) fn is_ident_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '!' || c == '#' || (!c.is_ascii() && !c.is_whitespace())
}
