# module: Base.Sys

const KERNEL = :Linux
const WORD_SIZE = 64
const CPU_THREADS = 1

islinux() = true
isunix() = true
isapple() = false
iswindows() = false
isbsd() = false
isfreebsd() = false
