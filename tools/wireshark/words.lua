-- words.lua - what codes mean: read from the lists of the project itself (core/*.def), so that none is written twice.
-- SPDX-License-Identifier: Apache-2.0
local words = {}

-- The rows of a list: for each the name in small letters, the code (of alarms, events, ...: a number), and the quoted texts.
local function rows_of(path, macro)
    local rows = {}
    local file = io.open(path)
    if not file then
        return rows
    end
    for line in file:lines() do
        local name, code = line:match("^" .. macro .. "%(([%w_]+), (%w+)")
        if name then
            local texts = {}
            for text in line:gmatch('"([^"]*)"') do
                texts[#texts + 1] = text
            end
            rows[#rows + 1] = { name = name:lower(), code = tonumber(code), texts = texts }
        end
    end
    file:close()
    return rows
end

local function by_code(rows)
    local named = {}
    for _, row in ipairs(rows) do
        named[row.code] = row.name
    end
    return named
end

local function by_place(rows)
    local named = {}
    for place, row in ipairs(rows) do
        named[place - 1] = row.name
    end
    return named
end

-- All lists of the folder `root`/core; empty ones where it is not there.
function words.read(root)
    local function list(noun, macro)
        return rows_of(root .. "core/" .. noun .. ".def", macro)
    end
    local alarms, events = list("alarm", "ALARM"), list("event", "EVENT")
    local fields = {}
    for _, row in ipairs(events) do
        fields[row.code] = { row.texts[2], row.texts[3], row.texts[4], row.texts[5] }
    end
    return {
        mode = by_code(list("mode", "MODE")),
        alarm = by_code(alarms),
        alarm_bit = by_place(alarms),
        verdict_bit = by_code(list("verdict", "VERDICT")),
        command = by_code(list("command", "COMMAND")),
        model = by_code(list("model", "MODEL")),
        drug = by_code(list("drug", "DRUG")),
        event = by_code(events),
        event_fields = fields,
        role = { "patient", "clinician", "reader", "service" },
    }
end

-- The names of the bits that are set in a number of two halves of 32 bits, in brackets; nothing when none is.
function words.bits(named, low, high)
    local set = {}
    for place = 0, 63 do
        local half, at = place < 32 and low or high, place % 32
        if math.floor(half / 2 ^ at) % 2 == 1 then
            set[#set + 1] = named[place] or ("bit " .. place)
        end
    end
    return #set > 0 and " (" .. table.concat(set, ", ") .. ")" or ""
end

return words
