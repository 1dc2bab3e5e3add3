//! Stub shared objects: what a linker must see of a system library to import names from it, namely
//! its `DT_SONAME` and the names, written from nothing. It must not know the real library.
//!
//! The names carry no symbol version, so references to them carry none and the loader binds them to
//! the library's base version of each name.

use super::{LinkError, Machine, check_name};
use object::Endianness;
use object::elf;
use object::write::elf::{FileHeader, Sym, Writer};
use std::collections::BTreeSet;

/// The bytes of a shared object called `soname` that defines `names`.
///
/// # Errors
/// [`LinkError::BadName`] if a name is empty or has a NUL in it.
pub(super) fn shared_object(
    machine: Machine,
    soname: &str,
    names: &BTreeSet<String>,
) -> Result<Vec<u8>, LinkError> {
    for name in names.iter().map(String::as_str).chain([soname]) {
        check_name(name)?;
    }
    write(machine, soname, names).map_err(|error| LinkError::Linker {
        message: format!("stub for {soname}: {error}"),
    })
}

fn write(
    machine: Machine,
    soname: &str,
    names: &BTreeSet<String>,
) -> Result<Vec<u8>, object::write::Error> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(Endianness::Little, true, &mut bytes);

    writer.reserve_file_header();
    writer.reserve_null_section_index();
    let dynsym = writer.reserve_dynsym_section_index();
    writer.reserve_dynstr_section_index();
    writer.reserve_dynamic_section_index();
    writer.reserve_shstrtab_section_index();

    let soname = writer.add_dynamic_string(soname.as_bytes());
    writer.reserve_null_dynamic_symbol_index();
    let mut symbols = Vec::new();
    for name in names {
        symbols.push(writer.add_dynamic_string(name.as_bytes()));
        writer.reserve_dynamic_symbol_index();
    }
    writer.reserve_dynsym();
    writer.reserve_dynstr()?;
    writer.reserve_dynamic(2);
    writer.reserve_shstrtab()?;
    writer.reserve_section_headers();

    writer.write_file_header(&FileHeader {
        os_abi: elf::ELFOSABI_NONE,
        abi_version: 0,
        e_type: elf::ET_DYN,
        e_machine: machine.elf(),
        e_entry: 0,
        e_flags: elf::FileFlags(0),
    })?;
    writer.write_null_dynamic_symbol();
    for name in symbols {
        // Any defined section will do; nothing reads it.
        writer.write_dynamic_symbol(&Sym {
            st_name: writer.dynamic_string_offset(Some(name)),
            section: Some(dynsym.0),
            st_info: elf::SymbolInfo::new(elf::STB_GLOBAL, elf::STT_FUNC),
            st_other: elf::SymbolOther(0),
            st_shndx: elf::SHN_UNDEF,
            st_value: 1,
            st_size: 0,
        });
    }
    writer.write_dynstr();
    writer.write_align_dynamic();
    writer.write_dynamic_string(elf::DT_SONAME, soname)?;
    writer.write_dynamic(elf::DT_NULL, 0)?;
    writer.write_shstrtab();
    writer.write_null_section_header();
    writer.write_dynsym_section_header(0, 1);
    writer.write_dynstr_section_header(0);
    writer.write_dynamic_section_header(0);
    writer.write_shstrtab_section_header();
    Ok(bytes)
}
