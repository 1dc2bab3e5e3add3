//! Random functions over arrays, arrays of arrays, strings in unions, tuples and mutable structs,
//! with branches, loops, early returns, calls that fail and handlers. A program's result is compared
//! with that of [`evaluate`]. Here are the statements, how they are chosen, made fewer and written.

mod evaluate;

use std::fmt::Write;

/// Pseudo-random numbers; the same for the same seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        ((self.next() >> 33) % n as u64) as usize
    }
}

/// The variables of a program: each a phi in the text where control joins.
const ARRAYS: usize = 3;
const NESTED: usize = 2;
const MAYBES: usize = 2;
const PAIRS: usize = 2;
const NODES: usize = 2;

/// Which kind of variable.
#[derive(Copy, Clone, PartialEq, Debug)]
enum Kind {
    Array,
    Nested,
    Maybe,
    Pair,
    Node,
}

const KINDS: [(Kind, usize, &str, &str); 5] = [
    (Kind::Array, ARRAYS, "a", "Array{Int64, 1}"),
    (Kind::Nested, NESTED, "n", "Array{Array{Int64, 1}, 1}"),
    (Kind::Maybe, MAYBES, "u", "Union{Nothing, String}"),
    (
        Kind::Pair,
        PAIRS,
        "p",
        "Tuple{Array{Int64, 1}, Union{Nothing, String}}",
    ),
    (Kind::Node, NODES, "m", "Main.Node"),
];

/// A statement.
#[derive(Clone, Debug)]
enum Stmt {
    /// `array[v] = fresh array whose element is k`
    Make(usize, i64),
    /// `array[v] = array[w]`
    Copy(usize, usize),
    /// `nested[v][i] = array[w]`
    Put(usize, usize, usize),
    /// `array[v] = nested[w][i]`
    Take(usize, usize, usize),
    /// `nested[v] = nested[w]`
    CopyNested(usize, usize),
    /// `maybe[v] = fresh string of length k`, or nothing
    Text(usize, Option<usize>),
    /// `pair[v] = (array[w], maybe[x])`
    Pack(usize, usize, usize),
    /// `array[v], maybe[w] = pair[x]`
    Unpack(usize, usize, usize),
    /// `node[v] = Node(array[w], node[x])`
    Link(usize, usize, usize),
    /// `node[v].array = array[w]`
    SetArray(usize, usize),
    /// `node[v].next = nothing`
    Cut(usize),
    /// `array[v] = node[w].array`
    GetArray(usize, usize),
    /// `sum += array[v][1]`
    Add(usize),
    /// `sum += length of maybe[v]`
    AddText(usize),
    /// `array[v] = other(array[w], nested[x])`, a call that fails if the element is odd
    Call(usize, usize, usize),
    If(Vec<Stmt>, Vec<Stmt>),
    /// Runs 3 times.
    Loop(Vec<Stmt>),
    /// The handler runs if a call in the region fails, with the variables as they were before.
    Try(Vec<Stmt>, Vec<Stmt>),
    Return,
}

/// A random program.
pub struct Program {
    body: Vec<Stmt>,
}

pub fn program(r: &mut Random) -> Program {
    Program {
        body: block(r, 0, false),
    }
}

fn block(r: &mut Random, depth: usize, in_try: bool) -> Vec<Stmt> {
    let count = 2 + r.below(6);
    (0..count).map(|_| stmt(r, depth, in_try)).collect()
}

fn stmt(r: &mut Random, depth: usize, in_try: bool) -> Stmt {
    let a = |r: &mut Random| r.below(ARRAYS);
    let n = |r: &mut Random| r.below(NESTED);
    let u = |r: &mut Random| r.below(MAYBES);
    let p = |r: &mut Random| r.below(PAIRS);
    let m = |r: &mut Random| r.below(NODES);
    let choices = if depth < 3 { 22 } else { 17 };
    match r.below(choices) {
        0 => Stmt::Make(a(r), r.below(100) as i64),
        1 => Stmt::Copy(a(r), a(r)),
        2 => Stmt::Put(n(r), r.below(2), a(r)),
        3 => Stmt::Take(a(r), n(r), r.below(2)),
        4 => Stmt::CopyNested(n(r), n(r)),
        5 => Stmt::Text(u(r), Some(r.below(20))),
        6 => Stmt::Text(u(r), None),
        7 => Stmt::Pack(p(r), a(r), u(r)),
        8 => Stmt::Unpack(a(r), u(r), p(r)),
        9 => Stmt::Link(m(r), a(r), m(r)),
        10 => Stmt::SetArray(m(r), a(r)),
        11 => Stmt::Cut(m(r)),
        12 => Stmt::GetArray(a(r), m(r)),
        13 => Stmt::Add(a(r)),
        14 => Stmt::AddText(u(r)),
        15 | 16 => Stmt::Call(a(r), a(r), n(r)),
        17 | 18 => Stmt::If(block(r, depth + 1, in_try), block(r, depth + 1, in_try)),
        19 => Stmt::Loop(block(r, depth + 1, in_try)),
        20 if !in_try => Stmt::Try(block(r, depth + 1, true), block(r, depth + 1, false)),
        21 if !in_try && r.below(3) == 0 => Stmt::Return,
        _ => Stmt::Add(a(r)),
    }
}

/// The names of the values that the variables have at a place.
#[derive(Clone)]
struct Names {
    values: Vec<Vec<String>>,
    sum: String,
    /// The bits that decide about branches.
    bits: String,
}

impl Names {
    fn of(&mut self, kind: Kind) -> &mut Vec<String> {
        let at = KINDS.iter().position(|k| k.0 == kind).unwrap_or(0);
        &mut self.values[at]
    }

    fn get(&self, kind: Kind, v: usize) -> String {
        let at = KINDS.iter().position(|k| k.0 == kind).unwrap_or(0);
        self.values[at][v].clone()
    }
}

struct Writer {
    out: String,
    values: usize,
    blocks: usize,
    /// The block being written; 0 behind its end.
    current: usize,
}

impl Writer {
    fn value(&mut self, text: &str) -> String {
        self.values += 1;
        let name = format!("%{}", self.values);
        let _ = writeln!(self.out, "  {name} = {text}");
        name
    }

    fn new_block(&mut self) -> usize {
        self.blocks += 1;
        self.blocks
    }

    fn begin(&mut self, block: usize) {
        let _ = writeln!(self.out, "#{block}:");
        self.current = block;
    }

    fn end(&mut self, text: &str) {
        let _ = writeln!(self.out, "  {text}");
        self.current = 0;
    }

    fn ccall(&mut self, name: &str, ret: &str, params: &str, args: &str) -> String {
        self.value(&format!(
            "foreigncall sym \"{name}\" {ret}({params}) variadic_from=0 cc=sym \"ccall\" args({args}) roots()::{ret}"
        ))
    }

    /// Phis for what differs between two ends, in the block that begins here.
    fn join(&mut self, ends: &[(usize, Names)]) -> Names {
        let mut joined = ends[0].1.clone();
        let phi = |this: &mut Self, pick: &dyn Fn(&Names) -> String, ty: &str| {
            let values: Vec<String> = ends.iter().map(|(_, n)| pick(n)).collect();
            if values.iter().all(|v| *v == values[0]) {
                return values[0].clone();
            }
            let entries: Vec<String> = ends
                .iter()
                .zip(&values)
                .map(|((block, _), v)| format!("#{block} => {v}"))
                .collect();
            this.value(&format!("phi({})::{ty}", entries.join(", ")))
        };
        for (k, &(_, count, _, ty)) in KINDS.iter().enumerate() {
            for v in 0..count {
                joined.values[k][v] = phi(self, &|n: &Names| n.values[k][v].clone(), ty);
            }
        }
        joined.sum = phi(self, &|n: &Names| n.sum.clone(), "Int64");
        joined.bits = phi(self, &|n: &Names| n.bits.clone(), "Int64");
        joined
    }

    /// Takes the next bit.
    fn bit(&mut self, names: &mut Names) -> String {
        let bit = self.value(&format!("Base.and_int({}, 1)::Int64", names.bits));
        names.bits = self.value(&format!("Base.lshr_int({}, UInt64(1))::Int64", names.bits));
        self.value(&format!("Base.eq_int({bit}, 1)::Bool"))
    }

    /// Writes statements; `false` if control does not get behind them.
    fn stmts(&mut self, body: &[Stmt], names: &mut Names) -> bool {
        body.iter().all(|s| self.stmt(s, names))
    }

    fn fresh(&mut self, element: i64) -> String {
        let array = self.ccall(
            "jl_alloc_array_1d",
            "Array{Int64, 1}",
            "Any, Int64",
            "type Array{Int64, 1}, 1",
        );
        self.value(&format!(
            "Core.arrayset(true, {array}, {element}, 1)::Array{{Int64, 1}}"
        ));
        array
    }

    fn stmt(&mut self, stmt: &Stmt, names: &mut Names) -> bool {
        use Kind::*;
        match stmt {
            Stmt::Make(v, k) => names.of(Array)[*v] = self.fresh(*k),
            Stmt::Copy(v, w) => names.of(Array)[*v] = names.get(Array, *w),
            Stmt::Put(v, i, w) => {
                let (n, a) = (names.get(Nested, *v), names.get(Array, *w));
                let ty = KINDS[1].3;
                self.value(&format!("Core.arrayset(true, {n}, {a}, {})::{ty}", i + 1));
            }
            Stmt::Take(v, w, i) => {
                let n = names.get(Nested, *w);
                let ty = KINDS[0].3;
                let x = self.value(&format!("Core.arrayref(true, {n}, {})::{ty}", i + 1));
                names.of(Array)[*v] = x;
            }
            Stmt::CopyNested(v, w) => names.of(Nested)[*v] = names.get(Nested, *w),
            Stmt::Text(v, Some(k)) => {
                let s = self.ccall("jl_alloc_string", "String", "Int64", &k.to_string());
                names.of(Maybe)[*v] = self.value(&format!("{s}::{}", KINDS[2].3));
            }
            Stmt::Text(v, None) => {
                names.of(Maybe)[*v] = self.value(&format!("nothing::{}", KINDS[2].3));
            }
            Stmt::Pack(v, w, x) => {
                let (a, u) = (names.get(Array, *w), names.get(Maybe, *x));
                names.of(Pair)[*v] = self.value(&format!("Core.tuple({a}, {u})::{}", KINDS[3].3));
            }
            Stmt::Unpack(v, w, x) => {
                let p = names.get(Pair, *x);
                names.of(Array)[*v] = self.value(&format!("Core.getfield({p}, 1)::{}", KINDS[0].3));
                names.of(Maybe)[*w] = self.value(&format!("Core.getfield({p}, 2)::{}", KINDS[2].3));
            }
            Stmt::Link(v, w, x) => {
                let (a, m) = (names.get(Array, *w), names.get(Node, *x));
                names.of(Node)[*v] =
                    self.value(&format!("new type Main.Node({a}, {m})::Main.Node"));
            }
            Stmt::SetArray(v, w) => {
                let (m, a) = (names.get(Node, *v), names.get(Array, *w));
                self.value(&format!(
                    "Core.setfield!({m}, sym \"array\", {a})::{}",
                    KINDS[0].3
                ));
            }
            Stmt::Cut(v) => {
                let m = names.get(Node, *v);
                self.value(&format!(
                    "Core.setfield!({m}, sym \"next\", nothing)::Nothing"
                ));
            }
            Stmt::GetArray(v, w) => {
                let m = names.get(Node, *w);
                names.of(Array)[*v] = self.value(&format!(
                    "Core.getfield({m}, sym \"array\")::{}",
                    KINDS[0].3
                ));
            }
            Stmt::Add(v) => {
                let a = names.get(Array, *v);
                let x = self.value(&format!("Core.arrayref(true, {a}, 1)::Int64"));
                names.sum = self.value(&format!("Base.add_int({}, {x})::Int64", names.sum));
            }
            Stmt::AddText(v) => {
                let u = names.get(Maybe, *v);
                let is = self.value(&format!("Core.isa({u}, type String)::Bool"));
                let (yes, join) = (self.new_block(), self.new_block());
                let from = self.current;
                self.end(&format!("goto #{join} if not {is} else #{yes}"));
                self.begin(yes);
                let s = self.value(&format!("pi({u}, type String)::String"));
                let l = self.value(&format!("Core.sizeof({s})::Int64"));
                let sum = self.value(&format!("Base.add_int({}, {l})::Int64", names.sum));
                self.end(&format!("goto #{join}"));
                self.begin(join);
                let mut other = names.clone();
                other.sum = sum;
                *names = self.join(&[(from, names.clone()), (yes, other)]);
            }
            Stmt::Call(v, w, x) => {
                let (a, n) = (names.get(Array, *w), names.get(Nested, *x));
                let ty = KINDS[0].3;
                names.of(Array)[*v] = self.value(&format!("invoke @2 other({a}, {n})::{ty}"));
            }
            Stmt::If(then, other) => {
                let c = self.bit(names);
                let (yes, no) = (self.new_block(), self.new_block());
                self.end(&format!("goto #{no} if not {c} else #{yes}"));
                let mut ends = Vec::new();
                let mut holes = Vec::new();
                for (block, body) in [(yes, then), (no, other)] {
                    self.begin(block);
                    let mut mine = names.clone();
                    if self.stmts(body, &mut mine) {
                        ends.push((self.current, mine));
                        holes.push(self.out.len());
                        self.end("goto #?");
                    }
                }
                if ends.is_empty() {
                    return false;
                }
                let join = self.new_block();
                self.fill(&holes, join);
                self.begin(join);
                *names = self.join(&ends);
            }
            Stmt::Loop(body) => return self.repeat(body, names),
            Stmt::Try(body, handler) => {
                let handled = self.new_block();
                let inside = self.new_block();
                let token = self.value(&format!("expr enter(#{handled})::Any"));
                // The statement is the end of its block; the body follows.
                self.begin(inside);
                let mut mine = names.clone();
                let mut ends = Vec::new();
                let mut holes = Vec::new();
                if self.stmts(body, &mut mine) {
                    self.value("expr leave(1)::Nothing");
                    ends.push((self.current, mine));
                    holes.push(self.out.len());
                    self.end("goto #?");
                }
                self.begin(handled);
                self.value("expr leave(1)::Nothing");
                self.value(&format!("expr pop_exception({token})::Any"));
                let mut mine = names.clone();
                if self.stmts(handler, &mut mine) {
                    ends.push((self.current, mine));
                    holes.push(self.out.len());
                    self.end("goto #?");
                }
                if ends.is_empty() {
                    return false;
                }
                let join = self.new_block();
                self.fill(&holes, join);
                self.begin(join);
                *names = self.join(&ends);
            }
            Stmt::Return => {
                self.end(&format!("return {}", names.sum));
                return false;
            }
        }
        true
    }

    /// Replaces `#?` at these places, last first.
    fn fill(&mut self, holes: &[usize], block: usize) {
        for &at in holes.iter().rev() {
            if let Some(found) = self.out[at..].find("#?") {
                let place = at + found..at + found + 2;
                self.out.replace_range(place, &format!("#{block}"));
            }
        }
    }

    fn repeat(&mut self, body: &[Stmt], names: &mut Names) -> bool {
        let before = self.current;
        let head = self.new_block();
        self.end(&format!("goto #{head}"));
        self.begin(head);
        // Every variable gets a phi, whose entry from the end of the body is filled in later.
        let first = self.values + 1;
        let place = self.out.len();
        let mut mine = names.clone();
        let mut list: Vec<(String, &str)> = Vec::new();
        for (k, &(_, count, _, ty)) in KINDS.iter().enumerate() {
            for v in 0..count {
                self.values += 1;
                list.push((names.values[k][v].clone(), ty));
                mine.values[k][v] = format!("%{}", self.values);
            }
        }
        for (value, name) in [(&names.sum, &mut mine.sum), (&names.bits, &mut mine.bits)] {
            self.values += 1;
            list.push((value.clone(), "Int64"));
            *name = format!("%{}", self.values);
        }
        self.values += 1;
        let i = format!("%{}", self.values);
        list.push(("0".into(), "Int64"));
        let after = mine.clone();
        let c = self.value(&format!("Base.slt_int({i}, 3)::Bool"));
        let (inside, done) = (self.new_block(), self.new_block());
        self.end(&format!("goto #{done} if not {c} else #{inside}"));
        self.begin(inside);
        let mut latch = None;
        if self.stmts(body, &mut mine) {
            let next = self.value(&format!("Base.add_int({i}, 1)::Int64"));
            let mut values: Vec<String> = mine.values.iter().flatten().cloned().collect();
            values.extend([mine.sum.clone(), mine.bits.clone(), next]);
            latch = Some((self.current, values));
            self.end(&format!("goto #{head}"));
        }
        let mut phis = String::new();
        for (n, (value, ty)) in list.iter().enumerate() {
            let back = match &latch {
                Some((block, values)) => format!(", #{block} => {}", values[n]),
                None => String::new(),
            };
            let _ = writeln!(
                phis,
                "  %{} = phi(#{before} => {value}{back})::{ty}",
                first + n
            );
        }
        self.out.insert_str(place, &phis);
        self.begin(done);
        *names = after;
        true
    }
}

/// All bodies with one statement less, or one statement replaced by what is in it.
fn smaller(body: &[Stmt]) -> Vec<Vec<Stmt>> {
    let mut out = Vec::new();
    for (i, stmt) in body.iter().enumerate() {
        let with = |new: Vec<Stmt>| {
            let mut copy = body.to_vec();
            copy.splice(i..=i, new);
            copy
        };
        out.push(with(Vec::new()));
        let two = |a: &Vec<Stmt>, b: &Vec<Stmt>, make: &dyn Fn(Vec<Stmt>, Vec<Stmt>) -> Stmt| {
            let mut all = vec![with(a.clone()), with(b.clone())];
            all.extend(
                smaller(a)
                    .into_iter()
                    .map(|a| with(vec![make(a, b.clone())])),
            );
            all.extend(
                smaller(b)
                    .into_iter()
                    .map(|b| with(vec![make(a.clone(), b)])),
            );
            all
        };
        match stmt {
            Stmt::If(a, b) => out.extend(two(a, b, &Stmt::If)),
            Stmt::Try(a, b) => out.extend(two(a, b, &Stmt::Try)),
            Stmt::Loop(a) => {
                out.push(with(a.clone()));
                out.extend(smaller(a).into_iter().map(|a| with(vec![Stmt::Loop(a)])));
            }
            _ => {}
        }
    }
    out
}

impl Program {
    /// The smallest program found that is as wrong as this one.
    pub fn shrink(self, is_wrong: impl Fn(&Program) -> bool) -> Program {
        let mut best = self;
        'again: loop {
            for body in smaller(&best.body) {
                let next = Program { body };
                if is_wrong(&next) {
                    best = next;
                    continue 'again;
                }
            }
            return best;
        }
    }

    /// The program as typed IR: `Main.f(bits)`.
    pub fn text(&self) -> String {
        let mut w = Writer {
            out: String::new(),
            values: 0,
            blocks: 0,
            current: 0,
        };
        let entry = w.new_block();
        w.begin(entry);
        let zero = w.fresh(0);
        let mut values: Vec<Vec<String>> = Vec::new();
        for (kind, count, _, ty) in KINDS {
            let mut mine = Vec::new();
            for n in 0..count {
                mine.push(match kind {
                    Kind::Array => w.fresh(n as i64),
                    Kind::Nested => {
                        let args = format!("type {ty}, 2");
                        let v = w.ccall("jl_alloc_array_1d", ty, "Any, Int64", &args);
                        for i in 1..=2 {
                            w.value(&format!("Core.arrayset(true, {v}, {zero}, {i})::{ty}"));
                        }
                        v
                    }
                    Kind::Maybe => w.value(&format!("nothing::{ty}")),
                    Kind::Pair => w.value(&format!("Core.tuple({zero}, nothing)::{ty}")),
                    Kind::Node => {
                        w.value(&format!("new type Main.Node({zero}, nothing)::Main.Node"))
                    }
                });
            }
            values.push(mine);
        }
        let mut names = Names {
            values,
            sum: "0".into(),
            bits: "_2".into(),
        };
        if w.stmts(&self.body, &mut names) {
            let sum = names.sum.clone();
            w.end(&format!("return {sum}"));
        }
        format!("{HEADER}{}", renumbered(&w.out))
    }
}

const HEADER: &str = "jir 1
singleton typeof(Main.f) super=Function
struct Main.Node mutable heap size=24 align=8 super=Any { \"array\"::Array{Int64, 1} @0, \"next\"::Union{Nothing, Main.Node} @8 }

function @2 Main.other(_2 a::Array{Int64, 1}, _3 n::Array{Array{Int64, 1}, 1})::Array{Int64, 1} self=typeof(Main.f) noinline
#1:
  %1 = Core.arrayref(true, _2, 1)::Int64
  %2 = Core.arrayref(true, _3, 2)::Array{Int64, 1}
  %3 = Core.arrayset(true, _3, _2, 2)::Array{Array{Int64, 1}, 1}
  %4 = Base.and_int(%1, 1)::Int64
  %5 = Base.sub_int(1, %4)::Int64
  %6 = Base.checked_sdiv_int(8, %5)::Int64
  return %2

function @1 Main.f(_2 bits::Int64)::Int64 self=typeof(Main.f) export
";

/// Blocks were numbered as they were thought of; in the text they are numbered in order.
fn renumbered(text: &str) -> String {
    let mut numbers = std::collections::HashMap::new();
    for line in text.lines() {
        if let Some(label) = line.strip_prefix('#').and_then(|l| l.strip_suffix(':')) {
            let next = numbers.len() + 1;
            numbers.insert(label.to_string(), next);
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        match numbers.get(&rest[..end]) {
            Some(n) => out.push_str(&n.to_string()),
            None => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
