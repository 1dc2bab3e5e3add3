println(Integer >: Int, " ", >:(Int, Real), " ", [Integer, String] .>: Int)
