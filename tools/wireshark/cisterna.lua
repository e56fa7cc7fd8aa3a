-- cisterna.lua - Wireshark dissector of the link between a pump and its programmers (link/SPEC.md), as rig/capture.h captures
-- it; with the keys of a session also of the messages in it. docs/wireshark.md. Tried with Wireshark 4.0.
-- SPDX-License-Identifier: Apache-2.0
local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""
local root = here .. "../../" -- of the checkout
local seal = dofile(here .. "seal.lua")
local keys = dofile(here .. "keys.lua")(seal)
local words = dofile(here .. "words.lua")
local lists = words.read(root)
local bodies = dofile(here .. "bodies.lua")(lists, words.bits)

local WAY_BYTES, DATA_HEAD, TAG_BYTES = 1, 9, 16
local cisterna = Proto("cisterna", "Cisterna link")

local fields = {
    way = ProtoField.uint8("cisterna.from_pump", "way", base.DEC, { [0] = "to the pump", "from the pump" }, 0x01),
    near = ProtoField.uint8("cisterna.near", "reach", base.DEC, { [0] = "far", "near" }, 0x02),
    frame = ProtoField.bytes("cisterna.frame", "frame"),
    body = ProtoField.bytes("cisterna.body", "body"),
    crc = ProtoField.uint16("cisterna.crc", "CRC", base.HEX),
    kind = ProtoField.uint8("cisterna.kind", "kind", base.DEC, bodies.names),
    plain = ProtoField.bytes("cisterna.plain", "message"),
}

local function info(name, text, group, severity)
    return ProtoExpert.new("cisterna." .. name, text, expert.group[group], expert.severity[severity])
end

local experts = {
    way = info("bad_way", "bits of the capture's own byte that mean nothing are set", "MALFORMED", "WARN"),
    frame = info("bad_frame", "damaged: its length or stuffing is not that of a frame", "MALFORMED", "ERROR"),
    crc = info("bad_crc", "damaged: the CRC does not match", "CHECKSUM", "ERROR"),
    kind = info("bad_kind", "no such kind of body: dropped", "MALFORMED", "WARN"),
    length = info("bad_length", "not as long as bodies of this kind are: dropped", "MALFORMED", "WARN"),
    range = info("bad_range", "a value lies outside its range: dropped", "MALFORMED", "WARN"),
    side = info("bad_side", "said by the wrong side: dropped", "PROTOCOL", "WARN"),
    counter = info("old_counter", "the counter is not above the highest before it", "SEQUENCE", "WARN"),
    nonce = info("old_nonce", "the nonce is not above the last one: dropped", "SEQUENCE", "WARN"),
    seal = info("bad_seal", "the seal does not match: not authentic, or another session of this number", "SECURITY", "ERROR"),
    key = info("no_key", "no key of this session is known", "DECRYPTION", "CHAT"),
    far = info("far_nonce", "the nonce is too far ahead to be followed", "SEQUENCE", "WARN"),
    proto = info("no_proto", "link/cisterna.proto is not there: load the dissector from a checkout", "UNDECODED", "NOTE"),
    message = info("bad_message", "not a message of link/cisterna.proto", "MALFORMED", "ERROR"),
}

local messages = dofile(here .. "messages.lua")(root .. "link/cisterna.proto", lists, words.bits, experts.message)

cisterna.fields = {}
cisterna.experts = {}
local all = {}
for _, list in ipairs({ fields, bodies.fields, messages.fields }) do
    for _, field in pairs(list) do
        all[#all + 1] = field
    end
end
cisterna.fields = all
local all_experts = {}
for _, one in pairs(experts) do
    all_experts[#all_experts + 1] = one
end
cisterna.experts = all_experts

cisterna.prefs.key_log = Pref.string("File of session keys", "", "Written by rig/capture.h beside a capture; empty: none")

-- What was seen so far in this capture. Frames are dissected in any order after the first time, so what was found out about
-- the order is kept by the frame's number.
local sessions, highest_nonce, highest_counter, out_of_order

function cisterna.init()
    sessions, highest_nonce, highest_counter, out_of_order = {}, {}, {}, {}
    if cisterna.prefs.key_log ~= "" then
        local why
        sessions, why = keys.read(cisterna.prefs.key_log)
        if why then
            report_failure("Cisterna: the file of session keys: " .. why)
        end
    end
end

-- Is the number not above those before it in its row? A number that is authentic, or may be, moves the row on.
local function is_old(row, name, number, pinfo, moves)
    if not pinfo.visited then
        local before = row[name]
        out_of_order[pinfo.number] = before ~= nil and number <= before
        if moves and (before == nil or number > before) then
            row[name] = number
        end
    end
    return out_of_order[pinfo.number]
end

-- Opens a message of a session; what it says, or nil and why not.
local function data_open(told, body, from_pump)
    local id, nonce = told.session:le_uint(), told.nonce:le_uint()
    local why = experts.key
    for _, pair in ipairs(sessions[id] or {}) do
        local key = keys.at(from_pump and pair.pump or pair.programmer, nonce)
        local plain = key and seal.open(key, nonce, body:raw(0, DATA_HEAD), body:raw(DATA_HEAD))
        if plain then
            return plain
        end
        why = key and experts.seal or experts.far
    end
    return nil, why
end

local function data_show(tree, told, body, from_pump, pinfo)
    local id, nonce = told.session:le_uint(), told.nonce:le_uint()
    local about = string.format("session %08x nonce %d", id, nonce)
    local plain, why = data_open(told, body, from_pump)
    if is_old(highest_nonce, id .. (from_pump and "p" or "q"), nonce, pinfo, plain or why == experts.key) then
        tree:add_proto_expert_info(experts.nonce)
    end
    if not plain then
        tree:add_proto_expert_info(why)
        return about
    end
    local tvb = ByteArray.new(plain, true):tvb("Message")
    if not messages.there then
        tree:add(fields.plain, tvb()):add_proto_expert_info(experts.proto)
        return about
    end
    return about .. ": " .. messages.show(tree, from_pump and "Reply" or "Request", tvb)
end

local function body_show(tree, body, from_pump, pinfo)
    local code = body(0, 1):uint()
    local kind = bodies.kinds[code]
    tree:add(fields.kind, body(0, 1))
    if not kind then
        tree:add_proto_expert_info(experts.kind)
        return string.format("kind %02x", code)
    end
    if body:len() < kind.least or body:len() > kind.most then
        tree:add_proto_expert_info(experts.length)
        return kind.name
    end
    local told, wrong = bodies.show(tree, kind, body)
    if wrong then
        tree:add_proto_expert_info(experts.range)
    end
    if kind.pump ~= nil and kind.pump ~= from_pump then
        tree:add_proto_expert_info(experts.side)
    end
    if kind.name == "DATA" then
        return kind.name .. " " .. data_show(tree, told, body, from_pump, pinfo)
    end
    local slot = told.slot and told.slot:uint() or 0
    local about = told.slot and " slot " .. slot or ""
    if told.counter then
        about = about .. " counter " .. tostring(told.counter:le_uint64())
        if not from_pump and is_old(highest_counter, slot, told.counter:le_uint64(), pinfo, true) then
            tree:add_proto_expert_info(experts.counter)
        end
    end
    return kind.name .. about
end

function cisterna.dissector(tvb, pinfo, root_tree)
    if tvb:len() <= WAY_BYTES then
        return 0
    end
    local way = tvb(0, WAY_BYTES)
    local from_pump = way:uint() % 2 == 1
    local tree = root_tree:add(cisterna, tvb(), "Cisterna link, " .. (from_pump and "from the pump" or "to the pump"))
    pinfo.cols.protocol = "Cisterna"
    pinfo.cols.src = from_pump and "pump" or "programmer"
    pinfo.cols.dst = from_pump and "programmer" or "pump"
    tree:add(fields.way, way)
    if not from_pump then
        tree:add(fields.near, way)
    end
    if way:uint() > 2 then
        tree:add_proto_expert_info(experts.way)
    end
    tree:add(fields.frame, tvb(WAY_BYTES))
    local body, crc, right = bodies.open(tvb:raw(WAY_BYTES))
    if not body then
        tree:add_proto_expert_info(experts.frame)
        pinfo.cols.info = "damaged"
        return tvb:len()
    end
    local body_tvb = ByteArray.new(body, true):tvb("Body")
    local item = tree:add(fields.crc, crc)
    item:set_generated()
    if crc ~= right then
        item:append_text(string.format(", should be %04x", right))
        item:add_proto_expert_info(experts.crc)
        pinfo.cols.info = "damaged"
        return tvb:len()
    end
    pinfo.cols.info = body_show(tree:add(fields.body, body_tvb()), body_tvb, from_pump, pinfo)
    return tvb:len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, cisterna)
