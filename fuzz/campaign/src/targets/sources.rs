//! Real texts that targets damage: kernels and programs in Julia, programs as typed IR, all of it small.

pub const JULIA: &[&str] = &[
    include_str!("../../../../tests/kernels/bit_tricks.jl"),
    include_str!("../../../../tests/kernels/closures_hof.jl"),
    include_str!("../../../../tests/kernels/dense_linalg.jl"),
    include_str!("../../../../tests/kernels/control_recursion.jl"),
    include_str!("../../../../tests/julia/programs/json_parser.jl"),
    include_str!("../../../../tests/julia/programs/lisp.jl"),
    include_str!("../../../../tests/julia/dispatch/macros_user.jl"),
    include_str!("../../../../tests/julia/dispatch/kwargs_optional.jl"),
    include_str!("../../../../tests/julia/dispatch/modules_exports.jl"),
];

pub const TYPED_IR: &[&str] = &[
    include_str!("../../../../tests/programs/bools_in_memory.jir"),
    include_str!("../../../../tests/programs/caught.jir"),
    include_str!("../../../../tests/programs/caught_memory.jir"),
    include_str!("../../../../tests/programs/closures_and_names.jir"),
    include_str!("../../../../tests/programs/half_and_wide.jir"),
    include_str!("../../../../tests/programs/memory.jir"),
    include_str!("../../../../tests/programs/tuples_by_index.jir"),
    include_str!("../../../../tests/programs/union_fields.jir"),
    include_str!("../../../../tests/programs/unions_in_loops.jir"),
];
