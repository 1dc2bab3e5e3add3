//! Objects in the memory of this process as data of an output: what global variables refer to, and what
//! that refers to, each object once. They are never freed there and can be changed. Knows the layout of
//! objects, nothing of who refers to them.

use hashbrown::HashMap;
use jlift_abi::layout::{Layout, layout, object_layout};
use jlift_abi::object;
use jlift_ir::{Tables, Type, TypeClass};

/// Bytes with addresses of objects in them.
#[derive(Clone, Default, Debug)]
pub(crate) struct Image {
    pub bytes: Vec<u8>,
    pub align: u32,
    pub addresses: Vec<Address>,
}

/// An address in an image.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Address {
    pub offset: u32,
    /// The number of the object.
    pub object: u32,
    pub addend: u32,
}

/// The objects found so far.
#[derive(Default, Debug)]
pub(crate) struct Objects {
    images: Vec<Image>,
    numbers: HashMap<usize, u32>,
    /// Objects with a number whose image is not made yet.
    waiting: Vec<(*const u8, Type)>,
}

/// More references than are ever dropped.
const MANY: i64 = 1 << 62;
/// Bytes of all objects together.
const MAX_BYTES: usize = 1 << 28;

type Result<T> = std::result::Result<T, String>;

impl Objects {
    /// The image of a variable of this type that holds `bytes`.
    ///
    /// # Errors
    /// Why what it holds cannot be part of an output.
    pub fn variable(
        &mut self,
        tables: &Tables,
        ty: Type,
        bytes: &[u8],
        align: u32,
    ) -> Result<Image> {
        let mut image = Image {
            bytes: vec![0; bytes.len()],
            align,
            addresses: Vec::new(),
        };
        // SAFETY: the bytes of a variable are a value of its type.
        unsafe { self.write(tables, &mut image, ty, bytes.as_ptr(), 0)? };
        let mut total = 0;
        while let Some((object, ty)) = self.waiting.pop() {
            // SAFETY: a reference to an object of this type that is alive.
            let made = unsafe { self.object(tables, object, ty)? };
            total += made.bytes.len();
            if total > MAX_BYTES {
                return Err("it is too large".into());
            }
            if let Some(&number) = self.numbers.get(&(object as usize))
                && let Some(place) = self.images.get_mut(number as usize)
            {
                *place = made;
            }
        }
        Ok(image)
    }

    /// The images of the objects, by their numbers.
    pub fn images(&self) -> &[Image] {
        &self.images
    }

    fn number(&mut self, object: *const u8, ty: Type) -> u32 {
        *self.numbers.entry(object as usize).or_insert_with(|| {
            self.waiting.push((object, ty));
            self.images.push(Image::default());
            self.images.len() as u32 - 1
        })
    }

    /// # Safety
    /// `from` is a value of this type as it lies in memory, and `at` has room for it.
    unsafe fn write(
        &mut self,
        tables: &Tables,
        image: &mut Image,
        ty: Type,
        from: *const u8,
        at: u32,
    ) -> Result<()> {
        let place = layout(tables, ty).map_err(|e| e.to_string())?;
        match tables.class(ty) {
            TypeClass::Bottom | TypeClass::Singleton => Ok(()),
            // SAFETY: the caller's promise, here and below.
            TypeClass::Primitive(_) => unsafe { image.copy(from, at, place.size) },
            TypeClass::Pointer => match unsafe { from.cast::<usize>().read_unaligned() } {
                0 => Ok(()),
                _ => Err("it holds an address of memory of the process that builds it".into()),
            },
            TypeClass::Inline | TypeClass::InlineWithReferences => unsafe {
                self.fields(tables, image, &place, from, at)
            },
            TypeClass::Union => {
                let last = place
                    .size
                    .checked_sub(1)
                    .ok_or("it has a union without selector")?;
                let selector = unsafe { from.add(last as usize).read() };
                if selector == 0 && tables.is_counted(ty) {
                    return Ok(());
                }
                let member = crate::memory::selected(tables, ty, selector)
                    .ok_or("it holds a value whose type is only known when a program runs")?;
                image.put(at + last, &[selector])?;
                unsafe { self.write(tables, image, member, from, at) }
            }
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => {
                let target = unsafe { from.cast::<*const u8>().read_unaligned() };
                if !target.is_null() {
                    let object = self.number(target, ty);
                    image.addresses.push(Address {
                        offset: at,
                        object,
                        addend: 0,
                    });
                }
                Ok(())
            }
            TypeClass::Abstract => {
                Err("it holds a value whose type is only known when a program runs".into())
            }
        }
    }

    /// # Safety
    /// As for `write`, of a value with this layout.
    unsafe fn fields(
        &mut self,
        tables: &Tables,
        image: &mut Image,
        place: &Layout,
        from: *const u8,
        at: u32,
    ) -> Result<()> {
        for field in &place.fields {
            // SAFETY: fields lie inside of the value.
            unsafe {
                let from = from.add(field.offset as usize);
                self.write(tables, image, field.ty, from, at + field.offset)?;
            }
        }
        Ok(())
    }

    /// # Safety
    /// `from` is an object of this type that is alive.
    unsafe fn object(&mut self, tables: &Tables, from: *const u8, ty: Type) -> Result<Image> {
        // SAFETY: the header says how much there is of an object; nobody else has it.
        unsafe {
            match tables.class(ty) {
                TypeClass::String | TypeClass::Symbol => {
                    let length = number(from, object::STRING_LENGTH_OFFSET)?;
                    let size = length.checked_add(object::STRING_BYTES_OFFSET as usize + 1);
                    let mut image = Image::object(size.ok_or("it is too large")?)?;
                    let rest =
                        length as u32 + object::STRING_BYTES_OFFSET - object::STRING_LENGTH_OFFSET;
                    let at = object::STRING_LENGTH_OFFSET;
                    image.copy(from.add(at as usize), at, rest)?;
                    Ok(image)
                }
                TypeClass::Array => self.array(tables, from, ty),
                _ => {
                    let place = object_layout(tables, ty).map_err(|e| e.to_string())?;
                    let mut image = Image::object((object::HEADER_SIZE + place.size) as usize)?;
                    let from = from.add(object::HEADER_SIZE as usize);
                    self.fields(tables, &mut image, &place, from, object::HEADER_SIZE)?;
                    Ok(image)
                }
            }
        }
    }

    /// # Safety
    /// `from` is an array of this type that is alive.
    unsafe fn array(&mut self, tables: &Tables, from: *const u8, ty: Type) -> Result<Image> {
        let (elem, dimensions) = tables
            .array_of(ty)
            .ok_or("it holds an array of no known kind")?;
        // SAFETY: as for `object`.
        let (flags, length, data) = unsafe {
            let flags = from.add(object::FLAGS_OFFSET as usize).cast::<u32>().read();
            let length = number(from, object::ARRAY_LENGTH_OFFSET)?;
            (
                flags,
                length,
                number(from, object::ARRAY_DATA_OFFSET)? as *const u8,
            )
        };
        if flags & (object::FLAG_SHOWS_OTHER | object::FLAG_BORROWED_DATA) != 0 {
            return Err("it holds an array that shows the memory of another one".into());
        }
        let place = layout(tables, elem).map_err(|e| e.to_string())?;
        let (start, stride) = (object::array_object_size(dimensions), place.stride());
        let size = length.checked_mul(stride as usize);
        let size = size.and_then(|size| size.checked_add(start as usize));
        let mut image = Image::object(size.ok_or("it is too large")?)?;
        let object = self.numbers.get(&(from as usize)).copied();
        image.align = image.align.max(place.align);
        // Immortal arrays cannot be resized.
        image.put(object::FLAGS_OFFSET, &[0; 4])?;
        image.put(object::REFERENCE_COUNT_OFFSET, &MANY.to_le_bytes())?;
        image.addresses.push(Address {
            offset: object::ARRAY_DATA_OFFSET,
            object: object.ok_or("it holds an array that was not found")?,
            addend: start,
        });
        let count = (length as u64).to_le_bytes();
        image.put(object::ARRAY_LENGTH_OFFSET, &count)?;
        image.put(object::ARRAY_CAPACITY_OFFSET, &count)?;
        if object::array_has_sizes(dimensions) {
            for d in 0..dimensions {
                let at = object::array_size_offset(d);
                // SAFETY: arrays of these dimensions have this size.
                unsafe { image.copy(from.add(at as usize), at, 8)? };
            }
        }
        let is_plain = matches!(tables.class(elem), TypeClass::Primitive(_));
        // SAFETY: the elements follow each other at these distances.
        unsafe {
            if is_plain {
                image.copy(data, start, length as u32 * stride)?;
            } else {
                for n in 0..length as u32 {
                    let element = data.add((n * stride) as usize);
                    self.write(tables, &mut image, elem, element, start + n * stride)?;
                }
            }
        }
        Ok(image)
    }
}

impl Image {
    /// An object of this many bytes with the header of one that is never freed.
    fn object(size: usize) -> Result<Image> {
        if size > MAX_BYTES {
            return Err("it is too large".into());
        }
        let mut image = Image {
            bytes: vec![0; size],
            align: object::OBJECT_ALIGN,
            addresses: Vec::new(),
        };
        image.put(object::FLAGS_OFFSET, &object::FLAG_IMMORTAL.to_le_bytes())?;
        let count = object::IMMORTAL_COUNT.to_le_bytes();
        image.put(object::REFERENCE_COUNT_OFFSET, &count)?;
        Ok(image)
    }

    fn put(&mut self, at: u32, bytes: &[u8]) -> Result<()> {
        let place = self.bytes.get_mut(at as usize..at as usize + bytes.len());
        place
            .ok_or("it is larger than its type")?
            .copy_from_slice(bytes);
        Ok(())
    }

    /// # Safety
    /// There are `size` bytes at `from`.
    unsafe fn copy(&mut self, from: *const u8, at: u32, size: u32) -> Result<()> {
        if size == 0 {
            return Ok(());
        }
        // SAFETY: the caller's promise.
        let bytes = unsafe { std::slice::from_raw_parts(from, size as usize) };
        self.put(at, bytes)
    }
}

/// # Safety
/// `from` is an object with a number at this offset.
unsafe fn number(from: *const u8, offset: u32) -> Result<usize> {
    // SAFETY: the caller's promise; objects are aligned.
    let number = unsafe { from.add(offset as usize).cast::<i64>().read() };
    usize::try_from(number).map_err(|_| "it holds an object of negative size".into())
}
