/**
 * A real Ceph RADOS gateway on free loopback ports, with its data in memory.
 *
 * `node test/support/servers/ceph.ts` starts one, prints where it is as JSON, and stays until Ctrl-C.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answers } from './answers.ts'
import { type Guarded, guarded } from './guarded.ts'
import { freePorts } from './ports.ts'

/** An S3 endpoint and the keys that open it. */
export interface Gateway {
  /** For instance `http://127.0.0.1:7480`; buckets are named in the path. */
  endpoint: string
  /** What signatures name as the region. */
  region: string
  accessKeyId: string
  secretAccessKey: string
}

type Keys = Pick<Gateway, 'accessKeyId' | 'secretAccessKey'>

/** Keys of the same user that can write, and not read. */
export function writingKeys({ accessKeyId, secretAccessKey }: Keys): Keys {
  return { accessKeyId: `${accessKeyId}w`, secretAccessKey: `${secretAccessKey}w` }
}

/** A gateway that the caller has to stop. */
export interface RunningGateway extends Gateway {
  stop(): Promise<void>
}

interface Ports {
  monitor: number
  gateway: number
}

/** Starts a monitor, a storage daemon and a gateway; needs no root, no systemd and no settings. */
export async function startCeph(): Promise<RunningGateway> {
  const [monitor, gateway] = (await freePorts(2)) as [number, number]
  const accessKeyId = randomBytes(10).toString('hex')
  const secretAccessKey = randomBytes(20).toString('hex')
  const processes = guarded('ceph-')
  try {
    await boot(processes, { monitor, gateway }, { accessKeyId, secretAccessKey })
  } catch (error) {
    await processes.stop()
    throw error
  }
  processes.background()
  const endpoint = `http://127.0.0.1:${gateway}`
  return { endpoint, region: 'default', accessKeyId, secretAccessKey, stop: processes.stop }
}

async function boot({ folder, run }: Guarded, ports: Ports, keys: Keys): Promise<void> {
  const osd = randomUUID()
  const patience = ['--connect-timeout', '60']
  const file = join(folder, 'ceph.conf')
  writeFileSync(file, configuration(folder, ports))
  for (const daemon of ['osd', 'rgw']) mkdirSync(join(folder, daemon))
  const ceph = (command: string, ...args: string[]) => run(command, '--conf', file, ...args)
  const failures: Promise<never>[] = []
  const serve = (command: string, ...args: string[]) => {
    const failure = ceph(command, '--foreground', ...args).then(() => {
      throw new Error(`${command} stopped by itself`)
    })
    failure.catch(() => undefined)
    failures.push(failure)
  }
  /** A step that waits for a server must not wait for one that has failed. */
  const step = (work: Promise<void>) => Promise.race([work, ...failures])

  await ceph('ceph-mon', '--mkfs', '--id', 'a')
  serve('ceph-mon', '--id', 'a')
  // Clients wait by themselves until the monitor, and then the storage daemon, answers them.
  await step(ceph('ceph', ...patience, 'osd', 'new', osd))
  await step(ceph('ceph', ...patience, 'osd', 'crush', 'add', 'osd.0', '1', 'root=default'))
  await step(ceph('ceph-osd', '--mkfs', '--id', '0', '--osd-uuid', osd))
  serve('ceph-osd', '--id', '0')
  const admin = (command: string[], { accessKeyId, secretAccessKey }: Keys) =>
    step(
      ceph(
        'radosgw-admin',
        ...command,
        '--uid=test',
        `--access-key=${accessKeyId}`,
        `--secret-key=${secretAccessKey}`,
      ),
    )
  await admin(['user', 'create', '--display-name=test', '--caps=roles=*'], keys)
  const writer = ['subuser', 'create', '--subuser=test:writer', '--access=write', '--key-type=s3']
  await admin(writer, writingKeys(keys))
  serve('radosgw', '--name', 'client.rgw')
  await step(answers(`http://127.0.0.1:${ports.gateway}`))
}

/**
 * Nothing outside the folder is read or written, and the storage daemon looks for free ports by
 * itself. There is no manager: all it would do for so small a cluster is to count.
 */
function configuration(folder: string, ports: Ports): string {
  return `[global]
fsid = ${randomUUID()}
mon host = v1:127.0.0.1:${ports.monitor}
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
keyring = ${folder}/keyring
run dir = ${folder}
crash dir = ${folder}
admin socket = ${folder}/$name.asok
log file = ${folder}/$name.log
mon data = ${folder}/mon
osd data = ${folder}/osd
rgw data = ${folder}/rgw
debug rocksdb = 0
client mount timeout = 60
# A change of the cluster's state is decided at once instead of once a second.
paxos propose interval = 0.05
mon allow pool size one = true
mon data avail crit = 1
mon max pg per osd = 1000
${classFolder()}osd objectstore = memstore
memstore device bytes = 8G
# A storage daemon that registers itself may do so before it knows the cluster's id, and is refused.
osd crush update on start = false
osd class update on start = false
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
rgw rados pool pg num min = 4
rgw frontends = beast endpoint=127.0.0.1:${ports.gateway}
# A bucket can be named in the host too: bucket.localhost.
rgw dns name = localhost
# Temporary keys: tokens are encrypted with this.
rgw sts key = ${randomBytes(8).toString('hex')}
rgw s3 auth use sts = true
# The last one says why keys are refused: asked first, it would call each wrong key AccessDenied.
rgw s3 auth order = local, external, sts
# Deleted data leaves the memory within seconds instead of hours.
rgw gc obj min wait = 2
rgw gc processor period = 3
rgw gc processor max time = 3
# A day of a lifecycle rule lasts five seconds, and so often rules are applied. Each second would cost a
# quarter of a processor.
rgw lc debug interval = 5

[mon.a]
public addr = v1:127.0.0.1:${ports.monitor}
`
}

if (import.meta.main) {
  const { stop, ...gateway } = await startCeph()
  console.log(JSON.stringify(gateway))
  const alive = setInterval(() => undefined, 2 ** 30)
  const end = async () => {
    clearInterval(alive)
    await stop()
  }
  process.once('SIGINT', end).once('SIGTERM', end)
}

/**
 * Where the storage daemon finds the classes of objects that a gateway needs. That of Debian 13 looks for
 * them by a relative path, and would have to run in `/usr`.
 */
function classFolder(): string {
  const [folder] = globSync('/usr/lib/{rados-classes,*/rados-classes}')
  return folder === undefined ? '' : `osd class dir = ${folder}\n`
}
