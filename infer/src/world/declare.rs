//! Declarations of types and constants, and what declaring one again means: the same type once more is
//! no error, another one is, and a constant keeps its type.

use super::World;
use super::define::Defined;
use super::modules::{Binding, ModuleId};
use super::type_expression::TypeScope;
use crate::obstacle::Obstacle;
use crate::types::family::{FamilyField, FamilyKind, TypeFamily};
use crate::types::shape::var_base;
use jlift_frontend::lowered::{TypeDef, TypeDefKind};
use jlift_ir::{Name, Type, TypeParam, Value};
use std::sync::Arc;

impl World {
    /// Adds a struct, abstract or primitive type with its constructors.
    pub fn define_type(
        &mut self,
        module: ModuleId,
        def: &Arc<TypeDef>,
    ) -> Result<Defined, Obstacle> {
        let tree = def.tree.clone();
        let full = if module == self.core || (self.is_base(module) && self.is_core_type(def.name)) {
            self.text(def.name).to_string()
        } else {
            format!(
                "{}.{}",
                self.text(self.modules[module].name),
                self.text(def.name)
            )
        };
        let name = self.name(&full);
        if !self.is_base(module)
            && let Some(Binding::Const(Value::Type(_))) =
                self.modules[module].bindings.get(&def.name)
            && let Some(old) = self.families.get(name)
        {
            let old = old.clone();
            if !self.is_declared_again(module, def, &old)? {
                return Ok(invalid_redefinition(&full));
            }
            return self.define_constructors(module, def);
        }
        let mut scope = TypeScope::default();
        let vars = self.eval_type_vars(module, &tree, &def.params, &mut scope)?;
        // The name is known inside the definition, for recursive fields.
        let params: Vec<(Name, Type, Type)> =
            vars.iter().map(|v| (v.name, v.lower, v.upper)).collect();
        self.families.insert(TypeFamily {
            name,
            params: params.clone(),
            supertype: Type::ANY,
            kind: FamilyKind::Abstract,
        });
        let whole = self.families.whole_type(&mut self.module.tables, name);
        self.bind_const(module, def.name, Value::Type(whole));
        let (supertype, kind) = self.type_parts(module, def, &mut scope)?;
        self.families.insert(TypeFamily {
            name,
            params,
            supertype,
            kind,
        });
        self.define_constructors(module, def)
    }

    fn define_constructors(
        &mut self,
        module: ModuleId,
        def: &TypeDef,
    ) -> Result<Defined, Obstacle> {
        for constructor in &def.constructors {
            self.define_method(module, constructor)?;
        }
        Ok(Defined::Done)
    }

    /// The supertype and the kind that a declaration says, in terms of what `scope` holds for its
    /// parameters.
    fn type_parts(
        &mut self,
        module: ModuleId,
        def: &TypeDef,
        scope: &mut TypeScope,
    ) -> Result<(Type, FamilyKind), Obstacle> {
        let tree = def.tree.clone();
        let supertype = match def.supertype {
            Some(node) => self.eval_type(module, &tree, node, scope)?,
            None => Type::ANY,
        };
        let kind = match &def.kind {
            TypeDefKind::Abstract => FamilyKind::Abstract,
            TypeDefKind::Primitive { bits } => {
                let value = self.eval_type_value(module, &tree, *bits, scope, 0)?;
                match self.const_int(value) {
                    Some(bits) if bits > 0 && bits % 8 == 0 && bits <= 8 * 1024 => {
                        FamilyKind::Primitive { bits: bits as u32 }
                    }
                    _ => {
                        return Err(Obstacle::error(
                            def.span,
                            "invalid number of bits in primitive type",
                        ));
                    }
                }
            }
            TypeDefKind::Struct {
                mutable,
                initialized,
                fields,
            } => {
                let mut out = Vec::with_capacity(fields.len());
                for field in fields {
                    let ty = match field.ty {
                        Some(node) => self.eval_type(module, &tree, node, scope)?,
                        None => Type::ANY,
                    };
                    out.push(FamilyField {
                        name: field.name,
                        ty,
                        is_const: field.is_const,
                    });
                }
                FamilyKind::Struct {
                    mutable: *mutable,
                    initialized: *initialized,
                    fields: out,
                }
            }
        };
        Ok((supertype, kind))
    }

    /// Whether a declaration says of a type what is known of it.
    fn is_declared_again(
        &mut self,
        module: ModuleId,
        def: &TypeDef,
        old: &TypeFamily,
    ) -> Result<bool, Obstacle> {
        if def.params.len() != old.params.len() {
            return Ok(false);
        }
        // The parameters are those of the type that is there.
        let mut scope = TypeScope::default();
        for (new, &(var, lower, upper)) in def.params.iter().zip(&old.params) {
            if self.text(new.name) != var_base(self.text(var)) {
                return Ok(false);
            }
            let mut bound = |node, none| match node {
                Some(node) => self.eval_type(module, &def.tree, node, &mut scope),
                None => Ok(none),
            };
            let bounds = (
                bound(new.lower, Type::BOTTOM)?,
                bound(new.upper, Type::ANY)?,
            );
            if !self.are_equal(bounds.0, lower) || !self.are_equal(bounds.1, upper) {
                return Ok(false);
            }
            let ty = self.module.tables.type_var(var);
            scope.push(new.name, TypeParam::Type(ty));
        }
        let (supertype, kind) = self.type_parts(module, def, &mut scope)?;
        Ok(self.are_equal(supertype, old.supertype) && self.is_same_kind(&kind, &old.kind))
    }

    fn is_same_kind(&mut self, new: &FamilyKind, old: &FamilyKind) -> bool {
        let (
            FamilyKind::Struct {
                mutable,
                initialized,
                fields,
            },
            FamilyKind::Struct {
                mutable: was_mutable,
                initialized: were_initialized,
                fields: old_fields,
            },
        ) = (new, old)
        else {
            return new == old;
        };
        // Variables inside the type of a field have names of their own each time.
        let mut same = |a: &FamilyField, b: &FamilyField| {
            a.name == b.name && a.is_const == b.is_const && self.are_equal(a.ty, b.ty)
        };
        mutable == was_mutable
            && initialized == were_initialized
            && fields.len() == old_fields.len()
            && fields.iter().zip(old_fields).all(|(a, b)| same(a, b))
    }

    /// Binds a constant whose value is known; `None` if the name is that of a variable.
    pub fn define_const(&mut self, module: ModuleId, name: Name, value: Value) -> Option<Defined> {
        let old = match self.modules[module].bindings.get(&name) {
            Some(&Binding::Const(old)) if old != value => old,
            _ => {
                return self
                    .bind_const(module, name, value)
                    .then_some(Defined::Done);
            }
        };
        if let (Value::Type(a), Value::Type(b)) = (old, value)
            && self.are_equal(a, b)
        {
            return Some(Defined::Done);
        }
        let (before, now) = (self.const_type(old), self.const_type(value));
        let is_fixed = matches!(value, Value::Type(_)) || self.as_module(value).is_some();
        let text = self.text(name).to_string();
        if before != now || is_fixed {
            return Some(invalid_redefinition(&text));
        }
        // What was inferred with the old value keeps it, as in Julia.
        self.bind_const(module, name, value);
        Some(Defined::Warned(redefinition_warning(&text)))
    }
}

/// What declaring something else by the name of a constant does.
pub fn invalid_redefinition(name: &str) -> Defined {
    Defined::Throws(format!("invalid redefinition of constant {name}"))
}

/// What Julia says of a constant that gets another value.
pub fn redefinition_warning(name: &str) -> String {
    format!(
        "WARNING: redefinition of constant {name}. This may fail, cause incorrect answers, or produce other errors."
    )
}
