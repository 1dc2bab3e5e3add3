//! The backend's view of a plan of symbols.

use jlift_backend_cranelift::program::{
    DataAddress, DataContent, DataDecl, FunctionDecl, Program, Visibility,
};
use jlift_lower::plan::DataKind;
use jlift_lower::{Plan, SymbolKind};

/// Adds to a program what its plan has more.
pub fn extend_program(program: &mut Program, plan: &Plan) {
    let functions = plan.functions.iter().skip(program.functions.len());
    let functions: Vec<FunctionDecl> = functions
        .map(|f| FunctionDecl {
            name: f.name.clone(),
            visibility: match f.kind {
                SymbolKind::Import => Visibility::Import,
                _ if f.exported => Visibility::Export,
                _ => Visibility::Local,
            },
        })
        .collect();
    program.functions.extend(functions);
    let data = plan.data.iter().skip(program.data.len());
    let data: Vec<DataDecl> = data
        .map(|d| DataDecl {
            name: d.name.clone(),
            content: match &d.kind {
                DataKind::ReadOnly(bytes) => DataContent::ReadOnly(bytes.clone()),
                DataKind::ReadOnlyWithAddresses { bytes, addresses } => {
                    DataContent::ReadOnlyWithAddresses {
                        bytes: bytes.clone(),
                        addresses: addresses.iter().map(address).collect(),
                    }
                }
                DataKind::WritableWithAddresses { bytes, addresses } => {
                    DataContent::WritableWithAddresses {
                        bytes: bytes.clone(),
                        addresses: addresses.iter().map(address).collect(),
                    }
                }
                DataKind::Writable(bytes) => DataContent::Writable(bytes.clone()),
                DataKind::Zeroed { size, thread_local } => DataContent::Zeroed {
                    size: *size,
                    thread_local: *thread_local,
                },
                DataKind::Import => DataContent::Import,
            },
            align: d.align,
        })
        .collect();
    program.data.extend(data);
}

fn address(a: &jlift_lower::plan::DataAddress) -> DataAddress {
    DataAddress {
        offset: a.offset,
        data: a.data,
        addend: a.addend,
    }
}
