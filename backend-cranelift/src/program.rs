//! What a program consists of, as far as storing it needs to know: functions and data by number.
//! Code refers to function `i` as user name `0:i` and to data `i` as `1:i`.

/// A program without its code.
#[derive(Clone, Default, Debug)]
pub struct Program {
    pub functions: Vec<FunctionDecl>,
    pub data: Vec<DataDecl>,
}

/// Who sees a symbol.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Visibility {
    Local,
    Export,
    /// Defined elsewhere.
    Import,
}

/// A function.
#[derive(Clone, Debug)]
pub struct FunctionDecl {
    pub name: String,
    pub visibility: Visibility,
}

/// A data object.
#[derive(Clone, Debug)]
pub struct DataDecl {
    pub name: String,
    pub content: DataContent,
    /// Bytes, a power of two.
    pub align: u32,
}

/// A 64-bit address inside of a data object.
#[derive(Copy, Clone, Debug)]
pub struct DataAddress {
    /// Where it stands.
    pub offset: u32,
    /// The number of the data object whose address it is; this one or an earlier one, where it
    /// is constant.
    pub data: u32,
    /// What is added to that.
    pub addend: u32,
}

/// What a data object holds.
#[derive(Clone, Debug)]
pub enum DataContent {
    ReadOnly(Box<[u8]>),
    /// Constant bytes with addresses of data objects in them.
    ReadOnlyWithAddresses {
        bytes: Box<[u8]>,
        addresses: Box<[DataAddress]>,
    },
    Writable(Box<[u8]>),
    /// Writable bytes with addresses of any data objects in them.
    WritableWithAddresses {
        bytes: Box<[u8]>,
        addresses: Box<[DataAddress]>,
    },
    Zeroed {
        size: u32,
        thread_local: bool,
    },
    Import,
}
