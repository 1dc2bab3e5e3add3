# what atexit registered is called at the end, latest first, with the exit code if it takes one
# expect-exit: 3

atexit(() -> println("registered first, called last"))
atexit(code -> println("exit code ", code))
atexit() do
    println("latest first")
end
function finish(n)
    println("working")
    n > 2 && exit(n)
    println("not reached")
end
try
    finish(1)
    finish(3)
finally
    println("not reached either")
end
