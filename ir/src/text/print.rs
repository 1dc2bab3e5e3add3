//! Modules, functions, statements, types and values to text; the inverse of parsing.

mod values;

pub use values::type_text;
use values::*;

use super::float::float64_text;
use crate::constant::ConstData;
use crate::decl::{Decl, StructKind};
use crate::function::{Block, Function, InlineHint, Inst, Op, PartMode, Terminator, Value};
use crate::module::{Func, Module};
use crate::source::Loc;
use crate::tables::Tables;
use crate::types::{Type, TypeData, TypeParam};
use cranelift_entity::{EntityRef, SecondaryMap, packed_option::PackedOption};
use std::fmt::Write;

/// Numbers of statements and labels of blocks as they are printed.
struct Numbering {
    insts: SecondaryMap<Inst, u32>,
    blocks: SecondaryMap<Block, u32>,
}

impl Numbering {
    fn new(func: &Function) -> Self {
        let mut n = Numbering {
            insts: SecondaryMap::new(),
            blocks: SecondaryMap::new(),
        };
        let mut next = 1;
        for (label, &block) in func.layout.iter().enumerate() {
            n.blocks[block] = label as u32 + 1;
            for &inst in &func.blocks[block].insts {
                if func.insts[inst].op == Op::Nop {
                    continue;
                }
                n.insts[inst] = next;
                next += 1;
            }
            // An `enter` is statement and terminator in one line.
            if !matches!(func.blocks[block].term, Terminator::Enter { .. }) {
                next += 1;
            }
        }
        n
    }
}

struct Printer<'a> {
    module: &'a Module,
    func: &'a Function,
    numbers: Numbering,
    out: String,
}

impl Printer<'_> {
    fn value(&mut self, value: Value) {
        match value {
            Value::Inst(i) => {
                let _ = write!(self.out, "%{}", self.numbers.insts[i]);
            }
            Value::Const(c) => match self.module.tables.const_data(c) {
                ConstData::Global(g) => {
                    let name = self.module.globals[*g].name;
                    let _ = write!(self.out, "const {}", self.module.tables.names.str(name));
                }
                _ => write_constant(&mut self.out, &self.module.tables, value),
            },
            _ => write_constant(&mut self.out, &self.module.tables, value),
        }
    }

    fn values(&mut self, values: &[Value]) {
        for (i, &v) in values.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.value(v);
        }
        self.out.push(')');
    }

    fn ty(&mut self, ty: Type) {
        write_type(&mut self.out, &self.module.tables, ty);
    }

    fn op(&mut self, inst: Inst, term: &Terminator) {
        let func = self.func;
        match &func.insts[inst].op {
            Op::Nop => self.out.push_str("nop"),
            Op::Copy(v) => self.value(*v),
            Op::Intrinsic(i, args) => {
                let _ = write!(self.out, "Base.{}(", i.name());
                self.values(func.args(*args));
            }
            Op::Builtin(b, args) => {
                let _ = write!(self.out, "Core.{}(", b.name());
                self.values(func.args(*args));
            }
            Op::Invoke {
                func: target,
                callee,
                args,
            } => {
                let name = self
                    .module
                    .tables
                    .names
                    .str(self.module.functions[*target].name);
                let name = name.rsplit_once('.').map_or(name, |(_, n)| n);
                // The name is for the reader; it ends where the arguments begin.
                let name = name.split_once('(').map_or(name, |(n, _)| n);
                let _ = write!(self.out, "invoke @{} {name}(", target.index() + 1);
                self.values(func.args(*args));
                if let Some(callee) = callee {
                    self.out.push_str(" self=");
                    self.value(*callee);
                }
            }
            Op::Call { callee, args } => {
                self.out.push_str("call ");
                self.value(*callee);
                self.out.push('(');
                self.values(func.args(*args));
            }
            Op::New { ty, args } => {
                self.out.push_str("new type ");
                self.ty(*ty);
                self.out.push('(');
                self.values(func.args(*args));
            }
            Op::Phi(list) => {
                self.out.push_str("phi(");
                for (i, &(block, value)) in func.phi_args(*list).iter().enumerate() {
                    if i > 0 {
                        self.out.push_str(", ");
                    }
                    let _ = write!(self.out, "#{} => ", self.numbers.blocks[block]);
                    self.value(value);
                }
                self.out.push(')');
            }
            Op::Pi { value, ty } => {
                self.out.push_str("pi(");
                self.value(*value);
                self.out.push_str(", type ");
                self.ty(*ty);
                self.out.push(')');
            }
            Op::ForeignCall(call) => {
                self.out.push_str("foreigncall ");
                self.value(call.symbol);
                self.out.push(' ');
                self.ty(call.ret);
                self.out.push('(');
                for (i, &p) in call.params.iter().enumerate() {
                    if i > 0 {
                        self.out.push_str(", ");
                    }
                    self.ty(p);
                }
                let _ = write!(self.out, ") variadic_from={} cc=sym ", call.variadic_from);
                let convention = self.module.tables.names.str(call.convention);
                write_quoted(&mut self.out, convention.as_bytes());
                self.out.push_str(" args(");
                self.values(func.args(call.args));
                self.out.push_str(" roots(");
                self.values(func.args(call.roots));
            }
            Op::Enter => {
                self.out.push_str("expr enter(");
                if let Terminator::Enter { handler, .. } = term {
                    let _ = write!(self.out, "#{}", self.numbers.blocks[*handler]);
                }
                self.out.push(')');
            }
            Op::Leave(n) => {
                let _ = write!(self.out, "expr leave({n})");
            }
            Op::TheException => self.out.push_str("expr the_exception()"),
            Op::PopException(v) => self.expr("pop_exception", &[*v]),
            Op::Upsilon(None) => self.out.push_str("upsilon()"),
            Op::Upsilon(Some(v)) => {
                self.out.push_str("upsilon(");
                self.values(&[*v]);
            }
            Op::PhiC(args) => {
                self.out.push_str("phic(");
                self.values(func.args(*args));
            }
            Op::ThrowRecord { ty, modes, parts } => {
                self.out.push_str("expr throw_record(type ");
                self.ty(*ty);
                for (mode, &part) in modes.iter().zip(func.args(*parts)) {
                    self.out.push_str(match mode {
                        PartMode::Print => ", sym \"print\", ",
                        PartMode::Show => ", sym \"show\", ",
                    });
                    self.value(part);
                }
                self.out.push(')');
            }
            Op::Rethrow => self.out.push_str("expr rethrow()"),
            Op::Abort { message } => self.expr("abort", &[Value::Const(*message)]),
            Op::GcPreserveBegin(args) => self.expr("gc_preserve_begin", func.args(*args)),
            Op::GcPreserveEnd(v) => self.expr("gc_preserve_end", &[*v]),
            Op::Retain(v) => self.expr("retain", &[*v]),
            Op::Cleanup(args) => self.expr("cleanup", func.args(*args)),
            Op::Release(v) => self.expr("release", &[*v]),
            Op::ThrowUndefIfNot { name, cond } => self.expr("throw_undef_if_not", &[*name, *cond]),
            Op::Expr { head, args } => {
                let head = self.module.tables.names.str(*head);
                self.expr(head, func.args(*args));
            }
        }
    }

    fn expr(&mut self, head: &str, args: &[Value]) {
        let _ = write!(self.out, "expr {head}(");
        self.values(args);
    }

    fn loc(&mut self, loc: PackedOption<Loc>) {
        let Some(loc) = loc.expand() else { return };
        let names = &self.module.tables.names;
        for (i, link) in self.module.locs.chain(loc).enumerate() {
            let _ = write!(
                self.out,
                "{}{}:{} {}",
                if i == 0 { "  ; " } else { " < " },
                names.str(link.file),
                link.line,
                names.str(link.function)
            );
        }
    }

    fn body(&mut self) {
        for (position, &block) in self.func.layout.iter().enumerate() {
            let _ = writeln!(self.out, "#{}:", position + 1);
            let data = &self.func.blocks[block];
            for &inst in &data.insts {
                let stmt = &self.func.insts[inst];
                if stmt.op == Op::Nop {
                    continue;
                }
                let _ = write!(self.out, "  %{} = ", self.numbers.insts[inst]);
                self.op(inst, &data.term);
                self.out.push_str("::");
                self.ty(stmt.ty);
                self.loc(stmt.loc);
                self.out.push('\n');
            }
            let next = self.func.layout.get(position + 1).copied();
            self.terminator(&data.term, data.term_loc, next);
        }
    }

    fn terminator(&mut self, term: &Terminator, loc: PackedOption<Loc>, next: Option<Block>) {
        match *term {
            Terminator::Goto(dest) => {
                let _ = write!(self.out, "  goto #{}", self.numbers.blocks[dest]);
            }
            Terminator::Branch {
                cond,
                then_dest,
                else_dest,
            } => {
                let _ = write!(
                    self.out,
                    "  goto #{} if not ",
                    self.numbers.blocks[else_dest]
                );
                self.value(cond);
                if next != Some(then_dest) {
                    let _ = write!(self.out, " else #{}", self.numbers.blocks[then_dest]);
                }
            }
            Terminator::Return(v) => {
                self.out.push_str("  return ");
                self.value(v);
            }
            Terminator::Unreachable => self.out.push_str("  unreachable"),
            // Printed with its statement; the body follows in the layout.
            Terminator::Enter { .. } => return,
        }
        self.loc(loc);
        self.out.push('\n');
    }

    fn header(&mut self, id: Func) {
        let f = self.func;
        let names = &self.module.tables.names;
        if f.external {
            self.out.push_str("extern ");
        }
        let _ = write!(
            self.out,
            "function @{} {}(",
            id.index() + 1,
            names.str(f.name)
        );
        for (i, param) in f.params.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            let _ = write!(self.out, "_{}", i + 2);
            let name = names.str(param.name);
            if !name.is_empty() {
                let _ = write!(self.out, " {name}");
            }
            self.out.push_str("::");
            write_type(&mut self.out, &self.module.tables, param.ty);
        }
        self.out.push_str(")::");
        self.ty(f.ret);
        self.out.push_str(" self=");
        self.ty(f.self_type);
        if f.export {
            self.out.push_str(" export");
        }
        self.out.push_str(match f.inline {
            InlineHint::Auto => "",
            InlineHint::Always => " inline",
            InlineHint::Never => " noinline",
        });
        self.out.push('\n');
    }
}

fn printer<'a>(module: &'a Module, func: &'a Function) -> Printer<'a> {
    Printer {
        module,
        func,
        numbers: Numbering::new(func),
        out: String::new(),
    }
}

/// The text of one function.
pub fn print_function(module: &Module, id: Func) -> String {
    let func = &module.functions[id];
    let mut p = printer(module, func);
    p.header(id);
    p.body();
    p.out
}

/// The text of one statement without number and location, for messages and dumps. Numbering a
/// function is linear in its size; to print many statements, print the function.
pub fn statement_text(module: &Module, id: Func, inst: Inst) -> String {
    let func = &module.functions[id];
    let mut p = printer(module, func);
    let _ = write!(p.out, "%{} = ", p.numbers.insts[inst]);
    p.op(inst, &Terminator::Unreachable);
    p.out.push_str("::");
    p.ty(func.insts[inst].ty);
    p.out
}

/// The text of an operand inside a function.
pub fn value_text(module: &Module, id: Func, value: Value) -> String {
    let mut p = printer(module, &module.functions[id]);
    p.value(value);
    p.out
}

/// The text of a module.
pub fn print_module(module: &Module) -> String {
    let t = &module.tables;
    let mut out = String::from("jir 1\n");
    for &ty in t.declared() {
        let Some(decl) = t.decl(ty) else { continue };
        match decl {
            Decl::Primitive { bits, .. } => {
                let _ = write!(out, "primitive {} bits={bits}", type_text(t, ty));
            }
            Decl::Singleton { .. } => {
                let _ = write!(out, "singleton {}", type_text(t, ty));
            }
            Decl::Struct(s) => {
                let kind = match s.kind {
                    StructKind::Inline => "inline",
                    StructKind::InlineWithReferences => "inline-with-references",
                    StructKind::Heap => "heap",
                };
                let _ = write!(
                    out,
                    "struct {} {}{kind} size={} align={}",
                    type_text(t, ty),
                    if s.mutable { "mutable " } else { "" },
                    s.size,
                    s.align
                );
            }
        }
        let _ = write!(out, " super={}", type_text(t, decl.supertype()));
        if let Decl::Struct(s) = decl {
            if (s.initialized as usize) < s.fields.len() {
                let _ = write!(out, " init={}", s.initialized);
            }
            out.push_str(" { ");
            for (i, f) in s.fields.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write_quoted(&mut out, t.names.str(f.name).as_bytes());
                let _ = write!(out, "::{} @{}", type_text(t, f.ty), f.offset);
                if f.is_const {
                    out.push_str(" const");
                }
            }
            out.push_str(" }");
        }
        out.push('\n');
    }
    for global in module.globals.values() {
        let _ = write!(
            out,
            "const {}::{} = ",
            t.names.str(global.name),
            type_text(t, global.ty)
        );
        write_constant(&mut out, t, global.value);
        out.push('\n');
    }
    for (id, func) in module.functions.iter() {
        out.push('\n');
        if func.external {
            let mut p = printer(module, func);
            p.header(id);
            out.push_str(&p.out);
        } else {
            out.push_str(&print_function(module, id));
        }
    }
    out
}
