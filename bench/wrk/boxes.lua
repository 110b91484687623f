-- GET segments of random boxes. Arguments: west, south and reach of the city, side of a box, seed.
local west, south, reach, side
local threads = 0

function setup(thread)
  thread:set('id', threads)
  threads = threads + 1
end

function init(args)
  west, south, reach, side = tonumber(args[1]), tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  math.randomseed(tonumber(args[5]) * 100 + id)
end

function request()
  local w = west + math.random() * (reach - side)
  local s = south + math.random() * (reach - side)
  return wrk.format('GET', string.format('/api/v1/diary/segments?bbox=%.6f,%.6f,%.6f,%.6f&limit=100',
    w, s, w + side, s + side))
end

done = require('report')
