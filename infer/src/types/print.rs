//! Types as Julia prints them inside Main: aliases, `where` clauses, names without module where
//! they are visible.

use super::alias::{self, TypeAlias};
use super::canonical::split_module;
use super::family::TypeFamilies;
use super::{instantiate, print_value, shape};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam, Value};

/// Types nested deeper, and longer texts, are cut off.
const MAX_DEPTH: u32 = 150;
const MAX_LENGTH: usize = 20_000;
/// Equal elements of a tuple type beyond this number are counted instead of listed.
const MAX_REPEATED: usize = 3;

/// A type as `print` shows it.
pub fn type_text(tables: &Tables, families: &TypeFamilies, ty: Type) -> String {
    let mut p = Printer::new(tables, families);
    p.ty(ty);
    p.out
}

/// What a type is that is shown by an alias, without any; `None` for a type that is not.
pub fn alias_meaning(tables: &Tables, families: &TypeFamilies, ty: Type) -> Option<String> {
    let mut p = Printer::new(tables, families);
    let mut body = ty;
    while let TypeData::UnionAll {
        var,
        lower,
        upper,
        body: inner,
    } = tables.type_data(body)
    {
        p.shown.push(Shown {
            var,
            text: String::new(),
            lower,
            upper,
        });
        body = inner;
    }
    let vars: Vec<_> = p.shown.iter().map(|s| (s.var, s.lower, s.upper)).collect();
    if alias::is_own_name(tables, families, &vars, body) || !p.has_alias(TypeParam::Type(body)) {
        return None;
    }
    let mut p = Printer::new(tables, families);
    p.plain = true;
    p.ty(ty);
    Some(p.out)
}

/// A type parameter as `print` shows it.
pub fn param_text(tables: &Tables, families: &TypeFamilies, param: TypeParam) -> String {
    let mut p = Printer::new(tables, families);
    p.param(param);
    p.out
}

/// The type of a value that may be a type parameter.
pub fn value_type(tables: &Tables, value: Value) -> Option<Type> {
    use jlift_ir::ConstData;
    match value {
        Value::Imm { ty, .. } | Value::Instance(ty) => Some(ty),
        Value::Const(c) => match tables.const_data(c) {
            ConstData::Wide { ty, .. }
            | ConstData::Aggregate { ty, .. }
            | ConstData::Array { ty, .. } => Some(*ty),
            ConstData::String(_) => Some(Type::STRING),
            ConstData::Symbol(_) => Some(Type::SYMBOL),
            ConstData::Module(_) => Some(Type::MODULE),
            ConstData::Opaque(ty) => Some(*ty),
            _ => None,
        },
        Value::Inst(_) | Value::Arg(_) | Value::Type(_) => None,
    }
}

/// A variable of an enclosing binder.
#[derive(Clone)]
struct Shown {
    var: Name,
    /// As it is printed; empty for one that has no name.
    text: String,
    lower: Type,
    upper: Type,
}

struct Printer<'a> {
    tables: &'a Tables,
    families: &'a TypeFamilies,
    out: String,
    shown: Vec<Shown>,
    depth: u32,
    /// Without aliases.
    plain: bool,
}

impl<'a> Printer<'a> {
    fn new(tables: &'a Tables, families: &'a TypeFamilies) -> Self {
        Printer {
            tables,
            families,
            out: String::new(),
            shown: Vec::new(),
            depth: 0,
            plain: false,
        }
    }

    fn ty(&mut self, ty: Type) {
        if self.depth > MAX_DEPTH || self.out.len() > MAX_LENGTH {
            self.out.push('…');
            return;
        }
        self.depth += 1;
        self.write(ty);
        self.depth -= 1;
    }

    fn param(&mut self, param: TypeParam) {
        match param {
            TypeParam::Type(t) => self.ty(t),
            TypeParam::Value(v) => {
                if !print_value::write(&mut self.out, self.tables, self.families, v, 0) {
                    self.out.push('…');
                }
            }
        }
    }

    fn list(&mut self, params: &[TypeParam]) {
        for (n, &p) in params.iter().enumerate() {
            if n > 0 {
                self.out.push_str(", ");
            }
            self.param(p);
        }
    }

    fn write(&mut self, ty: Type) {
        match self.tables.type_data(ty) {
            TypeData::Bottom => self.out.push_str("Union{}"),
            TypeData::Union(_) => {
                self.union(ty, &mut Vec::new());
            }
            TypeData::Var(name) => {
                let known = self.shown.iter().rev().find(|s| s.var == name);
                let text = match known {
                    Some(s) => s.text.clone(),
                    None => shape::var_base(self.tables.names.str(name)).to_string(),
                };
                match text.is_empty() {
                    true => self.out.push('_'),
                    false => self.out.push_str(&text),
                }
            }
            TypeData::Vararg { elem, count } => {
                self.out.push_str("Vararg{");
                self.ty(elem);
                if let Some(count) = count {
                    self.out.push_str(", ");
                    self.param(count);
                }
                self.out.push('}');
            }
            TypeData::Data { name, .. } => self.nominal(name, ty, &mut Vec::new()),
            TypeData::UnionAll { .. } => self.union_all(ty),
        }
    }

    fn has_alias(&self, param: TypeParam) -> bool {
        let TypeParam::Type(mut ty) = param else {
            return false;
        };
        while let TypeData::UnionAll { body, .. } = self.tables.type_data(ty) {
            ty = body;
        }
        let is_of_base = instantiate::nominal_name(self.tables, ty).is_some_and(|name| {
            let full = self.tables.names.str(name);
            alias::of_base(full, self.tables.params(ty)).is_some()
        });
        is_of_base || self.alias_of(ty).is_some()
    }

    /// The alias of the program that a type is shown by.
    fn alias_of(&self, ty: Type) -> Option<(&'a TypeAlias, Vec<TypeParam>)> {
        let bound_of = |var| Some(self.shown.iter().rev().find(|s| s.var == var)?.upper);
        match self.plain || self.families.aliases().is_empty() {
            true => None,
            false => alias::find(self.tables, self.families, ty, &bound_of),
        }
    }

    /// An alias of the program with what its variables stand for.
    fn aliased(&mut self, alias: &TypeAlias, bindings: &[TypeParam], wheres: &mut Vec<Shown>) {
        self.name(self.tables.names.str(alias.name));
        self.params(&alias.vars, bindings, wheres);
    }

    fn members(&mut self, members: &[TypeParam]) {
        self.out.push_str("Union{");
        // Members that are shown by an alias come after the others.
        let mut members = members.to_vec();
        members.sort_by_key(|&m| !self.plain && self.has_alias(m));
        self.list(&members);
        self.out.push('}');
    }

    fn union(&mut self, ty: Type, wheres: &mut Vec<Shown>) {
        if let Some((alias, bindings)) = self.alias_of(ty) {
            return self.aliased(alias, &bindings, wheres);
        }
        if self.plain || self.families.aliases().is_empty() {
            return self.members(self.tables.params(ty));
        }
        let (parts, rest) = alias::of_parts(self.tables, self.families, ty);
        if parts.is_empty() {
            return self.members(&rest);
        }
        let mut rest = rest;
        rest.sort_by_key(|&m| self.has_alias(m));
        let plain = rest.iter().position(|&m| self.has_alias(m));
        let after = rest.split_off(plain.unwrap_or(rest.len()));
        self.out.push_str("Union{");
        self.list(&rest);
        for (n, part) in parts.into_iter().enumerate() {
            if n > 0 || !rest.is_empty() {
                self.out.push_str(", ");
            }
            self.name(self.tables.names.str(part.name));
        }
        for member in after {
            self.out.push_str(", ");
            self.param(member);
        }
        self.out.push('}');
    }

    fn union_all(&mut self, ty: Type) {
        let depth = self.shown.len();
        let mut wheres = Vec::new();
        let mut at = ty;
        while let TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } = self.tables.type_data(at)
        {
            if wheres.len() as u32 > MAX_DEPTH {
                break;
            }
            let text = self.name_for(var);
            let shown = Shown {
                var,
                text,
                lower,
                upper,
            };
            self.shown.push(shown.clone());
            wheres.push(shown);
            at = body;
        }
        let vars: Vec<_> = wheres.iter().map(|w| (w.var, w.lower, w.upper)).collect();
        match self.tables.type_data(at) {
            TypeData::Data { name, .. } => {
                // What its own name alone stands for needs no other one.
                let is_own = alias::is_own_name(self.tables, self.families, &vars, at);
                let plain = self.plain;
                self.plain |= is_own;
                self.nominal(name, at, &mut wheres);
                self.plain = plain;
            }
            TypeData::Union(_) => self.union(at, &mut wheres),
            _ => self.ty(at),
        }
        // A variable without a name that could not be written in place needs one.
        self.wheres(&wheres);
        self.shown.truncate(depth);
    }

    /// A name that no variable around has.
    fn name_for(&self, var: Name) -> String {
        let base = shape::var_base(self.tables.names.str(var));
        if base.is_empty() || !self.shown.iter().any(|s| s.text == base) {
            return base.to_string();
        }
        let mut n = 1;
        loop {
            let text = format!("{base}{n}");
            if !self.shown.iter().any(|s| s.text == text) {
                return text;
            }
            n += 1;
        }
    }

    fn wheres(&mut self, wheres: &[Shown]) {
        if wheres.is_empty() {
            return;
        }
        self.out.push_str(" where ");
        if wheres.len() > 1 {
            self.out.push('{');
        }
        for (n, v) in wheres.iter().enumerate() {
            if n > 0 {
                self.out.push_str(", ");
            }
            if v.lower != Type::BOTTOM && v.upper != Type::ANY {
                self.ty(v.lower);
                self.out.push_str("<:");
            }
            match v.text.is_empty() {
                true => self.out.push('_'),
                false => self.out.push_str(&v.text),
            }
            if v.upper != Type::ANY {
                self.out.push_str("<:");
                self.ty(v.upper);
            } else if v.lower != Type::BOTTOM {
                self.out.push_str(">:");
                self.ty(v.lower);
            }
        }
        if wheres.len() > 1 {
            self.out.push('}');
        }
    }

    /// A nominal type; variables of `wheres` that are shown in place or left out are removed.
    fn nominal(&mut self, name: Name, ty: Type, wheres: &mut Vec<Shown>) {
        let params = self.tables.params(ty);
        let full = self.tables.names.str(name);
        match full {
            "Tuple" => return self.tuple(params, wheres),
            "NamedTuple" => {
                if let Some((names, types)) = shape::named_tuple(self.tables, ty) {
                    return self.named_tuple(&names, &types);
                }
            }
            _ => {}
        }
        let declared = self.families.get(name).map_or(&[][..], |f| &f.params);
        if !self.plain
            && let Some((alias, rest)) = alias::of_base(full, params)
        {
            self.out.push_str(alias);
            self.params(declared, &params[..rest], wheres);
            return;
        }
        if !params.is_empty()
            && let Some((alias, bindings)) = self.alias_of(ty)
        {
            return self.aliased(alias, &bindings, wheres);
        }
        self.name(full);
        self.params(declared, params, wheres);
    }

    fn params(
        &mut self,
        declared: &[(Name, Type, Type)],
        params: &[TypeParam],
        wheres: &mut Vec<Shown>,
    ) {
        let mut count = params.len();
        // Trailing parameters that are as open as they are declared are left out.
        while let Some(last) = wheres.last()
            && count > 0
            && self.is_var(params[count - 1], last.var)
            && (declared.get(count - 1)).is_some_and(|d| self.same_bounds(last, d.1, d.2))
            && self.occurs_once(params, last.var)
        {
            wheres.pop();
            count -= 1;
        }
        if count == 0 {
            return;
        }
        self.out.push('{');
        let mut in_place = Vec::new();
        for p in params[..count].iter().rev() {
            // `<:T` for a variable without a name.
            if let Some(last) = wheres.last()
                && self.is_var(*p, last.var)
                && last.text.is_empty()
                && (last.lower == Type::BOTTOM || last.upper == Type::ANY)
                && self.occurs_once(params, last.var)
                && !wheres[..wheres.len() - 1]
                    .iter()
                    .any(|w| self.mentions_var(w, last.var))
            {
                in_place.extend(wheres.pop());
            }
        }
        for (n, &p) in params[..count].iter().enumerate() {
            if n > 0 {
                self.out.push_str(", ");
            }
            match in_place.iter().find(|v| self.is_var(p, v.var)) {
                Some(v) => {
                    let v = v.clone();
                    self.bound_in_place(&v);
                }
                None => self.param(p),
            }
        }
        self.out.push('}');
    }

    fn bound_in_place(&mut self, v: &Shown) {
        if v.lower != Type::BOTTOM {
            self.out.push_str(">:");
            self.ty(v.lower);
        } else {
            self.out.push_str("<:");
            self.ty(v.upper);
        }
    }

    fn is_var(&self, p: TypeParam, var: Name) -> bool {
        alias::is_var(self.tables, p, var)
    }

    /// Bounds of other variables are not looked into: those are the same only if they are trivial.
    fn same_bounds(&self, v: &Shown, lower: Type, upper: Type) -> bool {
        v.lower == lower && v.upper == upper
    }

    fn occurs_once(&self, params: &[TypeParam], var: Name) -> bool {
        let mut budget = 2_000;
        let total: u32 = params
            .iter()
            .map(|p| match p {
                TypeParam::Type(t) => self.occurrences(*t, var, &mut budget),
                TypeParam::Value(_) => 0,
            })
            .sum();
        total == 1
    }

    fn mentions_var(&self, w: &Shown, var: Name) -> bool {
        let mut budget = 2_000;
        self.occurrences(w.lower, var, &mut budget) + self.occurrences(w.upper, var, &mut budget)
            > 0
    }

    fn occurrences(&self, ty: Type, var: Name, budget: &mut u32) -> u32 {
        if *budget == 0 {
            return 2;
        }
        *budget -= 1;
        match self.tables.type_data(ty) {
            TypeData::Bottom => 0,
            TypeData::Var(name) => u32::from(name == var),
            TypeData::UnionAll {
                lower, upper, body, ..
            } => [lower, upper, body]
                .into_iter()
                .map(|t| self.occurrences(t, var, budget))
                .sum(),
            TypeData::Vararg { elem, count } => {
                let in_count = match count {
                    Some(TypeParam::Type(t)) => self.occurrences(t, var, budget),
                    _ => 0,
                };
                self.occurrences(elem, var, budget) + in_count
            }
            TypeData::Data { .. } | TypeData::Union(_) => self
                .tables
                .params(ty)
                .iter()
                .map(|p| match p {
                    TypeParam::Type(t) => self.occurrences(*t, var, budget),
                    TypeParam::Value(_) => 0,
                })
                .sum(),
        }
    }

    fn tuple(&mut self, params: &[TypeParam], wheres: &mut Vec<Shown>) {
        if let [TypeParam::Type(only)] = params
            && self.tables.type_data(*only)
                == (TypeData::Vararg {
                    elem: Type::ANY,
                    count: None,
                })
        {
            self.out.push_str("Tuple");
            return;
        }
        let repeated = match params.last() {
            Some(last) => params.iter().rev().take_while(|p| *p == last).count(),
            None => 0,
        };
        if repeated > MAX_REPEATED {
            let last = params[params.len() - 1];
            if repeated == params.len() {
                self.out.push_str(&format!("NTuple{{{repeated}, "));
                self.param(last);
                self.out.push('}');
            } else {
                self.out.push_str("Tuple{");
                self.list(&params[..params.len() - repeated]);
                self.out.push_str(", Vararg{");
                self.param(last);
                self.out.push_str(&format!(", {repeated}}}}}"));
            }
            return;
        }
        self.out.push_str("Tuple{");
        let mut in_place = Vec::new();
        while let Some(last) = wheres.last()
            && last.text.is_empty()
            && (last.lower == Type::BOTTOM || last.upper == Type::ANY)
            && params.iter().any(|&p| self.is_var(p, last.var))
            && self.occurs_once(params, last.var)
        {
            in_place.extend(wheres.pop());
        }
        for (n, &p) in params.iter().enumerate() {
            if n > 0 {
                self.out.push_str(", ");
            }
            match in_place.iter().find(|v| self.is_var(p, v.var)) {
                Some(v) => {
                    let v = v.clone();
                    self.bound_in_place(&v);
                }
                None => self.param(p),
            }
        }
        self.out.push('}');
    }

    fn named_tuple(&mut self, names: &[Name], types: &[Type]) {
        self.out.push_str("@NamedTuple{");
        for (n, (&name, &ty)) in names.iter().zip(types).enumerate() {
            if n > 0 {
                self.out.push_str(", ");
            }
            let name = self.tables.names.str(name);
            self.identifier(name);
            if ty != Type::ANY {
                self.out.push_str("::");
                self.ty(ty);
            }
        }
        self.out.push('}');
    }

    fn identifier(&mut self, name: &str) {
        if print_value::is_plain(name) {
            self.out.push_str(name);
        } else {
            self.out.push_str(&format!("var{name:?}"));
        }
    }

    /// A qualified name as it is seen from Main.
    fn name(&mut self, full: &str) {
        if let Some(function) = full
            .strip_prefix("typeof(")
            .and_then(|f| f.strip_suffix(')'))
        {
            self.out.push_str("typeof(");
            self.qualified(function);
            self.out.push(')');
            return;
        }
        self.qualified(full);
    }

    fn qualified(&mut self, full: &str) {
        let (module, name) = split_module(full);
        // The name of a closure's type is kept as it is written.
        let quoted = name.strip_prefix("var\"").and_then(|n| n.strip_suffix('"'));
        let name = quoted.unwrap_or(name);
        let visible = module.is_empty()
            || module == "Main"
            || (module == "Core" && alias::is_exported_core(name))
            || self.families.is_exported(module, name)
            || (self.tables.names.get(full)).is_some_and(|n| self.families.is_visible(n));
        if !visible {
            self.out.push_str(module);
            self.out.push('.');
        }
        if print_value::is_plain(name)
            && (visible
                || name
                    .chars()
                    .next()
                    .is_some_and(|c| c.is_alphanumeric() || c == '_'))
        {
            self.out.push_str(name);
        } else if print_value::is_plain(name) {
            // An operator behind a module's name is quoted.
            self.out.push_str(&format!(":{name}"));
        } else {
            self.out.push_str(&format!("var{name:?}"));
        }
    }
}
