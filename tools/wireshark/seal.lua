-- seal.lua - ChaCha20-Poly1305 (RFC 8439) for reading what the link has sealed: Wireshark's Lua has no cipher of its own.
-- Slow, in whole numbers that a double holds exactly, and nothing here takes care of timing.
-- SPDX-License-Identifier: Apache-2.0
local band, bxor, rol, tobit = bit.band, bit.bxor, bit.rol, bit.tobit

local SIGMA = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 } -- "expand 32-byte k"
local QUARTERS = {
    { 1, 5, 9, 13 }, { 2, 6, 10, 14 }, { 3, 7, 11, 15 }, { 4, 8, 12, 16 },
    { 1, 6, 11, 16 }, { 2, 7, 12, 13 }, { 3, 8, 9, 14 }, { 4, 5, 10, 15 },
}
local LIMBS = 17 -- of a byte each: 2^130 - 5 needs 130 bits

local function word_at(bytes, at)
    local a, b, c, d = bytes:byte(at, at + 3)
    return a + b * 0x100 + c * 0x10000 + d * 0x1000000
end

local function word_bytes(word)
    local bytes = {}
    word = word % 0x100000000
    for i = 1, 4 do
        bytes[i] = string.char(word % 256)
        word = math.floor(word / 256)
    end
    return table.concat(bytes)
end

-- One block of 64 bytes of key stream; the nonce is three words.
local function block(key, counter, nonce)
    local start = { SIGMA[1], SIGMA[2], SIGMA[3], SIGMA[4] }
    for i = 0, 7 do
        start[5 + i] = word_at(key, 1 + 4 * i)
    end
    start[13], start[14], start[15], start[16] = counter, nonce[1], nonce[2], nonce[3]
    local x = {}
    for i = 1, 16 do
        x[i] = tobit(start[i])
    end
    for _ = 1, 10 do
        for _, places in ipairs(QUARTERS) do
            local a, b, c, d = places[1], places[2], places[3], places[4]
            x[a] = tobit(x[a] + x[b]); x[d] = rol(bxor(x[d], x[a]), 16)
            x[c] = tobit(x[c] + x[d]); x[b] = rol(bxor(x[b], x[c]), 12)
            x[a] = tobit(x[a] + x[b]); x[d] = rol(bxor(x[d], x[a]), 8)
            x[c] = tobit(x[c] + x[d]); x[b] = rol(bxor(x[b], x[c]), 7)
        end
    end
    local bytes = {}
    for i = 1, 16 do
        bytes[i] = word_bytes(x[i] + start[i])
    end
    return table.concat(bytes)
end

local function xor_stream(key, nonce, bytes)
    local out = {}
    for at = 1, #bytes, 64 do
        local stream = block(key, 1 + (at - 1) / 64, nonce)
        for i = at, math.min(at + 63, #bytes) do
            out[i] = string.char(bxor(bytes:byte(i), stream:byte(i - at + 1)))
        end
    end
    return table.concat(out)
end

-- h * r modulo 2^130 - 5. A product is below 2^16, times 320, times 17 of them: far below 2^53.
local function multiply(h, r)
    local x = {}
    for i = 1, LIMBS do
        local sum = 0
        for j = 1, LIMBS do
            -- What lies beyond limb 17 comes back 2^136 lower: 2^136 is 2^6 * 5.
            sum = sum + (j <= i and h[j] * r[i + 1 - j] or 320 * h[j] * r[i + 1 + LIMBS - j])
        end
        x[i] = sum
    end
    local carry = 0
    for i = 1, LIMBS - 1 do
        carry = carry + x[i]
        h[i], carry = carry % 256, math.floor(carry / 256)
    end
    carry = carry + x[LIMBS]
    h[LIMBS], carry = carry % 4, 5 * math.floor(carry / 4) -- 2^130 is 5
    for i = 1, LIMBS - 1 do
        carry = carry + h[i]
        h[i], carry = carry % 256, math.floor(carry / 256)
    end
    h[LIMBS] = h[LIMBS] + carry
end

local function add(h, bytes, extra)
    local carry = 0
    for i = 1, LIMBS do
        carry = carry + h[i] + (i <= #bytes and bytes:byte(i) or i == #bytes + 1 and extra or 0)
        h[i], carry = carry % 256, math.floor(carry / 256)
    end
end

-- Is h, which is below 2^130 and a little, at least 2^130 - 5?
local function is_over(h)
    for i = 2, LIMBS - 1 do
        if h[i] ~= 255 then
            return h[LIMBS] > 3
        end
    end
    return h[LIMBS] > 3 or (h[LIMBS] == 3 and h[1] >= 251)
end

local seal = {}

-- The one-time authenticator by itself: 16 bytes over a message, under a key of 32.
function seal.poly1305(key, message)
    local r, h = {}, {}
    for i = 1, LIMBS do
        r[i], h[i] = i <= 16 and key:byte(i) or 0, 0
    end
    for _, i in ipairs({ 4, 8, 12, 16 }) do
        r[i] = band(r[i], 15)
    end
    for _, i in ipairs({ 5, 9, 13 }) do
        r[i] = band(r[i], 252)
    end
    for at = 1, #message, 16 do
        add(h, message:sub(at, at + 15), 1)
        multiply(h, r)
    end
    if is_over(h) then
        add(h, "\5", 0)
    end
    add(h, key:sub(17, 32), 0)
    local tag = {}
    for i = 1, 16 do
        tag[i] = string.char(h[i])
    end
    return table.concat(tag)
end

local function padded(bytes)
    return bytes .. ("\0"):rep(-#bytes % 16)
end

-- What was sealed under this nonce (a whole number below 2^32) with this associated data; nil when the tag does not match.
function seal.open(key, number, ad, sealed)
    local nonce = { 0, number, 0 }
    local text, tag = sealed:sub(1, -17), sealed:sub(-16)
    local covered = padded(ad) .. padded(text) .. word_bytes(#ad) .. word_bytes(0) .. word_bytes(#text) .. word_bytes(0)
    if seal.poly1305(block(key, 0, nonce), covered) ~= tag then
        return nil
    end
    return xor_stream(key, nonce, text)
end

-- REKEY of Noise: the first 32 bytes of sealing zeros under the nonce 2^64 - 1.
function seal.rekey(key)
    return block(key, 1, { 0, 0xFFFFFFFF, 0xFFFFFFFF }):sub(1, 32)
end

return seal
