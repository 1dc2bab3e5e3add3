//! The bodies of the fuzzing targets, with a few seeds each; libFuzzer runs them with more.

use jlift_campaign::targets::{ALL, Damaged, verifier_or_backends};
use jlift_generate::random::SeedBytes;

#[test]
fn every_target_lets_some_seeds_pass() {
    for (name, body) in ALL {
        for seed in 0..12u64 {
            println!("{name} {seed}");
            // The first byte chooses among what a target does.
            let mut bytes = vec![(seed * 21) as u8];
            bytes.extend(SeedBytes::new(seed).bytes(3000));
            body(&bytes);
        }
    }
}

#[test]
fn much_of_what_is_damaged_gets_to_the_backends() {
    let mut seen = [0; 3];
    for seed in 0..120 {
        // Not the mode in which LLVM's tools run.
        let mut bytes = vec![2];
        bytes.extend(SeedBytes::new(seed).bytes(3000));
        seen[verifier_or_backends(&bytes) as usize] += 1;
    }
    let [refused, _, compiled] = seen;
    assert!(
        compiled > 25 && refused > 10,
        "{seen:?}, of {:?}",
        Damaged::Refused
    );
}
