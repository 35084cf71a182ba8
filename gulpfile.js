/**
 * The second half of `npm run build`: `n8n-node build` compiles and copies, this checks what it made
 * and removes what must not ship.
 */
const { existsSync } = require('node:fs');
const { readFile, readdir, rm } = require('node:fs/promises');
const { basename, dirname, join, resolve } = require('node:path');
const { series } = require('gulp');
const pkg = require('./package.json');

const SHIPPED_FOLDERS = ['credentials', 'icons', 'nodes'];

function fail(problem) {
	throw new Error(`${problem}. Fix it, then run "npm run build" again.`);
}

/** `n8n-node build` copies every picture of the tree and leaves TypeScript's own notes. */
async function prune() {
	for (const entry of await readdir('dist')) {
		if (!SHIPPED_FOLDERS.includes(entry)) {
			await rm(join('dist', entry), { recursive: true });
		}
	}
}

function load(file) {
	const exported = require(resolve(file));
	return new exported[basename(file).split('.')[0]]();
}

function checkIcons(name, icon, folder) {
	for (const theme of ['light', 'dark']) {
		const path = icon?.[theme]?.replace(/^file:/, '');
		if (!path) {
			fail(`${name} has no ${theme} icon`);
		}
		if (!existsSync(join(folder, path))) {
			fail(`${name} names the icon ${path}, which is not in the build`);
		}
	}
}

async function checkNodes() {
	for (const file of pkg.n8n.nodes) {
		const { description } = load(file);
		checkIcons(description.name, description.icon, dirname(file));
		const codexFile = file.replace(/\.js$/, '.json');
		if (!existsSync(codexFile)) {
			fail(`${description.name} has no codex file ${codexFile}`);
		}
		const codex = JSON.parse(await readFile(codexFile, 'utf8'));
		const expected = `${pkg.name}.${description.name}`;
		if (codex.node !== expected) {
			fail(`${codexFile} is for the node ${codex.node}, but belongs to ${expected}`);
		}
		if (parseInt(codex.nodeVersion) !== [description.version].flat().at(-1)) {
			fail(`${codexFile} is for version ${codex.nodeVersion} of ${expected}`);
		}
	}
}

async function checkCredentials() {
	for (const file of pkg.n8n.credentials) {
		const { name, icon } = load(file);
		checkIcons(name, icon, dirname(file));
	}
}

exports.default = series(prune, checkNodes, checkCredentials);
