# Grids: neighbours, masks, blocks, labels, sums of rectangles.
function neighbours(g)
    sum(circshift(g, (i, j)) for i in -1:1, j in -1:1 if (i, j) != (0, 0))
end
step(g) = (n = neighbours(g); (n .== 3) .| (g .& (n .== 2)))
show_grid(g) = foreach(r -> println(join(ifelse.(r, '#', '.'))), eachrow(g))
glider = falses(6, 6)
for (i, j) in ((1, 2), (2, 3), (3, 1), (3, 2), (3, 3))
    glider[i, j] = true
end
show_grid(glider)
g = foldl((x, _) -> step(x), 1:4; init = glider)
show_grid(g)
println(g == circshift(glider, (1, 1)), " ", count(g), " ", typeof(g), " ", typeof(neighbours(glider)))
pad(A, n; value = zero(eltype(A))) = (B = fill(value, size(A) .+ 2n); B[(1:size(A, 1)).+n, (1:size(A, 2)).+n] = A; B)
A = reshape(1:6, 2, 3)
println(pad(A, 1), " ", pad([1.5 2], 1; value = -1.0), " ", size(pad(trues(2, 2), 2)))
function convolve2(img, k)
    r, c = size(k) .÷ 2
    P = pad(img, max(r, c))
    [sum(P[i-r+max(r, c):i+r+max(r, c), j-c+max(r, c):j+c+max(r, c)] .* k) for i in axes(img, 1), j in axes(img, 2)]
end
img = [i * j % 5 for i in 1:4, j in 1:5]
println(img, "\n", convolve2(img, ones(Int, 3, 3)), "\n", convolve2(img, [0 1 0; 1 -4 1; 0 1 0]))
blur = convolve2(Float64.(img), fill(1 / 9, 3, 3))
println(round.(blur, digits = 2))
println(extrema(blur) .|> x -> round(x, digits = 3), " ", argmax(img), " ", findall(>(3), img) .|> Tuple)
mask = img .> 2
println(img[mask], " ", count(mask, dims = 1), " ", any(mask, dims = 2), " ", ifelse.(mask, img, 0), " ", findfirst(mask), " ", mask)
hist = zeros(Int, 5)
for v in img
    hist[v+1] += 1
end
println(hist, " ", cumsum(hist), " ", cumsum(hist) / length(img))
blocks = [view(img, i:i+1, j:j+1) for i in 1:2:3, j in 1:2:3]
println(map(sum, blocks), " ", maximum.(blocks), " ", size(blocks), " ", blocks[2, 1], " ", sum(blocks))
down = [img[i, j] for i in 1:2:size(img, 1), j in 1:2:size(img, 2)]
println(down, " ", repeat(down, inner = (2, 2)))
rle(v) = isempty(v) ? Tuple{eltype(v),Int}[] : foldl(v[2:end]; init = [(v[1], 1)]) do acc, x
    if acc[end][1] == x
        acc[end] = (x, acc[end][2] + 1)
    else
        push!(acc, (x, 1))
    end
    acc
end
println(rle([1, 1, 2, 2, 2, 3]), " ", rle(Int[]), " ", rle(collect("aabccc")), " ", rle(mask[1, :]))
unrle(r) = reduce(vcat, [fill(x, n) for (x, n) in r]; init = Int[])
println(unrle(rle([1, 1, 2])), " ", unrle(Tuple{Int,Int}[]))
flip = reverse(img, dims = 1)
println(flip[1, :] == img[end, :], " ", rotl90(img) == permutedims(img)[end:-1:1, :], " ", rotr90(rotl90(img)) == img, " ", rot180(img) == reverse(reverse(img, dims = 1), dims = 2))
palette = collect(" .:-=+*")
println.(join.(eachrow(palette[img.+1])));
function flood!(A, i, j, new)
    old = A[i, j]
    old == new && return 0
    stack, n = [CartesianIndex(i, j)], 0
    while !isempty(stack)
        I = pop!(stack)
        checkbounds(Bool, A, I) && A[I] == old || continue
        A[I] = new
        n += 1
        for d in (CartesianIndex(0, 1), CartesianIndex(1, 0))
            push!(stack, I + d, I - d)
        end
    end
    n
end
maze = [c == '#' for c in permutedims(hcat(collect.(["..#.", ".##.", "#..."])...))]
M = Int.(maze)
println(flood!(M, 1, 1, 7), " ", flood!(M, 1, 4, 8), " ", M, " ", typeof(maze))
function label(B)
    L = zeros(Int, size(B)); n = 0
    for I in CartesianIndices(B)
        (B[I] && L[I] == 0) || continue
        n += 1
        todo = [I]
        while !isempty(todo)
            J = popfirst!(todo)
            (J in CartesianIndices(B) && B[J] && L[J] == 0) || continue
            L[J] = n
            append!(todo, [J + CartesianIndex(d) for d in ((1, 0), (-1, 0), (0, 1), (0, -1))])
        end
    end
    L, n
end
println(label(Bool[1 1 0; 0 0 0; 0 1 1]))
integral = cumsum(cumsum(img, dims = 1), dims = 2)
println(integral, " ", integral[end], " ", integral[3, 4] - integral[1, 4] - integral[3, 1] + integral[1, 1] == sum(img[2:3, 2:4]))
println(vec(sum(img, dims = 1)), " ", sum(img, dims = 2)[:], " ", sum(img[i, i] for i in 1:4), " ", [img[i, 5-i] for i in 1:4])
checker = [isodd(i + j) for i in 1:3, j in 1:3]
println(checker, " ", .!checker, " ", checker .⊻ true == .!checker, " ", typeof(.!checker), " ", Int.(checker), " ", xor.(checker, checker') |> any)
B = zeros(Int, 3, 4)
B[2, :] .= 1:4
B[:, 1] = [9, 8, 7]
B[1, 2:3] .+= 5
B[end, end] -= 1
println(B, " ", B[:, [1, end]], " ", B[[true, false, true], :], " ", B[B.>4], " ", B[:])
