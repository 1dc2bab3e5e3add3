//! Linking in process: what comes out loads, runs, and holds nothing that it should not.

mod aarch64;
mod errors;
mod executable;
mod object_file;
mod objects;
mod output;
mod shared_library;
