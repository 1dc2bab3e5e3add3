//! Top-level nodes to items: definitions are taken apart, everything else is code to run.

use super::generate::Gen;
use super::signature;
use super::{LowerContext, LowerError, Lowered};
use super::{definition, depth, desugar, extract, imports, keywords, structs};
use crate::lowered::{Code, Item, Stmt};
use crate::surface::{Head, Home, Node, NodeData, Tree};
use jlift_ir::{Name, Tables};
use std::sync::Arc;

/// Lowers nodes in order; an item with an error is left out. `keep` asks for the value of the last one,
/// which its code returns in a `Core.Box`.
pub fn lower_items(
    tree: &Tree,
    nodes: &[Node],
    keep: bool,
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> (Vec<Item>, Vec<LowerError>) {
    let mut top = TopLevel {
        tree,
        ctx,
        tables,
        errors: Vec::new(),
        keep: false,
    };
    let mut items = Vec::new();
    for (n, &node) in nodes.iter().enumerate() {
        top.keep = keep && n + 1 == nodes.len();
        let result = depth::check(tree, node).and_then(|levels| {
            depth::with_stack(levels, || {
                let mut own = Vec::new();
                top.item(node, &mut own)?;
                Ok(own)
            })
        });
        match result {
            Ok(own) => items.extend(own),
            Err(error) => top.errors.push(error),
        }
    }
    (items, top.errors)
}

/// Whether a top-level node defines something, directly or inside of `if` and `begin`.
fn defines(tree: &Tree, node: Node) -> bool {
    match tree.head(node) {
        Some(Head::Block | Head::If | Head::ElseIf | Head::Toplevel) => {
            tree.args(node).iter().any(|&n| defines(tree, n))
        }
        Some(
            Head::Struct
            | Head::Abstract
            | Head::Primitive
            | Head::Module
            | Head::Using
            | Head::Import
            | Head::Export
            | Head::Macro
            | Head::Const
            | Head::Doc,
        ) => true,
        Some(Head::Function) => tree.args(node).len() == 1 || definition::is_definition(tree, node),
        _ => definition::is_definition(tree, node),
    }
}

struct TopLevel<'a> {
    tree: &'a Tree,
    ctx: &'a mut LowerContext,
    tables: &'a mut Tables,
    errors: Vec<LowerError>,
    /// The value of the expression is wanted.
    keep: bool,
}

impl TopLevel<'_> {
    fn error<T>(&self, node: Node, message: &str) -> Lowered<T> {
        Err(LowerError::new(self.tree.span(node), message))
    }

    fn is(&self, node: Node, text: &str) -> bool {
        match self.tree.data(node) {
            NodeData::Symbol(name) | NodeData::GlobalRef(_, name) => {
                self.tables.names.str(*name) == text
            }
            _ => false,
        }
    }

    /// Lowers several nodes; errors are collected.
    fn items(&mut self, nodes: &[Node]) -> Vec<Item> {
        let mut out = Vec::new();
        let keep = self.keep;
        for (n, &node) in nodes.iter().enumerate() {
            self.keep = keep && n + 1 == nodes.len();
            if let Err(error) = self.item(node, &mut out) {
                self.errors.push(error);
            }
        }
        self.keep = keep;
        out
    }

    fn item(&mut self, node: Node, out: &mut Vec<Item>) -> Lowered<()> {
        let tree = self.tree;
        let args = tree.args(node);
        let span = tree.span(node);
        let Some(head) = tree.head(node) else {
            return self.thunk(node, out);
        };
        match (head, args) {
            (Head::Block | Head::Toplevel | Head::Begin, _)
                if args.iter().all(|&n| tree.head(n) != Some(Head::Local)) =>
            {
                out.extend(self.items(args));
                Ok(())
            }
            (Head::Function, &[name]) => {
                let mut own = Tree::default();
                let name = extract::copy(tree, name, &mut own);
                if let Some(symbol) = own.symbol(name) {
                    self.ctx.define_global(symbol);
                }
                out.push(Item::Function {
                    name,
                    tree: Arc::new(own),
                });
                Ok(())
            }
            (Head::Struct | Head::Abstract | Head::Primitive, _) => {
                let mut g = Gen::new(self.ctx, self.tables, span);
                let draft = structs::read(&mut g, tree, node)?;
                let own = Arc::new(g.tree);
                let def = draft.finish(&own)?;
                self.ctx.define_global(def.name);
                out.push(Item::Type(Arc::new(def)));
                Ok(())
            }
            (Head::Macro, &[signature, body]) => self.macro_methods(node, signature, body, out),
            // `macro m end`: a macro without methods.
            (Head::Macro, &[name]) => {
                let Some(symbol) = tree.symbol(name) else {
                    return self.error(node, "syntax: invalid macro definition");
                };
                let mut own = Tree::default();
                let symbol = macro_name(&mut self.tables.names, symbol);
                let name = own.add(NodeData::Symbol(symbol), span);
                out.push(Item::Function {
                    name,
                    tree: Arc::new(own),
                });
                Ok(())
            }
            (Head::Module, &[standard, name, body]) => {
                let Some(name) = tree.symbol(name) else {
                    return self.error(node, "syntax: invalid module name");
                };
                let bare = matches!(tree.data(standard), NodeData::Bits { bits: 0, .. });
                self.ctx.define_global(name);
                let names = &mut self.tables.names;
                let inner = format!("{}.{}", names.str(self.ctx.module), names.str(name));
                let inner = names.intern(&inner);
                let outer = std::mem::replace(&mut self.ctx.module, inner);
                let items = self.items(tree.args(body));
                self.ctx.module = outer;
                out.push(Item::Module {
                    name,
                    bare,
                    items,
                    span,
                });
                Ok(())
            }
            (Head::Using | Head::Import, _) => {
                let using = head == Head::Using;
                out.extend(
                    imports::read(tree, node, using, &self.tables.names)?
                        .into_iter()
                        .map(Item::Import),
                );
                Ok(())
            }
            (Head::Export, _) => {
                let names = args.iter().filter_map(|&n| tree.symbol(n)).collect();
                out.push(Item::Export(names));
                Ok(())
            }
            (Head::Doc, [.., documented]) => self.item(*documented, out),
            (Head::Const, &[inner]) => self.constant(inner, out),
            (Head::Global, _) => self.globals(args, out),
            (Head::Assign, &[lhs, rhs]) if !signature::is_call_head(tree, lhs) => {
                match (tree.head(lhs), tree.args(lhs)) {
                    (Some(Head::Typed), &[name, ty]) if tree.symbol(name).is_some() => {
                        self.global_type(name, ty, out)?;
                        self.assign(name, rhs, out)
                    }
                    (Some(Head::Curly), _) => self.constant(node, out),
                    _ => self.thunk(node, out),
                }
            }
            _ if definition::is_definition(tree, node) => self.methods(node, out),
            (Head::If | Head::ElseIf, &[cond, then, ..]) if defines(tree, node) => {
                let cond = self.code(cond)?;
                let then_items = self.items(&[then]);
                let else_items = match args.get(2) {
                    Some(&other) => self.items(&[other]),
                    None => Vec::new(),
                };
                out.push(Item::If {
                    cond,
                    then_items,
                    else_items,
                });
                Ok(())
            }
            (Head::Call, &[callee, path]) if self.is(callee, "include") => {
                let path = self.code(path)?;
                out.push(Item::Include { path, span });
                Ok(())
            }
            (Head::Other(other), [name, ret, params @ ..])
                if self.tables.names.str(other) == "ccallable" =>
            {
                self.ccallable(*name, *ret, params, out)
            }
            _ => self.thunk(node, out),
        }
    }

    /// The code of an expression.
    fn code(&mut self, node: Node) -> Lowered<Arc<Code>> {
        let mut own = Tree::default();
        let body = extract::copy(self.tree, node, &mut own);
        self.run(own, body)
    }

    fn run(&mut self, tree: Tree, body: Node) -> Lowered<Arc<Code>> {
        let code = desugar::top_level(Arc::new(tree), body, self.ctx, self.tables)?;
        for stmt in code.stmts.values() {
            if let Stmt::AssignGlobal(Home::Current, name, _) = stmt {
                self.ctx.define_global(*name);
            }
        }
        Ok(Arc::new(code))
    }

    fn thunk(&mut self, node: Node, out: &mut Vec<Item>) -> Lowered<()> {
        let mut own = Tree::default();
        let body = extract::copy(self.tree, node, &mut own);
        let code = match self.keep {
            true => self.kept(own, body)?,
            false => self.run(own, body)?,
        };
        out.push(Item::Thunk(code));
        Ok(())
    }

    /// Code whose value is in a `Core.Box`.
    fn kept(&mut self, mut tree: Tree, body: Node) -> Lowered<Arc<Code>> {
        let span = tree.span(body);
        let name = self.tables.names.intern("Box");
        let callee = tree.add(NodeData::GlobalRef(Home::Core, name), span);
        let body = tree.expr(Head::Call, &[callee, body], span);
        self.run(tree, body)
    }

    /// A macro is a function of the call's place, the module that it stands in, and the arguments.
    fn macro_methods(
        &mut self,
        node: Node,
        signature: Node,
        body: Node,
        out: &mut Vec<Item>,
    ) -> Lowered<()> {
        let mut own = Tree::default();
        let span = self.tree.span(node);
        let signature = extract::copy(self.tree, signature, &mut own);
        let body = extract::copy(self.tree, body, &mut own);
        let (mut call, mut outer) = (signature, Vec::new());
        while let (Some(Head::Where | Head::Typed), [inner, ..]) = (own.head(call), own.args(call))
        {
            outer.push(call);
            call = *inner;
        }
        let [callee, params @ ..] = own.args(call) else {
            return self.error(node, "syntax: invalid macro definition");
        };
        let (callee, params) = (*callee, params.to_vec());
        let Some(name) = own.symbol(callee) else {
            return self.error(node, "syntax: invalid macro definition");
        };
        let names = &mut self.tables.names;
        let name = macro_name(names, name);
        let mut all = vec![own.add(NodeData::Symbol(name), span)];
        all.extend(
            params
                .iter()
                .filter(|&&p| own.head(p) == Some(Head::Parameters)),
        );
        for (param, ty) in [("__source__", "LineNumberNode"), ("__module__", "Module")] {
            let param = own.add(NodeData::Symbol(names.intern(param)), span);
            let ty = own.add(NodeData::GlobalRef(Home::Core, names.intern(ty)), span);
            all.push(own.expr(Head::Typed, &[param, ty], span));
        }
        all.extend(
            params
                .iter()
                .filter(|&&p| own.head(p) != Some(Head::Parameters)),
        );
        let mut signature = own.expr(Head::Call, &all, span);
        for wrapper in outer.into_iter().rev() {
            let mut args = own.args(wrapper).to_vec();
            let head = own.head(wrapper).unwrap_or(Head::Where);
            if let Some(first) = args.first_mut() {
                *first = signature;
            }
            signature = own.expr(head, &args, span);
        }
        let function = own.expr(Head::Function, &[signature, body], span);
        self.methods_of(&own, function, out)
    }

    /// `name = value` for a global.
    fn assign(&mut self, name: Node, value: Node, out: &mut Vec<Item>) -> Lowered<()> {
        let mut own = Tree::default();
        let name = extract::copy(self.tree, name, &mut own);
        let value = extract::copy(self.tree, value, &mut own);
        let node = own.expr(Head::Assign, &[name, value], self.tree.span(name));
        let code = self.run(own, node)?;
        out.push(Item::Thunk(code));
        Ok(())
    }

    fn methods(&mut self, node: Node, out: &mut Vec<Item>) -> Lowered<()> {
        self.methods_of(self.tree, node, out)
    }

    fn methods_of(&mut self, tree: &Tree, node: Node, out: &mut Vec<Item>) -> Lowered<()> {
        let mut g = Gen::new(self.ctx, self.tables, tree.span(node));
        let node = extract::copy(tree, node, &mut g.tree);
        let def = definition::read(&mut g, node, false)?;
        let callee = match def.owner {
            crate::lowered::MethodOwner::Function(callee) => Some(callee),
            _ => None,
        };
        let own = matches!(def.owner, crate::lowered::MethodOwner::Function(f) if g.tree.symbol(f).is_some());
        let name = def.name;
        let drafts = keywords::expand(&mut g, def)?;
        let tree = Arc::new(g.tree);
        if own {
            self.ctx.define_global(name);
        }
        out.extend(
            definition::finish(&tree, drafts)?
                .into_iter()
                .map(Item::Method),
        );
        // The value of a definition is the function.
        if let (true, Some(callee)) = (self.keep, callee) {
            let mut own = Tree::default();
            let callee = extract::copy(&tree, callee, &mut own);
            let code = self.kept(own, callee)?;
            out.push(Item::Thunk(code));
        }
        Ok(())
    }

    fn global_type(&mut self, name: Node, ty: Node, out: &mut Vec<Item>) -> Lowered<()> {
        let Some(symbol) = self.tree.symbol(name) else {
            return self.error(name, "syntax: invalid global declaration");
        };
        let mut own = Tree::default();
        let ty = extract::copy(self.tree, ty, &mut own);
        out.push(Item::GlobalType {
            name: symbol,
            ty,
            tree: Arc::new(own),
            span: self.tree.span(name),
        });
        Ok(())
    }

    /// `global …`
    fn globals(&mut self, args: &[Node], out: &mut Vec<Item>) -> Lowered<()> {
        let tree = self.tree;
        for &arg in args {
            match (tree.head(arg), tree.args(arg)) {
                (None, _) => {}
                (Some(Head::Typed), &[name, ty]) => self.global_type(name, ty, out)?,
                (Some(Head::Tuple), parts) => self.globals(parts, out)?,
                _ => self.item(arg, out)?,
            }
        }
        Ok(())
    }

    /// What stands behind `const`.
    fn constant(&mut self, node: Node, out: &mut Vec<Item>) -> Lowered<()> {
        let tree = self.tree;
        let span = tree.span(node);
        let args = tree.args(node);
        let (lhs, rhs) = match (tree.head(node), args) {
            (Some(Head::Global), &[inner]) => return self.constant(inner, out),
            (Some(Head::Assign), &[lhs, rhs]) => (lhs, rhs),
            _ if definition::is_definition(tree, node) => return self.methods(node, out),
            _ => return self.error(node, "syntax: expected assignment after \"const\""),
        };
        if signature::is_call_head(tree, lhs) {
            return self.methods(node, out);
        }
        match (tree.head(lhs), tree.args(lhs)) {
            (None, _) => {
                let Some(name) = tree.symbol(lhs) else {
                    return self.error(lhs, "syntax: invalid assignment location");
                };
                // `const a = b = 1` makes only `a` a constant.
                let code = self.code(rhs)?;
                self.ctx.define_global(name);
                out.push(Item::Const { name, code, span });
                Ok(())
            }
            (Some(Head::Typed), &[name, ty]) => {
                let Some(name) = tree.symbol(name) else {
                    return self.error(lhs, "syntax: invalid assignment location");
                };
                let mut g = Gen::new(self.ctx, self.tables, span);
                let ty = extract::copy(tree, ty, &mut g.tree);
                let value = extract::copy(tree, rhs, &mut g.tree);
                let value = g.call_base(g.k.convert, &[ty, value]);
                let value = g.call_core(g.k.typeassert, &[value, ty]);
                let own = g.tree;
                let code = self.run(own, value)?;
                self.ctx.define_global(name);
                out.push(Item::Const { name, code, span });
                Ok(())
            }
            // `A{T} = B{T}` is the type `B{T} where T`.
            (Some(Head::Curly), [name, vars @ ..]) => {
                let Some(name) = tree.symbol(*name) else {
                    return self.error(lhs, "syntax: invalid type alias");
                };
                let mut own = Tree::default();
                let mut parts = vec![extract::copy(tree, rhs, &mut own)];
                for &var in vars {
                    parts.push(extract::copy(tree, var, &mut own));
                }
                let body = own.expr(Head::Where, &parts, span);
                let code = self.run(own, body)?;
                self.ctx.define_global(name);
                out.push(Item::Const { name, code, span });
                Ok(())
            }
            (Some(Head::Tuple), targets) => self.constants(targets, rhs, lhs, out),
            _ => self.error(lhs, "syntax: invalid assignment location"),
        }
    }

    /// `const a, b = value`.
    fn constants(
        &mut self,
        targets: &[Node],
        rhs: Node,
        lhs: Node,
        out: &mut Vec<Item>,
    ) -> Lowered<()> {
        let tree = self.tree;
        let mut names = Vec::with_capacity(targets.len());
        for &target in targets {
            match tree.symbol(target) {
                Some(name) => names.push(name),
                None => {
                    return self.error(target, "syntax: invalid assignment location");
                }
            }
        }
        let span = tree.span(lhs);
        // The parts pass through globals that no source can name.
        let mut own = Tree::default();
        let mut hidden = Vec::with_capacity(names.len());
        let mut parts = Vec::with_capacity(names.len());
        for _ in &names {
            let name = self.ctx.gensym.fresh(self.tables, "const");
            hidden.push(name);
            parts.push(own.add(NodeData::Symbol(name), span));
        }
        let target = own.expr(Head::Tuple, &parts, span);
        let value = extract::copy(tree, rhs, &mut own);
        let node = own.expr(Head::Assign, &[target, value], span);
        let code = self.run(own, node)?;
        out.push(Item::Thunk(code));
        for (name, hidden) in names.into_iter().zip(hidden) {
            let mut own = Tree::default();
            let value = own.add(NodeData::Symbol(hidden), span);
            let code = self.run(own, value)?;
            self.ctx.define_global(name);
            out.push(Item::Const { name, code, span });
        }
        Ok(())
    }

    /// The method before is exported to C with these types.
    fn ccallable(
        &mut self,
        name: Node,
        ret: Node,
        params: &[Node],
        out: &mut Vec<Item>,
    ) -> Lowered<()> {
        let span = self.tree.span(name);
        let Some(name) = self.tree.symbol(name) else {
            return self.error(name, "syntax: expected a function name in @ccallable");
        };
        let mut own = Tree::default();
        let ret = extract::copy(self.tree, ret, &mut own);
        let params = params
            .iter()
            .map(|&ty| extract::copy(self.tree, ty, &mut own))
            .collect();
        out.push(Item::CCallable {
            name,
            ret,
            params,
            tree: Arc::new(own),
            span,
        });
        Ok(())
    }
}

/// The name of the function that a macro is.
fn macro_name(names: &mut jlift_ir::NameTable, name: Name) -> Name {
    let text = format!("@{}", names.str(name));
    names.intern(&text)
}
