//! The mutations: which there are, and what each does.

use crate::Entry;

macro_rules! mutations {
    ($($variant:ident $name:literal $place:literal $what:literal;)*) => {
        /// A deliberate miscompile.
        #[derive(Copy, Clone, PartialEq, Eq, Debug)]
        pub enum Mutation {
            $(#[doc = $what] $variant,)*
        }

        /// All of them.
        pub const ALL: &[Entry] = &[$(Entry {
            mutation: Mutation::$variant,
            name: $name,
            place: $place,
            what: $what,
        },)*];
    };
}

mutations! {
    LowerSubSwapped "lower-sub-swapped" "lower"
        "the operands of a subtraction exchanged";
    LowerSltUnsigned "lower-slt-unsigned" "lower"
        "a signed `<` compares without sign";
    LowerAshrLogical "lower-ashr-logical" "lower"
        "an arithmetic shift loses the sign";
    LowerDivisionUnsigned "lower-division-unsigned" "lower"
        "a signed division divides without sign";
    LowerShiftBound "lower-shift-bound" "lower"
        "a shift by exactly the width is left to the machine";
    LowerNeOrdered "lower-ne-ordered" "lower"
        "`!=` of floats is false where one is NaN";
    LowerOverflowFlag "lower-overflow-flag" "lower"
        "the overflow of a signed sum is that of the unsigned one";
    LowerWideOverflow "lower-wide-overflow" "lower"
        "no 128-bit product overflows through its high halves";
    LowerFloorTruncates "lower-floor-truncates" "lower"
        "rounding down rounds toward zero";
    LowerSextZero "lower-sext-zero" "lower"
        "a sign extension extends with zeros";
    LowerUnsignedToFloat "lower-unsigned-to-float" "lower"
        "an unsigned number becomes a float as a signed one";
    LowerSmallUnsignedSaturates "lower-small-unsigned-saturates" "lower"
        "a float becomes a small unsigned number through a signed one of its width";
    LowerEgalByValue "lower-egal-by-value" "lower"
        "`===` of floats compares their values";
    LowerSelectSwapped "lower-select-swapped" "lower"
        "the two sides of a choice exchanged";
    LowerFieldOffset "lower-field-offset" "lower"
        "a field of an object in memory is read from the place before it";
    LowerHeapFieldOffset "lower-heap-field-offset" "lower"
        "a field of a heap object is read from the place before it";
    LowerUnionTag "lower-union-tag" "lower"
        "a member becomes a union with the tag of the first one";
    LowerUnionMap "lower-union-map" "lower"
        "a union becomes a wider one with its tags unchanged";
    LowerRetainDropped "lower-retain-dropped" "lower"
        "no reference is counted up";
    LowerReleaseDropped "lower-release-dropped" "lower"
        "no reference of an argument of `release` is counted down";
    LowerReleaseEarly "lower-release-early" "lower"
        "an object is freed when one reference is left";
    LowerCleanupDropped "lower-cleanup-dropped" "lower"
        "a failing call releases nothing";
    LowerPhiEdge "lower-phi-edge" "lower"
        "two values of one type on an edge exchanged";
    LowerPhiCopiesInOrder "lower-phi-copies-in-order" "lower"
        "phis in memory are copied one after the other";
    LowerBranchNotInverted "lower-branch-not-inverted" "lower"
        "a branch whose ways are exchanged keeps its condition";
    LowerHandlerOuter "lower-handler-outer" "lower"
        "a failure goes to the outermost handler";
    LowerUpsilonLost "lower-upsilon-lost" "lower"
        "what a handler is to see is not stored";
    LowerStatusIgnored "lower-status-ignored" "lower"
        "a call that failed is taken for one that returned";
    LowerArraySecondIndex "lower-array-second-index" "lower"
        "the second index of an array counts from zero";
    LowerBoolFromMemory "lower-bool-from-memory" "lower"
        "a Bool from memory keeps all bits of its byte";
    OptimizeMuladdFused "optimize-muladd-fused" "optimize"
        "a product and a sum rounded once where the processor rounds twice";
    OptimizeDivisionOverflow "optimize-division-overflow" "optimize"
        "`typemin ÷ -1` is not checked";
    OptimizeDivisionByZero "optimize-division-by-zero" "optimize"
        "a divisor of zero is not checked";
    OptimizeBoundsOffByOne "optimize-bounds-off-by-one" "optimize"
        "the index behind the last is in bounds";
    OptimizeBoundsSigned "optimize-bounds-signed" "optimize"
        "an index of zero or less is in bounds";
    OptimizeUndefinedField "optimize-undefined-field" "optimize"
        "a field that may be undefined is read unchecked";
    OptimizeDceStore "optimize-dce-store" "optimize"
        "a store whose result is unused goes";
    OptimizeDceThrow "optimize-dce-throw" "optimize"
        "a division that may throw goes when its result is unused";
    OptimizeGvnAcrossStore "optimize-gvn-across-store" "optimize"
        "a load is the same as an earlier one, whatever was stored between";
    OptimizeGvnMutableField "optimize-gvn-mutable-field" "optimize"
        "a field of a mutable object is the same whenever it is read";
    OptimizeGvnCommutes "optimize-gvn-commutes" "optimize"
        "a subtraction is the same with its operands exchanged";
    OptimizeSpeculatedDivision "optimize-speculated-division" "optimize"
        "a division that may trap is executed where it was not";
    OptimizeHoistedMutableField "optimize-hoisted-mutable-field" "optimize"
        "a field of a mutable object is read before the loop that changes it";
    OptimizeHoistedTooFar "optimize-hoisted-too-far" "optimize"
        "a field is read before the object is there";
    OptimizeInlinedArgument "optimize-inlined-argument" "optimize"
        "the first two arguments of an inlined call exchanged";
    OptimizeInlinedReturns "optimize-inlined-returns" "optimize"
        "an inlined function always returns what its first `return` does";
    OptimizeThreadedWrong "optimize-threaded-wrong" "optimize"
        "an edge that decides a branch is led the other way";
    OptimizeUnrolledStart "optimize-unrolled-start" "optimize"
        "the copy of a doubled loop begins with what the original began with";
    OptimizeRecordNotKept "optimize-record-not-kept" "optimize"
        "a handler forgets that what it calls may catch something";
    OptimizeImpliedBound "optimize-implied-bound" "optimize"
        "`x <= n` says of `x` what `x < n` says";
    OptimizeImpliedOrder "optimize-implied-order" "optimize"
        "what holds with sign is believed without";
    OptimizeImpliedByOr "optimize-implied-by-or" "optimize"
        "of an `or` being true, that both of its sides are";
    OptimizeInverseWithNan "optimize-inverse-with-nan" "optimize"
        "not `<` of floats is `<=` the other way round";
    OptimizePlusZero "optimize-plus-zero" "optimize"
        "`x + 0.0` is `x`";
    OptimizeShiftFolded "optimize-shift-folded" "optimize"
        "a shift by one less than the width gives zero";
    OptimizeConstantsOfSubtractions "optimize-constants-of-subtractions" "optimize"
        "`(x - c) - d` is `x - (c - d)`";
    OptimizeExtensionOfExtension "optimize-extension-of-extension" "optimize"
        "a sign extension of a zero extension extends the sign";
    OptimizeSafeDivisor "optimize-safe-divisor" "optimize"
        "a division by -1 is taken for one that cannot overflow";
    OptimizePartOfObject "optimize-part-of-object" "optimize"
        "the parts of an object that is split are all its first one";
    OptimizeIfConvertedSwapped "optimize-if-converted-swapped" "optimize"
        "a branch becomes a choice of the other side";
    OptimizeLoadNotRetained "optimize-load-not-retained" "optimize"
        "a loaded reference is owned without being counted";
    OptimizeUnusedNotReleased "optimize-unused-not-released" "optimize"
        "what nobody uses is not released";
    OptimizeLastUseNotReleased "optimize-last-use-not-released" "optimize"
        "what is used for the last time is not released";
    OptimizeKeptByHandler "optimize-kept-by-handler" "optimize"
        "a failing call releases what its handler needs";
    OptimizeEdgeNotReleased "optimize-edge-not-released" "optimize"
        "what lives on one way only is not released on the other";
    OptimizeMovedWhileAlive "optimize-moved-while-alive" "optimize"
        "an operand that lives on is moved";
    OptimizePairsAcrossDrop "optimize-pairs-across-drop" "optimize"
        "a retain and a release cancel each other across a call";
    OptimizeBorrowAcrossStore "optimize-borrow-across-store" "optimize"
        "a load is borrowed although its object changes";
    OptimizeArrayStoreUnseen "optimize-array-store-unseen" "optimize"
        "a function that stores to an array writes nothing";
    LlvmSubSwapped "llvm-sub-swapped" "backend-llvm"
        "the operands of a subtraction exchanged";
    LlvmSubNsw "llvm-sub-nsw" "backend-llvm"
        "a subtraction that overflows means nothing";
    LlvmSltUnsigned "llvm-slt-unsigned" "backend-llvm"
        "a signed `<` compares without sign";
    LlvmAshrLogical "llvm-ashr-logical" "backend-llvm"
        "an arithmetic shift loses the sign";
    LlvmRemainderUnsigned "llvm-remainder-unsigned" "backend-llvm"
        "a signed remainder divides without sign";
    LlvmShiftBound "llvm-shift-bound" "backend-llvm"
        "a shift by exactly the width is left to LLVM";
    LlvmNeOrdered "llvm-ne-ordered" "backend-llvm"
        "`!=` of floats is false where one is NaN";
    LlvmContracted "llvm-contracted" "backend-llvm"
        "a product and a sum may be rounded once";
    LlvmReassociated "llvm-reassociated" "backend-llvm"
        "sums of floats may be put together in any order";
    LlvmOverflowFlag "llvm-overflow-flag" "backend-llvm"
        "the overflow of a signed sum is that of the unsigned one";
    LlvmRintUp "llvm-rint-up" "backend-llvm"
        "rounding to the nearest rounds up";
    LlvmEgalByValue "llvm-egal-by-value" "backend-llvm"
        "`===` of floats compares their values";
    LlvmSextZero "llvm-sext-zero" "backend-llvm"
        "a sign extension extends with zeros";
    LlvmUnsignedToFloat "llvm-unsigned-to-float" "backend-llvm"
        "an unsigned number becomes a float as a signed one";
    LlvmUnionTag "llvm-union-tag" "backend-llvm"
        "a member becomes a union without its selector";
    LlvmUnionPayload "llvm-union-payload" "backend-llvm"
        "a union becomes another one without the last byte of its payload";
    LlvmRetainDropped "llvm-retain-dropped" "backend-llvm"
        "no reference is counted up";
    LlvmReleaseEarly "llvm-release-early" "backend-llvm"
        "an object is freed when one reference is left";
    LlvmPhiEdge "llvm-phi-edge" "backend-llvm"
        "two values on an edge exchanged";
    LlvmPhiCopiesInOrder "llvm-phi-copies-in-order" "backend-llvm"
        "phis in memory are copied one after the other";
    LlvmHandlerOuter "llvm-handler-outer" "backend-llvm"
        "a failure goes to the outermost handler";
    LlvmUpsilonLost "llvm-upsilon-lost" "backend-llvm"
        "what a handler is to see is not stored";
    LlvmStatusIgnored "llvm-status-ignored" "backend-llvm"
        "a call that failed is taken for one that returned";
    LlvmCleanupDropped "llvm-cleanup-dropped" "backend-llvm"
        "a failing call releases nothing";
    LlvmArraySecondIndex "llvm-array-second-index" "backend-llvm"
        "the second index of an array counts from zero";
    LlvmFieldOffset "llvm-field-offset" "backend-llvm"
        "a field of an object in memory is read from the place before it";
    LlvmSelectSwapped "llvm-select-swapped" "backend-llvm"
        "the two sides of a choice exchanged";
}
