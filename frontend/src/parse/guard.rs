//! Bounds on what the parser library is asked to do: it recurses once per nested construct and
//! parses the first element of a bracket several times, so that its time doubles with each level.
//! A scan over the bytes estimates both before the library sees the text. It knows strings,
//! comments and brackets, and nothing else of the grammar; every estimate errs upwards.

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
    /// Delimiter, its length, and whether `$` and backslashes are plain text.
    Text {
        quote: u8,
        triple: bool,
        raw: bool,
    },
}

struct Scan<'a> {
    text: &'a [u8],
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
    comments: Vec<std::ops::Range<usize>>,
}

/// Estimates what parsing takes, or says why the text is not parsed.
pub(super) fn examine(text: &[u8]) -> Result<Need, Refusal> {
    let mut scan = Scan {
        text,
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
            self.open(FrameKind::Bracket { square: false }, 2);
        } else {
            self.at += 1;
        }
    }

    fn code_piece(&mut self) {
        let byte = self.byte(0);
        match byte {
            b'#' => self.comment(),
            b'"' | b'`' => {
                let triple = self.byte(1) == byte && self.byte(2) == byte;
                let raw = self.at > 0 && is_word(self.text[self.at - 1]);
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
            b'\'' if !self.glued_to_operand() => self.char_literal(),
            b'(' | b'[' | b'{' => {
                let call = self.glued_to_operand();
                self.chain += u32::from(call);
                let factor = match byte {
                    b'[' => 3,
                    b'{' => 2,
                    _ => 1 + u64::from(call),
                };
                self.at += 1;
                self.open(
                    FrameKind::Bracket {
                        square: byte == b'[',
                    },
                    factor,
                );
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                self.close();
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
            _ if is_word(byte) => self.word(),
            _ => self.operator(byte),
        }
    }

    /// Whether the byte before the current one ends an operand, so that a bracket is a call or
    /// index and `'` is an adjoint.
    fn glued_to_operand(&self) -> bool {
        let Some(before) = self.at.checked_sub(1).and_then(|i| self.text.get(i)) else {
            return false;
        };
        is_word(*before) || matches!(before, b')' | b']' | b'}' | b'\'' | b'"' | b'.' | b'!')
    }

    fn comment(&mut self) {
        if self.byte(1) != b'=' {
            let start = self.at;
            while self.at < self.text.len() && self.byte(0) != b'\n' {
                self.at += 1;
            }
            let frame = self.frames.last().map(|f| f.kind);
            if matches!(frame, Some(FrameKind::Bracket { .. })) {
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
                _ => self.at += 1,
            }
        }
    }

    fn char_literal(&mut self) {
        // The longest is '\U0010ffff'; without a closing quote nearby it is no literal.
        let body = if self.byte(1) == b'\\' { 3 } else { 2 };
        let end = (body..13).find(|&i| self.byte(i) == b'\'');
        self.at += end.map_or(1, |i| i + 1);
        self.after_operand = true;
        self.after_operator = false;
    }

    fn word(&mut self) {
        let start = self.at;
        let mut symbolic = false;
        while is_word(self.byte(0)) {
            if self.byte(0) >= 0x80 {
                let rest = &self.text[self.at..self.text.len().min(self.at + 4)];
                let first = rest
                    .utf8_chunks()
                    .next()
                    .and_then(|c| c.valid().chars().next());
                symbolic |= !first.is_some_and(char::is_alphabetic);
                self.at += first.map_or(1, char::len_utf8);
            } else {
                self.at += 1;
            }
        }
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
        if symbolic {
            self.operators += 1;
        }
        if keyword || symbolic {
            self.levels += 1;
        }
        self.after_operand = !keyword && !symbolic;
        self.after_operator = symbolic || matches!(word, b"in" | b"isa");
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
