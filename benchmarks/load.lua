-- What wrk sends. Arguments: COLUMN TOKEN SEED START PROJECTS TASKS. The same seed makes the same
-- requests in the same order, so every contender of a round is asked the same.

local column, start, projects, tasks
local count = 0

local function get(path)
  return wrk.format("GET", path)
end

local function list(limit)
  return get("/api/tasks?project_id=" .. math.random(projects) .. "&limit=" .. limit)
end

local columns = {
  ["list 25"] = function() return list(25) end,
  ["list 100"] = function() return list(100) end,
  ["detail"] = function() return get("/api/tasks/" .. math.random(tasks)) end,
  ["projects 25"] = function() return get("/api/projects?limit=25&page=" .. math.random(8)) end,
  ["timesheets 25"] = function() return get("/api/timesheets?limit=25&page=" .. math.random(8)) end,

  ["create"] = function()
    local body = string.format(
      '{"task_projectid":%d,"task_title":"Measured task %d","task_status":%d,"task_priority":%d,'
        .. '"task_description":"Made to be measured.","task_date_start":"2026-06-15",'
        .. '"task_date_due":"2026-06-19","task_billable":true}',
      math.random(projects), start + count, math.random(5), math.random(3))
    return wrk.format("POST", "/api/tasks", nil, body)
  end,

  -- Goes through all tasks in a scattered order, and begins again when all are done. The seed gave
  -- a task the status 1 + id % 5, so what is sent is never the status that the task has.
  ["status"] = function()
    local number = start + count
    local id = 1 + number * 7919 % tasks
    local status = 1 + (id + 1 + math.floor(number / tasks)) % 5
    return wrk.format("PUT", "/api/tasks/" .. id .. "/status", nil, '{"status":' .. status .. "}")
  end,
}

function init(args)
  column = args[1]
  wrk.headers["Authorization"] = "Bearer " .. args[2]
  wrk.headers["Content-Type"] = "application/json"
  math.randomseed(tonumber(args[3]))
  start, projects, tasks = tonumber(args[4]), tonumber(args[5]), tonumber(args[6])
end

function request()
  count = count + 1
  return columns[column]()
end

function done(summary, latency)
  local failed = 0
  for _, number in pairs(summary.errors) do failed = failed + number end
  io.write(string.format('\n{"requests":%d,"microseconds":%d,"p99":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(99), failed))
end
