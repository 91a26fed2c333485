// SPDX-License-Identifier: MIT
// The pages lead where they say: links and anchors exist, and so do the files and names of the code that they speak of.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const filesIn = (folder, pattern) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => pattern.test(file) && !file.includes('node_modules')).map((file) => join(folder, file));
const read = (file) => readFileSync(join(root, file), 'utf8');
const pages = [...readdirSync(root).filter((file) => file.endsWith('.md')),
    ...['doc', 'installer', 'tests'].flatMap((folder) => filesIn(folder, /\.md$/))];
/** Those that are about the code. The changelog is not: it speaks of what was. */
const aboutCode = ['CONTRIBUTING.md', 'doc/design.md'];

const withoutBlocks = (text) => text.replaceAll(/^( *)```.*?^ *```$/gms, '');
/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page) {
    const seen = new Map();
    return [...withoutBlocks(read(page)).matchAll(/^#+ +(.*)$/gm)].map(([, heading]) => {
        const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
        const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-');
        const times = seen.get(anchor) ?? 0;
        seen.set(anchor, times + 1);
        return times ? `${anchor}-${times}` : anchor;
    });
}

describe('the pages', () => {
    for (const page of pages) {
        it(`${page}: its links lead somewhere`, () => {
            const text = withoutBlocks(read(page)).replaceAll(/`[^`]*`/g, '');
            for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
                if (/^[a-z]+:/.test(target))
                    continue;
                const [path, anchor] = target.split('#');
                const file = path ? normalize(join(dirname(page), path)) : page;
                assert.ok(existsSync(join(root, file)), `${target}: there is no ${file}`);
                if (anchor !== undefined)
                    assert.ok(anchorsOf(file).includes(anchor), `${target}: ${file} has no such heading`);
            }
        });
        it(`${page}: the files that it names are there`, () => {
            if (page === 'CHANGELOG.md' || page.startsWith('tests/data')) // of what was, and of other repositories
                return;
            for (const [, path] of read(page).matchAll(/`((?:app|cmake|core|doc|installer|resources|tests|ui|\.ci)\/[\w./-]*)`/g))
                assert.ok(existsSync(join(root, path)), `there is no ${path}`);
        });
    }

    it('CONTRIBUTING.md: its map has every folder', () => {
        const map = read('CONTRIBUTING.md').match(/## The map\n```\n(.*?)```/s)[1];
        for (const part of ['core', 'ui', 'app']) {
            const [, entry] = map.match(new RegExp(`^${part}/(.*?)(?=^\\w)`, 'ms'));
            for (const folder of readdirSync(join(root, part), { withFileTypes: true }).filter((it) => it.isDirectory()))
                assert.match(entry, new RegExp(`[ \n]${folder.name}/`), `${part}/${folder.name} is not on the map`);
        }
    });

    const sources = ['app', 'core', 'tests', 'ui'].flatMap((folder) => filesIn(folder, /\.(h|cpp|mjs)$/)).map(read).join('\n');
    const names = new Set(sources.match(/\w+/g));
    for (const page of aboutCode) {
        it(`${page}: the code knows the names that it uses`, () => {
            for (const [, span] of withoutBlocks(read(page)).matchAll(/`([A-Za-z]\w*(?:::\w+)*(?:\(\))?)`/g)) {
                const isCode = span.includes('(') || span.includes('::') || /^[A-Z]\w*[a-z]/.test(span);
                for (const name of isCode ? span.match(/\w+/g) : [])
                    assert.ok(names.has(name), `${span} is nowhere in the sources`);
            }
        });
    }
});
