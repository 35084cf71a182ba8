/**
 * n8n's own lint, unmodified. Where ESLint has only warned, it ends with success, and n8n's command has no
 * option against that: here a warning is a failure too.
 */
import { execa } from 'execa';

const { exitCode, stdout } = await execa('n8n-node', ['lint'], {
	preferLocal: true,
	reject: false,
	stdin: 'ignore',
	stdout: ['inherit', 'pipe'],
	stderr: 'inherit',
});
const hasWarned = /\b[1-9]\d* warnings?\b/.test(stdout);
if (hasWarned) console.error('A warning counts as an error.');
process.exitCode = hasWarned ? 1 : exitCode;
