//! Abstract interpretation of lowered code: what every statement computes and which method
//! instance every call reaches.

pub mod apply;
pub mod body;
pub mod builtins;
pub mod call;
mod caught;
pub mod cfg;
pub mod constructs;
pub mod estimate;
pub mod fields;
pub mod globals;
mod identity;
pub mod instance;
pub mod merge;
mod method_facts;
pub mod methods;
pub mod pure;
mod reflect;
pub mod report;
mod rvalue;
mod type_facts;
mod written_out;
