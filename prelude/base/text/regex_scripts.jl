# The characters of scripts, as ranges of code points in hexadecimal: those that are used in the script,
# also where several scripts share them.
const RX_SCRIPTS = "Latin:41-5a 61-7a aa ba c0-d6 d8-f6 f8-2b8 2e0-2e4 363-36f 485-486 951-952 10fb 1d00-1d25 1d2c-1d5c 1d62-1d65 \
1d6b-1d77 1d79-1dbe 1e00-1eff 202f 2071 207f 2090-209c 20f0 212a-212b 2132 214e 2160-2188 2c60-2c7f \
a700-a707 a722-a787 a78b-a7ca a7d0-a7d1 a7d3 a7d5-a7d9 a7f2-a7ff a92e ab30-ab5a ab5c-ab64 ab66-ab69 \
fb00-fb06 ff21-ff3a ff41-ff5a 10780-10785 10787-107b0 107b2-107ba 1df00-1df1e;\
Greek:342 345 370-373 375-377 37a-37d 37f 384 386 388-38a 38c 38e-3a1 3a3-3e1 3f0-3ff 1d26-1d2a 1d5d-1d61 \
1d66-1d6a 1dbf-1dc1 1f00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 \
1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2126 ab65 10140-1018e 101a0 1d200-1d245;\
Cyrillic:400-52f 1c80-1c88 1d2b 1d78 1df8 2de0-2dff 2e43 a640-a69f fe2e-fe2f;\
Armenian:531-556 559-58a 58d-58f fb13-fb17;\
Hebrew:591-5c7 5d0-5ea 5ef-5f4 fb1d-fb36 fb38-fb3c fb3e fb40-fb41 fb43-fb44 fb46-fb4f;\
Arabic:600-604 606-6dc 6de-6ff 750-77f 870-88e 890-891 898-8e1 8e3-8ff fb50-fbc2 fbd3-fd8f fd92-fdc7 fdcf \
fdf0-fdff fe70-fe74 fe76-fefc 102e0-102fb 10e60-10e7e 1ee00-1ee03 1ee05-1ee1f 1ee21-1ee22 1ee24 1ee27 \
1ee29-1ee32 1ee34-1ee37 1ee39 1ee3b 1ee42 1ee47 1ee49 1ee4b 1ee4d-1ee4f 1ee51-1ee52 1ee54 1ee57 1ee59 1ee5b \
1ee5d 1ee5f 1ee61-1ee62 1ee64 1ee67-1ee6a 1ee6c-1ee72 1ee74-1ee77 1ee79-1ee7c 1ee7e 1ee80-1ee89 1ee8b-1ee9b \
1eea1-1eea3 1eea5-1eea9 1eeab-1eebb 1eef0-1eef1;\
Devanagari:900-952 955-97f 1cd0-1cf6 1cf8-1cf9 20f0 a830-a839 a8e0-a8ff;\
Bengali:951-952 964-965 980-983 985-98c 98f-990 993-9a8 9aa-9b0 9b2 9b6-9b9 9bc-9c4 9c7-9c8 9cb-9ce 9d7 \
9dc-9dd 9df-9e3 9e6-9fe 1cd0 1cd2 1cd5-1cd6 1cd8 1ce1 1cea 1ced 1cf2 1cf5-1cf7 a8f1;\
Thai:e01-e3a e40-e5b;\
Georgian:10a0-10c5 10c7 10cd 10d0-10ff 1c90-1cba 1cbd-1cbf 2d00-2d25 2d27 2d2d;\
Hangul:1100-11ff 3001-3003 3008-3011 3013-301f 302e-3030 3037 30fb 3131-318e 3200-321e 3260-327e a960-a97c \
ac00-d7a3 d7b0-d7c6 d7cb-d7fb fe45-fe46 ff61-ff65 ffa0-ffbe ffc2-ffc7 ffca-ffcf ffd2-ffd7 ffda-ffdc;\
Hiragana:3001-3003 3008-3011 3013-301f 3030-3035 3037 303c-303d 3041-3096 3099-30a0 30fb-30fc fe45-fe46 \
ff61-ff65 ff70 ff9e-ff9f 1b001-1b11f 1b150-1b152 1f200;\
Katakana:3001-3003 3008-3011 3013-301f 3030-3035 3037 303c-303d 3099-309c 30a0-30ff 31f0-31ff 32d0-32fe \
3300-3357 fe45-fe46 ff61-ff9f 1aff0-1aff3 1aff5-1affb 1affd-1affe 1b000 1b120-1b122 1b164-1b167;\
Han:2e80-2e99 2e9b-2ef3 2f00-2fd5 3001-3003 3005-3011 3013-301f 3021-302d 3030 3037-303f 30fb 3190-319f \
31c0-31e3 3220-3247 3280-32b0 32c0-32cb 32ff 3358-3370 337b-337f 33e0-33fe 3400-4dbf 4e00-9fff a700-a707 \
f900-fa6d fa70-fad9 fe45-fe46 ff61-ff65 16fe2-16fe3 16ff0-16ff1 1d360-1d371 1f250-1f251 20000-2a6df \
2a700-2b738 2b740-2b81d 2b820-2cea1 2ceb0-2ebe0 2f800-2fa1d 30000-3134a;"

# The ranges of a script, two integers each; empty if the name is of none.
@noinline function rx_script_ranges(name::String)
    ranges = Int[]
    at = search_forward(RX_SCRIPTS, string(name, ":"), 1)
    (at == 0 || (at > 1 && byte_at(RX_SCRIPTS, at - 1) !== 0x3b)) && return ranges
    i = at + ncodeunits(name) + 1
    low, high = 0, -1
    while true
        b = byte_at(RX_SCRIPTS, i)
        if b === 0x2d
            low, high = high, 0
        elseif b === 0x20 || b === 0x3b
            rx_add_range!(ranges, low < 0 ? high : low, high)
            low, high = -1, 0
            b === 0x3b && return ranges
        else
            i == at + ncodeunits(name) + 1 && ((low, high) = (-1, 0))
            high = 16 * high + rx_digit(Char(b))
        end
        i += 1
    end
end
# What is in none of the ranges.
@noinline function rx_other_ranges(ranges::Vector{Int})
    out = Int[]
    from = 0
    for k in 1:2:length(ranges)
        ranges[k] > from && rx_add_range!(out, from, ranges[k] - 1)
        from = ranges[k+1] + 1
    end
    from <= 1114111 && rx_add_range!(out, from, 1114111)
    return out
end
