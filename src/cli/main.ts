import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SystemClock } from '../adapters/system/clock.js';
import { ISSUER_FILE, openLocalIssuer } from '../api/auth/local-issuer.js';
import type { LoadResult } from '../application/load/load.js';
import { packageRoot, readConfig, readPlace } from '../config.js';
import { ROLES } from '../domain/message.js';
import { PROJECTIONS } from '../ledger.js';
import { start } from '../start.js';
import { stopSignal } from '../stopping.js';
import { backup, backupReadings } from './backup.js';
import { writeDemo } from './demo.js';
import { type Digest, digestText, examineFile, examineFolder, readDigest } from './doctor.js';
import { runOrExplain } from './explain.js';
import { IMPORTER, loadFolder, readFolder, say, shown } from './folder.js';
import { Impossible } from './impossible.js';
import { type Ask, withLedger } from './server.js';

const POLL_MS = 200;

const hours = (text: string): number => {
  const number = Number(text);
  if (!(number > 0 && number <= 24 * 366))
    throw new InvalidArgumentError('a number of hours, at most a year');
  return number;
};

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

const program = new Command('so-cai')
  .description('The ledger of public plan indicators. Settings come from the environment; see README.md.')
  .version(version)
  .showHelpAfterError();

interface TokenOptions {
  readonly role: (typeof ROLES)[number];
  readonly agency?: string;
  readonly subject?: string;
  readonly name?: string;
  readonly hours: number;
}

program
  .command('token')
  .description('print a token of the local issuer, and nothing else')
  .addOption(new Option('--role <role>').choices([...ROLES]).makeOptionMandatory())
  .option('--agency <id>', 'of a reporter: the agency it reports for')
  .option('--subject <text>', 'who it is, as the trail names them; role and agency when left out')
  .option('--name <text>', 'how the trail shows them; the subject when left out')
  .option('--hours <number>', 'how long it holds, at most a year', hours, 12)
  .action(
    async ({
      role,
      agency,
      subject = agency ? `${role}-${agency}` : role,
      name = subject,
      hours: held,
    }: TokenOptions) => {
      const config = readConfig(process.env);
      if (config.auth.kind === 'remote')
        throw new Impossible('Tokens come from the issuer that the configuration names.');
      if (role === 'reporter' && agency === undefined)
        throw new Impossible('A reporter reports for an agency: --agency <id>.');
      const key = join(config.dataDir, ISSUER_FILE);
      const isNew = !existsSync(key);
      const issuer = await openLocalIssuer(config.dataDir);
      if (isNew)
        say(`A new key was made, ${key}: only a server whose DATA_DIR is that folder takes what it signs.`);
      const grant = { role, agency: agency ?? null, subject, name, ttlSeconds: Math.round(held * 3_600) };
      process.stdout.write(`${await issuer.issueToken(grant, new SystemClock().now())}\n`);
    },
  );

program
  .command('import')
  .description(
    'load a folder of tables: all or nothing for each plan; the running server does it, if there is one',
  )
  .argument('<folder>', 'of CSV files, as data/README.md describes them')
  .option('--dry-run', 'check everything, list every problem, write nothing', false)
  .action(async (folder: string, { dryRun }: { dryRun: boolean }) => {
    await withLedger(
      readConfig(process.env),
      async (ledger) => report(await loadFolder(ledger, folder, IMPORTER, { dryRun })),
      async (ask) => {
        const files = Object.fromEntries(await readFolder(folder));
        report((await ask('POST', `/imports?dryRun=${dryRun}`, { files })) as LoadResult);
      },
    );
  });

const report = (result: LoadResult): void => {
  shown(result);
  if (result.problems.length > 0) process.exitCode = 1;
};

program
  .command('rebuild')
  .description(
    'build projections anew from the log, beside the ones that are read; the running server does it, if there is one',
  )
  .argument('[names...]', 'which, with their version or without; all when left out')
  .action(async (names: string[]) => {
    const wanted = projectionsNamed(names);
    await withLedger(
      readConfig(process.env),
      async ({ projector }) => {
        const rebuilds = wanted.map(async (name) => {
          await projector.rebuild(name, (progress) => say(progressLine(name, progress)));
          say(`${name}: done`);
        });
        const failed = (await Promise.allSettled(rebuilds)).find(({ status }) => status === 'rejected');
        if (failed) await Promise.all(rebuilds);
      },
      (ask) => rebuildThere(wanted, ask),
    );
  });

/** Projections by their names, which may leave out the version; all of them where none is named. @throws Impossible */
const projectionsNamed = (names: readonly string[]): readonly string[] => {
  const all = PROJECTIONS.map(({ name }) => name);
  const named = names.map((name) => {
    const [found, ...others] = all.filter((one) => one === name || one.replace(/\.v\d+$/, '') === name);
    if (found === undefined || others.length > 0)
      throw new Impossible(`There is no projection ${name}. There are: ${all.join(', ')}.`);
    return found;
  });
  return named.length > 0 ? [...new Set(named)] : all;
};

const rebuildThere = async (names: readonly string[], ask: Ask): Promise<void> => {
  for (const name of names) await ask('POST', `/projections/${name}/rebuild`);
  for (const name of names) {
    for (;;) {
      const { items } = (await ask('GET', '/projections')) as { items: readonly ProjectionItem[] };
      const rebuild = items.find((item) => item.name === name)?.rebuild;
      if (rebuild?.state === 'failed') throw new Impossible(`${name}: ${rebuild.error}`);
      if (!rebuild) throw new Impossible(`${name}: the server has forgotten it. Ask again.`);
      if (rebuild.state === 'done') break;
      if (rebuild.progress) say(progressLine(name, rebuild.progress));
      await setTimeout(POLL_MS);
    }
    say(`${name}: done`);
  }
};

interface Progress {
  readonly done: number;
  readonly eventsPerSecond: number;
  readonly secondsLeft: number | null;
}

interface ProjectionItem {
  readonly name: string;
  readonly rebuild: {
    readonly state: string;
    readonly error: string | null;
    readonly progress: Progress | null;
  } | null;
}

const progressLine = (name: string, { done, eventsPerSecond, secondsLeft }: Progress): string =>
  `${name}: ${done} events, ${eventsPerSecond}/s${secondsLeft === null ? '' : `, ${secondsLeft} s left`}`;

/** Some commands are about files. @throws Impossible where the ledger is on servers */
const onFiles = ({ dataDir, stores }: Place, command: string): string => {
  if (stores.kind === 'distributed')
    throw new Impossible(
      `${command} works on the files of a data folder, and this ledger is on servers (SO_CAI_KURRENTDB_URL …): ` +
        'see docs/deployment.md.',
    );
  return dataDir;
};

type Place = ReturnType<typeof readPlace>;

/** The data folder that a command works on. @throws Impossible, BadConfig */
const folderFor = (command: string): string => onFiles(readPlace(process.env), command);

program
  .command('doctor')
  .description(
    'examine the files of the data folder, or one file of events: names what is wrong (exit code 1), repairs nothing',
  )
  .argument('[file]', 'a backup, say; the data folder when left out')
  .option(
    '--digest <digest>',
    'as doctor or backup printed it: is the log up to there still the same?',
    readDigest,
  )
  .action(async (file: string | undefined, { digest = null }: { digest?: Digest | null }) => {
    const report =
      file === undefined ? await examineFolder(folderFor('doctor'), digest) : examineFile(file, digest);
    for (const line of report.lines) process.stdout.write(`${line}\n`);
    process.stdout.write(`${report.verdict}\n`);
    if (!report.sound) process.exitCode = 1;
  });

program
  .command('backup')
  .description(
    'copy the log, or the record of who read what, into a new file, also while the server runs, and examine the copy',
  )
  .option('--to <file>', 'where to with the log; it must not exist')
  .option('--readings <file>', 'where to with the record of who read what; it must not exist')
  .action(({ to, readings }: { to?: string; readings?: string }) => {
    if (to === undefined && readings === undefined)
      throw new Impossible('Name a new file: --to <file> for the log, --readings <file> for who read what.');
    // What they were given is in the log that is copied afterwards.
    if (readings !== undefined) {
      const count = backupReadings(readPlace(process.env).dataDir, resolve(readings));
      process.stdout.write(`${readings}: ${count} readings\n`);
    }
    if (to === undefined) return;
    const { events, digest } = backup(folderFor('backup --to'), resolve(to));
    const upTo = digest ? `\n  digest ${digestText(digest)}` : '';
    process.stdout.write(`${to}: ${events} events${upTo}\n`);
  });

program
  .command('copy')
  .description(
    'copy a ledger into another store: every event, in order, compared at the end; goes on where it was cut off',
  )
  .requiredOption('--from <store>', 'a data folder (no server running), or esdb://name:password@host:2113')
  .requiredOption('--to <store>', 'likewise; empty, or the beginning of a copy')
  .action(async (names: { from: string; to: string }) => {
    // Loaded where it is wanted: the client of KurrentDB takes half a second.
    const { copy, openStore } = await import('./copy.js');
    if (resolve(names.from) === resolve(names.to))
      throw new Impossible('A ledger is copied into another store.');
    const from = openStore(names.from, { mustExist: true });
    try {
      const to = openStore(names.to, { mustExist: false });
      try {
        const { events, before, sha256 } = await copy(from, to, (done) => say(`${done} events copied`));
        const already = before === 0 ? '' : `, of which ${before} were there already`;
        process.stdout.write(`${events} events${already}: the same in both stores\n  sha256 ${sha256}\n`);
      } finally {
        await to.close();
      }
    } finally {
      await from.close();
    }
  });

program
  .command('demo')
  .description(
    'serve the documents with an illustrative year on top, in a data folder of its own (var/demo, or DATA_DIR)',
  )
  .action(async () => {
    const config = readConfig({
      ...process.env,
      DATA_DIR: process.env['DATA_DIR']?.trim() || join('var', 'demo'),
    });
    onFiles(config, 'demo');
    const stopping = stopSignal();
    await writeDemo(config, stopping);
    if (!stopping.aborted) await start({ ...config, load: null }, stopping);
  });

await runOrExplain(async () => {
  await program.parseAsync();
});
