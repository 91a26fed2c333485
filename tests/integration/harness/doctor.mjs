// SPDX-License-Identifier: MIT
// Asks the Doctor, and finds what it has found.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { runRelay } from './programs.mjs';

const page = readFileSync(new URL('../../../doc/doctor.md', import.meta.url), 'utf8');

/** `args`: behind "doctor --json"; `key`: typed for once. Every step by its id, with `code` and `found`, its text and advice. */
export async function examine(environment, { args = [], key, launcher } = {}) {
    const { code, stdout, stderr } = await runRelay(['doctor', '--json', ...(key ? ['--key-stdin'] : []), ...args],
        { PORT: '0', HOST: '127.0.0.1', ...environment }, { launcher, input: key && `${key}\n` });
    assert.ok(stdout.startsWith('{'), stderr);
    const result = JSON.parse(stdout);
    assert.equal(code, result.good ? 0 : 1);
    const ids = result.steps.map((step) => step.id);
    assert.deepEqual(ids, ['settings', 'port', 'addresses', 'firewall', 'dns', 'proxy', 'tcp', 'tls', 'clock', 'region', 'key', 'call',
        'certificate', 'public']);
    for (const step of result.steps) {
        assert.ok(step.text.length > 10 && step.title, JSON.stringify(step));
        assert.equal(step.code === '', step.result === 'good', JSON.stringify(step));
        assert.ok(step.code === '' || page.includes(`\`${step.code}\``), `doc/doctor.md does not tell of ${step.code}`);
        assert.equal(step.next === '', ['good', 'skipped'].includes(step.result), JSON.stringify(step));
    }
    return { good: result.good, stdout, ...Object.fromEntries(result.steps.map((step) => [step.id, step])) };
}

/** That this step names the cause, and no step before it is wrong. */
export function assertNamed(result, id, code, text) {
    const wrong = Object.values(result).filter((step) => step.result === 'bad').map((step) => `${step.id}: ${step.code}`);
    assert.equal(wrong[0], `${id}: ${code}`, result.stdout);
    assert.match(`${result[id].text} ${result[id].next}`, text);
    assert.equal(result.good, false);
}
