# The file system: what a path names, directories, removing and moving. Files as streams are in
# stdio.jl, paths as text in paths.jl.

function pwd()
    buf = StringVector(4096)
    GC.@preserve buf begin
        p = vector_bytes(buf)
        got = ccall(:getcwd, Ptr{UInt8}, (Ptr{UInt8}, UInt64), p, UInt64(4096))
        UInt64(got) == 0x0000000000000000 && throw(SystemError("getcwd", Libc.errno(), nothing))
        return unsafe_string(p)
    end
end
function cd(path::AbstractString)
    p = String(path)
    code = GC.@preserve p ccall(:chdir, Cint, (Ptr{UInt8},), cstring_bytes(p))
    code === Int32(0) || throw_file_error("cd", p)
    return nothing
end
function cd(f::Function, path::AbstractString)
    before = pwd()
    cd(path)
    try
        return f()
    finally
        cd(before)
    end
end

@noinline throw_file_error(what::String, path::String, rest::String="") =
    throw(io_error(string(what, "(", repr(path), rest, ")"), Int32(Libc.errno())))
function io_error(prefix::String, errno::Int32)
    for (code, name, text) in FILE_ERRORS
        code === errno && return IOError(string(prefix, ": ", text, " (", name, ")"), -errno)
    end
    return IOError(string(prefix, ": ", lowercase(Libc.strerror(errno)), " (E", errno, ")"), -errno)
end
const FILE_ERRORS = (
    (Int32(1), "EPERM", "operation not permitted"),
    (Int32(2), "ENOENT", "no such file or directory"),
    (Int32(13), "EACCES", "permission denied"),
    (Int32(16), "EBUSY", "resource busy or locked"),
    (Int32(17), "EEXIST", "file already exists"),
    (Int32(18), "EXDEV", "cross-device link not permitted"),
    (Int32(20), "ENOTDIR", "not a directory"),
    (Int32(21), "EISDIR", "illegal operation on a directory"),
    (Int32(22), "EINVAL", "invalid argument"),
    (Int32(28), "ENOSPC", "no space left on device"),
    (Int32(30), "EROFS", "read-only file system"),
    (Int32(36), "ENAMETOOLONG", "name too long"),
    (Int32(39), "ENOTEMPTY", "directory not empty"),
    (Int32(40), "ELOOP", "too many symbolic links encountered"))

# What the kernel tells about a path. Read through statx, whose record is laid out alike on every
# machine: the mode at byte 28, the size at 40, the time of the last change at 112.
struct FileStatus
    mode::UInt16
    size::Int64
    mtime::Float64
end
const AT_FDCWD = Int32(-100)
const AT_SYMLINK_NOFOLLOW = Int32(256)
const STATX_BASIC_STATS = 0x000007ff

# The mode is 0 if there is no such file.
function file_status(path::String, flags::Int32)
    buf = zeros(UInt64, 32)
    GC.@preserve path buf begin
        p = Core.Intrinsics.bitcast(Ptr{UInt8}, pointer(buf))
        code = ccall(:statx, Cint, (Cint, Ptr{UInt8}, Cint, UInt32, Ptr{UInt8}), AT_FDCWD, cstring_bytes(path), flags, STATX_BASIC_STATS, p)
        code === Int32(0) || return FileStatus(0x0000, 0, 0.0)
        mode = Core.Intrinsics.pointerref(Core.Intrinsics.bitcast(Ptr{UInt16}, byte_offset(p, 28)), 1, 2)
        seconds = buf[15] % Int64
        nanoseconds = buf[16] % UInt32
        return FileStatus(mode, buf[6] % Int64, Float64(seconds) + Float64(nanoseconds) / 1.0e9)
    end
end
file_status(path::AbstractString) = file_status(String(path), Int32(0))
file_kind(path::AbstractString) = file_status(path).mode & 0xf000

isfile(path::AbstractString) = file_kind(path) === 0x8000
isdir(path::AbstractString) = file_kind(path) === 0x4000
islink(path::AbstractString) = file_status(String(path), AT_SYMLINK_NOFOLLOW).mode & 0xf000 === 0xa000
ispath(path::AbstractString) = file_status(path).mode !== 0x0000
filesize(path::AbstractString) = file_status(path).size
mtime(path::AbstractString) = file_status(path).mtime

function mkdir(path::AbstractString; mode::Integer=0o777)
    p = String(path)
    code = GC.@preserve p ccall(:mkdir, Cint, (Ptr{UInt8}, UInt32), cstring_bytes(p), mode % UInt32)
    code === Int32(0) || throw_file_error("mkdir", p, string("; mode=0o", string(mode; base=8)))
    return p
end
function mkpath(path::AbstractString; mode::Integer=0o777)
    p = String(path)
    (isempty(p) || isdir(p)) && return p
    parent = dirname(endswith(p, '/') ? p[1:end-1] : p)
    parent == p || mkpath(parent; mode=mode)
    isdir(p) || mkdir(p; mode=mode)
    return p
end

# The names in a directory, sorted; with join=true as paths.
function readdir(path::AbstractString="."; join::Bool=false, sort::Bool=true)
    p = String(path)
    handle = GC.@preserve p ccall(:opendir, Ptr{Cvoid}, (Ptr{UInt8},), cstring_bytes(p))
    UInt64(handle) == 0x0000000000000000 && throw_file_error("readdir", p)
    names = Vector{String}(undef, 0)
    while true
        entry = ccall(:readdir, Ptr{UInt8}, (Ptr{Cvoid},), handle)
        UInt64(entry) == 0x0000000000000000 && break
        # the name stands behind the inode, the offset, the length and the kind
        name = unsafe_string(byte_offset(entry, 19))
        (name == "." || name == "..") && continue
        push!(names, join ? joinpath(p, name) : name)
    end
    ccall(:closedir, Cint, (Ptr{Cvoid},), handle)
    sort && sort!(names)
    return names
end

function rm(path::AbstractString; force::Bool=false, recursive::Bool=false)
    p = String(path)
    if recursive && isdir(p) && !islink(p)
        for inner in readdir(p; join=true)
            rm(inner; force=force, recursive=true)
        end
    end
    code = GC.@preserve p ccall(:remove, Cint, (Ptr{UInt8},), cstring_bytes(p))
    code === Int32(0) || (force && !ispath(p)) || throw_file_error(isdir(p) ? "rm" : "unlink", p)
    return nothing
end
function mv(from::AbstractString, to::AbstractString; force::Bool=false)
    a = String(from)
    b = String(to)
    ispath(b) && !force && throw(ArgumentError(string(repr(b), " exists. `force=true` is required to remove ", repr(b), " before moving.")))
    code = GC.@preserve a b ccall(:rename, Cint, (Ptr{UInt8}, Ptr{UInt8}), cstring_bytes(a), cstring_bytes(b))
    code === Int32(0) || throw_file_error("mv", a)
    return b
end
function cp(from::AbstractString, to::AbstractString; force::Bool=false)
    b = String(to)
    ispath(b) && !force && throw(ArgumentError(string(repr(b), " exists. `force=true` is required to remove ", repr(b), " before copying.")))
    write(b, read(from))
    return b
end
touch(path::AbstractString) = (close(open(String(path), "a")); String(path))

homedir() = get(ENV, "HOME", "/")
tempdir() = get(ENV, "TMPDIR", "/tmp")
# A name that is free now: the process and a count make it differ from other names of this kind.
function tempname(parent::AbstractString=tempdir(); cleanup::Bool=true)
    k = time_ns()
    while true
        path = joinpath(parent, string("jl_", string(Libc.getpid(), base=36), "_", string(k, base=36)))
        ispath(path) || return path
        k += 0x0000000000000001
    end
end
function mktempdir(parent::AbstractString=tempdir(); prefix::AbstractString="jl_", cleanup::Bool=true)
    return mkdir(tempname(parent); mode=0o700)
end
function mktempdir(f::Function, parent::AbstractString=tempdir(); prefix::AbstractString="jl_")
    path = mktempdir(parent; prefix=prefix)
    try
        return f(path)
    finally
        rm(path; force=true, recursive=true)
    end
end
function mktemp(parent::AbstractString=tempdir(); cleanup::Bool=true)
    path = tempname(parent)
    return (path, open(path, "w+"))
end
function mktemp(f::Function, parent::AbstractString=tempdir())
    path, io = mktemp(parent)
    try
        return f(path, io)
    finally
        close(io)
        rm(path; force=true)
    end
end
