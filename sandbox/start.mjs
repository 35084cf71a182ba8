/**
 * `npm start`: installs what is missing, then runs the demo. The first time, n8n is installed at the
 * same time as the modules of this project.
 */
import { installModules, isInstalled } from './install.mjs';
import { prefetch } from './prefetch.mjs';

const wantsN8n = !['--clean', '--help', '-h'].some((option) => process.argv.includes(option));
if (!isInstalled() && wantsN8n) void prefetch();
await installModules();
await import('tsx');
await import('./demo/main.mts');
