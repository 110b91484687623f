-- POST routes between given places, one pair after the other. Arguments: file of places, whether an alternative is
-- wanted.
local bodies
local count = 0
local threads = 0

function setup(thread)
  thread:set('id', threads)
  threads = threads + 1
end

function init(args)
  bodies = {}
  for line in io.lines(args[1]) do
    local lng1, lat1, lng2, lat2 = line:match('(%S+) (%S+) (%S+) (%S+)')
    bodies[#bodies + 1] = string.format('{"origin":[%s,%s],"destination":[%s,%s],"include_alternative":%s}',
      lng1, lat1, lng2, lat2, args[2])
  end
  count = id * 97
end

function request()
  count = count + 1
  return wrk.format('POST', '/api/v1/routing/calculate', { ['Content-Type'] = 'application/json' },
    bodies[count % #bodies + 1])
end

done = require('report')
