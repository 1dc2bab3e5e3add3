# exercises: mean, median, var, std, quantile, cor of small vectors and matrices
using Statistics
println(mean([1, 2, 3, 4]), " ", mean(abs, [-1, 3]), " ", mean(1:3), " ", mean([1 2; 3 4]; dims=1), " ", mean(x for x in (2, 4)))
println(median([3, 1, 2]), " ", median([4, 1, 3, 2]), " ", middle(1, 4), " ", var([1, 2, 3, 4, 5]), " ", std([2.0, 4.0, 6.0]), " ", var([1, 3]; corrected=false))
println(quantile([1, 2, 3, 4, 5], 0.5), " ", quantile(1:5, [0.0, 0.25, 1.0]), " ", cor([1, 2, 3], [2, 4, 6]), " ", cov([1, 2, 3], [1, 2, 3]))
