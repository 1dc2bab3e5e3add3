# exercises: rows, columns and slices of arrays, shown with the types that Julia names
display(eachrow([1 2;3 4])); display(eachcol([1 2;3 4])); display(eachslice(ones(2,2,2); dims=3)); display(eachslice([1 2 3;4 5 6;7 8 9]; dims=1, drop=false))
println(summary(eachrow([1 2;3 4])))
try; eachrow([1 2;3 4])[3]; catch e; println(sprint(showerror, e)); end
println(summary(eachslice(ones(2,3,4); dims=(1,3))))
