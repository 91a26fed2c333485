// SPDX-License-Identifier: MIT
// The page at /try, as a visitor has it: in a real browser, whose microphone hears a recording.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Browser } from './harness/browser.mjs';
import { openCall } from './harness/call.mjs';
import { startBoth, startRelay } from './harness/programs.mjs';
import { startReverseProxy } from './harness/reverseproxy.mjs';

const program = process.env.CHROMIUM || 'chromium';
const pictures = process.env.TEST_SCREENSHOTS; // a folder for what the page looked like
const secret = 'abcdefghijklmnopqrstuv';
const phone = { width: 360, height: 740 };

/** What a browser says of itself, which a page that is turned away cannot help. */
const isOfTheNetwork = (complaint) => /^WebSocket connection to |^Failed to load resource/.test(complaint);

/** Runs in the page: what stands on its ground too weakly (WCAG 2.2, 1.4.3), and what is wider than the screen. */
function lookClosely() {
    const luminance = ([r, g, b]) => [r, g, b].map((each) => each / 255)
        .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
        .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
    const colour = (text) => text.match(/[\d.]+/g).map(Number);
    const ground = (element) => {
        for (let each = element; each; each = each.parentElement) {
            const found = colour(getComputedStyle(each).backgroundColor);
            if (found.length < 4 || found[3] === 1)
                return found;
        }
        return [255, 255, 255];
    };
    const faults = [];
    for (const element of document.querySelectorAll('body *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const { width, right } = element.getBoundingClientRect();
        if (!(own || element.matches('input, button')) || width < 2 || element.matches('noscript *, option'))
            continue;
        const [a, b] = [luminance(colour(getComputedStyle(element).color)), luminance(ground(element))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5)
            faults.push(`${element.className || element.id || element.tagName}: ${ratio.toFixed(2)}`);
        if (right > innerWidth + 1)
            faults.push(`${element.className || element.id || element.tagName} ends at ${right}`);
    }
    if (document.documentElement.scrollWidth > innerWidth)
        faults.push(`${document.documentElement.scrollWidth} wide`);
    return faults;
}

describe('the page at /try', { concurrency: 2 }, () => {
    let browser;
    let demo;
    let simulator;
    let relay;

    before(async () => {
        if (pictures)
            mkdirSync(pictures, { recursive: true });
        ({ simulator, relay } = await startBoth({ TRY_PAGE: 'true', ALLOWED_HOSTS: 'relay.test', LOG_LEVEL: 'debug' }));
        demo = await startRelay({ TRY_PAGE: 'true' }, ['--demo']);
        browser = await Browser.start({ program, quietMs: 1500 });
    });
    after(async () => {
        await browser?.stop();
        await Promise.all([simulator, relay, demo].map((each) => each?.stop()));
    });

    const pageOf = ({ port }, host = '127.0.0.1') => `http://${host}:${port}/try`;

    /**
     * A page with `look`s of its own, whose checks are over: they would go on with whatever is done meanwhile. When the test
     * ends: it asked nobody but where it came from, and kept its policy.
     */
    async function open(t, url, { look = {}, language = 'en-US' } = {}) {
        const tab = await browser.tab();
        await tab.send('Emulation.setUserAgentOverride', { userAgent: await tab.value('navigator.userAgent'), acceptLanguage: language });
        await tab.look({ ...phone, ...look });
        t.after(async () => {
            if (pictures)
                await tab.screenshot(join(pictures, `try-${t.name.replaceAll(/\W+/g, '-')}.png`));
            await tab.close();
            const { host } = new URL(url);
            assert.deepEqual(tab.requests.filter((each) => !each.startsWith('blob:') && new URL(each).host !== host), []);
            assert.deepEqual(tab.complaints.filter((each) => !isOfTheNetwork(each)), []);
        });
        await tab.open(url);
        await checked(tab);
        return tab;
    }

    const figures = async (tab) => {
        const { state, ...counted } = await tab.value('({ ...document.getElementById("call").dataset })');
        return { state, ...Object.fromEntries(Object.entries(counted).map(([name, value]) => [name, Number(value)])) };
    };
    const failure = (tab) => tab.text('#failure');
    const checked = (tab) => tab.until('document.getElementById("again").disabled === false', 'the end of the checks');
    const finds = (tab, check, ...results) => tab.until(
        `${JSON.stringify(results)}.includes(document.getElementById("check-${check}").dataset.result)`, `${check} to be ${results}`);
    const looksWell = async (tab) => assert.deepEqual(await tab.value(`(${lookClosely})()`), []);

    it('is there where TRY_PAGE says so, and nowhere else', async (t) => {
        const without = await startRelay();
        t.after(() => without.stop());
        assert.equal((await without.request('/try')).status, 404);
        assert.ok(!(await without.request('/')).json().endpoints.includes('/try'));
        const page = await relay.request('/try');
        assert.equal(page.status, 200);
        assert.match(page.headers['content-security-policy'], /^default-src 'none'; script-src 'sha256-/);
        assert.match(page.headers['permissions-policy'], /microphone=\(self\)/);
        assert.equal(page.headers['referrer-policy'], 'no-referrer');
        assert.equal(page.headers['cache-control'], 'no-store');
        assert.ok((await relay.request('/')).json().endpoints.includes('/try'));
    });

    it('needs no key in a demo, speaks, and plays what it gets', async (t) => {
        const tab = await open(t, pageOf(demo));
        await finds(tab, 'relay', 'good');
        await finds(tab, 'roundTrip', 'good', 'warning'); // how long it takes is this machine's
        await finds(tab, 'webSocket', 'good');
        assert.equal(await tab.value('document.getElementById("key-form").hidden'), true);
        await looksWell(tab);

        await tab.click('#button');
        await tab.says('.turn.mine', 'Hello, can you hear me?');
        await tab.says('.turn:not(.mine)', 'I heard you for');
        await tab.says('.turn:not(.mine) .time', /^after \d+\.\d+\ss$/);
        await tab.says('#check-turn', 'From the end of your words');
        await tab.until('document.getElementById("call").dataset.playedMs > 500', 'half a second of an answer');
        await tab.until('document.getElementById("call").dataset.loudest > 0.05', 'something that can be heard');
        const { sentMs, state } = await figures(tab);
        assert.equal(state, 'live');
        assert.ok(sentMs > 1000, `${sentMs} ms were sent`);
        await looksWell(tab);

        // The recording begins anew while the answer is being spoken.
        await tab.until('document.getElementById("call").dataset.interruptions > 0', 'an interruption');
        await tab.says('#check-turn', 'the middle of');
        await tab.click('#button');
        await tab.says('#status', 'The call has ended');
        assert.equal(await failure(tab), '');
        assert.equal((await demo.entry('session_closed', { reason: 'client_closed' })).level, 'info');
    });

    it('takes secret and token out of the link, and keeps them for the tab alone', async (t) => {
        const proxy = await startReverseProxy(relay.port, secret);
        t.after(() => proxy.stop());
        const key = 'ek_0123456789abcdef';
        const tab = await open(t, `${pageOf(proxy)}#k=${secret}&t=${key}`);
        await tab.says('#check-webSocket', 'Calls get through');
        assert.equal(await tab.value('location.href'), pageOf(proxy));
        assert.equal(await tab.value('document.getElementById("key").value'), key);
        assert.equal(await tab.value('document.getElementById("relay-address").value'), `ws://127.0.0.1:${proxy.port}/s/${secret}/v1/realtime`);
        await tab.open(pageOf(proxy));
        await tab.says('#check-webSocket', 'Calls get through');
        assert.equal(await tab.value('Object.keys(localStorage).length'), 0);
        assert.deepEqual((await tab.send('Network.getCookies')).cookies, []);
        assert.ok(tab.requests.every((each) => !each.includes(key)));
        assert.ok(!relay.output.includes(key));

        const other = await open(t, pageOf(proxy));
        assert.equal(await other.value('document.getElementById("key").value'), '');
    });

    it('tells a link that was cut off, and one that is not valid any more', async (t) => {
        const proxy = await startReverseProxy(relay.port, secret);
        t.after(() => proxy.stop());
        const cut = await open(t, `${pageOf(proxy)}#k=${secret.slice(3)}`);
        await cut.says('#failure', 'The link is not whole');
        assert.deepEqual(cut.requests.map((each) => new URL(each).pathname), ['/try']);
        const old = await open(t, `${pageOf(proxy)}#k=${secret.toUpperCase()}&t=ek_1`);
        await old.says('#failure', 'This link is not valid any more');
    });

    it('shows an error for a wrong key, and whatever else the service says', async (t) => {
        const tab = await open(t, pageOf(relay), { look: { scheme: 'dark' } });
        await tab.says('#check-webSocket', 'Needs a key');
        await tab.click('#button');
        await tab.says('#failure', 'Without a key or token');
        for (const [key, words, quote] of [
            ['sk-invalid', 'does not accept this key or token', 'Incorrect API key provided'],
            ['sk-quota', 'nothing left to spend', 'exceeded your current quota'],
            ['sk-forbidden', 'refuses this account or the region', ''],
        ]) {
            await tab.value('document.getElementById("key").value = ""');
            await tab.type('#key', key);
            await tab.click('#button');
            await tab.says('#failure', words);
            await tab.says('#failure', quote);
            await tab.until('document.getElementById("call").dataset.state === "idle"');
            await finds(tab, 'webSocket', 'bad');
            await looksWell(tab);
        }
        await tab.value('document.getElementById("key").value = ""');
        await tab.type('#key', 'sk-good');
        await tab.click('#button');
        await tab.says('#check-turn', 'From the end of your words');
        assert.equal(await failure(tab), '');
        assert.ok(!relay.output.includes('sk-invalid'));
    });

    it('shows an error for a refused origin', async (t) => {
        const strict = await startRelay({ UPSTREAM_URL: simulator.url, TRY_PAGE: 'true', ALLOWED_ORIGINS: 'https://app.example.org' });
        const proxy = await startReverseProxy(strict.port);
        t.after(async () => {
            await proxy.stop();
            await strict.stop();
        });
        const tab = await open(t, pageOf(proxy), { language: 'de-DE' });
        await tab.type('#key', 'sk-good');
        await tab.click('#button');
        await tab.says('#failure', 'Das Relay lässt diese Seite nicht anrufen.');
        await tab.says('#failure', `http://127.0.0.1:${proxy.port}`);
        await finds(tab, 'webSocket', 'bad');
        await strict.entry('refused', { code: 'origin_not_allowed' });
        await looksWell(tab);

        // Its own origin it always lets in.
        const direct = await open(t, pageOf(strict));
        await direct.type('#key', 'sk-good');
        await direct.press('Enter', 'Enter', '\r');
        await direct.says('#check-turn', 'From the end of your words');
    });

    it('tells whose places are taken', async (t) => {
        const full = await startRelay({ UPSTREAM_URL: simulator.url, TRY_PAGE: 'true', MAX_CONNECTIONS_PER_IP: '1' });
        t.after(() => full.stop());
        const call = await openCall(full.url());
        const tab = await open(t, pageOf(full));
        await tab.type('#key', 'sk-good');
        await tab.click('#button');
        await tab.says('#failure', 'All places of the relay are taken');
        await tab.says('#failure', 'Your address has 1 connections open');
        await call.close(1000);
    });

    it('tells what is in the way: no WebSocket, no relay, no network', async (t) => {
        const proxy = await startReverseProxy(relay.port);
        t.after(() => proxy.stop());
        proxy.passesUpgrades = false;
        const tab = await open(t, pageOf(proxy));
        await tab.says('#check-roundTrip', 'of five');
        await tab.type('#key', 'sk-good');
        await tab.press('Tab'); // leaves the field: its key is tried, and not beside the call
        await finds(tab, 'webSocket', 'bad');
        await tab.click('#button');
        await tab.says('#failure', 'no WebSocket gets through');
        await tab.until('document.getElementById("call").dataset.state === "idle"');
        for (const [status, words] of [[502, 'the way from there to the relay is broken'], [404, 'This page is not served any more'], [511, 'a login page or a filter']]) {
            proxy.status = status;
            await tab.click('#again');
            await tab.says('#failure', words);
            await tab.until('!document.getElementById("again").disabled');
        }
        await proxy.stop();
        await tab.click('#again');
        await tab.says('#failure', 'The relay does not answer');
        await finds(tab, 'relay', 'bad');
        await looksWell(tab);
    });

    it('tells why there is no microphone', async (t) => {
        const plain = await open(t, pageOf(relay, 'relay.test'));
        assert.equal(await plain.value('isSecureContext'), false);
        await plain.says('#check-microphone', 'to pages with https only');
        await plain.type('#key', 'sk-good');
        await plain.click('#button');
        await plain.says('#failure', 'to pages with https only');
        await looksWell(plain);

        const deaf = await Browser.start({ program, microphone: false });
        t.after(() => deaf.stop());
        const tab = await deaf.tab();
        await tab.look(phone);
        await tab.open(pageOf(demo));
        await checked(tab);
        await tab.says('#check-webSocket', 'Calls get through');
        await tab.click('#button');
        await tab.says('#failure', 'There is no microphone.');
        await finds(tab, 'microphone', 'bad');
    });

    it('says so when nothing is heard', async (t) => {
        const mute = await Browser.start({ program, speaks: false });
        t.after(() => mute.stop());
        const tab = await mute.tab();
        await tab.look(phone);
        await tab.open(pageOf(demo));
        await checked(tab);
        await tab.says('#check-webSocket', 'Calls get through');
        await tab.click('#button');
        await tab.says('#status', 'Nothing is heard yet');
    });

    it('can be used by keyboard, and is told by name what it has', async (t) => {
        const tab = await open(t, pageOf(relay), { look: { width: 1000, height: 900, reducedMotion: true } });
        await tab.says('#check-roundTrip', 'of five');
        const { nodes } = await tab.send('Accessibility.getFullAXTree');
        const controls = nodes.filter(({ ignored, role }) => !ignored && ['button', 'textbox', 'combobox', 'ComboBoxGrouping', 'DisclosureTriangle'].includes(role.value));
        assert.ok(controls.length >= 6, JSON.stringify(controls.map(({ role }) => role.value)));
        assert.deepEqual(controls.filter(({ name }) => !name?.value).map(({ role }) => role.value), []);
        assert.equal(await tab.value('document.documentElement.lang'), 'en');

        const reached = [];
        for (let i = 0; i < 12 && !reached.includes('languages'); ++i) {
            await tab.press('Tab');
            reached.push(await tab.value('document.activeElement.id || document.activeElement.tagName'));
        }
        assert.deepEqual(reached, ['key', 'show-key', 'button', 'SUMMARY', 'again', 'languages']);
        await tab.value('document.getElementById("key").focus()');
        await tab.send('Input.insertText', { text: 'sk-good' });
        await tab.press('Tab');
        await tab.press('Tab');
        await tab.press('Enter', 'Enter', '\r');
        await tab.says('.turn.mine', 'Hello, can you hear me?');
        await tab.value('document.querySelectorAll(".check").forEach((check) => { check.dataset.result = "running"; })');
        assert.equal(await tab.value('document.getAnimations().length'), 0, 'who wants no motion sees none');
        await tab.press('Enter', 'Enter', '\r');
        await tab.says('#status', 'The call has ended');
    });

    it('speaks the languages of the program, and fits on a small phone in light and dark', async (t) => {
        for (const scheme of ['light', 'dark']) {
            const tab = await open(t, pageOf(relay), { language: 'de-AT', look: { width: 320, scheme } });
            await tab.says('#check-roundTrip', /von fünf Wegen/);
            await tab.click('summary');
            await tab.type('#key', 'sk-good');
            await tab.click('#button');
            await tab.says('#check-turn', 'Vom Ende Ihrer Worte bis zum ersten Ton');
            await tab.says('.turn:not(.mine) .time', /^nach \d+,\d+\ss$/);
            assert.equal(await tab.value('document.documentElement.lang'), 'de');
            await looksWell(tab);
            await tab.value('(() => { const list = document.getElementById("languages"); list.value = "en"; list.onchange({ target: list }); })()');
            await tab.says('#check-turn', 'From the end of your words');
            await tab.says('.turn:not(.mine) .time', /^after \d+\.\d+\ss$/);
            await looksWell(tab);
        }
        const other = await open(t, pageOf(relay), { language: 'ja-JP' });
        assert.equal(await other.text('#button'), 'Start the call');
    });
});
