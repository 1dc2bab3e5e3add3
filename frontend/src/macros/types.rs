//! Macros that define types: `@enum`, `Base.@kwdef`, `@NamedTuple`; and `Base.@splatnew T t`, an
//! object of type `T` with the elements of a tuple as its fields, for what works on any struct.
//!
//! `@enum E::T A=1 B` becomes `primitive type E <: Base.Enum{T} … end`, a checked constructor
//! `E(::Integer)` whose failure is `Base.enum_argument_error(:E, x)`, the constants, and methods of
//! `Base.typemin`, `Base.typemax`, `Base.instances` on `Type{E}` and of `Base.enum_symbol` on `E`,
//! which gives the name of a value. Conversions, comparison and printing are the prelude's, for all
//! `Enum`s.

use super::{Expanded, Expander};
use crate::parse::SyntaxError;
use crate::surface::{Head, Node, NodeData};

impl Expander<'_> {
    pub(super) fn splat_new(&mut self, node: Node, args: &[Node]) -> Expanded {
        match *args {
            [ty, fields] => Ok(self.expr(Head::SplatNew, &[ty, fields])),
            _ => self.wrong_arguments(node),
        }
    }

    pub(super) fn enumeration(&mut self, node: Node, args: &[Node]) -> Expanded {
        let Some((&declared, members)) = args.split_first() else {
            return self.wrong_arguments(node);
        };
        let (head, parts) = self.parts(declared);
        let (name, base) = match (head, &parts[..]) {
            (Some(Head::Typed), [name, base]) => (*name, *base),
            _ => (declared, self.core("Int32")),
        };
        if self.tree.symbol(name).is_none() {
            return self.error(declared, "the name of an enum must be a name");
        }
        let base_name = match *self.tree.data(base) {
            NodeData::Symbol(n) | NodeData::GlobalRef(_, n) => self.text(n).to_owned(),
            _ => String::new(),
        };
        let bits = match base_name.as_str() {
            "Int8" | "UInt8" | "Bool" => 8,
            "Int16" | "UInt16" => 16,
            "Int32" | "UInt32" | "Cint" | "Cuint" => 32,
            "Int64" | "UInt64" | "Int" | "UInt" => 64,
            _ => return self.error(base, "the base type of an enum must be an integer type"),
        };
        let members = match *members {
            [block] if self.tree.head(block) == Some(Head::Block) => self.tree.args(block).to_vec(),
            _ => members.to_vec(),
        };
        let values = self.enum_values(name, &members)?;
        if values.is_empty() {
            return self.error(node, "an enum needs at least one value");
        }

        let number = self.base("Enum");
        let supertype = self.curly(number, &[base]);
        let spec = self.expr(Head::Subtype, &[name, supertype]);
        let width = self.integer(bits);
        let primitive = self.expr(Head::Primitive, &[spec, width]);
        let mut statements = vec![primitive, self.enum_constructor(name, base, &values)];
        for &(member, value) in &values {
            let value = self.integer(value);
            let made = self.call(name, &[value]);
            let assignment = self.assign(member, made);
            statements.push(self.expr(Head::Const, &[assignment]));
        }
        let smallest = values.iter().min_by_key(|v| v.1).map(|v| v.0);
        let largest = values.iter().max_by_key(|v| v.1).map(|v| v.0);
        if let (Some(smallest), Some(largest)) = (smallest, largest) {
            statements.push(self.type_method("typemin", name, smallest));
            statements.push(self.type_method("typemax", name, largest));
        }
        let mut sorted = values.clone();
        sorted.sort_by_key(|v| v.1);
        let all: Vec<Node> = sorted.iter().map(|v| v.0).collect();
        let all = self.expr(Head::Tuple, &all);
        statements.push(self.type_method("instances", name, all));
        statements.push(self.enum_names(name, &values));
        statements.push(self.nothing());
        Ok(self.block(&statements))
    }

    fn enum_values(
        &mut self,
        name: Node,
        members: &[Node],
    ) -> Result<Vec<(Node, i64)>, SyntaxError> {
        let mut values: Vec<(Node, i64)> = Vec::new();
        let mut next = Some(0i64);
        for &member in members {
            let (head, parts) = self.parts(member);
            let (symbol, value) = match (head, &parts[..]) {
                (Some(Head::Assign | Head::Kw), [symbol, value]) => {
                    (*symbol, self.constant_integer(*value))
                }
                _ => (member, next),
            };
            if self.tree.symbol(symbol).is_none() {
                return self.error(member, "invalid member of an enum");
            }
            let Some(value) = value else {
                return self.error(
                    member,
                    "the value of an enum member must be a literal integer",
                );
            };
            if let Some(&(other, _)) = values.iter().find(|v| v.1 == value) {
                let text = |n| self.symbol_text(n).unwrap_or("").to_owned();
                let message = format!(
                    "values for Enum {} are not unique: {} and {} are {value}",
                    text(name),
                    text(other),
                    text(symbol)
                );
                return self.error(member, message);
            }
            values.push((symbol, value));
            next = value.checked_add(1);
        }
        Ok(values)
    }

    /// The value of an expression of integer literals.
    fn constant_integer(&self, node: Node) -> Option<i64> {
        if let Some(value) = self.literal_integer(node) {
            return Some(value);
        }
        if self.tree.head(node) != Some(Head::Call) {
            return None;
        }
        match *self.tree.args(node) {
            [op, x] if self.is_symbol(op, "-") => self.constant_integer(x)?.checked_neg(),
            [op, x, y] => {
                let x = self.constant_integer(x)?;
                let y = self.constant_integer(y)?;
                match self.symbol_text(op)? {
                    "+" => x.checked_add(y),
                    "-" => x.checked_sub(y),
                    "*" => x.checked_mul(y),
                    "|" => Some(x | y),
                    "&" => Some(x & y),
                    "<<" => x.checked_shl(u32::try_from(y).ok()?),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether `x` has one of the values.
    fn enum_test(&mut self, x: Node, values: &[(Node, i64)]) -> Node {
        let smallest = values.iter().map(|v| v.1).min().unwrap_or(0);
        let largest = values.iter().map(|v| v.1).max().unwrap_or(0);
        let contiguous = largest.checked_sub(smallest) == i64::try_from(values.len() - 1).ok();
        if contiguous {
            let low = self.integer(smallest);
            let high = self.integer(largest);
            let low = self.call_base("<=", &[low, x]);
            let high = self.call_base("<=", &[x, high]);
            return self.expr(Head::AndAnd, &[low, high]);
        }
        let mut test = self.boolean(false);
        for &(_, value) in values.iter().rev() {
            let value = self.integer(value);
            let equal = self.call_base("==", &[x, value]);
            test = self.expr(Head::OrOr, &[equal, test]);
        }
        test
    }

    fn enum_constructor(&mut self, name: Node, base: Node, values: &[(Node, i64)]) -> Node {
        let x = self.temporary("x");
        let integer = self.base("Integer");
        let param = self.expr(Head::Typed, &[x, integer]);
        let signature = self.call(name, &[param]);
        let test = self.enum_test(x, values);
        let nothing = self.nothing();
        let quoted = self.quote(name);
        let failure = self.call_base("enum_argument_error", &[quoted, x]);
        let check = self.expr(Head::If, &[test, nothing, failure]);
        let converted = self.call_base("convert", &[base, x]);
        let made = self.call_core("bitcast", &[name, converted]);
        let result = self.expr(Head::Return, &[made]);
        let body = self.block(&[check, result]);
        self.expr(Head::Function, &[signature, body])
    }

    /// `Base.f(::Type{name}) = value`
    fn type_method(&mut self, function: &str, name: Node, value: Node) -> Node {
        let function = self.method_name(function);
        let ty = self.core("Type");
        let ty = self.curly(ty, &[name]);
        let param = self.expr(Head::Typed, &[ty]);
        let signature = self.call(function, &[param]);
        let body = self.block(&[value]);
        self.expr(Head::Function, &[signature, body])
    }

    /// A function of `Base` as the name of a method being added.
    fn method_name(&mut self, function: &str) -> Node {
        self.base(function)
    }

    fn enum_names(&mut self, name: Node, values: &[(Node, i64)]) -> Node {
        let function = self.method_name("enum_symbol");
        let x = self.temporary("x");
        let param = self.expr(Head::Typed, &[x, name]);
        let signature = self.call(function, &[param]);
        let mut result = self.quoted_symbol("<invalid>");
        for &(member, _) in values.iter().rev() {
            let test = self.call_core("===", &[x, member]);
            let symbol = self.quote(member);
            result = self.expr(Head::If, &[test, symbol, result]);
        }
        let body = self.block(&[result]);
        self.expr(Head::Function, &[signature, body])
    }

    /// The struct without defaults, and constructors that take every field as a keyword.
    pub(super) fn kwdef(&mut self, node: Node, args: &[Node]) -> Expanded {
        let mut definition = self.only(node, args)?;
        if self.tree.head(definition) == Some(Head::Macrocall) {
            definition = self.macro_call(definition)?;
        }
        let (head, mut parts) = self.parts(definition);
        let (Some(Head::Struct), [_, spec, body]) = (head, &mut parts[..]) else {
            return self.error(definition, "`@kwdef` needs a struct definition");
        };
        let mut keywords = Vec::new();
        let mut names = Vec::new();
        let mut fields = Vec::new();
        for field in self.tree.args(*body).to_vec() {
            fields.push(self.keyword_field(field, &mut keywords, &mut names)?);
        }
        let at = self.tree.span(*body);
        *body = self.tree.expr(Head::Block, &fields, at);
        let spec = *spec;
        let stripped = self.with_args(definition, &parts);
        let mut statements = vec![stripped];

        let mut ty = spec;
        if let (Some(Head::Subtype), Some(&named)) =
            (self.tree.head(spec), self.tree.args(spec).first())
        {
            ty = named;
        }
        let (head, parts) = self.parts(ty);
        let (name, params) = match (head, parts.split_first()) {
            (Some(Head::Curly), Some((&name, params))) => (name, params.to_vec()),
            _ => (ty, Vec::new()),
        };
        if !names.is_empty() {
            statements.push(self.keyword_constructor(name, &keywords, &names, &[]));
            if !params.is_empty() {
                let variables: Vec<Node> = params.iter().map(|&p| self.variable_name(p)).collect();
                let applied = self.curly(name, &variables);
                statements.push(self.keyword_constructor(applied, &keywords, &names, &params));
            }
        }
        statements.push(self.nothing());
        Ok(self.block(&statements))
    }

    /// A field without its default; the field as a keyword goes to the lists.
    fn keyword_field(
        &mut self,
        field: Node,
        keywords: &mut Vec<Node>,
        names: &mut Vec<Node>,
    ) -> Expanded {
        let (head, parts) = self.parts(field);
        match (head, &parts[..]) {
            (Some(Head::Const), [inner]) => {
                let inner = self.keyword_field(*inner, keywords, names)?;
                Ok(self.with_args(field, &[inner]))
            }
            (Some(Head::Assign), [target, default]) if !self.is_inner_function(*target) => {
                let name = self.variable_name(*target);
                names.push(name);
                let keyword = self.expr(Head::Kw, &[name, *default]);
                keywords.push(keyword);
                Ok(*target)
            }
            (Some(Head::Typed), [name, _]) => {
                names.push(*name);
                keywords.push(*name);
                Ok(field)
            }
            _ => {
                if self.tree.symbol(field).is_some() {
                    names.push(field);
                    keywords.push(field);
                }
                Ok(field)
            }
        }
    }

    fn is_inner_function(&self, target: Node) -> bool {
        self.is_signature(target)
    }

    /// The name in `x::T` or `T<:S`.
    fn variable_name(&self, node: Node) -> Node {
        match (self.tree.head(node), self.tree.args(node)) {
            (Some(Head::Typed | Head::Subtype | Head::Supertype), [name, _]) => *name,
            _ => node,
        }
    }

    fn keyword_constructor(
        &mut self,
        ty: Node,
        keywords: &[Node],
        names: &[Node],
        variables: &[Node],
    ) -> Node {
        let parameters = self.expr(Head::Parameters, keywords);
        let mut signature = self.call(ty, &[parameters]);
        if !variables.is_empty() {
            let mut all = vec![signature];
            all.extend_from_slice(variables);
            signature = self.expr(Head::Where, &all);
        }
        let made = self.call(ty, names);
        let body = self.block(&[made]);
        self.expr(Head::Function, &[signature, body])
    }

    /// `@NamedTuple{a::T, b}` and `@NamedTuple begin a::T; b end`
    pub(super) fn named_tuple(&mut self, node: Node, args: &[Node]) -> Expanded {
        let list = self.only(node, args)?;
        if !matches!(self.tree.head(list), Some(Head::Braces | Head::Block)) {
            return self.wrong_arguments(node);
        }
        let mut names = Vec::new();
        let mut types = Vec::new();
        for field in self.tree.args(list).to_vec() {
            let (head, parts) = self.parts(field);
            let (name, ty) = match (head, &parts[..]) {
                (Some(Head::Typed), [name, ty]) => (*name, *ty),
                _ => (field, self.core("Any")),
            };
            if self.tree.symbol(name).is_none() {
                return self.error(field, "the name of a field must be a name");
            }
            names.push(self.quote(name));
            types.push(ty);
        }
        let names = self.expr(Head::Tuple, &names);
        let tuple = self.core("Tuple");
        let types = self.curly(tuple, &types);
        let named = self.core("NamedTuple");
        Ok(self.curly(named, &[names, types]))
    }
}
