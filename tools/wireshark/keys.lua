-- keys.lua - the file of session keys that rig/capture.h writes, and the keys that follow from them (link/SPEC.md §6).
-- SPDX-License-Identifier: Apache-2.0
local REKEY_EVERY = 64 -- nonces
local MOVES_MAX = 4096 -- so that a made-up nonce keeps nobody waiting: far more than half an hour of frames. Guess

local function bytes_of(digits)
    return (digits:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

return function(seal)
    local keys = {}

    -- The sessions of a file: for each number a list of pairs of keys, as strangers may have used the same number. An empty
    -- list, and why, when the file cannot be read. Lines of other words are passed over.
    function keys.read(path)
        local sessions = {}
        local file, why = io.open(path)
        if not file then
            return sessions, why
        end
        for line in file:lines() do
            local id, programmer, pump = line:match("^session (%x+) programmer (%x+) pump (%x+)%s*$")
            if id and #id == 8 and #programmer == 64 and #pump == 64 then
                local number = tonumber(id, 16)
                sessions[number] = sessions[number] or {}
                table.insert(sessions[number], {
                    programmer = { [0] = bytes_of(programmer), moves = 0 },
                    pump = { [0] = bytes_of(pump), moves = 0 },
                })
            end
        end
        file:close()
        return sessions
    end

    -- The key for a nonce: moved on as often as the nonces before it ask for. Nil when that is too often to follow.
    function keys.at(chain, nonce)
        local wanted = math.floor(nonce / REKEY_EVERY)
        if wanted > MOVES_MAX then
            return nil
        end
        while chain.moves < wanted do
            chain[chain.moves + 1] = seal.rekey(chain[chain.moves])
            chain.moves = chain.moves + 1
        end
        return chain[wanted]
    end

    return keys
end
