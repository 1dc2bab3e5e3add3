//! Bounds on what the parser library is asked to do: it recurses once per nested construct and
//! parses the first element of a bracket several times, so that its time doubles with each level.
//! A scan over the text estimates both before the library sees it. It knows strings, comments,
//! characters and brackets as the library's lexer does, and nothing else of the grammar; every
//! estimate errs upwards. What might be a level counts for the stack even inside of strings and
//! comments: a text that the lexer reads otherwise must not cost more stack than there is.

use fatou_parser::parser::{KEYWORDS, is_ident_continue, is_ident_start};

/// Deepest nesting that is parsed: brackets, blocks, prefix and right-associative operators.
const MAX_DEPTH: u32 = 2_000;
/// Most left-associative operators in one statement.
const MAX_CHAIN: u32 = 3_000;
/// Work units that any file may cost, and those it may cost per byte; a unit is about 200 ns.
const BASE_WORK: u64 = 8_000_000;
const WORK_PER_BYTE: u64 = 64;
/// Stack that the library needs for one level, about twice of what was measured.
const STACK_PER_LEVEL: usize = 4 << 10;
const MAX_STACK: usize = 1 << 30;
/// Files that cannot need more levels than this are parsed on the caller's stack.
const INLINE_LEVELS: usize = 256;

/// What parsing a text takes.
pub(super) struct Need {
    /// Bytes of stack; `None` if the caller's will do.
    pub stack: Option<usize>,
    /// Where the comments inside brackets are that end with their line. The library does not look
    /// past the end of such a line for an operator.
    pub comments: Vec<std::ops::Range<usize>>,
}

/// Why a text is refused.
pub(super) struct Refusal {
    /// Offset of the byte at which the bound was exceeded.
    pub at: usize,
    pub message: &'static str,
}

/// An open bracket, string or interpolation.
struct Frame {
    kind: FrameKind,
    /// Levels outside of it.
    base: u32,
    /// Open blocks and pending operators of the enclosing frame, restored at its end.
    blocks: u32,
    operators: u32,
    /// How often the library reads a byte directly outside.
    outer_work: u64,
}

#[derive(Copy, Clone, PartialEq)]
enum FrameKind {
    Bracket {
        square: bool,
    },
    /// `$(` in a text, and how many parentheses are open in it. Only they end it: other brackets
    /// need not match.
    Interpolation {
        parentheses: u32,
    },
    /// Delimiter, its length, and whether `$` and backslashes are plain text.
    Text {
        quote: u8,
        triple: bool,
        raw: bool,
    },
}

struct Scan<'a> {
    text: &'a [u8],
    /// The same, which is known to be valid.
    utf8: &'a str,
    at: usize,
    frames: Vec<Frame>,
    base: u32,
    blocks: u32,
    operators: u32,
    /// Left-associative and postfix operators of the statement: they do not nest while parsing,
    /// but the tree is as deep and takes quadratic time.
    chain: u32,
    /// How often the library reads the current byte.
    work: u64,
    /// Sum of `work` over all tokens.
    total: u64,
    /// Everything that might be a level.
    levels: usize,
    /// Whether the last significant byte ended an operand.
    after_operand: bool,
    after_operator: bool,
    previous_word: (usize, usize),
    /// Where the last token ended that is a value, so that `'` behind it is an adjoint.
    value_end: usize,
    /// Whether the last token of the line is a dot, so that `'` is a transposition of old.
    after_dot: bool,
    comments: Vec<std::ops::Range<usize>>,
}

/// Estimates what parsing takes, or says why the text is not parsed.
pub(super) fn examine(text: &str) -> Result<Need, Refusal> {
    let mut scan = Scan {
        text: text.as_bytes(),
        utf8: text,
        at: 0,
        frames: Vec::new(),
        base: 0,
        blocks: 0,
        operators: 0,
        chain: 0,
        work: 1,
        total: 0,
        levels: 0,
        after_operand: false,
        after_operator: false,
        previous_word: (0, 0),
        value_end: usize::MAX,
        after_dot: false,
        comments: Vec::new(),
    };
    scan.run()?;
    let stack = (scan.levels > INLINE_LEVELS)
        .then(|| (scan.levels.saturating_mul(STACK_PER_LEVEL) + (1 << 20)).min(MAX_STACK));
    Ok(Need {
        stack,
        comments: scan.comments,
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether a byte may begin a level; words that do are counted where they are code.
fn may_nest(byte: u8) -> bool {
    byte.is_ascii_punctuation() && !matches!(byte, b'_' | b',' | b';' | b')' | b']' | b'}')
}

impl Scan<'_> {
    fn byte(&self, offset: usize) -> u8 {
        self.text.get(self.at + offset).copied().unwrap_or(0)
    }

    fn run(&mut self) -> Result<(), Refusal> {
        let limit = BASE_WORK + WORK_PER_BYTE * self.text.len() as u64;
        while self.at < self.text.len() {
            let start = self.at;
            match self.frames.last().map(|f| f.kind) {
                Some(FrameKind::Text { quote, triple, raw }) => {
                    self.text_piece(quote, triple, raw);
                }
                _ => self.code_piece(),
            }
            // Every piece makes progress; this only guards the loop.
            self.at = self.at.max(start + 1);
            self.total = self.total.saturating_add(self.work);
            if self.base + self.blocks + self.operators > MAX_DEPTH || self.chain > MAX_CHAIN {
                return Err(Refusal {
                    at: start,
                    message: "expression is nested too deeply",
                });
            }
            if self.total > limit {
                return Err(Refusal {
                    at: start,
                    message: "brackets are nested too deeply to be parsed in reasonable time",
                });
            }
        }
        Ok(())
    }

    fn open(&mut self, kind: FrameKind, factor: u64) {
        self.levels += 1;
        self.frames.push(Frame {
            kind,
            base: self.base,
            blocks: self.blocks,
            operators: self.operators,
            outer_work: self.work,
        });
        self.base += self.blocks + self.operators + 1;
        self.blocks = 0;
        self.operators = 0;
        self.work = self.work.saturating_mul(factor);
        self.after_operand = false;
        self.after_operator = false;
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.base = frame.base;
            self.blocks = frame.blocks;
            self.operators = frame.operators;
            self.work = frame.outer_work;
        }
        self.after_operand = true;
        self.after_operator = false;
        self.value_end = self.at;
    }

    /// The parentheses of the interpolation that the code stands in.
    fn interpolation(&mut self) -> Option<&mut u32> {
        (self.frames.iter_mut().rev())
            .take_while(|f| !matches!(f.kind, FrameKind::Text { .. }))
            .find_map(|f| match &mut f.kind {
                FrameKind::Interpolation { parentheses } => Some(parentheses),
                _ => None,
            })
    }

    /// A closing bracket, which has been passed. Those that do not match close something, too, but not
    /// what is around an interpolation.
    fn close_bracket(&mut self, byte: u8) {
        if let (b')', Some(parentheses)) = (byte, self.interpolation()) {
            *parentheses -= 1;
            if *parentheses == 0 {
                while let Some(frame) = self.frames.last() {
                    let is_interpolation = matches!(frame.kind, FrameKind::Interpolation { .. });
                    self.close();
                    if is_interpolation {
                        return;
                    }
                }
            }
        }
        match self.frames.last().map(|f| f.kind) {
            Some(FrameKind::Bracket { .. }) | None => self.close(),
            _ => self.value_end = self.at,
        }
    }

    fn text_piece(&mut self, quote: u8, triple: bool, raw: bool) {
        let byte = self.byte(0);
        if byte == b'\\' {
            self.at += 2;
        } else if byte == quote && (!triple || (self.byte(1) == quote && self.byte(2) == quote)) {
            self.at += if triple { 3 } else { 1 };
            self.close();
        } else if byte == b'$' && !raw && self.byte(1) == b'(' {
            self.at += 2;
            self.open(FrameKind::Interpolation { parentheses: 1 }, 2);
        } else {
            self.levels += usize::from(may_nest(byte));
            self.at += 1;
        }
    }

    fn code_piece(&mut self) {
        let byte = self.byte(0);
        if !matches!(byte, b'#' | b' ' | b'\t') {
            let after_dot = std::mem::replace(&mut self.after_dot, false);
            if byte == b'\'' && (after_dot || self.value_end == self.at) {
                self.operator(byte);
                self.value_end = self.at;
                return;
            }
        }
        match byte {
            b'#' => self.comment(),
            b'"' | b'`' => {
                let triple = self.byte(1) == byte && self.byte(2) == byte;
                let (from, to) = self.previous_word;
                // A name is a prefix, a keyword or number is none.
                let raw = to == self.at
                    && to > from
                    && (self.utf8.get(from..to)).is_some_and(|word| !KEYWORDS.contains(&word));
                self.at += if triple { 3 } else { 1 };
                self.open(
                    FrameKind::Text {
                        quote: byte,
                        triple,
                        raw,
                    },
                    1,
                );
            }
            b'\'' => self.char_literal(),
            b'(' | b'[' | b'{' => {
                let call = self.glued_to_operand();
                self.chain += u32::from(call);
                let factor = match byte {
                    b'[' => 3,
                    b'{' => 2,
                    _ => 1 + u64::from(call),
                };
                self.at += 1;
                if let (b'(', Some(parentheses)) = (byte, self.interpolation()) {
                    *parentheses += 1;
                }
                self.open(
                    FrameKind::Bracket {
                        square: byte == b'[',
                    },
                    factor,
                );
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                self.close_bracket(byte);
            }
            b',' | b';' => {
                self.at += 1;
                self.operators = 0;
                self.chain = 0;
                self.after_operand = false;
                self.after_operator = false;
                // Only what stands before the first separator is read more than once; one in a
                // block separates nothing.
                if let Some(frame) = self.frames.last().filter(|_| self.blocks == 0) {
                    self.work = frame.outer_work;
                }
            }
            b'\n' => {
                self.at += 1;
                if !self.after_operator {
                    self.operators = 0;
                    self.chain = 0;
                }
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'0'..=b'9' => self.number(),
            _ => match self.char() {
                c if is_ident_start(c) => self.word(),
                c => {
                    self.operator(byte);
                    self.at += c.len_utf8() - 1;
                    // Two dots are another operator.
                    self.after_dot = byte == b'.'
                        && self.byte(0) != b'.'
                        && self.text.get(self.at.wrapping_sub(2)) != Some(&b'.');
                }
            },
        }
    }

    /// The character here.
    fn char(&self) -> char {
        let rest = self.utf8.get(self.at..).unwrap_or("");
        rest.chars().next().unwrap_or('\0')
    }

    /// Whether the byte before the current one ends an operand, so that a bracket is a call or index.
    fn glued_to_operand(&self) -> bool {
        let Some(before) = self.at.checked_sub(1).and_then(|i| self.text.get(i)) else {
            return false;
        };
        is_word(*before) || matches!(before, b')' | b']' | b'}' | b'\'' | b'"' | b'.' | b'!')
    }

    fn comment(&mut self) {
        if self.byte(1) != b'=' {
            let start = self.at;
            while self.at < self.text.len() && !matches!(self.byte(0), b'\n' | b'\r') {
                self.levels += usize::from(may_nest(self.byte(0)));
                self.at += 1;
            }
            let frame = self.frames.last().map(|f| f.kind);
            if matches!(
                frame,
                Some(FrameKind::Bracket { .. } | FrameKind::Interpolation { .. })
            ) {
                self.comments.push(start..self.at);
            }
            return;
        }
        let mut depth = 0usize;
        while self.at < self.text.len() {
            match (self.byte(0), self.byte(1)) {
                (b'#', b'=') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'=', b'#') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {
                    self.levels += usize::from(may_nest(self.byte(0)));
                    self.at += 1;
                }
            }
        }
    }

    /// To the next quote, however far.
    fn char_literal(&mut self) {
        self.at += 1;
        while self.at < self.text.len() && self.byte(0) != b'\'' {
            self.levels += usize::from(may_nest(self.byte(0)));
            self.at += 1 + usize::from(self.byte(0) == b'\\');
        }
        self.at += 1;
        self.after_operand = true;
        self.after_operator = false;
        self.value_end = self.at;
    }

    fn digits(&mut self, is_digit: impl Fn(u8) -> bool) {
        while is_digit(self.byte(0)) || self.byte(0) == b'_' {
            self.at += 1;
        }
    }

    fn number(&mut self) {
        let radix = match (self.byte(0), self.byte(1)) {
            (b'0', radix @ (b'x' | b'o' | b'b')) => Some(radix),
            _ => None,
        };
        if radix.is_some() {
            self.at += 2;
            self.digits(|b| b.is_ascii_hexdigit() && (radix == Some(b'x') || b.is_ascii_digit()));
        } else {
            self.digits(|b| b.is_ascii_digit());
        }
        if radix.is_none_or(|r| r == b'x') && self.byte(0) == b'.' && self.byte(1) != b'.' {
            self.at += 1;
            self.digits(|b| b.is_ascii_digit() || radix.is_some() && b.is_ascii_hexdigit());
        }
        let is_exponent = match radix {
            Some(_) => radix == Some(b'x') && matches!(self.byte(0), b'p' | b'P'),
            None => {
                matches!(self.byte(0), b'e' | b'E' | b'f')
                    && (self.byte(1).is_ascii_digit() || matches!(self.byte(1), b'+' | b'-'))
            }
        };
        if is_exponent {
            self.at += 1 + usize::from(matches!(self.byte(1), b'+' | b'-'));
            self.digits(|b| b.is_ascii_digit());
        }
        self.after_operand = true;
        self.after_operator = false;
        // The library does not see adjoints of other numbers.
        if radix.is_none() {
            self.value_end = self.at;
        }
    }

    fn word(&mut self) {
        let start = self.at;
        loop {
            let c = self.char();
            let is_unequal = c == '!' && self.byte(1) == b'=';
            if self.at >= self.text.len() || is_unequal || !is_ident_continue(c) {
                break;
            }
            self.at += c.len_utf8();
        }
        self.at = self.at.max(start + 1);
        let text = self.text;
        let word = &text[start..self.at];
        let quoted = start > 0 && matches!(text[start - 1], b':' | b'.' | b'@');
        let (from, to) = self.previous_word;
        let keyword = match word {
            b"begin" | b"quote" | b"if" | b"for" | b"while" | b"let" | b"try" | b"function"
            | b"macro" | b"struct" | b"module" | b"baremodule" | b"do" => {
                self.blocks += 1;
                if word == b"for" && self.after_operand {
                    self.generator();
                }
                true
            }
            b"type" if matches!(&text[from..to], b"abstract" | b"primitive") => {
                self.blocks += 1;
                true
            }
            b"end" => {
                if !quoted {
                    self.blocks = self.blocks.saturating_sub(1);
                    if self.frames.is_empty() {
                        self.operators = 0;
                    }
                }
                false
            }
            b"return" | b"const" | b"global" | b"local" | b"where" | b"in" | b"isa" | b"elseif" => {
                self.operators += 1;
                true
            }
            b"outer" => {
                self.work = self.work.saturating_mul(2);
                true
            }
            _ => false,
        };
        self.levels += usize::from(keyword);
        self.after_operand = !keyword;
        self.after_operator = matches!(word, b"in" | b"isa");
        let text = self.utf8.get(start..self.at).unwrap_or("");
        if !KEYWORDS.contains(&text) || matches!(text, "true" | "false") {
            self.value_end = self.at;
        }
        self.previous_word = (start, self.at);
    }

    /// The clauses of a comprehension are read once, those of other generators twice.
    fn generator(&mut self) {
        match self.frames.last() {
            Some(Frame {
                kind: FrameKind::Bracket { square: true },
                outer_work,
                ..
            }) => self.work = *outer_work,
            Some(_) => self.work = self.work.saturating_mul(2),
            None => {}
        }
    }

    fn operator(&mut self, byte: u8) {
        self.at += 1;
        self.levels += 1;
        // Left-associative operators between operands do not nest on the stack.
        let nests = match byte {
            b'*' | b'/' | b'%' | b'.' | b'\\' => false,
            b'+' | b'-' | b':' | b'<' | b'\'' => !self.after_operand,
            _ => true,
        };
        self.operators += u32::from(nests);
        // Sums and products are flat.
        self.chain += u32::from(!matches!(byte, b'+' | b'*'));
        if byte != b'\'' {
            self.after_operand = false;
            self.after_operator = true;
        }
    }
}
