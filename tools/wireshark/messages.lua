-- messages.lua - the messages of link/cisterna.proto: read from that file, shown field by field. Units stand in the names.
-- SPDX-License-Identifier: Apache-2.0
local VARINT, FIXED64, BYTES = 0, 1, 2 -- protobuf's wire types
local NEVER = "9223372036854775807"
local WIRE = { uint32 = VARINT, uint64 = VARINT, int32 = VARINT, int64 = VARINT, sint32 = VARINT, sint64 = VARINT,
               bool = VARINT, fixed64 = FIXED64, string = BYTES, bytes = BYTES }

-- "LogItem" is "log_item".
local function snake(name)
    return (name:gsub("(%l)(%u)", "%1_%2"):lower())
end

-- What a comment says of codes: "1 events, 2 faults".
local function names_of(comment)
    local named, any = {}, false
    for part in (comment or ""):gmatch("[^,;]+") do
        local code, text = part:match("^%s*(%d+) (.+)$")
        if code then
            named[tonumber(code)], any = text, true
        end
    end
    return any and named or nil
end

-- { name = { name, [number] = field } } of all messages in a file; nil when it cannot be read.
local function read(path)
    local file = io.open(path)
    if not file then
        return nil
    end
    local messages, current = {}, nil
    for line in file:lines() do
        local code, comment = line:match("^(.-)//%s*(.*)$")
        code = code or line
        local opened = code:match("^%s*message%s+(%w+)")
        if opened then
            current = { name = opened, abbreviation = "cisterna." .. snake(opened) }
            messages[opened] = current
        end
        for words, number in code:gmatch("([%w_ ]+)=%s*(%d+)%s*;") do
            local kind, name = words:match("([%w_]+)%s+([%w_]+)%s*$")
            current[tonumber(number)] = { kind = kind, name = name, names = names_of(comment),
                                          repeated = words:match("repeated") ~= nil }
        end
    end
    file:close()
    return messages
end

local function make_field(message, field)
    local abbreviation, kind, names = message.abbreviation .. "." .. field.name, field.kind, field.names
    if kind == "bool" then
        return ProtoField.bool(abbreviation, field.name)
    elseif kind == "string" then
        return ProtoField.string(abbreviation, field.name)
    elseif kind == "bytes" then
        return ProtoField.bytes(abbreviation, field.name)
    elseif kind == "uint32" then
        return ProtoField.uint32(abbreviation, field.name, base.DEC, names)
    elseif kind == "uint64" then
        return ProtoField.uint64(abbreviation, field.name)
    elseif kind == "fixed64" then
        return ProtoField.uint64(abbreviation, field.name, base.HEX)
    elseif kind == "int32" or kind == "sint32" then
        return ProtoField.int32(abbreviation, field.name)
    elseif kind == "int64" or kind == "sint64" then
        return ProtoField.int64(abbreviation, field.name)
    end
    return ProtoField.none(abbreviation, field.name) -- a message
end

-- A varint at `at`: its low and high 32 bits, and where it ends. Nil when it does not end before `stop`.
local function varint(tvb, at, stop)
    local low, high, weight = 0, 0, 0
    while at < stop and weight < 70 do
        local byte = tvb(at, 1):uint()
        local bits = byte % 128
        if weight < 28 then
            low = low + bits * 2 ^ weight
        elseif weight == 28 then
            low, high = low + bits % 16 * 2 ^ 28, math.floor(bits / 16)
        else
            high = (high + bits * 2 ^ (weight - 32)) % 2 ^ 32
        end
        at, weight = at + 1, weight + 7
        if byte < 128 then
            return low, high, at
        end
    end
    return nil
end

-- Protobuf's zigzag: 0, -1, 1, -2 are 0, 1, 2, 3.
local function unzigzag(low, high)
    local odd = low % 2 == 1
    low, high = math.floor(low / 2) + high % 2 * 2 ^ 31, math.floor(high / 2)
    if odd then
        low, high = 2 ^ 32 - 1 - low, 2 ^ 32 - 1 - high
    end
    return low, high
end

local function value_of(kind, low, high)
    if kind == "sint32" or kind == "sint64" then
        low, high = unzigzag(low, high)
    end
    if kind == "uint32" then
        return low
    elseif kind == "bool" then
        return low ~= 0 or high ~= 0
    elseif kind == "int32" or kind == "sint32" then
        return low < 2 ^ 31 and low or low - 2 ^ 32
    elseif kind == "uint64" then
        return UInt64.new(low, high)
    end
    return Int64.new(low, high)
end

-- All of it: `path` of cisterna.proto, `words` of words.lua, `broken` the expert info of a message that is not well formed.
return function(path, words, bits, broken)
    local messages = read(path)
    local self = { fields = {}, there = messages ~= nil }
    local shown = {} -- by message and name: what else to say of a value
    shown["Status.alarms"] = function(low, high) return bits(words.alarm_bit, low, high) end
    shown["Receipt.reasons"] = function(low, high) return bits(words.verdict_bit, low, high) end
    shown["Capability.commands"] = function(low, high) return bits(words.command, low, high) end
    local named = { ["Status.mode"] = words.mode, ["Alarm.alarm"] = words.alarm, ["ClearAlarm.alarm"] = words.alarm,
                    ["Receipt.command"] = words.command, ["Capability.model"] = words.model, ["Peer.role"] = words.role,
                    ["Component.drug"] = words.drug, ["LogItem.code"] = words.event }
    for _, message in pairs(messages or {}) do
        message.field = ProtoField.none(message.abbreviation, message.name)
        self.fields[#self.fields + 1] = message.field
        for number, field in pairs(message) do
            if type(number) == "number" then
                field.names = named[message.name .. "." .. field.name] or field.names
                field.shown = shown[message.name .. "." .. field.name]
                field.field = make_field(message, field)
                self.fields[#self.fields + 1] = field.field
            end
        end
    end

    local show

    local function show_number(tree, field, range, low, high)
        local value = value_of(field.kind, low, high)
        local item = field.kind == "fixed64" and tree:add_le(field.field, range) or tree:add(field.field, range, value)
        if field.shown then
            item:append_text(field.shown(low, high))
        elseif tostring(value) == NEVER then
            item:append_text(" (never, or not known)")
        end
        return value, item
    end

    -- The numbers of a log record mean what its code says.
    local function show_packed(tree, field, tvb, at, stop, code)
        local names, place = words.event_fields[code] or {}, 1
        while at < stop do
            local low, high, after = varint(tvb, at, stop)
            if not low then
                return false
            end
            local _, item = show_number(tree, field, tvb(at, after - at), low, high)
            item:append_text(names[place] and " (" .. names[place] .. ")" or "")
            at, place = after, place + 1
        end
        return true
    end

    -- One field behind its key; returns where it ends, nil when it is not well formed. `told` takes what else must be known.
    local function show_field(tree, field, wire, tvb, at, stop, told)
        local low, high, after = varint(tvb, at, stop)
        if wire == FIXED64 then
            after = at + 8
            if after > stop or field.kind ~= "fixed64" then
                return nil
            end
            show_number(tree, field, tvb(at, 8), tvb(at, 4):le_uint(), tvb(at + 4, 4):le_uint())
            return after
        elseif not low or (wire ~= VARINT and wire ~= BYTES) then
            return nil
        elseif wire == VARINT then
            if WIRE[field.kind] ~= VARINT then
                return nil
            end
            local value = show_number(tree, field, tvb(at, after - at), low, high)
            told[field.name] = value
            if field.name == "topic" then
                told.inner = field.names[value] -- what an Interrogate is about
            end
            return after
        end
        if high ~= 0 or low > stop - after or WIRE[field.kind] == FIXED64 then
            return nil
        end
        local ends = after + low
        local range = low > 0 and tvb(after, low) or tvb(at, after - at)
        if messages[field.kind] then
            told.inner = field.name
            told.within = show(tree:add(field.field, range), messages[field.kind], tvb, after, ends)
            return told.within and ends
        elseif WIRE[field.kind] == VARINT then
            return show_packed(tree, field, tvb, after, ends, told.code) and ends
        end
        if low == 0 then
            tree:add(field.field, range, field.kind == "bytes" and ByteArray.new() or "")
        else
            tree:add(field.field, range)
        end
        return ends
    end

    -- The fields of a message between two places; what was told, nil when it is not well formed.
    function show(tree, message, tvb, at, stop)
        local told = {}
        while at < stop do
            local key, key_high, after = varint(tvb, at, stop)
            local field = key and key_high == 0 and message[math.floor(key / 8)]
            local ends = field and show_field(tree, field, key % 8, tvb, after, stop, told)
            if not ends then
                tree:add_proto_expert_info(broken)
                return nil
            end
            at = ends
        end
        return told
    end

    -- Shows a whole message; returns one line about it.
    function self.show(tree, name, tvb)
        local told = show(tree:add(messages[name].field, tvb()), messages[name], tvb, 0, tvb:len())
        if not told then
            return "not well formed"
        end
        local finer = (told.inner == "command" or told.inner == "interrogate") and told.within.inner
        local about = finer or told.inner or (told.refusal and "refused") or "nothing"
        return string.format("%s %s %d", about, name:lower(), told.request or 0)
    end

    return self
end
