/**
 * The programs that kdebug needs beside Node: a server for its queue, and what the playground's simulated pods run.
 * `binaries` in order of preference, `packages` as alternatives of which one suffices (first the one that counts for
 * the version, then what its files cannot run without), `probe` the arguments with which it starts and ends at once.
 */
export const PROGRAMS = {
  redis: {
    binaries: ['valkey-server', 'redis-server'],
    packages: [['valkey-server', 'valkey-tools'], ['redis-server', 'redis-tools']],
    formula: 'valkey',
    probe: ['--version'],
    least: [6, 2],
    units: ['valkey-server', 'redis-server'],
  },
  ss: { binaries: ['ss'], packages: [['iproute2']], probe: ['-V'] },
  ip: { binaries: ['ip'], packages: [['iproute2']], probe: ['-V'] },
  ps: { binaries: ['ps'], packages: [['procps']], probe: ['--version'] },
  busybox: { binaries: ['busybox'], packages: [['busybox']], probe: ['true'] },
};

/** `v=7.0.15` of `redis-server --version`, `5:7.0.15-1~deb12u10` of apt: major and minor, or undefined. */
export const versionIn = (text) => {
  const found = /(?:v=|^(?:\d+:)?)(\d+)\.(\d+)/m.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
};

export const isAtLeast = (version, least) =>
  version !== undefined && (version[0] > least[0] || (version[0] === least[0] && version[1] >= least[1]));
