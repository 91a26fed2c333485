// SPDX-License-Identifier: MIT
// A real Chromium, driven by the DevTools protocol (chromedevtools.github.io/devtools-protocol).
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { audioChunks } from './audio.mjs';
import { until, within } from './waiting.mjs';

/** What the fake microphone hears, again and again: something is said, if anything, then it is quiet for `quietMs`. */
function wave(speaks, quietMs) {
    const samples = Buffer.concat([...audioChunks(800, speaks ? 12_000 : 0), ...audioChunks(quietMs, 0)]
        .map((chunk) => Buffer.from(chunk, 'base64')));
    const head = Buffer.alloc(44);
    head.write('RIFF');
    head.writeUInt32LE(36 + samples.length, 4);
    head.write('WAVEfmt ', 8);
    [[16, 4], [24_000, 4], [48_000, 4]].forEach(([value], i) => head.writeUInt32LE(value, [16, 24, 28][i]));
    [1, 1].forEach((value, i) => head.writeUInt16LE(value, 20 + 2 * i));
    [2, 16].forEach((value, i) => head.writeUInt16LE(value, 32 + 2 * i));
    head.write('data', 36);
    head.writeUInt32LE(samples.length, 40);
    return Buffer.concat([head, samples]);
}

class Connection {
    #next = 0;
    #waiting = new Map();
    #listeners = [];

    async open(url) {
        this.socket = new WebSocket(url, { perMessageDeflate: false });
        this.socket.on('message', (data) => this.#received(JSON.parse(data)));
        await within(new Promise((resolve, reject) => this.socket.on('open', resolve).on('error', reject)), 'the browser');
    }

    #received({ id, result, error, method, params, sessionId }) {
        if (id === undefined) {
            this.#listeners.forEach((listener) => listener(method, params, sessionId));
            return;
        }
        const { resolve, reject, asked } = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error)
            reject(new Error(`${asked}: ${error.message}`));
        else
            resolve(result);
    }

    listen(listener) {
        this.#listeners.push(listener);
    }

    send(method, params = {}, sessionId) {
        const id = ++this.#next;
        this.socket.send(JSON.stringify({ id, method, params, sessionId }));
        return within(new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, asked: method })), method);
    }
}

/** One tab, with a storage of its own. Keeps what the page complained of, and where it sent requests. */
class Tab {
    complaints = [];
    requests = [];
    loaderId = ''; ///< of the page that is there

    constructor(connection, sessionId) {
        this.connection = connection;
        this.sessionId = sessionId;
        connection.listen((method, params, session) => {
            if (session === sessionId)
                this.#happened(method, params);
        });
    }

    #happened(method, params) {
        if (method === 'Page.frameNavigated' && !params.frame.parentId)
            this.loaderId = params.frame.loaderId;
        else if (method === 'Log.entryAdded')
            this.complaints.push(params.entry.text);
        else if (method === 'Runtime.exceptionThrown')
            this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
        else if (method === 'Runtime.consoleAPICalled')
            this.complaints.push(params.args.map((each) => each.value).join(' '));
        else if (method === 'Audits.issueAdded')
            this.complaints.push(JSON.stringify(params.issue));
        else if (method === 'Network.requestWillBeSent')
            this.requests.push(params.request.url);
        else if (method === 'Network.webSocketCreated')
            this.requests.push(params.url);
    }

    send(method, params) {
        return this.connection.send(method, params, this.sessionId);
    }

    async open(url) {
        const { loaderId } = await this.send('Page.navigate', { url });
        if (loaderId) // else it is the same page, at another place; or the one before is still there for a moment
            await until(() => this.loaderId === loaderId, url);
        await this.until('document.readyState === "complete"', url);
    }

    /** The value of an expression in the page. */
    async value(expression) {
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
        if (exceptionDetails)
            throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
        return result.value;
    }

    until(expression, what = expression) {
        return until(() => this.value(expression).catch(() => false), `${what} in the browser`);
    }

    text(selector) {
        return this.value(`document.querySelector(${JSON.stringify(selector)}).innerText`);
    }

    /** Waits for a text, of which a part or a pattern is given, in one of those elements. */
    async says(selector, part) {
        const all = `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.innerText)`;
        const fits = part instanceof RegExp ? `${part}.test(text)` : `text.includes(${JSON.stringify(part)})`;
        const end = await this.until(`${all}.some((text) => ${fits})`, `"${part}" in ${selector}`).catch((error) => error);
        if (end instanceof Error)
            throw new Error(`${end.message}; it says ${await this.value(`JSON.stringify(${all})`).catch(() => '')}`);
    }

    /** As a visitor does, for a browser gives some things only to who has clicked. */
    async click(selector) {
        const { x, y } = await this.value(`(() => {
            const element = document.querySelector(${JSON.stringify(selector)});
            element.scrollIntoView({ block: 'center' });
            const { left, top, width, height } = element.getBoundingClientRect();
            return { x: left + width / 2, y: top + height / 2 };
        })()`);
        for (const type of ['mousePressed', 'mouseReleased'])
            await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }

    async type(selector, text) {
        await this.click(selector);
        await this.send('Input.insertText', { text });
    }

    async press(key, code = key, text = undefined) {
        const windowsVirtualKeyCode = { Enter: 13, Tab: 9, ' ': 32 }[key];
        await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text, windowsVirtualKeyCode });
        await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode });
    }

    /** `width` and `height` of a phone; `scheme`: light or dark. */
    async look({ width = 1000, height = 800, scheme = 'light', reducedMotion = false } = {}) {
        await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
        await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme },
            { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' }] });
    }

    async screenshot(file) {
        const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true });
        writeFileSync(file, Buffer.from(data, 'base64'));
    }

    close() {
        return this.send('Page.close').catch(() => {});
    }
}

export class Browser {
    /** `program`: Chromium's. `microphone`: false for a machine without one. `speaks`, `quietMs`: what it hears. */
    static async start({ program, microphone = true, speaks = true, quietMs = 2500 }) {
        const browser = new Browser();
        browser.folder = mkdtempSync(join(tmpdir(), 'relay-browser-'));
        const heard = join(browser.folder, 'heard.wav');
        writeFileSync(heard, wave(speaks, quietMs));
        browser.process = spawn(program, [
            '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${browser.folder}`, '--no-first-run',
            '--no-sandbox', // which root may not have; it loads no page but the relay's
            '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update',
            '--disable-sync', '--disable-default-apps', '--no-proxy-server', '--host-resolver-rules=MAP relay.test 127.0.0.1',
            '--use-fake-ui-for-media-stream',
            ...(microphone ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${heard}`] : []),
            'about:blank',
        ], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: browser.folder }, detached: true });
        const stop = () => browser.#kill();
        process.once('exit', stop);
        browser.process.once('exit', () => process.off('exit', stop));
        let said = '';
        browser.process.stderr.setEncoding('utf8').on('data', (text) => {
            said += text;
        });
        const url = await until(() => {
            if (browser.process.exitCode !== null)
                throw new Error(`${program} ended: ${said}`);
            return /DevTools listening on (\S+)/.exec(said)?.[1];
        }, `the address of ${program}`);
        browser.connection = new Connection();
        await browser.connection.open(url);
        return browser;
    }

    async tab() {
        const { browserContextId } = await this.connection.send('Target.createBrowserContext');
        const { targetId } = await this.connection.send('Target.createTarget', { url: 'about:blank', browserContextId });
        const { sessionId } = await this.connection.send('Target.attachToTarget', { targetId, flatten: true });
        const tab = new Tab(this.connection, sessionId);
        for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Audits'])
            await tab.send(`${domain}.enable`);
        return tab;
    }

    #kill() {
        try {
            process.kill(-this.process.pid, 'SIGKILL'); // it is a group of processes
        } catch {
            // gone already
        }
    }

    async stop() {
        const exited = new Promise((resolve) => this.process.once('exit', resolve));
        if (this.process.exitCode === null && this.process.signalCode === null) {
            this.#kill();
            await within(exited, 'the end of the browser');
        }
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
}
