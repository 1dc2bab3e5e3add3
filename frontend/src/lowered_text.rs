//! Text of lowered code, in the manner of Julia's `@code_lowered`. For people and tests; nothing
//! reads it back.

use crate::lowered::{
    ClosureDef, Code, Item, MethodBody, MethodDef, MethodOwner, Operand, ParamDef, Rvalue, Slot,
    Stmt, StmtId, TypeDef, TypeDefKind, TypeVar,
};
use crate::surface::{Home, Node, Tree};
use crate::surface_text::to_julia;
use cranelift_entity::EntityRef;
use hashbrown::{HashMap, HashSet};
use jlift_ir::{ConstData, Name, Tables, Type, Value};
use std::fmt::Write;

/// The statements of a body with its closures.
pub fn code_text(code: &Code, tables: &Tables) -> String {
    let mut printer = Printer::new(tables);
    printer.code(code);
    printer.out
}

/// The head of a method, and its body if it has been lowered.
pub fn method_text(method: &MethodDef, tables: &Tables) -> String {
    let mut printer = Printer::new(tables);
    printer.method(method);
    printer.out
}

/// Items of a file. Bodies of methods are given by `body`, which lowers them.
pub fn items_text(
    items: &[Item],
    tables: &mut Tables,
    body: &mut dyn FnMut(&MethodDef, &mut Tables) -> String,
) -> String {
    let mut out = String::new();
    for item in items {
        item_text(item, tables, body, 0, &mut out);
    }
    out
}

fn item_text(
    item: &Item,
    tables: &mut Tables,
    body: &mut dyn FnMut(&MethodDef, &mut Tables) -> String,
    level: usize,
    out: &mut String,
) {
    let mut text = String::new();
    match item {
        Item::Method(method) => {
            text = method_text(method, tables);
            text.push_str(&indented(&body(method, tables), 4));
        }
        Item::Type(def) => {
            text = Printer::new(tables).type_def(def);
            for constructor in &def.constructors {
                let mut method = method_text(constructor, tables);
                method.push_str(&indented(&body(constructor, tables), 4));
                text.push_str(&indented(&method, 4));
            }
        }
        Item::Module {
            name, bare, items, ..
        } => {
            let head = if *bare { "baremodule" } else { "module" };
            let _ = writeln!(text, "{head} {}", tables.names.str(*name));
            for item in items {
                item_text(item, tables, body, 4, &mut text);
            }
        }
        Item::If {
            cond,
            then_items,
            else_items,
        } => {
            text.push_str("if\n");
            text.push_str(&indented(&code_text(cond, tables), 4));
            for item in then_items {
                item_text(item, tables, body, 4, &mut text);
            }
            if !else_items.is_empty() {
                text.push_str("else\n");
            }
            for item in else_items {
                item_text(item, tables, body, 4, &mut text);
            }
        }
        _ => text = simple_item(item, tables),
    }
    out.push_str(&indented(&text, level));
}

/// Items without others in them.
fn simple_item(item: &Item, tables: &Tables) -> String {
    let name = |n: Name| tables.names.str(n);
    let code = |head: String, code: &Code| head + &indented(&code_text(code, tables), 4);
    match item {
        Item::Thunk(thunk) => code("run\n".to_string(), thunk),
        Item::Const {
            name: n, code: c, ..
        } => code(format!("const {}\n", name(*n)), c),
        Item::GlobalType {
            name: n, ty, tree, ..
        } => {
            format!("global {}::{}\n", name(*n), to_julia(tree, *ty, tables))
        }
        Item::Function { name: n, tree } => {
            format!("function {}\n", to_julia(tree, *n, tables))
        }
        Item::Import(def) => {
            let mut text = if def.using { "using " } else { "import " }.to_string();
            text.push_str(&".".repeat(def.dots as usize));
            let path: Vec<&str> = def.path.iter().map(|&n| name(n)).collect();
            text.push_str(&path.join("."));
            if let Some(alias) = def.alias {
                let _ = write!(text, " as {}", name(alias));
            }
            if let Some(names) = &def.names {
                let names: Vec<String> = names
                    .iter()
                    .map(|&(a, b)| {
                        if a == b {
                            name(a).to_string()
                        } else {
                            format!("{} as {}", name(a), name(b))
                        }
                    })
                    .collect();
                let _ = write!(text, ": {}", names.join(", "));
            }
            text + "\n"
        }
        Item::Export(names) => {
            let names: Vec<&str> = names.iter().map(|&n| name(n)).collect();
            format!("export {}\n", names.join(", "))
        }
        Item::Include { path, .. } => code("include\n".to_string(), path),
        Item::CCallable {
            name: n,
            ret,
            params,
            tree,
            ..
        } => {
            let params: Vec<String> = params.iter().map(|&p| to_julia(tree, p, tables)).collect();
            let ret = to_julia(tree, *ret, tables);
            format!("ccallable {}({})::{ret}\n", name(*n), params.join(", "))
        }
        Item::Method(_) | Item::Type(_) | Item::Module { .. } | Item::If { .. } => String::new(),
    }
}

fn indented(text: &str, by: usize) -> String {
    let pad = " ".repeat(by);
    text.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{}", format!("{pad}{line}").trim_end());
        out
    })
}

struct Printer<'a> {
    tables: &'a Tables,
    out: String,
    slots: HashMap<Slot, String>,
    blocks: HashMap<StmtId, usize>,
    static_params: Vec<Name>,
    closures: Vec<Name>,
}

impl<'a> Printer<'a> {
    fn new(tables: &'a Tables) -> Self {
        Printer {
            tables,
            out: String::new(),
            slots: HashMap::new(),
            blocks: HashMap::new(),
            static_params: Vec::new(),
            closures: Vec::new(),
        }
    }

    fn name(&self, name: Name) -> &'a str {
        self.tables.names.str(name)
    }

    fn node(&self, tree: &Tree, node: Node) -> String {
        to_julia(tree, node, self.tables)
    }

    fn where_text(&self, tree: &Tree, vars: &[TypeVar]) -> String {
        if vars.is_empty() {
            return String::new();
        }
        let vars: Vec<String> = vars
            .iter()
            .map(|v| {
                let mut text = String::new();
                if let Some(lower) = v.lower {
                    let _ = write!(text, "{}<:", self.node(tree, lower));
                }
                text.push_str(self.name(v.name));
                if let Some(upper) = v.upper {
                    let _ = write!(text, "<:{}", self.node(tree, upper));
                }
                text
            })
            .collect();
        format!(" where {{{}}}", vars.join(", "))
    }

    fn params(&self, tree: &Tree, params: &[ParamDef]) -> String {
        let params: Vec<String> = params
            .iter()
            .map(|p| {
                let mut text = self.name(p.name).to_string();
                if let Some(ty) = p.ty {
                    let _ = write!(text, "::{}", self.node(tree, ty));
                }
                if p.vararg {
                    text.push_str("...");
                }
                text
            })
            .collect();
        params.join(", ")
    }

    fn method(&mut self, method: &MethodDef) {
        let tree = &method.tree;
        let callee = match &method.owner {
            MethodOwner::Function(node) => self.node(tree, *node),
            MethodOwner::Callable(node) => {
                format!(
                    "({}::{})",
                    self.name(method.self_name),
                    self.node(tree, *node)
                )
            }
            MethodOwner::Closure => self.name(method.self_name).to_string(),
            MethodOwner::ClosureKeywords => "kwcall".to_string(),
        };
        let generated = if method.generated { " (generated)" } else { "" };
        let _ = writeln!(
            self.out,
            "method {callee}({}){}{generated}",
            self.params(tree, &method.params),
            self.where_text(tree, &method.type_vars),
        );
        if let MethodBody::Code(code) = &method.body {
            let mut inner = Printer::new(self.tables);
            inner.code(code);
            self.out.push_str(&indented(&inner.out, 4));
        }
    }

    fn type_def(&mut self, def: &TypeDef) -> String {
        let tree = &def.tree;
        let mut out = match &def.kind {
            TypeDefKind::Struct { mutable: true, .. } => "mutable struct ",
            TypeDefKind::Struct { .. } => "struct ",
            TypeDefKind::Abstract => "abstract type ",
            TypeDefKind::Primitive { .. } => "primitive type ",
        }
        .to_string();
        out.push_str(self.name(def.name));
        out.push_str(
            &self
                .where_text(tree, &def.params)
                .replacen(" where ", "", 1),
        );
        if let Some(supertype) = def.supertype {
            let _ = write!(out, " <: {}", self.node(tree, supertype));
        }
        match &def.kind {
            TypeDefKind::Primitive { bits } => {
                let _ = write!(out, " {}", self.node(tree, *bits));
            }
            TypeDefKind::Struct {
                fields,
                initialized,
                ..
            } => {
                if (*initialized as usize) < fields.len() {
                    let _ = write!(out, " (new gives {initialized})");
                }
                for field in fields {
                    let constant = if field.is_const { "const " } else { "" };
                    let _ = write!(out, "\n    {constant}{}", self.name(field.name));
                    if let Some(ty) = field.ty {
                        let _ = write!(out, "::{}", self.node(tree, ty));
                    }
                }
            }
            TypeDefKind::Abstract => {}
        }
        out + "\n"
    }

    fn code(&mut self, code: &Code) {
        self.static_params = code.static_params.clone();
        self.closures = code.closures.values().map(|c| c.name).collect();
        let mut used = HashSet::new();
        for (slot, info) in &code.slots {
            let name = self.name(info.name);
            let text = if name.is_empty() || name.starts_with('#') && name != "#self#" {
                format!("@_{}", slot.index() + 1)
            } else if used.insert(name) {
                name.to_string()
            } else {
                format!("{name}@_{}", slot.index() + 1)
            };
            self.slots.insert(slot, text);
        }
        let undefined: Vec<&str> = code
            .slots
            .iter()
            .filter(|(_, info)| info.maybe_undefined)
            .map(|(slot, _)| self.slots[&slot].as_str())
            .collect();
        if !undefined.is_empty() {
            let line = format!("maybe undefined: {}\n", undefined.join(", "));
            self.out.push_str(&line);
        }
        let hints = [
            (code.hints.inline, "inline"),
            (code.hints.noinline, "noinline"),
            (code.hints.propagate_inbounds, "propagate_inbounds"),
            (code.hints.constprop, "constprop"),
            (code.hints.nospecialize, "nospecialize"),
        ];
        for (_, hint) in hints.iter().filter(|h| h.0) {
            let _ = writeln!(self.out, "hint: {hint}");
        }
        self.find_blocks(code);
        let ids: Vec<StmtId> = code.stmts.keys().collect();
        for (i, &id) in ids.iter().enumerate() {
            let ends = ids
                .get(i + 1)
                .is_none_or(|next| self.blocks.contains_key(next));
            let margin = match (self.blocks.get(&id), ends) {
                (Some(block), _) => format!("{block} ─"),
                (None, true) => "└──".to_string(),
                (None, false) => "│".to_string(),
            };
            let text = self.stmt(code, id);
            let _ = writeln!(self.out, "{}", format!("{margin:<5}{text}").trim_end());
        }
        for closure in code.closures.values() {
            self.closure(closure);
        }
    }

    fn find_blocks(&mut self, code: &Code) {
        let mut leaders: Vec<StmtId> = vec![StmtId::new(0)];
        for (id, stmt) in &code.stmts {
            let next = StmtId::new(id.index() + 1);
            match stmt {
                Stmt::Goto(target) => leaders.extend([*target, next]),
                Stmt::GotoIfNot(_, target) | Stmt::Enter(target) => leaders.extend([*target, next]),
                Stmt::Return(_) => leaders.push(next),
                _ => {}
            }
        }
        leaders.sort();
        leaders.dedup();
        self.blocks = leaders
            .into_iter()
            .enumerate()
            .map(|(i, id)| (id, i + 1))
            .collect();
    }

    fn closure(&mut self, closure: &ClosureDef) {
        let captures: Vec<String> = closure
            .captures
            .iter()
            .map(|c| {
                let boxed = if c.boxed { "box " } else { "" };
                format!("{boxed}{}", self.name(c.name))
            })
            .collect();
        let statics: Vec<&str> = closure
            .static_params
            .iter()
            .map(|&n| self.name(n))
            .collect();
        let statics = if statics.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", statics.join(", "))
        };
        let _ = writeln!(
            self.out,
            "closure {}{statics}({})",
            self.name(closure.name),
            captures.join(", ")
        );
        for method in &closure.methods {
            let mut inner = Printer::new(self.tables);
            inner.method(method);
            self.out.push_str(&indented(&inner.out, 4));
        }
    }

    fn block(&self, target: StmtId) -> String {
        match self.blocks.get(&target) {
            Some(block) => format!("#{block}"),
            None => format!("%{}", target.index() + 1),
        }
    }

    fn stmt(&self, code: &Code, id: StmtId) -> String {
        match &code.stmts[id] {
            Stmt::Value(rvalue) => {
                format!("%{} = {}", id.index() + 1, self.rvalue(code, rvalue))
            }
            Stmt::Assign(slot, rvalue) => {
                format!("     {} = {}", self.slots[slot], self.rvalue(code, rvalue))
            }
            Stmt::AssignGlobal(home, name, value) => {
                let target = self.global(*home, *name);
                format!("     global {target} = {}", self.operand(value))
            }
            Stmt::Goto(target) => format!("     goto {}", self.block(*target)),
            Stmt::GotoIfNot(cond, target) => {
                let cond = self.operand(cond);
                format!("     goto {} if not {cond}", self.block(*target))
            }
            Stmt::Return(value) => format!("     return {}", self.operand(value)),
            Stmt::Enter(target) => {
                format!("%{} = enter {}", id.index() + 1, self.block(*target))
            }
            Stmt::Leave(count) => format!("     leave {count}"),
            Stmt::PopException(token) => format!("     pop_exception %{}", token.index() + 1),
            Stmt::Newvar(slot) => format!("     newvar {}", self.slots[slot]),
            Stmt::Inbounds(true) => "     inbounds true".into(),
            Stmt::Inbounds(false) => "     inbounds pop".into(),
            Stmt::Loopinfo(name) => format!("     loopinfo {}", self.name(*name)),
            Stmt::Nop => "     nop".into(),
        }
    }

    fn rvalue(&self, code: &Code, rvalue: &Rvalue) -> String {
        match rvalue {
            Rvalue::Use(operand) => self.operand(operand),
            Rvalue::Call { callee, args } => {
                let callee = match callee {
                    Operand::Const(_) => {
                        format!("({})", self.operand(callee))
                    }
                    _ => self.operand(callee),
                };
                format!("{callee}({})", self.operands(args))
            }
            Rvalue::New { ty, args } => {
                let mut all = vec![ty.clone()];
                all.extend_from_slice(args);
                format!("new({})", self.operands(&all))
            }
            Rvalue::SplatNew { ty, tuple } => {
                let ty = self.operand(ty);
                format!("splatnew({ty}, {})", self.operand(tuple))
            }
            Rvalue::NewClosure { closure, captures } => {
                let name = self.closures.get(closure.index()).copied();
                let name = name.map_or("?", |n| self.name(n));
                format!("closure {name}({})", self.operands(captures))
            }
            Rvalue::Foreigncall {
                symbol,
                ret,
                params,
                variadic_from,
                convention,
                args,
                roots,
            } => {
                let types: Vec<String> = params.iter().map(|&p| self.node(&code.tree, p)).collect();
                format!(
                    "foreigncall {} {}({}) variadic_from={variadic_from} {} args({}) roots({})",
                    self.operand(symbol),
                    self.node(&code.tree, *ret),
                    types.join(", "),
                    self.name(*convention),
                    self.operands(args),
                    self.operands(roots)
                )
            }
            Rvalue::IsDefined(operand) => format!("isdefined {}", self.operand(operand)),
            Rvalue::BoundsCheck => "boundscheck".into(),
            Rvalue::TheException => "the_exception".into(),
            Rvalue::GcPreserveBegin(kept) => {
                format!("gc_preserve_begin({})", self.operands(kept))
            }
            Rvalue::GcPreserveEnd(token) => {
                format!("gc_preserve_end({})", self.operand(token))
            }
            Rvalue::TypeExpr(node) => format!("type {}", self.node(&code.tree, *node)),
        }
    }

    fn operands(&self, operands: &[Operand]) -> String {
        let operands: Vec<String> = operands.iter().map(|o| self.operand(o)).collect();
        operands.join(", ")
    }

    fn global(&self, home: Home, name: Name) -> String {
        let name = self.name(name);
        let word = name
            .chars()
            .next()
            .is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '#');
        let quoted = if word {
            name.to_string()
        } else {
            format!(":({name})")
        };
        match home {
            Home::Current => name.to_string(),
            Home::Core => format!("Core.{quoted}"),
            Home::Base => format!("Base.{quoted}"),
            Home::Module(module) => format!("{}.{quoted}", self.name(module)),
        }
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Ssa(id) => format!("%{}", id.index() + 1),
            Operand::Slot(slot) => self.slots[slot].clone(),
            Operand::Global(home, name) => self.global(*home, *name),
            Operand::StaticParam(index) => match self.static_params.get(*index as usize) {
                Some(&name) => format!("static {}", self.name(name)),
                None => format!("static {index}"),
            },
            Operand::Const(value) => self.constant(*value),
        }
    }

    fn constant(&self, value: Value) -> String {
        match value {
            Value::Instance(Type::NOTHING) => "nothing".into(),
            Value::Imm { ty, bits } => match ty {
                Type::INT64 => (bits as i64).to_string(),
                Type::BOOL => (bits != 0).to_string(),
                Type::FLOAT64 => format!("{:?}", f64::from_bits(bits)),
                Type::CHAR => {
                    // Julia's characters are their UTF-8 bytes from the left.
                    let bytes = (bits as u32).to_be_bytes();
                    let text = String::from_utf8_lossy(&bytes);
                    let text = text.trim_end_matches('\0');
                    if text.is_empty() {
                        "'\\0'".into()
                    } else {
                        format!("{:?}", text).replace('"', "'")
                    }
                }
                _ => format!("{}({bits:#x})", self.tables.type_name(ty).unwrap_or("?")),
            },
            Value::Const(c) => match self.tables.const_data(c) {
                ConstData::Symbol(name) => format!(":{}", self.name(*name)),
                ConstData::String(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
                ConstData::Wide { bits, .. } => bits.to_string(),
                other => format!("{other:?}"),
            },
            other => format!("{other:?}"),
        }
    }
}
