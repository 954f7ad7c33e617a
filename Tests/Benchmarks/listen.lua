-- Sends the events of a file, a line each: the signature, a tab, the body. Stops after the last.

local events
local is_stopped = false
local headers = { ["Content-Type"] = "application/json" }

function init(arguments)
  events = assert(io.open(arguments[1]))
end

-- Ends the thread, and by a signal wrk, which would wait until its time is over. (`os.execute` would
-- have it ignored.)
local function stop()
  if not is_stopped then
    wrk.thread:stop()
    io.popen("kill -INT $PPID"):close()
  end
  is_stopped = true
end

function request()
  local line = events:read("*l")
  if not line then
    stop()
    return wrk.format("GET", "/healthz")
  end
  local tab = line:find("\t", 1, true)
  headers["Stripe-Signature"] = line:sub(1, tab - 1)
  return wrk.format("POST", nil, headers, line:sub(tab + 1))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"answers":%d,"refused":%d,"broken":%d,"seconds":%f,"p50":%f,"p99":%f,"most":%f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3))
end
