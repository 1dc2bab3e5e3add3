//! Where the parts of one x86-64 instruction are. Knows the encodings that the code generator uses
//! and refuses the others; knows nothing of what lies around the instruction.

/// The opcode maps.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Map {
    One,
    TwoByte,
    /// `0F 38`.
    ThreeByte38,
    /// `0F 3A`.
    ThreeByte3A,
}

/// The parts of an instruction, as offsets into its bytes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Parts {
    pub len: usize,
    pub map: Map,
    pub opcode: u8,
    /// Where the opcode byte is.
    pub opcode_at: usize,
    /// The REX prefix, or the bits of a VEX prefix as one; 0 without any.
    pub rex: u8,
    pub is_vex: bool,
    /// The last of the prefixes 66, F2 and F3 that select an instruction; 0 without any.
    pub mandatory: u8,
    pub is_locked: bool,
    pub modrm: Option<Modrm>,
    /// Bytes of the immediate operand, at the end.
    pub immediate: usize,
}

/// The operands that the byte behind the opcode describes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Modrm {
    pub at: usize,
    pub byte: u8,
    /// The base and index byte.
    pub sib: Option<u8>,
    /// Bytes of the displacement.
    pub displacement: usize,
}

impl Modrm {
    pub fn is_memory(self) -> bool {
        self.byte >> 6 != 3
    }

    /// The `reg` field without its prefix bit.
    pub fn reg(self) -> u8 {
        self.byte >> 3 & 7
    }

    /// The `rm` field without its prefix bit.
    pub fn rm(self) -> u8 {
        self.byte & 7
    }

    /// Whether the operand lies at a distance from the next instruction.
    pub fn is_rip_relative(self) -> bool {
        self.byte & 0xc7 == 0x05
    }

    pub fn displacement_at(self) -> usize {
        self.at + 1 + usize::from(self.sib.is_some())
    }
}

/// What an opcode has behind it.
#[derive(Copy, Clone)]
struct Form {
    modrm: bool,
    immediate: Immediate,
}

#[derive(Copy, Clone, PartialEq)]
enum Immediate {
    None,
    Byte,
    /// 16 bits.
    Word,
    /// 16 or 32 bits, by the operand size.
    Operand,
    /// As before, or 64 bits.
    Wide,
    /// 32 bits whatever the operand size.
    Distance,
    /// A byte if the operation is a test.
    TestByte,
    /// As `Operand` if the operation is a test.
    TestOperand,
}

const fn form(modrm: bool, immediate: Immediate) -> Option<Form> {
    Some(Form { modrm, immediate })
}

fn one_byte(opcode: u8) -> Option<Form> {
    use Immediate::{Byte, Distance, None as Nothing, Operand, TestByte, TestOperand, Wide, Word};
    match opcode {
        0x00..=0x3f => match opcode & 7 {
            0..=3 => form(true, Nothing),
            4 => form(false, Byte),
            5 => form(false, Operand),
            _ => None,
        },
        0x50..=0x5f | 0x90 | 0x98 | 0x99 | 0xc3 | 0xc9 | 0xcc => form(false, Nothing),
        0x63 | 0x84..=0x8b | 0x8d => form(true, Nothing),
        0x68 => form(false, Operand),
        0x69 => form(true, Operand),
        0x6a | 0x70..=0x7f | 0xa8 | 0xb0..=0xb7 | 0xeb => form(false, Byte),
        0x6b | 0x80 | 0x83 | 0xc0 | 0xc1 | 0xc6 => form(true, Byte),
        0x81 | 0xc7 => form(true, Operand),
        0xa9 => form(false, Operand),
        0xb8..=0xbf => form(false, Wide),
        0xc2 => form(false, Word),
        0xd0..=0xd3 | 0xfe | 0xff => form(true, Nothing),
        0xe8 | 0xe9 => form(false, Distance),
        0xf6 => form(true, TestByte),
        0xf7 => form(true, TestOperand),
        _ => None,
    }
}

fn two_byte(opcode: u8) -> Option<Form> {
    use Immediate::{Byte, Distance, None as Nothing};
    match opcode {
        0x05 | 0x0b | 0xa2 | 0xc8..=0xcf => form(false, Nothing),
        0x10..=0x17 | 0x28..=0x2f | 0x40..=0x6f | 0x74..=0x76 | 0x7c..=0x7f => form(true, Nothing),
        0x90..=0x9f
        | 0xa3
        | 0xa5
        | 0xab
        | 0xad..=0xb1
        | 0xb3
        | 0xb6..=0xb8
        | 0xbb..=0xc1
        | 0xc3
        | 0xc7
        | 0xd0..=0xfe => form(true, Nothing),
        0x70..=0x73 | 0xa4 | 0xac | 0xba | 0xc2 | 0xc4..=0xc6 => form(true, Byte),
        0x80..=0x8f => form(false, Distance),
        _ => None,
    }
}

/// The parts of the instruction that `bytes` begin with.
pub fn decode(bytes: &[u8]) -> Option<Parts> {
    let mut at = 0;
    let mut mandatory = 0;
    let mut is_locked = false;
    let mut is_narrow = false;
    loop {
        match *bytes.get(at)? {
            0x66 => {
                is_narrow = true;
                if mandatory == 0 {
                    mandatory = 0x66;
                }
            }
            prefix @ (0xf2 | 0xf3) => mandatory = prefix,
            0xf0 => is_locked = true,
            _ => break,
        }
        at += 1;
    }
    let mut rex = 0;
    let mut is_vex = false;
    let first = *bytes.get(at)?;
    let map;
    match first {
        0xc4 | 0xc5 => {
            is_vex = true;
            let mut last = *bytes.get(at + 1)?;
            rex = 0x40 | (!last >> 5 & 4);
            map = if first == 0xc4 {
                rex = 0x40 | (!last >> 5 & 7);
                let map = match last & 0x1f {
                    1 => Map::TwoByte,
                    2 => Map::ThreeByte38,
                    3 => Map::ThreeByte3A,
                    _ => return None,
                };
                at += 1;
                last = *bytes.get(at + 1)?;
                rex |= last >> 4 & 8;
                map
            } else {
                Map::TwoByte
            };
            mandatory = [0, 0x66, 0xf3, 0xf2][usize::from(last & 3)];
            at += 2;
        }
        _ => {
            if first & 0xf0 == 0x40 {
                rex = first;
                at += 1;
            }
            map = if *bytes.get(at)? != 0x0f {
                Map::One
            } else {
                at += 1;
                match *bytes.get(at)? {
                    0x38 => {
                        at += 1;
                        Map::ThreeByte38
                    }
                    0x3a => {
                        at += 1;
                        Map::ThreeByte3A
                    }
                    _ => Map::TwoByte,
                }
            };
        }
    }
    let opcode_at = at;
    let opcode = *bytes.get(at)?;
    at += 1;
    let form = match map {
        Map::One => one_byte(opcode)?,
        Map::TwoByte => two_byte(opcode)?,
        Map::ThreeByte38 => form(true, Immediate::None)?,
        Map::ThreeByte3A => form(true, Immediate::Byte)?,
    };
    let mut modrm = None;
    if form.modrm {
        let byte = *bytes.get(at)?;
        let mode = byte >> 6;
        let sib = if mode != 3 && byte & 7 == 4 {
            Some(*bytes.get(at + 1)?)
        } else {
            None
        };
        let displacement = match mode {
            0 if byte & 7 == 5 => 4,
            0 if sib.is_some_and(|sib| sib & 7 == 5) => 4,
            1 => 1,
            2 => 4,
            _ => 0,
        };
        modrm = Some(Modrm {
            at,
            byte,
            sib,
            displacement,
        });
        at += 1 + usize::from(sib.is_some()) + displacement;
    }
    let operand = if is_narrow { 2 } else { 4 };
    let is_test = modrm.is_some_and(|m| m.reg() < 2);
    let immediate = match form.immediate {
        Immediate::None => 0,
        Immediate::Byte => 1,
        Immediate::Word => 2,
        Immediate::Operand => operand,
        Immediate::Wide if rex & 8 != 0 => 8,
        Immediate::Wide => operand,
        Immediate::Distance => 4,
        Immediate::TestByte => usize::from(is_test),
        Immediate::TestOperand if is_test => operand,
        Immediate::TestOperand => 0,
    };
    // With REX.W the operand size is 64 bits whatever the prefix says, and immediates have 32.
    let immediate = if rex & 8 != 0 && immediate == 2 && form.immediate != Immediate::Word {
        4
    } else {
        immediate
    };
    let len = at + immediate;
    if len > bytes.len() || len > 15 {
        return None;
    }
    Some(Parts {
        len,
        map,
        opcode,
        opcode_at,
        rex,
        is_vex,
        mandatory,
        is_locked,
        modrm,
        immediate,
    })
}
