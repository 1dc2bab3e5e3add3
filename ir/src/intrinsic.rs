//! The functions of Core.Intrinsics by name, with the shape of their arguments. Their meaning is
//! Julia's; results that Julia leaves undefined are undefined here.

/// The shape of an intrinsic's arguments and result, checked by the verifier.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `(T) -> T` on an integer-like primitive.
    IntUnary,
    /// `(T, T) -> T` on an integer-like primitive.
    IntBinary,
    /// `(T, T) -> Bool` on an integer-like primitive.
    IntCompare,
    /// `(T, S) -> T`: the shift count is an unsigned number of any width.
    Shift,
    /// `(T) -> T` on a float.
    FloatUnary,
    /// `(T, T) -> T` on a float.
    FloatBinary,
    /// `(T, T, T) -> T` on a float.
    FloatTernary,
    /// `(T, T) -> Bool` on a float.
    FloatCompare,
    /// `(T, T) -> Tuple{T, Bool}` on an integer.
    CheckedPair,
    /// `(T, T) -> T` on an integer, throwing.
    CheckedDivide,
    /// `(type To, integer) -> To`, an integer of another width.
    IntConvert,
    /// `(type To, float) -> To`, an integer.
    FloatToInt,
    /// `(type To, integer) -> To`, a float.
    IntToFloat,
    /// `(type To, float) -> To`, a float.
    FloatConvert,
    /// `(type To, value) -> To` of the same width.
    Bitcast,
    /// `(Ptr, UInt) -> Ptr`.
    PointerArithmetic,
    /// `(Ptr{T}, Int, Int) -> T`: pointer, 1-based index, alignment.
    PointerLoad,
    /// `(Ptr{T}, T, Int, Int) -> Ptr{T}`.
    PointerStore,
    /// `(Ptr{T}, Symbol) -> T` and the other atomic forms.
    Atomic,
    /// `(type T) -> Bool`.
    HaveFma,
    /// `(Array) -> Int64`.
    ArrayLength,
    /// `(symbol[, type T]) -> Ptr{T}`.
    GlobalAddress,
    /// Not expressible in a static program.
    Refused,
}

macro_rules! intrinsics {
    ($($id:ident = $text:literal $shape:ident ($min:literal, $max:literal)),* $(,)?) => {
        /// A function of Core.Intrinsics.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
        pub enum Intrinsic { $(#[doc = concat!("`", $text, "`")] $id),* }

        impl Intrinsic {
            /// All of them.
            pub const ALL: &[Intrinsic] = &[$(Intrinsic::$id),*];

            /// The name without module.
            pub fn name(self) -> &'static str {
                match self { $(Intrinsic::$id => $text),* }
            }

            /// Arguments and result.
            pub fn shape(self) -> Shape {
                match self { $(Intrinsic::$id => Shape::$shape),* }
            }

            /// The least and the greatest number of arguments.
            pub fn arity(self) -> (usize, usize) {
                match self { $(Intrinsic::$id => ($min, $max)),* }
            }

            /// The intrinsic of this name.
            pub fn from_name(name: &str) -> Option<Intrinsic> {
                match name { $($text => Some(Intrinsic::$id),)* _ => None }
            }
        }
    };
}

intrinsics! {
    NegInt = "neg_int" IntUnary (1, 1),
    NotInt = "not_int" IntUnary (1, 1),
    BswapInt = "bswap_int" IntUnary (1, 1),
    CtpopInt = "ctpop_int" IntUnary (1, 1),
    CtlzInt = "ctlz_int" IntUnary (1, 1),
    CttzInt = "cttz_int" IntUnary (1, 1),
    BitreverseInt = "bitreverse_int" IntUnary (1, 1),
    AddInt = "add_int" IntBinary (2, 2),
    SubInt = "sub_int" IntBinary (2, 2),
    MulInt = "mul_int" IntBinary (2, 2),
    SdivInt = "sdiv_int" IntBinary (2, 2),
    UdivInt = "udiv_int" IntBinary (2, 2),
    SremInt = "srem_int" IntBinary (2, 2),
    UremInt = "urem_int" IntBinary (2, 2),
    AndInt = "and_int" IntBinary (2, 2),
    OrInt = "or_int" IntBinary (2, 2),
    XorInt = "xor_int" IntBinary (2, 2),
    FlipsignInt = "flipsign_int" IntBinary (2, 2),
    EqInt = "eq_int" IntCompare (2, 2),
    NeInt = "ne_int" IntCompare (2, 2),
    SltInt = "slt_int" IntCompare (2, 2),
    UltInt = "ult_int" IntCompare (2, 2),
    SleInt = "sle_int" IntCompare (2, 2),
    UleInt = "ule_int" IntCompare (2, 2),
    ShlInt = "shl_int" Shift (2, 2),
    LshrInt = "lshr_int" Shift (2, 2),
    AshrInt = "ashr_int" Shift (2, 2),
    NegFloat = "neg_float" FloatUnary (1, 1),
    AbsFloat = "abs_float" FloatUnary (1, 1),
    CeilLlvm = "ceil_llvm" FloatUnary (1, 1),
    FloorLlvm = "floor_llvm" FloatUnary (1, 1),
    RintLlvm = "rint_llvm" FloatUnary (1, 1),
    TruncLlvm = "trunc_llvm" FloatUnary (1, 1),
    SqrtLlvm = "sqrt_llvm" FloatUnary (1, 1),
    SqrtLlvmFast = "sqrt_llvm_fast" FloatUnary (1, 1),
    NegFloatFast = "neg_float_fast" FloatUnary (1, 1),
    AddFloat = "add_float" FloatBinary (2, 2),
    SubFloat = "sub_float" FloatBinary (2, 2),
    MulFloat = "mul_float" FloatBinary (2, 2),
    DivFloat = "div_float" FloatBinary (2, 2),
    RemFloat = "rem_float" FloatBinary (2, 2),
    AddFloatFast = "add_float_fast" FloatBinary (2, 2),
    SubFloatFast = "sub_float_fast" FloatBinary (2, 2),
    MulFloatFast = "mul_float_fast" FloatBinary (2, 2),
    DivFloatFast = "div_float_fast" FloatBinary (2, 2),
    RemFloatFast = "rem_float_fast" FloatBinary (2, 2),
    CopysignFloat = "copysign_float" FloatBinary (2, 2),
    FmaFloat = "fma_float" FloatTernary (3, 3),
    MuladdFloat = "muladd_float" FloatTernary (3, 3),
    EqFloat = "eq_float" FloatCompare (2, 2),
    NeFloat = "ne_float" FloatCompare (2, 2),
    LtFloat = "lt_float" FloatCompare (2, 2),
    LeFloat = "le_float" FloatCompare (2, 2),
    FpisEq = "fpiseq" FloatCompare (2, 2),
    EqFloatFast = "eq_float_fast" FloatCompare (2, 2),
    NeFloatFast = "ne_float_fast" FloatCompare (2, 2),
    LtFloatFast = "lt_float_fast" FloatCompare (2, 2),
    LeFloatFast = "le_float_fast" FloatCompare (2, 2),
    CheckedSaddInt = "checked_sadd_int" CheckedPair (2, 2),
    CheckedUaddInt = "checked_uadd_int" CheckedPair (2, 2),
    CheckedSsubInt = "checked_ssub_int" CheckedPair (2, 2),
    CheckedUsubInt = "checked_usub_int" CheckedPair (2, 2),
    CheckedSmulInt = "checked_smul_int" CheckedPair (2, 2),
    CheckedUmulInt = "checked_umul_int" CheckedPair (2, 2),
    CheckedSdivInt = "checked_sdiv_int" CheckedDivide (2, 2),
    CheckedUdivInt = "checked_udiv_int" CheckedDivide (2, 2),
    CheckedSremInt = "checked_srem_int" CheckedDivide (2, 2),
    CheckedUremInt = "checked_urem_int" CheckedDivide (2, 2),
    SextInt = "sext_int" IntConvert (2, 2),
    ZextInt = "zext_int" IntConvert (2, 2),
    TruncInt = "trunc_int" IntConvert (2, 2),
    FpToUi = "fptoui" FloatToInt (2, 2),
    FpToSi = "fptosi" FloatToInt (2, 2),
    UiToFp = "uitofp" IntToFloat (2, 2),
    SiToFp = "sitofp" IntToFloat (2, 2),
    FpTrunc = "fptrunc" FloatConvert (2, 2),
    FpExt = "fpext" FloatConvert (2, 2),
    Bitcast = "bitcast" Bitcast (2, 2),
    AddPtr = "add_ptr" PointerArithmetic (2, 2),
    SubPtr = "sub_ptr" PointerArithmetic (2, 2),
    PointerRef = "pointerref" PointerLoad (3, 3),
    PointerSet = "pointerset" PointerStore (4, 4),
    AtomicFence = "atomic_fence" Atomic (1, 1),
    AtomicPointerRef = "atomic_pointerref" Atomic (2, 2),
    AtomicPointerSet = "atomic_pointerset" Atomic (3, 3),
    AtomicPointerSwap = "atomic_pointerswap" Atomic (3, 3),
    AtomicPointerModify = "atomic_pointermodify" Atomic (4, 4),
    AtomicPointerReplace = "atomic_pointerreplace" Atomic (5, 5),
    HaveFma = "have_fma" HaveFma (1, 1),
    ArrayLen = "arraylen" ArrayLength (1, 1),
    Cglobal = "cglobal" GlobalAddress (1, 2),
    CglobalAuto = "cglobal_auto" GlobalAddress (1, 2),
    Llvmcall = "llvmcall" Refused (1, 65535),
}
