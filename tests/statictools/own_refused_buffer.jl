# exercises: a block without a buffer of its own
# expect-refusal: @no_escape needs a buffer
using StaticTools
function main()
    @no_escape begin
        x = @alloc(Int, 10)
    end
    return 0
end
