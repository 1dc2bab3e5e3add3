//! Input objects for the tests, written byte by byte so that no compiler is needed.

use jlift_backend_cranelift::link::{LinkError, LinkRequest, OutputKind};
use object::elf;
use object::write::{Object, Relocation, StandardSegment, Symbol, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind, SymbolFlags, SymbolKind,
    SymbolScope,
};
use target_lexicon::Triple;

/// A relocation: offset in the code, symbol, type, addend.
pub type Hole<'a> = (u64, &'a str, elf::RelocationType, i64);

pub fn x86_64() -> Triple {
    "x86_64-unknown-linux-gnu".parse().unwrap()
}

pub fn aarch64() -> Triple {
    "aarch64-unknown-linux-gnu".parse().unwrap()
}

pub struct Builder(Object<'static>);

impl Builder {
    pub fn x86_64() -> Self {
        Self::new(Architecture::X86_64)
    }

    pub fn aarch64() -> Self {
        Self::new(Architecture::Aarch64)
    }

    fn new(architecture: Architecture) -> Self {
        Self(Object::new(
            BinaryFormat::Elf,
            architecture,
            Endianness::Little,
        ))
    }

    fn symbol(&mut self, name: &str, kind: SymbolKind) -> SymbolId {
        if let Some(symbol) = self.0.symbol_id(name.as_bytes()) {
            return symbol;
        }
        self.0.add_symbol(Symbol {
            name: name.as_bytes().to_vec(),
            value: 0,
            size: 0,
            kind,
            scope: SymbolScope::Dynamic,
            weak: false,
            section: SymbolSection::Undefined,
            flags: SymbolFlags::None,
        })
    }

    fn add(mut self, name: &str, kind: SectionKind, bytes: &[u8], holes: &[Hole<'_>]) -> Self {
        let (prefix, symbol_kind) = match kind {
            SectionKind::Text => (".text", SymbolKind::Text),
            SectionKind::Tls => (".tdata", SymbolKind::Tls),
            SectionKind::ReadOnlyDataWithRel => (".data.rel.ro", SymbolKind::Data),
            _ => (".data", SymbolKind::Data),
        };
        let segment = match kind {
            SectionKind::Text => StandardSegment::Text,
            _ => StandardSegment::Data,
        };
        let segment = self.0.segment_name(segment).to_vec();
        let section = self
            .0
            .add_section(segment, format!("{prefix}.{name}").into_bytes(), kind);
        let symbol = self.symbol(name, symbol_kind);
        self.0.add_symbol_data(symbol, section, bytes, 16);
        for (offset, target, r_type, addend) in holes {
            let kind = if r_type.0 == elf::R_X86_64_TLSGD.0 {
                SymbolKind::Tls
            } else {
                SymbolKind::Unknown
            };
            let symbol = self.symbol(target, kind);
            let relocation = Relocation {
                offset: *offset,
                symbol,
                addend: *addend,
                flags: RelocationFlags::Elf { r_type: *r_type },
            };
            self.0.add_relocation(section, relocation).unwrap();
        }
        self
    }

    pub fn code(self, name: &str, bytes: &[u8], holes: &[Hole<'_>]) -> Self {
        self.add(name, SectionKind::Text, bytes, holes)
    }

    pub fn data(self, name: &str, bytes: &[u8], holes: &[Hole<'_>]) -> Self {
        self.add(name, SectionKind::Data, bytes, holes)
    }

    pub fn constant_with_addresses(self, name: &str, bytes: &[u8], holes: &[Hole<'_>]) -> Self {
        self.add(name, SectionKind::ReadOnlyDataWithRel, bytes, holes)
    }

    pub fn thread_local(self, name: &str, bytes: &[u8]) -> Self {
        self.add(name, SectionKind::Tls, bytes, &[])
    }

    /// `size` bytes of zeros that take no space in the file.
    pub fn zeros(mut self, name: &str, size: u64) -> Self {
        let section = self.0.add_section(
            Vec::new(),
            format!(".bss.{name}").into_bytes(),
            SectionKind::UninitializedData,
        );
        let symbol = self.symbol(name, SymbolKind::Data);
        self.0.add_symbol_bss(symbol, section, size, 16);
        self
    }

    pub fn finish(self) -> Vec<u8> {
        self.0.write().unwrap()
    }
}

/// `int32 NAME(int32 a, int32 b)`: the sum.
pub const ADD: [u8; 4] = [0x8d, 0x04, 0x37, 0xc3]; // lea eax, [rdi + rsi]; ret

pub fn add_object(name: &str) -> Vec<u8> {
    Builder::x86_64().code(name, &ADD, &[]).finish()
}

/// `int32 NAME(void)`: calls `target` through its address, as code for a far symbol does.
pub fn calling(name: &str, target: &str) -> Builder {
    let code = [
        0x48, 0x83, 0xec, 0x08, // sub rsp, 8
        0xff, 0x15, 0, 0, 0, 0, // call [rip + target@GOTPCREL]
        0x48, 0x83, 0xc4, 0x08, // add rsp, 8
        0xc3, // ret
    ];
    Builder::x86_64().code(name, &code, &[(6, target, elf::R_X86_64_GOTPCREL, -4)])
}

/// `int32 main(...)`: calls `void writer(int32 fd, const char *, size_t)` with `hello\n` and
/// returns 7.
pub fn hello_object(writer: &str) -> Vec<u8> {
    let mut code = vec![
        0x50, // push rax
        0xbf, 0x01, 0, 0, 0, // mov edi, 1
        0x48, 0x8d, 0x35, 18, 0, 0, 0, // lea rsi, [rip + text]
        0xba, 0x06, 0, 0, 0, // mov edx, 6
        0xff, 0x15, 0, 0, 0, 0, // call [rip + writer@GOTPCREL]
        0xb8, 0x07, 0, 0, 0,    // mov eax, 7
        0x59, // pop rcx
        0xc3, // ret
    ];
    code.extend_from_slice(b"hello\n");
    Builder::x86_64()
        .code("main", &code, &[(20, writer, elf::R_X86_64_GOTPCREL, -4)])
        .finish()
}

pub fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Links a shared library for x86-64 without imports.
pub fn shared(exports: &[&str], objects: &[&[u8]]) -> Result<Vec<u8>, LinkError> {
    let exports = names(exports);
    jlift_backend_cranelift::link::link(&LinkRequest {
        kind: OutputKind::SharedLibrary {
            exports: &exports,
            soname: None,
        },
        target: &x86_64(),
        objects,
        imports: &[],
        keep_symbols: false,
    })
}
