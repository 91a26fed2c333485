// SPDX-License-Identifier: MIT
// The way to the relay. The page's address may have in its fragment, which browsers send to nobody, k: the secret of a
// share, and t: a key. Both are taken out of the address bar, and kept for as long as the tab is.
const kept = 'realtime-relay-link';

function readLink() {
    if (location.hash.length < 2) {
        try {
            return JSON.parse(sessionStorage.getItem(kept)) ?? {};
        } catch {
            return {}; // no storage, where the browser keeps nothing of pages
        }
    }
    const fragment = new URLSearchParams(location.hash.slice(1));
    const link = { secret: fragment.get('k') ?? '', key: fragment.get('t') ?? '' };
    history.replaceState(null, '', location.pathname + location.search);
    try {
        sessionStorage.setItem(kept, JSON.stringify(link));
    } catch {
        // it is lost when the page is loaded again
    }
    return link;
}

const link = { secret: '', key: '', ...readLink() };
/** 128 bits in base64url, as the relay makes them: anything else was cut off or added to on its way. */
const isLinkWhole = link.secret === '' || /^[\w-]{22}$/.test(link.secret);
const needsKey = html.dataset.keys !== 'any';
const anyKey = 'demo';

/** Beside the page, for something in front of the relay may have it below a path of its own. */
function addressOf(path) {
    return new URL((link.secret ? `s/${encodeURIComponent(link.secret)}/` : '') + path, new URL('.', location.href));
}

function callAddress(model) {
    const address = addressOf('v1/realtime');
    address.protocol = address.protocol.replace('http', 'ws');
    if (model)
        address.searchParams.set('model', model);
    return address.href;
}

/**
 * Opens a call. Resolves, when the service has greeted, to the socket and how long its opening and the greeting took;
 * rejects with a failure (see failures.js). `signal` closes it.
 */
function connect(key, model, signal) {
    return new Promise((resolve, reject) => {
        const begin = performance.now();
        const passed = () => performance.now() - begin;
        let socket;
        try {
            socket = new WebSocket(callAddress(model), ['realtime', `openai-insecure-api-key.${key}`]);
        } catch {
            reject({ word: 'keyCharacters' });
            return;
        }
        let openMs = null;
        let error = null;
        const timer = setTimeout(() => fail({ word: openMs === null ? 'webSocketSilent' : 'serviceSilent' }), 20_000);
        const listening = new AbortController();
        const stop = () => {
            clearTimeout(timer);
            listening.abort();
        };
        const fail = (failure) => {
            stop();
            socket.close();
            reject(failure);
        };
        const listen = (type, listener) => socket.addEventListener(type, listener, { signal: listening.signal });
        signal?.addEventListener('abort', () => fail(null), { signal: listening.signal });
        listen('open', () => {
            openMs = passed();
        });
        listen('message', ({ data }) => {
            const event = JSON.parse(data);
            if (event.type === 'error')
                error = event.error;
            if (event.type !== 'session.created')
                return;
            stop();
            resolve({ socket, openMs, greetingMs: passed() });
        });
        listen('close', async ({ code, reason }) => {
            stop();
            reject(openMs === null ? await whyRefused() : whyClosed(code, reason, error));
        });
    });
}
