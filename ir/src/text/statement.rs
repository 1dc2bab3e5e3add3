//! One statement line. Knows the grammar of statements; labels and numbers are resolved by the
//! body that is being parsed.

use super::cursor::{Cursor, LineResult};
use super::function::{Body, Globals, Labels};
use super::types::parse_type;
use super::values::parse_constant;
use crate::builtin::Builtin;
use crate::constant::ConstData;
use crate::function::{Block, ForeignCall, Op, PartMode, Terminator, Value};
use crate::intrinsic::Intrinsic;
use crate::module::Module;
use crate::source::{Loc, LocData};
use crate::types::Type;
use cranelift_entity::packed_option::PackedOption;

struct Parser<'p, 'l> {
    c: &'p mut Cursor<'l>,
    m: &'p mut Module,
    labels: &'p mut Labels,
    globals: &'p Globals,
    body: &'p mut Body,
}

/// Parses a statement or terminator into `block`.
pub(super) fn parse_statement(
    c: &mut Cursor,
    m: &mut Module,
    labels: &mut Labels,
    globals: &Globals,
    body: &mut Body,
    block: Block,
) -> LineResult<()> {
    let mut p = Parser {
        c,
        m,
        labels,
        globals,
        body,
    };
    if p.c.rest().starts_with('%') {
        p.numbered(block)
    } else {
        let ends = ["goto ", "return ", "unreachable"];
        let is_end = ends.iter().any(|end| p.c.rest().starts_with(end));
        let result = p.terminator(block);
        if is_end && result.is_err() {
            // Meant to be the end; that the block has none is not another error.
            p.body.terminate(block, Terminator::Unreachable, false);
        }
        result
    }
}

impl<'l> Parser<'_, 'l> {
    fn terminator(&mut self, block: Block) -> LineResult<()> {
        self.body.count_statement();
        let mut waits = false;
        let term = if self.c.eat("goto ") {
            let dest = self.block_ref()?;
            if self.c.eat(" if not ") {
                let cond = self.operand()?;
                let then_dest = if self.c.eat(" else ") {
                    self.block_ref()?
                } else {
                    waits = true;
                    dest
                };
                Terminator::Branch {
                    cond,
                    then_dest,
                    else_dest: dest,
                }
            } else {
                Terminator::Goto(dest)
            }
        } else if self.c.eat("return ") {
            Terminator::Return(self.operand()?)
        } else if self.c.eat_word("unreachable") {
            Terminator::Unreachable
        } else {
            let found = self.c.found();
            return self.c.error(format!(
                "expected a statement (`%N = …`, goto, return, unreachable), found {found}"
            ));
        };
        let loc = self.location()?;
        self.body.func.blocks[block].term_loc = loc;
        self.body.terminate(block, term, waits);
        Ok(())
    }

    fn numbered(&mut self, block: Block) -> LineResult<()> {
        let at = self.c.pos;
        self.c.expect("%")?;
        let number: u32 = self.c.number()?;
        if number == 0 || number > 50_000_000 {
            return Cursor::error_at(at, "statement numbers count from 1 to 50000000");
        }
        self.c.expect(" = ")?;
        let Some(inst) = self.body.define_inst(number) else {
            return Cursor::error_at(at, format!("%{number} is defined twice"));
        };
        self.body.count_statement();
        let mut enter = None;
        let op = self.op(block, &mut enter)?;
        self.c.expect("::")?;
        let ty = parse_type(self.c, &mut self.m.tables)?;
        let loc = self.location()?;
        let data = &mut self.body.func.insts[inst];
        data.op = op;
        data.ty = ty;
        data.loc = loc;
        self.body.func.blocks[block].insts.push(inst);
        if let Some(handler) = enter {
            self.body.func.blocks[block].term_loc = loc;
            let term = Terminator::Enter {
                body: handler,
                handler,
            };
            self.body.terminate(block, term, true);
        }
        Ok(())
    }

    fn block_ref(&mut self) -> LineResult<Block> {
        let at = self.c.pos;
        self.c.expect("#")?;
        let label = self.c.number()?;
        Ok(self.body.use_block(label, at))
    }

    fn operand(&mut self) -> LineResult<Value> {
        let at = self.c.pos;
        if self.c.eat("%") {
            let number = self.c.number()?;
            return Ok(Value::Inst(self.body.use_inst(number, at)));
        }
        if self.c.eat("_") {
            let n = self.c.number()?;
            if self.body.func.arg_type(n).is_none() {
                return Cursor::error_at(at, format!("there is no argument _{n}"));
            }
            return Ok(Value::Arg(n));
        }
        if self.c.eat("const ") {
            let name = self.binding_name();
            let global = self
                .m
                .tables
                .names
                .get(name)
                .and_then(|n| self.globals.get(&n));
            return match global {
                Some(&g) => Ok(Value::Const(self.m.tables.constant(ConstData::Global(g)))),
                None => Cursor::error_at(at, format!("no constant `{name}` is listed")),
            };
        }
        if self.c.eat("global ") {
            let name = self.binding_name();
            let name = self.m.tables.names.intern(name);
            return Ok(Value::Const(
                self.m.tables.constant(ConstData::Binding(name)),
            ));
        }
        if self.c.eat("expr boundscheck(") {
            // A nested bounds check marker stands for "checks are on".
            if self.c.eat("true)") || self.c.eat(")") {
                return Ok(Value::bool(true));
            }
            if self.c.eat("false)") {
                return Ok(Value::bool(false));
            }
            return self.c.error("expected `expr boundscheck()`");
        }
        if self.c.rest().starts_with("expr ") {
            return self.c.error("a nested expression is not supported here");
        }
        parse_constant(self.c, &mut self.m.tables)
    }

    fn binding_name(&mut self) -> &'l str {
        let rest = self.c.rest();
        let end = rest.find([',', ')', ' ', '(']).unwrap_or(rest.len());
        let end = rest[..end].find("::").unwrap_or(end);
        self.c.pos += end;
        &rest[..end]
    }

    /// `a, b)`: the operands up to the closing parenthesis.
    fn operands(&mut self) -> LineResult<Vec<Value>> {
        let mut values = Vec::new();
        while !self.c.eat(")") {
            if !values.is_empty() {
                self.c.expect(", ")?;
            }
            values.push(self.operand()?);
        }
        Ok(values)
    }

    fn op(&mut self, block: Block, enter: &mut Option<Block>) -> LineResult<Op> {
        let at = self.c.pos;
        if self.c.eat("Base.") {
            let name = self.callee_name()?;
            let Some(intrinsic) = Intrinsic::from_name(name) else {
                return Cursor::error_at(at, format!("`{name}` is not an intrinsic"));
            };
            let args = self.operands()?;
            return Ok(Op::Intrinsic(intrinsic, self.body.func.value_list(&args)));
        }
        if self.c.eat("Core.") {
            let name = self.callee_name()?;
            let Some(builtin) = Builtin::from_name(name) else {
                // Julia lists `arraylen` and `have_fma` among the intrinsics, older dumps here.
                if let Some(intrinsic) = Intrinsic::from_name(name) {
                    let args = self.operands()?;
                    return Ok(Op::Intrinsic(intrinsic, self.body.func.value_list(&args)));
                }
                return Cursor::error_at(at, format!("`{name}` is not a builtin function"));
            };
            let args = self.operands()?;
            return Ok(Op::Builtin(builtin, self.body.func.value_list(&args)));
        }
        if self.c.eat("phi(") {
            return self.phi();
        }
        if self.c.eat("phic(") {
            let args = self.operands()?;
            return Ok(Op::PhiC(self.body.func.value_list(&args)));
        }
        if self.c.eat("pi(") {
            let value = self.operand()?;
            self.c.expect(", type ")?;
            let ty = parse_type(self.c, &mut self.m.tables)?;
            self.c.expect(")")?;
            return Ok(Op::Pi { value, ty });
        }
        if self.c.eat("upsilon(") {
            if self.c.eat(")") {
                return Ok(Op::Upsilon(None));
            }
            let value = self.operand()?;
            self.c.expect(")")?;
            return Ok(Op::Upsilon(Some(value)));
        }
        if self.c.eat("invoke @") {
            return self.invoke();
        }
        if self.c.eat("call ") {
            let callee = self.operand()?;
            self.c.expect("(")?;
            let args = self.operands()?;
            let args = self.body.func.value_list(&args);
            return Ok(Op::Call { callee, args });
        }
        if self.c.rest().starts_with("new type ") {
            self.c.eat("new type ");
            let ty = parse_type(self.c, &mut self.m.tables)?;
            self.c.expect("(")?;
            let args = self.operands()?;
            let args = self.body.func.value_list(&args);
            return Ok(Op::New { ty, args });
        }
        if self.c.eat("foreigncall ") {
            return self.foreigncall();
        }
        if self.c.eat("expr ") {
            return self.expr(block, enter);
        }
        Ok(Op::Copy(self.operand()?))
    }

    fn callee_name(&mut self) -> LineResult<&'static str> {
        let rest = self.c.rest();
        let Some(len) = rest.find('(') else {
            return self.c.error("expected `NAME(`");
        };
        let text = &rest[..len];
        let name = Intrinsic::from_name(text)
            .map(Intrinsic::name)
            .or_else(|| Builtin::from_name(text).map(Builtin::name));
        match name {
            Some(name) => {
                self.c.pos += len + 1;
                Ok(name)
            }
            None => {
                let text = text.chars().take(40).collect::<String>();
                self.c
                    .error(format!("`{text}` is neither an intrinsic nor a builtin"))
            }
        }
    }

    fn phi(&mut self) -> LineResult<Op> {
        let mut entries = Vec::new();
        let mut first = true;
        while !self.c.eat(")") {
            if !first {
                self.c.expect(", ")?;
            }
            first = false;
            let block = self.block_ref()?;
            self.c.expect(" => ")?;
            if self.c.eat_word("undef") {
                continue;
            }
            let value = self.operand()?;
            entries.push((block, value));
        }
        Ok(Op::Phi(self.body.func.phi_list(&entries)))
    }

    fn invoke(&mut self) -> LineResult<Op> {
        let at = self.c.pos;
        let id: u32 = self.c.number()?;
        let place = self.body.line_start + at;
        self.c.expect(" ")?;
        let rest = self.c.rest();
        let Some(len) = rest.find('(') else {
            return self.c.error("expected `NAME(`");
        };
        let name = &rest[..len];
        self.c.pos += len + 1;
        let args = self.operands()?;
        let callee = if self.c.eat(" self=") {
            Some(self.operand()?)
        } else {
            None
        };
        let args = self.body.func.value_list(&args);
        if id == 0 {
            // The producer could not infer the callee.
            let name = self.m.tables.names.intern(name);
            let binding = self.m.tables.constant(ConstData::Binding(name));
            return Ok(Op::Call {
                callee: Value::Const(binding),
                args,
            });
        }
        let func = self.labels.use_func(self.m, id, place);
        Ok(Op::Invoke { func, callee, args })
    }

    fn foreigncall(&mut self) -> LineResult<Op> {
        let symbol = self.operand()?;
        self.c.expect(" ")?;
        let ret = parse_type(self.c, &mut self.m.tables)?;
        self.c.expect("(")?;
        let mut params: Vec<Type> = Vec::new();
        while !self.c.eat(")") {
            if !params.is_empty() {
                self.c.expect(", ")?;
            }
            params.push(parse_type(self.c, &mut self.m.tables)?);
        }
        self.c.expect(" variadic_from=")?;
        let variadic_from: u32 = self.c.number()?;
        self.c.expect(" cc=")?;
        let at = self.c.pos;
        let convention = match self.operand()? {
            Value::Const(k) => match *self.m.tables.const_data(k) {
                ConstData::Symbol(name) => name,
                _ => return Cursor::error_at(at, "expected a symbol"),
            },
            _ => return Cursor::error_at(at, "expected a symbol"),
        };
        self.c.expect(" args(")?;
        let at = self.c.pos;
        let args = self.operands()?;
        if args.len() != params.len() || variadic_from as usize > params.len() {
            return Cursor::error_at(
                at,
                format!("{} arguments for {} parameters", args.len(), params.len()),
            );
        }
        self.c.expect(" roots(")?;
        let roots = self.operands()?;
        Ok(Op::ForeignCall(Box::new(ForeignCall {
            symbol,
            ret,
            params: params.into(),
            variadic_from,
            convention,
            args: self.body.func.value_list(&args),
            roots: self.body.func.value_list(&roots),
        })))
    }

    fn expr(&mut self, block: Block, enter: &mut Option<Block>) -> LineResult<Op> {
        let at = self.c.pos;
        let rest = self.c.rest();
        let Some(len) = rest.find('(') else {
            return self.c.error("expected `HEAD(`");
        };
        let head = &rest[..len];
        self.c.pos += len + 1;
        if head == "enter" {
            let target_at = self.c.pos;
            if self.c.rest().starts_with('#') {
                *enter = Some(self.block_ref()?);
            } else {
                let number = self.c.number()?;
                self.body.pending_enter(block, number, target_at);
                *enter = Some(block);
            }
            self.c.expect(")")?;
            return Ok(Op::Enter);
        }
        if head == "throw_record" {
            return self.throw_record();
        }
        let args = self.operands()?;
        let op = match (head, &args[..]) {
            ("leave", []) => Op::Leave(1),
            (
                "leave",
                [
                    Value::Imm {
                        ty: Type::INT64,
                        bits,
                    },
                ],
            ) if *bits < 1 << 16 => Op::Leave(*bits as u32),
            ("the_exception", []) => Op::TheException,
            ("pop_exception", [token]) => Op::PopException(*token),
            ("gc_preserve_begin", _) => Op::GcPreserveBegin(self.body.func.value_list(&args)),
            ("gc_preserve_end", [token]) => Op::GcPreserveEnd(*token),
            ("retain", [v]) => Op::Retain(*v),
            ("cleanup", _) => Op::Cleanup(self.body.func.value_list(&args)),
            ("release", [v]) => Op::Release(*v),
            ("rethrow", []) => Op::Rethrow,
            ("throw_undef_if_not", [name, cond]) => Op::ThrowUndefIfNot {
                name: *name,
                cond: *cond,
            },
            ("boundscheck", []) => Op::Copy(Value::bool(true)),
            ("boundscheck", [v]) => Op::Copy(*v),
            ("abort", [Value::Const(message)])
                if matches!(self.m.tables.const_data(*message), ConstData::String(_)) =>
            {
                Op::Abort { message: *message }
            }
            (
                "leave" | "the_exception" | "pop_exception" | "gc_preserve_end" | "retain"
                | "release" | "rethrow" | "throw_undef_if_not" | "boundscheck" | "abort",
                _,
            ) => return Cursor::error_at(at, format!("wrong operands for `expr {head}`")),
            _ => Op::Expr {
                head: self.m.tables.names.intern(head),
                args: self.body.func.value_list(&args),
            },
        };
        Ok(op)
    }

    /// `type T, sym "print", v, sym "show", w)`
    fn throw_record(&mut self) -> LineResult<Op> {
        self.c.expect("type ")?;
        let ty = parse_type(self.c, &mut self.m.tables)?;
        let mut modes = Vec::new();
        let mut parts = Vec::new();
        while !self.c.eat(")") {
            self.c.expect(", ")?;
            modes.push(if self.c.eat("sym \"print\", ") {
                PartMode::Print
            } else if self.c.eat("sym \"show\", ") {
                PartMode::Show
            } else {
                return self.c.error("expected `sym \"print\"` or `sym \"show\"`");
            });
            parts.push(self.operand()?);
        }
        Ok(Op::ThrowRecord {
            ty,
            modes: modes.into(),
            parts: self.body.func.value_list(&parts),
        })
    }

    /// `; file:line function < file:line function`; anything else after `;` is a comment.
    fn location(&mut self) -> LineResult<PackedOption<Loc>> {
        self.c.skip_spaces();
        if !self.c.rest().starts_with("; ") {
            return Ok(None.into());
        }
        let text = &self.c.rest()[2..];
        self.c.pos = self.c.line.len();
        let mut links = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let Some((place, after)) = rest.split_once(' ') else {
                break;
            };
            let Some((file, line)) = place.rsplit_once(':') else {
                break;
            };
            let Ok(line) = line.parse::<u32>() else { break };
            // A function's name may be ` < ` itself: it has at least one character.
            let skip = after.chars().next().map_or(0, char::len_utf8);
            let end = after[skip..].find(" < ").map(|p| p + skip);
            let (function, next) = match end {
                Some(end) => (&after[..end], &after[end + 3..]),
                None => (after, ""),
            };
            links.push((file, line, function));
            rest = next;
        }
        let mut loc: PackedOption<Loc> = None.into();
        for (file, line, function) in links.into_iter().rev() {
            let data = LocData {
                file: self.m.tables.names.intern(file),
                line,
                function: self.m.tables.names.intern(function),
                inlined_at: loc,
            };
            loc = self.m.locs.intern(data).into();
        }
        Ok(loc)
    }
}
