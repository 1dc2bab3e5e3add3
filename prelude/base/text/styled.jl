# printstyled: text between the escape sequences of terminals, for streams that say that they show
# colors. Which streams do is a property of the stream.

# The sequence that begins a style, by the style's name or the number of a color.
struct TextColors end
const text_colors = TextColors()
function get(::TextColors, name::Symbol, default)
    names = (:black, :red, :green, :yellow, :blue, :magenta, :cyan, :white)
    light = (:light_black, :light_red, :light_green, :light_yellow, :light_blue, :light_magenta, :light_cyan, :light_white)
    for k in 1:8
        names[k] === name && return string("\e[", 29 + k, "m")
        light[k] === name && return string("\e[", 89 + k, "m")
    end
    name === :normal && return "\e[0m"
    name === :default && return "\e[39m"
    name === :nothing && return ""
    number = style_number(name)
    return number == 0 ? default : string("\e[", number, "m")
end
get(::TextColors, color::Int, default) = 0 <= color < 256 ? string("\e[38;5;", color, "m") : default
haskey(colors::TextColors, name::Union{Int,Symbol}) = get(colors, name, nothing) !== nothing
function getindex(colors::TextColors, name::Union{Int,Symbol})
    text = get(colors, name, nothing)
    text === nothing && throw_keyerror(name)
    return text
end

# The number of a style that is not a color; what ends it has a number that is larger by 20.
function style_number(name::Symbol)
    name === :bold && return 1
    name === :italic && return 3
    name === :underline && return 4
    name === :blink && return 5
    name === :reverse && return 7
    name === :hidden && return 8
    return 0
end
style_end(color::Int) = "\e[39m"
function style_end(color::Symbol)
    (color === :normal || color === :default || color === :nothing) && return ""
    number = style_number(color)
    number == 0 && return "\e[39m"
    return string("\e[", number == 1 ? 22 : number + 20, "m")
end

function printstyled(io::IO, xs...; bold::Bool=false, underline::Bool=false, blink::Bool=false, reverse::Bool=false, hidden::Bool=false, italic::Bool=false, color::Union{Int,Symbol}=:normal)
    get(io, :color, false) === true || return print(io, xs...)
    styles = Symbol[]
    bold && color !== :bold && push!(styles, :bold)
    italic && color !== :italic && push!(styles, :italic)
    underline && color !== :underline && push!(styles, :underline)
    blink && color !== :blink && push!(styles, :blink)
    reverse && color !== :reverse && push!(styles, :reverse)
    hidden && color !== :hidden && push!(styles, :hidden)
    before = get(text_colors, color, "\e[39m")
    after = style_end(color)
    for style in styles
        before = before * text_colors[style]
        after = style_end(style) * after
    end
    text = sprint(print, xs...; context=io)
    # The style ends with every line, and empty lines have none.
    for (n, line) in enumerate(eachsplit(text, '\n'))
        n > 1 && print(io, "\n")
        isempty(line) || print(io, before, line, after)
    end
    return nothing
end
printstyled(xs...; bold::Bool=false, underline::Bool=false, blink::Bool=false, reverse::Bool=false, hidden::Bool=false, italic::Bool=false, color::Union{Int,Symbol}=:normal) =
    printstyled(stdout, xs...; bold=bold, underline=underline, blink=blink, reverse=reverse, hidden=hidden, italic=italic, color=color)
