//! Typed IR from templates: a template is a .jir function with type variables, an instance is what
//! it becomes for given types. Knows nothing of tables and of what the functions compute.
//!
//! A template text holds
//! - `function NAME<F, T> for CONDITIONS(PARAMETERS)::TYPE` with a body. Without `<...>` the only
//!   variable is `T`; without conditions either there is none. The first template of a name whose
//!   conditions hold is taken. Conditions: a class of `T` (`signed`, `int|float`, `!wide`, see
//!   [`Number::is`]), one of `F` (`F:signed`), or widths (`T<F`, `T=F`, `T>F`, `!T<F`, `F==T`).
//! - `extern function NAME ...`, a function of the runtime shims or of a kernel.
//! - `declare LINE`, a type declaration.
//!
//! In a header and a body, `$T` is the variable's type, `$U` and `$S` the unsigned and the signed
//! integer of its width (`$SF` that of `F`), `$W` the integer of twice the width, `$T(x)` a constant of it (see [`Number::constant`]),
//! `${T.s}` an attribute (see [`attribute`]), and `@NAME<TYPES>` after `invoke` another instance.

use crate::number::Number;
use std::collections::HashMap;
use std::fmt::Write;

/// The texts of all templates.
const TEXTS: &[&str] = &[
    include_str!("templates/errors.jir.in"),
    include_str!("templates/integer_binary.jir.in"),
    include_str!("templates/integer_unary.jir.in"),
    include_str!("templates/integer_theory.jir.in"),
    include_str!("templates/float_binary.jir.in"),
    include_str!("templates/float_unary.jir.in"),
    include_str!("templates/convert.jir.in"),
    include_str!("templates/text.jir.in"),
    include_str!("templates/kernels.jir.in"),
];

struct Template {
    name: &'static str,
    external: bool,
    variables: Vec<&'static str>,
    conditions: Vec<&'static str>,
    /// `(PARAMETERS)::TYPE`
    signature: &'static str,
    body: String,
}

/// A function of the module being written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instance {
    pub id: u32,
    /// The name as a call writes it.
    pub name: String,
    /// Types of the parameters, as text.
    pub params: Vec<String>,
    /// Type of the result, as text.
    pub result: String,
}

/// A module that grows by the instances that are asked for.
pub struct Expander {
    templates: Vec<Template>,
    declarations: String,
    functions: String,
    instances: HashMap<(String, Vec<Number>), Instance>,
    /// Bodies of the instances by their numbers.
    bodies: HashMap<u32, String>,
    next_id: u32,
}

impl Expander {
    pub fn new() -> Expander {
        let mut expander = Expander {
            templates: Vec::new(),
            declarations: String::new(),
            functions: String::new(),
            instances: HashMap::new(),
            bodies: HashMap::new(),
            next_id: 1,
        };
        for text in TEXTS {
            expander.read(text);
        }
        expander
    }

    fn read(&mut self, text: &'static str) {
        for line in text.lines() {
            if line.is_empty() || line.starts_with(';') {
                continue;
            }
            if let Some(declaration) = line.strip_prefix("declare ") {
                self.declarations.push_str(declaration);
                self.declarations.push('\n');
            } else if let Some(header) = line.strip_prefix("extern function ") {
                self.templates.push(parse_header(header, true));
            } else if let Some(header) = line.strip_prefix("function ") {
                self.templates.push(parse_header(header, false));
            } else {
                let template = self.templates.last_mut().expect("a body follows a header");
                template.body.push_str(line);
                template.body.push('\n');
            }
        }
    }

    /// The module as text.
    pub fn text(&self) -> String {
        format!("jir 1\n{}\n{}", self.declarations, self.functions)
    }

    /// Whether a template of this name fits the types.
    pub fn has(&self, name: &str, types: &[Number]) -> bool {
        self.find(name, types).is_some()
    }

    fn find(&self, name: &str, types: &[Number]) -> Option<usize> {
        self.templates.iter().position(|t| {
            t.name == name
                && t.variables.len() == types.len()
                && t.conditions.iter().all(|c| holds(c, types))
        })
    }

    /// The instance of a template for these types, written if it is new.
    pub fn instance(&mut self, name: &str, types: &[Number]) -> Instance {
        let key = (name.to_string(), types.to_vec());
        if let Some(known) = self.instances.get(&key) {
            return known.clone();
        }
        let at = self
            .find(name, types)
            .unwrap_or_else(|| panic!("no template {name} for {types:?}"));
        let template = &self.templates[at];
        let bound = Bound {
            variables: &template.variables,
            types,
        };
        let signature = bound.substitute(template.signature);
        let body = bound.substitute(&template.body);
        let external = template.external;
        let (params, result) = parse_signature(&signature);
        let id = self.next_id();
        let instance = Instance {
            id,
            name: name.rsplit('.').next().unwrap_or(name).to_string(),
            params,
            result,
        };
        self.instances.insert(key, instance.clone());
        if external {
            writeln!(self.declarations, "singleton typeof({name}) super=Function").unwrap();
            self.functions +=
                &format!("extern function @{id} {name}{signature} self=typeof({name})\n\n");
            return instance;
        }
        let body = self.resolve_calls(&body);
        self.bodies.insert(id, body.clone());
        let is_constructor = name.starts_with(char::is_uppercase);
        let (qualified, self_type) = if is_constructor {
            (
                format!("Core.{name}"),
                format!("Type{{{}}}", instance.result),
            )
        } else {
            let suffix: Vec<String> = types.iter().map(|t| t.name()).collect();
            (
                format!("Main.{name}_{}", suffix.join("_")),
                "typeof(Main.golden)".to_string(),
            )
        };
        self.functions +=
            &format!("function @{id} {qualified}{signature} self={self_type}\n{body}\n");
        instance
    }

    /// Replaces `invoke @NAME<TYPES>` by `invoke @ID NAME`.
    fn resolve_calls(&mut self, body: &str) -> String {
        let mut out = String::new();
        let mut rest = body;
        while let Some(at) = rest.find("invoke @") {
            let start = at + "invoke @".len();
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(['<', '(']).expect("a call has arguments");
            let name = &rest[..end];
            rest = &rest[end..];
            let mut types = Vec::new();
            if let Some(list) = rest.strip_prefix('<') {
                let (list, after) = list.split_once('>').expect("a closing >");
                rest = after;
                types.extend(list.split(", ").map(|t| {
                    Number::from_name(t).unwrap_or_else(|| panic!("{t} is not a number type"))
                }));
            }
            let callee = self.instance(name, &types);
            write!(out, "{} {}", callee.id, callee.name).unwrap();
        }
        out + rest
    }

    /// Adds an exported function. `body` gets the place of its statements' text.
    pub fn export(&mut self, name: &str, params: &str, body: &str) {
        let id = self.next_id();
        self.functions += &format!(
            "function @{id} Main.{name}({params})::Nothing self=typeof(Main.golden) export\n#1:\n{body}  return nothing\n\n"
        );
    }

    /// Adds an exported function that is an instance with other operands for its parameters and
    /// `store` in place of returning: `store(number, result)` gives statements from `%number` on.
    /// `before` are statements that the operands need.
    pub fn export_body(
        &mut self,
        name: &str,
        params: &str,
        of: &Instance,
        (before, operands): (&str, &[String]),
        store: &dyn Fn(usize, &str) -> String,
    ) {
        let mut body = String::new();
        for (at, line) in self.bodies[&of.id].lines().enumerate() {
            let line = with_operands(line, operands);
            match line.strip_prefix("  return ") {
                Some(result) => body += &format!("{}  return nothing\n", store(9000 + at, result)),
                None => body += &format!("{line}\n"),
            }
            if line == "#1:" {
                body.push_str(before);
            }
        }
        let id = self.next_id();
        self.functions += &format!(
            "function @{id} Main.{name}({params})::Nothing self=typeof(Main.golden) export\n{body}\n"
        );
    }

    fn next_id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id - 1
    }
}

/// Replaces the parameters `_2`, `_3` by operands.
fn with_operands(line: &str, operands: &[String]) -> String {
    let mut out = line.to_string();
    for (at, operand) in operands.iter().enumerate() {
        for (before, after) in [("(", ","), ("(", ")"), (" ", ","), (" ", ")"), (" ", "")] {
            let parameter = format!("{before}_{}{after}", at + 2);
            if after.is_empty() {
                if let Some(start) = out.strip_suffix(&parameter) {
                    out = format!("{start}{before}{operand}");
                }
            } else {
                out = out.replace(&parameter, &format!("{before}{operand}{after}"));
            }
        }
    }
    out
}

fn parse_header(header: &'static str, external: bool) -> Template {
    let (head, _) = header
        .split_once("(_2")
        .expect("a template has a parameter");
    let signature = &header[head.len()..];
    let (head, conditions) = head.split_once(" for ").unwrap_or((head, ""));
    let (name, variables) = match head.split_once('<') {
        Some((name, list)) => (name, list.trim_end_matches('>').split(", ").collect()),
        None if conditions.is_empty() => (head, Vec::new()),
        None => (head, vec!["T"]),
    };
    Template {
        name,
        external,
        variables,
        conditions: conditions.split_whitespace().collect(),
        signature,
        body: String::new(),
    }
}

/// Types of the parameters and of the result of `(_2 x::A, ...)::R`.
fn parse_signature(signature: &str) -> (Vec<String>, String) {
    let (params, result) = signature
        .rsplit_once(")::")
        .expect("a signature has a result");
    // Only `Tuple{A, B}` has a comma within; no parameter is one.
    let params = params
        .split(", ")
        .map(|p| {
            p.split_once("::")
                .expect("a parameter has a type")
                .1
                .to_string()
        })
        .collect();
    (params, result.to_string())
}

/// Whether a condition holds; the last of `types` is `T`, one before it is `F`.
fn holds(condition: &str, types: &[Number]) -> bool {
    let (&t, &f) = (
        types.last().expect("a conditioned template has variables"),
        &types[0],
    );
    match condition {
        "F==T" => f == t,
        "T<F" => t.bits() < f.bits(),
        "!T<F" => t.bits() >= f.bits(),
        "T=F" => t.bits() == f.bits(),
        "T>F" => t.bits() > f.bits(),
        _ => match condition.strip_prefix("F:") {
            Some(class) => f.is(class),
            None => t.is(condition),
        },
    }
}

/// Type variables with their types.
struct Bound<'a> {
    variables: &'a [&'static str],
    types: &'a [Number],
}

impl Bound<'_> {
    fn lookup(&self, name: &str) -> Option<Number> {
        let at = |v: &str| {
            self.variables
                .iter()
                .position(|&x| x == v)
                .map(|i| self.types[i])
        };
        match name {
            "U" => at("T").map(|t| t.integer(false)),
            "S" => at("T").map(|t| t.integer(true)),
            "W" => at("T").map(Number::widened),
            "SF" => at("F").map(|t| t.integer(true)),
            _ => at(name).or_else(|| Number::from_name(name)),
        }
    }

    fn variable(&self, name: &str) -> Number {
        self.lookup(name)
            .unwrap_or_else(|| panic!("no type variable {name}"))
    }

    fn substitute(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(braced) = rest.strip_prefix('{') {
                let (inner, after) = braced.split_once('}').expect("a closing brace");
                let (variable, name) = inner.split_once('.').expect("VARIABLE.ATTRIBUTE");
                out.push_str(&attribute(self.variable(variable), name));
                rest = after;
                continue;
            }
            let end = rest
                .find(|c: char| !c.is_ascii_uppercase())
                .unwrap_or(rest.len());
            let ty = self.variable(&rest[..end]);
            rest = &rest[end..];
            match rest.strip_prefix('(') {
                Some(inner) => {
                    let (inner, after) = inner.split_once(')').expect("a closing parenthesis");
                    let bits = ty
                        .constant(inner, &|name| self.lookup(name))
                        .unwrap_or_else(|| panic!("no constant {inner} of {ty:?}"));
                    out.push_str(&ty.literal(bits));
                    rest = after;
                }
                None => out.push_str(&ty.name()),
            }
        }
        out + rest
    }
}

/// What `${T.name}` stands for.
fn attribute(ty: Number, name: &str) -> String {
    let choose = |signed: &str, unsigned: &str| {
        let chosen = if ty.is_signed() { signed } else { unsigned };
        chosen.to_string()
    };
    let parts = || ty.float_parts().expect("a float");
    match name {
        // Signedness in the names of intrinsics.
        "s" => choose("s", "u"),
        "ext" => choose("sext_int", "zext_int"),
        "shift" => choose("ashr_int", "lshr_int"),
        "to_float" => choose("sitofp", "uitofp"),
        "from_float" => choose("fptosi", "fptoui"),
        "bits" => ty.bits().to_string(),
        "bits_less_one" => (ty.bits() - 1).to_string(),
        // Of a float: bits of fraction and exponent, and what is added to the exponent.
        "fraction" => parts().1.to_string(),
        "exponent" => parts().0.to_string(),
        "bias" => ((1 << (parts().0 - 1)) - 1).to_string(),
        "lower" => ty.name().to_lowercase(),
        _ => panic!("no attribute {name}"),
    }
}
