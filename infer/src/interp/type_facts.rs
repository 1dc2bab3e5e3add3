//! What types say of themselves to programs that ask: their bodies, whether they are mutable while parameters are
//! open, the names that they have in their modules. Knows nothing of how a program asks.

use crate::types::family::FamilyKind;
use crate::world::World;
use jlift_ir::{Type, TypeData, TypeParam};

impl World {
    /// The body of a type with an open parameter. Types as values have no free variables: a type of
    /// the variable's name that nothing else is stands for it.
    pub(super) fn body_of(&mut self, var: jlift_ir::Name, body: Type) -> Type {
        let text = self.text(var).to_string();
        let name = self.name(crate::types::shape::var_base(&text));
        let tables = &mut self.module.tables;
        let open = TypeParam::Type(tables.data_type(name, &[]));
        crate::types::instantiate::substitute(tables, &mut self.families, body, &[(var, open)])
    }

    /// Whether a struct with open parameters is mutable.
    pub(super) fn open_struct(&mut self, ty: Type) -> Option<bool> {
        if !matches!(self.module.tables.type_data(ty), TypeData::UnionAll { .. }) {
            return None;
        }
        let name = self.nominal_name(ty)?;
        match self.families.consult(name)?.kind {
            FamilyKind::Struct { mutable, .. } => Some(mutable),
            FamilyKind::Builtin => Some(self.text(name) == "Array"),
            _ => None,
        }
    }
}

/// The name that a type has in its module: the type of a function `f` is called `#f`.
pub(super) fn type_short_name(full: &str) -> String {
    let within = |text: &str, before: &str, after: char| {
        let (_, inner) = text.split_once(before)?;
        Some(inner.strip_suffix(after)?.to_string())
    };
    if let Some(function) = full
        .strip_prefix("typeof(")
        .and_then(|f| f.strip_suffix(')'))
    {
        return format!("#{}", short_name(function));
    }
    within(full, ".var\"", '"').unwrap_or_else(|| short_name(full).to_string())
}

/// The part behind the last dot.
pub(super) fn short_name(full: &str) -> &str {
    full.rsplit_once('.')
        .map_or(full, |(_, s)| if s.is_empty() { full } else { s })
}
