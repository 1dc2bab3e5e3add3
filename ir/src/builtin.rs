//! Julia's builtin functions by name, and three of our own for values whose type is only known at
//! run time. What they do is written where they are verified, lowered or interpreted.
//!
//! A value of an abstract type is a *dynamic value*: a reference to an object whose header names
//! its type. Objects are that themselves; what is no object is first put into one, a
//! `Core.Boxed{T}` with one field.
//!
//! ```text
//! %2 = new Core.Boxed{Int64}(%1)                  %2 and %3 are the same reference; its header
//! %3 = Core.box(%2)::Any                          says from now on that it is an Int64
//! %4 = Core.unbox(%3)::Core.Boxed{Int64}          the reference again, after a test of its type
//! %5 = Core.call_dynamic(7, %3)::Any              what call site 7 of the program calls for it
//! ```

macro_rules! builtins {
    ($($id:ident = $text:literal ($min:literal, $max:literal)),* $(,)?) => {
        /// A builtin function of `Core`.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
        pub enum Builtin { $(#[doc = concat!("`", $text, "`")] $id),* }

        impl Builtin {
            /// All of them.
            pub const ALL: &[Builtin] = &[$(Builtin::$id),*];

            /// The name without module.
            pub fn name(self) -> &'static str {
                match self { $(Builtin::$id => $text),* }
            }

            /// The least and the greatest number of arguments.
            pub fn arity(self) -> (usize, usize) {
                match self { $(Builtin::$id => ($min, $max)),* }
            }

            /// The builtin of this name.
            pub fn from_name(name: &str) -> Option<Builtin> {
                match name { $($text => Some(Builtin::$id),)* _ => None }
            }
        }
    };
}

builtins! {
    GetField = "getfield" (2, 4),
    SetField = "setfield!" (3, 4),
    SwapField = "swapfield!" (3, 4),
    ModifyField = "modifyfield!" (4, 5),
    ReplaceField = "replacefield!" (4, 6),
    Tuple = "tuple" (0, 65535),
    Egal = "===" (2, 2),
    TypeOf = "typeof" (1, 1),
    IsA = "isa" (2, 2),
    IfElse = "ifelse" (3, 3),
    SizeOf = "sizeof" (1, 1),
    ArrayRef = "arrayref" (3, 34),
    ConstArrayRef = "const_arrayref" (3, 34),
    ArraySet = "arrayset" (4, 35),
    ArraySize = "arraysize" (2, 2),
    Throw = "throw" (1, 1),
    NFields = "nfields" (1, 1),
    FieldType = "fieldtype" (2, 3),
    IsDefined = "isdefined" (2, 3),
    TypeAssert = "typeassert" (2, 2),
    Subtype = "<:" (2, 2),
    Svec = "svec" (0, 65535),
    ApplyType = "apply_type" (1, 65535),
    ApplyIterate = "_apply_iterate" (2, 65535),
    CompilerBarrier = "compilerbarrier" (2, 2),
    DoNotDelete = "donotdelete" (0, 65535),
    Finalizer = "finalizer" (2, 4),
    GetGlobal = "getglobal" (2, 3),
    SetGlobal = "setglobal!" (3, 4),
    GetBindingType = "get_binding_type" (2, 2),
    Invoke = "invoke" (2, 65535),
    Applicable = "applicable" (1, 65535),
    Box = "box" (1, 1),
    Unbox = "unbox" (1, 1),
    CallDynamic = "call_dynamic" (1, 65535),
    Expr_ = "_expr" (1, 65535),
    TypeVar_ = "_typevar" (3, 3),
}
