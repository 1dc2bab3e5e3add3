//! Building structs and closures, calls of C functions, type expressions inside bodies.

use super::call::{CallKind, CallResult, Site};
use super::instance::InstId;
use crate::lattice::Lat;
use crate::obstacle::{Obstacle, Severity};
use crate::types::canonical::canonical;
use crate::types::family::{FamilyField, FamilyKind, TypeFamily};
use crate::world::World;
use crate::world::function_table::CalleeKey;
use crate::world::method::Method;
use crate::world::type_expression::{BoundVar, TypeScope, value_param};
use jlift_frontend::lowered::{ClosureId, Code, MethodOwner};
use jlift_frontend::surface::{Node, Span};
use jlift_ir::{Name, Type, TypeClass, TypeData, TypeParam, Value};
use std::rc::Rc;

impl World {
    /// `new(T, fields…)`.
    pub(crate) fn resolve_new(&mut self, ty: &Lat, fields: &[Lat], site: Site) -> CallResult {
        let Some(t) = ty.as_type_value() else {
            let mut result =
                self.unresolved(ty, fields, site, "the type to be built is not constant");
            if let CallKind::Dynamic(action) = &mut result.kind {
                *action = crate::dynamic::Action::New;
            }
            return result;
        };
        self.declare(t);
        let class = self.module.tables.class(t);
        if !matches!(
            class,
            TypeClass::Inline
                | TypeClass::InlineWithReferences
                | TypeClass::Heap
                | TypeClass::Singleton
        ) {
            let text = self.type_text(t);
            let why = self
                .undeclarable(t)
                .unwrap_or_else(|| format!("{text} is not a concrete struct type"));
            return self.unresolved(ty, fields, site, &why);
        }
        let declared = self.field_types(t);
        if fields.len() > declared.len() {
            return CallResult::throws(Type::ARGUMENT_ERROR, "new: too many arguments");
        }
        let mut total = class != TypeClass::Heap;
        let mut known = Vec::with_capacity(fields.len());
        for (n, field) in fields.iter().enumerate() {
            let want = declared[n];
            let got = self.widen(field);
            if self.value_subtype(got, want) {
                known.push(field.clone());
                continue;
            }
            let narrowed = self.narrow(field, want);
            if narrowed.is_bottom() {
                let (a, b) = (self.type_text(want), self.type_text(got));
                return CallResult::throws_type(
                    "new",
                    want,
                    n,
                    format!("TypeError: in new, expected {a}, got a value of type {b}"),
                );
            }
            total = false;
            known.push(narrowed);
        }
        let ret = if class == TypeClass::Singleton {
            Lat::Const(Value::Instance(t))
        } else if known.len() == declared.len() {
            self.partial(t, known)
        } else {
            self.lat_of(t)
        };
        let kind = match &ret {
            Lat::Const(_) if total => CallKind::Folded,
            _ => CallKind::New(t),
        };
        CallResult {
            ret,
            kind,
            total,
            condition: None,
        }
    }

    /// `new(T, tuple…)`.
    pub(super) fn resolve_splat_new(&mut self, ty: &Lat, tuple: &Lat, site: Site) -> CallResult {
        let tuple_type = self.widen(tuple);
        let fields = match self.fields_of(tuple) {
            Some((_, fields)) => fields,
            None => {
                let mut out = Vec::new();
                for t in self.field_types(tuple_type) {
                    out.push(self.lat_of(t));
                }
                out
            }
        };
        if self.field_count(tuple_type) != Some(fields.len()) {
            return self.unresolved(
                ty,
                std::slice::from_ref(tuple),
                site,
                "the number of fields is not known",
            );
        }
        let inner = self.resolve_new(ty, &fields, site);
        CallResult {
            ret: inner.ret.clone(),
            total: inner.total,
            condition: None,
            kind: CallKind::Apply {
                counts: vec![Some(fields.len() as u32)],
                call: Rc::new(inner),
            },
        }
    }

    /// `NamedTuple{names}(tuple)` and `NamedTuple{names, T}(tuple)` where nothing is converted.
    pub(super) fn named_tuple_of(
        &mut self,
        ty: Type,
        tuple: &Lat,
        site: Site,
    ) -> Option<CallResult> {
        if self.nominal_name(ty) != Some(self.names.named_tuple) {
            return None;
        }
        let tuple_type = self.widen(tuple);
        if !self.module.tables.is_tuple(tuple_type) {
            return None;
        }
        if !self.tells_all(tuple_type)
            && matches!(self.module.tables.type_data(ty), TypeData::UnionAll { .. })
        {
            // The type of the named tuple has the types that the elements have at run time.
            let callee = Lat::Const(Value::Type(ty));
            let args = std::slice::from_ref(tuple);
            return Some(self.unresolved(
                &callee,
                args,
                site,
                "the types of the elements are not known",
            ));
        }
        let target = match self.module.tables.type_data(ty) {
            TypeData::UnionAll { .. } => {
                match self.apply_type(ty, &[TypeParam::Type(tuple_type)]) {
                    Ok(target) => target,
                    Err(message) => {
                        return Some(CallResult::throws(Type::ERROR_EXCEPTION, message));
                    }
                }
            }
            _ => ty,
        };
        let fields = match self.fields_of(tuple) {
            Some((_, fields)) => fields,
            None => {
                let mut out = Vec::new();
                for t in self.field_types(tuple_type) {
                    out.push(self.lat_of(t));
                }
                out
            }
        };
        let declared = self.field_types(target);
        if declared.len() != fields.len() {
            return None;
        }
        for (want, have) in declared.iter().zip(&fields) {
            let have = self.widen(have);
            if !self.value_subtype(have, *want) {
                return None;
            }
        }
        let count = fields.len() as u32;
        let call = self.resolve_new(&Lat::Const(Value::Type(target)), &fields, site);
        if call.kind == CallKind::Folded {
            return Some(call);
        }
        Some(CallResult {
            ret: call.ret.clone(),
            total: call.total,
            condition: None,
            kind: CallKind::Spread {
                count,
                call: Rc::new(call),
            },
        })
    }

    /// The scope of type expressions inside an instance's body.
    pub(super) fn instance_scope(&mut self, inst: InstId, code: &Code) -> TypeScope {
        let mut scope = TypeScope::default();
        for (n, &name) in code.static_params.iter().enumerate() {
            if let Some(Some(v)) = self.instances[inst].static_params.get(n) {
                scope.push(name, value_param(*v));
            }
        }
        scope
    }

    /// The value of a type expression inside a body.
    pub(super) fn type_expression_value(
        &mut self,
        inst: InstId,
        code: &Code,
        node: Node,
        span: Option<Span>,
    ) -> Option<Value> {
        let module = self.instances[inst].module;
        let mut scope = self.instance_scope(inst, code);
        let tree = code.tree.clone();
        match self.eval_type_value(module, &tree, node, &mut scope, 0) {
            Ok(v) => Some(v),
            Err(mut e) => {
                e.span = e.span.or(span);
                self.obstruct(e);
                None
            }
        }
    }

    /// A call of a C function.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn resolve_foreigncall(
        &mut self,
        inst: InstId,
        code: &Code,
        symbol: &Lat,
        ret: Node,
        params: &[Node],
        args: &[Lat],
        site: Site,
    ) -> CallResult {
        let unresolved = |message: String| CallResult {
            ret: Lat::Bottom,
            kind: CallKind::Unresolved(message),
            total: false,
            condition: None,
        };
        let as_type = |v: Option<Value>| match v {
            Some(Value::Type(t)) => Some(t),
            _ => None,
        };
        let value = self.type_expression_value(inst, code, ret, site.span);
        let Some(mut ret_ty) = as_type(value) else {
            return unresolved("the result type of a C function is not known".into());
        };
        let mut types = Vec::with_capacity(params.len());
        for &param in params {
            let value = self.type_expression_value(inst, code, param, site.span);
            match as_type(value) {
                Some(t) => types.push(self.foreign_type(t)),
                None => {
                    return unresolved("a parameter type of a C function is not known".into());
                }
            }
        }
        // Fixed parameters first; the last type stands for all variadic arguments.
        while types.len() < args.len() {
            let Some(&last) = types.last() else { break };
            types.push(last);
        }
        ret_ty = self.foreign_result(ret_ty);
        if let Some(t) = self.array_call_result(symbol, args) {
            ret_ty = t;
        }
        self.declare(ret_ty);
        if symbol.as_const().is_none() {
            let ty = self.widen(symbol);
            if self.module.tables.class(ty) != TypeClass::Pointer {
                let text = self.type_text(ty);
                self.obstruct(Obstacle::error(
                    site.span,
                    format!("the C function to be called is a {text}, not a name or a pointer"),
                ));
                return unresolved("not a C function".into());
            }
        }
        let ret = self.lat_of(ret_ty);
        CallResult {
            ret,
            kind: CallKind::Foreign {
                ret: ret_ty,
                params: types,
            },
            total: false,
            condition: None,
        }
    }

    /// As a result, `Ref{T}` is the object itself.
    fn foreign_result(&mut self, ty: Type) -> Type {
        let parameter = self.foreign_type(ty);
        match self.module.tables.pointee(parameter) {
            Some(object) if parameter != ty => {
                self.declare(object);
                object
            }
            _ => parameter,
        }
    }

    /// `Ref{T}` in a C signature is a pointer, `Cstring` a pointer to bytes.
    fn foreign_type(&mut self, ty: Type) -> Type {
        let name = self.module.tables.type_name(ty).unwrap_or("").to_string();
        if matches!(&*name, "Ref" | "Base.Ref" | "Core.Ref")
            && let Some(&TypeParam::Type(t)) = self.module.tables.params(ty).first()
        {
            return self.module.tables.ptr(t);
        }
        self.declare(ty);
        ty
    }

    /// The runtime's array functions give an array of the type that they are handed.
    fn array_call_result(&mut self, symbol: &Lat, args: &[Lat]) -> Option<Type> {
        let name = self.const_symbol(symbol.as_const()?)?;
        match self.text(name) {
            "jl_alloc_array_1d" | "jl_alloc_array_2d" | "jl_alloc_array_3d" | "jl_new_array"
            | "jl_reshape_array" | "jl_ptr_to_array" | "jl_ptr_to_array_1d" => {
                args.first()?.as_type_value()
            }
            _ => None,
        }
    }

    /// Declares the closure types of a body with their methods, once.
    pub(super) fn register_closures(&mut self, inst: InstId, code: &std::sync::Arc<Code>) {
        let module = self.instances[inst].module;
        for (_, closure) in code.closures.iter() {
            let full = self.closure_type_name(module, closure.name);
            if self.families.get(full).is_some() {
                continue;
            }
            let mut params: Vec<BoundVar> = Vec::new();
            let mut scope = TypeScope::default();
            for &name in &closure.static_params {
                let fresh = self.fresh_var(name);
                let var = self.module.tables.type_var(fresh);
                scope.push(name, TypeParam::Type(var));
                params.push(BoundVar {
                    name: fresh,
                    lower: Type::BOTTOM,
                    upper: Type::ANY,
                });
            }
            let mut fields = Vec::with_capacity(closure.captures.len());
            for capture in &closure.captures {
                let fresh = self.fresh_var(capture.name);
                let var = self.module.tables.type_var(fresh);
                fields.push(FamilyField {
                    name: capture.name,
                    ty: var,
                    is_const: false,
                });
                params.push(BoundVar {
                    name: fresh,
                    lower: Type::BOTTOM,
                    upper: Type::ANY,
                });
            }
            let param_types: Vec<TypeParam> = params
                .iter()
                .map(|p| TypeParam::Type(self.module.tables.type_var(p.name)))
                .collect();
            self.families.insert(TypeFamily {
                name: full,
                params: params.iter().map(|p| (p.name, p.lower, p.upper)).collect(),
                supertype: Type::FUNCTION,
                kind: FamilyKind::Struct {
                    mutable: false,
                    initialized: fields.len() as u32,
                    fields,
                },
            });
            let callee = self.module.tables.data_type(full, &param_types);
            for def in &closure.methods {
                let mut scope = scope.clone();
                let tree = def.tree.clone();
                let own = match self.eval_type_vars(module, &tree, &def.type_vars, &mut scope) {
                    Ok(vars) => vars,
                    Err(e) => {
                        self.obstruct(e);
                        continue;
                    }
                };
                let mut all = params.clone();
                let mut names: Vec<(Name, Name)> = Vec::with_capacity(all.len() + own.len());
                let outer = closure
                    .static_params
                    .iter()
                    .copied()
                    .chain(std::iter::repeat(Name::EMPTY));
                names.extend(outer.zip(&params).map(|(s, v)| (s, v.name)));
                names.extend(
                    def.type_vars
                        .iter()
                        .zip(&own)
                        .map(|(s, v)| (s.name, v.name)),
                );
                all.extend(own);
                match self.signature(module, def, callee, &all, &mut scope) {
                    Ok(sig) => {
                        let method = Method::new(def.clone(), module, sig, names);
                        let key = if def.owner == MethodOwner::ClosureKeywords {
                            self.method_key(self.names.kwcall, sig)
                        } else {
                            CalleeKey::Instance(full)
                        };
                        self.add_method(method, key);
                    }
                    Err(e) => self.obstruct(e),
                }
            }
        }
    }

    /// The nominal name of a closure type.
    pub fn closure_type_name(
        &mut self,
        module: crate::world::modules::ModuleId,
        name: Name,
    ) -> Name {
        let text = format!(
            "{}.var\"{}\"",
            self.text(self.modules[module].name),
            self.text(name)
        );
        self.name(&text)
    }

    /// An instance of a closure type.
    pub(super) fn resolve_closure(
        &mut self,
        inst: InstId,
        code: &Code,
        closure: ClosureId,
        captures: &[Lat],
        site: Site,
    ) -> CallResult {
        let Some(def) = code.closures.get(closure) else {
            return CallResult::throws(Type::ERROR_EXCEPTION, "unknown closure");
        };
        for capture in &def.captures {
            if capture.boxed {
                let name = self.text(capture.name).to_string();
                let obstacle = Obstacle::error(
                    capture.span.or(site.span),
                    format!("the captured variable `{name}` is assigned more than once"),
                )
                .label(capture.reassigned, "assigned again here")
                .note("a closure shares such a variable through a box whose type is not known")
                .help(format!(
                    "capture a copy: `let {name} = {name}; … end`, or use `Ref({name})`"
                ));
                self.obstruct(Obstacle {
                    severity: Severity::Dynamic,
                    ..obstacle
                });
            }
        }
        let module = self.instances[inst].module;
        let full = self.closure_type_name(module, def.name);
        let mut params: Vec<TypeParam> = Vec::new();
        for name in &def.static_params {
            let index = code.static_params.iter().position(|n| n == name);
            let value =
                index.and_then(|n| self.instances[inst].static_params.get(n).copied().flatten());
            match value {
                Some(v) => params.push(value_param(v)),
                None => params.push(TypeParam::Type(Type::ANY)),
            }
        }
        for lat in captures {
            let mut ty = self.widen(lat);
            if self.is_dynamic(ty) {
                // Types that hold the closure's are applied ones, which are canonical.
                ty = canonical(&mut self.module.tables, &mut self.families, ty);
            }
            params.push(TypeParam::Type(ty));
        }
        let ty = self.module.tables.data_type(full, &params);
        self.resolve_new(&Lat::Const(Value::Type(ty)), captures, site)
    }
}
