//! Prints the mutations, one a line: name, crate, what is planted.

fn main() {
    for entry in jlift_mutations::ALL {
        println!("{}\t{}\t{}", entry.name, entry.place, entry.what);
    }
}
