//! Reads relocatable ELF objects: checks that they are well formed, finds what is live and which
//! names it leaves undefined. It must not know how the linker works or what it will be asked.
//!
//! The linker trusts its input further than a compiler that must not panic can allow, so every
//! index and range that it will follow (section bounds, string offsets, symbol and section numbers,
//! relocation places) is followed here first.

use super::{LinkError, Machine};
use object::LittleEndian;
use object::elf;
use object::read::elf::{FileHeader, Rela, SectionHeader, SectionTable, Sym, SymbolTable};
use object::read::{SectionIndex, SymbolIndex};
use std::collections::{BTreeMap, BTreeSet};

type Header = elf::FileHeader64<LittleEndian>;
const LE: LittleEndian = LittleEndian;

/// A relocation as far as liveness is concerned: from a section to a symbol of the same object.
struct Reference {
    from: usize,
    to: usize,
}

/// One checked object.
struct Object<'a> {
    sections: SectionTable<'a, Header>,
    symbols: SymbolTable<'a, Header>,
    /// File offset of the symbol table, for patching it in place.
    symbols_at: usize,
    /// Sorted by `from`.
    references: Vec<Reference>,
}

/// A section of one of the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    object: usize,
    section: usize,
}

/// A global definition.
struct Definition {
    /// `None` for absolute and common symbols, which no section holds.
    place: Option<Place>,
    weak: bool,
}

/// All objects of a link, checked, with their global definitions.
pub(super) struct Reading<'a> {
    objects: Vec<Object<'a>>,
    definitions: BTreeMap<&'a str, Definition>,
}

/// Checks the objects and collects their definitions.
///
/// # Errors
/// [`LinkError::BadObject`] and [`LinkError::Duplicate`].
pub(super) fn read(objects: &[Vec<u8>], machine: Machine) -> Result<Reading<'_>, LinkError> {
    let mut reading = Reading {
        objects: Vec::with_capacity(objects.len()),
        definitions: BTreeMap::new(),
    };
    for (index, bytes) in objects.iter().enumerate() {
        let bad = |reason: String| LinkError::BadObject { index, reason };
        let object = read_object(bytes, machine).map_err(bad)?;
        for symbol in object.symbols.iter() {
            if symbol.is_local() || symbol.is_undefined(LE) {
                continue;
            }
            let name = symbol_name(&object.symbols, symbol).map_err(bad)?;
            let section = usize::from(symbol.st_shndx(LE).0);
            let place = (section < object.sections.len()).then_some(Place {
                object: index,
                section,
            });
            let new = Definition {
                place,
                weak: symbol.is_weak() || symbol.is_common(LE),
            };
            match reading.definitions.get(name) {
                Some(old) if !old.weak && !new.weak => {
                    return Err(LinkError::Duplicate {
                        symbol: name.to_owned(),
                    });
                }
                Some(old) if !old.weak || new.weak => {}
                _ => {
                    reading.definitions.insert(name, new);
                }
            }
        }
        reading.objects.push(object);
    }
    Ok(reading)
}

fn symbol_name<'a>(
    symbols: &SymbolTable<'a, Header>,
    symbol: &elf::Sym64<LittleEndian>,
) -> Result<&'a str, String> {
    let name = symbols
        .symbol_name(LE, symbol)
        .map_err(|error| error.to_string())?;
    std::str::from_utf8(name).map_err(|_| "a symbol name is not UTF-8".to_owned())
}

fn read_object(bytes: &[u8], machine: Machine) -> Result<Object<'_>, String> {
    let text = |error: object::Error| error.to_string();
    let header = Header::parse(bytes).map_err(text)?;
    if header.e_ident().data != elf::ELFDATA2LSB {
        return Err("not little-endian".to_owned());
    }
    if header.e_type(LE) != elf::ET_REL {
        return Err("not a relocatable object".to_owned());
    }
    if header.e_machine(LE) != machine.elf() {
        return Err(format!(
            "for machine {}, not for the target",
            header.e_machine(LE).0
        ));
    }
    let sections = header.sections(LE, bytes).map_err(text)?;
    let symbols = sections.symbols(LE, bytes, elf::SHT_SYMTAB).map_err(text)?;
    if symbols.shndx_section().0 != 0 {
        return Err("more sections than this linker handles".to_owned());
    }
    let mut references = Vec::new();
    for (index, section) in sections.enumerate() {
        sections.section_name(LE, section).map_err(text)?;
        let data = section.data(LE, bytes).map_err(text)?;
        let alignment = section.sh_addralign(LE);
        if alignment > 1 << 16 || (alignment != 0 && !alignment.is_power_of_two()) {
            return Err(format!("section {index} has alignment {alignment}"));
        }
        // Sizes without bytes in the file have no natural bound: the whole image must be mappable.
        if section.sh_size(LE) > 1 << 40 {
            return Err(format!("section {index} is too large"));
        }
        match section.sh_type(LE) {
            elf::SHT_REL | elf::SHT_RELR | elf::SHT_GROUP => {
                return Err(format!("section {index} has an unsupported type"));
            }
            elf::SHT_RELA => read_relocations(bytes, &sections, &symbols, section, &mut references)
                .map_err(|reason| format!("relocation section {index}: {reason}"))?,
            elf::SHT_PROGBITS
                if section.sh_flags(LE).0 & elf::SHF_MERGE.0 != 0
                    && section.sh_flags(LE).0 & elf::SHF_STRINGS.0 != 0
                    && data.last().is_some_and(|last| *last != 0) =>
            {
                return Err(format!("string section {index} is not terminated"));
            }
            _ => {}
        }
    }
    references.sort_by_key(|reference| reference.from);

    for (index, symbol) in symbols.enumerate() {
        let SymbolIndex(index) = index;
        symbol_name(&symbols, symbol).map_err(|reason| format!("symbol {index}: {reason}"))?;
        let section = symbol.st_shndx(LE);
        let reserved = matches!(section, elf::SHN_ABS | elf::SHN_COMMON | elf::SHN_UNDEF);
        if reserved {
            continue;
        }
        let holder = sections
            .section(SectionIndex(usize::from(section.0)))
            .map_err(|error| format!("symbol {index}: {error}"))?;
        if symbol.st_value(LE) > holder.sh_size(LE) {
            return Err(format!("symbol {index} lies outside its section"));
        }
    }
    let symbols_at = match sections.section(symbols.section()) {
        Ok(section) => usize::try_from(section.sh_offset(LE)).map_err(|e| e.to_string())?,
        Err(_) => 0,
    };
    Ok(Object {
        sections,
        symbols,
        symbols_at,
        references,
    })
}

fn read_relocations<'a>(
    bytes: &'a [u8],
    sections: &SectionTable<'a, Header>,
    symbols: &SymbolTable<'a, Header>,
    section: &'a elf::SectionHeader64<LittleEndian>,
    references: &mut Vec<Reference>,
) -> Result<(), String> {
    let text = |error: object::Error| error.to_string();
    let Some((entries, _)) = section.rela(LE, bytes).map_err(text)? else {
        return Ok(());
    };
    let from = section.info_link(LE);
    let target = sections.section(from).map_err(text)?;
    for entry in entries {
        if entry.r_offset(LE) >= target.sh_size(LE) {
            return Err("a relocation lies outside its section".to_owned());
        }
        let symbol = entry.r_sym(LE, false);
        let to = usize::try_from(symbol).map_err(|error| error.to_string())?;
        symbols.symbol(SymbolIndex(to)).map_err(text)?;
        if to != 0 {
            references.push(Reference { from: from.0, to });
        }
    }
    Ok(())
}

/// What some roots lead to.
pub(super) struct Live {
    places: BTreeSet<Place>,
    /// The names that live sections refer to and no object defines.
    pub(super) undefined: BTreeSet<String>,
}

/// Follows relocations from the definitions of `roots`, and from what the loader runs by itself.
///
/// # Errors
/// [`LinkError::MissingExport`] if a root is not defined.
pub(super) fn live(reading: &Reading<'_>, roots: &[&str]) -> Result<Live, LinkError> {
    let mut live = Live {
        places: BTreeSet::new(),
        undefined: BTreeSet::new(),
    };
    let mut queue: Vec<Place> = Vec::new();
    for root in roots {
        let definition = reading
            .definitions
            .get(root)
            .ok_or_else(|| LinkError::MissingExport {
                symbol: (*root).to_owned(),
            })?;
        queue.extend(definition.place);
    }
    for (index, object) in reading.objects.iter().enumerate() {
        for (SectionIndex(section), header) in object.sections.enumerate() {
            let retained = header.sh_flags(LE).0 & elf::SHF_GNU_RETAIN.0 != 0;
            let constructors = matches!(
                header.sh_type(LE),
                elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY
            );
            if retained || constructors {
                queue.push(Place {
                    object: index,
                    section,
                });
            }
        }
    }
    while let Some(place) = queue.pop() {
        if !live.places.insert(place) {
            continue;
        }
        let Some(object) = reading.objects.get(place.object) else {
            continue;
        };
        let first = object
            .references
            .partition_point(|reference| reference.from < place.section);
        for reference in object.references.iter().skip(first) {
            if reference.from != place.section {
                break;
            }
            let bad = |reason: String| LinkError::BadObject {
                index: place.object,
                reason,
            };
            let symbol = object
                .symbols
                .symbol(SymbolIndex(reference.to))
                .map_err(|error| bad(error.to_string()))?;
            if symbol.is_local() {
                queue.push(Place {
                    object: place.object,
                    section: usize::from(symbol.st_shndx(LE).0),
                });
                continue;
            }
            let name = symbol_name(&object.symbols, symbol).map_err(bad)?;
            match reading.definitions.get(name) {
                Some(definition) => queue.extend(definition.place),
                // The linker itself defines this one.
                None if name == "_GLOBAL_OFFSET_TABLE_" => {}
                // A weak reference to nothing is address zero.
                None if symbol.is_weak() => {}
                None => {
                    live.undefined.insert(name.to_owned());
                }
            }
        }
    }
    Ok(live)
}

impl Reading<'_> {
    /// Whether some object defines `name`.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.definitions.contains_key(name)
    }

    /// The name of a live section of thread-local data, if there is one.
    pub(super) fn thread_local_section(&self, live: &Live) -> Option<String> {
        live.places.iter().find_map(|place| {
            let object = self.objects.get(place.object)?;
            let section = object.sections.section(SectionIndex(place.section)).ok()?;
            if section.sh_flags(LE).0 & elf::SHF_TLS.0 == 0 {
                return None;
            }
            let name = object.sections.section_name(LE, section).unwrap_or(b"");
            Some(String::from_utf8_lossy(name).into_owned())
        })
    }

    /// Whether there are constants that hold addresses (`.data.rel.ro`).
    pub(super) fn has_relocated_constants(&self) -> bool {
        self.objects.iter().any(|object| {
            object.sections.iter().any(|section| {
                object
                    .sections
                    .section_name(LE, section)
                    .is_ok_and(|name| name.starts_with(b".data.rel.ro"))
            })
        })
    }

    /// For each object, the bytes to change (file offset of `st_other`, visibility) so that exactly
    /// `exports` are visible outside the output.
    ///
    /// Doing this on the input rather than by a version script keeps every name out of a script's
    /// syntax: `f!`, `*` or a name with spaces need no quoting.
    pub(super) fn visibility_patches(&self, exports: &BTreeSet<&str>) -> Vec<Vec<(usize, u8)>> {
        let patches = |object: &Object<'_>| object.visibility_patches(exports);
        self.objects.iter().map(patches).collect()
    }
}

impl Object<'_> {
    fn visibility_patches(&self, exports: &BTreeSet<&str>) -> Vec<(usize, u8)> {
        let entry_size = size_of::<elf::Sym64<LittleEndian>>();
        let other_at = std::mem::offset_of!(elf::Sym64<LittleEndian>, st_other);
        let mut patches = Vec::new();
        for (SymbolIndex(index), symbol) in self.symbols.enumerate() {
            if symbol.is_local() {
                continue;
            }
            let exported =
                symbol_name(&self.symbols, symbol).is_ok_and(|name| exports.contains(name));
            // A hidden reference could not be bound to an import.
            let visibility = if exported || symbol.is_undefined(LE) {
                elf::STV_DEFAULT
            } else {
                elf::STV_HIDDEN
            };
            let entry = self.symbols_at + index * entry_size;
            patches.push((entry + other_at, visibility.0));
        }
        patches
    }
}
