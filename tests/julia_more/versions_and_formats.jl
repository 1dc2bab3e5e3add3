# exercises: parts of version numbers, texts that are in their format
v = v"1.2.3-rc.1+b5"
println(v.prerelease, " ", v.build, " ", v"1.0".prerelease, " ", v, " ", propertynames(v), " ", v.major, v.minor, v.patch, " ", v < v"1.2.3", " ", VersionNumber(1, 2, 3, ("a",), ()), " ", v"1.2.3-a" < v"1.2.3-b", " ", VERSION >= v"1.6", " ", isempty(VERSION.prerelease))
println(repr(MIME("text/html"), "<b>"), repr("text/plain", "x"), repr(MIME("text/plain"), [1]))
println(istextmime("text/html"), istextmime(MIME("image/png")), istextmime("application/json"))
