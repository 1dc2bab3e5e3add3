//! Types by their text: a world of declared types and a parser of Julia's type syntax.

use jlift_infer::types::family::{FamilyKind, TypeFamilies, TypeFamily};
use jlift_infer::types::{apply, canonical, instantiate, print};
use jlift_ir::{Name, Tables, Type, TypeParam, Value};
use std::collections::HashMap;

/// Tables with the types that the tests name.
pub struct Fixture {
    pub tables: Tables,
    pub families: TypeFamilies,
    names: HashMap<String, Type>,
    fresh: u32,
}

/// Types that the prelude declares in Julia.
const DECLARED: &[(&str, &str, bool)] = &[
    ("Base.AbstractDict{K,V}", "Any", false),
    ("Base.Dict{K,V}", "AbstractDict{K,V}", true),
    ("Base.RefValue{T}", "Ref{T}", true),
    ("Base.Complex{T<:Real}", "Number", true),
    ("Base.Rational{T<:Integer}", "Real", true),
    ("Base.OrdinalRange{T,S}", "AbstractRange{T}", false),
    ("Base.AbstractUnitRange{T}", "OrdinalRange{T,T}", false),
    ("Base.UnitRange{T<:Real}", "AbstractUnitRange{T}", true),
    ("Base.StepRange{T,S}", "OrdinalRange{T,S}", true),
    ("Base.Pair{A,B}", "Any", true),
    ("Base.AbstractSet{T}", "Any", false),
    ("Base.Set{T}", "AbstractSet{T}", true),
    ("Base.BitArray{N}", "AbstractArray{Bool,N}", true),
    ("Base.SubString{T<:AbstractString}", "AbstractString", true),
];

impl Fixture {
    pub fn new() -> Fixture {
        let mut tables = Tables::default();
        let mut families = TypeFamilies::default();
        families.declare_builtin(&mut tables);
        families.set_exports(|module, name| module == "Base" && name != "RefValue");
        let mut f = Fixture {
            tables,
            families,
            names: HashMap::new(),
            fresh: 0,
        };
        for (name, ty) in f.families.core_types(&mut f.tables) {
            let text = f.tables.names.str(name).to_string();
            f.bind(&text, ty);
        }
        for &(head, supertype, concrete) in DECLARED {
            f.declare(head, supertype, concrete);
        }
        let bits = f.ty("BitArray{1}");
        f.bind("BitVector", bits);
        f.bind("Cvoid", Type::NOTHING);
        let complex = f.ty("Complex{Float64}");
        f.bind("ComplexF64", complex);
        f
    }

    fn bind(&mut self, name: &str, ty: Type) {
        self.names.insert(name.to_string(), ty);
        if let Some(short) = name
            .strip_prefix("Base.")
            .or_else(|| name.strip_prefix("Core."))
            .or_else(|| name.strip_prefix("Main."))
        {
            self.names.insert(short.to_string(), ty);
        }
    }

    /// Declares `Name{params} <: supertype`.
    pub fn declare(&mut self, head: &str, supertype: &str, concrete: bool) {
        let kind = match concrete {
            true => FamilyKind::Struct {
                mutable: true,
                initialized: 0,
                fields: Vec::new(),
            },
            false => FamilyKind::Abstract,
        };
        self.declare_kind(head, supertype, |_, _| kind);
    }

    /// Declares a type whose kind is made with its parameters in scope.
    pub fn declare_kind(
        &mut self,
        head: &str,
        supertype: &str,
        kind: impl FnOnce(&mut Fixture, &[(String, TypeParam)]) -> FamilyKind,
    ) {
        let (name, params) = match head.split_once('{') {
            Some((name, params)) => (name, params.trim_end_matches('}')),
            None => (head, ""),
        };
        let mut scope: Vec<(String, TypeParam)> = Vec::new();
        let mut vars = Vec::new();
        for param in params.split(',').filter(|p| !p.is_empty()) {
            let (var, bound) = param.split_once("<:").unwrap_or((param, "Any"));
            let upper = self.parse(bound, &scope);
            let interned = self.tables.names.intern(var);
            vars.push((interned, Type::BOTTOM, upper));
            let ty = self.tables.type_var(interned);
            scope.push((var.to_string(), TypeParam::Type(ty)));
        }
        let supertype = self.parse(supertype, &scope);
        let name_text = name.to_string();
        let name = self.tables.names.intern(name);
        let family = |kind| TypeFamily {
            name,
            params: vars.clone(),
            supertype,
            kind,
        };
        self.families.insert(family(FamilyKind::Abstract));
        let whole = self.families.whole_type(&mut self.tables, name);
        self.bind(&name_text, whole);
        let kind = kind(self, &scope);
        self.families.insert(family(kind));
    }

    /// The type that a text means.
    pub fn ty(&mut self, text: &str) -> Type {
        let ty = self.parse(text, &[]);
        canonical::canonical(&mut self.tables, &mut self.families, ty)
    }

    /// The type that a text means, with some names given.
    pub fn parse(&mut self, text: &str, scope: &[(String, TypeParam)]) -> Type {
        let mut p = Parser {
            f: self,
            text,
            at: 0,
            scope: scope.to_vec(),
        };
        let param = p.whole();
        assert_eq!(p.at, text.len(), "rest of `{text}`: `{}`", &text[p.at..]);
        match param {
            TypeParam::Type(t) => t,
            TypeParam::Value(_) => panic!("`{text}` is a value"),
        }
    }

    pub fn text(&self, ty: Type) -> String {
        print::type_text(&self.tables, &self.families, ty)
    }

    fn fresh(&mut self, base: &str) -> Name {
        self.fresh += 1;
        let n = self.fresh;
        self.tables.names.intern(&format!("{base}#{n}"))
    }
}

struct Parser<'a> {
    f: &'a mut Fixture,
    text: &'a str,
    at: usize,
    scope: Vec<(String, TypeParam)>,
}

struct Var {
    name: Name,
    lower: Type,
    upper: Type,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn eat(&mut self, token: &str) -> bool {
        let spaces = self.rest().len() - self.rest().trim_start().len();
        if self.rest()[spaces..].starts_with(token) {
            self.at += spaces + token.len();
            return true;
        }
        false
    }

    fn word(&mut self) -> String {
        let spaces = self.rest().len() - self.rest().trim_start().len();
        self.at += spaces;
        let len = self
            .rest()
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '!' || c == '.'))
            .unwrap_or(self.rest().len());
        let word = self.rest()[..len].to_string();
        assert!(len > 0, "a name expected in `{}` at {}", self.text, self.at);
        self.at += len;
        word
    }

    /// The body can only be understood after the variables behind it, so those are read first.
    fn whole(&mut self) -> TypeParam {
        let start = self.at;
        let Some(clause) = self.where_clause() else {
            return self.simple();
        };
        let body_end = clause;
        let outer = self.scope.len();
        self.at = body_end;
        let mut vars = Vec::new();
        // `B where {S} where T`: the last clause is the outermost one.
        let mut clauses = Vec::new();
        while self.eat("where ") {
            let begin = self.at;
            self.skip_vars();
            clauses.push(begin);
        }
        let end = self.at;
        for &begin in clauses.iter().rev() {
            self.at = begin;
            self.vars(&mut vars);
        }
        self.at = start;
        let body = match self.simple() {
            TypeParam::Type(t) => t,
            TypeParam::Value(_) => panic!("a value with `where` in `{}`", self.text),
        };
        self.at = end;
        self.scope.truncate(outer);
        let all = vars.into_iter().rev().fold(body, |body, v: Var| {
            self.f.tables.union_all(v.name, v.lower, v.upper, body)
        });
        TypeParam::Type(all)
    }

    /// Where the first `where` behind the type at this place is.
    fn where_clause(&self) -> Option<usize> {
        let mut depth = 0i32;
        for (n, c) in self.rest().char_indices() {
            match c {
                '{' | '(' => depth += 1,
                '}' | ')' => depth -= 1,
                ',' if depth == 0 => return None,
                ' ' if depth == 0 && self.rest()[n..].starts_with(" where ") => {
                    return Some(self.at + n);
                }
                _ => {}
            }
            if depth < 0 {
                return None;
            }
        }
        None
    }

    fn skip_vars(&mut self) {
        let mut depth = 0i32;
        let rest = self.rest().to_string();
        for (n, c) in rest.char_indices() {
            match c {
                '{' | '(' => depth += 1,
                '}' | ')' => depth -= 1,
                _ => {}
            }
            if depth < 0
                || (depth == 0 && (c == ',' || (c == ' ' && rest[n..].starts_with(" where "))))
            {
                self.at += n;
                return;
            }
        }
        self.at = self.text.len();
    }

    fn vars(&mut self, out: &mut Vec<Var>) {
        let braces = self.eat("{");
        loop {
            let word = self.word();
            // `Lower<:T<:Upper` or `T<:Upper` or `T>:Lower`.
            let name = self.f.fresh(&word);
            let ty = self.f.tables.type_var(name);
            let mut var = Var {
                name,
                lower: Type::BOTTOM,
                upper: Type::ANY,
            };
            if self.eat("<:") {
                var.upper = self.ty();
            } else if self.eat(">:") {
                var.lower = self.ty();
            }
            self.scope.push((word, TypeParam::Type(ty)));
            out.push(var);
            if !(braces && self.eat(",")) {
                break;
            }
        }
        if braces {
            assert!(self.eat("}"), "unclosed `where` in `{}`", self.text);
        }
    }

    fn ty(&mut self) -> Type {
        match self.whole() {
            TypeParam::Type(t) => t,
            TypeParam::Value(_) => panic!("a value where a type belongs in `{}`", self.text),
        }
    }

    fn simple(&mut self) -> TypeParam {
        if self.eat("@NamedTuple{") {
            return TypeParam::Type(self.named_tuple());
        }
        if self.eat("typeof(") {
            let name = self.word();
            assert!(self.eat(")"));
            let full = format!("typeof(Base.{name})");
            return TypeParam::Type(self.f.tables.nominal(&full, &[]));
        }
        if self.eat("(") {
            return self.tuple_of_symbols();
        }
        if self.eat(":") {
            let name = self.word();
            return TypeParam::Value(self.f.tables.symbol(&name));
        }
        let word = self.word();
        if let Ok(n) = word.parse::<i64>() {
            return TypeParam::Value(Value::int64(n));
        }
        let found = self.scope.iter().rev().find(|(n, _)| *n == word);
        let head = match found {
            Some((_, p)) => *p,
            None => match self.f.names.get(&word) {
                Some(&t) => TypeParam::Type(t),
                None => panic!("unknown name `{word}` in `{}`", self.text),
            },
        };
        if !self.eat("{") {
            // The bare name of a kind of types is a nominal type too.
            return head;
        }
        let TypeParam::Type(head) = head else {
            panic!("parameters of a value in `{}`", self.text);
        };
        let (args, implicit) = self.args();
        let applied = apply::apply_type(&mut self.f.tables, &mut self.f.families, head, &args)
            .unwrap_or_else(|e| panic!("`{}`: {e}", self.text));
        let all = implicit.into_iter().rev().fold(applied, |body, v| {
            self.f.tables.union_all(v.name, v.lower, v.upper, body)
        });
        TypeParam::Type(all)
    }

    fn args(&mut self) -> (Vec<TypeParam>, Vec<Var>) {
        let (mut args, mut implicit) = (Vec::new(), Vec::new());
        while !self.eat("}") {
            if !args.is_empty() {
                assert!(self.eat(","), "`,` expected in `{}`", self.text);
            }
            let upper = self.eat("<:");
            if upper || self.eat(">:") {
                let bound = self.ty();
                let name = self.f.fresh("");
                let (lower, upper) = match upper {
                    true => (Type::BOTTOM, bound),
                    false => (bound, Type::ANY),
                };
                args.push(TypeParam::Type(self.f.tables.type_var(name)));
                implicit.push(Var { name, lower, upper });
            } else {
                args.push(self.whole());
            }
        }
        (args, implicit)
    }

    fn tuple_of_symbols(&mut self) -> TypeParam {
        let mut names = Vec::new();
        while !self.eat(")") {
            assert!(self.eat(":"), "a symbol expected in `{}`", self.text);
            let name = self.word();
            names.push(self.f.tables.names.intern(&name));
            self.eat(",");
        }
        TypeParam::Value(instantiate::names_value(&mut self.f.tables, &names))
    }

    fn named_tuple(&mut self) -> Type {
        let (mut names, mut types) = (Vec::new(), Vec::new());
        while !self.eat("}") {
            let name = self.word();
            names.push(self.f.tables.names.intern(&name));
            types.push(match self.eat("::") {
                true => self.ty(),
                false => Type::ANY,
            });
            self.eat(",");
        }
        let names = instantiate::names_value(&mut self.f.tables, &names);
        let types = self.f.tables.tuple(&types);
        let params = [TypeParam::Value(names), TypeParam::Type(types)];
        self.f.tables.nominal("NamedTuple", &params)
    }
}
