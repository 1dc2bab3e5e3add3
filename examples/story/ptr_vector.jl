# export: square!(Ptr{Float64}, Int64)
# A vector over memory that somebody else owns.
struct PtrVector{T} <: AbstractVector{T}
    data::Ptr{T}
    len::Int
end
Base.size(v::PtrVector) = (v.len,)
Base.IndexStyle(::Type{<:PtrVector}) = IndexLinear()
Base.@propagate_inbounds function Base.getindex(v::PtrVector, i::Int)
    @boundscheck checkbounds(v, i)
    return unsafe_load(v.data, i)
end
Base.@propagate_inbounds function Base.setindex!(v::PtrVector{T}, x, i::Int) where {T}
    @boundscheck checkbounds(v, i)
    unsafe_store!(v.data, convert(T, x), i)
    return v
end

function square!(data::Ptr{Float64}, len::Int64)
    v = PtrVector(data, len)
    for i in eachindex(v)
        v[i] = v[i]^2
    end
    return nothing
end
