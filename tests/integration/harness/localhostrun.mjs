// SPDX-License-Identifier: MIT
// Plays `ssh -R 80:127.0.0.1:PORT nokey@localhost.run`, and that service's edge: prints its banner with addresses that are none of the
// share's, then the address, and at SIGUSR1 another one, as the service does in the middle of a session. Ends with its
// standard input.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

const [certFile, keyFile, address, names, ...args] = process.argv.slice(2);
const [first, second] = names.split(',');
const [, port] = /^80:127\.0\.0\.1:(\d+)$/.exec(args[args.indexOf('-R') + 1]);
if (args.at(-1) !== 'nokey@localhost.run')
    throw new Error(`not played: ${args.join(' ')}`);

const tell = (name) => process.stdout.write(`${name} tunneled with tls termination, https://${name}\r\n`);

process.stdout.write('to set up and manage custom domains go to https://admin.localhost.run/\r\n'
    + 'more details on custom domains at https://localhost.run/docs/custom-domains\r\n');
tls.createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (outer) => {
    const inner = net.connect(Number(port), '127.0.0.1');
    outer.pipe(inner).pipe(outer);
    outer.on('error', () => inner.destroy());
    inner.on('error', () => outer.destroy());
}).listen(443, address, () => tell(first));
process.on('SIGUSR1', () => tell(second));
process.stdin.resume().on('end', () => process.exit(0));
