//! Statements on numbers: every intrinsic of Core.Intrinsics that computes something.

use super::body::{Body, Typed};
use super::types::{FLOATS, INTEGERS};
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, Intrinsic, Type, Value};

/// Results of these are undefined for some operands.
const DIVISIONS: [Intrinsic; 4] = [
    Intrinsic::SdivInt,
    Intrinsic::UdivInt,
    Intrinsic::SremInt,
    Intrinsic::UremInt,
];

/// The intrinsics of a shape.
fn of_shape(shape: Shape) -> Vec<Intrinsic> {
    let all = Intrinsic::ALL.iter().copied();
    all.filter(|i| i.shape() == shape).collect()
}

impl Body<'_, '_, '_, '_, '_> {
    /// A number that is visible, or a constant.
    fn some_integer(&mut self) -> Option<Typed> {
        let found = self.find(|_, ty| ty.is_integer());
        match found {
            Some(found) if self.c.percent(85) => Some(found),
            _ => {
                let ty = self.g.types.integer(self.c);
                let value = self.g.constant(self.c, ty)?;
                Some(Typed { value, ty })
            }
        }
    }

    fn some_float(&mut self) -> Option<Typed> {
        let found = self.find(|_, ty| ty.is_float());
        match found {
            Some(found) if self.c.percent(85) => Some(found),
            _ => {
                let ty = self.g.types.float(self.c);
                let value = self.g.constant(self.c, ty)?;
                Some(Typed { value, ty })
            }
        }
    }

    pub fn width(&self, ty: Type) -> u32 {
        ty.builtin_bits().unwrap_or(64)
    }

    fn number(&mut self, ty: Type, bits: u128) -> Value {
        let width = self.width(ty);
        let bits = bits & (u128::MAX >> (128 - width.clamp(1, 128)));
        self.g.module.tables.primitive(ty, width, bits)
    }

    /// One statement that computes a number or a truth from numbers.
    pub fn arithmetic(&mut self) -> Option<()> {
        match self.c.weighted(&[10, 7, 4, 3, 4, 3, 2, 6, 4, 3, 2, 2]) {
            0 => self.integer_operation(),
            1 => self.float_operation(),
            2 => self.comparison(),
            3 => self.shift(),
            4 => self.checked_pair(),
            5 => self.division(),
            6 => self.checked_division(),
            7 => self.conversion(),
            8 => self.choice(),
            9 => self.truths(),
            10 => self.fused(),
            _ => self.reinterpretation(),
        }
    }

    fn integer_operation(&mut self) -> Option<()> {
        let a = self.some_integer()?;
        if self.c.percent(25) {
            let unary = of_shape(Shape::IntUnary);
            let op = self.c.one(&unary)?;
            if op == Intrinsic::BswapInt && self.width(a.ty) < 16 {
                return None;
            }
            let value = self.intrinsic(op, &[a.value], a.ty);
            self.define(value, a.ty);
            return Some(());
        }
        let b = self.value_of(a.ty)?;
        let mut binary = of_shape(Shape::IntBinary);
        binary.retain(|op| !DIVISIONS.contains(op));
        let op = self.c.one(&binary)?;
        let value = self.intrinsic(op, &[a.value, b], a.ty);
        self.define(value, a.ty);
        Some(())
    }

    fn float_operation(&mut self) -> Option<()> {
        let a = self.some_float()?;
        if self.c.percent(35) {
            let unary = of_shape(Shape::FloatUnary);
            let op = self.c.one(&unary)?;
            let value = self.intrinsic(op, &[a.value], a.ty);
            self.define(value, a.ty);
            return Some(());
        }
        let mut b = self.value_of(a.ty)?;
        let binary = of_shape(Shape::FloatBinary);
        let op = self.c.one(&binary)?;
        if op == Intrinsic::CopysignFloat {
            // The sign of a NaN is nothing to go by.
            b = self.canonical(b, a.ty);
        }
        let value = self.intrinsic(op, &[a.value, b], a.ty);
        self.define(value, a.ty);
        Some(())
    }

    fn fused(&mut self) -> Option<()> {
        let a = self.some_float()?;
        let (b, d) = (self.value_of(a.ty)?, self.value_of(a.ty)?);
        let op = self.c.one(&[Intrinsic::MuladdFloat, Intrinsic::FmaFloat])?;
        let value = self.intrinsic(op, &[a.value, b, d], a.ty);
        self.define(value, a.ty);
        let has = [Value::Type(a.ty)];
        if self.c.percent(10) {
            let value = self.intrinsic(Intrinsic::HaveFma, &has, Type::BOOL);
            self.define(value, Type::BOOL);
        }
        Some(())
    }

    fn comparison(&mut self) -> Option<()> {
        let value = self.compare()?;
        self.define(value, Type::BOOL);
        Some(())
    }

    fn compare(&mut self) -> Option<Value> {
        let (a, shape) = match self.c.percent(30) {
            true => (self.some_float()?, Shape::FloatCompare),
            false => (self.some_integer()?, Shape::IntCompare),
        };
        let b = self.value_of(a.ty)?;
        let all = of_shape(shape);
        let op = self.c.one(&all)?;
        Some(self.intrinsic(op, &[a.value, b], Type::BOOL))
    }

    /// A condition: a truth that is visible, or a comparison.
    pub fn condition(&mut self) -> Option<Value> {
        if self.c.percent(40)
            && let Some(found) = self.find(|_, ty| ty == Type::BOOL)
        {
            return Some(found.value);
        }
        self.compare()
    }

    fn shift(&mut self) -> Option<()> {
        let a = self.some_integer()?;
        let by = match self.c.below(3) {
            0 => self.some_integer()?,
            _ => {
                let ty = self.c.one(&[Type::UINT64, Type::UINT8, Type::UINT32])?;
                let bits = self.c.below(self.width(a.ty) as usize + 2) as u128;
                let value = self.number(ty, bits);
                Typed { value, ty }
            }
        };
        let all = of_shape(Shape::Shift);
        let op = self.c.one(&all)?;
        let value = self.intrinsic(op, &[a.value, by.value], a.ty);
        self.define(value, a.ty);
        Some(())
    }

    fn checked_pair(&mut self) -> Option<()> {
        let a = self.some_integer()?;
        let b = self.value_of(a.ty)?;
        let pairs = of_shape(Shape::CheckedPair);
        let op = self.c.one(&pairs)?;
        let ty = self.g.module.tables.tuple(&[a.ty, Type::BOOL]);
        let pair = self.intrinsic(op, &[a.value, b], ty);
        let one = Value::int64(1);
        let value = self.builtin(Builtin::GetField, &[pair, one], a.ty);
        let failed = self.builtin(Builtin::GetField, &[pair, Value::int64(2)], Type::BOOL);
        self.define(value, a.ty);
        self.define(failed, Type::BOOL);
        Some(())
    }

    /// Divisions whose result is defined, mostly.
    fn division(&mut self) -> Option<()> {
        let a = self.some_integer()?;
        let op = self.c.one(&DIVISIONS)?;
        let b = self.value_of(a.ty)?;
        let divisor = match self.c.weighted(&[40, 40, 1]) {
            // Odd and positive.
            0 => {
                let one = self.number(a.ty, 1);
                let most = self.number(a.ty, u128::MAX >> (129 - self.width(a.ty).max(2)));
                let odd = self.intrinsic(Intrinsic::OrInt, &[b, one], a.ty);
                self.intrinsic(Intrinsic::AndInt, &[odd, most], a.ty)
            }
            1 => {
                let bits = self.c.between(1, 100) as u128;
                self.number(a.ty, bits)
            }
            _ => b,
        };
        let value = self.intrinsic(op, &[a.value, divisor], a.ty);
        self.define(value, a.ty);
        Some(())
    }

    fn checked_division(&mut self) -> Option<()> {
        let a = self.some_integer()?;
        let b = self.value_of(a.ty)?;
        let all = of_shape(Shape::CheckedDivide);
        let op = self.c.one(&all)?;
        let value = self.intrinsic(op, &[a.value, b], a.ty);
        self.define(value, a.ty);
        Some(())
    }

    fn conversion(&mut self) -> Option<()> {
        match self.c.weighted(&[5, 3, 3, 2]) {
            0 => self.integer_conversion(),
            1 => self.integer_as_float(),
            2 => self.float_as_integer(),
            _ => self.float_conversion(),
        }
    }

    fn integer_conversion(&mut self) -> Option<()> {
        let (from, to) = match self.c.below(8) {
            0 => {
                let truth = self.find(|_, ty| ty == Type::BOOL)?;
                (truth, self.g.types.integer(self.c))
            }
            1 => (self.some_integer()?, Type::BOOL),
            _ => (self.some_integer()?, self.g.types.integer(self.c)),
        };
        // A truth has one bit.
        let bits = |ty: Type| if ty == Type::BOOL { 1 } else { self.width(ty) };
        let (a, b) = (bits(from.ty), bits(to));
        if self.width(from.ty) == self.width(to) {
            let value = self.convert(Intrinsic::Bitcast, from.value, to);
            self.define(value, to);
            return Some(());
        }
        let op = match a < b {
            true if from.ty == Type::BOOL => Intrinsic::ZextInt,
            true => self.c.one(&[Intrinsic::SextInt, Intrinsic::ZextInt])?,
            false => Intrinsic::TruncInt,
        };
        let value = self.convert(op, from.value, to);
        self.define(value, to);
        Some(())
    }

    fn convert(&mut self, op: Intrinsic, value: Value, to: Type) -> Value {
        self.intrinsic(op, &[Value::Type(to), value], to)
    }

    fn integer_as_float(&mut self) -> Option<()> {
        let from = self.some_integer()?;
        let to = self.g.types.float(self.c);
        let op = self.c.one(&[Intrinsic::SiToFp, Intrinsic::UiToFp])?;
        let value = self.convert(op, from.value, to);
        self.define(value, to);
        Some(())
    }

    /// A float as an integer that can hold it, mostly.
    fn float_as_integer(&mut self) -> Option<()> {
        let from = self.some_float()?;
        let to = self.g.types.integer(self.c);
        let op = self.c.one(&[Intrinsic::FpToSi, Intrinsic::FpToUi])?;
        let mut value = from.value;
        if self.c.percent(97) {
            let most = match (self.width(to), from.ty) {
                (8, _) => 100.0,
                (16, _) => 16384.0,
                (_, Type::FLOAT16) => 60000.0,
                (32, _) => 1073741824.0,
                _ => 4611686018427387904.0,
            };
            let least = if op == Intrinsic::FpToSi { -most } else { 0.0 };
            let (low, high) = (self.float(from.ty, least), self.float(from.ty, most));
            let above = self.intrinsic(Intrinsic::LeFloat, &[low, value], Type::BOOL);
            let below = self.intrinsic(Intrinsic::LeFloat, &[value, high], Type::BOOL);
            let fits = self.intrinsic(Intrinsic::AndInt, &[above, below], Type::BOOL);
            value = self.builtin(Builtin::IfElse, &[fits, value, low], from.ty);
        }
        let value = self.convert(op, value, to);
        self.define(value, to);
        Some(())
    }

    /// A number that every float type has.
    fn float(&mut self, ty: Type, x: f64) -> Value {
        let bits: u128 = match ty {
            Type::FLOAT64 => x.to_bits().into(),
            Type::FLOAT32 => (x as f32).to_bits().into(),
            _ => half_bits(x).into(),
        };
        self.number(ty, bits)
    }

    fn float_conversion(&mut self) -> Option<()> {
        let from = self.some_float()?;
        let to = self.c.one(&FLOATS)?;
        let op = match self.width(from.ty).cmp(&self.width(to)) {
            std::cmp::Ordering::Less => Intrinsic::FpExt,
            std::cmp::Ordering::Greater => Intrinsic::FpTrunc,
            std::cmp::Ordering::Equal => return None,
        };
        let value = self.convert(op, from.value, to);
        self.define(value, to);
        Some(())
    }

    fn choice(&mut self) -> Option<()> {
        let cond = self.condition()?;
        let ty = self.g.types.any(self.c);
        let (a, b) = (self.value_of(ty)?, self.value_of(ty)?);
        let value = self.builtin(Builtin::IfElse, &[cond, a, b], ty);
        self.define(value, ty);
        Some(())
    }

    fn truths(&mut self) -> Option<()> {
        let a = self.condition()?;
        let value = match self.c.below(4) {
            0 => self.intrinsic(Intrinsic::NotInt, &[a], Type::BOOL),
            n => {
                let b = self.condition()?;
                let all = [Intrinsic::AndInt, Intrinsic::OrInt, Intrinsic::XorInt];
                self.intrinsic(all[n - 1], &[a, b], Type::BOOL)
            }
        };
        self.define(value, Type::BOOL);
        Some(())
    }

    /// The bits of a number as another.
    fn reinterpretation(&mut self) -> Option<()> {
        let from = self.find(|_, ty| ty.builtin_bits().is_some())?;
        let width = self.width(from.ty);
        let mut all: Vec<Type> = INTEGERS.iter().chain(&FLOATS).copied().collect();
        all.extend([Type::BOOL, Type::CHAR]);
        all.retain(|&ty| self.width(ty) == width && ty != from.ty);
        let to = self.c.one(&all)?;
        let value = self.canonical(from.value, from.ty);
        let value = self.convert(Intrinsic::Bitcast, value, to);
        self.define(value, to);
        Some(())
    }
}

/// The bits of small whole numbers, and of their likes up to 60000, as a Float16.
fn half_bits(x: f64) -> u16 {
    let sign = if x < 0.0 { 0x8000 } else { 0 };
    let size = x.abs();
    if size == 0.0 {
        return sign;
    }
    let exponent = size.log2().floor();
    let fraction = (size / exponent.exp2() - 1.0) * 1024.0;
    sign | ((exponent as u16 + 15) << 10) | fraction as u16
}
