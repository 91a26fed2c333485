// SPDX-License-Identifier: MIT
// A throw-away certificate authority, made with the openssl command.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function openssl(...args) {
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A folder for a test's files, removed when the process ends. */
export function temporaryFolder() {
    const folder = mkdtempSync(join(tmpdir(), 'realtime-relay-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

export class Authority {
    #issued = 0;

    constructor() {
        this.folder = temporaryFolder();
        this.certFile = join(this.folder, 'authority.pem');
        this.keyFile = join(this.folder, 'authority.key');
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', '/CN=Throw-away test authority', '-addext', 'basicConstraints=critical,CA:TRUE',
            '-addext', 'keyUsage=critical,keyCertSign', '-keyout', this.keyFile, '-out', this.certFile);
        this.cert = readFileSync(this.certFile, 'utf8');
    }

    /**
     * A certificate and its key: { certFile, keyFile, cert, key }. `from`, `until`: when it is valid, as 20260101000000Z; two days
     * from now on if there are none.
     */
    issue(names = 'DNS:localhost,IP:127.0.0.1', { from, until } = {}) {
        const base = join(this.folder, `server-${++this.#issued}`);
        const certFile = `${base}.pem`;
        const keyFile = `${base}.key`;
        writeFileSync(`${base}.ext`, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
        openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=relay test',
            '-keyout', keyFile, '-out', `${base}.csr`);
        if (from) // which only "openssl ca" can
            this.#issueFor(from, until, base, certFile);
        else
            openssl('x509', '-req', '-in', `${base}.csr`, '-CA', this.certFile, '-CAkey', this.keyFile,
                '-set_serial', String(1000 + this.#issued), '-days', '2', '-extfile', `${base}.ext`, '-out', certFile);
        return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    }

    #issueFor(from, until, base, certFile) {
        writeFileSync(`${base}.index`, '');
        writeFileSync(`${base}.cnf`, ['[ca]', 'default_ca = one', '[one]', `database = ${base}.index`, `new_certs_dir = ${this.folder}`,
            'default_md = sha256', 'policy = any', 'rand_serial = yes', '[any]', 'commonName = supplied', ''].join('\n'));
        openssl('ca', '-batch', '-notext', '-config', `${base}.cnf`, '-cert', this.certFile, '-keyfile', this.keyFile,
            '-startdate', from, '-enddate', until, '-extfile', `${base}.ext`, '-in', `${base}.csr`, '-out', certFile);
    }
}
