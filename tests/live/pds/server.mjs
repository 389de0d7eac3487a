// A real Bluesky PDS and its PLC directory for the live test: loopback only, ports chosen by the system, data in the folder
// given by TWINWATCH_LIVE_DATA. Says {"pds", "plc"} in one line of JSON when ready; stops when its standard input ends or on SIGTERM.
//
// TWINWATCH_LIVE_LIMIT="points;seconds" turns the PDS's own rate limits on and gives its per-address window these numbers
// (the PDS fixes them at 3000;300, too long for a test); "default" leaves them as they are. Requests with the header
// `x-ratelimit-bypass: publisher` are not counted. Every request is logged to requests.jsonl: at (epoch seconds), url, status.
import crypto from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const folder = process.env.TWINWATCH_LIVE_DATA
const limit = process.env.TWINWATCH_LIVE_LIMIT ?? ''
if (!folder) throw new Error('TWINWATCH_LIVE_DATA names no folder')

shortenWindow()
const { PDS, envToCfg, envToSecrets, readEnv } = require('@atproto/pds')
const { MockDatabase, PlcServer } = require('@did-plc/server')

const plcDoor = await door()
const plc = PlcServer.create({ db: new MockDatabase() })
plc.app.listen = () => opened(plcDoor, plc.app)
await plc.start()

const pdsDoor = await door()
Object.assign(process.env, settings(pdsDoor.address().port, plcDoor.address().port))
const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
pds.app.listen = () => opened(pdsDoor, pds.app)
logRequests(pdsDoor)
await pds.start()

console.log(JSON.stringify({ pds: `http://localhost:${pdsDoor.address().port}`, plc: `http://127.0.0.1:${plcDoor.address().port}` }))
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.stdin.on('end', stop).resume()

async function stop() {
  await pds.destroy()
  await plc.destroy()
  process.exit(0)
}

// Both servers would listen on every interface; they get a door that is open on loopback already.
function door() {
  const server = http.createServer()
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

function opened(server, app) {
  server.on('request', app)
  setImmediate(() => server.emit('listening'))
  return server
}

function logRequests(server) {
  const log = path.join(folder, 'requests.jsonl')
  server.on('request', (request, response) => {
    const at = Date.now() / 1000
    const counted = request.headers['x-ratelimit-bypass'] !== 'publisher'
    response.on('finish', () => {
      const reset = Number(response.getHeader('ratelimit-reset')) || null
      fs.appendFileSync(log, JSON.stringify({ at, url: request.url, status: response.statusCode, counted, reset }) + '\n')
    })
  })
}

// The limiter, its counting, its headers and its 429 stay the PDS's own; only the two numbers of its global window change.
function shortenWindow() {
  if (!limit || limit === 'default') return
  const [points, seconds] = limit.split(';').map(Number)
  const limiters = require('rate-limiter-flexible')
  const Memory = limiters.RateLimiterMemory
  limiters.RateLimiterMemory = class extends Memory {
    constructor(options) {
      super(options.points === 3000 ? { ...options, points, duration: seconds } : options)
    }
  }
}

function settings(port, plcPort) {
  const secret = (bytes) => crypto.randomBytes(bytes).toString('hex')
  return {
    PDS_DEV_MODE: 'true',
    PDS_HOSTNAME: 'localhost',
    PDS_PORT: String(port),
    PDS_SERVICE_HANDLE_DOMAINS: '.test',
    PDS_DATA_DIRECTORY: folder,
    PDS_BLOBSTORE_DISK_LOCATION: path.join(folder, 'blobs'),
    PDS_BLOBSTORE_DISK_TMP_LOCATION: path.join(folder, 'blobs-coming'),
    PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
    PDS_INVITE_REQUIRED: 'false',
    PDS_ADMIN_PASSWORD: secret(16),
    PDS_JWT_SECRET: secret(16),
    PDS_DPOP_SECRET: secret(32),
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret(32),
    PDS_DISABLE_SSRF_PROTECTION: 'true', // it must reach the PLC directory on loopback
    PDS_CRAWLERS: '',
    PDS_RATE_LIMITS_ENABLED: limit ? 'true' : 'false',
    PDS_RATE_LIMIT_BYPASS_KEY: 'publisher',
    LOG_ENABLED: 'false'
  }
}
