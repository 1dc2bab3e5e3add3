# module: Printf
# The package Printf: its macros are the compiler's, what they call is in printf.jl.

export @printf, @sprintf
