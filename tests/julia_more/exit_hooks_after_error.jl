# an uncaught error is told first, then the hooks run; one that throws keeps none of the others from running
# expect-exit: 1
# expect-stderr: ERROR: LoadError: boom

atexit(code -> println("code ", code))
atexit(() -> error("in a hook"))
println("before")
error("boom")
