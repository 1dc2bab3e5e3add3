//! The surface tree: Julia's `Expr` with spans. What the parser's concrete tree is converted to,
//! what macros rewrite and what quoting yields; knows nothing of scopes or of what names mean.
//!
//! Heads, argument orders and nesting are those of Julia 1.10's `Meta.parse` (`:call`, `:(=)`,
//! `:function`, `:.`, `:curly`, `:tuple`, `:parameters`, `:kw`, `:...`, `:block`, `:if`, `:for`,
//! `:->`, `:do`, `:where`, `:(::)`, `:macrocall`, `:quote`, `:$`, …) with three exceptions: there
//! are no `LineNumberNode`s in what is parsed (every node has a [`Span`] instead), `macrocall` has its macro name
//! first and its arguments directly after, and `a.b` is `Expr(:., a, QuoteNode(:b))` as in Julia.

use cranelift_entity::{EntityList, PrimaryMap, entity_impl};
use jlift_ir::Name;

/// A node of a [`Tree`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(u32);
entity_impl!(Node, "node");

/// A file of a session; who hands the text to the front end gives the number.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A range of bytes of a file.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

/// A module that a name is looked up in, independent of where the code stands.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Home {
    /// The module that the code is in.
    Current,
    /// `Core`.
    Core,
    /// `Base`.
    Base,
    /// The module with this full name, as macros of a program mention it.
    Module(Name),
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub enum NodeData {
    /// An identifier or operator.
    Symbol(Name),
    /// A name of a fixed module, as macros and desugaring produce it.
    GlobalRef(Home, Name),
    /// A number, `true`, `Char` … up to 64 bits wide: type and zero-extended bits.
    Bits { ty: jlift_ir::Type, bits: u64 },
    /// `Int128` or `UInt128`.
    Wide { ty: jlift_ir::Type, bits: u128 },
    /// A literal integer wider than 128 bits, in decimal digits (`BigInt` in Julia).
    BigInt(Box<str>),
    /// A string without interpolation; any bytes.
    String(Box<[u8]>),
    /// `nothing` as a value.
    Nothing,
    /// A quoted tree that is a value: `QuoteNode`.
    Quote(Node),
    /// A `LineNumberNode` of code that was an object. It means nothing: [`Tree::without_lines`].
    Line { line: u32, file: Name },
    /// A constant that a program put into code: a type, a function.
    Value(jlift_ir::Value),
    /// What stands in a text for a value that has no syntax; only printed.
    Shown(Box<str>),
    /// A head with arguments.
    Expr { head: Head, args: EntityList<Node> },
}

macro_rules! heads {
    ($($id:ident = $text:literal),* $(,)?) => {
        /// The head of an expression.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
        pub enum Head {
            $(#[doc = concat!("`:(", $text, ")`")] $id,)*
            /// Any other head, e.g. an updating operator (`+=`, `.=`) or one that a macro made.
            Other(Name),
        }

        impl Head {
            /// The known heads; their order is that of the declaration.
            pub const KNOWN: &[Head] = &[$(Head::$id),*];

            /// The text of a known head.
            pub fn known_text(self) -> Option<&'static str> {
                match self { $(Head::$id => Some($text),)* Head::Other(_) => None }
            }

            /// The known head of this text.
            pub fn from_text(text: &str) -> Option<Head> {
                match text { $($text => Some(Head::$id),)* _ => None }
            }
        }
    };
}

heads! {
    Call = "call", Dotted = ".", Assign = "=", DotAssign = ".=", Tuple = "tuple", Parameters = "parameters", Kw = "kw",
    Splat = "...", Block = "block", If = "if", ElseIf = "elseif", AndAnd = "&&", OrOr = "||",
    While = "while", For = "for", Break = "break", Continue = "continue", Return = "return",
    Let = "let", Begin = "begin", Function = "function", Arrow = "->", Do = "do", Where = "where",
    Typed = "::", Subtype = "<:", Supertype = ">:", Curly = "curly", Ref = "ref",
    Comparison = "comparison", StringConcat = "string", Macrocall = "macrocall", Macro = "macro",
    Quote = "quote", Interpolate = "$", Struct = "struct", Abstract = "abstract",
    Primitive = "primitive", Const = "const", Global = "global", Local = "local",
    Module = "module", Using = "using", Import = "import", Export = "export", As = "as",
    Colon = ":", Try = "try", Vect = "vect", Vcat = "vcat", Hcat = "hcat", Ncat = "ncat",
    TypedVcat = "typed_vcat", TypedHcat = "typed_hcat", TypedNcat = "typed_ncat", Row = "row", Nrow = "nrow",
    Comprehension = "comprehension", TypedComprehension = "typed_comprehension",
    Generator = "generator", Filter = "filter", Flatten = "flatten", Adjoint = "'",
    Braces = "braces", Bracescat = "bracescat", Inert = "inert", Meta = "meta",
    SymbolicLabel = "symboliclabel", SymbolicGoto = "symbolicgoto", Toplevel = "toplevel",
    Escape = "escape", HygienicScope = "hygienic-scope", Inbounds = "inbounds",
    Boundscheck = "boundscheck", GcPreserve = "gc_preserve", Foreigncall = "foreigncall",
    Isdefined = "isdefined", Doc = "doc", Error = "error", Opaque = "opaque_closure",
    Loopinfo = "loopinfo", CfunctionForm = "cfunction", New = "new", SplatNew = "splatnew",
}

/// All nodes of one file or of one generated piece of code.
#[derive(Clone, Default)]
pub struct Tree {
    nodes: PrimaryMap<Node, (NodeData, Option<Span>)>,
    lists: cranelift_entity::ListPool<Node>,
}

impl Tree {
    /// An empty tree with room for this many nodes.
    pub fn with_capacity(nodes: usize) -> Tree {
        Tree {
            nodes: PrimaryMap::with_capacity(nodes),
            lists: cranelift_entity::ListPool::new(),
        }
    }

    /// A new node.
    pub fn add(&mut self, data: NodeData, span: Option<Span>) -> Node {
        self.nodes.push((data, span))
    }

    /// A new expression.
    pub fn expr(&mut self, head: Head, args: &[Node], span: Option<Span>) -> Node {
        let args = EntityList::from_slice(args, &mut self.lists);
        self.add(NodeData::Expr { head, args }, span)
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes, those of quoted code among them.
    pub fn nodes(&self) -> impl Iterator<Item = Node> {
        self.nodes.keys()
    }

    /// What a node is.
    pub fn data(&self, node: Node) -> &NodeData {
        &self.nodes[node].0
    }

    /// Where a node stands; generated nodes have the place of what they were made from.
    pub fn span(&self, node: Node) -> Option<Span> {
        self.nodes[node].1
    }

    /// The arguments of an expression, none for other nodes.
    pub fn args(&self, node: Node) -> &[Node] {
        match &self.nodes[node].0 {
            NodeData::Expr { args, .. } => args.as_slice(&self.lists),
            _ => &[],
        }
    }

    /// The head of an expression.
    pub fn head(&self, node: Node) -> Option<Head> {
        match self.nodes[node].0 {
            NodeData::Expr { head, .. } => Some(head),
            _ => None,
        }
    }

    /// The same code without line numbers in its blocks, but for what is quoted and remains an object. The nesting was
    /// checked before.
    pub fn without_lines(&mut self, node: Node) -> Node {
        let span = self.span(node);
        match self.nodes[node].0 {
            NodeData::Expr {
                head: Head::Quote, ..
            } => node,
            NodeData::Expr { head, .. } => {
                let args = self.args(node).to_vec();
                let mut kept = Vec::with_capacity(args.len());
                for &arg in &args {
                    let is_line = matches!(self.nodes[arg].0, NodeData::Line { .. });
                    if is_line && matches!(head, Head::Block | Head::Toplevel) {
                        continue;
                    }
                    kept.push(self.without_lines(arg));
                }
                if kept == args {
                    return node;
                }
                self.expr(head, &kept, span)
            }
            _ => node,
        }
    }

    /// The name of a symbol.
    pub fn symbol(&self, node: Node) -> Option<Name> {
        match self.nodes[node].0 {
            NodeData::Symbol(name) => Some(name),
            _ => None,
        }
    }
}
