//! Values of type expressions: signatures, field types, bounds, supertypes. Reads the surface tree
//! and the constants of a module; what it cannot evaluate is an error that says so.

use super::World;
use super::modules::{Binding, ModuleId};
use crate::obstacle::Obstacle;
use jlift_frontend::lowered::TypeVar;
use jlift_frontend::surface::{Head, Node, NodeData, Tree};
use jlift_ir::{ConstData, Name, Type, TypeParam, Value};

/// Deepest nesting of a type expression.
const MAX_DEPTH: u32 = 200;

/// The names that stand for something else than globals: type variables and static parameters.
#[derive(Clone, Default)]
pub struct TypeScope {
    entries: Vec<(Name, TypeParam)>,
}

impl TypeScope {
    /// Adds a name; later ones hide earlier ones.
    pub fn push(&mut self, name: Name, value: TypeParam) {
        self.entries.push((name, value));
    }

    /// What a name stands for.
    pub fn get(&self, name: Name) -> Option<TypeParam> {
        self.entries
            .iter()
            .rev()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| *v)
    }

    /// Drops entries behind the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// A `where` variable with its evaluated bounds.
#[derive(Copy, Clone, Debug)]
pub struct BoundVar {
    /// Unique in the session.
    pub name: Name,
    pub lower: Type,
    pub upper: Type,
}

impl World {
    /// A variable name that occurs nowhere else.
    pub fn fresh_var(&mut self, name: Name) -> Name {
        let n = self.lowering.next_number();
        let text = format!("{}#{n}", self.text(name));
        self.name(&text)
    }

    /// Evaluates `where` variables and adds them to the scope.
    pub fn eval_type_vars(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        vars: &[TypeVar],
        scope: &mut TypeScope,
    ) -> Result<Vec<BoundVar>, Obstacle> {
        let mut out = Vec::with_capacity(vars.len());
        for var in vars {
            let lower = match var.lower {
                Some(node) => self.eval_type(module, tree, node, scope)?,
                None => Type::BOTTOM,
            };
            let upper = match var.upper {
                Some(node) => self.eval_type(module, tree, node, scope)?,
                None => Type::ANY,
            };
            let name = self.fresh_var(var.name);
            let ty = self.module.tables.type_var(name);
            scope.push(var.name, TypeParam::Type(ty));
            out.push(BoundVar { name, lower, upper });
        }
        Ok(out)
    }

    /// Wraps a type in variables, the first one outermost; variables that do not occur are kept
    /// only if `keep` says so.
    pub fn wrap_vars(&mut self, body: Type, vars: &[BoundVar]) -> Type {
        vars.iter().rev().fold(body, |body, var| {
            self.module
                .tables
                .union_all(var.name, var.lower, var.upper, body)
        })
    }

    /// The type that an expression names.
    pub fn eval_type(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        node: Node,
        scope: &mut TypeScope,
    ) -> Result<Type, Obstacle> {
        match self.eval_type_value(module, tree, node, scope, 0)? {
            Value::Type(t) => Ok(t),
            other => {
                let ty = self.const_type(other);
                let text = self.type_text(ty);
                Err(Obstacle::error(
                    tree.span(node),
                    format!("expected a type, got a value of type {text}"),
                ))
            }
        }
    }

    /// The constant value of a type expression.
    pub fn eval_type_value(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        node: Node,
        scope: &mut TypeScope,
        depth: u32,
    ) -> Result<Value, Obstacle> {
        if depth > MAX_DEPTH {
            return Err(Obstacle::error(
                tree.span(node),
                "this type is nested too deeply",
            ));
        }
        let refuse = |what: &str| Err(Obstacle::error(tree.span(node), what.to_string()));
        match *tree.data(node) {
            NodeData::Symbol(name) => {
                if let Some(param) = scope.get(name) {
                    return Ok(param_value(param));
                }
                self.constant_named(module, name, tree, node)
            }
            NodeData::GlobalRef(home, name) => {
                let module = self.home(home, module);
                self.constant_named(module, name, tree, node)
            }
            NodeData::Bits { ty, bits } => Ok(Value::Imm { ty, bits }),
            NodeData::Nothing => Ok(Value::NOTHING),
            NodeData::Value(value) => Ok(value),
            NodeData::Quote(inner) => match tree.symbol(inner) {
                Some(name) => {
                    let c = self.module.tables.constant(ConstData::Symbol(name));
                    Ok(Value::Const(c))
                }
                None => refuse("a quoted expression is no type"),
            },
            NodeData::String(ref bytes) => Ok(self.module.tables.string(bytes)),
            NodeData::Expr { head, .. } => {
                let args = tree.args(node);
                match (head, args) {
                    (Head::Curly, [callee, params @ ..]) => {
                        self.eval_curly(module, tree, node, (*callee, params), scope, depth)
                    }
                    (Head::Where, [body, vars @ ..]) => {
                        let mark = scope.len();
                        let vars = jlift_frontend::lower::where_vars(tree, vars)
                            .map_err(|e| Obstacle::error(e.span, e.message))?;
                        let bound = self.eval_type_vars(module, tree, &vars, scope)?;
                        let inner = self.eval_type_value(module, tree, *body, scope, depth + 1);
                        scope.truncate(mark);
                        match inner? {
                            Value::Type(t) => Ok(Value::Type(self.wrap_vars(t, &bound))),
                            _ => refuse("`where` needs a type"),
                        }
                    }
                    (Head::Dotted, [of, field]) => {
                        let of = self.eval_type_value(module, tree, *of, scope, depth + 1)?;
                        let name = match tree.data(*field) {
                            NodeData::Quote(inner) => tree.symbol(*inner),
                            _ => tree.symbol(*field),
                        };
                        match (self.as_module(of), name) {
                            (Some(m), Some(name)) => self.constant_named(m, name, tree, node),
                            _ => refuse("only a name inside a module can be used as a type"),
                        }
                    }
                    (Head::Tuple, elems) => {
                        let mut fields = Vec::with_capacity(elems.len());
                        for &elem in elems {
                            fields.push(self.eval_type_value(
                                module,
                                tree,
                                elem,
                                scope,
                                depth + 1,
                            )?);
                        }
                        Ok(self.const_tuple(&fields))
                    }
                    (Head::Call, [callee, arg])
                        if matches!(
                            tree.data(*callee),
                            NodeData::Symbol(n) | NodeData::GlobalRef(_, n) if self.text(*n) == "typeof"
                        ) =>
                    {
                        let value = self.eval_type_value(module, tree, *arg, scope, depth + 1)?;
                        Ok(Value::Type(self.typeof_const(value)))
                    }
                    (Head::Call, [callee, args @ ..]) => {
                        let f = self.eval_type_value(module, tree, *callee, scope, depth + 1)?;
                        let mut lats = Vec::with_capacity(args.len());
                        for &arg in args {
                            let v = self.eval_type_value(module, tree, arg, scope, depth + 1)?;
                            lats.push(crate::lattice::Lat::Const(v));
                        }
                        let result = self.resolve_call(&crate::lattice::Lat::Const(f), &lats);
                        match result.ret.as_const() {
                            Some(v) => Ok(v),
                            None => refuse("this expression is not a constant type"),
                        }
                    }
                    _ => refuse("this expression is not supported as a type"),
                }
            }
            _ => refuse("this expression is not supported as a type"),
        }
    }

    fn constant_named(
        &mut self,
        module: ModuleId,
        name: Name,
        tree: &Tree,
        node: Node,
    ) -> Result<Value, Obstacle> {
        match self.lookup(module, name) {
            Some(Binding::Const(v)) => Ok(v),
            // A variable that has had one value, a type: `Alias = Union{Int, Nothing}`.
            Some(Binding::Cell(cell))
                if let Some(ty) = self.module.tables.type_of_type(self.cells[cell].ty) =>
            {
                Ok(Value::Type(ty))
            }
            Some(_) => Err(Obstacle::error(
                tree.span(node),
                format!(
                    "`{}` is a variable; types are built from constants",
                    self.text(name)
                ),
            )
            .help(format!("declare it: `const {} = …`", self.text(name)))),
            None => {
                let mut error = Obstacle::error(
                    tree.span(node),
                    format!("UndefVarError: `{}` not defined", self.text(name)),
                );
                error.help = self.similar_name(module, name);
                Err(error)
            }
        }
    }

    fn eval_curly(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        node: Node,
        (callee, params): (Node, &[Node]),
        scope: &mut TypeScope,
        depth: u32,
    ) -> Result<Value, Obstacle> {
        let head = self.eval_type_value(module, tree, callee, scope, depth + 1)?;
        let mut values = Vec::with_capacity(params.len());
        let mut implicit = Vec::new();
        for &param in params {
            // `Vector{<:Real}` is `Vector{T} where T<:Real`.
            let bound = match (tree.head(param), tree.args(param)) {
                (Some(Head::Subtype), [bound]) => Some((*bound, true)),
                (Some(Head::Supertype), [bound]) => Some((*bound, false)),
                _ => None,
            };
            if let Some((bound, upper)) = bound {
                let t = match self.eval_type_value(module, tree, bound, scope, depth + 1)? {
                    Value::Type(t) => t,
                    _ => {
                        return Err(Obstacle::error(tree.span(bound), "a bound must be a type"));
                    }
                };
                let base = self.name("");
                let name = self.fresh_var(base);
                let (lower, upper) = if upper {
                    (Type::BOTTOM, t)
                } else {
                    (t, Type::ANY)
                };
                implicit.push(BoundVar { name, lower, upper });
                values.push(TypeParam::Type(self.module.tables.type_var(name)));
                continue;
            }
            // `Tuple{Vararg{T,N}}`-like splats of tuples are not types.
            let value = self.eval_type_value(module, tree, param, scope, depth + 1)?;
            values.push(value_param(value));
        }
        let Value::Type(head) = head else {
            return Err(Obstacle::error(
                tree.span(callee),
                "only a type takes parameters in braces",
            ));
        };
        let applied = self
            .apply_type(head, &values)
            .map_err(|message| Obstacle::error(tree.span(node), message))?;
        Ok(Value::Type(self.wrap_vars(applied, &implicit)))
    }

    /// A constant tuple of constants.
    pub fn const_tuple(&mut self, fields: &[Value]) -> Value {
        let types: Vec<Type> = fields.iter().map(|&v| self.const_type(v)).collect();
        let ty = self.module.tables.tuple(&types);
        self.const_aggregate(ty, fields)
    }

    /// A constant struct or tuple; the instance if it has no fields.
    pub fn const_aggregate(&mut self, ty: Type, fields: &[Value]) -> Value {
        if fields.is_empty() {
            return Value::Instance(ty);
        }
        let data = ConstData::Aggregate {
            ty,
            fields: fields.into(),
        };
        Value::Const(self.module.tables.constant(data))
    }

    /// `typeof` of a constant; types are of type `DataType`, `UnionAll` …
    pub fn typeof_const(&mut self, value: Value) -> Type {
        match value {
            Value::Type(t) => self.kind_of_type(t),
            _ => {
                let ty = self.const_type(value);
                self.type_of_values(ty)
            }
        }
    }

    /// A global of this module whose name differs in few letters, as a suggestion.
    pub fn similar_name(&mut self, module: ModuleId, name: Name) -> Option<String> {
        let wanted = self.text(name).to_string();
        if wanted.len() < 3 {
            return None;
        }
        let mut best: Option<(usize, String)> = None;
        let own = self.modules[module].bindings.keys().copied();
        let candidates: Vec<Name> = own.collect();
        for candidate in candidates {
            let text = self.text(candidate);
            let distance = edit_distance(&wanted, text);
            if distance <= 2 && best.as_ref().is_none_or(|(d, _)| distance < *d) {
                best = Some((distance, text.to_string()));
            }
        }
        best.map(|(_, text)| format!("did you mean `{text}`?"))
    }
}

/// A type parameter as a value.
pub fn param_value(param: TypeParam) -> Value {
    match param {
        TypeParam::Type(t) => Value::Type(t),
        TypeParam::Value(v) => v,
    }
}

/// A value as a type parameter.
pub fn value_param(value: Value) -> TypeParam {
    match value {
        Value::Type(t) => TypeParam::Type(t),
        v => TypeParam::Value(v),
    }
}

/// Levenshtein distance, for short names.
fn edit_distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let cost = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
