/**
 * `npm start`: installs what is missing, then runs the demo. The first time, n8n is installed at the
 * same time as the modules of this project.
 */
import { installModules, isInstalled } from './install.mjs';
import { prefetch } from './prefetch.mjs';

const wantsN8n = !['--clean', '--help', '-h'].some((option) => process.argv.includes(option));
const { N8N_VERSION } = process.env;
if (!isInstalled() && wantsN8n) void prefetch(N8N_VERSION ? [N8N_VERSION] : []);
await installModules();
await import('tsx');
await import('./demo/main.mts');
