# Names of families of types.

const Callable = Union{Function,Type}

const Dims{N} = NTuple{N,Int}
const DimsInteger{N} = NTuple{N,Integer}
const StridedArray{T,N} = Union{DenseArray{T,N},SubArray{T,N}}
const StridedVector{T} = Union{DenseArray{T,1},SubArray{T,1}}
const StridedMatrix{T} = Union{DenseArray{T,2},SubArray{T,2}}
const StridedVecOrMat{T} = Union{StridedVector{T},StridedMatrix{T}}
const RangeIndex = Union{Int,AbstractRange{Int}}
const Ints = Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}

const SmallSigned = Union{Int8,Int16,Int32}
const SmallUnsigned = Union{UInt8,UInt16,UInt32}
# Integers whose ranges have lengths of their own type.
const WideInteger = Union{Int64,UInt64,Int128,UInt128}

const Cvoid = Nothing
const Cchar = Int8
const Cuchar = UInt8
const Cshort = Int16
const Cushort = UInt16
const Cint = Int32
const Cuint = UInt32
const Clong = Int64
const Culong = UInt64
const Clonglong = Int64
const Culonglong = UInt64
const Cptrdiff_t = Int64
const Csize_t = UInt64
const Cssize_t = Int64
const Cintmax_t = Int64
const Cuintmax_t = UInt64
const Cwchar_t = Int32
const Cfloat = Float32
const Cdouble = Float64

# What Base takes over from its module Order.
const Ordering = Order.Ordering
const ForwardOrdering = Order.ForwardOrdering
const ReverseOrdering = Order.ReverseOrdering
const By = Order.By
const Lt = Order.Lt
const Perm = Order.Perm
const Forward = Order.Forward
const Reverse = Order.Reverse
const lt = Order.lt
const ord = Order.ord
const ordtype = Order.ordtype
