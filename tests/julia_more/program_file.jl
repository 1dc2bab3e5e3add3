println(abspath(PROGRAM_FILE) == @__FILE__, " ", Sys.islinux(), " ", ARGS)
if abspath(PROGRAM_FILE) == @__FILE__
    println("main")
end
