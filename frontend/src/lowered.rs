//! Lowered code: what a method body or a top-level expression is after macros, desugaring, scope
//! analysis and closure conversion. A linear list of statements over slots, like Julia's
//! `CodeInfo`; inference reads it. Knows nothing of types beyond the expressions that name them.
//!
//! Invariants: operands that are [`Operand::Ssa`] refer to earlier statements; slot 0 is the callee
//! itself, slots `1..params` the arguments (the last one a tuple if `vararg`); jump targets are
//! statement indices smaller than `stmts.len()`; the last statement is a return or a jump.

use crate::surface::{Home, Node, Span, Tree};
use cranelift_entity::{PrimaryMap, entity_impl};
use jlift_ir::{Name, Value};
use std::sync::Arc;

/// The name that stands for the module which code is in, as a value.
pub const THIS_MODULE: &str = "#module#";

/// A slot: argument or local variable.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u32);
entity_impl!(Slot, "slot");

/// A statement of a [`Code`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StmtId(u32);
entity_impl!(StmtId, "stmt");

/// A closure type that a [`Code`] makes instances of.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClosureId(u32);
entity_impl!(ClosureId, "closure");

/// What is known of a slot without inference.
#[derive(Clone, Debug)]
pub struct SlotInfo {
    /// As in the source; generated ones have names that no source can contain.
    pub name: Name,
    /// May be read before it is assigned on some path (a read needs a check).
    pub maybe_undefined: bool,
}

/// An operand: evaluating it has no effect, but a global or slot may be undefined.
#[derive(Clone, PartialEq, Debug)]
pub enum Operand {
    /// The value of a statement.
    Ssa(StmtId),
    /// The current value of a slot.
    Slot(Slot),
    /// A binding of a module; [`THIS_MODULE`] is the module itself.
    Global(Home, Name),
    /// The static parameter with this index into `static_params`.
    StaticParam(u32),
    /// A literal: `Value::Imm`, `Instance(Nothing)`, or a symbol, string or wide `Const` that the
    /// caller's tables hold.
    Const(Value),
}

/// What a statement computes.
#[derive(Clone, PartialEq, Debug)]
pub enum Rvalue {
    /// The operand.
    Use(Operand),
    /// A generic call. Splatting is `Core._apply_iterate(Base.iterate, f, tuple, …)`, keywords are
    /// `Core.kwcall(named_tuple, f, args…)`, as in Julia's lowering.
    Call {
        callee: Operand,
        args: Vec<Operand>,
    },
    /// `new(T, fields…)` inside an inner constructor; `ty` evaluates to the type.
    New {
        ty: Operand,
        args: Vec<Operand>,
    },
    /// `new(T, tuple…)`.
    SplatNew {
        ty: Operand,
        tuple: Operand,
    },
    /// An instance of a closure type with its captured values in order of
    /// [`ClosureDef::captures`].
    NewClosure {
        closure: ClosureId,
        captures: Vec<Operand>,
    },
    /// A call of a C function. The types are evaluated with the static parameters in scope.
    Foreigncall {
        /// A symbol or string constant, a `(symbol, library)` tuple of constants, or a pointer.
        symbol: Operand,
        /// The type expressions.
        ret: Node,
        params: Vec<Node>,
        variadic_from: u32,
        convention: Name,
        /// Results of `cconvert` and `unsafe_convert`.
        args: Vec<Operand>,
        /// Results of `cconvert`, kept alive during the call.
        roots: Vec<Operand>,
    },
    /// Whether a slot, static parameter or global is defined.
    IsDefined(Operand),
    /// Whether bounds are to be checked here: `@boundscheck`'s condition.
    BoundsCheck,
    /// The exception being handled.
    TheException,
    /// Keeps the operands alive until the matching end; the value is a token.
    GcPreserveBegin(Vec<Operand>),
    GcPreserveEnd(Operand),
    /// The value of a type expression that inference evaluates (declared types of locals,
    /// `x::T` where `T` is not a plain name).
    TypeExpr(Node),
}

/// A statement.
#[derive(Clone, PartialEq, Debug)]
pub enum Stmt {
    /// Computes a value that later statements name by [`Operand::Ssa`].
    Value(Rvalue),
    /// Assigns a slot. The statement itself has no value.
    Assign(Slot, Rvalue),
    /// Assigns a global of the current module (or of the given home). The value is converted if the
    /// global has a declared type ([`Item::GlobalType`]).
    AssignGlobal(Home, Name, Operand),
    Goto(StmtId),
    /// Continues with the next statement if the condition is true. A condition that is no `Bool`
    /// is a `TypeError`.
    GotoIfNot(Operand, StmtId),
    Return(Operand),
    /// Enters a protected region whose handler starts at the target; the value is a token. The
    /// handler is still inside the region: its first statement is `Leave(1)`, as in Julia.
    Enter(StmtId),
    /// Leaves this many protected regions.
    Leave(u32),
    /// Ends the handling of the exception of the region entered by the token: what `TheException`
    /// is is again what it was there. Nothing happens if the region ended without an exception.
    PopException(StmtId),
    /// Makes a slot undefined (the start of the scope of a variable in a loop).
    Newvar(Slot),
    /// `@inbounds` begins (`true`) or ends (`false`). What is between holds for statements in the
    /// order of their numbers, whatever jumps there are, as in Julia.
    Inbounds(bool),
    /// A hint on the loop that this statement ends, e.g. `simd`, `ivdep`.
    Loopinfo(Name),
    /// No effect; left where something was removed.
    Nop,
}

/// Requests by macros on a whole body.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct CodeHints {
    pub inline: bool,
    pub noinline: bool,
    /// `Base.@propagate_inbounds`.
    pub propagate_inbounds: bool,
    /// `Base.@constprop :aggressive` or `@pure`.
    pub constprop: bool,
    /// Every floating-point operation may be reassociated (`@fastmath` on the whole body is
    /// expanded to the `_fast` functions instead; this is for `@simd` reductions).
    pub nospecialize: bool,
}

/// A lowered body.
#[derive(Clone)]
pub struct Code {
    pub slots: PrimaryMap<Slot, SlotInfo>,
    /// Number of argument slots, the callee itself included; 0 for top-level code, which has
    /// neither callee nor arguments.
    pub params: u32,
    /// The last argument slot holds the tuple of all remaining arguments.
    pub vararg: bool,
    /// Names of the static parameters that [`Operand::StaticParam`] counts: of a closure's method
    /// first [`ClosureDef::static_params`], then its own `where` variables.
    pub static_params: Vec<Name>,
    pub stmts: PrimaryMap<StmtId, Stmt>,
    /// Where each statement stands.
    pub spans: PrimaryMap<StmtId, Option<Span>>,
    /// The closures of this body, in the order of their appearance.
    pub closures: PrimaryMap<ClosureId, ClosureDef>,
    pub hints: CodeHints,
    /// The tree that [`Node`]s of this code belong to.
    pub tree: Arc<Tree>,
}

/// A closure type: `struct NAME{static params…, captures…} <: Function`.
#[derive(Clone)]
pub struct ClosureDef {
    /// Unique within the session, e.g. `#f#12`.
    pub name: Name,
    /// Static parameters of the enclosing methods that the closure uses: leading type parameters.
    pub static_params: Vec<Name>,
    /// Captured variables: one field each, whose type is a type parameter.
    pub captures: Vec<Capture>,
    /// Its methods. Bodies read captured variables by `getfield(slot 0, :name)`.
    pub methods: Vec<Arc<MethodDef>>,
}

/// A captured variable.
#[derive(Clone, Debug)]
pub struct Capture {
    pub name: Name,
    /// Assigned after capture: the field holds a `Core.Box` that both sides share.
    pub boxed: bool,
    /// Where the variable was captured, and where the assignment stands that makes it boxed.
    pub span: Option<Span>,
    pub reassigned: Option<Span>,
}

/// What a method belongs to.
#[derive(Clone, PartialEq, Debug)]
pub enum MethodOwner {
    /// The generic function with this name in a module; made if it does not exist. The node is the
    /// name as written (`f`, `Base.show`).
    Function(Node),
    /// Instances of a type: `(p::Poly)(x)`, or constructors `(::Type{T})(x)`; the node is the type
    /// expression of the callee, in terms of the static parameters.
    Callable(Node),
    /// A method of the closure that holds it: slot 0 is the closure.
    Closure,
    /// A method of `Core.kwcall` for the closure that holds it: slot 0 is `kwcall`, slot 1 the named
    /// tuple of keywords, slot 2 the closure.
    ClosureKeywords,
}

/// A type variable of a `where` clause.
#[derive(Clone, Debug)]
pub struct TypeVar {
    pub name: Name,
    /// Type expressions of the bounds.
    pub lower: Option<Node>,
    pub upper: Option<Node>,
}

/// A parameter of a method.
#[derive(Clone, Debug)]
pub struct ParamDef {
    /// Empty for `::T`.
    pub name: Name,
    /// The type expression, `Any` if none.
    pub ty: Option<Node>,
    /// `x...`, possibly `x::T...`.
    pub vararg: bool,
}

/// A method. The body is lowered when it is first needed: [`crate::lower_body`].
///
/// Optional arguments and keywords are gone: the front end makes methods for them, as Julia does
/// (`f(a) = f(a, default)`; `Core.kwcall(kw, f, args…)` and a body method `#f#7(k…, f, args…)`).
#[derive(Clone)]
pub struct MethodDef {
    pub owner: MethodOwner,
    /// For messages and stack traces, e.g. `f`.
    pub name: Name,
    /// What the body calls the callee itself (slot 0): `p` of `(p::Poly)(x)`, else `#self#`.
    pub self_name: Name,
    pub tree: Arc<Tree>,
    /// `where` variables, outermost first. Those of a closure's method do not hold the type
    /// parameters of the closure, which the static parameters of its code begin with.
    pub type_vars: Vec<TypeVar>,
    /// Without the callee itself.
    pub params: Vec<ParamDef>,
    /// The body with everything around it desugared.
    pub body: MethodBody,
    /// Names of the keyword arguments, if this is the `kwcall` method (for messages).
    pub keywords: Vec<Name>,
    pub span: Option<Span>,
    /// Generated from the same definition as a method that the user wrote.
    pub generated: bool,
}

/// The body of a method.
#[derive(Clone)]
pub enum MethodBody {
    /// Not yet lowered; the node is an expression of the method's tree.
    Surface(Node),
    /// Lowered (closures are, with the body that holds them).
    Code(Arc<Code>),
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct FieldDef {
    pub name: Name,
    pub ty: Option<Node>,
    pub is_const: bool,
}

/// A type declaration.
#[derive(Clone)]
pub struct TypeDef {
    pub name: Name,
    pub kind: TypeDefKind,
    pub tree: Arc<Tree>,
    pub params: Vec<TypeVar>,
    /// The supertype expression, `Any` if none.
    pub supertype: Option<Node>,
    /// Inner constructors; where none are written, the front end makes Julia's default ones.
    pub constructors: Vec<Arc<MethodDef>>,
    pub span: Option<Span>,
}

/// The kind of a type declaration.
#[derive(Clone)]
pub enum TypeDefKind {
    Struct {
        mutable: bool,
        /// How many fields every `new` gives, from the first on.
        initialized: u32,
        fields: Vec<FieldDef>,
    },
    Abstract,
    Primitive {
        bits: Node,
    },
}

/// `using A.B: x as y`, `import A`, …
#[derive(Clone, Debug)]
pub struct ImportDef {
    /// `using` brings exported names, `import` allows extending.
    pub using: bool,
    /// Leading dots of the path; 0 for an absolute path.
    pub dots: u32,
    pub path: Vec<Name>,
    /// `None` imports the module itself (and, for `using`, its exports); otherwise the listed
    /// names with their local names.
    pub names: Option<Vec<(Name, Name)>>,
    /// Local name of the module itself (`import A as B`).
    pub alias: Option<Name>,
    pub span: Option<Span>,
}

/// One top-level item, in order of execution.
#[derive(Clone)]
pub enum Item {
    /// Runs and, at the end of a file, is of interest for its effects only.
    Thunk(Arc<Code>),
    /// `const NAME = …`: runs the thunk and binds its value.
    Const {
        name: Name,
        code: Arc<Code>,
        span: Option<Span>,
    },
    /// `x::T` or the declaration in `x::T = …` of a global: assignments to it convert.
    GlobalType {
        name: Name,
        ty: Node,
        tree: Arc<Tree>,
        span: Option<Span>,
    },
    Method(Arc<MethodDef>),
    /// `function f end`.
    Function {
        name: Node,
        tree: Arc<Tree>,
    },
    Type(Arc<TypeDef>),
    Module {
        name: Name,
        bare: bool,
        items: Vec<Item>,
        span: Option<Span>,
    },
    Import(ImportDef),
    Export(Vec<Name>),
    /// `if` at top level whose branches hold definitions: runs the condition, then one branch.
    If {
        cond: Arc<Code>,
        then_items: Vec<Item>,
        else_items: Vec<Item>,
    },
    /// `include("path")` with a literal or computable path.
    Include {
        path: Arc<Code>,
        span: Option<Span>,
    },
    /// `Base.@ccallable` on the method before: an export with these types.
    CCallable {
        name: Name,
        ret: Node,
        params: Vec<Node>,
        tree: Arc<Tree>,
        span: Option<Span>,
    },
}
