-- POST ratings, each of another user, and never the same user and segment twice. Arguments: file of tokens, file of
-- segments' ids, first number, numbers of a thread.
local tokens, segments, base, share
local count = 0
local threads = 0

function setup(thread)
  thread:set('id', threads)
  threads = threads + 1
end

local step = 104729   -- a prime

function init(args)
  base, share = tonumber(args[3]), tonumber(args[4])
  tokens, segments = {}, {}
  for line in io.lines(args[1]) do tokens[#tokens + 1] = 'Bearer ' .. line end
  for line in io.lines(args[2]) do segments[#segments + 1] = line end
  if #segments % step == 0 then error('every lap would meet the same segments') end
  base = base + id * share
  math.randomseed(base)
end

local function hex(digits)
  return string.format('%0' .. digits .. 'x', math.floor(math.random() * 16 ^ digits))
end

-- The number k names the user (k modulo their count) and the lap; the lap's step and the count of segments have no
-- common divisor, so that a user meets all segments before one comes again.
function request()
  local k = base + count
  count = count + 1
  local user = k % #tokens
  local lap = math.floor(k / #tokens)
  local segment = segments[(user * 7919 + lap * step) % #segments + 1]
  local body = string.format(
    '{"rating_id":"%s-%s-4%s-8%s-%s%s","segment_id":"%s","rating":%d,"tags":["well lit","busy"],' ..
    '"metadata":{"device":"mobile","source":"recording"}}',
    hex(8), hex(4), hex(3), hex(3), hex(4), hex(8), segment, k % 5 + 1)
  return wrk.format('POST', '/api/v1/diary/ratings',
    { ['Authorization'] = tokens[user + 1], ['Content-Type'] = 'application/json' }, body)
end

done = require('report')
