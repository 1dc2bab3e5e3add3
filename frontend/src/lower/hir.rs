//! The tree between the surface and lowered code: desugared, scopes explicit, names first
//! unresolved ([`H::Name`]), after scope analysis variables. Only a data structure; it knows
//! neither what makes it nor what reads it.

use crate::lowered::{CodeHints, TypeVar};
use crate::surface::{Home, Node, Span};
use cranelift_entity::{EntityList, ListPool, PrimaryMap, entity_impl};
use hashbrown::HashMap;
use jlift_ir::{Name, Value};

/// A node of a [`Hir`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hx(u32);
entity_impl!(Hx, "h");

/// A value that is computed once and used where its computation dominates.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Temp(u32);
entity_impl!(Temp, "temp");

/// A local variable.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Var(u32);
entity_impl!(Var, "var");

/// A function body: the outermost one or that of a closure.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LambdaId(u32);
entity_impl!(LambdaId, "lambda");

/// A `where` variable of a lambda.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StaticVar(u32);
entity_impl!(StaticVar, "static");

/// A closure type: all methods of one local function, or one anonymous function.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group(u32);
entity_impl!(Group, "group");

/// A `ccall`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ForeignId(u32);
entity_impl!(ForeignId, "foreign");

/// A list of nodes in a [`Hir`].
pub type List = EntityList<Hx>;

/// What a `break` leaves.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Exit {
    /// The innermost loop.
    Loop,
    /// The body of the innermost loop: `continue`.
    Iteration,
}

/// A node. "Value" is what the node evaluates to; nodes without one evaluate to `nothing`.
#[derive(Clone, Debug)]
pub enum H {
    /// A name that scope analysis replaces by one of the next three.
    Name(Name),
    Var(Var),
    Static(StaticVar),
    Global(Home, Name),
    Temp(Temp),
    Const(Value),
    /// A type expression for inference.
    TypeExpr(Node),
    /// Callee and arguments.
    Call(List),
    /// Type and field values.
    New(List),
    SplatNew(Hx, Hx),
    Foreign(ForeignId),
    SetTemp(Temp, Hx),
    /// Target and value; evaluates to the value (before any conversion).
    Assign(Hx, Hx),
    /// Declares the type of a local variable: name and type.
    TypeDecl(Hx, Hx),
    /// Evaluates all, to the last one.
    Seq(List),
    If(Hx, Hx, Hx),
    AndAnd(Hx, Hx),
    OrOr(Hx, Hx),
    /// Condition and body.
    While(Hx, Hx),
    /// Body and condition.
    DoWhile(Hx, Hx),
    /// A body that [`H::Break`] leaves.
    Breakable(Exit, Hx),
    Break(Exit),
    Return(Hx),
    /// A scope for the variables that are declared or first assigned in it; `hard` ones never
    /// ask whether a global of that name exists.
    Scope {
        hard: bool,
        body: Hx,
    },
    Local(Name),
    GlobalDecl(Name),
    /// A local variable with this name must exist: `for outer i`.
    Outer(Name),
    /// An instance of a closure.
    Closure(LambdaId),
    /// Adds methods to the local function with this name.
    FuncDef(Hx, Vec<LambdaId>),
    /// As resolved: the variable of the function and its group.
    FuncDefOf(Hx, Group),
    /// As resolved: an anonymous function.
    ClosureOf(Group),
    /// Body, handler, code after a body without exception.
    TryCatch(Hx, Hx, Option<Hx>),
    /// Body and code that runs in any case.
    TryFinally(Hx, Hx),
    TheException,
    Label(Name),
    Goto(Name),
    Inbounds(bool),
    Loopinfo(Name),
    BoundsCheck,
    IsDefined(Hx),
    GcBegin(List),
    GcEnd(Hx),
}

/// A parameter of a lambda.
#[derive(Clone, Debug)]
pub struct HParam {
    pub name: Name,
    pub ty: Option<Node>,
    pub vararg: bool,
}

/// How a closure's method is called.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum LambdaKind {
    /// The body of a method that is no closure, or top-level code.
    Outermost,
    /// Slot 0 is the closure.
    Closure,
    /// A `kwcall` method; slot 2 is the closure.
    Keywords,
}

/// A function body with its signature.
pub struct Lambda {
    pub kind: LambdaKind,
    pub name: Name,
    /// What slot 0 is called; `None` for top-level code, which has no such slot.
    pub self_name: Option<Name>,
    pub params: Vec<HParam>,
    pub type_vars: Vec<TypeVar>,
    /// The declared type of the result.
    pub ret: Option<Hx>,
    pub body: Hx,
    pub hints: CodeHints,
    pub keywords: Vec<Name>,
    pub span: Option<Span>,
    pub generated: bool,
    /// Filled by scope analysis.
    pub scoped: ScopedLambda,
}

/// What scope analysis finds of a lambda.
#[derive(Default)]
pub struct ScopedLambda {
    /// Slot 0 and the parameters.
    pub args: Vec<Var>,
    /// The `where` variables of [`Lambda::type_vars`].
    pub statics: Vec<StaticVar>,
    /// Variables of enclosing lambdas, in the order of appearance, and where that was.
    pub captures: Vec<(Var, Option<Span>)>,
    /// Variables of the body outside of other scopes.
    pub vars: Vec<Var>,
    /// `where` variables of enclosing lambdas.
    pub outer_statics: Vec<StaticVar>,
}

/// A local variable.
pub struct VarData {
    pub name: Name,
    pub lambda: LambdaId,
    pub is_arg: bool,
    /// Declared type.
    pub ty: Option<Hx>,
    /// Number of assignments that are not definitions of a local function.
    pub assigned: u32,
    pub func_defs: u32,
    /// The closure type if it is a local function.
    pub group: Option<Group>,
    /// Used by a closure (other than itself).
    pub captured: bool,
    pub boxed: bool,
    /// May be read by its own lambda before it is assigned.
    pub maybe_undefined: bool,
    /// May be unassigned when a closure captures it.
    pub undefined_in_closure: bool,
    /// The assignment that makes it boxed.
    pub reassigned: Option<Span>,
    /// Declared inside of a loop.
    pub in_loop: bool,
}

/// A closure type.
pub struct GroupData {
    pub name: Name,
    pub lambdas: Vec<LambdaId>,
    /// The variable that holds it, if it is a local function that is assigned nothing else.
    pub self_var: Option<Var>,
}

/// A C call. `symbol`, `args` and `roots` are values.
pub struct Foreign {
    pub symbol: Hx,
    pub ret: Node,
    pub params: Vec<Node>,
    pub variadic_from: u32,
    pub convention: Name,
    pub args: List,
    pub roots: List,
}

/// A desugared body with everything in it.
#[derive(Default)]
pub struct Hir {
    nodes: PrimaryMap<Hx, H>,
    spans: PrimaryMap<Hx, Option<Span>>,
    pub lists: ListPool<Hx>,
    pub temps: u32,
    pub vars: PrimaryMap<Var, VarData>,
    pub lambdas: PrimaryMap<LambdaId, Lambda>,
    /// `where` variables and the lambdas that bind them.
    pub statics: PrimaryMap<StaticVar, (Name, LambdaId)>,
    pub groups: PrimaryMap<Group, GroupData>,
    pub foreign: PrimaryMap<ForeignId, Foreign>,
    /// The variables of each scope, by its node.
    pub scope_vars: HashMap<Hx, Vec<Var>>,
    /// Whether the node or anything in it (closures excepted) assigns a variable.
    assigns: PrimaryMap<Hx, bool>,
}

impl Hir {
    /// A new node.
    pub fn add(&mut self, node: H, span: Option<Span>) -> Hx {
        let mut assigns = matches!(node, H::Assign(..) | H::FuncDef(..));
        if !assigns {
            self.children(&node, &mut |child| assigns |= self.assigns[child]);
        }
        self.assigns.push(assigns);
        self.spans.push(span);
        self.nodes.push(node)
    }

    /// A list of nodes.
    pub fn list(&mut self, items: &[Hx]) -> List {
        List::from_slice(items, &mut self.lists)
    }

    /// A node.
    pub fn node(&self, h: Hx) -> &H {
        &self.nodes[h]
    }

    /// Replaces a node.
    pub fn set(&mut self, h: Hx, node: H) {
        self.nodes[h] = node;
    }

    /// Where a node stands.
    pub fn span(&self, h: Hx) -> Option<Span> {
        self.spans[h]
    }

    /// Whether evaluating the node may assign a variable.
    pub fn assigns(&self, h: Hx) -> bool {
        self.assigns[h]
    }

    /// A variable that the source does not name.
    pub fn fresh_var(&mut self, name: Name, lambda: LambdaId) -> Var {
        self.vars.push(VarData::new(name, lambda, false))
    }

    /// A new temporary.
    pub fn fresh_temp(&mut self) -> Temp {
        self.temps += 1;
        Temp(self.temps - 1)
    }

    /// Calls `f` with the parts of a node in order of evaluation; lambdas are not entered.
    pub fn children(&self, node: &H, f: &mut dyn FnMut(Hx)) {
        match node {
            H::Call(list) | H::New(list) | H::Seq(list) | H::GcBegin(list) => {
                list.as_slice(&self.lists).iter().copied().for_each(f);
            }
            H::Foreign(id) => {
                let foreign = &self.foreign[*id];
                f(foreign.symbol);
                for list in [&foreign.args, &foreign.roots] {
                    list.as_slice(&self.lists).iter().copied().for_each(&mut *f);
                }
            }
            H::SetTemp(_, a)
            | H::Breakable(_, a)
            | H::Return(a)
            | H::Scope { body: a, .. }
            | H::IsDefined(a)
            | H::GcEnd(a)
            | H::FuncDef(a, _)
            | H::FuncDefOf(a, _) => f(*a),
            H::SplatNew(a, b)
            | H::Assign(a, b)
            | H::TypeDecl(a, b)
            | H::AndAnd(a, b)
            | H::OrOr(a, b)
            | H::While(a, b)
            | H::DoWhile(a, b)
            | H::TryFinally(a, b) => {
                f(*a);
                f(*b);
            }
            H::If(a, b, c) => {
                f(*a);
                f(*b);
                f(*c);
            }
            H::TryCatch(a, b, c) => {
                f(*a);
                f(*b);
                c.iter().copied().for_each(f);
            }
            H::Name(_)
            | H::Var(_)
            | H::Static(_)
            | H::Global(..)
            | H::Temp(_)
            | H::Const(_)
            | H::TypeExpr(_)
            | H::Break(_)
            | H::Local(_)
            | H::GlobalDecl(_)
            | H::Outer(_)
            | H::Closure(_)
            | H::ClosureOf(_)
            | H::TheException
            | H::Label(_)
            | H::Goto(_)
            | H::Inbounds(_)
            | H::Loopinfo(_)
            | H::BoundsCheck => {}
        }
    }
}

impl VarData {
    /// A variable without assignments.
    pub fn new(name: Name, lambda: LambdaId, is_arg: bool) -> VarData {
        VarData {
            name,
            lambda,
            is_arg,
            ty: None,
            assigned: 0,
            func_defs: 0,
            group: None,
            captured: false,
            boxed: false,
            maybe_undefined: false,
            undefined_in_closure: false,
            reassigned: None,
            in_loop: false,
        }
    }
}
