// SPDX-License-Identifier: MIT
// What is looked at before a call, from where the visitor is.
const checkNames = ['relay', 'roundTrip', 'webSocket', 'microphone', 'turn'];
const checks = Object.fromEntries(checkNames.map((name) => {
    const part = (tag, className) => Object.assign(document.createElement(tag), { className });
    const row = part('li', 'check');
    row.id = `check-${name}`;
    const mark = part('span', 'mark');
    mark.setAttribute('aria-hidden', true);
    const [title, result, figure, found] = [part('span', 'name'), part('span', 'unseen'), part('span', 'figure'), part('p', 'found')];
    const heading = part('div', '');
    heading.append(title, ' ', result);
    row.append(mark, heading, figure, found);
    say(title, `check_${name}`);
    byId('checks').append(row);
    return [name, { row, result, figure, found }];
}));

/** `result`: running, good, warning, bad or waiting. */
function setCheck(name, result, { word = '', values, figure = '' } = {}) {
    const check = checks[name];
    check.row.dataset.result = result;
    say(check.result, `result_${result}`);
    say(check.found, word, values);
    say(check.figure, figure && 'time', { time: figure });
}

async function askForPage() {
    const begin = performance.now();
    const response = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store', credentials: 'omit' });
    return { status: response.status, ms: performance.now() - begin };
}

/** Whether the relay is there. Returns what is wrong, as those below do; null: nothing. */
async function checkRelay() {
    setCheck('relay', 'running');
    setCheck('roundTrip', 'waiting');
    const failure = isLinkWhole
        ? await askForPage().then(({ status }) => (status === 200 ? null : whyAnswered(status)), whyUnreachable)
        : { word: 'linkBroken' };
    setCheck('relay', failure ? 'bad' : 'good', failure ?? { word: 'relayAnswers', values: { host: location.host } });
    return failure;
}

/** How far away it is: the middle of five. */
async function checkRoundTrip() {
    setCheck('roundTrip', 'running');
    const times = [];
    try {
        for (let i = 0; i < 5; ++i)
            times.push((await askForPage()).ms);
    } catch {
        setCheck('roundTrip', 'bad', whyUnreachable());
        return whyUnreachable();
    }
    times.sort((a, b) => a - b);
    const figure = { ms: Math.max(1, times[2]) };
    const values = { worst: { ms: Math.max(1, times[4]) } };
    const isLong = figure.ms > 400; // beside the half second that an answer takes anyway
    setCheck('roundTrip', isLong ? 'warning' : 'good', { figure, values, word: isLong ? 'roundTripLong' : 'roundTripFound' });
    return null;
}

let underWay = new AbortController();

/** Whether a call can be opened, as far as can be seen without one that costs anything. */
async function checkWebSocket(key, model) {
    underWay.abort(); // of another key
    underWay = new AbortController();
    if (!key) {
        setCheck('webSocket', 'waiting', { word: 'webSocketNeedsKey' });
        return null;
    }
    setCheck('webSocket', 'running');
    try {
        const { socket, ...times } = await connect(key, model, underWay.signal);
        socket.close(1000);
        webSocketOpened(times);
        return null;
    } catch (failure) {
        if (failure)
            setCheck('webSocket', 'bad', failure);
        return failure;
    }
}

function webSocketOpened({ openMs, greetingMs }) {
    setCheck('webSocket', 'good', { word: 'webSocketOpened', values: { greeting: { ms: greetingMs } }, figure: { ms: openMs } });
}

/** Not asked for, or the browser would ask the visitor before he knows what for. */
async function checkMicrophone() {
    if (!window.isSecureContext || !navigator.mediaDevices) {
        setCheck('microphone', 'bad', whyNoMicrophone());
        return whyNoMicrophone();
    }
    let state = 'prompt';
    try {
        state = (await navigator.permissions.query({ name: 'microphone' })).state;
    } catch {
        // Not every browser tells.
    }
    const refused = state === 'denied' ? { word: 'microphoneRefused' } : null;
    if (refused)
        setCheck('microphone', 'bad', refused);
    else if (state === 'granted')
        setCheck('microphone', 'good', { word: 'microphoneAllowed' });
    else
        setCheck('microphone', 'waiting', { word: 'microphoneAsks' });
    return refused;
}
