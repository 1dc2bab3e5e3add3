# exercises: dlopen, dlsym and dlclose, @ptrcall, LLVM's names in @symbolcall, system, time
using StaticTools

@inline lsqrt(x::Float64) = @symbolcall llvm.sqrt.f64(x::Float64)::Float64

function main()
    libm = StaticTools.dlopen(c"libm.so.6", StaticTools.RTLD_NOW)
    libm == C_NULL && return 1
    cosine = StaticTools.dlsym(libm, c"cos")
    hypotenuse = StaticTools.dlsym(libm, m"hypot")
    printf(c"%.3f\n", @ptrcall cosine(0.0::Float64)::Float64)
    printf(c"%.3f\n", @ptrcall hypotenuse(3.0::Float64, 4.0::Float64)::Float64)
    printf(c"none %d\n", ifelse(StaticTools.dlsym(libm, c"no_such_function") == C_NULL, 1, 0))
    printf(c"closed %d\n", StaticTools.dlclose(libm))
    printf(c"nothing %d\n", ifelse(StaticTools.dlopen(c"libno_such_library") == C_NULL, 1, 0))
    printf(c"%.1f\n", lsqrt(2.25))
    @symbolcall fflush(stdoutp()::Ptr{StaticTools.FILE})::Int32
    printf(c"status %d\n", StaticTools.system(c"echo from a shell"))
    printf(c"late %d\n", ifelse(StaticTools.time() > 1600000000, 1, 0))
    return 0
end
