# What tests and benchmarks need of the machine, installed only when missing. Sourced, not run; knows nothing of jlift.
# Debian-like systems: missing tools come from apt, as root or by sudo, without questions.

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_lists_are_fresh=
install_packages() {
    if ! have apt-get; then
        echo "missing, and there is no apt-get to install them: $*" >&2
        return 1
    fi
    if [ -z "$apt_lists_are_fresh" ]; then
        as_root apt-get update -qq || return 1
        apt_lists_are_fresh=yes
    fi
    echo "installing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# The newest packaged LLVM of at least version 15, as the number in its package names.
newest_llvm() {
    apt-cache pkgnames clang- | sed -n 's/^clang-\([0-9][0-9]\)$/\1/p' | awk '$1 >= 15' | sort -n | tail -1
}

# Is a clang, opt and llc of LLVM 15 or newer there, plain or with a version suffix?
have_llvm() {
    local suffix major
    for suffix in "" $(seq -f -%g 15 30); do
        have "clang$suffix" && have "opt$suffix" && have "llc$suffix" || continue
        major=$("opt$suffix" --version | sed -n 's/.*LLVM version \([0-9]*\).*/\1/p' | head -1)
        [ "${major:-0}" -ge 15 ] && return 0
    done
    return 1
}

qemu_aarch64() {
    command -v qemu-aarch64 || command -v qemu-aarch64-static
}

# Every tool of the test suite. The cross compiler and emulator are for the aarch64 replays, the LLVM tools for comparisons with an
# independent code generator, valgrind and gdb for tests of memory safety and debug information.
install_test_tools() {
    local missing=()
    have gcc || missing+=(gcc libc6-dev)
    have valgrind || missing+=(valgrind libc6-dbg)
    have gdb || missing+=(gdb)
    have readelf || missing+=(binutils)
    python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3 python3-venv)
    if [ "$(uname -m)" != aarch64 ]; then
        have aarch64-linux-gnu-gcc || missing+=(gcc-aarch64-linux-gnu)
        [ -e /usr/aarch64-linux-gnu/lib/libc.so.6 ] || missing+=(libc6-arm64-cross)
        [ -e /usr/aarch64-linux-gnu/include/stdio.h ] || missing+=(libc6-dev-arm64-cross)
        qemu_aarch64 >/dev/null || missing+=(qemu-user)
    fi
    if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}" || return 1; fi
    if ! have_llvm; then
        local version
        version=$(newest_llvm)
        if [ -z "$version" ] && [ -z "$apt_lists_are_fresh" ]; then
            as_root apt-get update -qq || return 1
            apt_lists_are_fresh=yes
            version=$(newest_llvm)
        fi
        if [ -z "$version" ]; then
            echo "no package of LLVM 15 or newer" >&2
            return 1
        fi
        install_packages "clang-$version" "llvm-$version" || return 1
    fi
}

# make_venv DIR REQUIREMENTS: a virtual environment with the pinned packages; pip runs only when the pins changed.
make_venv() {
    local dir=$1 requirements=$2 stamp pins
    stamp="$dir/$(basename "$(dirname "$requirements")").pins"
    pins=$(cat "$(dirname "$requirements")"/../tests/requirements.txt "$requirements")
    if [ ! -x "$dir/bin/python" ] || ! "$dir/bin/python" -c '' 2>/dev/null; then
        rm -rf "$dir"
        python3 -m venv "$dir" || return 1
    fi
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$pins" ] && return 0
    "$dir/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" || return 1
    printf '%s\n' "$pins" >"$stamp"
}
