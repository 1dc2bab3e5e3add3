//! The definitions of Base as the program holds them: methods with macros expanded and optional and
//! keyword arguments taken apart, anything else as an expanded syntax tree. Knows what a definition
//! looks like, nothing of what the names in it mean.

use crate::scan::Found;
use crate::shape::{Shape, TypeNames};
use jlift_frontend::lower::{LowerContext, lower_file};
use jlift_frontend::lowered::{Item, MethodDef};
use jlift_frontend::macros::{Env, Gensym, Source, expand_all};
use jlift_frontend::surface::{FileId, Head, Node, Tree};
use jlift_frontend::{method_codec, surface_codec};
use jlift_ir::Tables;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Generated names of Base are numbered from here on; a session numbers its own from 1.
const FIRST_GENERATED: u64 = 1_000_000;

/// Where a definition was put, and in which form (a variant of `Form`).
#[derive(Clone)]
pub struct Place {
    pub form: &'static str,
    pub code: Range<usize>,
    pub shape: Range<usize>,
}

const NOWHERE: Place = Place {
    form: "Text",
    code: 0..0,
    shape: 0..0,
};

/// A definition that was read.
struct Read {
    name: String,
    tree: Arc<Tree>,
    nodes: Vec<Node>,
    /// Its methods, if it consists of nothing else.
    methods: Vec<Arc<MethodDef>>,
}

/// All definitions.
pub struct Store {
    tables: Tables,
    context: LowerContext,
    gensym: Gensym,
    /// By file and offset.
    read: BTreeMap<(usize, usize), Read>,
    places: BTreeMap<(usize, usize), Place>,
    pub code: Vec<u8>,
    pub shapes: Vec<u8>,
    heads: BTreeMap<String, u16>,
    types: TypeNames,
    problems: Vec<String>,
}

impl Default for Store {
    fn default() -> Self {
        let mut context = LowerContext::default();
        context.gensym = Gensym::starting_at(FIRST_GENERATED);
        Store {
            tables: Tables::default(),
            context,
            gensym: Gensym::starting_at(2 * FIRST_GENERATED),
            read: BTreeMap::new(),
            places: BTreeMap::new(),
            code: Vec::new(),
            shapes: Vec::new(),
            heads: BTreeMap::new(),
            types: TypeNames::default(),
            problems: Vec::new(),
        }
    }
}

impl Store {
    /// Reads a definition under one of its names.
    pub fn read(&mut self, name: &str, file: usize, found: &Found, path: &str, text: &str) {
        if matches!(found.kind, "Struct" | "Abstract" | "Primitive") {
            self.types.declare(name);
        }
        let key = (file, found.start);
        if self.read.contains_key(&key) {
            return;
        }
        let text = text.get(found.start..found.end).unwrap_or("").as_bytes();
        let parsed = jlift_frontend::parse::parse(text, FileId(0), &mut self.tables);
        let mut tree = parsed.tree;
        let mut problem = parsed.diagnostics.first().map(|d| d.message.clone());
        let mut nodes = Vec::with_capacity(parsed.items.len());
        for node in parsed.items {
            let mut env = Env {
                tables: &mut self.tables,
                gensym: &mut self.gensym,
                source: Source { path, text },
                user: &mut |_, _, _, _| Ok(None),
            };
            match expand_all(&mut tree, node, &mut env) {
                Ok(node) => nodes.push(node),
                Err(error) => problem = Some(error.message),
            }
        }
        let tree = Arc::new(tree);
        let (items, errors) = lower_file(tree.clone(), &nodes, &mut self.context, &mut self.tables);
        let problem = problem.or_else(|| errors.first().map(|e| e.message.clone()));
        if let Some(problem) = problem {
            // The program reads the text and says so.
            self.problems
                .push(format!("{path}: line {}: {problem}", found.line));
            return;
        }
        let mut methods = Vec::new();
        for item in &items {
            match item {
                Item::Method(def) => methods.push(def.clone()),
                _ => {
                    methods.clear();
                    break;
                }
            }
        }
        let name = name.to_string();
        self.read.insert(
            key,
            Read {
                name,
                tree,
                nodes,
                methods,
            },
        );
    }

    /// Writes what was read; gives what is wrong with it.
    pub fn finish(&mut self) -> Vec<String> {
        let mut constants = Vec::new();
        for read in self.read.values() {
            for &node in &read.nodes {
                constants.extend(self.constant(&read.tree, node));
            }
        }
        self.types.aliases(&constants, &self.tables);
        let mut shapes = BTreeMap::new();
        let mut names = BTreeSet::new();
        for (key, read) in &self.read {
            let methods: Vec<&MethodDef> = read.methods.iter().map(Arc::as_ref).collect();
            if let Some(shape) = Shape::of(&read.name, &methods, &self.types, &self.tables) {
                names.extend(shape.names().map(str::to_string));
                shapes.insert(*key, shape);
            }
        }
        self.heads = names.into_iter().zip(0..).collect();
        for (key, read) in &self.read {
            let mut place = NOWHERE;
            let shape = shapes.get(key).and_then(|s| s.bytes(&self.heads));
            let methods = method_codec::encode(&read.methods, &self.tables);
            let (form, code) = match (methods, &shape) {
                (Some(code), Some(shape)) => {
                    place.shape = self.shapes.len()..self.shapes.len() + shape.len();
                    self.shapes.extend_from_slice(shape);
                    ("Methods", code)
                }
                _ => {
                    let code = surface_codec::encode(&read.tree, &read.nodes, &self.tables);
                    ("Tree", code)
                }
            };
            place.form = form;
            place.code = self.code.len()..self.code.len() + code.len();
            self.code.extend_from_slice(&code);
            self.places.insert(*key, place);
        }
        std::mem::take(&mut self.problems)
    }

    /// `const name = value`, `const name{T} = value`.
    fn constant<'t>(&self, tree: &'t Tree, node: Node) -> Option<(String, &'t Tree, Node)> {
        let (Some(Head::Const), [assign]) = (tree.head(node), tree.args(node)) else {
            return None;
        };
        let (Some(Head::Assign), [name, value]) = (tree.head(*assign), tree.args(*assign)) else {
            return None;
        };
        let name = match (tree.head(*name), tree.args(*name)) {
            (Some(Head::Curly), [name, ..]) => *name,
            _ => *name,
        };
        let name = self.tables.names.str(tree.symbol(name)?);
        Some((name.to_string(), tree, *value))
    }

    /// Where the definition at an offset of a file is, as one of a name.
    pub fn place(&self, key: &(usize, usize), name: &str) -> Place {
        let mut place = self.places.get(key).cloned().unwrap_or(NOWHERE);
        // The shape is that of the methods of one name.
        if self.read.get(key).is_none_or(|read| read.name != name) {
            place.shape = 0..0;
        }
        place
    }

    /// The type names in shapes, in the order of their numbers.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.heads.keys().map(String::as_str)
    }
}
