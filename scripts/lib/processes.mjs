// Child processes that cannot hang the run and leave nothing behind.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const running = new Set();

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}

process.once('exit', () => {
  for (const child of running) killGroup(child, 'SIGKILL');
});
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.once(signal, () => process.exit(code));
}

/**
 * Runs a program in a process group of its own, its output on ours, and waits for its end.
 * `mayEnd()` tells (polled) that its work is done: after that it has `graceMs` to end by itself.
 * @returns {Promise<{ code: number, problem?: string }>} `problem` says why it was killed
 */
export async function runGroup(command, args, { env, cwd, timeoutMs, mayEnd, graceMs = 15_000 }) {
  const child = spawn(command, args, {
    cwd,
    env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.add(child);
  let problem;
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      problem = `could not start ${command}: ${error.message}`;
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const kill = async (reason) => {
    problem = reason;
    killGroup(child, 'SIGTERM');
    await Promise.race([ended, delay(3_000, undefined, { ref: false })]);
    killGroup(child, 'SIGKILL');
  };
  const timer = setTimeout(
    () => void kill(`killed: it took longer than ${Math.round(timeoutMs / 1000)} s`),
    timeoutMs,
  );
  let doneSince;
  const poll = setInterval(() => {
    if (mayEnd?.() !== true) return;
    doneSince ??= Date.now();
    if (Date.now() - doneSince < graceMs) return;
    clearInterval(poll);
    void kill('killed: its tests were done, and something kept the process alive');
  }, 500);
  const code = await ended;
  clearTimeout(timer);
  clearInterval(poll);
  killGroup(child, 'SIGKILL');
  running.delete(child);
  return problem === undefined ? { code } : { code: code || 1, problem };
}

/** Processes (Linux only) whose environment holds `marker`, as `pid command line`. */
function marked(marker) {
  const found = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(marker)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command !== '') found.push({ pid: Number(pid), command });
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return found;
}

/**
 * Waits up to 5 s for the processes marked by the environment entry `marker` to end, then kills
 * them. Returns the command lines of those that had to be killed.
 */
export async function killLeftovers(marker) {
  if (process.platform !== 'linux') return [];
  const end = Date.now() + 5_000;
  let left = marked(marker);
  while (left.length > 0 && Date.now() < end) {
    await delay(200);
    left = marked(marker);
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
  return left.map(({ command }) => command.slice(0, 160));
}
