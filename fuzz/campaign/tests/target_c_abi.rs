//! The body of the fuzzing target `c_abi`, with a few seeds.

#[path = "../../fuzz_targets/bodies/c_abi.rs"]
mod body;
#[path = "../../../tests/c_abi/c.rs"]
mod c;
#[path = "../../../tests/c_abi/jir.rs"]
mod jir;
#[path = "../../../tests/c_abi/random.rs"]
mod random;
#[path = "../../../tests/c_abi/signature.rs"]
mod signature;
#[path = "../../../tests/c_abi/types.rs"]
mod types;

use jlift_generate::random::SeedBytes;

#[test]
fn signatures_of_a_few_seeds_cross_the_border() {
    for seed in 0..3 {
        body::c_abi(&SeedBytes::new(seed).bytes(9));
    }
}
