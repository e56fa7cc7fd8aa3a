-- bodies.lua - frames and the bodies in them: link/SPEC.md §2, §3 and §8.
-- SPDX-License-Identifier: Apache-2.0
local FRAME_MAX, BODY_MAX, CRC_BYTES = 256, 252, 2

-- Who says it (pump: true or false; nil: both), the least and largest length of the body, and its members behind the kind.
local KINDS = {
    { name = "KNOCK", pump = false, least = 74, most = 74, "slot", "counter", "tag", "noise" },
    { name = "ANSWER", pump = true, least = 58, most = 58, "slot", "noise" },
    { name = "COUNTER", pump = true, least = 26, most = 26, "slot", "counter", "tag" },
    { name = "DATA", least = 26, most = 252, "session", "nonce", "sealed" },
    { name = "PAIR_1", pump = false, least = 73, most = 73, "counter", "tag", "noise" },
    { name = "PAIR_2", pump = true, least = 115, most = 115, "noise" },
    { name = "PAIR_3", pump = false, least = 82, most = 82, "noise" },
    { name = "PAIRED", pump = true, least = 19, most = 19, "sealed" },
    { name = "EMERGENCY", pump = false, least = 10, most = 10, "wish", "challenge" },
    { name = "IDENTITY", pump = true, least = 49, most = 49, "challenge", "serial", "model", "mode", "lowered", "spare", "alarms",
      "base_nl_day", "reservoir_nl", "window_minutes" },
}

-- CRC-16, polynomial 1021, first value FFFF, not reflected.
local function crc_of(bytes)
    local crc = 0xFFFF
    for i = 1, #bytes do
        crc = bit.bxor(crc, bytes:byte(i) * 256)
        for _ = 1, 8 do
            crc = crc * 2
            if crc >= 0x10000 then
                crc = bit.bxor(crc - 0x10000, 0x1021)
            end
        end
    end
    return crc
end

-- The bytes in a frame with its stuffing taken off: the body and its CRC. Nil when it is no frame.
local function unstuff(frame)
    local size = frame:byte(-1) == 0 and #frame - 1 or #frame
    if size < 4 or size > FRAME_MAX - 1 then
        return nil
    end
    local blocks, at = {}, 1
    while at <= size do
        local length = frame:byte(at)
        local block = frame:sub(at + 1, at + length - 1)
        if length == 0 or at + length - 1 > size or block:find("\0", 1, true) then
            return nil
        end
        blocks[#blocks + 1] = block
        at = at + length
    end
    return table.concat(blocks, "\0")
end

return function(lists, bits)
    local bodies = { kinds = KINDS, names = {} }
    for code, kind in ipairs(KINDS) do
        bodies.names[code] = kind.name
    end

    -- Members of bodies: how many bytes (nil: the rest) and how they are shown.
    local members = {
        slot = { 1, ProtoField.uint8("cisterna.slot", "slot") },
        counter = { 8, ProtoField.uint64("cisterna.counter", "counter") },
        tag = { 16, ProtoField.bytes("cisterna.tag", "tag of the gate (not checked here)") },
        noise = { nil, ProtoField.bytes("cisterna.noise", "Noise message") },
        session = { 4, ProtoField.uint32("cisterna.session", "session", base.HEX) },
        nonce = { 4, ProtoField.uint32("cisterna.nonce", "nonce") },
        sealed = { nil, ProtoField.bytes("cisterna.sealed", "sealed") },
        wish = { 1, ProtoField.uint8("cisterna.wish", "wish", base.DEC, { "identify", "lower" }) },
        challenge = { 8, ProtoField.bytes("cisterna.challenge", "challenge") },
        serial = { 16, ProtoField.stringz("cisterna.identity.serial", "serial") },
        model = { 1, ProtoField.uint8("cisterna.identity.model", "model", base.DEC, lists.model) },
        mode = { 1, ProtoField.uint8("cisterna.identity.mode", "mode", base.DEC, lists.mode) },
        lowered = { 1, ProtoField.bool("cisterna.identity.lowered", "lowered") },
        spare = { 1, ProtoField.uint8("cisterna.identity.spare", "zero") },
        alarms = { 4, ProtoField.uint32("cisterna.identity.alarms", "alarms", base.HEX) },
        base_nl_day = { 4, ProtoField.uint32("cisterna.identity.base_nl_day", "base_nl_day") },
        reservoir_nl = { 8, ProtoField.uint64("cisterna.identity.reservoir_nl", "reservoir_nl") },
        window_minutes = { 4, ProtoField.uint32("cisterna.identity.window_minutes", "window_minutes") },
    }
    bodies.fields = {}
    for _, member in pairs(members) do
        bodies.fields[#bodies.fields + 1] = member[2]
    end

    -- The body of a frame, its CRC and the CRC that it should have; nil when the stuffing is not that of a frame.
    function bodies.open(frame)
        local plain = unstuff(frame)
        if not plain or #plain <= CRC_BYTES or #plain > BODY_MAX + CRC_BYTES then
            return nil
        end
        local body = plain:sub(1, -1 - CRC_BYTES)
        local low, high = plain:byte(-2, -1)
        return body, low + high * 256, crc_of(body)
    end

    -- Is a member outside what SPEC §3 allows? Numbers here are whole and small.
    local function is_wrong(kind, name, range)
        if name == "slot" then
            return range:uint() > 8 or (range:uint() == 0 and kind.name ~= "COUNTER")
        elseif name == "session" or name == "nonce" then
            return range:le_uint() == 0
        end
        return name == "wish" and range:uint() ~= 1 and range:uint() ~= 2
    end

    -- Shows the members of a body of this kind, which is as long as it should be. What they are, by name; and whether one is
    -- outside its range.
    function bodies.show(tree, kind, body)
        local at, told, wrong = 1, {}, false
        for _, name in ipairs(kind) do
            local size, field = members[name][1] or body:len() - at, members[name][2]
            local item = tree:add_le(field, body(at, size))
            if name == "alarms" then
                item:append_text(bits(lists.alarm_bit, body(at, 4):le_uint(), 0))
            end
            told[name] = body(at, size)
            wrong = wrong or is_wrong(kind, name, told[name])
            at = at + size
        end
        return told, wrong
    end

    return bodies
end
