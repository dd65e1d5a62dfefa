import { defineConfig } from 'vitest/config';
import { isPart, PARTS, type Part } from './parts.ts';

const name = process.env['MUTATION_PART'];
if (!isPart(name)) throw new Error('npm run test:mutation says which part is changed');
const { tests, slow = [] }: Part = PARTS[name];

export default defineConfig({
  test: { include: [...tests], exclude: [...slow], environment: 'node', testTimeout: 60_000 },
});
