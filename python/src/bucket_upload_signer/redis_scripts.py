"""What Redis runs: the scripts of src/server/counters/redis-scripts.ts, which says what they keep.

Each is carried out whole, with nothing in between. A test holds both together.
"""

TAKE = r"""
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end

local id, lease = ARGV[1], tonumber(ARGV[2])
local claim = prefix .. 'claim:' .. id
local state = redis.call('HGET', claim, 'state')
local ends = text(now + lease)
if state == 'taken' then
  local amounts = cjson.decode(redis.call('HGET', claim, 'amounts'))
  for i = 1, #amounts, 2 do
    redis.call('ZADD', prefix .. 'open:' .. amounts[i], 'XX', ends, id)
  end
  redis.call('HSET', claim, 'ends', ends)
  local left = redis.call('PTTL', claim)
  if left >= 0 and left < lease then redis.call('PEXPIRE', claim, text(lease)) end
end
if state and state ~= 'given' then return {0, -1} end
local forever = false
local life = lease
local amounts = {}
for i = 3, #ARGV, 4 do
  local key, amount, limit = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local window = tonumber(ARGV[i + 3])
  local used = prefix .. 'used:' .. key
  if tonumber(redis.call('GET', used) or '0') + amount > limit then
    local wait = amount <= limit and redis.call('PTTL', used) or -1
    return {(i + 1) / 4, wait < 0 and -1 or wait}
  end
  if window == 0 then forever = true end
  life = math.max(life, window)
  amounts[#amounts + 1] = key
  amounts[#amounts + 1] = ARGV[i + 1]
end
for i = 3, #ARGV, 4 do
  local used, open = prefix .. 'used:' .. ARGV[i], prefix .. 'open:' .. ARGV[i]
  local window = tonumber(ARGV[i + 3])
  local isNew = redis.call('EXISTS', used) == 0
  redis.call('INCRBY', used, ARGV[i + 1])
  if isNew and window > 0 then redis.call('PEXPIREAT', used, text(now + window)) end
  if isNew then redis.call('DEL', open) end
  redis.call('ZADD', open, ends, id)
  if window > 0 then redis.call('PEXPIREAT', open, text(redis.call('PTTL', used) + now)) end
end
redis.call('HSET', claim, 'state', 'taken', 'ends', ends, 'amounts', cjson.encode(amounts))
if forever then redis.call('PERSIST', claim) else redis.call('PEXPIRE', claim, text(life)) end
return {0, -1}
"""

KEEP = r"""
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end

local claim = prefix .. 'claim:' .. ARGV[1]
local function finish(state)
  local amounts = cjson.decode(redis.call('HGET', claim, 'amounts'))
  for i = 1, #amounts, 2 do
    local open = redis.call('ZREM', prefix .. 'open:' .. amounts[i], ARGV[1])
    local used = prefix .. 'used:' .. amounts[i]
    if open == 1 and state == 'given' and redis.call('EXISTS', used) == 1 then
      redis.call('DECRBY', used, amounts[i + 1])
    end
  end
  redis.call('HSET', claim, 'state', state)
  redis.call('PEXPIRE', claim, 3600000)
end

if redis.call('HGET', claim, 'state') == 'taken' then finish('kept') end
return 1
"""

GIVE = r"""
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end

local claim = prefix .. 'claim:' .. ARGV[1]
local function finish(state)
  local amounts = cjson.decode(redis.call('HGET', claim, 'amounts'))
  for i = 1, #amounts, 2 do
    local open = redis.call('ZREM', prefix .. 'open:' .. amounts[i], ARGV[1])
    local used = prefix .. 'used:' .. amounts[i]
    if open == 1 and state == 'given' and redis.call('EXISTS', used) == 1 then
      redis.call('DECRBY', used, amounts[i + 1])
    end
  end
  redis.call('HSET', claim, 'state', state)
  redis.call('PEXPIRE', claim, 3600000)
end

local known = redis.call('HMGET', claim, 'state', 'ends')
if known[1] ~= 'taken' then return 0 end
if ARGV[2] == '1' and tonumber(known[2]) > now then return 0 end
finish('given')
return 1
"""

ENDED = r"""
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end

return redis.call('ZRANGEBYSCORE', prefix .. 'open:' .. ARGV[1], '-inf', text(now), 'LIMIT', '0', ARGV[2])
"""
