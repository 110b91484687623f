-- One line of JSON that the benchmark reads. The scripts find this by LUA_PATH, which ../wrk.mjs sets.
return function(summary, latency)
  local failed = summary.errors.status
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\nreport {"requests":%d,"seconds":%.6f,"refused":%d,"lost":%d,"p50":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6, failed, lost,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
