//! Methods: signature, static parameters and a body that is lowered when it is first needed.

use super::World;
use super::function_table::CalleeKey;
use super::modules::ModuleId;
use crate::obstacle::Obstacle;
use cranelift_entity::entity_impl;
use jlift_frontend::lowered::{Code, MethodBody, MethodDef};
use jlift_frontend::surface::Span;
use jlift_ir::{Name, Type, TypeData, TypeParam};
use std::sync::Arc;

/// A method of the world.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MethodId(u32);
entity_impl!(MethodId, "method");

/// A method.
pub struct Method {
    pub def: Arc<MethodDef>,
    pub module: ModuleId,
    /// `Tuple{callee, arguments…}`, wrapped in the `where` variables.
    pub sig: Type,
    /// The `where` variables, outermost first: the name in the source (empty for generated ones)
    /// and the unique one in `sig`.
    pub vars: Vec<(Name, Name)>,
    /// Least number of arguments, the callee included.
    pub min_args: usize,
    /// The last parameter takes any number of arguments.
    pub vararg: bool,
    pub key: CalleeKey,
    /// The type of the first argument where no other type is below it: a value of another such type is
    /// none of this method's.
    pub leaf: Option<Type>,
    code: Option<Arc<Code>>,
}

impl Method {
    /// A method whose body is read later.
    pub fn new(def: Arc<MethodDef>, module: ModuleId, sig: Type, vars: Vec<(Name, Name)>) -> Self {
        let vararg = def.params.last().is_some_and(|p| p.vararg);
        let min_args = 1 + def.params.len() - usize::from(vararg);
        let code = match &def.body {
            MethodBody::Code(code) => Some(code.clone()),
            MethodBody::Surface(_) => None,
        };
        Self {
            def,
            module,
            sig,
            vars,
            min_args,
            vararg,
            key: CalleeKey::Any,
            leaf: None,
            code,
        }
    }

    /// Where the method was defined.
    pub fn span(&self) -> Option<Span> {
        self.def.span
    }
}

impl World {
    /// Values of a method's variables in the order in which its code counts them.
    pub fn order_static_params(
        &self,
        method: MethodId,
        code: &Code,
        values: &[Option<jlift_ir::Value>],
    ) -> Vec<Option<jlift_ir::Value>> {
        let vars = &self.methods[method].vars;
        code.static_params
            .iter()
            .map(|name| {
                // Inner variables hide outer ones of the same name.
                let at = vars.iter().rposition(|(source, _)| source == name)?;
                values.get(at).copied().flatten()
            })
            .collect()
    }

    /// The lowered body of a method.
    pub fn method_code(&mut self, method: MethodId) -> Result<Arc<Code>, Obstacle> {
        if let Some(code) = &self.methods[method].code {
            return Ok(code.clone());
        }
        let def = self.methods[method].def.clone();
        let code =
            jlift_frontend::lower::lower_body(&def, &mut self.lowering, &mut self.module.tables)
                .map_err(|e| Obstacle::error(e.span.or(def.span), e.message))?;
        let code = Arc::new(code);
        self.methods[method].code = Some(code.clone());
        Ok(code)
    }

    /// Adds a method; one with an equal signature is replaced.
    pub fn add_method(&mut self, mut method: Method, key: CalleeKey) -> MethodId {
        method.key = key;
        method.leaf = self.leaf_argument(method.sig);
        let in_base = self.is_base(method.module);
        if !in_base {
            self.read_methods_like(key, method.sig);
        }
        // Base replaces nothing of its own, and comparing its many methods would cost start-up time.
        let mut old = None;
        let replaceable = match self.loading > 0 && in_base {
            true => Vec::new(),
            false => self.functions.get(key).to_vec(),
        };
        for m in replaceable {
            let other = self.methods[m].leaf;
            if method.leaf.is_some() && other.is_some() && other != method.leaf {
                continue;
            }
            if self.are_equal(self.methods[m].sig, method.sig) {
                old = Some(m);
                break;
            }
        }
        let id = self.methods.push(method);
        if let Some(old) = old {
            self.functions.remove(key, old);
            self.forget_instances();
        }
        self.functions.add(key, id);
        self.new_method_invalidates(key);
        id
    }

    /// Adds a method that lookups have counted with already.
    pub(super) fn append_method(&mut self, mut method: Method, key: CalleeKey) -> MethodId {
        method.key = key;
        method.leaf = self.leaf_argument(method.sig);
        let id = self.methods.push(method);
        self.functions.add(key, id);
        id
    }

    fn leaf_argument(&mut self, sig: Type) -> Option<Type> {
        match self.signature_params(sig).get(1) {
            Some(&TypeParam::Type(ty)) => self.is_leaf(ty).then_some(ty),
            _ => None,
        }
    }

    /// Whether a type is a concrete one of which all values have just this type, and which has one
    /// number only. Tuples and types of types are left out: what is known of them is not always their
    /// own type.
    pub(crate) fn is_leaf(&mut self, ty: Type) -> bool {
        let tables = &self.module.tables;
        matches!(tables.type_data(ty), TypeData::Data { .. })
            && !tables.is_tuple(ty)
            && !tables.is_named_tuple(ty)
            && tables.type_of_type(ty).is_none()
            && !self.is_kind(ty)
            && self.is_plain(ty, 0)
            && self.is_concrete(ty)
    }

    /// Whether a type has no variables, bound ones neither: types that differ in their names only
    /// are equal, and have different numbers.
    fn is_plain(&self, ty: Type, depth: u32) -> bool {
        const MAX_DEPTH: u32 = 64;
        let tables = &self.module.tables;
        match tables.type_data(ty) {
            _ if depth > MAX_DEPTH => false,
            TypeData::Var(_) | TypeData::UnionAll { .. } | TypeData::Vararg { .. } => false,
            TypeData::Bottom => true,
            TypeData::Data { .. } | TypeData::Union(_) => {
                tables.params(ty).iter().all(|p| match p {
                    TypeParam::Type(t) => self.is_plain(*t, depth + 1),
                    TypeParam::Value(_) => true,
                })
            }
        }
    }

    /// Equal up to the names of variables.
    pub(super) fn are_equal(&mut self, a: Type, b: Type) -> bool {
        a == b || (self.is_subtype(a, b) && self.is_subtype(b, a))
    }

    /// The parameters of the tuple inside a signature.
    pub fn signature_params(&self, mut sig: Type) -> &[TypeParam] {
        while let TypeData::UnionAll { body, .. } = self.module.tables.type_data(sig) {
            sig = body;
        }
        self.module.tables.params(sig)
    }

    /// `f(::Int64, ::T) where T` for messages.
    pub fn method_text(&self, method: MethodId) -> String {
        let m = &self.methods[method];
        let params: Vec<String> = self.signature_params(m.sig)[1..]
            .iter()
            .map(|p| match p {
                TypeParam::Type(t) => format!("::{}", self.type_text(*t)),
                TypeParam::Value(_) => String::new(),
            })
            .collect();
        format!("{}({})", self.text(m.def.name), params.join(", "))
    }
}
