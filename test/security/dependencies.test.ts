/** What npm installs is what was looked at: every package by its hash, no install script but those that are named, no package by chance. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const manifest = read('package.json') as Manifest;
const { lockfileVersion, packages } = read('package-lock.json') as { readonly lockfileVersion: number; readonly packages: Readonly<Record<string, Locked>> };
const installed = Object.entries(packages).filter(([path]) => path !== '');

/** More than these is a decision: somebody has to look at each. */
const PRODUCTION_PACKAGES_MAX = 200;

it('every package is locked by its SHA-512, and none comes from elsewhere than the registry', () => {
  expect(lockfileVersion).toBe(3);
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity, link }]) => link === true || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'))).toEqual([]);
});

it('each dependency is one exact version', () => {
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect(wanted.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)).toEqual([]);
});

it('no package has an install script but those that package.json names', () => {
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  expect(scripted.filter((name) => !Object.hasOwn(manifest.allowScripts, name))).toEqual([]);
  expect(Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name])).toEqual(['node']);
});

it('the bill of materials names every package, by its hash', () => {
  const printed = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: new URL('../..', import.meta.url), encoding: 'utf8', maxBuffer: 16 * 1_024 * 1_024 });
  const { bomFormat, components } = JSON.parse(printed) as { readonly bomFormat: string; readonly components: readonly { readonly purl: string; readonly hashes: readonly { readonly alg: string; readonly content: string }[] }[] };
  expect(bomFormat).toBe('CycloneDX');
  const hashes = new Set(components.flatMap(({ hashes: all }) => all.map(({ alg, content }) => `${alg} ${content}`)));
  expect(installed.filter(([, { integrity = '' }]) => !hashes.has(`SHA-512 ${Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')}`)).map(([path]) => path)).toEqual([]);
});

it(`at most ${PRODUCTION_PACKAGES_MAX} packages are in production`, () => {
  const production = installed.filter(([, { dev, optional }]) => dev !== true && optional !== true);
  expect(production.length).toBeGreaterThan(20);
  expect(production.length).toBeLessThanOrEqual(PRODUCTION_PACKAGES_MAX);
});
