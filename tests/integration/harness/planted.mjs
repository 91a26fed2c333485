// SPDX-License-Identifier: MIT
// Secrets that can be told from everything else, and the search for them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every other of its characters is in no number and in no hexadecimal: no part of it stands anywhere by chance. */
export const random = () => [...randomBytes(24)].map((byte) => 'GHJKLMNPQRSTVWXZ'[byte >> 4] + (byte & 15).toString(16).toUpperCase()).join('');

/** Every run of eight characters of the secret: at most its first three and last two may be shown. `text` may be bytes. */
export function checkAbsent(text, secret, where) {
    for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)]) {
        for (let at = 0; at + 8 <= form.length; ++at)
            assert.ok(!text.includes(form.slice(at, at + 8)), `${where} holds a part of the secret`);
    }
}

export const filesBelow = (folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** The same for all files below a folder, as bytes and as UTF-16. `belongs(path)`: whether it may stand there. */
export function checkFolder(folder, secrets, belongs = () => false) {
    const files = filesBelow(folder);
    for (const path of files) {
        if (belongs(path))
            continue;
        const bytes = readFileSync(path);
        for (const secret of secrets) {
            checkAbsent(bytes, secret, path);
            assert.ok(!bytes.includes(Buffer.from(secret.slice(0, 12), 'utf16le')), `${path} holds the secret`);
        }
    }
    return files.length;
}
