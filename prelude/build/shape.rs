//! What arguments the methods of a definition can take, as far as the names in its signature say:
//! how many, and by which leading type names. Knows the names of types, nothing of their
//! supertypes; where it does not know a name, it says that anything fits.

use jlift_frontend::lower::where_vars;
use jlift_frontend::lowered::{MethodDef, MethodOwner, TypeVar};
use jlift_frontend::surface::{Head, Home, Node, NodeData, Tree};
use jlift_ir::{Name, Tables};
use std::collections::{BTreeMap, BTreeSet};

/// Type names of which an argument's type or one of its supertypes must have one; `None`: any.
pub type Heads = Option<BTreeSet<String>>;

/// The names of types of Core, which no definition of Base declares.
const CORE: &[&str] = &[
    "Number",
    "Real",
    "Integer",
    "Signed",
    "Unsigned",
    "AbstractFloat",
    "AbstractChar",
    "Bool",
    "Char",
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "Int128",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "UInt128",
    "Float16",
    "Float32",
    "Float64",
    "Nothing",
    "Missing",
    "Symbol",
    "Module",
    "AbstractString",
    "String",
    "Function",
    "Exception",
    "IO",
    "Type",
    "DataType",
    "Union",
    "UnionAll",
    "Ref",
    "Ptr",
    "AbstractArray",
    "DenseArray",
    "Array",
    "AbstractRange",
    "Tuple",
    "NamedTuple",
];

/// Names of Core that stand for a type of another name.
const CORE_ALIASES: &[(&str, &str)] = &[
    ("Int", "Int64"),
    ("UInt", "UInt64"),
    ("Vector", "Array"),
    ("Matrix", "Array"),
    ("VecOrMat", "Array"),
    ("AbstractVector", "AbstractArray"),
    ("AbstractMatrix", "AbstractArray"),
    ("AbstractVecOrMat", "AbstractArray"),
    ("DenseVector", "DenseArray"),
    ("DenseMatrix", "DenseArray"),
    ("DenseVecOrMat", "DenseArray"),
    ("NTuple", "Tuple"),
];

/// Deepest nesting of a type expression that is followed.
const MAX_DEPTH: u32 = 20;

/// Longest chain of aliases.
const MAX_ALIASES: u32 = 8;

/// What the names of types in Base stand for.
pub struct TypeNames {
    known: BTreeMap<String, Heads>,
}

impl Default for TypeNames {
    fn default() -> Self {
        let mut known = BTreeMap::new();
        for name in CORE {
            known.insert(name.to_string(), one(name));
        }
        for (alias, of) in CORE_ALIASES {
            known.insert(alias.to_string(), one(of));
        }
        TypeNames { known }
    }
}

fn one(name: &str) -> Heads {
    Some(BTreeSet::from([name.to_string()]))
}

impl TypeNames {
    /// Base declares a type of this name.
    pub fn declare(&mut self, name: &str) {
        self.add(name, one(name));
    }

    /// The constants of Base that may stand for types: name, tree and value.
    pub fn aliases(&mut self, constants: &[(String, &Tree, Node)], tables: &Tables) {
        let declared = self.known.clone();
        // Aliases of aliases become known one after the other.
        for _ in 0..MAX_ALIASES {
            let mut next = TypeNames {
                known: declared.clone(),
            };
            for &(ref name, tree, node) in constants {
                let signature = Signature {
                    names: self,
                    tree,
                    tables,
                };
                let heads = signature.heads(node, &mut Vec::new(), 0);
                next.add(name, heads);
            }
            if next.known == self.known {
                break;
            }
            *self = next;
        }
    }

    fn add(&mut self, name: &str, heads: Heads) {
        // Modules may have types of the same name: then it says nothing.
        let known = self.known.entry(name.to_string());
        let known = known.or_insert_with(|| heads.clone());
        if *known != heads {
            *known = None;
        }
    }
}

struct Signature<'a> {
    names: &'a TypeNames,
    tree: &'a Tree,
    tables: &'a Tables,
}

impl Signature<'_> {
    fn text(&self, name: Name) -> &str {
        self.tables.names.str(name)
    }

    fn named(&self, name: Name) -> Heads {
        self.names.known.get(self.text(name)).cloned().flatten()
    }

    fn heads(&self, node: Node, vars: &mut Vec<TypeVar>, depth: u32) -> Heads {
        if depth > MAX_DEPTH {
            return None;
        }
        let tree = self.tree;
        let args = tree.args(node);
        match (tree.data(node), tree.head(node), args) {
            (NodeData::Symbol(name), ..) => match vars.iter().rposition(|v| v.name == *name) {
                Some(at) => {
                    // Its bound may mention variables before it.
                    let upper = vars[at].upper?;
                    let mut outer = vars[..at].to_vec();
                    self.heads(upper, &mut outer, depth + 1)
                }
                None => self.named(*name),
            },
            (NodeData::GlobalRef(Home::Core | Home::Base, name), ..) => self.named(*name),
            (_, Some(Head::Dotted), [_, field]) => match tree.data(*field) {
                NodeData::Quote(inner) => self.named(tree.symbol(*inner)?),
                _ => None,
            },
            (_, Some(Head::Where), [body, declared @ ..]) => {
                let mark = vars.len();
                vars.extend(where_vars(tree, declared).ok()?);
                let heads = self.heads(*body, vars, depth + 1);
                vars.truncate(mark);
                heads
            }
            (_, Some(Head::Curly), [callee, params @ ..]) => {
                let name = match tree.data(*callee) {
                    NodeData::Symbol(name) | NodeData::GlobalRef(_, name) => self.text(*name),
                    _ => "",
                };
                match (name, params) {
                    ("Union", _) => {
                        let mut all = BTreeSet::new();
                        for &param in params {
                            all.extend(self.heads(param, vars, depth + 1)?);
                        }
                        Some(all)
                    }
                    ("Type", [param]) => self.type_heads(*param, vars, depth),
                    _ => self.heads(*callee, vars, depth + 1),
                }
            }
            _ => None,
        }
    }

    /// `Type{X}`, `Type{<:X}`: the names of `X` in braces.
    fn type_heads(&self, param: Node, vars: &mut Vec<TypeVar>, depth: u32) -> Heads {
        let inner = match (self.tree.head(param), self.tree.args(param)) {
            (Some(Head::Subtype), [bound]) => *bound,
            (Some(Head::Supertype), _) => return one("Type"),
            _ => param,
        };
        let Some(inner) = self.heads(inner, vars, depth + 1) else {
            return one("Type");
        };
        if inner.is_empty() || inner.iter().any(|name| name.starts_with("Type")) {
            return one("Type");
        }
        Some(inner.iter().map(|name| format!("Type{{{name}}}")).collect())
    }
}

/// The arguments that the methods of a definition take, the callee aside.
#[derive(Default)]
pub struct Shape {
    least: usize,
    /// `None`: any number.
    most: Option<usize>,
    params: Vec<Heads>,
}

impl Shape {
    /// The shape of a definition of `name`; `None` if its methods are not all known.
    pub fn of(
        name: &str,
        defs: &[&MethodDef],
        names: &TypeNames,
        tables: &Tables,
    ) -> Option<Shape> {
        let own: Vec<&MethodDef> = defs
            .iter()
            .copied()
            .filter(|def| is_own(name, def, tables))
            .collect();
        let len = own.iter().map(|d| d.params.len()).max()?;
        let required = |d: &MethodDef| d.params.len() - usize::from(is_vararg(d));
        let mut shape = Shape {
            least: own.iter().map(|d| required(d)).min()?,
            most: (!own.iter().any(|d| is_vararg(d))).then_some(len),
            params: vec![Some(BTreeSet::new()); len],
        };
        for def in own {
            let signature = Signature {
                names,
                tree: &def.tree,
                tables,
            };
            for (i, merged) in shape.params.iter_mut().enumerate() {
                let last = is_vararg(def).then(|| def.params.last()).flatten();
                let Some(param) = def.params.get(i).or(last) else {
                    continue;
                };
                let mut vars = def.type_vars.clone();
                let heads = param.ty.and_then(|ty| signature.heads(ty, &mut vars, 0));
                match (&mut *merged, heads) {
                    (Some(all), Some(heads)) => all.extend(heads),
                    (merged, _) => *merged = None,
                }
            }
        }
        Some(shape)
    }

    /// All type names of the shape.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let params = self.params.iter().flatten();
        params.flat_map(|heads| heads.iter().map(String::as_str))
    }

    /// As bytes: least and greatest number of arguments (255: any), number of parameters, and for
    /// each the number of its names (255: any) and their two-byte numbers. `None` if it is too
    /// large for that.
    pub fn bytes(&self, ids: &BTreeMap<String, u16>) -> Option<Vec<u8>> {
        let small = |n: usize| u8::try_from(n).ok().filter(|&n| n < u8::MAX);
        let mut out = vec![small(self.least)?];
        out.push(match self.most {
            Some(most) => small(most)?,
            None => u8::MAX,
        });
        out.push(small(self.params.len())?);
        for heads in &self.params {
            let Some(heads) = heads else {
                out.push(u8::MAX);
                continue;
            };
            out.push(small(heads.len())?);
            for name in heads {
                out.extend_from_slice(&ids.get(name)?.to_le_bytes());
            }
        }
        Some(out)
    }
}

fn is_vararg(def: &MethodDef) -> bool {
    def.params.last().is_some_and(|p| p.vararg)
}

/// Whether a method belongs to what the definition is found under: not to `Core.kwcall` or the
/// generated function of a body.
fn is_own(name: &str, def: &MethodDef, tables: &Tables) -> bool {
    let MethodOwner::Function(node) = def.owner else {
        return true;
    };
    match def.tree.data(node) {
        NodeData::GlobalRef(Home::Core, owner) => tables.names.str(*owner) != "kwcall",
        NodeData::Symbol(owner) => {
            let owner = tables.names.str(*owner);
            owner == name || !owner.starts_with('#')
        }
        _ => true,
    }
}
